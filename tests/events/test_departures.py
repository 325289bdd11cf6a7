"""A record leaves the database: she is told before what she loses, seats are given back, vouchers stay."""

from datetime import timedelta
from threading import Event as Signal

import pytest
from django.urls import reverse
from django.utils import timezone

from care_points import operations as desk
from events import operations, rules
from events.models import Booking
from events.operations import locking
from privacy import consents
from privacy.models import Consent
from talents import departures
from talents import operations as talents
from talents.models import Talent
from tests import factories
from tests.care_points import make
from tests.factories import NOW
from tests.talents.test_verification import decide_together
from tests.waits import until_waiting

pytestmark = pytest.mark.django_db


def agreed():
    """A verified woman who has agreed to the database."""
    talent = factories.talent()
    factories.consent(talent.user, "talent_database")
    return talent


def withdraw(talent, now=NOW):
    """Withdraw her consent as her page does."""
    consents.withdraw(user=talent.user, purpose="talent_database", by=talent.user, now=now)
    talent.refresh_from_db()


def state_of(booking):
    booking.refresh_from_db()
    return booking.state


def test_seats_to_come_go_to_the_next_and_what_began_stays():
    talent, now = agreed(), NOW
    coming, past = (factories.event(capacity=1) for _ in range(2))
    seat, other = factories.booking(coming, talent), factories.booking(past, talent)
    next_one = factories.booking(coming)
    assert next_one.is_waitlisted
    past.starts_at, past.ends_at = now - timedelta(hours=1), now + timedelta(hours=1)
    past.booking_closes_at = past.starts_at
    past.save(update_fields=["starts_at", "ends_at", "booking_closes_at"])
    withdraw(talent)
    assert (state_of(seat), state_of(next_one), state_of(other)) == (
        "cancelled",
        "confirmed",
        "confirmed",
    )
    assert rules.why_not_book(coming, talent, now).code == "left_database"


def test_vouchers_stay_good_and_points_are_kept():
    talent = agreed()
    make.give(talent, 50)
    operator = factories.user()
    station = make.station(operator)
    voucher = make.redeem(talent, make.service(station=station, cost=20))
    withdraw(talent)
    voucher.refresh_from_db()
    assert (voucher.state, make.balance(talent)) == ("reserved", 30)
    desk.fulfil(code=voucher.code, by=operator, now=NOW)
    voucher.refresh_from_db()
    assert voucher.state == "fulfilled"


def test_who_claimed_wrongly_keeps_neither_seats_nor_vouchers():
    clerk, woman = factories.staff("department_clerk"), factories.user("王小敏")
    factories.consent(woman, "talent_database")
    record = factories.talent(full_name="王小敏", user=None, source="import")
    claim = talents.ask_for_record(user=woman, full_name="王小敏", by=woman, now=NOW)
    claim = talents.grant_claim(claim=claim, talent=record, by=clerk, now=NOW)
    record.refresh_from_db()
    seat = factories.booking(factories.event(), record)
    make.give(record, 50)
    voucher = make.redeem(record, make.service(cost=20))
    talents.undo_claim(claim=claim, reason="经核对不是本人", by=clerk, now=NOW)
    voucher.refresh_from_db()
    record.refresh_from_db()
    assert (state_of(seat), voucher.state, make.balance(record)) == (
        "cancelled",
        "cancelled",
        50,
    )


def test_she_is_told_before_and_reads_afterwards_how_to_come_back(client):
    talent, now = agreed(), timezone.now()
    event = factories.event(
        title="智能制造女科学家沙龙",
        starts_at=now + timedelta(days=3),
        booking_opens_at=now - timedelta(days=1),
    )
    operations.book(event=event, talent=talent, by=None, now=now)
    make.give(talent, 50)
    make.redeem(talent, make.service(cost=20))
    client.force_login(talent.user)
    address = reverse("withdraw_consent", args=["talent_database"])
    page = client.get(address).content.decode()
    told = [
        "还没有开始的 1 场报名会取消，名额让给候补的姐妹：《智能制造女科学家沙龙》。",
        "1 张未使用的兑换码到期前仍可使用。",
        "30 积分为您保留，退出期间不能兑换，也不再累积。",
        "档案内容为您保留，重新同意后恢复；已取消的报名需要重新报名。",
    ]
    assert [sentence in page for sentence in told] == [True] * 4
    assert Consent.objects.granted_by(talent.user, "talent_database")
    client.post(address)
    mine = client.get(reverse("dashboard")).content.decode()
    assert ("档案已退出人才库" in mine, "还没有提交" in mine) == (True, False)
    review = client.get(reverse("profile_review")).content.decode()
    grant = reverse("grant_consent", args=["talent_database"])
    assert grant in review
    assert client.get(reverse("profile_step", args=[1])).url == reverse("profile_review")
    client.post(grant)
    talent.refresh_from_db()
    assert talent.state == "verified"
    assert rules.why_not_book(event, talent, now) is None


def test_who_holds_nothing_reads_no_losses(client):
    user = factories.user()
    factories.consent(user, "talent_database")
    assert consents.losses(user, "talent_database", NOW) == []
    assert consents.losses(user, "messages", NOW) == []


@pytest.mark.django_db(transaction=True)
def test_a_booking_that_comes_while_she_leaves_is_refused(monkeypatch):
    talent, event = agreed(), factories.event()
    leaving, booked, follow = Signal(), Signal(), departures.follow

    def slow(*args, **kwargs):
        leaving.set()
        until_waiting(done=booked)
        follow(*args, **kwargs)

    def book():
        leaving.wait(30)
        try:
            return operations.book(event=event, talent=hers, by=None, now=NOW)
        finally:
            booked.set()

    def leave():
        withdraw(Talent.objects.get(pk=talent.pk))
        return talent

    monkeypatch.setattr(departures, "follow", slow)
    hers = Talent.objects.get(pk=talent.pk)
    answers = decide_together([book, leave])
    assert (answers[0], Booking.objects.count()) == ("left_database", 0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("held", "state"), [(True, "cancelled"), (False, "confirmed")])
def test_who_leaves_while_her_booking_is_made_gives_it_back(held, state, monkeypatch):
    """Leaving waits for the booking; else she keeps a seat nobody looks for any more: the control."""
    talent, event = agreed(), factories.event()
    booking, left, why_not_book = Signal(), Signal(), rules.why_not_book

    def slow(*args):
        booking.set()
        until_waiting(done=left)
        return why_not_book(*args)

    def leave():
        booking.wait(30)
        withdraw(Talent.objects.get(pk=talent.pk))
        left.set()
        return talent

    monkeypatch.setattr(rules, "why_not_book", slow)
    if not held:
        without = locking.WITH_TALENT.replace("FOR NO KEY UPDATE OF talent", "")
        monkeypatch.setattr(locking, "WITH_TALENT", without)
    hers = Talent.objects.get(pk=talent.pk)
    book = lambda: operations.book(event=event, talent=hers, by=None, now=NOW)  # noqa: E731
    assert decide_together([book, leave])[0] == "confirmed"
    assert Booking.objects.get().state == state
