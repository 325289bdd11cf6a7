"""Writing and locking single rows with statements that are put together once, not once for each row.

For what operations do many times a second: building the statement costs the ORM more than PostgreSQL needs to run it.
Signals are not sent; models that need them, or write derived columns in `save`, use `save`.
"""

from functools import cache

from django.db import IntegrityError, connection, transaction

from kernel.prepared import Statement


def insert(row):
    """Insert `row`, an unsaved instance, and give it its key."""
    if not _run(row, ""):
        raise RuntimeError(f"{row._meta.label} was not inserted")


def insert_once(row, unique=""):
    """Insert `row` unless its value of the column `unique` is there already; returns whether it was inserted.

    Without `unique` any constraint that allows a thing once counts. Another transaction's row is waited for, as
    with any insert.
    """
    return _run(row, _conflict(unique))


def insert_once_with(row, unique, then, values):
    """Do what `insert_once` does and, in the same statement, `then`: an INSERT that selects from `first` (id).

    `then` is (SQL with named places, ((name, PostgreSQL's type), …)), `values` {name: value} for it. Nothing of it
    happens where the row is left out.
    """
    return _run(row, _conflict(unique), then, values)


def locked(model, statement, **values):
    """Return [instance, what else the row holds] of the single row that a Statement finds and locks.

    It begins with the model's columns as `columns` gives them. Raises the model's DoesNotExist where
    there is no row.
    """
    with connection.cursor() as cursor:
        statement.execute(cursor, values)
        row = cursor.fetchone()
    if row is None:
        raise model.DoesNotExist
    fields = model._meta.concrete_fields
    read = [
        field.from_db_value(value, None, connection) if hasattr(field, "from_db_value") else value
        for field, value in zip(fields, row, strict=False)
    ]
    names = [field.attname for field in fields]
    return [model.from_db(connection.alias, names, read), *row[len(fields) :]]


def columns(model, alias):
    """Return the columns of a model for a SELECT that knows its table as `alias`."""
    return ", ".join(f"{alias}.{field.column}" for field in model._meta.concrete_fields)


def _conflict(unique):
    return f"ON CONFLICT {unique and f'({unique})'} DO NOTHING"


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


def _run(row, on_conflict, then=("", ()), more=None):
    statement, fields = _statement(type(row), on_conflict, then)
    values = {
        field.column: field.get_db_prep_save(field.pre_save(row, True), connection)
        for field in fields
    }
    with connection.cursor() as cursor:
        statement.execute(cursor, values | (more or {}))
        found = cursor.fetchone()
    if found:
        row.pk, row._state.adding, row._state.db = found[0], False, connection.alias
    return bool(found)


@cache
def _statement(model, on_conflict, then):
    """Return (the Statement, the fields whose values it takes)."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    types = {field.column: field.db_type(connection) for field in fields}
    places = ", ".join(f"%({name})s" for name in types)
    into = f"INSERT INTO {model._meta.db_table} ({', '.join(types)}) VALUES ({places})"  # noqa: S608 (our own names)
    sql, more = f"{into} {on_conflict} RETURNING id", dict(then[1])
    if more:
        sql = f"WITH first AS ({sql}), other AS ({then[0]}) SELECT id FROM first"  # noqa: S608 (our own text)
    return Statement(sql, **types, **more), fields
