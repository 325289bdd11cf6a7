"""Stories, talks, honours and nominations in a browser: each page as its reader has it, looked at by axe at both sizes."""

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.calls import make as calls
from tests.e2e.person import DESK
from tests.honours import make as honours
from tests.role_models import make

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_pages_everybody_reads(person):
    story, _photo = make.illustrated(discipline="510")
    make.published()
    honours.award(story.talent)
    stranger = person()
    for address in (reverse("stories"), story.get_absolute_url(), reverse("honour_roll")):
        stranger.go(address, least="minor")


def test_hers_and_her_units(person):
    now, contact = timezone.now(), make.contact()
    her = factories.talent(full_name="周雨桐")
    story = make.asked(talent=her)
    make.photo(story)
    honours.award(her)
    talk = make.asked_talk(her, now=now, by=contact)
    calls.nomination(calls.call(now, sources=["third"]), her, by=factories.user("林推荐"), now=now)
    woman = person().sign_in(her.user)
    woman.go(reverse("my_story", args=[story.code]), least="minor")
    woman.go(reverse("talk_invitation", args=[talk.invitations.get().pk]), least="minor")
    for name in ("my_honours", "my_nominations"):
        woman.go(reverse(name), least="minor")
    unit = person().sign_in(contact)
    unit.go(reverse("new_talk"), least="minor")
    unit.go(talk.get_absolute_url(), least="minor")


def test_the_staffs(person, settings):
    settings.STAFF_SECOND_FACTOR = False
    story, _photo = make.illustrated()
    talk = make.talk()
    make.willing()
    both = factories.staff("department_clerk", "department_reviewer")
    clerk = person(DESK).sign_in(both)
    for name, row in (
        ("story_change", story),
        ("story_photos", story),
        ("talkrequest_invite", talk),
    ):
        clerk.go(reverse(f"admin:role_models_{name}", args=[row.pk]), least="minor")
