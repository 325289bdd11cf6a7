"""The ranking of a review: reckoned whenever it is looked at, fixed once, unmade with a reason; what is taken out."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from calls import review_rules, scoring
from calls.locking import lock_review
from calls.models import Assignment, Candidate, RankBy, ReviewState
from kernel import reasons
from privacy import audit


@dataclass
class Line:
    """One application in the ranking: its sheets, both scores, its place."""

    candidate: Candidate
    sheets: list = field(default_factory=list)
    raw: object = None
    normalised: object = None
    place: int | None = None
    by_rule: bool = False


@dataclass
class Result:
    """A review as it stands: its lines, the first first; {sheet's number: total}, both ways; who differs."""

    lines: list
    totals: dict
    normalised: dict
    outliers: set

    @property
    def decided_by_rule(self):
        """Return the lines that stand before an equal one because women come first."""
        return [line for line in self.lines if line.by_rule]


def reckon(review):
    """Return the Result of a review from the sheets handed in so far; writes nothing. Five queries."""
    criteria = list(review.criteria.all())
    sheets = list(
        Assignment.objects.filter(candidate__review=review, removed_at=None)
        .select_related("reviewer", "candidate")
        .prefetch_related("scores")
        .order_by("candidate__number", "pk")
    )
    candidates = {
        one.pk: one
        for one in review_rules.standing_candidates(review)
        .select_related("application__talent__unit")
        .prefetch_related("relations__reviewer")
    }
    lines = {pk: Line(one) for pk, one in candidates.items()}
    counted = []
    for sheet in sheets:
        if sheet.candidate_id not in lines:
            continue  # withdrawn, or not accepted any more
        lines[sheet.candidate_id].sheets.append(sheet)
        if sheet.is_standing and sheet.handed_in_at:
            given = {score.criterion_id: score.value for score in sheet.scores.all()}
            total = scoring.total(given, criteria)
            counted.append(scoring.Sheet(sheet.pk, sheet.reviewer_id, sheet.candidate_id, total))
    totals = {one.key: one.total for one in counted}
    comparable = scoring.normalised(counted)
    _place(review, lines, scoring.means(counted, totals), scoring.means(counted, comparable))
    return Result(
        sorted(
            lines.values(), key=lambda line: (line.place is None, line.place, line.candidate.number)
        ),
        {key: scoring.rounded(value) for key, value in totals.items()},
        {key: scoring.rounded(value) for key, value in comparable.items()},
        scoring.outliers(counted, review.outlier_points),
    )


def _place(review, lines, raw, normalised):
    for pk, line in lines.items():
        line.raw, line.normalised = raw.get(pk), normalised.get(pk)
    by = normalised if review.rank_by == RankBy.NORMALISED else raw
    women = {pk for pk, line in lines.items() if line.candidate.application.led_by_woman}
    for place in scoring.places(by, women, women_first=review.call.prefers_women):
        lines[place.candidate].place, lines[place.candidate].by_rule = place.place, place.by_rule


@transaction.atomic
def fix_ranking(*, review, by, now):
    """Let the ranking stand: all sheets are in, no score changes any more. Twice does nothing twice. Returns the Review.

    Where the rule "women preferred on equal merit" decided, the audit entry says of which applications.
    """
    if error := review_rules.why_not_run(review, by):
        raise error
    review = lock_review(review)
    if review.is_ranked:
        return review
    if error := review_rules.why_not_rank(review):
        raise error
    result = reckon(review)
    for line in result.lines:
        one = line.candidate
        one.raw, one.normalised, one.place, one.by_rule = (
            line.raw,
            line.normalised,
            line.place,
            line.by_rule,
        )
    Candidate.objects.bulk_update(
        [line.candidate for line in result.lines], ["raw", "normalised", "place", "by_rule"]
    )
    review.state, review.ranked_at = ReviewState.RANKED, now
    review.save(update_fields=["state", "ranked_at"])
    ruled = [line.candidate.label for line in result.decided_by_rule]
    audit.record(
        "calls.fix_ranking", review, by=by, at=now, **({"women_first": ruled} if ruled else {})
    )
    return review


@transaction.atomic
def unfix_ranking(*, review, reason, by, now):
    """Unmake the ranking while no result is noted, and say why. Returns the Review."""
    if error := review_rules.why_not_run(review, by):
        raise error
    review = lock_review(review)
    if error := review_rules.why_not_unrank(review):
        raise error
    reason = reasons.clean(reason, _("请写明撤销排名的原因。"))
    review.candidates.update(raw=None, normalised=None, place=None, by_rule=False)
    review.state, review.ranked_at = ReviewState.JUDGING, None
    review.save(update_fields=["state", "ranked_at"])
    audit.record("calls.unfix_ranking", review, by=by, at=now, reason=reason)
    return review


@transaction.atomic
def take_scores(*, review, by, now):
    """Note that the scores or the minutes of a review are taken out. Raises Refused; returns the Review."""
    if error := review_rules.why_not_run(review, by):
        raise error
    audit.record("calls.take_scores", review, by=by, at=now)
    return review


def relations_of(result):
    """Return {(reviewer's number, candidate's number): [Relation]} of a Result's lines."""
    of = defaultdict(list)
    for line in result.lines:
        for row in line.candidate.relations.all():
            of[row.reviewer_id, line.candidate.pk].append(row)
    return of
