"""The clerks' side: the work queue, one record with its history. Lists of units: talents.imports.admin."""

from functools import partial

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    ChoicesDropdownFilter,
    RelatedDropdownFilter,
)
from unfold.decorators import action

from kernel.admin.base import ReadOnly, has_perm
from kernel.admin.changelist import PortalChangeList
from kernel.admin.decision import decide
from kernel.admin.lists import DefaultFilter, column, state_column
from kernel.words import listed, month_text
from privacy import history
from privacy.admin_reveal import RevealAdmin
from talents import operations
from talents.admin_forms import HandOverForm, ReturnForm, VerifyForm
from talents.cards import benefits
from talents.identity.admin import ProposalAdmin  # noqa: F401 (Django looks for admin classes here)
from talents.imports.admin import ImportRunAdmin  # noqa: F401
from talents.models import HERS_ALONE, Talent, TalentState

NOT_GIVEN = gettext_lazy("未填写")


class LeanChangeList(PortalChangeList):
    """A list that does not fetch (and decrypt) what it does not show."""

    unused = (
        "id_number",
        "phone",
        "email",
        "search_text",
        "search_grams",
        "honours",
        "remark",
        "research_fields",
    )

    def get_queryset(self, request, exclude_parameters=None):
        """Leave the heavy columns out."""
        return super().get_queryset(request, exclude_parameters).defer(*self.unused)


class StateFilter(DefaultFilter):
    """What waits, unless something is searched for or another state is chosen."""

    title = gettext_lazy("状态")
    parameter_name = "state__exact"

    def lookups(self, request, model_admin):
        """Offer the states staff see, and all."""
        self.default = self.everything if request.GET.get("q") else TalentState.SUBMITTED.value
        states = [s for s in TalentState.choices if s[0] not in HERS_ALONE]
        return [*states, (self.everything, _("全部"))]

    def queryset(self, request, queryset):
        """Keep the chosen state."""
        if self.value() == self.everything:
            return queryset
        return queryset.filter(state=self.value())


def _unit(talent):
    """Show the known unit, or her own words marked as such."""
    if talent.unit_id or not talent.unit_text:
        return talent.unit_name
    return _("%(name)s（未收录）") % {"name": talent.unit_text}


def _title(talent):
    return talent.professional_title or talent.get_title_level_display()


def _waiting(talent):
    """Show how long she has been waiting."""
    if talent.state != TalentState.SUBMITTED or not talent.submitted_at:
        return ""
    days = (timezone.now() - talent.submitted_at).days
    return ngettext("%(n)s 天", "%(n)s 天", days) % {"n": days} if days else _("今天")


def _birth(talent):
    """Show the month of birth, without the day nobody gave."""
    return talent.birth_month and month_text(talent.birth_month)


