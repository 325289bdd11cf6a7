"""Events whose bookings staff approve one by one: asked, decided, in the order of asking."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from events import operations, rules
from events.models import Booking
from kernel.errors import Conflict, Invalid, Refused
from notices.models import Notice
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def asked(count, **fields):
    event = factories.event(needs_approval=True, **({"capacity": 1} | fields))
    return event, [factories.booking(event) for _ in range(count)]


def approve(booking, now=NOW):
    return operations.approve_booking(booking=booking, by=booking.event.organiser, now=now)


def states(event):
    return list(event.bookings.order_by("place").values_list("state", flat=True))


def test_a_request_takes_no_seat_and_waits_in_no_queue():
    event, (first, _second) = asked(2)
    event.refresh_from_db()
    assert states(event) == ["pending", "pending"]
    assert (event.seats_taken, event.waiting, event.last_place) == (0, 0, 2)
    assert Notice.objects.filter(kind="events.requested").count() == 2
    again = operations.book(
        event=event, talent=first.talent, by=first.talent.user, now=NOW, key="tab"
    )
    assert again == first


def test_the_first_approved_gets_the_seat_the_others_wait_in_the_order_they_asked():
    event, (first, second, third) = asked(3)
    assert [approve(b).state for b in (third, second, first)] == [
        "confirmed",
        "waitlisted",
        "waitlisted",
    ]
    assert list(event.bookings.in_queue()) == [first, second]
    told = Notice.objects.filter(kind="events.waitlisted").order_by("pk")
    assert [notice.context["place"] for notice in told] == [1, 1]
    operations.cancel_booking(booking=third, by=third.talent.user, now=NOW)
    assert states(event) == ["confirmed", "waitlisted", "cancelled"]


def test_nobody_approves_her_own_request():
    event = factories.event(needs_approval=True)
    own = factories.booking(event, talent=factories.talent(user=event.organiser))
    with pytest.raises(Refused) as error:
        approve(own)
    assert (error.value.code, states(event)) == ("own_booking", ["pending"])
    colleague = factories.staff("event_organiser")
    assert operations.approve_booking(booking=own, by=colleague, now=NOW).state == "confirmed"


def test_refused_with_a_reason_she_is_told_and_may_ask_again():
    event, (first,) = asked(1)
    refuse = {"booking": first, "by": event.organiser, "now": NOW}
    with pytest.raises(Invalid):
        operations.refuse_booking(reason=" ", **refuse)
    refused = operations.refuse_booking(reason="本场仅面向集成电路从业人员", **refuse)
    assert refused.state == "refused"
    assert "原因：本场仅面向集成电路从业人员" in Notice.objects.get(kind="events.refused").body
    with pytest.raises(Conflict) as error:
        approve(first)
    assert error.value.code == "booking_decided"
    again = operations.book(event=event, talent=first.talent, by=first.talent.user, now=NOW)
    assert (again.state, again.place) == ("pending", 2)


def test_who_waits_for_an_answer_is_not_let_in_at_the_door():
    event, (first,) = asked(1, starts_at=NOW + timedelta(hours=1))
    assert rules.why_not_check_in(first, event, event.organiser, NOW).code == "booking_pending"


def test_staff_decide_from_the_list_and_she_reads_what_came_of_it(client):
    now = timezone.now()
    event = factories.event(needs_approval=True, capacity=2, starts_at=now + 5 * DAY)
    first, second = (factories.booking(event, now=now) for _ in range(2))
    client.force_login(event.organiser)
    page = client.get(reverse("admin:events_event_change", args=[event.pk])).content.decode()
    approve_page = reverse("admin:events_booking_approve", args=[event.pk, first.code])
    refuse_page = reverse("admin:events_booking_refuse", args=[event.pk, second.code])
    assert (approve_page in page, refuse_page in page) == (True, True)
    answer = client.post(approve_page, {}, follow=True).content.decode()
    assert "已通过，她有了席位。" in answer
    client.post(refuse_page, {"reason": "名额面向初创企业"})
    assert states(event) == ["confirmed", "refused"]
    client.force_login(second.talent.user)
    assert "原因：名额面向初创企业" in client.get(reverse("my_bookings")).content.decode()


def test_the_work_queue_leads_to_the_requests(client):
    now = timezone.now()
    event = factories.event(needs_approval=True, starts_at=now + 5 * DAY)
    factories.booking(event, now=now)
    client.force_login(event.organiser)
    page = client.get(reverse("admin:index")).content.decode()
    assert "待审核的活动报名" in page
    assert reverse("admin:events_event_change", args=[event.pk]) in page


def test_her_page_says_that_it_is_decided_and_lets_her_take_it_back(client):
    now = timezone.now()
    event = factories.event(needs_approval=True, starts_at=now + 5 * DAY)
    talent = factories.talent()
    client.force_login(talent.user)
    page = client.get(event.get_absolute_url()).content.decode()
    assert "这场活动的报名由主办方审核" in page
    answer = client.post(reverse("book_event", args=[event.code]), follow=True).content.decode()
    assert ("报名已提交，审核结果会通知您。" in answer, "报名待审核" in answer) == (True, True)
    booking = Booking.objects.get()
    answer = client.post(reverse("cancel_booking", args=[booking.code]), follow=True)
    assert "已撤回报名。" in answer.content.decode()
    assert states(event) == ["cancelled"]
