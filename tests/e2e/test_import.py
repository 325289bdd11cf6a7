"""A clerk imports a unit's form in the browser: upload, preview, refused rows, confirm."""

import re

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
        page.get_by_role("link", name=re.compile("下载退回的行")).click()
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
