"""Publishing, cancelling, changing and cloning events; who may."""

from datetime import timedelta

import pytest
from django.utils import translation

from accounts import joint
from accounts import operations as accounts
from accounts.models import User
from events import operations
from events.models import Booking, Event
from kernel.errors import Conflict, Invalid, Refused
from notices import watch
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


def test_cancelling_an_event_tells_everybody_once():
    event = factories.event(capacity=2)
    seated, waiting = [factories.booking(event) for _ in range(2)], factories.booking(event)
    left = seated.pop()
    operations.cancel_booking(booking=left, by=left.talent.user, now=NOW)
    for _ in range(2):
        operations.cancel_event(event=event, reason="场地维修", by=event.organiser, now=NOW)
    notices = Notice.objects.filter(kind="events.cancelled").order_by("recipient")
    assert list(notices.values_list("recipient", flat=True)) == sorted(
        [seated[0].talent.user_id, waiting.talent.user_id]
    )
    assert notices[0].context["reason"] == "场地维修"


def test_cancelling_needs_a_reason_and_an_event_that_is_not_over():
    event = factories.event()
    for reason, code in (("  ", "reason_missing"), ("因" * 201, "reason_too_long")):
        with pytest.raises(Invalid) as refused:
            operations.cancel_event(event=event, reason=reason, by=event.organiser, now=NOW)
        assert (refused.value.code, refused.value.field) == (code, "reason")
    with pytest.raises(Conflict):
        operations.cancel_event(event=event, reason="x", by=event.organiser, now=event.ends_at)


def test_a_new_time_is_told_who_has_a_seat_each_time():
    event = factories.event(capacity=1)
    seated, waiting = factories.booking(event), factories.booking(event)
    start = event.starts_at
    for number, moved in enumerate((start + DAY, start), 1):
        changes = {"starts_at": moved, "ends_at": moved + DAY / 12, "booking_closes_at": moved}
        event = operations.edit_event(event=event, changes=changes, by=event.organiser, now=NOW)
        told = Notice.objects.filter(kind="events.changed").values_list("recipient", flat=True)
        assert list(told) == [seated.talent.user_id] * number
    assert due(waiting.talent, "events.changed") == {}


def test_a_new_place_is_told_and_a_new_title_is_not():
    event = factories.event()
    booking = factories.booking(event)
    operations.edit_event(event=event, changes={"title": "新题"}, by=event.organiser, now=NOW)
    assert Notice.objects.filter(kind="events.changed").count() == 0
    changes = {"venue": "礼嘉智慧公园"}
    operations.edit_event(event=event, changes=changes, by=event.organiser, now=NOW)
    notice = Notice.objects.get(kind="events.changed")
    assert (notice.recipient_id, notice.context["venue"]) == (
        booking.talent.user_id,
        "礼嘉智慧公园",
    )


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


def draft(by, **changed):
    """Return the fields of a new event."""
    fields = {
        "title": "新沙龙",
        "kind": "salon",
        "summary": "三位科学家谈项目",
        "venue": "两江人才大厦",
        "starts_at": NOW + DAY,
        "ends_at": NOW + DAY + DAY / 12,
        "capacity": 9,
        "organiser": by,
    }
    return fields | changed


def test_a_new_event_is_a_draft_of_her_department_open_until_the_start():
    clerk = factories.staff("department_clerk")
    fields = draft(clerk, state="published", seats_taken=3, booking_opens_at=None)
    event = operations.add_event(fields=fields, by=clerk, now=NOW)
    event.refresh_from_db()
    assert (event.state, event.seats_taken, event.department) == ("draft", 0, clerk.department)
    assert (event.booking_opens_at, event.booking_closes_at) == (NOW, NOW + DAY)
    assert (event.created_at, event.updated_at, event.organiser) == (NOW, NOW, clerk)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.object_id, entry.actor_id) == (
        "events.add_event",
        str(event.pk),
        clerk.pk,
    )


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"starts_at": NOW}, "start_in_past", "starts_at"),
        ({"starts_at": NOW + 1828 * DAY}, "start_too_far", "starts_at"),
        ({"ends_at": NOW + DAY}, "event_ends_early", "ends_at"),
        ({"ends_at": NOW + 800 * DAY}, "event_too_long", "ends_at"),
        ({"booking_closes_at": NOW + 2 * DAY}, "booking_closes_late", "booking_closes_at"),
        ({"booking_opens_at": NOW + DAY}, "booking_opens_late", "booking_opens_at"),
        ({"capacity": 0}, "capacity_too_small", "capacity"),
        ({"department": None}, "department_missing", "department"),
    ],
)
def test_a_new_event_makes_sense(changed, code, field):
    by = None if "department" in changed else factories.staff("department_clerk")
    organiser = by or factories.staff("department_clerk")
    with pytest.raises(Invalid) as refused:
        operations.add_event(fields=draft(organiser, **changed), by=by, now=NOW)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert Event.objects.count() == 0


