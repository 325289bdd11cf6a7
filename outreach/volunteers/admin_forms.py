"""What staff enter about a volunteer."""

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminDateWidget, UnfoldAdminTextInputWidget, UnfoldBooleanWidget

from kernel.admin.forms import reason_field

UNTIL = _("最长三年；到期前三十天提醒本人")


def _day(label, help_text="", **more):
    return forms.DateField(label=label, help_text=help_text, widget=UnfoldAdminDateWidget(), **more)


def _title():
    return forms.CharField(label=_("培训名称"), max_length=80, widget=UnfoldAdminTextInputWidget())


def _why():
    return reason_field(_("只记在这条记录里，至少四个字。不要写审查内容。"))


def _taken_back():
    return forms.BooleanField(
        label=_("撤销这条记录"),
        required=False,
        help_text=_("登记错了人、或者不再有效时勾选，日期不用改"),
        widget=UnfoldBooleanWidget(),
    )


class TrainingForm(forms.Form):
    """That she was trained."""

    title = _title()
    done_on = _day(_("培训日期"))
    good_until = _day(_("有效到"), UNTIL)


class ClearanceForm(forms.Form):
    """That she was checked. There is no field for what was found."""

    done_on = _day(_("审查日期"))
    good_until = _day(_("有效到"), UNTIL)


class CorrectTrainingForm(TrainingForm):
    """What is right of her newest training, and why."""

    take_back = _taken_back()
    reason = _why()


class CorrectClearanceForm(ClearanceForm):
    """What is right of her newest check, and why."""

    take_back = _taken_back()
    reason = _why()
