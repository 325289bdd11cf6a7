"""Appointments: a provider's time is taken with the voucher, moved, and what became of it is said.

Locks: her account, then the voucher or service, then the providers in the order of their keys. Whoever enters leave
locks the provider alone.
"""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from care_points import ledger, letters, slots, tallies
from care_points.models import (
    Appointment,
    CareStation,
    Provider,
    Redemption,
    RedemptionState,
)
from kernel import days, portal, reasons, rights
from kernel.errors import Conflict, Invalid, Refused
from kernel.words import clauses, span_text
from notices import operations as notices
from privacy import audit

GRACE = timedelta(minutes=15)  # so long she is late, not absent
MARKED_WITHIN = (
    7  # days after which nobody can say any more that she did not come: her points come back
)
REMIND_BEFORE = timedelta(hours=24)


def hold(redemption, service, slot, now):
    """Take the time of `slot` (slots.Slot) for a voucher about to be written; returns the Appointment, not yet saved.

    Locks those who might give it. Raises Invalid("slot_missing") and what `slots.why_not_slot` returns.
    """
    if slot is None:
        raise Invalid("slot_missing", _("这项服务要先选时间。"), field="at")
    appointment = Appointment(
        redemption=redemption,
        provider=_lock_free(service, slot, now, redemption.talent),
        cancel_hours=service.cancel_hours,
        late_refund=service.late_refund,
    )
    _set_time(appointment, service, slot.starts_at, now)
    redemption.expires_at = days.end_of_day(appointment.ends_at, days=MARKED_WITHIN)
    return appointment


def _lock_free(service, slot, now, talent, besides=None):
    """Lock who might give the time, and return who does: of several who are free the fairest."""
    providers = Provider.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    chosen = {"pk": slot.provider} if slot.provider else {"services": service}
    list(providers.filter(**chosen))
    others = {"besides": besides, "without": talent and talent.user_id}
    if error := slots.why_not_slot(service, slot, now, **others):
        raise error
    return slots.fairest(slots.free_at(service, slot, now, **others), slot.starts_at)


def _set_time(appointment, service, starts_at, now):
    appointment.starts_at = starts_at
    appointment.ends_at = starts_at + timedelta(minutes=service.minutes)
    appointment.busy_until = appointment.ends_at + timedelta(minutes=service.buffer_minutes)
    appointment.reminded = starts_at - now < REMIND_BEFORE  # she has just been told


def clashes(talent, start, end, besides=None):
    """Return sentences: what else she has at that time, in words that say nothing of its kind."""
    hers = Appointment.objects.held().open().overlapping(start, end)
    hers = hers.filter(redemption__talent=talent).exclude(pk=besides and besides.pk)
    said = [
        _("%(when)s您已有另一项预约。") % {"when": span_text(one.starts_at, one.ends_at)}
        for one in hers
    ]
    for ask in portal.listed("engagements"):
        said += ask(talent, start, end)
    return said


# --- moved ----------------------------------------------------------------------------------------
def at_its_desk(redemption, by):
    """Tell whether `by` stands at the desk of the voucher's station, is a points clerk, or the system."""
    return (
        by is None or CareStation.objects.operated_by(by).filter(pk=redemption.station_id).exists()
    )


def why_not_move(redemption, by, at):
    """Return why `by` cannot give the voucher another time, as a DomainError, else None.

    She herself can while cancelling would lose nothing; the station's desk and points clerks until it is used.
    """
    herself = by is not None and redemption.talent.user_id == by.pk
    if not herself and not at_its_desk(redemption, by):
        return Refused("not_yours", _("只能改您自己的预约。"))
    if redemption.state != RedemptionState.RESERVED:
        return Conflict("redemption_ended", _("这次预约已经结束，不能改期。"))
    if herself and at > redemption.appointment.free_until:
        sentence = _("离开始不到 %(hours)s 小时，不能再自行改期，请致电加油站。")
        return Conflict(
            "too_late_to_move", sentence % {"hours": redemption.appointment.cancel_hours}
        )
    return None


