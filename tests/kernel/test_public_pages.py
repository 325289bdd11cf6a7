"""Public pages out of memory are the pages the views would render, and they follow every change."""

import os
import subprocess
import sys
import time

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from kernel import public_pages
from tests import factories

COMMITTED = pytest.mark.django_db(transaction=True)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kept(settings):
    """Switch the cache on and start with nothing in it."""
    settings.PUBLIC_CACHE = True
    public_pages.clear()
    yield
    public_pages.clear()


def _everything(response):
    """Return status, headers and body, all a browser gets."""
    return response.status_code, dict(response.headers), response.content


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/en/",
        "/measures/",
        "/measures/9/",
        "/en/measures/9/",
        "/policy/",
        "/events/",
        "/points/services/",
    ],
)
@pytest.mark.parametrize("encoding", ["", "gzip", "br", "gzip, deflate, br"])
def test_the_fast_path_gives_byte_for_byte_what_the_slow_path_gives(client, path, encoding):
    """Second and first answer are equal, and so is a third one rendered from nothing."""
    slow = client.get(path, headers={"accept-encoding": encoding})
    fast = client.get(path, headers={"accept-encoding": encoding})
    public_pages.clear()
    again = client.get(path, headers={"accept-encoding": encoding})
    assert _everything(fast) == _everything(slow)
    assert _everything(again) == _everything(slow)


def test_switched_off_it_changes_nothing_a_browser_sees(client, settings):
    """Without the cache the answer is the same, headers included."""
    kept = client.get("/")
    settings.PUBLIC_CACHE = False
    assert _everything(client.get("/")) == _everything(kept)


def test_a_hit_asks_the_database_nothing(client, django_assert_num_queries):
    """Zero queries while the version is fresh; one tells the version when half a second is over."""
    client.get("/")
    with django_assert_num_queries(0):
        client.get("/")
    public_pages._version["read_at"] -= public_pages.VERSION_SECONDS
    with django_assert_num_queries(1):
        client.get("/")


def test_the_home_page_needs_one_query_for_one_event_and_for_three(
    client, settings, django_assert_num_queries
):
    """Rendering asks for the events once, whatever their number."""
    settings.PUBLIC_CACHE = False
    factories.event()
    with django_assert_num_queries(1):
        client.get("/")
    factories.event()
    factories.event()
    with django_assert_num_queries(1):
        client.get("/")


