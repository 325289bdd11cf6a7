"""Calls in a browser: she applies, staff make the selected known, a stranger objects, the answer is read."""

import pytest
from django.urls import reverse
from django.utils import timezone

from calls.models import Objection
from tests import factories
from tests.calls import make
from tests.e2e.person import DESK

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_she_applies_on_her_phone(person):
    call = make.call(timezone.now())
    woman = person().sign_in(factories.talent(unit=factories.unit()).user)
    woman.go(reverse("calls"), least="minor")
    woman.go(call.get_absolute_url(), least="minor")
    woman.press("开始申报")
    woman.page.get_by_label("主要事迹").fill("在一线攻关三年")
    woman.press("提交申报")
    woman.sees("已提交，待受理")
    woman.go(reverse("my_applications"), least="minor")


def test_who_is_selected_is_made_known_and_a_stranger_objects(person, settings):
    settings.STAFF_SECOND_FACTOR = False
    call, _women = make.noted(2, at=timezone.now())
    drafted = make.notice_draft(call, timezone.now(), fields=call.fields.all())
    clerk = person(DESK).sign_in(factories.staff("department_clerk"))
    clerk.go(reverse("admin:calls_publicnotice_start", args=[drafted.pk]))
    clerk.press("开始公示")
    clerk.sees("已开始公示")

    stranger = person()
    stranger.go(reverse("public_notices"), least="minor")
    stranger.go(drafted.get_absolute_url(), least="minor")
    stranger.press("提出异议", role="link")
    stranger.page.get_by_label("异议内容").fill("材料里的获奖年份与公开报道不一致。")
    stranger.press("提出异议")
    stranger.sees("请填写姓名和联系方式，或选择匿名提出。")
    stranger.page.get_by_label("匿名提出").check()
    stranger.press("提出异议")
    stranger.sees("待处理")
    receipt = stranger.page.url

    objection = Objection.objects.get()
    clerk.go(reverse("admin:calls_objection_changelist"))
    clerk.go(reverse("admin:calls_objection_settle", args=[objection.pk]))
    clerk.page.get_by_label("处理结果").select_option(label="不成立")
    clerk.page.get_by_label("答复").fill("经核实，年份以证书为准，公示无误。")
    clerk.press("保存")
    stranger.go(receipt)
    stranger.sees("经核实，年份以证书为准，公示无误")
    for name in ("call_changelist", "application_changelist", "publicnotice_changelist"):
        clerk.go(reverse(f"admin:calls_{name}"))
    clerk.go(reverse("admin:calls_call_form_page", args=[call.pk]))
    clerk.go(reverse("admin:calls_publicnotice_add") + f"?call={call.pk}")
