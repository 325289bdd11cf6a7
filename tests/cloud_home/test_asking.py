"""Asking those who know, and the digest: whom a question goes to, what is told and how often."""

from datetime import timedelta

import pytest
from django.utils import translation

from cloud_home import operations, tasks
from cloud_home.models import Ask, Follow, Preference, Topic
from kernel import portal
from notices import kinds
from notices.models import Notice
from tests import factories
from tests.cloud_home import make
from tests.cloud_home.test_writing import code_of
from tests.factories import NOW

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def ask(circle=None, by=None, now=NOW, **fields):
    """Ask a question; returns its Topic."""
    circle = circle or make.circle()
    fields = {"title": "样品数怎么定", "body": "求教", "discipline": "510", "words": ""} | fields
    by = by or make.member(circle)
    return operations.ask_experts(circle=circle, by=by, now=now, **fields)


def asked(topic):
    """Return the names of those a question went to."""
    names = topic.asks.order_by("pk").values_list("user__full_name", flat=True)
    return list(names)


def told(kind, **where):
    """Return the notices of a kind of the Cloud Home."""
    return Notice.objects.filter(kind=f"cloud_home.{kind}", **where)


def test_it_goes_to_five_who_agreed_and_fit_both_first():
    for number in range(4):
        make.expert(full_name=f"学科{number}", discipline="510")
    make.expert(full_name="方向", discipline="520", research_fields=["功率器件"])
    make.expert(full_name="两者", discipline="510", research_fields=["功率器件"])
    make.expert(full_name="无关", discipline="350")
    shy = factories.talent(full_name="没答应", discipline="510")
    factories.consent(shy.user, "talent_database")
    topic = ask(words="功率器件")
    assert asked(topic) == ["两者", "学科0", "学科1", "学科2", "学科3"]
    assert told("asked").count() == 5
    assert (topic.kind, topic.is_question) == ("question", True)


def test_who_was_asked_least_is_asked_first_and_nobody_more_than_three_times_a_month():
    for name in "甲乙丙丁戊己":
        make.expert(full_name=name, discipline="510")
    circle = make.circle()
    first = ask(circle)
    second = ask(circle)
    assert asked(first) == list("甲乙丙丁戊")
    assert asked(second) == list("己甲乙丙丁")
    ask(circle)
    later = [ask(circle, now=NOW + timedelta(hours=n)) for n in (1, 2)]
    assert max(Ask.objects.filter(user__full_name=name).count() for name in "甲乙丙丁戊己") == 3
    assert asked(later[1]) == []
    assert asked(ask(circle, now=NOW + 31 * DAY)) != []


@pytest.mark.parametrize("why", ["paused", "moved", "withdrawn", "suspended", "herself"])
def test_who_is_not_to_be_asked_is_not(why):
    expert = make.expert(discipline="510")
    circle = make.circle()
    by = None
    if why == "paused":
        expert.paused_at = NOW
    elif why == "moved":
        expert.moved_away_on = NOW.date()
    elif why == "withdrawn":
        factories.consent(expert.user, "talent_database", granted=False)
    elif why == "suspended":
        post = make.post(make.topic(circle), make.member(circle, expert.user))
        operations.sanction(post=post, days=3, reason="多次发布广告", by=None, now=NOW)
    else:
        by = make.member(circle, expert.user)
    expert.save()
    assert asked(ask(circle, by)) == []


def test_an_answer_is_told_to_who_asked_and_a_refusal_to_nobody():
    one, other = make.expert(discipline="510"), make.expert(discipline="510")
    topic = ask()
    before = Notice.objects.filter(recipient=topic.author).count()
    operations.decline_ask(ask=topic.asks.get(user=one.user), by=one.user, now=NOW)
    assert Notice.objects.filter(recipient=topic.author).count() == before
    operations.reply(topic=topic, body="按标准取", by=other.user, now=NOW)
    assert told("answered", recipient=topic.author).count() == 1
    assert topic.asks.get(user=other.user).answered_at == NOW
    outsider = factories.talent().user
    given = {"topic": topic, "body": "我也说", "by": outsider, "now": NOW}
    assert code_of(operations.reply, **given) == "not_member"


