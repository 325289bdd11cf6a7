"""One row of a form as it is stored, encrypted, between the preview and the commit: to JSON and back."""

import json

from kernel.text import fold
from talents.imports.problems import Problem
from talents.imports.workbook import ParsedRow
from talents.imports.workbook.cells import plain, plain_row, rich, rich_row

SEARCHED = ("full_name", "unit_name", "phone", "email", "id_number")


def pack(row, changes=(), beside=None):
    """Return a ParsedRow as JSON text; with what it changes in its record, and beside that (matching.Decision)."""
    content = {
        "values": {name: plain(value) for name, value in row.values.items()},
        "problems": [problem.stored for problem in row.problems],
        "raw": plain_row(row.raw),
        "changes": list(changes),
        "beside": beside or {},
        "id_seen": row.id_seen,
        "differing": {name: list(map(plain, pair)) for name, pair in row.differing.items()},
    }
    return json.dumps(content, ensure_ascii=False)


def unpack(record, run):
    """Return the ParsedRow an ImportRow was made from; `run` is its ImportRun."""
    content = json.loads(record.content)
    return ParsedRow(
        record.number,
        {name: rich(value) for name, value in content["values"].items()},
        [Problem.restored(problem) for problem in content["problems"]],
        rich_row(content["raw"], run.tables),
        id_seen=content["id_seen"],
        merge_with=record.merge_with,
        differing={n: tuple(map(rich, pair)) for n, pair in content["differing"].items()},
    )


def words(row):
    """Return what a ParsedRow is searched by: name, unit, phone, e-mail and identity number, a line each."""
    return "\n".join(fold(row.values[name]) for name in SEARCHED)


def changes(record):
    """Return what an ImportRow changes in an existing record: [field, value before, value after] each."""
    return json.loads(record.content)["changes"]


def beside(record):
    """Return what changes beside that: {column: [before, after]}, who said it and who stood for it."""
    return json.loads(record.content)["beside"]
