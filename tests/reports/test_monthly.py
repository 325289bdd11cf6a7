"""Monthly reports: counted once, built once, read by those who may."""

import io
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread
from zipfile import ZipFile

import openpyxl
import pypdf
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from kernel.days import months_after
from kernel.errors import Conflict, Invalid
from notices.models import Notice
from privacy import audit, history
from privacy.models import AuditEntry
from reports import documents, figures, operations, words
from reports.models import MonthlyReport, ReportState
from talents import operations as talents
from talents.codes import Discipline
from talents.models import Talent
from tests import factories
from tests.reports.exact import exact_month

pytestmark = pytest.mark.django_db
NOW = factories.NOW  # 2026-11-23 10:00 in Chongqing
OCTOBER = date(2026, 10, 1)
IN_OCTOBER = datetime(2026, 10, 15, 4, tzinfo=UTC)


@pytest.fixture
def october():
    """Something of everything in October, and a little outside it."""
    for number in range(3):
        factories.talent(
            full_name=f"王{number}",
            verified_at=IN_OCTOBER - timedelta(days=30 * number),
            title_level="senior",
            discipline="520",
        )
    factories.talent(verified_at=NOW)  # November
    factories.talent(state="submitted", submitted_at=IN_OCTOBER)
    held = factories.event(starts_at=IN_OCTOBER, capacity=3, womens_track=True)
    for _ in range(2):
        factories.booking(held, now=IN_OCTOBER - timedelta(days=2))
    factories.event()  # November
    # A minute to midnight in Chongqing on the last of the month is October, though not in UTC's eyes.
    late = datetime(2026, 10, 31, 15, 59, tzinfo=UTC)
    factories.event(starts_at=late - timedelta(hours=2), ends_at=late, kind="forum")


def built(now=NOW):
    """Return October's report, built."""
    report = operations.request_monthly(month=OCTOBER, by=None, now=now)
    operations.build(report=report, now=now + timedelta(seconds=1))
    report.refresh_from_db()
    return report


def test_the_month_is_counted(october):
    counted = exact_month(OCTOBER)
    assert counted["talents"]["total"] >= 3
    assert counted["talents"]["new"] == 1
    assert counted["talents"]["waiting"] == 1
    assert counted["talents"]["by_title"]["senior"] == 3
    assert list(counted["talents"]["trend"].items())[-3:] == [
        (date(2026, 8, 1), 1),
        (date(2026, 9, 1), 1),
        (OCTOBER, 1),
    ]
    events = counted["events"]
    assert (events["held"], events["womens_track"], events["booked"]) == (2, 1, 2)
    assert events["by_kind"] == {"salon": 1, "forum": 1}
    assert counted["care_points"]["by_category"] == {}


def test_what_is_counted_of_people_is_told_from_ten_on(october):
    for _ in range(8):
        factories.talent(verified_at=IN_OCTOBER, title_level="senior", discipline="320")
    told = figures.monthly(OCTOBER, now=NOW)
    talents, events = told["talents"], told["events"]
    assert (talents["total"], talents["new"], talents["waiting"]) == (10, None, None)
    by_title, by_discipline = talents["by_title"], talents["by_discipline"]
    assert by_title == dict.fromkeys(by_title) | {"senior": 10}
    # Every code stands there, whether somebody is in it or nobody.
    assert by_discipline == dict.fromkeys([*Discipline.values, "unspecified"])
    assert talents["trend"][-2:] == [["2026-09-01", None], ["2026-10-01", None]]
    assert (events["booked"], events["attended"]) == (None, None)
    # What the programme offers is told as it is.
    assert (events["held"], events["by_kind"]) == (2, {"salon": 1, "forum": 1})


def test_the_log_says_which_month_was_asked_for():
    boss = factories.staff("administrator", full_name="李管理")
    report = operations.request_monthly(month=OCTOBER, by=boss, now=NOW)
    said = [line.sentence for line in history.of(report, reader=boss)]
    assert said == ["李管理 申请数据月报 · 月份：2026年10月"]
    with translation.override("en"):
        said = [line.sentence for line in history.of(report, reader=boss)]
    assert said == ["李管理 asked for a monthly report · Month: October 2026"]