def test_headers_let_a_browser_ask_again_cheaply(client):
    """A strong ETag, revalidation every time, and 304 without a body for the same page."""
    first = client.get("/policy/")
    assert first.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert first.headers["Vary"] == "Accept-Encoding, Cookie"
    assert first.headers["ETag"].startswith('"')
    for known in (first.headers["ETag"], f'"other", W/{first.headers["ETag"]}', "*"):
        again = client.get("/policy/", headers={"if-none-match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]
    assert client.get("/policy/", headers={"if-none-match": '"other"'}).status_code == 200


def test_each_encoding_has_an_etag_of_its_own(client):
    """A strong ETag names bytes, so compressed and plain pages do not share one."""
    tags = {
        client.get("/policy/", headers={"accept-encoding": e}).headers["ETag"]
        for e in ("", "gzip", "br", "br;q=0", "identity")
    }
    assert len(tags) == 3


def test_chinese_and_english_are_kept_apart(client):
    """The language is part of the address."""
    assert b'lang="zh-Hans"' in client.get("/").content
    assert b'<html lang="en"' in client.get("/en/").content
    assert b'<html lang="zh-Hans"' in client.get("/").content


def test_hosts_and_queries_are_kept_apart(client, settings):
    """Another host or another query is another page."""
    settings.ALLOWED_HOSTS = ["a.example.cn", "b.example.cn"]
    client.get("/", headers={"host": "a.example.cn"})
    client.get("/?a=1", headers={"host": "a.example.cn"})
    client.get("/", headers={"host": "b.example.cn"})
    assert len(public_pages._pages) == 3
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400


def test_nothing_of_a_signed_in_woman_reaches_the_next_visitor():
    """Her own page is private; the anonymous page before and after is the same and not hers."""
    visitor, woman = Client(), Client()
    woman.force_login(factories.user("欧阳示例"))
    before = visitor.get("/")
    hers = woman.get("/")
    after = visitor.get("/")
    assert hers.headers["Cache-Control"] == "private, no-store"
    assert "Cookie" in hers.headers["Vary"]
    assert b"has-tabs" in hers.content
    assert b"has-tabs" not in after.content
    assert after.content == before.content


def test_her_visit_alone_keeps_nothing():
    """A signed-in visit to a page nobody has asked for leaves the memory empty."""
    woman = Client()
    woman.force_login(factories.user())
    woman.get("/")
    assert public_pages._pages == {}


@pytest.mark.parametrize("cookie", ["sessionid", "csrftoken", "messages"])
def test_cookies_of_the_portal_bypass_it(client, cookie):
    """A session, a form's token or a waiting message make a page personal."""
    client.get("/")
    client.cookies[cookie] = "x"
    assert client.get("/").headers["Cache-Control"] == "private, no-store"
    assert len(public_pages._pages) == 1


def test_a_page_that_sets_a_cookie_is_not_kept(rf):
    """A form's token in a shared page would be everybody's token."""
    from django.http import HttpResponse

    @public_pages.public_page
    def page(request):
        response = HttpResponse("form")
        response.set_cookie("csrftoken", "x")
        return response

    def respond(request):
        from django.contrib.auth.models import AnonymousUser

        request.user = AnonymousUser()
        return page(request)

    response = public_pages.PublicCacheMiddleware(respond)(rf.get("/form/"))
    assert response.headers["Cache-Control"] == "private, no-store"
    assert public_pages._pages == {}


def test_missing_pages_and_posts_are_not_kept(client):
    """Only plain 200 answers to GET are."""
    client.get("/measures/11/")
    client.head("/")
    client.post("/")
    assert public_pages._pages == {}


def test_memory_is_bounded(client, monkeypatch):
    """Made-up queries do not fill the memory."""
    monkeypatch.setattr(public_pages, "MOST_PAGES", 3)
    for number in range(10):
        client.get(f"/?n={number}")
    assert len(public_pages._pages) <= 3


def test_an_old_page_is_rendered_anew(client, monkeypatch):
    """What depends on the time of day changes without anybody saving anything."""
    client.get("/")
    (page,) = public_pages._pages.values()
    page.kept_at -= public_pages.KEPT_SECONDS
    client.get("/")
    assert list(public_pages._pages.values()) != [page]


@COMMITTED
def test_saving_shows_at_once_in_the_same_process(client):
    """A save, a delete and a rolled-back save, each seen as it is."""
    from django.db import transaction

    event = factories.event(title="改名之前")
    assert "改名之前" in client.get("/").content.decode()
    event.title = "改名之后"
    event.save()
    assert "改名之后" in client.get("/").content.decode()
    label = public_pages.version()
    with pytest.raises(RuntimeError), transaction.atomic():
        event.title = "没有提交"
        event.save()
        raise RuntimeError
    assert public_pages.version() == label
    assert "没有提交" not in client.get("/").content.decode()
    event.delete()
    assert "改名之后" not in client.get("/").content.decode()


@COMMITTED
def test_a_change_in_the_admin_shows(client, settings):
    """An organiser corrects a title in the admin's own form; the next visitor reads the new one."""
    settings.STAFF_SECOND_FACTOR = False
    organiser = factories.staff("event_organiser")
    event = factories.event(title="改名之前", organiser=organiser)
    assert "改名之前" in client.get("/events/").content.decode()
    desk = Client()
    desk.force_login(organiser, backend="django.contrib.auth.backends.ModelBackend")
    address = f"/admin/events/event/{event.pk}/change/"
    form = desk.get(address).context["adminform"].form
    sent = {}
    for name in form.fields:
        value, field = form[name].value(), form[name]
        if isinstance(value, bool):
            sent |= {name: "on"} if value else {}
        elif hasattr(field.field.widget, "widgets"):
            parts = field.field.widget.decompress(value)
            sent |= {f"{name}_{i}": str(part) for i, part in enumerate(parts)}
        elif value is not None:
            sent[name] = str(value)
    answer = desk.post(address, sent | {"title": "改名之后"})
    assert answer.status_code == 302
    assert "改名之后" in client.get("/events/").content.decode()


@COMMITTED
def test_seats_on_a_kept_page_follow_a_booking(client):
    """The page is kept, yet one seat less shows as soon as the booking is committed."""
    from events import operations

    event, woman = factories.event(capacity=3), factories.talent()
    address = event.get_absolute_url()
    assert "余 3 席" in client.get(address).content.decode()
    operations.book(event=event, talent=woman, by=woman.user, now=factories.NOW)
    assert "余 2 席" in client.get(address).content.decode()
    assert "余 2 席" in client.get("/events/").content.decode()


@COMMITTED
def test_a_change_by_another_process_shows_within_a_second(client):
    """The other process is a real one; the clock starts when its save has returned."""
    factories.event(title="改名之前")
    cache.clear()
    assert "改名之前" in client.get("/").content.decode()
    change = (
        "import django; django.setup(); from events.models import Event; e = Event.objects.get();"
        "e.title = '改名之后'; e.save(); print('saved')"
    )
    database = connection.settings_dict
    login = f"{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}"
    done = subprocess.run(
        [sys.executable, "-c", change],
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "liangjiang.settings",
            "DATABASE_URL": f"postgresql://{login}/{database['NAME']}",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "saved"
    saved_at = time.monotonic()
    while "改名之后" not in client.get("/").content.decode():
        assert time.monotonic() - saved_at < 1
        time.sleep(0.02)


@COMMITTED
def test_without_the_touch_the_change_would_not_show(client):
    """The control: a write that tells nobody stays hidden, so the test above can fail."""
    from events.models import Event

    factories.event(title="改名之前")
    assert "改名之前" in client.get("/").content.decode()
    Event.objects.update(title="改名之后")
    time.sleep(2 * public_pages.VERSION_SECONDS)
    assert "改名之前" in client.get("/").content.decode()
    public_pages.touch()
    assert "改名之后" in client.get("/").content.decode()
