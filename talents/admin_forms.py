"""What a clerk fills in when she decides on a record."""

import re
from datetime import date

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold import widgets

from accounts.models import Department, Unit
from kernel.admin.forms import reason_field
from kernel.words import month_text
from talents import codes, operations, reasons
from talents.imports.problems import INFO
from talents.imports.workbook import values as readers
from talents.models import Talent, Tier


class VerifyForm(forms.Form):
    """What a clerk decides when she takes a record in."""

    tier = forms.ChoiceField(
        label=_("人才层次"),
        required=False,
        choices=[("", _("暂不分层")), *Tier.choices],
        widget=widgets.UnfoldAdminSelectWidget,
    )

    def __init__(self, *args, talent=None, **kwargs):
        """Begin with the tier the record has, which taking it in does not take away."""
        super().__init__(*args, **kwargs)
        if talent and talent.tier:
            self.initial["tier"] = talent.tier
            self.fields["tier"].choices = Tier.choices


class ReturnForm(forms.Form):
    """What is missing, in words the woman will read."""

    common = forms.MultipleChoiceField(
        label=_("常用原因"),
        required=False,
        choices=list(reasons.COMMON.items()),
        widget=widgets.UnfoldAdminCheckboxSelectMultipleWidget,
    )
    reason = forms.CharField(
        label=_("需要补充什么"),
        required=False,
        max_length=200,
        widget=widgets.UnfoldAdminTextareaWidget({"rows": 3}),
        help_text=_("本人会在站内和短信里读到这句话。"),
    )

    def clean_reason(self):
        """Drop what ends the sentence: the chosen reasons stand before it."""
        return re.sub(r"[。；;]+$", "", self.cleaned_data["reason"].strip())


class HandOverForm(forms.Form):
    """Which department takes the record over."""

    department = forms.ModelChoiceField(
        Department.objects.order_by("order"),
        label=_("转给哪个部门"),
        empty_label=_("请选择"),
        widget=widgets.UnfoldAdminSelectWidget,
        error_messages={"required": _("请选择接收部门。")},
    )


class HandOverWithReasonForm(HandOverForm):
    """Which department takes a claim over, and why: its clerk reads that."""

    reason = reason_field(_("接收部门会在办理记录里读到。"))


class TierForm(VerifyForm):
    """Another tier for one or many, and why."""

    reason = reason_field(_("写入办理记录。"))


class UnitInput(widgets.UnfoldAdminTextInputWidget):
    """A unit's name with those that are known offered while it is typed (talents.views answers)."""

    def __init__(self):
        super().__init__({"list": "unit-options", "autocomplete": "off", "hx-sync": "this:replace"})

    def get_context(self, name, value, attrs):
        """Say where the names come from."""
        asked = {"hx-get": reverse("profile_units"), "hx-target": "#unit-options"}
        asked["hx-trigger"] = "input changed delay:250ms"
        return super().get_context(name, value, attrs | asked)


def _choice(name, choices):
    label = Talent._meta.get_field(name).verbose_name
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=[("", _("（空）")), *choices],
        widget=widgets.UnfoldAdminSelectWidget,
    )


def _text(name, most, **more):
    label = Talent._meta.get_field(name).verbose_name
    widget = widgets.UnfoldAdminTextInputWidget({"autocomplete": "off"})
    return forms.CharField(label=label, required=False, max_length=most, widget=widget, **more)


