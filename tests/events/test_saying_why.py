"""What was decided about her is said where she may ask again; a second click is answered kindly."""

import pytest
from django.urls import reverse
from django.utils import timezone

from events import operations
from events.models import Booking, Invitation
from tests import factories
from tests.factories import NOW, timedelta

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def coming(**fields):
    return factories.event(starts_at=timezone.now() + 9 * DAY, **fields)


def page_of(client, booking):
    client.force_login(booking.talent.user)
    return client.get(booking.event.get_absolute_url()).content.decode()


def test_the_reason_of_a_refusal_stands_beside_the_button(client):
    event = coming(needs_approval=True)
    booking = factories.booking(event, now=timezone.now())
    operations.refuse_booking(
        booking=booking, reason="本场面向企业", by=event.organiser, now=timezone.now()
    )
    page = page_of(client, booking)
    assert "上次报名没有通过，原因：本场面向企业" in page
    assert "提交报名" in page


def test_a_seat_that_was_not_answered_or_taken_back_by_staff_is_explained(client):
    event = coming(capacity=1)
    booking = factories.booking(event, now=timezone.now())
    operations.cancel_booking(
        booking=booking, by=event.organiser, now=timezone.now(), reason="重复报名"
    )
    assert "主办方取消了您上次的报名，原因：重复报名" in page_of(client, booking)
    again = factories.booking(event, booking.talent, now=timezone.now())
    assert "上次" not in page_of(client, again)
    operations.cancel_booking(booking=again, by=again.talent.user, now=timezone.now())
    assert "主办方取消了您上次的报名" in page_of(client, again)


def test_who_misses_a_tier_is_told_whom_to_ask(client):
    event = coming(for_tiers=["national"])
    client.force_login(factories.talent().user)
    page = client.get(event.get_absolute_url()).content.decode()
    assert f"人才层次由{event.department}认定，与实际不符的请与其联系。" in page
    assert "我的档案”里修改" not in page


@pytest.mark.parametrize(
    ("limits", "hers", "said"),
    [
        (
            {"for_disciplines": ["430"]},
            {"discipline": "610"},
            "面向学科为材料科学的人才，您档案里的学科是环境科学技术及资源科学技术。学科与实际不符的，请先在",
        ),
        (
            {"for_disciplines": ["430"], "for_tiers": ["national"]},
            {"discipline": "", "tier": "city"},
            "您档案里的人才层次是市级，学科还没有填。人才层次由",
        ),
    ],
)
def test_who_may_not_book_reads_what_her_record_says_and_where_it_is_changed(
    client, limits, hers, said
):
    client.force_login(factories.talent(**hers).user)
    page = client.get(coming(**limits).get_absolute_url()).content.decode()
    assert said in page and 'href="/me/profile/"' in page


def test_a_second_click_on_a_decision_is_answered_like_the_first(client):
    event = coming(needs_approval=True)
    first, second = (factories.booking(event, now=timezone.now()) for _ in range(2))
    client.force_login(event.organiser)
    approve = reverse("admin:events_booking_approve", args=[event.pk, first.code])
    for _ in range(2):
        answer = client.post(approve, follow=True)
        assert "已通过，她有了席位。" in answer.content.decode()
    refuse = reverse("admin:events_booking_refuse", args=[event.pk, second.code])
    for _ in range(2):
        answer = client.post(refuse, {"reason": "名额有限"}, follow=True)
        assert "已告知她未通过的原因。" in answer.content.decode()
    answer = client.post(refuse, {"reason": "另一个原因"})
    assert (answer.status_code, "已经审核过" in answer.content.decode()) == (422, True)
    assert list(event.bookings.order_by("pk").values_list("state", flat=True)) == [
        *("confirmed", "refused")
    ]


def test_staff_take_an_offer_for_her(client):
    event = coming(capacity=1, offer_hours=48)
    first, second = (factories.booking(event, now=timezone.now()) for _ in range(2))
    operations.cancel_booking(booking=first, by=first.talent.user, now=timezone.now())
    client.force_login(event.organiser)
    address = reverse("admin:events_booking_accept", args=[event.pk, second.code])
    shown = client.get(reverse("admin:events_event_change", args=[event.pk])).content.decode()
    assert address in shown
    answer = client.post(address, {"sure": "on"}, follow=True)
    assert "已代她确认席位。" in answer.content.decode()
    second.refresh_from_db()
    assert second.state == "confirmed"


def test_a_withdrawn_invitation_does_not_hide_the_one_that_stands_after_a_merge():
    from events.merging import INVITATIONS

    event, keep, lose = factories.event(), factories.talent(), factories.talent()
    gone = Invitation.objects.create(
        event=event, talent=keep, invited_at=NOW - DAY, withdrawn_at=NOW
    )
    stands = Invitation.objects.create(event=event, talent=lose, invited_at=NOW)
    moved = INVITATIONS.move(keep, lose, NOW)
    assert list(event.invitations.standing().filter(talent=keep)) == [gone]
    INVITATIONS.back(keep, lose, moved, NOW)
    assert list(event.invitations.standing()) == [stands]
    gone.refresh_from_db()
    assert gone.withdrawn_at == NOW
    assert not Booking.objects.exists()


NEXT = "活动开始时还没有席位的，候补自动结束，不用办理，也不算未到场。"
AT_THE_DOOR = "当天也可以到现场等候"
PASSED_BY = "排在您后面、符合条件的人可能先得到这些席位"


@pytest.mark.parametrize(
    ("fields", "pooled", "said"),
    [
        ({}, False, [True, True, False]),
        ({"venue": "", "online_url": "https://meet.example.cn/1"}, False, [True, False, False]),
        ({}, True, [True, True, True]),
    ],
)
def test_who_waits_reads_what_happens_next(fields, pooled, said, client):
    now, event = timezone.now(), coming(capacity=2, **fields)
    if pooled:
        operations.add_pool(event=event, kind="track", seats=1, by=None, now=now)
    for _ in range(2):
        factories.booking(event, now=now)
    waiting = factories.booking(event, now=now)
    assert waiting.is_waitlisted
    page = page_of(client, waiting)
    assert [words in page for words in (NEXT, AT_THE_DOOR, PASSED_BY)] == said


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"capacity": 1}, "您还在候补。在现场的请到签到台登记"),
        ({"needs_approval": True}, "主办方没有审核您的报名，很抱歉。"),
        (
            {"capacity": 1, "venue": "", "online_url": "https://meet.example.cn/1"},
            "这次没有候补上，很抱歉。",
        ),
    ],
)
def test_once_it_has_begun_who_has_no_seat_reads_what_is_true(fields, words, client):
    now = timezone.now()
    event = factories.event(starts_at=now + DAY, booking_opens_at=now - DAY, **fields)
    for _ in range(2):
        booking = factories.booking(event, now=now)
    type(event).objects.update(
        starts_at=now, ends_at=now + timedelta(minutes=5), booking_closes_at=now
    )
    booking.event.refresh_from_db()
    assert words in page_of(client, booking)
