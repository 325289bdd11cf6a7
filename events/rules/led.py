"""An hour of two: its leader (`Event.leader`), and who has the one seat. Both say themselves whether it took place."""

from django.utils.translation import gettext as _

from kernel.errors import Conflict, Invalid, Refused
from kernel.words import span_text

KIND = "coaching"


def why_not_lead(event, *, draft=False):
    """Say why the leader cannot give the hour then: nobody is in two places (CHECK `event_leader_once`).

    A `draft` is asked as if it were published.
    """
    if not event.is_led or not (draft or event.is_published):
        return None
    rows = (
        type(event)
        .objects.published()
        .filter(leader=event.leader_id, starts_at__lt=event.ends_at, ends_at__gt=event.starts_at)
    )
    if (other := rows.exclude(pk=event.pk).order_by("starts_at").first()) is None:
        return None
    sentence = _("辅导人 %(when)s 已有一次辅导，时间不能重叠，请换一个时间。")
    said = {"when": span_text(other.starts_at, other.ends_at)}
    return Conflict("leader_elsewhere", sentence % said, field="starts_at")


def why_not_own_hour(event, talent):
    """Say why she cannot have the seat of an hour: she gives it herself."""
    if event.is_led and talent is not None and talent.user_id == event.leader_id:
        return Refused("own_hour", _("这是您自己提供的辅导时段，不能自己预约。"))
    return None


def why_not_kind(event):
    """Say why an event cannot be of its kind: coaching is published by who gives it, and by nobody else."""
    if event.kind == KIND and not event.is_led and not event.pk:
        sentence = _("一对一的辅导时段由辅导人在“创业辅导”里发布；讲座和课程请选“创业培训”。")
        return Invalid("kind_by_leader", sentence, field="kind")
    if event.is_led and event.kind != KIND:
        sentence = _("这是辅导人发布的时段，类型不能改。")
        return Invalid("kind_by_leader", sentence, field="kind")
    return None


def why_not_more_seats(event, capacity):
    """Say why an hour cannot have `capacity` seats: it is for two."""
    if event.is_led and capacity != 1:
        sentence = _("辅导是一对一的，席位只能是 1。")
        return Invalid("hour_of_two", sentence, field="capacity")
    return None


def why_not_at_door(event):
    """Say why nobody is let in at the door of an hour, taken for absent or handed its seat: the two say how it was."""
    if not event.is_led:
        return None
    sentence = _("一对一的辅导不在门口签到，由辅导人和她本人各自确认是否进行。")
    return Conflict("two_confirm", sentence)


def why_not_hand_on_hour(event):
    """Say why the seat of an hour is not handed on: what was written for it is for the two alone."""
    if not event.is_led:
        return None
    return Conflict("hour_of_two", _("辅导时段不能转让；不能参加请取消，让给候补的姐妹。"))
