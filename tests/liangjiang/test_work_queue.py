"""The admin's first page tells each role what it may know, and nothing as 0 that it may not."""

import pytest

from tests import factories
from tests.factories import NOW

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
        ["即将举行", "本月签到", "本月积分流转"],
    ),
    None: ({"待审核的人才档案": None, "尚未发布的活动": None}, []),
}


@pytest.mark.parametrize("role", SHOWN)
def test_what_a_role_may_not_see_is_left_out_and_never_said_to_be_none(client, settings, role):
    settings.STAFF_SECOND_FACTOR = False
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
