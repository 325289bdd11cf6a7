"""One row of a form as it is stored, encrypted, between the preview and the commit: to JSON and back."""

import datetime
import json

from talents.imports.problems import Problem
from talents.imports.workbook import Column, ParsedRow, Row


def pack(row, changed):
    """Return a ParsedRow as JSON text; `changed` names the fields it changes in its record."""
    content = {
        "values": {name: _plain(value) for name, value in row.values.items()},
        "problems": [problem.stored for problem in row.problems],
        "raw": [_plain(value) for value in row.raw.values],
        "flags": [list(row.raw.formulas), list(row.raw.broken), row.raw.hidden],
        "changed": changed,
        "id_seen": row.id_seen,
    }
    return json.dumps(content, ensure_ascii=False)


def unpack(record, run):
    """Return the ParsedRow an ImportRow was made from; `run` is its ImportRun."""
    content = json.loads(record.content)
    columns = tuple(Column(*column) for column in run.columns)
    formulas, broken, hidden = content["flags"]
    cells = tuple(map(_rich, content["raw"]))
    raw = Row(record.number, cells, columns, tuple(formulas), tuple(broken), hidden)
    return ParsedRow(
        record.number,
        {name: _rich(value) for name, value in content["values"].items()},
        [Problem.restored(problem) for problem in content["problems"]],
        raw,
        id_seen=content["id_seen"],
        merge_with=record.merge_with,
    )


def changed_fields(record):
    """Return the names of the fields an ImportRow changes in an existing record."""
    return json.loads(record.content)["changed"]


def _plain(value):
    if isinstance(value, datetime.datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, datetime.date):
        return {"day": value.isoformat()}
    if value is None or isinstance(value, bool | int | float | str | list):
        return value
    return str(value)


def _rich(value):
    if not isinstance(value, dict):
        return value
    if "moment" in value:
        return datetime.datetime.fromisoformat(value["moment"])
    return datetime.date.fromisoformat(value["day"])
