"""Forms of staff: parse, check, call the operation."""

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from accounts.models import UnitKind
from calls import operations, prefilling, tables
from calls.models import (
    Call,
    Field,
    FieldKind,
    FileKind,
    NominationSource,
    Requirement,
    StageKind,
    Subject,
)
from calls.models.applications import RESULTS
from calls.models.choices import MOST_MB, MOST_ROWS
from kernel.admin.forms import OperationForm, reason_field, reason_form
from kernel.admin.widgets import HalfHourMoment
from kernel.errors import DomainError

USUAL = 5  # rows, files, megabytes
CancelForm = reason_form(_("已申报的人会收到这句话，至少四个字。"))
MoveUpForm = reason_form(_("记入办理记录，至少四个字"))


class PaperForm(forms.Form):
    """By which paper a unit said something."""

    paper = forms.CharField(
        label=_("依据"),
        max_length=200,
        help_text=_("例如盖章的推荐表及日期，至少四个字"),
        widget=UnfoldAdminTextInputWidget,
    )


class NotEndorseForm(PaperForm):
    """By which paper, and why not."""

    reason = forms.CharField(
        label=_("不推荐的原因"),
        max_length=200,
        help_text=_("申报人会收到这句话，至少四个字"),
        widget=UnfoldAdminTextareaWidget({"rows": 3}),
    )


def moment_field(label, help_text=""):
    """Return the field of a day and an hour in Chongqing."""
    return forms.SplitDateTimeField(label=label, help_text=help_text, widget=HalfHourMoment)


class SectorQuotas(forms.CharField):
    """How many of each kind of unit may be accepted, a line each: 企业 5."""

    widget = UnfoldAdminTextareaWidget({"rows": 3})

    def prepare_value(self, value):
        """Return the stored numbers as lines; what was typed as it was typed."""
        if not isinstance(value, dict):
            return value
        return "\n".join(f"{UnitKind(code).label} {most}" for code, most in value.items())

    def to_python(self, value):
        """Return {code of UnitKind: number}."""
        if isinstance(value, dict):
            return value
        codes = {str(kind.label): kind.value for kind in UnitKind}
        quotas = {}
        for line in filter(str.strip, (value or "").splitlines()):
            name, _blank, most = line.strip().rpartition(" ")
            code = codes.get(name.strip())
            if code is None or not most.isdecimal() or not 0 < int(most) < 10_000:
                sentence = _("每行写一类单位和数目，中间空一格，例如“%(example)s 5”：%(line)s")
                example = UnitKind.ENTERPRISE.label
                raise forms.ValidationError(sentence % {"example": example, "line": line.strip()})
            quotas[code] = int(most)
        return quotas

    def clean(self, value):
        """Return the numbers; none where nothing was written."""
        return self.to_python(value)

    def has_changed(self, initial, data):
        """Compare the lines."""
        return (self.prepare_value(initial) or "") != (data or "")


class CallForm(OperationForm):
    """A call as staff write it."""

    sources = forms.MultipleChoiceField(
        label=_("谁可以推荐"),
        choices=NominationSource.choices,
        initial=[NominationSource.SELF],
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )
    subjects = forms.MultipleChoiceField(
        label=_("推荐对象"),
        choices=Subject.choices,
        initial=[Subject.PERSON],
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )
    sector_quotas = SectorQuotas(
        label=_("每类单位最多受理"),
        required=False,
        help_text=_("每行一类单位和数目，例如“企业 5”；没有写的不限"),
    )
    stages = forms.MultipleChoiceField(
        label=_("阶段"),
        choices=StageKind.choices,
        initial=[StageKind.ACCEPTANCE, StageKind.DECISION],
        help_text=_("按这个顺序进行；部门受理和公布结果每次都有"),
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )

    class Meta:
        model = Call
        fields = (*operations.EDITABLE, "department", "joint_departments")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["stages"] = [stage.kind for stage in self.instance.stages.all()]

    def operate(self, stored, *, by, now, stages=None, joint_departments=None, **cleaned):
        """Add or edit the call."""
        if stored is None:
            return operations.add_call(
                fields=cleaned, stages=stages, joint=joint_departments or (), by=by, now=now
            )
        cleaned.pop("department", None)
        return operations.edit_call(
            call=stored,
            fields=cleaned,
            stages=stages,
            joint=joint_departments,
            by=by,
            now=now,
        )


class CopyForm(forms.Form):
    """When the new call opens and closes."""

    opens_at = moment_field(_("开始申报"))
    closes_at = moment_field(_("申报截止"))


class ExtendForm(forms.Form):
    """The new deadline."""

    closes_at = moment_field(_("新的截止时间"))


