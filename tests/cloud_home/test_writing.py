"""Writing: who may, how much, edited, deleted, named, thanked for; files."""

from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image

from cloud_home import files, mentions, operations, showing
from cloud_home.models import (
    Attachment,
    Follow,
    Membership,
    Mention,
    Post,
    PostVersion,
    Preference,
    Topic,
)
from kernel.errors import DomainError
from notices.models import Notice
from privacy.models import AuditEntry
from tests import factories
from tests.cloud_home import make
from tests.factories import NOW

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 x"
DAY = timedelta(days=1)


def code_of(operation, **given):
    """Return the code an operation is refused with."""
    with pytest.raises(DomainError) as refused:
        operation(**given)
    return refused.value.code


def picture():
    """Return a JPEG that says where it was taken."""
    made, exif = BytesIO(), Image.Exif()
    exif[0x010E] = "家门口"
    Image.new("RGB", (40, 30), "green").save(made, "JPEG", exif=exif)
    return made.getvalue()


def test_a_topic_is_its_first_post_and_its_author_follows_it():
    topic = make.topic(title=" 高温\n老化 ", body="第一行\r\n第二行\0\n")
    post = make.first(topic)
    assert (topic.title, post.body, topic.posts, topic.replies) == (
        "高温 老化",
        "第一行\n第二行",
        1,
        0,
    )
    assert Follow.objects.get().user == topic.author
    assert AuditEntry.objects.latest("pk").action == "cloud_home.start_topic"


def test_answers_take_the_next_place_and_move_the_topic_up():
    topic = make.topic()
    later = NOW + timedelta(hours=1)
    first, second = make.post(topic), make.post(topic, now=later)
    topic.refresh_from_db()
    assert ([first.number, second.number], topic.replies, topic.last_at) == ([2, 3], 2, later)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"title": " "}, "title_missing"),
        ({"title": "字" * 81}, "title_too_long"),
        ({"body": "\n \n"}, "body_missing"),
        ({"body": "字" * 10_001}, "body_too_long"),
    ],
)
def test_words_have_bounds(change, code):
    circle = make.circle()
    words = {"title": "标题", "body": "正文"} | change
    given = {"circle": circle, "by": make.member(circle), "now": NOW, **words}
    assert code_of(operations.start_topic, **given) == code
    assert Topic.objects.count() == 0


def test_who_has_not_joined_reads_and_does_not_write():
    circle, stranger = make.circle(), factories.talent().user
    given = {"circle": circle, "title": "标题", "body": "正文", "by": stranger, "now": NOW}
    assert code_of(operations.start_topic, **given) == "not_member"
    operations.join_circle(circle=circle, by=stranger, now=NOW)
    assert operations.start_topic(**given).author == stranger


@pytest.mark.parametrize("state", ["draft", "submitted", "returned", "left"])
def test_who_is_not_in_the_database_does_neither(state):
    fields = {"state": state} | ({"return_reason": "不全"} if state == "returned" else {})
    outsider = factories.talent(**fields).user
    topic = make.topic()
    assert list(Topic.objects.visible_to(outsider)) == []
    with pytest.raises(DomainError):
        operations.reply(topic=topic, body="我来说", by=outsider, now=NOW)
    assert Post.objects.count() == 1


def test_the_same_form_twice_is_one_post():
    topic = make.topic()
    by = make.member(topic.circle)
    given = {"topic": topic, "body": "按标准取", "by": by, "now": NOW, "key": "k1"}
    assert operations.reply(**given) == operations.reply(**given)
    topic.refresh_from_db()
    assert topic.replies == 1


def test_six_posts_in_ten_minutes_and_no_more():
    topic = make.topic()
    by = make.member(topic.circle)
    for number in range(6):
        make.post(topic, by, now=NOW + timedelta(seconds=number))
    given = {"topic": topic, "body": "第七条", "by": by}
    assert code_of(operations.reply, now=NOW + timedelta(minutes=9), **given) == "too_often"
    assert make.post(topic, by, now=NOW + timedelta(minutes=11)).number == 8


