"""A club or a yearly sport activity is an event: who comes earns by the rule, and the points report says so."""

from datetime import timedelta

import pytest
from django.utils import timezone

from care_points.models import EarningRule
from events import operations
from events.models import Event
from tests import factories
from tests.care_points import make
from tests.events.test_admin import ADD, form, page_of

pytestmark = pytest.mark.django_db
REPORT = "/admin/care_points/transfer/report/"


def test_who_comes_to_a_clerks_walk_earns_and_the_report_counts_it(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    now, clerk = timezone.now().replace(microsecond=0), factories.staff("department_clerk")
    client.force_login(clerk)
    values = {"title": "女科技工作者健步走", "kind": "wellbeing", "measure": "9"}
    sent = form(clerk, now + timedelta(minutes=1), **values)
    assert client.post(ADD, sent).status_code == 302
    event = Event.objects.get()
    client.post(page_of(event, "publish"))
    event.refresh_from_db()
    came, absent = factories.talent(), factories.talent()
    booking, _other = (
        operations.book(event=event, talent=her, by=her.user, now=timezone.now())
        for her in (came, absent)
    )
    # When it begins, as the door does then: a minute from now may be tomorrow.
    operations.check_in(booking=booking, by=clerk, now=event.starts_at)
    rule = EarningRule.objects.get(code="event_attendance")
    assert (make.balance(came), make.balance(absent)) == (rule.points, 0)
    client.force_login(came.user)
    assert "女科技工作者健步走" in client.get("/points/").content.decode()
    client.force_login(factories.staff("points_clerk"))
    by_rule = client.get(REPORT).context["parts"][2].rows
    assert by_rule == [(rule.label, rule.points, 0, 0, 0, rule.points, 1)]
