"""Each rule, at its edges; and where a rule is also SQL, that the two agree."""

from datetime import timedelta
from itertools import product

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import Department
from events import rules
from events.models import Booking, Event
from events.standing import CASES, standing
from talents.models import Talent, TalentState
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
HOUR, MOMENT = timedelta(hours=1), timedelta(microseconds=1)


def code(error):
    return error and error.code


def event(**fields):
    """Return an unsaved event: open since an hour ago, until in two hours, from three to four hours on."""
    fields.setdefault("booking_opens_at", NOW - HOUR)
    fields.setdefault("booking_closes_at", NOW + 2 * HOUR)
    fields.setdefault("starts_at", NOW + 3 * HOUR)
    fields.setdefault("ends_at", fields["starts_at"] + HOUR)
    fields.setdefault("state", "published")
    return Event(capacity=1, **fields)


VERIFIED = Talent(state=TalentState.VERIFIED)


# --- booking ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("fields", "at", "expected"),
    [
        ({}, NOW, None),
        ({"state": "cancelled"}, NOW, "event_cancelled"),
        ({"state": "draft"}, NOW, "event_not_published"),
        ({}, NOW - HOUR - MOMENT, "booking_not_open"),
        ({}, NOW - HOUR, None),
        ({}, NOW + 2 * HOUR - MOMENT, None),
        ({}, NOW + 2 * HOUR, "booking_closed"),
        ({}, NOW + 3 * HOUR, "event_started"),
        ({}, NOW + 4 * HOUR, "event_over"),
        ({"seats_taken": 1, "waiting": 9}, NOW, None),
    ],
)
def test_when_an_event_is_booked(fields, at, expected):
    assert code(rules.why_not_book(event(**fields), VERIFIED, at)) == expected


@pytest.mark.parametrize(
    ("talent", "expected"),
    [
        (None, "no_record"),
        (Talent(state="draft"), "no_record"),
        (Talent(state="submitted"), "talent_in_review"),
        (Talent(state="returned"), "talent_returned"),
        (Talent(state="left"), "left_database"),
        (Talent(state="verified", moved_away_on=NOW.date()), "moved_away"),
        (Talent(state="verified", paused_at=NOW), None),
        (VERIFIED, None),
    ],
)
def test_who_books(talent, expected):
    assert code(rules.why_not_book(event(), talent, NOW)) == expected
    assert code(rules.why_not_book(event(state="cancelled"), talent, NOW)) == "event_cancelled"


def test_bookable_is_the_same_rule_as_sql():
    """Every order of opening, closing, starting and ending around now, in every state."""
    department, organiser = factories.department(), factories.staff("event_organiser")
    steps = (-2 * HOUR, -HOUR, -MOMENT, timedelta(0), MOMENT, HOUR, 2 * HOUR)
    made = []
    for state, opens, closes, starts, ends in product(
        ("draft", "published", "cancelled"), steps, steps, steps, steps
    ):
        if not opens < closes <= starts < ends:
            continue  # the database holds no such event
        fields = {"published_at": None if state == "draft" else NOW - 9 * HOUR}
        if state == "cancelled":
            fields |= {"cancelled_at": NOW - HOUR, "cancel_reason": "改期"}
        made.append(
            Event(
                title="状态",
                state=state,
                booking_opens_at=NOW + opens,
                booking_closes_at=NOW + closes,
                starts_at=NOW + starts,
                ends_at=NOW + ends,
                capacity=1,
                department=department,
                organiser=organiser,
                created_at=NOW,
                updated_at=NOW,
                **fields,
            )
        )
    Event.objects.bulk_create(made)
    by_rule = {found.code for found in made if rules.why_not_book(found, VERIFIED, NOW) is None}
    assert set(Event.objects.bookable(NOW).values_list("code", flat=True)) == by_rule
    assert 0 < len(by_rule) < len(made) / 3  # fewer than are published


