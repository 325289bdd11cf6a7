"""Earning, spending and giving back points; recording volunteer hours; vouchers.

Each function is one business event: it locks the talent's account, checks again inside the lock, and
writes the change, its audit entry and its notices in one transaction. `by` is a User or None (the
system), `now` an aware datetime.
"""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import Sum
from django.urls import reverse as address
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from care_points import ledger
from care_points.models import (
    AccountKind,
    CareStation,
    EarningRule,
    Entry,
    HoursState,
    PointsAccount,
    Redemption,
    RedemptionState,
    RuleUnit,
    Service,
    ServiceHours,
    Transfer,
    TransferKind,
)
from kernel import ids
from kernel.errors import Conflict, Invalid, Refused
from kernel.words import moment_text
from notices import operations as notices
from privacy import audit

HALF_HOUR = timedelta(minutes=30)
ENDED_AS = {
    RedemptionState.CANCELLED: "care_points.cancel_redemption",
    RedemptionState.EXPIRED: "care_points.expire_redemption",
}


def _local_year(now):
    local = timezone.localtime(now)
    start = local.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    return start, start.replace(year=start.year + 1)


def _end_of_day(now, *, days=0, months=0):
    """Return 23:59:59 in Asia/Shanghai of the day that many days or months after `now`."""
    day = timezone.localtime(now).date() + timedelta(days=days)
    if months:
        count = day.year * 12 + day.month - 1 + months
        year, month = count // 12, count % 12 + 1
        last = (datetime(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day  # noqa: DTZ001
        day = day.replace(year=year, month=month, day=min(day.day, last))
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))


def _tell(kind, *, talent, obj, now, page, new=False, **context):
    """Queue a notice with a link to `page` (name and arguments), unless she has no account yet.

    `new` says that `obj` was made in this transaction, so nothing can be known about it.
    """
    if talent.user_id:
        with translation.override("zh-hans"):  # pages switch language by the reader's own choice
            link = address(page[0], args=page[1:])
        letter = notices.Letter(kind, talent.user, obj, context, link=link)
        notices.queue_all([letter], at=now, new=new)


# --- earning ---------------------------------------------------------------------------------------
@transaction.atomic
def earn(*, rule_code, talent, source, by, now, half_hours=None, about=""):
    """Give `talent` the points of the rule `rule_code`, once for `source` ("checkin:17").

    `half_hours` is needed by rules counted per hour (fractions of a point are dropped). `about` is
    words for her statement (an event's title); leave it empty where the subject is sensitive.
    Returns the Transfer; the first one when `source` was paid before; None when no active rule
    matches or her yearly cap is reached. Measure 9.
    """
    account = ledger.lock_account(talent)
    if paid := Transfer.objects.filter(source=source).first():
        return paid
    rule = EarningRule.objects.active(timezone.localdate(now)).filter(code=rule_code).first()
    if rule is None:
        return None
    points = rule.points
    if rule.unit == RuleUnit.HOUR:
        points = rule.points * (half_hours or 0) // 2
    points = min(points, _left_under_cap(rule, account, now))
    if points <= 0:
        return None
    until = _end_of_day(now, months=rule.valid_months) if rule.valid_months else None
    transfer = ledger.post(
        kind=TransferKind.EARNED,
        source=source,
        moves=[(PointsAccount.objects.system(AccountKind.ISSUANCE), -points), (account, points)],
        rule=rule,
        about=about,
        valid_until=until,
        by=by,
        at=now,
    )
    audit.record("care_points.earn", transfer, by=by, at=now, rule=rule.code, points=points)
    _tell(
        "points.earned",
        talent=talent,
        obj=transfer,
        new=True,
        now=now,
        page=("points",),
        points=points,
        reason={"zh-hans": rule.name, "en": rule.name_en or rule.name},
    )
    return transfer


def _left_under_cap(rule, account, now):
    """Return how many points the rule may still give the account this year."""
    if rule.yearly_cap is None:
        return rule.points * 1000
    start, end = _local_year(now)
    given = Entry.objects.filter(
        account=account, transfer__rule=rule, transfer__at__gte=start, transfer__at__lt=end
    ).aggregate(points=Sum("amount"))["points"]
    return rule.yearly_cap - (given or 0)


@transaction.atomic
def reverse(*, transfer, reason, by, now):
    """Take back an earning that should not have been (a revoked record), once; returns the Transfer.

    She never owes points: where she has already spent them, her balance falls to zero and the
    programme bears the rest on its adjustment account.
    """
    if transfer.kind != TransferKind.EARNED:
        raise Invalid("not_an_earning", _("只能撤销“获得”类的积分；兑换请走取消流程。"))
    entry = transfer.entries.select_related("account__talent").get(account__kind=AccountKind.TALENT)
    account = ledger.lock_account(entry.account.talent)
    if existing := Transfer.objects.filter(reverses=transfer).first():
        return existing
    taken = min(entry.amount, account.balance)
    undone = ledger.post(
        kind=TransferKind.REVERSED,
        source=f"reversal:{transfer.pk}",
        moves=[
            (PointsAccount.objects.system(AccountKind.ISSUANCE), entry.amount),
            (account, -taken),
            (PointsAccount.objects.system(AccountKind.ADJUSTMENT), taken - entry.amount),
        ],
        reverses=transfer,
        rule=transfer.rule,
        about=reason,
        by=by,
        at=now,
    )
    audit.record("care_points.reverse", undone, by=by, at=now, reason=reason, points=taken)
    return undone