def test_an_edit_makes_sense_and_undoes_nothing_by_halves():
    event = factories.event()
    factories.booking(event)
    for changes, code in (
        ({"starts_at": NOW}, "start_in_past"),
        ({"ends_at": event.starts_at, "venue": "二楼"}, "event_ends_early"),
        ({"venue": "二楼", "capacity": 0}, "capacity_too_small"),
    ):
        with pytest.raises(Invalid) as refused:
            operations.edit_event(event=event, changes=changes, by=None, now=NOW)
        assert refused.value.code == code
    event.refresh_from_db()
    assert (event.venue, event.schedule_version) == ("两江人才大厦", 0)
    assert Notice.objects.filter(kind="events.changed").count() == 0
    closes = event.starts_at + DAY / 2
    moved = {"starts_at": closes, "ends_at": closes + DAY}
    event = operations.edit_event(event=event, changes=moved, by=None, now=NOW)
    assert (event.starts_at, event.booking_closes_at) == (closes, closes)


def test_a_cancelled_event_is_changed_by_nobody():
    event = factories.event(state="cancelled", cancel_reason="改期", cancelled_at=NOW)
    for name in ("edit", "capacity"):
        with pytest.raises(Conflict) as refused:
            OPERATIONS[name](event, event.organiser)
        assert refused.value.code == "event_cancelled"


def test_events_are_made_for_her_own_department_alone():
    elsewhere = factories.department("science_innovation")
    clerk, administrator = factories.staff("department_clerk"), factories.staff("administrator")
    colleague = factories.staff("event_organiser", department_code="science_innovation")
    fields = draft(colleague, department=elsewhere)
    with pytest.raises(Refused) as refused:
        operations.add_event(fields=fields, by=clerk, now=NOW)
    assert refused.value.field == "department"
    event = operations.add_event(fields=fields, by=administrator, now=NOW)
    assert (event.department, event.organiser) == (elsewhere, colleague)
    for person in (factories.talent().user, factories.staff("points_clerk"), None):
        if person:
            with pytest.raises(Refused):
                operations.add_event(fields=draft(person), by=person, now=NOW)
    assert Event.objects.count() == 1


UNFIT = {
    "nobody": lambda: None,
    "a woman": lambda: factories.talent().user,
    "staff without the right": lambda: factories.staff("points_clerk"),
    "a closed account": lambda: factories.staff("event_organiser", is_active=False),
    "staff elsewhere": lambda: factories.staff(
        "event_organiser", department_code="science_innovation"
    ),
}


@pytest.mark.parametrize("who", UNFIT)
def test_an_organiser_is_active_staff_who_may_organise_for_the_department(who):
    event, unfit = factories.event(), UNFIT[who]()
    fields = draft(unfit, department=event.department)
    attempts = (
        lambda: operations.add_event(fields=fields, by=None, now=NOW),
        lambda: operations.edit_event(event=event, changes={"organiser": unfit}, by=None, now=NOW),
    )
    for attempt in attempts:
        with pytest.raises(Invalid) as refused:
            attempt()
        assert (refused.value.code, refused.value.field) == ("organiser_unfit", "organiser")


OPERATIONS = {
    "publish": lambda e, by: operations.publish_event(event=e, by=by, now=NOW),
    "cancel": lambda e, by: operations.cancel_event(event=e, reason="x", by=by, now=NOW),
    "capacity": lambda e, by: operations.change_capacity(event=e, capacity=9, by=by, now=NOW),
    "edit": lambda e, by: operations.edit_event(event=e, changes={"title": "x"}, by=by, now=NOW),
    "clone": lambda e, by: operations.clone_event(event=e, by=by, now=NOW),
    "promote": lambda e, by: operations.promote(event=e, by=by, now=NOW),
}
# What is done with names: of a sensitive topic by its organiser alone.
WITH_NAMES = {
    "export": lambda e, by: operations.export_attendance(event=e, by=by, now=NOW),
    "check in": lambda e, by: operations.check_in(booking=e.bookings.get(), by=by, now=NOW),
    "undo": lambda e, by: operations.undo_check_in(booking=e.bookings.get(), by=by, now=NOW),
}
# What she does herself, or staff for her.
FOR_HER = {
    "book": lambda e, by: operations.book(event=e, talent=e.bookings.get().talent, by=by, now=NOW),
    "give back": lambda e, by: operations.cancel_booking(
        booking=e.bookings.get(), by=by, now=NOW, reason="重复报名"
    ),
}
ALL = OPERATIONS | WITH_NAMES | FOR_HER


def today(**fields):
    """Return an event whose door is open, with one booking."""
    event = factories.event(starts_at=NOW + DAY / 24, **fields)
    factories.booking(event)
    return event


def outsiders():
    """Return people who may do nothing with the event: another woman, others' staff, a closed account."""
    return [
        factories.talent().user,
        factories.staff(
            "event_organiser", "department_clerk", department_code="science_innovation"
        ),
        factories.staff("points_clerk"),
        factories.staff("auditor"),
        factories.staff("event_organiser", is_active=False),
    ]