def test_sixty_posts_a_day_and_no_more():
    topic = make.topic()
    by = make.member(topic.circle)
    for number in range(60):
        make.post(topic, by, now=NOW + timedelta(minutes=10 * number))
    at = NOW + timedelta(minutes=600)
    assert code_of(operations.reply, topic=topic, body="再来", by=by, now=at) == "too_often"
    assert make.post(topic, by, now=NOW + DAY + timedelta(minutes=1)).number == 62


def test_six_topics_a_day_and_no_more():
    circle = make.circle()
    by = make.member(circle)
    for number in range(6):
        make.topic(circle, by, now=NOW + timedelta(hours=number))
    given = {"circle": circle, "title": "第七个", "body": "正文", "by": by}
    at = NOW + timedelta(hours=6)
    assert code_of(operations.start_topic, now=at, **given) == "too_many_topics"
    assert operations.start_topic(now=NOW + DAY + timedelta(hours=1), **given).posts == 1


def test_her_words_are_edited_within_a_day_and_the_earlier_ones_kept():
    topic = make.topic()
    post = make.first(topic)
    later = NOW + timedelta(hours=23)
    operations.edit_post(post=post, title="新标题", body="新正文", by=topic.author, now=later)
    version, post = PostVersion.objects.get(), make.first(topic)
    assert (version.title, version.body) == ("高温老化的样品数", "功率器件做 HTRB，样品数怎么定？")
    assert (post.topic.title, post.body, post.edited_at) == ("新标题", "新正文", later)
    assert list(Post.objects.matching("新标题")) == [post]
    assert list(Post.objects.matching("样品数")) == []
    given = {"post": post, "body": "再改", "by": topic.author}
    assert code_of(operations.edit_post, now=NOW + DAY, **given) == "too_late"


def test_editing_nothing_leaves_no_trace():
    post = make.post()
    operations.edit_post(post=post, body=post.body, by=post.author, now=NOW)
    assert (PostVersion.objects.count(), Post.objects.get(pk=post.pk).edited_at) == (0, None)


def test_deleted_words_are_gone_for_good_and_their_place_stays():
    topic = make.topic(attached=[("图.pdf", PDF)])
    answer = make.post(topic)
    post = make.first(topic)
    operations.edit_post(post=post, title="二", body="三", by=topic.author, now=NOW)
    operations.delete_post(post=make.first(topic), by=topic.author, now=NOW)
    post = make.first(topic)
    assert (post.gone, post.body, post.search_text, post.topic.title) == ("deleted", "", "", "")
    assert (Attachment.objects.count(), PostVersion.objects.count()) == (0, 0)
    assert list(Topic.objects.listed()) == [topic]
    operations.delete_post(post=answer, by=answer.author, now=NOW)
    given = {"post": post, "by": topic.author, "now": NOW}
    assert code_of(operations.delete_post, **given) == "gone"


def test_a_quotation_follows_what_becomes_of_the_words():
    first = make.post(body="77 只")
    second = make.post(first.topic, quoted=first)
    assert showing.quoted_of(second.quoted).excerpt == "77 只"
    operations.delete_post(post=first, by=first.author, now=NOW)
    second.refresh_from_db()
    assert showing.quoted_of(second.quoted).excerpt == ""


def test_a_post_of_another_topic_is_not_quoted():
    elsewhere = make.post()
    assert make.post(quoted=elsewhere).quoted is None


def test_members_are_named_by_choice_or_by_name_and_told_once():
    circle = make.circle()
    anna = make.member(circle, factories.talent(full_name="罗安琪").user)
    twins = [make.member(circle, factories.talent(full_name="王小敏").user) for _ in range(2)]
    outside = factories.talent(full_name="何清越").user
    chosen = Membership.objects.get(user=twins[1]).pk
    topic = make.topic(
        circle,
        make.member(circle, factories.talent(full_name="沈书仪").user),
        body="@罗安琪你好，@王小敏 @何清越 也看看",
        mentioned=[chosen],
    )
    named = set(Mention.objects.values_list("user", flat=True))
    assert (named, outside.pk in named) == ({anna.pk, twins[1].pk}, False)
    told = Notice.objects.filter(kind="cloud_home.mentioned")
    assert set(told.values_list("recipient", flat=True)) == named
    assert told.first().context == {"who": "沈书仪", "title": topic.title}


