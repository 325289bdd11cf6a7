"""The pages of a review's panel: criteria, reviewers, who judges what, each with its way back."""

from functools import partial

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from calls import operations, review_rules
from calls.admin import review_forms as forms
from calls.models import Assignment, Candidate
from kernel.admin.actions import attempt

RUN = "calls.run_review"


class PanelPages:
    """Mixed into the reviews' admin, whose `_page` they use."""

    def _prepare(self, request, review, **page):
        why_not = review_rules.why_not_run(review, request.user)
        why_not = why_not or review_rules.why_not_prepare(review)
        return self._page(request, review, why_not=why_not, **page)

    def add_criterion(self, request, pk):
        """Ask what is judged."""
        review = self.get_or_404(request, pk)
        return self._prepare(
            request,
            review,
            title=_("添加评分标准"),
            submit=_("添加"),
            form_class=forms.CriterionForm,
            operation=partial(_save_criterion, review, None),
            done=_("已添加。"),
        )

    def edit_criterion(self, request, pk, number):
        """Change a criterion."""
        review = self.get_or_404(request, pk)
        criterion = get_object_or_404(review.criteria, pk=number)
        return self._prepare(
            request,
            review,
            title=_("修改评分标准"),
            submit=_("保存"),
            form_class=partial(forms.CriterionForm, criterion=criterion),
            operation=partial(_save_criterion, review, criterion),
            done=_("已保存。"),
        )

    def drop_criterion(self, request, pk, number):
        """Ask, then take a criterion out."""
        review = self.get_or_404(request, pk)
        criterion = get_object_or_404(review.criteria, pk=number)
        return self._prepare(
            request,
            review,
            title=_("删除“%(name)s”") % {"name": criterion.label},
            submit=_("删除"),
            danger=True,
            operation=partial(operations.remove_criterion, criterion=criterion),
            done=_("已删除。"),
        )

    def add_reviewer(self, request, pk):
        """Ask who comes on the panel."""
        review = self.get_or_404(request, pk)
        return self._prepare(
            request,
            review,
            title=_("添加评审专家"),
            submit=_("添加"),
            form_class=partial(forms.PersonForm, by=request.user),
            outcome=_("外部专家会有一个账号，只能看分给自己的申报；开始评分时才发通知。"),
            operation=partial(_add_reviewer, review),
            done=_("已添加。"),
        )

    def _reviewer(self, request, pk, number):
        review = self.get_or_404(request, pk)
        reviewer = get_object_or_404(review.reviewers.select_related("user"), pk=number)
        reviewer.review = review
        return review, reviewer

    def drop_reviewer(self, request, pk, number):
        """Ask, then take somebody off the panel."""
        review, reviewer = self._reviewer(request, pk, number)
        return self._prepare(
            request,
            review,
            title=_("移出“%(name)s”") % {"name": reviewer},
            submit=_("移出"),
            danger=True,
            outcome=_("分给这位专家的申报要重新分派。"),
            operation=partial(operations.remove_reviewer, reviewer=reviewer),
            done=_("已移出。"),
        )

    def replace(self, request, pk, number):
        """Ask who judges in her place, and why."""
        review, reviewer = self._reviewer(request, pk, number)
        why_not = review_rules.why_not_run(review, request.user)
        return self._page(
            request,
            review,
            why_not=why_not or review_rules.why_not_replace(reviewer),
            title=_("更换评审专家"),
            submit=_("更换"),
            danger=True,
            form_class=partial(forms.ReplaceForm, by=request.user),
            facts=[(_("退出的专家"), reviewer.full_name)],
            outcome=_("已提交的评分保留，没有提交的转给接替的专家；两人都会收到通知。不能恢复。"),
            operation=partial(_replace, reviewer),
            done=_("已更换。"),
        )

    def remind(self, request, pk, number):
        """Remind one reviewer now."""
        review, reviewer = self._reviewer(request, pk, number)
        if not request.user.has_perm(RUN):
            raise PermissionDenied
        attempt(request, operations.remind_reviewer, _("已催办。"), reviewer=reviewer)
        return redirect(self.address("panel_page", review.pk))

    def assign(self, request, pk, number):
        """Ask to whom an application goes besides."""
        review = self.get_or_404(request, pk)
        rows = Candidate.objects.select_related("application__talent__unit")
        candidate = get_object_or_404(rows, review=review, pk=number)
        candidate.review = review
        why_not = review_rules.why_not_run(review, request.user)
        return self._page(
            request,
            review,
            why_not=why_not or review_rules.why_not_live(review),
            title=_("分派 %(label)s") % {"label": candidate.label},
            submit=_("分派"),
            form_class=partial(forms.AssignForm, panel=review.reviewers.standing()),
            facts=[(_("申报人"), candidate.application.talent.full_name)],
            operation=partial(operations.assign, candidate=candidate),
            done=_("已分派。"),
        )

    def _sheet(self, request, pk, number):
        review = self.get_or_404(request, pk)
        rows = Assignment.objects.select_related(
            "reviewer__user", "candidate__application__talent"
        ).filter(candidate__review=review)
        sheet = get_object_or_404(rows, pk=number)
        sheet.reviewer.review = sheet.candidate.review = review
        return review, sheet

    def _sheet_page(self, request, pk, number, rule, **page):
        review, sheet = self._sheet(request, pk, number)
        operation = page.pop("operation")
        return self._page(
            request,
            review,
            why_not=review_rules.why_not_run(review, request.user) or rule(sheet),
            facts=[
                (_("评审编号"), sheet.candidate.label),
                (_("评审专家"), sheet.reviewer.full_name),
            ],
            operation=partial(operation, assignment=sheet),
            **page,
        )

    def move(self, request, pk, number):
        """Ask who judges it instead."""
        review, sheet = self._sheet(request, pk, number)
        panel = review.reviewers.standing().exclude(pk=sheet.reviewer_id)
        return self._sheet_page(
            request,
            pk,
            number,
            review_rules.why_not_move,
            title=_("改派"),
            submit=_("改派"),
            form_class=partial(forms.AssignForm, panel=panel),
            outcome=_("原来的专家不再看到这份申报，填过的不计入。"),
            operation=operations.reassign,
            done=_("已改派。"),
        )

    def reopen(self, request, pk, number):
        """Ask why a sheet goes back to its reviewer."""
        return self._sheet_page(
            request,
            pk,
            number,
            review_rules.why_not_reopen,
            title=_("退回重评"),
            submit=_("退回"),
            form_class=forms.ReopenForm,
            outcome=_("评审专家会收到通知，原来的评分保留，改好后重新提交。"),
            operation=operations.reopen_scores,
            done=_("已退回，已通知评审专家。"),
        )

    def undo_recusal(self, request, pk, number):
        """Ask why a recusal is taken back."""
        return self._sheet_page(
            request,
            pk,
            number,
            review_rules.why_not_undo_recusal,
            title=_("撤销回避"),
            submit=_("撤销回避"),
            form_class=forms.UndoRecusalForm,
            outcome=_("只用于专家声明有误的情况；撤销后可以接着评这一份。"),
            operation=operations.undo_recusal,
            done=_("已撤销回避。"),
        )


def _save_criterion(review, criterion, *, by, now, **values):
    return operations.save_criterion(
        review=review, criterion=criterion, values=values, by=by, now=now
    )


def _add_reviewer(review, *, by, now, **given):
    return operations.add_reviewer(review=review, person=forms.person(given), by=by, now=now)


def _replace(reviewer, *, reason, by, now, **given):
    return operations.replace_reviewer(
        reviewer=reviewer, person=forms.person(given), reason=reason, by=by, now=now
    )
