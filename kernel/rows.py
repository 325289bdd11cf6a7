"""Writing one row with a statement that is put together once for each model, not once for each row.

For what operations write many times a second: building the INSERT costs the ORM more than PostgreSQL needs to run it.
Signals are not sent; models that need them, or write derived columns in `save`, use `save`.
"""

from functools import cache

from django.db import IntegrityError, connection, transaction


def insert(row):
    """Insert `row`, an unsaved instance, and give it its key."""
    if not _run(row, ""):
        raise RuntimeError(f"{row._meta.label} was not inserted")


def insert_once(row, unique=""):
    """Insert `row` unless its value of the column `unique` is there already; returns whether it was inserted.

    Without `unique` any constraint that allows a thing once counts. Another transaction's row is waited for, as
    with any insert.
    """
    return _run(row, f"ON CONFLICT {unique and f'({unique})'} DO NOTHING")


def refusal(row):
    """Return the database's own IntegrityError for a row that `insert_once` left out and that is no repeat.

    Inserted after all, because what stood in the way is gone, the row is taken back with the savepoint.
    """
    try:
        with transaction.atomic():
            insert(row)
            raise IntegrityError(
                f"{row._meta.label} was in the way of nothing when it was asked again"
            )
    except IntegrityError as error:
        return error


def _run(row, on_conflict):
    sql, fields = _statement(type(row), on_conflict)
    values = [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found = cursor.fetchone()
    if found:
        row.pk, row._state.adding, row._state.db = found[0], False, connection.alias
    return bool(found)


@cache
def _statement(model, on_conflict):
    """Return (SQL, the fields whose values it takes)."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(field.column for field in fields)
    places = ", ".join(["%s"] * len(fields))
    into = f"INSERT INTO {model._meta.db_table} ({columns}) VALUES ({places})"  # noqa: S608 (our own names)
    return f"{into} {on_conflict} RETURNING id", fields
