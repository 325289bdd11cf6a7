"""The certificate of a training as a file, and as the check page shows it: both from the same plain values."""

from django.utils import timezone
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from kernel import certificates
from kernel.words import listed
from notices.operations import page_link


def heading(certificate):
    """Return what it is called."""
    if certificate.is_of_completion:
        return pgettext("certificate", "结业证书")
    return pgettext("certificate", "学习证明")


def title(certificate):
    """Return what the training is called, in the active language as far as it has a name there."""
    return (get_language() == "en" and certificate.title_en) or certificate.title


def name(certificate):
    """Return whose it is, in the active language as far as it is known."""
    return (get_language() == "en" and certificate.name_en) or certificate.name


def length(certificate):
    """Return how long it was: 540 分钟（12 学时）."""
    minutes = ngettext("%(n)s 分钟", "%(n)s 分钟", certificate.minutes) % {"n": certificate.minutes}
    said = {"minutes": minutes, "periods": certificate.periods}
    return _("%(minutes)s（%(periods)s 学时，每学时 45 分钟）") % said


def modules(certificate):
    """Return its modules with their minutes in one line."""
    return listed(
        _("%(name)s %(minutes)s 分钟") % {"name": name, "minutes": minutes}
        for name, minutes in certificate.modules
    )


def facts(certificate):
    """Return all that it says as (label, value), for the check page."""
    return [
        (_("姓名"), certificate.name),
        (_("培训"), title(certificate)),
        (_("期间"), certificates.period(certificate.began_on, certificate.ended_on)),
        (_("时长"), length(certificate)),
        (_("模块"), modules(certificate)),
        (_("签发部门"), listed(certificates.issuers(certificate.issuers))),
        (_("签发日期"), certificates.day(timezone.localdate(certificate.issued_at))),
        (_("编号"), certificate.number),
    ]


def pdf(certificate, language, form="pdf"):
    """Return the certificate as a file's bytes, in one of kernel.certificates.LANGUAGES."""
    return certificates.pdf(lambda: [_sheet(certificate)], language, form)


def _sheet(certificate):
    said = {
        "when": certificates.period(certificate.began_on, certificate.ended_on),
        "title": title(certificate),
        "length": length(certificate),
    }
    return certificates.sheet(
        heading=heading(certificate),
        before=pgettext("certificate", "兹证明"),
        name=name(certificate),
        text=_sentence(certificate) % said,
        also=modules(certificate),
        closing="" if get_language() == "en" else _("特此证明。"),
        number=certificate.number,
        code=certificate.code,
        check_page=page_link("training_certificate", certificate.code),
        form_page=page_link("training_certificates"),
        issuers=certificates.issuers(certificate.issuers),
        issued_at=certificate.issued_at,
    )


def _sentence(certificate):
    if certificate.is_of_completion:
        return _("于%(when)s参加“%(title)s”，学习 %(length)s，达到结业要求，准予结业。")
    return _("于%(when)s参加“%(title)s”，学习 %(length)s。")
