"""Columns nothing knows: staff say once per form what they are, and the form is read so from then on."""

import json

from django.utils.translation import gettext as _

from kernel.errors import Conflict, Invalid
from talents.imports.models import ColumnMapping, ImportFile, ImportRun, ImportState
from talents.imports.problems import Problem
from talents.imports.workbook.columns import FIELDS, MAPPABLE

NOTED = ("form_key", "unknown_columns", "columns_said")


def known(run_id):
    """Return what the run's department said of its forms, {key of the form: {word: field}}."""
    department = ImportRun.objects.values("department").get(pk=run_id)["department"]
    said = ColumnMapping.objects.filter(department=department)
    return dict(said.values_list("form", "fields"))


def note(run, incoming):
    """Put what an Incoming tells of its columns into the run, in memory."""
    run.form_key, run.columns_said = incoming.key, incoming.said
    run.unknown_columns = json.dumps(incoming.unknown, ensure_ascii=False)


def unknown(run):
    """Return (word, header, samples) of each column nothing knows."""
    return json.loads(run.unknown_columns) if run.unknown_columns else []


def is_nameless(run):
    """Tell whether the run's form has no column of names as far as anybody knows."""
    return any(Problem.restored(note).code == "name_unknown" for note in run.notes)


def offered(run):
    """Return (field, its usual header) of what a column may be: what the form does not have already."""
    read = {column[0] for _sheet, columns in run.tables for column in columns}
    said = set(run.columns_said.values())
    return [(name, FIELDS[name][0]) for name in MAPPABLE if name not in read - said]


def why_not_read(run):
    """Return why the form of a run cannot be read again (DomainError), or None: its file may be gone before its rows."""
    if ImportFile.objects.filter(run=run).exists():
        return None
    return Conflict("file_gone", _("上传的文件已经删除，不能重新读取。请取消这次导入，重新上传。"))


def why_not_fields(run, fields):
    """Return why {word: field} cannot be what the columns of a run are (DomainError), or None."""
    words = {word for word, _header, _samples in unknown(run)}
    chosen = [field for field in fields.values() if field]
    if not set(fields) <= words or not set(chosen) <= {name for name, _word in offered(run)}:
        return Invalid("no_such_column", _("这份表里没有这一列，或这一项已有别的列。请刷新页面。"))
    if len(chosen) > len(set(chosen)):
        return Invalid("column_twice", _("同一项只能对应一列，请检查选择。"))
    return None


def read_again(run):
    """Have the run's file read once more, in memory: what was chosen of its rows is chosen anew."""
    run.state, run.processed, run.reads, run.attempts = ImportState.UPLOADED, 0, 0, 0
    run.unknown_units, run.units, run.worker, run.heartbeat_at = [], {}, "", None
