"""Private cases: she chooses a time for a voucher, the counsellor learns whose case it is and says what became of it.

What she does herself with a case is not audited and nobody is told: the entry's moment, beside that of her voucher, would
link the two. What the counsellor does is audited on the case, by its number; the voucher is never named with it. That a time
was called off all women are told who hold a voucher of that station (reminding.tell_of_changes), not she alone. Points
move by the voucher alone, at the desk, as with every other. Locks: the voucher, then the providers in the order of their
keys, then the case.
"""

from datetime import timedelta
from math import ceil

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from care_points import slots
from care_points.models import CaseState, PrivateCase, Provider, Redemption, RedemptionState
from care_points.models.cases import key_of
from kernel import days
from kernel.errors import Conflict, Invalid, Refused
from privacy import audit

SEES_VOUCHERS = "care_points.view_redemption"
OVER = (CaseState.CAME, CaseState.ABSENT)


def case_of(voucher):
    """Return the PrivateCase of a voucher with its counsellor, None where no time was chosen."""
    return PrivateCase.objects.of_voucher(voucher).select_related("provider").first()


# --- herself --------------------------------------------------------------------------------------
def why_not_choose(voucher, case, by, at):
    """Return why `by` cannot choose a time for the voucher, whose case is `case` or None, as a DomainError, else None."""
    if by is None or voucher.talent is None or voucher.talent.user_id != by.pk:
        return Refused("not_yours", _("只能改您自己的预约。"))
    if voucher.service is None or not voucher.service.by_case:
        return Conflict("no_time_to_choose", _("这项服务不用选时间，到站出示兑换码即可。"))
    if voucher.state not in (RedemptionState.RESERVED, RedemptionState.FULFILLED):
        return Conflict("redemption_ended", _("这次兑换已经结束。"))
    if at > voucher.expires_at:
        return Conflict("voucher_expired", _("兑换码已经过期，积分会自动退回，可以重新兑换。"))
    if case and case.state in OVER:
        return Conflict("case_over", _("这次服务已经结束，不能再选时间。"))
    if case and case.state == CaseState.OPEN and case.starts_at <= at:
        return Conflict("case_begun", _("预约时间已经到了，不能再改。请联系加油站。"))
    return None


def times_for(voucher, case, at, *, provider=None):
    """Return the free times of a voucher's service until it runs out, as `slots.free_times` does."""
    today, last = timezone.localdate(at), timezone.localdate(voucher.expires_at)
    about = {"provider": provider, "besides": case, "without": voucher.talent.user_id}
    return slots.free_times(voucher.service, today, last, at, **about)


@transaction.atomic
def choose_time(*, voucher, slot, by, now):
    """Take a time for her voucher, or another instead of the one before; returns the PrivateCase.

    Only she herself. Raises what `why_not_choose` and `slots.why_not_slot` return, Invalid("slot_missing",
    "slot_after_voucher"). The same time again changes nothing.
    """
    if slot is None:
        raise Invalid("slot_missing", _("请先选一个时间。"))
    if error := why_not_choose(voucher, case_of(voucher), by, now):
        raise error
    voucher = Redemption.objects.select_for_update(of=("self",)).get(pk=voucher.pk)
    case = case_of(voucher)
    if error := why_not_choose(voucher, case, by, now):
        raise error
    held = case if case and case.held else None
    if held and held.starts_at == slot.starts_at and slot.provider in (None, held.provider_id):
        return held
    if slot.starts_at > voucher.expires_at:
        raise Invalid("slot_after_voucher", _("这个时间在兑换码过期以后，请选早一些的时间。"))
    case = case or PrivateCase(voucher=key_of(voucher))
    case.provider = _lock_free(voucher, slot, now, held)
    case.service, case.state, case.held, case.told = voucher.service, CaseState.OPEN, True, True
    _set_time(case, slot.starts_at, now)
    case.save()
    return case


def _lock_free(voucher, slot, now, held):
    """Lock who might give the time, and return who does."""
    service = voucher.service
    chosen = {"pk": slot.provider} if slot.provider else {"services": service}
    list(
        Provider.objects.select_for_update(of=("self",), no_key=True)
        .order_by("pk")
        .filter(**chosen)
    )
    others = {"besides": held, "without": voucher.talent.user_id}
    if error := slots.why_not_slot(service, slot, now, **others):
        raise error
    return slots.fairest(slots.free_at(service, slot, now, **others), slot.starts_at)


def _set_time(case, starts_at, now):
    length, gap = slots.lengths(case.service)
    case.starts_at, case.ends_at = starts_at, starts_at + length
    case.busy_until = case.ends_at + gap
    case.weeks_waited = ceil((starts_at - now) / timedelta(weeks=1))


def release(voucher):
    """Give up the time of a voucher whose points go back; what took place stays."""
    cases = PrivateCase.objects.of_voucher(voucher)
    cases.filter(state__in=[CaseState.OPEN, CaseState.CALLED_OFF]).delete()


