"""Staff prepare a review: how it is judged, by whom, who judges what; then judging begins and the panel is frozen."""

import random
from collections import Counter

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.operations import account_for
from calls import conflicts, letters, review_rules
from calls.locking import lock_assignment, lock_review
from calls.models import (
    Application,
    ApplicationState,
    Assignment,
    Candidate,
    Criterion,
    Relation,
    Reviewer,
    ReviewState,
)
from kernel import reasons
from kernel.errors import Conflict, Invalid
from privacy import audit

SETTINGS = ("least", "due_at", "rank_by", "outlier_points")
MOVES_LATER = frozenset({"due_at", "outlier_points"})  # what changes while the panel is at work
JUDGED_BY = ("name", "name_en", "help", "most", "weight")
ROLE = "reviewer"


def _run(review, by):
    """Return the review locked, once it is known that `by` may run it."""
    if error := review_rules.why_not_run(review, by):
        raise error
    return lock_review(review)


def _prepared(review, by):
    review = _run(review, by)
    if error := review_rules.why_not_prepare(review):
        raise error
    return review


def _reason(review, reason):
    """Return a reason tidied; before judging begins none is asked for."""
    if not review.is_judging:
        return ""
    return reasons.clean(reason, _("评分已经开始，请写明改派的原因。"))


# --- how it is judged ------------------------------------------------------------------------------
@transaction.atomic
def edit_review(*, review, values, by, now):
    """Change how a review is judged: names of SETTINGS to values. Once judging has begun, those of MOVES_LATER.

    Raises Refused, Conflict for what is frozen, Invalid for a deadline in the past. Returns the Review.
    """
    review = _run(review, by)
    changed = [n for n in SETTINGS if n in values and getattr(review, n) != values[n]]
    rule = review_rules.why_not_live
    if set(changed) - MOVES_LATER:
        rule = review_rules.why_not_prepare
    if error := rule(review):
        raise error
    if "due_at" in changed and (values["due_at"] is None or values["due_at"] <= now):
        raise Invalid("due_missing", _("请先把评分截止时间定在以后。"), field="due_at")
    if changed:
        for name in changed:
            setattr(review, name, values[name])
        review.save(update_fields=changed)
        audit.record("calls.edit_review", review, by=by, at=now, fields=changed)
    return review


@transaction.atomic
def save_criterion(*, review, criterion=None, values, by, now):
    """Add a criterion, or change one; `values` are names of JUDGED_BY. Returns the Criterion."""
    review = _prepared(review, by)
    last = review.criteria.aggregate(last=Max("order"))["last"] or 0
    criterion = criterion or Criterion(review=review, order=last + 1)
    for name in JUDGED_BY:
        if name in values:
            setattr(criterion, name, values[name])
    if review.criteria.filter(name=criterion.name).exclude(pk=criterion.pk).exists():
        raise Invalid("criterion_twice", _("已有同名的评分标准。"), field="name")
    criterion.save()
    audit.record("calls.write_criteria", review, by=by, at=now)
    return criterion


@transaction.atomic
def remove_criterion(*, criterion, by, now):
    """Take a criterion out. Raises Refused, or Conflict once judging has begun."""
    review = _prepared(criterion.review, by)
    if review.criteria.filter(pk=criterion.pk).delete()[0]:
        audit.record("calls.write_criteria", review, by=by, at=now)


# --- by whom ---------------------------------------------------------------------------------------
@transaction.atomic
def add_reviewer(*, review, person, by, now):
    """Put somebody on the panel. Returns the Reviewer.

    `person` is {"talent": a Talent with an account}, or of an outside expert {"full_name", "unit_text", "phone" or
    "email"}: she gets an account that reads nothing but what is assigned to her, or keeps the one she has.
    """
    return _seat(_prepared(review, by), person, by, now)


