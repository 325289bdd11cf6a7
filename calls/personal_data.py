"""Her applications: in her copy, when she is erased, when they are old, when two records become one."""

from functools import reduce
from operator import or_

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from calls.models import (
    UNDECIDED,
    Advantage,
    Answer,
    Application,
    Attachment,
    Colleague,
    Due,
    DueFile,
    LineChange,
    Nomination,
    NoticeEntry,
    Objection,
    Payment,
    Relation,
    Return,
    ReturnItem,
    Reviewer,
    Score,
    UnitOpinion,
)
from calls.models.afterwards import UNSETTLED
from calls.operations import withdraw_application
from kernel.errors import Conflict
from kernel.portal import Group
from partners import answers
from privacy import pieces
from talents.doubles.moving import Moving, none_of

COVERS = (
    "calls.Application.talent",
    "calls.Reviewer.user",
    "calls.Nomination.talent",
    "calls.Nomination.nominator",
    "calls.Colleague.user",
    "calls.LineChange.by",
    "calls.Advantage.talent",
)


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
                "source",
                "subject",
                "collective_name",
                "head_count",
                "women_count",
                "members",
                "is_leader",
                "led_by_woman",
                "kept_away",
            ),
        ),
        Group(
            gettext_lazy("没有满足的条件"),
            Application.unmet.through.objects.filter(application__in=mine)
            .select_related("application__call", "requirement")
            .order_by("pk"),
            (("application", gettext_lazy("申报")), ("requirement", gettext_lazy("条件"))),
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
        *_afterwards(user),
        *_nominations(user),
        *_as_colleague(user),
        *_as_reviewer(user),
    ]


def _attached(user):
    return Attachment.objects.filter(application__talent__user=user).order_by("pk")


def files(user):
    """Yield (name inside the copy, bytes) of the files that go with her applications, and those handed in after an award."""
    for file in _attached(user):
        yield f"application-{file.pk}-{file.file_name}", pieces.read(file.pieces)
    for file in DueFile.objects.filter(due__application__talent__user=user).order_by("pk"):
        yield f"after-award-{file.pk}-{file.file_name}", pieces.read(file.pieces)


def _afterwards(user):
    """Return what was due after an award, what she handed in, and what was paid."""
    dues = Due.objects.filter(application__talent__user=user).select_related(
        "step", "application__call"
    )
    paid = Payment.objects.filter(due__application__talent__user=user)
    given = DueFile.objects.filter(due__application__talent__user=user)
    named = ("due", gettext_lazy("入选后事项"))
    return [
        Group(
            gettext_lazy("入选后事项"),
            dues.order_by("application", "step__order"),
            (
                ("application", gettext_lazy("申报")),
                ("step", gettext_lazy("事项")),
                "state",
                "due_on",
                "text",
                "lacking",
                "handed_in_at",
                "settled_at",
                "waive_reason",
            ),
        ),
        Group(
            gettext_lazy("入选后提交的文件"),
            given.select_related("due__step", "due__application").order_by("pk"),
            (named, "file_name", "size", "added_at"),
        ),
        Group(
            gettext_lazy("拨付记录"),
            paid.select_related("due__step", "due__application").order_by("pk"),
            (named, "amount", "paid_on", "reference", "taken_back_at", "taken_back_reason"),
        ),
        Group(
            gettext_lazy("给本人的优先条件"),
            Advantage.objects.filter(talent__user=user).order_by("pk"),
            ("words", "measure", "first_day", "last_day", "source", "end_reason"),
        ),
    ]


def _nominations(user):
    """Return who brought her forward, without the name of who wrote it for a unit, and whom she brought forward."""
    rows = Nomination.objects.select_related("call", "unit", "nominator").order_by("pk")
    return [
        Group(
            gettext_lazy("被推荐"),
            rows.filter(talent__user=user),
            ("call", ("by_whom", gettext_lazy("推荐人")), "reason", "made_at", "answer"),
        ),
        Group(
            gettext_lazy("推荐他人"),
            rows.filter(nominator=user),
            ("call", "unit", "full_name", "phone", "reason", "made_at", "taken_back_at"),
        ),
    ]


