"""Reading what she typed into the calculator, and what staff enter."""

from datetime import date, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextInputWidget

from kernel.admin.fields import day_field
from kernel.admin.forms import OperationForm
from workplaces.periods import operations, reckoning
from workplaces.periods.models import PeriodRule, Right

EARLIEST = date(2021, 11, 26)  # the newest of the rules shipped is in force since this day
AHEAD = timedelta(days=300)
MOST_BABIES = 6


class CalculatorForm(forms.Form):
    """What the calculator has to know; it goes nowhere but into the answer."""

    what = forms.ChoiceField(
        label=gettext_lazy("情况"),
        choices=[
            ("birth", gettext_lazy("已经生育或预产")),
            ("loss_early", gettext_lazy("怀孕未满 4 个月流产")),
            ("loss_late", gettext_lazy("怀孕满 4 个月流产")),
        ],
        initial="birth",
    )
    day = forms.DateField(
        label=gettext_lazy("日期"),
        help_text=gettext_lazy("生育、预产或流产的那一天"),
        widget=forms.DateInput({"type": "date", "autocomplete": "off"}, format="%Y-%m-%d"),
        error_messages={
            "required": gettext_lazy("请选择日期。"),
            "invalid": gettext_lazy("请按 2026-03-08 的样子填写日期。"),
        },
    )
    babies = forms.IntegerField(
        label=gettext_lazy("几个孩子"), min_value=1, max_value=MOST_BABIES, initial=1
    )
    difficult = forms.BooleanField(label=gettext_lazy("难产（以医院证明为准）"), required=False)
    before = forms.IntegerField(
        label=gettext_lazy("产前先休几天"), min_value=0, max_value=98, initial=0
    )

    def clean_day(self):
        """Refuse days of which no rules are entered, or that are too far ahead to count on."""
        day, today = self.cleaned_data["day"], timezone.localdate()
        if day < EARLIEST:
            sentence = _("这里只有 %(day)s 以后的规定；更早的请问单位人事部门。")
            raise forms.ValidationError(sentence % {"day": EARLIEST.isoformat()})
        if day > today + AHEAD:
            raise forms.ValidationError(_("这一天太远，请核对日期。"))
        return day

    def clean(self):
        """Hold the days before birth to what the law of that day gives."""
        given = super().clean()
        day, before = given.get("day"), given.get("before")
        rule = day and before and reckoning.rules_on(day).get(Right.BEFORE_BIRTH)
        if rule and before > rule.amount:
            sentence = _("产前最多先休 %(most)s 天。") % {"most": rule.amount}
            self.add_error("before", sentence)
        return given

    def lines(self):
        """Return the answer, reckoning.Lines."""
        given = self.cleaned_data
        found = reckoning.rules_on(given["day"])
        if given["what"] == "birth":
            asked = {name: given[name] for name in ("day", "babies", "difficult", "before")}
            return reckoning.after_birth(found, **asked)
        return reckoning.after_loss(found, day=given["day"], late=given["what"] == "loss_late")


class PeriodRuleForm(OperationForm):
    """A rule as staff write it."""

    valid_from = day_field(gettext_lazy("施行日期"))
    valid_until = day_field(
        gettext_lazy("失效日期"),
        required=False,
        help_text=gettext_lazy("最后一天；仍然有效的留空"),
    )
    link = forms.URLField(
        label=gettext_lazy("出处链接"),
        required=False,
        max_length=300,
        assume_scheme="https",
        widget=UnfoldAdminTextInputWidget,
    )

    class Meta:
        model = PeriodRule
        fields = operations.RULE_FIELDS

    def operate(self, stored, **values):
        """Add or change the rule."""
        return operations.save_rule(rule=stored, **values)
