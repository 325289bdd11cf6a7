"""Writing every encrypted value again with the newest key, while the portal runs.

A value is replaced only if it is still what was read (`WHERE column = old`), so a save by somebody
else in between wins and is already under the newest key. What is left to do is found by the key's
name at the front of each value: a run that was cut short is simply started again.
"""

from django.apps import apps
from django.db import connection

from privacy import crypto
from privacy.fields import BlindIndexField, EncryptedTextField

BATCH = 500


def columns(kind):
    """Return [(model, field)] of every table column of this field class, history tables included."""
    return [
        (model, field)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
        for field in model._meta.local_fields
        if isinstance(field, kind)
    ]


def _names(model, *fields):
    quote = connection.ops.quote_name
    return [
        quote(model._meta.db_table),
        quote(model._meta.pk.column),
        *(quote(f.column) for f in fields),
    ]


def outdated(model, field):
    """Return how many values of this column are not under the newest key."""
    table, _pk, column = _names(model, field)
    head = crypto.header(crypto.current_key_id())
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM {table} WHERE {column} IS NOT NULL "  # noqa: S608 (quoted names)
            f"AND substring({column} FROM 1 FOR %s) <> %s",
            [len(head), head],
        )
        return cursor.fetchone()[0]


def rotate(model, field, *, batch=BATCH):
    """Re-encrypt one column; yields (replaced, overtaken) after each batch of rows.

    `overtaken` counts rows somebody else saved in between. Raises DecryptionError, naming the row,
    for a value whose key is not in the ring.
    """
    table, pk, column = _names(model, field)
    head = crypto.header(crypto.current_key_id())
    after = None
    while True:
        with connection.cursor() as cursor:
            since = f"AND {pk} > %s" if after is not None else ""
            cursor.execute(
                f"SELECT {pk}, {column} FROM {table} WHERE {column} IS NOT NULL "  # noqa: S608
                f"AND substring({column} FROM 1 FOR %s) <> %s {since} ORDER BY {pk} LIMIT %s",
                [len(head), head, *([after] if after is not None else []), batch],
            )
            rows = cursor.fetchall()
            replaced = 0
            for key, old in rows:
                try:
                    text = crypto.decrypt(field.label, old)
                except crypto.DecryptionError as error:
                    raise crypto.DecryptionError(f"{table} {key}: {error}") from error
                cursor.execute(
                    f"UPDATE {table} SET {column} = %s WHERE {pk} = %s AND {column} = %s",  # noqa: S608
                    [crypto.encrypt(field.label, text), key, bytes(old)],
                )
                replaced += cursor.rowcount
        if not rows:
            return
        after = rows[-1][0]
        yield replaced, len(rows) - replaced


def reindex(model, field: BlindIndexField, *, batch=BATCH, write=True):
    """Recompute one blind-index column under the present INDEX_KEY; yields rows changed by batch.

    A row is written only if its encrypted value and index are still what was read. Run it right
    after INDEX_KEY was changed: until it ends, look-ups miss the rows not done yet.
    """
    source = model._meta.get_field(field.source)
    assert isinstance(source, EncryptedTextField)  # noqa: S101
    table, pk, cipher, column = _names(model, source, field)
    after = None
    while True:
        with connection.cursor() as cursor:
            since = f"AND {pk} > %s" if after is not None else ""
            cursor.execute(
                f"SELECT {pk}, {cipher}, {column} FROM {table} WHERE {cipher} IS NOT NULL "  # noqa: S608
                f"{since} ORDER BY {pk} LIMIT %s",
                [*([after] if after is not None else []), batch],
            )
            rows = cursor.fetchall()
            changed = 0
            for key, sealed, old in rows:
                new = crypto.blind_index(field.source, crypto.decrypt(source.label, sealed))
                if new == old:
                    continue
                if write:
                    cursor.execute(
                        f"UPDATE {table} SET {column} = %s WHERE {pk} = %s AND {cipher} = %s "  # noqa: S608
                        f"AND {column} IS NOT DISTINCT FROM %s",
                        [new, key, bytes(sealed), old],
                    )
                changed += 1
        if not rows:
            return
        after = rows[-1][0]
        yield changed