@transaction.atomic
def move_appointment(*, redemption, slot, by, now):
    """Give a voucher another time or provider, its points untouched; returns the Appointment.

    Raises what `why_not_move` and `slots.why_not_slot` return, Invalid("slot_missing") for none. The same time again
    changes nothing.
    """
    if slot is None:
        raise Invalid("slot_missing", _("请先选一个新的时间。"))
    redemption = _read(redemption)
    if error := why_not_move(redemption, by, now):
        raise error
    redemption = _locked(redemption)
    if error := why_not_move(redemption, by, now):
        raise error
    appointment = redemption.appointment
    if appointment.starts_at == slot.starts_at and slot.provider in (None, appointment.provider_id):
        return appointment
    service = redemption.service
    appointment.provider = _lock_free(service, slot, now, redemption.talent, besides=appointment)
    _set_time(appointment, service, slot.starts_at, now)
    appointment.moves += 1
    appointment.save()
    redemption.expires_at = days.end_of_day(appointment.ends_at, days=MARKED_WITHIN)
    redemption.save(update_fields=["expires_at"])
    audit.record("care_points.move_appointment", redemption, by=by, at=now)
    letters.overtake(redemption, now)
    letters.send(letters.appointment_moved(appointment), now)
    return appointment


def _read(redemption):
    rows = Redemption.objects.select_related(
        "talent__user", "station__place", "appointment__provider"
    )
    return rows.get(pk=redemption.pk)


def _locked(redemption):
    """Lock her account, then the voucher, and return it as it stands with all that is told of it."""
    if redemption.talent_id:
        ledger.lock_account(redemption.talent)
    Redemption.objects.select_for_update(of=("self",)).get(pk=redemption.pk)
    return _read(redemption)


