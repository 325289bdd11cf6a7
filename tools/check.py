"""`make lint`: style, formatting, import layers, one line each; the first failure stops it."""

import subprocess

from tools.bootstrap import ROOT, VENV
from tools.say import Stop, run, step

CHECKS = (
    ("Style (ruff)", ["ruff", "check", "--quiet", "."], "`make fmt` corrects what is safe"),
    ("Formatting (ruff)", ["ruff", "format", "--check", "--quiet", "."], "`make fmt` formats it"),
    (
        "Templates (djlint)",
        ["djlint", "templates", "--check", "--quiet"],
        "`make fmt` formats them",
    ),
    ("Import layers", ["lint-imports"], "pyproject.toml says which app may import which"),
)


def main():
    """Run every check; print the output of one that fails."""
    for name, command, hint in CHECKS:
        with step(name):
            process = subprocess.run(
                [VENV / "bin" / command[0], *command[1:]],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            if process.returncode:
                raise Stop(f"{process.stdout.strip()}\n\n{name} failed: {hint}.")


if __name__ == "__main__":
    run(main)
