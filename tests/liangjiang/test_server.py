"""The web server loads the portal once; by the time it forks, nothing is open and no thread runs."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tools import servers

LOADED = """
import gc, json, os, sys, threading
from liangjiang import server
server.load()
from django.db import connections
if "open" in sys.argv:
    connections["default"].ensure_connection()
    threading.Thread(target=threading.Event().wait, daemon=True).start()
names = [os.readlink(f"/proc/self/fd/{fd}") for fd in os.listdir("/proc/self/fd") if os.path.exists(f"/proc/self/fd/{fd}")]
from django.template import engines
engine = engines["django"]
loader = engine.engine.template_loaders[0]
print(json.dumps({
    "sockets": sum(name.startswith("socket:") for name in names),
    "connected": [c.alias for c in connections.all() if c.connection],
    "threads": len(os.listdir("/proc/self/task")),
    "views": "events.views" in sys.modules,
    "page": any("events/list.html" in key for key in loader.get_template_cache),
    "frozen": gc.get_freeze_count() > 100_000,
    "collects": gc.isenabled(),
}))
"""


def environment():
    """Return the environment of a portal that uses the tests' own database."""
    url = settings.DATABASE_URL.rsplit("/", 1)[0] + "/" + connection.settings_dict["NAME"]
    return os.environ | {"DATABASE_URL": url}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("opens", "found"), [("", (0, [], 1)), ("open", (1, ["default"], 2))])
def test_nothing_is_open_before_the_fork(opens, found):
    """A connection and a thread that are opened all the same would be found: the control."""
    process = subprocess.run(
        [sys.executable, "-c", LOADED, opens], env=environment(), capture_output=True, text=True
    )
    assert process.stderr == ""
    seen = json.loads(process.stdout)
    assert (seen["sockets"], seen["connected"], seen["threads"]) == found
    assert [seen[name] for name in ("views", "page", "frozen", "collects")] == [True] * 4


class Web:
    """A running server of the portal with two workers."""

    def __init__(self, *arguments):
        self.port = servers.free_port()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "liangjiang.server", *arguments],
            env=environment() | {"WEB_HOST": "127.0.0.1", "WEB_PORT": str(self.port)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def ask(self):
        """Return the status of the health page once it answers."""
        for _ in range(600):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz") as answer:
                    return answer.status
            except OSError:
                time.sleep(0.1)
        return None

    def workers(self, number=2):
        """Return the process ids of the workers, once there are so many."""
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        for _ in range(600):
            if len(pids := path.read_text().split()) == number:
                break
            time.sleep(0.1)
        return set(map(int, pids))

    def end(self):
        """Stop it as docker does; return its exit code."""
        self.process.terminate()
        return self.process.wait(timeout=30)


@pytest.fixture
def web(request):
    started = []

    def start(*arguments):
        started.append(Web(*arguments))
        return started[0]

    yield start
    for server in started:
        server.process.kill()
        server.process.wait()


def shared_megabytes(pid):
    """Return how much memory a process shares with others."""
    found = re.search(r"Shared_Dirty:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text())
    return int(found[1]) // 1024


@pytest.mark.django_db(transaction=True)
def test_workers_share_what_was_loaded_and_one_that_is_killed_is_replaced(web):
    server = web()
    assert server.ask() == 200
    before = server.workers()
    assert [shared_megabytes(pid) > 50 for pid in before] == [True, True]
    killed = min(before)
    os.kill(killed, signal.SIGKILL)
    for _ in range(300):
        after = server.workers()
        if killed not in after:
            break
        time.sleep(0.1)
    assert (len(after), killed in after) == (2, False)
    assert server.ask() == 200
    assert server.end() == 0


@pytest.mark.django_db(transaction=True)
def test_with_reload_each_worker_loads_for_itself_and_a_hangup_replaces_both(web):
    server = web("--reload")
    assert server.ask() == 200
    before = server.workers()
    assert [shared_megabytes(pid) < 50 for pid in before] == [True, True]
    server.process.send_signal(signal.SIGHUP)
    for _ in range(300):
        after = server.workers()
        if not before & after:
            break
        time.sleep(0.1)
    assert (len(after), before & after) == (2, set())
    assert server.ask() == 200
    assert server.end() == 0
