"""Writing transfers. Everything else about the ledger is left to the database's own guards."""

from django.utils.translation import gettext as _

from care_points.models import Entry, PointsAccount, Transfer
from liangjiang.errors import Conflict


def lock_account(talent):
    """Open the talent's account if need be, lock its row until the transaction ends, return it.

    Every change of her points starts here, so two of them never run side by side; the order of locks
    is always account, then service or redemption.
    """
    account = PointsAccount.objects.of(talent)
    return PointsAccount.objects.select_for_update().get(pk=account.pk)


def post(*, kind, source, moves, by, at, **facts):
    """Write one transfer with its entries; returns the Transfer.

    `moves` is a list of (PointsAccount, points ±) that sums to zero. The database fills in the
    balances and refuses at commit what does not sum to zero.
    """
    transfer = Transfer.objects.create(kind=kind, source=source, by=by, at=at, **facts)
    Entry.objects.bulk_create(
        Entry(transfer=transfer, account=account, amount=amount)
        for account, amount in moves
        if amount
    )
    return transfer


def moved(transfer, account):
    """Return the points the transfer moved on the account (0 when it did not touch it)."""
    return sum(entry.amount for entry in transfer.entries.all() if entry.account_id == account.pk)


def require_not_reversed(transfer):
    """Refuse to undo a transfer a second time."""
    if Transfer.objects.filter(reverses=transfer).exists():
        raise Conflict("already_reversed", _("这笔积分已经撤销过，无需再次操作。"))
