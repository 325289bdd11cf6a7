"""Forms of rules and budgets: what staff decide about all points at once."""

import json

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from care_points import operations
from care_points.models import CAPS, EarningRule, EmergencyNumber, PointsBudget
from care_points.operations import budgeting
from care_points.preview import preview
from kernel.admin.forms import OperationForm
from kernel.refused import ASKS

SEEN = "previewed"


class RuleForm(OperationForm):
    """What may be changed of an earning rule.

    Other points or caps are shown first as what they would have given in a year that has been; who saves the same once
    more has seen it. The page brings back under SEEN what was shown.
    """

    class Meta:
        model = EarningRule
        fields = operations.RULE_FIELDS

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # What is no number the operation never meets; it is refused in the operation's words.
        self._refuse("points", operations.why_not_points(None))
        for cap in CAPS:
            self._refuse(cap, operations.why_not_caps(0, None, None))

    def _refuse(self, name, error):
        if name in self.fields:
            codes = ("required", "invalid", "min_value", "max_value")
            self.fields[name].error_messages |= dict.fromkeys(codes, str(error))

    @property
    def previewed(self):
        """Return the terms whose preview the page shows, as text; "" where none was shown."""
        return getattr(self, "_previewed", "")

    def clean(self):
        """Show once what other terms would have given."""
        data = super().clean()
        terms = {name: data.get(name) for name in ("points", *CAPS)}
        if (
            self.errors
            or operations.why_not_points(terms["points"])
            or operations.why_not_caps(*(terms[cap] for cap in CAPS))
        ):
            return data
        stored = EarningRule.objects.get(pk=self.instance.pk)
        if all(getattr(stored, name) == value for name, value in terms.items()):
            return data
        self._previewed = json.dumps(terms)
        if self.data.get(SEEN) != self._previewed:
            told = preview(stored, terms, timezone.now()).sentence
            again = _("请核对，仍要这样修改就再保存一次。")
            raise forms.ValidationError(f"{told} {again}", code=ASKS)
        return data

    def operate(self, stored, **values):
        """Change the rule."""
        return operations.change_rule(rule=stored, **values)


class BudgetForm(OperationForm):
    """The budget of a year, and what a point costs."""

    class Meta:
        model = PointsBudget
        fields = budgeting.FIELDS

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        sentences = {
            "year": _("请填写 2022 到 2100 之间的年份。"),
            "points": str(operations.why_not_budget(0, 0)),
            "cost_per_point": str(operations.why_not_budget(1, -1)),
        }
        codes = ("required", "invalid", "min_value", "max_value")
        for name in sentences.keys() & self.fields.keys():
            self.fields[name].error_messages |= dict.fromkeys(codes, sentences[name])

    def operate(self, stored, **values):
        """Set or change the budget."""
        return operations.save_budget(budget=stored, **values)


class NumberForm(OperationForm):
    """An emergency number; saving it says that it was checked."""

    class Meta:
        model = EmergencyNumber
        fields = operations.NUMBER_FIELDS

    def operate(self, stored, **values):
        """Add or change the number."""
        return operations.save_number(entry=stored, **values)
