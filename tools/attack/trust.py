"""What people are trusted with: reading what is not theirs, a statistic's newest person, one's own advantage."""

import json
import logging
from datetime import timedelta
from itertools import pairwise

import redis
from django.db import transaction
from django.db.models import F
from django.test import override_settings
from django.utils import timezone

from care_points import operations as points
from events.models import Booking
from privacy.models import ReleasedTable
from talents.models import Talent
from tests import factories
from tests.care_points import make
from tests.walk import routes
from tests.walk.table import MAY, PUBLIC, SIGNED_IN
from tests.walk.walker import Walker
from tests.walk.world import World
from tools.attack import interface, world
from tools.attack.cases import Outcome, case

OUTSIDERS = ("another_woman", "staff_elsewhere", "partner_elsewhere")
# The walk is about who may; the second factor and the limits have cases of their own.
ALONE = {
    "PORTAL_ENV": "production",
    "STAFF_SECOND_FACTOR": False,
    "ACCOUNT_RATE_LIMITS": False,
    "API_REQUESTS_PER_MINUTE": 10**9,
    "API_TOKENS_PER_MINUTE": 10**9,
}


def walked(role, may, at, **settings):
    """Send one of the cast everywhere with ids and fields that are not hers; everything is taken back."""
    logging.getLogger("django").setLevel(logging.CRITICAL)
    with transaction.atomic(), override_settings(**ALONE, **settings):
        walker = Walker(World(), role, may, at)
        faults = walker.walk()
        transaction.set_rollback(True)
    return walker.asked, faults


@case
def foreign_ids_everywhere(attack):
    """Read or change what is another's: each address of the resolver, each method, her ids and fields no form asks for."""
    asked, faults = 0, []
    for role in OUTSIDERS:
        tried, found = walked(role, MAY, routes.routes())
        asked, faults = asked + tried, faults + found
    return Outcome(
        asked,
        bool(faults),
        f"{len(OUTSIDERS)} outsiders, {len(routes.routes())} addresses: {len(faults)} faults {[f.key for f in faults][:3] or ''}",
    )


@foreign_ids_everywhere.control
def _(attack):
    at = {name: f"{name}/" for name in ("shows", "takes", "believes", "breaks", "lets_in")}
    may = {"shows": PUBLIC, "lets_in": frozenset({"woman"})} | dict.fromkeys(
        ["takes", "believes", "breaks"], SIGNED_IN
    )
    asked, faults = walked("another_woman", may, at, ROOT_URLCONF="tests.walk.leaky_urls")
    found = {fault.key for fault in faults}
    return Outcome(asked, found == set(at), f"five leaky pages: {len(found)} found")


# --- statistics ----------------------------------------------------------------------------------------


class Reader:
    """A partner who reads the statistics each day."""

    def __init__(self, attack):
        self.attack = attack
        key, secret = interface.key(scopes=["statistics:read"])
        self.token = interface.token(attack.port, key.client_id, secret)

    def tomorrow(self):
        """Return what the statistics say the next day, without the moment."""
        ReleasedTable.objects.update(looked_at=F("looked_at") - timedelta(days=1))
        with redis.Redis.from_url(self.attack.redis.url) as client:
            for name in client.scan_iter("*reports.statistics*"):
                client.delete(name)
        answer = interface.read(self.attack.port, "/statistics/", self.token)
        if answer.status != 200:
            raise AssertionError(f"statistics answered {answer.status}")
        told = json.loads(answer.body)
        return {path: value for path, value in flat(told) if path != ".as_of"}


def flat(value, path=""):
    """Yield (path, figure) of everything in a JSON value."""
    if not isinstance(value, dict):
        yield path, value
        return
    for name, inner in value.items():
        yield from flat(inner, f"{path}.{name}")


def closest_moves(days):
    """Return (how many figures moved, the fewest days between two moves of one figure); one woman joined a day."""
    moves = {}
    for day, (before, after) in enumerate(pairwise(days)):
        for path in before.keys() | after.keys():
            if before.get(path) != after.get(path):
                moves.setdefault(path, []).append(day)
    gaps = [b - a for days_of in moves.values() for a, b in pairwise(days_of)]
    return len(moves), min(gaps, default=None)


