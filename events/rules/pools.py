"""How many seats may be kept back, how many guests counted, how many children looked after, and when."""

from django.utils.translation import gettext as _

from events.rules.after import CORRECT_FOR
from events.rules.programme import why_not_edit
from kernel.errors import Conflict, Invalid

MOST_CHILDREN = 4
MOST_GUESTS = 9999


def why_not_pool(pool, event, seats, opens_to_all_at, at):
    """Say why `pool` of `event`, saved or not yet, cannot keep that many seats until then (None: for good)."""
    if error := why_not_edit(event):
        return error
    if event.has_started(at):
        return Conflict("event_started", _("活动已经开始，不能再调整保留席位。"))
    if pool.opened_at:
        return Conflict("pool_opened", _("这些席位已经向所有人开放；需要时可以另外保留席位。"))
    return (
        _why_not_whom(pool, event)
        or _why_not_so_many(pool, event, seats)
        or _why_not_opening(event, opens_to_all_at, at)
    )


def _why_not_whom(pool, event):
    if pool.kind == "unit" and pool.unit is None:
        return Invalid("unit_missing", _("请选择为哪个单位保留席位。"), field="unit")
    if pool.kind == "track" and pool.unit is not None:
        return Invalid("unit_unwanted", _("女性专场的席位不分单位，请不要选择单位。"), field="unit")
    same = event.pools.closed().filter(unit=pool.unit).exclude(pk=pool.pk)
    if same.exists():
        sentence = _("已经保留过，请在原来的保留席位上增减。")
        return Invalid("pool_there", sentence, field="unit" if pool.unit else "kind")
    return None


def _why_not_so_many(pool, event, seats):
    if seats < 1:
        return Invalid(
            "pool_too_small", _("保留席位至少为 1；不再保留请点“向所有人开放”。"), field="seats"
        )
    if seats < pool.taken:
        sentence = _("这些席位已有 %(taken)s 人，不能少于这个数。") % {"taken": pool.taken}
        return Invalid("pool_below_taken", sentence, field="seats")
    kept = pool.seats if pool.pk else 0
    if seats - kept > event.seats_free:
        sentence = _("空余席位只剩 %(free)s 个，最多保留 %(most)s 席；可以先增加活动的席位。")
        facts = {"free": event.seats_free, "most": kept + event.seats_free}
        return Invalid("pool_over_capacity", sentence % facts, field="seats")
    return None


def _why_not_opening(event, opens_to_all_at, at):
    if opens_to_all_at is None or at < opens_to_all_at < event.starts_at:
        return None
    sentence = _("开放时间要在现在之后、活动开始之前；一直保留请留空。")
    return Invalid("opening_wrong", sentence, field="opens_to_all_at")


def why_not_guests(event, women, men, at):
    """Say why the event cannot have that many guests: no seat is sold twice, and a year later nothing is corrected."""
    if error := why_not_edit(event):
        return error
    if at >= event.ends_at + CORRECT_FOR:
        return Conflict("too_late", _("活动已过去一年，来宾人数不能再更正。"))
    if min(women, men) < 0 or max(women, men) > MOST_GUESTS:
        return Invalid("guests_wrong", _("来宾人数请填 0 到 9999。"), field="women")
    if women + men - event.guests > event.seats_free:
        sentence = _("空余席位只剩 %(free)s 个，来宾最多 %(most)s 人；可以先增加活动的席位。")
        facts = {"free": event.seats_free, "most": event.guests + event.seats_free}
        return Invalid("no_seats_for_guests", sentence % facts, field="women")
    return None


def why_not_children(event, children):
    """Say why nobody can ask for childcare for that many children at the event."""
    if children and not event.childcare_places:
        return Invalid("no_childcare", _("这场活动不提供儿童托管。"), field="children")
    if not 0 <= children <= MOST_CHILDREN:
        return Invalid("children_wrong", _("随行孩子请填 0 到 4 人。"), field="children")
    return None


def why_not_childcare(booking, children, at):
    """Say why she cannot ask for childcare for that many children from now on."""
    event = booking.event
    if event.is_cancelled:
        return Conflict("event_cancelled", _("活动已取消，看看其他活动吧。"))
    if not booking.is_active:
        return Conflict("booking_cancelled", _("这次报名已经取消。"))
    if event.has_started(at):
        return Conflict("event_started", _("活动已经开始，托管人数请在现场说明。"))
    more = children - booking.children
    if booking.has_childcare and more > event.childcare_left:
        sentence = _("托管名额只剩 %(left)s 个，您已有的 %(children)s 个保持不变。")
        facts = {"left": event.childcare_left, "children": booking.children}
        return Conflict("childcare_full", sentence % facts, field="children")
    return why_not_children(event, children)


def why_not_childcare_places(event, places):
    """Say why the event cannot have so few places for children: those given stay."""
    if places < event.childcare_taken:
        sentence = _("已安排 %(taken)s 个孩子，托管名额不能少于这个数。")
        facts = {"taken": event.childcare_taken}
        return Invalid("childcare_below_taken", sentence % facts, field="childcare_places")
    return None