def test_a_month_that_is_not_over_is_refused():
    with pytest.raises(Invalid) as refused:
        operations.request_monthly(month=date(2026, 11, 1), by=None, now=NOW)
    assert refused.value.code == "month_not_over"
    assert MonthlyReport.objects.count() == 0


def test_asking_twice_is_one_report(october):
    first = operations.request_monthly(month=OCTOBER, by=None, now=NOW)
    again = operations.request_monthly(month=OCTOBER, by=None, now=NOW + timedelta(seconds=5))
    assert (first.pk, again.requested_at) == (again.pk, NOW)
    assert AuditEntry.objects.filter(action="reports.request_monthly").count() == 1


def test_a_report_is_built_and_the_administrators_are_told_once(october):
    boss = factories.staff("administrator")
    factories.staff("auditor")
    report = built()
    assert report.state == ReportState.READY
    assert report.figures["events"]["held"] == 2
    notices = Notice.objects.filter(kind="reports.ready")
    assert [(n.recipient_id, n.context) for n in notices] == [(boss.pk, {"month": "2026-10-01"})]


def test_an_issued_report_stays_and_counting_again_makes_another_version(october):
    first = built()
    read = (bytes(first.pdf), first.figures)
    for _ in range(10):
        factories.talent(verified_at=IN_OCTOBER)
    second = operations.request_monthly(month=OCTOBER, by=None, now=NOW + timedelta(hours=1))
    assert (second.version, second.state, str(second)) == (2, "requested", "2026年10月（第 2 版）")
    operations.build(report=second, now=NOW + timedelta(days=1))
    first.refresh_from_db()
    second.refresh_from_db()
    assert (bytes(first.pdf), first.figures) == read
    told = [report.figures["talents"]["new"] for report in (first, second)]
    assert told == [None, 10]
    assert second.filename("pdf") == "数据月报-2026-10-第2版.pdf"
    third = operations.request_monthly(month=OCTOBER, by=None, now=NOW + timedelta(days=2))
    assert third.version == 3
    operations.request_last_month(now=NOW)
    assert MonthlyReport.objects.count() == 3


def handed_in(at):
    """Return a woman whose record was handed in then."""
    talent = factories.talent(state="submitted", submitted_at=at)
    audit.record("talents.submit", talent, by=talent.user, at=at)
    return talent


def test_what_waited_is_counted_as_of_the_months_end():
    clerk = factories.staff("department_clerk")
    november = datetime(2026, 11, 5, 4, tzinfo=UTC)
    still, decided, twice, later, done = (handed_in(IN_OCTOBER) for _ in range(5))
    talents.verify(talent=decided, tier="", by=clerk, now=november)
    talents.return_with_reason(talent=twice, reason="请补充学历", by=clerk, now=november)
    Talent.objects.filter(pk=twice.pk).update(state="submitted", submitted_at=NOW)
    audit.record("talents.submit", twice, by=twice.user, at=NOW)
    talents.return_with_reason(talent=later, reason="请补充学历", by=clerk, now=IN_OCTOBER)
    talents.verify(talent=done, tier="", by=clerk, now=IN_OCTOBER)
    handed_in(november)
    factories.talent(state="submitted", submitted_at=IN_OCTOBER)  # loaded, nothing in the log
    # still, decided later, returned and handed in again later, loaded.
    assert exact_month(OCTOBER)["talents"]["waiting"] == 4
    # Of those: still, handed in again, handed in in November, loaded.
    assert exact_month(date(2026, 11, 1))["talents"]["waiting"] == 4
    assert exact_month(date(2026, 9, 1))["talents"]["waiting"] == 0
    assert still.state == "submitted"


def test_two_workers_build_one_report(october):
    report = operations.request_monthly(month=OCTOBER, by=None, now=NOW)
    assert operations.claim(report, now=NOW + timedelta(seconds=1)) is True
    assert operations.claim(report, now=NOW + timedelta(seconds=2)) is False
    # Control: the claim is free again once the first worker is given up.
    report.refresh_from_db()
    assert operations.claim(report, now=NOW + timedelta(minutes=11)) is True


