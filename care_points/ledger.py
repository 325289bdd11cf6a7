"""Writing transfers. Everything else about the ledger is left to the database's own guards."""

from django.db import IntegrityError, connection

from care_points.models import PointsAccount, Transfer
from kernel import rows


def lock_account(talent):
    """Open the talent's account if need be, lock its row until the transaction ends, return it.

    Every change of her points starts here, so two of them never run side by side; the order of locks
    is always account, then service or redemption.
    """
    locked = PointsAccount.objects.select_for_update()
    account = locked.filter(talent=talent).first()
    return account or locked.get(pk=PointsAccount.objects.of(talent).pk)


ENTRIES = """
    INSERT INTO care_points_entry (transfer_id, account_id, amount)
    SELECT %s, account_id, amount FROM unnest(%s, %s) AS move (account_id, amount)
"""


def post(*, kind, key, moves, by, at, **facts):
    """Write one transfer with its entries; returns the Transfer.

    `moves` is a list of (PointsAccount, points ±) that sums to zero, `key` is unique among all transfers,
    `facts` are further fields of the Transfer. The database fills in the balances and refuses at commit
    what does not sum to zero. Raises IntegrityError where `key` has moved points before: whoever posts
    has locked and looked, so that is a fault, and points must not vanish in it.
    """
    transfer = post_once(kind=kind, key=key, moves=moves, by=by, at=at, **facts)
    if transfer is None:
        raise IntegrityError(f"points were moved before: {key}")
    return transfer


def post_once(*, kind, key, moves, by, at, **facts):
    """Do what `post` does; returns None where `key` has moved points before, for events that may repeat."""
    transfer = Transfer(kind=kind, key=key, by=by, at=at, **facts)
    if not rows.insert_once(transfer, "key"):
        return None
    moves = [(account.pk, amount) for account, amount in moves if amount]
    with connection.cursor() as cursor:
        cursor.execute(ENTRIES, [transfer.pk, *map(list, zip(*moves, strict=True))])
    return transfer
