"""Feedback: asked once of who came, kept apart from who said it, read in lots of five."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from events import operations
from events.after import results
from events.models import Booking, Feedback, FeedbackGiven
from events.portal import declaration
from kernel.errors import Conflict, Invalid, Refused
from notices.models import Delivery, Notice
from privacy.models import AuditEntry
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
AFTER = NOW + DAY  # 10:00 in Chongqing


def settled(came=1, missed=0, at=AFTER, **fields):
    """Return an event that is over and its bookings: who came first, then who did not."""
    event = factories.event(
        starts_at=at - 2 * DAY, booking_opens_at=at - 9 * DAY, capacity=30, **fields
    )
    bookings = [factories.booking(event, now=at - 3 * DAY) for _ in range(came + missed)]
    for booking in bookings[:came]:
        operations.check_in(booking=booking, by=None, now=event.starts_at)
    operations.settle_event(event=event, now=at)
    return event, [Booking.objects.get(pk=booking.pk) for booking in bookings]


def answer(booking, score=4, now=AFTER, **words):
    by = booking.talent.user
    return operations.give_feedback(booking=booking, score=score, by=by, now=now, **words)


def thanked(event):
    return Notice.objects.filter(kind="events.thanks").order_by("pk")


def as_user(client, user):
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


# --- thanks ---------------------------------------------------------------------------------------
def test_who_came_is_thanked_once_in_the_morning():
    event = factories.event(starts_at=NOW + HOUR, capacity=9)
    bookings = [factories.booking(event) for _ in range(3)]
    for booking in bookings[:2]:
        operations.check_in(booking=booking, by=None, now=NOW + HOUR)
    midnight = event.door_closes_at()
    operations.settle_event(event=event, now=midnight)
    operations.settle_event(event=event, now=midnight + HOUR)
    notices = thanked(event)
    assert [n.recipient_id for n in notices] == [b.talent.user_id for b in bookings[:2]]
    assert {n.due_at for n in notices} == {midnight + 9 * HOUR}
    assert {n.link for n in notices} == {f"/events/mine/{b.code}/after/" for b in bookings[:2]}
    assert Delivery.objects.filter(notice__in=notices).count() == 0  # by SMS only who agreed to it


def test_corrected_she_is_thanked_too_and_not_who_did_not_come():
    event = factories.event(starts_at=NOW + HOUR, capacity=9)
    came, missed = factories.booking(event), factories.booking(event)
    operations.check_in(booking=came, by=None, now=NOW + HOUR)
    night = event.door_closes_at()
    operations.settle_event(event=event, now=night)
    for booking, outcome in ((came, "absent"), (missed, "attended"), (missed, "attended")):
        operations.correct_attendance(
            booking=booking, outcome=outcome, reason="签到时看错了人", by=None, now=night + HOUR
        )
    withdrawn = {n.recipient_id: n.withdrawn_at is not None for n in thanked(event)}
    assert withdrawn == {came.talent.user_id: True, missed.talent.user_id: False}


def test_of_a_sensitive_topic_no_title_leaves_the_house():
    settled(sensitive_topic=True, title="情绪疏导讲座")
    notice = Notice.objects.get(kind="events.thanks")
    assert "情绪" not in notice.body + notice.outside_body
    assert (
        notice.outside_body
        == "谢谢您来参加活动。为您准备了一分钟的反馈问卷，请登录后在“我的通知”查看。"
    )


# --- given ----------------------------------------------------------------------------------------
def test_what_she_said_stands_apart_from_who_she_is():
    event, (booking,) = settled()
    assert answer(booking, 5, helped="圆桌讨论", change=" ") is True
    assert answer(booking, 1, helped="再写一次") is False
    said = Feedback.objects.get()
    assert (said.event, said.score, said.helped, said.change) == (event, 5, "圆桌讨论", None)
    assert [g.booking for g in FeedbackGiven.objects.all()] == [booking]
    # No column leads from one to the other, and the log knows no actor.
    assert {f.name for f in Feedback._meta.fields} == {
        "id",
        "event",
        "score",
        "helped",
        "change",
        "released",
        "hidden_reason",
    }
    entry = AuditEntry.objects.get(action="events.give_feedback")
    assert (entry.actor_id, entry.object_id, entry.detail) == (None, str(event.pk), {})


def test_only_who_came_is_asked_for_thirty_days():
    event, (came, missed) = settled(missed=1)
    with pytest.raises(Conflict) as error:
        answer(missed)
    assert error.value.code == "did_not_come"
    with pytest.raises(Conflict) as error:
        answer(came, now=event.ends_at - HOUR)
    assert error.value.code == "event_not_over"
    with pytest.raises(Conflict) as error:
        answer(came, now=event.ends_at + 30 * DAY)
    assert error.value.code == "too_late"
    with pytest.raises(Refused):
        operations.give_feedback(booking=came, score=5, by=missed.talent.user, now=AFTER)
    assert Feedback.objects.count() == 0


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"score": 0}, "score_unknown", "score"),
        ({"score": 6}, "score_unknown", "score"),
        ({"helped": "好" * 301}, "text_too_long", "helped"),
        ({"change": "改" * 301}, "text_too_long", "change"),
    ],
)
def test_what_is_no_answer_writes_nothing(given, code, field):
    _event, (booking,) = settled()
    with pytest.raises(Invalid) as error:
        answer(booking, **given)
    assert (error.value.code, error.value.field) == (code, field)
    assert (Feedback.objects.count(), FeedbackGiven.objects.count()) == (0, 0)


# --- read -----------------------------------------------------------------------------------------
def test_answers_come_out_five_at_a_time_and_the_rest_when_nobody_can_answer_any_more():
    event, bookings = settled(came=7)
    shown = []
    for booking in bookings:
        answer(booking)
        shown.append(results.of(event, AFTER).readable)
    assert shown == [0, 0, 0, 0, 5, 5, 5]
    assert results.of(event, event.ends_at + 30 * DAY).readable == 7


def test_fewer_than_five_are_never_read():
    event, bookings = settled(came=4)
    for booking in bookings:
        answer(booking, helped="圆桌")
    late = results.of(event, event.ends_at + 300 * DAY)
    assert (late.given, late.readable, late.scores, late.average, late.answers) == (
        4,
        0,
        [],
        "",
        [],
    )


def test_what_may_be_read_says_how_it_was():
    event, bookings = settled(came=5)
    for booking, score in zip(bookings, (5, 5, 4, 3, 1), strict=True):
        answer(booking, score)
    found = results.of(event, AFTER)
    assert (found.came, found.given, found.average) == (5, 5, "3.6")
    assert [(str(words), n) for words, n, _share in found.scores] == [
        ("很好", 2),
        ("好", 1),
        ("一般", 1),
        ("不太好", 0),
        ("不好", 1),
    ]


def test_words_that_hurt_are_taken_out_and_put_back_and_the_score_counts():
    event, bookings = settled(came=5)
    for booking in bookings:
        answer(booking, 3, change="张三讲得差")
    said, by = Feedback.objects.first(), event.organiser
    with pytest.raises(Invalid):
        operations.hide_feedback(feedback=said, reason="", by=by, now=AFTER)
    for _ in range(2):
        hidden = operations.hide_feedback(feedback=said, reason="点名指责", by=by, now=AFTER)
    assert (hidden.hidden_reason, results.of(event, AFTER).average) == ("点名指责", "3.0")
    assert operations.show_feedback(feedback=said, by=by, now=AFTER).is_hidden is False
    with pytest.raises(Conflict):
        operations.show_feedback(feedback=said, by=by, now=AFTER)
    entries = AuditEntry.objects.filter(action__endswith="_feedback", actor_id=by.pk)
    assert list(entries.order_by("pk").values_list("action", "reason")) == [
        ("events.hide_feedback", "点名指责"),
        ("events.show_feedback", ""),
    ]


# --- pages ----------------------------------------------------------------------------------------
def test_she_answers_on_the_page_the_letter_leads_to(client):
    now = timezone.now()
    _event, (booking,) = settled(at=now)
    page = f"/events/mine/{booking.code}/after/"
    as_user(client, booking.talent.user)
    assert "写一句反馈" in client.get("/events/mine/").content.decode()
    assert "提交以后不能修改或撤回" in client.get(page).content.decode()
    refused = client.post(page, {"score": "", "helped": "圆桌"})
    assert (refused.status_code, "圆桌" in refused.content.decode()) == (422, True)
    assert client.post(page, {"score": "5", "helped": "圆桌", "change": ""}).status_code == 302
    assert "您的反馈已收到" in client.get(page).content.decode()
    client.post(page, {"score": "1"})
    assert [(f.score, f.helped) for f in Feedback.objects.all()] == [(5, "圆桌")]
    assert "写一句反馈" not in client.get("/events/mine/").content.decode()


def test_who_did_not_come_reads_why_she_is_not_asked_and_another_finds_nothing(client):
    now = timezone.now()
    _event, (missed, other) = settled(came=0, missed=2, at=now)
    page = f"/events/mine/{missed.code}/after/"
    answer_ = as_user(client, missed.talent.user).get(page)
    assert "只有到场的人可以填写反馈" in answer_.content.decode()
    assert as_user(client, other.talent.user).get(page).status_code == 404


def test_the_list_of_her_bookings_costs_the_same_with_one_and_three(client):
    now = timezone.now()
    her = factories.talent()
    costs = []
    for number in range(3):
        event = factories.event(starts_at=now - (number + 2) * DAY, booking_opens_at=now - 9 * DAY)
        booking = factories.booking(event, talent=her, now=now - 8 * DAY)
        operations.check_in(booking=booking, by=None, now=event.starts_at)
        as_user(client, her.user).get("/events/mine/")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get("/events/mine/")
        costs.append(len(queries))
    assert costs[0] == costs[1] == costs[2]


def test_staff_read_what_may_be_read_and_nobody_else(client):
    now = timezone.now()
    event, bookings = settled(came=5, at=now)
    where = reverse("admin:events_event_feedback", args=[event.pk])
    for number, booking in enumerate(bookings):
        if number == 4:
            page = as_user(client, event.organiser).get(where).content.decode()
            assert ("圆桌讨论好" in page, "再收到 1 份" in page) == (False, True)
        answer(booking, 4, now=now, helped="圆桌讨论好")
    page = client.get(where).content.decode()
    assert (page.count("圆桌讨论好"), "平均 4.0 分" in page) == (5, True)
    assert not any(booking.talent.code in page for booking in bookings)
    elsewhere = factories.staff("event_organiser", department_code="science_innovation")
    assert as_user(client, elsewhere).get(where).status_code == 404


def test_of_a_sensitive_topic_the_organiser_alone_reads(client):
    event, _bookings = settled(sensitive_topic=True, at=timezone.now())
    where = reverse("admin:events_event_feedback", args=[event.pk])
    colleague = factories.staff("event_organiser")
    assert as_user(client, colleague).get(where).status_code == 404
    assert as_user(client, event.organiser).get(where).status_code == 200


def test_the_words_go_after_a_year_the_score_stays():
    event, bookings = settled(came=1)
    answer(bookings[0], 4, helped="圆桌")
    rule = next(rule for rule in declaration.retention if rule.code == "events.feedback")
    assert rule.rows(event.ends_at).count() == 0
    rows = rule.rows(event.ends_at + HOUR)
    assert rows.count() == 1
    rule.forget(rows)
    assert list(Feedback.objects.values_list("score", "helped")) == [(4, None)]
    assert rule.rows(event.ends_at + HOUR).count() == 0
