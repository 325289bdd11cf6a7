"""Nurseries, their classes and the standard, in the admin."""

from functools import partial

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminTextInputWidget

from kernel.admin.base import has_perm
from kernel.admin.decision import decide
from kernel.admin.forms import OperationAdmin, OperationForm
from kernel.admin.lists import OneChoiceFilter, column
from kernel.admin.offered import OffersByRule
from kernel.admin.sweeps import SetAsideFilter, SweptAdmin
from kernel.downloads import download
from kernel.words import clauses, day_text
from workplaces.changes import latest
from workplaces.childcare import figures, operations, rules, sheet, standard
from workplaces.childcare.models import Nursery, NurseryClass, NurseryRule
from workplaces.childcare.shown import free_words, lines


class CheckFilter(OneChoiceFilter):
    """Whose registration nobody has checked."""

    title = gettext_lazy("备案")
    parameter_name = "check"
    choice = ("waiting", gettext_lazy("待核实"))

    def narrow(self, queryset):
        """Keep what waits."""
        return queryset.unchecked()


class ConfirmFilter(OneChoiceFilter):
    """What leaves the search soon."""

    title = gettext_lazy("确认")
    parameter_name = "confirm"
    choice = ("due", gettext_lazy("30 天内到期或已到期"))

    def narrow(self, queryset):
        """Keep what is to be confirmed."""
        return queryset.unconfirmed(timezone.localdate())


def _of_nursery(nursery):
    return nursery.changes.filter(klass=None)


def _of_class(klass):
    return klass.changes.all()


def _undo_page(model_admin, request, object_id, operation, changes_of):
    """Show the latest change of a row, then undo the one that was shown."""
    row = model_admin.get_or_404(request, object_id)
    change = latest(changes_of(row).select_related("klass"))
    key = forms.IntegerField(initial=change and change.pk, required=False, widget=forms.HiddenInput)
    said = clauses(lines(change)) if change else ""
    return decide(
        model_admin,
        request,
        why_not=model_admin.rules_of_actions["undo"](row, request.user),
        title=_("撤销最近一次修改"),
        facts=[*model_admin.facts_of(row), (_("最近一次修改"), said)],
        form_class=type("ChangeForm", (forms.Form,), {"change": key}),
        outcome=_("恢复为修改前的内容，单位在自己的页面上看得到。"),
        submit=_("撤销修改"),
        operation=partial(operation, **{model_admin.argument: row}),
        done=_("已撤销，恢复为修改前的内容。"),
        back=model_admin.address("change", row.pk),
    )


class NurseryForm(OperationForm):
    """A nursery as staff write it; its unit is chosen once."""

    class Meta:
        model = Nursery
        fields = ("unit", *operations.NURSERY_FIELDS)

    def validate_constraints(self):
        """Leave it to the operation, whose sentences say what to do."""

    def operate(self, stored, *, by, now, unit=None, **values):
        """Save it."""
        return operations.save_nursery(nursery=stored, unit=unit, values=values, by=by, now=now)


