"""What is queued, for whom, how often."""

from datetime import timedelta

import pytest
import redis
from django.conf import settings
from django.utils import translation

from notices import operations
from notices.models import Delivery, Notice
from notices.views import NEWEST_FIRST
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
TOMORROW = NOW + timedelta(days=1)


def queue(person, obj="7", **fields):
    fields.setdefault("title", "智能制造沙龙")
    fields.setdefault("when", TOMORROW)
    fields.setdefault("venue", "两江人才大厦")
    return operations.queue("events.promoted", to=person, obj=obj, at=NOW, **fields)


def test_a_notice_about_the_same_thing_is_queued_once():
    person = factories.user()
    first, second = queue(person), queue(person)
    assert first == second
    assert list(Delivery.objects.values_list("notice", "channel", "state")) == [
        (first.pk, "sms", "pending")
    ]


def test_words_are_rendered_in_the_readers_language_and_in_chongqing_time():
    notice = queue(factories.user())
    assert notice.body == (
        "有席位空出，您已转为正式报名《智能制造沙龙》，2026年11月24日 (周二) 10:00，"
        "两江人才大厦。不能参加请及时取消。"
    )
    with translation.override("en"):
        assert notice.shown_context["when"] == "Tue 24 November 2026, 10:00"


def test_a_kind_takes_its_placeholders_and_no_others():
    with pytest.raises(ValueError, match="placeholders"):
        queue(factories.user(), phone="14000000000")
    assert Notice.objects.count() == 0


def test_a_kind_that_is_not_essential_leaves_the_site_only_with_consent():
    silent, willing = factories.user(), factories.user()
    factories.consent(willing, "messages")
    for person in (silent, willing):
        operations.queue("care_points.earned", to=person, obj="1", at=NOW, points=10, reason="签到")
    assert list(Notice.objects.order_by("pk").values_list("recipient", flat=True)) == [
        silent.pk,
        willing.pk,
    ]
    assert list(Delivery.objects.values_list("notice__recipient", flat=True)) == [willing.pk]


def test_a_withdrawn_consent_stops_messages():
    person = factories.user()
    factories.consent(person, "messages")
    factories.consent(person, "messages", granted=False)
    operations.queue("care_points.earned", to=person, obj="1", at=NOW, points=10, reason="签到")
    assert Delivery.objects.count() == 0


def test_the_inbox_shows_her_own_due_notices_newest_first_and_pages_on(client):
    person, other = factories.user(), factories.user("赵一")
    for n in range(25):
        queue(person, obj=f"{n:02d}", title=f"活动{n:02d}")
    queue(other, title="别人的活动")
    operations.queue(
        "events.reminder_hour",
        to=person,
        obj="9",
        at=NOW,
        due_at=NOW + timedelta(days=9999),
        title="将来",
        when=NOW,
        venue="A座",
        how="签到码在“我的报名”里。",
    )
    client.force_login(person)
    first = client.get("/notices/")
    assert [n.context["title"] for n in first.context["notices"]] == [
        f"活动{n:02d}" for n in range(24, 4, -1)
    ]
    second = client.get(f"/notices/?after={first.context['after']}")
    assert [n.context["title"] for n in second.context["notices"]] == [
        f"活动{n:02d}" for n in range(4, -1, -1)
    ]
    assert client.post("/notices/read/").status_code == 302
    assert Notice.objects.filter(read_at=None, due_at__lte=NOW).count() == 1  # the other's
    damaged = client.get("/notices/?after=x")  # begins at the top
    assert damaged.context["notices"] == first.context["notices"]


def test_a_stranger_cannot_page_through_anothers_inbox(client):
    queue(factories.user("赵一"), title="别人的活动")
    theirs = Notice.objects.get()
    later = NEWEST_FIRST.cursor([NOW + timedelta(days=1), theirs.pk])
    client.force_login(factories.user())
    assert client.get(f"/notices/?after={later}").context["notices"] == []
    client.force_login(theirs.recipient)
    assert client.get(f"/notices/?after={later}").context["notices"] == [theirs]


def test_the_local_outbox_page_exists_in_development_only(client, settings):
    assert client.get("/outbox/").status_code == 404
    settings.PORTAL_ENV = "development"
    assert client.get("/outbox/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_rush_nudges_the_worker_once_a_second(monkeypatch):
    monkeypatch.setattr(operations, "_nudged", {})
    monkeypatch.setattr(operations, "NUDGE_SECONDS", 60)  # a second may be over on a busy machine
    broker = redis.Redis.from_url(settings.REDIS_URL)
    broker.delete("celery")
    for n in range(5):
        queue(factories.user(), obj=str(n))
    assert broker.llen("celery") == 1
    operations._nudged["at"] -= 60
    queue(factories.user(), obj="5")
    assert broker.llen("celery") == 2
    broker.delete("celery")
