"""What may be done in a review, and why not: pages ask, operations raise."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calls import rules
from calls.models import (
    HARD,
    REVIEWED,
    Application,
    ApplicationState,
    CallState,
    RelationKind,
)
from kernel.errors import Conflict, Invalid, Refused

State = ApplicationState
BLOCKING = sorted(HARD)


# --- staff -----------------------------------------------------------------------------------------
def why_not_run(review, by):
    """Say why `by` may not run this review: staff of the lead department do, and nobody who applied or judges in it."""
    if error := rules.why_not_manage(review.call, by, "calls.run_review"):
        return error
    if by is None:
        return None
    if review.call.applications.filter(talent__user=by.pk).exclude(state=State.WITHDRAWN).exists():
        return Refused("own_application", _("您自己申报了这一次，评审请由其他同事办理。"))
    if review.reviewers.filter(user=by.pk, left_at=None).exists():
        return Refused("own_review", _("您是这次的评审专家，评审请由其他同事组织。"))
    return None


def why_not_live(review):
    """Say why nothing of a review changes any more: its call is over."""
    if review.call.is_settled:
        return Conflict("call_settled", _("结果已经公布或已经取消，评审不再改动。"))
    if review.is_ranked:
        return Conflict("review_ranked", _("排名已经确定；要改动，请先撤销排名。"))
    return None


def why_not_prepare(review):
    """Say why the panel, the criteria and the settings do not change any more."""
    if error := why_not_live(review):
        return error
    if review.is_preparing:
        return None
    return Conflict(
        "panel_frozen",
        _("评分已经开始，评审专家和评分标准不再改动；有人不能继续的，写明原因更换或改派。"),
    )


def why_not_seat(review, user):
    """Say why this person cannot be on the panel."""
    sitting = review.reviewers.filter(user=user.pk).first()
    if sitting and not sitting.has_left:
        return Conflict("reviewer_twice", _("这位已经是这次的评审专家。"))
    if sitting:
        return Conflict("reviewer_left", _("这位专家已经退出这次评审，不能再加入。"))
    if not user.is_active:
        return Invalid("account_closed", _("这个账号已经停用，请另选一位。"))
    if user.is_staff and user.has_perm("calls.view_application"):
        return Refused("reviewer_sees_all", _("能查看申报的工作人员不能担任评审专家，请另选一位。"))
    applied = Application.objects.filter(call=review.call, talent__user=user.pk)
    if applied.exclude(state__in=(State.WITHDRAWN, State.REFUSED, State.NOT_ENDORSED)).exists():
        return Refused("reviewer_applied", _("这位自己申报了这一次，不能担任评审专家。"))
    return None


def why_not_assign(candidate, reviewer, found, *, reason=""):
    """Say why this reviewer cannot be given this application; `found` is what stands between them (calls.conflicts)."""
    review = candidate.review
    if error := why_not_live(review):
        return error
    if reviewer.has_left or reviewer.review_id != review.pk:
        return Conflict("reviewer_left", _("这位专家不在这次的名单里，请选择其他人。"))
    if candidate.application.state != State.ACCEPTED:
        return Conflict("not_accepted", _("只有已受理的申报参加评审。"))
    if candidate.assignments.filter(reviewer=reviewer, removed_at=None).exists():
        return Conflict("assigned_twice", _("这份申报已经分给这位专家。"))
    if hard := next((one for one in found if one.is_hard), None):
        if hard.kind == RelationKind.SELF:
            return Refused("own_application", _("不能评审本人的申报，请改派其他专家。"))
        sentence = _("%(name)s须回避这份申报（%(kind)s），请改派其他专家。")
        return Refused("must_recuse", sentence % {"name": reviewer.full_name, "kind": hard.label})
    if candidate.relations.filter(reviewer=reviewer, kind__in=BLOCKING).exists():
        sentence = _("%(name)s已声明回避这份申报，请改派其他专家。")
        return Refused("must_recuse", sentence % {"name": reviewer.full_name})
    if review.is_judging and not reason:
        return Invalid("reason_missing", _("评分已经开始，请写明改派的原因。"), field="reason")
    return None


def why_not_start(review, at):
    """Say why judging cannot begin."""
    if error := why_not_prepare(review):
        return error
    call = review.call
    if call.state not in (CallState.OPEN, CallState.CLOSED) or call.closes_at >= at:
        return Conflict("call_still_taking", _("申报还没有截止，截止以后才能开始评分。"))
    if call.applications.filter(state__in=(State.SUBMITTED, State.RETURNED)).exists():
        return Conflict("call_waiting", _("还有申报没有受理或等待补充，请先办理，再开始评分。"))
    before = call.stages.filter(kind__in=REVIEWED, order__lt=review.stage.order)
    if before.exclude(review__state="ranked").exists():
        return Conflict("review_before", _("前一个评审阶段还没有确定排名，请先完成。"))
    if not review.criteria.exists():
        return Conflict("criteria_missing", _("还没有评分标准，请先添加。"))
    if review.due_at is None or review.due_at <= at:
        return Invalid("due_missing", _("请先把评分截止时间定在以后。"), field="due_at")
    if not call.applications.filter(state=State.ACCEPTED).exists():
        return Conflict("nothing_to_judge", _("没有已受理的申报，不需要评审。"))
    return None


def why_not_covered(review):
    """Say which applications have fewer reviewers than the review asks for, or None."""
    short = [one.label for one in short_of_reviewers(review)]
    if not short:
        return None
    sentence = ngettext(
        "每份申报要有 %(least)s 位评审，这些还不够：%(labels)s。请分派。",
        "每份申报要有 %(least)s 位评审，这些还不够：%(labels)s。请分派。",
        review.least,
    )
    return Conflict(
        "not_enough_reviewers", sentence % {"least": review.least, "labels": "、".join(short[:10])}
    )


def short_of_reviewers(review):
    """Return the Candidates still to be judged that have too few standing sheets. Two queries."""
    rows = standing_candidates(review).prefetch_related("assignments")
    return [
        one
        for one in rows
        if sum(sheet.is_standing for sheet in one.assignments.all()) < review.least
    ]


def standing_candidates(review):
    """Return the Candidates whose applications are accepted, as a queryset."""
    return review.candidates.filter(
        application__state__in=(State.ACCEPTED, State.AWARDED, State.RESERVE, State.NOT_AWARDED)
    )


def why_not_undo_start(review):
    """Say why judging cannot be unmade."""
    if error := why_not_live(review):
        return error
    if not review.is_judging:
        return Conflict("not_judging", _("评分还没有开始。"))
    if review.candidates.filter(assignments__opened_at__isnull=False).exists():
        return Conflict(
            "review_opened", _("已有评审专家打开材料，不能退回准备；需要换人的，写明原因更换。")
        )
    return None


def why_not_replace(reviewer):
    """Say why this reviewer cannot be replaced."""
    if error := why_not_live(reviewer.review):
        return error
    if not reviewer.review.is_judging:
        return Conflict("not_judging", _("评分还没有开始，直接移出或添加评审专家就可以。"))
    if reviewer.has_left:
        return Conflict("reviewer_left", _("这位专家已经退出这次评审。"))
    return None


def why_not_move(assignment):
    """Say why a sheet cannot be taken from its reviewer."""
    if error := why_not_live(assignment.candidate.review):
        return error
    if assignment.removed_at:
        return Conflict("sheet_removed", _("这份评分表已经撤回。"))
    if assignment.handed_in_at:
        return Conflict(
            "sheet_handed_in", _("评分已经提交，不能改派；评分有误的，写明原因退回重评。")
        )
    return None


def why_not_reopen(assignment):
    """Say why a sheet that was handed in cannot go back to its reviewer."""
    if error := why_not_live(assignment.candidate.review):
        return error
    if not assignment.handed_in_at:
        return Conflict("sheet_open", _("这份评分还没有提交，专家可以直接修改。"))
    if assignment.reviewer.has_left:
        return Conflict("reviewer_left", _("这位专家已经退出这次评审，不能退回重评。"))
    return None


def why_not_undo_recusal(assignment):
    """Say why a recusal cannot be taken back: only what she declared herself can have been a mistake."""
    if error := why_not_live(assignment.candidate.review):
        return error
    if not assignment.recused_at or assignment.removed_at:
        return Conflict("not_recused", _("这份申报没有回避。"))
    found = assignment.candidate.relations.filter(reviewer=assignment.reviewer, is_declared=False)
    if found.filter(kind__in=BLOCKING).exists():
        return Refused("must_recuse", _("门户查到这位专家须回避这份申报，不能撤销。"))
    return None


def why_not_rank(review):
    """Say why the ranking cannot be fixed yet."""
    if error := why_not_live(review):
        return error
    if not review.is_judging:
        return Conflict("not_judging", _("评分还没有开始。"))
    late = review.call.applications.filter(state=State.ACCEPTED)
    if late.exclude(candidacies__review=review).exists():
        return Conflict("not_drawn", _("有新受理的申报还没有编入评审，请点“分派”。"))
    if error := why_not_covered(review):
        return error
    missing = sum(
        sheet.is_standing and not sheet.handed_in_at
        for one in standing_candidates(review).prefetch_related("assignments")
        for sheet in one.assignments.all()
    )
    if missing:
        sentence = ngettext(
            "还有 %(count)s 份评分没有提交，请催办或改派。",
            "还有 %(count)s 份评分没有提交，请催办或改派。",
            missing,
        )
        return Conflict("scores_missing", sentence % {"count": missing})
    if not standing_candidates(review).exists():
        return Conflict("nothing_to_judge", _("没有参加评审的申报。"))
    return None


def why_not_unrank(review):
    """Say why the ranking cannot be unmade."""
    if review.call.is_settled:
        return Conflict("call_settled", _("结果已经公布或已经取消，评审不再改动。"))
    if not review.is_ranked:
        return Conflict("not_ranked", _("排名还没有确定。"))
    if review.call.applications.exclude(result="").exists():
        return Conflict("has_result", _("已拟定结果，请先清除结果再撤销排名。"))
    later = review.call.stages.filter(kind__in=REVIEWED, order__gt=review.stage.order)
    if later.filter(review__judging_since__isnull=False).exists():
        return Conflict("review_after", _("后一个评审阶段已经开始，不能撤销这个排名。"))
    return None


# --- reviewers -------------------------------------------------------------------------------------
def why_not_hers(reviewer, by):
    """Say why `by` may not judge in this seat."""
    if by is None or (reviewer.user_id == by.pk and not reviewer.has_left):
        return None
    return Refused("not_yours", _("这份评审不是分给您的。"))


def why_not_judge(reviewer, at):
    """Say why nothing is judged now."""
    review = reviewer.review
    if review.call.is_settled:
        return Conflict("call_settled", _("这次申报已经办结，评审已经结束。"))
    if review.is_ranked:
        return Conflict("review_ranked", _("评分已经结束，排名已经确定，谢谢您。"))
    if not review.is_judging:
        return Conflict("not_judging", _("评分还没有开始，开始时会通知您。"))
    return None


def why_not_sheet(assignment, at):
    """Say why this sheet is not one to work on: judging is over, it was taken away, she is recused."""
    if error := why_not_judge(assignment.reviewer, at):
        return error
    if assignment.removed_at:
        return Conflict("sheet_removed", _("这份申报已经改派给其他专家，您不用再评。"))
    if assignment.recused_at:
        return Conflict("sheet_recused", _("您已回避这份申报，不用评分。"))
    return None


def why_not_open(assignment, at):
    """Say why she cannot read the application: before she has declared what stands between them she cannot."""
    if error := why_not_sheet(assignment, at):
        return error
    if assignment.declared_at is None:
        return Refused("declare_first", _("请先完成回避声明，再打开材料。"))
    return None


def why_not_read(assignment, at):
    """Say why the sheet of an application is not shown to her: not opened yet, or closed without being handed in."""
    why_not = why_not_open(assignment, at)
    if assignment.opened_at is None:
        return why_not or Conflict("open_first", _("请先打开材料，再评分。"))
    return None if assignment.handed_in_at else why_not


def why_not_score(assignment, at):
    """Say why nothing can be written into a sheet."""
    if error := why_not_open(assignment, at):
        return error
    if assignment.opened_at is None:
        return Conflict("open_first", _("请先打开材料，再评分。"))
    if assignment.handed_in_at:
        return Conflict(
            "sheet_handed_in", _("评分已经提交，不能再改；确有错误的，请联系组织评审的部门退回。")
        )
    return None


def why_not_points(criterion, value):
    """Say why this is no score of a criterion; None is one that is not given yet."""
    if value is None or 0 <= value <= criterion.most:
        return None
    sentence = _("“%(name)s”请填 0 到 %(most)s 之间的分数。")
    return Invalid(
        "score_out_of_range",
        sentence % {"name": criterion.label, "most": criterion.most},
        field=criterion.key,
    )


def incomplete(reviewer):
    """Return the Assignments she still has to finish before she can hand in. Three queries."""
    needed = set(reviewer.review.criteria.values_list("pk", flat=True))
    rows = reviewer.assignments.standing().filter(handed_in_at=None).prefetch_related("scores")
    return [
        sheet
        for sheet in rows.select_related("candidate")
        if needed - {score.criterion_id for score in sheet.scores.all() if score.value is not None}
    ]


def why_not_hand_in(reviewer, at):
    """Say why her scores cannot be handed in: all of them are, at once, so that they can be compared."""
    if error := why_not_judge(reviewer, at):
        return error
    if not reviewer.assignments.standing().filter(handed_in_at=None).exists():
        return Conflict("nothing_to_hand_in", _("没有要提交的评分。"))
    if open_ones := incomplete(reviewer):
        labels = "、".join(sheet.candidate.label for sheet in open_ones[:10])
        sentence = _("还不能提交，这些申报还没有评完：%(labels)s。")
        return Invalid("incomplete", sentence % {"labels": labels})
    return None
