"""Keeping order: reports, hidden posts, appeals, warnings, suspensions; each decided by the right person."""

from datetime import timedelta

import pytest

from cloud_home import operations, queue, rules
from cloud_home.models import Circle, Hiding, Membership, Post, Report, Sanction, Topic
from kernel.errors import Conflict, Invalid, Refused
from notices.models import Notice
from privacy import history
from privacy.models import AuditEntry
from tests import factories
from tests.cloud_home import make
from tests.cloud_home.test_writing import code_of
from tests.factories import NOW

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
WHY = "含他人电话号码"


def kinds(user):
    """Return what somebody was told by the Cloud Home, in order."""
    told = Notice.objects.filter(recipient=user, kind__startswith="cloud_home.")
    return [
        kind for kind in told.order_by("pk").values_list("kind", flat=True) if "willing" not in kind
    ]


def fresh(row):
    """Return a row as it stands."""
    return type(row).objects.get(pk=row.pk)


def test_a_report_is_upheld_and_both_are_told():
    post = make.post()
    report, twin = make.report(post), make.report(post)
    clerk = make.moderator()
    operations.uphold_report(report=report, reason=WHY, by=clerk, now=NOW)
    assert [fresh(one).upheld for one in (report, twin)] == [True, True]
    assert Hiding.objects.get().reason == WHY
    assert fresh(post).hidden_at == NOW
    assert kinds(post.author) == ["cloud_home.hidden"]
    assert kinds(report.reporter) == kinds(twin.reporter) == ["cloud_home.report_upheld"]


def upheld(post, clerk):
    """Return the report that had a post hidden, and the Hiding with its author's appeal."""
    report = make.report(post)
    operations.uphold_report(report=report, reason=WHY, by=clerk, now=NOW)
    hiding = Hiding.objects.get(post=post, ended_at=None)
    operations.appeal(hiding=hiding, text="号码是公开的办公电话", by=post.author, now=NOW)
    return report, fresh(hiding)


def test_who_reported_hears_that_the_post_stands_after_all_and_nothing_of_the_appeal():
    post = make.post()
    dismissed = make.report(post)
    first, second = make.moderator(), make.moderator()
    operations.dismiss_report(report=dismissed, reason="只是不同意见", by=first, now=NOW)
    report, hiding = upheld(post, first)
    given = {"hiding": hiding, "reason": "确是办公电话", "by": second, "now": NOW}
    operations.grant_appeal(**given)
    assert code_of(operations.grant_appeal, **given | {"hiding": fresh(hiding)}) is not None
    assert kinds(report.reporter) == ["cloud_home.report_upheld", "cloud_home.report_reversed"]
    told = Notice.objects.get(kind="cloud_home.report_reversed")
    assert told.context == {"title": post.topic.title}
    assert kinds(dismissed.reporter) == ["cloud_home.report_dismissed"]


def test_of_a_refused_appeal_who_reported_hears_nothing():
    report, hiding = upheld(make.post(), make.moderator())
    operations.refuse_appeal(hiding=hiding, reason="是私人号码", by=make.moderator(), now=NOW)
    assert kinds(report.reporter) == ["cloud_home.report_upheld"]


def test_who_reported_hears_of_what_her_report_led_to_alone():
    """A post that was hidden again later, by somebody else, is shown again without a word to her."""
    post, clerk = make.post(), make.moderator()
    report, hiding = upheld(post, clerk)
    operations.grant_appeal(hiding=hiding, reason="号码可以公开", by=make.moderator(), now=NOW)
    again = operations.hide_post(post=fresh(post), reason=WHY, by=clerk, now=NOW + DAY)
    operations.unhide_post(hiding=again, reason="点错了一条", by=clerk, now=NOW + DAY)
    assert kinds(report.reporter).count("cloud_home.report_reversed") == 1


def test_a_report_is_dismissed_and_its_author_learns_nothing():
    report = make.report()
    given = {"report": report, "reason": "只是不同意见", "by": make.moderator(), "now": NOW}
    operations.dismiss_report(**given)
    assert kinds(report.reporter) == ["cloud_home.report_dismissed"]
    assert kinds(report.post.author) == []
    assert code_of(operations.dismiss_report, **given | {"report": fresh(report)}) == "decided"


