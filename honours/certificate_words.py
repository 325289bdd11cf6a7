"""The certificate of an honour as a file, and as the check page shows it: both from the same plain values."""

from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from kernel import certificates
from kernel.words import listed
from notices.operations import page_link


def heading(certificate):
    """Return what it is called: of what others granted the district only certifies what it knows."""
    if certificate.is_ours:
        return pgettext("certificate", "荣誉证书")
    return pgettext("certificate", "荣誉证明")


def _translated(chinese, english):
    return (get_language() == "en" and english) or chinese


def name(certificate):
    """Return who was honoured, in the active language as far as it is known."""
    return _translated(certificate.name, certificate.name_en)


def honour(certificate):
    """Return the honour's name in the active language as far as it has one."""
    return _translated(certificate.honour, certificate.honour_en)


def facts(certificate):
    """Return all that it says as (label, value), for the check page."""
    return [
        (_("获得者"), certificate.name),
        (_("荣誉称号"), honour(certificate)),
        (_("级别"), certificate.get_level_display()),
        (_("授予单位"), certificate.granted_by),
        (_("授予日期"), certificates.day(certificate.granted_on)),
        (_("文号"), certificate.document_number),
        (_("签发部门"), listed(certificates.issuers(certificate.issuers))),
        (_("签发日期"), certificates.day(timezone.localdate(certificate.issued_at))),
        (_("编号"), certificate.number),
    ]


def pdf(certificate, language, form="pdf"):
    """Return the certificate as a file's bytes, in one of kernel.certificates.LANGUAGES."""
    return certificates.pdf(lambda: [_sheet(certificate)], language, form)


def _sheet(certificate):
    english = get_language() == "en"
    said = {
        "when": certificates.day(certificate.granted_on),
        "honour": honour(certificate),
        "by": certificate.granted_by,
    }
    return certificates.sheet(
        heading=heading(certificate),
        before="" if certificate.is_ours else pgettext("certificate", "兹证明"),
        name=name(certificate),
        text=_sentence(certificate) % said,
        also=_number_words(certificate),
        closing="" if english else _("特发此证。") if certificate.is_ours else _("特此证明。"),
        number=certificate.number,
        code=certificate.code,
        check_page=page_link("honour_certificate", certificate.code),
        form_page=page_link("honour_certificates"),
        issuers=certificates.issuers(certificate.issuers),
        issued_at=certificate.issued_at,
    )


def _sentence(certificate):
    if certificate.is_ours:
        return _("于%(when)s被授予“%(honour)s”称号。")
    return _("于%(when)s由%(by)s授予“%(honour)s”称号。")


def _number_words(certificate):
    if not certificate.document_number:
        return ""
    return _("表彰文件：%(number)s") % {"number": certificate.document_number}
