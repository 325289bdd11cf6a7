"""The booking card is kept for all it says the same to; each reader reads what would be rendered for her alone."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.utils import timezone, translation

from accounts.models import User
from events import holes
from events.models import Booking, Event
from events.standing import standing
from kernel import stencils
from tests import factories

pytestmark = pytest.mark.django_db
EVENTS = {
    "plain": {},
    "moved": {"venue": "另一处"},
    "approval": {"needs_approval": True},
    "offers": {"offer_hours": 12},
    "online, no link yet": {"mode": "online"},
    "online": {"mode": "online", "online_url": "https://meeting.example.cn/1"},
    "both": {"mode": "both", "online_url": "https://meeting.example.cn/2"},
    "children": {"childcare_places": 2},
    "photos": {"takes_photos": True},
    "begins soon": {"starts_in": 0.3},
    "closed": {"closed": True},
    "full": {"capacity": 1},
}


def made(starts_in=72, closed=False, **fields):
    now = timezone.now()
    starts = now + timedelta(hours=starts_in)
    closes = now - timedelta(minutes=5) if closed else starts
    return factories.event(
        starts_at=starts,
        ends_at=starts + timedelta(hours=2),
        booking_opens_at=now - timedelta(days=7),
        booking_closes_at=closes,
        **fields,
    )


def readers(event):
    """Return those who may read its page: nobody, two women who hold nothing, two who do, one who waits."""
    now = timezone.now()
    talents = [factories.talent() for _ in range(5)]
    booked_at = event.booking_closes_at - timedelta(minutes=1)
    for talent in talents[2:]:
        factories.booking(event, talent, now=min(now, booked_at))
    Booking.objects.filter(talent=talents[3], state="confirmed").update(promoted_at=now)
    return [AnonymousUser(), *(User.objects.get(pk=talent.user_id) for talent in talents)]


def card(rf, event, user):
    """Return (the card of a page, the same rendered for her alone)."""
    request = rf.get(f"/events/{event.code}/")
    request.user = user
    (html,) = holes.booking_card(request, [(event.code,)])
    words = {
        name: found[1]
        for name, pattern in {
            "key": r'name="key" value="([^"]+)"',
            "csrf_token": r'name="csrfmiddlewaretoken" value="([^"]+)"',
        }.items()
        if (found := re.search(pattern, html))
    }
    shown = Event.objects.get(pk=event.pk)
    where = standing(
        event=shown, user=User.objects.get(pk=user.pk) if user.pk else user, now=timezone.now()
    )
    return html, render_to_string(
        "events/standing.html", {"event": shown, "standing": where} | words, request
    )


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_each_reader_reads_what_would_be_rendered_for_her_alone(rf, language):
    stencils._kept.clear()
    with translation.override(language):
        for name, fields in EVENTS.items():
            event = made(**fields)
            for user in readers(event):
                kept, alone = card(rf, event, user)
                assert (name, user.pk, kept) == (name, user.pk, alone)
    assert len(stencils._kept) > 10


def test_a_change_of_the_event_is_read_at_once(rf):
    event = made()
    user = readers(event)[3]
    before = card(rf, event, user)[0]
    Event.objects.filter(pk=event.pk).update(mode="both")
    assert "线上参加的链接还没有公布" not in before
    assert "线上参加的链接还没有公布" in card(rf, event, user)[0]


def test_what_is_kept_holds_nobodys_words(rf):
    stencils._kept.clear()
    event = made()
    users = readers(event)
    cards = [card(rf, event, user)[0] for user in users]
    codes = list(Booking.objects.values_list("code", flat=True))
    kept = "".join(text for texts, _names in stencils._kept.values() for text in texts)
    assert [code in "".join(cards) for code in codes] == [True] * 3
    assert [code in kept for code in codes] == [False] * 3
    assert re.findall(r'value="([^"]{20,})"', kept) == [event.when_and_where] * len(
        re.findall(r'name="shown"', kept)
    )
