"""What tests and benchmark need from the system: Chromium and a Chinese font, or the load generator wrk.

Installed with apt-get where root; elsewhere one sentence says what to install. No test is skipped:
a run without a browser would look like a pass. `python -m tools.system_packages bench` is about wrk.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools.bootstrap import ROOT
from tools.say import Stop, run, step

# The shell is the same browser without the parts nobody sees in a test: two thirds of the time.
SHELL = "chromium-headless-shell"
BROWSERS = (
    SHELL,
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
LOG = ROOT / "var" / "log" / "apt.log"


def browser():
    """The path of an installed Chromium, or None."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def has_chinese_font():
    """Whether a font with Simplified Chinese is installed."""
    if shutil.which("fc-list") is None:
        return any(Path("/usr/share/fonts").rglob("wqy-*"))
    listed = subprocess.run(["fc-list", ":lang=zh-cn", "file"], capture_output=True, check=False)
    return bool(listed.stdout.strip())


def missing_for_bench():
    """The Debian packages `make bench` lacks."""
    return [] if shutil.which("wrk") else ["wrk"]


def missing_for_tests():
    """The Debian packages `make test` lacks."""
    names = [] if browser() else ["chromium"]
    return names if has_chinese_font() else [*names, "fonts-wqy-microhei"]


def small(names):
    """Return the packages with the browser's shell for the whole browser, where this Debian has one."""
    known = subprocess.run(["apt-cache", "show", SHELL], capture_output=True, check=False)
    return [SHELL if name == "chromium" and not known.returncode else name for name in names]


def apt(names, *arguments):
    """Run apt-get without questions, its output in the log; stop when it fails."""
    LOG.parent.mkdir(parents=True, exist_ok=True)
    with LOG.open("a", encoding="utf-8") as log:
        process = subprocess.run(
            ["apt-get", "-y", "-q", *arguments],
            env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    if process.returncode:
        raise Stop(
            f"apt-get {arguments[0]} failed (the whole output is in var/log/apt.log): check the "
            f"network, or install {' and '.join(names)} yourself, and run the same command again."
        )


def main(arguments):
    """Install what is missing, or say what to install."""
    is_bench = arguments == ["bench"]
    names = missing_for_bench() if is_bench else missing_for_tests()
    if not names:
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        what = "The benchmark needs" if is_bench else "The browser tests need"
        raise Stop(
            f"{what} {' and '.join(names)}: install it (on Debian and Ubuntu "
            f"`sudo apt-get install {' '.join(names)}`) and run the same command again."
        )
    with step(f"Installing {' and '.join(names)} with apt-get"):
        apt(names, "update")
        apt(names, "install", "--no-install-recommends", *small(names))


if __name__ == "__main__":
    run(lambda: main(sys.argv[1:]))
