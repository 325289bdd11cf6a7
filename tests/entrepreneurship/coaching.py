"""Coaching as the tests need it: a coach of the women's federation and hours at 14:00 in Chongqing."""

from datetime import timedelta

from entrepreneurship.learning import operations
from tests import factories

NOW, DAY, HOUR = factories.NOW, timedelta(days=1), timedelta(hours=1)
START = NOW + 3 * DAY + 4 * HOUR  # 14:00 in Chongqing
OFFER = {
    "topics": ["plan", "finance"],
    "introduction": "做过三家科技公司的创始人",
    "mode": "on_site",
    "place": "两江创业空间",
    "hours_per_month": 10,
    "sex": "2",
}


def offered(user=None, **fields):
    """Return an offer nobody has taken up."""
    user = user or factories.talent(full_name="沈教练").user
    return operations.offer_coaching(user=user, fields=OFFER | fields, by=user, now=NOW)


def coach(user=None, **fields):
    """Return a coach who may publish hours."""
    clerk = factories.staff("department_clerk", "event_organiser")
    return operations.accept_coach(coach=offered(user, **fields), by=clerk, now=NOW)


def hour(of=None, starts_at=START, now=NOW, **fields):
    """Return a published hour."""
    of = of or coach()
    about = {"starts_at": starts_at, "minutes": 60, "topic": "plan"} | fields
    return operations.publish_hour(coach=of, by=of.user, now=now, **about)


def booked(of=None, talent=None, now=NOW):
    """Return (hour, the booking of its seat)."""
    of = of or hour()
    booking = factories.booking(of.event, talent, now)
    return of, booking


def times(start=NOW + 2 * DAY):
    """Return three times to propose."""
    return [start + number * DAY for number in range(3)]


def proposal(of=None, talent=None, now=NOW):
    """Return a proposal that waits for an answer."""
    of = of or coach()
    about = {"topic": "plan", "message": "想请教股权怎么分", "times": times(now + 2 * DAY)}
    talent = talent or factories.talent()
    return operations.propose_times(coach=of, talent=talent, by=None, now=now, **about)


def confirmed():
    """Return (hour, booking, talk) of an hour both say took place."""
    of, booking = booked()
    after = of.event.ends_at
    operations.confirm_hour(hour=of, says="yes", by=of.coach.user, now=after)
    talk = operations.confirm_hour(hour=of, says="yes", by=booking.talent.user, now=after)
    return of, booking, talk


def fresh(row):
    """Return a row as it is stored."""
    return type(row).objects.get(pk=row.pk)
