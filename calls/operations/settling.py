"""Staff settle what is due after an award: accept, return, extend, waive, note what was paid, and put each right."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from calls import afterwards_rules as after
from calls import letters
from calls.locking import lock_due
from calls.models import Due, DueState, Payment
from calls.operations import following
from kernel import reasons
from kernel.errors import Refused
from privacy import audit

State = DueState
MOST_LACKING = 1000


def _locked(due, by):
    """Return it locked under its application, once it is known that `by` may."""
    if error := after.why_not_run(due, by):
        raise error
    due = lock_due(due)
    if error := after.why_not_run(due, by):
        raise error
    return due


def _settle(due, state, now, **more):
    for name, value in more.items():
        setattr(due, name, value)
    due.state, due.settled_at = state, now
    due.save(update_fields=["state", "settled_at", *more])
    following.go_on(due, now)


@transaction.atomic
def accept_due(*, due, seen=None, by, now):
    """Accept a report; the step behind may begin, and she is told. Twice does nothing twice.

    `seen` is the version staff read (afterwards_rules.version): what she corrected since is read first. Raises Refused,
    Conflict. Returns the Due.
    """
    due = _locked(due, by)
    if due.state == State.ACCEPTED:
        return due
    if error := after.why_not_accept(due, seen):
        raise error
    audit.record("calls.accept_due", due, by=by, at=now)
    letters.due_accepted(due, now)
    _settle(due, State.ACCEPTED, now, lacking=None)
    return due


@transaction.atomic
def return_due(*, due, lacking, due_on, by, now):
    """Give a report back with a list of what is lacking, one thing to a line, and a new last day. Returns the Due."""
    due = _locked(due, by)
    lines = [line.strip() for line in lacking.splitlines() if line.strip()]
    if error := after.why_not_return(due, lines, due_on, now):
        raise error
    due.state, due.lacking = State.RETURNED, "\n".join(lines)[:MOST_LACKING]
    due.due_on = max(due_on, due.due_on) if due.due_on else due_on
    due.reminded_on = due.handed_in_at = None
    due.save(update_fields=["state", "lacking", "due_on", "reminded_on", "handed_in_at"])
    audit.record("calls.return_due", due, by=by, at=now, reason_in="lacking")
    letters.due_returned(due, now)
    return due


@transaction.atomic
def extend_due(*, due, due_on, by, now):
    """Move the last day of a step later; she is told. Returns the Due."""
    due = _locked(due, by)
    if due.due_on == due_on:
        return due
    if error := after.why_not_extend(due, due_on, now):
        raise error
    due.due_on, due.reminded_on = due_on, None
    due.save(update_fields=["due_on", "reminded_on"])
    audit.record("calls.extend_due", due, by=by, at=now)
    letters.due_moved(due, now)
    return due


@transaction.atomic
def waive_due(*, due, reason, by, now):
    """Let a step be done without, and say why: she reads it; the step behind may begin. Returns the Due."""
    due = _locked(due, by)
    if due.state == State.WAIVED:
        return due
    if error := after.why_not_waive(due):
        raise error
    reason = reasons.clean(reason, _("请写明免除的原因，她会看到。"))
    audit.record("calls.waive_due", due, by=by, at=now, reason_in="waive_reason")
    _settle(due, State.WAIVED, now, waive_reason=reason)
    letters.due_waived(due, now)
    return due


@transaction.atomic
def reopen_due(*, due, reason, by, now):
    """Take an acceptance or a waiver back, while nothing stands on it; she is told. Returns the Due."""
    due = _locked(due, by)
    if error := after.why_not_reopen(due):
        raise error
    reason = reasons.clean(reason, _("请写明撤销的原因。"))
    following.go_back(due)
    was_accepted = due.state == State.ACCEPTED
    due.state = State.HANDED_IN if was_accepted else _before_waiving(due)
    due.settled_at, due.waive_reason = None, ""
    due.save(update_fields=["state", "settled_at", "waive_reason"])
    audit.record("calls.reopen_due", due, by=by, at=now, reason=reason)
    letters.due_reopened(due, now)
    return due


def _before_waiving(due):
    """Return where a step stands that is waived no longer: what she has handed in and not had back waits for staff again."""
    before = due.application.dues.filter(step__order__lt=due.step.order).order_by("-step__order")
    last = before.first()
    if due.step.needs_before and last and not last.is_settled:
        return State.WAITING
    if due.handed_in_at:
        return State.HANDED_IN
    return State.RETURNED if due.lacking else State.OPEN


# --- payments --------------------------------------------------------------------------------------
@transaction.atomic
def pay_due(*, due, amount, paid_on, reference, by, now):
    """Note that an instalment was paid: on which day, how much in yuan, by which voucher. Returns the Payment.

    Never before its turn, never more than was laid down; the same note twice is once. Raises Refused, Conflict, Invalid.
    """
    due = _locked(due, by)
    standing = due.payments.filter(taken_back_at=None).first()
    said = (amount, paid_on, reference.strip())
    if standing and (standing.amount, standing.paid_on, standing.reference) == said:
        return standing
    if error := after.why_not_pay(due) or after.why_not_paid(due, *said, now):
        raise error
    payment = _note(due, said, by, now)
    audit.record("calls.pay_due", due, by=by, at=now)
    letters.due_paid(due, now)
    _settle(due, State.PAID, now)
    return payment


def _note(due, said, by, now):
    amount, paid_on, reference = said
    return Payment.objects.create(
        due=due, amount=amount, paid_on=paid_on, reference=reference, noted_at=now, noted_by=by
    )


@transaction.atomic
def correct_payment(*, due, amount, paid_on, reference, reason, by, now):
    """Put right what was noted of a payment; the note that was wrong stays, with the reason. Returns the Payment."""
    due = _locked(due, by)
    if error := after.why_not_correct(due):
        raise error
    standing = due.payments.get(taken_back_at=None)
    said = (amount, paid_on, reference.strip())
    if (standing.amount, standing.paid_on, standing.reference) == said:
        return standing
    if error := after.why_not_paid(due, *said, now):
        raise error
    _strike(standing, reason, now)
    payment = _note(due, said, by, now)
    audit.record("calls.correct_payment", due, by=by, at=now, reason=standing.taken_back_reason)
    letters.due_payment_changed(due, now)
    return payment


@transaction.atomic
def take_payment_back(*, due, reason, by, now):
    """Take the note of a payment back that was not made, while nothing stands on it; it waits to be paid again.

    Of a result that was taken back the step is closed. Returns the Due.
    """
    due = _locked(due, by)
    if error := after.why_not_unpay(due):
        raise error
    standing = due.payments.get(taken_back_at=None)
    _strike(standing, reason, now)
    following.go_back(due)
    closed = due.application.taken_back_at is not None
    due.state, due.closed_from = (State.CLOSED, State.OPEN) if closed else (State.OPEN, "")
    due.settled_at = None
    due.save(update_fields=["state", "closed_from", "settled_at"])
    audit.record("calls.take_payment_back", due, by=by, at=now, reason=standing.taken_back_reason)
    letters.due_payment_changed(due, now)
    return due


def _strike(payment, reason, now):
    payment.taken_back_reason = reasons.clean(reason, _("请写明更正的原因。"))
    payment.taken_back_at = now
    payment.save(update_fields=["taken_back_at", "taken_back_reason"])


# --- the clock, and lists --------------------------------------------------------------------------
@transaction.atomic
def remind_due(*, due, by, now):
    """Remind her of a report, before and after it is due; the clock does so. On one day once. Returns the Due."""
    if by is not None:
        raise Refused("not_allowed", _("提醒由系统按时发送。"))
    due = lock_due(due)
    today = timezone.localdate(now)
    if not Due.objects.to_remind(today).filter(pk=due.pk).exists():
        return due
    due.reminded_on = today
    due.save(update_fields=["reminded_on"])
    audit.record("calls.remind_due", due, by=by, at=now)
    letters.due_reminder(due, now)
    return due


@transaction.atomic
def try_reminding_again(*, row, by, now):
    """Let the clock take up again a step of which it could not remind; `row` is the Due. Returns whether it was set aside."""
    due = _locked(row, by)
    count = Due.objects.filter(pk=due.pk).try_again()
    if count:
        audit.record("calls.remind_due_again", due, by=by, at=now)
    return bool(count)


@transaction.atomic
def export_dues(*, rows, by, now):
    """Note that a list of what is due is taken out; returns those of `rows` that `by` may see, the newest first."""
    if by is not None and not by.has_perm(after.EXPORT):
        raise Refused("not_allowed", _("您没有导出入选后事项的权限，请联系系统管理员。"))
    rows = list(_seen_by(rows, by).order_by("-pk"))
    for call in {row.application.call for row in rows}:
        audit.record("calls.export_dues", call, by=by, at=now)
    return rows


def _seen_by(rows, by):
    rows = rows if by is None else rows.filter(pk__in=Due.objects.visible_to(by).values("pk"))
    return rows.select_related(
        "step", "application__call", "application__talent__unit"
    ).prefetch_related("payments")
