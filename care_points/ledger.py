"""Writing transfers. Everything else about the ledger is left to the database's own guards."""

from care_points.models import Entry, PointsAccount, Transfer


def lock_account(talent):
    """Open the talent's account if need be, lock its row until the transaction ends, return it.

    Every change of her points starts here, so two of them never run side by side; the order of locks
    is always account, then service or redemption.
    """
    locked = PointsAccount.objects.select_for_update()
    account = locked.filter(talent=talent).first()
    return account or locked.get(pk=PointsAccount.objects.of(talent).pk)


def post(*, kind, key, moves, by, at, **facts):
    """Write one transfer with its entries; returns the Transfer.

    `moves` is a list of (PointsAccount, points ±) that sums to zero, `key` is unique among all transfers,
    `facts` are further fields of the Transfer. The database fills in the balances and refuses at commit
    what does not sum to zero.
    """
    transfer = Transfer.objects.create(kind=kind, key=key, by=by, at=at, **facts)
    Entry.objects.bulk_create(
        Entry(transfer=transfer, account=account, amount=amount)
        for account, amount in moves
        if amount
    )
    return transfer
