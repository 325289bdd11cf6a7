"""What tests/kernel/test_confined.py has a child do, by name."""

import os
import time


def answers(data):
    """Yield what the task named by the first bytes answers."""
    if data.startswith(b"length"):
        yield len(data)
    else:
        yield from TASKS[data.decode()]()


def memory():
    """Take more and more."""
    kept = []
    while True:
        kept.append(bytearray(10 << 20))
        yield from ()


def loop():
    """Never end."""
    while True:
        yield from ()


def sleep():
    """Do nothing for long."""
    time.sleep(30)
    yield 1


def chatter():
    """Say too much."""
    while True:
        yield "x" * 1000


def abort():
    """End as a library does that cannot go on."""
    os.abort()
    yield


def error():
    """Fail."""
    yield 1 / 0


def modest():
    """Take half of what is allowed."""
    yield len(bytearray(100 << 20)) >> 20


def write():
    """Try to write a file."""
    try:
        with open("/tmp/confined", "w") as file:
            file.write("x" * 100)
    except OSError as failure:
        yield type(failure).__name__


TASKS = {
    "count": lambda: iter((1, 2, 3)),
    "memory": memory,
    "loop": loop,
    "sleep": sleep,
    "chatter": chatter,
    "abort": abort,
    "error": error,
    "modest": modest,
    "write": write,
    "environment": lambda: iter([sorted(os.environ)]),
}
