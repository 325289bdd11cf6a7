"""What has not changed is not built again: one small file for each build, with its inputs' hash."""

import hashlib

from tools.bootstrap import ROOT

FOLDER = ROOT / "var" / "stamps"
SKIPPED = frozenset({".venv", "var", "node_modules", "staticfiles", "__pycache__", ".git"})


def project_files(*patterns):
    """The project's files that match the glob patterns, sorted, without what is built."""
    files = set()
    for folder in [ROOT, *(p for p in ROOT.iterdir() if p.is_dir() and p.name not in SKIPPED)]:
        for pattern in patterns:
            files.update(
                p for p in folder.glob(pattern) if p.is_file() and SKIPPED.isdisjoint(p.parts)
            )
    return sorted(files)


def fingerprint(paths):
    """One SHA-256 over the names and contents of files, in hex."""
    total = hashlib.sha256()
    for path in paths:
        total.update(f"{path.relative_to(ROOT)}\0".encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def is_current(name, mark, outputs=()):
    """Whether the build `name` was last finished for `mark` and its outputs are still there."""
    try:
        same = (FOLDER / name).read_text() == mark
    except OSError:
        return False
    return same and all(output.exists() for output in outputs)


def keep(name, mark):
    """Note that the build `name` is finished for `mark`."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / name).write_text(mark)


def forget(name):
    """Have the build `name` made again."""
    (FOLDER / name).unlink(missing_ok=True)