def test_at_night_it_is_told_in_the_morning():
    circle = make.circle()
    anna = make.member(circle, factories.talent(full_name="罗安琪").user)
    night = NOW + timedelta(hours=13)  # 23:00 in Chongqing
    make.topic(circle, make.member(circle), now=night, body="@罗安琪")
    notice = Notice.objects.get(kind="cloud_home.mentioned", recipient=anna)
    assert notice.due_at == NOW + timedelta(hours=23)  # 9:00


def test_five_are_named_at_a_time_and_thirty_a_day():
    circle = make.circle()
    pks = []
    for _ in range(6):
        person = make.member(circle)
        pks.append(Membership.objects.get(user=person).pk)
    by = make.member(circle)
    given = {"circle": circle, "title": "标题", "body": "正文", "by": by}
    code = code_of(operations.start_topic, mentioned=pks, now=NOW, **given)
    assert (code, Topic.objects.count()) == ("too_many_mentions", 0)
    for number in range(6):
        at = NOW + timedelta(hours=number)
        operations.start_topic(mentioned=pks[:5], now=at, **given)
    assert Mention.objects.count() == 30
    topic = Topic.objects.first()
    more = {"topic": topic, "body": "再来", "by": by, "now": NOW + timedelta(hours=7)}
    assert code_of(operations.reply, mentioned=pks[:1], **more) == "too_many_mentions"
    assert operations.reply(**more).number == 2


def test_deleting_what_she_wrote_lets_her_name_no_more_people():
    circle = make.circle()
    pks = [Membership.objects.get(user=make.member(circle)).pk for _ in range(5)]
    by = make.member(circle)
    given = {"circle": circle, "title": "标题", "body": "正文", "by": by, "mentioned": pks}
    for number in range(6):
        at = NOW + timedelta(hours=number)
        topic = operations.start_topic(now=at, **given)
        operations.delete_post(post=make.first(topic), by=by, now=at)
    later = {"topic": make.topic(circle), "body": "再来", "by": by, "now": at + timedelta(hours=1)}
    assert code_of(operations.reply, mentioned=pks[:1], **later) == "too_many_mentions"


def test_however_many_names_are_written_they_are_looked_up_at_once(django_assert_num_queries):
    circle = make.circle()
    names = ["罗安琪", "沈书仪", "何清越", "周雨桐"]
    people = [make.member(circle, factories.talent(full_name=name).user) for name in names]
    make.member(circle, factories.talent(full_name="周雨桐").user)  # of two nobody is meant
    body = "".join(f"@{name}好 " for name in names)
    author = make.moderator()
    with django_assert_num_queries(1):
        found = mentions.of(circle, body, [], author=author)
    assert {user.pk for user in found} == {user.pk for user in people[:3]}


def test_thanks_are_counted_once_and_taken_back():
    post = make.post()
    one, other = factories.talent().user, factories.talent().user
    for person in (one, one, other):
        operations.thank(post=post, on=True, by=person, now=NOW)
    operations.thank(post=post, on=False, by=one, now=NOW)
    operations.thank(post=post, on=False, by=one, now=NOW)
    assert Post.objects.get(pk=post.pk).thanked == 1
    given = {"post": post, "on": True, "by": post.author, "now": NOW}
    assert code_of(operations.thank, **given) == "own_post"


def test_a_picture_is_made_anew_and_a_file_keeps_its_name():
    topic = make.topic(attached=[("现场.png.jpeg", picture()), ("参数 表<1>.pdf", PDF)])
    one, two = make.first(topic).attachments.all()
    assert (one.file_name, two.file_name) == ("现场.png.jpg", "参数 表1.pdf")
    assert ("家门口".encode() in files.read(one), files.read(two)) == (False, PDF)


