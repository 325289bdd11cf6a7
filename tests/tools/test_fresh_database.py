"""A new installation: checks and migrations begin where the database has no table yet."""

import os
import subprocess
import sys

from tools.bootstrap import ROOT


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
