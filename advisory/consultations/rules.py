"""What may be done with a consultation, an invitation, a paper, an opinion, and why not."""

from django.utils import timezone
from django.utils.translation import gettext as _

from advisory.consultations.models import (
    SAW_IT_THROUGH,
    SEATED,
    STANDING,
    ConflictState,
    ConsultationState,
    InvitationState,
    Mode,
    Opinion,
    ShareTarget,
)
from kernel import rights
from kernel.errors import Conflict, Invalid, Refused
from kernel.words import day_text
from talents.asking import rules as asking

KIND = "consultation"  # what women are asked for (talents.asking)
RUN = "advisory.run_consultation"
TARGET = "advisory.change_sharetarget"
MOST_YEARS_AHEAD = 5
State = ConsultationState


# --- staff ----------------------------------------------------------------------------------------
def why_not_run(consultation, by):
    """Say why `by` may not work on a consultation: the right, and her own department's."""
    if by is None:
        return None
    if not by.has_perm(RUN):
        return Refused("not_allowed", _("您没有这项操作的权限，请联系系统管理员。"))
    if by.department_id == consultation.department_id:
        return None
    return Refused("not_yours", _("这项咨询由其他部门组织。"))


def why_no_department(department):
    """Say that who works for no department has none to run a consultation for."""
    if department is not None:
        return None
    return Refused("no_department", _("您不属于任何部门，不能组织咨询。"))


def why_not_state(consultation, *states):
    """Say that a consultation does not stand where this can be done."""
    return None if consultation.state in states else moved_on()


def moved_on():
    """Return the error of what somebody else has changed meanwhile."""
    return Conflict("moved_on", _("这一步现在不能做：咨询的状态已经变化，请刷新页面再看。"))


def why_not_values(consultation, now):
    """Say what is wrong with a consultation as it was filled in (unsaved)."""
    if consultation.outside_women > consultation.outside:
        sentence = _("库外邀请的女性人数不能超过库外邀请的总人数。")
        return Invalid("women_above_total", sentence, field="outside_women")
    if consultation.mode == Mode.WRITING:
        return _why_not_opinions_by(consultation, now)
    if consultation.opinions_by:
        sentence = _("会议咨询不填意见截止日期：意见在会上和会后提出，办结以前都可以。")
        return Invalid("opinions_by", sentence, field="opinions_by")
    return None


def _why_not_opinions_by(consultation, now):
    if consultation.opinions_by is None:
        sentence = _("书面咨询请填写意见截止日期。")
        return Invalid("opinions_by_missing", sentence, field="opinions_by")
    if consultation.opinions_by <= timezone.localdate(now):
        sentence = _("意见截止日期须在今天以后。")
        return Invalid("opinions_by_past", sentence, field="opinions_by")
    return None


def why_not_edit(consultation):
    """Say why what a consultation asks and whom cannot be changed any more."""
    return why_not_state(consultation, State.DRAFT, State.INVITING)


def why_not_fewer(consultation, places):
    """Say that more women have a place than there would be."""
    taken = consultation.invitations.seated().count()
    if places >= taken:
        return None
    sentence = _("已有 %(taken)s 人在邀请之中或已经答应，名额不能更少；可以先取消邀请。")
    return Conflict("places_taken", sentence % {"taken": taken}, field="places")


def why_not_mode(consultation, mode):
    """Say that the way cannot be changed once a meeting is planned, or women were invited to it as it is."""
    if mode != consultation.mode and consultation.state != State.DRAFT:
        return Conflict("inviting", _("已经开始邀请，不能再改方式。"), field="mode")
    if consultation.event_id and mode != Mode.MEETING:
        return Conflict("planned", _("会议已经安排，不能改为书面。"), field="mode")
    return None


def target_of(department, day):
    """Return the share of women, in per cent, a department set itself for the year of a date; None without one."""
    rows = ShareTarget.objects.filter(department=department, year=day.year)
    return rows.values_list("percent", flat=True).first()


def why_not_below(consultation, now):
    """Say that fewer women are to be invited than the department's target asks for, and nobody said why."""
    target = target_of(consultation.department, timezone.localdate(now))
    if target is None or consultation.share >= target or consultation.share_reason:
        return None
    sentence = _("计划邀请的女性占 %(share)d%%，低于本部门今年的目标 %(target)d%%，请写明原因。")
    words = sentence % {"share": consultation.share, "target": target}
    return Invalid("below_target", words, field="share_reason")


