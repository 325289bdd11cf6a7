"""Volunteer hours put right or withdrawn: what was recorded stays as it was, another row takes its place."""

from django.db import transaction
from django.utils.translation import gettext as _

from care_points import ledger
from care_points.models import STANDING, HoursState, ServiceHours
from care_points.operations.hours import (
    HALF_HOUR,
    overlap,
    overlapping,
    pending_correction,
    why_not_record,
    why_not_record_own,
)
from kernel import reasons
from kernel.errors import Conflict, Invalid, Refused
from privacy import audit

# Who records hours or confirms them may say that some are wrong; it counts when another one agrees.
RIGHTS = ("care_points.add_servicehours", "care_points.confirm_servicehours")


def why_not_correct_hours(hours, by):
    """Return why `by` may not put these hours right, as a DomainError, else None."""
    if not any(by.has_perm(right) for right in RIGHTS):
        return Refused("not_allowed", _("您没有更正志愿时长的权限，请联系所属部门的同事。"))
    if not ServiceHours.objects.visible_to(by).filter(pk=hours.pk).exists():
        sentence = _("这条时长不在您的办理范围内，请由其所属部门的同事处理。")
        return Refused("not_in_scope", sentence)
    if hours.talent is None or hours.state not in STANDING:
        return Conflict("hours_decided", _("这条时长已作处理，不能更正；需要时请重新登记。"))
    if error := why_not_record_own(hours.talent, by):
        return error
    if hours.replaces_id and hours.state == HoursState.RECORDED:
        sentence = _("这是一项还没有确认的更正，请先撤回或不通过，再另行更正。")
        return Conflict("correction_waits", sentence)
    if pending_correction(hours):
        sentence = _("这条时长已有一项更正待确认，请先确认或不通过那项更正。")
        return Conflict("correction_waits", sentence)
    return None


@transaction.atomic
def correct_hours(*, hours, half_hours, reason, by, now, starts_at=None):
    """Record what hours should have been, in place of `hours`, for a colleague to confirm; returns the new row.

    Until then the old ones count as they did. Once confirmed, the points of the old are taken back and the new give
    theirs by the rule of that day. Undone by correcting once more. `reason` (4 to 200 characters) is kept and read
    by her. Raises what `why_not_correct_hours` and `why_not_record` return, Invalid("nothing_changed"),
    Conflict("hours_overlap"), what kernel.reasons.clean raises.
    """
    hours = ServiceHours.objects.select_related("talent__user").get(pk=hours.pk)
    if error := why_not_correct_hours(hours, by):
        raise error
    reason = reasons.clean(reason, _("请写明更正的原因，本人会看到。"))
    ledger.lock_account(hours.talent)
    rows = ServiceHours.objects.select_related("talent__user").select_for_update(of=("self",))
    hours = rows.get(pk=hours.pk)
    starts_at = starts_at or hours.starts_at
    error = why_not_correct_hours(hours, by) or why_not_record(
        hours.talent, starts_at, half_hours, now
    )
    if error:
        raise error
    if (starts_at, half_hours) == (hours.starts_at, hours.half_hours):
        sentence = _("时间和时长都没有变化，不需要更正。")
        raise Invalid("nothing_changed", sentence, field="hours")
    ends_at = starts_at + half_hours * HALF_HOUR
    if other := overlapping(hours.talent, starts_at, ends_at).exclude(pk=hours.pk).first():
        raise overlap(hours.talent, other)
    correction = ServiceHours.objects.create(
        talent=hours.talent,
        activity=hours.activity,
        starts_at=starts_at,
        ends_at=ends_at,
        half_hours=half_hours,
        source=hours.source,
        origin=hours.origin,
        replaces=hours,
        change_reason=reason,
        recorded_by=by,
        recorded_at=now,
    )
    said = {"before": hours.half_hours, "after": half_hours}
    audit.record("care_points.correct_hours", correction, by=by, at=now, reason=reason, **said)
    return correction


def why_not_withdraw(hours, by):
    """Return why `by` may not withdraw these hours, as a DomainError, else None: who recorded them may, until they are confirmed."""
    if by is None or hours.recorded_by_id != by.pk:
        return Refused("not_yours", _("只有登记人可以撤回；有误请不通过并写明原因。"))
    if hours.state not in (HoursState.RECORDED, HoursState.WITHDRAWN):
        sentence = _("这条时长已由同事处理，不能再撤回；有误请更正。")
        return Conflict("hours_decided", sentence)
    return None


@transaction.atomic
def withdraw_hours(*, hours, by, now):
    """Take back hours, or a correction, that `by` recorded and nobody has confirmed; returns them.

    Twice does nothing twice; undone by recording them again. Raises what `why_not_withdraw` returns.
    """
    if error := why_not_withdraw(hours, by):
        raise error
    if hours.talent:
        ledger.lock_account(hours.talent)
    hours = ServiceHours.objects.select_for_update().get(pk=hours.pk)
    if error := why_not_withdraw(hours, by):
        raise error
    if hours.state == HoursState.RECORDED:
        drop(hours, by, now)
    return hours


def drop_noted_hours(*, origin, by, now):
    """Withdraw the hours an app above noted of its row `origin`, which was undone; nothing where there are none.

    For operations of the apps above that have decided that `by` may, in a transaction. Raises
    Conflict("hours_confirmed") where a colleague has confirmed them: that one revokes them first.
    """
    found = ServiceHours.objects.standing().filter(origin=origin).select_related("talent").first()
    if found is None:
        return
    ledger.lock_account(found.talent)
    found.refresh_from_db(fields=["state"])
    if found.state == HoursState.CONFIRMED:
        sentence = _("她的志愿时长已由同事确认。请先撤销时长，再更正到场情况。")
        raise Conflict("hours_confirmed", sentence)
    if found.state == HoursState.RECORDED:
        drop(found, by, now)


def drop(hours, by, now):
    """Withdraw recorded hours, and a correction of them; the caller holds her account and has decided that `by` may."""
    if correction := pending_correction(hours):
        drop(correction, by, now)
    hours.state = HoursState.WITHDRAWN
    hours.save(update_fields=["state"])
    audit.record("care_points.withdraw_hours", hours, by=by, at=now)
