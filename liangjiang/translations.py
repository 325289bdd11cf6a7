"""Collecting what is to be translated, without gettext's programs (Babel reads Python and templates).

The source language is Chinese: a msgid is the sentence a reader in Chongqing sees, so a page is judged
where it is written, and only locale/en is a full catalogue. locale/zh_Hans holds Chinese for sentences
of libraries whose own catalogue lacks them; it is kept by hand.
"""

from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ENGLISH = Path("locale/en/LC_MESSAGES/django.po")
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "gettext_noop": None,
    "pgettext_lazy": ((1, "c"), 2),
}
SKIPPED = {"tests", "var", ".venv", "staticfiles", "node_modules", "migrations", "tools"}


def _sources():
    for pattern in ("*/**/*.py", "templates/**/*.html", "templates/**/*.txt"):
        for path in sorted(settings.BASE_DIR.glob(pattern)):
            place = path.relative_to(settings.BASE_DIR)
            if not SKIPPED.intersection(place.parts):
                yield path, place.as_posix()


def collect():
    """Return a Babel Catalog of every translatable text of the project, with its places."""
    found = Catalog(locale="en", domain="django")
    for path, place in _sources():
        source = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            source = templatize(source, origin=place)
        for line, message, _comments, context in extract(
            "python", BytesIO(source.encode()), keywords=KEYWORDS
        ):
            found.add(message, locations=[(place, line)], context=context)
    return found


def _english():
    path = settings.BASE_DIR / ENGLISH
    if not path.exists():
        return Catalog(locale="en", domain="django")
    with path.open("rb") as source:
        return read_po(source, locale="en", domain="django")


def update():
    """Bring locale/en up to date: new texts come in empty, texts no longer used go."""
    english = _english()
    english.update(collect(), no_fuzzy_matching=True)
    english.obsolete.clear()
    english.fuzzy = False
    english.project, english.version = "Liangjiang portal", "1"
    english.header_comment = "# English of the portal's Chinese texts."
    path = settings.BASE_DIR / ENGLISH
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as target:
        write_po(
            target, english, width=98, sort_by_file=True, include_lineno=False, omit_header=False
        )
    return english


def untranslated():
    """Return the texts that have no English (or a fuzzy one), as a sorted list of msgids."""
    english = _english()
    wanted = [m for m in collect() if m.id]
    missing = []
    for message in wanted:
        known = english.get(message.id, message.context)
        strings = (
            known.string if known and isinstance(known.string, tuple) else [known and known.string]
        )
        if known is None or known.fuzzy or not all(strings):
            missing.append(message.id if isinstance(message.id, str) else message.id[0])
    return sorted(missing)
