"""The app's part of the monthly report: what was asked and answered; reads, writes nothing."""

from django.utils.translation import gettext as _

from advisory.consultations.models import (
    Consultation,
    ConsultationInvitation,
    InvitationState,
    Opinion,
)
from advisory.suggestions import monthly as suggestions
from kernel.days import within
from kernel.portal import People, Section, Things


def monthly(start, end):
    """Count the month [start, end)."""
    held = Consultation.objects.filter(**within("held_at", start, end))
    came = ConsultationInvitation.objects.filter(
        consultation__in=held, state=InvitationState.TOOK_PART
    )
    said = Opinion.objects.filter(invitation__consultation__in=held)
    return {
        "consultations": Things(held.count()),
        "consulted": People(came.values("talent").distinct().count()),
        "opinions": People(said.count(), behind=lambda since: _authors(start, end, since)),
    } | suggestions.counts(start, end)


def _authors(start, end, since):
    """Return how many women stand behind the opinions of the month, and of a moment on."""
    held = Consultation.objects.filter(**within("held_at", start, end))
    said = Opinion.objects.filter(invitation__consultation__in=held)
    if since is not None:
        said = said.filter(given_at__gte=since)
    return said.values("invitation__talent").distinct().count()


def sections(figures):
    """Say the numbers of the month."""
    consulted = (
        (_("本月进行的咨询"), figures["consultations"], _("项")),
        (_("参加咨询的女性专家"), figures["consulted"], _("人")),
        (_("收到的意见"), figures["opinions"], _("条")),
    )
    lines = (*consulted, *suggestions.lines(figures))
    return (Section(_("措施一 · 咨询建言"), lines),)


def tables(figures):
    """Say no breakdowns."""
    return ()
