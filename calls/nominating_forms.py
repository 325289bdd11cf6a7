"""Forms by which somebody is brought forward, and by which a unit speaks."""

from django import forms
from django.utils.translation import gettext_lazy as _

from calls import conditions
from calls.form_lines import say_in_place
from calls.models import TOGETHER, Subject
from calls.nominating_rules import LONGEST_REASON


class NominateForm(forms.Form):
    """Whom one brings forward, and why."""

    full_name = forms.CharField(
        label=_("她的姓名"), max_length=60, widget=forms.TextInput({"autocomplete": "off"})
    )
    phone = forms.CharField(
        label=_("她的手机号"),
        max_length=20,
        help_text=_("她在门户登记的手机号，只用来通知她本人。"),
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )
    reason = forms.CharField(
        label=_("推荐理由"),
        max_length=LONGEST_REASON,
        help_text=_("她本人和评审部门会读到，500 字以内。"),
        widget=forms.Textarea({"rows": 6}),
    )


class OpinionForm(forms.Form):
    """Why a unit does not stand for an application; read where that button is pressed."""

    reason = forms.CharField(
        label=_("不推荐的原因"),
        max_length=200,
        required=False,
        help_text=_("不推荐时填写，她会读到。"),
        widget=forms.Textarea({"rows": 3}),
    )


class SubjectForm(forms.Form):
    """Whom or what an application puts forward: asked beside the lines of the call's form, as far as the call asks it.

    What is wrong in it keeps the rest from being kept as little as in those lines.
    """

    HEADS = ("head_count", "women_count")

    subject = forms.ChoiceField(label=_("推荐对象"), required=False)
    collective_name = forms.CharField(
        label=_("集体或岗位名称"),
        max_length=80,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    head_count = forms.IntegerField(
        label=_("总人数"), min_value=1, max_value=100_000, required=False
    )
    women_count = forms.IntegerField(
        label=_("女性人数"), min_value=0, max_value=100_000, required=False
    )
    members = forms.CharField(
        label=_("成员名单"),
        max_length=5000,
        required=False,
        help_text=_("每行一个姓名；可以不列，只填人数。列名前请征得本人同意。"),
        widget=forms.Textarea({"rows": 4}),
    )
    is_leader = forms.BooleanField(
        label=_("我是本单位负责人"),
        required=False,
        help_text=_("领导班子成员；单位负责人有比例限制。"),
    )

    def __init__(self, data=None, *, application):
        """Leave out what the call of `application` does not ask."""
        super().__init__(
            data, initial={name: getattr(application, name) for name in self.base_fields}
        )
        self.application, call = application, application.call
        if call.is_for_persons_only:
            for name in ("subject", "collective_name", *self.HEADS, "members"):
                del self.fields[name]
        else:
            self.fields["subject"].choices = [(one, Subject(one).label) for one in call.subjects]
            if set(call.subjects) <= set(TOGETHER) and application.subject not in call.subjects:
                self.initial["subject"] = call.subjects[0]
        if call.leaders_percent is None or "person" not in call.subjects:
            del self.fields["is_leader"]
        say_in_place(self)

    def clean(self):
        """Refuse more women than members: of two numbers that contradict each other none is kept."""
        given = super().clean()
        asked = "head_count" in self.fields
        heads = [given.get(name, getattr(self.application, name)) for name in self.HEADS]
        if asked and (error := conditions.why_not_heads(*heads)):
            if not self.errors.keys() & set(self.HEADS):
                error.add_to(self)
            for name in self.HEADS:
                given.pop(name, None)
        return given

    def values(self):
        """Return what can be kept of it, as `operations.describe_subject` takes it."""
        values = dict(self.cleaned_data)
        if "subject" in values and not values["subject"]:
            del values["subject"]
        if "members" in values:
            values["members"] = values["members"].strip() or None
        return values
