"""What the law gives, in the admin."""

from functools import partial

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from kernel.admin.base import has_perm
from kernel.admin.decision import decide
from kernel.admin.forms import OperationAdmin
from kernel.admin.lists import OneChoiceFilter, column
from workplaces.periods import operations
from workplaces.periods.forms import PeriodRuleForm
from workplaces.periods.models import PeriodRule


class CheckedFilter(OneChoiceFilter):
    """What nobody has compared with its source."""

    title = gettext_lazy("核对")
    parameter_name = "checked"
    choice = ("no", gettext_lazy("未核实"))

    def narrow(self, queryset):
        """Keep what is to be compared."""
        return queryset.unchecked(timezone.localdate())


@admin.register(PeriodRule)
class PeriodRuleAdmin(OperationAdmin):
    """The rules; one that changed gets its last day, and the new one a row of its own."""

    form = PeriodRuleForm
    list_display = ("right", "period", "source_shown", "valid_from", "valid_until", "checked_on")
    list_filter = (CheckedFilter, "period")
    search_fields = ("words", "law")
    search_help_text = gettext_lazy("说明或法规名称")
    ordering = ("pk",)
    editable = operations.RULE_FIELDS
    readonly_fields = ("checked_on",)
    fieldsets = (
        (None, {"fields": (("period", "right"), ("amount", "amount_most"), "measure")}),
        (gettext_lazy("读者看到的"), {"fields": ("words", "words_en")}),
        (gettext_lazy("依据"), {"fields": (("law", "article"), "link", "checked_on")}),
        (gettext_lazy("有效期"), {"fields": (("valid_from", "valid_until"),)}),
    )
    actions_detail = ("compare",)
    empty_words = gettext_lazy("还没有规定。")

    has_compare_permission = has_perm("workplaces.change_periodrule")
    source_shown = column(gettext_lazy("依据"), lambda rule: rule.source)

    def get_fieldsets(self, request, obj=None):
        """Leave out of a new one the day it was compared."""
        if obj is not None:
            return super().get_fieldsets(request, obj)
        shown = [(title, dict(options)) for title, options in self.fieldsets]
        shown[2][1]["fields"] = (("law", "article"), "link")
        return shown

    @action(description=gettext_lazy("已与原文核对"), url_path="compare", permissions=["compare"])
    def compare(self, request, object_id):
        """Ask, then note that it was compared with its source today."""
        rule = self.get_or_404(request, object_id)
        return decide(
            self,
            request,
            title=_("与原文核对"),
            facts=[
                (_("内容"), str(rule)),
                (_("说明"), rule.words),
                (_("依据"), rule.source),
                (_("出处链接"), rule.link),
            ],
            outcome=_("读者会看到今天的核对日期；与原文不符的请先修改，再核对。"),
            submit=_("已核对"),
            operation=partial(operations.check_rule, rule=rule),
            done=_("已记下核对日期。"),
            back=self.address("change", rule.pk),
        )
