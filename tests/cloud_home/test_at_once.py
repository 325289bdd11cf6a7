"""Sixteen women answer one topic at the same moment: sixteen places, none lost, the count exact.

Two runs: the portal as it is, and without the topic's lock, where the constraint refuses whoever took a place that is
taken. The second shows that the first could fail. A third lets an author edit while staff hide. Staff who decide one
report, or warn for one post, at the same moment: one decides, the others read that it is decided; without the locks
several decide.
"""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from cloud_home.models import Hiding, Post, PostVersion, Report, Sanction, Topic
from notices.models import Notice
from tests.cloud_home import make

WRITERS = 16
GROUP = """
import contextlib, multiprocessing, os, sys, threading, django
django.setup()
from datetime import datetime, timezone
from django.db import IntegrityError, connection
from django.urls import reverse
import notices.tasks
from accounts.models import User
from cloud_home import operations
from cloud_home.models import Hiding, Post, Report, Sanction, Topic
from cloud_home.operations import moderation, posts
from kernel.errors import DomainError

reverse("cloud_home")
what = sys.argv[1]
topic_id, locked, hider, *writers = [int(n) for n in sys.argv[2:]]
# Without the locks all have read before any of them writes.
have_read = multiprocessing.get_context("fork").Barrier(len(writers))
def all_have_read():
    with contextlib.suppress(threading.BrokenBarrierError):
        have_read.wait(5)

if not locked:
    def unlocked(topic):
        topic = Topic.objects.select_related("circle__event", "circle__department").get(pk=topic.pk)
        all_have_read()
        return topic
    posts.lock_topic = unlocked
    moderation.lock_account = lambda pk: None
    def loose(hiding):
        hiding = Hiding.objects.select_related("post__topic__circle", "post__author").get(pk=hiding.pk)
        all_have_read()
        return hiding
    moderation._locked_hiding = loose
    # Past the last question of its rule too, so that it is no matter of chance who asks before another has written.
    create = Sanction.objects.create
    def late(**values):
        all_have_read()
        return create(**values)
    Sanction.objects.create = late
    decide = moderation._decide
    def late_decision(report, **values):
        all_have_read()
        return decide(report, **values)
    moderation._decide = late_decision

def act(number, user_id):
    now = datetime.now(timezone.utc)
    topic = Topic.objects.select_related("circle").get(pk=topic_id)
    user = User.objects.get(pk=user_id)
    try:
        if what == "judge":
            report = Report.objects.select_related("post__topic__circle", "post__author").get()
            judge = operations.dismiss_report if number % 2 else operations.uphold_report
            judge(report=report, reason="one two three", by=user, now=now)
            return "judged"
        if what == "report":
            post = Post.objects.select_related("topic__circle", "author").get(topic=topic, number=2)
            report = operations.report_post(post=post, reason="false", note="", by=user, now=now)
            return f"report{report.pk}"
        if what == "appeal":
            hiding = Hiding.objects.select_related("post__topic__circle").get()
            operations.appeal(hiding=hiding, text=f"reason {number}", by=user, now=now)
            return "heard"
        if what == "warn":
            post = Post.objects.select_related("topic__circle", "author").get(topic=topic, number=2)
            operations.sanction(post=post, days=3, reason="one two three", by=user, now=now)
            return "warned"
        if not hider:
            operations.reply(topic=topic, body=f"answer {number}", by=user, now=now)
            return "written"
        post = Post.objects.select_related("topic__circle", "author").get(topic=topic, number=2)
        if user_id == hider:
            operations.hide_post(post=post, reason="one two three", by=user, now=now)
            return "hidden"
        operations.edit_post(post=post, body=f"edited {number}", by=user, now=now)
        return "edited"
    except DomainError as error:
        return error.code
    except IntegrityError as error:
        return error.__cause__.diag.constraint_name

go_read, go_write = os.pipe()
said_read, said_write = os.pipe()
for number, user_id in enumerate(writers):
    if os.fork() == 0:
        os.close(go_write)
        connection.ensure_connection()
        os.write(said_write, b"ready\\n")
        os.read(go_read, 1)
        os.write(said_write, (act(number, user_id) + "\\n").encode())
        os._exit(0)
os.close(said_write)
lines = os.fdopen(said_read)
for _ in writers:
    assert next(lines) == "ready\\n"
os.close(go_write)
print("".join(lines), end="")
"""


