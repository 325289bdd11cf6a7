"""What programs read at fixed addresses, and what the head and foot of a page say."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.conf import settings as project
from django.utils import timezone

from tests import factories
from tests.care_points import make

pytestmark = pytest.mark.django_db
SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def test_robots_are_kept_out_of_what_is_personal(client):
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert lines[0] == "User-agent: *"
    assert {"Disallow: /admin/", "Disallow: /me/", "Disallow: /en/me/"} < set(lines)
    assert lines[-1] == f"Sitemap: {project.SITE_URL}/sitemap.xml"


def test_the_sitemap_names_every_public_page_in_both_languages_and_nothing_else(client):
    event, draft = factories.event(), factories.event(state="draft", published_at=None)
    service = make.service()
    tree = ElementTree.fromstring(client.get("/sitemap.xml").content)  # noqa: S314 (our own)
    found = [entry.text.removeprefix(project.SITE_URL) for entry in tree.iter(f"{SPACE}loc")]
    for path in (
        "/",
        "/events/",
        "/measures/10/",
        f"/events/{event.code}/",
        f"/points/services/{service.pk}/",
    ):
        assert (path in found, f"/en{path}" in found) == (True, True)
    assert not any(draft.code in path for path in found)
    assert [client.get(path).status_code for path in found] == [200] * len(found)


def test_security_txt_says_where_to_report_and_is_not_there_where_nobody_said(client, settings):
    settings.SECURITY_CONTACT = "mailto:security@example.cn"
    lines = client.get("/.well-known/security.txt").content.decode().splitlines()
    assert lines[0] == "Contact: mailto:security@example.cn"
    expires = timezone.datetime.fromisoformat(lines[1].removeprefix("Expires: "))
    assert timedelta(days=150) < expires - timezone.now() < timedelta(days=365)
    settings.SECURITY_CONTACT = ""
    assert client.get("/.well-known/security.txt").status_code == 404


@pytest.mark.parametrize(
    "path", ["/favicon.ico", "/apple-touch-icon.png", "/site.webmanifest", "/share.png"]
)
def test_what_browsers_look_for_at_the_root_is_there(client, path):
    answer = client.get(path)
    assert (answer.status_code, len(b"".join(answer.streaming_content)) > 300) == (200, True)


def test_the_foot_says_how_to_reach_the_office_and_its_registrations(client, settings):
    settings.CONTACT_PHONE, settings.ICP_NUMBER = "023-6780 1111", "渝ICP备2026000001号"
    settings.POLICE_NUMBER = "渝公网安备 50011202000001号"
    page = client.get("/").content.decode()
    foot = page[page.index("<footer") :]
    assert 'href="tel:023-67801111"' in foot
    assert "渝ICP备2026000001号" in foot
    assert "https://beian.mps.gov.cn/#/query/webSearch?code=50011202000001" in foot
    assert 'href="/help/"' in foot
    assert 'href="/accessibility/"' in foot
    settings.CONTACT_PHONE = settings.CONTACT_MAIL = settings.ICP_NUMBER = (
        settings.POLICE_NUMBER
    ) = ""
    foot = client.get("/").content.decode().partition("<footer")[2]
    assert "foot-contact" not in foot


def test_the_head_names_her_counts_what_is_new_and_lets_her_out(client):
    person = factories.user("林静姝")
    client.force_login(person)
    page = client.get("/").content.decode()
    head = page[page.index("<header") : page.index("</header>")]
    assert ("林静姝" in head, 'action="/accounts/logout/"' in head) == (True, True)
    assert ("条新通知" in head, 'class="dot"' in page) == (False, False)
    factories.booking(
        factories.event(starts_at=timezone.now() + timedelta(days=9)),
        factories.talent(user=person),
        now=timezone.now(),
    )
    page = client.get("/").content.decode()
    assert ("1 条新通知" in page, page.count('class="dot"')) == (True, 1)
    client.logout()
    assert "林静姝" not in client.get("/").content.decode()


def test_home_counts_what_is_true(client):
    now = timezone.now()
    factories.event(starts_at=now + timedelta(days=3))
    factories.event(starts_at=now + timedelta(days=3), booking_closes_at=now - timedelta(hours=1))
    factories.event(starts_at=now - timedelta(days=30))
    factories.event(starts_at=now - timedelta(days=400))
    station = make.station(name="甲站")
    make.service(station=station, title="收纳")
    make.service(station=make.station(name="乙站"), title="收纳")
    make.service(station=station, title="关着的", active=False)
    context = client.get("/").context
    assert context["events_counted"] == {"open": 1, "held": 1}
    assert context["services_counted"] == {"services": 1, "stations": 2}