def test_a_worker_that_comes_back_late_overwrites_nothing(october, monkeypatch):
    report = operations.request_monthly(month=OCTOBER, by=None, now=NOW)
    slow = documents.pdf

    def taken_over_meanwhile(*args):
        MonthlyReport.objects.update(started_at=NOW + timedelta(minutes=11))
        return slow(*args)

    monkeypatch.setattr(documents, "pdf", taken_over_meanwhile)
    operations.build(report=report, now=NOW)
    assert MonthlyReport.objects.get().state == ReportState.BUILDING
    assert MonthlyReport.objects.get().pdf is None


def test_a_failure_is_shown_and_tried_again_after_an_hour(october, monkeypatch):
    def broken(*args):
        raise OSError("no space left")

    with monkeypatch.context() as patched:
        patched.setattr(documents, "pdf", broken)
        report = built()
    assert (report.state, report.error_code) == (ReportState.FAILED, "OSError")
    soon, later = NOW + timedelta(minutes=30), NOW + timedelta(minutes=61)
    assert MonthlyReport.objects.due(soon).count() == 0
    assert MonthlyReport.objects.due(later).count() == 1
    operations.build(report=report, now=later)
    assert MonthlyReport.objects.get().state == ReportState.READY


@pytest.mark.parametrize(
    ("now", "asked"),
    [
        (datetime(2026, 10, 31, 21, 59, tzinfo=UTC), []),  # the first, 05:59
        (datetime(2026, 10, 31, 22, 0, tzinfo=UTC), [OCTOBER]),  # the first, 06:00
        (datetime(2026, 11, 20, 3, 0, tzinfo=UTC), [OCTOBER]),  # nobody ran it for weeks
    ],
)
def test_last_months_report_is_asked_for_on_the_first_at_six(now, asked):
    for _ in range(2):
        operations.request_last_month(now=now)
    assert list(MonthlyReport.objects.values_list("month", flat=True)) == asked


# --- the two files ---------------------------------------------------------------------------------


