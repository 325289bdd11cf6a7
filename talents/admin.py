"""The clerks' side: the work queue, one record with its history. Lists of units: talents.imports.admin."""

import re
from functools import partial

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    BooleanRadioFilter,
    ChoicesDropdownFilter,
    RelatedDropdownFilter,
)
from unfold.decorators import action

from kernel import bigrams
from kernel.admin.actions import for_each
from kernel.admin.base import ReadOnly, has_perm
from kernel.admin.changelist import PortalChangeList, ShortWindow
from kernel.admin.decision import decide, says_the_same
from kernel.admin.lists import PeriodFilter, column, state_column
from privacy import audit
from privacy.admin_reveal import RevealAdmin
from talents import dossier, facets, finding, life_admin, operations, undo_admin
from talents.admin_forms import (
    CorrectForm,
    FindForm,
    HandOverForm,
    ReturnForm,
    TierForm,
    VerifyForm,
)
from talents.cards import benefits
from talents.career.admin import CareerOfRecord
from talents.doubles import admin as doubles
from talents.doubles.admin import MergeRecords
from talents.erasure.admin import ErasureOfRecord
from talents.exports.admin import ExportOfList
from talents.identity import admin as identity  # noqa: F401
from talents.imports.admin import ImportRunAdmin  # noqa: F401
from talents.life_admin import LifeOfRecord
from talents.list_filters import (
    ANY_LENGTH,
    AgeFilter,
    ChangedFilter,
    CohortFilter,
    ConfirmedFilter,
    PartFilter,
    StaleFilter,
    StateFilter,
)
from talents.models import Talent, TalentState
from talents.trends.admin import TrendsOfRecords
from talents.undo_admin import UndoneDecisions


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


def _standing(talent):
    """Show the state, and that she is paused or gone from the district (which has no colour)."""
    if talent.is_paused(timezone.localdate()):
        return talent.state, _("%(state)s，暂停") % {"state": talent.standing_words}
    return "" if talent.moved_away_on else talent.state, talent.standing_words


def _line(talent):
    return " · ".join(filter(None, [talent.unit_name, str(_title(talent))]))


def for_ticked(name, description, *, title, operation, done, **asked):
    """Return an action of the list, called `name`: ask once, then decide on each ticked record.

    Each record has a result of its own. `title`, `operation` and `done` are those of
    kernel.admin.decision and kernel.admin.actions, `asked` what else the page says.
    """

    @action(description=description, permissions=["verify"])
    def on_ticked(self, request, queryset):
        rows, seen = queryset.select_related("unit"), dossier.seen_of_each(request)

        def on_each(*, by, now, **cleaned):
            def each(*, talent, **who):
                return operation(talent=talent, seen=seen.get(str(talent.pk)), **cleaned, **who)

            return for_each(request, rows, each, "talent", done=done, name=lambda t: t.full_name)

        ticked = [("_selected_action", row.pk) for row in rows]
        return decide(
            self,
            request,
            title=title,
            facts=[(talent.full_name, _line(talent)) for talent in rows],
            submit=title,
            operation=on_each,
            back=request.get_full_path(),
            carried=[("action", name), *ticked, *dossier.stamps(rows)],
            **asked,
        )

    return on_ticked


def _decided(talent, verb, request):
    """Tell whether the newest that happened to a record is this decision of hers, in the same words."""
    talent.refresh_from_db(fields=["tier", "return_reason"])
    decided = {"tier": talent.tier, "reason": talent.return_reason}
    is_hers = audit.is_newest(verb, talent, by=request.user)
    return is_hers and says_the_same(request.POST, **decided)


def _set_tier(*, tier, **rest):
    return operations.correct(changes={"tier": tier}, **rest)


