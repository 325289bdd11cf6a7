"""Who reads what: circles of every kind, threads of events, the search; the rule and the query agree."""

import pytest
from django.urls import reverse

from cloud_home import operations, rules, showing
from cloud_home.models import Circle, Post, Topic
from events import operations as events
from tests import factories
from tests.cloud_home import make
from tests.cloud_home.test_writing import code_of
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def reads(circle, user):
    """Tell (knows of the circle, reads what is in it)."""
    known = Circle.objects.visible_to(user).filter(pk=circle.pk).exists()
    return known, rules.why_not_read(circle, user) is None


def test_a_field_is_open_and_a_sensitive_subject_is_for_members():
    field, quiet = make.circle(), make.circle(discreet=True)
    woman, member = factories.talent().user, make.member(quiet)
    assert [reads(field, woman), reads(quiet, woman), reads(quiet, member)] == [
        (True, True),
        (True, False),
        (True, True),
    ]


@pytest.mark.parametrize(
    "who", ["newcomer", "contact", "auditor", "staff elsewhere", "plain staff"]
)
def test_to_others_nothing_is_there(who):
    circle = make.circle()
    user = {
        "newcomer": factories.user,
        "contact": lambda: factories.user(unit=factories.unit()),
        "auditor": lambda: factories.staff("auditor"),
        "staff elsewhere": lambda: factories.staff(
            "department_clerk", department_code="science_innovation"
        ),
        "plain staff": factories.staff,
    }[who]()
    assert reads(circle, user) == (False, False)


def test_who_works_here_and_is_in_the_database_reads_as_both():
    ours, theirs = make.circle(), make.circle(department=factories.department("science_innovation"))
    person = make.moderator()
    factories.talent(user=person, full_name=person.full_name)
    person = type(person).objects.get(pk=person.pk)
    assert [reads(ours, person), reads(theirs, person)] == [(True, True), (True, True)]


def thread(event, booked=True):
    """Return the thread of an event and a woman with a seat."""
    booking = factories.booking(event)
    circle = operations.open_event_circle(event=event, by=booking.talent.user, now=NOW)
    return circle, booking.talent.user


def test_a_thread_is_opened_once_by_somebody_with_a_seat():
    event = factories.event(capacity=1)
    circle, her = thread(event)
    again = operations.open_event_circle(event=event, by=make.moderator(), now=NOW)
    assert (again, circle.department, circle.kind) == (circle, event.department, "event")
    waiting = factories.booking(event).talent.user
    given = {"circle": circle, "title": "会前提问", "body": "怎么走？", "now": NOW}
    assert code_of(operations.start_topic, by=waiting, **given) == "no_seat"
    assert operations.start_topic(by=her, **given).author == her
    assert reads(circle, waiting) == (True, True)


def test_a_thread_is_called_what_its_event_is_called():
    event, other = factories.event(title="材料沙龙"), factories.event(title="材料沙龙")
    circle, _her = thread(event)
    twin, _of_other = thread(other)
    changes = {"title": "先进材料沙龙", "summary": "改了介绍"}
    events.edit_event(event=event, changes=changes, by=None, now=NOW)
    circle.refresh_from_db()
    twin.refresh_from_db()
    assert (circle.name, circle.about, twin.name) == ("先进材料沙龙", "改了介绍", "材料沙龙")
    given = {"circle": circle, "by": make.moderator(), "now": NOW}
    for changes in ({"name": "另一个名称"}, {"about": "另一个简介"}):
        assert code_of(operations.edit_circle, changes=changes, **given) == "named_by_event"
    operations.edit_circle(changes={"name": circle.name, "discipline": "430"}, **given)
    factories.booking(event)  # what moves the event's row and not its title leaves the thread alone
    assert Circle.objects.get(pk=circle.pk).name == "先进材料沙龙"


def test_a_thread_opened_while_its_event_is_renamed_has_the_new_name():
    event = factories.event(title="材料沙龙")
    her = factories.booking(event).talent.user
    stale = type(event).objects.get(pk=event.pk)
    events.edit_event(event=event, changes={"title": "先进材料沙龙"}, by=None, now=NOW)
    circle = operations.open_event_circle(event=stale, by=her, now=NOW)
    assert circle.name == "先进材料沙龙"


def test_of_an_event_for_the_invited_others_find_no_thread():
    event = factories.event(visibility="invited")
    her = factories.talent()
    event.invitations.create(talent=her, invited_at=NOW)
    factories.booking(event, her)
    circle = operations.open_event_circle(event=event, by=her.user, now=NOW)
    assert [reads(circle, her.user), reads(circle, factories.talent().user)] == [
        (True, True),
        (False, False),
    ]


