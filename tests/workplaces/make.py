"""Nurseries as the tests need them."""

from datetime import date

from tests import factories
from workplaces.childcare import operations
from workplaces.flexible import operations as flexible

NOW = factories.NOW
_numbers = iter(range(1, 100000))


def clerk(**fields):
    """Return a clerk of the department that looks after nurseries."""
    return factories.staff("department_clerk", **fields)


def contact(unit=None, name="unit_contact"):
    """Return the contact of a unit."""
    person = factories.user("冯联系", unit=unit or factories.unit())
    person.groups.set(type(person).groups.rel.model.objects.filter(name=name))
    return person


def said(**values):
    """Return what a unit types of a nursery."""
    number = next(_numbers)
    return {
        "name": f"示例托育园{number}",
        "district": "礼嘉街道",
        "address": "礼嘉街道示例路 1 号",
        "phone": "023-67000001",
        "registration": f"渝托备{number}",
        "registered_on": date(2025, 1, 5),
        "subsidised": True,
        "is_open": True,
    } | values


def unchecked(unit=None, now=NOW, **values):
    """Return a nursery whose registration nobody has checked."""
    return operations.save_nursery(
        unit=unit or factories.unit(), values=said(**values), by=None, now=now
    )


def nursery(unit=None, now=NOW, **values):
    """Return a nursery everybody sees."""
    made = unchecked(unit, now, **values)
    return operations.check_registration(nursery=made, by=None, now=now)


def klass(of=None, now=NOW, free=None, **values):
    """Return a class of 12 children from one to two with three carers."""
    typed = {"name": "小一班", "band": "toddler", "capacity": 12, "carers": 3, "price": 2600}
    row = operations.save_class(nursery=of or nursery(), values=typed | values, by=None, now=now)
    if free is not None:
        row = operations.state_free(klass=row, free=free, by=None, now=now)
    return row


def offered(**values):
    """Return what a unit types of flexible work."""
    return {
        "kind": "home",
        "posts": "软件开发岗",
        "pay": "same",
        "workload": "每周两天在家办公",
        "valid_from": date(2025, 1, 5),
        "district": "礼嘉街道",
        "ask": "人力资源部",
        "phone": "023-67000001",
    } | values


def offer(unit=None, now=NOW, **values):
    """Return an offer of flexible work everybody sees."""
    return flexible.save_offer(
        unit=unit or factories.unit(), values=offered(**values), by=None, now=now
    )


def changed_offer(**values):
    """Return the change of an offer whose phone, or another value, was corrected."""
    made = offer()
    values = values or {"phone": "023-67000009"}
    flexible.save_offer(offer=made, values=values, by=None, now=NOW)
    return made.changes.order_by("-pk").first()


def fresh(row):
    """Return a row as it is stored now."""
    return type(row).objects.get(pk=row.pk)
