"""A template is read without scrolling sideways; `make lint` keeps its indentation."""

import re

from django.conf import settings

LONGEST = 120
# A sentence to be translated is one string and cannot be broken.
SENTENCE = re.compile(r'\s*(<p>)?\{% translate "[^"]+" %\}(</p>)?')


def test_no_template_line_is_longer_than_a_screen():
    long = [
        f"{path.relative_to(settings.BASE_DIR)}:{number}"
        for path in sorted((settings.BASE_DIR / "templates").rglob("*.html"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > LONGEST and not SENTENCE.fullmatch(line)
    ]
    assert long == []


def test_no_comment_of_a_template_goes_over_a_line():
    """Django knows such ones of one line alone, and prints the others for the reader."""
    printed = [
        f"{path.relative_to(settings.BASE_DIR)}:{number}"
        for path in sorted((settings.BASE_DIR / "templates").rglob("*.*"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if line.count("{#") != line.count("#}")
    ]
    assert printed == []