# --- what became of it ----------------------------------------------------------------------------
def why_not_mark_absent(redemption, by, at, *, at_desk=False):
    """Return why `by` cannot say that she did not come, as a DomainError, else None.

    The station's desk and points clerks say so, from GRACE after the start on; never of oneself. `at_desk`: that she
    stands at this desk is known.
    """
    if not (at_desk or at_its_desk(redemption, by)):
        return Refused("not_an_operator", _("您还不是加油站的核销人员，请联系积分管理员开通。"))
    if by is not None and redemption.talent and redemption.talent.user_id == by.pk:
        return Refused("own_voucher", _("不能登记您本人的预约，请本站的同事办理。"))
    if redemption.state != RedemptionState.RESERVED or not hasattr(redemption, "appointment"):
        return Conflict("redemption_ended", _("这次预约已经有了结果。"))
    if at < redemption.appointment.starts_at + GRACE:
        sentence = _("预约时间过了 %(minutes)s 分钟才能登记未到。")
        return Conflict("too_early", sentence % {"minutes": GRACE.seconds // 60})
    return None


@transaction.atomic
def mark_absent(*, redemption, by, now):
    """Note that she did not come: the points are spent; she is told, and a points clerk may correct it.

    Raises what `why_not_mark_absent` returns. Returns the Redemption.
    """
    redemption = _read(redemption)
    if error := why_not_mark_absent(redemption, by, now):
        raise error
    redemption = _locked(redemption)
    if error := why_not_mark_absent(redemption, by, now):
        raise error
    redemption.state, redemption.ended_at = RedemptionState.NO_SHOW, now
    redemption.save(update_fields=["state", "ended_at"])
    audit.record("care_points.mark_absent", redemption, by=by, at=now)
    letters.overtake(redemption, now)
    letters.send(letters.absent(redemption), now)
    return redemption


KEPT = (RedemptionState.NO_SHOW, RedemptionState.FORFEITED)


def why_not_correct(redemption):
    """Return why what was said of an appointment cannot be corrected, as a DomainError, else None."""
    if redemption.state not in KEPT or redemption.talent_id is None:
        return Conflict("nothing_to_correct", _("只有“未到”和“临时取消”可以更正。"))
    return None


@transaction.atomic
def correct_absence(*, redemption, came, reason, by, now):
    """Correct "did not come" or a late cancellation: she was there after all (`came`), or her points come back.

    Returns the Redemption. Raises Refused, Conflict("nothing_to_correct"), and what kernel.reasons.clean raises.
    """
    from care_points.operations.spending import give_back

    rights.require(by, "care_points.fulfil_redemption")
    reason = reasons.clean(reason, _("请写明更正的原因。"))
    redemption = _read(redemption)
    if error := why_not_correct(redemption):
        raise error
    account = ledger.lock_account(redemption.talent)
    redemption = _locked(redemption)
    if error := why_not_correct(redemption):
        raise error
    if by is not None and redemption.talent.user_id == by.pk:
        raise Refused("own_voucher", _("不能更正您本人的预约，请同事办理。"))
    audit.record("care_points.correct_absence", redemption, by=by, at=now, reason=reason, came=came)
    if came:
        redemption.state, redemption.ended_at = RedemptionState.FULFILLED, None
        redemption.fulfilled_by, redemption.fulfilled_at = by, now
        redemption.save(update_fields=["state", "ended_at", "fulfilled_by", "fulfilled_at"])
        tallies.used(redemption, now)
        letters.send(letters.corrected(redemption), now)
        return redemption
    return give_back(account, redemption, RedemptionState.CANCELLED, by, now)


def release(redemption):
    """Let others have the time of a voucher that has ended."""
    Appointment.objects.filter(redemption=redemption).update(held=False)


# --- leave ----------------------------------------------------------------------------------------
def why_not_leave(starts_at, ends_at, at):
    """Return why leave cannot be entered, as a DomainError, else None."""
    if ends_at <= starts_at:
        return Invalid("leave_backwards", _("结束时间要晚于开始时间。"), field="ends_at")
    if ends_at <= at:
        return Invalid("leave_past", _("这段时间已经过去，不用再登记。"), field="ends_at")
    return None


@transaction.atomic
def add_leave(*, provider, starts_at, ends_at, reason, by, now):
    """Enter a provider's leave; returns the Leave, its `met` are the Appointments in it, to be moved or cancelled.

    Raises Refused and what `why_not_leave` returns.
    """
    rights.require(by, "care_points.change_provider")
    if error := why_not_leave(starts_at, ends_at, now):
        raise error
    provider = Provider.objects.select_for_update(of=("self",), no_key=True).get(pk=provider.pk)
    leave = provider.leaves.create(starts_at=starts_at, ends_at=ends_at, reason=reason)
    met = Appointment.objects.held().open().overlapping(starts_at, ends_at)
    leave.met = list(met.filter(provider=provider).select_related("redemption__talent"))
    audit.record("care_points.add_leave", provider, by=by, at=now, appointments=len(leave.met))
    return leave


@transaction.atomic
def drop_leave(*, leave, by, now):
    """Take leave back: the time can be booked again; twice does nothing twice. Raises Refused."""
    rights.require(by, "care_points.change_provider")
    provider = Provider.objects.select_for_update(of=("self",), no_key=True).get(
        pk=leave.provider_id
    )
    deleted, _models = provider.leaves.filter(pk=leave.pk).delete()
    if deleted:
        audit.record("care_points.drop_leave", provider, by=by, at=now)


# --- reminders ------------------------------------------------------------------------------------
@transaction.atomic
def remind_appointments(*, now):
    """Remind of appointments within REMIND_BEFORE, each once for its time; returns how many were told."""
    due = (
        Appointment.objects.held()
        .open()
        .filter(reminded=False, starts_at__gt=now, starts_at__lte=now + REMIND_BEFORE)
    )
    due = list(due.select_for_update(of=("self",), skip_locked=True).order_by("pk"))
    Appointment.objects.filter(pk__in=[one.pk for one in due]).update(reminded=True)
    rows = Appointment.objects.filter(pk__in=[one.pk for one in due]).select_related(
        "redemption__talent__user", "redemption__station"
    )
    outgoing = [letters.appointment_reminder(one) for one in rows]
    return len(notices.queue_all([one for one in outgoing if one.to], at=now))


@transaction.atomic
def export_appointments(*, rows, by, now):
    """Return the Appointments `by` may see of `rows`, to be written out; the audit log keeps how many. Raises Refused."""
    rights.require(by, "care_points.view_appointment")
    found = rows.select_related("redemption__talent", "provider__station").order_by("starts_at")
    found = list(found.visible_to(by) if by else found)
    if found:
        audit.record(
            "care_points.export_appointments", found[0].provider, by=by, at=now, rows=len(found)
        )
    return found


def told(appointment):
    """Return when and with whom, for staff: 2026年3月8日 (周日) 14:00–14:50；周老师."""
    return clauses(
        [span_text(appointment.starts_at, appointment.ends_at), appointment.provider.name]
    )