def test_the_page_has_a_case_for_each_code():
    cases = {
        "cancelled": {"state": "cancelled", "cancel_reason": "改期", "cancelled_at": NOW},
        "over": {"starts_at": NOW - 3 * HOUR},
        "started": {"starts_at": NOW - HOUR},
        "not_open": {"booking_opens_at": NOW + MOMENT},
        "closed": {"booking_closes_at": NOW},
        "open": {},
        "not_for_her": {"for_tiers": ["national"]},
    }
    user = factories.talent().user
    for case, fields in cases.items():
        assert standing(event=factories.event(**fields), user=user, now=NOW).case == case
    shown = factories.event()
    people = {
        "anonymous": AnonymousUser(),
        "no_profile": factories.user(),
        "in_review": factories.talent(state="submitted").user,
        "returned": factories.talent(state="returned", return_reason="缺单位").user,
        "gone": factories.talent(state="left").user,
    }
    moved = factories.talent(moved_away_on=NOW.date()).user
    assert standing(event=shown, user=moved, now=NOW).case == "gone"
    for case, person in people.items():
        assert standing(event=shown, user=person, now=NOW).case == case
    assert set(CASES.values()) - set(cases) - set(people) == {"not_published"}


def test_the_standing_of_those_who_booked():
    shown = factories.event(capacity=1)
    seated, waiting = factories.booking(shown), factories.booking(shown)
    shown.refresh_from_db()

    def stands(booking, now):
        status = standing(event=shown, user=booking.talent.user, now=now)
        return status.case, status.rank, status.may_cancel

    assert stands(seated, NOW) == ("booked", None, True)
    assert stands(waiting, NOW) == ("waiting", 1, True)
    assert stands(seated, shown.starts_at) == ("started", None, False)
    assert stands(waiting, shown.ends_at) == ("over", 1, False)
    someone = factories.talent().user
    assert standing(event=shown, user=someone, now=NOW).case == "full"


def test_of_several_events_at_one_time_the_first_is_named():
    shown, talent = factories.event(), factories.talent()
    minute = timedelta(minutes=1)
    later = factories.event(starts_at=shown.starts_at + 2 * minute)
    first = factories.event(starts_at=shown.starts_at + minute)
    for event in (later, first):
        factories.booking(event, talent)
    assert standing(event=shown, user=talent.user, now=NOW).clash.event == first


# --- giving back, coming in ------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("fields", "of_event", "at", "expected"),
    [
        ({}, {}, NOW, None),
        ({"state": "waitlisted"}, {}, NOW, None),
        ({"state": "cancelled"}, {}, NOW, "booking_cancelled"),
        ({"checked_in_at": NOW}, {}, NOW, "already_checked_in"),
        ({}, {"state": "cancelled"}, NOW, "event_cancelled"),
        ({}, {}, NOW + 3 * HOUR - MOMENT, None),
        ({}, {}, NOW + 3 * HOUR, "event_started"),
    ],
)
def test_when_a_seat_is_given_back(fields, of_event, at, expected):
    booking = Booking(event=event(**of_event), **{"state": "confirmed"} | fields)
    assert code(rules.why_not_cancel(booking, at)) == expected


@pytest.mark.parametrize(
    ("fields", "of_event", "at", "expected"),
    [
        ({}, {}, NOW, None),
        ({"checked_in_at": NOW}, {}, NOW, None),
        ({"event_id": 8}, {}, NOW, "wrong_event"),
        ({}, {"state": "cancelled"}, NOW, "event_cancelled"),
        ({"state": "waitlisted", "ahead": 0}, {}, NOW, "booking_waitlisted"),
        ({"state": "cancelled", "cancelled_at": NOW}, {}, NOW, "booking_cancelled"),
        ({}, {}, NOW - timedelta(days=1), "door_not_open"),
        ({}, {}, NOW + timedelta(days=1), "door_closed"),
    ],
)
def test_when_the_door_lets_her_in(fields, of_event, at, expected):
    door = event(pk=7, **of_event)
    booking = Booking(event_id=7, state="confirmed", talent=Talent(full_name="王小敏"))
    for name, value in fields.items():
        setattr(booking, name, value)
    assert code(rules.why_not_check_in(booking, door, None, at)) == expected
    late = expected == "door_closed"
    assert code(rules.why_not_undo_check_in(door, at)) == ("door_closed" if late else None)


