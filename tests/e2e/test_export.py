"""A clerk takes lists out in the browser: columns chosen, a long one written, fetched, run out, refused."""

import io
import re

import openpyxl
import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone
from playwright.sync_api import expect

from talents.exports import operations, running
from talents.exports.models import Export
from tests import factories
from tests.e2e.person import DESK

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
LIST = "/admin/talents/talent/export/?state__exact=all"


@pytest.fixture
def clerk(person, settings):
    """A clerk at her desk, with three women in her list."""
    settings.STAFF_SECOND_FACTOR = False
    for name in ("王小敏", "李丽", "周芸"):
        factories.talent(full_name=name)
    at_desk = person(DESK)
    at_desk.user = factories.staff("department_clerk", full_name="周雨桐")
    at_desk.sign_in(at_desk.user)
    return at_desk


def workbook_of(download):
    with open(download.value.path(), "rb") as file:
        return list(openpyxl.load_workbook(io.BytesIO(file.read())).active.values)


def test_columns_are_chosen_in_groups_and_offered_so_again(clerk):
    page = clerk.go(LIST)
    expect(page.get_by_role("group", name="履历明细")).to_contain_text("成果")
    for box in page.locator("input[name=columns]").all():
        box.uncheck()
    page.get_by_role("button", name="导出 Excel").click()
    clerk.sees("请至少选择一列。")
    clerk.look()
    page.get_by_label("姓名", exact=True).check()
    page.get_by_label("履历：成果").check()
    page.get_by_label(re.compile("理由")).fill("报送年度统计")
    with page.expect_download() as download:
        page.get_by_role("button", name="导出 Excel").click()
    expect(page.get_by_text("请至少选择一列。")).to_have_count(
        0
    )  # the page stays where a file answers
    mark, head, *rows = workbook_of(download)
    assert mark[0].startswith("周雨桐（")
    assert (head, len(rows)) == (("姓名", "履历：成果"), 3)
    page = clerk.go(LIST)
    expect(page.locator("input[name=columns]:checked")).to_have_count(2)


def test_a_long_list_is_waited_for_fetched_and_gone(clerk, monkeypatch):
    monkeypatch.setattr(operations, "MOST_AT_ONCE", 2)
    page = clerk.go(LIST)
    page.get_by_label(re.compile("理由")).fill("报送年度统计")
    clerk.press("后台生成")
    clerk.sees("正在生成：0 / 3 人")
    export = Export.objects.get()
    running.work(export.pk)
    expect(page.get_by_role("button", name="下载")).to_be_visible()  # the page asks by itself
    clerk.look()
    with page.expect_download() as download:
        page.get_by_role("button", name="下载").click()
    assert download.value.suggested_filename.startswith("人才名单-")
    assert len(workbook_of(download)) == 5

    page = clerk.go("/notices/")
    clerk.sees("您申请的 3 人名单已生成")
    page = clerk.go("/admin/talents/export/")
    clerk.sees("可以下载")

    Export.objects.update(expires_at=timezone.now())
    running.drop_expired(now=timezone.now())
    page = clerk.go(f"/admin/talents/export/{export.pk}/change/")
    clerk.sees("文件不再保留")
    expect(page.get_by_role("button", name="下载")).to_have_count(0)


def test_what_is_no_longer_hers_failed_or_was_stopped_says_what_to_do(clerk, monkeypatch):
    monkeypatch.setattr(operations, "MOST_AT_ONCE", 2)
    right = Permission.objects.get(codename="reveal_talent")
    clerk.user.user_permissions.add(right)
    page = clerk.go(LIST)
    page.get_by_label(re.compile("理由")).fill("报送年度统计")
    page.get_by_label("手机号、身份证号、邮箱").select_option("full")
    clerk.press("后台生成")
    export = Export.objects.get()
    running.work(export.pk)
    clerk.user.user_permissions.clear()
    where = f"/admin/talents/export/{export.pk}/change/"
    clerk.go(where)
    clerk.sees("您已没有查看完整号码的权限")
    Export.objects.update(state="failed")
    clerk.go(where)
    clerk.sees("这份名单没有生成")
    Export.objects.update(state="writing")
    clerk.go(where)
    clerk.press("取消生成")
    clerk.sees("已取消，文件已删除。")
