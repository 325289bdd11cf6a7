"""The calendar of the State Council: what the package knows, what staff enter, and working days counted by both."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from kernel import content
from kernel.days import begin
from kernel.errors import Conflict, Invalid, Refused
from places import holidays, operations, queue
from places.models import CalendarDays
from privacy.models import AuditEntry
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
FESTIVAL = {"first_day": date(2027, 2, 5), "last_day": date(2027, 2, 11), "is_off": True}
WORDS = {"name": "春节", "source": "国务院办公厅关于2027年部分节假日安排的通知"}


def enter(by=None, now=NOW, **days):
    return operations.enter_calendar_days(**FESTIVAL | WORDS | days, by=by, now=now)


def test_the_package_knows_holidays_and_the_days_made_up_for_them():
    assert [holidays.is_working_day(date(2026, 10, day)) for day in (1, 7, 8, 10, 11)] == [
        False,
        False,
        True,
        True,  # a Saturday made up for
        False,
    ]


def test_a_year_nobody_entered_is_counted_by_its_weekdays():
    assert (holidays.are_known(2026), holidays.are_known(2027)) == (True, False)
    assert holidays.working_days_after(date(2027, 2, 4), 5) == date(2027, 2, 11)


def test_what_staff_enter_counts_at_once_and_is_taken_back():
    row = enter()
    enter(first_day=date(2027, 2, 14), last_day=date(2027, 2, 14), is_off=False)
    assert holidays.are_known(2027) is True
    assert str(holidays.holiday_on(date(2027, 2, 8))) == "春节假期"
    assert str(holidays.holiday_on(date(2027, 2, 14))) == "春节调休，上班"
    assert holidays.working_days_after(date(2027, 2, 4), 3) == date(2027, 2, 15)
    assert holidays.working_days_between(date(2027, 2, 4), date(2027, 2, 15)) == 3
    for _twice in range(2):
        operations.drop_calendar_days(calendar_days=row, by=None, now=NOW)
    assert holidays.working_days_after(date(2027, 2, 4), 3) == date(2027, 2, 9)
    assert list(AuditEntry.objects.order_by("pk").values_list("action", flat=True)) == [
        "places.enter_calendar_days",
        "places.enter_calendar_days",
        "places.drop_calendar_days",
    ]


def test_what_is_entered_comes_before_the_package():
    enter(first_day=date(2026, 12, 14), last_day=date(2026, 12, 14))
    assert holidays.is_working_day(date(2026, 12, 14)) is False


@pytest.mark.parametrize(
    ("days", "code"),
    [
        ({"last_day": date(2027, 2, 4)}, "days_backwards"),
        ({"first_day": date(2026, 1, 1), "last_day": date(2026, 1, 3)}, "days_past"),
        ({"last_day": date(2027, 3, 8)}, "days_too_many"),
    ],
)
def test_days_that_cannot_be_are_refused(days, code):
    with pytest.raises(Invalid) as refused:
        enter(**days)
    assert (refused.value.code, CalendarDays.objects.count()) == (code, 0)


def test_no_day_is_entered_twice_whoever_writes():
    enter()
    with pytest.raises(Conflict) as refused:
        enter(first_day=date(2027, 2, 11), last_day=date(2027, 2, 12))
    assert str(refused.value) == "其中有的日子已登记为“春节假期”，请先撤销那一条。"
    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarDays.objects.create(**FESTIVAL | WORDS)


def test_another_process_reads_it_once_a_page_is_made_anew(django_assert_num_queries):
    holidays.entered.keep({})
    CalendarDays.objects.bulk_create([CalendarDays(**FESTIVAL | WORDS)])  # no signal, as elsewhere
    content.version()
    assert holidays.holiday_on(date(2027, 2, 8)) is None  # kept since before: the control
    content._version["value"] = "moved"
    assert str(holidays.holiday_on(date(2027, 2, 8))) == "春节假期"
    with django_assert_num_queries(0):
        holidays.working_days_after(date(2027, 2, 4), 100)
    content.forget()


def test_staff_enter_and_take_back_in_the_admin(client):
    clerk = factories.staff("points_clerk")
    client.force_login(clerk)
    form = {"first_day": "2027-02-05", "last_day": "2027-02-11", "is_off": "True"} | WORDS
    answer = client.post(
        reverse("admin:places_calendardays_add"), form | {"last_day": "2027-02-01"}
    )
    assert "最后一天不能早于第一天。" in answer.text
    client.post(reverse("admin:places_calendardays_add"), form)
    row = CalendarDays.objects.get()
    assert "春节" in client.get(reverse("admin:places_calendardays_changelist")).text
    client.post(reverse("admin:places_calendardays_take_back", args=[row.pk]))
    assert not CalendarDays.objects.exists()


def test_nobody_else_enters_days():
    with pytest.raises(Refused):
        enter(by=factories.staff("department_clerk"))
    assert not CalendarDays.objects.exists()


def test_in_december_it_is_asked_for(client):
    december = begin(date(2026, 12, 1))
    assert queue.to_enter(None, december).count == 1
    enter(now=december)
    assert queue.to_enter(None, december).count == 0
