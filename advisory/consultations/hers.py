"""Consultations on her line of time, in her growth, among what women take part in."""

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from advisory.consultations.models import ConsultationInvitation, InvitationState, Opinion
from advisory.lines import Line
from kernel.portal import Milestone
from kernel.words import moment_text

KIND = pgettext_lazy("line of time", "咨询")
SAID = {
    InvitationState.SENT: gettext_lazy("等您答复"),
    InvitationState.ACCEPTED: gettext_lazy("您答应参加"),
    InvitationState.DECLINED: gettext_lazy("您不便参加"),
    InvitationState.LAPSED: gettext_lazy("过期没有答复"),
    InvitationState.WITHDRAWN: gettext_lazy("邀请取消了"),
    InvitationState.TOOK_PART: gettext_lazy("您参加了"),
    InvitationState.ABSENT: gettext_lazy("您没有参加"),
}


def lines(user, now, most):
    """Return what she was invited to as Lines, the newest ones."""
    said = Exists(Opinion.objects.filter(invitation=OuterRef("pk")))
    rows = ConsultationInvitation.objects.hers(user).select_related("consultation")
    rows = rows.annotate(said=said)
    return [_line(row, now) for row in rows.order_by("-sent_at", "-pk")[:most]]


def _line(row, now):
    return Line(
        day=timezone.localdate(row.sent_at),
        kind=KIND,
        title=row.consultation.title,
        note=_note(row, now),
        link=row.get_absolute_url(),
        waits=row.is_open(now),
    )


def _note(row, now):
    if row.is_open(now):
        return _("请在 %(until)s 前答复") % {"until": moment_text(row.answer_by)}
    if row.state == InvitationState.SENT:
        return SAID[InvitationState.LAPSED]
    if row.said and row.consultation.state == "closed":
        return _("%(state)s，意见的结果可以看了") % {"state": SAID[InvitationState(row.state)]}
    return SAID[InvitationState(row.state)]


def growth(talent):
    """Return the consultations she took part in as Milestones."""
    rows = ConsultationInvitation.objects.filter(
        talent=talent, state=InvitationState.TOOK_PART
    ).select_related("consultation")
    return [
        Milestone(
            timezone.localdate(row.consultation.held_at),
            "day",
            KIND,
            row.consultation.title,
            row.consultation.get_kind_display(),
            link=row.get_absolute_url(),
        )
        for row in rows.order_by("pk")
    ]


def took_part(since):
    """Return the numbers of records of women who took part since a moment, of all who ever did for None."""
    rows = ConsultationInvitation.objects.filter(state=InvitationState.TOOK_PART)
    if since is not None:
        rows = rows.filter(consultation__held_at__gte=since)
    return rows.values("talent")
