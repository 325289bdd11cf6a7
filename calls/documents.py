"""An application on paper: PDF and Word, laid out as her CV is (talents.cv), from the same plain values."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from calls import tables
from calls.operations.applying import answers_of
from kernel.spreadsheets import NOT_IN_XML
from kernel.words import moment_text
from talents.cv.documents import MAKERS

KINDS = tuple(MAKERS)


def made(application, kind):
    """Return (bytes, file name) of an application as "pdf" or "docx"."""
    name = application.number_text or _("草稿")
    return MAKERS[kind](data(application)), f"{_('申报表')}-{name}.{kind}"


def data(application):
    """Return it as plain JSON values."""
    call, answers = application.call, answers_of(application)
    facts = [
        (_("申报人"), application.talent.full_name, ""),
        (_("单位"), application.talent.unit_name, ""),
        (_("编号"), application.number_text or _("尚未提交"), ""),
        (_("推荐方式"), application.get_source_display(), ""),
        (_("状态"), application.get_state_display(), ""),
    ]
    if application.submitted_at:
        facts.append((_("提交时间"), moment_text(application.submitted_at), ""))
    parts = [{"title": _("基本情况"), "lines": [_printable(line) for line in facts]}]
    for field in call.fields.all():
        parts.append({"title": field.name} | _part(field, answers.get(field.pk, "")))
    return {
        "title": _("申报表"),
        "name": _printable([call.label])[0],
        "line": _printable([call.department.label])[0],
        "sections": parts,
        "page_of": _("第 {page} 页，共 {pages} 页"),
        "lang": "en" if get_language() == "en" else "zh",
    }


def _part(field, text):
    """Return what stands under the name of a line: its text, a table, the names of files."""
    if field.is_table and (rows := tables.filled(text)):
        head = [tables.column_name(column) for column in field.columns]
        table = {"head": _printable(head), "rows": [_printable(row) for row in rows]}
        return {"lines": [], "table": table}
    lines = (text if text and not field.is_table else "—").splitlines()
    return {"lines": [_printable((line, "", "")) for line in lines if line.strip()]}


def _printable(texts):
    return [NOT_IN_XML.sub("", str(text)) for text in texts]
