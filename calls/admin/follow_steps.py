"""The pages on which staff lay down what follows for whom a call selects, step by step."""

from django import forms
from django.utils.translation import gettext_lazy
from unfold.decorators import action
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from calls import operations
from calls.admin.lines import Lines
from calls.models import CountedFrom, FollowKind
from calls.models.afterwards import MOST_DAYS
from calls.operations.following import STEP

NUMBER = {"inputmode": "numeric"}


class StepForm(forms.Form):
    """One step of what follows."""

    kind = forms.ChoiceField(
        label=gettext_lazy("做什么"), choices=FollowKind.choices, widget=UnfoldAdminSelectWidget
    )
    title = forms.CharField(
        label=gettext_lazy("名称"),
        max_length=60,
        help_text=gettext_lazy("例如“出访报告”“第二笔资助”"),
        widget=UnfoldAdminTextInputWidget,
    )
    title_en = forms.CharField(
        label=gettext_lazy("英文名称"),
        max_length=120,
        required=False,
        widget=UnfoldAdminTextInputWidget,
    )
    wanted = forms.CharField(
        label=gettext_lazy("要求"),
        max_length=1000,
        required=False,
        help_text=gettext_lazy("写清楚交什么、凭什么拨付；入选的人会看到"),
        widget=UnfoldAdminTextareaWidget({"rows": 4}),
    )
    wanted_en = forms.CharField(
        label=gettext_lazy("英文要求"),
        max_length=2000,
        required=False,
        widget=UnfoldAdminTextareaWidget({"rows": 3}),
    )
    days = forms.IntegerField(
        label=gettext_lazy("几天以内"),
        min_value=1,
        max_value=MOST_DAYS,
        widget=UnfoldAdminTextInputWidget(NUMBER),
    )
    counted_from = forms.ChoiceField(
        label=gettext_lazy("从什么时候算起"),
        choices=CountedFrom.choices,
        help_text=gettext_lazy("第一步总是从公布结果算起"),
        widget=UnfoldAdminSelectWidget,
    )
    needs_before = forms.BooleanField(
        label=gettext_lazy("前一步办结后才能办"),
        required=False,
        help_text=gettext_lazy("凭材料拨付的，勾上：材料没有通过，不能登记拨付"),
        widget=UnfoldBooleanWidget,
    )
    amount = forms.DecimalField(
        label=gettext_lazy("金额（元）"),
        required=False,
        help_text=gettext_lazy("只用于拨付，最多两位小数"),
        widget=UnfoldAdminTextInputWidget({"inputmode": "decimal"}),
    )
    limit = forms.IntegerField(
        label=gettext_lazy("字数上限"),
        min_value=1,
        max_value=5000,
        initial=2000,
        help_text=gettext_lazy("只用于提交材料"),
        widget=UnfoldAdminTextInputWidget(NUMBER),
    )
    needs_file = forms.BooleanField(
        label=gettext_lazy("必须上传文件"),
        required=False,
        help_text=gettext_lazy("只用于提交材料；最多 5 个，每个不超过 5 MB"),
        widget=UnfoldBooleanWidget,
    )

    def __init__(self, data=None, *, step=None):
        """`step` is the one that is changed, None for a new one."""
        super().__init__(data, initial={name: getattr(step, name) for name in STEP} if step else {})


STEPS = Lines(
    "step",
    "steps",
    "steps_page",
    "follow_steps",
    StepForm,
    operations.save_step,
    operations.remove_step,
    {"up": operations.move_step_up},
    (gettext_lazy("入选以后"), gettext_lazy("添加一步"), gettext_lazy("修改一步")),
)


class FollowPages:
    """Adds to the admin of calls: what follows for whom one selects."""

    @action(description=gettext_lazy("入选以后"), url_path="steps")
    def steps_page(self, request, object_id):
        """Show the steps in their order."""
        return self.show_lines(request, object_id, STEPS)
