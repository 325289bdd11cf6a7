"""Volunteer hours: recorded by one member of staff, confirmed by another."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from care_points import ledger
from care_points.models import (
    HoursState,
    ServiceHours,
    Transfer,
)
from care_points.operations.earning import earn, reverse
from kernel.errors import Conflict, Invalid, Refused
from kernel.words import moment_text
from privacy import audit

HALF_HOUR = timedelta(minutes=30)


@transaction.atomic
def record_hours(*, talent, activity, starts_at, half_hours, by, now):
    """Write down volunteer hours for a colleague to confirm; returns the ServiceHours.

    Recording the same activity at the same time again returns the first record; other hours of hers
    that overlap are refused.
    """
    ends_at = starts_at + half_hours * HALF_HOUR
    if ends_at > now:
        raise Invalid(
            "hours_not_over", _("志愿服务结束后才能登记时长，请核对日期和时间。"), field="starts_at"
        )
    ledger.lock_account(talent)
    standing = talent.service_hours.filter(state__in=[HoursState.RECORDED, HoursState.CONFIRMED])
    clash = standing.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).first()
    if clash:
        same = (clash.activity, clash.starts_at, clash.half_hours) == (
            activity,
            starts_at,
            half_hours,
        )
        if same:
            return clash
        raise Conflict(
            "hours_overlap",
            _("%(name)s在%(when)s已登记“%(activity)s”%(hours)s，时间重叠，请核对后再登记。")
            % {
                "name": talent.full_name,
                "when": moment_text(clash.starts_at),
                "activity": clash.activity,
                "hours": clash.hours_text,
            },
            field="starts_at",
        )
    hours = ServiceHours.objects.create(
        talent=talent,
        activity=activity,
        starts_at=starts_at,
        ends_at=ends_at,
        half_hours=half_hours,
        recorded_by=by,
        recorded_at=now,
    )
    audit.record("care_points.record_hours", hours, by=by, at=now, half_hours=half_hours)
    return hours


def _lock_hours(hours, by):
    hours = (
        ServiceHours.objects.select_for_update(of=("self",))
        .select_related("talent__user")
        .get(pk=hours.pk)
    )
    if hours.recorded_by_id == by.pk:
        raise Refused("confirm_own_record", _("时长须由登记人以外的同事确认，请转给同事处理。"))
    if hours.talent.user_id == by.pk:
        raise Refused("confirm_own_hours", _("不能确认您本人的志愿时长，请转给同事处理。"))
    return hours


def _decide(hours, state, by, now, reason=""):
    hours.state, hours.decided_by, hours.decided_at, hours.reason = state, by, now, reason
    hours.save(update_fields=["state", "decided_by", "decided_at", "reason"])


@transaction.atomic
def confirm_hours(*, hours, by, now):
    """Confirm recorded hours and give their points; a colleague of the recorder does it (four eyes).

    Returns the Transfer, or None when no rule is active or the cap is reached. Twice gives once.
    """
    hours = _lock_hours(hours, by)
    if hours.state in (HoursState.REFUSED, HoursState.REVOKED):
        raise Conflict("hours_decided", _("这条时长已作处理，不能再确认；如需更正请重新登记。"))
    if hours.state == HoursState.RECORDED:
        _decide(hours, HoursState.CONFIRMED, by, now)
        audit.record("care_points.confirm_hours", hours, by=by, at=now)
    return earn(
        rule_code="volunteer_hours",
        talent=hours.talent,
        source=f"hours:{hours.pk}",
        by=by,
        now=now,
        half_hours=hours.half_hours,
        about=f"{hours.activity}（{hours.half_hours / 2:g} h）",
    )


@transaction.atomic
def refuse_hours(*, hours, reason, by, now):
    """Turn recorded hours down, or revoke confirmed ones and take their points back; returns the hours."""
    hours = _lock_hours(hours, by)
    if hours.state in (HoursState.REFUSED, HoursState.REVOKED):
        return hours
    was_confirmed = hours.state == HoursState.CONFIRMED
    _decide(hours, HoursState.REVOKED if was_confirmed else HoursState.REFUSED, by, now, reason)
    audit.record("care_points.refuse_hours", hours, by=by, at=now, reason=reason)
    paid = Transfer.objects.filter(source=f"hours:{hours.pk}").first() if was_confirmed else None
    if paid:
        reverse(transfer=paid, reason=reason, by=by, now=now)
    return hours
