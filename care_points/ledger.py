"""Writing transfers. Everything else about the ledger is left to the database's own guards."""

from django.db import IntegrityError

from care_points.models import PointsAccount, Transfer
from kernel import rows
from kernel.prepared import Statement

WITH_TALENT = Statement(
    f"""
    SELECT {rows.columns(PointsAccount, "account")}, talent.state, talent.user_id, talent.moved_away_on
      FROM care_points_pointsaccount AS account JOIN talents_talent AS talent ON talent.id = talent_id
     WHERE talent_id = %(talent)s FOR UPDATE OF account
""",  # noqa: S608 (names of our own models)
    talent="bigint",
)


def lock_account(talent):
    """Open the talent's account if need be, lock its row until the transaction ends, return it.

    Every change of her points starts here, so two of them never run side by side; the order of locks
    is always account, then service or redemption. What `talent` may do and whose it is stand as under the lock:
    whoever claimed the record wrongly loses it under this lock.
    """
    try:
        found = rows.locked(PointsAccount, WITH_TALENT, talent=talent.pk)
    except PointsAccount.DoesNotExist:
        PointsAccount.objects.of(talent)
        found = rows.locked(PointsAccount, WITH_TALENT, talent=talent.pk)
    account, talent.state, talent.user_id, talent.moved_away_on = found
    return account


ENTRIES = (
    """
    INSERT INTO care_points_entry (transfer_id, account_id, amount)
    SELECT first.id, account_id, amount FROM first, unnest(%(accounts)s, %(amounts)s) AS move (account_id, amount)
""",
    (("accounts", "bigint[]"), ("amounts", "integer[]")),
)


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
    moves = [(account.pk, amount) for account, amount in moves if amount]
    lines = {
        "accounts": [account for account, _amount in moves],
        "amounts": [amount for _account, amount in moves],
    }
    return transfer if rows.insert_once_with(transfer, "key", ENTRIES, lines) else None
