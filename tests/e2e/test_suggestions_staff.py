"""A suggestion among departments: filed, assigned, drafted by one and signed by another, handed out as a letter."""

import pytest

from accounts.models import Department
from advisory.suggestions.models import Reply
from tests.advisory.suggestions import stages
from tests.advisory.suggestions.stages import LEAD
from tests.e2e.person import DESK

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
HERE = "/admin/advisory/"


def test_from_filing_to_the_signed_letter(person, settings):
    settings.STAFF_SECOND_FACTOR = False
    row = stages.sent(title="托育点延长到七点半")
    coordinator = person(DESK).sign_in(stages.clerk())
    page = coordinator.go(f"{HERE}suggestion/{row.pk}/file/")
    page.get_by_role("button", name="立案", exact=True).click()
    page.wait_for_load_state()
    page = coordinator.go(f"{HERE}suggestion/{row.pk}/assign/")
    page.get_by_label("部门").select_option(label=str(Department.objects.get(code=LEAD)))
    page.get_by_label("主办").check()
    page.get_by_role("button", name="交办", exact=True).click()
    page.wait_for_load_state()
    lead = person(DESK).sign_in(stages.clerk(LEAD))
    page = lead.go(f"{HERE}suggestion/{row.pk}/draft/")
    page.get_by_label("A 类：已经解决或采纳").check()
    page.locator("#id_text").fill(stages.TEXT)
    page.get_by_role("button", name="保存草稿").click()
    page.wait_for_load_state()
    reply = Reply.objects.get()
    page = lead.go(f"{HERE}reply/{reply.pk}/hand-in/")
    page.get_by_role("button", name="送签", exact=True).click()
    page.wait_for_load_state()
    signer = person(DESK).sign_in(stages.signer())
    page = signer.go(f"{HERE}reply/{reply.pk}/sign/")
    page.get_by_role("button", name="签发答复", exact=True).click()
    page.wait_for_load_state()
    assert stages.fresh(reply).state == "signed"
    page = lead.go(f"{HERE}suggestion/{row.pk}/change/")
    with page.expect_download() as letter:
        page.get_by_role("link", name="下载 PDF").click()
    assert letter.value.suggested_filename.endswith(".pdf")
    coordinator.go(f"{HERE}assignment/board/")
