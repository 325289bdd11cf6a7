"""Forms of who runs a review."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from calls.admin.forms import moment_field
from calls.models import Criterion, RankBy
from calls.operations.panel import JUDGED_BY
from kernel.admin.forms import reason_form
from kernel.errors import Invalid
from talents.models import Talent

MOST_FOUND = 20
MoveForm = reason_form(gettext_lazy("写入评审纪要，至少四个字。"))
ReopenForm = reason_form(gettext_lazy("评审专家会收到这句话，至少四个字。"))
UnfixForm = reason_form(gettext_lazy("写入记录，至少四个字。"))
UndoRecusalForm = reason_form(gettext_lazy("写入记录，至少四个字。"))


def _whole(label, least, most, help_text=""):
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        help_text=help_text,
        widget=UnfoldAdminTextInputWidget({"inputmode": "numeric"}),
    )


class SettingsForm(forms.Form):
    """How a review is judged; what is frozen is left out."""

    least = _whole(gettext_lazy("每份申报几位评审"), 1, 15)
    due_at = moment_field(gettext_lazy("评分截止"))
    rank_by = forms.ChoiceField(
        label=gettext_lazy("排名依据"), choices=RankBy.choices, widget=UnfoldAdminSelectWidget
    )
    outlier_points = _whole(
        gettext_lazy("偏差提示（分）"),
        5,
        100,
        gettext_lazy("一份评分与其他评审对同一申报的平均分相差这么多，就提示核对"),
    )

    def __init__(self, data=None, *, review):
        start = {name: getattr(review, name) for name in self.base_fields}
        super().__init__(data, initial=start)
        if not review.is_preparing:
            del self.fields["least"], self.fields["rank_by"]


class CriterionForm(forms.Form):
    """One criterion."""

    name = forms.CharField(
        label=gettext_lazy("名称"), max_length=60, widget=UnfoldAdminTextInputWidget
    )
    name_en = forms.CharField(
        label=gettext_lazy("英文名称"),
        max_length=120,
        required=False,
        widget=UnfoldAdminTextInputWidget,
    )
    help = forms.CharField(
        label=gettext_lazy("评分说明"),
        max_length=200,
        required=False,
        widget=UnfoldAdminTextInputWidget,
    )
    most = _whole(gettext_lazy("满分"), 1, 100)
    weight = _whole(gettext_lazy("权重"), 1, 100, gettext_lazy("各项得分率按权重合成百分制"))

    def __init__(self, data=None, *, criterion=None):
        start = criterion or Criterion()
        super().__init__(data, initial={name: getattr(start, name) for name in JUDGED_BY})


class PersonForm(forms.Form):
    """Who comes on the panel: a woman of the database by her number or name, or an outside expert."""

    talent = forms.CharField(
        label=gettext_lazy("人才库里的专家"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("填人才编号或全名；外部专家这一项留空，填下面几项"),
        widget=UnfoldAdminTextInputWidget({"autocomplete": "off"}),
    )
    full_name = forms.CharField(
        label=gettext_lazy("外部专家姓名"),
        required=False,
        max_length=60,
        widget=UnfoldAdminTextInputWidget({"autocomplete": "off"}),
    )
    unit_text = forms.CharField(
        label=gettext_lazy("外部专家单位"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("用来查回避关系，请写全称"),
        widget=UnfoldAdminTextInputWidget({"autocomplete": "off"}),
    )
    phone = forms.CharField(
        label=gettext_lazy("外部专家手机号"),
        required=False,
        max_length=30,
        help_text=gettext_lazy("专家用这个手机号收验证码登录"),
        widget=UnfoldAdminTextInputWidget({"autocomplete": "off", "inputmode": "tel"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("外部专家邮箱"),
        required=False,
        help_text=gettext_lazy("没有手机号时填邮箱"),
        widget=UnfoldAdminTextInputWidget({"autocomplete": "off", "inputmode": "email"}),
    )

    def __init__(self, data=None, *, by):
        """`by` finds by name whose records she may read; by number anybody who may be asked."""
        super().__init__(data)
        self.by = by

    def clean(self):
        """Find the woman that is meant."""
        given = super().clean()
        typed = (given.get("talent") or "").strip()
        if typed:
            self._find(typed)
        elif not given.get("full_name"):
            self.add_error("talent", _("请填人才库里的专家，或外部专家的姓名。"))
        elif not given.get("unit_text"):
            self.add_error("unit_text", _("请填外部专家的单位，用来查回避关系。"))
        return given

    def _find(self, typed):
        rows = Talent.objects.listed(timezone.localdate()).select_related("unit", "user")
        found = list(rows.filter(code=typed))
        found = found or list(rows.visible_to(self.by).filter(full_name=typed)[:MOST_FOUND])
        if len(found) == 1:
            self.cleaned_data["talent"] = found[0]
        elif found:
            choices = "；".join(f"{one.unit_name or '—'} {one.code}" for one in found)
            said = _("有几位同名，请填人才编号：%(choices)s") % {"choices": choices}
            self.add_error("talent", said)
        else:
            self.add_error(
                "talent", _("没有找到这位专家，请核对姓名；其他部门的人才请填人才编号。")
            )


class ReplaceForm(PersonForm, MoveForm):
    """Who judges in somebody's place, and why."""


class AssignForm(forms.Form):
    """To whom an application goes."""

    reviewer = forms.ChoiceField(label=gettext_lazy("评审专家"), widget=UnfoldAdminSelectWidget)
    reason = forms.CharField(
        label=gettext_lazy("原因"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("评分开始以后必填，写入评审纪要"),
        widget=UnfoldAdminTextInputWidget,
    )

    def __init__(self, data=None, *, panel):
        super().__init__(data)
        self.panel = {str(one.pk): one for one in panel}
        self.fields["reviewer"].choices = [
            (key, f"{one.full_name}（{one.unit_text}）") for key, one in self.panel.items()
        ]

    def clean_reviewer(self):
        """Return the Reviewer."""
        return self.panel[self.cleaned_data["reviewer"]]


class DistributeForm(forms.Form):
    """Why, once judging has begun."""

    reason = AssignForm.base_fields["reason"]


def person(given):
    """Return what the operation takes of a valid PersonForm's data."""
    if given.get("talent"):
        return {"talent": given["talent"]}
    if not given.get("full_name"):
        raise Invalid("person_missing", _("请填人才库里的专家，或外部专家的姓名。"), field="talent")
    return {name: given.get(name, "") for name in ("full_name", "unit_text", "phone", "email")}
