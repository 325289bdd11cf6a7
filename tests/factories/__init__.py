"""Test data as plain functions: each makes one saved thing with sensible values, anything can be named."""

from datetime import UTC, date, datetime, timedelta
from itertools import count

from django.contrib.auth.models import Group

from accounts.models import Department, Unit, User
from events import operations
from events.models import Event
from privacy.models import Consent
from talents.models import Talent

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # Monday 10:00 in Chongqing
_numbers = count(1)


def department(code="women_federation"):
    """Return one of the seven departments."""
    return Department.objects.get(code=code)


def unit(name=None, **fields):
    """Return an enterprise that is a partner."""
    fields.setdefault("kind", "enterprise")
    fields.setdefault("is_partner", True)
    return Unit.objects.create(name=name or f"重庆示例{next(_numbers)}有限公司", **fields)


def user(full_name="王小敏", **fields):
    """Return a person with a verified phone (140-0000-xxxx) and no password."""
    number = next(_numbers)
    fields.setdefault("phone", f"1400000{number:04d}")
    fields.setdefault("phone_verified", True)
    return User.objects.create_user(full_name=full_name, **fields)


def staff(*roles, department_code="women_federation", **fields):
    """Return a member of staff of a department with the roles (group codes)."""
    fields.setdefault("full_name", "李干事")
    person = user(is_staff=True, department=department(department_code), **fields)
    person.groups.set(Group.objects.filter(name__in=roles))
    return person


def talent(**fields):
    """Return a verified talent with an account; `user=None` makes one a unit reported."""
    name = fields.setdefault("full_name", "王小敏")
    if "user" not in fields:
        fields["user"] = user(name)
    fields.setdefault("department", department())
    fields.setdefault("state", "verified")
    if fields["state"] == "verified":
        fields.setdefault("verified_at", NOW)
    fields.setdefault("birth_month", date(1990, 3, 1))
    fields.setdefault("created_at", NOW)
    fields.setdefault("updated_at", NOW)
    return Talent.objects.create(**fields)


def consent(person, purpose, granted=True, at=NOW):
    """Record a consent as the page would."""
    return Consent.objects.create(
        user=person, purpose=purpose, granted=granted, text_version="1", at=at
    )


def event(**fields):
    """Return a published event in three days (14:00 to 16:00 in Chongqing), open for booking, 3 seats."""
    start = fields.setdefault("starts_at", NOW + timedelta(days=3, hours=4))
    fields.setdefault("ends_at", start + timedelta(hours=2))
    fields.setdefault("booking_opens_at", min(NOW, start) - timedelta(days=7))
    fields.setdefault("booking_closes_at", start)
    fields.setdefault("title", "智能制造女科学家沙龙")
    fields.setdefault("kind", "salon")
    fields.setdefault("summary", "与三位一线女科学家面对面")
    fields.setdefault("venue", "两江人才大厦")
    fields.setdefault("capacity", 3)
    fields.setdefault("department", department())
    if "organiser" not in fields:
        fields["organiser"] = staff("event_organiser", department_code=fields["department"].code)
    fields.setdefault("state", "published")
    if fields["state"] != "draft":
        fields.setdefault("published_at", NOW - timedelta(days=7))
    fields.setdefault("created_at", NOW - timedelta(days=8))
    fields.setdefault("updated_at", NOW - timedelta(days=8))
    return Event.objects.create(**fields)


def booking(event, talent=None, now=NOW):
    """Book a seat of `event` (or a place in its queue) for a new verified talent."""
    return operations.book(event=event, talent=talent or globals()["talent"](), by=None, now=now)
