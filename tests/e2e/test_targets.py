"""What she presses on a phone is 44 px high and wide, as far as it takes the thumb; and what is pinned stays off paper."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests import factories

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

# Walks from the middle of each small link, button or field as far as a tap still reaches it. Links in the
# middle of a sentence are as high as their line.
TOO_SMALL = """() => [...document.querySelectorAll("a[href], button, summary, input:not([type=hidden]), select")]
    .filter(one => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
    .filter(one => !one.matches(":is(p, li, dd) > a") ||
        ![...one.parentElement.childNodes].some(node => node.nodeType === 3 && node.data.trim().length > 1))
    .map(one => {
        let { width, height } = one.getBoundingClientRect()
        if (width < 2 || (width >= 43.5 && height >= 43.5)) return null
        one.scrollIntoView({ block: "center", behavior: "instant" })
        const box = one.getBoundingClientRect(), x = box.left + Math.min(width, 60) / 2, y = box.top + height / 2
        const taken = (dx, dy) => {
            const hit = document.elementFromPoint(x + dx, y + dy)
            return hit && (one.contains(hit) || hit.closest("label")?.control === one)
        }
        const far = (dx, dy) => { let n = 0; while (n < 60 && taken(dx * (n + 1), dy * (n + 1))) n++; return n }
        height = Math.max(height, far(0, -1) + far(0, 1) + 1)
        width = Math.max(width, far(-1, 0) + far(1, 0) + 1)
        return width < 43 || height < 43 ? `${one.innerText || one.name} ${width}x${height}` : null
    })
    .filter(Boolean)"""

# Words inside an empty field that do not fit into it.
CUT = """() => [...document.querySelectorAll("input[placeholder]")].filter(one => {
    const style = getComputedStyle(one), pen = document.createElement("canvas").getContext("2d")
    pen.font = `${style.fontSize} ${style.fontFamily}`
    const room = one.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight)
    return one.checkVisibility() && pen.measureText(one.placeholder).width > room
}).map(one => one.placeholder)"""


@pytest.fixture
def talent():
    """Return a woman with a booking to come and one that is over."""
    talent = factories.talent()
    now = timezone.now()
    for starts_at in (now + timedelta(days=3), now - timedelta(days=3)):
        event = factories.event(starts_at=starts_at, booking_opens_at=now - timedelta(days=9))
        factories.booking(event, talent)
    return talent


def test_what_she_presses_is_large_enough_for_a_thumb(person, talent):
    visitor, woman = person(), person().sign_in(talent.user)
    code = talent.bookings.latest("event__starts_at").event.code
    pages = [(visitor, path) for path in ("/", "/accounts/login/", "/accounts/signup/", "/events/")]
    hers = ("/me/", "/me/profile/review/", "/me/profile/2/", "/me/profile/career/", "/accounts/")
    pages += [(woman, path) for path in (*hers, "/events/mine/", f"/events/{code}/", "/points/")]
    pages += [(woman, f"/points/{path}/") for path in ("services", "stations", "hours")]
    small = {}
    for who, path in pages:
        assert who.page.goto(path).status == 200, path
        if found := who.page.evaluate(TOO_SMALL):
            small[path] = found
    assert small == {}


def test_words_inside_a_field_fit_into_it(person, talent):
    woman, cut = person().sign_in(talent.user), {}
    for path in ("/events/", "/en/events/", "/me/profile/3/", "/en/me/profile/3/"):
        assert woman.page.goto(path).status == 200, path
        if found := woman.page.evaluate(CUT):
            cut[path] = found
    assert cut == {}


def test_nothing_pinned_lies_over_a_printed_event_or_half_of_a_screen_of_large_letters(
    person, talent
):
    page = person().sign_in(talent.user).page
    page.goto(f"/events/{talent.bookings.latest('event__starts_at').event.code}/")
    position = "getComputedStyle(document.querySelector('.pinned')).position"
    assert page.evaluate(position) == "fixed"
    page.emulate_media(media="print")
    assert page.evaluate(position) == "static"
    page.emulate_media(media="screen")
    # Letters of twice the size make a phone of 740 px half as high, counted in letters.
    page.set_viewport_size({"width": 360, "height": 370})
    tabs = position.replace(".pinned", ".tabs")
    assert [page.evaluate(where) for where in (position, tabs)] == ["static", "static"]