def test_the_pdf_says_it_in_chinese(october):
    report = built()
    pages = pypdf.PdfReader(io.BytesIO(bytes(report.pdf))).pages
    text = "".join(page.extract_text() for page in pages).replace(" ", "").replace("\n", "")
    for said in (
        "两江女性科技人才工作数据月报",
        "2026年10月",
        "措施一·女性科技人才数据库",
        "本月新入库不足10人或不公开",
        "举办活动2场",
        "近十二个月新入库人才（人）",
        "与人有关，以10为单位",
        "第1页，共3页",
    ):
        assert said in text
    fonts = {
        font.get_object()["/BaseFont"].partition("+")[2]
        for page in pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert fonts == {"NotoSansSC-Regular-Identity-H"} or all("NotoSansSC" in f for f in fonts)


def test_the_workbook_holds_numbers_chinese_headings_and_a_chart(october):
    data = bytes(built().xlsx)
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["概况", "趋势", "分类"]
    overview = {row[0]: row[1] for row in book["概况"].iter_rows(values_only=True)}
    assert overview["本月新入库"] == "不足 10 人或不公开"
    assert overview["举办活动"] == 2
    assert book["概况"]["A4"].value == words.note()
    assert book["趋势"]["A13"].value == "2026年10月"
    assert book["趋势"]["B13"].value == "不足 10 人或不公开"
    assert "xl/charts/chart1.xml" in ZipFile(io.BytesIO(data)).namelist()


def test_a_cell_is_never_a_formula(october):
    counted = figures.monthly(OCTOBER, now=NOW)
    counted["talents"]["by_department"] = {"=HYPERLINK(1)": 3, "@x": 2, "+y": 1}
    book = openpyxl.load_workbook(io.BytesIO(documents.workbook(counted, 1, NOW)))
    cells = [cell for row in book["分类"].iter_rows() for cell in row]
    assert {"'=HYPERLINK(1)", "'@x", "'+y"} <= {cell.value for cell in cells}
    assert "f" not in {cell.data_type for cell in cells}
    assert documents.pdf(counted, 1, NOW).startswith(b"%PDF")


def test_a_name_is_never_markup():
    counted = figures.monthly(OCTOBER, now=NOW)
    counted["talents"]["by_department"] = {'#panic("x") $ ] */ "': 1}
    pages = pypdf.PdfReader(io.BytesIO(documents.pdf(counted, 1, NOW))).pages
    assert "#panic" in "".join(page.extract_text() for page in pages)


def test_both_files_say_which_version_they_are_and_when_it_was_made():
    counted = figures.monthly(OCTOBER, now=NOW)
    said = "第 2 版，2026年11月23日 (周一) 10:00 生成 · 内部使用，不对外提供"
    book = openpyxl.load_workbook(io.BytesIO(documents.workbook(counted, 2, NOW)))
    assert book["概况"]["A3"].value == said
    pages = pypdf.PdfReader(io.BytesIO(documents.pdf(counted, 2, NOW))).pages
    assert all("第 2 版" in page.extract_text() for page in pages)


def test_what_is_not_told_is_said_in_words_and_shares_a_line_where_it_is_much():
    counted = figures.monthly(OCTOBER, now=NOW)
    counted["talents"]["by_title"] = {"senior": 20, "primary": None, "intermediate": None}
    title, *_others, answers = words.tables(counted)
    assert title.rows == (
        ("正高级", 20),
        ("初级", "不足 10 人或不公开"),
        ("中级", "不足 10 人或不公开"),
    )
    assert {said for _label, said in answers.rows} == {"不足 10 人或不公开"}
    assert len(answers.rows) == 8
    none, *rest = counted["talents"]["by_discipline"]
    counted["talents"]["by_discipline"] |= {none: 10}
    disciplines = words.tables(counted)[2].rows
    assert disciplines == (("数学", 10), (f"其余 {len(rest)} 项，每项", "不足 10 人或不公开"))
    line = words.sections(counted)[0].lines[0]
    assert line == ("在库人才", "不足 10 人或不公开", "")


def test_a_report_counted_before_small_numbers_were_closed_is_still_said(october):
    """Its figures are the exact ones; the tables have the codes that were there, as plain numbers."""
    old = {"month": "2026-10-01", **exact_month(OCTOBER)}
    old["talents"]["trend"] = [[m.isoformat(), n] for m, n in old["talents"]["trend"].items()]
    old["talents"]["flows"] = {"joined": 10}
    old["care_points"]["points_by_category"] = {"legal": None, "womens_health": 900}
    assert words.tables(old)[0].rows[0] == ("正高级", 3)
    assert documents.pdf(old, 1, NOW).startswith(b"%PDF")
    assert documents.workbook(old, 1, NOW)


# --- the admin -------------------------------------------------------------------------------------


@pytest.fixture
def no_second_factor(settings):
    settings.STAFF_SECOND_FACTOR = False


def as_(*roles):
    """Return a client signed in as a member of staff."""
    client = Client()
    client.force_login(factories.staff(*roles))
    return client


def file_url(report, extension):
    return reverse("admin:reports_monthlyreport_file", args=[report.pk, extension])


@pytest.mark.parametrize(
    "role", ["department_clerk", "department_reviewer", "auditor", "administrator"]
)
def test_staff_download_both_files(october, no_second_factor, role):
    report, client = built(), as_(role)
    page = client.get(reverse("admin:reports_monthlyreport_change", args=[report.pk]))
    assert file_url(report, "pdf") in page.content.decode()
    pdf = client.get(file_url(report, "pdf"))
    assert pdf.content == bytes(report.pdf)
    assert pdf.headers["Content-Type"] == "application/pdf"
    assert "no-store" in pdf.headers["Cache-Control"]
    assert "filename*=UTF-8''%E6%95%B0" in pdf.headers["Content-Disposition"]
    assert client.get(file_url(report, "xlsx")).content == bytes(report.xlsx)
    assert client.get(file_url(report, "exe")).status_code == 404
    assert AuditEntry.objects.filter(action="reports.download").count() == 2


def test_a_file_is_given_once_it_is_there_and_in_its_two_kinds(october):
    waiting = operations.request_monthly(month=OCTOBER, by=None, now=NOW)
    auditor = factories.staff("auditor")
    with pytest.raises(Conflict) as caught:
        operations.download(report=waiting, kind="pdf", by=auditor, now=NOW)
    assert caught.value.code == "not_ready"
    operations.build(report=waiting, now=NOW)
    waiting.refresh_from_db()
    with pytest.raises(Invalid) as caught:
        operations.download(report=waiting, kind="figures", by=auditor, now=NOW)
    assert caught.value.code == "unknown_kind"
    data, name = operations.download(report=waiting, kind="pdf", by=auditor, now=NOW)
    assert (data, name) == (bytes(waiting.pdf), "数据月报-2026-10.pdf")
    taken = AuditEntry.objects.get(action="reports.download")
    assert (taken.actor_id, taken.detail) == (auditor.pk, {"form": "pdf"})


def test_others_do_not(october, no_second_factor):
    report = built()
    assert as_("event_organiser").get(file_url(report, "pdf")).status_code == 404
    woman = Client()
    woman.force_login(factories.user())
    assert woman.get(file_url(report, "pdf")).status_code in (302, 403)
    assert Client().get(file_url(report, "pdf")).status_code == 302


def test_asking_from_the_admin(october, no_second_factor):
    client = as_("administrator")
    answer = client.post(reverse("admin:reports_monthlyreport_add"), {"month": "2026-09-01"})
    report = MonthlyReport.objects.get()
    change = reverse("admin:reports_monthlyreport_change", args=[report.pk])
    assert answer.headers["Location"] == change
    assert report.month == date(2026, 9, 1)
    page = client.get(change)
    assert page.headers["Refresh"] == "3"
    assert "正在生成" in page.content.decode()
    operations.build(report=report, now=NOW)
    page = client.get(change)
    assert "Refresh" not in page.headers
    assert "用最新数据另出一版" in page.content.decode()
    again = reverse("admin:reports_monthlyreport_again", args=[report.pk])
    assert client.get(again).status_code == 405
    assert client.post(again).status_code == 302
    assert list(MonthlyReport.objects.values_list("version", "state")) == [
        (2, ReportState.REQUESTED),
        (1, ReportState.READY),
    ]


def test_a_wrong_month_is_refused_in_the_form(no_second_factor):
    client = as_("administrator")
    for month in ("2099-01-01", "", "x"):
        page = client.post(reverse("admin:reports_monthlyreport_add"), {"month": month})
        assert page.status_code == 200
    assert MonthlyReport.objects.count() == 0


def test_who_may_read_may_not_ask(october, no_second_factor):
    report, client = built(), as_("auditor")
    assert client.get(reverse("admin:reports_monthlyreport_add")).status_code == 403
    again = reverse("admin:reports_monthlyreport_again", args=[report.pk])
    assert client.post(again).status_code == 403
    change = reverse("admin:reports_monthlyreport_change", args=[report.pk])
    assert "另出一版" not in client.get(change).content.decode()


def test_the_list_reads_no_files_and_costs_the_same(october, no_second_factor):
    client, counts, address = as_("administrator"), [], "admin:reports_monthlyreport_changelist"
    client.get(reverse(address))  # what a process reads once
    for months in (range(1, 2), range(2, 4)):
        for back in months:
            month = months_after(date(2026, 11, 1), -back)
            operations.request_monthly(month=month, by=None, now=NOW)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(address)).status_code == 200
        counts.append(len(queries))
        assert not any('"pdf"' in q["sql"] for q in queries.captured_queries)
    assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True)
def test_of_workers_in_earnest_one_gets_the_report():
    """Four threads with connections of their own; the control looks first and takes afterwards."""

    def winners(take):
        start, won = Barrier(4), []

        def try_to_claim():
            try:
                won.append(take(start))
            finally:
                connection.close()

        threads = [Thread(target=try_to_claim) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return won.count(True)

    def claim(start):
        start.wait(timeout=20)
        return operations.claim(report, now=NOW)

    def look_then_take(start):
        free = MonthlyReport.objects.due(NOW).filter(pk=report.pk).exists()
        start.wait(timeout=20)
        return free and bool(MonthlyReport.objects.update(state=ReportState.BUILDING))

    report = operations.request_monthly(month=OCTOBER, by=None, now=NOW)
    assert winners(look_then_take) == 4
    MonthlyReport.objects.update(state=ReportState.REQUESTED)
    assert winners(claim) == 1
