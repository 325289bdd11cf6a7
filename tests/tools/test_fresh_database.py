"""A new installation: checks and migrations begin where the database has no table yet."""

import os
import subprocess
import sys

from django.db import connection

from tools.bootstrap import ROOT
from tools.run import unknown_migrations


def test_checks_ask_nothing_of_the_database():
    nowhere = {"DATABASE_URL": "postgresql://nobody:none@127.0.0.1:9/none"}
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=os.environ | nowhere,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout.strip(), done.stderr) == (
        0,
        "System check identified no issues (0 silenced).",
        "",
    )


def test_no_model_lacks_a_migration(db):
    from django.core.management import call_command

    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_a_database_of_another_version_is_known_by_its_migrations(transactional_db):
    settings = connection.settings_dict
    url = "postgresql://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**settings)
    assert unknown_migrations(url) == []
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied)"
            " VALUES ('liangjiang', '0001_x', now()), ('axes', '0001_y', now())"
        )
    assert unknown_migrations(url) == ["liangjiang.0001_x"]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE name IN ('0001_x', '0001_y')")