def _seat(review, person, by, now, replaces=None):
    talent = person.get("talent")
    user = (
        _account(talent)
        if talent
        else account_for(
            full_name=person["full_name"],
            phone=person.get("phone"),
            email=person.get("email"),
            now=now,
        )
    )
    if error := review_rules.why_not_seat(review, user):
        raise error
    reviewer = Reviewer.objects.create(
        review=review,
        user=user,
        full_name=talent.full_name if talent else person["full_name"],
        unit_text=talent.unit_name if talent else person.get("unit_text", ""),
        is_outside=talent is None,
        added_at=now,
        replaces=replaces,
    )
    user.groups.add(_role())
    audit.record("calls.add_reviewer", reviewer, by=by, at=now)
    return reviewer


def _role():
    from django.contrib.auth.models import Group

    return Group.objects.get(name=ROLE)


def _account(talent):
    if talent.user is None:
        raise Conflict("no_account", _("这位专家还没有账号，请先登录认领档案，或按外部专家邀请。"))
    return talent.user


def _give_role_back(reviewer):
    """Take the role from whoever sits on no panel any more."""
    if not Reviewer.objects.standing().filter(user=reviewer.user_id).exists():
        reviewer.user.groups.remove(_role())


@transaction.atomic
def remove_reviewer(*, reviewer, by, now):
    """Take somebody off the panel before judging begins, with what was to be hers."""
    review = _prepared(reviewer.review, by)
    reviewer = review.reviewers.select_related("user").filter(pk=reviewer.pk).first()
    if reviewer:
        audit.record("calls.remove_reviewer", reviewer, by=by, at=now)
        reviewer.delete()
        _give_role_back(reviewer)


@transaction.atomic
def replace_reviewer(*, reviewer, person, reason, by, now):
    """Let another person judge in somebody's place once judging has begun; the reason is on record.

    `person` as in `add_reviewer`. What she has handed in stays; what she has not goes to the other, as far as she may
    judge it. Returns the new Reviewer.
    """
    review = _run(reviewer.review, by)
    before = review.reviewers.select_related("user").get(pk=reviewer.pk)
    before.review = review
    if error := review_rules.why_not_replace(before):
        raise error
    reason = reasons.clean(reason, _("请写明更换的原因。"))
    before.left_at, before.left_reason = now, reason
    before.save(update_fields=["left_at", "left_reason"])
    _give_role_back(before)
    after = _seat(review, person, by, now, replaces=before)
    open_ones = list(
        before.assignments.standing()
        .filter(handed_in_at=None)
        .select_related("candidate__application__talent")
    )
    found = _found([after], [sheet.candidate for sheet in open_ones])
    for sheet in open_ones:
        sheet.removed_at, sheet.remove_reason = now, reason
        sheet.save(update_fields=["removed_at", "remove_reason"])
        sheet.candidate.review = review
        between = found[after, sheet.candidate.application.talent_id]
        if review_rules.why_not_assign(sheet.candidate, after, between, reason=reason) is None:
            _give(sheet.candidate, after, between, now, reason)
    audit.record("calls.replace_reviewer", before, by=by, at=now, reason_in="left_reason")
    letters.review_left(before, now)
    letters.review_began([after], now)
    return after


# --- who judges what -------------------------------------------------------------------------------
def draw_candidates(review):
    """Give every accepted application that has none a number in the review, in an order that tells nothing."""
    accepted = Application.objects.filter(call=review.call, state=ApplicationState.ACCEPTED)
    fresh = list(accepted.exclude(candidacies__review=review).values_list("pk", flat=True))
    random.SystemRandom().shuffle(fresh)
    last = review.candidates.aggregate(last=Max("number"))["last"] or 0
    Candidate.objects.bulk_create(
        Candidate(review=review, application_id=pk, number=number)
        for number, pk in enumerate(fresh, last + 1)
    )


def _found(reviewers, candidates):
    return conflicts.among(reviewers, [one.application for one in candidates])


