"""The three steps of a profile, and what a clerk fills in. Cells are read by the import's readers, so
that a woman and her HR office are told the same."""

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import phones
from accounts.models import Unit
from kernel.forms import six_digits_field
from kernel.text import squeeze
from talents import codes, operations
from talents.career import dates, standards
from talents.imports.problems import INFO
from talents.imports.workbook import values as readers
from talents.imports.workbook.units import is_unit_name
from talents.models import IDENTITY_NUMBER, TALENT_DATABASE

BLANK = [("", _("请选择"))]


class BirthMonthField(dates.MonthField):
    """The month she was born in, of an age at which women work."""

    def __init__(self, *, today, **kwargs):
        """`today` bounds the years."""
        self.today = today
        messages = {"required": _("请选择出生年份和月份。")}
        offered = readers.birth_years(today)[::-1]
        super().__init__(offered=offered, error_messages=messages, **kwargs)

    def compress(self, data):
        """Return the first day of the month; refuse an age no woman works at."""
        month = super().compress(data)
        if month and not readers.is_plausible_birth(month.year, month.month, self.today):
            raise forms.ValidationError(_("请核对出生年月：年满 16 周岁才能建档。"))
        return month


class StepForm(forms.Form):
    """One step. `later` keeps what is there and asks for nothing more."""

    step = 0

    def __init__(self, data=None, *, talent, user, today, later=False):
        """`talent` is her record or None; `today` the local date."""
        self.talent, self.user, self.today = talent, user, today
        super().__init__(data, initial=self.start() if talent else {"full_name": user.full_name})
        for field in self.fields.values():
            field.error_messages.setdefault("required", _("请填写这一项。"))
            if later:
                field.required = False

    def start(self):
        """Return the initial values from the record."""
        names = operations.STEP_FIELDS[self.step]
        return {name: getattr(self.talent, name) for name in names}

    def values(self):
        """Return what the step keeps: the record's field names and checked values."""
        names = operations.STEP_FIELDS[self.step]
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}

    def read(self, reader, value, **kwargs):
        """Read a value as the import reads a cell; its errors and warnings are this field's errors."""
        result = reader(value, **kwargs)
        wrong = [problem.message for problem in result.problems if problem.level != INFO]
        if wrong:
            raise forms.ValidationError(wrong[:1])
        return result


class PersonForm(StepForm):
    """Step 1: who she is."""

    step = 1
    full_name = forms.CharField(
        label=_("姓名"),
        max_length=60,
        widget=forms.TextInput({"autocomplete": "name"}),
        error_messages={"required": _("请填写您的姓名。")},
    )
    political_status = forms.ChoiceField(
        label=_("政治面貌"), required=False, choices=BLANK + codes.PoliticalStatus.choices
    )
    id_number = forms.CharField(
        label=_("身份证号"),
        required=False,
        max_length=30,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "maxlength": 30}),
    )
    agree = forms.BooleanField(
        label=_("我单独同意收集并核对我的身份证号（敏感个人信息）"), required=False
    )

    field_order = ("full_name", "birth_month", "political_status", "id_number", "agree")

    def __init__(self, *args, consented, **kwargs):
        """`consented`: she has already agreed to her identity number being kept."""
        self.born = None
        super().__init__(*args, **kwargs)
        self.fields["birth_month"] = BirthMonthField(
            label=_("出生年月"), today=self.today, required=self.fields["full_name"].required
        )
        self.order_fields(self.field_order)
        self.stored = self.talent.masked_id_number if self.talent else ""
        if consented:
            del self.fields["agree"]
        if self.stored:
            self.fields["id_number"].help_text = _(
                "已登记 %(number)s。如需更正请重新填写，不改请留空。"
            ) % {"number": self.stored}
        else:
            self.fields["id_number"].help_text = _(
                "现在可以不填，申请需要核对身份的事项时再补。加密保存，页面只显示首尾各四位。"
            )

    def start(self):
        """Return the initial values, as she wants them where a change waits for a clerk.

        The identity number is never sent back to the page.
        """
        wanted = operations.open_proposal(self.talent)
        names = wanted.changed if wanted else ()
        waiting = {name: getattr(wanted, name) for name in names}
        return super().start() | waiting | {"id_number": ""}

    def clean_full_name(self):
        """Read the name as the import does (talents.imports.workbook.values); "" when it was left empty."""
        name = self.cleaned_data["full_name"]
        return self.read(readers.full_name, name).value if name else ""

    def clean_id_number(self):
        """Read the number: length, region, date, check digit, a woman's, old enough."""
        number = self.cleaned_data["id_number"]
        if not number:
            return ""
        result = self.read(readers.id_number, number, today=self.today)
        self.born = result.born
        return result.value or ""

    def clean(self):
        """Compare number, month and consent."""
        data = super().clean()
        number, month = data.get("id_number"), data.get("birth_month")
        if not number:
            data.pop("id_number", None)  # left empty: what is stored stays
            return data
        if "agree" in self.fields and not data.get("agree"):
            self.add_error("agree", _("填写身份证号需要您单独同意；不想填写可以先留空。"))
        if month and self.born and self.born.replace(day=1) != month:
            self.add_error("birth_month", _("出生年月与身份证号中的不一致，请核对哪一个有误。"))
        return data


