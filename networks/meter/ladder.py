"""The ladder of an association, from members to leaders: women's share, since when, the target, and how many are missing."""

from dataclasses import dataclass
from typing import Any

from networks.meter.models import ShareCount, ShareTarget
from networks.posts.models import Rung, Term


@dataclass(frozen=True)
class Step:
    """One rung: its count (None where nobody knows), whether that is old, the last term's, and the target."""

    rung: str
    label: Any
    count: Any
    is_old: bool
    before: Any
    target: Any

    @property
    def gap(self):
        """Return how many women are missing to the target among as many people as now, None where it is not known."""
        if self.count is None or self.target is None:
            return None
        return max(0, -(-self.target.percent * self.count.total // 100) - self.count.women)

    @property
    def change(self):
        """Return how many points the share has moved since the last term, None where one of the two is not known."""
        if self.count is None or self.before is None:
            return None
        return round(self.count.percent - self.before.percent, 1)


def of(association, day):
    """Return the Steps of an association on a day, the lowest first; rungs of which nothing is known or aimed at left out.

    Queries: four.
    """
    return of_many([association], day)[association.pk]


def of_many(associations, day):
    """Return {number of an association: its Steps}. Queries: four, however many."""
    counts = _by_rung(ShareCount.objects.filter(association__in=associations).current(day))
    targets = _by_rung(ShareTarget.objects.filter(association__in=associations))
    before = _of_last_terms(associations, day)
    return {
        one.pk: [
            step
            for rung in Rung
            if (step := _step(rung, one.pk, counts, targets, before, day)).count or step.target
        ]
        for one in associations
    }


def _by_rung(rows):
    return {(row.association_id, row.rung): row for row in rows}


def _step(rung, pk, counts, targets, before, day):
    count = counts.get((pk, rung.value))
    return Step(
        rung=rung.value,
        label=rung.label,
        count=count,
        is_old=count is not None and count.is_old(day),
        before=before.get((pk, rung.value)),
        target=targets.get((pk, rung.value)),
    )


def _of_last_terms(associations, day):
    """Return {(association, rung): the newest confirmed count up to the end of the term before the one that runs}."""
    begins = {}
    for term in Term.objects.filter(association__in=associations, starts_on__lte=day):
        begins[term.association_id] = max(
            begins.get(term.association_id, term.starts_on), term.starts_on
        )
    found = {}
    rows = ShareCount.objects.confirmed().filter(association__in=begins).order_by("as_of")
    for row in rows:
        if row.as_of < begins[row.association_id]:
            found[row.association_id, row.rung] = row
    return found


def next_election(association, day):
    """Return the newest Term of an association, whose end is when it has to elect, None where no term is known."""
    return association.terms.order_by("-starts_on").first()
