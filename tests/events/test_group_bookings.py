"""A unit names its people for an event: each is asked and answers herself, and the unit learns nothing of her bookings."""

import json
from threading import Event as Signal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events import operations, rules
from events.models import Booking, BookingHold
from events.operations import groups
from notices.models import Notice
from privacy import consents
from privacy.models import AuditEntry
from talents.models import Talent
from tests import factories
from tests.api.conftest import make_partner
from tests.factories import timedelta
from tests.talents.test_verification import decide_together
from tests.waits import until_waiting

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit():
    """A partner unit that may name people."""
    partner = make_partner(scopes=["events:name"])
    partner.fetch()
    return partner


@pytest.fixture
def event():
    return factories.event(capacity=2, starts_at=timezone.now() + timedelta(days=9))


def person(partner, **fields):
    """Return somebody of the unit who agrees to be shown to it."""
    talent = factories.talent(unit=partner.unit, **fields)
    factories.consent(talent.user, "unit_sharing")
    return talent


def send(partner, event, codes, key="people-0001"):
    """Send a table; returns the status and the JSON of the answer."""
    headers = {"Authorization": f"Bearer {partner.token}", "Idempotency-Key": key}
    answer = Client().post(
        f"/api/v1/events/{event.code}/people/",
        json.dumps({"people": codes}),
        "application/json",
        headers=headers,
    )
    return answer.status_code, json.loads(answer.content)


def asked(number, not_for=(), unknown=()):
    return 200, {"asked": number, "not_for": list(not_for), "unknown": list(unknown)}


def test_each_is_kept_a_seat_until_she_answers_and_the_others_are_told_they_can_wait(unit, event):
    people = [person(unit) for _ in range(3)]
    silent = factories.talent(unit=unit.unit)
    elsewhere = factories.talent()
    codes = [talent.code for talent in (*people, silent, elsewhere)]
    unknown = sorted([silent.code, elsewhere.code])
    assert send(unit, event, codes) == asked(3, unknown=unknown)
    rows = event.bookings.order_by("place").values_list("talent", "state", "named_by")
    assert list(rows) == [(talent.pk, "offered", unit.unit.pk) for talent in people[:2]]
    told = Notice.objects.order_by("pk").exclude(kind="events.offer_reminder")
    assert [(notice.kind, notice.recipient) for notice in told] == [
        ("events.named", people[0].user),
        ("events.named", people[1].user),
        ("events.named_for_full", people[2].user),
    ]
    event.refresh_from_db()
    assert (event.seats_taken, event.waiting, event.last_place) == (2, 0, 2)
    booking = event.bookings.first()
    operations.accept_offer(booking=booking, by=booking.talent.user, now=timezone.now())


def test_a_repeat_asks_nobody_twice_and_another_table_under_the_key_is_refused(unit, event):
    first, second = person(unit), person(unit)
    assert send(unit, event, [first.code]) == send(unit, event, [first.code]) == asked(1)
    assert event.bookings.count() == 1
    status, said = send(unit, event, [second.code])
    assert (status, said["code"]) == (422, "idempotency_key_reused")
    operations.cancel_booking(booking=event.bookings.get(), by=first.user, now=timezone.now())
    assert send(unit, event, [first.code], key="people-0002") == asked(1)
    assert event.bookings.get().state == "declined"  # she is not asked again


def test_the_unit_is_not_told_who_has_booked_already(unit, event):
    booked = person(unit)
    operations.book(event=event, talent=booked, by=booked.user, now=timezone.now())
    assert send(unit, event, [booked.code]) == asked(1)
    assert event.bookings.get().named_by is None
    assert not Notice.objects.filter(kind="events.named").exists()


def test_the_units_own_seats_are_used_first(unit, event):
    pool = operations.add_pool(
        event=event, kind="unit", unit=unit.unit, seats=1, by=None, now=timezone.now()
    )
    factories.booking(event, now=timezone.now())
    talent = person(unit)
    assert send(unit, event, [talent.code]) == asked(1)
    assert Booking.objects.get(talent=talent).pool == pool


def test_who_is_not_for_the_event_is_named_back(unit, event):
    type(event).objects.update(for_tiers=["national"])
    talent = person(unit)
    assert send(unit, event, [talent.code]) == asked(0, not_for=[talent.code])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"sensitive_topic": True}, "not_for_groups"),
        ({"needs_approval": True}, "approval_needed"),
        ({"state": "draft"}, "not_found"),
        ({"visibility": "invited"}, "not_found"),
        ({"booking_closes_at": timezone.now()}, "booking_closed"),
    ],
)
def test_for_some_events_nobody_is_named(unit, event, change, code):
    type(event).objects.update(**change)
    _status, said = send(unit, event, [person(unit).code])
    assert (said["code"], Booking.objects.exists()) == (code, False)


def test_another_scope_names_nobody(event):
    reader = make_partner(scopes=["events:read"])
    reader.fetch()
    status, said = send(reader, event, ["AAAA"])
    assert (status, said["code"]) == (403, "insufficient_scope")


