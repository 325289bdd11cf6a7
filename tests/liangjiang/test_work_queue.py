"""The admin's first page tells each role what it may know, and nothing as 0 that it may not."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import roles
from kernel import portal
from privacy.models import RetentionRun
from tests import factories
from tests.care_points import make
from tests.factories import NOW
from workplaces.childcare.models import NurseryRule
from workplaces.periods.models import PeriodRule

pytestmark = pytest.mark.django_db

# What each role may see of a department with one waiting record, one verified woman and one event to come.
SHOWN = {
    "department_clerk": (
        {"待审核的人才档案": 1, "尚未发布的活动": 0},
        ["在库人才", "本月新入库", "即将举行", "本月签到"],
    ),
    "department_reviewer": (
        {"待审核的人才档案": 1, "尚未发布的活动": None},
        ["在库人才", "本月新入库"],
    ),
    "event_organiser": (
        {"待审核的人才档案": None, "尚未发布的活动": 0},
        ["即将举行", "本月签到"],
    ),
    "auditor": (
        {"待审核的人才档案": None, "尚未发布的活动": None},
        ["即将举行", "本月签到", "本月积分流转", "到期清理"],
    ),
    None: ({"待审核的人才档案": None, "尚未发布的活动": None}, []),
}


@pytest.fixture(autouse=True)
def _one_factor(settings):
    settings.STAFF_SECOND_FACTOR = False


@pytest.mark.parametrize("role", SHOWN)
def test_what_a_role_may_not_see_is_left_out_and_never_said_to_be_none(client, role):
    factories.talent()
    factories.talent(state="submitted", submitted_at=NOW)
    factories.event()
    person = factories.staff(*filter(None, [role]))
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/admin/")
    waiting = {str(task.title): task.count for task in page.context["queue"]}
    lines, figures = SHOWN[role]
    assert {title: waiting.get(title) for title in lines} == lines
    assert [label for label, _value, _unit in page.context["figures"]] == figures


def test_what_has_nothing_waiting_is_folded_away_behind_one_line(client):
    for kind in (PeriodRule, NurseryRule):  # what ships was compared with its source
        kind.objects.update(checked_on=timezone.localdate())
    person = factories.staff("department_clerk")
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/admin/")
    kinds = len(page.context["queue"])
    assert (page.context["waiting"], len(page.context["done"])) == ([], kinds)
    assert f"另有 {kinds} 类事项，现在没有要处理的" in page.content.decode()
    factories.talent(state="submitted", submitted_at=NOW)
    page = client.get("/admin/")
    assert [str(task.title) for task in page.context["waiting"]] == ["待审核的人才档案"]
    shown, _fold, folded = page.content.decode().partition('<details class="portal-done">')
    assert ["待审核的人才档案" in part for part in (shown, folded)] == [True, False]
    assert len(page.context["done"]) == kinds - 1


@pytest.fixture
def _one_of_each():
    """Something this month for each of the figures."""
    now = timezone.now()
    talent = factories.talent(verified_at=now)
    start = now + timedelta(days=1)
    booking = factories.booking(factories.event(starts_at=start), talent, now=now)
    type(booking).objects.filter(pk=booking.pk).update(state="attended", checked_in_at=now)
    make.give(talent, 100, now=now)
    make.redeem(talent, make.service(station=make.station()), now=now)
    RetentionRun.objects.create(rule="events.bookings", at=now, done=1, failed=0)


@pytest.mark.parametrize("role", sorted(roles.staff_roles()))
def test_no_figure_is_zero_where_there_is_something(client, role, _one_of_each):
    person = factories.staff(role)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    shown = client.get("/admin/").context["figures"]
    allowed = [f for f in portal.listed("figures") if person.has_perm(f.permission)]
    assert [label for label, _count, _unit in shown] == [str(f.label) for f in allowed]
    assert [label for label, count, _unit in shown if not count] == []


def test_how_long_something_waits_is_said_in_one_unit(client):
    factories.talent(state="submitted", submitted_at=timezone.now() - timedelta(days=3, hours=6))
    person = factories.staff("department_clerk")
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    assert "最早一件已等 3 天。" in client.get("/admin/").content.decode()
