"""The same moment: seats, the queue, points, vouchers and locks, with a web process killed in between."""

import os
import secrets
import signal
import threading
import time
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from care_points.models import PointsAccount, Redemption
from care_points.reconciliation import reconcile
from events.models import Booking
from kernel import ids
from talents.models import Talent
from tests import factories
from tests.care_points import make
from tools.attack import world
from tools.attack.browser import at_once, broken_down
from tools.attack.cases import Outcome, case
from tools.attack.memory import largest

HOURS = "/admin/care_points/servicehours/add/"


def again_and_again(browser, path, form, times=6):
    """Send a form again, with its key, until the server answers: what somebody does whose page stood still."""
    for _n in range(times):
        try:
            return browser.post(path, form)
        except OSError:
            time.sleep(0.3)
    return ConnectionError("no answer")


def rush(port, women, seats, between=lambda: None):
    """Let women book one event sixteen at a time; return (answers, the event)."""
    event = world.event(capacity=seats)
    path = f"/events/{event.code}/book/"

    def job(talent):
        browser, form = world.browser(port, talent.user), {"key": secrets.token_urlsafe(16)}
        return lambda: again_and_again(browser, path, form)

    jobs = [job(world.woman()) for _ in range(women)]
    threading.Timer(0.15, between).start()
    return at_once(jobs, 16), event


def judged(event, women, seats):
    """Return what is wrong with who sits and who waits, "" where all is exact."""
    event.refresh_from_db()
    rows = list(Booking.objects.filter(event=event).order_by("place").values_list("place", "state"))
    expected = [(n, "confirmed" if n <= seats else "waitlisted") for n in range(1, women + 1)]
    counted = (event.seats_taken, event.waiting, event.last_place)
    if rows != expected:
        seated = sum(state == "confirmed" for _place, state in rows)
        return f"{len(rows)} of {women} booked, {seated} on {seats} seats"
    return "" if counted == (seats, women - seats, women) else f"counted {counted}"


@case
def seats_while_a_worker_is_killed(attack):
    """Book 40 seats for 120 women in one moment while a web process is killed with -9: nobody lost, nobody doubled."""
    killed = []

    def kill():
        killed.append(largest(attack.web))
        os.kill(killed[0], signal.SIGKILL)

    answers, event = rush(attack.port, 120, 40, kill)
    wrong, faults = judged(event, 120, 40), broken_down(answers)
    return Outcome(
        120,
        bool(wrong) or faults > 0 or not killed,
        f"{wrong or '40 seated, 80 waiting in order'}, {faults} faults",
    )


@seats_while_a_worker_is_killed.control
def _(attack):
    answers, event = rush(attack.unguarded, 60, 20)
    wrong, faults = judged(event, 60, 20), broken_down(answers)
    return Outcome(
        60,
        bool(wrong) or faults > 0,
        f"without the event's lock: {wrong or 'exact'}, {faults} faults",
    )


def given_back(port):
    """Let everybody who sits cancel in one moment while others book; return (answers, event)."""
    answers, event = rush(port, 40, 20)
    seated = Booking.objects.filter(event=event, state="confirmed").select_related("talent__user")
    jobs = []
    for booking in seated:
        hers = world.browser(port, booking.talent.user)
        jobs.append(lambda b=hers, c=booking.code: b.post(f"/events/mine/{c}/cancel/"))
    for _n in range(10):
        newcomer = world.browser(port, world.woman().user)
        jobs.append(
            lambda b=newcomer: b.post(
                f"/events/{event.code}/book/", {"key": secrets.token_urlsafe(16)}
            )
        )
    jobs = jobs[::2] + jobs[1::2]
    return answers + at_once(jobs, 16), event


def moved_up(event):
    """Return what is wrong after twenty gave their seats back: the first twenty of thirty waiting sit now."""
    event.refresh_from_db()
    rows = list(
        Booking.objects.filter(event=event, state__in=("confirmed", "waitlisted"))
        .order_by("place")
        .values_list("state", flat=True)
    )
    expected = ["confirmed"] * 20 + ["waitlisted"] * 10
    if rows != expected:
        return f"{rows.count('confirmed')} sit, {rows.count('waitlisted')} wait, in order: {rows == sorted(rows)}"
    return (
        ""
        if (event.seats_taken, event.waiting) == (20, 10)
        else f"counted {event.seats_taken}, {event.waiting}"
    )


@case
def queue_when_seats_come_back(attack):
    """Give twenty seats back while ten book: the seats go down the queue, in its order, and to nobody else."""
    answers, event = given_back(attack.port)
    wrong, faults = moved_up(event), broken_down(answers)
    return Outcome(
        70, bool(wrong) or faults > 0, f"{wrong or 'twenty moved up in order'}, {faults} faults"
    )


@queue_when_seats_come_back.control
def _(attack):
    answers, event = given_back(attack.unguarded)
    wrong, faults = moved_up(event), broken_down(answers)
    return Outcome(
        70,
        bool(wrong) or faults > 0,
        f"without the event's lock: {wrong or 'exact'}, {faults} faults",
    )


def spend(port, clicks, key=None):
    """Redeem 10 points from a balance of 50, sixteen at a time; return (answers, vouchers, balance)."""
    talent, service = world.woman(), make.service(cost=10)
    make.give(talent, 50, now=timezone.now())
    browser, path = world.browser(port, talent.user), f"/points/services/{service.pk}/redeem/"

    def job():
        form = {"key": key or ids.code(20), "cost": 10}
        return lambda: browser.post(path, form)

    answers = at_once([job() for _ in range(clicks)], 16)
    balance = PointsAccount.objects.get(talent=talent).balance
    return answers, Redemption.objects.filter(talent=talent).count(), balance