def test_a_sensitive_event_has_no_thread_and_loses_the_one_it_had():
    event = factories.event(sensitive_topic=True)
    given = {"event": event, "by": make.moderator(), "now": NOW}
    assert code_of(operations.open_event_circle, **given) == "no_thread"
    plain = factories.event()
    circle, her = thread(plain)
    plain.sensitive_topic = True
    plain.save()
    assert reads(circle, her) == (False, False)


def test_who_gave_her_seat_back_writes_no_more():
    event = factories.event()
    circle, her = thread(event)
    events.cancel_booking(booking=event.bookings.get(), by=her, now=NOW)
    given = {"circle": circle, "title": "标题", "body": "正文", "by": her, "now": NOW}
    assert code_of(operations.start_topic, **given) == "no_seat"


def test_drafts_and_cancelled_events_have_no_thread():
    for event in (
        factories.event(state="draft"),
        factories.event(state="cancelled", cancelled_at=NOW, cancel_reason="检修"),
    ):
        given = {"event": event, "by": make.moderator(), "now": NOW}
        assert code_of(operations.open_event_circle, **given) == "no_thread"


def test_chinese_words_are_found_where_she_may_read():
    topic = make.topic(body="**功率**器件做 HTRB")
    quiet = make.topic(make.circle(discreet=True), body="功率器件，只在成员之间说")
    answer = make.post(topic, body="样品少就分阶段")
    woman = factories.talent().user

    def found(query, user=woman):
        return list(Post.objects.visible_to(user).readable().matching(query).order_by("pk"))

    assert found("功率器件") == [make.first(topic)]
    assert found("功率器件", quiet.author) == [make.first(topic), make.first(quiet)]
    assert found("htrb 功率") == [make.first(topic)]
    assert found("分阶段") == [answer]
    assert found("高温老化") == [make.first(topic)]
    assert found("没有这个词") == []
    make.hidden(answer)
    assert found("分阶段") == []


def test_hits_are_marked_and_nothing_else_is_markup():
    topic = make.topic(body="<b>样品</b>怎么取？" + "样品" * 3)
    (hit,) = showing.hits([make.first(topic)], "样品 <b>")
    assert hit.text == (
        "<mark>&lt;b&gt;</mark><mark>样品</mark>&lt;/b&gt;怎么取？"
        "<mark>样品</mark><mark>样品</mark><mark>样品</mark>"
    )


def test_a_title_without_words_left_is_listed_only_while_somebody_answered():
    alone, answered = make.topic(), make.topic()
    make.post(answered)
    for topic in (alone, answered):
        operations.delete_post(post=make.first(topic), by=topic.author, now=NOW)
    assert list(Topic.objects.listed()) == [answered]


def test_who_keeps_order_in_a_sensitive_circle_is_known_to_its_members(client):
    quiet = make.circle(discreet=True)
    make.member(quiet, factories.talent(full_name="沈书仪").user, is_moderator=True)
    seen = []
    for reader in (factories.talent().user, make.member(quiet), make.moderator()):
        client.force_login(reader)
        seen.append(client.get(quiet.get_absolute_url()).context["moderators"])
    assert seen == [[], ["沈书仪"], ["沈书仪"]]


def test_who_comes_to_an_event_is_not_looked_up_by_who_only_reads(client):
    event = factories.event()
    circle, her = thread(event)
    topic = make.topic(circle, her)
    reader, comer = factories.talent().user, factories.booking(event).talent.user
    found = []
    for person in (reader, comer):
        client.force_login(person)
        page = client.post(reverse("reply", args=[topic.code]), {"find": "1", "name": "王"})
        found.append([name for _pk, name in page.context["form"].fields["mentions"].choices])
    assert found == [[], ["王小敏"]]


@pytest.mark.parametrize("how", ["hidden", "closed off"])
def test_a_question_she_may_read_no_more_is_not_shown_to_whom_it_went(client, how):
    expert, circle = make.expert(discipline="510"), make.circle()
    topic = operations.ask_experts(
        circle=circle,
        title="样品数怎么定",
        body="求教",
        discipline="510",
        words="",
        by=make.member(circle),
        now=NOW,
    )
    client.force_login(expert.user)
    address = reverse("cloud_asked")
    assert [ask.topic for ask in client.get(address).context["asks"]] == [topic]
    if how == "hidden":
        make.hidden(make.first(topic))
    else:
        operations.edit_circle(circle=circle, changes={"discreet": True}, by=None, now=NOW)
    assert list(client.get(address).context["asks"]) == []
    assert client.get("/cloud/").context["asked"] == 0
