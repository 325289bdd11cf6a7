"""The yearly check: asked once, reminded once, answered in two minutes, or "unknown" after sixty days."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from entrepreneurship.ventures import letters, rules
from entrepreneurship.ventures.models import (
    CheckSource,
    Venture,
    VentureCheck,
    VentureCheckpoint,
)
from entrepreneurship.ventures.operations.keeping import locked
from kernel import reasons
from privacy import audit

ANSWERS = ("alive", "jobs", "women_jobs", "revenue", "finance", "patents")


@transaction.atomic
def ask_check(*, venture, now):
    """Ask for a venture's yearly check: the row, the notice and the next year's day in one transaction.

    A clock that was stopped or killed asks when it runs again, once: the day of the check is unique. Returns the
    VentureCheck, None where none is due.
    """
    venture, today = locked(venture), timezone.localdate(now)
    if venture.next_check_on is None or venture.next_check_on > today:
        return None
    check, is_new = VentureCheck.objects.get_or_create(
        venture=venture, due_on=venture.next_check_on, defaults={"asked_at": now}
    )
    venture.next_check_on = rules.next_check(venture, max(today, venture.next_check_on))
    venture.save(update_fields=["next_check_on"])
    if is_new:
        audit.record("entrepreneurship.ask_check", venture, by=None, at=now)
        letters.check_asked(venture, check, now)
    return check


def _locked_check(check):
    venture = locked(check.venture)
    check = VentureCheck.objects.get(pk=check.pk)
    check.venture = venture
    return check


@transaction.atomic
def remind_check(*, check, now):
    """Remind her once of a check that waits. Returns the VentureCheck."""
    check = _locked_check(check)
    if check.waits and check.reminded_at is None:
        check.reminded_at = now
        check.save(update_fields=["reminded_at"])
        letters.check_again(check.venture, check, now)
    return check


@transaction.atomic
def close_check(*, check, now):
    """Note that nobody answered: unknown, neither alive nor closed. Returns the VentureCheck."""
    check = _locked_check(check)
    if check.waits:
        check.unknown_at = now
        check.save(update_fields=["unknown_at"])
        audit.record("entrepreneurship.close_check", check.venture, by=None, at=now)
    return check


def _store(venture, values, **more):
    answers = {name: values.get(name) for name in ANSWERS}
    return VentureCheckpoint.objects.create(venture=venture, **answers, **more)


@transaction.atomic
def answer_check(*, venture, values, day=None, by, now):
    """Keep how a venture stands, and that the newest check is answered, also one that was noted as unknown.

    `values`: alive, jobs, women_jobs, revenue, finance, patents. Founders answer of today; staff of its department what they
    were told by phone, of `day` where it was another. Pressing twice is once. Raises Refused, Invalid; Conflict where it was
    answered within 30 days (`correct_checkpoint`). Returns the VentureCheckpoint.
    """
    if error := rules.why_not_either(venture, by):
        raise error
    venture, today = locked(venture), timezone.localdate(now)
    by_phone = by is not None and not rules.is_founder(venture, by)
    day = day or today
    if error := (
        rules.why_not_checkpoint(values, now)
        or rules.why_not_alive(venture, values)
        or rules.why_not_day(
            day, now, since=timezone.localdate(venture.created_at) if by_phone else None
        )
    ):
        raise error
    if (last := rules.lately(venture, now)) is not None:
        if all(getattr(last, name) == values.get(name) for name in ANSWERS):
            return last
        raise rules.answered_lately()
    check = venture.checks.filter(answered_at=None).order_by("-due_on").first()
    source = CheckSource.PHONE if by_phone else CheckSource.HERSELF
    made = _store(venture, values, day=day, asked_by=check, source=source, noted_at=now)
    if check is not None:
        check.answered_at, check.unknown_at = now, None
        check.save(update_fields=["answered_at", "unknown_at"])
    audit.record("entrepreneurship.answer_check", venture, by=by, at=now, source=source)
    return made


@transaction.atomic
def correct_checkpoint(*, checkpoint, values, reason="", by, now):
    """Replace a checkpoint by another of the same day: she within 30 days, staff with a reason.

    Raises Refused, Invalid, Conflict. Returns the new VentureCheckpoint.
    """
    if error := rules.why_not_either(checkpoint.venture, by):
        raise error
    venture = locked(checkpoint.venture)
    checkpoint = VentureCheckpoint.objects.select_related("replaced_by").get(pk=checkpoint.pk)
    checkpoint.venture = venture
    if error := rules.why_not_correct_checkpoint(checkpoint, by, now) or rules.why_not_checkpoint(
        values, now
    ):
        raise error
    by_phone = by is not None and not rules.is_founder(venture, by)
    if by_phone:
        reason = reasons.clean(reason, _("请写明更正的原因。"))
    if all(getattr(checkpoint, name) == values.get(name) for name in ANSWERS):
        return checkpoint
    made = _store(
        venture,
        values,
        day=checkpoint.day,
        asked_by_id=checkpoint.asked_by_id,
        source=CheckSource.PHONE if by_phone else CheckSource.HERSELF,
        noted_at=now,
        replaces=checkpoint,
    )
    audit.record("entrepreneurship.correct_checkpoint", venture, by=by, at=now, reason=reason)
    return made


@transaction.atomic
def ask_again(*, row, by, now):
    """Let the clock try again what it could not do of a venture's yearly question. Raises Refused. Returns the Venture."""
    if error := rules.why_not_correct(row, by):
        raise error
    venture = locked(row)
    tried = Venture.objects.filter(pk=venture.pk).try_again() + venture.checks.try_again()
    if tried:
        audit.record("entrepreneurship.ask_again", venture, by=by, at=now)
    return venture
