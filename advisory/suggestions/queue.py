"""What of the theme's work waits for somebody: the coordinator, the departments, who signs."""

from django.utils import timezone
from django.utils.translation import gettext as _

from advisory.suggestions.board import ADOPTIONS, ASSIGNMENTS, EFFECTS, REPLIES, SUGGESTIONS
from advisory.suggestions.models import (
    Adoption,
    Assignment,
    Contest,
    EffectReport,
    Reply,
    Suggestion,
)
from advisory.suggestions.operations.clock import AHEAD
from kernel.admin.queue import capped, changelist, set_aside
from kernel.portal import Task


# --- the coordinator ------------------------------------------------------------------------------
def to_file(user, now):
    """Return the line about suggestions nobody has looked at."""
    rows = Suggestion.objects.coordinated_by(user).to_file()
    return Task(
        _("待立案的建言"),
        capped(rows),
        _("一件说一件事的立案，相近的并案，不能立案的写明原因。"),
        changelist(SUGGESTIONS, "state__exact=sent"),
        since=rows.values_list("sent_at", flat=True).first(),
    )


def to_assign(user, now):
    """Return the line about suggestions that no department leads."""
    rows = Suggestion.objects.coordinated_by(user).to_assign()
    return Task(
        _("待交办的建言"),
        capped(rows),
        _("定一个主办部门，需要时再定会办；答复期限从交办那天算起。"),
        changelist(SUGGESTIONS, "lead=none"),
        since=rows.values_list("filed_at", flat=True).first(),
    )


def handed_back(user, now):
    """Return the line about what departments say is not theirs."""
    rows = _coordinated(Assignment, user).handed_back()
    return Task(
        _("申请退回的交办"),
        capped(rows),
        _("改交别的部门，或写明依据坚持交办。"),
        changelist(ASSIGNMENTS, "state__exact=not_ours"),
        since=rows.values_list("returned_at", flat=True).first(),
    )


def extensions(user, now):
    """Return the line about extensions nobody decided."""
    rows = _coordinated(Assignment, user).open().filter(extension__state="waiting")
    rows = rows.order_by("extension__asked_at", "pk")
    return Task(
        _("待批复的延期"),
        capped(rows),
        _("最多延长一次；不同意的写明原因。"),
        changelist(ASSIGNMENTS, "extension=waiting"),
        since=rows.values_list("extension__asked_at", flat=True).first(),
    )


def to_confirm(user, now):
    """Return the line about adoptions that wait for a second person."""
    rows = Adoption.objects.visible_to(user).to_confirm()
    rows = rows.filter(suggestion__campaign__department=user.department_id)
    return Task(
        _("待核实的采纳"),
        capped(rows),
        _("由登记人以外的经办人对照证明核实。"),
        changelist(ADOPTIONS, "state__exact=entered"),
        since=rows.values_list("entered_at", flat=True).first(),
    )


def contests(user, now):
    """Return the line about what authors say is not so."""
    rows = Contest.objects.visible_to(user).waiting()
    rows = rows.filter(adoption__suggestion__campaign__department=user.department_id)
    return Task(
        _("采纳和成效的异议"),
        capped(rows),
        _("核对以后维持或更正，写明理由，她会看到。"),
        changelist("advisory_contest", "decided=no"),
        since=rows.values_list("at", flat=True).first(),
    )


def _coordinated(model, user):
    rows = model.objects.visible_to(user)
    return rows.filter(suggestion__campaign__department=user.department_id)


# --- the departments ------------------------------------------------------------------------------
def late(user, now):
    """Return the line about what her department has not done in time."""
    rows = Assignment.objects.of(user).overdue(timezone.localdate(now)).order_by("due_on", "pk")
    count = capped(rows)
    return Task(
        _("超期的建言"),
        count,
        _("请尽快答复；超期写在看板上，领导和牵头部门都看得到。"),
        changelist(ASSIGNMENTS, "due=overdue"),
        since=rows.values_list("at", flat=True).first(),
        urgent=count > 0,
    )


def due(user, now):
    """Return the line about what her department has been given and what is due within a week."""
    rows = Assignment.objects.of(user).open()
    rows = rows.exclude(due_on__lt=timezone.localdate(now)).order_by("due_on", "pk")
    soon = capped(Assignment.objects.of(user).due_soon(timezone.localdate(now), AHEAD))
    hint = _("其中七天内到期 %(n)s 件。不属于本部门的，在期限内退回牵头部门。")
    return Task(
        _("本部门在办的建言"),
        capped(rows),
        hint % {"n": soon},
        changelist(ASSIGNMENTS, f"department__id__exact={user.department_id}"),
        since=rows.values_list("at", flat=True).first(),
    )


def to_sign(user, now):
    """Return the line about replies that wait for a signature."""
    leads = Assignment.objects.of(user).standing().leading()
    rows = Reply.objects.visible_to(user).to_sign()
    rows = rows.filter(suggestion__assignments__in=leads)
    return Task(
        _("待签发的建言答复"),
        capped(rows),
        _("自己起草的不能自己签发；要改的退回起草人。"),
        changelist(REPLIES, "state__exact=handed_in"),
        since=rows.values_list("handed_in_at", flat=True).first(),
    )


def second(user, now):
    """Return the line about second replies her department promised by now."""
    leads = Assignment.objects.of(user).standing().leading()
    rows = Suggestion.objects.visible_to(user).second_due(timezone.localdate(now))
    rows = rows.filter(assignments__in=leads).order_by("second_on", "pk")
    count = capped(rows)
    return Task(
        _("到期的再次答复"),
        count,
        _("B、C 类答应过再次答复的日子到了，请起草。"),
        changelist(SUGGESTIONS, "second=due"),
        since=rows.values_list("answered_at", flat=True).first(),
        urgent=count > 0,
    )


def to_tell(user, now):
    """Return the line about effects her department has to tell."""
    leads = Assignment.objects.of(user).standing().leading()
    rows = EffectReport.objects.visible_to(user).waiting()
    rows = rows.filter(
        due_on__lte=timezone.localdate(now), adoption__suggestion__assignments__in=leads
    )
    return Task(
        _("待报告的采纳成效"),
        capped(rows),
        _("写看得见的变化；还没有的照实写。"),
        changelist(EFFECTS, "told=waiting"),
        since=rows.order_by("due_on").values_list("adoption__confirmed_at", flat=True).first(),
    )


# --- the clock ------------------------------------------------------------------------------------
def suggestions_set_aside(user, now):
    """Return the line about suggestions the clock could not remind of or close."""
    rows = Suggestion.objects.coordinated_by(user)
    return set_aside(_("没能自动处理的建言"), rows, SUGGESTIONS)


def effects_set_aside(user, now):
    """Return the line about effects the clock could not remind of."""
    rows = EffectReport.objects.visible_to(user)
    rows = rows.filter(adoption__suggestion__campaign__department=user.department_id)
    return set_aside(_("没能自动处理的成效报告"), rows, EFFECTS)


def could_not(user, now):
    """Return the line about assignments the clock could not follow."""
    rows = Assignment.objects.visible_to(user)
    return set_aside(_("没能自动处理的建言交办"), rows, ASSIGNMENTS)
