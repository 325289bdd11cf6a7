"""What a run leaves behind: nobody is told twice and nobody forgotten, wherever its worker dies.

The gateway's own log, the files of the local outbox, is what is counted.
"""

import contextlib
import json
import os
import subprocess
import sys
from collections import Counter
from datetime import timedelta

import psycopg2
import pytest
from allauth.account.models import EmailAddress
from django.db import connection

from kernel import gateways
from notices import operations, runs, sending
from notices.models import Delivery, Notice, Run
from tests import factories, forks
from tests.factories import NOW
from tests.notices.test_sending import at, queue

LATER = NOW + runs.LOST_AFTER + timedelta(seconds=1)
MANY = 6  # deliveries of a run
LOGIN = {"dbname", "user", "password", "host", "port"}


@pytest.fixture
def folder(settings, tmp_path):
    """Return where the gateway's log is written."""
    settings.OUTBOX_DIR = tmp_path / "outbox"
    settings.OUTBOX_DIR.mkdir()
    return settings.OUTBOX_DIR


def told(folder):
    """Return how often each number was written to, as the gateway's log has it."""
    return Counter(json.loads(path.read_text())["to"] for path in folder.glob("*.json"))


def states():
    """Return how many deliveries are in which state."""
    return Counter(Delivery.objects.values_list("state", flat=True))


def start(folder, *, url="", **order):
    """Start a worker that waits for a word on its input; at another database (`url`) one that loads the portal itself."""
    order = {"folder": str(folder), "now": NOW.isoformat(), **order}
    if not url:
        return forks.start("tests.notices.worker", order)
    return subprocess.Popen(
        [sys.executable, "-m", "tests.notices.worker", json.dumps(order)],
        env=os.environ | {"DATABASE_URL": url},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def go(*workers):
    """Let the workers begin together."""
    for worker in workers:
        assert worker.stdout.readline() == "ready\n"
    for worker in workers:
        worker.stdin.write("go\n")
        worker.stdin.flush()


def end(worker):
    """Wait for its end; returns (its exit code, what it printed)."""
    try:
        printed, _ = worker.communicate(timeout=60)
    except (subprocess.TimeoutExpired, TimeoutError):
        worker.kill()  # or its open pipes are found, and blamed on, whatever test runs next
        worker.communicate()
        raise
    return worker.returncode, printed.split()


def queue_one():
    """Queue a message to somebody new; returns her number."""
    person = factories.user()
    queue(person)
    return person.phone


# --- two at once -------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("broken", "doubles"), [("", False), ("claim", True)])
def test_two_workers_send_each_delivery_once(folder, broken, doubles):
    """With the lock on the claim left out the same run tells people twice: the control."""
    for _ in range(60):
        queue(factories.user())
    workers = [start(folder, slow=0.005, broken=broken, limit=20 * 60) for _ in range(2)]
    go(*workers)
    sent = sum(int(end(worker)[1][0]) for worker in workers)
    assert (sent > 60, max(told(folder).values()) > 1) == (doubles, doubles)
    if not doubles:
        assert (sent, len(told(folder)), states()) == (60, 60, {"sent": 60})


@pytest.mark.django_db(transaction=True)
def test_a_row_that_another_worker_is_claiming_is_passed_over(folder):
    first, second = queue(factories.user(), "1"), queue(factories.user(), "2")
    login = {k: v for k, v in connection.get_connection_params().items() if k in LOGIN}
    with contextlib.closing(psycopg2.connect(**login)) as other, other.cursor() as cursor:
        cursor.execute("SELECT FROM notices_delivery WHERE notice_id = %s FOR UPDATE", [first.pk])
        assert sending.send_due(clock=at(NOW)) == 1
        other.rollback()
    assert Delivery.objects.get(notice=second).state == "sent"
    assert sending.send_due(clock=at(NOW)) == 1


# --- a worker that dies ------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("die", "left", "sure", "unsure"),
    [
        (("claim", 1, "after"), 0, 0, 1),
        (("send", 1, "before"), 0, 0, 1),
        (("send", 1, "after"), 1, 0, 1),
        (("send", 3, "after"), 3, 2, 1),
        (("move", 3, "after"), 3, 3, 1),
        (("send", MANY, "after"), MANY, MANY - 1, 1),
        (("finish", 1, "before"), MANY, MANY, 0),
        (("settle", 1, "after"), MANY, MANY, 0),
        (("finish", 1, "after"), MANY, MANY, 0),
    ],
)
def test_a_worker_killed_in_the_middle_tells_nobody_twice(folder, die, left, sure, unsure):
    people = [queue_one() for _ in range(MANY)]
    worker = start(folder, die=die)
    go(worker)
    assert end(worker) == (-9, [])
    assert told(folder) == Counter(people[:left])
    assert runs.settle_lost(now=NOW + runs.LOST_AFTER) == 0  # it may still be alive
    assert sending.send_due(clock=at(NOW)) == 0
    assert runs.settle_lost(now=LATER) == unsure
    assert sending.send_due(clock=at(LATER)) == MANY - sure - unsure
    never = people[sure : sure + unsure] if sure == left else []
    assert told(folder) == Counter(set(people) - set(never))
    assert states() == Counter(sent=MANY - unsure) + Counter(unsure=unsure)
    assert (Run.objects.count(), runs.settle_lost(now=LATER)) == (0, 0)
    assert set(Delivery.objects.values_list("attempts", flat=True)) == {1}