def _give(candidate, reviewer, found, now, reason=""):
    """Make a sheet; what stands between them is kept for the minutes."""
    sheet = Assignment.objects.create(
        reviewer=reviewer, candidate=candidate, assigned_at=now, assign_reason=reason
    )
    Relation.objects.bulk_create(
        (
            Relation(
                reviewer=reviewer,
                candidate=candidate,
                kind=one.kind,
                is_declared=False,
                note=one.detail,
                at=now,
            )
            for one in found
        ),
        ignore_conflicts=True,
    )
    return sheet


@transaction.atomic
def distribute(*, review, reason="", by, now):
    """Give every application as many reviewers as the review asks for, those with least to do first, around conflicts.

    What is assigned stays. Once judging has begun, for what came late or lost a reviewer, with a reason.
    Raises Conflict with the applications nobody more can judge; nothing is assigned then. Returns the Review.
    """
    review = _run(review, by)
    if error := review_rules.why_not_live(review):
        raise error
    reason = _reason(review, reason)
    draw_candidates(review)
    panel = list(review.reviewers.standing().select_related("user__unit"))
    if len(panel) < review.least:
        raise Conflict("panel_small", _panel_small(review, len(panel)))
    candidates = list(
        review_rules.standing_candidates(review)
        .select_related("application__talent__unit")
        .prefetch_related("assignments", "relations")
    )
    given = _deal(review, panel, candidates)
    short = [one.label for one in candidates if len(given[one]) < _lacking(review, one)]
    if short:
        sentence = _("这些申报没有足够的专家可以评（其余都须回避）：%(labels)s。请添加评审专家。")
        raise Conflict("nobody_left", sentence % {"labels": "、".join(short[:10])})
    new = 0
    for candidate in candidates:
        for reviewer, between in given[candidate]:
            _give(candidate, reviewer, between, now, reason)
            new += 1
    if new:
        detail = {"reason": reason} if reason else {}
        audit.record("calls.distribute", review, by=by, at=now, **detail)
    if review.is_judging:
        letters.review_assigned({r for rows in given.values() for r, _between in rows}, now)
    return review


def _panel_small(review, count):
    sentence = _("每份申报要有 %(least)s 位评审，现在只有 %(count)s 位，请先添加评审专家。")
    return sentence % {"least": review.least, "count": count}


def _lacking(review, candidate):
    sheets = [sheet for sheet in candidate.assignments.all() if sheet.is_standing]
    return max(review.least - len(sheets), 0)


def _deal(review, panel, candidates):
    """Return {candidate: [(reviewer, what stands between them)]}: what is hardest to place is placed first."""
    found = _found(panel, candidates)
    load = Counter(
        sheet.reviewer_id
        for one in candidates
        for sheet in one.assignments.all()
        if sheet.is_standing
    )
    able = {}
    for one in candidates:
        taken = {sheet.reviewer_id for sheet in one.assignments.all() if sheet.removed_at is None}
        taken |= {row.reviewer_id for row in one.relations.all() if row.is_hard}
        able[one] = [
            reviewer
            for reviewer in panel
            if reviewer.pk not in taken
            and not any(row.is_hard for row in found[reviewer, one.application.talent_id])
        ]
    given = {one: [] for one in candidates}
    for one in sorted(candidates, key=lambda row: (len(able[row]), row.number)):
        # Soft relations last: they are allowed and minuted, and avoided where somebody else can judge.
        between = {r: found[r, one.application.talent_id] for r in able[one]}
        order = sorted(able[one], key=lambda r: (bool(between[r]), load[r.pk], r.pk))
        for reviewer in order[: _lacking(review, one)]:
            load[reviewer.pk] += 1
            given[one].append((reviewer, between[reviewer]))
    return given


