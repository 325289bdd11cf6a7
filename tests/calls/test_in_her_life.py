"""Calls in what the talent database tells her and of her: what suits her, her growth, who applied."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from calls import growth, openings, operations
from tests import factories
from tests.calls import make
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_a_call_that_suits_her_comes_with_its_reasons_and_what_fits_no_rule_is_left_out():
    her = factories.talent(research_fields=["集成电路"])
    elsewhere = factories.department("science_innovation")
    make.call(title="集成电路专项", department=elsewhere)
    make.call(title="三八红旗手推荐")
    make.call(title="别的项目", department=elsewhere)
    make.call(title="不接受自荐", sources=["unit"])
    make.call(title="还没有开始", opens_at=NOW + timedelta(days=1))
    make.draft(title="草稿")
    make.begun(make.call(title="已经开始填的"), her)
    make.begun(make.call(title="别人开始填的"))
    found = {one.title: one.why for one in openings.find(her, NOW)}
    assert found == {
        "集成电路专项": ("与您的研究方向有关：集成电路。",),
        "三八红旗手推荐": ("由您所属的部门牵头。",),
        "别人开始填的": ("由您所属的部门牵头。",),
    }


def test_her_page_shows_them_with_the_rules(client):
    her, now = factories.talent(), timezone.now()
    make.call(now)
    client.force_login(her.user)
    page = client.get(reverse("openings")).text
    for said in ("三八红旗手推荐", "截止申报", "由您所属的部门牵头。", *map(str, openings.RULES)):
        assert said in page


def test_what_she_was_chosen_for_is_a_milestone_once_it_is_told():
    application = make.accepted()
    her = application.talent
    operations.decide_application(application=application, result="awarded", by=None, now=NOW)
    assert growth.milestones(her) == []
    told_at = make.over(application)
    operations.conclude_call(call=application.call, by=None, now=told_at)
    (one,) = growth.milestones(her)
    assert (one.title, str(one.kind), str(one.note), one.honour) == (
        "三八红旗手推荐",
        "荣誉推荐",
        "入选",
        False,  # the honour it leads to is one
    )
    assert one.day == timezone.localdate(told_at)


def test_who_handed_in_has_applied_and_who_took_it_back_has_not():
    handed_in, _begun, withdrawn = make.handed_in(), make.begun(), make.handed_in()
    operations.withdraw_application(application=withdrawn, by=None, now=NOW)
    for since in (None, NOW - timedelta(days=1)):
        assert list(growth.applied_since(since)) == [{"talent": handed_in.talent_id}]
    assert not growth.applied_since(NOW + timedelta(days=1)).exists()
