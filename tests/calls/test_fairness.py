"""How fair calls were: exact for those who read the applications, without small cells in a file that travels."""

import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.urls import reverse

from calls import fairness, operations
from kernel.errors import Refused
from privacy.models import AuditEntry
from tests import factories
from tests.calls import make

pytestmark = pytest.mark.django_db
NOW = factories.NOW
DAY = timedelta(days=1)
PAGE, FILE = "admin:calls_call_fairness", "admin:calls_call_fairness_file"


def applied(to, unit, *, result="", accept=True, **record):
    """Return an application of a new woman of `unit`: handed in, accepted a day later, its result noted."""
    talent = factories.talent(unit=unit, **record)
    application = make.handed_in(to, talent, NOW)
    if accept:
        operations.accept_application(application=application, by=None, now=NOW + DAY)
    if result:
        at = to.closes_at + DAY
        operations.decide_application(application=application, result=result, by=None, now=at)
    return application


@pytest.fixture
def call():
    return make.call(closes_at=NOW + 9 * DAY)


@pytest.fixture
def twelve(call):
    """Twelve of two hospitals and one school; three awarded, one on reserve, one not accepted."""
    hospital = factories.unit("礼嘉医院", kind="hospital")
    school = factories.unit("金州中学", kind="school")
    young, old = {"birth_month": date(1998, 5, 1)}, {"birth_month": date(1970, 5, 1)}
    for n in range(9):
        applied(call, hospital, result=("awarded" if n < 3 else ""), **young)
    applied(call, school, result="reserve", **old)
    applied(call, school, **old)
    applied(call, school, accept=False, birth_month=None)
    return call


def cells(report, number):
    return {
        str(words): tuple(cells.values()) for words, cells, _share in report.tables[number].rows
    }


def test_who_came_how_far_is_told_exactly_to_those_who_read_the_applications(twelve):
    report = fairness.of([twelve], at=NOW + 10 * DAY, exact=True)
    assert [count for _words, count in report.totals] == [12, 11, 4, 3]
    assert list(cells(report, 0).values()) == [(9, 9, 3, 3), (3, 2, 1, 0)]
    assert [share for _words, _cells, share in report.tables[0].rows] == ["33.3%", "0.0%"]
    assert sorted(cells(report, 2).values()) == [(1, 0, 0, 0), (2, 2, 1, 0), (9, 9, 3, 3)]
    assert cells(report, 3) == {"首次申报": (12, 11, 4, 3)}
    assert [share for _words, share in report.units] == ["100.0%", "100.0%"]
    assert report.times == [("从提交到受理", 1.0, 1.0)]


def test_who_applied_before_is_no_first_timer_and_two_calls_are_one_report(call):
    unit = factories.unit()
    first = applied(call, unit)
    other = make.call(now=NOW + DAY, title="最美巾帼奋斗者")
    make.handed_in(other, first.talent, NOW + 2 * DAY)
    make.handed_in(other, factories.talent(unit=unit), NOW + 2 * DAY)
    later = fairness.of([other], at=NOW + 3 * DAY, exact=True)
    assert cells(later, 3) == {"首次申报": (1, 0, 0, 0), "以前申报过": (1, 0, 0, 0)}
    both = fairness.of([call, other], at=NOW + 3 * DAY, exact=True)
    assert [count for _words, count in both.totals] == [3, 1, 0, 0]


def test_a_file_tells_nothing_of_fewer_than_ten(twelve):
    report = fairness.of([twelve], at=NOW + 10 * DAY, exact=False)
    for number, known in ((0, {0, None}), (1, {12, 11, None}), (2, {0, None})):
        shown = [count for row in cells(report, number).values() for count in row]
        assert set(shown) == known
    assert cells(report, 3) == {"首次申报": (12, 11, None, None)}
    assert [share for _words, share in report.units] == ["100.0%", None]


def test_the_notice_and_the_results_are_timed():
    to, _rows = make.noted(2, at=NOW)
    notice = make.notice(to, NOW)
    ended = NOW + 30 * DAY
    operations.end_notice(notice=notice, by=None, now=ended)
    operations.conclude_call(call=to, by=None, now=ended)
    to.refresh_from_db()
    report = fairness.of([to], at=ended, exact=True)
    assert [count for _words, count in report.totals] == [2, 2, 2, 2]
    assert report.times[1:] == [("公示", 30.0, 30.0), ("从截止到公布结果", 31.0, 31.0)]


def test_the_page_is_for_those_who_read_the_applications(client, settings, twelve):
    settings.STAFF_SECOND_FACTOR = False
    address = f"{reverse(PAGE)}?call={twelve.pk}"
    expected = {"department_clerk": 200, "auditor": 200, "points_clerk": 403}
    for role, status in expected.items():
        client.force_login(
            factories.staff(role), backend="django.contrib.auth.backends.ModelBackend"
        )
        assert client.get(address).status_code == status
    joint = factories.staff("department_clerk", department_code="science_innovation")
    twelve.joint_departments.add(joint.department)
    client.force_login(joint, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(address).status_code == 403  # sees the call, not who applied


def test_the_clerk_reads_it_and_takes_a_file_that_is_on_record(client, settings, twelve):
    settings.STAFF_SECOND_FACTOR = False
    clerk = factories.staff("department_clerk")
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    lead = reverse("admin:calls_call_how_fair", args=[twelve.pk])
    page = client.get(lead, follow=True).content.decode()
    assert ("33.3%" in page, "首次申报" in page) == (True, True)
    answer = client.post(f"{reverse(FILE)}?call={twelve.pk}")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer)))
    assert book.sheetnames[0] == "总览" and len(book.sheetnames) == 6
    assert "33.3%" not in {c.value for sheet in book for row in sheet for c in row}
    entry = AuditEntry.objects.get(action="calls.export_fairness")
    assert (entry.actor_id, entry.object_id) == (clerk.pk, str(twelve.pk))
    for wrong in ("call=x", f"call={twelve.pk}&call=99999", ""):
        assert client.get(f"{reverse(PAGE)}?{wrong}").status_code == 404
    with pytest.raises(Refused):
        operations.export_fairness(calls=[twelve], by=factories.staff("auditor"), now=NOW)


def test_it_takes_as_many_queries_for_many_as_for_one(twelve, django_assert_num_queries):
    empty = make.call(title="另一份")
    for calls in ([empty], [empty, twelve]):
        with django_assert_num_queries(3):
            fairness.of(calls, at=NOW, exact=True)