def _as_colleague(user):
    """Return whose applications she wrote with them or is named in: the calls, not what stands in them."""
    rows = Colleague.objects.filter(user=user).select_related("application__call")
    changes = LineChange.objects.filter(by=user).select_related("application__call", "field")
    return [
        Group(
            gettext_lazy("参与他人的申报"),
            rows.order_by("pk"),
            (
                ("application", gettext_lazy("申报")),
                ("get_role_display", gettext_lazy("做什么")),
                "accepted_at",
                "ended_at",
            ),
        ),
        Group(
            gettext_lazy("在申报里修改的内容"),
            changes.order_by("pk"),
            (("application", gettext_lazy("申报")), ("field", gettext_lazy("名称")), "at"),
        ),
    ]


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
    if Due.objects.filter(application__talent__in=records).exists():
        lines.append(
            _("入选后提交的材料会删除，没有办完的事项终止；拨付的金额和日期留作财务核对。")
        )
    return lines


def erase(person, now):
    """Take back what is open and delete what she wrote; that there was an application stays for the sums."""
    records = list(person.records)
    for record in records:
        withdraw_all(talent=record, hers=True, now=now)
    gone = _drop_words(Application.objects.filter(talent__in=records))
    dues = Due.objects.filter(application__talent__in=records)
    gone += dues.filter(state__in=UNSETTLED).update(closed_from=F("state"), state="closed")
    gone += _drop_due_words(dues)
    gone += Advantage.objects.filter(talent__in=records).delete()[0]
    gone += _forget_nominations(person, records)
    return gone + (_forget_reviewer(person) if person.user else 0)


def _drop_due_words(dues):
    """Delete what was handed in after an award; what came of it, and what was paid, stays for the accounts."""
    gone = DueFile.objects.filter(due__in=dues).delete()[0]
    written = Q(text__isnull=False) | Q(lacking__isnull=False)
    gone += dues.filter(written).update(text=None, lacking=None)
    return gone + dues.exclude(waive_reason__in=("", "—")).update(waive_reason="—")


def _forget_nominations(person, records):
    """Delete who brought her forward, and her name from what she wrote for others."""
    gone = Nomination.objects.filter(talent__in=records).delete()[0]
    gone += answers.forget_codes([record.code for record in records], "unknown")
    if person.user is None:
        return gone
    if person.user.phone_index:  # and what was written of her before her record was there
        rows = Nomination.objects.filter(talent=None, phone_index=person.user.phone_index)
        gone += rows.delete()[0]
    with_others = Colleague.objects.filter(user=person.user)
    gone += with_others.delete()[0]
    gone += LineChange.objects.filter(by=person.user).update(by=None)
    mine = Nomination.objects.filter(nominator=person.user)
    gone += mine.filter(unit=None).exclude(answer="agreed").delete()[0]
    return gone + mine.update(nominator=None)


def _forget_reviewer(person):
    """Put her pseudonym in the place of a reviewer's name; her scores stay, because others were ranked by them."""
    seats = Reviewer.objects.filter(user=person.user)
    notes = Relation.objects.filter(reviewer__in=seats).exclude(note__isnull=True).update(note=None)
    words = Score.objects.filter(assignment__reviewer__in=seats).exclude(comment__isnull=True)
    words = words.update(comment=None)
    return notes + words + seats.update(full_name=person.pseudonym or "—", unit_text="")