# --- events ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("state", "at", "publish", "call_off", "edit"),
    [
        ("draft", NOW, None, None, None),
        ("draft", NOW + 3 * HOUR, "event_in_past", None, None),
        ("draft", NOW + 4 * HOUR, "event_in_past", "event_over", None),
        ("published", NOW, "event_published", None, None),
        ("published", NOW + 4 * HOUR, "event_published", "event_over", None),
        ("cancelled", NOW, "event_cancelled", "event_cancelled", "event_cancelled"),
    ],
)
def test_what_may_happen_to_an_event(state, at, publish, call_off, edit):
    changed = event(state=state)
    assert code(rules.why_not_publish(changed, at)) == publish
    assert code(rules.why_not_call_off(changed, at)) == call_off
    assert code(rules.why_not_edit(changed)) == edit


def test_a_window_left_empty_opens_at_once_and_closes_at_the_start():
    start = NOW + 5 * HOUR
    assert Event().window_after({"starts_at": start}, NOW) == {
        "booking_opens_at": NOW,
        "booking_closes_at": start,
    }
    times = {"starts_at": start, "booking_opens_at": NOW + HOUR, "booking_closes_at": start - HOUR}
    assert Event().window_after(times, NOW) == {
        "booking_opens_at": NOW + HOUR,
        "booking_closes_at": start - HOUR,
    }


@pytest.mark.parametrize(
    ("closes", "changes", "expected"),
    [
        (3 * HOUR, {"starts_at": NOW + 9 * HOUR}, 9 * HOUR),
        (2 * HOUR, {"starts_at": NOW + 9 * HOUR}, 2 * HOUR),
        (3 * HOUR, {"starts_at": NOW + 9 * HOUR, "booking_closes_at": NOW + HOUR}, HOUR),
        (2 * HOUR, {"booking_closes_at": None}, 3 * HOUR),
    ],
)
def test_a_window_that_closes_at_the_start_moves_with_it(closes, changes, expected):
    found = event(booking_closes_at=NOW + closes)
    assert found.window_after(changes, NOW) == {
        "booking_opens_at": NOW - HOUR,
        "booking_closes_at": NOW + expected,
    }


# --- rights ----------------------------------------------------------------------------------------
def test_rights_over_one_event_and_over_many_are_the_same():
    """The whole cast against events of two departments, plain and sensitive, hers and others'."""
    other = Department.objects.get(code="science_innovation")
    cast = [
        AnonymousUser(),
        factories.talent().user,
        factories.staff(),
        factories.staff("points_clerk"),
        factories.staff("auditor"),
        factories.staff("administrator"),
        factories.staff("department_clerk"),
        factories.staff("event_organiser"),
        factories.staff("event_organiser", is_active=False),
        factories.staff("event_organiser", department_code=other.code),
        factories.user(is_superuser=True, is_staff=True),
    ]
    organisers = [person for person in cast if person.pk and person.is_staff]
    events = [
        factories.event(organiser=person, department=department, sensitive_topic=sensitive)
        for person, department, sensitive in product(
            organisers, (factories.department(), other), (False, True)
        )
    ]
    bookings = {Booking.objects.get(pk=factories.booking(found).pk) for found in events}
    for person in cast:
        run = {found for found in events if found.is_managed_by(person)}
        assert set(Event.objects.managed_by(person)) == run
        door = {found for found in events if found.has_door_for(person)}
        assert set(Event.objects.with_door_for(person)) == door
        named = {booking for booking in bookings if booking.event.shows_names_to(person)}
        assert set(Booking.objects.managed_by(person)) == named
        assert all(found.shows_names_to(person) for found in door)
    assert [len({e for e in events if e.is_managed_by(person)}) for person in cast] == [
        0, 0, 0, 0, 36, 36, 20, 20, 0, 20, 36,
    ]  # fmt: skip
