"""Hours of coaching: published and cancelled as events, written about by the two, confirmed by both, thanked for once."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from care_points.operations import earn, reverse
from entrepreneurship.learning import coaching_letters as letters
from entrepreneurship.learning.models import Coach, CoachingHour, CoachTopic, Said
from entrepreneurship.learning.rules import coaching as rules
from events import operations as events
from events.models import BookingState, Event, EventKind, Mode
from events.rules import organisers, why_not_lead, why_not_organise
from kernel.errors import Conflict, Invalid
from privacy import audit

RULE = "coaching"
CANCELLED = "辅导人临时有事"  # what is stored where the coach gives no words; the notice says it


@transaction.atomic
def publish_hour(*, coach, starts_at, minutes, topic, by, now, mode=None, online_url=""):
    """Publish an hour of one's own: an event of one seat, with queue, reminders and cancelling.

    `minutes` is one of rules.LENGTHS, `mode` where it is held (default: the coach's). Raises Refused, Invalid for a
    time past or too far, Conflict for one that overlaps another hour or is more than was agreed. Returns the
    CoachingHour.
    """
    if error := rules.why_not_publish_for(coach, by):
        raise error
    coach = Coach.objects.locked(coach)
    if error := (
        rules.why_not_publish(coach, now)
        or rules.why_not_hour(coach, starts_at, minutes, topic, now)
        or rules.why_not_more_hours(coach, starts_at)
    ):
        raise error
    return make_hour(coach, starts_at, minutes, topic, now, mode=mode, online_url=online_url, by=by)


def make_hour(coach, starts_at, minutes, topic, now, *, mode=None, online_url="", by=None):
    """Publish an hour; the caller holds the coach's lock and has asked the rules."""
    mode = mode or (Mode.ON_SITE if coach.mode == Mode.BOTH else coach.mode)
    topic_name = _stored_topic(topic)
    fields = {
        "title": f"创业辅导：{topic_name}（{coach.user.full_name}）",
        "kind": EventKind.COACHING,
        "measure": 3,
        "summary": f"与{coach.user.full_name}一对一交流“{topic_name}”",
        "body": coach.introduction,
        "mode": mode,
        "venue": "" if mode == Mode.ONLINE else coach.place,
        "online_url": "" if mode == Mode.ON_SITE else online_url,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=minutes),
        "capacity": 1,
        "visibility": "talents",
        "department": coach.department,
        "organiser": _caretaker(coach),
    }
    _refuse_overlap(coach, fields)
    try:
        with transaction.atomic():
            event = events.add_event(fields=fields, by=None, now=now, leader=coach.user)
            event = events.publish_event(event=event, by=None, now=now)
    except IntegrityError:  # an hour of hers was moved there meanwhile, under a lock of its own
        _refuse_overlap(coach, fields)
        raise
    hour = CoachingHour.objects.create(coach=coach, event=event, topic=topic)
    audit.record("entrepreneurship.publish_hour", hour, by=by, at=now)
    return hour


def _stored_topic(topic):
    """Return a topic as it is stored in Chinese, whoever publishes."""
    with translation.override("zh-hans"):
        return str(CoachTopic(topic).label)


def forget_coach(user):
    """Take an erased coach's name and words out of her hours: that they were given stays. Returns how many."""
    hours = list(CoachingHour.objects.filter(coach__user=user).select_related("event"))
    for hour in hours:
        title = f"创业辅导：{_stored_topic(hour.topic)}"
        Event.objects.filter(pk=hour.event_id).update(title=title, summary=title, body="")
    return len(hours)


def _refuse_overlap(coach, fields):
    times = {"starts_at": fields["starts_at"], "ends_at": fields["ends_at"]}
    if error := why_not_lead(Event(leader=coach.user, **times), draft=True):
        raise error


def _caretaker(coach):
    """Return who of the department answers for the hours: whoever took the coach up, while she may."""
    if why_not_organise(coach.department, coach.decided_by) is None:
        return coach.decided_by
    found = organisers(coach.department).filter(is_active=True).order_by("pk").first()
    if found is None:
        sentence = _("联系部门目前没有能办活动的工作人员，请与部门联系。")
        raise Conflict("no_organiser", sentence)
    return found


@transaction.atomic
def cancel_hour(*, hour, by, now, reason=""):
    """Cancel an hour to come: whoever has the seat or waits is told. `reason` is read by them.

    Raises Refused, Conflict for one that is over. Returns the CoachingHour.
    """
    if error := rules.why_not_cancel_for(hour, by):
        raise error
    hour.event = events.cancel_event(event=hour.event, reason=reason or CANCELLED, by=None, now=now)
    audit.record("entrepreneurship.cancel_hour", hour, by=by, at=now)
    return hour