def why_not_plan(consultation):
    """Say why no meeting can be planned: it is in writing, or one is planned and stands."""
    if consultation.mode != Mode.MEETING:
        return Conflict("in_writing", _("书面咨询不用安排会议。"))
    if consultation.event_id and not consultation.event.is_cancelled:
        return Conflict("planned", _("会议已经安排，时间地点请在活动页修改。"))
    return why_not_edit(consultation)


def why_not_open(consultation, now):
    """Say why invitations cannot go out yet."""
    if error := why_not_state(consultation, State.DRAFT):
        return error
    if consultation.mode == Mode.WRITING and (error := _why_not_opinions_by(consultation, now)):
        return error
    return _why_no_meeting(consultation, now) or why_not_below(consultation, now)


def _why_no_meeting(consultation, now):
    if consultation.mode != Mode.MEETING:
        return None
    event = consultation.event
    if event is None:
        return Conflict("no_meeting", _("请先安排会议的时间和地点。"))
    if event.is_cancelled or event.has_started(now):
        return Conflict("meeting_over", _("会议已取消或已经开始，请重新安排。"))
    return None


def why_not_oneself(invitation, by):
    """Say that nobody decides what is about herself: her own invitation, conflict of interest or opinion."""
    if by is None or invitation.talent.user_id != by.pk:
        return None
    return Conflict("oneself", _("事关您自己，请由同事办理。"))


def why_not_invite(consultation, talent, by, now):
    """Say why a woman cannot be invited: oneself, invited before, or not to be asked (talents.asking)."""
    if by is not None and talent.user_id == by.pk:
        return Conflict("oneself", _("不能邀请您自己；请由同事办理。"))
    if consultation.invitations.filter(talent=talent).exists():
        return Conflict("invited_before", _("已经邀请过她；她改变主意时，请用“再邀请一次”。"))
    return asking.why_not_ask(talent, KIND, consultation.department, now)


def why_not_more(consultation, count, now):
    """Say why no further invitations can go out now, `count` of them."""
    if error := why_not_state(consultation, State.INVITING) or _why_no_meeting(consultation, now):
        return error
    if consultation.mode == Mode.WRITING and consultation.opinions_by < timezone.localdate(now):
        return Conflict("opinions_over", _("意见截止日期已过，不能再邀请。"))
    free = consultation.places - consultation.invitations.seated().count()
    if count <= free:
        return None
    sentence = _("还有 %(free)s 个名额，一次不能邀请更多；有人不便参加时再补。")
    return Conflict("no_place", sentence % {"free": free})


def why_not_again(invitation, by, now):
    """Say why a woman cannot be invited once more to the same."""
    if error := why_not_oneself(invitation, by):
        return error
    if invitation.state in SEATED:
        return Conflict("standing", _("她的邀请还有效，不用再邀请。"))
    consultation = invitation.consultation
    return why_not_more(consultation, 1, now) or asking.why_not_ask(
        invitation.talent, KIND, consultation.department, now, again=True
    )


def why_not_withdraw(invitation, now):
    """Say why an invitation cannot be taken back: it does not stand, or the meeting has begun or all was held."""
    if error := why_not_state(invitation.consultation, State.INVITING):
        return error
    if invitation.state in STANDING:
        return _why_begun(invitation, now)
    return Conflict("not_standing", _("这个邀请已经无效，不用取消。"))


def may_read_declared(invitation, by):
    """Tell whether `by` reads what she wrote of a conflict: staff of the department that asked her, not who sees all."""
    own = by.department_id == invitation.consultation.department_id
    return own and not by.sees_all_departments


def why_not_settle(invitation, by):
    """Say why nothing is to be decided of a conflict of interest, or not by `by`: it is her own."""
    if error := why_not_oneself(invitation, by):
        return error
    if invitation.state in SAW_IT_THROUGH and invitation.conflict == ConflictState.WAITS:
        return None
    return Conflict("no_conflict", _("没有待研究的利害关系。"))


def why_not_papers(consultation):
    """Say why papers cannot be put there or taken away any more."""
    return why_not_state(consultation, State.DRAFT, State.INVITING, State.HELD)


