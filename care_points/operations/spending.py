"""Points are spent on a service: the voucher is made, cancelled, or runs out."""

from django.db import transaction
from django.db.models import Count, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from care_points import ledger, letters
from care_points.models import (
    AccountKind,
    Entry,
    PointsAccount,
    Redemption,
    RedemptionState,
    Service,
    Transfer,
    TransferKind,
)
from kernel import days, rights, rows
from kernel.errors import Conflict, Invalid, Refused
from kernel.prepared import Prepared
from kernel.words import moment_text
from privacy import audit
from talents.standing import why_not_take_part

SERVICE = Prepared(
    lambda service: Service.objects.select_related("station").filter(pk=service.pk),
    service="care_points.Service",
)
ENDED_AS = {
    RedemptionState.CANCELLED: "care_points.cancel_redemption",
    RedemptionState.EXPIRED: "care_points.expire_redemption",
}


def _require_herself(talent, by):
    """Refuse unless `by` is the talent herself or the system."""
    if by is not None and talent.user_id != by.pk:
        raise Refused("not_yours", _("积分只能由本人兑换。"))


def _require_owner(redemption, by):
    """Refuse unless `by` is its owner, a points clerk, or the system."""
    herself = by is not None and redemption.talent.user_id == by.pk
    if not herself:
        rights.require(by, "care_points.fulfil_redemption", _("只能取消您自己的兑换。"))


def places_left(services, at):
    """Return {pk: places left this month (Asia/Shanghai)} of the services that have a quota. Queries: one."""
    limited = {service.pk: service.monthly_quota for service in services if service.monthly_quota}
    counted = Redemption.objects.counting_against_quota(limited, at).order_by()
    taken = dict(counted.values_list("service").annotate(Count("pk")))
    return {pk: max(quota - taken.get(pk, 0), 0) for pk, quota in limited.items()}


def why_not_redeem(service, talent, balance, at, expected_cost=None, places=None):
    """Return why she may not redeem the service at the moment `at`, as a DomainError, else None.

    `talent` is her record or None, `balance` the points on her account, `expected_cost` the price she
    was shown (None: the present one), `places` the month's places left where a list has counted them
    for all its services. One query, for a service with a monthly quota not counted yet; else none.
    """
    if error := why_not_take_part(talent):
        return error
    if not (service.active and service.station.active):
        sentence = _("这项服务暂停兑换，积分没有变动，请看看其他服务。")
        return Conflict("service_closed", sentence)
    if expected_cost is not None and service.cost != expected_cost:
        sentence = ngettext(
            "这项服务现在需要 %(cost)s 积分，与刚才显示的不同，请确认后再兑换。",
            "这项服务现在需要 %(cost)s 积分，与刚才显示的不同，请确认后再兑换。",
            service.cost,
        )
        return Conflict("cost_changed", sentence % {"cost": service.cost})
    if balance < service.cost:
        missing = service.cost - balance
        sentence = ngettext(
            "还差 %(missing)s 积分。参加活动、志愿服务都能获得积分。",
            "还差 %(missing)s 积分。参加活动、志愿服务都能获得积分。",
            missing,
        )
        return Conflict("not_enough_points", sentence % {"missing": missing})
    if service.monthly_quota is not None:
        if places is None:
            places = places_left([service], at)[service.pk]
        if places < 1:
            sentence = _("本月名额已满，下月 1 日重新开放。")
            return Conflict("quota_used_up", sentence)
    return None


@transaction.atomic
def redeem(*, talent, service, idempotency_key, expected_cost, by, now):
    """Spend points on a service; returns the Redemption with its voucher code.

    The same key again returns the same redemption, whatever became of it. `expected_cost` is the price
    she was shown. Raises Refused("not_yours") unless `by` is herself or the system,
    Invalid("idempotency_key_reused") for the same key with another service or price (422), and what
    `why_not_redeem` returns.
    """
    _require_herself(talent, by)
    account = ledger.lock_account(talent)
    _require_herself(talent, by)
    service = _lock_service(service)
    error = why_not_redeem(service, talent, account.balance, now, expected_cost)
    redemption = None if error else _voucher(talent, service, idempotency_key, now)
    if redemption is None or not rows.insert_once(redemption):
        return _repeated(talent, service, redemption, (idempotency_key, expected_cost), error)
    ledger.post(
        kind=TransferKind.REDEEMED,
        key=f"redemption:{redemption.pk}",
        moves=[
            (account, -service.cost),
            (PointsAccount.objects.system(AccountKind.REDEEMED), service.cost),
        ],
        redemption=redemption,
        by=by,
        at=now,
    )
    audit.record("care_points.redeem", redemption, by=by, at=now, points=service.cost)
    letters.send(letters.redeemed(redemption), now)
    return redemption


def _voucher(talent, service, key, now):
    """Return her voucher, not yet written."""
    return Redemption(
        talent=talent,
        service=service,
        cost=service.cost,
        idempotency_key=key,
        made_at=now,
        expires_at=days.end_of_day(now, days=service.validity_days),
    )


