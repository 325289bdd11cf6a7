"""What care_points is told of events whose seats are had for points (kernel.portal, field `seats`)."""

from django.urls import reverse
from django.utils.translation import gettext as _

from care_points.seats import Seats
from events.models import Event
from events.operations import paid_seats, redeem_seat
from kernel.errors import Conflict, Invalid
from kernel.words import moment_text


def why_not_offer(code):
    """Say why the event of a code cannot be a service of a station."""
    event = Event.objects.filter(code=code).first()
    if event is None or not event.is_published:
        sentence = _("没有这个编号的已发布活动，请核对活动编号。")
        return Invalid("event_unknown", sentence, field="event_code")
    if not event.points_only:
        sentence = _("这场活动没有勾选“席位用积分兑换”，请先请主办方勾选。")
        return Conflict("event_free", sentence, field="event_code")
    return None


def why_not_take(code, talent, at):
    """Say why she cannot have a seat of the event of a code for points now."""
    event = Event.objects.filter(code=code, points_only=True).first()
    if event is None:
        return Conflict("service_closed", _("这项服务暂停兑换，积分没有变动，请看看其他服务。"))
    return paid_seats.why_not_take(event, talent, at)


def facts(code):
    """Return what pages of a station say of the event, None where there is none."""
    event = Event.objects.filter(code=code).first()
    if event is None:
        return None
    return {
        "title": event.title,
        "when": moment_text(event.starts_at),
        "where": event.place,
        "address": reverse("event", args=[event.code]),
    }


SEATS = Seats(why_not_offer, why_not_take, redeem_seat, facts)
