"""A new installation: checks and migrations begin where the database has no table yet."""

import json
import os
import subprocess
import sys

from django.core.management import call_command
from django.db import connection

from tools import run
from tools.bootstrap import ROOT


def test_checks_ask_nothing_of_the_database():
    nowhere = {"DATABASE_URL": "postgresql://nobody:none@127.0.0.1:9/none"}
    process = subprocess.run(
        [sys.executable, "manage.py", "check", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=os.environ | nowhere,
        capture_output=True,
        text=True,
    )
    assert (process.returncode, process.stdout.strip(), process.stderr) == (
        0,
        "System check identified no issues (0 silenced).",
        "",
    )


def test_no_model_lacks_a_migration(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_a_database_of_another_version_is_known_by_its_migrations(
    transactional_db, monkeypatch, tmp_path
):
    settings = connection.settings_dict
    values = {
        "DATABASE_URL": "postgresql://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**settings)
    }
    monkeypatch.setattr(run, "APPLIED", tmp_path / "migrations.json")
    assert run.migrations_of_another_version(values) == []
    run.APPLIED.write_text(json.dumps(run.migrations_here() | {"events.0001_initial": "rewritten"}))
    assert run.migrations_of_another_version(values) == ["events.0001_initial"]
    run.APPLIED.unlink()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied)"
            " VALUES ('liangjiang', '0001_x', now()), ('axes', '0001_y', now())"
        )
    assert run.migrations_of_another_version(values) == ["liangjiang.0001_x"]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE name IN ('0001_x', '0001_y')")
