"""Forms of staff about ventures."""

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextInputWidget,
)

from entrepreneurship.bases.models import Base
from entrepreneurship.ventures import rules
from entrepreneurship.ventures.forms import YES_NO, check_initial
from entrepreneurship.ventures.models import MoneyBand, VentureStageCode
from kernel.admin.forms import reason_field, reason_form
from talents import codes

KEPT = _("记入历史，创始人会收到通知；至少四个字。")
TakeBackForm = reason_form(KEPT)


def text_field(label, limit, **more):
    """Return a field of one line."""
    widget = UnfoldAdminTextInputWidget({"autocomplete": "off"})
    return forms.CharField(label=label, max_length=limit, widget=widget, **more)


def _day_field(label, **more):
    return forms.DateField(label=label, widget=UnfoldAdminSingleDateWidget, **more)


def _choice(label, choices, **more):
    return forms.ChoiceField(label=label, choices=choices, widget=UnfoldAdminSelectWidget, **more)


def _number(label):
    return forms.IntegerField(label=label, min_value=0, widget=UnfoldAdminIntegerFieldWidget)


class CorrectForm(forms.Form):
    """What a venture is, put right."""

    name = text_field(_("项目或企业名称"), 80)
    summary = text_field(_("一句话说明做什么"), 120, required=False)
    industry = _choice(_("行业"), codes.Industry.choices)
    base = forms.ModelChoiceField(
        label=_("所在基地"),
        queryset=Base.objects.all(),
        required=False,
        empty_label=_("不在基地"),
        widget=UnfoldAdminSelectWidget,
    )
    uscc = text_field(_("统一社会信用代码"), 40, required=False)
    reason = reason_field(KEPT)


class StageForm(forms.Form):
    """The next stage, told to staff."""

    stage = _choice(_("进入哪个阶段"), ())
    day = _day_field(_("日期"))
    uscc = text_field(
        _("统一社会信用代码"), 40, required=False, help_text=_("只在选“已注册”时填，在营业执照上")
    )

    def __init__(self, *args, venture, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["stage"].choices = [
            (code, VentureStageCode(code).label) for code in rules.next_stages(venture)
        ]


class PhoneForm(forms.Form):
    """The yearly check, as it was told by phone."""

    day = _day_field(_("通话日期"))
    alive = forms.TypedChoiceField(
        label=_("还在经营或推进"),
        choices=YES_NO,
        coerce=lambda value: value == "yes",
        widget=UnfoldAdminRadioSelectWidget,
    )
    jobs = _number(_("就业人数"))
    women_jobs = _number(_("其中女性"))
    revenue = _choice(_("近一年营业收入"), MoneyBand.choices)
    finance = _choice(_("近一年获得的融资和贷款"), MoneyBand.choices)
    patents = _number(_("有效专利数"))


class CorrectCheckForm(PhoneForm):
    """The newest checkpoint, put right."""

    reason = reason_field(KEPT)

    def __init__(self, *args, checkpoint=None, **kwargs):
        super().__init__(*args, initial=check_initial(checkpoint), **kwargs)
        del self.fields["day"]
