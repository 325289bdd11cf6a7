"""Reading what coaches and founders type."""

from django import forms
from django.utils.translation import gettext_lazy as _

from entrepreneurship.learning.models import CoachTopic, DeclineReason, Said
from events.models import Mode, Sex


def moment_field(label, **more):
    """Return the field of a moment, on a phone the clock's own."""
    widget = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(
        label=label,
        widget=widget,
        error_messages={"invalid": _("请填写日期和时间，如 2026-12-01 14:00。")},
        **more,
    )


def text_area(label, limit, *, rows=3, **more):
    """Return a field of several lines."""
    return forms.CharField(
        label=label, max_length=limit, widget=forms.Textarea({"rows": rows}), **more
    )


class OfferForm(forms.Form):
    """What somebody agrees to as a coach."""

    topics = forms.MultipleChoiceField(
        label=_("辅导方向"), choices=CoachTopic, widget=forms.CheckboxSelectMultiple
    )
    introduction = text_area(_("简介"), 300, help_text=_("您是谁、能帮到什么；预约的人会看到"))
    mode = forms.ChoiceField(label=_("辅导方式"), choices=Mode)
    place = forms.CharField(
        label=_("辅导地点"), max_length=60, required=False, help_text=_("只在线上辅导的不用填")
    )
    hours_per_month = forms.IntegerField(label=_("每月最多几次"), min_value=1, max_value=40)
    sex = forms.ChoiceField(
        label=_("性别"), choices=Sex, help_text=_("只用于统计辅导人中女性的比例")
    )

    @staticmethod
    def of(coach):
        """Return what the form begins with."""
        return {name: getattr(coach, name) for name in OfferForm.base_fields}


class HourForm(forms.Form):
    """An hour to publish."""

    starts_at = moment_field(_("开始时间"))
    minutes = forms.TypedChoiceField(
        label=_("时长"),
        coerce=int,
        initial=60,
        choices=[(30, _("30 分钟")), (45, _("45 分钟")), (60, _("60 分钟")), (90, _("90 分钟"))],
    )
    topic = forms.ChoiceField(label=_("辅导方向"), choices=CoachTopic)

    def __init__(self, *args, coach, **kwargs):
        super().__init__(*args, **kwargs)
        names = dict(CoachTopic.choices)
        self.fields["topic"].choices = [(t, names[t]) for t in coach.topics if t in names]


class TimesForm(forms.Form):
    """Three times a woman proposes, and what she wants to talk about."""

    topic = forms.ChoiceField(label=_("辅导方向"), choices=CoachTopic)
    message = text_area(_("想解决的问题"), 500, help_text=_("只有辅导人和您自己能看到，加密保存"))
    time_1 = moment_field(_("时间一"))
    time_2 = moment_field(_("时间二"))
    time_3 = moment_field(_("时间三"), help_text=_("每次按一小时计"))

    def __init__(self, *args, coach, **kwargs):
        super().__init__(*args, **kwargs)
        names = dict(CoachTopic.choices)
        self.fields["topic"].choices = [(t, names[t]) for t in coach.topics if t in names]

    @property
    def times(self):
        """Return the three moments."""
        return [self.cleaned_data[f"time_{number}"] for number in (1, 2, 3)]


class AcceptForm(forms.Form):
    """Which of the three."""

    choice = forms.IntegerField(min_value=0, max_value=2)


class DeclineForm(forms.Form):
    """Why none of them."""

    reason = forms.ChoiceField(
        label=_("婉拒的原因"), choices=DeclineReason, help_text=_("本人会看到")
    )


class CancelHourForm(forms.Form):
    """Why an hour is cancelled."""

    reason = forms.CharField(
        label=_("取消原因"), max_length=200, help_text=_("会告知预约和候补的人")
    )


class AimsForm(forms.Form):
    """What she wants out of an hour."""

    aims = text_area(_("想解决的问题"), 1000, required=False)


class NextForm(forms.Form):
    """What comes next."""

    next_steps = text_area(_("下一步"), 1000, required=False)


class SaysForm(forms.Form):
    """Whether the hour took place."""

    says = forms.ChoiceField(choices=[(one.value, one.label) for one in (Said.YES, Said.NO)])
