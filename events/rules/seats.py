"""Who may have a seat, take or refuse one, or give it back, and when."""

from datetime import timedelta

from django.utils.translation import gettext as _

from accounts.models import Unit
from events.rules.led import why_not_own_hour
from kernel.errors import Conflict, Refused
from kernel.words import either, moment_text
from talents.codes import Discipline
from talents.models import Tier
from talents.standing import why_not_take_part

GROUP_HOURS = 48  # a seat is kept for whom a unit names, where the event has no other time


def why_not_book(event, talent, at):
    """Say why a woman cannot book the event, or wait for it, at this moment.

    `talent` is her record, None where she has none. Whether a seat is free is another question.
    """
    return why_not_take_seat(event, talent, at) or why_not_free(event)


def why_not_take_seat(event, talent, at):
    """Say why a woman cannot have a seat of the event at this moment, whether she books it or has it for points."""
    closed = why_not_open(event, at) or why_not_take_part(talent)
    closed = closed or why_not_own_hour(event, talent)
    return closed or why_not_invited(event, talent) or why_not_eligible(event, talent)


def why_not_free(event):
    """Say why a seat cannot just be booked: it is had for points."""
    if not event.points_only:
        return None
    return Conflict("points_only", _("这场活动的席位用积分兑换，请到爱心加油站选择这项服务。"))


def why_not_free_again(event):
    """Say why the seats of an event cannot be free from now on: somebody has spent points on hers."""
    if not event.bookings.active().filter(paid__isnull=False).exists():
        return None
    sentence = _("已有人用积分兑换了席位，不能改为免费报名；请先取消这些报名，积分会退回。")
    return Conflict("seats_paid", sentence, field="points_only")


def is_too_late(paid, event, at):
    """Tell whether points a seat was paid with (a PaidSeat) stay spent when she herself gives it back at this moment."""
    return not paid.late_refund and at > event.starts_at - timedelta(hours=paid.cancel_hours)


def why_not_book_for(event, talent, at):
    """Say why staff cannot book for her beside the rules of who may come and when: seats are never exempt."""
    if event.is_cancelled or not event.is_published or event.is_over(at):
        return why_not_open(event, at)
    return why_not_take_part(talent) or why_not_own_hour(event, talent)


def why_not_invited(event, talent):
    """Say why she may not come to an event that is for the invited."""
    if event.visibility != "invited" or event.invitations.standing().filter(talent=talent).exists():
        return None
    return Refused("not_invited", _("这场活动仅限受邀的人参加，如有疑问请与主办方联系。"))


def why_not_eligible(event, talent):
    """Say why an event is not for her, by her record, and what would change it."""
    # Only what is limited is asked: pages read no more of her record than they show.
    other_tier = event.for_tiers and talent.tier not in event.for_tiers
    other_discipline = event.for_disciplines and talent.discipline not in event.for_disciplines
    other_unit = event.for_units and talent.unit_id not in event.for_units
    if not (other_tier or other_discipline or other_unit):
        return None
    hers = []
    if other_tier:
        hers.append((_("人才层次"), dict(Tier.choices).get(talent.tier)))
    if other_discipline:
        hers.append((_("学科"), dict(Discipline.choices).get(talent.discipline)))
    if other_unit:
        hers.append((_("单位"), talent.unit_name))
    sentence = _("这场活动面向%(whom)s，您档案里的%(hers)s。")
    is_what, is_empty = _("%(what)s是%(value)s"), _("%(what)s还没有填")
    said = [
        (is_what if value else is_empty) % {"what": what, "value": value} for what, value in hers
    ]
    sentence %= {"whom": whom(event), "hers": _("，").join(said)}
    if other_tier:  # staff decide on it: her own page would change nothing
        ask = _("人才层次由%(department)s认定，与实际不符的请与其联系。")
        return Refused("not_eligible", sentence + ask % {"department": talent.department})
    ask = _("%(what)s与实际不符的，请先在“我的档案”里修改。")
    return Refused("not_eligible", sentence + ask % {"what": either(what for what, _value in hers)})