def test_who_may_book_later_only_is_told_and_kept_no_seat(unit, event):
    talent, now = person(unit), timezone.now()
    BookingHold.objects.create(
        user=talent.user, days_before=3, until=now + timedelta(days=30), absences=3, made_at=now
    )
    assert send(unit, event, [talent.code]) == asked(1)
    assert (event.bookings.count(), Notice.objects.get().kind) == (0, "events.named_for_later")
    BookingHold.objects.update(lifted_at=now)
    assert send(unit, event, [talent.code], key="people-0002") == asked(1)
    assert event.bookings.get().state == "offered"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("locked", "state"), [(True, "cancelled"), (False, "offered")])
def test_who_leaves_the_database_while_she_is_named_keeps_no_seat(locked, state, monkeypatch):
    """Leaving waits for the naming; else a seat is kept for her that nobody looks for any more: the control."""
    partner = make_partner(scopes=["events:name"])
    event = factories.event(capacity=2, starts_at=timezone.now() + timedelta(days=9))
    talent = person(partner)
    factories.consent(talent.user, "talent_database")
    naming, left, why_not_eligible = Signal(), Signal(), rules.why_not_eligible

    def slow(*args):
        naming.set()
        until_waiting(done=left)
        return why_not_eligible(*args)

    def leave():
        naming.wait(30)
        now = timezone.now()
        consents.withdraw(user=talent.user, purpose="talent_database", by=talent.user, now=now)
        left.set()
        return talent

    def name():
        given = {"unit_id": partner.unit.pk, "event": event, "codes": [talent.code]}
        operations.name_people(**given, key="people-0001", now=timezone.now())
        return talent

    monkeypatch.setattr(rules, "why_not_eligible", slow)
    if not locked:
        people = Talent.objects.filter(pk=talent.pk).select_related("user")
        monkeypatch.setattr(groups, "_locked_people", lambda unit_id, codes: list(people))
    assert decide_together([leave, name]) == ["verified", "verified"]
    assert event.bookings.get().state == state


# --- by the organiser, for a unit without an interface ------------------------------------------------------
def by_organiser(client, event, unit, codes):
    """Return the page the organiser reads after sending a unit's list."""
    client.force_login(event.organiser, backend="django.contrib.auth.backends.ModelBackend")
    address = reverse("admin:events_event_unit", args=[event.pk])
    given = {"unit": unit.pk, "codes": "\n".join(codes)}
    return client.post(address, given, follow=True).content.decode()


def test_the_organiser_asks_a_units_people_and_each_confirms_herself(client, event):
    unit = factories.unit("两江研究院")
    first, second = factories.talent(unit=unit), factories.talent(unit=unit)
    late, quiet = factories.talent(unit=unit), factories.talent(unit=unit, user=None)
    codes = [talent.code for talent in (first, second, late, quiet)]
    page = by_organiser(client, event, unit, codes)
    assert "已请 3 人由本人确认。" in page
    assert f"还没有登录账号、无法确认，请“代为报名”：{quiet.code}。" in page
    kept = Booking.objects.filter(event=event)
    assert {(b.talent, b.state, b.named_by) for b in kept} == {
        (first, "offered", unit),
        (second, "offered", unit),
    }
    told = dict(
        Notice.objects.filter(kind__startswith="events.named").values_list("recipient", "kind")
    )
    assert told == {
        first.user.pk: "events.named",
        second.user.pk: "events.named",
        late.user.pk: "events.named_for_full",
    }
    entry = AuditEntry.objects.filter(action="events.name_people").first()
    assert (entry.actor_id, entry.detail) == (event.organiser.pk, {"unit": unit.pk})
    entry = AuditEntry.objects.get(action="events.propose")
    assert (entry.object_id, entry.actor_id) == (str(late.pk), event.organiser.pk)
    again = by_organiser(client, event, unit, [late.code])
    assert "此前已经处理，这次没有变化。" in again
    assert AuditEntry.objects.filter(action="events.propose").count() == 1
    booking = kept.get(talent=first)
    client.force_login(first.user, backend="django.contrib.auth.backends.ModelBackend")
    assert "您的单位推荐您参加" in client.get(event.get_absolute_url()).content.decode()
    client.post(reverse("accept_offer", args=[booking.code]))
    hers = client.get(reverse("my_bookings")).content.decode()
    assert ("席位待您确认" in hers, "已报名" in hers or "签到码" in hers) == (False, True)
    by_organiser(client, event, unit, codes)  # pressed twice
    assert Notice.objects.filter(kind__startswith="events.named").count() == 3
    assert Booking.objects.get(pk=booking.pk).state == "confirmed"


def test_a_list_with_somebody_of_another_unit_asks_nobody(client, event):
    unit = factories.unit("两江研究院")
    own, other = factories.talent(unit=unit), factories.talent(unit=factories.unit("别的单位"))
    page = by_organiser(client, event, unit, [own.code, other.code])
    assert f"这些人才编号不是该单位的人，请核对：{other.code}。" in page
    assert own.code in page  # what was typed stays
    assert not Booking.objects.filter(event=event).exists()


@pytest.mark.parametrize(
    "fields", [{"sensitive_topic": True}, {"needs_approval": True}, {"visibility": "invited"}]
)
def test_what_units_cannot_propose_for_the_organiser_cannot_either(client, event, fields):
    type(event).objects.filter(pk=event.pk).update(**fields)
    talent = factories.talent(unit=factories.unit())
    by_organiser(client, event, talent.unit, [talent.code])
    assert not Booking.objects.filter(event=event).exists()
