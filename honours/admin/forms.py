"""Forms of staff: parse, check, call the operation."""

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextInputWidget,
)

from honours.models import AwardFile, Honour, Level
from kernel.admin.forms import reason_form
from kernel.forms import FILES, FilesField

HERS = _("本人会看到这句话，至少四个字。")
RevokeForm = reason_form(HERS)
ReissueForm = reason_form(_("记入历史，至少四个字。"))
WithdrawForm = reason_form(HERS)
UndoAnswerForm = reason_form(_("授予有误的，荣誉随即撤销，本人会看到这句话。"))


def text_field(label, limit, *, help_text="", required=False, **more):
    """Return a field of one line."""
    return forms.CharField(
        label=label,
        max_length=limit,
        help_text=help_text,
        required=required,
        widget=UnfoldAdminTextInputWidget({"autocomplete": "off"}),
        **more,
    )


def day_field(label, help_text=""):
    """Return the field of a date."""
    return forms.DateField(label=label, help_text=help_text, widget=UnfoldAdminSingleDateWidget)


class StaffFilesInput(UnfoldAdminFileFieldWidget):
    """Takes several files at once, as the admin looks."""

    allow_multiple_selected = True


def files_field(**more):
    """Return the field of the files that prove an honour; what they are the operation decides."""
    words = _(
        "表彰文件或证书的扫描件：PDF、Word 或图片，最多 5 个，每个不超过 5 MB。只有本人和能查看这项荣誉的工作人员能下载。"
    )
    return FilesField(
        label=_("依据文件"),
        help_text=words,
        widget=StaffFilesInput({"accept": f"{FILES},.docx"}),
        **more,
    )


def honour_field(rows, **more):
    """Return the field that chooses an honour."""
    return forms.ModelChoiceField(
        label=_("荣誉称号"), queryset=rows, widget=UnfoldAdminSelectWidget, **more
    )


class LeadsToForm(forms.Form):
    """Which honour a call leads to."""

    honour = honour_field(Honour.objects.current(), required=False, empty_label=_("不授予荣誉"))


class FactsForm(forms.Form):
    """What is written of an award."""

    recipient = text_field(
        _("获得者"), 80, required=True, help_text=_("个人写姓名，集体和文明岗写全称")
    )
    recipient_en = text_field(_("获得者英文名称"), 160)
    unit_text = text_field(_("单位"), 120)
    granted_on = day_field(_("授予日期"), _("表彰文件上的日期"))
    granted_by = text_field(_("授予单位"), 80, required=True)
    document_number = text_field(_("文号"), 60, help_text=_("如“渝妇发〔2026〕8号”"))
    evidence = text_field(
        _("依据"), 200, help_text=_("在哪里核对到的，如文件名称、网址、证书原件；与文号至少填一项")
    )

    @staticmethod
    def of(award):
        """Return what the form begins with."""
        return {name: getattr(award, name) for name in FactsForm.base_fields}


class EvidenceForm(forms.Form):
    """Files that prove an award."""

    files = files_field(error_messages={"required": _("请选择要上传的文件。")})


class NamedFileField(forms.ModelChoiceField):
    """Chooses a file by what it is called."""

    def label_from_instance(self, obj):
        """Return its name."""
        return obj.file_name


class DetachForm(reason_form(_("记入历史，至少四个字。"))):
    """Which file of an award is to go, and why."""

    field_order = ("file", "reason")
    file = NamedFileField(
        label=_("依据文件"),
        queryset=AwardFile.objects.none(),
        empty_label=_("请选择"),
        widget=UnfoldAdminSelectWidget,
    )

    def __init__(self, data=None, *, award):
        super().__init__(data)
        self.fields["file"].queryset = award.files.all()


class RecommendForm(forms.Form):
    """For which honour, to whom, when."""

    honour = honour_field(Honour.objects.current().exclude(level=Level.DISTRICT))
    sent_to = text_field(_("报送单位"), 80, required=True, help_text=_("如“重庆市妇女联合会”"))
    sent_on = day_field(_("报送日期"))


class SendForm(forms.Form):
    """To whom it went, and when."""

    sent_to = text_field(_("报送单位"), 80, required=True, help_text=_("如“重庆市妇女联合会”"))
    sent_on = day_field(_("报送日期"))


class AnswerForm(forms.Form):
    """What came back."""

    granted = forms.TypedChoiceField(
        label=_("结果"),
        choices=[("", "———"), ("yes", _("已授予")), ("no", _("未授予"))],
        coerce=lambda value: value == "yes",
        widget=UnfoldAdminSelectWidget,
    )
    answered_on = day_field(_("答复日期"), _("授予的，写表彰文件上的日期"))
    document_number = text_field(_("文号"), 60, help_text=_("授予的才填"))
    note = text_field(_("说明"), 200, help_text=_("本人会看到；可以不填"))
