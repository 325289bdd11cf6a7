"""The pages on which staff write the conditions by which women check themselves."""

from django import forms
from django.utils.translation import gettext_lazy
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from calls import operations
from calls.admin.dues import day_field
from calls.admin.lines import Lines
from calls.models import AnsweredBy
from calls.operations.requiring import WRITTEN
from talents.codes import Degree


class RequirementForm(forms.Form):
    """One condition."""

    text = forms.CharField(
        label=gettext_lazy("条件"),
        max_length=200,
        help_text=gettext_lazy("写成一句能回答“是”或“不是”的话，如“回国未满五年”"),
        widget=UnfoldAdminTextInputWidget,
    )
    text_en = forms.CharField(
        label=gettext_lazy("英文条件"),
        max_length=400,
        required=False,
        widget=UnfoldAdminTextInputWidget,
    )
    answered_by = forms.ChoiceField(
        label=gettext_lazy("怎么判断"), choices=AnsweredBy.choices, widget=UnfoldAdminSelectWidget
    )
    most_age = forms.IntegerField(
        label=gettext_lazy("最大年龄（周岁）"),
        min_value=18,
        max_value=100,
        required=False,
        help_text=gettext_lazy("只用于按年龄判断，算到申报截止那天"),
        widget=UnfoldAdminTextInputWidget({"inputmode": "numeric"}),
    )
    least_degree = forms.ChoiceField(
        label=gettext_lazy("最低学位"),
        choices=[("", "—"), *Degree.choices],
        required=False,
        help_text=gettext_lazy("只用于按学位判断"),
        widget=UnfoldAdminSelectWidget,
    )
    office = forms.CharField(
        label=gettext_lazy("由谁认定"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("只用于由有关单位认定，如“市科技局”"),
        widget=UnfoldAdminTextInputWidget,
    )
    document = forms.CharField(
        label=gettext_lazy("依据文件"),
        max_length=120,
        help_text=gettext_lazy("名称、文号和条款"),
        widget=UnfoldAdminTextInputWidget,
    )
    in_force_from = day_field(gettext_lazy("文件施行日期"))
    in_force_until = day_field(
        gettext_lazy("文件有效期至"), gettext_lazy("没有写明有效期的，空着"), required=False
    )

    def __init__(self, data=None, *, requirement=None):
        """`requirement` is the one that is changed, None for a new one."""
        start = {name: getattr(requirement, name) for name in WRITTEN} if requirement else {}
        super().__init__(data, initial=start)


REQUIREMENTS = Lines(
    "requirement",
    "requirements",
    "requirements_page",
    "requirements",
    RequirementForm,
    operations.save_requirement,
    operations.remove_requirement,
    {"up": operations.move_requirement_up},
    (gettext_lazy("自查条件"), gettext_lazy("添加一条"), gettext_lazy("修改一条")),
)


class RequirementPages:
    """Adds to the admin of calls: the conditions of the self-check."""

    @action(description=gettext_lazy("自查条件"), url_path="requirements")
    def requirements_page(self, request, object_id):
        """Show the conditions in their order."""
        return self.show_lines(request, object_id, REQUIREMENTS)
