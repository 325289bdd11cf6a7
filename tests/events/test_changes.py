"""Publishing, cancelling, changing and cloning events; who may."""

from datetime import timedelta

import pytest

from events import operations
from events.models import Booking
from kernel.errors import Conflict, Invalid, Refused
from notices.models import Notice
from privacy.models import AuditEntry
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def due(talent, *kinds):
    rows = Notice.objects.filter(recipient=talent.user, kind__in=kinds, withdrawn_at=None)
    return dict(rows.values_list("kind", "due_at"))


def test_publishing_twice_is_publishing_once():
    event = factories.event(state="draft")
    for now in (NOW, NOW + DAY):
        event = operations.publish_event(event=event, by=event.organiser, now=now)
    assert (event.state, event.published_at) == ("published", NOW)
    assert AuditEntry.objects.filter(action="events.publish_event").count() == 1


def test_what_is_past_or_cancelled_is_not_published():
    past = factories.event(state="draft", starts_at=NOW)
    with pytest.raises(Conflict) as refused:
        operations.publish_event(event=past, by=past.organiser, now=NOW)
    assert refused.value.code == "event_in_past"
    event = factories.event()
    operations.cancel_event(event=event, reason="场地维修", by=event.organiser, now=NOW)
    with pytest.raises(Conflict) as refused:
        operations.publish_event(event=event, by=event.organiser, now=NOW)
    assert refused.value.code == "event_cancelled"


def test_cancelling_an_event_tells_everybody_once_and_takes_the_reminders_back():
    event = factories.event(capacity=2)
    seated, waiting = [factories.booking(event) for _ in range(2)], factories.booking(event)
    left = seated.pop()
    operations.cancel_booking(booking=left, by=left.talent.user, now=NOW)
    for _ in range(2):
        operations.cancel_event(event=event, reason="场地维修", by=event.organiser, now=NOW)
    told = Notice.objects.filter(kind="event.cancelled").order_by("recipient")
    assert list(told.values_list("recipient", flat=True)) == sorted(
        [seated[0].talent.user_id, waiting.talent.user_id]
    )
    assert told[0].context["reason"] == "场地维修"
    reminders = Notice.objects.filter(kind__startswith="event.reminder", withdrawn_at=None)
    assert reminders.count() == 0


def test_cancelling_needs_a_reason_and_an_event_that_is_not_over():
    event = factories.event()
    with pytest.raises(Invalid) as refused:
        operations.cancel_event(event=event, reason="  ", by=event.organiser, now=NOW)
    assert (refused.value.code, refused.value.field) == ("reason_missing", "reason")
    with pytest.raises(Conflict):
        operations.cancel_event(event=event, reason="x", by=event.organiser, now=event.ends_at)


def test_a_new_time_moves_the_reminders_and_tells_who_has_a_seat():
    event = factories.event(capacity=1)
    seated, waiting = factories.booking(event), factories.booking(event)
    start = event.starts_at
    kinds = ("event.reminder_day", "event.reminder_hour")
    for number, moved in enumerate((start + DAY, start), 1):
        changes = {"starts_at": moved, "ends_at": moved + DAY / 12, "booking_closes_at": moved}
        event = operations.edit_event(event=event, changes=changes, by=event.organiser, now=NOW)
        assert due(seated.talent, *kinds) == {
            "event.reminder_day": moved - DAY,
            "event.reminder_hour": moved - DAY / 24,
        }
        assert Notice.objects.filter(kind="event.changed").count() == number
    assert due(waiting.talent, "event.changed", *kinds) == {}


def test_a_new_place_is_told_and_a_new_title_is_not():
    event = factories.event()
    booking = factories.booking(event)
    operations.edit_event(event=event, changes={"title": "新题"}, by=event.organiser, now=NOW)
    assert Notice.objects.filter(kind="event.changed").count() == 0
    changes = {"venue": "礼嘉智慧公园"}
    operations.edit_event(event=event, changes=changes, by=event.organiser, now=NOW)
    notice = Notice.objects.get(kind="event.changed")
    assert (notice.recipient_id, notice.context["venue"]) == (
        booking.talent.user_id,
        "礼嘉智慧公园",
    )
    day = Notice.objects.get(kind="event.reminder_day", withdrawn_at=None)
    assert day.context["venue"] == "礼嘉智慧公园"


