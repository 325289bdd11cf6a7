"""A seat of an event for points: booked and paid together, given back by the rule that was shown."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from care_points import operations as care_points
from care_points import statement
from care_points.models import Entry, PointsAccount, Redemption, Service, Transfer
from events import operations, rules
from events.models import Booking, Event, PaidSeat
from kernel.errors import Conflict, DomainError, Refused
from tests import factories
from tests.care_points import make
from tests.factories import NOW
from tests.processes import python

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
START = NOW + 3 * DAY


@pytest.fixture
def event():
    return factories.event(points_only=True, starts_at=START, ends_at=START + DAY / 12, capacity=2)


@pytest.fixture
def service(event):
    return make.service(
        cost=30, delivery="event", event_code=event.code, cancel_hours=24, late_refund=False
    )


def woman(points=50):
    talent = factories.talent()
    make.give(talent, points)
    return talent


def redeem(her, service, key="k1", now=NOW, **other):
    asked = {"talent": her, "by": her.user, "expected_cost": 30, "idempotency_key": key}
    return operations.redeem_seat(service=service, now=now, **asked | other)


def balance(her):
    return PointsAccount.objects.look_up(her).balance


def code_of(call, error=DomainError):
    with pytest.raises(error) as caught:
        call()
    return caught.value.code


def seat_of(her):
    return Booking.objects.select_related("event", "talent").get(talent=her)


def standing(her):
    booking, voucher = seat_of(her), Redemption.objects.get(talent=her)
    return booking.state, voucher.state, balance(her)


def written():
    return Booking.objects.count(), PaidSeat.objects.count(), Redemption.objects.count()


def test_points_and_seat_go_together_and_once(service):
    her = woman()
    voucher = redeem(her, service)
    assert redeem(her, service) == voucher
    assert (standing(her), written()) == (("confirmed", "reserved", 20), (1, 1, 1))
    assert voucher.seat.booking == seat_of(her)


def test_neither_where_the_event_refuses(service, event):
    first, second, third = woman(), woman(), woman()
    redeem(first, service)
    redeem(second, service)
    assert code_of(lambda: redeem(third, service), Conflict) == "event_full"
    assert code_of(lambda: redeem(first, service, "k2"), Conflict) == "not_enough_points"
    make.give(first, 50)
    assert code_of(lambda: redeem(first, service, "k2"), Conflict) == "booked_already"
    assert (balance(third), balance(first), written()) == (50, 70, (2, 2, 2))
    late = START + DAY
    assert code_of(lambda: redeem(third, service, now=late)) == "event_over"
    assert code_of(lambda: redeem(third, service, by=factories.user()), Refused) == "not_yours"
    assert Entry.objects.filter(transfer__kind="redeemed", amount__lt=0).count() == 2


def test_a_seat_is_not_booked_without_points_nor_handed_on(service, event):
    her = woman()
    book = {"event": event, "talent": her, "by": her.user, "now": NOW}
    assert code_of(lambda: operations.book(**book)) == "points_only"
    assert rules.why_not_book(event, her, NOW).code == "points_only"
    assert list(Event.objects.bookable(NOW)) == []
    redeem(her, service)
    assert rules.why_not_hand_on(seat_of(her), NOW).code == "seat_paid"
    assert rules.why_not_free_again(event).code == "seats_paid"


def test_the_voucher_is_not_used_or_cancelled_without_the_seat(service):
    her = woman()
    voucher = redeem(her, service)
    cancel = {"redemption": voucher, "by": her.user, "now": NOW}
    assert code_of(lambda: care_points.cancel_redemption(**cancel)) == "seat_by_event"
    assert care_points.why_not_fulfil(voucher, None, NOW).code == "seat_by_event"
    plain = {"talent": her, "service": service, "idempotency_key": "k3", "expected_cost": 30}
    refused = code_of(lambda: care_points.redeem(**plain, by=her.user, now=NOW))
    assert (refused, standing(her)) == ("seat_by_event", ("confirmed", "reserved", 20))


@pytest.mark.parametrize(
    ("at", "back"), [(NOW, ("cancelled", 50)), (START - DAY / 2, ("forfeited", 20))]
)
def test_giving_it_back_herself_follows_the_rule(service, at, back):
    her = woman()
    redeem(her, service)
    service.late_refund, service.cancel_hours = True, 0  # what changes later does not touch it
    service.save()
    for _twice in range(2):
        operations.cancel_booking(booking=seat_of(her), by=her.user, now=at)
    assert standing(her) == ("cancelled", *back)


def test_the_organiser_always_gives_the_points_back(service):
    her, organiser = woman(), factories.staff("event_organiser")
    redeem(her, service)
    late = START - DAY / 24
    operations.cancel_booking(booking=seat_of(her), by=organiser, now=late, reason="场地变更")
    assert standing(her) == ("cancelled", "cancelled", 50)


def test_a_cancelled_event_gives_everybody_s_points_back(service, event):
    women = [woman(), woman()]
    for her in women:
        redeem(her, service)
    operations.cancel_event(event=event, reason="暴雨", by=None, now=NOW)
    assert [standing(her)[1:] for her in women] == [("cancelled", 50)] * 2


def test_who_came_has_used_it_and_who_did_not_has_missed_it(service, event):
    came, missed = woman(), woman()
    redeem(came, service)
    redeem(missed, service)
    operations.check_in(booking=seat_of(came), by=None, now=START)
    assert standing(came)[:2] == ("attended", "fulfilled")
    operations.undo_check_in(booking=seat_of(came), by=None, now=START)
    assert standing(came)[:2] == ("confirmed", "reserved")
    operations.check_in(booking=seat_of(came), by=None, now=START)
    operations.settle_event(event=event, now=START + DAY)
    assert standing(missed) == ("absent", "no_show", 20)
    correct = {"by": factories.staff("event_organiser"), "now": START + DAY, "reason": "签到漏扫"}
    operations.correct_attendance(booking=seat_of(missed), outcome="attended", **correct)
    assert standing(missed)[:2] == ("attended", "fulfilled")
    operations.correct_attendance(booking=seat_of(came), outcome="absent", **correct)
    assert standing(came)[:2] == ("absent", "no_show")


def test_points_nobody_decided_on_go_back(service):
    her = woman()
    voucher = redeem(her, service)
    assert voucher.expires_at == seat_of(her).event.ends_at + 7 * DAY
    care_points.expire_redemption(redemption=voucher, now=voucher.expires_at + DAY)
    assert balance(her) == 50


def test_the_catalogue_takes_only_events_whose_seats_are_for_points(event):
    clerk = factories.staff("points_clerk")
    offered = make.service(cost=30)

    def save(**fields):
        return care_points.save_service(service=offered, by=clerk, now=NOW, **fields)

    free = factories.event()
    assert code_of(lambda: save(delivery="event", event_code="")) == "event_missing"
    assert code_of(lambda: save(delivery="event", event_code="NOSUCHEVENT")) == "event_unknown"
    assert code_of(lambda: save(delivery="event", event_code=free.code)) == "event_free"
    assert save(delivery="event", event_code=event.code).by_event
    asked = Event(points_only=True, needs_approval=True, venue="站")
    assert [e.code for e in rules.contradictions(asked)] == ["points_need_no_approval"]


def test_her_pages_lead_from_the_service_to_the_seat(client):
    soon = timezone.now() + 3 * DAY
    event = factories.event(points_only=True, starts_at=soon, ends_at=soon + DAY / 12)
    service = make.service(cost=30, delivery="event", event_code=event.code)
    her = woman()
    client.force_login(her.user)
    assert event.title in client.get(f"/points/services/{service.pk}/").content.decode()
    page = client.get(f"/points/services/{service.pk}/redeem/")
    form = page.context["form"]
    sent = {"key": form.initial["key"], "cost": 30}
    answer = client.post(f"/points/services/{service.pk}/redeem/", sent)
    voucher = Redemption.objects.get()
    assert answer.url == f"/points/vouchers/{voucher.pk}/"
    assert "席位是您的" in client.get(answer.url).content.decode()
    assert client.get(f"/points/vouchers/{voucher.pk}/cancel/").status_code == 302
    again = client.post(f"/points/services/{service.pk}/redeem/", sent)
    assert (again.url, balance(her)) == (answer.url, 20)
    other = client.post(f"/points/services/{service.pk}/redeem/", sent | {"key": "Z" * 20})
    assert (other.status_code, written()) == (409, (1, 1, 1))


@pytest.mark.django_db(transaction=True)
def test_the_last_seat_is_sold_once_and_the_other_keeps_her_points():
    event = factories.event(points_only=True, starts_at=START, ends_at=START + DAY, capacity=1)
    service = make.service(cost=30, delivery="event", event_code=event.code)
    women = [woman(), woman()]
    start = Barrier(2)

    def run(her):
        try:
            service_now = Service.objects.get(pk=service.pk)
            start.wait(10)
            redeem(her, service_now)
        except Conflict as error:
            return error.code
        finally:
            connection.close()
        return "hers"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(run, women))
    assert (outcomes, written()) == (["event_full", "hers"], (1, 1, 1))
    assert sorted(balance(her) for her in women) == [20, 50]


KILLED = """
import os, sys, django
django.setup()
import notices.tasks
from datetime import datetime
from care_points.models import Redemption, Service
from events.operations import paid_seats
from talents.models import Talent

