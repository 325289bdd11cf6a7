"""A certificate as a file, and as the check page shows it: both from the same plain values."""

from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from kernel import certificates
from kernel.certificates import LANGUAGES, day, spaced  # noqa: F401 (what all certificates share)
from kernel.words import listed
from notices.operations import page_link


def days(certificate):
    """Return when the event was, in words."""
    return certificates.period(certificate.began_on, certificate.ended_on)


def hours(certificate):
    """Return its hours without needless zeros, "" where it has none."""
    return f"{certificate.hours.normalize():f}" if certificate.hours else ""


def issuers(certificate):
    """Return the names of the departments that issued it, in the active language."""
    return certificates.issuers(certificate.issuers)


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
    return certificates.sheet(
        heading=heading(certificate),
        before=_before(certificate),
        name=name(certificate),
        text=sentence(certificate),
        also=certificate.title if english and certificate.title_en else "",
        closing="" if english or certificate.is_speakers else _("特此证明。"),
        number=certificate.number,
        code=certificate.code,
        check_page=page_link("certificate", certificate.code),
        form_page=page_link("certificates"),
        issuers=issuers(certificate),
        issued_at=certificate.issued_at,
    )


def pdf(issued, language, form="pdf"):
    """Return certificates as one file's bytes, each on a page, in one of LANGUAGES; `form` is "pdf" or "png" (to look at one)."""
    return certificates.pdf(lambda: [data(one) for one in issued], language, form)
