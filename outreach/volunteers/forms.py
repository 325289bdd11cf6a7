"""Reading what she chooses."""

from django import forms
from django.utils.translation import gettext_lazy as _

from outreach.volunteers.models import MOST_A_TERM, Area, Stage, VisitTopic, Weekday


def _some(label, choices, help_text=""):
    """Return boxes of which some are ticked; an unfinished draft may have none yet."""
    return forms.MultipleChoiceField(
        label=label,
        choices=choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=help_text,
    )


class WhatForm(forms.Form):
    """What she brings, and to whom."""

    topics = _some(_("可以带去的内容"), VisitTopic, _("拿不准也可以选，上岗培训会讲怎么准备"))
    stages = _some(_("面向学段"), Stage)


class WhenForm(forms.Form):
    """When she comes, where, and how often."""

    days = forms.TypedMultipleChoiceField(
        label=_("方便的日子"),
        coerce=int,
        choices=Weekday,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    areas = _some(_("愿意去的片区"), Area)
    most_a_term = forms.IntegerField(
        label=_("每学期最多几次"),
        min_value=1,
        max_value=MOST_A_TERM,
        help_text=_("邀请您的次数不会超过这个数"),
    )


class PauseForm(forms.Form):
    """How long she takes a break."""

    until = forms.DateField(
        label=_("暂停到"),
        required=False,
        widget=forms.DateInput({"type": "date"}),
        error_messages={"invalid": _("请填写日期，例如 2026-12-01。")},
        help_text=_("含这一天；说不准的不填，想恢复时点“恢复”"),
    )
