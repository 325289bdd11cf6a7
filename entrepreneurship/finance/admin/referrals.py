"""Introductions and banks' totals in the admin: found by state, late ones first, put right with a reason, never edited."""

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display

from entrepreneurship.figures.admin import LeadsToFigures, ReachedFilter
from entrepreneurship.finance import operations, sheet
from entrepreneurship.finance import referrals_rules as rules
from entrepreneurship.finance.admin.products import BankFilter
from entrepreneurship.finance.figures import ours, with_ours
from entrepreneurship.finance.models import BankTotal, Referral
from kernel.admin.base import ReadOnly, StaffAdmin, has_perm
from kernel.admin.export import ExportsList
from kernel.admin.forms import OperationAdmin, OperationForm, reason_form
from kernel.admin.lists import OneChoiceFilter, PeriodFilter, column, state_column
from kernel.admin.offered import OffersByRule
from kernel.admin.sweeps import SetAsideFilter
from kernel.words import clauses, day_text

COLOURS = {
    "received": "info",
    "contacted": "info",
    "approved": "success",
    "disbursed": "success",
    "declined_by_bank": "danger",
    "not_reached": "warning",
    "lapsed": "warning",
}


class LateFilter(OneChoiceFilter):
    """What banks have not answered in time."""

    title = gettext_lazy("答复期限")
    parameter_name = "late"
    choice = ("yes", gettext_lazy("银行超期未答复"))

    def narrow(self, queryset):
        """Keep them."""
        return queryset.overdue(timezone.localdate())


class DeletionFilter(OneChoiceFilter):
    """What banks have not confirmed to have deleted."""

    title = gettext_lazy("删除")
    parameter_name = "deletion"
    choice = ("open", gettext_lazy("等银行确认删除"))

    def narrow(self, queryset):
        """Keep them."""
        return queryset.to_delete()


@admin.register(Referral)
class ReferralAdmin(LeadsToFigures, OffersByRule, ExportsList, ReadOnly, StaffAdmin):
    """Introductions of all departments: no name, no number, no venture; whose it is, nobody has to know to follow up."""

    view_on_site = False
    list_display = ("code", "bank", "product_name", "state_shown", "due_on", "introduced_on")
    more_columns = ("purpose", "way", "ended_at")
    list_filter = (
        LateFilter,
        DeletionFilter,
        SetAsideFilter,
        "state",
        ReachedFilter,
        "way",
        ("bank", BankFilter),
        ("introduced_at", PeriodFilter),
    )
    list_select_related = ("bank__unit", "product")
    search_fields = ("code",)
    search_help_text = gettext_lazy("引见码")
    fields = (
        ("code", "state"),
        ("bank", "product"),
        ("terms", "purpose"),
        ("way", "number"),
        ("introduced_on", "received_on"),
        ("contacted_on", "approved_on"),
        ("disbursed_on", "ended_at"),
        ("due_on", "good_until"),
        ("reason", "band"),
        ("reminded_on", "escalated_on"),
        ("deletion_asked_at", "deletion_confirmed_at"),
        "trail",
    )
    readonly_fields = ("trail",)
    actions_detail = ("correct",)
    argument = "referral"
    rules_of_actions = {"correct": lambda row, by: rules.why_not_correct(row, by, timezone.now())}
    empty_words = gettext_lazy("还没有金融对接。产品公开后，创业者可以从产品页申请。")
    export_operation = staticmethod(operations.export_referrals)
    export_sheet = staticmethod(sheet.referral_list)

    has_correct_permission = has_perm(rules.CORRECTS)
    has_export_permission = has_perm("entrepreneurship.export_referral")
    state_shown = state_column(COLOURS, ordering="state")
    product_name = column(gettext_lazy("产品"), lambda row: row.product.name)

    @property
    def export_name(self):
        """Return the file's name."""
        return f"{_('金融对接')}.xlsx"

    @display(description=gettext_lazy("进展"))
    def trail(self, row):
        """Say each step, the oldest first; what was taken back stands there too."""
        return clauses(_said(step) for step in row.steps.order_by("pk"))

    def facts_of(self, row):
        """Say which it is."""
        return [
            (_("引见码"), row.spaced_code),
            (_("银行"), row.bank),
            (_("产品"), row.product.label),
            (_("状态"), row.get_state_display()),
        ]

    @action(description=gettext_lazy("更正银行的答复"), url_path="correct", permissions=["correct"])
    def correct(self, request, object_id):
        """Ask why, then take the newest answer back."""
        return self._page(
            request,
            object_id,
            "correct",
            title=_("更正银行的答复"),
            submit=_("撤回这一步"),
            danger=True,
            form_class=reason_form(_("记入历史，至少四个字")),
            outcome=_("回到上一步，等银行重新答复；本人会收到通知，原来的答复保留在进展里。"),
            operation=operations.correct_answer,
            done=_("已更正。"),
        )


def _said(step):
    words = (day_text(step.on), step.get_actor_display(), step.get_state_display())
    return " ".join([*words, _("（更正）")] if step.undoes_id else words)


class TotalForm(OperationForm):
    """What a bank counts, as the officer enters it."""

    class Meta:
        model = BankTotal
        fields = ("bank", "quarter", "received", "approved", "disbursed", "amount")

    def operate(self, stored, *, by, now, **cleaned):
        """Enter it, or put it right."""
        bank = stored.bank if stored else cleaned["bank"]
        quarter = stored.quarter if stored else cleaned["quarter"]
        return operations.enter_total(bank=bank, quarter=quarter, values=cleaned, by=by, now=now)


@admin.register(BankTotal)
class BankTotalAdmin(OperationAdmin):
    """What banks count by themselves, beside what is counted here; small numbers are not told."""

    form = TotalForm
    editable = ("received", "approved", "disbursed", "amount")
    list_display = ("bank", "quarter_said", "received", "approved", "disbursed", "amount", "here")
    list_filter = (("bank", BankFilter),)
    list_select_related = ("bank__unit",)
    add_fieldsets = ((None, {"fields": TotalForm.Meta.fields}),)
    fields = (
        ("bank", "quarter_said"),
        ("received", "approved"),
        ("disbursed", "amount"),
        ("here", "entered_at"),
    )
    readonly_fields = ("here", "quarter_said")
    empty_words = gettext_lazy("还没有银行填报季度合计。")
    quarter_said = column(
        gettext_lazy("季度"), lambda row: row.quarter_words if row.pk else "", ordering="quarter"
    )
    here = column(
        gettext_lazy("门户统计（收到、批准、放款）"), lambda row: ours(row) if row.pk else ""
    )

    def get_queryset(self, request):
        """Bring along what is counted here."""
        return with_ours(super().get_queryset(request))
