"""Points are spent on a service: the voucher is made, cancelled, or runs out."""

from collections import Counter
from datetime import datetime

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from care_points import campaigns, ledger, letters, tallies
from care_points.models import (
    AccountKind,
    CaseState,
    Entry,
    PointsAccount,
    Redemption,
    RedemptionState,
    Service,
    Transfer,
    TransferKind,
)
from care_points.operations import appointments, cases
from care_points.operations.earning import expire_points
from kernel import days, rights, rows
from kernel.errors import Conflict, DomainError, Invalid, Refused
from kernel.prepared import Prepared, together
from kernel.words import moment_text
from privacy import audit
from talents.standing import why_not_take_part

# What a redemption reads under the lock of her account, in one trip.
READ = {
    "service": Prepared(
        lambda service: Service.objects.select_related("station__place").filter(pk=service.pk),
        service="care_points.Service",
    ),
    "overdue": Prepared(
        lambda account, now: (
            PointsAccount.objects.filter(pk=account.pk).with_overdue_points(now).values_list("pk")
        ),
        account="care_points.PointsAccount",
        now=datetime,
    ),
}
GIVEN_BACK = {
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
    taken = tallies.standing(limited, at)
    return {pk: max(quota - taken.get(pk, 0), 0) for pk, quota in limited.items()}


def taken_by(talent, services, at):
    """Return {pk: how many she redeemed this month (Asia/Shanghai)} of the services that limit each person. Queries: one."""
    limited = [service.pk for service in services if service.person_quota]
    if not (limited and talent):
        return {}
    hers = Redemption.objects.standing_in(at).filter(talent=talent)
    counted = Counter(one.service_id for one in hers)
    return {pk: counted[pk] for pk in limited}


def why_not_redeem(
    service, talent, balance, at, expected_cost=None, places=None, taken=None, standing=None
):
    """Return why she may not redeem the service at the moment `at`, as a DomainError, else None.

    `talent` is her record or None, `balance` the points on her account, `expected_cost` the price she
    was shown (None: the present one), `places` the month's places left where a list has counted them
    for all its services, `taken` what `taken_by` counted for them, `standing` what `campaigns.standing` found for them.
    One query for each quota not counted yet, up to three for a campaign.
    """
    if error := why_not_take_part(talent):
        return error
    if not (service.active and service.station.active and service.station.place.active):
        sentence = _("这项服务暂停兑换，积分没有变动，请看看其他服务。")
        return Conflict("service_closed", sentence)
    if error := campaigns.why_not_period(service, at):
        return error
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
    if service.person_quota is not None:
        taken = taken_by(talent, [service], at) if taken is None else taken
        if taken.get(service.pk, 0) >= service.person_quota:
            sentence = ngettext(
                "这项服务每人每月 %(n)s 次，您本月已用完，下月 1 日可以再兑换。",
                "这项服务每人每月 %(n)s 次，您本月已用完，下月 1 日可以再兑换。",
                service.person_quota,
            )
            return Conflict("own_quota_used_up", sentence % {"n": service.person_quota})
    return campaigns.why_not_turn(service, talent, at, standing)


@transaction.atomic
def redeem(*, talent, service, idempotency_key, expected_cost, by, now, slot=None, until=None):
    """Spend points on a service; returns the Redemption with its voucher code.

    A service by appointment takes its time (`slot`, a slots.Slot) in the same transaction: both or neither.

    A seat of an event the app of the events books in the same transaction; it holds the event's lock and says `until`
    when somebody has to have said whether she came. Without it a seat is refused: Conflict("seat_by_event").

    The same key again returns the same redemption, whatever became of it. `expected_cost` is the price
    she was shown. Raises Refused("not_yours") unless `by` is herself or the system,
    Invalid("idempotency_key_reused") for the same key with another service, price or time (422), Conflict("points_ran_out")
    where what is missing ran out before the night's sweep took it, and what `why_not_redeem` returns and `appointments.hold` raises.
    """
    _require_herself(talent, by)
    account = ledger.lock_account(talent)
    _require_herself(talent, by)
    read = together(READ, service=service, account=account, now=now)
    account, ran_out = _without_overdue(account, now) if read["overdue"] else (account, 0)
    service = _locked(read["service"])
    if service.by_event and until is None:
        raise _by_event()
    error = why_not_redeem(service, talent, account.balance, now, expected_cost)
    if error and error.code == "not_enough_points" and ran_out:
        error = _ran_out(ran_out, service.cost - account.balance)
    redemption = None if error else _voucher(talent, service, idempotency_key, now, until)
    appointment = None
    if redemption and service.by_appointment:
        try:
            appointment = appointments.hold(redemption, service, slot, now)
        except DomainError as refused:
            redemption, error = None, refused
    if redemption is None or not rows.insert_once(redemption):
        asked = (idempotency_key, expected_cost, slot)
        return _repeated(talent, service, redemption, asked, error)
    if appointment:
        appointment.redemption = redemption
        appointment.save()
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
    tallies.made(redemption)
    campaigns.take_turn(redemption)
    audit.record("care_points.redeem", redemption, by=by, at=now, points=service.cost)
    if appointment:
        letters.send(letters.appointment_made(appointment), now)
    elif not service.by_event:  # the booking says that the seat is hers
        letters.send(letters.redeemed(redemption), now)
    return redemption


def _without_overdue(account, now):
    """Take what has run out off a locked account, before the night's sweep does; returns the account as it stands and how much that was."""
    before = account.balance
    if not expire_points(account=account, now=now):
        return account, 0
    account = ledger.lock_account(account.talent)
    return account, before - account.balance


def _ran_out(points, missing):
    sentence = _("您有 %(points)s 积分已经到期，不能再用，还差 %(missing)s 积分。")
    return Conflict("points_ran_out", sentence % {"points": points, "missing": missing})


def _by_event():
    sentence = _("这是活动席位，请在“我的报名”里取消报名，积分按规则退回。")
    return Conflict("seat_by_event", sentence)


def _voucher(talent, service, key, now, until=None):
    """Return her voucher, not yet written."""
    return Redemption(
        talent=talent,
        service=service,
        cost=service.cost,
        idempotency_key=key,
        made_at=now,
        expires_at=until or days.end_of_day(now, days=service.validity_days),
    )


def _repeated(talent, service, tried, asked, error):
    """Return the voucher that a repeated request means; without one raise why she cannot redeem.

    `asked` is the request's key, price and time; `tried` the voucher that was not inserted, if no rule refused.
    """
    key, cost, slot = asked
    earlier = talent.redemptions.filter(idempotency_key=key).select_related("appointment")
    redemption = earlier.first()
    if redemption is None:
        raise error or rows.refusal(tried)
    other = (redemption.service_id, redemption.cost) != (service.pk, cost)
    if slot and hasattr(redemption, "appointment") and not redemption.appointment.moves:
        other = other or redemption.appointment.starts_at != slot.starts_at
    if other:
        sentence = _("这个页面已经兑换过别的服务，请回到服务目录重新选择。")
        raise Invalid("idempotency_key_reused", sentence)
    return redemption


def _locked(found):
    """Return the service as it was `found` again, locked where it has a quota; raises Service.DoesNotExist.

    Who counts against a quota waits for the one before; others have nothing to wait for.
    """
    if not found:
        raise Service.DoesNotExist
    (service,) = found
    if service.monthly_quota is not None or service.period_quota is not None:
        locked = Service.objects.select_related("station__place")
        locked = locked.select_for_update(of=("self",))
        service = locked.get(pk=service.pk)
    return service


def why_not_cancel(redemption, at=None):
    """Return why the voucher cannot be cancelled, as a DomainError, else None.

    `at` is the moment at which she herself asks: once her time has begun it is the station's to say. None: staff do.
    """
    if redemption.state == RedemptionState.FULFILLED:
        sentence = _("这张兑换码已于 %(when)s 使用，不能取消。如非本人使用，请联系工作人员。")
        when = moment_text(redemption.fulfilled_at)
        return Conflict("already_fulfilled", sentence % {"when": when})
    if redemption.state != RedemptionState.RESERVED:
        return Conflict("redemption_ended", _("这次兑换已经结束。"))
    if at and redemption.service and redemption.service.by_case:
        case = cases.case_of(redemption)
        if case and case.state == CaseState.CAME:
            sentence = _("这次服务已经进行，请到加油站出示兑换码。")
            return Conflict("case_over", sentence)
    begun = at and hasattr(redemption, "appointment") and at >= redemption.appointment.starts_at
    if begun:
        return Conflict("appointment_begun", _("预约时间已经到了，不能再取消，请联系加油站。"))
    return None


def points_back(redemption, at):
    """Return how many points she gets back if she cancels at a moment."""
    timed = hasattr(redemption, "appointment")
    return redemption.appointment.points_back(at) if timed else redemption.cost


@transaction.atomic
def cancel_redemption(*, redemption, by, now, expected_points=None):
    """Cancel a voucher that was not used; returns the Redemption.

    Its points come back, except where she cancels an appointment herself later than its rule allows. Staff and the
    system always give them back. `expected_points` is what she was told comes back (None: whatever it is).
    Twice gives back once. Raises Refused("not_allowed") unless `by` is herself, a points clerk or the
    system, Conflict("terms_changed"), and what `why_not_cancel` returns.
    """
    redemption = Redemption.objects.select_related("talent").get(pk=redemption.pk)
    _require_owner(redemption, by)
    account, redemption = lock(redemption)
    if redemption.state in (*GIVEN_BACK, RedemptionState.FORFEITED):
        return redemption
    herself = by is not None and redemption.talent.user_id == by.pk
    if by is not None and redemption.by_event:
        raise _by_event()
    if error := why_not_cancel(redemption, now if herself else None):
        raise error
    points = points_back(redemption, now) if herself else redemption.cost
    if expected_points is not None and points != expected_points:
        sentence = _("取消的期限刚刚过了，现在取消积分不退，请再确认一次。")
        raise Conflict("terms_changed", sentence)
    if points == 0:
        return _forfeit(redemption, by, now)
    return give_back(account, redemption, RedemptionState.CANCELLED, by, now)


def _forfeit(redemption, by, now):
    """End an appointment she cancels too late: others can have the time, the points stay spent."""
    redemption.state, redemption.ended_at = RedemptionState.FORFEITED, now
    redemption.save(update_fields=["state", "ended_at"])
    appointments.release(redemption)
    audit.record("care_points.forfeit", redemption, by=by, at=now, points=redemption.cost)
    letters.overtake(redemption, now)
    letters.send(letters.forfeited(redemption), now)
    return redemption


@transaction.atomic
def expire_redemption(*, redemption, now):
    """End a voucher that was not used in time and give its points back; returns the Redemption."""
    account, redemption = lock(redemption)
    if redemption.state != RedemptionState.RESERVED or now <= redemption.expires_at:
        return redemption
    return give_back(account, redemption, RedemptionState.EXPIRED, None, now)


def lock(redemption):
    """Lock her account, then the redemption: the order every operation takes; returns both."""
    account = ledger.lock_account(redemption.talent)
    locked = Redemption.objects.select_for_update(of=("self",))
    found = locked.select_related("talent__user", "station", "appointment")
    return account, found.get(pk=redemption.pk)


def give_back(account, redemption, state, by, now):
    """End a voucher whose caller has locked `account` and it, and put its points back; returns the Redemption."""
    redemption.state, redemption.ended_at = state, now
    redemption.save(update_fields=["state", "ended_at"])
    appointments.release(redemption)
    cases.release(redemption)
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
    tallies.given_back(redemption)
    campaigns.give_turn_back(redemption)
    audit.record(GIVEN_BACK[state], redemption, by=by, at=now, points=redemption.cost)
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
