"""Checking the ledger against itself, in three statements whatever its size."""

from dataclasses import asdict, dataclass

from django.db import connection
from django.utils.translation import gettext as _

from kernel.words import listed

UNBALANCED = """
SELECT t.id FROM care_points_transfer t
LEFT JOIN care_points_entry e ON e.transfer_id = t.id
GROUP BY t.id HAVING count(e.id) < 2 OR coalesce(sum(e.amount), 0) <> 0 ORDER BY t.id
"""
WRONG_BALANCES = """
SELECT a.id FROM care_points_pointsaccount a
LEFT JOIN (SELECT account_id, sum(amount) AS total FROM care_points_entry GROUP BY account_id) e
    ON e.account_id = a.id
WHERE a.kind = 'talent' AND a.balance <> coalesce(e.total, 0) ORDER BY a.id
"""
WRONG_STEPS = """
SELECT id FROM (
    SELECT e.id, e.balance_after,
           sum(e.amount) OVER (PARTITION BY e.account_id ORDER BY e.id) AS expected
    FROM care_points_entry e JOIN care_points_pointsaccount a ON a.id = e.account_id
    WHERE a.kind = 'talent'
) steps WHERE balance_after IS DISTINCT FROM expected ORDER BY id
"""
COUNTS = """
SELECT (SELECT count(*) FROM care_points_transfer), (SELECT count(*) FROM care_points_pointsaccount)
"""


@dataclass(frozen=True)
class Result:
    """What was looked at, and the ids of transfers, accounts and entries that do not add up."""

    transfers: int
    accounts: int
    unbalanced_transfers: list
    wrong_accounts: list
    wrong_entries: list

    @property
    def sound(self):
        """Tell whether everything adds up."""
        return not (self.unbalanced_transfers or self.wrong_accounts or self.wrong_entries)

    def as_dict(self):
        """Return the result as plain JSON values."""
        return {"sound": self.sound, **asdict(self)}

    @property
    def sentence(self):
        """Return the result in one sentence; of what is wrong the first twenty."""
        return sentence(self)


def sentence(result):
    """Return in one sentence what a Result, or a LedgerCheck that kept one, found."""
    if result.sound:
        text = _("对账无误：%(transfers)s 笔流水收支相抵，%(accounts)s 个账户余额与分录一致。")
        return text % {"transfers": result.transfers, "accounts": result.accounts}
    text = _(
        "对账有误：收支不抵的流水 %(transfers)s，余额不符的账户 %(accounts)s，"
        "逐笔余额不符的分录 %(entries)s。请停止兑换并联系管理员。"
    )
    named = {
        "transfers": result.unbalanced_transfers,
        "accounts": result.wrong_accounts,
        "entries": result.wrong_entries,
    }
    none = _("无")
    return text % {name: listed(pks[:20]) or none for name, pks in named.items()}


def reconcile():
    """Compare transfers, balances and running balances; returns a Result. Reads only."""

    def rows(statement):
        cursor.execute(statement)
        return cursor.fetchall()

    with connection.cursor() as cursor:
        transfers, accounts = rows(COUNTS)[0]
        broken = [
            [pk for (pk,) in rows(statement)]
            for statement in (UNBALANCED, WRONG_BALANCES, WRONG_STEPS)
        ]
    return Result(transfers, accounts, *broken)
