"""What flexible work units offer, in the admin."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from unfold.decorators import action

from kernel.admin.base import has_perm
from kernel.admin.forms import OperationAdmin, OperationForm, reason_form
from kernel.admin.lists import OneChoiceFilter, column
from kernel.admin.offered import OffersByRule
from kernel.admin.sweeps import SetAsideFilter, SweptAdmin
from kernel.downloads import download
from kernel.words import clauses, day_text
from workplaces.changes import latest
from workplaces.flexible import figures, operations, rules, sheet, shown
from workplaces.flexible.models import FlexibleOffer


class ConfirmFilter(OneChoiceFilter):
    """What is to be confirmed soon."""

    title = gettext_lazy("确认")
    parameter_name = "confirm"
    choice = ("due", gettext_lazy("30 天内到期或已到期"))

    def narrow(self, queryset):
        """Keep what is to be confirmed."""
        return queryset.unconfirmed(timezone.localdate())


class ShownFilter(admin.SimpleListFilter):
    """Whether everybody finds it."""

    title = gettext_lazy("状态")
    parameter_name = "shown"

    def lookups(self, request, model_admin):
        """Offer them."""
        return [
            ("standing", _("在实行的")),
            ("listed", _("公开页面上查得到的")),
            ("withdrawn", _("已撤下")),
        ]

    def queryset(self, request, queryset):
        """Keep what is asked for."""
        day = timezone.localdate()
        return {
            "standing": queryset.standing(day),
            "listed": queryset.listed(day),
            "withdrawn": queryset.exclude(withdrawn_at=None),
        }.get(self.value(), queryset)


class OfferForm(OperationForm):
    """An offer as staff write it; its unit is chosen once."""

    class Meta:
        model = FlexibleOffer
        fields = ("unit", *operations.FIELDS)

    def validate_constraints(self):
        """Leave it to the operation, whose sentences say what to do."""

    def operate(self, stored, *, by, now, unit=None, **values):
        """Save it."""
        return operations.save_offer(offer=stored, unit=unit, values=values, by=by, now=now)


def _form_of(offer):
    """Return the class of the form that brings back which text was read."""
    revision = forms.IntegerField(initial=offer.revision, required=False, widget=forms.HiddenInput)
    return type("RevisionForm", (forms.Form,), {"revision": revision})


REASON = reason_form(
    gettext_lazy("如“单位来电说已不再实行”。单位看得到。"),
    missing=gettext_lazy("请写明为什么撤下。"),
)
SHOWN_FIELDS = (
    ("unit", "department"),
    ("kind", "discipline"),
    "posts",
    ("how_many", "age_until"),
    ("pay", "pay_words"),
    "workload",
    ("valid_from", "valid_until"),
    ("district", "place"),
    ("ask", "phone"),
)


@admin.register(FlexibleOffer)
class FlexibleOfferAdmin(SweptAdmin, OffersByRule, OperationAdmin):
    """The offers, one list for all departments; each is written by its own and by its unit."""

    form = OfferForm
    view_on_site = False
    list_display = ("posts", "unit", "kind", "district", "confirmed_on", "state_said")
    list_filter = (ShownFilter, ConfirmFilter, "kind", SetAsideFilter)
    list_select_related = ("unit", "department")
    search_fields = ("posts", "unit__name", "district")
    search_help_text = gettext_lazy("按岗位、单位或街道查找")
    ordering = ("-confirmed_on", "-id")
    editable = operations.FIELDS
    autocomplete_fields = ("unit",)
    add_words = gettext_lazy("登记弹性工作")
    empty_words = gettext_lazy("还没有弹性工作。单位自己登记，或在这里新建。")
    actions = ("write_out", "try_again")
    actions_detail = ("confirm", "undo", "withdraw", "put_back")
    argument = "offer"
    again = staticmethod(operations.retry_offer)
    rules_of_actions = {
        "confirm": rules.why_not_confirm,
        "undo": rules.why_not_undo_latest,
        "withdraw": rules.why_not_withdraw,
        "put_back": rules.why_not_put_back,
    }
    has_work_permission = has_again_permission = has_perm("workplaces.change_flexibleoffer")
    state_said = column(
        gettext_lazy("状态"), lambda row: shown.state_words(row, timezone.localdate())
    )
    add_fieldsets = ((None, {"fields": ("unit", *operations.FIELDS)}),)
    fieldsets = (
        (
            None,
            {"fields": (*SHOWN_FIELDS, "confirmed_on", ("withdrawn_at", "withdrawn_reason"))},
        ),
    )

    def has_change_permission(self, request, obj=None):
        """Its own department's alone, while it stands."""
        if not super().has_change_permission(request, obj):
            return False
        return obj is None or rules.why_not_save(obj, request.user) is None

    def get_fieldsets(self, request, obj=None):
        """Ask for other things than what is shown later."""
        return self.add_fieldsets if obj is None else super().get_fieldsets(request, obj)

    def facts_of(self, row):
        """Say which it is, and what was changed last."""
        facts = [
            (_("单位"), row.unit.name),
            (_("种类"), row.get_kind_display()),
            (_("哪些岗位"), row.posts),
            (_("确认日期"), day_text(row.confirmed_on)),
        ]
        change = latest(row.changes.select_related("by"))
        if change is not None:
            facts.append((_("最近一次修改"), clauses(shown.lines(change))))
        return facts

    @action(description=gettext_lazy("确认无误"), url_path="confirm", permissions=["work"])
    def confirm(self, request, object_id):
        """Ask once more, then confirm what was read."""
        return self._page(
            request,
            object_id,
            "confirm",
            title=_("确认弹性工作"),
            submit=_("确认无误"),
            form_class=_form_of(self.get_or_404(request, object_id)),
            outcome=_("从今天起一年内有效。请先与单位核对过。"),
            operation=operations.confirm_offer,
            done=_("已确认。"),
        )

    @action(description=gettext_lazy("撤销最近一次修改"), url_path="undo", permissions=["work"])
    def undo(self, request, object_id):
        """Show what was changed last, then put back what was there before."""
        return self._page(
            request,
            object_id,
            "undo",
            title=_("撤销最近一次修改"),
            submit=_("撤销修改"),
            form_class=_form_of(self.get_or_404(request, object_id)),
            outcome=_("恢复为修改前的内容，单位在自己的页面上看得到。"),
            operation=operations.undo_latest,
            done=_("已撤销，恢复为修改前的内容。"),
        )

    @action(description=gettext_lazy("撤下"), url_path="withdraw", permissions=["work"])
    def withdraw(self, request, object_id):
        """Ask why, then take it off the public pages."""
        return self._page(
            request,
            object_id,
            "withdraw",
            title=_("撤下弹性工作"),
            submit=_("撤下"),
            danger=True,
            form_class=REASON,
            outcome=_("公开页面上不再显示，单位不能自己恢复；主管部门以后可以恢复。"),
            operation=operations.withdraw_offer,
            done=_("已撤下。"),
        )

    @action(description=gettext_lazy("恢复"), url_path="put-back", permissions=["work"])
    def put_back(self, request, object_id):
        """Ask once more, then show it again."""
        return self._page(
            request,
            object_id,
            "put_back",
            title=_("恢复弹性工作"),
            submit=_("恢复"),
            outcome=_("重新公布；确认日期不变。"),
            operation=operations.put_back_offer,
            done=_("已恢复。"),
        )

    @action(description=gettext_lazy("导出所选弹性工作"), permissions=["view"])
    def write_out(self, request, queryset):
        """Write the ticked offers to a workbook."""
        now = timezone.now()
        found = operations.export_offers(rows=queryset, by=request.user, now=now)
        data = sheet.offers(found, timezone.localdate(now))
        return download(data, f"{pgettext('many', '弹性工作')}.xlsx")

    # --- figures ---
    def list_links(self, request, changelist):
        """Lead to the figures."""
        links = super().list_links(request, changelist)
        return [*links, (_("弹性工作数据"), reverse("admin:workplaces_flexibleoffer_figures"), "")]

    def get_urls(self):
        """Add the page of figures."""
        view = self.admin_site.admin_view(self.figures)
        return [
            path("figures/", view, name="workplaces_flexibleoffer_figures"),
            *super().get_urls(),
        ]

    def figures(self, request):
        """Show the figures as of today."""
        day = timezone.localdate()
        part = figures.part(request.user, day)
        if part is None:
            raise PermissionDenied
        return self.page(
            request,
            "kernel/admin/figures.html",
            title=_("弹性工作数据"),
            day=day,
            parts=[part],
            back=self.address("changelist"),
        )
