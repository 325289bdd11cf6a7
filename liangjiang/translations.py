"""Collecting what is to be translated, without gettext's programs (Babel reads Python and templates).

The source language is Chinese: a msgid is the sentence a reader in Chongqing sees, so a page is judged
where it is written, and only locale/en is a full catalogue. locale/zh_Hans holds Chinese for sentences
of libraries whose own catalogue lacks them or says them clumsily; it is kept by hand.
"""

from functools import cache
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ENGLISH = Path("locale/en/LC_MESSAGES/django.po")
CHINESE = Path("locale/zh_Hans/LC_MESSAGES/django.po")
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "gettext_noop": None,
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
SKIPPED = {"tests", "var", ".venv", "staticfiles", "node_modules", "migrations", "tools"}

# What a reader of the portal can meet of each library: its texts must have Chinese. Modules of the
# API's answers are named one by one, the rest of those packages speaks to programmers.
LIBRARIES = {
    "unfold": ("**/*.py", "**/*.html"),
    "django": (
        "forms/*.py",
        "core/validators.py",
        "db/models/base.py",
        "db/models/constraints.py",
        "db/models/fields/*.py",
        "utils/timesince.py",
        "utils/text.py",
        "contrib/auth/*.py",
        "contrib/auth/templates/**/*.html",
        "contrib/admin/[!m]*.py",  # models.py holds gettext(variable), which Babel reads as a text
        "contrib/admin/templatetags/*.py",
        "contrib/admin/views/*.py",
        "contrib/admin/templates/**/*.html",
        "contrib/postgres/**/*.py",
        "contrib/humanize/**/*.py",
    ),
    "allauth": (
        "account/**/*.py",
        "mfa/**/*.py",
        "socialaccount/*.py",
        "core/**/*.py",
        "templates/account/**/*.*",
        "templates/mfa/**/*.*",
        "templates/socialaccount/**/*.*",
        "templates/allauth/**/*.html",
    ),
    "simple_history": ("**/*.py", "**/*.html"),
    "oauth2_provider": ("models.py", "validators.py"),
    "rest_framework": (
        "exceptions.py",
        "fields.py",
        "relations.py",
        "serializers.py",
        "validators.py",
        "pagination.py",
    ),
    "django_filters": ("*.py", "rest_framework/*.py"),
}


def _messages(path, place):
    """Yield (line, message, context) of one Python file or template."""
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # Read as Python afterwards, a template's indentation would be a syntax error.
        source = "\n".join(line.strip() for line in templatize(source, origin=place).split("\n"))
    for line, message, _comments, context in extract(
        "python", BytesIO(source.encode()), keywords=KEYWORDS
    ):
        yield line, message, context


def _sources(root, patterns):
    for pattern in patterns:
        for path in sorted(root.glob(pattern)):
            place = path.relative_to(root)
            if path.is_file() and not SKIPPED.intersection(place.parts):
                yield path, place.as_posix()


def collect():
    """Return a Babel Catalog of every translatable text of the project, with its places."""
    found = Catalog(locale="en", domain="django")
    patterns = ("*/**/*.py", "templates/**/*.html", "templates/**/*.txt", "templates/**/*.svg")
    for path, place in _sources(settings.BASE_DIR, patterns):
        for line, message, context in _messages(path, place):
            found.add(message, locations=[(place, line)], context=context)
    return found


def _root(package):
    return Path(find_spec(package).origin).parent


@cache
def collect_library(package):
    """Return a Catalog of the texts a reader can meet of an installed package of `LIBRARIES`."""
    found = Catalog(locale="zh_Hans", domain="django")
    for path, place in _sources(_root(package), LIBRARIES[package]):
        for line, message, context in _messages(path, place):
            found.add(message, locations=[(f"{package}/{place}", line)], context=context)
    return found


def _read(path, locale):
    path = settings.BASE_DIR / path
    if not path.exists():
        return Catalog(locale=locale, domain="django")
    with path.open("rb") as source:
        return read_po(source, locale=locale, domain="django")


def english():
    """The English catalogue as it is kept."""
    return _read(ENGLISH, "en")


def chinese():
    """Our Chinese catalogue of the libraries' texts as it is kept."""
    return _read(CHINESE, "zh_Hans")


@cache
def _brought_along(package):
    catalogues = []
    # Django reads zh_Hans for zh-hans, and never zh_CN.
    for path in sorted(_root(package).rglob("locale/zh_Hans/LC_MESSAGES/django.mo")):
        with path.open("rb") as source:
            catalogues.append(read_mo(source))
    return catalogues


def library_chinese(package):
    """Return the Chinese catalogues that come with Django and with a package."""
    return [catalogue for name in sorted({"django", package}) for catalogue in _brought_along(name)]


def is_translated(message):
    """True if the message has a text in every form and nobody has marked it fuzzy."""
    strings = message.string if isinstance(message.string, (tuple, list)) else [message.string]
    return not message.fuzzy and all(strings)


def _known(message, catalogue):
    # Babel leaves the context of a compiled entry as bytes.
    return catalogue.get(message.id, message.context) or (
        message.context and catalogue.get(message.id, message.context.encode())
    )


def lacking(wanted, *catalogues):
    """Return the messages of `wanted` that none of the catalogues translates."""
    return [
        message
        for message in wanted
        if message.id
        and not any(
            (known := _known(message, catalogue)) and is_translated(known)
            for catalogue in catalogues
        )
    ]


def without_chinese(package):
    """Return the messages of an installed package that a reader of Chinese would see in English."""
    return lacking(collect_library(package), chinese(), *library_chinese(package))


def _place(message):
    text = message.id if isinstance(message.id, str) else message.id[0]
    files = [file for file, _line in message.locations]
    return (min(files, default=""), text, message.context or "")


def rendered(catalogue, comment):
    """Return a catalogue as the bytes that are kept.

    The same texts give the same bytes: sorted by first file and text, no dates, no line numbers.
    """
    ordered = Catalog(locale=catalogue.locale, domain="django")
    for message in sorted((message for message in catalogue if message.id), key=_place):
        ordered[message.id] = message
    head = {
        "Language": str(catalogue.locale),
        "Plural-Forms": catalogue.plural_forms,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
    }
    lines = [f"# {comment}", 'msgid ""', 'msgstr ""']
    lines += [f'"{name}: {value}\\n"' for name, value in head.items()]
    body = BytesIO()
    write_po(body, ordered, width=98, include_lineno=False, omit_header=True)
    return "\n".join([*lines, "", ""]).encode() + body.getvalue()


def updated():
    """Return the English catalogue with new texts empty and texts no longer used gone."""
    kept = english()
    kept.update(collect(), no_fuzzy_matching=True)
    kept.obsolete.clear()
    return kept


def update():
    """Write the English catalogue, brought up to date, and return it."""
    fresh = updated()
    path = settings.BASE_DIR / ENGLISH
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(rendered(fresh, "English of the portal's Chinese texts."))
    return fresh


def untranslated():
    """Return the texts that have no English (or a fuzzy one), as a sorted list of msgids."""
    missing = lacking(collect(), english())
    return sorted(m.id if isinstance(m.id, str) else m.id[0] for m in missing)
