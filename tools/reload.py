"""While somebody develops: notice what changed on disk, and let the running portal follow.

Files are asked for their times once a second, which costs some milliseconds and needs no package. A
version that does not start is not taken over: the one before goes on, and its fault is told.
"""

import os
import subprocess
from pathlib import Path

from tools.bootstrap import PYTHON, ROOT
from tools.say import Stop, line
from tools.stamps import SKIPPED

WATCHED = frozenset({".py", ".html", ".css", ".js", ".svg", ".po", ".typ"})
# Not the portal's own: tests, the starter, and what is built from what is watched.
IGNORED = SKIPPED | {"tests", "tools", "docs", "dist", "requirements"}
OF_PROCESSES = frozenset({".py", ".html", ".po", ".typ"})  # what worker and clock hold in memory
LAST_LINES = 6


def times(root=ROOT):
    """Return {path: time of its last change in ns} of every watched file."""
    found = {}
    for folder, folders, names in os.walk(root):
        folders[:] = [n for n in folders if n not in IGNORED and not n.startswith(".")]
        for name in names:
            if os.path.splitext(name)[1] in WATCHED and name != "apps.css":
                path = os.path.join(folder, name)
                try:
                    found[path] = os.stat(path).st_mtime_ns
                except FileNotFoundError:  # an editor puts another file in its place
                    continue
    return found


class Watch:
    """What has changed since the last time it was asked."""

    def __init__(self, root=ROOT):
        self.root = root
        self.before = times(root)

    def changed(self):
        """Return the paths that are new, gone or written since."""
        now = times(self.root)
        paths = {path for path, _time in self.before.items() ^ now.items()}
        self.before = now
        return sorted(map(Path, paths))


def check(env, root=ROOT):
    """Load this version in a process of its own; return (whether it starts, a sentence or "").

    The sentence tells why it does not, or that a model was changed without a migration.
    """
    command = [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"]
    process = subprocess.run(command, cwd=root, env=env, capture_output=True, text=True)
    if process.returncode == 0:
        return True, ""
    if "Migrations for" in process.stdout:
        return True, (
            "A model was changed and no migration says so; write it, name it, and save it:\n"
            "    .venv/bin/python manage.py makemigrations --name what_changes APP"
        )
    told = (process.stderr or process.stdout).strip().splitlines()
    return False, "\n".join(told[-LAST_LINES:])


def follow(portal, paths):
    """Let the running portal follow the changed files."""
    names = ", ".join(str(path.relative_to(ROOT)) for path in paths[:3])
    line(f"  Changed: {names}{' …' if len(paths) > 3 else ''}")
    try:
        if any(path.suffix == ".py" for path in paths):
            starts, sentence = check(portal.env)
            if sentence:
                line(sentence)
            if not starts:
                line("  The version before goes on.")
                return
        portal.prepare()
    except Stop as stop:
        line(f"{stop}\n  The version before goes on.")
        return
    portal.reload_web()
    if any(path.suffix in OF_PROCESSES for path in paths):
        portal.restart_workers()
    line("  Reloaded")
