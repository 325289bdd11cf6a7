"""Cases in the admin: hidden from whom they are about, decided once, read in a fixed number of queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cloud_home import operations, queue
from cloud_home.models import Hiding, Report, Sanction
from privacy import history
from privacy.models import AuditEntry
from talents.public.models import PublicPage
from tests import factories
from tests.cloud_home import make
from tests.factories import NOW

pytestmark = pytest.mark.django_db
WHY = "含他人电话号码"
PAGES = ("change", "history")


def own_case(clerk):
    """Return (Report, Hiding) of what a clerk wrote herself."""
    circle = make.circle()
    talk = operations.start_topic(circle=circle, title="通知", body="开放日", by=clerk, now=NOW)
    report = make.report(make.first(talk))
    hiding = make.hidden(make.first(talk))
    return report, hiding


def test_a_case_is_hidden_from_whose_words_it_is_about(client):
    clerk, colleague = make.moderator(), make.moderator()
    report, hiding = own_case(clerk)
    client.force_login(clerk)
    for case in (report, hiding):
        name = f"admin:cloud_home_{case._meta.model_name}"
        addresses = [reverse(f"{name}_{page}", args=[case.pk]) for page in PAGES]
        # Django leads from a page there is not to the dashboard.
        assert [client.get(address).status_code for address in addresses] == [302, 404]
        for asked in ("", "?decided=all", "?decided=no", f"?q={report.reporter.full_name}"):
            shown = client.get(reverse(f"{name}_changelist") + asked)
            assert list(shown.context["cl"].result_list) == []
    assert [list(model.objects.visible_to(clerk)) for model in (Report, Hiding, Sanction)] == [
        []
    ] * 3
    assert list(Report.objects.visible_to(colleague)) == [report]
    assert (queue.reports(clerk, NOW).count, queue.reports(colleague, NOW).count) == (0, 1)


def test_the_log_does_not_lead_her_to_the_report():
    clerk = make.moderator()
    report, _hiding = own_case(clerk)
    entry = AuditEntry.objects.get(action="cloud_home.report_post")
    told = {
        reader: history.lines([entry], reader=reader)[0].about_link
        for reader in (clerk, make.moderator())
    }
    address = reverse("admin:cloud_home_report_change", args=[report.pk])
    assert list(told.values()) == ["", address]


def test_her_own_page_does_not_say_that_somebody_reported_her(client):
    clerk = make.moderator()
    report, _hiding = own_case(clerk)
    address = report.post.topic.get_absolute_url()
    marks = []
    for reader in (clerk, make.moderator()):
        client.force_login(reader)
        marks.append(client.get(address).context["posts"][0].is_reported)
    assert marks == [False, True]


def well_known(topic):
    """Return a member whose unit stands beside her name."""
    talent = factories.talent(unit=factories.unit())
    PublicPage.objects.create(talent=talent, is_on=True, shown=["unit"], changed_at=NOW)
    return make.member(topic.circle, talent.user)


@pytest.mark.parametrize("name", ["report", "hiding", "sanction"])
def test_more_cases_need_no_more_queries(client, name):
    topic, counts = make.topic(), []
    client.force_login(make.moderator())
    address = reverse(f"admin:cloud_home_{name}_changelist")
    client.get(address)
    for step in range(3):
        at = NOW + timedelta(hours=step)
        post = make.post(topic, well_known(topic), now=at)
        make.report(post)
        make.hidden(post)
        operations.sanction(post=post, days=3, reason=WHY, by=make.moderator(), now=at)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        counts.append(len(captured))
    assert counts == [counts[0]] * 3


def test_more_people_named_need_no_more_queries(client):
    topic, counts = make.topic(), []
    client.force_login(make.member(topic.circle))
    client.get(topic.get_absolute_url())
    for step in range(3):
        named = topic.circle.memberships.get(user=well_known(topic)).pk
        make.post(topic, now=NOW + timedelta(hours=step), mentioned=[named])
        with CaptureQueriesContext(connection) as captured:
            page = client.get(topic.get_absolute_url())
        assert [len(shown.named) for shown in page.context["posts"]] == [0, *[1] * (step + 1)]
        counts.append(len(captured))
    assert counts == [counts[0]] * 3
