"""Associations, yearly checks and filings in the admin."""

from django import forms
from django.contrib import admin
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSelect2MultipleWidget

from kernel.admin.base import ReadOnly, has_perm
from kernel.admin.fields import day_field, line_field
from kernel.admin.forms import OperationAdmin, OperationForm, reason_field
from kernel.admin.lists import OneChoiceFilter, column, state_column
from kernel.admin.offered import OffersByRule
from kernel.admin.sweeps import SetAsideFilter, SweptAdmin
from kernel.words import date_text, record_day_text
from networks import rights
from networks.admin_parts import AssociationRowForm
from networks.associations import operations, rules
from networks.associations.models import Association, Filing, YearlyCheck
from networks.elections.models import Election
from networks.members.admin_pages import ImportsMembers
from networks.members.models import Membership
from networks.meter import activity
from networks.meter.admin_pages import ShowsLadder
from networks.meter.models import AssociationEvent, CouncilMeeting, ShareCount, ShareTarget
from networks.posts.models import Holding, Post, Term
from talents.codes import Discipline

CHANGE = operations.CHANGE


class AssociationForm(OperationForm):
    """An association as staff write it."""

    disciplines = forms.MultipleChoiceField(
        label=gettext_lazy("涉及学科"),
        choices=Discipline.choices,
        required=False,
        help_text=gettext_lazy("按学科找可以任职的女性；不选则不限"),
        widget=UnfoldAdminSelect2MultipleWidget,
    )

    class Meta:
        model = Association
        fields = operations.ASSOCIATION_FIELDS

    def operate(self, stored, *, by, now, **values):
        """Save it."""
        return operations.save_association(association=stored, values=values, by=by, now=now)


class DissolveForm(forms.Form):
    """When it was dissolved, and why."""

    on = day_field(gettext_lazy("注销或撤销日期"))
    reason = reason_field(gettext_lazy("至少四个字；可以恢复"))


class TermFilter(OneChoiceFilter):
    """Whose election is overdue."""

    title = gettext_lazy("换届")
    parameter_name = "term"
    choice = ("overdue", gettext_lazy("换届超期"))

    def narrow(self, queryset):
        """Keep those whose newest term has ended."""
        late = Term.objects.overdue(timezone.localdate()).filter(association=OuterRef("pk"))
        return queryset.filter(Exists(late))


class SilenceFilter(OneChoiceFilter):
    """Of which nothing was heard."""

    title = gettext_lazy("活动情况")
    parameter_name = "silence"
    choice = ("silent", gettext_lazy("180 天没有活动和会议"))

    def narrow(self, queryset):
        """Keep those of which nothing was heard for 180 days."""
        return queryset.filter(pk__in=activity.silent(timezone.now()).values("pk"))


def _term_words(row):
    """Return (what to look up among colours, how the newest term stands)."""
    today = timezone.localdate()
    if row.dissolved_on:
        return "", _("已注销或撤销")
    if row.last_term_ends is None:
        return "", _("没有登记届次")
    if row.last_term_ends < today:
        return "overdue", _("换届超期")
    return "running", _("到 %(day)s") % {"day": date_text(row.last_term_ends, "day")}


# What belongs to an association and has a list of its own.
LISTS = (
    Term,
    Post,
    Holding,
    Membership,
    Election,
    ShareCount,
    ShareTarget,
    CouncilMeeting,
    AssociationEvent,
    YearlyCheck,
    Filing,
)


def _lists(row):
    """Return links to the lists of what belongs to it."""
    links = [
        (
            reverse(f"admin:networks_{model._meta.model_name}_changelist"),
            row.pk,
            model._meta.verbose_name_plural,
        )
        for model in LISTS
    ]
    link = '<a class="portal-link" href="{}?association__id__exact={}">{}</a>'
    return format_html_join(" · ", link, links)


def _may(rule):
    return lambda row, by: rights.why_not_staff(row, by, CHANGE) or rule(row)


