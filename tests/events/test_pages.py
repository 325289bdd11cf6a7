"""What each reader meets on the event pages, and at what price."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import escape
from icalendar import Calendar

from cloud_home import cards
from events import operations
from events.models import Booking, Event
from kernel import content, public_pages
from kernel.words import span_text
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def make(now):
    """Return a maker of events that are open for booking today."""

    def event(days=3, **fields):
        start = now + timedelta(days=days)
        fields.setdefault("booking_opens_at", now - timedelta(days=30))
        return factories.event(starts_at=start, **fields)

    return event


def event_page(client, event):
    return client.get(f"/events/{event.code}/").content.decode()


def as_user(client, user):
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def book(event, talent, now):
    return operations.book(event=event, talent=talent, by=None, now=now)


def test_the_anonymous_reader_is_sent_to_sign_in_and_back(client, make):
    event = make()
    page = event_page(client, event)
    assert f"?next=/events/{event.code}/" in page
    assert "登录并报名" in page
    assert "余 3 席（共 3 席）" in page
    answer = client.post(f"/events/{event.code}/book/", {"key": "x"})
    assert (answer.status_code, event.bookings.count()) == (302, 0)
    assert f"next=/events/{event.code}/book/" in answer["Location"]


@pytest.mark.parametrize(
    ("fields", "words", "link"),
    [
        ({"state": "draft"}, "请先填写档案并提交审核", "/me/profile/"),
        ({"state": "submitted"}, "您的档案正在审核", None),
        ({"state": "returned", "return_reason": "缺单位"}, "您的档案需要补充", "/me/profile/"),
    ],
)
def test_who_is_not_verified_is_told_what_to_do(client, make, fields, words, link):
    event, talent = make(), factories.talent(**fields)
    page = event_page(as_user(client, talent.user), event)
    assert words in page
    assert "加入候补" not in page
    assert "/book/" not in page
    assert link is None or f'href="{link}"' in page
    client.post(f"/events/{event.code}/book/", {"key": "x"})
    assert event.bookings.count() == 0


def test_a_user_without_a_profile_is_sent_to_it(client, make):
    event = make()
    as_user(client, factories.user())
    assert "请先填写档案并提交审核" in event_page(client, event)
    answer = client.post(f"/events/{event.code}/book/", {"key": "x"}, follow=True)
    assert "请先填写档案并提交审核" in answer.content.decode()


def test_booking_in_the_browser_with_the_key_of_the_form(client, make):
    event, talent = make(), factories.talent()
    page = event_page(as_user(client, talent.user), event)
    key = re.search(r'name="key" value="([^"]+)"', page)[1]
    for _ in range(2):
        answer = client.post(f"/events/{event.code}/book/", {"key": key}, follow=True)
    assert answer.redirect_chain == [(f"/events/{event.code}/", 302)]
    assert "报名成功，已为您保留席位" in answer.content.decode()
    booking = Booking.objects.get()
    assert (booking.talent, booking.state, booking.idempotency_key) == (talent, "confirmed", key)
    assert f"/events/c/{booking.code}/" in event_page(client, event)
    other_key = event_page(as_user(client, factories.talent().user), event)
    assert key not in other_key


def test_a_full_event_offers_the_waiting_list_and_shows_the_place(client, make, now):
    event, talent = make(capacity=1), factories.talent()
    book(event, factories.talent(), now)
    book(event, factories.talent(), now)
    page = event_page(as_user(client, talent.user), event)
    assert "加入候补" in page
    assert "共 1 席已满，1 人候补" in page
    answer = client.post(f"/events/{event.code}/book/", {"key": "k"}, follow=True)
    assert "已为您保留第 2 位候补" in answer.content.decode()
    assert "候补第 2 位" in answer.content.decode()


def test_two_events_at_one_time_are_warned_of(client, make, now):
    event, talent = make(), factories.talent()
    other = make(title="同时段论坛")
    next_one = make(days=4, title="次日论坛")
    book(other, talent, now)
    book(next_one, talent, now)
    page = event_page(as_user(client, talent.user), event)
    assert "同一时间您已报名《同时段论坛》" in page
    assert "次日论坛" not in page
    assert client.post(f"/events/{event.code}/book/", {"key": "k"}).status_code == 302
    assert event.bookings.count() == 1


def test_not_open_closed_started_and_over_are_said(client, make, now):
    as_user(client, factories.talent().user)
    hour = timedelta(hours=1)
    later = make(booking_opens_at=now + hour)
    closed = make(booking_closes_at=now - hour)
    started = factories.event(starts_at=now - hour)
    over = factories.event(starts_at=now - 30 * hour)
    for event, words in (
        (later, "报名还没有开始，"),
        (closed, "报名已于"),
        (started, "活动正在进行，报名已截止"),
        (over, "活动已结束"),
    ):
        page = event_page(client, event)
        assert words in page
        assert "/book/" not in page
        answer = client.post(f"/events/{event.code}/book/", {"key": "k"}, follow=True)
        assert (answer.status_code, event.bookings.count()) == (200, 0)
        assert 'class="notice notice-danger"' in answer.content.decode()


def test_a_cancelled_event_keeps_its_page_and_leaves_the_list(client, make, now):
    event = make(title="会取消的活动")
    operations.cancel_event(event=event, reason="场地维修", by=event.organiser, now=now)
    page = event_page(client, event)
    assert "活动已取消" in page
    assert "场地维修" in page
    assert "会取消的活动" not in client.get("/events/").content.decode()


def test_the_door_is_offered_to_those_it_lets_in(client, make):
    event = make()
    for role, offered in (("event_organiser", True), ("auditor", False)):
        page = event_page(as_user(client, factories.staff(role)), event)
        assert (f"/events/{event.code}/door/" in page) is offered


def test_an_english_page_names_the_department_in_english(client, make):
    event = make()
    assert (
        escape(event.department.name_en) in client.get(f"/en/events/{event.code}/").content.decode()
    )
    assert event.department.name in client.get(f"/events/{event.code}/").content.decode()


def test_a_draft_has_no_page_for_anybody(client, make):
    event = make(state="draft")
    for person in (None, factories.talent().user, event.organiser):
        if person:
            as_user(client, person)
        assert client.get(f"/events/{event.code}/").status_code == 404
        assert client.get(f"/events/{event.code}/calendar.ics").status_code == 404
    assert event.title not in client.get("/events/").content.decode()


def test_a_draft_that_was_cancelled_never_becomes_public(client, make, now):
    event = make(state="draft")
    operations.cancel_event(event=event, reason="不办了", by=event.organiser, now=now)
    assert client.get(f"/events/{event.code}/").status_code == 404


def test_the_online_link_is_for_those_with_a_seat(client, make, now):
    event, talent = make(online_url="https://meeting.example.cn/9"), factories.talent()
    assert "meeting.example.cn" not in event_page(client, event)
    assert (
        "meeting.example.cn"
        not in client.get(f"/events/{event.code}/calendar.ics").content.decode()
    )
    book(event, talent, now)
    page = event_page(as_user(client, talent.user), event)
    assert ("meeting.example.cn" in page, "起可以进入" in page) == (False, True)
    soon = now + timedelta(minutes=29)
    Event.objects.filter(pk=event.pk).update(starts_at=soon, booking_closes_at=soon)
    assert "meeting.example.cn" in event_page(as_user(client, talent.user), event)


def test_the_list_is_filtered_by_kind_and_month_and_says_when_nothing_fits(client, make, now):
    salon, forum = make(title="甲沙龙"), make(kind="forum", title="乙论坛", days=4)
    page = client.get("/events/", {"kind": "forum"}).content.decode()
    assert ("甲沙龙" in page, "乙论坛" in page) == (False, True)
    month = f"{timezone.localtime(salon.starts_at):%Y-%m}"
    assert "甲沙龙" in client.get("/events/", {"month": month}).content.decode()
    for wrong in ({"kind": "talk"}, {"kind": "forum' or 1=1", "month": "2026-99"}):
        answer = client.get("/events/", wrong)
        assert answer.status_code == 200
    assert "没有符合条件的活动" in client.get("/events/", {"kind": "talk"}).content.decode()
    assert forum.code in client.get("/events/").content.decode()


def test_an_empty_list_says_what_to_do(client):
    assert "近期还没有安排活动" in client.get("/events/").content.decode()
    assert "还没有往期活动" in client.get("/events/past/").content.decode()


def test_the_lists_are_paged_without_gaps_or_repeats(client, now):
    hour = timedelta(hours=1)
    for number in range(45):
        # three events share each start: the page ends inside one of them
        start = now + hour * (1 + number // 3)
        factories.event(starts_at=start, title=f"来{number:02}。", organiser=clerk())
        start = now - hour * (5 + number // 3)
        factories.event(starts_at=start, title=f"往{number:02}。", organiser=clerk())
    coming = [f"来{number:02}。" for number in range(45)]
    gone = [f"往{number + 2 - 2 * (number % 3):02}。" for number in range(45)]
    for address, expected in (("/events/", coming), ("/events/past/", gone)):
        titles, page, link = [], client.get(address).content.decode(), True
        while link:
            titles += re.findall(r"[来往]\d\d。", page)
            link = re.search(r'rel="next" href="([^"]+)"', page)
            page = link and client.get(address + link[1].replace("&amp;", "&")).content.decode()
        assert titles == expected
        page = client.get(address, {"after": "x"}).content.decode()
        assert re.findall(r"[来往]\d\d。", page) == expected[:20]


_clerks = {}


def clerk():
    person = _clerks.get("one")
    if person is None or not type(person).objects.filter(pk=person.pk).exists():
        person = _clerks["one"] = factories.staff("event_organiser")
    return person


def test_my_bookings_show_the_next_one_with_its_code_and_the_past(client, make, now):
    talent = factories.talent()
    as_user(client, talent.user)
    assert "还没有报名活动" in client.get("/events/mine/").content.decode()
    first = book(make(days=2, title="先来的"), talent, now)
    second = book(make(days=5, title="后来的"), talent, now)
    gone = book(make(days=6, title="取消的"), talent, now)
    operations.cancel_booking(booking=gone, by=talent.user, now=now)
    answer = client.get("/events/mine/")
    page = answer.content.decode()
    assert (page.count('class="segno"'), first.code in page, second.code in page) == (
        1,
        True,
        False,
    )
    assert re.findall("先来的|后来的|取消的", page) == ["先来的", "后来的", "取消的"]
    assert "已取消报名" in page
    # What she prints says whose it is and until when, and leads to the ticket that is nothing else.
    card = page.partition('class="card ticket"')[2].partition("</section>")[0]
    when = span_text(first.event.starts_at, first.event.ends_at)
    assert when in re.sub("<[^>]+>", "", card).replace("&nbsp;", " ")
    assert [word in card for word in (talent.full_name, f'"/events/c/{first.code}/"')] == [True] * 2
    assert 'class="print-head"' in page
    assert "no-store" in answer["Cache-Control"]


def test_cancelling_asks_first_and_gets_write_nothing(client, make, now):
    booking = book(make(), factories.talent(), now)
    as_user(client, booking.talent.user)
    address = f"/events/mine/{booking.code}/cancel/"
    page = client.get(address).content.decode()
    assert ("取消报名？" in page, "不取消" in page) == (
        True,
        False,
    )  # 不取消 of an offer means nothing
    # A seat kept for some goes to those alone: nothing is promised to the first of the queue.
    assert "<p>空出的席位会按顺序让给候补的人。之后想参加可以重新报名，" in page
    assert Booking.objects.get().state == "confirmed"
    answer = client.post(address, follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain == [(f"/events/{booking.event.code}/", 302)]
    assert "已取消报名，席位已经让出。改变主意的话，可以在这里重新报名。" in page
    assert f'action="/events/{booking.event.code}/book/"' in page  # the way back is on the page
    assert Booking.objects.get().state == "cancelled"


def test_a_seat_that_the_next_one_got_can_be_waited_for_again(client, make, now):
    event = make(capacity=1)
    booking = book(event, factories.talent(), now)
    book(event, factories.talent(), now)
    as_user(client, booking.talent.user)
    answer = client.post(f"/events/mine/{booking.code}/cancel/", follow=True)
    assert "席位已经让出。改变主意的话，可以在这里重新候补。" in answer.content.decode()


def test_what_was_called_off_is_not_said_to_start_soon(client, make, now):
    booking = book(make(days=2), factories.talent(), now)
    operations.cancel_event(
        event=booking.event, by=booking.event.organiser, reason="讲者生病", now=now
    )
    as_user(client, booking.talent.user)
    page = client.get("/events/mine/").content.decode()
    assert ["即将开始" in page, "近期的报名" in page, "活动已取消" in page] == [False, True, True]


def test_leaving_the_queue_says_so(client, make, now):
    event = make(capacity=1)
    book(event, factories.talent(), now)
    waiting = book(event, factories.talent(), now)
    as_user(client, waiting.talent.user)
    answer = client.post(f"/events/mine/{waiting.code}/cancel/", follow=True)
    assert "已退出候补。改变主意的话，可以在这里重新候补。" in answer.content.decode()
    event.booking_closes_at = now
    event.save()
    again = factories.booking(make(capacity=1), waiting.talent, now=now)
    again.event.booking_closes_at = timezone.now()
    again.event.save()
    answer = client.post(f"/events/mine/{again.code}/cancel/", follow=True)
    page = answer.content.decode()
    assert ("席位已经让出。" in page, "改变主意" in page) == (True, False)


def test_a_cancelled_event_tells_who_had_booked_that_nothing_is_left_to_do(client, make, now):
    booking = book(make(), factories.talent(), now)
    operations.cancel_event(event=booking.event, reason="场地维修", by=None, now=now)
    words = "您的报名随之取消，不用再办理。"
    assert words not in event_page(client, booking.event)
    assert words in event_page(as_user(client, booking.talent.user), booking.event)


def test_an_event_shows_its_agenda_speakers_audience_contact_and_its_lead_once(client, make):
    event = make(
        body="与三位一线女科学家面对面。\n\n现场有茶歇。",
        audience="不限专业",
        contact_name="李老师",
        contact_phone="023-6780 0000",
        address="金渝大道 68 号",
    )
    session = event.sessions.create(
        title="主题分享", room="一号厅", starts_at=event.starts_at, ends_at=event.ends_at
    )
    session.speakers.create(guest_name="周雨桐", unit="研究院", position="高级工程师")
    session.speakers.create(guest_name="沈书仪", order=1)
    page = event_page(client, event)
    body = page[page.index("<main") :]
    assert body.count("与三位一线女科学家面对面") == 1
    for words in (
        "现场有茶歇",
        "主题分享",
        "一号厅",
        "研究院 高级工程师",
        "不限专业",
        'href="tel:023-67800000"',
    ):
        assert words in body
    assert 'href="https://uri.amap.com/search?keyword=' in body
    assert f'<meta property="og:title" content="{event.title}">' in page
    begin, end = timezone.localtime(event.starts_at), timezone.localtime(event.ends_at)
    hours = f"{begin:%H:%M}–{end:%H:%M}"
    assert f'<span class="whitespace-nowrap">{hours}</span>' in body or begin.date() != end.date()


def test_my_past_bookings_are_paged_without_gaps_or_repeats(client, make, now):
    talent = factories.talent()
    as_user(client, talent.user)
    titles = [f"旧{number:02}。" for number in range(45)]
    for title in titles:
        booking = book(make(title=title, organiser=clerk()), talent, now)
        operations.cancel_booking(booking=booking, by=talent.user, now=now)
    book(make(title="别人的", organiser=clerk()), factories.talent(), now)
    shown, link = [], "/events/mine/"
    while link:
        page = client.get(link).content.decode()
        assert "别人的" not in page
        shown += re.findall(r"旧\d\d。", page)
        following = re.search(r'rel="next" href="(\?after=[^"]+)"', page)
        link = following and "/events/mine/" + following[1]
    assert shown == titles[::-1]


def test_the_cancel_button_is_shown_where_cancelling_is_possible(client, make, now):
    event = make(days=1 / 1440)
    booking = book(event, factories.talent(), now)
    as_user(client, booking.talent.user)
    cancel = f"/events/mine/{booking.code}/cancel/"
    pages = (f"/events/{event.code}/", "/events/mine/", f"/events/c/{booking.code}/")

    def offered():
        return [f'href="{cancel}"' in client.get(page).content.decode() for page in pages]

    assert offered() == [True, True, True]
    operations.check_in(booking=booking, by=None, now=now)
    assert offered() == [False, False, False]
    page = client.get(cancel).content.decode()
    assert "已经签到，不能再取消报名。" in page
    assert f'action="{cancel}"' not in page
    operations.undo_check_in(booking=booking, by=None, now=now)
    operations.cancel_event(event=event, reason="场地维修", by=None, now=now)
    assert offered() == [False, False, False]
    assert "活动已取消，不用再取消报名。" in client.post(cancel, follow=True).content.decode()
    assert Booking.objects.get().state == "called_off"


def entry_of(client, event):
    """Return (calendar, its one entry) as a calendar program reads the file."""
    answer = client.get(f"/events/{event.code}/calendar.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert max(len(line) for line in answer.content.split(b"\r\n")) <= 75
    calendar = Calendar.from_ical(answer.content)
    (entry,) = calendar.events
    return calendar, entry


def test_the_calendar_file_is_read_back_as_the_event(client, make):
    event = make(title="研讨会；第一场, “起步”" * 4, venue="礼嘉,智慧公园", address="A\\B")
    calendar, entry = entry_of(client, event)
    assert (entry.start, entry.end) == (
        event.starts_at.replace(microsecond=0),
        event.ends_at.replace(microsecond=0),
    )
    assert (entry["SUMMARY"], entry["LOCATION"]) == (event.title, "礼嘉,智慧公园，A\\B")
    assert entry["DESCRIPTION"] == f"{event.summary}\nhttp://testserver/events/{event.code}/"
    assert (entry.uid.startswith(event.code), entry.sequence, entry.status) == (
        True,
        0,
        "CONFIRMED",
    )
    assert entry["DTSTART"].params["TZID"] == "Asia/Shanghai"
    (zone,) = calendar.timezones
    (offset,) = zone.walk("STANDARD")
    assert (zone.tz_name, offset.TZOFFSETFROM, offset.TZOFFSETTO) == (
        "Asia/Shanghai",
        timedelta(hours=8),
        timedelta(hours=8),
    )
    assert zone.walk("DAYLIGHT") == []


def test_a_calendar_replaces_what_was_moved_and_what_was_cancelled(client, make, now):
    event = make()
    _calendar, first = entry_of(client, event)
    moved = {"starts_at": event.starts_at + timedelta(hours=1)}
    event = operations.edit_event(event=event, changes=moved, by=None, now=now)
    _calendar, second = entry_of(client, event)
    operations.cancel_event(event=event, reason="场地维修", by=None, now=now)
    _calendar, third = entry_of(client, event)
    assert {first.uid, second.uid, third.uid} == {first.uid}
    assert [entry.sequence for entry in (first, second, third)] == [0, 1, 2]
    assert [entry.status for entry in (first, second, third)] == [
        "CONFIRMED",
        "CONFIRMED",
        "CANCELLED",
    ]


def test_other_womens_bookings_are_not_found(client, make, now):
    booking = book(make(), factories.talent(), now)
    for person in (
        factories.talent().user,
        factories.staff("event_organiser", department_code="science_innovation"),
        factories.staff("points_clerk"),
    ):
        as_user(client, person)
        assert client.get(f"/events/mine/{booking.code}/cancel/").status_code == 404
        assert client.post(f"/events/mine/{booking.code}/cancel/").status_code == 404
        assert client.get(f"/events/c/{booking.code}/").status_code == 404
        assert client.post(f"/events/c/{booking.code}/").status_code == 404
        assert booking.code not in client.get("/events/mine/").content.decode()
    client.logout()
    for address in ("/events/mine/", f"/events/c/{booking.code}/"):
        assert client.get(address).status_code == 302
    assert Booking.objects.get().state == "confirmed"


def queries(client, address):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return [q["sql"] for q in captured if "public_content_version" not in q["sql"]]


def test_the_price_of_the_pages_does_not_grow_with_their_rows(client, make, now):
    talent = factories.talent()
    event = make()
    book(event, talent, now)
    gone = book(make(), talent, now)
    operations.cancel_booking(booking=gone, by=talent.user, now=now)
    anonymous = ["/events/", f"/events/{event.code}/", "/events/past/"]
    signed_in = ["/events/", f"/events/{event.code}/", "/events/mine/"]

    def prices():
        client.logout()
        one = [len(queries(client, address)) for address in anonymous]
        as_user(client, talent.user)
        client.get("/events/")  # the session is read from the cache from the second request on
        return one, [len(queries(client, address)) for address in signed_in]

    before = prices()
    for _ in range(3):
        book(make(), talent, now)
        gone = book(make(capacity=1), talent, now)
        operations.cancel_booking(booking=gone, by=talent.user, now=now)
        waiting = make(capacity=1)
        book(waiting, factories.talent(), now)
        book(waiting, talent, now)
        factories.event(starts_at=now - timedelta(days=2))
    assert prices() == before
    # Rendered anew each time. List: events, what the filters find, seats. Event page: the event, its agenda, photos,
    # materials, the event for card and seats, stories of who speaks. Signed in, besides: who reads (session, user, record,
    # how many notices are new), her bookings, on the event's page what is talked about it. Mine: who reads, coming, past,
    # where she speaks.
    assert before == ([3, 6, 1], [5, 9, 4])


def test_a_kept_page_asks_only_for_the_reader_and_what_is_hers(
    client, make, now, settings, monkeypatch
):
    """Two statements: who reads (session, user, record, new notices), her bookings; seats are shared."""
    settings.PUBLIC_CACHE = True
    monkeypatch.setattr(content, "VERSION_SECONDS", 60)
    public_pages.clear()
    talent, event = factories.talent(), make()
    book(event, talent, now)
    as_user(client, talent.user)
    for address in ("/events/", f"/events/{event.code}/"):
        client.get(address)
        assert len(queries(client, address)) == 2
    public_pages.clear()


def test_the_page_after_a_booking_asks_three_things(
    client, make, settings, monkeypatch, django_capture_on_commit_callbacks
):
    """Who reads, the seats as her booking left them, her booking with its rank: the thread is kept past a booking."""
    settings.PUBLIC_CACHE = True
    monkeypatch.setattr(content, "VERSION_SECONDS", 60)
    monkeypatch.setattr(cards, "PART_SECONDS", 60)
    public_pages.clear()
    event, asked, ranks = make(capacity=1), [], []
    address = f"/events/{event.code}/"
    for number in range(3):
        as_user(client, factories.talent().user)
        client.get(address)
        with django_capture_on_commit_callbacks(execute=True):
            client.post(f"{address}book/", {"key": f"k{number}"})
        asked.append(len(queries(client, address)))
        ranks += re.findall("候补第 ([0-9]+) 位", client.get(address).content.decode())
    public_pages.clear()
    cards._parts.clear()
    assert (asked, ranks) == ([3, 3, 3], ["1", "2"])


def test_a_ticket_on_paper_is_complete(client):
    """Whose page it is, who comes, when, where, whom to ask: printed without header and footer."""
    now = timezone.now()
    event = factories.event(
        starts_at=now + timedelta(days=3),
        booking_opens_at=now - timedelta(days=1),
        address="金渝大道68号",
        contact_name="活动联络组",
        contact_phone="023-6780 0000",
    )
    booking = factories.booking(event, factories.talent(full_name="林静姝"), now=now)
    client.force_login(booking.talent.user)
    page = client.get(f"/events/c/{booking.code}/").content.decode()
    main = page[page.index('class="print-head"') : page.index("</main>")]
    wanted = ["两江女性科技人才门户", event.title, booking.code, "林静姝", "两江人才大厦"]
    wanted += ["金渝大道68号", "重庆两江新区妇女联合会", "活动联络组", 'href="tel:023-67800000"']
    assert [text for text in wanted if text not in main] == []
