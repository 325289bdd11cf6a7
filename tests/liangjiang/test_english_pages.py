"""English pages: whatever Chinese people typed is marked as Chinese, wherever it is shown."""

import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.utils import timezone

from kernel.text import HAN
from tests import factories
from tests.care_points import make

pytestmark = pytest.mark.django_db
VOID = {"meta", "link", "input", "br", "img", "hr"}


class Unmarked(HTMLParser):
    """Collects the Chinese of a page that no element with a `lang` of its own holds."""

    def __init__(self):
        super().__init__()
        self.languages, self.found = [], []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            above = self.languages[-1] if self.languages else ""
            silent = tag in ("script", "style", "title")  # has no place for a mark
            self.languages.append("none" if silent else dict(attrs).get("lang", above))

    def handle_endtag(self, tag):
        if tag not in VOID:
            self.languages.pop()

    def handle_data(self, data):
        if self.languages and self.languages[-1] == "en" and re.search(f"[{HAN}]", data):
            self.found.append(" ".join(data.split()))


def unmarked(response):
    """Return the unmarked Chinese of an answer that must be an English page."""
    assert response.status_code in (200, 422)
    page = response.content.decode()
    assert '<html lang="en"' in page
    parser = Unmarked()
    parser.feed(re.sub(r"<svg.*?</svg>", "", page, flags=re.DOTALL))
    return parser.found


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def woman():
    talent = factories.talent(full_name="林静怡")
    make.give(talent, 100, now=timezone.now())
    return talent


@pytest.fixture
def event(now):
    """Return an event that is filled in everywhere."""
    event = factories.event(
        starts_at=now + timedelta(minutes=30),
        booking_opens_at=now - timedelta(days=9),
        address="金渝大道1号",
        audience="青年科研人员",
        body="现场有茶歇。",
        contact_name="李老师",
        contact_phone="023-00000000",
    )
    session = event.sessions.create(
        title="主旨报告", room="一号厅", starts_at=event.starts_at, ends_at=event.ends_at
    )
    session.speakers.create(guest_name="周雨桐", unit="研究院", position="高级工程师")
    return event


def test_what_a_visitor_reads(client, event, now):
    """The lists, an event, the services."""
    past = factories.event(title="往期沙龙", starts_at=now - timedelta(days=9))
    service = make.service()
    paths = ["", "events/", "events/past/", f"events/{event.code}/", f"events/{past.code}/"]
    paths += ["points/services/", f"points/services/{service.pk}/", "measures/", "privacy/"]
    assert [(path, unmarked(client.get(f"/en/{path}"))) for path in paths] == [
        (p, []) for p in paths
    ]


def test_what_a_woman_reads(client, event, woman, now):
    """Her bookings and vouchers, the clash of two events, and every sentence that names something."""
    booking = factories.booking(event, woman, now=now)
    other = factories.event(
        title="同时的论坛", starts_at=event.starts_at, booking_opens_at=now - timedelta(days=9)
    )
    service = make.service()
    voucher = make.redeem(woman, service, now=now)
    client.force_login(woman.user)
    paths = ["me/", "events/mine/", f"events/{event.code}/", f"events/{other.code}/"]
    paths += [f"events/c/{booking.code}/", f"events/mine/{booking.code}/cancel/", "points/"]
    paths += [f"points/services/{service.pk}/redeem/", f"points/vouchers/{voucher.pk}/"]
    paths += [f"points/vouchers/{voucher.pk}/cancel/", "notices/"]
    assert [(path, unmarked(client.get(f"/en/{path}"))) for path in paths] == [
        (p, []) for p in paths
    ]


def test_the_shortest_words_stand_where_there_is_least_room(client, event, woman):
    """The button of a phone and its tab bar."""
    client.force_login(woman.user)
    page = client.get(f"/en/events/{event.code}/").content.decode()
    tabs = re.search(r'<nav class="tabs".*?</nav>', page, re.DOTALL)[0]
    words = re.sub("<[^>]*>", " ", tabs).split()
    button = re.search(r'<form[^>]*action="[^"]*/book/".*?</form>', page, re.DOTALL)[0]
    assert ("Me" in words, re.search(r">\s*(\w+)\s*</button>", button)[1]) == (True, "Book")


def test_what_the_door_and_the_desk_read(client, event, woman, now):
    """Names, units, services; what was done, and what was done before."""
    booking = factories.booking(event, woman, now=now)
    client.force_login(event.organiser)
    door = f"/en/events/{event.code}/door/"
    found = unmarked(client.get(f"/en/events/c/{booking.code}/"))
    for _ in range(2):
        found += unmarked(client.get(door)) + unmarked(client.post(door, {"code": booking.code}))
    found += unmarked(client.get(f"{door}sheet/"))
    found += unmarked(client.get(f"/en/events/c/{booking.code}/"))
    operator = factories.user("赵站长")
    voucher = make.redeem(woman, make.service(station=make.station(operator)), now=now)
    client.force_login(operator)
    desk = "/en/points/station/"
    found += unmarked(client.post(f"{desk}check/", {"code": voucher.code}))
    done = client.post(f"{desk}fulfil/", {"code": voucher.code}, follow=True)
    found += unmarked(done) + unmarked(client.get(desk))
    assert found == []