@pytest.mark.django_db(transaction=True)
def test_a_control_without_the_number_the_same_death_tells_people_twice(folder):
    for number in range(MANY):
        queue(factories.user(), str(number))
    worker = start(folder, die=("send", 4, "after"), broken="number")
    go(worker)
    assert end(worker)[0] == -9
    assert runs.settle_lost(now=LATER) == 1
    sending.send_due(clock=at(LATER))
    assert sorted(told(folder).values()) == [1, 1, 1, 2, 2, 2]


@pytest.mark.django_db(transaction=True)
def test_what_was_refused_before_the_worker_died_is_not_called_sent(folder):
    for number, phone in enumerate(["14000000001", None, "14000000003", "14000000004"]):
        queue(factories.user(phone=phone), str(number))
    Delivery.objects.update(channel="sms")
    worker = start(folder, die=("send", 3, "before"))
    go(worker)
    assert end(worker)[0] == -9
    assert runs.settle_lost(now=LATER) == 1
    assert list(Delivery.objects.order_by("pk").values_list("state", "error_code")) == [
        ("sent", ""),
        ("failed", "no_phone"),
        ("sent", ""),
        ("unsure", "worker_lost"),
    ]


# --- a worker thought dead ---------------------------------------------------------------------


class Slow:
    """A gateway that holds the second message so long that its run is settled and sent by another worker."""

    held = 0

    def send(self, phone, text, *, kind, params):
        gateways.LocalSms().send(phone, text)
        Slow.held += 1
        if Slow.held == 2:
            assert runs.settle_lost(now=LATER) == 1
            sending.send_due(clock=at(LATER))


def heedless(move):
    """Return a `move` that does not stop a worker whose run is gone."""

    def go_on(run, place, now):
        with contextlib.suppress(runs.RunLostError):
            move(run, place, now)

    return go_on


@pytest.mark.django_db
@pytest.mark.parametrize("heeds", [True, False])
def test_a_worker_thought_dead_stops_after_the_message_it_held(
    settings, folder, monkeypatch, heeds
):
    """Going on although the run is gone would tell the others twice: the control."""
    settings.SMS_GATEWAY = "tests.notices.test_runs.Slow"
    monkeypatch.setattr(Slow, "held", 0)
    if not heeds:
        monkeypatch.setattr(runs.Claimed, "move", heedless(runs.Claimed.move))
    for number in range(MANY):
        queue(factories.user(), str(number))
    assert sending.send_due(clock=at(NOW)) == (2 if heeds else MANY)
    assert sorted(told(folder).values()) == ([1] * MANY if heeds else [1, 1, 2, 2, 2, 2])
    if heeds:
        assert states() == {"sent": MANY - 1, "unsure": 1}


class Doubted:
    """A gateway so slow that staff meanwhile send again what became unsure."""

    def send(self, phone, text, *, kind, params):
        runs.settle_lost(now=LATER)
        administrator = factories.staff("administrator")
        operations.send_again(delivery=Delivery.objects.get(), by=administrator, now=LATER)


@pytest.mark.django_db
def test_a_late_finish_leaves_alone_what_is_not_its_run_any_more(settings):
    settings.SMS_GATEWAY = "tests.notices.test_runs.Doubted"
    queue(factories.user())
    sending.send_due(clock=at(NOW), limit=1)
    assert list(Delivery.objects.values_list("state", "due_at")) == [("pending", LATER)]


# --- order, time, what is asked ----------------------------------------------------------------


