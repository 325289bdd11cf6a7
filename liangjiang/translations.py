"""Collecting what is to be translated, without gettext's programs (Babel reads Python and templates).

The source language is Chinese: a msgid is the sentence a reader in Chongqing sees, so a page is judged
where it is written. Each app keeps the English of its own words under <app>/locale/en; a text that
several apps use stands with the lowest of them. locale/zh_Hans holds Chinese for sentences of libraries
whose own catalogue lacks them or says them clumsily; it is kept by hand.

A sentence that was changed keeps its old English as a suggestion, marked fuzzy with the old sentence
beside it: the portal does not show it and a test refuses it until somebody has settled it. A comment
`# Translators: …` (in a template `{# Translators: … #}`) above a text stands beside it in the catalogue.
"""

from difflib import get_close_matches
from functools import cache
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po, write_po
from django.apps import apps
from django.conf import settings
from django.utils.translation.template import templatize

ENGLISH = "locale/en/LC_MESSAGES/django.po"
CHINESE = Path("locale/zh_Hans/LC_MESSAGES/django.po")
COMMENT = "English of the Chinese texts of {app}."
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "gettext_noop": None,
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
SKIPPED = {"tests", "var", ".venv", "staticfiles", "node_modules", "migrations", "tools"}
# Folders of templates that are named by a library and not by the app whose pages they are.
TEMPLATES = {"account": "accounts", "mfa": "accounts", "socialaccount": "accounts"}
LIKE = 0.6  # how much of a changed sentence has to be left for its English to be suggested

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
        "utils/dates.py",
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
    """Yield (line, message, comments, context) of one Python file or template."""
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # Read as Python afterwards, a template's indentation would be a syntax error.
        source = "\n".join(line.strip() for line in templatize(source, origin=place).split("\n"))
    yield from extract(
        "python",
        BytesIO(source.encode()),
        keywords=KEYWORDS,
        comment_tags=("Translators:",),
        strip_comment_tags=True,
    )


def _sources(root, patterns):
    for pattern in patterns:
        for path in sorted(root.glob(pattern)):
            place = path.relative_to(root)
            if path.is_file() and not SKIPPED.intersection(place.parts):
                yield path, place.as_posix()


@cache
def portal_apps():
    """Return the labels of the portal's own apps, the lowest first."""
    own = [c for c in apps.get_app_configs() if Path(c.path).parent == settings.BASE_DIR]
    return tuple(config.label for config in own)


def _owner(place):
    """Return the app a source file's words belong to; those of no app's folder are the ground's."""
    folders = [folder for folder in place.split("/") if folder not in ("templates", "cotton")]
    first = TEMPLATES.get(folders[0], folders[0])
    return first if first in portal_apps() else "kernel"


def collect():
    """Return {app: Babel Catalog} of every translatable text of the project, with its places."""
    everything, owners = Catalog(locale="en", domain="django"), {}
    patterns = ("*/**/*.py", "templates/**/*.html", "templates/**/*.txt", "templates/**/*.svg")
    for path, place in _sources(settings.BASE_DIR, patterns):
        level = portal_apps().index(_owner(place))
        for line, message, comments, context in _messages(path, place):
            entry = everything.add(
                message, locations=[(place, line)], auto_comments=comments, context=context
            )
            owners[key(entry)] = min(level, owners.get(key(entry), level))
    catalogues = {app: Catalog(locale="en", domain="django") for app in portal_apps()}
    for message in everything:
        if message.id:
            catalogues[portal_apps()[owners[key(message)]]][message.id] = message
    return catalogues


def key(message):
    """Return what a message is found by: its first form and its context."""
    return (message.id if isinstance(message.id, str) else message.id[0], message.context)


def _root(package):
    return Path(find_spec(package).origin).parent


@cache
def collect_library(package):
    """Return a Catalog of the texts a reader can meet of an installed package of `LIBRARIES`."""
    catalogue = Catalog(locale="zh_Hans", domain="django")
    for path, place in _sources(_root(package), LIBRARIES[package]):
        for line, message, _comments, context in _messages(path, place):
            catalogue.add(message, locations=[(f"{package}/{place}", line)], context=context)
    return catalogue


def _read(path, locale):
    path = settings.BASE_DIR / path
    if not path.exists():
        return Catalog(locale=locale, domain="django")
    with path.open("rb") as source:
        return read_po(source, locale=locale, domain="django")


def english():
    """Return {app: its English catalogue as it is kept}."""
    return {app: _read(Path(app) / ENGLISH, "en") for app in portal_apps()}


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


def _entry_in(message, catalogue):
    # Babel leaves the context of a compiled entry as bytes.
    return catalogue.get(message.id, message.context) or (
        message.context and catalogue.get(message.id, message.context.encode())
    )


def lacking(messages, *catalogues):
    """Return the messages of `wanted` that none of the catalogues translates."""
    return [
        message
        for message in messages
        if message.id
        and not any(
            (entry := _entry_in(message, catalogue)) and is_translated(entry)
            for catalogue in catalogues
        )
    ]


def without_chinese(package):
    """Return the messages of an installed package that a reader of Chinese would see in English."""
    return lacking(collect_library(package), chinese(), *library_chinese(package))


def _place(message):
    files = [file for file, _line in message.locations]
    return (min(files, default=""), key(message)[0], message.context or "")


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
    write_po(body, ordered, width=98, include_lineno=False, omit_header=True, include_previous=True)
    return "\n".join([*lines, "", ""]).encode() + body.getvalue()


def updated():
    """Return {app: English catalogue} with new texts empty, changed ones with a suggestion."""
    entries = {key(m): m for catalogue in english().values() for m in catalogue if m.id}
    catalogues = collect()
    current = {key(m) for catalogue in catalogues.values() for m in catalogue if m.id}
    old = {text: message for (text, _c), message in entries.items() if key(message) not in current}
    for catalogue in catalogues.values():
        for message in catalogue:
            if message.id:
                _take_over(message, entries, old)
    return catalogues


def _take_over(message, entries, old):
    """Give a collected message the English it had, else that of a text it was perhaps made from."""
    text = key(message)[0]
    entry = entries.get(key(message))
    if entry is None and (alike := get_close_matches(text, old, n=1, cutoff=LIKE)):
        entry = old[alike[0]]
        message.flags |= {"fuzzy"}
        message.previous_id = [alike[0]]
    elif entry is not None and entry.fuzzy:
        message.flags |= {"fuzzy"}
        message.previous_id = entry.previous_id
    if entry is not None:
        message.string = _in_forms(entry.string, message)


def _in_forms(string, message):
    """Return an English text in as many forms as the message has."""
    many = isinstance(message.id, tuple)
    if many == isinstance(string, tuple):
        return string
    return (string, string) if many else string[-1]


def update():
    """Write the English catalogues, brought up to date, and return them."""
    catalogues = updated()
    for app, catalogue in catalogues.items():
        path = settings.BASE_DIR / app / ENGLISH
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(rendered(catalogue, COMMENT.format(app=app)))
    return catalogues


def untranslated():
    """Return the texts that have no English (or a fuzzy one), as a sorted list of msgids."""
    catalogues = english()
    missing = [
        message
        for app, messages in collect().items()
        for message in lacking(messages, catalogues[app])
    ]
    return sorted(key(message)[0] for message in missing)