def test_state_and_counts_are_no_editable_fields():
    event = factories.event(state="draft")
    changes = {"state": "published", "seats_taken": 9, "department": None}
    operations.edit_event(event=event, changes=changes, by=event.organiser, now=NOW)
    event.refresh_from_db()
    assert (event.state, event.seats_taken) == ("draft", 0)
    assert event.department_id is not None


def test_editing_seats_moves_the_queue():
    event = factories.event(capacity=1)
    factories.booking(event)
    waiting = factories.booking(event)
    operations.edit_event(event=event, changes={"capacity": 2}, by=event.organiser, now=NOW)
    assert Booking.objects.get(pk=waiting.pk).state == "confirmed"


def test_a_clone_is_a_draft_a_week_later_with_no_bookings():
    event = factories.event(starts_at=NOW - 10 * DAY)
    copy = operations.clone_event(event=event, by=event.organiser, now=NOW)
    assert (copy.state, copy.title, copy.seats_taken) == ("draft", event.title, 0)
    assert (copy.starts_at, copy.ends_at - copy.starts_at) == (
        event.starts_at + 14 * DAY,
        event.ends_at - event.starts_at,
    )
    assert (copy.booking_opens_at, copy.code == event.code) == (NOW, False)


OPERATIONS = {
    "publish": lambda e, by: operations.publish_event(event=e, by=by, now=NOW),
    "cancel": lambda e, by: operations.cancel_event(event=e, reason="x", by=by, now=NOW),
    "capacity": lambda e, by: operations.change_capacity(event=e, capacity=9, by=by, now=NOW),
    "edit": lambda e, by: operations.edit_event(event=e, changes={"title": "x"}, by=by, now=NOW),
    "clone": lambda e, by: operations.clone_event(event=e, by=by, now=NOW),
    "export": lambda e, by: operations.export_attendance(event=e, by=by, now=NOW),
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_only_staff_of_the_department_with_the_role_act(name):
    event = factories.event()
    outsiders = [
        factories.talent().user,
        factories.staff("event_organiser", department_code="science_innovation"),
        factories.staff("points_clerk"),
        factories.staff("event_organiser", is_active=False),
    ]
    for person in outsiders:
        with pytest.raises(Refused):
            OPERATIONS[name](event, person)
    assert OPERATIONS[name](event, factories.staff("event_organiser")) is not None


def test_only_its_organiser_hands_a_sensitive_topic_over():
    organiser, colleague = factories.staff("event_organiser"), factories.staff("department_clerk")
    event = factories.event(organiser=organiser, sensitive_topic=True)
    factories.booking(event)
    for changes in ({"organiser": colleague}, {"sensitive_topic": False}):
        with pytest.raises(Refused):
            operations.edit_event(event=event, changes=changes, by=colleague, now=NOW)
    operations.edit_event(event=event, changes={"venue": "二楼"}, by=colleague, now=NOW)
    assert Booking.objects.managed_by(colleague).count() == 0
    organiser.is_active = False
    organiser.save()
    operations.edit_event(event=event, changes={"organiser": colleague}, by=colleague, now=NOW)
    assert Booking.objects.managed_by(colleague).count() == 1


def test_what_is_sent_of_a_sensitive_topic_does_not_name_it():
    event = factories.event(title="情绪疏导小组", sensitive_topic=True)
    factories.booking(event)
    factories.booking(factories.event(title="智能制造沙龙"))
    told = [
        notice.title + notice.body for notice in Notice.objects.filter(kind__startswith="event.")
    ]
    assert sum("情绪疏导" in text for text in told) == 0
    assert sum("《您预约的活动》" in text for text in told) == 3
    assert sum("智能制造沙龙" in text for text in told) == 3
