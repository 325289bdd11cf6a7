"""What is due after an award, as an Excel workbook."""

from django.utils.translation import gettext as _

from kernel.spreadsheets import list_book


def made(dues):
    """Return the workbook's bytes: a row for each, in their order; what was handed in is not in it."""
    columns = (
        (_("受理编号"), 18),
        (_("申报通知"), 30),
        (_("申报人"), 12),
        (_("单位"), 30),
        (_("事项"), 24),
        (_("状态"), 14),
        (_("截止日期"), 14),
        (_("逾期"), 8),
        (_("金额（元）"), 14),
        (_("拨付金额（元）"), 14),
        (_("拨付日期"), 14),
        (_("凭证号"), 24),
    )
    return list_book(_("入选后事项"), columns, map(_line, dues))


def _line(due):
    application = due.application
    paid = next((one for one in due.payments.all() if one.taken_back_at is None), None)
    return (
        application.number_text,
        application.call.label,
        application.talent.full_name,
        application.talent.unit_name,
        due.step.name,
        due.state_words,
        due.due_on.isoformat() if due.due_on else "",
        _("是") if due.is_late else _("否"),
        float(due.step.amount) if due.step.amount else "",
        float(paid.amount) if paid else "",
        paid.paid_on.isoformat() if paid else "",
        paid.reference if paid else "",
    )
