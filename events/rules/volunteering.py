"""Whose volunteer hours the leader of an activity may record, and how many."""

from datetime import timedelta

from django.utils.translation import gettext as _

from kernel.errors import Conflict, Invalid

HALF_HOUR = timedelta(minutes=30)


def why_not_record_volunteers(event, at):
    """Say why no volunteer hours can be recorded of an event at the moment `at`."""
    if not event.is_volunteering:
        return Conflict("not_volunteering", _("这场活动不是志愿服务，没有志愿时长。"))
    if event.is_cancelled:
        return Conflict("event_cancelled", _("活动已取消，不能登记志愿时长。"))
    if not event.is_over(at):
        return Conflict("event_not_over", _("活动还没有结束，结束后才能登记志愿时长。"))
    return None


def why_not_serve_so_long(event, booking, half_hours):
    """Say why she cannot have served so many half hours at an event: she came, and no longer than it lasted."""
    if booking.state != "attended":
        sentence = _("%(name)s没有到场记录，不能登记时长；确实到场的，请先更正到场情况。")
        return Conflict("did_not_come", sentence % {"name": booking.talent.full_name})
    if half_hours < 1:
        return Invalid("hours_out_of_range", _("时长至少半小时，没有服务的请留空。"))
    most = -(-(event.ends_at - event.starts_at) // HALF_HOUR)
    if half_hours > most:
        sentence = _("时长不能超过活动的 %(hours)s 小时。")
        return Invalid("hours_out_of_range", sentence % {"hours": f"{most / 2:g}"})
    return None