def test_the_same_report_twice_is_one_and_ten_a_day_are_enough():
    post = make.post()
    by = make.member(post.topic.circle)
    given = {"reason": "abuse", "note": "", "by": by, "now": NOW}
    for _ in range(2):
        operations.report_post(post=post, **given)
    assert Report.objects.count() == 1
    for _ in range(9):
        operations.report_post(post=make.post(post.topic), **given)
    assert code_of(operations.report_post, post=make.post(post.topic), **given) == (
        "too_many_reports"
    )
    assert operations.report_post(post=post, **given | {"now": NOW + DAY}) is not None


@pytest.mark.parametrize(
    ("reason", "note", "code"),
    [("", "", "reason_missing"), ("x", "", "reason_missing"), ("other", " ", "note_missing")],
)
def test_a_report_says_what_is_wrong(reason, note, code):
    post = make.post()
    given = {"post": post, "by": make.member(post.topic.circle), "now": NOW}
    assert code_of(operations.report_post, reason=reason, note=note, **given) == code


def test_nobody_decides_about_herself():
    clerk = make.moderator()
    circle = make.circle()
    talk = operations.start_topic(circle=circle, title="通知", body="开放日", by=clerk, now=NOW)
    own = make.first(talk)
    assert own.as_staff is True
    assert code_of(operations.hide_post, post=own, reason=WHY, by=clerk, now=NOW) == "own_post"
    report = operations.report_post(
        post=own, reason="false", note="", by=make.member(circle), now=NOW
    )
    given = {"report": report, "reason": WHY, "by": clerk, "now": NOW}
    assert code_of(operations.uphold_report, **given) == "own_case"
    assert code_of(operations.dismiss_report, **given) == "own_case"
    operations.dismiss_report(**given | {"by": make.moderator()})


def test_a_hidden_post_is_read_by_its_author_and_who_keeps_order_alone():
    topic = make.topic()
    make.hidden(make.first(topic))
    reader, keeper = make.member(topic.circle), make.member(topic.circle, is_moderator=True)
    clerk = make.moderator()
    seen = {
        name: Topic.objects.visible_to(user).filter(pk=topic.pk).exists()
        for name, user in {
            "author": topic.author,
            "reader": reader,
            "keeper": keeper,
            "clerk": clerk,
        }.items()
    }
    assert seen == {"author": True, "reader": False, "keeper": True, "clerk": True}
    assert list(Post.objects.readable()) == []


def test_who_upheld_a_report_of_what_was_hidden_before_answers_no_appeal_against_it():
    report, clerk = make.report(), make.moderator()
    hiding = make.hidden(report.post)
    operations.uphold_report(report=report, reason="核实属实", by=clerk, now=NOW)
    given = {"hiding": hiding, "by": hiding.post.author, "now": NOW}
    operations.appeal(text="号码是公开的办公电话", **given)
    answer = {"hiding": fresh(hiding), "reason": "确为办公电话", "now": NOW}
    assert code_of(operations.grant_appeal, by=clerk, **answer) == "own_case"
    other = make.moderator()
    assert (queue.appeals(clerk, NOW).count, queue.appeals(other, NOW).count) == (0, 1)
    operations.grant_appeal(by=other, **answer)
    assert fresh(hiding).ended_at == NOW


def test_she_appeals_once_and_another_than_who_hid_it_answers():
    post, clerk = make.post(), make.moderator()
    hiding = make.hidden(post, clerk)
    given = {"hiding": hiding, "text": "号码是公开的办公电话", "by": post.author, "now": NOW}
    operations.appeal(**given)
    assert code_of(operations.appeal, **given | {"hiding": fresh(hiding)}) == "appealed"
    answer = {"hiding": fresh(hiding), "reason": "确为办公电话", "now": NOW}
    assert code_of(operations.grant_appeal, by=clerk, **answer) == "own_case"
    assert code_of(operations.refuse_appeal, by=clerk, **answer) == "own_case"
    assert code_of(operations.unhide_post, by=clerk, **answer) == "appealed"
    operations.grant_appeal(by=make.moderator(), **answer)
    assert (fresh(post).hidden_at, fresh(hiding).ended_at) == (None, NOW)
    assert kinds(post.author) == ["cloud_home.hidden", "cloud_home.shown_again"]


