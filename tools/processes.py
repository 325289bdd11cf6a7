"""Child processes of the local starter: started apart from the terminal, stopped all together.

Each child leads its own session, so that a Ctrl-C in the terminal reaches the starter alone and the
children are stopped in order. Should the starter itself be killed, the kernel signals each child
(Linux; elsewhere the next start ends what was left over).
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tools.say import Stop

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def tail(path, lines=15):
    """The last lines of a log file as one string."""
    try:
        return "\n".join(path.read_text("utf-8", "replace").splitlines()[-lines:])
    except OSError:
        return ""


def die_with(parent, number):
    """What a child does before it starts: ask for signal `number` when process `parent` ends."""

    def before_start():
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, number)
            if os.getppid() != parent:
                os._exit(1)

    return before_start


@dataclass
class Child:
    """A running program of the portal: its name, process, log, and how it is asked to stop."""

    name: str
    process: subprocess.Popen
    log: Path
    stop_signal: int = signal.SIGTERM

    def ask_to_stop(self):
        """Send the polite signal to the program itself; it ends its own helpers."""
        if self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(self.stop_signal)

    def kill(self):
        """End the program and whatever is left of its session at once."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=2)


def start(
    name, command, *, log, append=False, env=None, cwd=None, stdin=None, user=None, **signals
):
    """Start a child with its output in `log`, behind what stands there with `append`; must be called from the main thread.

    `stdin` is text given to it once; `user` a (uid, gid) to run as; `signals` may hold
    `stop_signal` and `orphan_signal`, SIGTERM where not given. The kernel ties the orphan signal to
    the *thread* that started the child, hence the main one.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    identity = {} if user is None else {"user": user[0], "group": user[1], "extra_groups": []}
    orphan_signal = signals.pop("orphan_signal", signal.SIGTERM)
    with log.open("a" if append else "w", encoding="utf-8") as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=env,
            cwd=cwd,
            start_new_session=True,
            preexec_fn=die_with(os.getpid(), orphan_signal),
            **identity,
        )
    if stdin is not None:
        with process.stdin as pipe:
            pipe.write(stdin.encode())
    return Child(name, process, log, **signals)


def run(name, command, *, log, env=None, cwd=None):
    """Run a command to its end with its output in `log`; stop with its last lines if it fails."""
    child = start(name, command, log=log, env=env, cwd=cwd)
    try:
        code = child.process.wait()
    except BaseException:
        child.kill()
        raise
    if code:
        raise Stop(f"{tail(log, 5)}\n\n{name} failed (exit code {code}); the whole log is {log}.")


def stop(children, *, patience):
    """Ask all of them to stop, wait `patience` seconds for the last, end what is still there."""
    for child in children:
        child.ask_to_stop()
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if all(child.process.poll() is not None for child in children):
            break
        time.sleep(0.02)
    for child in children:
        child.kill()


def describe_exit(code):
    """The end of a process in words: "exit code 1" or "ended by SIGKILL"."""
    if code < 0:
        return f"ended by {signal.Signals(-code).name}"
    return f"exit code {code}"
