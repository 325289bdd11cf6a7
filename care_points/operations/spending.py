"""Points are spent on a service: the voucher is made, cancelled, or runs out."""

from django.db import transaction
from django.utils.translation import gettext as _

from care_points import ledger, letters
from care_points.models import (
    AccountKind,
    PointsAccount,
    Redemption,
    RedemptionState,
    Service,
    Transfer,
    TransferKind,
)
from kernel import days
from kernel.errors import Conflict, Invalid, Refused
from kernel.words import moment_text
from privacy import audit

ENDED_AS = {
    RedemptionState.CANCELLED: "care_points.cancel_redemption",
    RedemptionState.EXPIRED: "care_points.expire_redemption",
}


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
        expires_at=days.end_of_day(now, days=service.validity_days),
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
    letters.send(letters.redeemed(redemption), now, new=True)
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
    letters.send(letters.returned(redemption), now)
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
