"""Invitations and opinions as Excel workbooks."""

from django.utils import timezone
from django.utils.translation import gettext as _

from kernel.spreadsheets import list_book
from talents.asking.shortlist import card


def _day(moment):
    return timezone.localdate(moment).isoformat() if moment else ""


def invitations(rows):
    """Return the workbook's bytes: a row for each of these invitations, in their order."""
    columns = (
        (_("咨询"), 40),
        (_("专家"), 12),
        (_("职称"), 16),
        (_("单位"), 30),
        (_("专业"), 40),
        (_("状态"), 16),
        (_("邀请时间"), 14),
        (_("答复时间"), 14),
    )
    return list_book(_("咨询邀请"), columns, map(_invitation, rows))


def _invitation(row):
    shown = card(row.talent)
    return (
        row.consultation.title,
        shown.name,
        shown.title,
        shown.unit,
        shown.fields,
        row.get_state_display(),
        _day(row.sent_at),
        _day(row.answered_at),
    )


def opinions(rows):
    """Return the workbook's bytes: a row for each of these opinions, in their order."""
    columns = (
        (_("咨询"), 40),
        (_("提出人"), 12),
        (_("单位"), 30),
        (_("意见"), 80),
        (_("提出时间"), 14),
        (_("结果"), 14),
        (_("原因"), 60),
        (_("回应时间"), 14),
    )
    return list_book(_("咨询意见"), columns, map(_opinion, rows))


def _opinion(row):
    talent = row.invitation.talent
    return (
        row.invitation.consultation.title,
        talent.full_name,
        talent.unit_name,
        row.text or "",
        _day(row.given_at),
        row.get_outcome_display() if row.outcome else "",
        row.why,
        _day(row.decided_at),
    )
