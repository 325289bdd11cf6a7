"""The report on events: figures that lead to their lists, files in which no small cell stands."""

import io
from dataclasses import astuple
from datetime import timedelta

import docx
import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from events import operations
from events.after import report, report_files
from events.after.report import Told
from events.models import Booking, Feedback, Series, Session, Speaker
from kernel.errors import Refused
from privacy.models import AuditEntry
from tests import factories

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def held(came=2, missed=1, back=2, unit=None, **fields):
    """Return an event that is over: who came, who did not, one of three units."""
    now = timezone.now()
    event = factories.event(
        starts_at=now - back * DAY, booking_opens_at=now - 30 * DAY, capacity=30, **fields
    )
    for number in range(came + missed):
        talent = factories.talent(discipline="520", unit=unit or factories.unit())
        booking = factories.booking(event, talent=talent, now=now - 10 * DAY)
        if number < came:
            operations.check_in(booking=booking, by=None, now=event.starts_at)
    operations.settle_event(event=event, now=now)
    event.refresh_from_db()
    return event


def said(event, *scores):
    for score in scores:
        Feedback.objects.create(event=event, score=score, released=len(scores) >= 5)


def of(*events, told=Told.EXACTLY, user=None):
    return report.of(list(events), title="报告", at=timezone.now(), told=told, user=user)


def figures(found):
    return {str(line.label): line.value for line in found.lines}


def as_user(client, user):
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page_of(*events):
    keys = "&".join(f"event={event.pk}" for event in events)
    return f"{reverse('admin:events_event_reports')}?{keys}"


def test_the_figures_of_one_event():
    event = held(came=3, missed=1)
    session = Session.objects.create(
        event=event, title="报告", starts_at=event.starts_at, ends_at=event.ends_at
    )
    Speaker.objects.create(session=session, guest_name="何清越", sex="2")
    Speaker.objects.create(session=session, guest_name="李工", sex="1")
    said(event, 5, 5, 4, 4, 4)
    event.guests_women, event.guests_men = 2, 5
    found = figures(of(event))
    expected = {
        "席位": 30,
        "报名": 4,
        "到场": 3,
        "到场率": "75.0%",
        "未到场": 1,
        "已请假": 0,
        "到场的女性科技人才（不重复）": 3,
        "来自单位": 3,
        "库外来宾": 7,
        "参加的人中女性": "5 / 10 · 50.0%",
        "主讲人": 2,
        "其中女性": "1 人，占 50.0%",
        "有效证书": 0,
        "总体感受": "4.4",
    }
    assert {name: found[name] for name in expected} == expected


def test_several_events_are_added_up_and_a_woman_counts_once():
    first, second = held(came=1, missed=0), held(came=1, missed=0, back=3)
    her = Booking.objects.get(event=first).talent
    factories.booking(second, talent=her, now=second.starts_at - DAY)
    operations.check_in(
        booking=Booking.objects.get(event=second, talent=her), by=None, now=second.starts_at
    )
    found = of(first, second)
    assert (figures(found)["到场"], figures(found)["到场的女性科技人才（不重复）"]) == (3, 2)
    assert [row.event for row in found.rows] == [second, first]
    assert [row.came for row in found.rows] == [2, 1]


def test_small_cells_stand_on_the_page_of_who_may_know_and_nowhere_else():
    unit = factories.unit("两江研究院")
    event = held(came=12, unit=unit)
    other = held(came=3, unit=factories.unit("小微企业"), back=3)
    exact = {str(t.heading): t.rows for t in of(event, other).breakdowns}
    assert exact["单位"] == [("两江研究院", 12), ("小微企业", 3)]
    for told, disciplines in ((Told.INSIDE, 15), (Told.IN_TENS, 10)):
        shown = {str(t.heading): t.rows for t in of(event, other, told=told).breakdowns}
        assert [n for _words, n in shown["单位"]] == [None, None]  # one alone could be subtracted
        assert [n for _words, n in shown["学科"]] == [disciplines]


def people_in(found):
    """Return all that a report tells in figures of people: overview, rows of the events and of the series."""
    exactly = ("活动", "席位", "库外来宾", "主讲人", "其中女性", "总体感受")
    lines = {str(line.label): line.value for line in found.lines}
    told = [value for name, value in lines.items() if name not in exactly]
    return told + [n for row in found.rows for n in (row.seats, row.came)]


