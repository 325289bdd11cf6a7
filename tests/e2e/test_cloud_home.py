"""The Cloud Home in a real browser: a woman asks, another answers; every page under every rule of axe, empty and full."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cloud_home import operations
from cloud_home.models import Hiding, Post, Topic
from tests import factories
from tests.cloud_home import make
from tests.e2e.person import DESK

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
PASSWORD = "两江Camellia2026"


def test_empty_pages_say_what_to_do(person):
    woman = person().sign_in(factories.talent().user)
    for name in (
        "cloud_home",
        "circles",
        "cloud_search",
        "my_posts",
        "cloud_asked",
        "cloud_settings",
        "new_question",
    ):
        woman.go(reverse(name), least="minor")
    woman.go(make.circle().get_absolute_url(), least="minor")
    woman.go(make.circle(discreet=True).get_absolute_url(), least="minor")
    person().sign_in(factories.user()).go("/cloud/", least="minor")


def test_she_writes_with_a_preview_and_another_answers(person):
    circle = make.circle(name="集成电路圈")
    make.member(circle, factories.talent(full_name="沈书仪").user)
    woman = person().sign_in(factories.talent(full_name="罗安琪").user)
    page = woman.go("/cloud/circles/")
    page.get_by_role("link", name="集成电路圈").click()
    woman.press("加入圈子")
    woman.press("发起话题", role="link")
    page.get_by_label("标题").fill("样品数怎么定")
    page.get_by_label("内容").fill("**功率**器件\n\n- 一\n- 二")
    page.get_by_text("提到圈子里的人").click()
    page.get_by_label("姓名", exact=True).fill("沈")
    woman.press("查找成员")
    page.get_by_label("沈书仪").check()
    woman.press("预览")
    assert page.locator(".preview strong").inner_text() == "功率"
    assert (page.get_by_label("沈书仪").is_checked(), Topic.objects.count()) == (True, 0)
    woman.press("发表")
    woman.sees("提到：")
    other = person(DESK).sign_in(make.member(circle))
    page = other.go(Topic.objects.get().get_absolute_url(), least="minor")
    other.press("谢谢")
    other.press("引用", role="link")
    page.get_by_label("内容").fill("按标准取")
    other.press("发表")
    page.wait_for_url(re.compile("#p2"))
    assert page.locator("#p2 .post-quote").inner_text().startswith("罗安琪")
    answer = Post.objects.get(number=2)
    for name in ("edit_post", "delete_post", "post_history"):
        other.go(reverse(name, args=[answer.pk]), least="minor")
    other.go(reverse("report_post", args=[answer.quoted_id]), least="minor")
    other.go(reverse("cloud_search") + "?q=功率", least="minor")
    other.go(reverse("my_posts"), least="minor")


def test_what_she_typed_outlives_her_session(person):
    now = timezone.now()
    topic = make.topic(now=now - timedelta(hours=1))
    user = make.member(topic.circle, factories.talent(full_name="罗安琪").user)
    user.set_password(PASSWORD)
    user.save()
    woman = person()
    page = woman.go("/accounts/login/")

    def sign_in():
        page.get_by_label("手机号或邮箱").fill(user.phone)
        page.get_by_label("密码", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="用密码登录").click()
        page.wait_for_load_state()

    sign_in()
    page.goto(topic.get_absolute_url())
    page.get_by_label("内容").fill("写了很久的一段话")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="发表").click()
    page.wait_for_url(re.compile("/accounts/login/"))
    sign_in()
    page.wait_for_url(re.compile(topic.code))
    assert page.get_by_label("内容").input_value() == "写了很久的一段话"
    assert Post.objects.count() == 1
    woman.look()
    page.get_by_role("button", name="发表").click()
    page.wait_for_url(re.compile("#p2"))
    assert Post.objects.get(number=2).body == "写了很久的一段话"


def test_staff_decide_and_she_appeals(person, settings):
    settings.STAFF_SECOND_FACTOR = False
    now = timezone.now()
    topic = make.topic(now=now - timedelta(hours=1))
    post = make.post(topic, body="李经理的电话", now=now - timedelta(hours=1))
    report = operations.report_post(
        post=post, reason="privacy", note="", by=make.member(topic.circle), now=now
    )
    clerk = person(DESK).sign_in(make.moderator())
    clerk.go(reverse("admin:cloud_home_report_changelist"), least="minor")
    clerk.go(reverse("admin:cloud_home_report_change", args=[report.pk]))
    page = clerk.go(reverse("admin:cloud_home_report_uphold", args=[report.pk]), least="minor")
    page.get_by_label("理由").fill("含他人电话号码")
    clerk.press("举报成立")
    clerk.go(topic.get_absolute_url(), least="minor")
    woman = person().sign_in(post.author)
    woman.go(reverse("my_posts"), least="minor")
    page = woman.go(reverse("appeal", args=[post.pk]), least="minor")
    page.get_by_label("为什么应当恢复").fill("是公开的办公电话")
    woman.press("提交申诉")
    hiding = Hiding.objects.get()
    assert hiding.appeal == "是公开的办公电话"
    colleague = person(DESK).sign_in(make.moderator())
    colleague.go(reverse("admin:cloud_home_hiding_change", args=[hiding.pk]))
    for page in ("grant", "refuse"):
        colleague.go(reverse(f"admin:cloud_home_hiding_{page}", args=[hiding.pk]), least="minor")
    for name in ("hiding", "sanction", "circle"):
        colleague.go(reverse(f"admin:cloud_home_{name}_changelist"), least="minor")
    colleague.go(reverse("admin:cloud_home_circle_change", args=[topic.circle.pk]))
    for name in ("close", "name_moderator"):
        address = reverse(f"admin:cloud_home_circle_{name}", args=[topic.circle.pk])
        colleague.go(address, least="minor")
    colleague.go(reverse("sanction", args=[make.post(topic, now=now).pk]), least="minor")


def test_she_appeals_from_the_list_of_what_she_wrote(person):
    hiding = make.hidden()
    woman = person().sign_in(hiding.post.author)
    woman.go(reverse("my_posts"))
    woman.press("申诉", role="link")  # above the link that fills the row
    woman.page.get_by_label("为什么应当恢复").fill("号码是公开的办公电话")
    woman.press("提交申诉")
    woman.sees("已申诉，等待答复。")