def die(*_args):
    # The points are spent: this very transaction sees it, nobody else yet.
    print(Redemption.objects.filter(state="reserved").count(), flush=True)
    os.kill(os.getpid(), 9)

talent_id, service_id, killed, now = sys.argv[1:]
if killed == "True":
    paid_seats._seated = die
her = Talent.objects.get(pk=talent_id)
paid_seats.redeem_seat(talent=her, service=Service.objects.get(pk=service_id), idempotency_key="k1",
                       expected_cost=30, by=her.user, now=datetime.fromisoformat(now))
"""


@pytest.mark.django_db(transaction=True)
def test_killed_between_the_points_and_the_seat_leaves_neither():
    event = factories.event(points_only=True, starts_at=START, ends_at=START + DAY, capacity=1)
    service = make.service(cost=30, delivery="event", event_code=event.code)
    her = woman()
    run = python(KILLED, her.pk, service.pk, True, NOW.isoformat())
    assert (run.returncode, run.stdout) == (-9, "1\n")
    assert (written(), balance(her)) == ((0, 0, 0), 50)
    assert Event.objects.get().seats_taken == 0
    run = python(KILLED, her.pk, service.pk, False, NOW.isoformat())  # the control: not killed
    assert (run.returncode, written(), balance(her)) == (0, (1, 1, 1), 20)


@pytest.mark.parametrize(
    ("ahead", "asked", "said", "points"),
    [
        (3, "30 积分全部退回", "30 积分已退回账户。", 50),
        (1 / 2, "离开始已不足 24 小时，现在取消，30 积分不退。", "30 积分不退。", 20),
    ],
)
def test_her_page_says_what_becomes_of_the_points_before_and_after(
    client, ahead, asked, said, points
):
    soon = timezone.now() + ahead * DAY
    event = factories.event(points_only=True, starts_at=soon, ends_at=soon + DAY / 12)
    service = make.service(cost=30, delivery="event", event_code=event.code, cancel_hours=24)
    her = woman()
    redeem(her, service, now=timezone.now())
    client.force_login(her.user)
    address = f"/events/mine/{seat_of(her).code}/cancel/"
    assert asked in " ".join(client.get(address).content.decode().split())
    answer = client.post(address, follow=True)
    assert said in answer.content.decode()
    assert balance(her) == points
    returned = Transfer.objects.filter(kind="returned")
    assert [statement.why(one) for one in returned] == ["兑换已取消，积分退回"] * (points == 50)