@admin.register(Talent)
class TalentAdmin(ReadOnly, RevealAdmin):
    """Records of the staff member's department; changed by operations only."""

    list_display = ["full_name", "unit_shown", "title_shown", "tier", "state_shown", "waiting"]
    list_display_links = ["full_name"]
    list_filter = [
        StateFilter,
        ("unit", AutocompleteSelectFilter),
        ("tier", ChoicesDropdownFilter),
        ("title_level", ChoicesDropdownFilter),
        ("discipline", ChoicesDropdownFilter),
    ]
    list_select_related = ["unit"]
    search_fields = ["search_text"]
    search_help_text = gettext_lazy("姓名、拼音、单位或研究方向，两个字即可")
    sortable_by = ()
    list_per_page = 25
    show_facets = admin.ShowFacets.NEVER
    actions = None
    warn_unsaved_form = False
    actions_detail = ["verify", "send_back", "hand_over", "reveal"]
    revealed = ["id_number", "phone", "email"]
    change_form_outer_after_template = "talents/admin/history.html"
    readonly_fields = [
        "unit_shown",
        "masked_id_number_shown",
        "masked_phone_shown",
        "masked_email_shown",
        "birth_shown",
        "fields_shown",
        "account_shown",
    ]
    fieldsets = [
        (
            gettext_lazy("审核"),
            {
                "fields": [
                    "code",
                    "state",
                    "return_reason",
                    "tier",
                    "department",
                    "source",
                    "account_shown",
                    "consent_reported",
                    "submitted_at",
                    "verified_at",
                    "verified_by",
                    "updated_at",
                ]
            },
        ),
        (
            gettext_lazy("个人与身份"),
            {
                "fields": [
                    "full_name",
                    "birth_shown",
                    "political_status",
                    "masked_id_number_shown",
                    "masked_phone_shown",
                    "masked_email_shown",
                ]
            },
        ),
        (
            gettext_lazy("单位与职务"),
            {"fields": ["unit_shown", "position", "professional_title", "title_level"]},
        ),
        (
            gettext_lazy("专业与研究"),
            {
                "fields": [
                    "education_level",
                    "degree",
                    "school_and_major",
                    "discipline",
                    "industry",
                    "fields_shown",
                    "overseas_study",
                    "overseas_detail",
                    "honours",
                    "remark",
                ]
            },
        ),
    ]

    has_verify_permission = has_perm("talents.verify_talent")

    unit_shown = column(gettext_lazy("单位"), _unit)
    title_shown = column(gettext_lazy("职称"), _title)
    state_shown = state_column(
        {"submitted": "warning", "verified": "success", "returned": "danger"}
    )
    waiting = column(gettext_lazy("等待"), _waiting)
    masked_id_number_shown = column(gettext_lazy("身份证号"), "masked_id_number", empty=NOT_GIVEN)
    masked_phone_shown = column(gettext_lazy("手机号"), "masked_phone", empty=NOT_GIVEN)
    masked_email_shown = column(gettext_lazy("邮箱"), "masked_email", empty=NOT_GIVEN)
    birth_shown = column(gettext_lazy("出生年月"), _birth)
    fields_shown = column(gettext_lazy("研究方向"), lambda talent: listed(talent.research_fields))
    account_shown = column(
        gettext_lazy("本人账号"),
        lambda talent: talent.user and talent.user.code,
        empty=gettext_lazy("尚未认领"),
    )

    def get_changelist(self, request, **kwargs):
        """Use the lean list."""
        return LeanChangeList

    def get_list_filter(self, request):
        """Offer departments to those who see them all."""
        filters = list(self.list_filter)
        if request.user.sees_all_departments:
            filters.insert(1, ("department", RelatedDropdownFilter))
        return filters

    def get_ordering(self, request):
        """Show the longest waiting first in the queue, the newest first elsewhere."""
        state = request.GET.get("state__exact") or ("" if request.GET.get("q") else "submitted")
        return ["submitted_at", "pk"] if state == TalentState.SUBMITTED else ["-pk"]

    def get_search_results(self, request, queryset, search_term):
        """Search by bigrams (talents.search)."""
        return queryset.matching(search_term), False

    def get_actions_detail(self, request, object_id):
        """Offer a decision only where one is due, and to whom may decide."""
        offered = super().get_actions_detail(request, object_id)
        talent = self.get_object(request, object_id)
        withheld = {"talents_talent_verify", "talents_talent_send_back"}
        if talent and operations.why_not_verify(talent, request.user):
            offered = [a for a in offered if a.action_name not in withheld]
        if talent and operations.why_not_decide(talent, request.user):
            offered = [a for a in offered if a.action_name != "talents_talent_hand_over"]
        return offered

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Add what has happened to the record."""
        extra_context = (extra_context or {}) | {"title": _("人才档案")}
        if object_id and (talent := self.get_object(request, object_id)):
            extra_context["lines"] = history.of(talent, reader=request.user)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def facts(self, talent):
        """Say whom a decision is about."""
        return [
            (_("姓名"), talent.full_name),
            (_("单位"), talent.unit_name),
            (_("职称"), _title(talent)),
            (_("学历"), talent.get_education_level_display()),
        ]

    def _decide(self, request, object_id, title, operation, form_class, *, outcome, done):
        """Ask for a decision on a record (kernel.admin.decision), then go on with the queue."""
        talent = self.get_or_404(request, object_id)
        return decide(
            self,
            request,
            title=title,
            form_class=form_class,
            facts=self.facts(talent),
            outcome=outcome,
            submit=title,
            operation=partial(operation, talent=talent),
            done=done % {"name": talent.full_name},
            back=self.address("change", talent.pk),
            go_on=self.address("changelist"),
        )

    @action(description=gettext_lazy("审核通过"), url_path="verify", permissions=["verify"])
    def verify(self, request, object_id):
        """Ask for the tier and take the record in."""
        outcome = _("通过后档案进入人才库，本人会收到通知，可以%(benefits)s。")
        outcome %= {"benefits": benefits()}
        done = _("%(name)s 的档案已入库，已通知本人。")
        decision = _("审核通过"), operations.verify, VerifyForm
        return self._decide(request, object_id, *decision, outcome=outcome, done=done)

    @action(description=gettext_lazy("退回补充"), url_path="return", permissions=["verify"])
    def send_back(self, request, object_id):
        """Ask what is missing and give the record back."""
        outcome = _("常用原因和您写的话会合成一句，发给本人；她修改后会重新提交。")
        done = _("%(name)s 的档案已退回，已通知本人。")
        decision = _("退回补充"), operations.return_with_reason, ReturnForm
        return self._decide(request, object_id, *decision, outcome=outcome, done=done)

    @action(description=gettext_lazy("转交部门"), url_path="hand-over", permissions=["verify"])
    def hand_over(self, request, object_id):
        """Ask which department takes the record over."""
        outcome = _("转交后由对方部门审核和查看，本部门不再显示这份档案。")
        done = _("%(name)s 的档案已转交。")
        decision = _("转交部门"), operations.hand_over, HandOverForm
        return self._decide(request, object_id, *decision, outcome=outcome, done=done)
