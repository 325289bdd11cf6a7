"""Corrections of a woman's points by two people: one asks with a reason, another one who may confirms (accounts.joint).

Given are lots of their own with a validity of `VALID_MONTHS`; taken is what runs out soonest, never more than she has. A
correction is undone as it was made, by two people: by a transfer that reverses it.
"""

import json

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import joint
from care_points import ledger, letters
from care_points.models import AccountKind, PointsAccount, Transfer, TransferKind
from care_points.operations.earning import take_back
from kernel import days, rights
from kernel.errors import Conflict, Invalid, Refused
from privacy import audit

ADJUST, UNDO = "care_points.adjust_points", "care_points.undo_adjustment"
RIGHT = "care_points.adjust_points"
MOST = 10_000  # more at once is a typing mistake
VALID_MONTHS = 36


def why_not_adjust(account, points, by):
    """Return why `by` (None: the system) may not have `points` (±) put on or taken off, as a DomainError, else None."""
    if not isinstance(points, int) or not 1 <= abs(points) <= MOST:
        sentence = _("请填写 1 到 %(most)s 的整数。") % {"most": MOST}
        return Invalid("points_out_of_range", sentence, field="points")
    return _why_not_hers(account, by) or _why_not_enough(account, points)


def _why_not_hers(account, by):
    """Nobody has a hand in her own points: neither who asks nor who confirms."""
    if account.talent is None:
        return Conflict("account_unnamed", _("这个账户已去除身份，不能再更正。"))
    if by is not None and account.talent.user_id == by.pk:
        return Refused("own_points", _("不能更正您本人的积分，请由同事办理。"))
    return None


def _why_not_enough(account, points):
    if account.balance + points >= 0:
        return None
    sentence = ngettext(
        "她只有 %(balance)s 积分，不能扣减这么多；积分不会扣成负数。",
        "她只有 %(balance)s 积分，不能扣减这么多；积分不会扣成负数。",
        account.balance,
    )
    return Conflict("not_enough_points", sentence % {"balance": account.balance}, field="points")


@transaction.atomic
def propose_adjustment(*, talent, points, reason, by, now):
    """Ask for `points` (+ or −) on a woman's account; returns the JointAction a colleague confirms.

    Raises Refused (no right, "own_points"), what `why_not_adjust` returns, and what accounts.joint.ask raises
    ("reason_missing"; "joint_waiting" while another correction of hers waits).
    """
    rights.require(by, RIGHT)
    account = PointsAccount.objects.of(talent)
    account.talent = talent
    # Not locked: who confirms locks her first and then the account, and looks at the balance again.
    if error := why_not_adjust(account, points, by):
        raise error
    return _ask(ADJUST, account, by, now, reason, points=points)


def _ask(kind, account, by, now, reason, **params):
    """Her account is the thing the request is about, she the person, where she has an account to sign in."""
    return joint.ask(
        kind=kind,
        person=account.talent.user,
        object_id=account.pk,
        params=params,
        by=by,
        now=now,
        reason=reason,
    )


def carry_out_adjustment(action, *, by, now):
    """Move the points that were confirmed; returns the Transfer. She is told. Raises what `why_not_adjust` returns."""
    account = _confirmed(action, by)
    points = json.loads(action.params)["points"]
    if error := _why_not_enough(account, points):
        raise error
    transfer = ledger.post(
        kind=TransferKind.ADJUSTED,
        key=f"adjustment:{action.pk}",
        moves=[(_programme(), -points), (account, points)],
        request=action,
        about=action.reason,
        valid_until=days.end_of_day(now, months=VALID_MONTHS) if points > 0 else None,
        by=action.requested_by,
        at=now,
    )
    audit.record("care_points.adjust", transfer, by=by, at=now, points=points)
    letters.send(letters.adjusted(transfer, account.talent, points), now)
    return transfer


def _programme():
    return PointsAccount.objects.system(AccountKind.CORRECTION)


def _confirmed(action, by):
    """Return the account, locked; whose it is may have changed since it was asked for."""
    talent = PointsAccount.objects.select_related("talent").get(pk=action.object_id).talent
    if talent is None:
        raise Conflict("account_unnamed", _("这个账户已去除身份，不能再更正。"))
    account = ledger.lock_account(talent)
    for person in (by, action.requested_by):
        if error := _why_not_hers(account, person):
            raise error
    return account


def facts(action):
    """Return whose points and how many, for the second person."""
    account = PointsAccount.objects.select_related("talent").get(pk=action.object_id)
    params = json.loads(action.params)
    points = params["points"]
    who = f"{account.talent.full_name} {account.talent.code}" if account.talent else account.code
    pairs = [(_("女性科技人才"), who), (_("积分账户"), account.code)]
    if undone := params.get("transfer"):
        pairs.append((_("撤销的流水"), undone))
    return [*pairs, (_("积分"), f"{points:+d}"), (_("现有积分"), account.balance)]


# --- undoing ------------------------------------------------------------------------------------------


def why_not_undo_adjustment(transfer, by):
    """Return why `by` may not have a correction undone, as a DomainError, else None."""
    if transfer.kind != TransferKind.ADJUSTED:
        return Invalid("not_an_adjustment", _("只有更正可以这样撤销。"))
    if Transfer.objects.filter(reverses=transfer).exists():
        return Conflict("already_undone", _("这笔更正已经撤销。"))
    return _why_not_hers(_hers(transfer).account, by)


def _hers(transfer):
    return transfer.entries.select_related("account__talent__user").get(
        account__kind=AccountKind.TALENT
    )


@transaction.atomic
def propose_undo(*, transfer, reason, by, now):
    """Ask for a correction to be undone; returns the JointAction a colleague confirms.

    What she has spent of it meanwhile the programme bears, as with any reversal. Raises Refused, what `why_not_undo_adjustment`
    returns, and what accounts.joint.ask raises.
    """
    rights.require(by, RIGHT)
    if error := why_not_undo_adjustment(transfer, by):
        raise error
    entry = _hers(transfer)
    params = {"points": -entry.amount, "transfer": transfer.code}
    return _ask(UNDO, entry.account, by, now, reason, **params)


def carry_out_undo(action, *, by, now):
    """Reverse the correction that was confirmed to be wrong; returns the reversing Transfer. She is told."""
    account = _confirmed(action, by)
    transfer = Transfer.objects.get(code=json.loads(action.params)["transfer"])
    if error := why_not_undo_adjustment(transfer, by):
        raise error
    amount = _hers(transfer).amount
    facts = {"by": action.requested_by, "now": now, "reason": action.reason, "request": action}
    undone = take_back(transfer=transfer, **facts) if amount > 0 else _put_back(transfer, **facts)
    moved = undone.entries.filter(account=account).values_list("amount", flat=True).first() or 0
    letters.send(letters.adjusted(undone, account.talent, moved), now)
    return undone


def _put_back(transfer, *, by, now, reason, request):
    """Give points back that were taken off by mistake, to the lots they came from."""
    moves = [(entry.account, -entry.amount) for entry in transfer.entries.select_related("account")]
    returned = ledger.post(
        kind=TransferKind.RETURNED,
        key=f"reversal:{transfer.pk}",
        moves=moves,
        reverses=transfer,
        request=request,
        about=reason,
        by=by,
        at=now,
    )
    audit.record("care_points.reverse", returned, by=by, at=now, reason=reason)
    return returned
