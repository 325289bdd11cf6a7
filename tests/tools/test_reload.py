"""Reloading while somebody develops: what counts as changed, and what is not taken over."""

import os
import shutil

import pytest

from tools import reload
from tools.stamps import SKIPPED


def test_what_is_new_gone_or_written_is_noticed_once(tmp_path):
    for name in ("a.py", "b.html", "notes.txt", "var/x.py", "tests/test_x.py", ".venv/y.py"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("")
    watch = reload.Watch(tmp_path)
    assert watch.changed() == []
    os.utime(tmp_path / "a.py", ns=(1, 1))
    (tmp_path / "b.html").unlink()
    for name in ("new.css", "notes.txt", "var/x.py", "tests/test_x.py", ".venv/y.py"):
        (tmp_path / name).write_text("changed")
    assert watch.changed() == [tmp_path / name for name in ("a.py", "b.html", "new.css")]
    assert watch.changed() == []


MANAGE = """
import sys
{body}
"""


@pytest.mark.parametrize(
    ("body", "starts", "told"),
    [
        ("print('No changes detected')", True, ""),
        (
            "print('Migrations for events:'); sys.exit(1)",
            True,
            "A model was changed and no migration says so",
        ),
        ("import no_such_module", False, "ModuleNotFoundError: No module named 'no_such_module'"),
        ("def broken(:", False, "SyntaxError: invalid syntax"),
    ],
)
def test_a_version_that_does_not_start_is_told_and_not_taken(tmp_path, body, starts, told):
    (tmp_path / "manage.py").write_text(MANAGE.format(body=body))
    does, sentence = reload.check(dict(os.environ), tmp_path)
    assert does is starts
    assert told in sentence


class Running:
    """A portal that notes what it is told to do."""

    env = dict(os.environ)

    def __init__(self):
        self.done = []

    def prepare(self):
        self.done.append("prepared")

    def reload_web(self):
        self.done.append("web")

    def restart_workers(self):
        self.done.append("workers")


def test_a_template_that_does_not_compile_is_told_and_the_portal_goes_on(tmp_path, capsys):
    copy = tmp_path / "copy"
    shutil.copytree(reload.ROOT, copy, ignore=shutil.ignore_patterns(*SKIPPED, "tests", "docs"))
    page = copy / "templates/page.html"
    followed = []
    for text in ("{{ page|no_such_filter }}", "{{ page }}"):
        page.write_text(text)
        running = Running()
        reload.follow(running, [page], copy)
        followed.append((running.done, capsys.readouterr().out.splitlines()[-1]))
    assert followed == [
        ([], "  The version before goes on."),
        (["prepared", "web", "workers"], "  Reloaded"),
    ]
