"""Her applications: in her copy, when she is erased, when they are old, when two records become one."""

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from calls.models import (
    UNDECIDED,
    Answer,
    Application,
    Attachment,
    NoticeEntry,
    Objection,
    Relation,
    Return,
    ReturnItem,
    Reviewer,
    Score,
)
from calls.operations import withdraw_application
from kernel.errors import Conflict
from kernel.portal import Group
from privacy import pieces
from talents.doubles.moving import Moving, none_of

COVERS = ("calls.Application.talent", "calls.Reviewer.user")


def collect(user):
    """Return her applications, what she wrote in them, and what she was asked for besides."""
    mine = Application.objects.filter(talent__user=user).select_related("call").order_by("pk")
    answers = Answer.objects.filter(application__in=mine).select_related(
        "field", "application__call"
    )
    items = ReturnItem.objects.filter(about__application__in=mine).select_related("field", "about")
    return [
        Group(
            gettext_lazy("申报"),
            mine,
            (
                "call",
                ("number_text", gettext_lazy("受理编号")),
                "state",
                "started_at",
                "submitted_at",
                "refuse_reason",
                "led_by_woman",
                "kept_away",
            ),
        ),
        Group(
            gettext_lazy("申报内容"),
            answers.order_by("application", "field__order"),
            (
                ("application", gettext_lazy("申报")),
                ("field", gettext_lazy("名称")),
                ("words", gettext_lazy("内容")),
            ),
        ),
        Group(
            gettext_lazy("申报附件"),
            _attached(user).select_related("field", "application__call"),
            (
                ("application", gettext_lazy("申报")),
                ("field", gettext_lazy("名称")),
                "file_name",
                "size",
                "added_at",
            ),
        ),
        Group(
            gettext_lazy("退回补充"),
            items.order_by("pk"),
            (("field", gettext_lazy("名称")), "note", ("about", gettext_lazy("补充截止"))),
        ),
        Group(
            gettext_lazy("公示"),
            NoticeEntry.objects.filter(application__in=mine)
            .select_related("notice__call")
            .order_by("pk"),
            (("notice", gettext_lazy("公示")), "name", "unit", "struck_at"),
        ),
        *_as_reviewer(user),
    ]


def _attached(user):
    return Attachment.objects.filter(application__talent__user=user).order_by("pk")


def files(user):
    """Yield (name inside the copy, bytes) of the files that go with her applications."""
    for file in _attached(user):
        yield f"application-{file.pk}-{file.file_name}", pieces.read(file.pieces)


def _as_reviewer(user):
    """Return the panels she sat on, what she declared and what she gave: hers, without whose applications they were."""
    seats = Reviewer.objects.filter(user=user).select_related("review__stage__call")
    relations = Relation.objects.filter(reviewer__user=user, is_declared=True)
    scores = Score.objects.filter(assignment__reviewer__user=user)
    return [
        Group(
            gettext_lazy("担任评审专家"),
            seats.order_by("pk"),
            (
                ("review", gettext_lazy("评审")),
                "full_name",
                "unit_text",
                "added_at",
                "left_at",
                "left_reason",
            ),
        ),
        Group(
            gettext_lazy("声明的利害关系"),
            relations.select_related("candidate").order_by("pk"),
            (("candidate", gettext_lazy("评审编号")), "kind", "note", "at"),
        ),
        Group(
            gettext_lazy("评分"),
            scores.select_related("criterion", "assignment__candidate").order_by("pk"),
            (
                ("assignment_label", gettext_lazy("评审编号")),
                ("criterion", gettext_lazy("评分标准")),
                "value",
                "comment",
            ),
        ),
    ]


# --- erasing, and leaving the database -------------------------------------------------------------
def _open(talents):
    return Application.objects.filter(talent__in=talents, state__in=UNDECIDED).exclude(
        call__state__in=("decided", "cancelled")
    )


def _ended(count):
    sentence = ngettext(
        "还没有结果的 %(count)s 份申报会撤回。", "还没有结果的 %(count)s 份申报会撤回。", count
    )
    return [sentence % {"count": count}] if count else []