@admin.register(Association)
class AssociationAdmin(ShowsLadder, ImportsMembers, SweptAdmin, OffersByRule, OperationAdmin):
    """The associations, one list for all departments; each is written by its own."""

    form = AssociationForm
    view_on_site = False
    list_display = ("name", "legal_form", "department", "term_shown", "is_open")
    more_columns = (
        "is_mixed",
        "founded_on",
        "uscc",
        "supervisor",
        "silence_asked_at",
        "created_at",
    )
    list_filter = (
        TermFilter,
        SilenceFilter,
        "legal_form",
        "is_mixed",
        "department",
        SetAsideFilter,
    )
    list_select_related = ("department",)
    search_fields = ("name", "uscc")
    search_help_text = gettext_lazy("按名称或信用代码查找")
    ordering = ("name", "pk")
    editable = operations.ASSOCIATION_FIELDS
    autocomplete_fields = ("unit",)
    add_words = gettext_lazy("新建协会")
    empty_words = gettext_lazy("还没有协会。新建后登记届次和职务，再导入会员。")
    actions = ("try_again",)
    actions_detail = ("ladder_page", "import_page", "dissolve", "restore")
    argument = "association"
    again = staticmethod(operations.retry_association)
    rules_of_actions = {
        "dissolve": _may(rights.why_not_standing),
        "restore": _may(rules.why_not_restore),
    }
    readonly_fields = ("checks_missing", "lists")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "lists",
                    ("name", "name_en"),
                    ("legal_form", "is_mixed"),
                    ("uscc", "founded_on"),
                    ("supervisor", "document"),
                    ("term_years", "checks_missing"),
                )
            },
        ),
        (
            gettext_lazy("公开页面"),
            {
                "fields": (
                    "summary",
                    "summary_en",
                    ("address", "contact"),
                    "disciplines",
                    "is_open",
                )
            },
        ),
        (
            pgettext_lazy("networks", "会员"),
            {"fields": (("takes_members", "member_months"), "unit")},
        ),
    )
    add_fieldsets = (
        (
            None,
            {
                "fields": (
                    ("name", "name_en"),
                    ("legal_form", "is_mixed"),
                    ("uscc", "founded_on"),
                    ("supervisor", "document"),
                    "term_years",
                )
            },
        ),
        fieldsets[1],
        fieldsets[2],
    )
    has_add_permission = has_work_permission = has_again_permission = has_perm(CHANGE)
    term_shown = state_column(
        {"overdue": "danger", "running": "success"},
        words=_term_words,
        title=gettext_lazy("本届任期"),
    )
    lists = column(gettext_lazy("届次、职务、会员等"), _lists)
    checks_missing = column(
        gettext_lazy("还没有登记的年检"),
        lambda row: "、".join(map(str, rules.checks_missing(row, timezone.localdate()))),
    )

    def get_queryset(self, request):
        """Add when the newest term of each ends."""
        newest = Term.objects.filter(association=OuterRef("pk")).order_by("-starts_on")
        return super().get_queryset(request).annotate(last_term_ends=newest.values("ends_on")[:1])

    def has_change_permission(self, request, obj=None):
        """Its own department's alone, while it stands."""
        if not request.user.has_perm(CHANGE):
            return False
        if obj is None:
            return True
        return rights.why_not_staff(obj, request.user, CHANGE) is None and obj.dissolved_on is None

    def get_fieldsets(self, request, obj=None):
        """Ask for other things than what is shown later."""
        if obj is None:
            return self.add_fieldsets
        over = [(None, {"fields": (("dissolved_on", "dissolve_reason"),)})]
        shown = super().get_fieldsets(request, obj)
        return [*(over if obj.dissolved_on else []), *shown]

    def facts_of(self, row):
        """Say which it is."""
        return [(_("协会"), row.name), (_("组织形式"), row.get_legal_form_display())]

    @action(description=gettext_lazy("登记注销或撤销"), url_path="dissolve", permissions=["work"])
    def dissolve(self, request, object_id):
        """Ask when and why, then note it."""
        return self._page(
            request,
            object_id,
            "dissolve",
            title=_("登记注销或撤销"),
            submit=_("登记"),
            danger=True,
            form_class=DissolveForm,
            outcome=_("公开页面撤下；从那天起，任职和随任职来的权限一律结束。登记错了可以恢复。"),
            operation=operations.dissolve_association,
            done=_("已登记。"),
        )

    @action(description=gettext_lazy("恢复"), url_path="restore", permissions=["work"])
    def restore(self, request, object_id):
        """Ask once more, then take it back."""
        return self._page(
            request,
            object_id,
            "restore",
            title=_("恢复协会"),
            submit=_("恢复"),
            outcome=_("公开页面重新显示，没有到期的任职照旧。"),
            operation=operations.restore_association,
            done=_("已恢复。"),
        )


# --- yearly checks ---------------------------------------------------------------------------------
class YearlyCheckForm(AssociationRowForm):
    """How a yearly check came out."""

    class Meta:
        model = YearlyCheck
        fields = ("association", "year", "result", "checked_on", "document")

    def operate(self, stored, *, by, now, association=None, year=None, **values):
        """Note it; one that is there is put right."""
        return operations.save_check(
            association=stored.association if stored else association,
            year=stored.year if stored else year,
            by=by,
            now=now,
            **values,
        )


