"""The clerks' side: asking for an erasure on a woman's written request, and the list of what was erased."""

from functools import partial

from django import forms
from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from kernel.admin.base import ReadOnly, StaffAdmin, has_perm
from kernel.admin.decision import decide
from kernel.admin.forms import reason_field
from kernel.admin.lists import column, state_column
from kernel.admin.sweeps import SetAsideFilter, SweptAdmin
from talents.erasure import operations
from talents.erasure.models import Erasure


class AskForm(forms.Form):
    """On what ground, without saying who."""

    reason = reason_field(gettext_lazy("如“书面申请 2026-017，已核对身份证件”。不要写姓名和号码。"))


class ErasureOfRecord:
    """Adds the page to the records' admin."""

    has_erase_permission = has_perm(operations.RIGHT)

    @action(description=gettext_lazy("办理删除个人信息"), url_path="erase", permissions=["erase"])
    def erase(self, request, object_id):
        """Ask on what ground; a second person confirms."""
        talent = self.get_or_404(request, object_id)
        return decide(
            self,
            request,
            title=_("办理删除个人信息"),
            why_not=operations.why_not_ask_for(talent, request.user),
            form_class=AskForm,
            facts=self.facts(talent),
            outcome=_(
                "须由一位管理员（没有时由审计员）确认。有账号的，本人会收到通知，七天内可以撤回；没有账号的，确认后即删除。删除后谁也不能恢复。"
            ),
            submit=_("提交申请"),
            danger=True,
            operation=partial(operations.ask_erasure_for, talent=talent),
            done=_("申请已提交，待第二人确认；进展见“双人确认”。"),
            back=self.address("change", talent.pk),
        )


def _about(erasure):
    """Show the code she has by now; there is no name any more."""
    return erasure.talent.code if erasure.talent else erasure.user.code


@admin.register(Erasure)
class ErasureAdmin(SweptAdmin, ReadOnly, StaffAdmin):
    """What was asked for and carried out: when, on what ground, how many rows; nobody's data."""

    empty_words = gettext_lazy(
        "还没有删除申请。本人在“我的数据”里申请，或在档案页点“办理删除个人信息”后，会列在这里。"
    )
    list_display = ["about", "ground", "state_shown", "asked_at", "due_at", "ended_at"]
    list_filter = ["state", "ground", SetAsideFilter]
    actions = ["try_again"]
    list_select_related = ["talent", "user"]
    fields = [
        "ground",
        "state",
        "asked_by",
        "asked_at",
        "due_at",
        "ended_at",
        "counts",
        "sweep_failures",
    ]
    about = column(gettext_lazy("编号"), _about)
    again = staticmethod(operations.retry_erasure)
    has_again_permission = has_perm(operations.AGAIN)
    state_shown = state_column({"waiting": "warning", "done": "success"})
