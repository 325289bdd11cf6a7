"""What she was asked and what she said: in her copy, when she is erased, when it is old, when two records become one."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from advisory.consultations import conflicts
from advisory.consultations.models import (
    STANDING,
    Consultation,
    ConsultationInvitation,
    ConsultationPaper,
    Opinion,
    PaperOpening,
)
from advisory.consultations.operations import decline_invitation
from kernel.portal import Group
from kernel.retention import Keep, Retention
from talents.doubles.moving import Moving, none_of

COVERS = ("advisory.ConsultationInvitation.talent",)
INVITED = (
    "consultation",
    "state",
    "sent_at",
    "answer_by",
    "answered_at",
    "conflict",
    "declared",
    "declared_words",
    ("found_words", gettext_lazy("系统发现")),
    "conflict_reason",
)
SAID = (
    ("subject", gettext_lazy("咨询")),
    "text",
    "given_at",
    "changed_at",
    "outcome",
    "why",
    "decided_at",
)
OPENED = (("subject", gettext_lazy("咨询")), ("file_name", gettext_lazy("文件名")), "at")


def collect(user):
    """Return what she was invited to, what she said, and which confidential papers she opened and when."""
    opened = PaperOpening.objects.filter(invitation__talent__user=user)
    rows = ConsultationInvitation.objects.hers(user).select_related("consultation")
    said = Opinion.objects.filter(invitation__talent__user=user)
    return [
        Group(pgettext_lazy("many", "咨询邀请"), _with_found(rows.order_by("pk")), INVITED),
        Group(
            pgettext_lazy("many", "咨询意见"),
            said.select_related("invitation__consultation").order_by("pk"),
            SAID,
        ),
        Group(
            gettext_lazy("打开内部资料的记录"),
            opened.select_related("paper__consultation").order_by("pk"),
            OPENED,
        ),
    ]


def _with_found(rows):
    """Return the invitations, each with what the portal found of a conflict of interest in words."""
    rows = list(rows)
    for row in rows:
        row.found_words = [conflicts.words(one) for one in row.found]
    return rows


def _hers(person):
    return ConsultationInvitation.objects.filter(talent__in=list(person.records))


def lost(person, now):
    """Say what becomes of it when she is erased."""
    lines = []
    if _hers(person).filter(state__in=STANDING).exists():
        lines.append(_("您答应或还没有答复的咨询会另请别人。"))
    if Opinion.objects.filter(invitation__in=_hers(person)).exists():
        lines.append(_("您在咨询中提的意见会删除，只留条数和采纳结果，用于统计。"))
    return lines


def leave(talent, now):
    """Decline for her what stands."""
    rows = ConsultationInvitation.objects.filter(
        talent=talent, state__in=STANDING, consultation__state="inviting"
    ).select_related("consultation", "talent")
    for row in rows.order_by("consultation_id"):
        decline_invitation(invitation=row, by=None, now=now)


def erase(person, now):
    """Let go of what stands, and take away all words: hers, and those on a conflict of interest."""
    for record in person.records:
        leave(record, now)
    changed = drop_opinions(Opinion.objects.filter(invitation__in=_hers(person)))
    return changed + forget_conflicts(_hers(person))


def drop_opinions(rows):
    """Leave that something was said, and what became of it."""
    changed = rows.exclude(why__in=["", "—"]).update(text=None, why="—")
    return changed + rows.filter(text__isnull=False).update(text=None)


def forget_conflicts(rows):
    """Leave that there was a conflict of interest, and none of its words."""
    changed = rows.exclude(conflict_reason="").update(conflict_reason="—")
    return changed + rows.update(declared_words=None, found=[])


def lost_by_leaving(talent, now, hers):
    """Say what becomes of her invitations when her record leaves the database."""
    standing = ConsultationInvitation.objects.filter(talent=talent, state__in=STANDING)
    return [_("您答应或还没有答复的咨询会另请别人。")] if standing.exists() else []


def left(*, talent, hers, now):
    """Let go of what stands; the system does so, by rule."""
    leave(talent, now)


# --- how long it is kept --------------------------------------------------------------------------
def old_papers(before):
    """Return papers of consultations that ended before a moment."""
    return ConsultationPaper.objects.filter(consultation__ended_at__lt=before)


def old_conflicts(before):
    """Return invitations to consultations that ended before a moment and still hold words on a conflict of interest."""
    ended = ConsultationInvitation.objects.filter(consultation__ended_at__lt=before)
    return ended.filter(declared_words__isnull=False) | ended.exclude(found=[])


def old_opinions(before):
    """Return opinions of consultations that ended before a moment and still hold words."""
    rows = Opinion.objects.filter(invitation__consultation__ended_at__lt=before)
    return rows.filter(text__isnull=False)


RETENTION = (
    Retention(
        63,
        "advisory.papers",
        gettext_lazy("咨询材料和打开它的记录"),
        Keep(years=1),
        gettext_lazy("自办结或取消起算，之后删除"),
        old_papers,
    ),
    Retention(
        64,
        "advisory.conflicts",
        gettext_lazy("咨询中利害关系的说明"),
        Keep(years=1),
        gettext_lazy("自办结或取消起算，之后只留有没有关系"),
        old_conflicts,
        forget_conflicts,
    ),
    Retention(
        65,
        "advisory.opinions",
        gettext_lazy("在咨询中提的意见"),
        Keep(years=5),
        gettext_lazy("自办结起算，之后只留条数和采纳结果"),
        old_opinions,
        drop_opinions,
    ),
)


def _lock_consultations(rows):
    """Lock the consultations of these invitations, as whoever writes one does; before the events of meetings."""
    consultations = Consultation.objects.filter(invitations__in=rows).values("pk")
    locked = Consultation.objects.select_for_update(of=("self",)).filter(pk__in=consultations)
    list(locked.order_by("pk"))


def _invited_twice(keep, lose):
    """Return the invitations both records have to one consultation."""
    known = ConsultationInvitation.objects.filter(talent=keep).values("consultation")
    twice = ConsultationInvitation.objects.filter(talent=lose, consultation__in=known)
    return none_of(list(twice.values_list("pk", flat=True)))


MOVINGS = (
    Moving(
        10,
        "advisory.ConsultationInvitation",
        words=pgettext_lazy("many", "咨询邀请"),
        stays=_invited_twice,
        lock=_lock_consultations,
        depends=True,
    ),
)
