"""Each chooses by which way she hears of what; it is asked when a message is sent."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event as Signal

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, connections
from django.urls import reverse

from kernel import gateways
from kernel.errors import Invalid, Refused
from notices import choosing, kinds, operations, sending
from notices.models import ChosenWay, Delivery, Notice
from privacy import audit
from privacy.models import AuditEntry
from tests import factories
from tests.factories import NOW
from tests.notices.test_sending import at
from tests.waits import until_waiting

pytestmark = pytest.mark.django_db
WORDS = {"title": "沙龙", "when": NOW, "venue": "A座", "how": "签到码在“我的报名”里。"}
WORDS |= {"news": {"zh-hans": "1 个新话题", "en": "1 new topic"}, "titles": "《流片》"}
DAY, DIGEST = "events.reminder_day", "cloud_home.digest"


@pytest.fixture
def outbox(settings, tmp_path):
    settings.OUTBOX_DIR = tmp_path
    settings.EMAIL_BACKEND = "kernel.gateways.LocalMail"
    return gateways.outbox


def person(*, mail=True, **fields):
    """Return a user who agreed to messages, with a verified phone and (`mail`) a verified address."""
    one = factories.user(**fields)
    factories.consent(one, "messages")
    if mail:
        EmailAddress.objects.create(
            user=one, email=f"w{one.pk}@example.cn", verified=True, primary=True
        )
    return one


def choose(one, **ways):
    """Choose ways for topics, named with "_" for the rest."""
    ways = {"" if topic == "_" else topic: way for topic, way in ways.items()}
    choosing.choose_ways(user=one, ways=ways, by=one, now=NOW)


def queue(one, kind=DAY):
    """Queue a notice of this kind for her."""
    words = {name: WORDS[name] for name in kinds.kind(kind).placeholders}
    operations.queue_all([operations.Letter(kind, one, "1", words)], at=NOW)


def sent(outbox):
    """Send what is due; returns by which ways it left."""
    sending.send_due(clock=at(NOW))
    return [message["channel"] for message in outbox()]


@pytest.mark.parametrize(
    ("ways", "left"),
    [
        ({}, ["sms"]),
        ({DAY: "mail"}, ["mail"]),
        ({DAY: "sms"}, ["sms"]),
        ({"_": "mail"}, ["mail"]),
        ({DAY: "sms", "_": "mail"}, ["sms"]),
        ({"events.reminder_hour": "mail"}, ["sms"]),
        ({DAY: "site"}, []),
    ],
)
def test_a_reminder_leaves_by_the_way_she_chose(outbox, ways, left):
    one = person()
    choose(one, **ways)
    queue(one)
    assert sent(outbox) == left
    assert Notice.objects.visible_to(one, NOW).count() == 1


@pytest.mark.parametrize(
    ("mail", "ways", "left"),
    [
        (True, {}, ["mail"]),
        (True, {"_": "sms"}, ["mail"]),
        (True, {DIGEST: "sms"}, ["sms"]),
        (True, {DIGEST: "site"}, []),
        (False, {}, []),
        (False, {DIGEST: "sms"}, ["sms"]),
    ],
)
def test_what_is_read_at_leisure_leaves_by_mail_alone_unless_she_chose(outbox, mail, ways, left):
    one = person(mail=mail)
    choose(one, **ways)
    queue(one, DIGEST)
    assert sent(outbox) == left
    assert Notice.objects.visible_to(one, NOW).count() == 1


def test_a_mail_says_where_her_inbox_is_and_no_more(outbox, settings):
    settings.SITE_URL = "https://portal.example.cn"
    for language in ("zh-hans", "en"):
        queue(person(language=language), DIGEST)
    sending.send_due(clock=at(NOW))
    assert sorted(message["body"].splitlines()[-1] for message in outbox()) == [
        "Read on in the portal: https://portal.example.cn/en/notices/",
        "到门户里查看：https://portal.example.cn/notices/",
    ]


def test_what_she_chooses_counts_for_what_is_queued_already(outbox):
    one = person()
    queue(one)
    choose(one, **{DAY: "mail"})
    assert sent(outbox) == ["mail"]
    assert list(Delivery.objects.values_list("channel", "state")) == [("mail", "sent")]
    other = person()
    queue(other)
    choose(other, **{DAY: "site"})
    assert sent(outbox) == ["mail"]
    assert Delivery.objects.get(notice__recipient=other).error_code == "inbox_alone"


def test_essential_notices_always_leave_by_a_way_that_reaches_her(outbox):
    one = person()
    choose(one, **{"_": "mail", "events.confirmed": "site"})
    queue(one, "events.promoted")
    queue(one, "events.booked")
    assert sent(outbox) == ["mail"]
    EmailAddress.objects.all().delete()
    queue(person(mail=False), "events.promoted")
    ChosenWay.objects.create(user=Notice.objects.latest("pk").recipient, topic="", way="mail")
    assert sorted(sent(outbox)) == ["mail", "sms"]


@pytest.mark.parametrize(
    ("ways", "code"),
    [
        ({"events.gone": "sms"}, "topic_unknown"),
        ({DAY: "pigeon"}, "way_unknown"),
        ({"": "site"}, "way_unknown"),
        ({DAY: "mail"}, "way_not_hers"),
    ],
)
def test_what_cannot_be_chosen_is_refused_and_nothing_is_kept(ways, code):
    one = person(mail=False)
    with pytest.raises(Invalid) as refused:
        choosing.choose_ways(user=one, ways={"events.thanks": "sms"} | ways, by=one, now=NOW)
    assert (refused.value.code, ChosenWay.objects.count()) == (code, 0)


def test_nobody_chooses_for_another():
    with pytest.raises(Refused):
        choosing.choose_ways(user=person(), ways={}, by=person(), now=NOW)


def test_her_page_keeps_what_she_chooses_and_takes_it_back(client):
    one = person()
    client.force_login(one)
    address = reverse("notice_ways")
    page = client.get(address)
    assert [field.name for field in page.context["form"]] == [
        *(f"way:{code}" for code in kinds.topics()),
        "way:",
    ]
    for ways in ({f"way:{DAY}": "mail", "way:": "sms"}, {f"way:{DAY}": "mail", "way:": ""}):
        assert client.post(address, ways).status_code == 302
    kept = dict(ChosenWay.objects.values_list("topic", "way"))
    assert kept == {DAY: "mail"}
    assert client.get(address).context["form"][f"way:{DAY}"].value() == "mail"
    client.post(address, {f"way:{DAY}": "mail"})  # the same again is no choice
    entries = AuditEntry.objects.filter(action="notices.choose_ways").order_by("pk")
    assert [entry.detail["topics"] for entry in entries] == [["", DAY], [""]]
    refused = client.post(address, {f"way:{DAY}": "pigeon"})
    assert (refused.status_code, ChosenWay.objects.count()) == (422, 1)


def test_the_page_offers_no_way_that_does_not_reach_her(client):
    one = person(mail=False)
    client.force_login(one)
    form = client.get(reverse("notice_ways")).context["form"]
    assert [value for value, _label in form.fields[f"way:{DAY}"].choices] == ["", "sms", "site"]
    assert [value for value, _label in form.fields["way:"].choices] == ["", "sms"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("locked", [True, False])
def test_two_choices_at_once_are_both_kept(locked, monkeypatch):
    """Without the lock both write what neither has seen of the other, and one fails: the control."""
    her, ways_of, record = person(), choosing.ways_of, audit.record
    arrived, both, written = [], Signal(), Signal()

    def slow(people):
        found = ways_of(people)
        arrived.append(people)
        if len(arrived) == 2:
            both.set()
        until_waiting(done=both)
        return found

    def late(*given, **named):
        until_waiting(done=written)  # the other, for what this one has written and not committed
        written.set()
        record(*given, **named)

    def choose(ways):
        try:
            choosing.choose_ways(user=her, ways=ways, by=her, now=NOW)
        except IntegrityError:
            return "failed"
        finally:
            connections.close_all()

    monkeypatch.setattr(choosing, "ways_of", slow)
    monkeypatch.setattr(audit, "record", late)
    if not locked:
        monkeypatch.setattr(choosing, "_lock", lambda user: None)
    one, other = {"events.thanks": "sms"}, {"events.thanks": "site", "events.confirmed": "site"}
    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(choose, [one, other]))
    if not locked:
        assert sorted(map(str, answers)) == ["None", "failed"]
        return
    kept = ways_of([her.pk])
    assert (answers, kept[her.pk, "events.confirmed"]) == ([None, None], "site")
    assert kept[her.pk, "events.thanks"] in {"sms", "site"}
