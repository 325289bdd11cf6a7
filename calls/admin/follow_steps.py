"""The pages on which staff lay down what follows for whom a call selects, step by step."""

from functools import partial

from django import forms
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from unfold.decorators import action
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from calls import operations, rules
from calls.models import CountedFrom, FollowKind
from calls.models.afterwards import MOST_DAYS
from calls.operations.following import STEP
from kernel.admin.actions import attempt
from kernel.admin.decision import decide

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


def _save(call, step, *, by, now, **values):
    return operations.save_step(call=call, step=step, values=values, by=by, now=now)


class FollowPages:
    """Adds to the admin of calls: what follows for whom one selects."""

    def get_urls(self):
        """Add the pages."""
        pages = [
            ("<int:pk>/steps/add/", self.add_step, "add_step"),
            ("<int:pk>/steps/<int:number>/", self.edit_step, "edit_step"),
            ("<int:pk>/steps/<int:number>/remove/", self.remove_step, "remove_step"),
            ("<int:pk>/steps/<int:number>/up/", require_POST(self.step_up), "step_up"),
        ]
        urls = [
            path(where, self.admin_site.admin_view(view), name=f"calls_call_{name}")
            for where, view, name in pages
        ]
        return urls + super().get_urls()

    def _why_not_steps(self, call, by):
        return rules.why_not_manage(call, by, "calls.change_call") or rules.why_not_write(call)

    @action(description=gettext_lazy("入选以后"), url_path="steps")
    def steps_page(self, request, object_id):
        """Show the steps in their order."""
        call = self.get_or_404(request, object_id)
        return self.page(
            request,
            "calls/admin/steps.html",
            title=_("入选以后"),
            call=call,
            lines=call.follow_steps.all(),
            why_not=self._why_not_steps(call, request.user),
            back=self.address("change", call.pk),
        )

    def _step_page(self, request, call, **page):
        if not request.user.has_perm("calls.change_call"):
            raise PermissionDenied
        return decide(
            self,
            request,
            why_not=self._why_not_steps(call, request.user),
            facts=[(_("申报通知"), call.label)],
            back=self.address("steps_page", call.pk),
            **page,
        )

    def _step(self, request, pk, number):
        call = self.get_or_404(request, pk)
        return call, get_object_or_404(call.follow_steps.select_related("call"), pk=number)

    def add_step(self, request, pk):
        """Ask what the new step is."""
        call = self.get_or_404(request, pk)
        return self._step_page(
            request,
            call,
            title=_("添加一步"),
            submit=_("添加"),
            form_class=StepForm,
            operation=partial(_save, call, None),
            done=_("已添加。"),
        )

    def edit_step(self, request, pk, number):
        """Change a step."""
        call, step = self._step(request, pk, number)
        return self._step_page(
            request,
            call,
            title=_("修改一步"),
            submit=_("保存"),
            form_class=partial(StepForm, step=step),
            operation=partial(_save, call, step),
            done=_("已保存。"),
        )

    def remove_step(self, request, pk, number):
        """Ask, then take a step out."""
        call, step = self._step(request, pk, number)
        return self._step_page(
            request,
            call,
            title=_("删除“%(name)s”") % {"name": step.name},
            submit=_("删除"),
            danger=True,
            operation=partial(operations.remove_step, step=step),
            done=_("已删除。"),
        )

    def step_up(self, request, pk, number):
        """Let a step change places with the one before it."""
        if not request.user.has_perm("calls.change_call"):
            raise PermissionDenied
        call, step = self._step(request, pk, number)
        attempt(request, operations.move_step_up, step=step)
        return redirect(self.address("steps_page", call.pk))