@admin.register(Talent)
class TalentAdmin(
    TrendsOfRecords,
    CareerOfRecord,
    ErasureOfRecord,
    ExportOfList,
    LifeOfRecord,
    MergeRecords,
    UndoneDecisions,
    ReadOnly,
    RevealAdmin,
):
    """Records of the staff member's department; changed by operations only."""

    list_display = ["name_shown", "unit_shown", "title_shown", "tier", "state_shown", "waiting"]
    more_columns = [
        "department",
        "education_level",
        "discipline",
        "source",
        "updated_at",
        "confirmed_at",
    ]
    list_display_links = ["name_shown"]
    list_filter = [
        StateFilter,
        ("unit", AutocompleteSelectFilter),
        ("tier", ChoicesDropdownFilter),
        ("title_level", ChoicesDropdownFilter),
        ("discipline", ChoicesDropdownFilter),
        ("industry", ChoicesDropdownFilter),
        ("unit__kind", ChoicesDropdownFilter),
        AgeFilter,
        ("overseas_study", BooleanRadioFilter),
        ConfirmedFilter,
        ChangedFilter,
        CohortFilter,
        PartFilter,
        ("submitted_at", PeriodFilter),
        StaleFilter,
    ]
    list_select_related = ["unit", "department"]
    search_fields = ["search_text"]
    search_help_text = gettext_lazy("姓名、拼音或首字母、单位全称或简称、研究方向、成果名称")
    sortable_by = ["name_shown", "waiting"]
    list_per_page = 25
    show_facets = admin.ShowFacets.NEVER
    actions = ["verify_selected", "return_selected", "tier_selected", "hand_over_selected"]
    warn_unsaved_form = False
    actions_detail = ["verify", "send_back", "correct", "hand_over"]
    actions_detail += [name for name, _words, _rule in undo_admin.ACTIONS]
    actions_detail += [name for name, _words, _rule in doubles.ACTIONS]
    actions_detail += [name for name, _words, _rule in life_admin.ACTIONS]
    actions_detail += ["reveal", "erase"]
    revealed = ["id_number", "phone", "email"]

    # What the dossier offers of merging (talents.dossier.actions).
    merging = doubles.ACTIONS

    has_verify_permission = has_perm("talents.verify_talent")

    name_shown = column(gettext_lazy("姓名"), "full_name", ordering="pinyin_name")
    unit_shown = column(gettext_lazy("单位"), _unit)
    title_shown = column(gettext_lazy("职称"), _title)
    state_shown = state_column(
        {"submitted": "warning", "verified": "success", "returned": "danger"},
        words=_standing,
    )
    waiting = column(gettext_lazy("等待"), _waiting, ordering="submitted_at")

    class Media:
        js = ["js/admin_search.js"]

    def changelist_view(self, request, extra_context=None):
        """Keep a number out of the search, where it would stand in the address."""
        query = re.sub(r"[\s+\-]", "", request.GET.get("q", ""))
        if re.fullmatch(r"\d{11,18}[xX]?", query):
            messages.info(request, _("请在这里按号码查找，号码不会留在网址里。"))
            return redirect(self.address("by_number"))
        return super().changelist_view(request, extra_context)

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
        """Search by bigrams: the most fitting first, of common words the newest, unless another order is asked for."""
        if self._is_common(request):
            return bigrams.newest(queryset, search_term), False
        if request.GET.get("o"):
            return queryset.matching(search_term), False
        return bigrams.ordered(queryset, search_term), False

    def get_paginator(self, request, queryset, per_page, **more):
        """Take a short window where the rows found are read along the whole table."""
        kind = ShortWindow if self._is_common(request) else self.paginator
        return kind(queryset, per_page, **more)

    def _is_common(self, request):
        """Tell whether common words are searched for in the whole list; what narrows it further has indexes of its own."""
        narrowed = {name for name, value in request.GET.items() if value} - ANY_LENGTH
        if narrowed:
            return False
        query = request.GET.get("q", "")
        known = vars(request).setdefault("common_words", {})
        if query not in known:
            known[query] = bigrams.is_common(Talent, query)
        return known[query]

    def list_links(self, request, changelist):
        """Offer finding by a number, and the list as a workbook."""
        # A number typed into the search box is posted there (static/js/admin_search.js).
        links = [(_("按手机号或身份证号查找"), self.address("by_number"), "data-numbers")]
        narrowed = changelist.get_query_string(remove=["p", "after"])
        links.append((_("按条件看人数"), self.address("facets") + narrowed, ""))
        links.append((_("发展趋势"), self.address("trends"), ""))
        if self.has_export_permission(request):
            links.append((_("导出当前列表"), self.address("export") + narrowed, ""))
        return links

    def get_urls(self):
        """Add the pages of the list."""
        view = self.admin_site.admin_view
        pages = {
            "by_number": self.by_number,
            "facets": self.facets,
            "trends": self.trends,
            "export": self.export,
        }
        urls = [
            path(f"{name.replace('_', '-')}/", view(page), name=f"talents_talent_{name}")
            for name, page in pages.items()
        ]
        return [*urls, *self.merge_urls(), *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Show the record as a dossier (talents.dossier)."""
        talent = self.get_object(request, object_id)
        if talent is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, talent):
            raise PermissionDenied
        shown = dossier.context(talent, admin=self, request=request)
        title = talent.full_name or talent.code
        return self.page(request, "talents/admin/dossier.html", title=title, **shown)

    # --- the list's own pages ---
    def by_number(self, request):
        """Find a record by its whole number, posted so that it stays out of addresses and logs."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return decide(
            self,
            request,
            title=_("按手机号或身份证号查找"),
            form_class=FindForm,
            submit=_("查找"),
            operation=finding.find_by_number,
            back=self.address("changelist"),
            # Of several with one phone the newest: its page names the others.
            go_on=lambda talents: self.address("change", talents[0].pk),
        )

    def facets(self, request):
        """Show how many women of the narrowed list have which tier, title, discipline …."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            changelist = self.get_changelist_instance(request)
        except IncorrectLookupParameters:
            return redirect(self.address("changelist"))
        shown, found, more = facets.counted(changelist, request, timezone.localdate())
        return self.page(
            request,
            "talents/admin/facets.html",
            title=_("按条件看人数"),
            cl=changelist,
            facets=shown,
            found=found,
            more=more,
            any_more=any(facet.more for facet in shown),
            list_address=self.address("changelist"),
            kept=changelist.get_query_string(),
        )

    # --- many at once ---
    verify_selected = for_ticked(
        "verify_selected",
        gettext_lazy("审核通过所选"),
        title=gettext_lazy("审核通过所选"),
        form_class=VerifyForm,
        operation=operations.verify,
        outcome=gettext_lazy("通过后档案进入人才库，本人会收到通知。请确认每一份都已核对。"),
        done=ngettext_lazy("已通过 %(count)s 份。", "已通过 %(count)s 份。", "count"),
    )
    return_selected = for_ticked(
        "return_selected",
        gettext_lazy("退回所选"),
        title=gettext_lazy("退回所选"),
        form_class=ReturnForm,
        operation=operations.return_with_reason,
        outcome=gettext_lazy("同一个原因会发给每一位；她们修改后会重新提交。"),
        done=ngettext_lazy("已退回 %(count)s 份。", "已退回 %(count)s 份。", "count"),
    )
    tier_selected = for_ticked(
        "tier_selected",
        gettext_lazy("调整所选的人才层次"),
        title=gettext_lazy("调整人才层次"),
        form_class=TierForm,
        operation=_set_tier,
        outcome=gettext_lazy("有账号的本人会收到通知；每一份的办理记录都会写明改前和改后。"),
        done=ngettext_lazy("已调整 %(count)s 份。", "已调整 %(count)s 份。", "count"),
    )
    hand_over_selected = for_ticked(
        "hand_over_selected",
        gettext_lazy("转交所选到其他部门"),
        title=gettext_lazy("转交部门"),
        form_class=HandOverForm,
        operation=operations.hand_over,
        outcome=gettext_lazy("转交后由对方部门审核和查看，本部门不再显示这些档案。"),
        done=ngettext_lazy("已转交 %(count)s 份。", "已转交 %(count)s 份。", "count"),
    )

    # --- one record ---
    def facts(self, talent):
        """Say whom a decision is about."""
        return [
            (_("姓名"), talent.full_name),
            (_("单位"), talent.unit_name),
            (_("职称"), _title(talent)),
            (_("学历"), talent.get_education_level_display()),
        ]

    def _decide(
        self,
        request,
        object_id,
        title,
        operation,
        form_class,
        *,
        outcome,
        done,
        on=True,
        verb="",
        rule=None,
        more=(),
    ):
        """Ask for a decision on a record (kernel.admin.decision), then go on with the queue she came from.

        `on` False stays with the record. What has changed since she read it is shown before she decides. `verb`
        is what the audit log says of a decision that is taken once, `rule` the one the operation asks, `more` are
        further facts.
        """
        talent, seen = self.get_or_404(request, object_id), dossier.seen(request)
        back = self.address("change", talent.pk) + dossier.kept_query(self, request)
        facts = [
            *self.facts(talent),
            *more,
            *dossier.changed_since(talent, seen, reader=request.user),
        ]
        if talent.state == TalentState.SUBMITTED:
            facts += dossier.to_check(talent, request.user)
        return decide(
            self,
            request,
            title=title,
            form_class=form_class,
            facts=facts,
            outcome=outcome,
            submit=title,
            why_not=(rule or operations.why_not_decide)(talent, request.user),
            operation=partial(operation, talent=talent, seen=seen),
            done=done % {"name": talent.full_name},
            back=back,
            go_on=lambda _result: dossier.next_address(talent, self, request) if on else back,
            carried=[("seen", dossier.stamp(talent))],
            again=lambda: _decided(talent, verb, request),
        )

    @action(description=gettext_lazy("更正档案"), url_path="correct", permissions=["verify"])
    def correct(self, request, object_id):
        """Ask what is right, and why."""
        talent = self.get_or_404(request, object_id)
        decision = _("更正档案"), operations.correct, partial(CorrectForm, talent=talent)
        outcome = _("更正后立即生效，办理记录写明改了哪几项和理由。")
        done = _("%(name)s 的档案已更正。")
        rule = operations.why_not_correct
        shown = {"outcome": outcome, "done": done, "rule": rule, "on": False}
        return self._decide(request, object_id, *decision, **shown)

    @action(description=gettext_lazy("审核通过"), url_path="verify", permissions=["verify"])
    def verify(self, request, object_id):
        """Ask for the tier and take the record in."""
        outcome = _("通过后档案进入人才库，本人会收到通知，可以%(benefits)s。")
        outcome %= {"benefits": benefits()}
        done = _("%(name)s 的档案已入库，已通知本人。")
        form = partial(VerifyForm, talent=self.get_or_404(request, object_id))
        decision = _("审核通过"), operations.verify, form
        shown = {
            "outcome": outcome,
            "done": done,
            "verb": "talents.verify",
            "rule": operations.why_not_verify,
        }
        return self._decide(request, object_id, *decision, **shown)

    @action(description=gettext_lazy("退回补充"), url_path="return", permissions=["verify"])
    def send_back(self, request, object_id):
        """Ask what is missing and give the record back."""
        outcome = _("常用原因和您写的话会合成一句，发给本人；她修改后会重新提交。")
        done = _("%(name)s 的档案已退回，已通知本人。")
        decision = _("退回补充"), operations.return_with_reason, ReturnForm
        shown = {"outcome": outcome, "done": done, "rule": operations.why_not_verify}
        return self._decide(
            request, object_id, *decision, verb="talents.return_with_reason", **shown
        )

    @action(description=gettext_lazy("转交部门"), url_path="hand-over", permissions=["verify"])
    def hand_over(self, request, object_id):
        """Ask which department takes the record over."""
        outcome = _("转交后由对方部门审核和查看，本部门不再显示这份档案。")
        done = _("%(name)s 的档案已转交。")
        decision = _("转交部门"), operations.hand_over, HandOverForm
        return self._decide(request, object_id, *decision, outcome=outcome, done=done)