def cancel_coming(coach, now):
    """Cancel a coach's hours to come; the caller has asked whether they end."""
    for hour in CoachingHour.objects.coming(now).filter(coach=coach).select_related("event"):
        cancel_hour(hour=hour, by=None, now=now, reason="辅导人已停止辅导")


# --- the two -----------------------------------------------------------------------------------------
def _locked(hour, by):
    """Return (hour, the Booking with its seat, "coach" or "her"), the event locked; only for one of the two."""
    if error := rules.why_not_of_the_two(hour, rules.seat_of(hour), by):
        raise error
    event = Event.objects.locked(hour.event)
    hour = CoachingHour.objects.select_related("coach__user").get(pk=hour.pk)
    hour.event = event
    seat = rules.seat_of(hour)
    if error := rules.why_not_of_the_two(hour, seat, by):
        raise error
    return hour, seat, rules.part_of(hour, seat, by)


def _talk(hour, seat, now):
    """Return the CoachingTalk of an hour and who has its seat, begun where there is none."""
    return hour.talks.get_or_create(talent=seat.talent, defaults={"begun_at": now})[0]


@transaction.atomic
def write_talk(*, hour, by, now, aims=None, next_steps=None):
    """Write for the two alone: her aims (by her), what comes next (by either); None leaves it as it is.

    Raises Refused for everybody else, Conflict while nobody has the seat. Returns the CoachingTalk.
    """
    hour, seat, part = _locked(hour, by)
    if error := rules.why_not_write(hour, seat):
        raise error
    talk = _talk(hour, seat, now)
    if aims is not None and part == "her":
        talk.aims = aims.strip()[:1000]
    if next_steps is not None:
        talk.next_steps = next_steps.strip()[:1000]
    talk.save(update_fields=["aims", "next_steps"])
    audit.record("entrepreneurship.write_talk", hour, by=by, at=now)
    return talk


@transaction.atomic
def confirm_hour(*, hour, says, by, now):
    """Say as one of the two whether the hour took place (`says`: "yes" or "no"); once both say yes the coach earns, once.

    Who said yes may say no later: the points go back and staff see that it is not confirmed. Saying the same again
    changes nothing. Raises Refused, Conflict before it begins and after 60 days, Invalid. Returns the CoachingTalk.
    """
    hour, seat, part = _locked(hour, by)
    if error := rules.why_not_confirm(hour, seat, now):
        raise error
    if says not in (Said.YES, Said.NO):
        raise Invalid("says_nothing", _("请选择辅导是否进行了。"), field="says")
    talk = _talk(hour, seat, now)
    field = "coach_says" if part == "coach" else "she_says"
    if getattr(talk, field) == says:
        return talk
    setattr(talk, field, says)
    both = talk.coach_says == talk.she_says == Said.YES
    if both:
        _confirm(hour, seat, talk, now)
    elif talk.confirmed_at:
        _take_back(hour, seat, talk, now)
    talk.save()
    audit.record("entrepreneurship.confirm_hour", hour, by=by, at=now, part=part, says=says)
    letters.send(letters.asked_to_confirm(hour, seat, talk, part), now)
    return talk


def _confirm(hour, seat, talk, now):
    """Note that it took place, and thank the coach who has a record; experts without one earn no points."""
    talk.confirmed_at = now
    seat.event = hour.event
    events.note_hour(booking=seat, took_place=True, now=now)
    coach = getattr(hour.coach.user, "talent", None)
    if coach is not None:
        talk.times_earned += 1
        key = f"coaching:{talk.pk}:{talk.times_earned}"
        talk.earned = earn(rule_code=RULE, talent=coach, key=key, by=None, now=now)


def _take_back(hour, seat, talk, now):
    """Note that one of the two says it did not take place after all."""
    talk.confirmed_at = None
    if talk.earned:
        reverse(transfer=talk.earned, by=None, now=now)
        talk.earned = None
    seat.event = hour.event
    if seat.state == BookingState.ATTENDED:
        events.note_hour(booking=seat, took_place=False, now=now)


# --- the clock -----------------------------------------------------------------------------------------
@transaction.atomic
def tell_coach(*, hour, now):
    """Tell the coach who has the seat of an hour to come, or that it is free again; each change once."""
    Event.objects.locked(hour.event)
    hour = CoachingHour.objects.select_related("event", "coach__user").get(pk=hour.pk)
    seat = rules.seat_of(hour)
    if (seat and seat.pk) == hour.told_id or not hour.event.is_published:
        return hour
    hour.told = seat
    hour.save(update_fields=["told"])
    letters.send([letters.booked(hour, seat) if seat else letters.given_back(hour, now)], now)
    return hour
