"""Coaching: who may give hours, when, to whom; what the two may write and say; times that are proposed."""

from datetime import timedelta

from django.utils.translation import gettext as _

from entrepreneurship.learning.models import (
    Coach,
    CoachingHour,
    CoachingProposal,
    CoachState,
    CoachTopic,
    ProposalState,
)
from events import rules as event_rules
from kernel import days, rights
from kernel.days import month_bounds, month_of
from kernel.errors import Conflict, Invalid, Refused
from talents.standing import why_not_take_part

CHANGE = "entrepreneurship.change_coach"
LENGTHS = (30, 45, 60, 90)  # minutes an hour may last
AHEAD = timedelta(days=90)  # so far hours are published and proposed
NOTICE = timedelta(hours=2)  # before the start an hour is published, at the latest
PROPOSE_BEFORE = timedelta(days=1)
CONFIRM_FOR = timedelta(days=60)  # after an hour the two say whether it took place
MOST_OPEN = 3  # proposals of one woman that wait at a time
ANSWER_DAYS = 5  # working days
TIMES = 3


# --- coaches -----------------------------------------------------------------------------------------
def why_not_offer_for(user, by):
    """Say why `by` may not offer that `user` coaches: everybody agrees for herself."""
    if by is None or (user is not None and user.pk == by.pk):
        return None
    return Refused("not_yours", _("是否担任辅导人，由本人同意。"))


def why_not_offer(user):
    """Say why `user` cannot offer to coach now."""
    found = Coach.objects.filter(user=user).first()
    if found and found.state == CoachState.ACTIVE:
        return Conflict("coach_active", _("您已是辅导人，可以直接修改内容、发布时段。"))
    return None


def why_not_coach(coach):
    """Say why an offer cannot be as it is written."""
    if not set(coach.topics) or not set(coach.topics) <= set(CoachTopic.values):
        return Invalid("topics_missing", _("请至少选择一个辅导方向。"), field="topics")
    if not (coach.introduction or "").strip():
        sentence = _("请用一两句话介绍您能帮到什么。")
        return Invalid("introduction_missing", sentence, field="introduction")
    if coach.mode != "online" and not (coach.place or "").strip():
        sentence = _("请填写辅导地点；只在线上辅导的，请选“线上”。")
        return Invalid("place_missing", sentence, field="place")
    if not 1 <= (coach.hours_per_month or 0) <= 40:
        sentence = _("每月次数请填 1 到 40。")
        return Invalid("hours_out_of_range", sentence, field="hours_per_month")
    return None


def why_not_manage_coach(coach, by):
    """Say why `by` may not decide on a coach: staff of the department that looks after the coach, never oneself."""
    if not rights.may(by, CHANGE):
        return Refused("not_allowed", _("您没有办理创业辅导的权限，请联系系统管理员。"))
    if by is None:
        return None
    if coach.user_id == by.pk:
        return Refused("own_offer", _("不能办理自己的辅导申请，请同事办理。"))
    if by.sees_all_departments or coach.department_id in (None, by.department_id):
        return None
    return Refused("coach_not_yours", _("这位辅导人由其他部门联系。"))


def why_not_decide_coach(coach):
    """Say why it cannot be decided whether somebody coaches."""
    if coach.state == CoachState.OFFERED:
        return None
    return Conflict("coach_decided", _("这份申请已经办理过。"))


def why_not_end_for(coach, by):
    """Say why `by` may not end somebody's coaching: it is for the coach, and staff."""
    if by is not None and coach.user_id == by.pk:
        return None
    return why_not_manage_coach(coach, by)


def why_not_end(coach):
    """Say why there is no coaching to end."""
    if coach.state in (CoachState.ACTIVE, CoachState.OFFERED):
        return None
    return Conflict("coach_ended", _("已经停止辅导。"))


# --- hours -------------------------------------------------------------------------------------------
def why_not_publish_for(coach, by):
    """Say why `by` may not publish hours of a coach, or answer what is proposed: it is for the coach."""
    if by is None or coach.user_id == by.pk:
        return None
    return Refused("not_yours", _("辅导时段只能由辅导人本人发布和处理。"))


def why_not_publish(coach, at):
    """Say why a coach cannot publish hours."""
    if coach.is_active:
        return None
    if coach.state == CoachState.OFFERED:
        return Conflict("coach_offered", _("部门确认以后就可以发布时段。"))
    return Conflict("coach_ended", _("已经停止辅导，不能发布时段；需要时请重新申请。"))


def why_not_hour(coach, starts_at, minutes, topic, at):
    """Say why an hour cannot be at that time; that it overlaps no other `events.rules` says."""
    if starts_at < at + NOTICE:
        sentence = _("开始时间至少在两小时以后，请重新选择。")
        return Invalid("hour_in_past", sentence, field="starts_at")
    if starts_at > at + AHEAD:
        sentence = _("最多提前 90 天发布，请核对日期。")
        return Invalid("hour_too_far", sentence, field="starts_at")
    if minutes not in LENGTHS:
        return Invalid("length_unknown", _("请选择时长。"), field="minutes")
    if topic not in coach.topics:
        sentence = _("请从自己的辅导方向里选一个。")
        return Invalid("topic_unknown", sentence, field="topic")
    return None