@admin.register(Nursery)
class NurseryAdmin(SweptAdmin, OffersByRule, OperationAdmin):
    """The nurseries, one list for all departments; each is written by its own and by its unit."""

    form = NurseryForm
    view_on_site = False
    list_display = ("name", "unit", "district", "subsidised", "checked", "confirmed_on", "is_open")
    list_filter = (CheckFilter, ConfirmFilter, "is_open", "subsidised", SetAsideFilter)
    list_select_related = ("unit", "department")
    search_fields = ("name", "registration", "unit__name")
    search_help_text = gettext_lazy("按名称、备案编号或单位查找")
    ordering = ("name", "pk")
    editable = operations.NURSERY_FIELDS
    autocomplete_fields = ("unit",)
    add_words = gettext_lazy("登记托育机构")
    empty_words = gettext_lazy("还没有托育机构。单位自己登记，或在这里新建；核实备案后公布。")
    actions = ("write_out", "try_again")
    actions_detail = ("verify", "confirm", "undo")
    again = staticmethod(operations.retry_nursery)
    argument = "nursery"
    rules_of_actions = {
        "verify": rules.why_not_check,
        "confirm": rules.why_not_keep,
        "undo": rules.why_not_undo_nursery,
    }
    has_work_permission = has_again_permission = has_perm("workplaces.change_nursery")
    checked = column(
        gettext_lazy("备案核实日期"),
        lambda row: row.registration_checked_on and day_text(row.registration_checked_on),
        empty=gettext_lazy("待核实"),
    )
    add_fieldsets = ((None, {"fields": ("unit", *operations.NURSERY_FIELDS)}),)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("unit", "department"),
                    ("name", "name_en"),
                    ("district", "address"),
                    "phone",
                    ("registration", "registered_on"),
                    ("registration_checked_on", "confirmed_on"),
                    ("subsidised", "subsidy"),
                    "is_open",
                )
            },
        ),
    )

    def has_change_permission(self, request, obj=None):
        """Its own department's alone."""
        if not super().has_change_permission(request, obj):
            return False
        return obj is None or rules.why_not_keep(obj, request.user) is None

    def get_fieldsets(self, request, obj=None):
        """Ask for other things than what is shown later."""
        return self.add_fieldsets if obj is None else super().get_fieldsets(request, obj)

    def facts_of(self, row):
        """Say which it is."""
        return [
            (_("托育机构"), row.name),
            (_("单位"), row.unit.name),
            (_("备案编号"), row.registration),
            (_("备案日期"), day_text(row.registered_on)),
        ]

    @action(description=gettext_lazy("核实备案"), url_path="verify", permissions=["work"])
    def verify(self, request, object_id):
        """Ask once more, then note that the registration holds."""
        return self._page(
            request,
            object_id,
            "verify",
            title=_("核实备案"),
            submit=_("备案属实"),
            outcome=_("随即对外公布；备案编号以后改动的，要再核实。"),
            operation=operations.check_registration,
            done=_("已核实，已公布。"),
        )

    @action(description=gettext_lazy("确认无误"), url_path="confirm", permissions=["work"])
    def confirm(self, request, object_id):
        """Ask once more, then confirm."""
        return self._page(
            request,
            object_id,
            "confirm",
            title=_("确认托育信息"),
            submit=_("确认无误"),
            outcome=_("从今天起一年内查得到。请先与单位核对过。"),
            operation=operations.confirm_nursery,
            done=_("已确认。"),
        )

    @action(description=gettext_lazy("撤销最近一次修改"), url_path="undo", permissions=["work"])
    def undo(self, request, object_id):
        """Show what was changed last, then put back what was there before."""
        return _undo_page(self, request, object_id, operations.undo_nursery, _of_nursery)

    @action(description=gettext_lazy("导出所选托育机构"), permissions=["view"])
    def write_out(self, request, queryset):
        """Write the ticked nurseries to a workbook, a row for each class."""
        now = timezone.now()
        found = operations.export_nurseries(rows=queryset, by=request.user, now=now)
        data = sheet.nurseries(found, timezone.localdate(now))
        return download(data, f"{_('托育机构')}.xlsx")

    # --- figures ---
    def list_links(self, request, changelist):
        """Lead to the figures."""
        links = super().list_links(request, changelist)
        return [*links, (_("托育数据"), reverse("admin:workplaces_nursery_figures"), "")]

    def get_urls(self):
        """Add the page of figures."""
        view = self.admin_site.admin_view(self.figures)
        return [path("figures/", view, name="workplaces_nursery_figures"), *super().get_urls()]

    def figures(self, request):
        """Show the figures as of today."""
        day = timezone.localdate()
        part = figures.part(request.user, day)
        if part is None:
            raise PermissionDenied
        return self.page(
            request,
            "kernel/admin/figures.html",
            title=_("托育数据"),
            day=day,
            parts=[part],
            back=self.address("changelist"),
        )