@pytest.mark.parametrize(
    "data",
    [
        b"<html><script>alert(1)</script>",
        b"GIF89a" + b"x" * 20,
        b"PK\x03\x04 a zip",
        b"MZ a program",
        b"<svg onload=alert(1)>",
        b"\x00%PDF-1.7 late",
        b"\xff\xd8\xff<script>alert(1)</script>",
        b"\x89PNG\r\n\x1a\n<?php ?>",
    ],
)
def test_what_is_no_pdf_or_picture_by_its_content_is_refused(data):
    circle = make.circle()
    given = {"circle": circle, "title": "标题", "body": "正文", "by": make.member(circle)}
    code = code_of(operations.start_topic, attached=[("a.pdf", data)], now=NOW, **given)
    assert (code in ("file_type", "photo_unreadable"), Attachment.objects.count()) == (True, 0)


def test_a_picture_that_is_a_program_too_keeps_only_what_is_seen():
    topic = make.topic(attached=[("a.jpg", picture() + b"<script>alert(1)</script>")])
    assert b"script" not in files.read(make.first(topic).attachments.get())


def test_four_files_and_no_larger_than_five_megabytes():
    circle = make.circle()
    given = {"circle": circle, "title": "标题", "body": "正文", "by": make.member(circle)}
    five = [("a.pdf", PDF)] * 5
    assert code_of(operations.start_topic, attached=five, now=NOW, **given) == "too_many_files"
    large = [("a.pdf", PDF + b"x" * (5 * 1024 * 1024))]
    assert code_of(operations.start_topic, attached=large, now=NOW, **given) == "file_too_large"


def test_nothing_is_written_in_what_is_closed():
    topic = make.topic()
    by = make.member(topic.circle)
    operations.close_topic(topic=topic, reason="已有答案", by=topic.author, now=NOW)
    given = {"topic": Topic.objects.get(), "body": "还有", "by": by, "now": NOW}
    assert code_of(operations.reply, **given) == "topic_closed"
    operations.reopen_topic(topic=Topic.objects.get(), by=make.moderator(), now=NOW)
    assert operations.reply(**given | {"topic": Topic.objects.get()}).number == 2
    operations.close_circle(circle=topic.circle, reason="并入另一圈子", by=None, now=NOW)
    given["topic"] = Topic.objects.get()
    assert code_of(operations.reply, **given | {"now": NOW + DAY}) == "circle_closed"


def test_leaving_the_database_takes_her_out_and_her_name_off():
    from cloud_home import authors
    from talents.departures import follow, lost

    post = make.post()
    talent = post.author.talent
    assert [line for line in lost(talent, NOW) if "云之家" in line] != []
    follow(talent, hers=True, now=NOW)
    assert Membership.objects.filter(user=post.author).count() == 0
    assert Preference.objects.filter(user=post.author).count() == 0
    talent.state = "left"
    talent.save()
    shown = Post.objects.with_authors().get(pk=post.pk)
    assert authors.of(shown.author) == authors.Author("已退出的用户", is_known=False)


BROKEN = ("图.jpg", b"\xff\xd8\xff broken")


def test_who_has_written_too_much_has_no_picture_decoded():
    """A picture that cannot be read is not even looked at: she is told of the limit, not of the picture."""
    topic = make.topic(now=NOW - DAY)
    by = make.member(topic.circle)
    given = {"topic": topic, "by": by, "now": NOW}
    assert code_of(operations.reply, body="一", attached=[BROKEN], **given) == "photo_unreadable"
    for number in range(6):
        operations.reply(body=f"第{number}条", **given)
    assert code_of(operations.reply, body="再来", attached=[BROKEN], **given) == "too_often"
    start = {"circle": topic.circle, "title": "样品", "body": "几个", "by": by, "now": NOW}
    assert code_of(operations.start_topic, attached=[BROKEN], **start) == "too_often"


def test_a_form_that_comes_twice_has_its_picture_decoded_once():
    topic = make.topic(now=NOW - DAY)
    given = {
        "topic": topic,
        "body": "一",
        "by": make.member(topic.circle),
        "now": NOW,
        "key": "tab",
    }
    post = operations.reply(**given)
    assert operations.reply(attached=[BROKEN], **given) == post