def test_a_report_for_others_is_a_sum_of_whole_tens_of_what_is_over():
    first, second = held(came=14, missed=3), held(came=11, missed=0, back=3)
    small = held(came=9, missed=0, back=4)
    to_come = factories.event(starts_at=timezone.now() + DAY, capacity=40)
    for _number in range(12):
        factories.booking(to_come, now=timezone.now())
    to_come.refresh_from_db()
    found = figures(of(first, second, small, to_come, told=Told.IN_TENS))
    expected = {"活动": 4, "席位": 130, "报名": 20, "到场": 20, "到场率": "约 100%", "未到场": "—"}
    assert {name: found[name] for name in expected} == expected
    assert (found["到场的女性科技人才（不重复）"], found["来自单位"]) == ("—", "—")
    # Each report is the sum of the same parts: none less another tells more than the parts do.
    parts = [of(e, told=Told.IN_TENS) for e in (first, second, small, to_come)]
    assert [[row.came for row in part.rows] for part in parts] == [[10], [10], [None], [None]]
    exact = people_in(of(small, told=Told.EXACTLY))
    assert (9 in exact, set(people_in(parts[2]))) == (True, {"—", None})


def test_who_may_not_know_the_names_reads_tens_and_so_does_each_file_of_several(client):
    event, other = held(came=12, missed=2, sensitive_topic=True), held(came=13, back=3)
    colleague, organiser = factories.staff("event_organiser"), event.organiser
    assert [
        report.told_on_page([event], colleague),
        report.told_on_page([other], colleague),
        report.told_on_page([event, other], colleague),
        report.told_in_file([event], organiser),
        report.told_in_file([event], colleague),
        report.told_in_file([event, other], organiser),
    ] == [Told.IN_TENS, Told.EXACTLY, Told.IN_TENS, Told.INSIDE, Told.IN_TENS, Told.IN_TENS]
    page = as_user(client, colleague).get(page_of(event)).content.decode()
    assert "人数按每场已结束的活动取整十" in page
    file = reverse("admin:events_event_reports_file", args=["xlsx"])
    for user, came, noted in ((colleague, 10, "取整十"), (organiser, 12, "不对外提供")):
        answer = as_user(client, user).post(f"{file}?event={event.pk}")
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content))["总览"]
        cells = list(sheet.iter_rows(values_only=True))
        assert {row[0]: row[1] for row in cells}["到场"] == came
        assert any(noted in str(row[0]) for row in cells)


def test_feedback_of_fewer_than_five_is_in_no_report():
    event = held()
    said(event, 1, 1)
    assert (figures(of(event))["总体感受"], of(event).rows[0].score) == ("—", "")


def test_names_that_are_gone_by_rule_are_still_counted():
    event = held(came=2, missed=1)
    type(event).objects.filter(pk=event.pk).update(attended_kept=5)
    event.refresh_from_db()
    found = of(event)
    assert (figures(found)["到场"], len(found.notes)) == (7, 1)


def test_a_report_costs_the_same_on_one_event_and_on_three():
    events, costs = [], []
    for number in range(3):
        events.append(held(back=number + 2))
        with CaptureQueriesContext(connection) as queries:
            of(*events)
        costs.append(len(queries))
    assert costs[0] == costs[1] == costs[2]


def test_the_workbook_read_back():
    event = held(came=12, unit=factories.unit("=1+1 公司"))
    book = openpyxl.load_workbook(io.BytesIO(report_files.xlsx(of(event, told=Told.INSIDE))))
    assert book.sheetnames == ["总览", "各场活动", "学科", "人才层次", "单位"]
    lines = {row[0]: row[1] for row in book["总览"].iter_rows(min_row=4, values_only=True)}
    assert (lines["席位"], lines["到场"], lines["到场率"]) == (30, 12, "92.3%")
    row = next(book["各场活动"].iter_rows(min_row=4, values_only=True))
    assert (row[0], row[2], row[3], row[4]) == (event.title, 30, 13, 12)
    units = [row[:2] for row in book["单位"].iter_rows(min_row=4, values_only=True)]
    assert units == [("'=1+1 公司", 12)]


