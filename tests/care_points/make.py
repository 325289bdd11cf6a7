"""Things of this app the tests need, each saved, anything can be named."""

from itertools import count

from care_points import operations
from care_points.models import CareStation, EarningRule, PointsAccount, Service
from kernel import ids
from tests.factories import NOW
from tests.places.make import place

_numbers = count(1)


def station(*operators, **fields):
    """Return an open Care Station with these operators."""
    fields.setdefault("name", f"示例加油站{next(_numbers)}")
    if "place" not in fields:
        fields["place"] = place()
    made = CareStation.objects.create(**fields)
    made.operators.set(operators)
    return made


def service(**fields):
    """Return a service that can be redeemed for 30 points."""
    if "station" not in fields:
        fields["station"] = station()
    defaults = {
        "category": "home_organising",
        "title": "衣橱整理",
        "description": "上门整理。",
        "cost": 30,
    }
    return Service.objects.create(**(defaults | fields))


def give(talent, points, now=NOW, key=None):
    """Give the talent exactly `points` by a rule of its own; returns the Transfer."""
    rule, _ = EarningRule.objects.get_or_create(
        code=f"test_{points}",
        defaults={"name": "测试", "unit": "event", "points": points, "active_from": "2020-01-01"},
    )
    key = key or f"test:{ids.code()}"
    return operations.earn(rule_code=rule.code, talent=talent, key=key, by=None, now=now)


def redeem(talent, service, now=NOW, key=None):
    """Redeem as the page would."""
    return operations.redeem(
        talent=talent,
        service=service,
        idempotency_key=key or ids.code(20),
        expected_cost=service.cost,
        by=talent.user,
        now=now,
    )


def balance(talent):
    """Return the talent's balance, 0 without an account."""
    return (
        PointsAccount.objects.filter(talent=talent).values_list("balance", flat=True).first() or 0
    )