@transaction.atomic
def expire_points(*, account, now):
    """Take what has run out of validity and was not spent; returns the Transfer or None.

    What she spends counts against what expires soonest, so only points nobody could say were spent
    are ever taken; points given back keep the validity they had.
    """
    account = ledger.lock_account(account.talent)
    run_out = Entry.objects.filter(
        account=account, transfer__kind=TransferKind.EARNED, transfer__valid_until__lt=now
    ).aggregate(points=Sum("amount"))["points"]
    used = Entry.objects.filter(account=account).exclude(transfer__kind=TransferKind.EARNED)
    used = -(used.aggregate(points=Sum("amount"))["points"] or 0)
    points = min((run_out or 0) - used, account.balance)
    if points <= 0:
        return None
    transfer = ledger.post(
        kind=TransferKind.EXPIRED,
        source=f"expiry:{account.pk}:{timezone.localdate(now):%Y%m%d}",
        moves=[(account, -points), (PointsAccount.objects.system(AccountKind.EXPIRED), points)],
        by=None,
        at=now,
    )
    audit.record("care_points.expire_points", transfer, by=None, at=now, points=points)
    return transfer


# --- volunteer hours -------------------------------------------------------------------------------
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


# --- spending --------------------------------------------------------------------------------------
@transaction.atomic
def redeem(*, talent, service, idempotency_key, expected_cost, by, now):
    """Spend points on a service; returns the Redemption with its voucher code.

    The same key again returns the same redemption, whatever became of it; the same key for another
    service or price is refused (422). `expected_cost` is the price she was shown.
    """
    account = ledger.lock_account(talent)
    if repeat := talent.redemptions.filter(idempotency_key=idempotency_key).first():
        if (repeat.service_id, repeat.cost) != (service.pk, expected_cost):
            raise Invalid(
                "idempotency_key_reused", _("这个页面已经兑换过别的服务，请回到服务目录重新选择。")
            )
        return repeat
    services = Service.objects.select_related("station")
    service = services.get(pk=service.pk)
    if service.monthly_quota is not None:
        # Who counts against a quota waits for the one before; others have nothing to wait for.
        service = services.select_for_update(of=("self",)).get(pk=service.pk)
    _require_redeemable(service, talent, account, expected_cost, now)
    redemption = Redemption.objects.create(
        talent=talent,
        service=service,
        cost=service.cost,
        idempotency_key=idempotency_key,
        made_at=now,
        expires_at=_end_of_day(now, days=service.validity_days),
    )
    ledger.post(
        kind=TransferKind.REDEEMED,
        source=f"redemption:{redemption.pk}",
        moves=[
            (account, -service.cost),
            (PointsAccount.objects.system(AccountKind.REDEEMED), service.cost),
        ],
        by=by,
        at=now,
    )
    audit.record("care_points.redeem", redemption, by=by, at=now, points=service.cost)
    _tell(
        "redemption.made",
        talent=talent,
        obj=redemption,
        new=True,
        now=now,
        page=("voucher", redemption.pk),
        station=service.station.name,
        until=redemption.expires_at.isoformat(),
    )
    return redemption


def _require_redeemable(service, talent, account, expected_cost, now):
    if not talent.is_verified:
        raise Refused("not_verified", _("您的资料通过审核后才能兑换，请先到“我的资料”查看进度。"))
    if not (service.active and service.station.active):
        raise Conflict("service_closed", _("这项服务暂停兑换，积分没有变动，请看看其他服务。"))
    if service.cost != expected_cost:
        raise Conflict(
            "cost_changed",
            _("这项服务现在需要 %(cost)s 积分，与刚才显示的不同，请确认后再兑换。")
            % {"cost": service.cost},
        )
    if account.balance < service.cost:
        raise Conflict(
            "not_enough_points",
            _("还差 %(missing)s 积分。参加活动、志愿服务都能获得积分，详见“怎样获得积分”。")
            % {"missing": service.cost - account.balance},
        )
    if service.monthly_quota is not None:
        taken = Redemption.objects.counting_against_quota(service, now).count()
        if taken >= service.monthly_quota:
            raise Conflict("quota_used_up", _("本月名额已满，下月 1 日重新开放，积分没有变动。"))


