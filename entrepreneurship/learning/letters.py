"""What women are told of their training; each thing once."""

from entrepreneurship.learning.models import Risk
from notices.operations import Letter, page_link, queue_all

OF_RISK = {
    Risk.TIGHT: "entrepreneurship.training_tight",
    Risk.LOST: "entrepreneurship.training_lost",
}


def send(letters, now):
    """Queue letters to whoever has an account."""
    queue_all([letter for letter in letters if letter.to is not None], at=now)


def _names(programme):
    return {"zh-hans": programme.name, "en": programme.name_en or programme.name}


def of_risk(enrolment, made):
    """Return what she is told when missing one more would be too much, or when it is: each once in a programme."""
    if enrolment.risk not in OF_RISK:
        return []
    programme = enrolment.programme
    context = {"title": _names(programme), "done": made.whole.done}
    context |= {"required": made.whole.required}
    link = page_link("my_programme", programme.code)
    return [Letter(OF_RISK[enrolment.risk], enrolment.talent.user, enrolment, context, link=link)]


def certified(certificate):
    """Return the letter that says that a certificate is there."""
    return _of("entrepreneurship.training_certified", certificate)


def certificate_revoked(certificate):
    """Return the letter that says that one is not valid any more; the reason is on her page alone."""
    return _of("entrepreneurship.training_revoked", certificate)


def _of(kind, certificate):
    if certificate.talent is None:
        return []
    context = {
        "title": {"zh-hans": certificate.title, "en": certificate.title_en or certificate.title}
    }
    link = page_link("my_training")
    return [Letter(kind, certificate.talent.user, certificate, context, link=link)]
