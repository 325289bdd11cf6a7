"""Volunteer hours: recorded by one member of staff, confirmed by another.

`by` is always a person here: four eyes need two of them. Corrections are recorded and confirmed in the same way
(operations.correcting_hours).
"""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from care_points import ledger, letters
from care_points.models import STANDING, HoursState, ServiceHours, Transfer
from care_points.operations.earning import give, take_back
from care_points.operations.hours_certificates import drop_certificates
from kernel import reasons, rights
from kernel.errors import Conflict, Invalid, Refused
from kernel.words import moment_text
from privacy import audit
from talents.models import Talent

HALF_HOUR = timedelta(minutes=30)
MOST_HALF_HOURS = 24
OLDEST = timedelta(days=366)


def why_not_record_own(talent, by):
    """Return that `by` may not record her own hours, as a DomainError, or None.

    Nobody earns by her own hand: her own hours a colleague records, and another one confirms.
    """
    if talent.user_id == by.pk:
        sentence = _("不能登记您本人的志愿时长，请由同事登记。")
        return Refused("record_own_hours", sentence)
    return None


def why_not_record_for(talent, by):
    """Return why `by` may not record hours of this woman, as a DomainError, else None."""
    if error := why_not_record_own(talent, by):
        return error
    if not Talent.objects.visible_to(by).filter(pk=talent.pk).exists():
        sentence = _("她的档案不在您的办理范围内，请由其所属部门的同事登记。")
        return Refused("not_in_scope", sentence)
    return None


def _lock(hours, by):
    """Return the hours, locked; refuse unless `by` may decide on hours, and sees these."""
    rights.require(by, "care_points.confirm_servicehours")
    if not ServiceHours.objects.visible_to(by).filter(pk=hours.pk).exists():
        sentence = _("这条时长不在您的办理范围内，请由其所属部门的同事处理。")
        raise Refused("not_in_scope", sentence)
    ledger.lock_account(hours.talent)  # first, as everywhere
    rows = ServiceHours.objects.select_related("talent__user").select_for_update(of=("self",))
    return rows.get(pk=hours.pk)


def why_not_period(starts_at, half_hours, at):
    """Return why volunteer hours of this time cannot be recorded at the moment `at`, as a DomainError, else None."""
    if not 1 <= half_hours <= MOST_HALF_HOURS:
        sentence = _("时长须在半小时到 12 小时之间，更长的请分日登记。")
        return Invalid("hours_out_of_range", sentence, field="half_hours")
    if starts_at < at - OLDEST:
        sentence = _("只能登记一年以内的志愿服务，请核对日期。")
        return Invalid("hours_too_old", sentence, field="starts_at")
    if starts_at + half_hours * HALF_HOUR > at:
        sentence = _("志愿服务结束后才能登记时长，请核对日期和时间。")
        return Invalid("hours_not_over", sentence, field="starts_at")
    return None


def why_not_record(talent, starts_at, half_hours, at):
    """Return why these hours of hers cannot be recorded at the moment `at`, as a DomainError, else None."""
    if not talent.is_verified:
        sentence = _("她的档案还没有审核入库，入库后才能登记志愿时长。")
        return Conflict("not_verified", sentence, field="talent")
    if talent.moved_away_on and starts_at.date() >= talent.moved_away_on:
        sentence = _("她已登记离开两江新区，离开以后的时长不能登记。")
        return Conflict("moved_away", sentence, field="talent")
    return why_not_period(starts_at, half_hours, at)


@transaction.atomic
def record_hours(*, talent, activity, starts_at, half_hours, by, now):
    """Write down volunteer hours for a colleague to confirm; returns the ServiceHours.

    Recording the same activity at the same time again returns the first record. Raises Refused
    (no right, her own, not her department's), what `why_not_record` returns, or Conflict("hours_overlap") where
    other hours of hers overlap.
    """
    rights.require(by, "care_points.add_servicehours")
    if error := why_not_record_for(talent, by) or why_not_record(
        talent, starts_at, half_hours, now
    ):
        raise error
    return _write(talent, activity, starts_at, half_hours, by, now)


def note_hours(*, talent, activity, starts_at, half_hours, source, origin, by, now):
    """Write down hours that an app above counted, or its leader says, for a colleague to confirm; returns them.

    For operations of the apps above that have decided that `by` may act on `origin` (their own row, once), in a
    transaction. Never of `by` herself. Raises as `record_hours` does, and Conflict("hours_recorded") where other
    hours of the same origin stand.
    """
    if error := why_not_record_own(talent, by) or why_not_record(
        talent, starts_at, half_hours, now
    ):
        raise error
    return _write(talent, activity, starts_at, half_hours, by, now, source=source, origin=origin)


def _write(talent, activity, starts_at, half_hours, by, now, **counted):
    """Write hours that no rule refuses; the same again returns the first."""
    ledger.lock_account(talent)
    ends_at = starts_at + half_hours * HALF_HOUR
    if other := overlapping(talent, starts_at, ends_at).first():
        same = (activity, starts_at, half_hours)
        if (other.activity, other.starts_at, other.half_hours) == same:
            return other
        raise overlap(talent, other)
    if counted and ServiceHours.objects.standing().filter(origin=counted["origin"]).exists():
        sentence = _("%(name)s在这次活动的时长已经登记，要修改请更正。")
        raise Conflict("hours_recorded", sentence % {"name": talent.full_name})
    hours = ServiceHours.objects.create(
        talent=talent,
        activity=activity,
        starts_at=starts_at,
        ends_at=ends_at,
        half_hours=half_hours,
        recorded_by=by,
        recorded_at=now,
        **counted,
    )
    audit.record("care_points.record_hours", hours, by=by, at=now, half_hours=half_hours)
    return hours


