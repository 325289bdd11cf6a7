"""The picture of a story where its address is passed on: of shown stories alone, true at every moment, drawn by the worker."""

import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from honours import operations as awards
from kernel.share_pictures import SHARED_BY_ALL, SIZE
from role_models import operations, share_pictures, tasks
from role_models.models import StorySharePicture
from tests import factories
from tests.honours import make as honours
from tests.role_models import make

pytestmark = pytest.mark.django_db
NOW = factories.NOW
PAPER, RED = (
    (253, 252, 248),
    (254, 0, 0),
)  # the ground, and what stands on the left of the tests' photos


def named(client, story):
    """Return the path of the picture a story's page names, the same to every program that looks for one."""
    page = client.get(story.get_absolute_url()).content.decode()
    places = (r'property="og:image"\s+content="', r'itemprop="image"\s+content="', r'"image": \["')
    (address,) = {re.search(place + '([^"]+)"', page)[1] for place in places}
    return "/" + address.split("/", 3)[3]


def beside(answer):
    """Return the colour of a point of the picture where a photo stands, if there is one."""
    with Image.open(io.BytesIO(answer.content)) as image:
        assert (image.format, image.size) == ("JPEG", SIZE)
        return image.getpixel((800, 300))


def near(one, other):
    return all(abs(a - b) < 12 for a, b in zip(one, other, strict=True))


def test_a_page_names_the_picture_that_was_drawn_and_the_portals_until_then(client):
    story, _photo = make.illustrated()
    assert named(client, story) == SHARED_BY_ALL
    tasks.draw_share_pictures()
    answer = client.get(named(client, story))
    headers = [answer[name] for name in ("Content-Type", "Cache-Control")]
    assert headers == ["image/jpeg", "no-cache"]
    assert near(beside(answer), RED)
    asked = client.get(named(client, story), headers={"if-none-match": answer["ETag"]})
    assert (asked.status_code, asked.content) == (304, b"")
    assert client.get(f"/stories/{story.code}/share-{'0' * 16}.jpg").status_code == 404


def test_it_says_who_she_is_and_what_she_does():
    story = make.published(discipline="510")
    assert share_pictures.said(story) == {
        "programme": "两江女性科技人才门户",
        "badges": [["honour", "女科学家"]],
        "title": "把光刻在芯片上",
        "lines": ["周雨桐", "电子与通信技术"],
    }
    bare = make.published()
    assert share_pictures.said(bare)["lines"] == ["周雨桐", make.WORDS["shown_post"]]


def test_withdrawn_it_is_gone_at_once_from_the_address_and_from_the_table(client):
    story, _photo = make.illustrated()
    tasks.draw_share_pictures()
    address = named(client, story)
    her = {"story": story, "by": story.talent.user, "now": NOW}
    operations.withdraw_story(**her)
    assert client.get(address).status_code == 404
    assert StorySharePicture.objects.count() == 0
    operations.allow_again(**her)
    assert client.get(address).status_code == 404
    tasks.draw_share_pictures()
    assert (named(client, story), client.get(address).status_code) == (address, 200)


def test_a_photo_she_does_not_agree_to_any_more_is_in_no_picture(client):
    story, photo = make.illustrated()
    tasks.draw_share_pictures()
    before = named(client, story)
    operations.choose_photos(story=story, photos=[], by=story.talent.user, now=NOW)
    assert (named(client, story), client.get(before).status_code) == (SHARED_BY_ALL, 404)
    assert bytes(StorySharePicture.objects.get().content) == b""
    tasks.draw_share_pictures()
    after = named(client, story)
    assert (after != before, near(beside(client.get(after)), PAPER)) == (True, True)
    operations.choose_photos(story=story, photos=[photo.pk], by=story.talent.user, now=NOW)
    tasks.draw_share_pictures()
    assert named(client, story) == after  # nobody has looked at it yet
    operations.approve_photo(photo=photo, by=make.reviewer(), now=NOW)
    tasks.draw_share_pictures()
    assert named(client, story) == before


def test_what_changes_what_it_shows_has_it_drawn_anew_and_nothing_else(client):
    story, photo = make.illustrated()
    tasks.draw_share_pictures()
    before, reviewer = named(client, story), make.reviewer()
    steps = (
        (operations.hide_photo, {"photo": photo}),
        (operations.show_photo, {"photo": photo}),
        (operations.edit_story, {"story": story, "changes": {"kind": "physician"}}),
        (operations.hide_story, {"story": story, "reason": "数据有误，正在核实"}),
        (operations.show_story, {"story": story}),
        (operations.delete_photo, {"photo": photo}),
    )
    for operation, given in steps:
        operation(by=None, now=NOW, **given)
        assert client.get(before).status_code == 404
        tasks.draw_share_pictures()
        if operation is not operations.hide_story:
            before = named(client, story)
            assert before != SHARED_BY_ALL
    operations.edit_story(story=story, changes={"title": "新标题"}, by=None, now=NOW)
    assert named(client, story) == before  # a draft beside it is nobody's to read
    operations.ask_her(story=story, by=None, now=NOW)
    version = make.version(story, "asked")
    operations.agree(version=version, photos=(), by=story.talent.user, now=NOW)
    operations.publish_story(story=story, by=reviewer, now=NOW)
    assert (named(client, story), client.get(before).status_code) == (SHARED_BY_ALL, 404)


def test_while_the_honour_it_tells_of_is_revoked_there_is_none(client):
    story = make.published()
    award = honours.award(story.talent)
    operations.edit_story(story=story, changes={"award": award}, by=None, now=NOW)
    tasks.draw_share_pictures()
    address = named(client, story)
    awards.revoke_award(award=award, reason="材料不实，已核实", by=None, now=NOW)
    assert client.get(address).status_code == 404
    operations.edit_story(story=story, changes={"kind": "physician"}, by=None, now=NOW)
    assert StorySharePicture.objects.count() == 0
    awards.restore_award(award=award, by=None, now=NOW)
    tasks.draw_share_pictures()  # nobody has asked: what is shown and has none is found
    assert named(client, story) not in (address, SHARED_BY_ALL)


def test_what_lies_in_the_table_is_not_believed(client):
    story = make.pictured(make.published())
    address = f"/stories/{story.code}/share-{share_pictures.mark(story)}.jpg"
    assert client.get(address).content == b"jpeg"
    story.versions.filter(state="published").update(published_at=None, state="replaced")
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("withdraws", [True, False])
def test_one_that_was_withdrawn_while_it_was_drawn_is_not_kept(withdraws, monkeypatch):
    story = make.published()
    picture, draw = StorySharePicture.objects.get(), share_pictures.drawn

    def slowly(shown):
        if withdraws:
            operations.withdraw_story(story=story, by=story.talent.user, now=NOW)
        return draw(shown)

    monkeypatch.setattr(share_pictures, "drawn", slowly)
    assert operations.draw_share_picture(picture=picture, now=NOW) is not withdraws
    assert StorySharePicture.objects.count() == (0 if withdraws else 1)


def test_the_page_costs_no_query_more_and_does_not_read_the_picture(client):
    story, counts = make.published(), []
    for _before_and_after in range(2):
        with CaptureQueriesContext(connection) as asked:
            client.get(story.get_absolute_url())
        counts.append(len(asked))
        assert not any('storysharepicture"."content' in query["sql"] for query in asked)
        make.pictured(story)
    assert counts[0] == counts[1]
