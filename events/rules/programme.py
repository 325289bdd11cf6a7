"""What can be done with an event itself, and when."""

from datetime import timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from events.rules.led import why_not_kind, why_not_lead, why_not_more_seats
from kernel.errors import Conflict, Invalid, Refused
from kernel.words import listed

LONGEST_SERVICE = timedelta(hours=12)  # what one record of volunteer hours may say (care_points)
FURTHEST, LONGEST = timedelta(days=5 * 365 + 2), timedelta(days=366)  # beyond it a year is mistyped


def why_not_publish(event, at):
    """Say why an event cannot go on the public list."""
    if event.is_published:
        return Conflict("event_published", _("活动已经发布。"))
    if event.is_cancelled:
        return Conflict("event_cancelled", _("活动已取消，不能再发布；可以复制一场新的活动。"))
    if event.has_started(at):
        return Conflict("event_in_past", _("开始时间已过，请先修改活动时间再发布。"))
    return why_not_lead(event, draft=True)


def why_not_call_off(event, at):
    """Say why an event cannot be cancelled."""
    if event.is_cancelled:
        return Conflict("event_cancelled", _("活动已取消。"))
    if event.is_over(at):
        return Conflict("event_over", _("活动已经结束，不能取消。"))
    return None


def why_not_message(event, at):
    """Say why nothing can be written to those who booked."""
    if not event.is_published:
        return Conflict("event_not_on", _("活动没有发布或已取消，不能给报名的人发通知。"))
    if event.is_over(at):
        return Conflict("event_over", _("活动已经结束，不能再发通知。"))
    return None


def why_not_speak_for(event, talent, by):
    """Say why `by` may not take the talent off a session of the event as a speaker does: it is for herself."""
    if talent is not None and by is not None and talent.user_id == by.pk:
        return None
    return Refused("not_yours", _("只有主讲人本人可以退出；工作人员请修改议程。"))


def why_not_leave_session(speaker, at):
    """Say why a speaker cannot take her name off a session any more."""
    if at >= speaker.session.ends_at:
        sentence = _("这一场已经结束，议程留作记录。记录有误请与主办方联系。")
        return Conflict("session_over", sentence)
    return None


def why_not_edit(event):
    """Say why an event's fields cannot be changed: a cancelled one keeps what people were told."""
    if event.is_cancelled:
        return Conflict("event_cancelled", _("活动已取消，不能再修改；可以复制一场新的活动。"))
    return None


def why_not_change_kind(event, kind, at):
    """Say why the kind of an event cannot become `kind`: who came earned by coming, or by hours, and not by both."""
    service = "volunteering"
    if event.kind != kind and service in (event.kind, kind) and at >= event.door_opens_at():
        sentence = _("活动当天起，不能再改为或改掉“志愿服务”：积分的计法不同。")
        return Conflict("kind_stands", sentence, field="kind")
    return None


def why_not_begin(starts_at, at):
    """Say why an event cannot be planned for `starts_at`."""
    if starts_at <= at:
        return Invalid("start_in_past", _("开始时间已过，请填将来的时间。"), field="starts_at")
    if starts_at > at + FURTHEST:
        sentence = _("开始时间在五年以后，请核对年份。")
        return Invalid("start_too_far", sentence, field="starts_at")
    return None


def why_not_seats(event, capacity):
    """Say why an event cannot have `capacity` seats: those taken stay."""
    if capacity < 1:
        return Invalid("capacity_too_small", _("席位至少为 1。"), field="capacity")
    if error := why_not_more_seats(event, capacity):
        return error
    needed = event.seats_taken + event.kept + event.guests
    if capacity < needed:
        if needed == event.seats_taken:
            sentence = _("已有 %(needed)s 人报名，席位不能少于这个数。")
        else:
            sentence = _("%(given)s，席位不能少于 %(needed)s。")
        facts = {"given": listed(_given(event)), "needed": needed}
        return Invalid("capacity_below_taken", sentence % facts, field="capacity")
    return None


def _given(event):
    """Return in words what an event's seats are given to, what there is none of left out."""
    numbers = (
        (_("%(n)s 人已报名"), event.seats_taken),
        (_("%(n)s 席保留未用"), event.kept),
        (_("%(n)s 位库外来宾"), event.guests),
    )
    return [words % {"n": number} for words, number in numbers if number]


def why_not_span(event):
    """Say why an event cannot be held from its start to its end: its agenda has to lie between them."""
    outside = Q(starts_at__lt=event.starts_at) | Q(ends_at__gt=event.ends_at)
    if session := event.sessions.filter(outside).order_by("starts_at").first():
        sentence = _(
            "议程里的“%(title)s”（%(time)s）不在新的时间之内，请先改议程，或把整场一起移动。"
        )
        said = {"title": session.title, "time": session.time_text}
        return Invalid("agenda_outside", sentence % said, field="ends_at")
    return None


def contradictions(event):
    """Return an Invalid for each value of `event` that contradicts another; an empty time does not."""
    start, end = event.starts_at, event.ends_at
    opens, closes = event.booking_opens_at, event.booking_closes_at
    errors = []
    if error := why_not_kind(event):
        errors.append(error)
    if event.mode != "online" and not event.venue:
        sentence = _("请填写地点；只在线上举行的，请把举办形式改为“线上”。")
        errors.append(Invalid("venue_missing", sentence, field="venue"))
    if start and end and end <= start:
        sentence = _("结束时间要晚于开始时间，请修改。")
        errors.append(Invalid("event_ends_early", sentence, field="ends_at"))
    if start and end and event.is_volunteering and end - start > LONGEST_SERVICE:
        sentence = _("志愿服务一场最长 12 小时，更长的请按天分别新建。")
        errors.append(Invalid("service_too_long", sentence, field="ends_at"))
    elif start and end and end > start + LONGEST:
        sentence = _("活动最长一年，请核对结束时间；更长的请分成几场，归入一个系列。")
        errors.append(Invalid("event_too_long", sentence, field="ends_at"))
    if event.points_only and event.needs_approval:
        sentence = _("席位用积分兑换的活动不逐个审核，请去掉其中一项。")
        errors.append(Invalid("points_need_no_approval", sentence, field="points_only"))
    if start and closes and closes > start:
        sentence = _("报名截止不能晚于活动开始，请修改或留空。")
        errors.append(Invalid("booking_closes_late", sentence, field="booking_closes_at"))
    elif opens and closes and opens >= closes:
        sentence = _("报名开始要早于报名截止，请修改。")
        errors.append(Invalid("booking_opens_late", sentence, field="booking_opens_at"))
    if start and event.transfers_until and event.transfers_until > start:
        sentence = _("转让截止不能晚于活动开始，请修改或留空。")
        errors.append(Invalid("transfers_end_late", sentence, field="transfers_until"))
    if event.sensitive_topic and event.takes_photos:
        sentence = _("敏感主题的活动不拍照展示，请去掉其中一项。")
        errors.append(Invalid("sensitive_photos", sentence, field="takes_photos"))
    return errors
