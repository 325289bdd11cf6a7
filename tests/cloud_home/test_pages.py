"""Pages: who finds them, what they show and take, how many queries they need."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cloud_home import cards, operations
from cloud_home.models import Circle, Hiding, Membership, Post, Preference, Report, Sanction, Topic
from tests import factories
from tests.cloud_home import make

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 x"
LONG_AGO = timedelta(hours=3)


@pytest.fixture
def now():
    """The present: pages ask the clock."""
    return timezone.now()


@pytest.fixture
def topic(now):
    return make.topic(now=now - LONG_AGO)


@pytest.fixture
def her(client, topic):
    """A member of the topic's circle, signed in."""
    person = make.member(topic.circle, factories.talent(full_name="罗安琪").user)
    client.force_login(person)
    return person


def words(page):
    """Return the text of a page without tags and blanks at the ends of lines."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def addresses(topic):
    """Return every address that shows something of a topic."""
    post = make.first(topic)
    return [
        reverse("circle", args=[topic.circle.code]),
        reverse("topic", args=[topic.code]),
        reverse("post", args=[post.pk]),
        reverse("post_history", args=[post.pk]),
        reverse("cloud_search") + "?q=样品数",
        reverse("circles"),
    ]


def test_who_may_not_come_in_reads_why_on_the_first_page_and_finds_no_other(client, topic):
    assert client.get("/cloud/").url == "/accounts/login/?next=/cloud/"
    client.force_login(factories.user())
    page = client.get("/cloud/")
    assert (page.status_code, "请先填写档案并提交审核" in words(page)) == (200, True)
    assert [client.get(address).status_code for address in addresses(topic)] == [404] * 6


def test_no_cache_and_no_search_engine_keeps_what_is_shown(client, topic, her):
    for address in ["/cloud/", *addresses(topic)]:
        page = client.get(address)
        assert "no-store" in page["Cache-Control"]
        assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert "cloud" not in client.get("/sitemap.xml").content.decode()


def test_an_id_that_is_guessed_leads_nowhere(client, topic, now):
    quiet = make.topic(make.circle(discreet=True), now=now - LONG_AGO, attached=[("a.pdf", PDF)])
    post = make.first(quiet)
    client.force_login(make.member(topic.circle))
    found = [
        reverse("topic", args=[quiet.code]),
        reverse("post", args=[post.pk]),
        reverse("attachment", args=[post.attachments.get().pk]),
        *(
            reverse(name, args=[post.pk])
            for name in ("edit_post", "delete_post", "post_history", "report_post", "hide_post")
        ),
    ]
    assert [client.get(address).status_code for address in found] == [404] * 8
    assert {client.post(address).status_code for address in found[2:]} == {404, 405}
    known = client.get(reverse("circle", args=[quiet.circle.code]))
    assert (known.status_code, quiet.title in words(known)) == (200, False)


def test_she_joins_writes_and_is_led_to_her_words(client, topic):
    person = factories.talent().user
    client.force_login(person)
    circle = topic.circle
    client.post(reverse("join_circle", args=[circle.code]))
    page = client.get(reverse("new_topic", args=[circle.code]))
    key = page.context["form"]["key"].initial
    sent = {"title": "封装分层", "body": "**超声**看得到吗？", "key": key}
    first = client.post(reverse("new_topic", args=[circle.code]), sent)
    again = client.post(reverse("new_topic", args=[circle.code]), sent)
    started = Topic.objects.get(title="封装分层")
    assert first.url == again.url == started.get_absolute_url()
    page = client.get(first.url)
    assert "<strong>超声</strong>看得到吗？" in page.content.decode()


def test_a_look_before_it_is_published_publishes_nothing(client, topic, her):
    sent = {"body": "**先看**<script>", "preview": "1"}
    page = client.post(reverse("reply", args=[topic.code]), sent)
    assert "<strong>先看</strong>&lt;script&gt;" in page.content.decode()
    assert (page.status_code, Post.objects.count()) == (200, 1)
    assert f'action="{reverse("reply", args=[topic.code])}#write"' in page.content.decode()
    assert "**先看**&lt;script&gt;</textarea>" in page.content.decode()


def test_a_look_says_that_the_files_have_to_be_chosen_again(client, topic, her):
    sent = {"body": "看图", "preview": "1"}
    file = SimpleUploadedFile("a.pdf", PDF)
    pages = [
        client.post(reverse("reply", args=[topic.code]), sent | more)
        for more in ({}, {"files": file})
    ]
    assert ["附件没有保留" in words(page) for page in pages] == [False, True]


def test_members_of_the_circle_alone_are_offered_to_be_named(client, topic, her):
    inside = make.member(topic.circle, factories.talent(full_name="沈书仪").user)
    factories.talent(full_name="沈外人")
    sent = {"body": "请看", "find": "1", "name": "沈"}
    page = client.post(reverse("reply", args=[topic.code]), sent)
    pk = Membership.objects.get(user=inside).pk
    assert page.context["form"].fields["mentions"].choices == [(pk, "沈书仪")]
    client.post(reverse("reply", args=[topic.code]), {"body": "请看", "mentions": [pk]})
    assert list(Post.objects.get(number=2).mentions.values_list("user", flat=True)) == [inside.pk]


def test_what_is_refused_stays_typed(client, topic, her):
    client.post(reverse("reply", args=[topic.code]), {"body": "x"})
    gif = SimpleUploadedFile("a.gif", b"GIF89a")
    sent = {"body": "带一张图", "files": gif}
    page = client.post(reverse("reply", args=[topic.code]), sent)
    assert page.status_code == 422
    assert "带一张图</textarea>" in page.content.decode()
    assert "只能上传 PDF、JPG 或 PNG 文件" in words(page)


def test_several_files_come_along_and_are_handed_out_to_readers_alone(client, topic, her):
    sent = {
        "body": "附检查单",
        "files": [SimpleUploadedFile(f"{name}.pdf", PDF) for name in "甲乙"],
    }
    client.post(reverse("reply", args=[topic.code]), sent)
    post = Post.objects.get(number=2)
    one, _two = post.attachments.all()
    address = reverse("attachment", args=[one.pk])
    answer = client.get(address)
    assert (answer.content, answer["Content-Type"]) == (PDF, "application/pdf")
    assert answer["Content-Disposition"].startswith("attachment;")
    make.hidden(Post.objects.select_related("topic__circle").get(pk=post.pk))
    assert client.get(address).status_code == 200  # hers
    client.force_login(make.member(topic.circle))
    assert client.get(address).status_code == 404


def test_a_page_that_stood_open_is_no_way_around_a_suspension(client, topic, her, now):
    post = make.post(topic, her, now=now - timedelta(hours=1))
    page = client.get(topic.get_absolute_url())
    assert page.context["why_not_reply"] is None
    operations.sanction(post=post, days=3, reason="多次发布广告", by=None, now=now)
    for address, sent in (
        (reverse("reply", args=[topic.code]), {"body": "再来"}),
        (reverse("edit_post", args=[post.pk]), {"body": "改掉"}),
        (reverse("new_topic", args=[topic.circle.code]), {"title": "x", "body": "y"}),
    ):
        answer = client.post(address, sent)
        assert (answer.status_code, "发言权限暂停到" in words(answer)) == (422, True)
    assert Post.objects.count() == 2
    page = client.get(topic.get_absolute_url()).content.decode()
    assert f'<p><a href="{reverse("my_posts")}">我的发言</a></p>' in page  # where she appeals


def test_a_long_topic_is_paged_and_a_post_found_on_its_page(client, topic, her):
    for number in range(2, 64):
        Post.objects.create(
            topic=topic, number=number, author=her, body=f"第 {number} 条", written_at=topic.last_at
        )
    numbers = []
    address = topic.get_absolute_url()
    while address:
        page = client.get(address)
        numbers.append([shown.post.number for shown in page.context["posts"]])
        after = page.context["after"]
        address = f"{topic.get_absolute_url()}?after={after}" if after else ""
    assert numbers == [list(range(1, 31)), list(range(31, 61)), [61, 62, 63]]
    led = client.get(Post.objects.get(number=45).get_absolute_url()).url
    page, _, anchor = led.partition("#")
    assert [shown.post.number for shown in client.get(page).context["posts"]] == numbers[1]
    assert anchor == "p45"


def test_the_author_alone_reads_why_it_is_hidden_and_appeals(client, topic, her, now):
    post = make.post(topic, her, body="李经理的电话", now=now - LONG_AGO)
    operations.hide_post(post=post, reason="含他人电话号码", by=None, now=now)
    page = words(client.get(topic.get_absolute_url()))
    assert ("含他人电话号码" in page, "李经理的电话" in page) == (True, True)
    assert "已隐藏，原因：含他人电话号码" in words(client.get(reverse("my_posts")))
    client.post(reverse("appeal", args=[post.pk]), {"text": "是公开的办公电话"})
    assert Hiding.objects.get().appeal == "是公开的办公电话"
    client.force_login(make.member(topic.circle))
    page = words(client.get(topic.get_absolute_url()))
    assert ("这条发言已被隐藏" in page, "含他人电话号码" in page, "李经理的电话" in page) == (
        True,
        False,
        False,
    )
    assert client.get(reverse("appeal", args=[post.pk])).status_code == 404


def test_every_button_of_a_post_does_what_it_says(client, topic, her, now):
    post = make.post(topic, now=now - LONG_AGO)
    own = make.post(topic, her, now=now - LONG_AGO)
    client.post(reverse("thank", args=[post.pk]), {"on": "1"})
    client.post(reverse("report_post", args=[post.pk]), {"reason": "abuse"})
    client.post(reverse("edit_post", args=[own.pk]), {"body": "改过"})
    history = client.get(reverse("post_history", args=[own.pk]))
    assert ("我们按 AEC-Q101 取 77 只。" in words(history)) is True
    client.post(reverse("delete_post", args=[own.pk]))
    post.refresh_from_db()
    own.refresh_from_db()
    assert (post.thanked, Report.objects.get().reason, own.gone) == (1, "abuse", "deleted")
    assert "作者已删除" in words(client.get(topic.get_absolute_url()))


def test_staff_keep_order_on_the_page(client, topic, now):
    post = make.post(topic, now=now - LONG_AGO)
    clerk = make.moderator()
    client.force_login(clerk)
    why = {"reason": "含他人电话号码"}
    client.post(reverse("hide_post", args=[post.pk]), why)
    client.post(reverse("unhide_post", args=[post.pk]), why)
    client.post(reverse("sanction", args=[post.pk]), why | {"days": "3"})
    client.post(reverse("close_topic", args=[topic.code]), why)
    client.post(reverse("reopen_topic", args=[topic.code]))
    client.post(reverse("reply", args=[topic.code]), {"body": "已处理"})
    assert (Hiding.objects.get().ended_at is None, Sanction.objects.get().user) == (
        False,
        post.author,
    )
    assert Post.objects.get(number=3).as_staff is True
    assert f"{clerk.full_name} 工作人员" in words(client.get(topic.get_absolute_url()))


def test_her_unit_shows_as_her_public_page_lets(client, topic, her, now):
    from talents.public.models import PublicPage

    unit = factories.unit("重庆礼嘉医院")
    talent = factories.talent(unit=unit, full_name="沈书仪")
    make.post(topic, make.member(topic.circle, talent.user), now=now - LONG_AGO)
    assert unit.name not in words(client.get(topic.get_absolute_url()))
    page = PublicPage.objects.create(talent=talent, is_on=True, shown=["unit"], changed_at=now)
    assert f"沈书仪 {unit.name}" in words(client.get(topic.get_absolute_url()))
    page.is_on = False
    page.save()
    assert unit.name not in words(client.get(topic.get_absolute_url()))


def test_a_question_tells_how_many_were_asked_and_not_whom(client, topic, her, now):
    names = ["专家甲", "专家乙"]
    for name in names:
        make.expert(full_name=name, discipline="510")
    sent = {"circle": topic.circle.pk, "title": "样品数", "body": "怎么定？", "discipline": "510"}
    answer = client.post(reverse("new_question"), sent)
    page = words(client.get(answer.url))
    assert ("已请教 2 位同行" in page, [name for name in names if name in page]) == (True, [])
    expert = Topic.objects.get(title="样品数").asks.first()
    client.force_login(expert.user)
    assert "样品数" in words(client.get(reverse("cloud_asked")))
    client.post(reverse("decline_ask", args=[expert.pk]))
    assert "已婉拒" in words(client.get(reverse("cloud_asked")))
    client.force_login(her)
    assert "已请教 2 位同行" in words(client.get(answer.url))


def test_the_thread_of_an_event_is_found_from_its_page(client, now):
    event = factories.event(starts_at=now + timedelta(days=3), booking_opens_at=now - LONG_AGO)
    way = reverse("event_circle", args=[event.code])
    assert way not in client.get(event.get_absolute_url()).content.decode()
    booking = factories.booking(event, now=now)
    client.force_login(booking.talent.user)
    assert way in client.get(event.get_absolute_url()).content.decode()
    assert (client.get(way).status_code, Circle.objects.count()) == (200, 0)
    opened = client.post(way)
    circle = Circle.objects.get()
    assert opened.url == reverse("new_topic", args=[circle.code])
    assert client.get(way).url == circle.get_absolute_url()
    client.post(opened.url, {"title": "会前提问", "body": "怎么走？"})
    reader = factories.talent().user
    client.force_login(reader)
    page = client.get(Topic.objects.get().get_absolute_url())
    assert (page.status_code, page.context["why_not_reply"].code) == (200, "no_seat")


def test_settings_are_kept(client, her):
    client.post(reverse("cloud_settings"), {"digest": "daily", "may_be_asked": "on"})
    chosen = Preference.objects.get(user=her)
    assert (chosen.digest, chosen.may_be_asked) == ("daily", True)
    assert client.post(reverse("cloud_settings"), {"digest": "hourly"}).status_code == 422


def test_what_was_typed_when_the_session_ended_is_back_after_signing_in(client, topic, her):
    user = type(her).objects.get(pk=her.pk)
    client.get(topic.get_absolute_url())
    del client.cookies["sessionid"]
    sent = {"body": "写了很久的一段话，不能丢。"}
    page = topic.get_absolute_url()
    answer = client.post(
        reverse("reply", args=[topic.code]), sent, headers={"referer": f"http://testserver{page}"}
    )
    assert (answer.status_code, Post.objects.count()) == (302, 1)
    client.force_login(user)
    assert answer.url.startswith("/accounts/login/")
    shown = client.get(page).content.decode()
    assert "写了很久的一段话，不能丢。</textarea>" in shown
    assert "请核对后再提交一次" in shown


def many(topic, count, now):
    """Make `count` of everything a page lists."""
    circle = topic.circle
    for _ in range(count):
        more = make.topic(circle, now=now - LONG_AGO, attached=[("a.pdf", PDF)])
        post = make.post(topic, quoted=make.first(topic), now=now - LONG_AGO)
        operations.thank(post=post, on=True, by=more.author, now=now)
        make.hidden(make.post(topic, now=now - LONG_AGO))


@pytest.mark.parametrize("name", ["home", "circles", "circle", "topic", "search", "mine", "asked"])
def test_more_rows_need_no_more_queries(client, topic, her, now, name):
    make.expert(discipline="510")
    address = {
        "home": "/cloud/",
        "circles": reverse("circles"),
        "circle": topic.circle.get_absolute_url(),
        "topic": topic.get_absolute_url(),
        "search": reverse("cloud_search") + "?q=样品",
        "mine": reverse("my_posts"),
        "asked": reverse("cloud_asked"),
    }[name]
    counts = []
    for count in (1, 2):
        many(topic, count, now)
        hers = make.post(topic, her, now=now - LONG_AGO + timedelta(hours=count))
        make.hidden(hers)
        make.circle()
        connection.queries_log.clear()
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_a_question_takes_files_and_names_members(client, topic, her):
    inside = make.member(topic.circle, factories.talent(full_name="沈书仪").user)
    make.expert(discipline="510")
    asked = {"title": "样品数", "body": "怎么定？", "discipline": "510", "name": "沈", "find": "1"}
    unchosen = client.post(reverse("new_question"), asked)
    assert "请先选择放在哪个圈子" in words(unchosen)
    asked["circle"] = topic.circle.pk
    page = client.post(reverse("new_question"), asked)
    pk = Membership.objects.get(user=inside).pk
    assert page.context["form"].fields["mentions"].choices == [(pk, "沈书仪")]
    del asked["find"]
    sent = asked | {"mentions": [pk], "files": SimpleUploadedFile("曲线.pdf", PDF)}
    client.post(reverse("new_question"), sent)
    post = make.first(Topic.objects.get(title="样品数"))
    assert [a.file_name for a in post.attachments.all()] == ["曲线.pdf"]
    assert list(post.mentions.values_list("user", flat=True)) == [inside.pk]
    refused = client.post(
        reverse("new_question"), asked | {"files": SimpleUploadedFile("a.gif", b"GIF89a")}
    )
    assert (refused.status_code, "怎么定？</textarea>" in refused.content.decode()) == (422, True)


def test_an_event_s_page_shows_what_is_newest_in_its_thread_to_who_may_read_it(client, now):
    event = factories.event(starts_at=now + timedelta(days=3), booking_opens_at=now - LONG_AGO)
    her = factories.booking(event, now=now).talent.user
    circle = operations.open_event_circle(event=event, by=her, now=now)
    for number in range(4):
        at = now - timedelta(hours=8 - number)
        made = make.topic(circle, her, title=f"会前第{number}问", now=at)
    make.post(made, her, now=now - timedelta(hours=4))
    make.hidden(make.first(Topic.objects.get(title="会前第1问")))
    newest = ["会前第3问", "会前第2问", "会前第0问"]
    address, seen = event.get_absolute_url(), {}
    readers = {
        "stranger": None,
        "newcomer": factories.user(),
        "staff elsewhere": factories.staff(
            "department_clerk", department_code="science_innovation"
        ),
        "woman": factories.talent().user,
        "clerk": make.moderator(),
        "stranger again": None,
    }
    for name, reader in readers.items():
        client.force_login(reader) if reader else client.logout()
        page = words(client.get(address))
        seen[name] = [title for title in newest if title in page], "会前第1问" in page
    assert seen == dict.fromkeys(readers, ([], False)) | {
        "woman": (newest, False),
        "clerk": (newest, False),
    }
    client.force_login(readers["woman"])
    assert "会前第3问 1 条回复" in words(client.get(address))


@pytest.mark.parametrize(("seconds", "wanted"), [(60, [1, 1]), (0, [1, 2])])
def test_what_is_newest_in_a_thread_is_kept_as_long_as_is_said(
    client, now, settings, monkeypatch, seconds, wanted
):
    settings.PUBLIC_CACHE = True
    monkeypatch.setattr(cards, "PART_SECONDS", seconds)
    cards._parts.clear()
    event = factories.event(starts_at=now + timedelta(days=3), booking_opens_at=now - LONG_AGO)
    her = factories.booking(event, now=now).talent.user
    circle = operations.open_event_circle(event=event, by=her, now=now)
    client.force_login(her)
    shown = []
    for number in range(2):
        make.topic(circle, her, title=f"第{number}问", now=now)
        shown.append(cards.about_event(client.get("/").wsgi_request, event).count("问"))
    cards._parts.clear()
    assert shown == wanted


def test_more_topics_of_an_event_need_no_more_queries(client, now):
    event = factories.event(starts_at=now + timedelta(days=3), booking_opens_at=now - LONG_AGO)
    her = factories.booking(event, now=now).talent.user
    circle = operations.open_event_circle(event=event, by=her, now=now)
    client.force_login(factories.talent().user)
    client.get(event.get_absolute_url())
    counts = []
    for number in range(3):
        make.topic(circle, her, now=now - timedelta(hours=9 - number))
        with CaptureQueriesContext(connection) as captured:
            client.get(event.get_absolute_url())
        counts.append(len(captured))
    assert counts == [counts[0]] * 3