def test_the_document_read_back():
    event, other = held(came=12, missed=0), held(back=3)
    document = docx.Document(io.BytesIO(report_files.docx(of(event, other, told=Told.IN_TENS))))
    headings = [p.text for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert headings == [
        "报告",
        "各场活动",
        "到场的人 · 按学科",
        "到场的人 · 按人才层次",
        "到场的人 · 按单位",
    ]
    lines = {row.cells[0].text: row.cells[1].text for row in document.tables[0].rows}
    assert (lines["到场"], lines["到场率"], lines["未到场"]) == ("10 人次", "约 100%", "—")
    rows = [[cell.text for cell in row.cells] for row in document.tables[1].rows[1:]]
    assert [(row[3], row[4]) for row in rows] == [("—", "—"), ("10", "10")]
    assert {row.cells[1].text for row in document.tables[4].rows[1:]} == {"—"}
    assert "人数按每场已结束的活动取整十" in document.paragraphs[-2].text


def test_staff_read_it_with_links_and_take_it_out_with_a_trace(client):
    event, other = held(), held(back=3)
    as_user(client, event.organiser)
    one = client.get(reverse("admin:events_event_report", args=[event.pk]), follow=True)
    shown = one.content.decode()
    assert f"/admin/events/event/{event.pk}/change/#bookings-title" in shown
    assert "精确到个人" in shown
    both = client.get(page_of(event, other)).content.decode()
    assert f'href="/admin/events/event/{other.pk}/change/"' in both
    for kind in ("xlsx", "docx"):
        where = reverse("admin:events_event_reports_file", args=[kind])
        answer = client.post(f"{where}?event={event.pk}&event={other.pk}")
        assert (answer.status_code, answer.content[:2]) == (200, b"PK")
    entries = AuditEntry.objects.filter(action="events.export_report")
    assert [entry.detail for entry in entries] == [{"events": 2}, {"events": 2}]
    nothing = reverse("admin:events_event_reports_file", args=["pdf"])
    assert client.post(f"{nothing}?event={event.pk}").status_code == 404


def test_a_colleague_reads_a_sensitive_event_without_small_cells_and_without_links(client):
    event = held(sensitive_topic=True)
    page = as_user(client, factories.staff("event_organiser")).get(page_of(event))
    shown = page.content.decode()
    assert ("精确到个人" in shown, "#bookings-title" in shown) == (False, False)
    assert "不足 10 人的格子不列出数字" in shown


def test_small_cells_of_a_sensitive_event_are_not_found_by_taking_others_away():
    unit = factories.unit("两江研究院")
    event = held(came=12, unit=unit)
    secret = held(came=3, unit=unit, back=3, sensitive_topic=True)
    colleague = factories.staff("event_organiser")

    def units(*events, reader):
        at = timezone.now()
        found = report.of(events, title="", at=at, told=Told.INSIDE, reader=reader)
        return next(t.rows for t in found.breakdowns if str(t.heading) == "单位"), found.notes

    alone, _notes = units(event, reader=colleague)
    both, notes = units(event, secret, reader=colleague)
    assert (alone, both) == ([("两江研究院", 12)], [("两江研究院", 12)])
    assert "敏感主题的活动只计入总数" in str(notes[1])
    assert units(event, secret, reader=None)[0] == [("两江研究院", 15)]


def test_a_series_has_a_report_on_what_is_over_of_it(client):
    series = Series.objects.create(
        name="青年学者沙龙",
        department=factories.department(),
        created_at=timezone.now(),
        updated_at=timezone.now(),
    )
    event = held(came=2, series=series)
    held(came=1, back=3)
    factories.event(starts_at=timezone.now() + DAY, series=series)
    as_user(client, event.organiser)
    where = f"{reverse('admin:events_event_reports')}?series={series.pk}"
    led = client.get(reverse("admin:events_series_change", args=[series.pk])).content.decode()
    page = client.get(where).content.decode()
    assert (where in led, "青年学者沙龙" in page, page.count(event.title)) == (True, True, 0)
    file = reverse("admin:events_event_reports_file", args=["xlsx"])
    book = openpyxl.load_workbook(io.BytesIO(client.post(f"{file}?series={series.pk}").content))
    assert [r[4] for r in book["各场活动"].iter_rows(min_row=4, values_only=True)] == [2]
    elsewhere = factories.staff("event_organiser", department_code="science_innovation")
    assert as_user(client, elsewhere).get(where).status_code == 404


def test_each_series_has_its_share_on_the_page_and_in_the_files(client):
    event = held(came=2, missed=1)
    salon = Series.objects.create(
        name="两江女科学家沙龙",
        department=event.department,
        created_at=timezone.now(),
        updated_at=timezone.now(),
    )
    events = [event, held(came=1, missed=0, series=salon), held(came=1, missed=1, series=salon)]
    found = of(*events)
    assert [astuple(row) for row in found.series] == [
        ("两江女科学家沙龙", 2, 3, 2, "66.7%", "50.0%"),
        ("单场活动", 1, 3, 2, "66.7%", "50.0%"),
    ]
    assert of(*events[1:]).series == []
    page = as_user(client, event.organiser).get(page_of(*events)).content.decode()
    assert ("各系列" in page, "占全部到场" in page) == (True, True)
    book = openpyxl.load_workbook(io.BytesIO(report_files.xlsx(found)))
    assert [cell.value for cell in book["各系列"][4]] == list(astuple(found.series[0]))
    tables = docx.Document(io.BytesIO(report_files.docx(found))).tables
    assert ["50.0%" in [cell.text for cell in table.rows[1].cells] for table in tables[:3]] == [
        False,
        False,
        True,
    ]


def test_who_does_not_run_one_of_them_finds_nothing(client):
    event = held()
    elsewhere = factories.staff("event_organiser", department_code="science_innovation")
    foreign = held(organiser=elsewhere, department=elsewhere.department)
    as_user(client, event.organiser)
    assert client.get(page_of(event, foreign)).status_code == 404
    for wrong in ("", "?event=x", "?event=999999999", "?event=-1"):
        where = reverse("admin:events_event_reports") + wrong
        assert client.get(where).status_code == 404
    with pytest.raises(Refused):
        operations.export_report(
            events=[event, foreign], title="报告", by=event.organiser, now=timezone.now()
        )
