"""docs/developers/new-app.md, followed to the letter: what it says there works, and touches three files."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tests import migrated
from tools.stamps import SKIPPED

PAGE = Path(settings.BASE_DIR) / "docs" / "developers" / "new-app.md"
BLOCK = re.compile(
    r"^```\w+ (file|edit)=(\S+)(?: before=([^\n]+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL
)
THREE_PLACES = {"liangjiang/settings/apps.py", "liangjiang/urls.py", "pyproject.toml"}
CACHES = {".ruff_cache", ".pytest_cache", ".hypothesis", ".import_linter_cache"}
# The Redis database of a worker no run has, so that its tests empty nobody's cache.
NOBODYS_WORKER = "gw14"


def blocks():
    """Return the page's (kind, path, anchor, text), in order."""
    return BLOCK.findall(PAGE.read_text(encoding="utf-8"))


def follow(folder):
    """Do what the page says in a copy of the project."""
    for kind, path, anchor, text in blocks():
        target = folder / path
        if kind == "file":
            target.parent.mkdir(parents=True, exist_ok=True)
            assert not target.exists(), f"{path} is there already"
            target.write_text(text, encoding="utf-8")
        else:
            target.write_text(inserted(target.read_text(encoding="utf-8"), anchor, text))


def inserted(source, anchor, text):
    """Return a file with `text` before each line that is the anchor, indented as it may be."""
    lines = source.splitlines(keepends=True)
    assert anchor in [line.strip() for line in lines], f"no line {anchor}"
    return "".join(text + line if line.strip() == anchor else line for line in lines)


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    """A copy of the project with the new app in it."""
    folder = tmp_path_factory.mktemp("portal") / "copy"
    left_out = shutil.ignore_patterns(*SKIPPED, *CACHES)
    shutil.copytree(settings.BASE_DIR, folder, ignore=left_out)
    follow(folder)
    return folder


def run(folder, *command):
    """Run Python with the copy in front of everything else; returns (status, what it wrote)."""
    environment = os.environ | {
        "DATABASE_URL": re.sub(r"/[^/]*$", "/new_app", os.environ["DATABASE_URL"]),
        "PYTEST_XDIST_WORKER": NOBODYS_WORKER,
        "PYTHONPATH": str(folder),
    }
    process = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return process.returncode, process.stdout


def test_the_page_touches_three_existing_files():
    assert {path for kind, path, _anchor, _text in blocks() if kind == "edit"} == THREE_PLACES


def test_a_control_a_line_that_is_not_there_is_missed():
    with pytest.raises(AssertionError):
        inserted("a\nb\n", "c", "x\n")


@pytest.fixture
def its_database(request):
    """A database as this run migrated its own, so that only the new app's migration is left to do."""
    if not hasattr(request.config, "cache"):
        return "--create-db"
    folder = request.config.cache.mkdir("migrated")
    migrated.Kept(folder, "test_new_app", connection.settings_dict).put_back(anew=True)
    return "--reuse-db"


def test_the_app_of_the_page_stands_and_its_tests_pass(portal, its_database):
    # The database of its tests is not the one the command looks for, and it warns that there is none.
    status, output = run(portal, "manage", "makemigrations", "mentoring")
    assert (status, "mentoring/migrations/0001_initial.py" in output) == (0, True), output
    # What the migration writer leaves is formatted as everything else.
    run(portal, "ruff", "format", "--quiet", "mentoring/migrations")
    assert run(portal, "ruff", "check", "--quiet", ".") == (0, "")
    assert run(portal, "ruff", "format", "--check", "--quiet", ".") == (0, "")
    layers = (
        "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))"
    )
    (portal / "layers.py").write_text(layers)
    status, output = run(portal, "layers")
    assert (status, "1 kept, 0 broken" in output) == (0, True), output
    (portal / "layers.py").unlink()
    tests = ("tests/mentoring", "tests/test_rights.py", "tests/test_access.py")
    chosen = ("-k", "mentoring or listed or view or mark", "-p", "no:cacheprovider", its_database)
    status, output = run(portal, "pytest", "-q", *chosen, *tests)
    assert status == 0, output
