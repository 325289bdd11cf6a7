"""A booking by one statement and step by step: the same rows, the same answers, whatever the state."""

import contextlib
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events import operations
from events.models import Booking, BookingHold, Event
from events.operations import at_once, seats
from kernel import changes
from kernel.errors import DomainError, Invalid
from notices.models import Delivery, Notice
from privacy.models import AuditEntry
from talents.models import Talent
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db

BOOKING = [
    field.attname for field in Booking._meta.fields if field.name not in ("id", "code", "event")
]


def written(booking):
    """Return all that a booking left in the database, its own key and code left out."""
    notices = Notice.objects.order_by("pk")
    told = [
        {
            "recipient": notice.recipient_id,
            "kind": notice.kind,
            "key": notice.object_key.replace(str(booking.pk), "#"),
            "rest": (notice.context, notice.link, notice.discreet, notice.created_at),
            "times": (notice.due_at, notice.good_until, notice.read_at, notice.withdrawn_at),
            "ways": list(
                Delivery.objects.filter(notice=notice).values_list(
                    "channel", "state", "due_at", "attempts", "error_code", "run"
                )
            ),
        }
        for notice in notices
    ]
    entries = [
        (entry.at, entry.actor_id, entry.action, entry.object_type, entry.reason, entry.detail)
        for entry in AuditEntry.objects.filter(action="events.book", object_id=booking.pk)
    ]
    counts = ("seats_taken", "waiting", "last_place", "kept", "updated_at")
    event = Event.objects.values(*counts).get(pk=booking.event_id)
    return Booking.objects.filter(pk=booking.pk).values(*BOOKING).get(), told, entries, event


def outcome(book):
    """Book, and return what came of it: the answer, what was written, what was noted; then take it back."""
    with transaction.atomic():
        with changes.watched() as verbs:
            try:
                booking = book()
            except DomainError as error:
                found = error.code, str(error)
            else:
                found = booking.state, booking.place, booking.queue_rank(), written(booking)
        transaction.set_rollback(True)
    return found, verbs


MEANWHILE = {
    "nothing": lambda event, talent: None,
    "another title": lambda event, talent: event.update(title="换了名称", venue="换了地点"),
    "another time": lambda event, talent: event.update(
        schedule_version=1, ends_at=NOW + timedelta(days=9)
    ),
    "cancelled": lambda event, talent: event.update(
        state="cancelled", cancelled_at=NOW, cancel_reason="场地停电"
    ),
    "discreet": lambda event, talent: event.update(sensitive_topic=True),
    "window closed": lambda event, talent: event.update(
        booking_opens_at=NOW - timedelta(days=1), booking_closes_at=NOW
    ),
    "more seats": lambda event, talent: event.update(capacity=9),
    "guests": lambda event, talent: event.update(capacity=4, guests_men=1),
    "a pool": lambda event, talent: keep_seats(event.get(), talent.get(), "track"),
    "held back": lambda event, talent: hold_back(talent.get()),
    "left": lambda event, talent: talent.update(state="left"),
    "moved away": lambda event, talent: talent.filter(state="verified").update(
        moved_away_on=NOW.date()
    ),
    "in review again": lambda event, talent: talent.update(state="submitted"),
}

STATES = {
    "capacity": st.integers(1, 3),
    "guests": st.integers(0, 2),
    "pool": st.sampled_from([*[None] * 3, "hers", "another's", "track", "opened"]),
    "held": st.sampled_from([*[False] * 5, True]),
    "others": st.integers(0, 4),
    "before": st.sampled_from([None, "same key", "other key", "cancelled", "another event"]),
    "key": st.sampled_from([None, "", "tab"]),
    "starts_in": st.sampled_from([30, 600, 6000]),
    "opens": st.sampled_from([-1, 0, 1]),
    "sensitive": st.booleans(),
    "her": st.sampled_from(["verified", "verified", "verified", "submitted", "draft"]),
    "agreed": st.booleans(),
    "phone": st.booleans(),
    "meanwhile": st.sampled_from([*["nothing"] * 5, *MEANWHILE]),
}