# --- the counsellor -------------------------------------------------------------------------------
def why_not_counsel(user):
    """Return why an account cannot be a counsellor's, as a DomainError, else None.

    Who sees the vouchers sees when each was made and used, and laid beside a list of cases that would say too much.
    """
    if user is not None and user.is_staff and user.has_perm(SEES_VOUCHERS):
        sentence = _("能查看兑换记录的账号不能同时是私密服务的老师，请另用一个账号。")
        return Refused("sees_vouchers", sentence, field="user")
    return None


def _why_not_counsellor(case, by):
    if by is None or not by.is_active or case.provider.user_id != by.pk:
        return Refused("not_her_counsellor", _("只有为她服务的老师可以打开。"))
    return why_not_counsel(by)


def why_not_open(case, by):
    """Return why `by` cannot learn whose case it is, as a DomainError, else None. The system never does."""
    if error := _why_not_counsellor(case, by):
        return error
    if case.voucher_id is None:
        return Conflict(
            "link_destroyed", _("结束满 90 天，这个个案是谁的已经销毁，谁也不能再打开。")
        )
    return None


@transaction.atomic
def open_case(*, case, by, now):
    """Tell the counsellor whose case it is; returns the Redemption with its talent. Each time is audited first.

    Raises what `why_not_open` returns.
    """
    case = _read(case)
    if error := why_not_open(case, by):
        raise error
    audit.record("care_points.open_case", case, by=by, at=now)
    return Redemption.objects.select_related("talent__user").get(pk=case.voucher_id)


def why_not_close(case, by, at):
    """Return why `by` cannot say what became of a case, as a DomainError, else None. Within 90 days it can be said anew."""
    if error := _why_not_counsellor(case, by):
        return error
    if case.state == CaseState.CALLED_OFF or case.voucher_id is None:
        return Conflict("case_over", _("这个个案已经结束。"))
    if at < case.starts_at:
        return Conflict("too_early", _("预约时间到了才能登记结果。"))
    return None


@transaction.atomic
def close_case(*, case, came, by, now):
    """Note whether she came; nothing of what was said is kept. Said otherwise again it is corrected. Returns the case.

    Her points are not touched. Raises what `why_not_close` returns.
    """
    if error := why_not_close(_read(case), by, now):
        raise error
    case = _locked(case)
    if error := why_not_close(case, by, now):
        raise error
    state = CaseState.CAME if came else CaseState.ABSENT
    if case.state == state:
        return case
    case.state = state
    case.save(update_fields=["state"])
    audit.record("care_points.close_case", case, by=by, at=now, came=came)
    return case


def why_not_call_off(case, by, at):
    """Return why `by` cannot call a case off, as a DomainError, else None."""
    if error := _why_not_counsellor(case, by):
        return error
    if case.state != CaseState.OPEN or case.voucher_id is None:
        return Conflict("case_over", _("这个个案已经结束。"))
    return None


@transaction.atomic
def call_off(*, case, by, now):
    """Give up a time the counsellor cannot keep: she reads it on her page and chooses another. Returns the case.

    A letter to her now would stand beside this entry in time: `reminding.tell_of_changes` writes later, to her among
    others. The counsellor rings her up. Raises what `why_not_call_off` returns.
    """
    if error := why_not_call_off(_read(case), by, now):
        raise error
    case = _locked(case)
    if error := why_not_call_off(case, by, now):
        raise error
    case.state, case.held, case.told = CaseState.CALLED_OFF, False, False
    case.save(update_fields=["state", "held", "told"])
    audit.record("care_points.call_off_case", case, by=by, at=now)
    return case


def _read(case):
    return _found(PrivateCase.objects.all(), case)


def _locked(case):
    return _found(PrivateCase.objects.select_for_update(of=("self",)), case)


def _found(rows, case):
    """Return the case as it stands, as long as there is one: she may have given it up meanwhile."""
    case = rows.select_related("provider").filter(pk=case.pk).first()
    if case is None:
        raise Conflict("case_over", _("这个个案已经结束。"))
    return case


# --- kept long enough -----------------------------------------------------------------------------
def linked_before(before):
    """Return the cases whose time was so long ago and whose link still stands (privacy.retention)."""
    return PrivateCase.objects.linked_before(before)


def destroy_links(rows):
    """Leave which service, when, and what became of it; never again whose."""
    rows.update(voucher=None, voucher_index=None)


def ahead(user, at):
    """Return the cases of a counsellor from today on, and those before that still wait for a word, by time."""
    cases = PrivateCase.objects.visible_to(user).select_related("provider", "service")
    waiting = cases.filter(state=CaseState.OPEN, starts_at__lt=days.midnight(at))
    return cases.filter(held=True, starts_at__gte=days.midnight(at)) | waiting.filter(held=True)