class FreeFilter(admin.SimpleListFilter):
    """Whether places are free, and how old what was said of them is."""

    title = gettext_lazy("空余托位")
    parameter_name = "free"

    def lookups(self, request, model_admin):
        """Offer both."""
        return [("some", _("30 天内说有空余")), ("old", _("超过 30 天没有更新"))]

    def queryset(self, request, queryset):
        """Keep what is asked for."""
        day = timezone.localdate()
        kept = {"some": queryset.with_free, "old": queryset.old}.get(self.value())
        return kept(day) if kept else queryset


class ClassForm(OperationForm):
    """A class as staff write it."""

    class Meta:
        model = NurseryClass
        fields = ("nursery", *operations.CLASS_FIELDS)

    def validate_constraints(self):
        """Leave it to the operation, whose sentences say what to do."""

    def operate(self, stored, *, by, now, nursery=None, **values):
        """Save it."""
        nursery = stored.nursery if stored else nursery
        return operations.save_class(nursery=nursery, klass=stored, values=values, by=by, now=now)


class FreeForm(forms.Form):
    """How many places are free today."""

    free = forms.IntegerField(
        label=gettext_lazy("今天空余托位"),
        min_value=0,
        max_value=999,
        widget=UnfoldAdminIntegerFieldWidget,
    )


def _class_may(rule):
    return lambda row, by: rules.why_not_keep(row.nursery, by) or rule(row)


@admin.register(NurseryClass)
class NurseryClassAdmin(SweptAdmin, OffersByRule, OperationAdmin):
    """The classes of all nurseries."""

    form = ClassForm
    view_on_site = False
    list_display = ("name", "nursery", "band", "capacity", "price", "free_shown", "ended_at")
    list_filter = ("band", FreeFilter, SetAsideFilter)
    list_select_related = ("nursery",)
    search_fields = ("name", "nursery__name")
    search_help_text = gettext_lazy("按班级或机构的名称查找")
    ordering = ("-id",)
    editable = operations.CLASS_FIELDS
    autocomplete_fields = ("nursery",)
    add_words = gettext_lazy("新开托育班级")
    empty_words = gettext_lazy("还没有班级。先登记托育机构，再加上它的班级。")
    actions = ("try_again",)
    actions_detail = ("state", "undo", "end", "restore")
    again = staticmethod(operations.retry_class)
    argument = "klass"
    rules_of_actions = {
        "state": _class_may(rules.why_not_standing),
        "undo": rules.why_not_undo_class,
        "end": _class_may(rules.why_not_standing),
        "restore": _class_may(rules.why_not_restore),
    }
    has_work_permission = has_again_permission = has_perm("workplaces.change_nurseryclass")
    free_shown = column(gettext_lazy("空余托位"), lambda row: free_words(row, timezone.localdate()))
    add_fieldsets = ((None, {"fields": ("nursery", *operations.CLASS_FIELDS)}),)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "nursery",
                    ("name", "band"),
                    ("capacity", "carers"),
                    "price",
                    ("free", "free_on"),
                    "ended_at",
                )
            },
        ),
    )

    def has_change_permission(self, request, obj=None):
        """Its nursery's department's alone, while it stands."""
        if not super().has_change_permission(request, obj):
            return False
        return obj is None or (
            obj.ended_at is None and rules.why_not_keep(obj.nursery, request.user) is None
        )

    def get_fieldsets(self, request, obj=None):
        """Ask for other things than what is shown later."""
        return self.add_fieldsets if obj is None else super().get_fieldsets(request, obj)

    def facts_of(self, row):
        """Say which it is."""
        return [
            (_("托育机构"), row.nursery.name),
            (_("班级名称"), row.name),
            (_("班额"), row.capacity),
            (_("页面上写的空位"), free_words(row, timezone.localdate())),
        ]

    @action(description=gettext_lazy("更新空位"), url_path="state", permissions=["work"])
    def state(self, request, object_id):
        """Ask how many places are free, then note it."""
        return self._page(
            request,
            object_id,
            "state",
            title=_("更新空余托位"),
            submit=_("更新"),
            form_class=FreeForm,
            outcome=_("30 天内这样公布，之后写“请电话询问”。"),
            operation=operations.state_free,
            done=_("已更新。"),
        )

    @action(description=gettext_lazy("撤销最近一次修改"), url_path="undo", permissions=["work"])
    def undo(self, request, object_id):
        """Show what was changed last, then put back what was there before."""
        return _undo_page(self, request, object_id, operations.undo_class, _of_class)

    @action(description=gettext_lazy("停办"), url_path="end", permissions=["work"])
    def end(self, request, object_id):
        """Ask once more, then take it off the page."""
        return self._page(
            request,
            object_id,
            "end",
            title=_("停办托育班级"),
            submit=_("停办"),
            danger=True,
            outcome=_("公开页面上不再显示，以后可以恢复。"),
            operation=operations.end_class,
            done=_("已停办。"),
        )

    @action(description=gettext_lazy("恢复"), url_path="restore", permissions=["work"])
    def restore(self, request, object_id):
        """Ask once more, then show it again."""
        return self._page(
            request,
            object_id,
            "restore",
            title=_("恢复托育班级"),
            submit=_("恢复"),
            outcome=_("重新公布。"),
            operation=operations.restore_class,
            done=_("已恢复。"),
        )


