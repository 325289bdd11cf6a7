"""What people are told about an event they booked: changes, a cancelled booking, staff's own words."""

import re
from datetime import timedelta

import pytest
from django.utils import translation

from events import letters, operations
from events.models import Booking
from events.portal.notices import NOTICES
from kernel import gateways
from kernel.errors import Conflict, Invalid
from notices import sending
from notices.models import Delivery, Notice
from privacy.models import AuditEntry
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LINK = "https://meeting.example.cn/1"


def edit(event, **changes):
    return operations.edit_event(event=event, changes=changes, by=event.organiser, now=NOW)


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"ends_at": NOW + 4 * DAY}, {"zh-hans": "时间", "en": "time"}),
        ({"online_url": LINK}, {"zh-hans": "线上链接", "en": "online link"}),
        (
            {"online_url": LINK, "venue": "二楼", "address": "金渝大道1号"},
            {"zh-hans": "地点、线上链接", "en": "place and online link"},
        ),
    ],
)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_new_end_or_link_is_told_in_codes_that_depend_on_nobodys_language(
    changes, what, language
):
    event = factories.event()
    booking = factories.booking(event)
    with translation.override(language):
        edit(event, **changes)
    notice = Notice.objects.get(kind="events.changed")
    assert (notice.recipient, notice.context["what"]) == (booking.talent.user, what)
    assert LINK not in notice.body + notice.outside_body


def test_a_change_says_the_new_span_once():
    event = factories.event()
    factories.booking(event)
    edit(event, ends_at=event.ends_at + DAY / 24)
    edit(event, ends_at=event.ends_at + DAY / 24)
    assert Notice.objects.get(kind="events.changed").body == (
        "《智能制造女科学家沙龙》的时间有变。现在的安排：2026年11月26日 (周四) 14:00–17:00，两江人才大厦。"
        "您的报名仍然有效，不能参加请及时取消。"
    )


def test_a_new_title_tells_nobody():
    event = factories.event()
    factories.booking(event)
    edit(event, title="新题")
    assert Notice.objects.filter(kind="events.changed").count() == 0


def sent(settings, tmp_path, at):
    """Send everything due by `at`; returns what left the portal."""
    settings.OUTBOX_DIR = tmp_path
    sending.send_due(clock=lambda: at)
    return [message["subject"] + message["body"] for message in gateways.outbox()]


def willing():
    """Return a verified talent who agreed to messages."""
    talent = factories.talent()
    factories.consent(talent.user, "messages")
    return talent


def in_every_way(event, send=lambda: None):
    """Let every kind of notice about `event` be queued for somebody; `send` lets it out before the next step."""
    _reminded, seated, waiting = (factories.booking(event, willing()) for _ in range(3))
    operations.message_booked(event=event, text="请先做好心理评估", by=event.organiser, now=NOW)
    send()  # what a later step makes untrue does not leave any more
    edit(event, venue="妇幼保健院三楼")
    send()
    cancel(seated, event.organiser, "不符合孕期条件")
    assert Booking.objects.get(pk=waiting.pk).is_seated


def cancel(booking, by, reason=""):
    return operations.cancel_booking(booking=booking, by=by, now=NOW, reason=reason)


WORDS = ("情绪疏导", "心理评估", "保健院", "两江人才大厦", "孕期", "咨询师")


