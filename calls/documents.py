"""An application on paper: PDF and Word, laid out as her CV is (talents.cv), from the same plain values."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from calls import tables
from calls.models import ColleagueRole
from calls.operations.applying import answers_of
from kernel.spreadsheets import NOT_IN_XML
from kernel.words import listed, moment_text
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
        *((name, text, "") for name, text in subject_facts(application)),
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


def subject_facts(application):
    """Return [(name, text)] of whom or what an application puts forward, as far as it is not she alone."""
    if not application.is_together:
        return [(_("单位负责人"), _("是"))] if application.is_leader else []
    return [
        (_("推荐对象"), application.get_subject_display()),
        (_("集体或岗位名称"), application.collective_name or "—"),
        (_("总人数"), str(application.head_count or "—")),
        (_("女性人数"), "—" if application.women_count is None else str(application.women_count)),
        *([(_("成员名单"), application.members)] if application.members else []),
        *_joined(application),
    ]


def _joined(application):
    """Return who agreed herself to be named as a member."""
    rows = application.colleagues.joined().filter(role=ColleagueRole.MEMBER)
    names = [row.user.full_name for row in rows.select_related("user") if row.user]
    return [(_("本人同意列名的成员"), listed(names))] if names else []


def _printable(texts):
    return [NOT_IN_XML.sub("", str(text)) for text in texts]
