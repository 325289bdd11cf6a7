"""Cases in the admin: hidden from whom they are about, decided once, read in a fixed number of queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cloud_home import operations, queue, rules
from cloud_home.models import Hiding, Report, Sanction
from notices.models import Notice
from privacy import history
from privacy.models import AuditEntry
from talents.public.models import PublicPage
from tests import factories
from tests.cloud_home import make
from tests.cloud_home.test_writing import code_of
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
            shown = client.get(reverse(f"{name}_changelist") + asked, follow=True)
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


# --- decided once, and said to whom it concerns ------------------------------------------------------
def test_who_is_shown_again_or_may_write_again_reads_why():
    hiding, suspended = make.hidden(), make.suspended()
    operations.unhide_post(hiding=hiding, reason="隐藏有误", by=make.moderator(), now=NOW)
    given = {"reason": "已经改正", "by": make.moderator(), "now": NOW}
    operations.lift_suspension(sanction=suspended, **given)
    told = [
        Notice.objects.get(recipient=person, kind=f"cloud_home.{kind}").context["answer"]
        for person, kind in (
            (hiding.post.author, "shown_again"),
            (suspended.user, "suspension_lifted"),
        )
    ]
    assert told == ["隐藏有误", "已经改正"]


def said_after_upholding(client, report):
    """Uphold a report on its page; returns what the clerk is told."""
    address = reverse("admin:cloud_home_report_uphold", args=[report.pk])
    page = client.post(address, {"reason": WHY}, follow=True)
    return [str(message) for message in page.context["messages"]]


def test_upholding_says_whether_the_author_was_told(client):
    client.force_login(make.moderator())
    shown, deleted, hidden = (make.report() for _ in range(3))
    operations.delete_post(post=deleted.post, by=deleted.post.author, now=NOW)
    make.hidden(hidden.post)
    assert [said_after_upholding(client, one) for one in (shown, deleted, hidden)] == [
        ["已隐藏，双方都已告知。"],
        ["举报成立；作者已自行删除这条发言，已告知举报人。"],
        ["举报成立；发言此前已经隐藏，已告知举报人。"],
    ]
    told = Notice.objects.filter(kind="cloud_home.hidden")
    assert set(told.values_list("recipient", flat=True)) == {
        shown.post.author_id,
        hidden.post.author_id,
    }


def test_one_decision_for_each_post_until_it_is_lifted():
    post, clerk = make.post(), make.moderator()
    given = {"post": post, "days": 3, "reason": WHY, "now": NOW}
    made = operations.sanction(by=clerk, **given)
    assert code_of(operations.sanction, by=make.moderator(), **given) == "sanctioned"
    operations.lift_suspension(sanction=made, reason="处理有误", by=clerk, now=NOW)
    assert operations.sanction(by=clerk, **given | {"days": 0}).until is None


def test_a_suspension_is_appealed_once_and_answered_by_another():
    sanction, clerk = make.suspended(), make.moderator()
    suspender, given = sanction.by, {"text": "没有发布广告", "by": sanction.user, "now": NOW}
    operations.appeal_suspension(sanction=sanction, **given)
    sanction = Sanction.objects.get()
    assert code_of(operations.appeal_suspension, sanction=sanction, **given) == "appealed"
    answer = {"sanction": sanction, "reason": "确实不是广告", "now": NOW}
    assert code_of(operations.grant_suspension_appeal, by=suspender, **answer) == "own_case"
    assert code_of(operations.refuse_suspension_appeal, by=suspender, **answer) == "own_case"
    assert code_of(operations.lift_suspension, by=suspender, **answer) == "appealed"
    assert (queue.suspensions(suspender, NOW).count, queue.suspensions(clerk, NOW).count) == (0, 1)
    operations.grant_suspension_appeal(by=clerk, **answer)
    sanction = Sanction.objects.get()
    assert (sanction.lifted_at, sanction.answer, sanction.decided_by) == (
        NOW,
        "确实不是广告",
        clerk,
    )
    assert rules.why_suspended(sanction.user, NOW) is None
    told = Notice.objects.get(recipient=sanction.user, kind="cloud_home.suspension_lifted")
    assert (told.context, told.discreet) == ({"answer": "确实不是广告"}, True)
    assert code_of(operations.refuse_suspension_appeal, by=clerk, **answer) == "decided"


def test_a_suspension_that_stands_after_an_appeal_says_why():
    sanction = make.contested()
    given = {"sanction": sanction, "reason": "三条都是广告", "by": make.moderator(), "now": NOW}
    operations.refuse_suspension_appeal(**given)
    told = Notice.objects.get(recipient=sanction.user, kind="cloud_home.suspension_upheld")
    assert told.context == {"answer": "三条都是广告"}
    assert rules.why_suspended(sanction.user, NOW).code == "suspended"
    over = {"sanction": make.suspended(), "text": "没有发布广告", "now": NOW + timedelta(days=3)}
    code = code_of(operations.appeal_suspension, by=over["sanction"].user, **over)
    assert code == "over"
    warning = operations.sanction(post=make.post(), days=0, reason=WHY, by=None, now=NOW)
    given = {"sanction": warning, "text": "没有发布广告", "by": warning.user, "now": NOW}
    assert code_of(operations.appeal_suspension, **given) == "over"


def test_she_appeals_a_suspension_on_her_own_page(client):
    now = timezone.now()
    post = make.post(now=now)
    made = operations.sanction(post=post, days=3, reason=WHY, by=make.moderator(), now=now)
    client.force_login(post.author)
    address = reverse("appeal_suspension", args=[made.pk])
    assert address in client.get(reverse("my_posts")).content.decode()
    client.post(address, {"text": "号码是公开的办公电话"})
    page = client.get(reverse("my_posts")).content.decode()
    assert (address in page, "已申诉，等待答复" in page) == (False, True)
    colleague = make.moderator()
    client.force_login(colleague)
    assert client.get(address).status_code == 404
    answered = reverse("admin:cloud_home_sanction_refuse", args=[made.pk])
    client.post(answered, {"reason": "仍是个人号码"})
    made.refresh_from_db()
    assert (made.answer, made.decided_by) == ("仍是个人号码", colleague)
    client.force_login(post.author)
    assert "答复：仍是个人号码" in client.get(reverse("my_posts")).content.decode()


def test_a_digest_that_was_set_aside_is_found_and_given_back(client):
    preference, boss = make.set_aside(), factories.staff("administrator")
    make.post()  # others' choices are nobody's business
    assert (queue.digests(boss, NOW).count, queue.digests(make.moderator(), NOW).count) == (1, 0)
    client.force_login(boss)
    address = reverse("admin:cloud_home_preference_changelist") + "?sweep=set_aside"
    page = client.get(address)
    assert list(page.context["cl"].result_list) == [preference]
    client.post(address, {"action": "try_again", "_selected_action": [preference.pk]})
    preference.refresh_from_db()
    assert (preference.sweep_failures, queue.digests(boss, NOW).count) == (0, 0)
    given = {"row": preference, "by": boss, "now": NOW}
    assert code_of(operations.try_again, **given) == "not_set_aside"


def test_the_name_of_a_thread_is_read_and_not_written(client):
    event = factories.event(title="材料沙龙")
    clerk = make.moderator()
    circle = operations.open_event_circle(event=event, by=clerk, now=NOW)
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    address = reverse("admin:cloud_home_circle_change", args=[circle.pk])
    page = client.get(address).content.decode()
    assert [f'name="{name}"' in page for name in ("name", "about", "discipline")] == [
        False,
        False,
        True,
    ]
    client.post(address, {"name": "另一个名称", "about": "另", "discipline": "430"})
    circle.refresh_from_db()
    assert (circle.name, circle.discipline) == ("材料沙龙", "430")
