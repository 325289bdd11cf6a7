"""A clerk imports a unit's form in the browser: upload, preview, refused rows, confirm."""

import io
import re

import openpyxl
import pytest
from playwright.sync_api import expect

from talents.imports import running
from talents.models import ImportRun, Talent
from tests import factories
from tests.e2e.person import DESK, Person

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
FORM = "tests/talents/imports/data/talent_collection_form.xlsx"


def test_a_form_is_previewed_before_anything_is_written_and_imported_once(
    browser, live_server, settings
):
    settings.STAFF_SECOND_FACTOR = False
    errors = []
    clerk = Person(browser, live_server.url, DESK, errors)
    clerk.sign_in(factories.staff("department_clerk", full_name="周雨桐"))

    page = clerk.go("/admin/talents/importrun/add/")
    page.locator("input[type=file]").set_input_files(FORM)
    page.get_by_role("button", name="上传并预览").click()
    page.wait_for_load_state()
    run = ImportRun.objects.get()
    running.work(run.pk)
    assert (ImportRun.objects.get().state, Talent.objects.count()) == ("ready", 0)

    page = clerk.go(f"/admin/talents/importrun/{run.pk}/change/")
    clerk.sees("新增 54 人")
    clerk.sees("B21")
    page.get_by_role("link", name=re.compile("^退回")).click()
    page.wait_for_load_state()
    clerk.look()
    with page.expect_download() as download:
        page.get_by_role("button", name=re.compile("下载退回的行")).click()
    assert download.value.suggested_filename.endswith(".xlsx")

    page = clerk.go(f"/admin/talents/importrun/{run.pk}/change/")
    page.get_by_role("button", name=re.compile("确认导入")).click()
    page.wait_for_load_state()
    running.work(run.pk)
    running.work(run.pk)  # a second worker finds nothing to do
    page = clerk.go(f"/admin/talents/importrun/{run.pk}/change/")
    assert (ImportRun.objects.get().state, Talent.objects.count()) == ("done", 54)
    expect(page.get_by_role("button", name=re.compile("确认导入"))).to_have_count(0)
    assert errors == []


def test_a_form_whose_names_nobody_knows_is_told_once_and_read_by_itself_the_next_time(
    browser, live_server, settings
):
    settings.STAFF_SECOND_FACTOR = False
    errors = []
    clerk = Person(browser, live_server.url, DESK, errors)
    clerk.sign_in(factories.staff("department_clerk", full_name="周雨桐"))

    page = sent(clerk, ("姜婧彤", "14000008387", "重庆两江医院", "研发工程师"))
    clerk.sees("没有找到“姓名”列，还不能导入。")
    expect(page.get_by_role("button", name=re.compile("下载退回的行"))).to_have_count(0)
    page.get_by_label("女同志 姜婧彤").select_option(label="姓名")
    page.get_by_label("做什么 研发工程师").select_option(label="职务")
    page.get_by_role("button", name="记住并重新读取").click()
    page.wait_for_load_state()
    running.work(ImportRun.objects.get().pk)
    page = clerk.go(f"/admin/talents/importrun/{ImportRun.objects.get().pk}/change/")
    clerk.sees("按本部门记住的对应关系读取了这些列：女同志、做什么。")
    page.get_by_role("button", name=re.compile("确认导入 1 人")).click()
    page.wait_for_load_state()
    running.work(ImportRun.objects.get().pk)
    assert Talent.objects.get().full_name == "姜婧彤"

    page = sent(clerk, ("冉璐", "14000008388", "重庆两江医院", "医师"))
    clerk.sees("确认后将新增 1 人")
    page.get_by_text("修改这些列的对应关系").click()
    clerk.look()
    page.get_by_role("button", name="忘记对应关系").click()
    page.wait_for_load_state()
    run = ImportRun.objects.order_by("pk").last()
    running.work(run.pk)
    clerk.go(f"/admin/talents/importrun/{run.pk}/change/")
    clerk.sees("没有找到“姓名”列，还不能导入。")
    assert errors == []


def sent(clerk, row):
    """Upload a form with one row in the browser and have it read; returns the page of its preview."""
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.append(("女同志", "手机", "工作单位", "做什么"))
    book.active.append(row)
    book.save(out)
    page = clerk.go("/admin/talents/importrun/add/")
    page.locator("input[type=file]").set_input_files(
        {"name": "名单.xlsx", "mimeType": "application/zip", "buffer": out.getvalue()}
    )
    page.get_by_role("button", name="上传并预览").click()
    page.wait_for_load_state()
    run = ImportRun.objects.order_by("pk").last()
    running.work(run.pk)
    return clerk.go(f"/admin/talents/importrun/{run.pk}/change/")