def _repeated(talent, service, tried, asked, error):
    """Return the voucher that a repeated request means; without one raise why she cannot redeem.

    `asked` is the request's key and price; `tried` the voucher that was not inserted, if no rule refused.
    """
    key, cost = asked
    redemption = talent.redemptions.filter(idempotency_key=key).first()
    if redemption is None:
        raise error or rows.refusal(tried)
    if (redemption.service_id, redemption.cost) != (service.pk, cost):
        sentence = _("这个页面已经兑换过别的服务，请回到服务目录重新选择。")
        raise Invalid("idempotency_key_reused", sentence)
    return redemption


def _lock_service(service):
    """Read the service again, locked where it has a quota; raises Service.DoesNotExist.

    Who counts against a quota waits for the one before; others have nothing to wait for.
    """
    found = SERVICE(service=service)
    if not found:
        raise Service.DoesNotExist
    (service,) = found
    if service.monthly_quota is not None:
        locked = Service.objects.select_related("station").select_for_update(of=("self",))
        service = locked.get(pk=service.pk)
    return service


def why_not_cancel(redemption):
    """Return why the voucher cannot be cancelled, as a DomainError, else None."""
    if redemption.state == RedemptionState.FULFILLED:
        sentence = _("这张兑换码已于 %(when)s 使用，不能取消。如非本人使用，请联系工作人员。")
        when = moment_text(redemption.fulfilled_at)
        return Conflict("already_fulfilled", sentence % {"when": when})
    if redemption.state != RedemptionState.RESERVED:
        return Conflict("redemption_ended", _("这次兑换已经结束，积分已退回。"))
    return None


@transaction.atomic
def cancel_redemption(*, redemption, by, now):
    """Cancel a voucher that was not used and give its points back; returns the Redemption.

    Twice gives back once. Raises Refused("not_allowed") unless `by` is herself, a points clerk or the
    system, and what `why_not_cancel` returns.
    """
    redemption = Redemption.objects.select_related("talent").get(pk=redemption.pk)
    _require_owner(redemption, by)
    account, redemption = _lock(redemption)
    if redemption.state in ENDED_AS:
        return redemption
    if error := why_not_cancel(redemption):
        raise error
    return _give_back(account, redemption, RedemptionState.CANCELLED, by, now)


@transaction.atomic
def expire_redemption(*, redemption, now):
    """End a voucher that was not used in time and give its points back; returns the Redemption."""
    account, redemption = _lock(redemption)
    if redemption.state != RedemptionState.RESERVED or now <= redemption.expires_at:
        return redemption
    return _give_back(account, redemption, RedemptionState.EXPIRED, None, now)


def _lock(redemption):
    """Lock her account, then the redemption: the order every operation takes; returns both."""
    account = ledger.lock_account(redemption.talent)
    locked = Redemption.objects.select_for_update(of=("self",))
    return account, locked.select_related("talent__user", "service__station").get(pk=redemption.pk)


def _give_back(account, redemption, state, by, now):
    redemption.state, redemption.ended_at = state, now
    redemption.save(update_fields=["state", "ended_at"])
    spent = Transfer.objects.get(redemption=redemption)
    returned = ledger.post(
        kind=TransferKind.RETURNED,
        key=f"return:{redemption.pk}",
        moves=[
            (PointsAccount.objects.system(AccountKind.REDEEMED), -redemption.cost),
            (account, redemption.cost),
        ],
        reverses=spent,
        by=by,
        at=now,
    )
    audit.record(ENDED_AS[state], redemption, by=by, at=now, points=redemption.cost)
    revoked = min(_borne_since(spent, account), redemption.cost)
    if revoked:
        _recover(returned, account, revoked, now)
    letters.overtake(redemption, now)
    letters.send(letters.returned(redemption, revoked), now)
    return redemption


def _borne_since(spent, account):
    """Return how many of her points, revoked after she had spent them in `spent`, the programme still bears.

    What other vouchers given back since then have brought in counts against it, whichever reversal
    that was for: in doubt in her favour.
    """
    borne = Entry.objects.filter(account__kind=AccountKind.ADJUSTMENT, transfer__gt=spent)
    revoked = borne.filter(transfer__reverses__entries__account=account, transfer__kind="reversed")
    brought_in = borne.filter(transfer__entries__account=account, transfer__kind="recovered")
    sums = (rows.aggregate(n=Sum("amount", default=0))["n"] for rows in (revoked, brought_in))
    return max(0, -sum(sums))


def _recover(returned, account, points, now):
    """Let the programme have back what it bore: points revoked while they were spent are not hers again."""
    recovered = ledger.post(
        kind=TransferKind.RECOVERED,
        key=f"recovery:{returned.pk}",
        moves=[(account, -points), (PointsAccount.objects.system(AccountKind.ADJUSTMENT), points)],
        reverses=returned,
        by=None,
        at=now,
    )
    audit.record("care_points.recover", recovered, by=None, at=now, points=points)
