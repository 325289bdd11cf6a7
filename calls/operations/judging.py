"""Reviewers declare, open, score and hand in; staff give a sheet back; the clock reminds."""

from django.db import transaction
from django.utils.translation import gettext as _

from calls import letters, review_rules, rules
from calls.locking import lock_assignment, lock_review, share_review
from calls.models import DECLARABLE, HARD, Relation, Reviewer, Score
from kernel import reasons
from kernel.errors import Invalid
from privacy import audit

LONGEST = 2000  # characters of a comment


def _hers(reviewer, by):
    if error := review_rules.why_not_hers(reviewer, by):
        raise error


def _sheet(assignment, by, rule, now):
    """Return the sheet locked under its shared review, once it is known that it is hers and that `rule` lets her."""
    _hers(assignment.reviewer, by)
    sheet = lock_assignment(assignment, review=share_review(assignment.reviewer.review))
    _hers(sheet.reviewer, by)
    if error := rule(sheet, now):
        raise error
    return sheet


@transaction.atomic
def declare_interests(*, reviewer, answers, by, now):
    """She declares before she opens anything. Returns the Reviewer.

    `answers` is {sheet's number: (kind or "" for none, note)}: of a blind review empty, she declares that she will
    say whom she recognises; of another one for each sheet she has not declared. What blocks takes the sheet from her.
    Raises Refused, Conflict, Invalid for a sheet without an answer or a kind there is not.
    """
    _hers(reviewer, by)
    review = share_review(reviewer.review)
    reviewer = Reviewer.objects.select_for_update(of=("self",), no_key=True).get(pk=reviewer.pk)
    reviewer.review = review
    _hers(reviewer, by)
    if error := review_rules.why_not_judge(reviewer, now):
        raise error
    waiting = list(
        reviewer.assignments.standing().filter(declared_at=None).select_related("candidate")
    )
    if not waiting:
        return reviewer
    for sheet in waiting:
        kind, note = answers.get(sheet.pk, (None, "")) if not review.is_blind else ("", "")
        _check_kind(kind, f"kind_{sheet.pk}")
        sheet.declared_at = now
        if kind:
            _relate(sheet, reviewer, kind, note, now)
        sheet.save(update_fields=["declared_at", "recused_at"])
    audit.record("calls.declare_interests", reviewer, by=by, at=now)
    return reviewer


def _check_kind(kind, field):
    if kind is None:
        raise Invalid("answer_missing", _("请逐份选择有没有利害关系。"), field=field)
    if kind and kind not in DECLARABLE:
        raise Invalid("kind_unknown", _("请从列出的关系里选一个。"), field=field)


def _relate(sheet, reviewer, kind, note, now):
    row, is_new = Relation.objects.get_or_create(
        reviewer=reviewer,
        candidate=sheet.candidate,
        kind=kind,
        defaults={"is_declared": True, "note": (note or "").strip()[:200], "at": now},
    )
    if not is_new and not row.is_declared:
        row.is_declared = True
        row.save(update_fields=["is_declared"])
    if kind in HARD:
        sheet.recused_at, sheet.handed_in_at = now, None


@transaction.atomic
def open_file(*, assignment, by, now):
    """She opens the application. Before she has declared it is refused. Returns the Assignment."""
    sheet = _sheet(assignment, by, review_rules.why_not_open, now)
    if sheet.opened_at is None:
        sheet.opened_at = now
        sheet.save(update_fields=["opened_at"])
        audit.record("calls.open_file", sheet, by=by, at=now)
    return sheet


@transaction.atomic
def declare_recognised(*, assignment, kind, note="", by, now):
    """She says what stands between her and an applicant she recognised in a file; what blocks takes it from her.

    Returns the Assignment.
    """
    sheet = _sheet(assignment, by, review_rules.why_not_open, now)
    _check_kind(kind or None, "kind")
    if sheet.candidate.relations.filter(
        reviewer=sheet.reviewer, kind=kind, is_declared=True
    ).exists():
        return sheet
    _relate(sheet, sheet.reviewer, kind, note, now)
    sheet.save(update_fields=["recused_at", "handed_in_at"])
    audit.record("calls.declare_recognised", sheet, by=by, at=now)
    return sheet