def at_once(topic, people, *, what="write", locked=True, hider=0):
    """Let everybody act at the same moment; returns their answers, sorted."""
    url = settings.DATABASE_URL.rsplit("/", 1)[0] + "/" + connection.settings_dict["NAME"]
    numbers = [topic.pk, int(locked), hider, *(person.pk for person in people)]
    run = subprocess.run(
        [sys.executable, "-c", GROUP, what, *map(str, numbers)],
        env=os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "liangjiang.settings"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return sorted(run.stdout.split())


@pytest.mark.django_db(transaction=True)
def test_every_answer_takes_a_place_and_is_counted():
    topic = make.topic()
    people = [make.member(topic.circle) for _ in range(WRITERS)]
    assert at_once(topic, people) == ["written"] * WRITERS
    topic.refresh_from_db()
    places = Post.objects.order_by("number").values_list("number", flat=True)
    assert (list(places), topic.replies) == (list(range(1, WRITERS + 2)), WRITERS)


@pytest.mark.django_db(transaction=True)
def test_a_control_without_the_lock_places_are_taken_twice():
    topic = make.topic()
    people = [make.member(topic.circle) for _ in range(WRITERS)]
    answers = at_once(topic, people, locked=False)
    assert answers.count("post_place_once") > 0
    assert Topic.objects.get().posts == Post.objects.count()


@pytest.mark.django_db(transaction=True)
def test_one_person_cannot_write_past_the_limit_with_many_windows():
    topic = make.topic()
    her = make.member(topic.circle)
    answers = at_once(topic, [her] * WRITERS)
    assert (answers.count("written"), answers.count("too_often")) == (6, 10)


@pytest.mark.django_db(transaction=True)
def test_what_is_hidden_stays_as_it_was_hidden():
    post = make.post(now=timezone.now())
    clerk = make.moderator()
    answers = at_once(post.topic, [post.author] * 7 + [clerk], hider=clerk.pk)
    # "hidden" is what the clerk did, and why whoever came after her is refused.
    assert (Hiding.objects.count(), answers.count("hidden") >= 1) == (1, True)
    assert answers.count("edited") == PostVersion.objects.count()
    post.refresh_from_db()
    assert (post.hidden_at is not None, post.body != "") == (True, True)
    assert set(answers) <= {"hidden", "edited"}


STAFF = 6


def judged(locked):
    """Let some of the staff decide one report at the same moment; returns their answers."""
    report = make.report(make.post(now=timezone.now()))
    staff = [make.moderator() for _ in range(STAFF)]
    return at_once(report.post.topic, staff, what="judge", locked=locked)


def outcomes():
    """Return how often whoever reported was told."""
    return Notice.objects.filter(kind__startswith="cloud_home.report_").count()


@pytest.mark.django_db(transaction=True)
def test_a_report_is_decided_once_and_the_second_reads_so():
    assert judged(locked=True) == ["decided"] * (STAFF - 1) + ["judged"]
    assert outcomes() == 1


@pytest.mark.django_db(transaction=True)
def test_a_control_without_the_lock_a_report_is_decided_twice():
    assert judged(locked=False).count("judged") > 1


def warned(locked):
    """Let some of the staff suspend the author of one post at the same moment; returns their answers."""
    post = make.post(now=timezone.now())
    staff = [make.moderator() for _ in range(STAFF)]
    return at_once(post.topic, staff, what="warn", locked=locked)


@pytest.mark.django_db(transaction=True)
def test_for_one_post_she_is_suspended_once():
    assert warned(locked=True) == ["sanctioned"] * (STAFF - 1) + ["warned"]
    assert Sanction.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_control_without_the_lock_the_constraint_alone_is_left():
    answers = warned(locked=False)
    assert answers.count("sanction_standing_once") > 0
    assert Sanction.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_she_reports_with_many_windows_and_it_is_one_report():
    post = make.post(now=timezone.now())
    her = make.member(post.topic.circle)
    answers = at_once(post.topic, [her] * STAFF, what="report")
    assert answers == [f"report{Report.objects.get().pk}"] * STAFF


def heard(locked):
    """Let the author of a hidden post appeal with many windows; returns what the windows say."""
    hiding = make.hidden(make.post(now=timezone.now()))
    author = hiding.post.author
    return at_once(hiding.post.topic, [author] * STAFF, what="appeal", locked=locked)


@pytest.mark.django_db(transaction=True)
def test_she_appeals_once_with_many_windows():
    assert heard(locked=True) == ["appealed"] * (STAFF - 1) + ["heard"]


@pytest.mark.django_db(transaction=True)
def test_a_control_without_the_lock_a_later_appeal_takes_the_place_of_an_earlier():
    assert heard(locked=False).count("heard") > 1
