"""The rule about who did not come, and whom it holds back."""

from functools import partial

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from events import operations, rules
from events.after.forms import EndRuleForm, LiftForm, RuleForm
from events.models import BookingHold, NoShowRule
from kernel.admin.base import ReadOnly, StaffAdmin, has_perm
from kernel.admin.decision import decide
from kernel.admin.forms import OperationAdmin
from kernel.admin.lists import column


def _state(rule):
    return _("实行中") if rule.is_in_force else _("已停止")


@admin.register(NoShowRule)
class NoShowRuleAdmin(ReadOnly, OperationAdmin):
    """Rules, dated: a new one ends the old; without any, nothing follows from not coming."""

    form = RuleForm
    list_display = ("sentence_shown", "department", "set_at", "state_words")
    list_select_related = ("department",)
    ordering = ("-pk",)
    actions = None
    actions_detail = ["end"]
    add_words = gettext_lazy("实行未到场规则")
    empty_words = gettext_lazy("没有实行任何规则：不请假也不到场，没有任何后果。")
    add_fieldsets = (
        (
            None,
            {"fields": ("department", "absences", "months", "weeks", "days_before", "reason")},
        ),
    )
    readonly_fields = ("sentence_shown", "state_words")
    has_add_permission = has_perm("events.add_noshowrule")
    has_end_permission = has_perm("events.add_noshowrule")
    sentence_shown = column(gettext_lazy("规则"), lambda rule: rule.sentence)
    state_words = column(gettext_lazy("状态"), _state)

    def get_queryset(self, request):
        """Show all: each of them is public to the women it is about."""
        return NoShowRule.objects.select_related("department").order_by(*self.ordering)

    def get_changeform_initial_data(self, request):
        """Suggest a mild one."""
        return {"absences": 3, "months": 6, "weeks": 4, "days_before": 3}

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Call an empty choice what it means."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        field.empty_label = _("全部部门")
        return field

    def get_actions_detail(self, request, object_id):
        """Offer to end one that holds."""
        rule = self.get_object(request, object_id)
        return super().get_actions_detail(request, object_id) if rule and rule.is_in_force else []

    @action(description=gettext_lazy("停止实行"), url_path="end", permissions=["end"])
    def end(self, request, object_id):
        """Ask why it is ended, then end it."""
        rule = self.get_or_404(request, object_id)
        return decide(
            self,
            request,
            title=_("停止实行"),
            why_not=rules.why_not_end_rule(rule),
            facts=[(_("规则"), rule.sentence)],
            outcome=_("现在受限制的人马上可以照常报名。"),
            submit=_("停止实行"),
            form_class=EndRuleForm,
            operation=partial(operations.end_no_show_rule, rule=rule),
            done=_("已停止实行。"),
            back=self.address("changelist"),
        )


@admin.register(BookingHold)
class BookingHoldAdmin(ReadOnly, StaffAdmin):
    """Women the rule holds back, the longest first; lifted with a reason."""

    list_display = ("user", "until", "absences", "days_before", "department", "lifted_at")
    fields = (*list_display, "made_at", "lift_reason")
    list_select_related = ("user", "department")
    ordering = ("-until",)
    actions = None
    actions_detail = ["lift"]
    empty_words = gettext_lazy("没有人受到报名限制。")
    has_lift_permission = has_perm("events.change_bookinghold")

    def get_queryset(self, request):
        """Show all to those who may lift them: a hold tells of events of every department."""
        rows = BookingHold.objects.select_related("user", "department").order_by(*self.ordering)
        return rows if self.has_lift_permission(request) else rows.none()

    def get_actions_detail(self, request, object_id):
        """Offer to lift one that holds."""
        hold = self.get_object(request, object_id)
        stands = hold and hold.stands(timezone.now())
        return super().get_actions_detail(request, object_id) if stands else []

    @action(description=gettext_lazy("解除限制"), url_path="lift", permissions=["lift"])
    def lift(self, request, object_id):
        """Ask why it is lifted, then lift it."""
        hold = self.get_or_404(request, object_id)
        return decide(
            self,
            request,
            title=_("解除报名限制"),
            why_not=rules.why_not_lift(hold, request.user, timezone.now()),
            facts=[(_("姓名"), hold.user), (_("未到场次数"), hold.absences)],
            outcome=_("她马上可以照常报名，以前的未到场不再计入。"),
            submit=_("解除"),
            form_class=LiftForm,
            operation=partial(operations.lift_hold, hold=hold),
            done=_("已解除。"),
            back=self.address("changelist"),
        )