def _lock_redemption(redemption):
    """Lock the account, then the redemption, in the order every operation takes."""
    redemption = Redemption.objects.select_related("talent__user", "service__station").get(
        pk=redemption.pk
    )
    account = ledger.lock_account(redemption.talent)
    redemption.refresh_from_db(
        from_queryset=Redemption.objects.select_for_update(of=("self",)).select_related(
            "talent__user", "service__station"
        )
    )
    return account, redemption


def _give_back(account, redemption, state, by, now):
    spent = Transfer.objects.get(source=f"redemption:{redemption.pk}")
    redemption.state, redemption.ended_at = state, now
    redemption.save(update_fields=["state", "ended_at"])
    ledger.post(
        kind=TransferKind.RETURNED,
        source=f"return:{redemption.pk}",
        moves=[
            (PointsAccount.objects.system(AccountKind.REDEEMED), -redemption.cost),
            (account, redemption.cost),
        ],
        reverses=spent,
        by=by,
        at=now,
    )
    audit.record(ENDED_AS[state], redemption, by=by, at=now, points=redemption.cost)
    _tell(
        "redemption.returned",
        talent=redemption.talent,
        obj=redemption,
        now=now,
        page=("points",),
        points=redemption.cost,
    )
    return redemption


@transaction.atomic
def cancel_redemption(*, redemption, by, now):
    """Cancel a voucher that was not used and give its points back; twice gives back once."""
    account, redemption = _lock_redemption(redemption)
    if redemption.state == RedemptionState.FULFILLED:
        raise Conflict(
            "already_fulfilled",
            _("这张兑换码已于%(when)s使用，不能取消。如非本人使用，请联系工作人员。")
            % {"when": moment_text(redemption.fulfilled_at)},
        )
    if redemption.state != RedemptionState.RESERVED:
        return redemption
    return _give_back(account, redemption, RedemptionState.CANCELLED, by, now)


@transaction.atomic
def expire_redemption(*, redemption, now):
    """End a voucher that was not used in time and give its points back; returns the redemption."""
    account, redemption = _lock_redemption(redemption)
    if redemption.state != RedemptionState.RESERVED or now <= redemption.expires_at:
        return redemption
    return _give_back(account, redemption, RedemptionState.EXPIRED, None, now)


def find_voucher(*, code, by):
    """Return the redemption with the typed `code` that `by` may fulfil at her station's desk.

    A voucher of another station is answered like an unknown code.
    """
    if not CareStation.objects.operated_by(by).exists():
        raise Refused("not_an_operator", _("您还不是加油站的核销人员，请联系积分管理员开通。"))
    found = Redemption.objects.filter(
        code=ids.tidy(code), service__station__in=CareStation.objects.operated_by(by)
    )
    redemption = found.select_related("talent", "service__station", "fulfilled_by").first()
    if redemption is None:
        raise Invalid(
            "voucher_unknown",
            _("没有找到可在本站使用的兑换码，请核对 10 位编码，或请对方打开兑换页再看一次。"),
            field="code",
        )
    return redemption


def require_usable(redemption, now):
    """Refuse a voucher that was used, cancelled or not used in time, saying which and when."""
    said = {
        RedemptionState.FULFILLED: (
            "already_fulfilled",
            _("这张兑换码已于%(when)s核销，不能再次使用。"),
            redemption.fulfilled_at,
        ),
        RedemptionState.CANCELLED: (
            "voucher_cancelled",
            _("这张兑换码已于%(when)s取消，积分已退回本人，不能使用。"),
            redemption.ended_at,
        ),
        RedemptionState.EXPIRED: (
            "voucher_expired",
            _("这张兑换码已于%(when)s过期，积分已退回本人，可重新兑换。"),
            redemption.expires_at,
        ),
    }
    if redemption.state in said:
        code, sentence, when = said[redemption.state]
        raise Conflict(code, sentence % {"when": moment_text(when)})
    if not redemption.is_usable(now):
        raise Conflict(
            "voucher_expired",
            _("这张兑换码已于%(when)s过期，积分会自动退回本人，可重新兑换。")
            % {"when": moment_text(redemption.expires_at)},
        )


@transaction.atomic
def fulfil(*, code, by, now):
    """Mark the voucher used at the station's desk; returns the redemption.

    Only an operator of that station or a points clerk; a second time is refused and says when the
    first was.
    """
    redemption = find_voucher(code=code, by=by)
    redemption = (
        Redemption.objects.select_for_update(of=("self",))
        .select_related("talent__user", "service__station")
        .get(pk=redemption.pk)
    )
    require_usable(redemption, now)
    redemption.state = RedemptionState.FULFILLED
    redemption.fulfilled_by, redemption.fulfilled_at = by, now
    redemption.save(update_fields=["state", "fulfilled_by", "fulfilled_at"])
    audit.record("care_points.fulfil", redemption, by=by, at=now)
    _tell(
        "redemption.fulfilled",
        talent=redemption.talent,
        obj=redemption,
        now=now,
        page=("voucher", redemption.pk),
        station=redemption.service.station.name,
    )
    return redemption
