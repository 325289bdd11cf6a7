"""Two at once, and a process that is killed: nothing she has taken back is published, nothing is read that nobody approved."""

import signal

import pytest

from notices.models import Notice
from privacy.models import AuditEntry
from role_models import operations, seen
from role_models.models import Story, StorySharePicture
from role_models.operations import stories
from talents import operations as talents
from tests import factories
from tests.processes import python
from tests.role_models import make
from tests.waits import beside

pytestmark = pytest.mark.django_db(transaction=True)
NOW = factories.NOW


def without_lock(monkeypatch):
    """Let operations read a story without its lock: the control."""
    rows = Story.objects.select_related("talent__user", "award", "series")
    monkeypatch.setattr(stories, "locked", lambda story: rows.get(pk=story.pk))


def published_notices():
    return Notice.objects.filter(kind="role_models.published").count()


@pytest.mark.parametrize("with_lock", [True, False])
def test_what_she_withdraws_while_it_is_published_is_not_published(with_lock, monkeypatch):
    """The control publishes it all the same and tells her that everybody reads it."""
    story, reviewer = make.agreed(), make.reviewer()
    if not with_lock:
        without_lock(monkeypatch)

    def withdraw():
        operations.withdraw_story(story=story, by=story.talent.user, now=NOW)

    def publish():
        operations.publish_story(story=story, by=reviewer, now=NOW)

    code = beside(withdraw, publish)
    found = (code, story.versions.get().state, published_notices())
    assert found == (("withdrawn", "agreed", 0) if with_lock else (None, "published", 1))
    assert not Story.objects.shown().exists()  # that holds whatever the lock does


@pytest.mark.parametrize("with_lock", [True, False])
def test_words_changed_while_the_second_pair_of_eyes_approves_are_not_published_unseen(
    with_lock, monkeypatch
):
    """The control reads the draft before the change, finds what it has seen, and publishes what it has not."""
    story, reviewer, writer = make.published(), make.reviewer(), make.writer()

    def correct(word):
        lead = make.WORDS["lead"].replace("小组", word)
        operations.edit_story(
            story=story, changes={"lead": lead}, is_minor=True, by=writer, now=NOW
        )

    correct("团队")
    looked_at = seen.review(story, story.working)
    if not with_lock:
        without_lock(monkeypatch)

    def publish():
        operations.publish_story(story=story, by=reviewer, now=NOW, seen_review=looked_at)

    code = beside(lambda: correct("班组"), publish)
    lead = Story.objects.get(pk=story.pk).published.lead
    assert (code, "班组" in lead) == (("changed", False) if with_lock else (None, True))


KILLED = """
import os, signal, django
django.setup()
from datetime import datetime
from accounts.models import User
from role_models import letters, operations
from role_models.models import Story

first, second, by, now = {first}, {second}, User.objects.get(pk={by}), datetime.fromisoformat("{now}")
operations.publish_story(story=Story.objects.get(pk=first), by=by, now=now)

def die(*given):
    os.kill(os.getpid(), signal.SIGKILL)

letters.published = die  # the last thing before the commit
operations.publish_story(story=Story.objects.get(pk=second), by=by, now=now)
"""


def test_a_process_killed_while_it_publishes_leaves_nothing_half_public(client):
    """The same process has published another before: the control."""
    first, (second, photo), reviewer = make.agreed(), _agreed_with_photo(), make.reviewer()
    script = KILLED.format(first=first.pk, second=second.pk, by=reviewer.pk, now=NOW.isoformat())
    done = python(script)
    assert done.returncode == -signal.SIGKILL, done.stderr

    def found(story):
        state = story.versions.get().state
        verbs = AuditEntry.objects.filter(action="role_models.publish_story", object_id=story.pk)
        pictures = StorySharePicture.objects.filter(story=story).count()
        page = client.get(story.get_absolute_url()).status_code
        return state, verbs.count(), pictures, page

    assert found(first) == ("published", 1, 1, 200)
    assert found(second) == ("agreed", 0, 0, 404)
    assert (client.get(photo.small).status_code, published_notices()) == (404, 1)
    operations.publish_story(story=second, by=reviewer, now=NOW)
    assert found(second) == ("published", 1, 1, 200)
    assert (client.get(photo.small).status_code, published_notices()) == (200, 2)


def _agreed_with_photo():
    story = make.story()
    photo = make.photo(story)
    operations.ask_her(story=story, by=None, now=NOW)
    operations.agree(
        version=make.version(story, "asked"), photos=[photo.pk], by=story.talent.user, now=NOW
    )
    return story, photo


def test_who_is_asked_again_while_her_record_is_merged_is_not_given_back_to_the_one_that_is_lost():
    clerk, row = make.writer(), make.asked_talk().invitations.get()
    operations.decline_talk(invitation=row, by=None, now=NOW)
    keep = factories.talent(user=None, source="import")
    given = {"reason": "电话核实是同一人", "by": clerk, "now": NOW}

    def merge():
        talents.merge_records(keep=keep, lose=row.talent, **given)

    def ask_again():
        operations.ask_again(request=row.request, by=None, now=NOW)

    code = beside(merge, ask_again)
    row.refresh_from_db()
    assert (code, row.talent, row.state) == ("moved_on", keep, "declined")