@admin.register(YearlyCheck)
class YearlyCheckAdmin(OperationAdmin):
    """Yearly checks of registered societies."""

    form = YearlyCheckForm
    list_display = ("association", "year", "result", "checked_on", "document")
    list_filter = ("result", "year", "association")
    list_select_related = ("association",)
    search_fields = ("association__name",)
    search_help_text = gettext_lazy("按协会名称查找")
    ordering = ("-year", "-pk")
    editable = ("result", "checked_on", "document")
    add_words = gettext_lazy("登记年检")
    empty_words = gettext_lazy("还没有登记年检。每年 5 月 31 日以前办完上一年的。")
    add_fieldsets = ((None, {"fields": YearlyCheckForm.Meta.fields}),)
    has_add_permission = has_perm(CHANGE)

    def has_change_permission(self, request, obj=None):
        """Its own department's alone."""
        return request.user.has_perm(CHANGE) and (
            obj is None or rights.why_not_staff(obj.association, request.user, CHANGE) is None
        )

    def get_fieldsets(self, request, obj=None):
        """Ask for other things than what is shown later."""
        return self.add_fieldsets if obj is None else super().get_fieldsets(request, obj)


# --- filings ---------------------------------------------------------------------------------------
class FilingForm(AssociationRowForm):
    """A change that has to be filed."""

    class Meta:
        model = Filing
        fields = ("association", "kind", "decided_on")

    def operate(self, stored, *, by, now, **values):
        """Put it down."""
        return operations.add_filing(by=by, now=now, **values)


class FileForm(forms.Form):
    """When it was filed, and by which paper."""

    filed_on = day_field(gettext_lazy("备案日期"))
    document = line_field(gettext_lazy("备案的文书"), help_text=gettext_lazy("名称和文号"))


class FilingDueFilter(OneChoiceFilter):
    """What was not filed in time."""

    title = gettext_lazy("备案期限")
    parameter_name = "due"
    choice = ("overdue", gettext_lazy("已超期"))

    def narrow(self, queryset):
        """Keep what is overdue."""
        return queryset.overdue(timezone.localdate())


def _filing_words(row):
    if row.filed_on:
        return "filed", _("已备案")
    late = row.is_overdue(timezone.localdate())
    return ("late", _("已超期")) if late else ("open", _("待备案"))


def _filing_may(rule):
    return lambda row, by: rights.why_not_staff(row.association, by, CHANGE) or rule(row)


def _why_not_file(filing):
    today = timezone.localdate()
    return rules.why_not_file(filing, today, "—", today)


@admin.register(Filing)
class FilingAdmin(OffersByRule, ReadOnly, OperationAdmin):
    """Changes registered societies have to file."""

    form = FilingForm
    list_display = ("association", "kind", "decided_on", "due_on", "filed_shown", "filed_on")
    list_filter = (FilingDueFilter, "kind", "association")
    list_select_related = ("association",)
    search_fields = ("association__name",)
    search_help_text = gettext_lazy("按协会名称查找")
    ordering = ("-id",)
    add_words = gettext_lazy("登记变更")
    empty_words = gettext_lazy("没有要备案的变更。改了名称、住所、主管单位或负责人的，自动列入。")
    add_fieldsets = ((None, {"fields": FilingForm.Meta.fields}),)
    actions_detail = ("file", "take_back")
    argument = "filing"
    rules_of_actions = {
        "file": _filing_may(_why_not_file),
        "take_back": _filing_may(rules.why_not_take_back_filing),
    }
    has_add_permission = has_work_permission = has_perm(CHANGE)
    filed_shown = state_column(
        {"filed": "success", "late": "danger", "open": "warning"}, words=_filing_words
    )

    def get_fieldsets(self, request, obj=None):
        """Ask for other things than what is shown later."""
        return self.add_fieldsets if obj is None else super().get_fieldsets(request, obj)

    def facts_of(self, row):
        """Say which it is."""
        return [
            (_("协会"), row.association.name),
            (_("变更事项"), row.get_kind_display()),
            (_("备案期限"), record_day_text(row.due_on)),
        ]

    @action(description=gettext_lazy("登记备案"), url_path="file", permissions=["work"])
    def file(self, request, object_id):
        """Ask when and by what, then note it."""
        return self._page(
            request,
            object_id,
            "file",
            title=_("登记备案"),
            submit=_("登记"),
            form_class=FileForm,
            operation=operations.file_change,
            done=_("已登记。"),
        )

    @action(description=gettext_lazy("撤回备案登记"), url_path="take-back", permissions=["work"])
    def take_back(self, request, object_id):
        """Ask once more, then take it back."""
        return self._page(
            request,
            object_id,
            "take_back",
            title=_("撤回备案登记"),
            submit=_("撤回"),
            outcome=_("这条变更重新列为待备案，期限不变。"),
            operation=operations.take_back_filing,
            done=_("已撤回。"),
        )
