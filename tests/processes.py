"""Processes of their own that work on the test's database: to race each other, or to be killed."""

import os
import subprocess
import sys

from django.conf import settings
from django.db import connection


def environment():
    """Return the environment in which a process works on the test's database."""
    url = settings.DATABASE_URL.rsplit("/", 1)[0] + "/" + connection.settings_dict["NAME"]
    return os.environ | {"DATABASE_URL": url}


def python(script, *arguments, timeout=200):
    """Run a script (text) to its end; returns the subprocess.CompletedProcess with its text."""
    return subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=timeout,
    )