def why_not_hold(consultation, now):
    """Say why it cannot be noted as held: the time for it is not over, or nobody has settled who came."""
    if error := why_not_state(consultation, State.INVITING):
        return error
    if consultation.mode == Mode.WRITING:
        over = consultation.opinions_by < timezone.localdate(now)
        said = consultation.invitations.filter(opinions__isnull=False).exists()
        due = consultation.invitations.filter(state=InvitationState.SENT).exists()
        waits = consultation.invitations.filter(
            state=InvitationState.ACCEPTED, opinions=None
        ).exists()
        if over or (said and not (due or waits)):
            return None
        return Conflict("opinions_due", _("意见还没有收齐，截止日期也还没有到。"))
    event = consultation.event
    if event.is_cancelled:
        return Conflict("meeting_cancelled", _("会议已经取消，请重新安排，或取消这项咨询。"))
    if not event.is_over(now):
        return Conflict("meeting_to_come", _("会议还没有结束。"))
    return None


def why_not_count_again(consultation):
    """Say why who came is not taken over from the meeting's event once more: only while it waits to be closed."""
    if not consultation.is_meeting:
        return Conflict("in_writing", _("书面咨询按有没有提意见记下，不用核对到场。"))
    return why_not_state(consultation, State.HELD)


def why_not_export(by):
    """Say why `by` may not take lists of consultations out: who runs some may."""
    if by is None or (by.has_perm(RUN) and by.department_id is not None):
        return None
    return Refused("not_allowed", _("您没有这项操作的权限，请联系系统管理员。"))


def why_not_decide(opinion, by):
    """Say why nothing can be said of what became of an opinion: not before it was held, and not by who gave it."""
    return why_not_oneself(opinion.invitation, by) or why_not_state(
        opinion.invitation.consultation, State.HELD, State.CLOSED
    )


def why_not_outcome(outcome, why):
    """Say that an opinion which was not simply used needs a word on why."""
    if outcome == "used" or (why or "").strip():
        return None
    return Invalid("why_missing", _("没有全部采纳的，请写明原因，她会看到。"), field="why")


def why_not_close(consultation, total, women):
    """Say why it cannot be closed: totals are wrong, or an opinion has no answer yet."""
    if error := why_not_state(consultation, State.HELD):
        return error
    if women > total:
        sentence = _("库外到场的女性人数不能超过库外到场的总人数。")
        return Invalid("women_above_total", sentence, field="came_outside_women")
    return why_undecided(consultation)


def why_undecided(consultation):
    """Say that an opinion has no answer yet."""
    left = Opinion.objects.filter(invitation__consultation=consultation).undecided().count()
    if not left:
        return None
    sentence = _("还有 %(left)s 条意见没有写明结果，请先逐条回应。")
    return Conflict("opinions_open", sentence % {"left": left})


def why_not_cancel(consultation):
    """Say why it cannot be cancelled any more: it was held."""
    return why_not_state(consultation, State.DRAFT, State.INVITING)


def why_not_target(department, year, percent, by, now):
    """Say why `by` may not set a target of a department, or not this one."""
    rights.require(by, TARGET)
    if by is not None and by.department_id != department.pk:
        return Refused("not_yours", _("只能设定本部门的目标。"))
    this_year = timezone.localdate(now).year
    if not this_year <= year <= this_year + MOST_YEARS_AHEAD:
        sentence = _("只能设定今年和以后 %(most)s 年的目标；过去年度的不再修改。")
        return Invalid("year", sentence % {"most": MOST_YEARS_AHEAD}, field="year")
    if not 1 <= percent <= 100:
        return Invalid("percent", _("目标须在 1% 到 100% 之间。"), field="percent")
    return None


# --- she ------------------------------------------------------------------------------------------
def why_not_hers(invitation, by):
    """Say why `by` may not answer an invitation: who was invited does."""
    if by is None or invitation.talent.user_id == by.pk:
        return None
    return Refused("not_yours", _("只有受邀的本人可以答复。"))


