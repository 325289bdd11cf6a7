"""One call of every operation, for tests/test_rights.py."""

from datetime import timedelta

from role_models import operations
from role_models.models import VersionState
from tests import factories
from tests.kernel.test_pictures import photo as picture
from tests.rights import call
from tests.role_models import make

REASON = "内容需要核实"


def _version():
    return {"version": make.version(make.asked(), VersionState.ASKED)}


def _of_version(given):
    return given["version"].story.talent.user


def _of_story(given):
    return given["story"].talent.user


def _reviewer(given):
    return make.reviewer()


def _hidden():
    return operations.hide_story(story=make.published(), reason=REASON, by=None, now=factories.NOW)


def _corrected():
    """Return a story whose second version is published."""
    story = make.published()
    operations.edit_story(
        story=story, changes={"title": "把光刻在晶圆上"}, by=None, now=factories.NOW
    )
    operations.ask_her(story=story, by=None, now=factories.NOW)
    version = make.version(story, VersionState.ASKED)
    operations.agree(version=version, photos=(), by=story.talent.user, now=factories.NOW)
    return operations.publish_story(story=story, by=make.reviewer(), now=factories.NOW)


def _draft_beside():
    story = make.published()
    operations.edit_story(story=story, changes={"title": "新标题"}, by=None, now=factories.NOW)
    return story


def _agreed_photo():
    photo = make.photo(make.story())
    operations.choose_photos(story=photo.story, photos=[photo.pk], by=None, now=factories.NOW)
    return photo


def _unit(given):
    return make.contact(given["unit"])


def _of_request(given):
    return make.contact(given["request"].unit)


def _asked_woman(given):
    return given["invitation"].talent.user


def _invitation(request):
    return {"invitation": request.invitations.get()}


def _declined():
    request = make.asked_talk()
    operations.decline_talk(invitation=request.invitations.get(), by=None, now=factories.NOW)
    return request


def _refused():
    return operations.refuse_request(
        request=make.talk(), reason="近期都不方便", by=None, now=factories.NOW
    )


def event_fields(now=factories.NOW):
    """Return what staff fill in to make an event of a request."""
    return {
        "title": "女生怎样选专业",
        "kind": "talk",
        "summary": "给高一学生讲一讲",
        "starts_at": now + timedelta(days=8),
        "ends_at": now + timedelta(days=8, hours=1),
        "venue": "学校礼堂",
        "capacity": 200,
        "mode": "on_site",
    }


def _planned():
    request = make.accepted_talk()
    organiser = factories.staff("event_organiser")
    operations.plan_talk(request=request, fields=event_fields(), by=organiser, now=factories.NOW)
    request.refresh_from_db()
    return request


def _organiser_who_sees(given):
    return factories.staff("department_clerk")


def _organiser(given):
    return factories.staff("event_organiser")


CALLS = (
    call(
        operations.begin_story,
        lambda: {"talent": factories.talent(), "values": make.WORDS},
    ),
    call(operations.edit_story, lambda: {"story": make.story(), "changes": {"title": "新标题"}}),
    call(operations.ask_her, lambda: {"story": make.story()}),
    call(operations.take_back, lambda: {"story": make.asked()}),
    call(operations.discard_draft, lambda: {"story": _draft_beside()}),
    call(operations.agree, lambda: _version() | {"photos": []}, insider=_of_version),
    call(operations.wish_changes, lambda: _version() | {"wish": "改一处"}, insider=_of_version),
    call(
        operations.choose_photos,
        lambda: {"story": make.story(), "photos": []},
        insider=_of_story,
    ),
    call(operations.withdraw_story, lambda: {"story": make.published()}, insider=_of_story),
    call(operations.allow_again, lambda: {"story": make.published()}, insider=_of_story),
    call(operations.publish_story, lambda: {"story": make.agreed()}, insider=_reviewer),
    call(operations.bring_back, lambda: {"story": _corrected()}, insider=_reviewer),
    call(operations.hide_story, lambda: {"story": make.published(), "reason": REASON}),
    call(operations.show_story, lambda: {"story": _hidden()}),
    call(
        operations.add_photo,
        lambda: {
            "story": make.story(),
            "sent": ("她.jpg", picture((60, 40))),
            "alt": "她在台上",
            "others_agree": True,
        },
    ),
    call(operations.describe_photo, lambda: {"photo": make.photo(make.story()), "alt": "她在台上"}),
    call(operations.approve_photo, lambda: {"photo": _agreed_photo()}, insider=_reviewer),
    call(operations.hide_photo, lambda: {"photo": _agreed_photo()}),
    call(operations.show_photo, lambda: {"photo": _agreed_photo()}),
    call(operations.delete_photo, lambda: {"photo": make.photo(make.story())}),
    call(
        operations.offer_talks,
        lambda: {
            "talent": factories.talent(),
            "topics": "芯片",
            "on_site": True,
            "online": False,
        },
    ),
    call(operations.stop_offering, lambda: {"talent": make.willing()}),
    call(
        operations.request_talk,
        lambda: {"unit": factories.unit(), "values": make.wish()},
        insider=_unit,
        others={"another unit's contact": make.contact},
    ),
    call(
        operations.withdraw_request,
        lambda: {"request": make.talk()},
        insider=_of_request,
        others={"another unit's contact": make.contact},
    ),
    call(
        operations.invite_speaker,
        lambda: {"request": make.talk(), "talent": make.willing()},
        insider=_organiser_who_sees,
    ),
    call(operations.ask_again, lambda: {"request": _declined()}, insider=_organiser),
    call(operations.take_back_invitation, lambda: {"request": make.asked_talk()}),
    call(operations.refuse_request, lambda: {"request": make.talk(), "reason": REASON}),
    call(operations.reopen_request, lambda: {"request": _refused()}),
    call(
        operations.hand_over_request,
        lambda: {
            "request": make.talk(),
            "department": factories.department("science_innovation"),
        },
    ),
    call(
        operations.plan_talk,
        lambda: {"request": make.accepted_talk(), "fields": event_fields()},
        insider=_organiser,
    ),
    call(operations.unplan_talk, lambda: {"request": _planned()}),
    call(
        operations.accept_talk,
        lambda: _invitation(make.asked_talk()) | {"contact": ""},
        insider=_asked_woman,
    ),
    call(operations.decline_talk, lambda: _invitation(make.asked_talk()), insider=_asked_woman),
)