@pytest.mark.parametrize(("sensitive", "given_away"), [(True, []), (False, list(WORDS))])
def test_what_leaves_the_portal_of_a_sensitive_event_gives_neither_topic_nor_place_nor_reason(
    settings, tmp_path, sensitive, given_away
):
    """The control is the same event without the mark: all of it is said."""
    event = factories.event(title="情绪疏导小组", sensitive_topic=sensitive, capacity=2)
    in_every_way(event, lambda: sent(settings, tmp_path, event.starts_at - DAY))
    operations.remind(event=event, now=event.starts_at - DAY)
    messages = sent(settings, tmp_path, event.starts_at - DAY)
    operations.cancel_event(event=event, reason="咨询师生病", by=event.organiser, now=NOW)
    messages += sent(settings, tmp_path, event.starts_at - DAY)
    kinds = Delivery.objects.filter(state="sent").values_list("notice__kind", flat=True)
    assert sorted(set(kinds)) == [
        "events.booked",
        "events.booking_cancelled",
        "events.cancelled",
        "events.changed",
        "events.message",
        "events.promoted",
        "events.reminder_day",
        "events.waitlisted",
    ]
    assert [word for word in WORDS if word in "".join(messages)] == given_away


def test_her_inbox_gives_the_place_and_the_reason_of_a_sensitive_event():
    event = factories.event(title="情绪疏导小组", sensitive_topic=True)
    booking = factories.booking(event)
    cancel(booking, event.organiser, "报名信息有误")
    booked = Notice.objects.get(kind="events.booked")
    told = Notice.objects.get(kind="events.booking_cancelled")
    assert ("两江人才大厦" in booked.body, "报名信息有误" in told.body) == (True, True)
    assert "情绪疏导" not in booked.title + booked.body + told.title + told.body


def test_a_reminder_queued_in_time_is_dropped_when_the_sender_comes_too_late(settings, tmp_path):
    event = factories.event()
    factories.booking(event, willing())
    operations.remind(event=event, now=event.starts_at - DAY)
    assert sent(settings, tmp_path, event.ends_at + 5 * DAY) == []
    ends = Delivery.objects.order_by("pk").values_list("state", "error_code")
    assert list(ends) == [("dropped", "too_late")] * 2


# --- cancelled for her -------------------------------------------------------------------------------
@pytest.mark.parametrize("waiting", [False, True])
def test_staff_who_cancel_for_her_give_a_reason_and_she_gets_it(waiting):
    event = factories.event(capacity=1)
    bookings = [factories.booking(event), factories.booking(event)]
    booking = bookings[waiting]
    missing = dict.fromkeys(("", "  ", None), "reason_missing")
    for reason, code in (missing | {"因" * 201: "reason_too_long"}).items():
        with pytest.raises(Invalid) as refused:
            cancel(booking, event.organiser, reason)
        assert (refused.value.code, refused.value.field) == (code, "reason")
    assert Booking.objects.get(pk=booking.pk).is_active
    for _ in range(2):
        cancel(booking, event.organiser, "重复报名")
    assert Booking.objects.get(pk=booking.pk).reason == "重复报名"
    notice = Notice.objects.get(kind="events.booking_cancelled")
    assert (notice.recipient, notice.deliveries.count()) == (booking.talent.user, 1)
    assert notice.body == (
        "主办方取消了您在《智能制造女科学家沙龙》（2026年11月26日 (周四) 14:00）的报名，原因：重复报名。"
    )


def test_she_cancels_without_a_reason_and_is_not_told_what_she_did():
    booking = factories.booking(factories.event())
    cancel(booking, booking.talent.user, "临时有事")
    assert Booking.objects.get(pk=booking.pk).reason == ""
    assert Notice.objects.filter(kind="events.booking_cancelled").count() == 0


def test_she_reads_the_reason_among_her_bookings(client):
    booking = factories.booking(factories.event())
    cancel(booking, booking.event.organiser, "重复报名")
    client.force_login(booking.talent.user)
    assert "主办方取消，原因：重复报名" in client.get("/events/mine/").content.decode()
    assert "重复报名" in client.get(f"/events/c/{booking.code}/").content.decode()


# --- a message to everybody who booked ---------------------------------------------------------------
def write(event, text="请带身份证"):
    return operations.message_booked(event=event, text=text, by=event.organiser, now=NOW)