class FieldForm(forms.Form):
    """One line of a call's form."""

    kind = forms.ChoiceField(
        label=_("填写方式"), choices=FieldKind.choices, widget=UnfoldAdminSelectWidget
    )
    label = forms.CharField(label=_("名称"), max_length=60, widget=UnfoldAdminTextInputWidget)
    label_en = forms.CharField(
        label=_("英文名称"), max_length=120, required=False, widget=UnfoldAdminTextInputWidget
    )
    help = forms.CharField(
        label=_("填写说明"), max_length=200, required=False, widget=UnfoldAdminTextInputWidget
    )
    required = forms.BooleanField(
        label=_("必填"), required=False, initial=True, widget=UnfoldBooleanWidget
    )
    limit = forms.IntegerField(
        label=_("字数上限"),
        min_value=1,
        max_value=5000,
        initial=500,
        help_text=_("只用于文字"),
        widget=UnfoldAdminTextInputWidget({"inputmode": "numeric"}),
    )
    choices = forms.CharField(
        label=_("选项"),
        required=False,
        max_length=2000,
        help_text=_("只用于单选，每行一个"),
        widget=UnfoldAdminTextareaWidget({"rows": 4}),
    )
    columns = forms.CharField(
        label=_("表格的栏目"),
        required=False,
        max_length=2000,
        help_text=_(
            "只用于表格，每行一栏：名称 | 文字、数字或日期 | 字数上限 | 英文名称。只写名称也可以，例如：年份 | 数字"
        ),
        widget=UnfoldAdminTextareaWidget({"rows": 4}),
    )
    most = forms.IntegerField(
        label=_("最多几行或几个文件"),
        min_value=1,
        max_value=MOST_ROWS,
        initial=USUAL,
        required=False,
        help_text=_("只用于表格和上传文件；文件最多 10 个"),
        widget=UnfoldAdminTextInputWidget({"inputmode": "numeric"}),
    )
    file_kinds = forms.MultipleChoiceField(
        label=_("可以上传"),
        choices=FileKind.choices,
        initial=FileKind.values,
        required=False,
        help_text=_(
            "只用于上传文件。匿名评审的，文件属性、批注人和照片的拍摄信息自动去掉；"
            "页面上写着的姓名、图片里的字去不掉，这样的文件请勾选“会暴露身份”"
        ),
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )
    file_mb = forms.IntegerField(
        label=_("每个文件不超过（MB）"),
        min_value=1,
        max_value=MOST_MB,
        initial=USUAL,
        required=False,
        help_text=_("只用于上传文件"),
        widget=UnfoldAdminTextInputWidget({"inputmode": "numeric"}),
    )
    profile = forms.ChoiceField(
        label=_("从档案带入"),
        choices=lambda: [("", _("不带入")), *prefilling.choices()],
        required=False,
        help_text=_("只用于文字；开始填写时带入，申报人可以改"),
        widget=UnfoldAdminSelectWidget,
    )

    identifying = forms.BooleanField(
        label=_("会暴露身份"),
        required=False,
        help_text=_("匿名评审时评审专家看不到这一项；带入姓名、单位、职务、学校、荣誉的总是这样"),
        widget=UnfoldBooleanWidget,
    )

    def __init__(self, data=None, *, field=None):
        """`field` is the line that is changed, None for a new one."""
        start = {name: getattr(field, name) for name in self.base_fields} if field else {}
        if field:
            start["choices"] = "\n".join(field.choices)
            start["columns"] = tables.columns_text(field.columns)
        super().__init__(data, initial=start)

    def clean_choices(self):
        """Return the choices, one to a line."""
        lines = [line.strip() for line in self.cleaned_data["choices"].splitlines()]
        longest = Field._meta.get_field("choices").base_field.max_length
        if any(len(line) > longest for line in lines):
            raise forms.ValidationError(_("每个选项不超过 60 个字。"))
        return list(dict.fromkeys(filter(None, lines)))

    def clean(self):
        """Read the columns of a table; what another kind of line does not use is left as it was."""
        given = super().clean()
        for name in ("most", "file_mb"):
            given[name] = given.get(name) or USUAL
        is_table = given.get("kind") == FieldKind.TABLE
        try:
            given["columns"] = tables.columns(given.get("columns", "")) if is_table else []
        except DomainError as error:
            error.add_to(self)
        return given


class ReturnForm(forms.Form):
    """What is lacking, line by line of the form, and until when it may be supplied."""

    due_at = moment_field(_("补充截止"))

    def __init__(self, data=None, *, call):
        """`call` has the lines."""
        super().__init__(data)
        self.lines = list(call.fields.all())
        for line in self.lines:
            self.fields[line.key] = forms.CharField(
                label=line.name,
                required=False,
                max_length=200,
                widget=UnfoldAdminTextInputWidget({"autocomplete": "off"}),
                help_text=_("要补充什么；不需要补充的留空"),
            )


class RefuseForm(forms.Form):
    """Why it is not accepted, and which of the call's conditions it does not meet."""

    reason = reason_field(_("申报人会收到这句话，至少四个字。"))
    unmet = forms.ModelMultipleChoiceField(
        label=_("不符合的条件"),
        queryset=Requirement.objects.none(),
        required=False,
        help_text=_("申报人会看到勾选的条件和依据文件"),
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )

    def __init__(self, data=None, *, call):
        """`call` has the conditions; the question is left out where it has none."""
        super().__init__(data)
        self.fields["unmet"].queryset = call.requirements.all()
        if not call.requirements.exists():
            del self.fields["unmet"]


class ResultForm(forms.Form):
    """What is to be told of an application."""

    result = forms.ChoiceField(
        label=_("拟定结果"),
        choices=[("", _("暂不拟定")), *((state.value, state.label) for state in RESULTS)],
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
