"""Words that are changed, deleted or erased: nothing of them stays with others, in the outbox, the search or the log."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cloud_home import letters, operations, personal_data
from cloud_home.models import Follow, Gone, Membership, Post, Preference, Topic
from kernel.portal import Person
from notices.models import Notice
from privacy import history
from tests import everything
from tests.cloud_home import make
from tests.cloud_home.test_writing import code_of
from tests.factories import NOW

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
FIRST, SECOND, WORDS = "白露凝霜", "霜降无声", "寒江独钓"
MARKS = (FIRST, SECOND, WORDS)


def told(topic):
    """Let everybody who can hear of a topic do so; returns the Notices by kind."""
    digests = Preference.objects.due(NOW + 2 * DAY)
    for preference in digests:
        operations.send_digest(preference=preference, now=NOW + 2 * DAY)
    rows = Notice.objects.filter(kind__startswith="cloud_home.").exclude(kind__endswith="willing")
    return {notice.kind.removeprefix("cloud_home."): notice for notice in rows}


def follower(circle):
    """Return a member who gets a digest, and has left the circle since."""
    reader = make.member(circle)
    operations.save_preference(digest="daily", may_be_asked=False, by=reader, now=NOW - DAY)
    return reader


def talked_about(title=FIRST):
    """Return a question that was asked, answered, reported, hidden, appealed, and told to a follower who left."""
    expert, circle = make.expert(discipline="510"), make.circle()
    reader, her = follower(circle), make.member(circle)
    topic = operations.ask_experts(
        circle=circle,
        title=title,
        body=f"{WORDS}，@王小敏",
        discipline="510",
        words="",
        by=her,
        now=NOW,
    )
    operations.reply(topic=topic, body="按标准取", by=expert.user, now=NOW)
    named = [Membership.objects.get(circle=circle, user=reader).pk]
    operations.reply(topic=topic, body="请看", by=her, mentioned=named, now=NOW)
    told(topic)
    report = make.report(make.first(topic))
    operations.uphold_report(report=report, reason=f"不该写{WORDS}", by=make.moderator(), now=NOW)
    hiding = make.first(topic).hidings.get()
    operations.appeal(hiding=hiding, text=f"{WORDS}是公开的", by=her, now=NOW)
    hiding.refresh_from_db()
    operations.grant_appeal(hiding=hiding, reason=f"{WORDS}可以写", by=make.moderator(), now=NOW)
    Membership.objects.filter(user=reader).delete()
    return topic


def titles(kinds_told):
    """Return {kind: the title it says}."""
    return {
        kind: notice.context.get("title", notice.context.get("titles"))
        for kind, notice in kinds_told.items()
    }


KINDS = (
    "asked",
    "answered",
    "mentioned",
    "report_upheld",
    "report_reversed",
    "hidden",
    "shown_again",
)


def test_a_title_that_was_changed_is_changed_in_what_others_were_told():
    topic = talked_about()
    same = make.topic(title=FIRST)  # of somebody else
    other = make.hidden(make.first(same))
    given = {"title": SECOND, "body": "正文", "by": topic.author, "now": NOW}
    operations.edit_post(post=make.first(topic), **given)
    mine = Notice.objects.exclude(kind="cloud_home.willing").exclude(recipient=other.post.author)
    said = titles({n.kind.removeprefix("cloud_home."): n for n in mine})
    assert said == dict.fromkeys(KINDS, SECOND) | {"digest": f"《{SECOND}》"}
    assert (
        Notice.objects.get(recipient=other.post.author, kind="cloud_home.hidden").context["title"]
        == FIRST
    )


def test_a_deleted_title_leaves_what_others_were_told():
    topic = talked_about()
    operations.delete_post(post=make.first(topic), by=topic.author, now=NOW)
    said = titles(told(topic))
    assert said == dict.fromkeys(KINDS, "—") | {"digest": ""}


def test_of_whom_was_erased_no_word_is_left_anywhere():
    cache.clear()  # of what another test kept there under a name of the same woman
    topic = talked_about()
    her, clerk = topic.author, make.moderator()
    edited = {"title": SECOND, "body": WORDS, "by": her, "now": NOW}
    operations.edit_post(post=make.first(topic), **edited)
    reply = Post.objects.get(topic=topic, number=3)
    reply.topic = Topic.objects.select_related("circle").get(pk=topic.pk)
    hiding = operations.hide_post(post=reply, reason=f"又写{WORDS}", by=clerk, now=NOW)
    refused = {"hiding": hiding, "now": NOW}
    operations.appeal(text=f"{WORDS}是公开的", by=her, **refused)
    hiding.refresh_from_db()
    operations.refuse_appeal(reason=f"{WORDS}不公开", by=make.moderator(), **refused)
    sanction = operations.sanction(post=reply, days=3, reason=f"两次写{WORDS}", by=clerk, now=NOW)
    operations.appeal_suspension(sanction=sanction, text=f"{WORDS}无害", by=her, now=NOW)
    sanction.refresh_from_db()
    given = {"sanction": sanction, "by": make.moderator(), "now": NOW}
    operations.refuse_suspension_appeal(reason=f"{WORDS}有害", **given)
    open_topic = Topic.objects.select_related("circle").get(pk=topic.pk)
    operations.close_topic(topic=open_topic, reason=f"{WORDS}已答", by=her, now=NOW)
    assert everything.places_with(MARKS).keys() == set(MARKS)  # the control
    line = history.of(hiding, reader=clerk)[-1].sentence
    assert line == f"李干事 隐藏发言 · 理由：又写{WORDS}"
    personal_data.erase(Person(user=her, records=()), NOW)
    # What stands in her own inbox goes with her account (notices), not with what she wrote.
    Notice.objects.filter(recipient=her).delete()
    assert everything.places_with(MARKS) == {}
    assert Post.objects.get(pk=reply.pk).gone == Gone.ERASED
    assert history.of(hiding, reader=clerk)[-1].sentence == "李干事 隐藏发言 · 理由：—"


def test_her_own_words_are_deleted_where_she_reads_no_more(client):
    now = timezone.now()
    topic = make.topic(make.circle(discreet=True), now=now)
    post = make.post(topic, now=now, body="只在成员之间说")
    operations.leave_circle(circle=topic.circle, by=post.author, now=now)
    assert list(Follow.objects.filter(user=post.author)) == []
    client.force_login(post.author)
    page = client.get(reverse("my_posts")).content.decode()
    address = reverse("delete_post", args=[post.pk])
    assert (address in page, topic.title in page) == (True, False)
    assert "只在成员之间说" in client.get(address).content.decode()
    given = {"post": post, "by": post.author, "now": now}
    assert code_of(operations.edit_post, body="改掉", **given) == "not_there"
    answer = client.post(address)
    post.refresh_from_db()
    assert (answer.url, post.gone, post.body) == (reverse("my_posts"), "deleted", "")
    assert client.get(reverse("delete_post", args=[make.first(topic).pk])).status_code == 404


def test_the_day_s_names_are_counted_although_the_posts_are_deleted():
    circle = make.circle()
    pks = [Membership.objects.get(user=make.member(circle)).pk for _ in range(5)]
    by = make.member(circle)
    topic = make.topic(circle)
    for number in range(6):
        at = NOW + timedelta(hours=number)
        post = operations.reply(topic=topic, body="请看", by=by, mentioned=pks, now=at)
        operations.delete_post(post=post, by=by, now=at)
    more = {"topic": topic, "body": "再来", "by": by, "now": NOW + timedelta(hours=7)}
    assert code_of(operations.reply, mentioned=pks[:1], **more) == "too_many_mentions"


def test_digests_are_found_by_an_index_of_their_own():
    """However many notices there are, a title that changes reads those of digests alone."""
    topic = make.topic(title=FIRST)
    with CaptureQueriesContext(connection) as asked:
        letters.retitle(topic, SECOND)
    (query,) = {q["sql"] for q in asked if "cloud_home.digest" in q["sql"]}
    with connection.cursor() as cursor:
        # In a table of a few rows reading all of it is cheapest.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute(f"EXPLAIN {query}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "cloud_home_digests" in plan, plan
