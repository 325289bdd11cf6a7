"""What the browser tests need from the system: Chromium and a font with Chinese characters.

Installed with apt-get where root; elsewhere one sentence says what to install. No test is skipped:
a run without a browser would look like a pass.
"""

import os
import shutil
import subprocess
from pathlib import Path

from tools.bootstrap import ROOT
from tools.say import Stop, run, step

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
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


def missing():
    """The Debian packages that are missing."""
    names = [] if browser() else ["chromium"]
    return names if has_chinese_font() else [*names, "fonts-wqy-microhei"]


def apt(*arguments):
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
            f"network, or install {' and '.join(missing())} yourself, and run `make test` again."
        )


def main():
    """Install what is missing, or say what to install."""
    names = missing()
    if not names:
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise Stop(
            f"The browser tests need {' and '.join(names)}: install it (on Debian and Ubuntu "
            f"`sudo apt-get install {' '.join(names)}`) and run `make test` again."
        )
    with step(f"Installing {' and '.join(names)} with apt-get"):
        apt("update")
        apt("install", "--no-install-recommends", *names)


if __name__ == "__main__":
    run(main)