def test_three_questions_a_week_and_only_where_others_may_read():
    circle = make.circle()
    by = make.member(circle)
    make.expert(discipline="510")
    for number in range(3):
        ask(circle, by, now=NOW + number * DAY)
    given = {"circle": circle, "by": by, "title": "第四个", "body": "求教", "discipline": "510"}
    assert (
        code_of(operations.ask_experts, words="", now=NOW + 4 * DAY, **given)
        == "too_many_questions"
    )
    quiet = make.circle(discreet=True)
    given |= {"circle": quiet, "by": make.member(quiet)}
    assert code_of(operations.ask_experts, words="", now=NOW, **given) == "circle_unfit"


def test_a_question_says_whom_it_is_for():
    circle = make.circle()
    given = {"circle": circle, "by": make.member(circle), "title": "标题", "body": "正文"}
    given |= {"words": " ", "now": NOW}
    assert code_of(operations.ask_experts, discipline="", **given) == "nobody_meant"
    assert code_of(operations.ask_experts, discipline="x", **given) == "discipline_unknown"
    assert Topic.objects.count() == 0


def test_the_same_question_twice_asks_nobody_twice():
    make.expert(discipline="510")
    circle = make.circle()
    by = make.member(circle)
    assert ask(circle, by, key="k") == ask(circle, by, key="k")
    assert (Ask.objects.count(), told("asked").count()) == (1, 1)


def test_who_was_asked_counts_as_having_taken_part():
    expert = make.expert(discipline="510")
    ask()
    part = next(part for part in portal.listed("taking_part") if part.key == "asked")
    assert [list(part.talents(NOW - DAY)), list(part.talents(NOW + DAY))] == [
        [{"user__talent": expert.pk}],
        [],
    ]


def test_who_is_new_is_asked_once_whether_she_may_be_asked():
    her = factories.talent().user
    for _ in range(2):
        operations.join_circle(circle=make.circle(), by=her, now=NOW)
    assert told("willing", recipient=her).count() == 1
    assert Preference.objects.get(user=her).may_be_asked is False


# --- the digest -------------------------------------------------------------------------------------
def follower(circle, digest="daily"):
    """Return a member who wants a digest."""
    her = factories.talent().user
    operations.join_circle(circle=circle, by=her, now=NOW)
    operations.save_preference(digest=digest, may_be_asked=False, by=her, now=NOW)
    return her


def sweep(at):
    """Send what is due at a moment."""
    for preference in Preference.objects.due(at):
        operations.send_digest(preference=preference, now=at)


@pytest.mark.parametrize(("count", "rest"), [(3, ""), (4, "……")])
def test_a_digest_that_names_not_all_says_so(count, rest):
    circle = make.circle()
    her = follower(circle)
    for number in range(count):
        make.topic(circle, title=f"话题{number}", now=NOW + timedelta(hours=number + 1))
    sweep(Preference.objects.get(user=her).next_at)
    last = "".join(f"《话题{number}》" for number in reversed(range(count - 3, count)))
    assert told("digest", recipient=her).get().context["titles"] == last + rest


def test_a_digest_tells_once_what_is_new_in_what_she_follows():
    circle = make.circle()
    her = follower(circle)
    old = make.topic(circle, title="旧话题", now=NOW - DAY)
    operations.follow_topic(topic=old, on=True, by=her, now=NOW)
    make.topic(circle, title="新话题", now=NOW + timedelta(hours=1))
    make.post(old, now=NOW + timedelta(hours=2))
    make.post(old, her, now=NOW + timedelta(hours=3))
    make.topic(now=NOW + timedelta(hours=1))  # of a circle she does not know
    morning = Preference.objects.get(user=her).next_at
    assert morning == NOW + timedelta(hours=23)  # 9:00 of the next day
    sweep(morning - timedelta(minutes=1))
    assert told("digest", recipient=her).count() == 0
    for _ in range(3):
        sweep(morning)
    notice = told("digest", recipient=her).get()
    assert notice.context["titles"] == "《旧话题》《新话题》"
    assert notice.body == "您在云之家关注的内容有 1 个新话题、1 条新回复。《旧话题》《新话题》"
    sweep(morning + DAY)
    assert told("digest", recipient=her).count() == 1