def test_a_message_reaches_each_seat_once_and_who_booked_since_then():
    event = factories.event(capacity=2)
    first = factories.booking(event)
    assert (write(event), write(event), write(event, " 请带身份证\n")) == (1, 0, 0)
    second, _waiting = factories.booking(event), factories.booking(event)
    assert (write(event), write(event, "请走北门")) == (1, 2)
    told = Notice.objects.filter(kind="events.message").order_by("pk")
    assert [(notice.recipient, notice.context["text"]) for notice in told] == [
        (first.talent.user, "请带身份证"),
        (second.talent.user, "请带身份证"),
        (first.talent.user, "请走北门"),
        (second.talent.user, "请走北门"),
    ]
    entries = AuditEntry.objects.filter(action="events.message_booked").order_by("pk")
    assert [entry.detail for entry in entries] == [{"readers": 1}, {"readers": 1}, {"readers": 2}]


@pytest.mark.parametrize(
    ("fields", "text", "code"),
    [
        ({"state": "draft"}, "请带身份证", "event_not_on"),
        ({"starts_at": NOW - DAY}, "请带身份证", "event_over"),
        ({}, "  ", "text_missing"),
    ],
)
def test_a_message_needs_words_and_an_event_to_come(fields, text, code):
    with pytest.raises((Conflict, Invalid)) as refused:
        write(factories.event(**fields), text)
    assert refused.value.code == code


def test_the_page_shows_what_is_read_and_by_how_many_before_it_is_sent(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    event = factories.event(capacity=3, sensitive_topic=True, starts_at=later(), title="情绪疏导")
    for _ in range(2):
        factories.booking(event)
    client.force_login(event.organiser)
    address = f"/admin/events/event/{event.pk}/message/"
    assert address in client.get(f"/admin/events/event/{event.pk}/change/").content.decode()
    assert client.post(address, {"text": " "}).status_code == 422
    preview = client.post(address, {"text": "请带身份证"})
    assert (preview.status_code, preview.context["form"].errors) == (200, {})
    sent = {name: preview.context["form"][name].value() for name in ("text", "shown")}
    shown = preview.content.decode()
    assert "将发给 2 位已报名的人。" in shown
    assert "《您预约的活动》主办方通知：请带身份证" in shown
    assert "您预约的活动有一条新通知，请登录后在“我的通知”查看。" in shown
    changed = client.post(
        address, sent | {"text": "请带学生证"}
    )  # seen in the preview, shown again
    assert "《您预约的活动》主办方通知：请带学生证" in changed.content.decode()
    assert Notice.objects.filter(kind="events.message").count() == 0
    for said in ("已通知 2 人。", "此前已经处理，这次没有变化。"):
        answer = client.post(address, sent, follow=True)
        assert said in answer.content.decode()
    assert Notice.objects.filter(kind="events.message").count() == 2


def later():
    return NOW.replace(year=NOW.year + 10)


OPEN = {"when", "until", "span", "what", "children", "place", "waiting", "number"}


def test_outside_no_notice_of_an_event_says_its_topic_its_place_or_anybody_s_reason():
    for name, kind in NOTICES.items():
        for words in kind.outside or ():
            named = set(re.findall(r"%\((\w+)\)s", str(words)))
            assert named <= OPEN, name
    told = {"events.named", "events.named_for_full", "events.named_for_later", "events.photos_off"}
    assert {name for name, kind in NOTICES.items() if not kind.outside} == told  # never sensitive


def test_whoever_is_told_of_a_sensitive_event_is_not_said_to_have_booked_it():
    event = factories.event(state="draft", sensitive_topic=True, visibility="invited")
    invited, speaker = factories.talent(), factories.talent()
    operations.invite(event=event, codes=invited.code, by=event.organiser, now=NOW)
    letter = letters.speaking(speaker, event, [("开场", "", event.starts_at, event.ends_at)], NOW)
    operations.publish_event(event=event, by=event.organiser, now=NOW)
    assert "《一场专题活动》" in Notice.objects.get(kind="events.invited").body
    assert letter.context["title"]["zh-hans"] == "您主讲的活动"
