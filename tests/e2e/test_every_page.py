"""Each page of the talent database under every rule of axe, at 360 and 1280 px, with content and empty."""

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from talents.doubles import finding
from talents.public.models import PublicPage
from tests import factories
from tests.e2e.person import DESK, PHONE

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
    "asking",
    "my_data",
    "my_consents",
    "public_choose",
    "privacy_notice",
)
OF_THE_LIST = ("changelist", "trends", "facets")
OF_A_RECORD = ("change", "verify", "correct", "erase", "pause", "move_away", "endorse", "unite")

# Pages with figures; the style guide shows every component there is for them.
HER_FIGURES = ("style_guide", "home", "dashboard", "points")
# Puts the largest number the portal may come to into every figure, and returns those that leave their card.
FILL_FIGURES = """() => {
  const cards = [...document.querySelectorAll(".stat, .figures > div, .portal-figures > div")];
  for (const number of document.querySelectorAll(".stat dd, .figures dd, .portal-figures strong"))
    for (const node of number.childNodes)
      if (node.nodeType === Node.TEXT_NODE && /\\d/.test(node.data)) node.data = "1,234,567";
  const out = cards.filter((card) => card.scrollWidth > card.clientWidth);
  return [cards.length, out.map((card) => card.innerText)];
}"""


def figures_that_leave_their_card(person):
    """Fill the figures of the page with large numbers; returns what sticks out at either size."""
    found = []
    for size in (PHONE, DESK):
        person.page.set_viewport_size(size)
        count, out = person.page.evaluate(FILL_FIGURES)
        found += [(person.page.url, size["width"], text) for text in out]
        assert count, person.page.url
    return found


def test_figures_fit_their_cards_however_large(person, settings):
    settings.STAFF_SECOND_FACTOR = False
    staff = factories.staff("event_organiser")
    door, found = factories.event(organiser=staff).code, []
    hers, of_staff = [(name,) for name in HER_FIGURES], [("admin:index",), ("door", door)]
    for somebody, pages in ((factories.talent().user, hers), (staff, of_staff)):
        reader = person().sign_in(somebody)
        for name, *args in pages:
            for language in ("zh-hans", "en"):
                with override(language):
                    reader.page.goto(reverse(name, args=args))
                if (
                    name != "admin:index"
                ):  # signed in, the head stands on one row in either language
                    head = reader.page.locator(".site-head .wrap").bounding_box()
                    assert head["height"] < 80, (reader.page.url, head)
                found += figures_that_leave_their_card(reader)
    assert found == []


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
