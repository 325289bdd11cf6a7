"""Each page of the talent database under every rule of axe, at 360 and 1280 px, with content and empty."""

import pytest
from django.urls import reverse
from django.utils import timezone

from talents.doubles import finding
from talents.public.models import PublicPage
from tests import factories
from tests.e2e.person import DESK

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

HERS = (
    "dashboard",
    "profile",
    "profile_review",
    "profile_confirm",
    "career",
    "cv",
    "openings",
    "growth",
    "my_data",
    "my_consents",
    "public_choose",
    "privacy_notice",
)
OF_THE_LIST = ("changelist", "trends", "facets")
OF_A_RECORD = ("change", "verify", "correct", "erase", "pause", "move_away", "endorse", "unite")


def test_her_pages(person):
    talent = factories.talent(position="研究员", confirm_from=timezone.now())
    woman = person().sign_in(talent.user)
    for name in HERS:
        woman.go(reverse(name), least="minor")


def test_her_public_page(person):
    talent = factories.talent(position="研究员")
    factories.consent(talent.user, "public_page")
    shown = {"shown": ["name", "unit", "position"], "is_on": True, "changed_at": timezone.now()}
    page = PublicPage.objects.create(talent=talent, **shown)
    person().go(reverse("person", args=[page.code]), least="minor")
    woman = person().sign_in(talent.user)
    woman.go(reverse("public_preview"), least="minor")


def test_the_pages_of_a_clerk(person, settings):
    settings.STAFF_SECOND_FACTOR = False
    now, unit = timezone.now(), factories.unit("重庆礼嘉医院")
    keep = factories.talent(user=None, source="import", unit=unit, professional_title="教授")
    waiting = factories.talent(unit=unit, state="submitted", submitted_at=now)
    finding.look_again(now=now)
    clerk = person(DESK).sign_in(factories.staff("department_clerk"))
    clerk.go(reverse("admin:index"), least="minor")
    for name in OF_THE_LIST:
        clerk.go(reverse(f"admin:talents_talent_{name}"), least="minor")
    for name in OF_A_RECORD:
        clerk.go(reverse(f"admin:talents_talent_{name}", args=[waiting.pk]), least="minor")
    for model in ("pair", "claim", "proposal", "erasure"):
        clerk.go(reverse(f"admin:talents_{model}_changelist"), least="minor")
    pair = [keep.pk, waiting.pk]
    clerk.go(reverse("admin:talents_talent_merge", args=pair), least="minor")
