"""What is asked before a record is paused or its woman is written down as gone: by herself, and by a clerk."""

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold import widgets

from kernel.admin.forms import reason_field

DAY_MISSING = {"required": _("请填写日期。"), "invalid": _("请填写日期，例如 2026-12-01。")}


def _day(widget, label, *, required, help_text=""):
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        error_messages=DAY_MISSING,
        widget=widget(attrs={"type": "date"}),
    )


class PauseForm(forms.Form):
    """Until when she does not wish to be consulted and recommended."""

    until = _day(
        forms.DateInput,
        _("恢复的日期"),
        required=False,
        help_text=_("到这一天自动恢复；不填就一直暂停，直到您恢复。"),
    )


class MoveAwayForm(forms.Form):
    """Since when she works elsewhere."""

    day = _day(forms.DateInput, _("离开的日期"), required=True)


class StaffPauseForm(forms.Form):
    """Until when, and why: she reads it."""

    until = _day(
        widgets.UnfoldAdminTextInputWidget,
        _("恢复的日期"),
        required=False,
        help_text=_("到这一天自动恢复；不填就一直暂停。"),
    )
    reason = reason_field(_("本人会读到这句话。"))


class StaffMoveAwayForm(forms.Form):
    """Since when, and how it is known: she reads it."""

    day = _day(widgets.UnfoldAdminTextInputWidget, _("离开的日期"), required=True)
    reason = reason_field(_("本人会读到这句话。"))


class PaperForm(forms.Form):
    """Which paper of the unit a clerk holds."""

    reason = reason_field(_("例如：盖章的推荐表、单位来函的编号。写入办理记录。"), label=_("依据"))


class TakeBackForm(forms.Form):
    """Why the unit stands for her no more."""

    reason = reason_field(_("写入办理记录。"))