def overlapping(talent, starts_at, ends_at):
    """Return the hours of hers that stand in a time."""
    standing = talent.service_hours.standing()
    return standing.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)


def overlap(talent, other):
    """Return the Conflict that she has other hours in the same time."""
    sentence = _("%(name)s在%(when)s已登记“%(activity)s”%(hours)s，时间重叠，请核对后再登记。")
    facts = {
        "name": talent.full_name,
        "when": moment_text(other.starts_at),
        "activity": other.activity,
        "hours": other.hours_text,
    }
    return Conflict("hours_overlap", sentence % facts, field="starts_at")


def why_not_decide(hours, by):
    """Return why `by` may not confirm, refuse or revoke these hours, as a DomainError, else None.

    Four eyes: neither who recorded them nor the woman herself.
    """
    if hours.recorded_by_id == by.pk:
        sentence = _("时长须由登记人以外的同事确认，请转给同事处理。")
        return Refused("confirm_own_record", sentence)
    if hours.talent.user_id == by.pk:
        sentence = _("不能确认您本人的志愿时长，请转给同事处理。")
        return Refused("confirm_own_hours", sentence)
    return None


def why_not_confirm(hours, by):
    """Return why `by` may not confirm these hours, as a DomainError, else None."""
    if error := why_not_decide(hours, by):
        return error
    if hours.state not in STANDING:
        sentence = _("这条时长已作处理，不能再确认；如需更正请重新登记。")
        return Conflict("hours_decided", sentence)
    if hours.state == HoursState.RECORDED and pending_correction(hours):
        sentence = _("这条时长有一项更正待确认，请先确认或不通过那项更正。")
        return Conflict("correction_waits", sentence)
    return None


def pending_correction(hours):
    """Return the ServiceHours that were recorded in place of these and wait for a colleague, or None."""
    return hours.corrections.filter(state=HoursState.RECORDED).first()


def _take_place(hours, by, now):
    """Let hours that correct others take their place: those count no more, their points are taken back."""
    old = ServiceHours.objects.select_for_update(of=("self",)).get(pk=hours.replaces_id)
    if old.state not in STANDING:
        sentence = _("要更正的那条时长已作处理，这项更正不能再确认，请不通过后重新登记。")
        raise Conflict("hours_decided", sentence)
    others = overlapping(hours.talent, hours.starts_at, hours.ends_at).exclude(pk=old.pk)
    if other := others.first():
        raise overlap(hours.talent, other)
    old.state = HoursState.CORRECTED
    old.save(update_fields=["state"])
    _undo(old, by, now, hours.change_reason)


def _undo(hours, by, now, reason):
    """Take back what confirmed hours gave: their points, and the certificates that say them."""
    if earned := Transfer.objects.filter(hours=hours).first():
        take_back(transfer=earned, by=by, now=now, reason=reason)
    drop_certificates(hours, now)


def _decide(hours, state, by, now, reason=""):
    hours.state, hours.decided_by, hours.decided_at, hours.reason = state, by, now, reason
    hours.save(update_fields=["state", "decided_by", "decided_at", "reason"])


@transaction.atomic
def confirm_hours(*, hours, by, now):
    """Confirm recorded hours and give their points; a colleague of the recorder does it (four eyes).

    Hours that correct others take their place: the points of those are taken back first, then these give theirs.

    Returns the Transfer, or None when no rule is active or the cap is reached. Twice gives once.
    Raises Refused (no right, not her department's, her own), Conflict("hours_decided").
    """
    hours = _lock(hours, by)
    if error := why_not_confirm(hours, by):
        raise error
    if hours.state == HoursState.RECORDED:
        if hours.replaces_id:
            _take_place(hours, by, now)
        _decide(hours, HoursState.CONFIRMED, by, now)
        audit.record("care_points.confirm_hours", hours, by=by, at=now)
    return give(
        rule_code="volunteer_hours",
        talent=hours.talent,
        key=f"hours:{hours.pk}",
        by=by,
        now=now,
        about=hours.activity,
        hours=hours,
    )


@transaction.atomic
def refuse_hours(*, hours, reason, by, now):
    """Turn recorded hours down, or revoke confirmed ones and take their points back; returns the hours.

    `reason` is text typed by `by`; she reads it. Twice does nothing twice. Raises Refused as
    `confirm_hours` does, Invalid("reason_missing", "reason_too_long").
    """
    hours = _lock(hours, by)
    if error := why_not_decide(hours, by):
        raise error
    if hours.state not in STANDING:
        return hours
    reason = reasons.clean(reason, _("请写明原因，本人会看到。"), least=1)
    was_confirmed = hours.state == HoursState.CONFIRMED
    _decide(hours, HoursState.REVOKED if was_confirmed else HoursState.REFUSED, by, now, reason)
    audit.record("care_points.refuse_hours", hours, by=by, at=now, reason=reason)
    if was_confirmed:
        _undo(hours, by, now, reason)
    if not hours.replaces_id:  # a correction that fails leaves what she was told before
        letters.send(letters.hours_decided(hours), now)
    if correction := pending_correction(hours):
        correction.state = HoursState.WITHDRAWN
        correction.save(update_fields=["state"])
    return hours
