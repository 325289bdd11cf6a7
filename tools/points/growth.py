"""Letting the ledger grow: accounts of a hundred entries, written past the guards as the tables' owner, each sum right.

The entries of one account lie apart from each other, as years of them do.
"""

from tools import owner

EACH = 100  # entries of one account
PIECE = 500_000  # transfers of one statement

ACCOUNTS = """
INSERT INTO care_points_pointsaccount (code, kind, balance, sweep_failures)
SELECT 'G' || lpad(to_hex(n), 9, '0'), 'talent', 0, 0 FROM generate_series({first}, {last}) n
"""
# The nth transfer is the account's n / accounts: ten points come, five go, by turns.
TRANSFERS = """
INSERT INTO care_points_transfer (id, code, kind, key, about, at, valid_until)
SELECT {base} + n, 'T' || lpad(to_hex({base} + n), 10, '0'), CASE n / {accounts} % 2 WHEN 0 THEN 'earned' ELSE 'expired' END,
       'growth:' || ({base} + n), '', now() - interval '3 years' + n / {accounts} * interval '10 days',
       CASE n / {accounts} % 2 WHEN 0 THEN now() + n / {accounts} * interval '10 days' + interval '40 days' END
  FROM generate_series({first}, {last}) n
"""
ENTRIES = """
INSERT INTO care_points_entry (transfer_id, account_id, amount, balance_after)
SELECT {base} + n, side.account, side.amount, side.after
  FROM generate_series({first}, {last}) n
 CROSS JOIN LATERAL (SELECT n / {accounts} AS turn) t
 CROSS JOIN LATERAL (VALUES
    ({account} + n % {accounts}, CASE turn % 2 WHEN 0 THEN 10 ELSE -5 END, turn / 2 * 5 + CASE turn % 2 WHEN 0 THEN 10 ELSE 5 END),
    (CASE turn % 2 WHEN 0 THEN {issuance} ELSE {expired} END, CASE turn % 2 WHEN 0 THEN -10 ELSE 5 END, NULL)
 ) side (account, amount, after)
"""
BALANCES = "UPDATE care_points_pointsaccount SET balance = {balance} WHERE id >= {account} AND id < {account} + {accounts}"


def grow(address, entries):
    """Write as many entries as are missing to `entries`."""
    import psycopg2

    with psycopg2.connect(address) as link, link.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM care_points_entry")
        missing = entries - cursor.fetchone()[0]
        cursor.execute("SELECT coalesce(max(id), 0) + 1 FROM care_points_transfer")
        (base,) = cursor.fetchone()
        cursor.execute(
            "INSERT INTO care_points_pointsaccount (code, kind, balance, sweep_failures) "
            "VALUES ('SYSEXPIRED', 'expired', NULL, 0) ON CONFLICT DO NOTHING"
        )
        cursor.execute("SELECT coalesce(max(id), 0) + 1 FROM care_points_pointsaccount")
        (account,) = cursor.fetchone()
        # Looked up here: looked up for each entry, ten million of them take hours.
        cursor.execute(
            "SELECT kind, id FROM care_points_pointsaccount WHERE kind IN ('issuance', 'expired')"
        )
        system = dict(cursor.fetchall())
    link.close()
    transfers = missing // 2
    accounts = max(transfers // EACH, 1)
    known = {"base": base, "account": account, "accounts": accounts, "balance": EACH // 2 * 5}
    known |= system
    guarded = ["SET session_replication_role = 'replica'", "SET synchronous_commit = off"]
    pieces = []
    for first in range(0, accounts * EACH, PIECE):
        span = {"first": first, "last": min(first + PIECE, accounts * EACH) - 1}
        pieces += [statement.format(**known, **span) for statement in (TRANSFERS, ENTRIES)]
    made = ACCOUNTS.format(first=account, last=account + accounts - 1)
    ends = [
        f"SELECT setval(pg_get_serial_sequence('care_points_transfer', 'id'), {base + accounts * EACH})",
    ]
    owner.tell(address, *guarded, made, *pieces, BALANCES.format(**known), *ends)