@pytest.mark.django_db
def test_messages_leave_in_the_order_they_are_due(folder, settings):
    people = [factories.user() for _ in range(4)]
    for person, minutes in zip(people, (3, 1, 2, 0), strict=True):
        queue(person, due_at=NOW - timedelta(minutes=minutes))
    assert sending.send_due(clock=at(NOW)) == 4
    log = [json.loads(path.read_text())["to"] for path in sorted(folder.glob("*.json"))]
    assert log == [people[n].phone for n in (0, 2, 1, 3)]


@pytest.mark.django_db
def test_a_run_ends_in_time_and_each_claim_is_made_at_its_own_moment(folder):
    """What is asked at the beginning gets no older than that; the rest goes back and is asked anew."""
    for number in range(4):
        queue(factories.user(), str(number))
    moments = iter(NOW + timedelta(seconds=2 * number) for number in range(60))
    assert sending.send_due(clock=lambda: next(moments)) == 4
    rows = Delivery.objects.order_by("claimed_at", "pk").values_list("claimed_at", "sent_at")
    assert [tuple((moment - NOW).seconds for moment in row) for row in rows] == [
        (0, 4),  # sent at the end of a run, which two messages of two seconds make
        (0, 4),
        (6, 10),
        (6, 10),
    ]
    assert set(Delivery.objects.values_list("attempts", flat=True)) == {1}


class Withdrawing:
    """A slow gateway; with the first message everybody withdraws her consent."""

    def send(self, phone, text, *, kind, params):
        gateways.LocalSms().send(phone, text)
        if not Withdrawing.done:
            Withdrawing.done = True
            for person in factories.User.objects.all():
                factories.consent(person, "messages", granted=False)


@pytest.mark.django_db
def test_consent_withdrawn_in_the_middle_counts_from_the_next_run_on(settings, folder, monkeypatch):
    settings.SMS_GATEWAY = "tests.notices.test_runs.Withdrawing"
    monkeypatch.setattr(Withdrawing, "done", False, raising=False)
    words = {"title": "沙龙", "when": NOW, "venue": "A座"}
    for _ in range(4):
        person = factories.user()
        factories.consent(person, "messages")
        letter = operations.Letter("events.reminder_day", person, "1", words)
        operations.queue_all([letter], at=NOW)
    moments = iter(NOW + timedelta(seconds=2 * number) for number in range(60))
    assert sending.send_due(clock=lambda: next(moments)) == 2
    assert states() == {"sent": 2, "dropped": 2}


def queue_of_every_sort(count):
    """Queue reminders to `count` women: by SMS and by mail, with and without consent, some withdrawn."""
    words = {"title": "沙龙", "when": NOW, "venue": "A座"}
    for number in range(count):
        by_mail = number % 2
        person = factories.user(phone_verified=not by_mail)
        EmailAddress.objects.create(
            user=person, email=f"w{person.pk}@example.cn", verified=True, primary=True
        )
        factories.consent(person, "messages")
        letter = operations.Letter("events.reminder_day", person, "1", words)
        (notice,) = operations.queue_all([letter], at=NOW)
        if number % 4 > 1:
            factories.consent(person, "messages", granted=False)
        if number % 8 == 7:
            Notice.objects.filter(pk=notice.pk).update(withdrawn_at=NOW)


@pytest.mark.django_db
def test_a_run_asks_and_records_in_so_many_statements_and_moves_one_number_for_each(
    settings, folder, django_assert_num_queries
):
    settings.EMAIL_BACKEND = "kernel.gateways.LocalMail"
    queue_of_every_sort(8)
    # Claims and the claim that finds nothing; rows, consents, ways, mail addresses; two reasons to drop;
    # four numbers; at the end savepoint twice, the run, those sent, those that go back.
    with django_assert_num_queries(2 + 4 + 2 + 4 + 5):
        assert sending.send_due(clock=at(NOW)) == 4
    queue_of_every_sort(32)
    with django_assert_num_queries(2 + 4 + 2 + 16 + 5):
        assert sending.send_due(clock=at(NOW)) == 16


@pytest.mark.django_db
def test_a_kind_nobody_declares_any_more_fails_alone(folder):
    for number in range(3):
        queue(factories.user(), str(number))
    Notice.objects.filter(object_key="1").update(kind="events.gone")
    assert sending.send_due(clock=at(NOW)) == 2
    assert list(Delivery.objects.order_by("pk").values_list("state", "error_code")) == [
        ("sent", ""),
        ("failed", "unknown_kind"),
        ("sent", ""),
    ]
