"""Her stories and talks when she is erased, when two records become one, when she leaves, when all is old."""

from datetime import timedelta

import pytest
from dateutil.relativedelta import relativedelta
from django.apps import apps

from privacy import consents, retention
from privacy.models import Consent
from role_models import operations, tasks
from role_models.models import (
    Story,
    StoryVersion,
    TalkInvitation,
    TalkOffer,
    TalkRequest,
)
from talents import operations as talents
from talents.doubles.models import Merge
from talents.erasure import operations as erasure
from tests import everything, factories
from tests.api.conftest import make_partner
from tests.role_models import make

pytestmark = pytest.mark.django_db
NOW = factories.NOW
NAME, TITLE, SENTENCE, ALT = "沈听澜", "听涛的人", "光不等人", "调焦的背影"
HOW = "微信 tinglan-test"
SECOND = timedelta(seconds=1)
HERS = ("Story", "StoryVersion", "StoryPhoto", "StoryPhotoPiece", "StoryReads", "StorySharePicture")
TALKS = ("TalkOffer", "TalkInvitation")


@pytest.fixture(autouse=True)
def one_factor(settings):
    settings.STAFF_SECOND_FACTOR = False


def counts(models=HERS):
    """Return how many rows there are of each of the app's models."""
    return [apps.get_model("role_models", name).objects.count() for name in models]


class Told:
    """A story everybody reads, with everything that hangs on it and every place that leads to it."""

    def __init__(self, editor=None):
        self.her = factories.talent(full_name=NAME)
        words = {"title": TITLE, "body": f"{make.BODY}她说，{SENTENCE}。", "shown_name": NAME}
        self.event = factories.event(starts_at=NOW + timedelta(days=3, hours=4))
        session = self.event.sessions.create(
            title="主旨报告", starts_at=self.event.starts_at, ends_at=self.event.ends_at
        )
        session.speakers.create(talent=self.her)
        self.story, self.photo = make.illustrated(talent=self.her, **words)
        operations.count_reader(story=self.story, now=NOW)
        tasks.draw_share_pictures()
        self.story = Story.objects.select_related("share_picture").get(pk=self.story.pk)
        self.page = self.story.get_absolute_url()
        mark = self.story.share_picture.mark
        self.addresses = (self.page, f"{self.page}share-{mark}.jpg", self.photo.small)
        self.partner = make_partner(scopes=["talks:read"])
        self.talk = make.accepted_talk(self.her, contact=HOW, unit=self.partner.unit)

    def places(self, client):
        """Return what strangers and the unit's program find of her."""
        listed = client.get("/stories/").content.decode()
        event = client.get(self.event.get_absolute_url()).content.decode()
        asked = self.partner.get(f"/talk-requests/{self.talk.code}/").json()
        return {
            "addresses": [client.get(address).status_code for address in self.addresses],
            "list": TITLE in listed,
            "sitemap": self.story.code in client.get("/sitemap.xml").content.decode(),
            "event": self.page in event,
            "unit": (asked["progress"], asked["speaker"], asked["speaker_contact"]),
        }


EVERYWHERE = {
    "addresses": [200, 200, 200],
    "list": True,
    "sitemap": True,
    "event": True,
    "unit": ("accepted", NAME, HOW),
}
NOWHERE = {
    "addresses": [404, 404, 404],
    "list": False,
    "sitemap": False,
    "event": False,
    "unit": ("received", "", ""),
}


def test_once_she_is_erased_nothing_of_her_story_is_left_anywhere(client):
    told, editor = Told(), make.writer()
    operations.edit_story(story=told.story, changes={"lead": "编辑写的"}, by=editor, now=NOW)
    marks = [NAME, TITLE, SENTENCE, ALT, HOW]
    make.photo(told.story, size=(50, 40), alt=ALT)
    assert everything.places_with(marks).keys() == set(marks)  # the control
    assert (told.places(client), counts()) == (EVERYWHERE, [1, 2, 2, 6, 1, 1])
    her = told.her.user
    erasure.ask_erasure(user=her, by=her, now=NOW)
    assert erasure.erase_due(now=NOW + erasure.COOLING) == 1
    assert (counts(), counts(TALKS)) == ([0] * len(HERS), [0, 0])
    assert everything.places_with(marks) == {}
    assert told.places(client) == NOWHERE


def test_the_contact_of_a_unit_is_forgotten_and_the_request_stays_the_units():
    contact = make.contact()
    talk = make.talk(by=contact, contact_name=NAME)
    TalkRequest.objects.update(digest="0" * 64)
    contact.groups.clear()  # the role goes first
    erasure.ask_erasure(user=contact, by=contact, now=NOW)
    erasure.erase_due(now=NOW + erasure.COOLING)
    talk.refresh_from_db()
    assert (talk.state, talk.contact_name, talk.contact_phone, talk.asked_by, talk.digest) == (
        "received",
        None,
        None,
        None,
        "",
    )


