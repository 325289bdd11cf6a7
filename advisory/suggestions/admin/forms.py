"""What staff fill in."""

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminTextInputWidget

from accounts.models import Department
from advisory.suggestions import operations
from advisory.suggestions.models import (
    AdoptionKind,
    AnswerClass,
    ContestOutcome,
    NotFiled,
    Role,
    SuggestionCampaign,
)
from advisory.suggestions.rules import replies
from kernel.admin.fields import (
    choice_field,
    day_field,
    line_field,
    number_field,
    radio_field,
    row_field,
    text_field,
    tick_field,
)
from kernel.admin.forms import OperationForm, reason_field, reason_form
from kernel.admin.widgets import HalfHourMoment
from kernel.forms import FILES

LIMITS = ("not_ours_days", "assist_days", "reply_days", "extension_days", "redo_days")
WRITTEN = ("title", "question", "opens_at", "closes_at", "writers", "cosigning", *LIMITS)


class CampaignForm(OperationForm):
    """A campaign as its department writes it."""

    opens_at = forms.SplitDateTimeField(label=_("开始时间"), widget=HalfHourMoment)
    closes_at = forms.SplitDateTimeField(label=_("截止时间"), widget=HalfHourMoment)

    class Meta:
        model = SuggestionCampaign
        fields = WRITTEN

    def operate(self, stored, *, by, now, **values):
        """Write it."""
        return operations.save_campaign(campaign=stored, values=values, by=by, now=now)


class ReopenForm(forms.Form):
    """Until when women may write again."""

    closes_at = forms.SplitDateTimeField(label=_("新的截止时间"), widget=HalfHourMoment)


CancelForm = reason_form(_("4 到 200 字，写了草稿的人会看到。"))


# --- filing ---------------------------------------------------------------------------------------
class FileForm(forms.Form):
    """File it."""

    listed = tick_field(
        _("公开题目、情况和建议"),
        initial=True,
        help_text=_("公开后大家能看到、附议；涉及个人或单位内部情况的不要公开。"),
    )
    reason = line_field(
        _("不公开的原因"),
        200,
        required=False,
        help_text=_("不公开的必填，例如“涉及单位内部情况”。本人会看到。"),
    )


HideForm = reason_form(
    _("例如“涉及单位内部情况”。本人会看到。"),
    label=_("不公开的原因"),
)


class RefuseForm(forms.Form):
    """Why it is not filed."""

    reason = choice_field(
        _("原因"),
        [("", _("请选择")), *NotFiled.choices],
        help_text=_("选“个人诉求”的，内容会删除，并告诉她到哪里反映。"),
    )
    words = line_field(_("对本人的说明"), 200, help_text=_("她会看到；说清楚为什么、可以怎么办。"))


SendBackForm = reason_form(
    _("她会看到，例如“请把停车和托育分成两件提交”。只能退回一次。"),
    label=_("请她怎样改"),
)


class JoinForm(forms.Form):
    """Which one it is joined to."""

    code = line_field(
        _("并入哪一件（编号）"),
        12,
        help_text=_("已立案或已答复的，可以是以前征集里的；编号在那一件的页面上。"),
    )


# --- who deals with it ----------------------------------------------------------------------------
class AssignForm(forms.Form):
    """Which department, and what it does."""

    department = row_field(_("部门"), Department.objects.order_by("order", "pk"))
    role = radio_field(
        _("分工"),
        Role.choices,
        help_text=_("主办一个，答复由主办部门起草、签发；会办可以有几个，意见交给主办部门。"),
    )


NotOursForm = reason_form(_("写明为什么不属于本部门、应由谁办；只退给牵头部门。"))
InsistForm = reason_form(_("写明依据，例如三定方案的条款；坚持交办后不能再退回。"))
TakeBackForm = reason_form(_("该部门会看到。"))


