"""The local PostgreSQL: survives a killed server, refuses what it cannot use, keeps its locale."""

import contextlib
import os
import signal
import tempfile
from pathlib import Path

import psycopg2
import pytest

from tools import processes, servers
from tools.say import Stop


@pytest.fixture
def cluster():
    # Not tmp_path: as root the server's user could not walk there.
    with tempfile.TemporaryDirectory(prefix="portal test ") as folder:
        Path(folder).chmod(0o755)
        made = servers.Postgres(Path(folder), "secret", Path(folder) / "log", fast=True)
        made.create()
        yield made


def ask(url, query):
    with contextlib.closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()


def test_starts_again_after_a_kill_and_over_a_reused_process_number(cluster):
    child = cluster.start()
    query = "SELECT datlocprovider, datlocale FROM pg_database WHERE datname = 'portal'"
    assert ask(cluster.url, query) == ("b", "C.UTF-8")
    os.kill(child.process.pid, signal.SIGKILL)
    child.process.wait()
    pid_file = cluster.data / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]))  # a live process, not a server
    again = cluster.start()
    try:
        assert ask(cluster.url, "SELECT 1") == (1,)
    finally:
        processes.stop([again], patience=5)
    assert not pid_file.exists()


def test_wrong_password_is_said_in_one_sentence(cluster):
    cluster.password = "another"
    with pytest.raises(Stop, match=r"has another password than var/local\.env"):
        cluster.start()


def test_data_of_another_version_is_refused(cluster):
    (cluster.data / "PG_VERSION").write_text("13\n")
    with pytest.raises(Stop, match=r"was made by PostgreSQL 13 and this is \d+: run"):
        cluster.start()


@pytest.mark.parametrize("url", ["postgresql://a:b@127.0.0.1:9/x"])
def test_given_database_that_does_not_answer(url):
    with pytest.raises(Stop, match=r"The database of DATABASE_URL \(127.0.0.1\) cannot be used"):
        servers.require_database(url)


def test_the_log_names_nobody_and_the_application_owns_nothing(cluster):
    """A refused row, its statement and its parameters hold what a woman typed."""
    child = cluster.start()
    try:
        cluster.keep_roles({"portal_app": "first", "portal_purge": "x"})
        cluster.keep_roles({"portal_app": "second", "portal_purge": "x"})
        ask(cluster.url, "SELECT 1")
        with contextlib.closing(psycopg2.connect(cluster.url)) as link, link.cursor() as cursor:
            cursor.execute("CREATE TABLE people (name text PRIMARY KEY CHECK (name <> '李小敏'))")
            for name in ("王小敏", "王小敏", "李小敏"):
                cursor.execute("SAVEPOINT s")
                with contextlib.suppress(psycopg2.IntegrityError):
                    cursor.execute("INSERT INTO people VALUES (%s)", [name])
                    continue
                cursor.execute("ROLLBACK TO s")
            link.commit()
        application = cluster.url_of("portal_app", "second")
        assert ask(application, "SELECT current_user::text") == ("portal_app",)
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            ask(application, "SELECT name FROM people")
    finally:
        processes.stop([child], patience=5)
    log = cluster.log.read_text("utf-8")
    assert log.count("people_pkey") == 1 and log.count("people_name_check") == 1
    assert "小敏" not in log
