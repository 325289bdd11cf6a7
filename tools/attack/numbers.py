"""Whole numbers of people, by those who work with masked ones."""

import re
from datetime import timedelta

from django.utils import timezone

from privacy.models import AuditEntry
from tests import factories
from tools.attack import world
from tools.attack.cases import Outcome, case

FIND = "/admin/talents/talent/by-number/"
HOURS = "/admin/care_points/servicehours/add/"
DESK = "/admin/talents/talent/"


def middles(phone, count):
    """Return `count` numbers that look like the masked one (138****1234), the true one last."""
    made = [f"{phone[:3]}{n:04d}{phone[7:]}" for n in range(1000, 1000 + count)]
    return [*[number for number in made if number != phone][: count - 1], phone]


def alerts(user):
    """Return the alerts the audit log holds about somebody."""
    return AuditEntry.objects.filter(action="privacy.alert", actor_id=user.pk).count()


def completed_by_hours(port, tries):
    """Complete a masked phone by typing guesses as people who worked as volunteers, ten a form."""
    clerk, victim = factories.staff("department_clerk"), world.woman()
    talent_phone = world.phone()
    victim.phone = talent_phone
    victim.save()
    browser, guesses = world.browser(port, clerk), middles(talent_phone, tries)
    day = timezone.localdate() - timedelta(days=2)
    answers = []
    for start in range(0, len(guesses), 10):
        form = {
            "people": "\n".join(guesses[start : start + 10]),
            "activity": "社区科普", "day": day.isoformat(), "start": "09:00", "hours": "1",
        }  # fmt: skip
        answers.append(browser.post(HOURS, form))
    entries = AuditEntry.objects.filter(actor_id=clerk.pk, action="privacy.look_up")
    missed = sum(entry.detail["missed"] for entry in entries)
    # The tenth form names her: all lines are answered but hers.
    lines = re.findall(r"第 (\d+) 行", answers[-1].text)
    completed = bool(lines) and len(set(lines)) == len(guesses[start:]) - 1
    return completed, missed, alerts(clerk), len(answers)


@case
def masked_phone_by_hours(attack):
    """Complete 138****1234 by typing guesses as volunteers. Twenty misses an hour; then nobody looks, others are told."""
    completed, missed, told, posts = completed_by_hours(attack.port, 200)
    return Outcome(
        posts,
        completed or missed > 30 or not told,
        f"{missed} misses counted of 199, alert {'raised' if told else 'MISSING'}, phone {'completed' if completed else 'not found'}",
    )


@masked_phone_by_hours.control
def _(attack):
    completed, missed, _told, posts = completed_by_hours(attack.unguarded, 200)
    return Outcome(
        posts, completed, f"{missed} misses, phone {'completed' if completed else 'not found'}"
    )


def found_by_phone(port, tries):
    """Look whole numbers up at the desk; is the true one, tried last, found?"""
    clerk, victim = factories.staff("department_clerk"), world.woman()
    victim.phone = world.phone()
    victim.save()
    browser, answer = world.browser(port, clerk), None
    for number in middles(victim.phone, tries):
        answer = browser.post(FIND, {"number": number})
    return answer.location == f"{DESK}{victim.pk}/change/", alerts(clerk)


@case
def masked_phone_by_look_up(attack):
    """Complete a masked phone at the desk's own look-up. After twenty misses it answers nobody for an hour."""
    found, told = found_by_phone(attack.port, 41)
    return Outcome(
        41,
        found or not told,
        f"the true one as the 41st: {'found' if found else 'not looked at'}, alert {'raised' if told else 'MISSING'}",
    )


@masked_phone_by_look_up.control
def _(attack):
    found, _told = found_by_phone(attack.unguarded, 41)
    return Outcome(41, found, f"{'found' if found else 'not looked at'}")


def revealed(port, count):
    """See whole numbers one after the other, each with a reason; how many were shown, and at which the alert came."""
    reviewer = factories.staff("department_reviewer")
    browser, shown, alerted_at = world.browser(port, reviewer), 0, 0
    for number in range(1, count + 1):
        victim = world.woman()
        victim.phone = phone = world.phone()
        victim.save()
        answer = browser.post(
            f"{DESK}{victim.pk}/reveal/", {"field": "phone", "reason": "核对证件复印件"}
        )
        shown += phone in answer.text
        if not alerted_at and alerts(reviewer):
            alerted_at = number
    return shown, alerted_at


@case
def reveals_one_by_one(attack):
    """Copy the register number by number with good reasons. The 51st in an hour alerts, the 101st is refused."""
    shown, alerted_at = revealed(attack.port, 110)
    broken = shown > 100 or alerted_at != 51
    return Outcome(110, broken, f"{shown} shown, alert at the {alerted_at}.")


@reveals_one_by_one.control
def _(attack):
    shown, alerted_at = revealed(attack.unguarded, 110)
    return Outcome(110, shown > 100, f"{shown} shown, alert {alerted_at or 'never'}")
