"""Compile translations and style sheets: `python -m tools.assets`; unchanged ones are left alone.

Neither gettext nor Node is needed: Babel writes the `.mo` files, and the Tailwind wheel brings its
own program. Every style sheet of static/src that imports Tailwind becomes static/dist/<name>.css; an
app's own shapes, static/src/apps/<app>.css, are part of it because they are there.
"""

import os
import subprocess
import sys
import tempfile
from io import BytesIO
from pathlib import Path

from tools import stamps
from tools.bootstrap import ROOT, VENV
from tools.say import Stop, run, step

SOURCE = ROOT / "static" / "src"
OF_APPS = SOURCE / "apps.css"  # written here, imported by app.css
TARGET = ROOT / "static" / "dist"


def write_whole(path, data):
    """Write a file so that a reader sees the old one or the new one, never half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, half = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(descriptor, "wb") as output:
        output.write(data)
    os.chmod(half, 0o644)
    os.replace(half, path)


def catalogues():
    """The project's translation files."""
    return stamps.project_files("locale/*/LC_MESSAGES/*.po")


def compile_translations():
    """Write a `.mo` beside each `.po` file; entries marked fuzzy are left out, as gettext does."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for path in catalogues():
        with path.open("rb") as source:
            catalogue = read_po(source, locale=path.parent.parent.name, domain=path.stem)
        compiled = BytesIO()
        write_mo(compiled, catalogue)
        write_whole(path.with_suffix(".mo"), compiled.getvalue())


def style_sheets():
    """The style sheets that are built; the others are parts they import."""
    return [
        path for path in sorted(SOURCE.glob("*.css")) if '@import "tailwindcss' in path.read_text()
    ]


def tailwind():
    """The path of Tailwind's program: in this environment, beside the Python that runs this."""
    for folder in (VENV / "bin", Path(sys.executable).parent):
        if (folder / "tailwindcss").exists():
            return folder / "tailwindcss"
    raise Stop("Tailwind is not installed: install requirements/base.txt first.")


def list_apps():
    """Write the style sheet that imports each app's own, by name."""
    lines = [f'@import "./apps/{path.name}";\n' for path in sorted(SOURCE.glob("apps/*.css"))]
    write_whole(OF_APPS, "".join(lines).encode())


def build_styles():
    """Build each style sheet, minified."""
    list_apps()
    for path in style_sheets():
        with tempfile.TemporaryDirectory() as folder:
            built = Path(folder) / path.name
            process = subprocess.run(
                [tailwind(), "--input", path, "--output", built, "--minify"],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            if process.returncode or not built.exists():
                raise Stop(f"{process.stdout}\n\nThe style sheet {path.name} could not be built.")
            write_whole(TARGET / path.name, built.read_bytes())


def builds():
    """(name, what it is doing, mark of its inputs, outputs, function) of each build."""
    styled = stamps.project_files(
        "templates/**/*.html", "static/src/**/*", "*.py", "templatetags/*.py"
    )
    styled = [path for path in styled if path != OF_APPS]
    return (
        (
            "translations",
            "Compiling the translations",
            stamps.fingerprint(catalogues()),
            [path.with_suffix(".mo") for path in catalogues()],
            compile_translations,
        ),
        (
            "styles",
            "Building the style sheets",
            stamps.fingerprint(styled),
            [TARGET / path.name for path in style_sheets()],
            build_styles,
        ),
    )


def build(announce=step):
    """Make what has changed; `announce(text)` is a context manager around each build."""
    for name, doing, mark, outputs, make in builds():
        if not stamps.is_current(name, mark, outputs):
            with announce(doing):
                make()
            stamps.keep(name, mark)


if __name__ == "__main__":
    run(build)