@case
def points_spent_twice(attack):
    """Spend 50 points 48 times in one moment. Five vouchers, nothing below zero, the ledger sums."""
    answers, vouchers, balance = spend(attack.port, 48)
    faults, sound = broken_down(answers), reconcile().sound
    return Outcome(
        48,
        (vouchers, balance, sound) != (5, 0, True) or faults > 0,
        f"{vouchers} vouchers, balance {balance}, ledger {'sums' if sound else 'DOES NOT SUM'}, {faults} faults",
    )


@points_spent_twice.control
def _(attack):
    answers, vouchers, balance = spend(attack.unguarded, 48)
    faults = broken_down(answers)
    return Outcome(
        48,
        vouchers != 5 or faults > 0,
        f"without the account's lock: {vouchers} vouchers, balance {balance}, {faults} faults",
    )


@case
def button_pressed_often(attack):
    """Press one button sixteen times. One voucher: the page's key stands for one redemption."""
    answers, vouchers, balance = spend(attack.port, 16, ids.code(20))
    faults = broken_down(answers)
    return Outcome(
        16,
        (vouchers, balance) != (1, 40) or faults > 0,
        f"{vouchers} voucher, balance {balance}, {faults} faults",
    )


@button_pressed_often.control
def _(attack):
    _answers, vouchers, balance = spend(attack.port, 3)
    return Outcome(3, vouchers == 3, f"three keys: {vouchers} vouchers, balance {balance}")


def fulfilled(attack, desks):
    """Use one voucher at sixteen desks in one moment; return (answers that led on, faults)."""
    operator = factories.user("吴站长", phone=world.phone())
    service = make.service(station=make.station(operator))
    talent = world.woman()
    make.give(talent, 500, now=timezone.now())
    vouchers = [make.redeem(talent, service, now=timezone.now()) for _ in range(desks)]

    def job(number):
        browser = world.browser(attack.port, operator)
        form = {"code": vouchers[number % desks].code}
        return lambda: browser.post("/points/station/fulfil/", form)

    answers = at_once([job(n) for n in range(16)], 16)
    return sum(not isinstance(a, Exception) and a.status == 302 for a in answers), broken_down(
        answers
    )


@case
def voucher_used_twice(attack):
    """Use one voucher at sixteen desks in one moment. One takes it."""
    taken, faults = fulfilled(attack, 1)
    return Outcome(16, taken != 1 or faults > 0, f"taken {taken} time, {faults} faults")


@voucher_used_twice.control
def _(attack):
    taken, _faults = fulfilled(attack, 3)
    return Outcome(16, taken == 3, f"three vouchers: taken {taken} times")


# --- deadlocks ----------------------------------------------------------------------------------------


def deadlocks():
    """Return how many deadlocks the database has met."""
    time.sleep(1.2)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return cursor.fetchone()[0]


def record_hours(port, rounds):
    """Let two clerks record hours for the same women at once, one in the other's order; return (met, faults)."""
    women = [world.woman() for _ in range(12)]
    for woman in women:
        PointsAccount.objects.of(woman)
    codes = [woman.code for woman in women]
    clerks = [world.browser(port, factories.staff("department_clerk")) for _ in range(2)]
    before, answers = deadlocks(), []
    for number in range(rounds):
        jobs = []
        for clerk, order, hour in ((clerks[0], codes, 8), (clerks[1], codes[::-1], 14)):
            day = timezone.localdate() - timedelta(days=2 + number)
            form = {
                "people": "\n".join(order),
                "activity": "社区科普",
                "day": day.isoformat(),
                "start": f"{hour:02d}:00",
                "hours": "1",
            }
            jobs.append(lambda c=clerk, f=form: c.post(HOURS, f))
        answers += at_once(jobs, 2)
    recorded = sum(not isinstance(a, Exception) and a.status == 302 for a in answers)
    return deadlocks() - before, broken_down(answers), recorded


@case
def deadlocks_of_clerks(attack):
    """Have two clerks lock each other up by the order in which they type the same twelve women, 25 times."""
    met, faults, recorded = record_hours(attack.port, 25)
    return Outcome(
        50,
        met > 0 or faults > 0 or recorded != 50,
        f"{met} deadlocks, {recorded} of 50 recorded, {faults} faults",
    )


@deadlocks_of_clerks.control
def _(attack):
    met, faults, recorded = record_hours(attack.unguarded, 5)
    return Outcome(
        10,
        met > 0,
        f"locked in the order typed, no second try: {met} deadlocks, {recorded} of 10 recorded, {faults} faults",
    )


# --- first saves ---------------------------------------------------------------------------------------


def first_saves(port, people):
    """Save step 1 sixteen times in one moment; return (records that came of it, faults)."""
    persons = [factories.user("苏初", phone=world.phone()) for _ in range(people)]
    form = {"full_name": "苏初", "birth_month_year": 1990, "birth_month_month": 3}

    def job(number):
        browser = world.browser(port, persons[number % people])
        return lambda: browser.post("/me/profile/1/", form)

    answers = at_once([job(n) for n in range(16)], 16)
    return Talent.objects.filter(user__in=persons).count(), broken_down(answers)


@case
def first_saves_at_once(attack):
    """Save a profile's first step sixteen times in one moment. One record, no fault."""
    records, faults = first_saves(attack.port, 1)
    return Outcome(16, records != 1 or faults > 0, f"{records} record, {faults} faults")


@first_saves_at_once.control
def _(attack):
    records, _faults = first_saves(attack.port, 4)
    return Outcome(16, records == 4, f"four women: {records} records")