def lost(person, now):
    """Say what is lost by being erased."""
    records = list(person.records)
    lines = _ended(_open(records).count())
    if Application.objects.filter(talent__in=records).exists():
        lines.append(_("申报里填写的内容和上传的文件会删除，只留下是否入选，用于统计。"))
    return lines


def erase(person, now):
    """Take back what is open and delete what she wrote; that there was an application stays for the sums."""
    records = list(person.records)
    for record in records:
        withdraw_all(talent=record, hers=True, now=now)
    gone = _drop_words(Application.objects.filter(talent__in=records))
    return gone + (_forget_reviewer(person) if person.user else 0)


def _forget_reviewer(person):
    """Put her pseudonym in the place of a reviewer's name; her scores stay, because others were ranked by them."""
    seats = Reviewer.objects.filter(user=person.user)
    notes = Relation.objects.filter(reviewer__in=seats).exclude(note__isnull=True).update(note=None)
    words = Score.objects.filter(assignment__reviewer__in=seats).exclude(comment__isnull=True)
    words = words.update(comment=None)
    return notes + words + seats.update(full_name=person.pseudonym or "—", unit_text="")


def _drop_words(applications):
    gone = Answer.objects.filter(application__in=applications).delete()[0]
    gone += Attachment.objects.filter(application__in=applications).delete()[0]
    gone += Return.objects.filter(application__in=applications).delete()[0]
    entries = NoticeEntry.objects.filter(application__in=applications).exclude(name="—")
    gone += entries.update(name="—", unit="", lines=[])
    gone += applications.exclude(kept_away__isnull=True).update(kept_away=None)
    judged = {"candidate__application__in": applications}
    gone += Relation.objects.filter(**judged).exclude(note__isnull=True).update(note=None)
    about = Score.objects.filter(assignment__candidate__application__in=applications)
    gone += about.exclude(comment__isnull=True).update(comment=None)
    return gone + applications.exclude(refuse_reason="").update(refuse_reason="—")


def lost_by_leaving(talent, now, hers):
    """Say what becomes of her open applications when her record leaves the database."""
    return _ended(_open([talent]).count())


def withdraw_all(*, talent, hers, now):
    """Take back her open applications; the system does so, by rule."""
    rows = _open([talent]).select_related("call", "talent").order_by("call_id", "pk")
    for application in rows:
        withdraw_application(application=application, by=None, now=now)


# --- how long it is kept ---------------------------------------------------------------------------
def old_applications(before):
    """Return applications to calls that closed before a moment and of which words are left."""
    rows = Application.objects.filter(call__closes_at__lt=before)
    written = Q(pk__in=Answer.objects.values("application"))
    return rows.filter(written | Q(pk__in=Attachment.objects.values("application")))


def drop_words(applications):
    """Delete what was written in them."""
    _drop_words(Application.objects.filter(pk__in=applications.values("pk")))


def old_objections(before):
    """Return objections that came in before a moment and of which words are left."""
    return Objection.objects.filter(received_at__lt=before, text__isnull=False)


def drop_objections(objections):
    """Delete what was written and by whom; what became of it stays."""
    objections.update(text=None, name=None, contact=None)


# --- two records become one ------------------------------------------------------------------------
def _both(keep, lose):
    calls = Application.objects.filter(talent=keep).values("call")
    return Application.objects.filter(talent=lose, call__in=calls)


def why_not_merge(keep, lose):
    """Return that both have an open application to one call (Conflict), or None."""
    twice = (
        _both(keep, lose).filter(pk__in=_open([lose]).values("pk")).select_related("call").first()
    )
    if twice is None:
        return None
    sentence = _("两份档案都申报了《%(title)s》，请先撤回其中一份的申报，再合并。")
    return Conflict("both_applied", sentence % {"title": twice.call.label})


MOVING = Moving(
    20,
    "calls.Application",
    words=gettext_lazy("申报"),
    why_not=why_not_merge,
    stays=lambda keep, lose: none_of(list(_both(keep, lose).values_list("pk", flat=True))),
    depends=True,
)
