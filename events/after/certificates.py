"""A certificate as a file, and as the check page shows it: both from the same plain values."""

import io
from pathlib import Path

import segno
from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from kernel import documents
from kernel.words import listed
from notices.operations import page_link

TEMPLATE = Path(__file__).with_name("certificate.typ")
LANGUAGES = ("zh-hans", "en")


def address(certificate):
    """Return the address of its check page, as the QR code says it."""
    return settings.SITE_URL + page_link("certificate", certificate.code)


def day(date):
    """Return a date in words: 2026年3月8日, in English 8 March 2026."""
    if get_language() == "en":
        return f"{date.day} {date:%B %Y}"
    return f"{date.year}年{date.month}月{date.day}日"


def days(certificate):
    """Return when the event was, in words."""
    if certificate.began_on == certificate.ended_on:
        return day(certificate.began_on)
    span = {"from": day(certificate.began_on), "to": day(certificate.ended_on)}
    return _("%(from)s至%(to)s") % span


def hours(certificate):
    """Return its hours without needless zeros, "" where it has none."""
    return f"{certificate.hours.normalize():f}" if certificate.hours else ""


def issuers(certificate):
    """Return the names of the departments that issued it, in the active language."""
    english = get_language() == "en"
    return [(name_en if english and name_en else name) for name, name_en in certificate.issuers]


def name(certificate):
    """Return her name in the active language."""
    return (get_language() == "en" and certificate.name_en) or certificate.name


def title(certificate):
    """Return the event's title in the active language, as far as it has one."""
    return (get_language() == "en" and certificate.title_en) or certificate.title


def sentence(certificate):
    """Return what is certified, in one sentence that follows her name."""
    said = {"when": days(certificate), "title": title(certificate), "hours": hours(certificate)}
    if certificate.is_speakers:
        return _("于%(when)s在“%(title)s”活动中作主讲分享。") % said
    if said["hours"]:
        return _("于%(when)s参加“%(title)s”活动，共计 %(hours)s 学时。") % said
    return _("于%(when)s参加“%(title)s”活动。") % said


def heading(certificate):
    """Return what it is called."""
    if certificate.is_speakers:
        return pgettext("certificate", "感谢状")
    return pgettext("certificate", "参加证书")


def facts(certificate):
    """Return all that it says as (label, value), for the check page."""
    return [
        (_("姓名"), certificate.name),
        (_("活动"), title(certificate)),
        (_("日期"), days(certificate)),
        (_("学时"), hours(certificate)),
        (_("签发部门"), listed(issuers(certificate))),
        (_("签发日期"), day(timezone.localdate(certificate.issued_at))),
        (_("编号"), certificate.number),
    ]


def _before(certificate):
    if certificate.is_speakers:
        return pgettext("certificate", "谨此感谢")
    return pgettext("certificate", "兹证明")


def data(certificate):
    """Return what the file shows, as plain JSON values in the active language."""
    english = get_language() == "en"
    return {
        "lang": "en" if english else "zh",
        "programme": _("两江新区女性科技人才服务门户"),
        "heading": heading(certificate),
        "before": _before(certificate),
        "name": name(certificate),
        "text": sentence(certificate),
        "also": certificate.title if english and certificate.title_en else "",
        "closing": "" if english or certificate.is_speakers else _("特此证明。"),
        "qr": _qr(certificate),
        "number": certificate.number,
        "number_words": _("编号 %(number)s") % {"number": certificate.number},
        "check_words": _("扫码核验，或在以下网址输入核验码"),
        "address": f"{settings.SITE_URL.partition('//')[2]}{page_link('certificates')}  {spaced(certificate.code)}",
        "issuers": issuers(certificate),
        "issued": day(timezone.localdate(certificate.issued_at)),
    }


def spaced(code):
    """Return a code in groups of four, as people read it."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


def _qr(certificate):
    out = io.BytesIO()
    segno.make(address(certificate), error="m", micro=False).save(
        out, kind="svg", xmldecl=False, border=1, dark="#14493a"
    )
    return out.getvalue().decode()


def pdf(certificates, language, form="pdf"):
    """Return them as one file's bytes, each on a page, in one of LANGUAGES; `form` is "pdf" or "png" (to look at one)."""
    with translation.override(language):
        pages = [data(certificate) for certificate in certificates]
        numbers = dict.fromkeys([pages[0]["number"], pages[-1]["number"]])
        title = f"{pages[0]['heading']} {'–'.join(numbers)}"
        facts = {"title": title, "lang": pages[0]["lang"], "certificates": pages}
        return documents.render(TEMPLATE, facts, form)
