"""Forms of the Cloud Home: read what was typed; whether it may be done is asked by the operations."""

import secrets

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from cloud_home import operations
from cloud_home.models import Circle, Digest, ReportReason
from cloud_home.models.posts import BODY_MOST, TITLE_MOST
from kernel.admin.forms import OperationForm, reason_field
from kernel.forms import FILES, FilesField, FilesInput
from talents.codes import Discipline


def new_key():
    """Return a fresh key for one showing of a form: a repeated click is one post."""
    return secrets.token_urlsafe(16)


def body_field(**attrs):
    """Return the field for Markdown."""
    return forms.CharField(
        label=_("内容"),
        max_length=2 * BODY_MOST,  # the rule counts what is left after tidying
        strip=False,
        widget=forms.Textarea({"rows": 8, "lang": "zh-Hans"} | attrs),
        error_messages={"required": _("请写下内容。")},
    )


class PostForm(forms.Form):
    """What is written in a topic."""

    body = body_field()
    files = FilesField(
        label=_("附件"),
        required=False,
        help_text=_("PDF、JPG 或 PNG，最多 4 个，每个不超过 5 MB。"),
        widget=FilesInput({"accept": FILES}),
    )
    mentions = forms.TypedMultipleChoiceField(
        label=_("提到"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    key = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)

    def __init__(self, *args, offered=(), **kwargs):
        """`offered` are the memberships that may be ticked."""
        super().__init__(*args, **kwargs)
        self.fields["mentions"].choices = [(m.pk, m.user.full_name) for m in offered]

    def written(self):
        """Return what the operation takes."""
        data = self.cleaned_data
        return {
            "body": data["body"],
            "attached": data["files"],
            "mentioned": data["mentions"],
            "key": data["key"] or None,
        }


class TopicForm(PostForm):
    """What opens a topic."""

    title = forms.CharField(
        label=_("标题"),
        max_length=2 * TITLE_MOST,
        help_text=_("一句话说清楚要聊什么，80 字以内。"),
        error_messages={"required": _("请写一个标题，让人一眼知道说什么。")},
    )
    field_order = ("title", "body", "mentions", "files", "key")

    def written(self):
        """Return what the operation takes."""
        return super().written() | {"title": self.cleaned_data["title"]}


class QuestionForm(TopicForm):
    """A question for those who know: a topic, where it stands, and what it is about."""

    circle = forms.ModelChoiceField(
        label=_("放在哪个圈子"),
        queryset=Circle.objects.none(),
        empty_label=_("请选择"),
        error_messages={"required": _("请选择圈子，问题和回答都会在那里。")},
    )
    title = forms.CharField(
        label=_("问题"),
        max_length=2 * TITLE_MOST,
        help_text=_("如“功率器件高温老化试验，样品数怎么定？”"),
        error_messages={"required": _("请用一句话写下问题。")},
    )
    discipline = forms.ChoiceField(
        label=_("请教哪个学科"), required=False, choices=[("", _("不限学科")), *Discipline.choices]
    )
    words = forms.CharField(
        label=_("研究方向"),
        required=False,
        max_length=60,
        help_text=_("一两个词，如“功率器件”。学科和方向至少填一项，两项都合适的人优先。"),
    )

    def __init__(self, *args, circles, **kwargs):
        """`circles` are those a question may stand in."""
        super().__init__(*args, **kwargs)
        self.fields["circle"].queryset = circles

    def written(self):
        """Return what the operation takes."""
        names = ("circle", "discipline", "words")
        return super().written() | {name: self.cleaned_data[name] for name in names}


class EditForm(forms.Form):
    """The words of a post anew."""

    body = body_field()


class EditFirstForm(EditForm):
    """The words of the first post anew, with the title."""

    title = forms.CharField(label=_("标题"), max_length=2 * TITLE_MOST)
    field_order = ("title", "body")


class WhyForm(forms.Form):
    """Why something is done to somebody's words."""

    reason = forms.CharField(
        label=_("原因"),
        max_length=200,
        help_text=_("会原文告知作者，4 到 200 字。"),
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": _("请写明原因。")},
    )


class SanctionForm(WhyForm):
    """How long somebody writes nothing, and why."""

    days = forms.IntegerField(
        label=_("停止发言几天"),
        min_value=0,
        max_value=90,
        initial=0,
        help_text=_("只提醒填 0，最多 90 天。"),
    )
    field_order = ("days", "reason")


class ReportForm(forms.Form):
    """What is wrong with a post."""

    reason = forms.ChoiceField(
        label=_("有什么问题"),
        choices=ReportReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择举报原因。")},
    )
    note = forms.CharField(
        label=_("补充说明"), required=False, max_length=200, help_text=_("只有工作人员能看到。")
    )


class AppealForm(forms.Form):
    """Why a hidden post should be shown, or a suspension end."""

    text = forms.CharField(
        label=_("为什么应当恢复"),
        max_length=500,
        help_text=_("4 到 500 字，由另一位工作人员答复，可以申诉一次。"),
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": _("请说明理由。")},
    )


class PreferenceForm(forms.Form):
    """How she hears of what is new, and whether she may be asked."""

    digest = forms.ChoiceField(
        label=_("新内容摘要"),
        choices=Digest.choices,
        widget=forms.RadioSelect,
        help_text=_("只有您关注的话题和圈子；没有新内容就不发。有人提到您时另行通知。"),
    )
    may_be_asked = forms.BooleanField(
        label=_("愿意回答同行的求教"),
        required=False,
        help_text=_("每月最多三次，可以婉拒；提问的人看不到问了谁、谁没有答。"),
    )


class SearchForm(forms.Form):
    """What is looked for."""

    q = forms.CharField(
        label=_("在云之家里查找"),
        required=False,
        max_length=100,
        widget=forms.TextInput({"type": "search", "autocomplete": "off"}),
    )


# --- the admin ---
class CircleForm(OperationForm):
    """A circle as staff add and edit it."""

    class Meta:
        model = Circle
        fields = (*operations.EDITABLE, "department")
        widgets = {"about": UnfoldAdminTextareaWidget(attrs={"rows": 2})}

    def operate(self, stored, *, by, now, **cleaned):
        """Add a circle, or change what differs from how it was shown."""
        if stored is None:
            return operations.add_circle(fields=cleaned, by=by, now=now)
        changes = {name: cleaned[name] for name in self.changed_data if name in cleaned}
        return operations.edit_circle(circle=stored, changes=changes, by=by, now=now)


class CloseForm(forms.Form):
    """Why a circle is closed."""

    reason = reason_field(_("成员会看到，如“研修班结束，讨论并入集成电路圈”。"))


class ModeratorForm(forms.Form):
    """Who keeps order in a circle."""

    code = forms.CharField(
        label=_("人才编号"),
        max_length=20,
        help_text=_("在人才库列表里"),
        error_messages={"required": _("请填写人才编号。")},
        widget=UnfoldAdminTextInputWidget(),
    )


class DecisionForm(forms.Form):
    """What staff answer."""

    reason = reason_field(_("会原文告知当事人。"))