class CorrectForm(forms.Form):
    """What a clerk may set right; numbers are never sent to the page, an empty one stays as it is."""

    NUMBERS = ("phone", "email", "id_number")

    full_name = _text("full_name", 60)
    birth_month = forms.CharField(
        label=_("出生年月"),
        required=False,
        widget=widgets.UnfoldAdminTextInputWidget({"type": "month", "placeholder": "1990-03"}),
    )
    unit_name = forms.CharField(
        label=_("单位"),
        required=False,
        max_length=120,
        widget=UnitInput,
        help_text=_("写全称；已收录的单位会自动对上，其他按原文保存。"),
    )
    position = _text("position", 80)
    professional_title = _text("professional_title", 60)
    title_level = _choice("title_level", codes.TitleLevel.choices)
    tier = _choice("tier", Tier.choices)
    education_level = _choice("education_level", codes.EducationLevel.choices)
    degree = _choice("degree", codes.Degree.choices)
    school_and_major = _text("school_and_major", 200)
    discipline = _choice("discipline", codes.Discipline.choices)
    industry = _choice("industry", codes.Industry.choices)
    phone = _text("phone", 30)
    email = _text("email", 120)
    id_number = _text("id_number", 30)
    reason = reason_field(_("写入办理记录；有账号的本人会收到通知，知道改了哪几项。"))

    def __init__(self, data=None, *, talent):
        self.today = timezone.localdate()
        plain = [name for name in self.base_fields if hasattr(talent, name)]
        start = {name: getattr(talent, name) for name in plain if name not in self.NUMBERS}
        start["birth_month"] = talent.birth_month and f"{talent.birth_month:%Y-%m}"
        super().__init__(data, initial=start)
        for name in self.NUMBERS:
            self.fields[name].help_text = self._stored(talent, name)

    @staticmethod
    def _stored(talent, name):
        masked = getattr(talent, f"masked_{name}")
        if not masked:
            return gettext("还没有登记。")
        return gettext("现为 %(masked)s，不改请留空。") % {"masked": masked}

    def _read(self, name, reader, **kwargs):
        """Read a value as the import reads a cell; "" where nothing was typed."""
        typed = self.cleaned_data[name]
        if not typed:
            return ""
        result = reader(typed, **kwargs)
        wrong = [problem.message for problem in result.problems if problem.level != INFO]
        if wrong:
            raise forms.ValidationError(wrong[:1])
        return result.value or ""

    def clean_full_name(self):
        """Read the name."""
        return self._read("full_name", readers.full_name)

    def clean_phone(self):
        """Read the phone."""
        return self._read("phone", readers.phone)

    def clean_email(self):
        """Read the address."""
        return self._read("email", readers.email)

    def clean_id_number(self):
        """Read the number."""
        return self._read("id_number", readers.id_number, today=self.today)

    def clean_birth_month(self):
        """Return the first day of the month."""
        typed = self.cleaned_data["birth_month"]
        if not typed:
            return None
        try:
            month = date.fromisoformat(f"{typed[:7]}-01")
        except ValueError as error:
            raise forms.ValidationError(gettext("请按 1990-03 的样子填写年月。")) from error
        if not readers.is_plausible_birth(month.year, month.month, self.today):
            sentence = gettext("%(month)s不像是出生年月，请核对。")
            raise forms.ValidationError(sentence % {"month": month_text(month)})
        return month

    def clean(self):
        """Return the changes and the reason, as operations.correct takes them."""
        data = super().clean()
        if self.errors:
            return data
        reason, unit_name = data.pop("reason"), readers.plain(data.pop("unit_name"), 120)
        for name in self.NUMBERS:
            if not data[name]:
                del data[name]
        data["unit"] = Unit.objects.spelled(unit_name)
        data["unit_text"] = "" if data["unit"] else unit_name
        changes = {name: data[name] for name in operations.CORRECTABLE if name in data}
        return {"changes": changes, "reason": reason}


class FindForm(forms.Form):
    """A whole phone or identity number."""

    number = forms.CharField(
        label=_("手机号或身份证号"),
        max_length=30,
        widget=widgets.UnfoldAdminTextInputWidget({"autocomplete": "off", "inputmode": "text"}),
        help_text=_("须填完整号码。每次查找都会记入审计日志，落空过多会暂停并提醒审计员。"),
        error_messages={"required": _("请填写完整的手机号或身份证号。")},
    )
