"""Reviews in the admin: criteria and panel, who judges what, scores beside one another, ranking, what is taken out."""

from functools import partial

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from unfold.decorators import action

from calls import advantages, blind, minutes, operations, review_rules, score_sheet
from calls.admin import review_forms as forms
from calls.admin.review_panel import RUN, PanelPages
from calls.models import Assignment, Review
from calls.operations.ranking import reckon, relations_of
from kernel.admin.actions import attempt
from kernel.admin.base import ReadOnly, StaffAdmin, has_perm
from kernel.admin.decision import decide
from kernel.admin.lists import column, state_column
from kernel.admin.offered import OffersByRule
from kernel.downloads import download
from kernel.words import moment_text
from privacy import history
from privacy.models import AuditEntry

COLOURS = {"judging": "warning", "ranked": "success"}


def _may(rule):
    return lambda review, by: review_rules.why_not_run(review, by) or rule(review)


def _in_hand(review):
    return None if review.is_judging else review_rules.why_not_prepare(review)


@admin.register(Review)
class ReviewAdmin(PanelPages, OffersByRule, ReadOnly, StaffAdmin):
    """The reviews of the calls a department leads."""

    list_display = ("call", "stage_shown", "state_shown", "due", "progress")
    list_filter = ("state", "stage__call__measure")
    list_select_related = ("stage__call__department",)
    ordering = ("-id",)
    readonly_fields = ("call", "stage_shown")
    empty_words = gettext_lazy(
        "还没有评审。发布带“匿名评分”或“评审会”阶段的申报通知后，评审会在这里。"
    )
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("call", "stage_shown"),
                    "state",
                    ("least", "rank_by"),
                    ("due_at", "outlier_points"),
                    ("judging_since", "ranked_at"),
                )
            },
        ),
    )
    actions_detail = (
        "panel_page",
        "scores_page",
        "settings",
        "distribute",
        "start",
        "undo_start",
        "fix",
        "unfix",
        "minutes",
        "export",
    )
    rules_of_actions = {
        "settings": _may(review_rules.why_not_live),
        "distribute": _may(review_rules.why_not_live),
        "start": _may(lambda review: review_rules.why_not_start(review, timezone.now())),
        "undo_start": _may(review_rules.why_not_undo_start),
        "fix": _may(review_rules.why_not_rank),
        "unfix": _may(review_rules.why_not_unrank),
        "minutes": review_rules.why_not_run,
        "export": review_rules.why_not_run,
    }

    has_run_permission = has_perm(RUN)

    call = column(gettext_lazy("申报通知"), lambda review: review.call.label)
    stage_shown = column(gettext_lazy("阶段"), lambda review: str(review.stage))
    state_shown = state_column(COLOURS, ordering="state")
    due = column(
        gettext_lazy("评分截止"),
        lambda review: moment_text(review.due_at) if review.due_at else "—",
        ordering="due_at",
    )
    progress = column(
        gettext_lazy("已交评分"), lambda review: f"{review.handed_in_count} / {review.sheet_count}"
    )

    def get_queryset(self, request):
        """Count the sheets of each, and those handed in."""
        going = Q(
            candidates__assignments__removed_at=None,
            candidates__assignments__recused_at=None,
            candidates__assignments__isnull=False,
        )
        done = going & Q(candidates__assignments__handed_in_at__isnull=False)
        return (
            super()
            .get_queryset(request)
            .select_related("stage__call__department")
            .annotate(
                sheet_count=Count("candidates__assignments", filter=going),
                handed_in_count=Count("candidates__assignments", filter=done),
            )
        )

    def history_view(self, request, object_id, extra_context=None):
        """Show what happened to a review, its panel and its sheets, in sentences."""
        review = self.get_or_404(request, object_id)
        if not self.has_view_or_change_permission(request, review):
            raise PermissionDenied
        sheets = Assignment.objects.filter(candidate__review=review)
        of = {
            "calls.review": [review.pk],
            "calls.reviewer": review.reviewers.values_list("pk", flat=True),
            "calls.assignment": sheets.values_list("pk", flat=True),
        }
        about = Q()
        for label, pks in of.items():
            about |= Q(object_type=label, object_id__in=[str(pk) for pk in pks])
        entries = AuditEntry.objects.filter(about).order_by("-pk")[:200]
        return self.page(
            request,
            "calls/admin/history.html",
            title=_("历史"),
            about=str(review),
            lines=history.lines(entries, reader=request.user),
            back=self.address("change", review.pk),
        )

    # --- pages that show ---
    @action(description=gettext_lazy("评审专家和分派"), url_path="panel")
    def panel_page(self, request, object_id):
        """Show the criteria, the panel, and who judges what."""
        review = self.get_or_404(request, object_id)
        result = reckon(review)
        judged = [line.candidate.application for line in result.lines]
        rows = _rows(result, advantages.beside(review.call, judged))
        return self.page(
            request,
            "calls/admin/panel.html",
            title=_("评审专家和分派"),
            review=review,
            criteria=review.criteria.all(),
            panel=review.reviewers.select_related("replaces").annotate(
                sheets=Count(
                    "assignments",
                    filter=Q(assignments__removed_at=None, assignments__recused_at=None),
                ),
                done=Count(
                    "assignments",
                    filter=Q(assignments__removed_at=None, assignments__handed_in_at__isnull=False),
                ),
            ),
            lines=sorted(rows, key=lambda row: row["line"].candidate.number),
            naming=_naming(review, result),
            left_out=blind.left_out(review.call),
            frozen=review_rules.why_not_run(review, request.user)
            or review_rules.why_not_prepare(review),
            closed=review_rules.why_not_run(review, request.user)
            or review_rules.why_not_live(review),
            back=self.address("change", review.pk),
        )

    @action(description=gettext_lazy("评分和排名"), url_path="scores")
    def scores_page(self, request, object_id):
        """Show the totals raw and normalised beside one another, who differs, and the ranking they give."""
        review = self.get_or_404(request, object_id)
        result = reckon(review)
        return self.page(
            request,
            "calls/admin/scores.html",
            title=_("评分和排名"),
            review=review,
            rows=_rows(result),
            formula=score_sheet.formula(),
            ruled=[line.candidate.label for line in result.decided_by_rule],
            closed=review_rules.why_not_run(review, request.user)
            or review_rules.why_not_live(review),
            back=self.address("change", review.pk),
        )

    # --- what is done with one ---
    def _page(self, request, review, *, rule=None, **page):
        if not request.user.has_perm(RUN):
            raise PermissionDenied
        why_not = self.rules_of_actions[rule](review, request.user) if rule else page.pop("why_not")
        page.setdefault("back", self.address("panel_page", review.pk))
        facts = [(_("评审"), str(review)), *page.pop("facts", ())]
        return decide(self, request, why_not=why_not, facts=facts, **page)

    @action(description=gettext_lazy("评审安排"), url_path="settings", permissions=["run"])
    def settings(self, request, object_id):
        """Ask how many judge each, until when, and what the ranking goes by."""
        review = self.get_or_404(request, object_id)
        return self._page(
            request,
            review,
            rule="settings",
            title=_("评审安排"),
            submit=_("保存"),
            form_class=partial(forms.SettingsForm, review=review),
            outcome=_("开始评分以后，评审人数和排名依据不再改动。"),
            operation=partial(_edit, review),
            back=self.address("change", review.pk),
            done=_("已保存。"),
        )

    @action(description=gettext_lazy("分派"), url_path="distribute", permissions=["run"])
    def distribute(self, request, object_id):
        """Ask once more, then assign automatically."""
        review = self.get_or_404(request, object_id)
        more = {} if review.is_preparing else {"form_class": forms.DistributeForm}
        return self._page(
            request,
            review,
            rule="distribute",
            title=_("自动分派"),
            submit=_("分派"),
            outcome=_(
                "避开回避关系，把每份申报分给规定人数的专家，各人份数尽量相同；已分派的不变。"
            ),
            operation=partial(operations.distribute, review=review),
            done=_("已分派。"),
            **more,
        )

    @action(description=gettext_lazy("开始评分"), url_path="start", permissions=["run"])
    def start(self, request, object_id):
        """Ask once more, then begin."""
        review = self.get_or_404(request, object_id)
        return self._page(
            request,
            review,
            rule="start",
            title=_("开始评分"),
            submit=_("开始并通知专家"),
            outcome=_(
                "评审专家会收到通知。评审专家和评分标准从此不再改动；还没有人打开材料时可以退回准备。"
            ),
            operation=partial(operations.start_judging, review=review),
            done=_("评分已开始，已通知评审专家。"),
        )

    @action(description=gettext_lazy("退回准备"), url_path="undo-start", permissions=["run"])
    def undo_start(self, request, object_id):
        """Ask once more, then go back."""
        review = self.get_or_404(request, object_id)
        return self._page(
            request,
            review,
            rule="undo_start",
            title=_("退回准备"),
            submit=_("退回准备"),
            outcome=_("还没有专家打开材料。退回后可以改评审专家和评分标准，再重新开始。"),
            operation=partial(operations.undo_start, review=review),
            done=_("已退回准备。"),
        )

    @action(description=gettext_lazy("确定排名"), url_path="fix", permissions=["run"])
    def fix(self, request, object_id):
        """Ask once more, then let the ranking stand."""
        review = self.get_or_404(request, object_id)
        return self._page(
            request,
            review,
            rule="fix",
            title=_("确定排名"),
            submit=_("确定排名"),
            outcome=_("确定后评分不再改动，可以拟定结果。还没有拟定结果时可以写明原因撤销。"),
            operation=partial(operations.fix_ranking, review=review),
            back=self.address("scores_page", review.pk),
            done=_("排名已确定。"),
        )

    @action(description=gettext_lazy("撤销排名"), url_path="unfix", permissions=["run"])
    def unfix(self, request, object_id):
        """Ask why, then unmake the ranking."""
        review = self.get_or_404(request, object_id)
        return self._page(
            request,
            review,
            rule="unfix",
            title=_("撤销排名"),
            submit=_("撤销"),
            form_class=forms.UnfixForm,
            outcome=_("评审回到评分中，可以退回个别评分重评，再重新确定。"),
            operation=partial(operations.unfix_ranking, review=review),
            back=self.address("scores_page", review.pk),
            done=_("已撤销排名。"),
        )

    def _file(self, request, object_id, made):
        review = self.get_or_404(request, object_id)
        if attempt(request, operations.take_scores, review=review) is None:
            return redirect(self.address("change", review.pk))
        return download(*made(review))

    @action(description=gettext_lazy("评审纪要"), url_path="minutes", permissions=["run"])
    def minutes(self, request, object_id):
        """Hand out the minutes as Word; each time is written to the audit log."""
        return self._file(request, object_id, minutes.made)

    @action(description=gettext_lazy("导出评分"), url_path="export", permissions=["run"])
    def export(self, request, object_id):
        """Hand out the scores as a workbook; each time is written to the audit log."""
        return self._file(request, object_id, score_sheet.made)

    # --- its parts ---
    def get_urls(self):
        """Add the pages of criteria, reviewers and sheets."""
        pages = [
            ("<int:pk>/criteria/add/", self.add_criterion, "add_criterion"),
            ("<int:pk>/criteria/<int:number>/", self.edit_criterion, "edit_criterion"),
            ("<int:pk>/criteria/<int:number>/remove/", self.drop_criterion, "drop_criterion"),
            ("<int:pk>/reviewers/add/", self.add_reviewer, "add_reviewer"),
            ("<int:pk>/reviewers/<int:number>/remove/", self.drop_reviewer, "drop_reviewer"),
            ("<int:pk>/reviewers/<int:number>/replace/", self.replace, "replace"),
            ("<int:pk>/reviewers/<int:number>/remind/", require_POST(self.remind), "remind"),
            ("<int:pk>/candidates/<int:number>/assign/", self.assign, "assign"),
            ("<int:pk>/sheets/<int:number>/move/", self.move, "move"),
            ("<int:pk>/sheets/<int:number>/reopen/", self.reopen, "reopen"),
            ("<int:pk>/sheets/<int:number>/undo-recusal/", self.undo_recusal, "undo_recusal"),
        ]
        wrap = self.admin_site.admin_view
        own = [path(where, wrap(view), name=f"calls_review_{name}") for where, view, name in pages]
        return own + super().get_urls()


def _rows(result, preferred=None):
    """Return what the pages show of each line: its sheets with both totals, and what stands between.

    `preferred` is {application's number: words} of the advantages that stand beside them.
    """
    preferred = preferred or {}
    between = relations_of(result)
    return [
        {
            "line": line,
            "preferred": preferred.get(line.candidate.application_id, ""),
            "sheets": [
                {
                    "sheet": sheet,
                    "raw": result.totals.get(sheet.pk),
                    "normalised": result.normalised.get(sheet.pk),
                    "is_outlier": sheet.pk in result.outliers,
                    "relations": between.get((sheet.reviewer_id, line.candidate.pk), ()),
                }
                for sheet in line.sheets
            ],
        }
        for line in result.lines
    ]


def _naming(review, result):
    """Return the labels of applications that name their applicant where a blind review shows it."""
    if not review.is_blind:
        return []
    return blind.naming(review, [line.candidate for line in result.lines])


def _edit(review, *, by, now, **values):
    return operations.edit_review(review=review, values=values, by=by, now=now)