class CheckedFilter(OneChoiceFilter):
    """What nobody has compared with its document."""

    title = gettext_lazy("核对")
    parameter_name = "checked"
    choice = ("no", gettext_lazy("未核实"))

    def narrow(self, queryset):
        """Keep what is to be compared."""
        return queryset.unchecked(timezone.localdate())


class RuleForm(OperationForm):
    """A standard as staff enter it."""

    link = forms.URLField(
        label=gettext_lazy("链接"),
        max_length=200,
        required=False,
        assume_scheme="https",
        widget=UnfoldAdminTextInputWidget,
    )

    class Meta:
        model = NurseryRule
        fields = standard.RULE_FIELDS

    def validate_constraints(self):
        """Leave it to the operation, whose sentences say what to do."""

    def operate(self, stored, *, by, now, **values):
        """Save it."""
        return standard.save_nursery_rule(rule=stored, by=by, now=now, **values)


@admin.register(NurseryRule)
class NurseryRuleAdmin(OperationAdmin):
    """The standard classes are held to; one that changed gets its last day, and the new one a row of its own."""

    form = RuleForm
    view_on_site = False
    list_display = (
        "band",
        "most",
        "per_carer",
        "valid_from",
        "valid_until",
        "source",
        "checked_on",
    )
    list_filter = (CheckedFilter, "band")
    ordering = ("-valid_from", "pk")
    editable = standard.RULE_FIELDS
    actions_detail = ("compare",)
    add_words = gettext_lazy("登记托育班级标准")
    empty_words = gettext_lazy("还没有标准。")
    has_compare_permission = has_perm("workplaces.change_nurseryrule")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "band",
                    ("most", "per_carer"),
                    ("valid_from", "valid_until"),
                    ("source", "article"),
                    "link",
                    "checked_on",
                )
            },
        ),
    )
    add_fieldsets = ((None, {"fields": (*fieldsets[0][1]["fields"][:-1],)}),)

    def get_fieldsets(self, request, obj=None):
        """Leave out of a new one the day it was compared."""
        return self.add_fieldsets if obj is None else super().get_fieldsets(request, obj)

    @action(description=gettext_lazy("已与原文核对"), url_path="compare", permissions=["compare"])
    def compare(self, request, object_id):
        """Ask, then note that it was compared with its document today."""
        rule = self.get_or_404(request, object_id)
        return decide(
            self,
            request,
            why_not=rules.why_not_check_rule(rule, timezone.localdate()),
            title=_("与原文核对"),
            facts=[
                (_("班型"), rule.get_band_display()),
                (_("每班最多人数"), rule.most),
                (_("一名保育人员最多照护"), rule.per_carer or _("没有规定保育人员的比例")),
                (_("依据"), f"{rule.source} {rule.article}".strip()),
                (_("链接"), rule.link),
            ],
            outcome=_("读者会看到今天的核对日期；与原文不符的请先修改，再核对。"),
            submit=_("已核对"),
            operation=partial(standard.check_nursery_rule, rule=rule),
            done=_("已记下核对日期。"),
            back=self.address("change", rule.pk),
        )
