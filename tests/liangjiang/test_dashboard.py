"""我的: what each reader meets first."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events import operations as bookings
from notices import operations as notices
from tests import factories
from tests.care_points import make

pytestmark = pytest.mark.django_db


def page(client, user):
    client.force_login(user)
    return client.get("/me/")


def shown(answer, name):
    """What a card of the page was given; None where the card is not there."""
    return answer.context.get(name)


@pytest.mark.parametrize(
    ("state", "words", "action"),
    [
        (
            None,
            "完善档案并通过审核后，就能报名活动、获取积分、在线申报荣誉和人才项目、在云之家与同行交流。",
            "开始填写",
        ),
        ("draft", "您的档案还没有提交，分三步，几分钟就能填完。", "继续填写"),
        ("submitted", "档案已提交，工作人员一般在 3 个工作日内审核，结果会通知您。", "查看档案"),
        ("returned", "您的档案需要补充：单位名称不一致", "去修改"),
    ],
)
def test_she_reads_what_her_profile_asks_of_her(client, state, words, action):
    user = factories.user()
    if state:
        reason = "单位名称不一致" if state == "returned" else ""
        factories.talent(user=user, state=state, return_reason=reason)
    attention = page(client, user).context["attention"]
    assert (str(attention.text), str(attention.action), attention.link) == (
        words,
        action,
        "/me/profile/",
    )


def test_a_verified_woman_sees_her_next_booking_with_its_code_and_what_else_is_open(client):
    now = timezone.now()
    talent = factories.talent()
    first, second = (
        factories.event(title=f"沙龙{n}", starts_at=now + timedelta(days=n)) for n in (2, 4)
    )
    booking = bookings.book(event=first, talent=talent, by=talent.user, now=now)
    answer = page(client, talent.user)
    assert shown(answer, "attention") is None
    assert answer.context["next_booking"] == booking
    assert booking.code in answer.content.decode()
    assert opened(answer) == [second.title]
    assert answer["Cache-Control"] == "private, no-store"


def test_another_womans_booking_and_notices_are_not_on_her_page(client):
    now = timezone.now()
    other, talent = factories.talent(full_name="赵一"), factories.talent()
    event = factories.event(title="沙龙", starts_at=now + timedelta(days=2))
    theirs = bookings.book(event=event, talent=other, by=other.user, now=now)
    factories.consent(other.user, "messages")
    notices.queue("care_points.earned", to=other.user, obj="9", at=now, points=77, reason="签到")
    answer = page(client, talent.user)
    assert shown(answer, "next_booking") is None
    assert shown(answer, "notices") is None
    assert theirs.code not in answer.content.decode()


def test_staff_and_station_clerks_see_their_work_instead_of_a_profile_to_fill(client):
    station = make.station(name="人和")
    operator = factories.user("韩晓岚")
    station.operators.add(operator)
    answer = page(client, operator)
    assert (shown(answer, "attention"), work(answer)) == (None, ["/points/station/"])
    answer = page(client, factories.staff("department_clerk"))
    assert (shown(answer, "attention"), work(answer)) == (None, ["/admin/"])
    answer = page(client, factories.user())
    assert (shown(answer, "attention") is None, work(answer)) == (False, [])


def work(answer):
    """The addresses of 我的工作."""
    parts = re.findall(r'(?s)<nav class="stack" aria-labelledby="my-work">.*?</nav>', text(answer))
    return re.findall(r'href="([^"]+)"', "".join(parts))


def opened(answer):
    """The titles under 正在报名."""
    (part,) = re.findall(
        r'(?s)<section class="stack" aria-labelledby="open-events">.*?</section>', text(answer)
    )
    return re.findall(r'<a href="/events/[A-Z0-9]+/">([^<]+)</a>', part)


def text(answer):
    return answer.content.decode()


def test_the_page_costs_the_same_with_one_and_three_of_everything(client):
    now = timezone.now()
    talent = factories.talent()

    def more(start):
        for n in range(start, start + 2 if start > 1 else start + 1):
            event = factories.event(title=f"沙龙{n}", starts_at=now + timedelta(days=n))
            bookings.book(event=event, talent=talent, by=talent.user, now=now)
            factories.event(title=f"开放{n}", starts_at=now + timedelta(days=20 + n))

    counts = []
    for start in (1, 2):
        more(start)
        page(client, talent.user)
        with CaptureQueriesContext(connection) as seen:
            client.get("/me/")
        counts.append(len(seen))
    # Who she is, what all cards and lines ask, and the events everybody is shown, which a running portal keeps.
    assert counts == [3, 3]


@pytest.mark.parametrize(
    ("query", "lit"),
    [
        ("", "交流活动"),
        ("?measure__exact=3", "创业培训"),
        ("?measure__exact=7", "学术网络"),
        ("?measure__exact=7&state__exact=draft", "学术网络"),
        ("?measure__exact=2", "交流活动"),
    ],
)
def test_of_lists_of_one_model_the_one_with_her_filter_is_lit(client, settings, query, lit):
    settings.STAFF_SECOND_FACTOR = False
    client.force_login(factories.staff("event_organiser"))
    page = client.get(f"/admin/events/event/{query}")
    items = [item for group in page.context["sidebar_navigation"] for item in group["items"]]
    assert [str(item["title"]) for item in items if item["active"]] == [lit]


def test_the_next_booking_is_the_next_seat_and_what_she_booked_is_never_new(client):
    """Not a place in the queue, not an event that was called off, however near; five booked, one open."""
    now, talent = timezone.now(), factories.talent()
    full = factories.event(title="候补的", starts_at=now + timedelta(days=1), capacity=1)
    off = factories.event(title="取消的", starts_at=now + timedelta(days=2))
    seats = [
        factories.event(title=f"有席{n}", starts_at=now + timedelta(days=n)) for n in (3, 4, 5)
    ]
    factories.event(title="没报的", starts_at=now + timedelta(days=9))
    factories.booking(full, now=now)
    for event in (full, off, *seats):
        bookings.book(event=event, talent=talent, by=talent.user, now=now)
    bookings.cancel_event(event=off, reason="场地维修", by=None, now=now)
    answer = page(client, talent.user)
    assert answer.context["next_booking"].event == seats[0]
    assert answer.context["next_booking"].code in answer.content.decode()
    others = [booking.event.title for booking in answer.context["other_bookings"]]
    assert others == ["候补的", "取消的", "有席4"]
    assert "候补第 1 位" in answer.content.decode()
    assert opened(answer) == ["没报的"]
