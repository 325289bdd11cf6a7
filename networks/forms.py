"""Reading what is typed on the pages of associations."""

from django import forms
from django.utils.translation import gettext_lazy as _

from networks.meter.models import CouncilMeeting
from networks.posts.models import Rung


def _day(label, missing, **more):
    return forms.DateField(
        label=label,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": missing},
        **more,
    )


def _number(label, least, missing):
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=1_000_000,
        widget=forms.NumberInput({"inputmode": "numeric"}),
        error_messages={"required": missing},
    )


def _source(help_text):
    return forms.CharField(
        label=_("来源"),
        max_length=120,
        help_text=help_text,
        error_messages={"required": _("请写明数据的来源。")},
    )


class PauseForm(forms.Form):
    """Until when her membership rests."""

    until = _day(_("暂停到"), _("请选择暂停到哪一天。"), help_text=_("最长两年，到期自动恢复"))


class ResignForm(forms.Form):
    """Her last day in a post."""

    last_day = _day(_("最后一天"), _("请选择最后一天。"), help_text=_("这一天以前可以撤回"))


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=_("原因"),
        max_length=200,
        help_text=_("本人会看到，至少四个字"),
        error_messages={"required": _("请写明原因。")},
    )


class CountForm(forms.Form):
    """How many there are on a rung, and how many of them women."""

    rung = forms.ChoiceField(label=_("层级"), choices=Rung)
    total = _number(_("总人数"), 1, _("请填写总人数。"))
    women = _number(_("其中女性"), 0, _("请填写其中女性的人数，没有填 0。"))
    as_of = _day(_("截至日期"), _("请选择截至日期。"))
    source = _source(_("名单、年报或文件的名称，在哪里可以核对"))


class MeetingForm(forms.Form):
    """That a body met."""

    rung = forms.ChoiceField(
        label=_("什么会议"), choices=CouncilMeeting._meta.get_field("rung").choices
    )
    held_on = _day(_("开会日期"), _("请选择开会日期。"))
    present = _number(_("到会人数"), 1, _("请填写到会人数。"))
    women = _number(_("其中女性"), 0, _("请填写其中女性的人数，没有填 0。"))
    source = _source(_("会议纪要的名称或编号"))


class EventForm(forms.Form):
    """Which event of the portal was the association's."""

    code = forms.CharField(
        label=_("活动编号"),
        max_length=20,
        help_text=_("活动页地址里的 12 位编号"),
        error_messages={"required": _("请填写活动编号。")},
    )
