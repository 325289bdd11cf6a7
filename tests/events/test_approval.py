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
    assert reverse("admin:events_booking_changelist") in page


def ticked(action, *bookings, **more):
    return {"action": action, "_selected_action": [row.pk for row in bookings], **more}


def test_requests_of_all_events_are_decided_with_tick_boxes(client):
    """First come, first served, whatever the order of the boxes; one reason for all who are refused."""
    now = timezone.now()
    forum, salon = (
        factories.event(
            title=title,
            needs_approval=True,
            capacity=1,
            starts_at=now + days * DAY,
            organiser=chief,
        )
        for chief in [factories.staff("event_organiser")]
        for title, days in (("论坛", 6), ("沙龙", 5))
    )
    first, second, third = (factories.booking(forum, now=now) for _ in range(3))
    other = factories.booking(salon, now=now)
    client.force_login(forum.organiser)
    address = reverse("admin:events_booking_changelist")
    rows = client.get(address).context["cl"].result_list
    assert list(rows) == [other, first, second, third]
    assert list(client.get(f"{address}?event={salon.pk}").context["cl"].result_list) == [other]
    asked = client.post(address, ticked("approve_selected", second, first, other))
    assert "席满的进入候补" in asked.content.decode()
    assert states(forum) == ["pending"] * 3
    sure = ticked("approve_selected", second, first, other, sure="True")
    done = client.post(address, sure, follow=True).content.decode()
    assert ("已通过 3 人。" in done, states(forum), states(salon)) == (
        True,
        ["confirmed", "waitlisted", "pending"],
        ["confirmed"],
    )
    again = client.post(address, sure, follow=True).content.decode()
    assert "3 条报名已经审核过，或已由本人撤回。" in again
    assert client.post(address, ticked("refuse_selected", third, reason="")).status_code == 422
    client.post(address, ticked("refuse_selected", third, reason="名额面向初创企业"))
    assert states(forum) == ["confirmed", "waitlisted", "refused"]
    assert "没有等待审核的报名" in client.get(address).content.decode()


def test_the_list_of_requests_shows_nobody_elses_and_no_door_code(client):
    now = timezone.now()
    soon = {"needs_approval": True, "starts_at": now + 5 * DAY}
    booking = factories.booking(factories.event(**soon), now=now)
    hidden = factories.event(sensitive_topic=True, title="情绪疏导讲座", **soon)
    factories.booking(hidden, now=now)
    address = reverse("admin:events_booking_changelist")
    colleague = factories.staff("department_clerk")
    client.force_login(colleague)
    answer = client.get(address)
    assert list(answer.context["cl"].result_list) == [booking]
    assert ("情绪疏导讲座" in answer.content.decode(), booking.code in answer.content.decode()) == (
        False,
        False,
    )
    one = client.get(reverse("admin:events_booking_change", args=[booking.pk]))
    assert one.url == reverse("admin:events_event_change", args=[booking.event_id])
    decided = factories.booking(
        factories.event(starts_at=now + 5 * DAY), now=now
    )  # the audit log leads to it as well
    one = client.get(reverse("admin:events_booking_change", args=[decided.pk]))
    assert one.url == reverse("admin:events_event_change", args=[decided.event_id])
    client.force_login(factories.staff("event_organiser", department_code="science_innovation"))
    assert list(client.get(address).context["cl"].result_list) == []
    client.post(address, ticked("approve_selected", booking, sure="True"))
    booking.refresh_from_db()
    assert booking.state == "pending"
    client.force_login(factories.staff("auditor"))
    client.post(address, ticked("approve_selected", booking, sure="True"))
    booking.refresh_from_db()
    assert booking.state == "pending"
    client.force_login(booking.talent.user)
    assert client.get(address).status_code == 403


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
