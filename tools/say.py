"""What the starter prints: one line for each step, and one sentence when it has to stop.

Standard library only, and old syntax only: `tools.bootstrap` runs it on a Python that may be too
old, to say so.
"""

import sys
import threading
import time
from contextlib import contextmanager

STILL_WORKING_SECONDS = 10


class Stop(Exception):
    """The start cannot go on; its text is one sentence that says what to do."""


def line(text):
    """Print one line at once, also when the output is a pipe."""
    print(text, flush=True)


@contextmanager
def step(doing):
    """Print what is being done, then how long it took; every ten seconds that it still goes on."""
    started = time.monotonic()
    finished = threading.Event()
    print("  " + doing + " ...", end="", flush=True)

    def still_working():
        while not finished.wait(STILL_WORKING_SECONDS):
            print(f" {time.monotonic() - started:.0f} s ...", end="", flush=True)

    threading.Thread(target=still_working, daemon=True).start()
    try:
        yield
    except BaseException:
        print(flush=True)
        raise
    else:
        print(f" {time.monotonic() - started:.1f} s", flush=True)
    finally:
        finished.set()


def run(main):
    """Call `main`, print the sentence of a Stop to stderr, and exit with its code."""
    try:
        code = main()
    except Stop as stop:
        sys.stdout.flush()
        sys.stderr.write(f"\n{stop}\n")
        code = 1
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped.\n")
        code = 130
    sys.exit(code or 0)