def why_not_accept(invitation, now):
    """Say why an invitation cannot be accepted: taken back, answered, or too late."""
    consultation = invitation.consultation
    if invitation.is_open(now) and consultation.state == State.INVITING:
        return _why_opinions_over(consultation, now) or _why_meeting_on(consultation, now)
    if invitation.state == InvitationState.WITHDRAWN:
        return Conflict("withdrawn", _("这个邀请已经取消，不用答复了，谢谢您。"))
    if invitation.state in (InvitationState.SENT, InvitationState.LAPSED):
        sentence = _("答复时间到%(day)s为止，名额已另请别人，谢谢您。")
        day = day_text(timezone.localdate(invitation.answer_by))
        return Conflict("too_late", sentence % {"day": day})
    return Conflict("not_open", _("这个邀请已经不用答复了，谢谢您。"))


def why_not_decline(invitation, by, now):
    """Say why it cannot be declined: it does not stand any more, or what it was for has begun or is over.

    Where she is erased or leaves the database it is declined for her (`by` None), meeting or not.
    """
    if invitation.state in STANDING and invitation.consultation.state == State.INVITING:
        return _why_begun(invitation, now) if by else None
    return Conflict("not_open", _("这个邀请已经不用答复了，谢谢您。"))


def _why_begun(invitation, now):
    """Say that the meeting she accepted has begun: its check-in says whether she came, and nothing would bring her back."""
    if invitation.state != InvitationState.ACCEPTED or not _is_on(invitation.consultation, now):
        return None
    return Conflict("meeting_began", _("会议已经开始，是否参加以签到为准。"))


def _why_meeting_on(consultation, now):
    """Say that the meeting was moved forward and has begun before the time to answer was over."""
    if not _is_on(consultation, now):
        return None
    return Conflict("meeting_began", _("会议已经开始，不用再答复了，谢谢您。"))


def _is_on(consultation, now):
    event = consultation.event
    return event is not None and not event.is_cancelled and event.has_started(now)


def why_not_declared(declared, words):
    """Say that who declares a conflict of interest has to say which."""
    if not declared or (words or "").strip():
        return None
    sentence = _("请简单说明是什么关系，例如参股、亲属、合作项目。")
    return Invalid("declared_words", sentence, field="declared_words")


def why_not_declare(invitation):
    """Say why she cannot say more about a conflict of interest: she has not accepted, or it is over."""
    if invitation.state in SAW_IT_THROUGH and not invitation.consultation.has_ended:
        return None
    return Conflict("not_open", _("这项咨询已经不用说明利害关系了。"))


def why_not_open_paper(paper, invitation):
    """Say why she cannot open a paper: another consultation's, or `why_not_read`."""
    if paper.consultation_id != invitation.consultation_id:
        return Refused("not_yours", _("这份材料属于另一项咨询。"))
    return why_not_read(invitation)


def why_not_read(invitation):
    """Say why she cannot open the papers: not accepted, a conflict nobody has looked at, or all is over."""
    if invitation.state not in SAW_IT_THROUGH:
        return Conflict("not_accepted", _("答应参加以后才能看材料。"))
    if invitation.consultation.has_ended:
        return Conflict("over", _("咨询已经办结，材料不再开放。"))
    return _why_conflicting(invitation)


def _why_conflicting(invitation):
    if invitation.conflict in (ConflictState.NONE, ConflictState.LET):
        return None
    sentence = _("您的利害关系正在研究，研究以后才能看材料、提意见，结果会通知您。")
    return Conflict("conflict_waits", sentence)


def why_not_say(invitation, now):
    """Say why she cannot give or change an opinion now."""
    consultation = invitation.consultation
    if invitation.state not in SAW_IT_THROUGH:
        return Conflict("not_accepted", _("答应参加以后才能提意见。"))
    if consultation.has_ended:
        return Conflict("over", _("咨询已经办结，不能再提意见，谢谢您。"))
    return _why_opinions_over(consultation, now) or _why_conflicting(invitation)


def _why_opinions_over(consultation, now):
    if consultation.mode != Mode.WRITING or consultation.opinions_by >= timezone.localdate(now):
        return None
    sentence = _("意见截止到%(day)s，已经不能再提，谢谢您。")
    return Conflict("opinions_over", sentence % {"day": day_text(consultation.opinions_by)})


def why_not_change(opinion, now):
    """Say why she cannot change what she said: it was answered, or opinions are over."""
    if opinion.outcome:
        return Conflict("answered", _("这条意见已经有了回应，不能再改。"))
    return why_not_say(opinion.invitation, now)