@transaction.atomic
def save_scores(*, assignment, scores, by, now):
    """Keep what she gave so far: {criterion's number: (points or None, comment)}; others' numbers are passed over.

    Raises Refused, Conflict, Invalid for points out of range (nothing is saved then). Returns the Assignment.
    """
    sheet = _sheet(assignment, by, review_rules.why_not_score, now)
    criteria = [one for one in sheet.reviewer.review.criteria.all() if one.pk in scores]
    for one in criteria:
        if error := review_rules.why_not_points(one, scores[one.pk][0]):
            raise error
    kept = {row.criterion_id: row for row in sheet.scores.all()}
    for one in criteria:
        value, comment = scores[one.pk]
        comment = comment.strip()[:LONGEST]
        row = kept.get(one.pk) or Score(assignment=sheet, criterion=one)
        if (row.value, row.comment or "") == (value, comment):
            continue
        row.value, row.comment = value, comment
        row.save()
    sheet.saved_at = now
    sheet.save(update_fields=["saved_at"])
    return sheet


@transaction.atomic
def hand_in(*, reviewer, by, now):
    """She hands in all her open sheets at once. Returns the Reviewer.

    Raises Refused, Conflict, Invalid with the sheets that are not finished. Handing in twice does nothing twice.
    """
    _hers(reviewer, by)
    review = share_review(reviewer.review)
    reviewer = Reviewer.objects.select_for_update(of=("self",), no_key=True).get(pk=reviewer.pk)
    reviewer.review = review
    _hers(reviewer, by)
    waiting = reviewer.assignments.standing().filter(handed_in_at=None)
    if not waiting.exists() and reviewer.assignments.standing().exists():
        return reviewer
    list(waiting.select_for_update(of=("self",), no_key=True))
    if error := review_rules.why_not_hand_in(reviewer, now):
        raise error
    waiting.update(handed_in_at=now)
    audit.record("calls.hand_in_scores", reviewer, by=by, at=now)
    return reviewer


def _given_back(assignment, by, rule):
    review = assignment.candidate.review
    if error := review_rules.why_not_run(review, by):
        raise error
    sheet = lock_assignment(assignment, review=lock_review(review))
    if error := rule(sheet):
        raise error
    return sheet


@transaction.atomic
def reopen_scores(*, assignment, reason, by, now):
    """Staff give a sheet that was handed in back to its reviewer, before the ranking stands; she is told why.

    What she gave stays until she changes it. Returns the Assignment.
    """
    sheet = _given_back(assignment, by, review_rules.why_not_reopen)
    reason = reasons.clean(reason, _("请写明退回重评的原因。"))
    sheet.handed_in_at = None
    sheet.save(update_fields=["handed_in_at"])
    audit.record("calls.reopen_scores", sheet, by=by, at=now, reason=reason)
    letters.review_reopened(sheet, reason, now)
    return sheet


@transaction.atomic
def undo_recusal(*, assignment, reason, by, now):
    """Staff take back a recusal somebody declared by mistake, before the ranking stands. Returns the Assignment."""
    sheet = _given_back(assignment, by, review_rules.why_not_undo_recusal)
    reason = reasons.clean(reason, _("请写明撤销回避的原因。"))
    blocking = sheet.candidate.relations.filter(reviewer=sheet.reviewer, kind__in=sorted(HARD))
    blocking.filter(is_declared=True).delete()
    sheet.recused_at = None
    sheet.save(update_fields=["recused_at"])
    audit.record("calls.undo_recusal", sheet, by=by, at=now, reason=reason)
    letters.review_assigned([sheet.reviewer], now)
    return sheet


@transaction.atomic
def remind_reviewer(*, reviewer, by, now):
    """Remind a reviewer who has not handed in; the clock does so, and staff may at any time, once an hour. Returns her."""
    if by is not None and (
        error := rules.why_not_manage(reviewer.review.call, by, "calls.run_review")
    ):
        raise error
    review = share_review(reviewer.review)
    reviewer = Reviewer.objects.select_for_update(of=("self",), no_key=True).get(pk=reviewer.pk)
    reviewer.review = review
    if not Reviewer.objects.unfinished().filter(pk=reviewer.pk).exists():
        return reviewer
    if reviewer.reminded_at and (now - reviewer.reminded_at).total_seconds() < 3600:
        return reviewer
    reviewer.reminded_at = now
    reviewer.save(update_fields=["reminded_at"])
    audit.record("calls.remind_reviewer", reviewer, by=by, at=now)
    letters.review_due(reviewer, now)
    return reviewer
