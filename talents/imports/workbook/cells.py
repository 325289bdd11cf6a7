"""Values of cells and rows between processes and in the database: to JSON and back."""

import datetime

from .columns import Column
from .reading import Row


def plain(value):
    """Return a value as JSON holds it."""
    if isinstance(value, datetime.datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, datetime.date):
        return {"day": value.isoformat()}
    if value is None or isinstance(value, bool | int | float | str | list):
        return value
    return str(value)


def rich(value):
    """Return what `plain` was given."""
    if not isinstance(value, dict):
        return value
    if "moment" in value:
        return datetime.datetime.fromisoformat(value["moment"])
    return datetime.date.fromisoformat(value["day"])


def plain_columns(columns):
    """Return Columns as JSON lists."""
    return [[c.field, c.index, c.letter, c.header] for c in columns]


def plain_row(row):
    """Return a Row as a JSON list, without its columns: those of its table."""
    values = [plain(value) for value in row.values]
    flags = [list(row.formulas), list(row.broken), row.hidden, [list(pair) for pair in row.filled]]
    return [row.table, row.number, row.sheet, values, flags]


def rich_row(stored, tables):
    """Return the Row that `plain_row` was given; `tables` holds each table's (sheet, plain columns)."""
    table, number, sheet, values, (formulas, broken, hidden, filled) = stored
    return Row(
        number,
        tuple(map(rich, values)),
        tuple(Column(*column) for column in tables[table][1]),
        tuple(formulas),
        tuple(broken),
        hidden,
        tuple(tuple(pair) for pair in filled),
        sheet,
        table,
    )
