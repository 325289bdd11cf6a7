"""The clerk's side: add, edit, publish, cancel, clone, export, cancel for her; and who may not."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events import operations
from events.models import Booking, Event
from privacy.models import AuditEntry
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now().replace(microsecond=0)


@pytest.fixture
def clerk():
    return factories.staff("department_clerk", full_name="陈晓岚")


@pytest.fixture
def office(client, clerk, settings):
    settings.STAFF_SECOND_FACTOR = False
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    return client


def open_event(now, **fields):
    fields.setdefault("starts_at", now + timedelta(days=3))
    return factories.event(booking_opens_at=now - timedelta(days=9), **fields)


def moment(name, value):
    local = timezone.localtime(value)
    return {f"{name}_0": f"{local:%Y-%m-%d}", f"{name}_1": f"{local:%H:%M:%S}"}


def form(clerk, start, **changed):
    blank = {"booking_opens_at_0": "", "booking_opens_at_1": ""}
    blank |= {"booking_closes_at_0": "", "booking_closes_at_1": ""}
    return (
        {
            "title": "智能制造沙龙",
            "kind": "salon",
            "platform": "",
            "measure": "2",
            "summary": "与女科学家面对面",
            "body": "",
            "venue": "两江人才大厦",
            "address": "",
            "online_url": "",
            "capacity": "3",
            "offer_hours": "0",
            "visibility": "public",
            "organiser": str(clerk.pk),
        }
        | blank
        | moment("starts_at", start)
        | moment("ends_at", start + timedelta(hours=2))
        | changed
    )


ADD = "/admin/events/event/add/"


def test_the_work_queue_leads_to_full_events_with_people_waiting(office, clerk, now):
    full = open_event(now, title="满员沙龙", capacity=1)
    for _number in range(2):
        talent = factories.talent()
        operations.book(event=full, talent=talent, by=talent.user, now=now)
    open_event(now, title="有余沙龙", capacity=5)
    page = office.get("/admin/events/event/?seats=waiting")
    assert [event.title for event in page.context["cl"].result_list] == ["满员沙龙"]


def test_an_address_with_a_wrong_start_still_opens_an_empty_form(office):
    assert office.get(ADD, {"starts_at": "zzz", "capacity": "x"}).status_code == 200


def test_an_action_on_rows_that_were_never_on_the_page_is_refused_in_words(office):
    chosen = {"action": "publish_selected", "_selected_action": ["abc", "1"]}
    page = office.post("/admin/events/event/", chosen, follow=True)
    assert page.status_code == 200
    assert "没有找到所选的记录" in page.content.decode()


def test_who_may_not_cancel_is_not_asked_for_a_reason(client, now, settings):
    settings.STAFF_SECOND_FACTOR = False
    client.force_login(factories.staff("auditor"))
    event = open_event(now)
    assert client.get(page_of(event)).status_code == 200
    assert client.get(page_of(event, "cancel")).status_code == 403


STALE = {
    "take-over": "这场活动不是敏感主题，负责人可以直接修改。",
    "message": "活动没有发布或已取消，不能给报名的人发通知。",
    "cancel": "活动已取消。",
}


@pytest.mark.parametrize("name", STALE)
def test_who_follows_a_link_that_was_true_once_is_led_back_and_told_why(office, now, name):
    event = open_event(now, state="cancelled", cancelled_at=now, cancel_reason="场地维修")
    answer = office.get(page_of(event, name), follow=True)
    assert answer.redirect_chain == [(page_of(event), 302)]
    assert [str(message) for message in answer.context["messages"]] == [STALE[name]]


def test_a_sensitive_event_is_taken_over_only_from_who_is_gone(office, now):
    event = open_event(now, sensitive_topic=True)
    answer = office.get(page_of(event, "take-over"), follow=True)
    said = "现任负责人仍在职，请由她本人移交。"
    assert [str(message) for message in answer.context["messages"]] == [said]
    type(event.organiser).objects.filter(pk=event.organiser_id).update(is_active=False)
    assert office.get(page_of(event, "take-over")).status_code == 200


def test_who_may_only_look_reads_the_measure_by_its_name_and_no_dashes(client, now, settings):
    settings.STAFF_SECOND_FACTOR = False
    client.force_login(factories.staff("auditor"))
    event = open_event(now, measure=8, body="甲\n<乙>")
    page = client.get(page_of(event)).content.decode()
    assert "8 · 生育友好型工作环境" in page
    assert "甲<br>&lt;乙&gt;" in page
    assert "线上链接" not in page


def page_of(event, name="change"):
    return f"/admin/events/event/{event.pk}/{name}/"


def test_a_clerk_adds_a_salon_with_three_seats_and_publishes_it(office, clerk, now):
    start = now + timedelta(days=5)
    answer = office.post(ADD, form(clerk, start, state="published", seats_taken="2"))
    event = Event.objects.get()
    assert answer.status_code == 302
    assert (event.state, event.capacity, event.seats_taken) == ("draft", 3, 0)
    assert (event.department, event.organiser) == (clerk.department, clerk)
    assert (event.booking_closes_at, event.starts_at) == (start, start)
    assert event.booking_opens_at >= now
    assert office.get(page_of(event, "publish")).status_code == 405
    answer = office.post(page_of(event, "publish"), follow=True)
    assert "已发布，现在可以报名。" in answer.content.decode()
    event.refresh_from_db()
    assert event.state == "published"
    actions = AuditEntry.objects.filter(object_type="events.event").values_list("action", flat=True)
    assert sorted(actions) == ["events.add_event", "events.publish_event"]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"capacity": "0"}, "不能小于 1。"),
        ({"capacity": "-1"}, "不能小于 1。"),
        ({"capacity": "1000000000"}, "不能大于 100000。"),
        ({"measure": "11"}, "不在可选范围内"),
        ({"mode": "both", "online_url": "javascript:alert(1)"}, "请填写正确的网址"),
        ({"title": ""}, "请填写这一项。"),
        ({"starts_at_0": "2020-01-01"}, "开始时间已过，请填将来的时间。"),
        ({"ends_at_0": "2020-01-01"}, "结束时间要晚于开始时间，请修改。"),
        (
            {"booking_closes_at_0": "2099-01-01", "booking_closes_at_1": "10:00"},
            "报名截止不能晚于活动开始，请修改或留空。",
        ),
        (
            {"booking_opens_at_0": "2098-01-01", "booking_opens_at_1": "10:00"},
            "报名开始要早于报名截止，请修改。",
        ),
    ],
)
def test_wrong_input_is_answered_and_kept_and_writes_nothing(office, clerk, now, changed, sentence):
    data = form(clerk, now + timedelta(days=5), **changed)
    page = office.post(ADD, data).content.decode()
    assert sentence in page
    assert "与女科学家面对面" in page
    assert Event.objects.count() == 0


def test_an_edit_moves_the_queue_and_a_window_that_followed_the_start(office, clerk, now):
    event = open_event(now, capacity=1, organiser=clerk)
    for _ in range(2):
        operations.book(event=event, talent=factories.talent(), by=None, now=now)
    start = event.starts_at + timedelta(days=1)
    data = form(clerk, start, capacity="2")
    data |= moment("booking_opens_at", event.booking_opens_at)
    data |= moment("booking_closes_at", event.booking_closes_at)
    assert office.post(page_of(event), data).status_code == 302
    event.refresh_from_db()
    assert (event.capacity, event.seats_taken, event.waiting) == (2, 2, 0)
    assert (event.starts_at, event.booking_closes_at) == (start, start)
    past = data | moment("starts_at", now - timedelta(hours=1))
    assert "开始时间已过，请填将来的时间。" in office.post(page_of(event), past).content.decode()
    page = office.post(page_of(event), data | {"capacity": "1"}).content.decode()
    assert "已有 2 人报名，席位不能少于这个数。" in page


def test_the_bookings_are_listed_with_their_states(office, clerk, now):
    event = open_event(now, capacity=1, organiser=clerk)
    names = ("甲一", "乙二", "丙三")
    for name in names:
        talent = factories.talent(full_name=name)
        operations.book(event=event, talent=talent, by=None, now=now)
    page = office.get(page_of(event)).content.decode()
    assert [page.index(name) for name in names] == sorted(page.index(name) for name in names)
    assert "候补第 2 位" in page


@pytest.mark.parametrize(
    ("booked", "says", "not_said"),
    [
        (0, "还没有人报名", "0 位"),
        (1, "1 位已报名、候补或待审核的人会马上收到通知", "还没有人"),
        (2, "2 位已报名、候补或待审核的人会马上收到通知", "还没有人"),
    ],
)
def test_before_cancelling_nobody_is_counted_who_is_not_there(
    office, clerk, now, booked, says, not_said
):
    event = open_event(now, organiser=clerk, capacity=1)
    for _ in range(booked):
        operations.book(event=event, talent=factories.talent(), by=None, now=now)
    page = office.get(page_of(event, "cancel")).content.decode()
    page = page[page.index("取消后不能恢复") :]
    assert (says in page, not_said in page[:120]) == (True, False)


def test_cancelling_asks_for_a_reason_and_tells_everybody(office, clerk, now):
    event = open_event(now, organiser=clerk)
    operations.book(event=event, talent=factories.talent(), by=None, now=now)
    assert "1 位已报名" in office.get(page_of(event, "cancel")).content.decode()
    page = office.post(page_of(event, "cancel"), {"reason": ""}).content.decode()
    assert "请写明取消原因" in page
    event.refresh_from_db()
    assert event.state == "published"
    answer = office.post(page_of(event, "cancel"), {"reason": "场地维修"}, follow=True)
    assert "活动已取消，已通知 1 人。" in answer.content.decode()
    event.refresh_from_db()
    assert (event.state, event.cancel_reason) == ("cancelled", "场地维修")
    office.post(page_of(event), form(clerk, event.starts_at, title="改不了"))
    event.refresh_from_db()
    assert event.title != "改不了"


def test_cloning_makes_a_draft(office, clerk, now):
    event = open_event(now, organiser=clerk)
    answer = office.post(page_of(event, "clone"))
    copy = Event.objects.exclude(pk=event.pk).get()
    assert (copy.state, answer["Location"]) == ("draft", page_of(copy))


def test_a_booking_is_cancelled_for_her_after_asking(office, clerk, now):
    event = open_event(now, capacity=1, organiser=clerk)
    first, second = (
        operations.book(event=event, talent=factories.talent(), by=None, now=now) for _ in range(2)
    )
    address = f"/admin/events/event/{event.pk}/bookings/{first.code}/cancel/"
    asked = office.get(address).context["outcome"]
    assert asked == (
        "空出的席位会按顺序让给候补的人，为单位或专场保留的只让给符合条件的。请先与本人确认。"
    )
    assert Booking.objects.get(pk=first.pk).state == "confirmed"
    assert "请写明取消原因，会告知她本人。" in office.post(address).content.decode()
    office.post(address, {"reason": "重复报名"})
    states = Booking.objects.order_by("place").values_list("state", flat=True)
    assert list(states) == ["cancelled", "confirmed"]
    entry = AuditEntry.objects.get(action="events.cancel_booking")
    assert (entry.actor_id, entry.object_id) == (clerk.pk, str(first.pk))
    assert second.place == 2


def meanwhile(act):
    """Do something after the page has read the event and before the operation locks it."""
    todo = [act]

    def wrapper(execute, sql, params, many, context):
        if todo and "FOR UPDATE" in sql and "events_event" in sql:
            todo.pop()()
        return execute(sql, params, many, context)

    return connection.execute_wrapper(wrapper)


def test_what_is_said_counts_what_the_operation_found(office, clerk, now):
    event = open_event(now, capacity=1, organiser=clerk)

    def book():
        return operations.book(event=event, talent=factories.talent(), by=None, now=now)

    first = book()
    address = f"/admin/events/event/{event.pk}/bookings/{first.code}/cancel/"
    with meanwhile(book):
        answer = office.post(address, {"reason": "重复报名"}, follow=True)
    assert "已取消报名，候补的一位已自动转正。" in answer.content.decode()
    with meanwhile(book):
        answer = office.post(page_of(event, "cancel"), {"reason": "场地维修"}, follow=True)
    assert "活动已取消，已通知 2 人。" in answer.content.decode()


def test_the_export_is_text_escaped_and_audited(office, clerk, now):
    event = open_event(now, organiser=clerk, title="=cmd|'/c calc'!A1")
    for name in ("+86王", "@李", "-陈"):
        talent = factories.talent(full_name=name, unit=factories.unit(f"={name}公司"))
        operations.book(event=event, talent=talent, by=None, now=now)
    assert office.get(page_of(event, "attendance")).status_code == 405
    answer = office.post(page_of(event, "attendance"))
    assert "no-store" in answer["Cache-Control"]
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    rows = [[cell.value for cell in row[:5]] for row in sheet.iter_rows(min_row=4)]
    assert sheet["A1"].value == "'=cmd|'/c calc'!A1"
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}
    assert rows == [
        ["序号", "姓名", "单位", "职称", "状态"],
        ["1", "'+86王", "'=+86王公司", None, "已报名"],
        ["2", "'@李", "'=@李公司", None, "已报名"],
        ["3", "'-陈", "'=-陈公司", None, "已报名"],
    ]
    entry = AuditEntry.objects.get(action="events.export_attendance")
    assert (entry.actor_id, entry.detail) == (clerk.pk, {"rows": 3})


def test_other_departments_and_roles_see_and_do_nothing(client, settings, now):
    settings.STAFF_SECOND_FACTOR = False
    event = open_event(now)
    booking = operations.book(event=event, talent=factories.talent(), by=None, now=now)
    outsiders = {
        "other department": factories.staff(
            "department_clerk", "event_organiser", department_code="science_innovation"
        ),
        "no role": factories.staff("points_clerk"),
        "woman": booking.talent.user,
    }
    names = ("publish", "cancel", "clone", "attendance", f"bookings/{booking.code}/cancel")
    for person in outsiders.values():
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        page = client.get("/admin/events/event/?time=all")
        assert event.title not in page.content.decode()
        assert client.get(page_of(event)).status_code in (302, 403)
        for name in names:
            answer = client.post(page_of(event, name), {"reason": "x"})
            assert answer.status_code in (302, 403, 404)
            assert answer.get("Location", "/admin/login/").startswith(
                ("/admin/login/", "/accounts/")
            )
    event.refresh_from_db()
    booking.refresh_from_db()
    assert (event.state, booking.state, Event.objects.count()) == ("published", "confirmed", 1)
    assert not AuditEntry.objects.filter(action="events.export_attendance").exists()


def test_the_list_shows_what_is_coming_and_costs_the_same_for_many(office, clerk, now):
    def price():
        with CaptureQueriesContext(connection) as captured:
            page = office.get("/admin/events/event/").content.decode()
        return len(captured), page

    open_event(now, organiser=clerk)
    past = factories.event(starts_at=now - timedelta(days=9), title="早就过去", organiser=clerk)
    price()
    before, page = price()
    assert past.title not in page
    assert past.title in office.get("/admin/events/event/?time=past").content.decode()
    for _ in range(3):
        open_event(now, organiser=clerk)
    assert price()[0] == before


def test_publishing_several_says_which_could_not_be(office, clerk, now):
    drafts = [open_event(now, state="draft", organiser=clerk) for _ in range(2)]
    late = factories.event(
        state="draft",
        starts_at=now - timedelta(minutes=1),
        organiser=clerk,
        title="迟了",
    )
    chosen = {"action": "publish_selected", "_selected_action": [e.pk for e in [*drafts, late]]}
    page = office.post("/admin/events/event/", chosen, follow=True).content.decode()
    assert "已发布 2 场活动。" in page
    assert "开始时间已过，请先修改活动时间再发布。" in page


def test_a_past_draft_offers_no_publishing_but_says_why(office, clerk, now):
    draft = {"state": "draft", "organiser": clerk}
    past = factories.event(starts_at=now - timedelta(hours=1), **draft)
    page = office.get(page_of(past)).content.decode()
    told = page_of(past, "publish") in page, "开始时间已过，请先修改活动时间再发布。" in page
    assert told == (False, True)
    coming = office.get(page_of(open_event(now, **draft))).content.decode()
    assert ("再发布" in coming, "/publish/" in coming) == (False, True)


def test_the_buttons_are_those_the_rules_allow(client, now, settings):
    settings.STAFF_SECOND_FACTOR = False
    event = open_event(now)
    booking = operations.book(event=event, talent=factories.talent(), by=None, now=now)
    ways = ("clone", "cancel", "attendance", f"bookings/{booking.code}/cancel")
    for person, offered in ((factories.staff("auditor"), 0), (event.organiser, 4)):
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        page = client.get(page_of(event)).content.decode()
        assert sum(f'"{page_of(event, way)}"' in page for way in ways) == offered


@pytest.mark.parametrize("end", ["\r\nBcc: all@example.com", "\n二", "\u2028二", "\x1b[31m"])
def test_a_title_of_two_lines_is_refused_and_a_text_may_have_them(office, clerk, now, end):
    """No browser sends one; a title ends in the headers of mails and in calendar files."""
    start = now + timedelta(days=5)
    page = office.post(ADD, form(clerk, start, title=f"智能制造沙龙{end}"))
    assert list(page.context["adminform"].form.errors) == ["title"]
    assert "只能写一行" in page.content.decode()
    office.post(ADD, form(clerk, start, body="第一段\r\n第二段"))
    assert Event.objects.get().body.splitlines() == ["第一段", "第二段"]
