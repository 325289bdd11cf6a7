"""The picture of an event where its address is passed on: of public events alone, true, and drawn by the worker."""

import io
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from PIL import Image

from events import operations, share_pictures, tasks
from events.models import Event, SharePicture
from kernel.share_pictures import SHARED_BY_ALL, SIZE
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def published(**fields):
    """Return an event that was published by the operation, in three days, and its organiser."""
    draft = {"state": "draft", "starts_at": timezone.now() + 3 * DAY} | fields
    event = factories.event(**draft)
    return operations.publish_event(event=event, by=event.organiser, now=timezone.now())


def drawn(**fields):
    event = published(**fields)
    tasks.draw_share_pictures()
    return Event.objects.get(pk=event.pk)


def named(client, event):
    """Return the path of the picture its page names."""
    page = client.get(event.get_absolute_url()).content.decode()
    (address,) = re.findall(r'property="og:image"\s+content="([^"]+)"', page)
    assert f'"image": ["{address}"]' in page or not event.is_public
    return "/" + address.split("/", 3)[3]


def edit(event, **changes):
    return operations.edit_event(
        event=event, changes=changes, by=event.organiser, now=timezone.now()
    )


def test_a_page_names_the_picture_that_was_drawn_and_the_portals_until_then(client):
    event = published(title="材料沙龙")
    assert named(client, event) == SHARED_BY_ALL
    tasks.draw_share_pictures()
    answer = client.get(named(client, event))
    headers = [
        answer[name] for name in ("Content-Type", "Cache-Control", "Cross-Origin-Resource-Policy")
    ]
    assert headers == ["image/png", "no-cache", "cross-origin"]
    with Image.open(io.BytesIO(answer.content)) as image:
        assert (image.format, image.size) == ("PNG", SIZE)
    asked = client.get(named(client, event), headers={"if-none-match": answer["ETag"]})
    assert (asked.status_code, asked.content) == (304, b"")


def test_it_says_what_is_held_when_and_where():
    event = factories.event(title="# 材料 *沙龙*", womens_track=True)
    assert share_pictures.said(event) == {
        "programme": "两江女性科技人才门户",
        "badges": [["honour", "女性专场"], ["kind", "沙龙"]],
        "title": "# 材料 *沙龙*",
        "lines": ["2026年11月26日 (周四) 14:00–16:00", "两江人才大厦"],
    }
    assert share_pictures.drawn(event)[:4] == b"\x89PNG"


@pytest.mark.parametrize(
    "changes", [{"title": "新名称"}, {"venue": "悦来"}, {"kind": "forum"}, {"womens_track": True}]
)
def test_what_is_not_true_any_more_is_not_named_and_drawn_anew(client, changes):
    event = drawn()
    before = named(client, event)
    edit(event, **changes)
    assert (named(client, event), client.get(before).status_code) == (SHARED_BY_ALL, 404)
    tasks.draw_share_pictures()
    assert named(client, event) not in (before, SHARED_BY_ALL)


def test_what_it_does_not_say_changes_nothing(client):
    event = drawn()
    before = named(client, event)
    edit(event, body="另有茶歇", capacity=9)
    assert named(client, event) == before
    assert SharePicture.objects.to_draw().count() == 0


def test_a_cancelled_event_says_so(client):
    event = drawn()
    before = named(client, event)
    operations.cancel_event(event=event, reason="暴雨", by=event.organiser, now=timezone.now())
    tasks.draw_share_pictures()
    event.refresh_from_db()
    assert share_pictures.said(event)["badges"][0] == ["alert", "已取消"]
    assert named(client, event) not in (before, SHARED_BY_ALL)


@pytest.mark.parametrize("visibility", ["talents", "invited"])
def test_an_event_that_is_not_for_everybody_has_none(client, visibility):
    never = published(visibility=visibility)
    event = drawn()
    before = named(client, event)
    edit(event, visibility=visibility)
    assert SharePicture.objects.count() == 0
    assert client.get(before).status_code == 404
    tasks.draw_share_pictures()
    for one, reader in ((event, None), (never, factories.staff("administrator"))):
        if reader:
            client.force_login(reader, backend="django.contrib.auth.backends.ModelBackend")
            assert named(client, one) == SHARED_BY_ALL
        mark = share_pictures.mark(one)
        assert client.get(f"/events/{one.code}/share-{mark}.png").status_code == 404
    assert SharePicture.objects.count() == 0


def test_the_address_asks_the_event_whatever_lies_in_the_table(client):
    event = drawn()
    address = named(client, event)
    for hidden in (
        {"visibility": "invited"},
        {"visibility": "public", "published_at": None, "state": "draft"},
    ):
        Event.objects.filter(pk=event.pk).update(**hidden)
        assert client.get(address).status_code == 404


def test_one_that_changed_while_it_was_drawn_is_not_kept(monkeypatch):
    event = published(title="旧名称")
    picture, draw = SharePicture.objects.get(), share_pictures.drawn

    def slowly(shown):
        png = draw(shown)
        edit(event, title="新名称")
        return png

    monkeypatch.setattr(share_pictures, "drawn", slowly)
    assert operations.draw_share_picture(picture=picture, now=NOW) is False
    monkeypatch.undo()
    assert SharePicture.objects.to_draw().count() == 1
    assert operations.draw_share_picture(picture=picture, now=NOW) is True


def test_one_that_was_hidden_while_it_was_drawn_is_not_kept(monkeypatch):
    event = published()
    picture, draw = SharePicture.objects.get(), share_pictures.drawn

    def slowly(shown):
        edit(event, visibility="invited")
        return draw(shown)

    monkeypatch.setattr(share_pictures, "drawn", slowly)
    assert operations.draw_share_picture(picture=picture, now=NOW) is False
    assert SharePicture.objects.count() == 0


def test_a_draft_has_none_and_a_copy_begins_without(client):
    event = drawn()
    copy = operations.clone_event(event=event, by=event.organiser, now=timezone.now())
    edit(copy, title="草稿")
    assert list(SharePicture.objects.values_list("event", flat=True)) == [event.pk]


def test_the_page_costs_no_query_more_and_does_not_read_the_picture(
    client, django_assert_num_queries
):
    plain, event = factories.event(starts_at=timezone.now() + DAY), drawn()
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for one in (plain, event):
        with CaptureQueriesContext(connection) as asked:
            client.get(one.get_absolute_url())
        counts.append(len(asked))
        assert not any('sharepicture"."content' in query["sql"] for query in asked)
    assert counts[0] == counts[1]