def trace():
    """Return everything an operation could have left behind."""
    return (
        list(Event.objects.order_by("pk").values()),
        list(Booking.objects.order_by("pk").values()),
        AuditEntry.objects.count(),
        Notice.objects.count(),
    )


@pytest.mark.parametrize("name", ALL)
def test_outsiders_do_nothing_and_staff_of_the_department_act(name):
    event = today()
    before = trace()
    for person in outsiders():
        with pytest.raises(Refused) as refused:
            ALL[name](event, person)
        assert refused.value.code == "event_not_yours"
    assert trace() == before
    assert ALL[name](event, factories.staff("event_organiser")) is not None


@pytest.mark.parametrize("name", WITH_NAMES)
def test_names_of_a_sensitive_topic_are_its_organisers_alone(name):
    event = today(sensitive_topic=True)
    for person in (
        factories.staff("event_organiser", "department_clerk"),
        factories.staff("administrator"),
    ):
        with pytest.raises(Refused):
            WITH_NAMES[name](event, person)
    assert WITH_NAMES[name](event, event.organiser) is not None


@pytest.mark.parametrize("name", FOR_HER)
def test_she_acts_for_herself(name):
    event = today()
    assert FOR_HER[name](event, event.bookings.get().talent.user) == event.bookings.get()


def test_only_its_organiser_hands_a_sensitive_topic_over():
    organiser, colleague = factories.staff("event_organiser"), factories.staff("department_clerk")
    event = factories.event(organiser=organiser, sensitive_topic=True)
    factories.booking(event)
    for changes in ({"organiser": colleague}, {"sensitive_topic": False}):
        with pytest.raises(Refused):
            operations.edit_event(event=event, changes=changes, by=colleague, now=NOW)
    operations.edit_event(event=event, changes={"venue": "二楼"}, by=colleague, now=NOW)
    assert Booking.objects.managed_by(colleague).count() == 0
    given = {"event": event, "organiser": colleague, "reason": "原负责人已调离", "now": NOW}
    with pytest.raises(Refused):  # she is there and hands it over herself
        operations.ask_take_over(by=colleague, **given)


def test_a_sensitive_topic_is_taken_over_by_two_and_the_organiser_is_told():
    """An administrator alone closes the organiser's account, takes over, opens it again."""
    boss, event = factories.staff("administrator"), factories.event(sensitive_topic=True)
    auditor, organiser = factories.staff("auditor"), event.organiser
    factories.booking(event)
    accounts.change_user(user=organiser, is_active=False, by=boss, now=NOW)
    event = Event.objects.get(pk=event.pk)
    for changes in ({"organiser": boss}, {"sensitive_topic": False}):
        with pytest.raises(Refused) as alone:
            operations.edit_event(event=event, changes=changes, by=boss, now=NOW)
        assert alone.value.code == "second_person"
    with pytest.raises(Refused):
        accounts.change_user(user=organiser, is_active=True, by=boss, now=NOW)
    given = {"event": event, "organiser": boss, "reason": "原负责人已调离", "now": NOW}
    action = operations.ask_take_over(by=boss, **given)
    assert Booking.objects.managed_by(boss).count() == 0
    with pytest.raises(Refused):
        joint.confirm(action=action, by=boss, now=NOW)
    joint.confirm(action=action, by=auditor, now=NOW)
    assert Booking.objects.managed_by(boss).count() == 1
    watch.tell(now=NOW)
    told = Notice.objects.filter(recipient=organiser).order_by("pk")
    assert [notice.kind for notice in told] == [
        "notices.account_closed",
        "notices.joint_asked",
        "notices.joint_done",
    ]


def test_an_organiser_who_is_back_keeps_her_sensitive_event():
    boss, event = factories.staff("administrator"), factories.event(sensitive_topic=True)
    colleague = factories.staff("department_clerk")
    User.objects.filter(pk=event.organiser_id).update(is_active=False)
    given = {"organiser": colleague, "reason": "原负责人已调离", "now": NOW}
    event = Event.objects.get(pk=event.pk)
    action = operations.ask_take_over(event=event, by=colleague, **given)
    User.objects.filter(pk=event.organiser_id).update(is_active=True)
    with pytest.raises(Refused):
        joint.confirm(action=action, by=boss, now=NOW)
    assert Event.objects.get(pk=event.pk).organiser_id == event.organiser_id


def test_what_is_sent_of_a_sensitive_topic_does_not_name_it():
    event = factories.event(title="情绪疏导小组", sensitive_topic=True)
    for one in (event, factories.event(title="智能制造沙龙")):
        factories.booking(one)
        for before in (3 * DAY, DAY):
            operations.remind(event=one, now=one.starts_at - before)
    texts = [
        notice.title + notice.body for notice in Notice.objects.filter(kind__startswith="events.")
    ]
    with translation.override("en"):
        notice = Notice.objects.get(kind="events.booked", context__title__en="the event you booked")
        assert notice.title == "Booked: the event you booked"
    assert sum("情绪疏导" in text for text in texts) == 0
    assert sum("《您预约的活动》" in text for text in texts) == 3
    assert sum("智能制造沙龙" in text for text in texts) == 3