@pytest.mark.parametrize(
    ("topics", "replies", "chinese", "english"),
    [
        (1, 0, "1 个新话题", "1 new topic"),
        (0, 1, "1 条新回复", "1 new reply"),
        (2, 3, "2 个新话题、3 条新回复", "2 new topics and 3 new replies"),
    ],
)
def test_a_digest_does_not_count_what_there_is_none_of(topics, replies, chinese, english):
    circle = make.circle()
    her = follower(circle)
    old = make.topic(circle, title="旧话题", now=NOW - DAY)
    operations.follow_topic(topic=old, on=True, by=her, now=NOW)
    for number in range(topics):
        make.topic(circle, title=f"新话题{number}", now=NOW + timedelta(hours=1))
    for _ in range(replies):
        make.post(old, now=NOW + timedelta(hours=2))
    sweep(NOW + DAY)
    notice = told("digest", recipient=her).get()
    assert notice.body.split("。")[0] == f"您在云之家关注的内容有 {chinese}"
    with translation.override("en"):
        assert english in notice.body


def test_a_weekly_digest_comes_on_monday():
    her = follower(make.circle(), "weekly")
    assert Preference.objects.get(user=her).next_at == NOW + timedelta(days=6, hours=23)


def test_never_is_never_and_who_comes_back_hears_nothing_of_meanwhile():
    circle = make.circle()
    her = follower(circle, "never")
    make.topic(circle, now=NOW + timedelta(hours=1))
    sweep(NOW + 30 * DAY)
    assert told("digest").count() == 0
    operations.save_preference(digest="daily", may_be_asked=False, by=her, now=NOW + 30 * DAY)
    sweep(NOW + 32 * DAY)
    assert told("digest", recipient=her).count() == 0


def test_what_is_hidden_meanwhile_is_not_told():
    circle = make.circle()
    follower(circle)
    make.hidden(make.first(make.topic(circle, now=NOW + timedelta(hours=1))))
    sweep(NOW + 2 * DAY)
    assert told("digest").count() == 0


def test_of_a_sensitive_circle_no_word_leaves_the_portal():
    circle = make.circle(discreet=True)
    her = follower(circle)
    operations.join_circle(circle=circle, by=make.member(circle), now=NOW)
    her.full_name = "罗安琪"
    topic = make.topic(circle, title="哺乳期返岗", now=NOW + timedelta(hours=1))
    sweep(NOW + 2 * DAY)
    hiding = make.hidden(make.post(topic))
    notices = [told("digest", recipient=her).get(), told("hidden").get()]
    for notice in notices:
        assert notice.discreet is True
        kind = kinds.kind(notice.kind)
        for language in ("zh-hans", "en"):
            with translation.override(language):
                outside = [str(words) % kind.shown(notice.context) for words in kind.outside]
            assert [words for words in outside if "返岗" in words or hiding.reason in words] == []


def test_who_left_is_told_nothing_more():
    circle = make.circle()
    her = follower(circle)
    make.topic(circle, now=NOW + timedelta(hours=1))
    her.talent.state = "left"
    her.talent.save()
    sweep(NOW + 2 * DAY)
    assert told("digest", recipient=her).count() == 0


def test_the_clock_sends_what_is_due():
    circle = make.circle()
    her = follower(circle)
    make.topic(circle, now=NOW + timedelta(hours=1))
    Preference.objects.filter(user=her).update(next_at=NOW)
    tasks.send_digests()
    assert told("digest", recipient=her).count() == 1
    assert Follow.objects.filter(user=her).count() == 0
