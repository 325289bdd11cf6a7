"""What is open to her comes with the reasons, by rules the page tells."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from events import openings
from tests import factories
from tests.care_points import make

pytestmark = pytest.mark.django_db
PAGE = reverse("openings")


def event(**fields):
    """Return an event one can book today, of another department."""
    now = timezone.now()
    fields.setdefault("department", factories.department("science_innovation"))
    times = {"starts_at": now + timedelta(days=3), "booking_opens_at": now - timedelta(days=1)}
    return factories.event(**(times | fields))


def test_each_rule_has_its_reason_and_what_fits_none_is_left_out():
    her = factories.talent(research_fields=["集成电路", "人工智能"])
    event(title="无关的活动")
    event(title="读书会", womens_track=True)
    third = event(title="集成电路沙龙", womens_track=True, department=her.department)
    third.sessions.create(title="人工智能", starts_at=third.starts_at, ends_at=third.ends_at)
    found = openings.find(her, timezone.now())
    assert [(one.title, one.why) for one in found] == [
        (
            "集成电路沙龙",
            (
                "与您的研究方向有关：集成电路、人工智能。",
                "女性议题或专场。",
                "由您所属的部门主办。",
            ),
        ),
        ("读书会", ("女性议题或专场。",)),
    ]


def test_what_she_has_booked_is_not_offered_again():
    her = factories.talent()
    factories.booking(event(womens_track=True), her, now=timezone.now())
    assert openings.find(her, timezone.now()) == []


def test_the_page_tells_reasons_and_rules_and_services_she_has_points_for(client):
    her = factories.talent(research_fields=["集成电路"])
    event(title="集成电路沙龙")
    make.service(title="衣橱整理", cost=30)
    make.service(title="太贵的服务", cost=500)
    make.give(her, 100, now=timezone.now())
    client.force_login(her.user)
    page = client.get(PAGE).content.decode()
    for said in ("与您的研究方向有关：集成电路。", "衣橱整理", "您有 100 积分，兑换需要 30。"):
        assert said in page
    assert "太贵的服务" not in page
    for rule in openings.RULES:
        assert str(rule) in page


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"state": "draft"}, "请先填写档案并提交审核"),
        ({"state": "submitted"}, "您的档案正在审核"),
        ({"moved_away_on": date(2026, 1, 5)}, "点“我回来了”"),
    ],
)
def test_who_cannot_take_part_is_told_what_comes_first(client, fields, said):
    her = factories.talent(**fields)
    event(womens_track=True)
    client.force_login(her.user)
    page = client.get(PAGE)
    assert page.context["found"] == []
    assert said in page.content.decode()


def test_it_costs_the_same_with_one_and_with_many(client, django_assert_num_queries):
    her = factories.talent()
    client.force_login(her.user)
    event(womens_track=True)
    client.get(PAGE)
    # who reads, her record in full, events, her account, calls, those for an honour she was on reserve for, services
    with django_assert_num_queries(7):
        client.get(PAGE)
    for _ in range(4):
        event(womens_track=True)
    with django_assert_num_queries(7):
        client.get(PAGE)
