"""Suggestions, who deals with them and what came of them as Excel workbooks."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from advisory.suggestions.models import AnswerClass
from kernel.spreadsheets import list_book


def _day(moment):
    return timezone.localdate(moment).isoformat() if moment else ""


def _date(day):
    return day.isoformat() if day else ""


def suggestion_list(rows):
    """Return the workbook's bytes: a row for each of these suggestions, under the names they are read by."""
    columns = (
        (_("编号"), 12),
        (_("征集"), 30),
        (_("题目"), 40),
        (_("情况和问题"), 60),
        (_("建议"), 60),
        (_("提出人"), 12),
        (pgettext("many", "附议"), 8),
        (_("状态"), 18),
        (_("提交日期"), 12),
        (_("立案日期"), 12),
        (_("不予立案的原因"), 24),
        (_("并入"), 12),
        (_("答复类别"), 26),
        (_("答复日期"), 12),
        (_("再次答复日期"), 12),
    )
    return list_book(_("建言"), columns, map(_suggestion, rows))


def _suggestion(row):
    return (
        row.code,
        row.campaign.title,
        row.title or "",
        row.matter or "",
        row.proposal or "",
        row.byline,
        row.cosigners,
        row.get_state_display(),
        _day(row.sent_at),
        _day(row.filed_at),
        row.get_not_filed_display(),
        row.joined_to.code if row.joined_to else "",
        str(AnswerClass(row.answer).label) if row.answer else "",
        _day(row.answered_at),
        _date(row.second_on),
    )


def assignment_list(rows):
    """Return the workbook's bytes: a row for each of these assignments."""
    columns = (
        (_("编号"), 12),
        (_("题目"), 40),
        (_("部门"), 24),
        (_("分工"), 8),
        (_("状态"), 12),
        (_("交办日期"), 12),
        (_("到期日"), 12),
        (_("超期"), 8),
        (_("办完日期"), 12),
        (_("延期"), 12),
        (_("退回的理由"), 40),
    )
    return list_book(_("建言交办"), columns, map(_assignment, rows))


def _assignment(row):
    extension = getattr(row, "extension", None)
    return (
        row.suggestion.code,
        row.suggestion.title or "",
        row.department.label,
        row.get_role_display(),
        row.get_state_display(),
        _day(row.at),
        _date(row.due_on),
        _("是") if row.is_overdue(timezone.localdate()) else _("否"),
        _day(row.done_at),
        extension.get_state_display() if extension else "",
        row.returned_words,
    )


def adoption_list(rows):
    """Return the workbook's bytes: a row for each of these adoptions, with what is told of its effect."""
    columns = (
        (_("编号"), 12),
        (_("题目"), 40),
        (_("采纳方式"), 12),
        (_("采纳到哪里"), 40),
        (_("采纳日期"), 12),
        (_("状态"), 10),
        (_("证明网址"), 30),
        (_("6 个月成效"), 60),
        (_("12 个月成效"), 60),
        (_("有可核实的成效"), 14),
    )
    return list_book(_("建言采纳"), columns, map(_adoption, rows))


def _adoption(row):
    told = {effect.months: effect for effect in row.effects.all()}
    words = [told[months].words if months in told else "" for months in (6, 12)]
    return (
        row.suggestion.code,
        row.suggestion.title or "",
        row.get_kind_display(),
        row.what,
        _date(row.on),
        row.get_state_display(),
        row.link,
        *words,
        _("是") if any(effect.proven for effect in told.values()) else _("否"),
    )