def _written(whose):
    """Return what was written in applications and about them, as (rows, what takes its place); None deletes them.

    `whose` turns the way from such a row to its application into a condition, so that dropping and finding ask for the same.
    """
    gone = (Answer, Attachment, Return, Nomination, Colleague, LineChange)
    yield from ((model.objects.filter(**whose("application")), None) for model in gone)
    yield Application.unmet.through.objects.filter(**whose("application")), None
    entries = NoticeEntry.objects.filter(**whose("application")).exclude(name="—")
    yield entries, {"name": "—", "unit": "", "lines": []}
    opinions = UnitOpinion.objects.filter(**whose("application"))
    yield opinions.exclude(reason__in=("", "—")), {"reason": "—"}
    yield opinions.exclude(unit=None).exclude(paper=""), {"paper": ""}
    yield opinions.filter(unit=None).exclude(paper="—"), {"paper": "—"}  # a paper there must be
    notes = Relation.objects.filter(**whose("candidate__application"))
    yield notes.exclude(note__isnull=True), {"note": None}
    comments = Score.objects.filter(**whose("assignment__candidate__application"))
    yield comments.exclude(comment__isnull=True), {"comment": None}
    own = Application.objects.filter(**whose("pk"))
    yield own.exclude(kept_away__isnull=True), {"kept_away": None}
    yield own.exclude(members__isnull=True), {"members": None}
    yield own.exclude(refuse_reason__in=("", "—")), {"refuse_reason": "—"}


def _drop_words(applications):
    rows = _written(lambda way: {f"{way}__in": applications})
    return sum(found.update(**instead) if instead else found.delete()[0] for found, instead in rows)


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
    rows = _written(lambda way: {way: OuterRef("pk")})
    left = reduce(or_, (Q(Exists(found)) for found, _instead in rows))
    return Application.objects.filter(left, call__closes_at__lt=before)


def drop_words(applications):
    """Delete what was written in them."""
    _drop_words(Application.objects.filter(pk__in=applications.values("pk")))


def old_dues(before):
    """Return steps that were settled, else due, before a moment and of which words or files are left."""
    unsettled = Q(settled_at=None, due_on__lt=timezone.localdate(before))
    rows = Due.objects.filter(Q(settled_at__lt=before) | unsettled)
    written = Q(text__isnull=False) | Q(pk__in=DueFile.objects.values("due"))
    return rows.filter(written)


def drop_due_words(dues):
    """Delete what was handed in."""
    _drop_due_words(Due.objects.filter(pk__in=dues.values("pk")))


def old_advantages(before):
    """Return advantages of persons that held for the last time before a moment."""
    return Advantage.objects.filter(talent__isnull=False, last_day__lt=timezone.localdate(before))


def old_nominations(before):
    """Return nominations nobody agreed to, for calls that closed before a moment."""
    return Nomination.objects.filter(call__closes_at__lt=before).exclude(answer="agreed")


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


def _asked_twice(keep, lose):
    """Return the nominations of the record that is lost that a unit has written of the other one, too."""
    kept = Nomination.objects.standing().filter(talent=keep, unit__isnull=False)
    pairs = set(kept.values_list("call", "unit"))
    rows = Nomination.objects.standing().filter(talent=lose, unit__isnull=False)
    return [pk for pk, *pair in rows.values_list("pk", "call", "unit") if tuple(pair) in pairs]


MOVING_NOMINATIONS = Moving(
    21,
    "calls.Nomination",
    words=gettext_lazy("推荐"),
    stays=lambda keep, lose: none_of(_asked_twice(keep, lose)),
)


def _preferred_twice(keep, lose):
    """Return the advantages of the record that is lost that overlap one of their kind the other record has."""
    rows = Advantage.objects.filter(talent=lose, last_day__gte=F("first_day"))
    kept = Advantage.objects.filter(talent=keep, last_day__gte=F("first_day"))
    days = list(kept.values_list("kind", "first_day", "last_day"))
    return [
        row.pk
        for row in rows
        if any(
            row.kind == kind and row.first_day <= last and first <= row.last_day
            for kind, first, last in days
        )
    ]


MOVING_ADVANTAGES = Moving(
    22,
    "calls.Advantage",
    words=gettext_lazy("优先条件"),
    stays=lambda keep, lose: none_of(_preferred_twice(keep, lose)),
)