class OpinionForm(forms.Form):
    """What an assisting department thinks."""

    text = text_field(_("会办意见"), 4000, 8, help_text=_("交给主办部门，由您签署；本人看不到。"))


def extension_form(assignment):
    """Return the class of the form that asks for more days: no more than the campaign lets."""
    most = assignment.suggestion.campaign.extension_days

    class ExtensionForm(forms.Form):
        days = number_field(_("延长多少天"), max_value=most, initial=most)
        reason = reason_field(_("牵头部门会看到；只能申请一次，须在到期以前。"))

    return ExtensionForm


class DecideExtensionForm(forms.Form):
    """Whether it is granted."""

    granted = radio_field(_("批复"), (("yes", _("同意")), ("no", _("不同意"))))
    words = line_field(_("批复意见"), 200, required=False, help_text=_("不同意的必填。"))

    def clean_granted(self):
        """Return it as a truth value."""
        return self.cleaned_data["granted"] == "yes"


# --- replies --------------------------------------------------------------------------------------
def reply_form(initial=None, *, with_reason=False):
    """Return the class of the form a reply is drafted in, filled with `initial` ({field: value}) where there is one."""
    initial = initial or {}

    class ReplyForm(forms.Form):
        answer = radio_field(_("答复类别"), AnswerClass.choices, initial=initial.get("answer"))
        text = text_field(
            _("答复"),
            replies.MOST_TEXT,
            14,
            initial=initial.get("text"),
            help_text=_(
                "直接对她说：采纳了什么、做了什么、什么时候能看到。空一行分段，行首写 - 是列表。"
            ),
        )
        second_on = day_field(
            _("再次答复日期"),
            required=False,
            initial=initial.get("second_on"),
            help_text=_("B、C 类必填，到时再答复一次；A、D 类不填。"),
        )

    if with_reason:
        ReplyForm.base_fields["reason"] = reason_field(_("更正的原因，她会看到。"))
    return ReplyForm


class SignForm(forms.Form):
    """Whether everybody may read it."""

    kept_back_reason = line_field(
        _("不公开的原因"),
        200,
        required=False,
        help_text=_("不填就公开；填了只有提出人看得到答复。"),
    )


ReplyBackForm = reason_form(_("起草人会看到。"), label=_("请怎样改"))
KeepBackForm = reason_form(_("保存备查；提出人仍看得到答复。"), label=_("不公开的原因"))


# --- effects --------------------------------------------------------------------------------------
class AdoptionForm(forms.Form):
    """What took it up."""

    kind = radio_field(_("采纳方式"), AdoptionKind.choices)
    what = line_field(_("采纳到哪里"), 200, help_text=_("文件名和文号、预算科目或项目名称。"))
    on = day_field(_("采纳日期"))
    link = forms.URLField(
        label=_("证明网址"),
        required=False,
        max_length=300,
        assume_scheme="https",
        widget=UnfoldAdminTextInputWidget({"inputmode": "url"}),
        help_text=_("没有公开网址的，登记后上传证明文件。"),
    )


class ProofForm(forms.Form):
    """A file that proves it."""

    file = forms.FileField(
        label=_("文件"),
        help_text=_("PDF、JPG 或 PNG，最大 5 MB；加密保存，只有工作人员能看。"),
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": FILES}),
    )


WithdrawForm = reason_form(_("本人会看到；奖励的积分会收回。"))


class EffectForm(forms.Form):
    """What it brought about."""

    words = text_field(
        _("成效"), 2000, 5, help_text=_("写看得见的变化和数字；本人看得到，可以提出异议。")
    )
    proven = tick_field(
        _("有可核实的成效"), help_text=_("还没有看到变化的不勾，照实写“还没有”也是答案。")
    )


class ContestForm(forms.Form):
    """What comes of it."""

    outcome = radio_field(_("处理结果"), ContestOutcome.choices)
    words = line_field(
        _("处理说明"), 200, help_text=_("她会看到。“更正”会撤销采纳，或请重新报告成效。")
    )