def test_an_appeal_is_refused_for_good():
    hiding = make.appealed()
    author = hiding.post.author
    given = {"hiding": hiding, "reason": "仍是个人号码", "by": make.moderator(), "now": NOW}
    operations.refuse_appeal(**given)
    assert fresh(hiding.post).hidden_at == NOW
    assert kinds(author) == ["cloud_home.hidden", "cloud_home.appeal_refused"]
    again = {"hiding": fresh(hiding), "text": "再看看吧谢谢", "by": author, "now": NOW}
    assert code_of(operations.appeal, **again) == "appealed"


def test_hidden_once_more_she_may_appeal_once_more():
    hiding = make.appealed()
    operations.grant_appeal(hiding=hiding, reason="确为办公电话", by=make.moderator(), now=NOW)
    second = make.hidden(Post.objects.select_related("topic__circle").get(pk=hiding.post_id))
    operations.appeal(hiding=second, text="和上次一样的", by=hiding.post.author, now=NOW)
    assert Hiding.objects.filter(appealed_at=NOW).count() == 2


def test_a_moderator_hides_and_closes_and_decides_no_report():
    post = make.post()
    circle = post.topic.circle
    keeper = make.member(circle, is_moderator=True)
    report = make.report(post)
    assert rules.why_not_decide_report(report, keeper).code == "circle_not_yours"
    assert rules.why_not_sanction(post, keeper).code == "circle_not_yours"
    hiding = make.hidden(post, keeper)
    operations.unhide_post(hiding=hiding, reason="隐藏有误", by=keeper, now=NOW)
    operations.close_topic(topic=post.topic, reason="已有答案", by=keeper, now=NOW)
    assert (fresh(post).hidden_at, fresh(post.topic).closed_at) == (None, NOW)
    elsewhere = make.post()
    assert rules.why_not_hide(elsewhere, keeper).code == "not_moderator"


def test_a_moderator_who_left_the_database_keeps_no_order():
    post = make.post()
    keeper = make.member(post.topic.circle, is_moderator=True)
    keeper.talent.state = "left"
    keeper.talent.save()
    assert rules.why_not_hide(post, keeper).code == "not_moderator"


def test_staff_name_and_remove_moderators():
    circle, clerk, talent = make.circle(), make.moderator(), factories.talent()
    given = {"circle": circle, "by": clerk, "now": NOW}
    for _ in range(2):
        operations.name_moderator(code=talent.code.lower(), **given)
    membership = Membership.objects.get()
    assert membership.is_moderator is True
    with pytest.raises(Invalid):
        operations.name_moderator(code="NOBODY", **given)
    operations.remove_moderator(membership=membership, by=clerk, now=NOW)
    verbs = AuditEntry.objects.filter(object_type="cloud_home.circle").order_by("pk")
    assert list(verbs.values_list("action", flat=True)) == [
        "cloud_home.name_moderator",
        "cloud_home.remove_moderator",
    ]


def test_suspended_she_reads_and_writes_nothing_until_it_is_over_or_lifted():
    post = make.post()
    her, clerk = post.author, make.moderator()
    made = operations.sanction(post=post, days=3, reason="多次发布广告", by=clerk, now=NOW)
    given = {"topic": post.topic, "body": "再来一条", "by": her}
    assert code_of(operations.reply, now=NOW + 2 * DAY, **given) == "suspended"
    assert code_of(operations.edit_post, post=post, body="改", by=her, now=NOW) == "suspended"
    assert Topic.objects.visible_to(her).count() == 1
    operations.lift_suspension(sanction=made, reason="已经改正", by=clerk, now=NOW + DAY)
    assert operations.reply(now=NOW + DAY, **given).number == 3
    assert kinds(her) == ["cloud_home.suspended", "cloud_home.suspension_lifted"]
    again = operations.sanction(post=post, days=1, reason="多次发布广告", by=clerk, now=NOW + DAY)
    assert code_of(operations.reply, now=NOW + DAY, **given) == "suspended"
    assert operations.reply(now=again.until, **given).number == 4