@transaction.atomic
def assign(*, candidate, reviewer, reason="", by, now):
    """Give one application to one reviewer; once judging has begun, with a reason. Returns the Assignment.

    Raises Refused where what stands between them blocks, where it is her own first of all.
    """
    review = _run(candidate.review, by)
    candidate = _candidate(candidate, review)
    reviewer = Reviewer.objects.select_related("user__unit").get(pk=reviewer.pk)
    found = _found([reviewer], [candidate])[reviewer, candidate.application.talent_id]
    reason = _reason(review, reason)
    if error := review_rules.why_not_assign(candidate, reviewer, found, reason=reason):
        raise error
    sheet = _give(candidate, reviewer, found, now, reason)
    audit.record("calls.assign", sheet, by=by, at=now, **({"reason": reason} if reason else {}))
    if review.is_judging:
        letters.review_assigned([reviewer], now)
    return sheet


def _candidate(candidate, review):
    candidate = Candidate.objects.select_related("application__talent__unit").get(pk=candidate.pk)
    candidate.review = review
    return candidate


@transaction.atomic
def withdraw_assignment(*, assignment, reason="", by, now):
    """Take a sheet that was not handed in from its reviewer; once judging has begun, with a reason. Returns it."""
    review = _run(assignment.candidate.review, by)
    sheet = lock_assignment(assignment, review=review)
    if error := review_rules.why_not_move(sheet):
        raise error
    sheet.removed_at, sheet.remove_reason = now, _reason(review, reason)
    sheet.save(update_fields=["removed_at", "remove_reason"])
    audit.record("calls.withdraw_assignment", sheet, by=by, at=now, reason_in="remove_reason")
    return sheet


@transaction.atomic
def reassign(*, assignment, reviewer, reason="", by, now):
    """Give a sheet that was not handed in to another reviewer. Returns the new Assignment."""
    withdraw_assignment(assignment=assignment, reason=reason, by=by, now=now)
    return assign(candidate=assignment.candidate, reviewer=reviewer, reason=reason, by=by, now=now)


# --- judging begins --------------------------------------------------------------------------------
@transaction.atomic
def start_judging(*, review, by, now):
    """Begin: panel, criteria and ranking rule are frozen, every reviewer is told. Twice does nothing twice.

    Conflicts are looked for once more, because units and careers change. Returns the Review.
    """
    review = _run(review, by)
    if review.is_judging:
        return review
    if error := review_rules.why_not_start(review, now):
        raise error
    draw_candidates(review)
    if error := review_rules.why_not_covered(review):
        raise error
    _refuse_hard(review, now)
    review.state, review.judging_since = ReviewState.JUDGING, now
    review.save(update_fields=["state", "judging_since"])
    audit.record("calls.start_judging", review, by=by, at=now)
    busy = review.reviewers.standing().filter(
        assignments__removed_at=None, assignments__isnull=False
    )
    letters.review_began(busy.select_related("user").distinct(), now)
    return review


def _refuse_hard(review, now):
    sheets = list(
        Assignment.objects.standing()
        .filter(candidate__in=review_rules.standing_candidates(review))
        .select_related("reviewer__user__unit", "candidate__application__talent__unit")
    )
    found = _found({s.reviewer for s in sheets}, {s.candidate for s in sheets})
    for sheet in sheets:
        between = found[sheet.reviewer, sheet.candidate.application.talent_id]
        if hard := next((one for one in between if one.is_hard), None):
            sentence = _("%(name)s须回避 %(label)s（%(kind)s），请先改派。")
            said = {"name": sheet.reviewer, "label": sheet.candidate.label, "kind": hard.label}
            raise Conflict("must_recuse", sentence % said)


@transaction.atomic
def undo_start(*, review, by, now):
    """Go back to preparing while nobody has opened a file. Returns the Review."""
    review = _run(review, by)
    if review.is_preparing:
        return review
    if error := review_rules.why_not_undo_start(review):
        raise error
    review.state, review.judging_since = ReviewState.PREPARING, None
    review.save(update_fields=["state", "judging_since"])
    audit.record("calls.undo_start", review, by=by, at=now)
    return review
