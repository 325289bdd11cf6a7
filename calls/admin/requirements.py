"""The pages on which staff write the conditions by which women check themselves."""

from functools import partial

from django import forms
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from calls import operations, rules
from calls.admin.dues import day_field
from calls.models import AnsweredBy
from calls.operations.requiring import WRITTEN
from kernel.admin.actions import attempt
from kernel.admin.decision import decide
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


def _save(call, requirement, *, by, now, **values):
    return operations.save_requirement(
        call=call, requirement=requirement, values=values, by=by, now=now
    )


class RequirementPages:
    """Adds to the admin of calls: the conditions of the self-check."""

    def get_urls(self):
        """Add the pages."""
        pages = [
            ("<int:pk>/requirements/add/", self.add_requirement, "add_requirement"),
            ("<int:pk>/requirements/<int:number>/", self.edit_requirement, "edit_requirement"),
            (
                "<int:pk>/requirements/<int:number>/remove/",
                self.remove_requirement,
                "remove_requirement",
            ),
            (
                "<int:pk>/requirements/<int:number>/up/",
                require_POST(self.requirement_up),
                "requirement_up",
            ),
        ]
        urls = [
            path(where, self.admin_site.admin_view(view), name=f"calls_call_{name}")
            for where, view, name in pages
        ]
        return urls + super().get_urls()

    def _why_not_require(self, call, by):
        return rules.why_not_manage(call, by, "calls.change_call") or rules.why_not_write(call)

    @action(description=gettext_lazy("自查条件"), url_path="requirements")
    def requirements_page(self, request, object_id):
        """Show the conditions in their order."""
        call = self.get_or_404(request, object_id)
        return self.page(
            request,
            "calls/admin/requirements.html",
            title=_("自查条件"),
            call=call,
            lines=call.requirements.all(),
            why_not=self._why_not_require(call, request.user),
            back=self.address("change", call.pk),
        )

    def _requirement_page(self, request, call, **page):
        if not request.user.has_perm("calls.change_call"):
            raise PermissionDenied
        return decide(
            self,
            request,
            why_not=self._why_not_require(call, request.user),
            facts=[(_("申报通知"), call.label)],
            back=self.address("requirements_page", call.pk),
            **page,
        )

    def _requirement(self, request, pk, number):
        call = self.get_or_404(request, pk)
        return call, get_object_or_404(call.requirements.select_related("call"), pk=number)

    def add_requirement(self, request, pk):
        """Ask what the new condition is."""
        call = self.get_or_404(request, pk)
        return self._requirement_page(
            request,
            call,
            title=_("添加一条"),
            submit=_("添加"),
            form_class=RequirementForm,
            operation=partial(_save, call, None),
            done=_("已添加。"),
        )

    def edit_requirement(self, request, pk, number):
        """Change a condition."""
        call, requirement = self._requirement(request, pk, number)
        return self._requirement_page(
            request,
            call,
            title=_("修改一条"),
            submit=_("保存"),
            form_class=partial(RequirementForm, requirement=requirement),
            operation=partial(_save, call, requirement),
            done=_("已保存。"),
        )

    def remove_requirement(self, request, pk, number):
        """Ask, then take a condition out."""
        call, requirement = self._requirement(request, pk, number)
        return self._requirement_page(
            request,
            call,
            title=_("删除“%(name)s”") % {"name": requirement.words},
            submit=_("删除"),
            danger=True,
            operation=partial(operations.remove_requirement, requirement=requirement),
            done=_("已删除。"),
        )

    def requirement_up(self, request, pk, number):
        """Let a condition change places with the one before it."""
        if not request.user.has_perm("calls.change_call"):
            raise PermissionDenied
        call, requirement = self._requirement(request, pk, number)
        attempt(request, operations.move_requirement_up, requirement=requirement)
        return redirect(self.address("requirements_page", call.pk))