def test_a_warning_stops_nothing():
    post = make.post()
    operations.sanction(post=post, days=0, reason="请注意语气", by=make.moderator(), now=NOW)
    assert kinds(post.author) == ["cloud_home.warned"]
    assert make.post(post.topic, post.author).number == 3
    made = Sanction.objects.get()
    assert rules.why_not_lift(made, make.moderator(), NOW).code == "over"


@pytest.mark.parametrize("days", [-1, 91, 10**9])
def test_a_suspension_has_bounds(days):
    given = {"post": make.post(), "days": days, "reason": WHY, "by": None, "now": NOW}
    assert code_of(operations.sanction, **given) == "days_wrong"


def test_what_is_hidden_is_not_edited_and_stays_while_an_appeal_waits():
    hiding = make.appealed()
    post = fresh(hiding.post)
    given = {"post": post, "by": post.author, "now": NOW}  # as her page showed it before
    with pytest.raises(Conflict) as edited:
        operations.edit_post(body="改掉", **given)
    with pytest.raises(Conflict) as deleted:
        operations.delete_post(**given)
    assert (edited.value.code, deleted.value.code) == ("hidden", "appealed")
    assert fresh(post).body == "我们按 AEC-Q101 取 77 只。"
    answer = {"reason": "确是个人号码", "by": make.moderator(), "now": NOW}
    operations.refuse_appeal(hiding=hiding, **answer)
    operations.delete_post(**given)
    assert (fresh(post).body, fresh(post).gone) == ("", "deleted")


def test_of_a_hidden_post_its_author_took_away_there_is_nothing_left_to_decide():
    hiding = make.hidden()
    operations.delete_post(post=hiding.post, by=hiding.post.author, now=NOW)
    hiding = Hiding.objects.select_related("post__topic__circle").get()
    assert rules.why_not_appeal(hiding, hiding.post.author).code == "gone"
    assert rules.why_not_unhide(hiding, make.moderator()).code == "gone"


def test_staff_of_another_department_find_nothing():
    post = make.post(make.topic(make.circle(discreet=True)))
    report = make.report(post)
    elsewhere = factories.staff("department_clerk", department_code="science_innovation")
    assert list(Report.objects.visible_to(elsewhere)) == []
    assert list(Circle.objects.managed_by(elsewhere)) == []
    with pytest.raises(Refused):
        operations.uphold_report(report=report, reason=WHY, by=elsewhere, now=NOW)


def test_what_happened_is_told_in_sentences():
    post, clerk = make.post(), make.moderator()
    hiding = make.hidden(post, clerk)
    operations.unhide_post(hiding=hiding, reason="隐藏有误", by=clerk, now=NOW)
    told = [line.sentence for line in history.of(hiding, reader=clerk)]
    assert told == [
        "李干事 恢复显示发言 · 理由：隐藏有误",
        f"李干事 隐藏发言 · 理由：{WHY}",
    ]


def test_circles_are_made_changed_closed_and_opened_again():
    clerk = make.moderator()
    fields = {"name": "新材料圈", "kind": "field", "about": "材料同行"}
    circle = operations.add_circle(fields=fields, by=clerk, now=NOW)
    assert circle.department == clerk.department
    assert code_of(operations.add_circle, fields=fields, by=clerk, now=NOW) == "name_taken"
    event = fields | {"name": "x", "kind": "event"}
    assert code_of(operations.add_circle, fields=event, by=clerk, now=NOW) == "kind_of_event"
    operations.edit_circle(circle=circle, changes={"about": "金属与高分子"}, by=clerk, now=NOW)
    operations.close_circle(circle=circle, reason="并入另一圈子", by=clerk, now=NOW)
    operations.close_circle(circle=circle, reason="并入另一圈子", by=clerk, now=NOW)
    operations.reopen_circle(circle=circle, by=clerk, now=NOW)
    circle = fresh(circle)
    assert (circle.about, circle.closed_at, circle.close_reason) == ("金属与高分子", None, "")
    verbs = AuditEntry.objects.filter(object_type="cloud_home.circle").order_by("pk")
    assert [
        verb.removeprefix("cloud_home.") for verb in verbs.values_list("action", flat=True)
    ] == [
        "add_circle",
        "edit_circle",
        "close_circle",
        "reopen_circle",
    ]