def whom(event):
    """Return in words for whom an event is: 人才层次为国家级或市级，且学科为材料科学的人才; "" where it is for all."""
    limits = (
        (_("人才层次为%(any)s"), dict(Tier.choices), event.for_tiers),
        (_("学科为%(any)s"), dict(Discipline.choices), event.for_disciplines),
        (_("单位为%(any)s"), _names_of(event.for_units), event.for_units),
    )
    parts = [
        words % {"any": either(names[code] for code in codes if code in names)}
        for words, names, codes in limits
        if codes
    ]
    return _("%(what)s的人才") % {"what": _("，且").join(parts)} if parts else ""


def _names_of(units):
    """Return {id: name} of units; no query for none."""
    return dict(Unit.objects.filter(pk__in=units).values_list("pk", "name")) if units else {}


def why_not_open(event, at):
    """Say why nobody can book the event, or wait for it, at this moment."""
    if event.is_cancelled:
        return Conflict("event_cancelled", _("活动已取消，看看其他活动吧。"))
    if not event.is_published:
        return Conflict("event_not_published", _("活动还没有发布，请稍后再来。"))
    if event.is_over(at):
        return Conflict("event_over", _("活动已结束，看看其他活动吧。"))
    if event.has_started(at):
        return Conflict("event_started", _("活动正在进行，报名已截止。"))
    if at < event.booking_opens_at:
        sentence = _("报名还没有开始，%(when)s 开放。")
        return Conflict(
            "booking_not_open", sentence % {"when": moment_text(event.booking_opens_at)}
        )
    if at >= event.booking_closes_at:
        sentence = _("报名已于 %(when)s 截止，看看其他活动吧。")
        return Conflict("booking_closed", sentence % {"when": moment_text(event.booking_closes_at)})
    return None


def why_not_accept(booking, at):
    """Say why a seat that was kept for her cannot be taken any more."""
    if booking.event.is_cancelled:
        return Conflict("event_cancelled", _("活动已取消，看看其他活动吧。"))
    if booking.is_offered and booking.event.has_started(at):
        return Conflict("event_started", _("活动已经开始，席位没有再保留。"))
    if booking.is_offered and at < booking.offer_ends_at:
        return why_not_take_part(booking.talent)
    sentence = _("这个席位没有再为您保留，已让给后面候补的姐妹；想参加可以重新报名。")
    return Conflict("offer_gone", sentence)


def why_not_decide(booking, by, at):
    """Say why `by` cannot decide a request to come: never her own."""
    if by is not None and booking.talent.user_id == by.pk:
        return Refused("own_booking", _("不能审核自己的报名，请同事办理。"))
    if booking.event.is_cancelled:
        return Conflict("event_cancelled", _("活动已取消，不用再审核报名。"))
    if booking.event.is_over(at):
        return Conflict("event_over", _("活动已经结束，不用再审核报名。"))
    if not booking.is_pending:
        return Conflict("booking_decided", _("这次报名已经审核过，或已由本人取消。"))
    return None


def why_not_cancel(booking, at):
    """Say why a seat, an offer, a request or a place in the queue cannot be given back."""
    if booking.event.is_cancelled:
        return Conflict("event_cancelled", _("活动已取消，不用再取消报名。"))
    if not booking.is_active:
        return Conflict("booking_cancelled", _("这次报名已经取消。"))
    if booking.checked_in_at:
        return Conflict("already_checked_in", _("已经签到，不能再取消报名。"))
    if booking.event.has_started(at):
        return Conflict("event_started", _("活动已经开始，不能再取消报名。"))
    return None


def why_not_group(event, at):
    """Say why a unit cannot name people for the event: each has to be able to answer, and nothing sensitive is told."""
    if error := why_not_open(event, at):
        return error
    if error := why_not_free(event):
        return error
    if not event.is_public or event.sensitive_topic:
        return Refused("not_for_groups", _("这场活动由本人报名，单位不能代为推荐。"))
    if event.needs_approval:
        return Conflict("approval_needed", _("这场活动的报名由主办方审核，请本人报名。"))
    if event.offer_end(at, event.offer_hours or GROUP_HOURS) is None:
        return Conflict("too_late_for_group", _("离活动开始太近，来不及请她们确认，请本人报名。"))
    return None
