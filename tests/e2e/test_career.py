"""Her career on a phone: an entry added, deleted with one tap and brought back, the record looked through."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from tests import factories

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
PASSWORD = "两江Camellia2026"
ENTRY = "齿轮传动的声学诊断"


def test_added_deleted_and_brought_back(person):
    now = timezone.now()
    talent = factories.talent(position="研究员", confirm_from=now - timedelta(days=1))
    woman = person().sign_in(talent.user)
    page = woman.go("/me/profile/career/")
    woman.press("添加成果", role="link")
    woman.press("保存")
    woman.sees("还没有保存")
    page.get_by_label("种类").select_option("paper")
    page.get_by_label("名称").fill(ENTRY)
    page.get_by_label("年份").select_option("2024")
    page.get_by_label("证明材料").set_input_files(
        {"name": "论文.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 x"}
    )
    woman.press("保存")
    with page.expect_download() as download:
        page.get_by_role("link", name="证明材料").click()
    assert download.value.suggested_filename == "论文.pdf"
    woman.press(f"删除{ENTRY}")
    assert talent.career.kept().count() == 0
    woman.press("撤销删除")
    assert [entry.name for entry in talent.career.kept()] == [ENTRY]
    page = woman.go("/me/profile/confirm/")
    woman.sees("成果 1")
    woman.press("仍然准确")
    talent.refresh_from_db()
    assert talent.confirmed_by == "self"


def test_what_she_typed_is_there_again_after_signing_in(person):
    user = factories.user("林静", phone="13812345678")
    user.set_password(PASSWORD)
    user.save()
    factories.talent(user=user)
    woman = person()
    page = woman.page
    page.goto("/accounts/login/")
    sign_in(page, user)
    page.goto("/me/profile/career/post/")
    page.get_by_label("组织").fill("重庆市女科技工作者协会")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="保存").click()
    page.wait_for_url(re.compile("/accounts/login/"))
    sign_in(page, user)
    page.wait_for_url(re.compile("/me/profile/career/post/"))
    assert page.get_by_label("组织").input_value() == "重庆市女科技工作者协会"


def sign_in(page, user):
    page.get_by_label("手机号或邮箱").fill(user.phone)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="用密码登录").click()
    page.wait_for_load_state()