def prepare(state):
    """Make the state of the world; returns the event and her record as a page would hold them."""
    event = factories.event(
        capacity=state["capacity"],
        starts_at=NOW + timedelta(minutes=state["starts_in"]),
        booking_opens_at=NOW + timedelta(minutes=state["opens"]),
        sensitive_topic=state["sensitive"],
    )
    talent = factories.talent(state=state["her"], unit=factories.unit())
    guests = min(state["guests"], event.capacity - 1)
    operations.set_guests(event=event, women=guests, men=0, by=None, now=NOW)
    if state["pool"]:
        keep_seats(event, talent, state["pool"])
    type(talent.user).objects.filter(pk=talent.user.pk).update(phone_verified=state["phone"])
    if state["agreed"]:
        factories.consent(talent.user, "messages")
    open_now = NOW + timedelta(minutes=2)
    for _ in range(state["others"]):
        factories.booking(event, now=open_now)
    if state["her"] == "verified" and state["before"]:
        booked_before(event, talent, state["before"], open_now)
    if state["held"]:
        hold_back(talent)
    event = Event.objects.get(pk=event.pk)
    talent = Talent.objects.select_related("user").get(pk=talent.pk)
    MEANWHILE[state["meanwhile"]](
        Event.objects.filter(pk=event.pk), Talent.objects.filter(pk=talent.pk)
    )
    return event, talent


def keep_seats(event, talent, whose):
    """Keep a seat that is free, if one is, for her unit, another unit, the track, or for nobody any more."""
    unit = {"hers": talent.unit, "another's": factories.unit()}.get(whose)
    kind = "unit" if unit else "track"
    with contextlib.suppress(Invalid):
        keep = {"event": event, "kind": kind, "unit": unit, "seats": 1, "by": None, "now": NOW}
        pool = operations.add_pool(**keep)
        if whose == "opened":
            operations.open_pool(pool=pool, by=None, now=NOW)


def hold_back(talent):
    """Have a rule let her book later only."""
    until = NOW + timedelta(days=9)
    held = {"days_before": 0, "until": until, "absences": 3, "made_at": NOW}
    BookingHold.objects.get_or_create(user=talent.user, defaults=held)


def booked_before(event, talent, how, at):
    her = {"talent": talent, "by": talent.user, "now": at}
    if how == "another event":
        operations.book(event=factories.event(booking_opens_at=NOW), key="tab", **her)
        return
    booking = operations.book(event=event, key="tab" if how == "same key" else "other", **her)
    if how == "cancelled":
        operations.cancel_booking(booking=booking, by=talent.user, now=at)


@given(st.fixed_dictionaries(STATES))
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_both_ways_write_and_answer_the_same(state):
    with transaction.atomic():
        event, talent = prepare(state)
        now, key = NOW + timedelta(seconds=5), state["key"]
        by_steps = outcome(lambda: seats._book_by_steps(event, talent, talent.user, now, key))
        talent.state = Talent._meta.get_field("state").to_python(state["her"])
        by_one = outcome(
            lambda: operations.book(event=event, talent=talent, by=talent.user, now=now, key=key)
        )
        assert by_one == by_steps
        transaction.set_rollback(True)


@pytest.mark.parametrize("seat", [True, False])
def test_the_plain_case_is_one_statement_and_reads_no_more_of_the_event_than_it_sees_to(seat):
    event, talent = factories.event(capacity=1), factories.talent()
    if not seat:
        factories.booking(event)
    known = Event.objects.only("id", *at_once.BASIS).get(pk=event.pk)
    with CaptureQueriesContext(connection) as captured:
        booking = operations.book(event=known, talent=talent, by=talent.user, now=NOW)
        rank = booking.queue_rank()
    assert (len(captured), rank) == (1, None if seat else 1)


@pytest.mark.parametrize(
    "change", [name for name in MEANWHILE if name not in ("nothing", "more seats", "guests")]
)
def test_what_it_rests_on_has_changed_so_the_steps_decide(change):
    event, talent = factories.event(), factories.talent()
    MEANWHILE[change](Event.objects.filter(pk=event.pk), Talent.objects.filter(pk=talent.pk))
    before = Booking.objects.count(), Notice.objects.count(), AuditEntry.objects.count()
    assert at_once.book_herself(event, talent, NOW, None) is None
    assert (Booking.objects.count(), Notice.objects.count(), AuditEntry.objects.count()) == before


def test_a_control_nothing_has_changed():
    event, talent = factories.event(), factories.talent()
    assert at_once.book_herself(event, talent, NOW, None).state == "confirmed"


def test_a_title_with_the_mark_of_the_key_stays_as_it_is():
    event, talent = factories.event(title="C# 与 %(at)s", venue="#3 楼 100%"), factories.talent()
    booking = operations.book(event=event, talent=talent, by=talent.user, now=NOW)
    notice = Notice.objects.get(kind="events.booked")
    assert (notice.context["title"], notice.context["venue"]) == ("C# 与 %(at)s", "#3 楼 100%")
    assert notice.object_key == str(booking.pk)
