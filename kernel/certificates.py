"""Certificates of every app: the unguessable code, the words that are the same on all, and the sheet they are printed on."""

import io
from pathlib import Path

import segno
from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kernel import documents, ids

CODE_LENGTH = 16  # 78 bits: whoever has it was given it
MISSED = "certificate_missed"  # settings.ACCOUNT_RATE_LIMITS: codes nobody was given
LANGUAGES = ("zh-hans", "en")
TEMPLATE = Path(__file__).with_name("certificate.typ")


def new_code():
    """Return the unguessable part of a certificate's address."""
    return ids.code(CODE_LENGTH)


def day(date):
    """Return a date in words: 2026年3月8日, in English 8 March 2026."""
    if get_language() == "en":
        return f"{date.day} {date:%B %Y}"
    return f"{date.year}年{date.month}月{date.day}日"


def period(first, last):
    """Return the days from `first` to `last` in words."""
    if first == last:
        return day(first)
    return _("%(from)s至%(to)s") % {"from": day(first), "to": day(last)}


def issuers(stored):
    """Return the names of departments kept as [[name, name in English], …] in the active language."""
    english = get_language() == "en"
    return [(name_en if english and name_en else name) for name, name_en in stored]


def spaced(code):
    """Return a code in groups of four, as people read it."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


def sheet(*, heading, name, text, number, code, check_page, form_page, issued_at, **more):
    """Return what one certificate shows, as plain JSON values in the active language.

    `check_page` and `form_page` are the addresses (without host) that say whether it is valid and that ask for its
    code. `more`: before, also, closing (texts), issuers (names).
    """
    host = settings.SITE_URL.partition("//")[2]
    return {
        "lang": "en" if get_language() == "en" else "zh",
        "programme": _("两江新区女性科技人才服务门户"),
        "heading": heading,
        "before": "",
        "name": name,
        "text": text,
        "also": "",
        "closing": "",
        "qr": _qr(settings.SITE_URL + check_page),
        "number": number,
        "number_words": _("编号 %(number)s") % {"number": number},
        "check_words": _("扫码核验，或在以下网址输入核验码"),
        "address": f"{host}{form_page}  {spaced(code)}",
        "issuers": [],
        "issued": day(timezone.localdate(issued_at)),
    } | more


def _qr(address):
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, border=1, dark="#14493a"
    )
    return out.getvalue().decode()


def pdf(sheets, language, form="pdf"):
    """Return sheets as one file's bytes, each on a page; `form` is "pdf" or "png" (to look at one).

    `sheets` is a function without arguments that returns them: it is called in `language`, one of LANGUAGES.
    """
    with translation.override(language):
        pages = sheets()
        numbers = dict.fromkeys([pages[0]["number"], pages[-1]["number"]])
        title = f"{pages[0]['heading']} {'–'.join(numbers)}"
        facts = {"title": title, "lang": pages[0]["lang"], "certificates": pages}
        return documents.render(TEMPLATE, facts, form)
