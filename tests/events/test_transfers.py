"""A seat or a place goes to a colleague by a link she sends herself: once, to one, nobody overtaken."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.urls import reverse
from django.utils import timezone

from events import operations
from events.models import Booking, BookingHold, Transfer
from kernel.errors import Conflict, DomainError, Refused
from notices.models import Notice
from tests import factories
from tests.factories import NOW, timedelta

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def link_of(booking, now=NOW):
    return operations.hand_on(booking=booking, by=booking.talent.user, now=now)


def accept(transfer, talent, now=NOW):
    return operations.accept_transfer(transfer=transfer, talent=talent, by=talent.user, now=now)


def rows(event):
    return list(event.bookings.order_by("place").values_list("talent", "state"))


def refusal(transfer, talent, now=NOW):
    with pytest.raises(DomainError) as error:
        accept(transfer, talent, now)
    return error.value.code


def test_a_seat_goes_to_the_colleague_once_and_both_are_told():
    event = factories.event(capacity=1)
    given, waiting = factories.booking(event), factories.booking(event)
    transfer, colleague = link_of(given), factories.talent()
    assert link_of(given) == transfer
    taken = accept(transfer, colleague)
    assert accept(transfer, colleague) == taken
    assert rows(event) == [
        (colleague.pk, "confirmed"),
        (waiting.talent_id, "waitlisted"),
        (given.talent_id, "handed_on"),
    ]
    event.refresh_from_db()
    assert (event.seats_taken, event.waiting, event.last_place) == (1, 1, 3)
    assert refusal(transfer, factories.talent()) == "transfer_gone"
    told = Notice.objects.filter(kind__in=["events.handed_on", "events.booked"], overtaken_at=None)
    assert {(n.kind, n.recipient_id) for n in told} == {
        ("events.handed_on", given.talent.user_id),
        ("events.booked", colleague.user_id),
    }


def test_a_place_in_the_queue_goes_over_exactly():
    event = factories.event(capacity=1)
    first, second, third = (factories.booking(event) for _ in range(3))
    colleague = factories.talent()
    taken = accept(link_of(second), colleague)
    assert (taken.state, taken.queue_rank()) == ("waitlisted", 1)
    operations.cancel_booking(booking=first, by=None, now=NOW)
    taken.refresh_from_db()
    third.refresh_from_db()
    assert (taken.state, third.state) == ("confirmed", "waitlisted")


def test_what_the_colleague_had_herself_is_given_back():
    event = factories.event(capacity=1)
    given, waiting = factories.booking(event), factories.booking(event)
    taken = accept(link_of(given), waiting.talent)
    assert taken.state == "confirmed"
    event.refresh_from_db()
    assert (event.seats_taken, event.waiting) == (1, 0)
    assert event.bookings.active().get() == taken


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda event, given, colleague: None, None),
        (lambda event, given, colleague: factories.booking(event, colleague), "already_booked"),
        (
            lambda event, given, colleague: operations.cancel_booking(
                booking=given, by=None, now=NOW
            ),
            "transfer_gone",
        ),
        (
            lambda event, given, colleague: operations.cancel_event(
                event=event, reason="场地检修", by=None, now=NOW
            ),
            "event_cancelled",
        ),
        (
            lambda event, given, colleague: type(event).objects.update(for_tiers=["national"]),
            "not_eligible",
        ),
        (
            lambda event, given, colleague: type(event).objects.update(visibility="invited"),
            "not_invited",
        ),
        (
            lambda event, given, colleague: type(event).objects.update(transfers_until=NOW - DAY),
            "transfers_over",
        ),
        (
            lambda event, given, colleague: (
                type(colleague).objects.filter(pk=colleague.pk).update(state="submitted")
            ),
            "talent_in_review",
        ),
    ],
)
def test_what_stands_in_the_way_is_said(change, code):
    event, colleague = factories.event(), factories.talent()
    given = factories.booking(event)
    transfer = link_of(given)
    change(event, given, colleague)
    if code:
        assert refusal(transfer, colleague) == code
        assert not event.bookings.filter(state="handed_on").exists()
    else:
        assert accept(transfer, colleague).is_seated


def test_she_takes_it_back_before_anybody_accepts_and_nobody_else_does():
    given = factories.booking(factories.event())
    transfer = link_of(given)
    with pytest.raises(Refused):
        operations.take_transfer_back(transfer=transfer, by=factories.talent().user, now=NOW)
    her = given.talent.user
    operations.take_transfer_back(transfer=transfer, by=her, now=NOW)
    operations.take_transfer_back(transfer=transfer, by=her, now=NOW)
    assert refusal(transfer, factories.talent()) == "transfer_gone"
    again = link_of(given)
    assert again != transfer
    accept(again, factories.talent())
    with pytest.raises(Conflict):
        operations.take_transfer_back(transfer=again, by=her, now=NOW)


def test_a_units_seat_stays_in_the_unit():
    unit = factories.unit()
    event = kept_for(unit, 1)
    given = factories.booking(event, factories.talent(unit=unit))
    transfer = link_of(given)
    assert refusal(transfer, factories.talent()) == "seat_kept"
    taken = accept(transfer, factories.talent(unit=unit))
    assert taken.pool == given.pool
    assert event.pools.get().taken == 1


def kept_for(unit, capacity, now=NOW):
    """Return an event with that many seats of which one is kept for the unit."""
    event = factories.event(capacity=capacity, starts_at=now + 9 * DAY)
    operations.add_pool(event=event, kind="unit", unit=unit, seats=1, by=None, now=now)
    return event


def test_in_which_pool_her_seat_happens_to_stand_decides_nothing():
    """Two of the unit have a seat, one of them for everybody: whichever is handed on, the other takes the kept one."""
    for handed in (0, 1):
        unit = factories.unit()
        event = kept_for(unit, 3)
        two = [factories.booking(event, factories.talent(unit=unit)) for _ in range(2)]
        assert [booking.pool is not None for booking in two] == [True, False]
        other = factories.booking(event, factories.talent())
        taken = accept(link_of(two[handed]), factories.talent())
        stays = Booking.objects.get(pk=two[1 - handed].pk)
        assert (taken.state, taken.pool, stays.pool) == ("confirmed", None, event.pools.get())
        event.refresh_from_db()
        assert (event.seats_taken, event.kept, event.waiting) == (3, 0, 0)
        assert set(event.bookings.seated()) == {taken, stays, other}


def test_a_seat_for_everybody_that_is_free_lets_her_take_a_kept_one_and_the_kept_one_stays_kept():
    unit = factories.unit()
    event = kept_for(unit, 2)
    given = factories.booking(event, factories.talent(unit=unit))
    taken = accept(link_of(given), factories.talent())
    event.refresh_from_db()
    assert (given.pool is None, taken.pool, event.kept, event.seats_taken) == (False, None, 1, 1)


def test_she_who_takes_it_has_her_own_units_seat_and_the_one_that_came_free_goes_to_the_queue():
    unit = factories.unit()
    event = kept_for(unit, 2)
    given, waiting = (factories.booking(event, factories.talent()) for _ in range(2))
    assert waiting.state == "waitlisted"
    taken = accept(link_of(given), factories.talent(unit=unit))
    waiting.refresh_from_db()
    assert (taken.pool, waiting.state) == (event.pools.get(), "confirmed")


def test_the_page_says_that_the_seat_is_kept_before_she_presses(client):
    now, unit = timezone.now(), factories.unit()
    event = kept_for(unit, 1, now)
    transfer = link_of(factories.booking(event, factories.talent(unit=unit), now=now), now)
    where = reverse("handed_on", args=[transfer.pk, transfer.secret])
    for talent, says in ((factories.talent(), True), (factories.talent(unit=unit), False)):
        client.force_login(talent.user)
        assert ("腾出的是保留席位" in client.get(where).content.decode()) == says


def test_where_staff_approve_nothing_is_handed_on():
    event = factories.event(needs_approval=True)
    booking = factories.booking(event)
    operations.approve_booking(booking=booking, by=event.organiser, now=NOW)
    with pytest.raises(Conflict) as error:
        link_of(Booking.objects.get(pk=booking.pk))
    assert error.value.code == "approval_needed"


def test_the_pages_from_one_to_the_other(client):
    now = timezone.now()
    event = factories.event(starts_at=now + 5 * DAY)
    giver, colleague = factories.talent(full_name="陈晓岚"), factories.talent()
    given = factories.booking(event, giver, now=now)
    client.force_login(given.talent.user)
    page = reverse("hand_on", args=[given.code])
    assert page in client.get(event.get_absolute_url()).content.decode()
    client.post(page)
    transfer = Transfer.objects.get()
    where = reverse("handed_on", args=[transfer.pk, transfer.secret])
    assert where in client.get(page).content.decode()
    assert "这是您自己的席位" in client.get(where).content.decode()
    client.logout()
    assert client.get(where)["Location"].startswith("/accounts/login/")
    client.force_login(colleague.user)
    shown = client.get(where).content.decode()
    assert (event.title in shown, given.talent.full_name in shown) == (True, False)
    answer = client.post(where, follow=True).content.decode()
    assert ("已接收，报名现在是您的了。" in answer, "您已报名" in answer) == (True, True)
    assert client.get(reverse("handed_on", args=[transfer.pk, "0" * 32])).status_code == 404
    client.force_login(factories.talent().user)
    assert "已由别人接收" in client.get(where).content.decode()


def test_a_link_given_while_she_waited_waits_with_the_seat_she_is_asked_about(client):
    now = timezone.now()
    event = factories.event(capacity=1, offer_hours=24, starts_at=now + 9 * DAY)
    first, waiting = (factories.booking(event, now=now) for _ in range(2))
    transfer, colleague = link_of(waiting, now), factories.talent()
    operations.cancel_booking(booking=first, by=None, now=now)
    assert refusal(transfer, colleague, now) == "offer_first"
    where = reverse("handed_on", args=[transfer.pk, transfer.secret])
    client.force_login(colleague.user)
    assert "这个席位正等原来报名的人确认" in client.get(where).content.decode()
    client.force_login(waiting.talent.user)
    page = reverse("hand_on", args=[waiting.code])
    assert page in client.get(event.get_absolute_url()).content.decode()
    shown = client.get(page).content.decode()
    assert ("这个席位正等您确认" in shown, "收回链接" in shown) == (True, True)
    operations.accept_offer(booking=waiting, by=waiting.talent.user, now=now)
    assert accept(transfer, colleague, now).state == "confirmed"


def test_she_takes_a_link_back_while_she_is_asked_about_the_seat(client):
    now = timezone.now()
    event = factories.event(capacity=1, offer_hours=24, starts_at=now + 9 * DAY)
    first, waiting = (factories.booking(event, now=now) for _ in range(2))
    transfer = link_of(waiting, now)
    operations.cancel_booking(booking=first, by=None, now=now)
    client.force_login(waiting.talent.user)
    client.post(reverse("hand_on", args=[waiting.code]), {"do": "take_back"})
    transfer.refresh_from_db()
    assert transfer.is_standing is False
    assert (
        reverse("hand_on", args=[waiting.code])
        not in client.get(event.get_absolute_url()).content.decode()
    )


def test_who_may_book_later_only_reads_so_before_she_accepts(client):
    now = timezone.now()
    event, colleague = factories.event(starts_at=now + 9 * DAY), factories.talent()
    transfer = link_of(factories.booking(event, now=now), now)
    held = {"days_before": 3, "until": now + 9 * DAY, "absences": 3, "made_at": now}
    BookingHold.objects.create(user=colleague.user, **held)
    client.force_login(colleague.user)
    where = reverse("handed_on", args=[transfer.pk, transfer.secret])
    assert "只能在活动开始前 3 天内报名" in client.get(where).content.decode()
    assert refusal(transfer, colleague, now) == "booking_later"


@pytest.mark.django_db(transaction=True)
def test_of_many_who_press_at_once_one_has_the_seat_and_a_cancel_beside_them_loses_none():
    event = factories.event(capacity=1)
    given, waiting = factories.booking(event), factories.booking(event)
    transfer = link_of(given)
    colleagues = [factories.talent() for _ in range(6)]
    barrier = Barrier(7)

    def press(talent):
        try:
            barrier.wait()
            if talent is None:
                operations.cancel_booking(booking=given, by=None, now=NOW)
                return "cancelled"
            return accept(transfer, talent).state
        except DomainError as error:
            return error.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(7) as threads:
        answers = sorted(threads.map(press, [*colleagues, None]))
    event.refresh_from_db()
    given.refresh_from_db()
    waiting.refresh_from_db()
    assert event.seats_taken == Booking.objects.seated().count() == 1
    if given.state == "handed_on":  # a colleague was first: cancelling found nothing to cancel
        assert answers == ["cancelled", "confirmed", *["transfer_gone"] * 5]
        assert waiting.state == "waitlisted"
    else:
        assert answers == ["cancelled", *["transfer_gone"] * 6]
        assert waiting.state == "confirmed"


def open_seat(now, **fields):
    event = factories.event(starts_at=now + 9 * DAY, booking_opens_at=now - DAY, **fields)
    return factories.booking(event, now=now)


def test_a_press_on_a_page_that_is_stale_says_once_what_is_true(client):
    now = timezone.now()
    given, late = open_seat(now), factories.talent()
    transfer, colleague = link_of(given, now), factories.talent()
    accept(transfer, colleague, now)
    address = reverse("handed_on", args=[transfer.pk, transfer.secret])
    client.force_login(late.user)
    answer = client.post(address)
    said = answer.content.decode()
    assert (answer.status_code, said.count("这次转让已经失效")) == (409, 1)
    client.force_login(given.talent.user)
    for typed in ({}, {"do": "take_back"}):
        said = client.post(reverse("hand_on", args=[given.code]), typed, follow=True)
        assert said.content.decode().count("同事已经接收，您的报名随之结束。") == 1


def test_her_other_event_at_that_time_is_said_before_she_accepts(client):
    now = timezone.now()
    given = open_seat(now, mode="online", venue="")
    other = open_seat(now, title="材料圆桌")
    transfer = link_of(given, now)
    client.force_login(other.talent.user)
    page = client.get(reverse("handed_on", args=[transfer.pk, transfer.secret])).content.decode()
    assert "同一时间您已报名《材料圆桌》" in page
    assert "线上" in page
