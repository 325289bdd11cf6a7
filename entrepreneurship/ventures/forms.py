"""Reading what is typed about a venture."""

from django import forms
from django.utils.translation import gettext_lazy as _

from entrepreneurship.bases.models import Base
from entrepreneurship.ventures import rules
from entrepreneurship.ventures.models import MoneyBand, VentureRole, VentureStageCode
from talents import codes

BEGINS = [
    (code, VentureStageCode(code).label)
    for code in (VentureStageCode.IDEA, VentureStageCode.TEAM, VentureStageCode.REGISTERED)
]
YES_NO = [("yes", _("是")), ("no", _("否"))]


class DayInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


def day_field(label, **more):
    """Return the field of a day."""
    return forms.DateField(label=label, widget=DayInput, **more)


def share_field(**more):
    """Return the field of a share; what is wrong with the number the rule says."""
    return forms.DecimalField(
        label=_("份额（%）"),
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"invalid": _("份额请填数字，如 33.33。")},
        **more,
    )


def uscc_field(**more):
    """Return the field of a company's code; whether it is right the operation says."""
    return forms.CharField(
        label=_("统一社会信用代码"),
        max_length=40,
        widget=forms.TextInput({"autocapitalize": "characters", "spellcheck": "false"}),
        **more,
    )


class VentureForm(forms.Form):
    """What a venture is."""

    name = forms.CharField(
        label=_("项目或企业名称"),
        max_length=80,
        error_messages={"required": _("请填写项目或企业的名称。")},
    )
    summary = forms.CharField(
        label=_("一句话说明做什么"),
        max_length=120,
        required=False,
        help_text=_("如“用声学方法提前发现风机齿轮箱的故障”"),
    )
    industry = forms.ChoiceField(label=_("行业"), error_messages={"required": _("请选择行业。")})
    base = forms.ModelChoiceField(
        label=_("所在基地"), queryset=None, required=False, empty_label=_("不在基地")
    )
    uscc = uscc_field(required=False, help_text=_("注册以后填，在营业执照上"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["industry"].choices = [("", _("请选择")), *codes.Industry.choices]
        self.fields["base"].queryset = Base.objects.shown()


class NewVentureForm(VentureForm):
    """A venture as it is entered: where it stands and what her part is; the code is asked for after the stage."""

    field_order = ("name", "summary", "industry", "stage", "day", "uscc", "base", "role", "share")
    stage = forms.ChoiceField(
        label=_("现在的阶段"),
        choices=BEGINS,
        initial=VentureStageCode.IDEA,
        widget=forms.RadioSelect,
        help_text=_("已经经营的，先选“已注册”，登记后再加“经营中”。"),
    )
    day = day_field(
        _("从哪天开始"), help_text=_("构想、组队填大致的日期；已注册填营业执照上的成立日期")
    )
    role = forms.ChoiceField(label=_("您的分工"), choices=VentureRole)
    share = share_field(help_text=_("您占的份额，没有定可以填 0"))


class StageForm(forms.Form):
    """The next stage."""

    stage = forms.ChoiceField(
        label=_("进入哪个阶段"),
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择阶段。")},
    )
    day = day_field(_("日期"), error_messages={"required": _("请填写日期。")})

    def __init__(self, *args, venture, **kwargs):
        super().__init__(*args, **kwargs)
        stages = rules.next_stages(venture)
        self.fields["stage"].choices = [(code, VentureStageCode(code).label) for code in stages]
        if VentureStageCode.REGISTERED in stages and not venture.uscc:
            self.fields["uscc"] = uscc_field(
                required=False, help_text=_("只在选“已注册”时填，在营业执照上")
            )


class FounderForm(forms.Form):
    """A founder's part."""

    role = forms.ChoiceField(label=_("分工"), choices=VentureRole)
    share = share_field()


class InviteForm(FounderForm):
    """Who is asked to found it with her."""

    number = forms.CharField(
        label=_("她的人才编号"),
        max_length=20,
        required=False,
        help_text=_("知道的话填上，门户会把链接发给她；不填就由您自己转发。"),
    )


class CheckForm(forms.Form):
    """The yearly check: six taps."""

    alive = forms.TypedChoiceField(
        label=_("还在经营或推进吗？"),
        choices=YES_NO,
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择是否还在经营或推进。")},
    )
    jobs = forms.IntegerField(
        label=_("现在有多少人就业"), help_text=_("含您自己；没有填 0"), min_value=0
    )
    women_jobs = forms.IntegerField(label=_("其中女性"), min_value=0)
    revenue = forms.ChoiceField(
        label=_("近一年营业收入"), choices=MoneyBand, widget=forms.RadioSelect
    )
    finance = forms.ChoiceField(
        label=_("近一年获得的融资和贷款"), choices=MoneyBand, widget=forms.RadioSelect
    )
    patents = forms.IntegerField(label=_("有效专利数"), min_value=0)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("jobs", "women_jobs", "patents"):
            self.fields[name].widget.attrs["inputmode"] = "numeric"


def check_initial(checkpoint):
    """Return what a form begins with: what was said last, so that most of it need not be typed again."""
    if checkpoint is None:
        return {}
    said = {
        name: getattr(checkpoint, name)
        for name in ("jobs", "women_jobs", "revenue", "finance", "patents")
    }
    return said | {"alive": "yes" if checkpoint.alive else "no"}
