"""Volunteers as an Excel workbook."""

from django.utils.translation import gettext as _

from kernel.spreadsheets import list_book
from kernel.words import listed


def made(volunteers):
    """Return the workbook's bytes: a row for each of these volunteers, in their order."""
    columns = (
        (_("姓名"), 14),
        (_("单位"), 30),
        (_("状态"), 10),
        (_("可以带去的内容"), 40),
        (_("面向学段"), 30),
        (_("方便的日子"), 30),
        (_("愿意去的片区"), 30),
        (_("每学期最多几次"), 14),
        (_("培训有效到"), 14),
        (_("审查有效到"), 14),
    )
    return list_book(_("志愿者"), columns, map(_line, volunteers))


def _line(volunteer):
    return (
        volunteer.talent.full_name,
        volunteer.talent.unit_name,
        volunteer.get_state_display(),
        listed(volunteer.topic_names),
        listed(volunteer.stage_names),
        listed(volunteer.day_names),
        listed(volunteer.area_names),
        volunteer.most_a_term,
        volunteer.trained_until.isoformat() if volunteer.trained_until else "",
        volunteer.cleared_until.isoformat() if volunteer.cleared_until else "",
    )
