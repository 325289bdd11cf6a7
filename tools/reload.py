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
    return False, _last_lines(process)


def load(env, root=ROOT):
    """Load this version as the web server will, its templates too; return (whether it starts, a sentence or "").

    A template that does not compile would end every worker, and the whole portal with them.
    """
    command = [PYTHON, "-m", "liangjiang.server", "--check"]
    process = subprocess.run(command, cwd=root, env=env, capture_output=True, text=True)
    return process.returncode == 0, "" if process.returncode == 0 else _last_lines(process)


def _last_lines(process):
    told = (process.stderr or process.stdout).strip().splitlines()
    return "\n".join(told[-LAST_LINES:])


def _starts(portal, suffixes, root):
    """Tell whether the changed version starts, and say what there is to say of it."""
    asked = [check] if ".py" in suffixes else []
    asked += [load] if suffixes & {".py", ".html"} else []
    for ask in asked:
        starts, sentence = ask(portal.env, root)
        if sentence:
            line(sentence)
        if not starts:
            return False
    return True


def follow(portal, paths, root=ROOT):
    """Let the running portal follow the changed files."""
    names = ", ".join(str(path.relative_to(root)) for path in paths[:3])
    line(f"  Changed: {names}{' …' if len(paths) > 3 else ''}")
    try:
        if not _starts(portal, {path.suffix for path in paths}, root):
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