def why_not_more_hours(coach, starts_at):
    """Say why a coach cannot publish one more hour of a month: it was agreed how many."""
    bounds = month_bounds(month_of(starts_at))
    within = days.within("event__starts_at", *bounds)
    if (
        coach.hours.exclude(event__state="cancelled").filter(**within).count()
        < coach.hours_per_month
    ):
        return None
    sentence = _("这个月已发布 %(most)s 次，达到您定的每月次数；想多辅导请先修改次数。")
    return Conflict("month_full", sentence % {"most": coach.hours_per_month}, field="starts_at")


def why_not_cancel_for(hour, by):
    """Say why `by` may not cancel an hour: it is for the coach, and staff."""
    if by is not None and hour.coach.user_id == by.pk:
        return None
    return why_not_manage_coach(hour.coach, by)


def why_not_call_off(hour, at):
    """Say why an hour cannot be cancelled any more."""
    return event_rules.why_not_call_off(hour.event, at)


def seat_of(hour):
    """Return the Booking that has the seat of an hour, None where nobody has."""
    return hour.event.bookings.seated().select_related("talent__user").first()


# --- what the two write and say ------------------------------------------------------------------------
def part_of(hour, seat, by):
    """Return "coach" or "her" for one of the two of an hour, "" for everybody else, staff too."""
    if by is None:
        return ""
    if hour.coach.user_id == by.pk:
        return "coach"
    return "her" if seat is not None and seat.talent.user_id == by.pk else ""


def why_not_of_the_two(hour, seat, by):
    """Say why `by` may not read, write or say anything of an hour: it is for the two alone, and for no system either."""
    if part_of(hour, seat, by):
        return None
    return Refused("not_of_the_two", _("这次辅导的内容只有辅导人和她本人可以看到。"))


def why_not_write(hour, seat):
    """Say why nothing is written for an hour: somebody has to have its seat."""
    if hour.event.is_cancelled:
        return Conflict("event_cancelled", _("这次辅导已取消。"))
    if seat is None:
        return Conflict("nobody_booked", _("还没有人预约这个时段。"))
    return None


def why_not_confirm(hour, seat, at):
    """Say why it cannot be said now whether an hour took place."""
    if error := why_not_write(hour, seat):
        return error
    if not hour.event.has_started(at):
        return Conflict("not_begun", _("时间还没有到，辅导开始以后再确认。"))
    if at >= hour.event.ends_at + CONFIRM_FOR:
        return Conflict("too_late", _("已经过去 60 天，不能再确认或更改。"))
    return None


# --- proposed times ------------------------------------------------------------------------------------
def why_not_propose_for(talent, by):
    """Say why `by` may not propose times for the talent: it is for herself."""
    if by is None or (talent is not None and talent.user_id == by.pk):
        return None
    return Refused("not_yours", _("只有本人可以提议时间。"))


def why_not_propose(coach, talent, at):
    """Say why a woman cannot propose times to a coach now: she has to have none free to book."""
    if not coach.is_active:
        return Conflict("coach_ended", _("这位辅导人目前不接受预约，看看其他辅导人吧。"))
    if error := why_not_take_part(talent):
        return error
    if talent.user_id == coach.user_id:
        return Refused("own_hour", _("这是您自己的辅导，不能向自己提议时间。"))
    if free_hours(coach, at).exists():
        return Conflict("hours_free", _("这位辅导人有空的时段，请直接预约。"))
    hers = CoachingProposal.objects.open().filter(talent=talent)
    if hers.filter(coach=coach).exists():
        return Conflict("proposed_already", _("您已提议过时间，请等辅导人答复，或先收回。"))
    if hers.count() >= MOST_OPEN:
        sentence = _("您有 3 份提议还没有答复，请等答复，或先收回一份。")
        return Conflict("too_many_proposals", sentence)
    return None


def free_hours(coach, at):
    """Return the hours of a coach that can be booked at this moment."""
    coming = CoachingHour.objects.coming(at).filter(coach=coach)
    return coming.filter(event__seats_taken=0, event__waiting=0, event__booking_closes_at__gt=at)


def why_not_times(times, at):
    """Say why these moments cannot be proposed: three, apart from each other, within the next weeks."""
    if len(times) != TIMES or len(set(times)) != TIMES:
        return Invalid("times_missing", _("请填写三个不同的时间。"), field="time_1")
    for number, moment in enumerate(times, 1):
        if not at + PROPOSE_BEFORE <= moment <= at + AHEAD:
            sentence = _("请填写明天以后、90 天以内的时间。")
            return Invalid("time_out_of_range", sentence, field=f"time_{number}")
    first, second, third = sorted(times)
    if second - first < timedelta(hours=1) or third - second < timedelta(hours=1):
        sentence = _("三个时间之间至少相隔一小时。")
        return Invalid("times_overlap", sentence, field="time_2")
    return None


def why_not_answer(proposal):
    """Say why a proposal cannot be answered or taken back any more."""
    said = {
        ProposalState.ACCEPTED: _("这份提议已经接受。"),
        ProposalState.DECLINED: _("这份提议已经婉拒。"),
        ProposalState.WITHDRAWN: _("这份提议已被本人收回。"),
        ProposalState.LAPSED: _("这份提议已过期。"),
    }
    if proposal.is_open:
        return None
    return Conflict("proposal_decided", said[proposal.state])
