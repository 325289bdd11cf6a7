"""Work on a file from outside, in a process of its own with limits.

What others send may be made to unfold into gigabytes. It is therefore opened where that harms nobody: a
child process whose memory and processor time the kernel bounds, which writes no file and knows none of the
portal's settings, keys or connections. A module for it has `answers(data)`, a function of the file's bytes
that yields JSON values; `Child` runs it and hands them on one by one.

The child sets its limits itself, before it reads or imports anything: `preexec_fn` may deadlock in a
process with threads, and what runs here is our own code.
"""

import json
import os
import resource
import selectors
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUT_OF_MEMORY = 70
LONGEST_LINE = 4 * 1024 * 1024
TICK = 1.0  # seconds after which a caller is asked whether to go on waiting


class LimitReached(Exception):
    """The child took more memory, time or output than it may; it has been ended."""


class ChildFailed(Exception):
    """The child ended with an error of its own."""


@dataclass(frozen=True)
class Limits:
    """What a child may take: `memory` bytes of address space, `cpu` and `wall` seconds, `output` bytes."""

    memory: int
    cpu: int
    wall: int
    output: int


class Child:
    """One process at work on `data` (bytes), by the function `answers` of the module `task`."""

    def __init__(self, task, data, limits):
        self.limits = limits
        self.process = subprocess.Popen(
            [sys.executable, "-m", __name__, task, str(limits.memory), str(limits.cpu)],
            cwd=ROOT,
            # Nothing of the portal's environment. One arena: each more takes 64 MB of address space.
            env={"PATH": os.defpath, "LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a traceback may quote the file
            start_new_session=True,
        )
        threading.Thread(target=self._feed, args=[data], daemon=True).start()

    def _feed(self, data):
        try:
            with self.process.stdin as stream:
                stream.write(data)
        except OSError:
            pass  # it has ended before it had read everything: its exit code says why

    def answers(self):
        """Yield what the child answers, and None for each second in which it answers nothing.

        Raises LimitReached and ChildFailed. Leaving the loop early ends the child.
        """
        try:
            for line in self._lines():
                yield json.loads(line) if line else None
            self._require_good_end()
        finally:
            self.end()

    def _lines(self):
        deadline, size, rest = time.monotonic() + self.limits.wall, 0, b""
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            while True:
                ready = selector.select(TICK)
                if time.monotonic() > deadline:
                    raise LimitReached("wall")
                if not ready:
                    yield b""
                    continue
                part = os.read(self.process.stdout.fileno(), 1 << 16)
                if not part:
                    return
                size += len(part)
                *lines, rest = (rest + part).split(b"\n")
                if size > self.limits.output or len(rest) > LONGEST_LINE:
                    raise LimitReached("output")
                yield from filter(None, lines)

    def _require_good_end(self):
        try:
            code = self.process.wait(timeout=5)
        except subprocess.TimeoutExpired as error:
            raise LimitReached("wall") from error
        # A negative code is a signal: the processor's limit, or memory a library could not do without.
        if code == OUT_OF_MEMORY or code < 0:
            raise LimitReached("memory" if code == OUT_OF_MEMORY else f"signal {-code}")
        if code:
            raise ChildFailed(code)

    def end(self):
        """End the child, whatever it is doing."""
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


def answer(task, data, limits):
    """Return the only answer of a child that gives one. Raises LimitReached and ChildFailed."""
    answers = [value for value in Child(task, data, limits).answers() if value is not None]
    if len(answers) != 1:
        raise ChildFailed(len(answers))
    return answers[0]


def limit(memory, cpu):
    """Bound the present process: `memory` bytes, `cpu` seconds, no file written, no core dumped."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(task, memory, cpu):
    """Be the child: read the file, write each answer as one line; returns the exit code."""
    limit(int(memory), int(cpu))
    try:
        for value in import_module(task).answers(sys.stdin.buffer.read()):
            sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    except MemoryError:
        return OUT_OF_MEMORY
    return 0


if __name__ == "__main__":
    # Without the interpreter's own end: freeing what is left may ask for memory again.
    try:
        code = main(*sys.argv[1:])
    except BaseException:  # the caller learns of it by the code
        code = 1
    os._exit(code)
