"""Start the tests' own PostgreSQL and Redis before Django's settings are read.

Loaded by `-p tests.servers` (pyproject.toml), because pytest-django reads the settings while pytest
still parses its arguments; a fixture would come too late and the run would use whatever database
the environment happens to name. The servers start once, in the process that was called; the
parallel workers inherit the addresses, and each has a database, a Redis number and an outbox
folder of its own. `DATABASE_URL` and `REDIS_URL`, where given, are used instead.
"""

import contextlib
import gc
import os
import secrets
import shutil
import signal
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tools import assets, processes, servers
from tools.bootstrap import ROOT
from tools.say import Stop

ROOT_VARIABLE = "PORTAL_TEST_FOLDER"
REDIS_NUMBERS = 15
# New objects before Python looks for cycles among them. It does so every 700 otherwise, which was a sixth of a run.
COLLECT_EVERY = 20_000


def worker_number(name):
    """The Redis database of a worker: 1 for gw0 and for a run without workers, 2 for gw1 …"""
    return int(name.removeprefix("gw") or 0) % REDIS_NUMBERS + 1 if name else 1


def start_servers(folder):
    """Start what the environment does not name, put the addresses there; return the children."""
    children = []
    try:
        if not os.environ.get("DATABASE_URL"):
            log = folder / "postgres.log"
            postgres = servers.Postgres(folder / "data", secrets.token_hex(8), log, fast=True)
            postgres.create()
            children.append(postgres.start())
            os.environ["DATABASE_URL"] = postgres.url
        if not os.environ.get("REDIS_URL"):
            redis = servers.Redis(secrets.token_hex(8), folder / "redis.log")
            children.append(redis.start())
            os.environ["REDIS_URL"] = redis.url
    except BaseException:
        processes.stop(children, patience=3)
        raise
    return children


def set_environment(folder):
    """Everything the settings read, other than the servers, for this process."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    address = urlsplit(os.environ["REDIS_URL"])
    outbox = folder / "outbox" / (worker or "main")
    outbox.mkdir(parents=True, exist_ok=True)
    # WhiteNoise warns about a missing folder, and warnings are errors; tests serve by the finders.
    (ROOT / "staticfiles").mkdir(exist_ok=True)
    os.environ |= {
        "PORTAL_ENV": "test",
        "REDIS_URL": address._replace(path=f"/{worker_number(worker)}").geturl(),
        "SECRET_KEY": "only-for-tests-" + "0" * 40,
        "FIELD_KEYS": "k1:" + "0123456789abcdef" * 2,
        "INDEX_KEY": "0123456789abcdef" * 4,
        "OUTBOX_DIR": str(outbox),
        "VAR_DIR": str(outbox.parent.parent),
        "DJANGO_ALLOW_ASYNC_UNSAFE": "1",  # Playwright keeps an event loop running in the thread
    }


def raise_exit(number, frame):
    """Turn SIGTERM into an ordinary end, so that the servers are stopped as well."""
    raise KeyboardInterrupt


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config):
    """Start the servers once, before pytest-django (an inner call of this hook) loads settings."""
    gc.set_threshold(COLLECT_EVERY)
    if "PYTEST_XDIST_WORKER" in os.environ:
        set_environment(Path(os.environ[ROOT_VARIABLE]))
        return (yield)
    folder = Path(tempfile.mkdtemp(prefix="portal-tests-"))
    folder.chmod(0o755)  # the database's own folder in it is closed; its user has to walk there
    os.environ[ROOT_VARIABLE] = str(folder)
    children = []

    def clean_up():
        processes.stop(reversed(children), patience=5)
        shutil.rmtree(folder, ignore_errors=True)

    early_config.add_cleanup(clean_up)
    with contextlib.suppress(ValueError):  # not the main thread: nobody sends it signals
        signal.signal(signal.SIGTERM, raise_exit)
    try:
        assets.build(announce=contextlib.nullcontext)  # pages in a browser need their style sheet
        children += start_servers(folder)
    except Stop as stop:
        raise pytest.UsageError(str(stop)) from stop
    set_environment(folder)
    return (yield)


def pytest_collection_finish():
    """What is loaded by now stays: no collection has to go through it."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def on_postgresql():
    """Fail the whole run at once if the settings name anything but PostgreSQL."""
    from django.db import connection

    assert connection.vendor == "postgresql"
