"""Reading what was typed about introductions."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from entrepreneurship.finance.models import (
    AmountBand,
    DeclineReason,
    FinancePurpose,
    ReferralWay,
    SharedField,
)
from entrepreneurship.finance.models.referrals import quarter_text
from kernel.days import months_after
from kernel.forms import code_field

QUARTERS = 8  # how far back a bank tells its totals on the page

ANSWERS = (
    ("received", _("收到")),
    ("contacted", _("已联系上本人")),
    ("not_reached", _("多次联系，没有联系上")),
    ("approved", _("已批准")),
    ("declined", _("未批准")),
    ("declined_by_client", _("本人不接受")),
    ("disbursed", _("已放款")),
)


class IntroduceForm(forms.Form):
    """For which venture, what the money is for, in which way, and what the bank may be told."""

    venture = forms.ChoiceField(label=_("创业项目"))
    purpose = forms.ChoiceField(label=_("钱用在哪里"))
    way = forms.ChoiceField(
        label=_("怎样对接"), choices=ReferralWay.choices, widget=forms.RadioSelect
    )
    shared = forms.MultipleChoiceField(
        label=_("同意提供给这家银行的信息"),
        choices=SharedField.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("只在“请银行联系我”时用，逐项勾选；没有勾的不会提供"),
    )
    tells_amount = forms.BooleanField(
        label=_("同意银行把批准、放款的金额档告诉门户（不是具体金额）"), required=False
    )

    def __init__(self, data=None, *, product, ventures, may_call, **more):
        super().__init__(data, **more)
        self.fields["way"].initial = ReferralWay.CARRY
        self.fields["venture"].choices = [(one.code, one.name) for one in ventures]
        names = dict(FinancePurpose.choices)
        self.fields["purpose"].choices = [(code, names[code]) for code in product.purposes]
        if not may_call:
            self.fields["way"].choices = [(ReferralWay.CARRY, ReferralWay.CARRY.label)]
            del self.fields["shared"]


class DeskForm(forms.Form):
    """The code on the page she brought."""

    code = code_field(_("引见码"), _("8 位字母和数字，印在页面上"))


class AnswerForm(forms.Form):
    """What the bank says."""

    answer = forms.ChoiceField(label=_("答复"), choices=ANSWERS, widget=forms.RadioSelect)
    on = forms.DateField(
        label=_("日期"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("实际发生的日期"),
    )
    reason = forms.ChoiceField(
        label=_("未批准的原因"),
        choices=[("", "—"), *DeclineReason.choices],
        required=False,
        help_text=_("选“未批准”时填"),
    )
    band = forms.ChoiceField(
        label=_("金额档"),
        choices=[("", "—"), *AmountBand.choices],
        required=False,
        help_text=_("只在批准或放款时填，本人已同意告知"),
    )

    def __init__(self, data=None, *, answers, tells_amount, **more):
        super().__init__(data, **more)
        self.fields["answer"].choices = [one for one in ANSWERS if one[0] in answers]
        if len(answers) == 1:
            self.fields["answer"].initial = answers[0]
        if "declined" not in answers:
            del self.fields["reason"]
        if not tells_amount or not {"approved", "disbursed"} & set(answers):
            del self.fields["band"]


class TotalForm(forms.Form):
    """What a bank counts for a quarter, one of the last that are over."""

    quarter = forms.TypedChoiceField(label=_("季度"), coerce=date.fromisoformat)
    received = forms.IntegerField(label=_("收到（件）"), min_value=0)
    approved = forms.IntegerField(label=_("批准（件）"), min_value=0)
    disbursed = forms.IntegerField(label=_("放款（件）"), min_value=0)
    amount = forms.DecimalField(
        label=_("放款金额（万元）"), max_digits=12, decimal_places=2, min_value=0
    )

    def __init__(self, data=None, *, day, **more):
        super().__init__(data, **more)
        begun = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
        past = [months_after(begun, -3 * n) for n in range(1, QUARTERS + 1)]
        self.fields["quarter"].choices = [(one.isoformat(), quarter_text(one)) for one in past]
