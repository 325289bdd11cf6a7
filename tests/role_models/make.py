"""Stories and requests as the tests need them."""

from datetime import timedelta

from django.contrib.auth.models import Group
from django.utils import timezone

from privacy.models import Consent
from role_models import operations, seen, share_pictures
from role_models.models import Story, StoryPhoto, StorySharePicture, VersionState
from tests import factories
from tests.kernel.test_pictures import photo as picture

BODY = "她在实验室里度过了二十年。" * 6
WORDS = {
    "title": "把光刻在芯片上",
    "lead": "她带着六个人的小组，把一条产线的良率提了三成。",
    "body": BODY,
    "shown_post": "两江半导体研究院 高级工程师",
}


def writer():
    """Return a clerk who writes."""
    return factories.staff("department_clerk", full_name="陈编辑")


def reviewer():
    """Return the second pair of eyes."""
    return factories.staff("department_reviewer", full_name="赵审核")


def story(talent=None, now=factories.NOW, **values):
    """Return a draft."""
    return operations.begin_story(
        talent=talent or factories.talent(full_name="周雨桐"),
        values=WORDS | {"kind": "scientist"} | values,
        by=None,
        now=now,
    )


def version(story, state):
    """Return the version of a story in a state."""
    return story.versions.get(state=state)


def asked(**fields):
    """Return a story she was asked about."""
    begun = story(**fields)
    operations.ask_her(story=begun, by=None, now=factories.NOW)
    return begun


def agreed(photos=(), **fields):
    """Return a story she has agreed to."""
    begun = asked(**fields)
    operations.agree(
        version=version(begun, VersionState.ASKED),
        photos=photos,
        by=begun.talent.user,
        now=fields.get("now", factories.NOW),
    )
    return begun


def answer(story, **more):
    """Return what the form of her page sends about the version she was asked about, with `more`."""
    asked = version(story, VersionState.ASKED)
    return {"version": asked.pk, "seen_photos": seen.photos(story)} | more


def published(by=None, **fields):
    """Return a story everybody may read."""
    begun = agreed(**fields)
    operations.publish_story(story=begun, by=by or reviewer(), now=fields.get("now", factories.NOW))
    begun.refresh_from_db()
    return begun


def photo(story, by=None, size=(60, 40), alt="她在显微镜前调焦"):
    """Return a photo nobody has agreed to."""
    return operations.add_photo(
        story=story,
        sent=("她.jpg", picture(size)),
        alt=alt,
        others_agree=True,
        by=by,
        now=factories.NOW,
    )


def pictured(story, content=b"jpeg", now=factories.NOW):
    """Give a shown story its share picture, as if the worker had drawn it; returns the story as it stands."""
    story = Story.objects.get(pk=story.pk)
    drawn = {"mark": share_pictures.mark(story), "content": content, "drawn_at": now}
    StorySharePicture.objects.update_or_create(story=story, defaults=drawn)
    return story


def illustrated(by=None, **fields):
    """Return (a story everybody may read, its photo she agreed to, that a second person approved with it)."""
    begun = story(**fields)
    added = photo(begun, size=(90, 60))
    operations.ask_her(story=begun, by=None, now=factories.NOW)
    operations.agree(
        version=version(begun, VersionState.ASKED),
        photos=[added.pk],
        by=begun.talent.user,
        now=factories.NOW,
    )
    operations.publish_story(story=begun, by=by or reviewer(), now=factories.NOW)
    return Story.objects.get(pk=begun.pk), StoryPhoto.objects.get(pk=added.pk)


# --- talks ----------------------------------------------------------------------------------------
def wish(now=factories.NOW, **values):
    """Return what a unit asks for, as its form says it."""
    today = timezone.localdate(now)
    start = {
        "topic": "女生怎样选专业",
        "audience": "高一学生",
        "people": 200,
        "first_day": today + timedelta(days=7),
        "last_day": today + timedelta(days=21),
        "online": False,
        "place": "学校礼堂",
        "story": None,
        "contact_name": "林老师",
        "contact_phone": "023-0000-0001",
    }
    return start | values


def contact(unit=None):
    """Return a unit's contact."""
    person = factories.user("冯联系", unit=unit or factories.unit())
    person.groups.set(Group.objects.filter(name="unit_contact"))
    return person


def talk(unit=None, by=None, now=factories.NOW, **values):
    """Return a request nobody was asked for."""
    unit = unit or (by.unit if by else factories.unit())
    return operations.request_talk(unit=unit, values=wish(now, **values), by=by, now=now)


def willing(talent=None, now=factories.NOW, **fields):
    """Return a woman who is willing to give talks."""
    talent = talent or factories.talent(full_name="苏晴")
    if talent.user and not Consent.objects.granted_by(talent.user, "talent_database"):
        factories.consent(talent.user, "talent_database")
    said = {"topics": "芯片是怎样做出来的", "on_site": True, "online": False} | fields
    operations.offer_talks(talent=talent, by=None, now=now, **said)
    return talent


def asked_talk(talent=None, now=factories.NOW, **fields):
    """Return a request a woman was asked for."""
    request = talk(now=now, **fields)
    operations.invite_speaker(request=request, talent=willing(talent, now), by=None, now=now)
    request.refresh_from_db()
    return request


def accepted_talk(talent=None, now=factories.NOW, contact="", **fields):
    """Return a request with a speaker."""
    request = asked_talk(talent, now, **fields)
    operations.accept_talk(invitation=request.invitations.get(), contact=contact, by=None, now=now)
    request.refresh_from_db()
    return request
