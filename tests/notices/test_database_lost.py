"""A run whose database goes down: it is unsure as a whole, because no number in it can be trusted.

In a PostgreSQL of its own that keeps what it commits, which the tests' own does not.
"""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import psycopg2
import pytest

from liangjiang.settings.data import database
from tests import migrated
from tests.notices.test_runs import LATER, MANY, end, go, start, told
from tools import processes, servers
from tools.bootstrap import ROOT

WORLD = f"""
import django; django.setup()
from accounts.models import User
from tests import factories
from tests.notices.test_sending import queue
for person in list(User.objects.all()) or [factories.user() for _ in range({MANY})]:
    queue(person)
"""


@pytest.fixture(scope="module")
def cluster(migrated_before, django_db_setup):
    """Start a durable PostgreSQL with the tables; yields it, `child` its process."""
    with tempfile.TemporaryDirectory(prefix="portal-lost-") as folder:
        Path(folder).chmod(0o755)  # its user has to walk there
        made = servers.Postgres(Path(folder), "secret", Path(folder) / "log")
        made.create()
        made.child = made.start()
        here = database(made.url)
        kept = migrated_before and migrated.Kept(migrated_before.folder, here["NAME"], here)
        if not (kept and kept.fill()):
            python(made, "manage.py", "migrate", "-v0")
        yield made
        processes.stop([made.child], patience=5)


def python(cluster, *arguments):
    """Run Python in this database to its end."""
    env = os.environ | {"DATABASE_URL": cluster.url}
    subprocess.run([sys.executable, *arguments], cwd=ROOT, env=env, check=True)


def ask(cluster, *statements):
    """Run the statements; returns the rows of the last."""
    with contextlib.closing(psycopg2.connect(cluster.url)) as link, link.cursor() as cursor:
        link.autocommit = True
        for statement in statements:
            cursor.execute(statement)
        return cursor.fetchall()


def restart(cluster):
    """Stop the server as an operator does, and start it again."""
    processes.stop([cluster.child], patience=20)
    cluster.child = cluster.start()


def crash(cluster):
    """Kill one of its processes: PostgreSQL ends the others and recovers, and says it has been up all the time."""
    started = ask(cluster, "SELECT pg_postmaster_start_time()")
    with contextlib.closing(psycopg2.connect(cluster.url)) as victim:
        os.kill(victim.info.backend_pid, signal.SIGKILL)
    while True:
        with contextlib.suppress(psycopg2.OperationalError):
            assert ask(cluster, "SELECT pg_postmaster_start_time()") == started
            return


UNLOGGED = "SELECT relpersistence FROM pg_class WHERE relname = 'notices_run'"
LATE = (
    "ALTER SYSTEM SET wal_writer_delay = '10s'",
    "ALTER SYSTEM SET wal_writer_flush_after = '100MB'",
    "SELECT pg_reload_conf()",
    "ALTER TABLE notices_run SET LOGGED",
)


@pytest.mark.parametrize(
    ("lose", "broken", "unsure", "times"),
    [
        (restart, "", MANY, {1: 3}),
        (crash, "", MANY, {1: 3}),
        # The control: a number that is only written to the journal later is behind the truth after the crash.
        (crash, "journal", 1, {1: 4, 2: 2}),
    ],
)
def test_a_database_that_went_down_in_the_middle_leaves_the_run_unsure(
    cluster, tmp_path, lose, broken, unsure, times
):
    ask(cluster, "TRUNCATE notices_run, notices_delivery, notices_notice", UNLOGGED)
    assert ask(cluster, *(LATE if broken else ()), UNLOGGED) == [("p" if broken else "u",)]
    python(cluster, "-c", WORLD)
    folder, wakes = tmp_path / "outbox", tmp_path / "wakes"
    folder.mkdir()
    worker = start(folder, url=cluster.url, pause=[3, str(wakes)], broken=broken)
    go(worker)
    while sum(told(folder).values()) < 3:
        pass
    lose(cluster)
    wakes.touch()
    assert end(worker) == (1, [])  # it cannot move its number
    again = start(folder, url=cluster.url, now=LATER.isoformat(), settle=True)
    go(again)
    assert end(again) == (0, [str(unsure), str(MANY - unsure)])
    assert Counter(told(folder).values()) == times
    states = ask(cluster, "SELECT state, error_code FROM notices_delivery")
    code = "worker_lost" if broken else "database_restarted"
    assert Counter(states) == Counter({("unsure", code): unsure}) + Counter(
        {("sent", ""): MANY - unsure}
    )
