"""Writing every sealed value again with the newest key, while the portal runs, and proving it.

A value is replaced only if it is still what was read (`WHERE column = old`), so a save by somebody
else in between wins and is already under the newest key. What is left to do is found by the key's
name at the front of each value: a run that was cut short is simply started again. Rows are read one
by one: an uploaded workbook may be a hundred thousand times as long as a phone number.
"""

from django.db import connection

from privacy import crypto
from privacy.fields import BlindIndexField, EncryptedTextField
from privacy.sealed import models_with_columns

BATCH = 500


def _names(model, *fields):
    quote = connection.ops.quote_name
    columns = (quote(field.column) for field in fields)
    return [quote(model._meta.db_table), quote(model._meta.pk.column), *columns]


def _where(place):
    model = place.model_class
    return _names(model, model._meta.get_field(place.field))


def _keys(cursor, table, pk, column, batch):
    """Yield lists of at most `batch` primary keys of the rows whose column is not empty, in order."""
    after, since = [], ""
    while True:
        cursor.execute(
            f"SELECT {pk} FROM {table} WHERE {column} IS NOT NULL {since} "  # noqa: S608 (quoted names)
            f"ORDER BY {pk} LIMIT %s",
            [*after, batch],
        )
        keys = [row[0] for row in cursor.fetchall()]
        if not keys:
            return
        yield keys
        after, since = [keys[-1]], f"AND {pk} > %s"


def _batches(cursor, place, batch):
    """Yield iterators over (primary key, stored value) of a place, `batch` rows each."""
    table, pk, column = _where(place)

    def stored(keys):
        for key in keys:
            cursor.execute(f"SELECT {column} FROM {table} WHERE {pk} = %s", [key])  # noqa: S608
            row = cursor.fetchone()
            if row and row[0] is not None:
                yield key, row[0]

    for keys in _keys(cursor, table, pk, column, batch):
        yield stored(keys)


def _rows(place):
    with connection.cursor() as cursor:
        for rows in _batches(cursor, place, BATCH):
            yield from rows


def _is_outdated(place, stored, head):
    found = []

    def look(sealed):
        found.append(not sealed.startswith(head))
        return sealed

    try:
        place.rewrite(stored, look)
    except ValueError:
        return True
    return any(found)


def outdated(place):
    """Return how many rows of this place hold a value that is not under the newest key."""
    head = crypto.header(crypto.current_key_id())
    return sum(_is_outdated(place, stored, head) for _key, stored in _rows(place))


def rotate(place, *, batch=BATCH):
    """Encrypt one place again; yields (replaced, overtaken) after each batch of rows.

    `overtaken` counts rows somebody else saved in between. Raises DecryptionError, naming the row,
    for a value whose key is not in the ring; where the place is expendable, the row is removed.
    """
    head = crypto.header(crypto.current_key_id())
    with connection.cursor() as cursor:
        for rows in _batches(cursor, place, batch):
            todo = replaced = 0
            for key, old in rows:
                if _is_outdated(place, old, head):
                    todo += 1
                    replaced += _again(place, key, old)
            yield replaced, todo - replaced


def _again(place, key, old):
    """Write one row's value under the newest key; returns 1, or 0 where it was changed meanwhile."""
    table, pk, column = _where(place)
    is_still = f"WHERE {pk} = %s AND {column} = %s"
    with connection.cursor() as cursor:
        try:
            new = place.rewrite(old, lambda sealed: _sealed_again(place.label, sealed))
        except ValueError as error:
            if not place.expendable:
                raise crypto.DecryptionError(f"{table} {key}: {error}") from error
            cursor.execute(f"DELETE FROM {table} {is_still}", [key, old])  # noqa: S608
        else:
            cursor.execute(f"UPDATE {table} SET {column} = %s {is_still}", [new, key, old])  # noqa: S608
        return cursor.rowcount


def _sealed_again(label, sealed):
    return crypto.encrypt(label, crypto.decrypt(label, sealed))


def unreadable(place):
    """Read every value of this place with the newest key alone; yields (primary key, whether it failed)."""
    ring = crypto.newest_alone()
    for key, stored in _rows(place):
        yield key, not _opens(place, stored, ring)


def _opens(place, stored, ring):
    def opened(sealed):
        crypto.decrypt(place.label, sealed, ring=ring)
        return sealed

    try:
        place.rewrite(stored, opened)
    except ValueError:
        return False
    return True


def indexes():
    """Return [(model, field)] of every blind index, history tables included."""
    return [
        (model, field)
        for model in models_with_columns()
        for field in model._meta.local_fields
        if isinstance(field, BlindIndexField)
    ]


def reindex(model, field: BlindIndexField, *, batch=BATCH, write=True):
    """Recompute one blind-index column under the present INDEX_KEY; yields rows changed by batch.

    A row is written only if its encrypted value and index are still what was read. Run it right
    after INDEX_KEY was changed: until it ends, look-ups miss the rows not done yet.
    """
    source = model._meta.get_field(field.source)
    assert isinstance(source, EncryptedTextField)  # noqa: S101
    table, pk, cipher, column = _names(model, source, field)
    with connection.cursor() as cursor:
        for keys in _keys(cursor, table, pk, cipher, batch):
            cursor.execute(
                f"SELECT {pk}, {cipher}, {column} FROM {table} WHERE {pk} = ANY(%s)",  # noqa: S608
                [keys],
            )
            changed = 0
            for key, sealed, old in cursor.fetchall():
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
            yield changed
