"""Workers that begin in a moment: forked from one process that has loaded the portal, and as killable as any.

A process of the portal takes three seconds to load, and a test of what a killed one leaves behind needs little else.
`start(module, order)` has `module.main(order)` called in a process of its own; it is used like a subprocess.Popen with
pipes. The server (`python -m tests.forks SOCKET MODULE…`) opens no connection before it forks, ends with its parent's
pipe, and is one for each process of the test run.
"""

import contextlib
import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path

from django.conf import settings
from django.db import connection

_running = {}


class Fork:
    """One worker: `stdin` and `stdout` are text files, `returncode` is there after `communicate`."""

    def __init__(self, address, order):
        self.link = socket.socket(socket.AF_UNIX)
        self.link.connect(address)
        self.stdin, self.stdout = self.link.makefile("w"), self.link.makefile("r")
        self.stdin.write(json.dumps(order) + "\n")
        self.stdin.flush()
        self.pid = int(self.stdout.readline())
        self.returncode = None

    def kill(self):
        """End it as kill -9 does."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def poll(self):
        """Return None while it lives."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return -signal.SIGKILL
        return None

    def communicate(self, timeout=60):
        """Wait for its end; returns (what it printed, None)."""
        self.link.settimeout(timeout)
        printed, _mark, code = self.stdout.read().rpartition("\nended ")
        self.returncode = int(code)
        for file in (self.stdin, self.stdout, self.link):
            with contextlib.suppress(OSError):
                file.close()
        return printed, None


def start(module, order):
    """Have `module.main(order)` (a dotted name, JSON values) called in a process of its own; returns the Fork."""
    if module not in _running:
        _running[module] = _serve(module)
    return Fork(_running[module][1], order)


def _serve(module):
    folder = tempfile.mkdtemp(prefix="portal-forks-")
    address = f"{folder}/socket"
    login = settings.DATABASE_URL.rsplit("/", 1)[0] + "/" + connection.settings_dict["NAME"]
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.forks", address, module],
        env=os.environ | {"DATABASE_URL": login},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout.readline() == "listening\n"
    return server, address


def stop():
    """End the servers; called when the test run ends."""
    while _running:
        server, address = _running.popitem()[1]
        server.communicate()
        Path(address).unlink()
        Path(address).parent.rmdir()


def main(address, module):
    """Fork for each connection until the parent closes the pipe."""
    import select

    work = importlib.import_module(module).main
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the keepers
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen()
        print("listening", flush=True)
        while True:
            ready, _, _ = select.select([listener, sys.stdin], [], [])
            if sys.stdin in ready:
                return
            link, _ = listener.accept()
            if os.fork() == 0:
                _keep(link, work)
            link.close()


def _keep(link, work):
    """Run the worker in a child, and say at the end how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    file = link.makefile("r")
    order = json.loads(file.readline())
    pid = os.fork()
    if pid == 0:
        _work(link, file, work, order)
    _pid, status = os.waitpid(pid, 0)
    link.sendall(f"\nended {os.waitstatus_to_exitcode(status)}".encode())
    os._exit(0)


def _work(link, file, work, order):
    code = 1
    try:
        sys.stdin, sys.stdout = file, link.makefile("w")
        print(os.getpid(), flush=True)
        work(order)
        sys.stdout.flush()
        code = 0
    except BaseException:
        traceback.print_exc()
    os._exit(code)


if __name__ == "__main__":
    main(*sys.argv[1:])