def test_who_leaves_the_database_is_taken_off_and_allows_it_again_herself(client):
    told = Told()
    her = told.her.user
    given = {"user": her, "purpose": "talent_database", "by": her, "now": NOW}
    consents.grant(**given)
    consents.withdraw(**given)
    assert told.places(client) == NOWHERE
    assert (counts()[0], TalkOffer.objects.count()) == (1, 0)
    consents.grant(**given)
    assert told.places(client) == NOWHERE  # coming back is no consent to the story
    operations.allow_again(story=told.story, by=her, now=NOW)
    tasks.draw_share_pictures()
    again = {"unit": ("received", "", ""), "event": False}  # she does not speak there any more
    assert told.places(client) == EVERYWHERE | again


def test_a_planned_talk_whose_speaker_is_erased_is_arranged_with_somebody_else():
    talk, organiser = make.accepted_talk(), factories.staff("event_organiser")
    TalkRequest.objects.filter(pk=talk.pk).update(state="planned", event=factories.event())
    TalkInvitation.objects.all().delete()
    talk = operations.unplan_talk(request=talk, by=organiser, now=NOW)
    assert talk.state == "received"


# --- two records become one ------------------------------------------------------------------------
def test_two_records_become_one_with_story_and_talks_and_two_again(client):
    told, keep = Told(), factories.talent(full_name=NAME, user=None, source="import")
    lose, clerk = told.her, factories.staff("department_clerk")
    merged = talents.merge_records(
        keep=keep, lose=lose, reason="电话核实是同一人", by=clerk, now=NOW
    )
    rows = (Story, TalkOffer, TalkInvitation)

    def whose():
        return [model.objects.get().talent_id for model in rows]

    assert (whose(), told.places(client)) == ([keep.pk] * 3, EVERYWHERE)
    her = told.her.user
    client.force_login(her)
    assert TITLE in client.get(f"/stories/mine/{told.story.code}/").content.decode()
    client.logout()
    undo = {"merge": Merge.objects.get(pk=merged.pk), "reason": "经核对不是同一人"}
    talents.undo_merge(by=None, now=NOW, **undo)
    assert (whose(), told.places(client)) == ([lose.pk] * 3, EVERYWHERE)


def test_what_both_have_stays_once_each():
    keep, lose = (factories.talent(full_name=NAME, user=None) for _both in range(2))
    talk = make.talk()
    for one in (keep, lose):
        TalkOffer.objects.create(talent=one, topics="芯片", changed_at=NOW)
        row = TalkInvitation.objects.create(
            request=talk, talent=one, asked_at=NOW, answer_by=NOW, state="declined"
        )
    clerk = factories.staff("department_clerk")
    talents.merge_records(keep=keep, lose=lose, reason="电话核实是同一人", by=clerk, now=NOW)
    assert sorted(TalkOffer.objects.values_list("talent", flat=True)) == [keep.pk, lose.pk]
    assert TalkInvitation.objects.get(pk=row.pk).talent_id == lose.pk


# --- kept as long as it may be ----------------------------------------------------------------------
def gone(rule, after):
    """Return what a rule of this app deletes once a time is over, and a second later."""

    def done(now):
        return {run.rule: run.done for run in retention.apply(now=now)}.get(rule)

    return done(NOW + after), done(NOW + after + SECOND)


def test_a_withdrawn_story_goes_after_a_year_with_all_that_hangs_on_it():
    told = Told()
    operations.withdraw_story(story=told.story, by=told.her.user, now=NOW)
    assert gone("role_models.withdrawn", relativedelta(years=1)) == (None, 1)
    assert counts() == [0] * len(HERS)
    assert TalkInvitation.objects.count() == 1  # what she was asked for is no part of it
    newest = Consent.objects.filter(purpose="role_model_story").order_by("-pk").first()
    assert newest.granted is False  # that she agreed, and withdrew, is kept as all consents are


def test_a_draft_nobody_wrote_in_goes_after_a_year_and_what_was_published_stays():
    make.photo(make.story())
    make.published()
    assert gone("role_models.drafts", relativedelta(years=1)) == (None, 1)
    assert counts(("Story", "StoryPhoto")) == [1, 0]


def test_old_versions_go_after_three_years_and_the_one_that_is_read_stays():
    story = make.published()
    operations.edit_story(story=story, changes={"title": "光与芯片"}, by=None, now=NOW)
    operations.ask_her(story=story, by=None, now=NOW)
    version = make.version(story, "asked")
    operations.agree(version=version, photos=(), by=story.talent.user, now=NOW)
    operations.publish_story(story=story, by=make.reviewer(), now=NOW)
    assert gone("role_models.versions", relativedelta(years=3)) == (None, 1)
    assert StoryVersion.objects.get() == version


def test_how_to_reach_people_goes_with_the_talk():
    contact = make.contact()
    talk = make.accepted_talk(by=contact, contact=HOW, key="k-1")
    over = talk.last_day - NOW.date() + timedelta(days=7)
    assert gone("role_models.contacts", over) == (None, None)
    assert gone("role_models.contacts", over + timedelta(days=1)) == (1, None)
    assert TalkInvitation.objects.get().contact is None
    operations.withdraw_request(request=talk, by=contact, now=NOW)
    assert gone("role_models.unit_contacts", relativedelta(years=1)) == (None, 1)
    talk.refresh_from_db()
    assert (talk.contact_name, talk.contact_phone, talk.digest) == (None, None, "")