JOINERS = 32


@case
def joiner_in_statistics(attack):
    """Learn from daily statistics that one woman was taken in. Ten stand behind each move of each figure."""
    reader, days, exact = Reader(attack), [], []
    for _n in range(JOINERS):
        days.append(reader.tomorrow())
        exact.append({"people": Talent.objects.verified().count()})
        world.woman("顾统计")
    attack.exact = exact
    moved, gap = closest_moves(days)
    broken = not moved or gap is None or gap < 10
    return Outcome(
        JOINERS,
        broken,
        f"one woman a day, {JOINERS} days: {moved} figures moved, never within {gap} of each other",
    )


@joiner_in_statistics.control
def _(attack):
    _moved, gap = closest_moves(attack.exact)
    return Outcome(JOINERS, gap == 1, f"the exact count moves every {gap} day")


# --- one's own advantage ---------------------------------------------------------------------------------


def helped(attack, own):
    """Be operator, organiser and clerk, and do for oneself (or another) what gives points and services; what went through."""
    now = timezone.now()
    me = world.woman()
    person = me.user
    staff = factories.staff("event_organiser", "department_clerk", "points_clerk")
    for name in ("is_staff", "department"):
        setattr(person, name, getattr(staff, name))
    person.save()
    person.groups.set(staff.groups.all())
    her = me if own else world.woman()
    service = make.service(cost=10, station=make.station(person))
    make.give(her, 50, now=now)
    voucher = make.redeem(her, service, now=now)
    event = world.event(organiser=person, starts_at=now + timedelta(minutes=20))
    booking = factories.booking(event, her, now=now)
    browser, through = world.browser(attack.port, person), []
    browser.post("/points/station/fulfil/", {"code": voucher.code})
    voucher.refresh_from_db()
    if voucher.fulfilled_at:
        through.append("voucher")
    browser.post(f"/events/{event.code}/door/", {"code": booking.code})
    if Booking.objects.get(pk=booking.pk).checked_in_at:
        through.append("check-in")
    hours = points.record_hours(
        talent=her,
        activity="科普",
        starts_at=now - timedelta(days=2),
        half_hours=2,
        by=factories.staff("department_clerk"),
        now=now,
    )
    browser.post(
        "/admin/care_points/servicehours/",
        {"action": "confirm_selected", "_selected_action": hours.pk},
    )
    hours.refresh_from_db()
    if hours.state == "confirmed":
        through.append("hours")
    return through


@case
def own_hand(attack):
    """Give oneself points and services: use one's own voucher, check oneself in, confirm one's own hours. None goes through."""
    through = helped(attack, own=True)
    return Outcome(3, bool(through), f"for herself: {through or 'nothing'}")


@own_hand.control
def _(attack):
    through = helped(attack, own=False)
    return Outcome(3, len(through) == 3, f"for somebody else: {through}")


def after_revocation(port):
    """Spend thirty of fifty points, let the fifty be revoked, cancel the voucher; the points she has then."""
    now, her = timezone.now(), world.woman()
    earned = make.give(her, 50, now=now)
    browser = world.browser(port, her.user)
    voucher = make.redeem(her, make.service(cost=30), now=now)
    points.reverse(transfer=earned, reason="荣誉撤销", by=None, now=now)
    answer = browser.post(f"/points/vouchers/{voucher.pk}/cancel/")
    voucher.refresh_from_db()
    if voucher.state != "cancelled":
        raise AssertionError(f"cancelling answered {answer.status}, the voucher is {voucher.state}")
    return make.balance(her)


@case
def revoked_points_cancelled_back(attack):
    """Put points into a voucher before they are revoked, and cancel it afterwards. They do not come back."""
    left = after_revocation(attack.port)
    return Outcome(4, left != 0, f"{left} points left of 50 that were revoked")


@revoked_points_cancelled_back.control
def _(attack):
    left = after_revocation(attack.unguarded)
    return Outcome(4, left > 0, f"{left} points left")
