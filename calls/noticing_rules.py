"""What may be done with public notices and objections, and why not: pages ask, operations raise."""

from django.utils import timezone
from django.utils.translation import gettext as _

from calls import rules
from calls.models import ApplicationState, NoticeState, ObjectionState, StageKind
from calls.models.notices import LEAST_DAYS, MOST_DAYS, UNFINISHED
from kernel.errors import Conflict, Invalid
from kernel.words import day_text

State = ApplicationState
LEAST_WORDS, MOST_WORDS = 10, 2000


# --- the notice --------------------------------------------------------------------------------------
def why_not_draft(call):
    """Say why no public notice of a call can be drafted."""
    if call.is_draft or call.is_settled:
        return Conflict("call_settled", _("申报发布以后、公布结果以前才能公示。"))
    if not call.stages.filter(kind=StageKind.PUBLIC_NOTICE).exists():
        return Conflict("no_notice_stage", _("这次申报的阶段里没有公示。"))
    if call.notices.filter(state__in=UNFINISHED).exists():
        return Conflict("notice_there", _("已有一份没有结束的公示，请先办完它。"))
    return None


def why_not_edit(notice):
    """Say why a notice is not changed any more."""
    if notice.is_draft:
        return None
    return Conflict(
        "notice_begun", _("公示已经开始，内容不再改动；有误的请写明原因撤销，重新公示。")
    )


def why_not_days(count):
    """Say why a notice cannot run for `count` working days."""
    if LEAST_DAYS <= count <= MOST_DAYS:
        return None
    return Invalid("days_out_of_range", _("公示 5 到 30 个工作日。"), field="days")


def why_not_start(notice, at):
    """Say why a drafted notice cannot begin."""
    call = notice.call
    if not notice.is_draft:
        return Conflict("notice_begun", _("这份公示已经开始过。"))
    if error := rules.why_not_results(call, at):
        return error
    if not call.applications.filter(state=State.ACCEPTED, result=State.AWARDED).exists():
        return Conflict("nobody_to_show", _("还没有拟入选的人，不用公示。"))
    return None


def why_not_suspend(notice):
    """Say why a notice cannot be suspended."""
    if notice.state == NoticeState.RUNNING:
        return None
    return Conflict("notice_not_running", _("只有正在公示的可以暂停。"))


def why_not_resume(notice):
    """Say why a notice cannot go on."""
    if notice.state == NoticeState.SUSPENDED:
        return None
    return Conflict("notice_not_suspended", _("只有暂停的公示可以恢复。"))


def why_not_withdraw_notice(notice):
    """Say why a notice cannot be withdrawn: what has ended may be, while no results are told."""
    if notice.is_draft:
        return Conflict("notice_not_begun", _("公示还没有开始，不需要的草稿直接删除即可。"))
    if notice.call.is_settled or notice.state == NoticeState.WITHDRAWN:
        return Conflict("notice_settled", _("结果已经公布，或公示已经撤销。"))
    return None


# --- objections --------------------------------------------------------------------------------------
def why_not_object(notice, at):
    """Say why nobody can object to a notice at a moment."""
    if notice.takes_objections(at):
        return None
    if notice.state == NoticeState.RUNNING:
        sentence = _("公示已于%(day)s结束，不再受理异议。")
        return Conflict("notice_over", sentence % {"day": day_text(notice.ends_on)})
    return Conflict("notice_over", _("公示已经结束，不再受理异议。"))


def why_not_words(text, name, contact, anonymous):
    """Say why an objection does not do as it was written."""
    if not anonymous and not (name and contact):
        field = "contact" if name else "name"
        return Invalid("name_missing", _("请填写姓名和联系方式，或选择匿名提出。"), field=field)
    if len(text) < LEAST_WORDS:
        sentence = _("请写清楚具体事实，至少 %(least)s 个字。")
        return Invalid("text_short", sentence % {"least": LEAST_WORDS}, field="text")
    if len(text) > MOST_WORDS:
        sentence = _("请写在 %(most)s 个字以内。")
        return Invalid("text_long", sentence % {"most": MOST_WORDS}, field="text")
    return None


def why_not_decide_objection(objection, by):
    """Say why `by` may not decide an objection: nobody does about her own application."""
    call = objection.notice.call
    if error := rules.why_not_manage(call, by, "calls.decide_objection"):
        return error
    entry = objection.entry
    if by is not None and entry and entry.application.talent.user_id == by.pk:
        return rules.own_application()
    return None


def why_not_settle(objection):
    """Say why an objection is not decided any more."""
    if objection.notice.call.is_settled:
        return Conflict("call_settled", _("结果已经公布或已经取消，不能再改动。"))
    if objection.state != ObjectionState.OPEN:
        return Conflict("objection_decided", _("这件异议已经处理；要改，请先重新处理。"))
    return None


def why_not_reopen(objection):
    """Say why what was decided of an objection cannot be taken back."""
    if objection.notice.call.is_settled:
        return Conflict("call_settled", _("结果已经公布或已经取消，不能再改动。"))
    if objection.state == ObjectionState.OPEN:
        return Conflict("objection_open", _("这件异议还没有处理。"))
    return None


def is_over(notice, at):
    """Tell whether the last day of a running notice is over."""
    return timezone.localdate(at) > notice.ends_on