class ConsentForm(forms.Form):
    """Her consent to the database, asked for where she has not given it."""

    agree = forms.BooleanField(
        label=_("我同意将档案存入两江新区女性科技人才数据库"),
        error_messages={"required": _("认领前请先同意将档案存入人才数据库。")},
    )

    def __init__(self, data=None, *, consented, **kwargs):
        """`consented` are the purposes she agrees to today."""
        super().__init__(data, **kwargs)
        if TALENT_DATABASE in consented:
            del self.fields["agree"]

    @property
    def agreed(self):
        """Return the purposes she agrees to with this form."""
        return [TALENT_DATABASE] if self.cleaned_data.get("agree") else []


class ClaimForm(ConsentForm):
    """What a clerk, or the phone a unit reported, can tell her record by."""

    full_name = forms.CharField(
        label=_("姓名"),
        max_length=60,
        widget=forms.TextInput({"autocomplete": "name"}),
        error_messages={"required": _("请填写您的姓名。")},
    )
    phone = forms.CharField(
        label=_("报送时的手机号"),
        required=False,
        max_length=30,
        widget=forms.TextInput({"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
        help_text=_("单位报送时登记的手机号，与现在的不同时填写。"),
    )
    id_number = forms.CharField(
        label=_("身份证号"),
        required=False,
        max_length=30,
        help_text=_("可以不填。加密保存，只用于核对这次认领。"),
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    agree_number = forms.BooleanField(
        label=_("我单独同意收集并核对我的身份证号（敏感个人信息）"), required=False
    )
    unit_text = forms.CharField(
        label=_("报送单位"),
        required=False,
        max_length=120,
        widget=forms.TextInput({"autocomplete": "organization"}),
    )

    field_order = ("full_name", "unit_text", "phone", "id_number", "agree_number", "agree")

    def __init__(self, data=None, *, consented, today, **kwargs):
        """`today` is the local date."""
        self.today = today
        super().__init__(data, consented=consented, **kwargs)
        if IDENTITY_NUMBER in consented:
            del self.fields["agree_number"]

    def clean_phone(self):
        """Return the 11 digits, "" for none."""
        typed = self.cleaned_data["phone"]
        number = phones.normalise(typed) if typed else ""
        if number is None:
            raise forms.ValidationError(_("请填写 11 位中国大陆手机号，例如 13812345678。"))
        return number

    def clean_id_number(self):
        """Read the number as a unit's form is read."""
        typed = self.cleaned_data["id_number"]
        result = readers.id_number(typed, today=self.today) if typed else None
        wrong = [problem.message for problem in result.problems] if result else []
        if wrong and not result.value:
            raise forms.ValidationError(wrong[:1])
        return result.value if result else ""

    @property
    def agreed(self):
        """Return the purposes she agrees to with this form."""
        number = self.cleaned_data.get("agree_number") and self.cleaned_data.get("id_number")
        return super().agreed + ([IDENTITY_NUMBER] if number else [])

    def claim(self):
        """Return what `ask_for_record` takes of it."""
        names = ("full_name", "phone", "id_number", "unit_text")
        return {name: self.cleaned_data[name] for name in names}


class CodeForm(forms.Form):
    """The six digits that went to the phone a unit reported."""

    code = six_digits_field()

    def clean_code(self):
        """Read full-width digits as well."""
        return squeeze(self.cleaned_data["code"])


class WorkForm(StepForm):
    """Step 2: where she works and what her title is."""

    step = 2
    unit_name = forms.CharField(
        label=_("工作单位"),
        max_length=120,
        help_text=_("输入两个字会出现候选单位；没有找到，直接写全称即可。"),
        error_messages={"required": _("请填写工作单位；自由职业请写“自由职业”。")},
    )
    position = forms.CharField(label=_("职务"), max_length=80, required=False)
    professional_title = forms.CharField(
        label=_("职称"),
        max_length=60,
        required=False,
        help_text=_("如“高级工程师”“副主任医师”；没有职称，在下面选“无职称”。"),
    )
    title_level = forms.ChoiceField(
        label=_("职称级别"), required=False, choices=BLANK + codes.TitleLevel.choices
    )

    def __init__(self, *args, later=False, **kwargs):
        """Remember `later`: only then may title and level both be empty."""
        self.later = later
        super().__init__(*args, later=later, **kwargs)
        offered = dates.years(self.today)
        self.fields["unit_since"] = dates.MonthField(
            label=_("到岗年月"), required=False, offered=offered
        )
        self.fields["title_since"] = dates.YearField(
            label=_("取得职称年份"), required=False, offered=offered
        )
        # A native list, filled as she types where there is JavaScript, once where there is none.
        self.fields["unit_name"].widget.attrs |= {
            "list": "unit-options",
            "autocomplete": "organization",
            "hx-get": reverse("profile_units"),
            "hx-trigger": "input changed delay:250ms",
            "hx-target": "#unit-options",
            "hx-sync": "this:replace",
        }

    def start(self):
        """Return the initial values, the unit by its name."""
        return super().start() | {"unit_name": self.talent.unit_name}

    def clean_professional_title(self):
        """Drop words for nothing (无, / …)."""
        return readers.plain(self.cleaned_data["professional_title"], 60)

    def clean(self):
        """Turn the unit's name into a known unit or her own words; ask for a title or its absence."""
        data = super().clean()
        if "unit_name" in data:
            name = readers.plain(data["unit_name"], 120)
            data["unit"] = Unit.objects.spelled(name)
            data["unit_text"] = "" if data["unit"] else name
            if not name and not self.later and "unit_name" not in self.errors:
                self.add_error("unit_name", self.fields["unit_name"].error_messages["required"])
            if name and not data["unit"] and not is_unit_name(name):
                self.add_error(
                    "unit_name", _("请写单位全称，如“重庆大学”，不要只写一个字或用表情符号。")
                )
        title, level = data.get("professional_title"), data.get("title_level")
        if title and not level:
            data["title_level"] = codes.title_level(title) or ""
        if level == codes.TitleLevel.NONE and codes.title_level(title) not in (None, level):
            sentence = _("您填写了职称“%(title)s”，级别却选了“无职称”，请改其中一项。")
            self.add_error("title_level", sentence % {"title": title})
        if not title and not level and not self.later:
            self.add_error("title_level", _("请选择职称级别；没有职称请选“无职称”。"))
        return data


class StudyForm(StepForm):
    """Step 3: education and research."""

    step = 3
    education_level = forms.ChoiceField(
        label=_("最高学历"),
        choices=BLANK + codes.EducationLevel.choices,
        error_messages={"required": _("请选择最高学历。")},
    )
    degree = forms.ChoiceField(
        label=_("最高学位"), required=False, choices=BLANK + codes.Degree.choices
    )
    school_and_major = forms.CharField(
        label=_("毕业院校及专业"),
        required=False,
        max_length=200,
        widget=forms.TextInput({"placeholder": _("如：重庆大学 机械工程")}),
    )
    discipline = forms.ChoiceField(
        label=_("学科"),
        choices=BLANK + codes.Discipline.choices,
        error_messages={"required": _("请选择最接近的学科。")},
    )
    industry = forms.ChoiceField(
        label=_("行业"),
        choices=BLANK + codes.Industry.choices,
        error_messages={"required": _("请选择所在行业。")},
    )
    suggested = forms.MultipleChoiceField(
        label=_("研究方向"),
        required=False,
        choices=[(name, name) for name in codes.RESEARCH_FIELDS],
        widget=forms.CheckboxSelectMultiple({"class": "chips"}),
        help_text=_("可多选。"),
    )
    other_fields = forms.CharField(
        label=_("其他研究方向"),
        required=False,
        max_length=400,
        widget=forms.TextInput({"placeholder": _("多个方向用逗号或顿号隔开")}),
    )
    overseas_study = forms.BooleanField(label=_("有海外学习经历"), required=False)
    overseas_detail = forms.CharField(
        label=_("海外学习经历"),
        required=False,
        max_length=120,
        widget=forms.TextInput({"placeholder": _("如：2016—2018 慕尼黑工大 访学")}),
    )

    # One level deeper, where she wants to say so.
    DETAILS = {
        "discipline_detail": (
            codes.Discipline,
            _("二级学科"),
            _("这个二级学科不属于上面所选的学科。"),
        ),
        "industry_division": (
            codes.Industry,
            _("行业大类"),
            _("这个大类不属于上面所选的行业。"),
        ),
    }

    def __init__(self, *args, **kwargs):
        """Offer the years until today, and what lies below disciplines and industries."""
        super().__init__(*args, **kwargs)
        for name, (levels, label, sentence) in self.DETAILS.items():
            choices = [("", _("不再细分")), *standards.choices(name, levels)]
            error = {"invalid_choice": sentence}
            self.fields[name] = forms.ChoiceField(
                label=label, required=False, choices=choices, error_messages=error
            )
        self.fields["graduated"] = dates.YearField(
            label=_("毕业年份"), required=False, offered=dates.years(self.today)
        )

    def start(self):
        """Return the initial values, the fields split into offered and other ones."""
        fields = self.talent.research_fields
        return super().start() | {
            "suggested": [name for name in fields if name in codes.RESEARCH_FIELDS],
            "other_fields": "、".join(n for n in fields if n not in codes.RESEARCH_FIELDS),
        }

    def clean_other_fields(self):
        """Split what she wrote; at most twenty fields of forty characters."""
        names = readers.research_fields(self.cleaned_data["other_fields"])
        if long := next((name for name in names if len(name) >= 40), None):
            message = _("“%(name)s…”太长，每个方向请写在 40 字以内，用逗号隔开。")
            raise forms.ValidationError(message, params={"name": long[:10]})
        return names

    def clean(self):
        """Join the fields; overseas words mean overseas study."""
        data = super().clean()
        if "suggested" in data and "other_fields" in data:
            names = dict.fromkeys([*data["suggested"], *data["other_fields"]])
            data["research_fields"] = list(names)[:20]
        if data.get("overseas_detail"):
            data["overseas_study"] = True
        for name, (_levels, _label, sentence) in self.DETAILS.items():
            upper = data.get(standards.ABOVE[name])
            if data.get(name) and upper and standards.above(name, data[name]) != upper:
                self.add_error(name, sentence)
        return data


STEP_FORMS = {1: PersonForm, 2: WorkForm, 3: StudyForm}
