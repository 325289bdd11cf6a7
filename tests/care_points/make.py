"""Things of this app the tests need, each saved, anything can be named."""

from datetime import datetime, timedelta
from itertools import count

from django.utils import timezone

from accounts import joint
from care_points import operations
from care_points.models import (
    CareStation,
    EarningRule,
    PointsAccount,
    Provider,
    Service,
    Transfer,
)
from care_points.slots import Slot
from kernel import ids
from places.hours import parse_week
from tests import factories
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


def adjust(talent, points, now=NOW, reason="补记漏登的积分"):
    """Have two people put points on (+) or take them off; returns the Transfer."""
    asked = operations.propose_adjustment(
        talent=talent, points=points, reason=reason, by=factories.staff("points_clerk"), now=now
    )
    joint.confirm(action=asked, by=factories.staff("administrator"), now=now)
    return Transfer.objects.get(request=asked)


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


def timed(**fields):
    """Return a service by appointment: 50 minutes, 10 of pause, 30 points, cancelled without loss a day before."""
    defaults = {"delivery": "appointment", "minutes": 50, "buffer_minutes": 10, "title": "收纳咨询"}
    return service(**(defaults | fields))


def private(**fields):
    """Return a private service whose time is chosen afterwards, beside an ordinary voucher of the same price."""
    made = timed(**({"title": "心理疏导", "category": "womens_health", "private": True} | fields))
    shape = {"station": made.station, "cost": made.cost, "validity_days": made.validity_days}
    service(**shape, title=f"衣橱整理{next(_numbers)}")
    return made


def case(talent, service, text, now=NOW, provider=None):
    """Redeem a private service and choose a time, as the pages would; returns (Redemption, PrivateCase)."""
    voucher = redeem(talent, service, now=now)
    asked = {"voucher": voucher, "slot": slot(text, provider), "by": talent.user, "now": now}
    return voucher, operations.choose_time(**asked)


def provider(*services, weekly="周一至周五 9:00-12:00，14:00-17:00", **fields):
    """Return somebody who gives these services at their station, vetted for a year."""
    fields.setdefault("name", f"周老师{next(_numbers)}")
    fields.setdefault("vetted_until", NOW.date() + timedelta(days=365))
    fields.setdefault("vetted_by", factories.staff("points_clerk"))
    fields.setdefault("station", services[0].station)
    made = Provider.objects.create(weekly=parse_week(weekly), **fields)
    made.services.set(services)
    return made


def slot(text, provider=None):
    """Return the slot that begins at a time in Chongqing ("2026-11-24 09:00")."""
    at = timezone.make_aware(datetime.fromisoformat(text))
    return Slot(at, provider and provider.pk)


def book(talent, service, text, provider=None, now=NOW, key=None):
    """Redeem with a time, as the page would; returns the Redemption."""
    return operations.redeem(
        talent=talent,
        service=service,
        slot=slot(text, provider),
        idempotency_key=key or ids.code(20),
        expected_cost=service.cost,
        by=talent.user,
        now=now,
    )
