"""Counts as people read them: a school its own, the district's where nobody can be made out in it."""

from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from kernel.admin.figures import share
from outreach.choices.models import PAIRS, ChoiceCell, ChoiceReport, First, Sex

FEW = 10  # a cell of fewer pupils is closed
SCHOOLS = 3  # of fewer the district's figures would be another school's


def first_choices(counts):
    """Return {sex: {first: pupils}} of {(sex, first, pair): pupils}."""
    return {
        sex: {
            first: sum(n for (s, f, _pair), n in counts.items() if (s, f) == (sex, first))
            for first in First.values
        }
        for sex in Sex.values
    }


def physics_share(counts, sex):
    """Say what share of girls or boys chose physics."""
    of_sex = first_choices(counts)[sex]
    return share(of_sex[First.PHYSICS], sum(of_sex.values()))


def shares(counts):
    """Return {sex: share in physics}."""
    return {sex: physics_share(counts, sex) for sex in Sex.values}


def districts(years):
    """Return {year: {sex: share in physics}} over all schools, without the years in which it would tell of a school or of few."""
    reports = ChoiceReport.objects.standing().filter(year__in=years)
    schools = dict(reports.order_by().values_list("year").annotate(n=Count("pk")))
    cells = ChoiceCell.objects.filter(report__in=reports).order_by()
    rows = cells.values_list("report__year", "sex", "first", "pair").annotate(n=Sum("pupils"))
    counts = {}
    for year, sex, first, pair, n in rows:
        counts.setdefault(year, {})[sex, first, pair] = n
    return {
        year: shares(found)
        for year, found in counts.items()
        if schools[year] >= SCHOOLS and _is_open(found)
    }


def _is_open(counts):
    return all(n >= FEW for of_sex in first_choices(counts).values() for n in of_sex.values())


def counts_of(report):
    """Return {(sex, first, pair): pupils} of a report whose cells were read along."""
    return {(cell.sex, cell.first, cell.pair): cell.pupils for cell in report.cells.all()}


def closed(numbers):
    """Return numbers as they may be read: under FEW closed (None), and of a single closed one the next smallest as well.

    What is left and a total known elsewhere would tell the only one that is closed.
    """
    shown = [n if n >= FEW else None for n in numbers]
    if shown.count(None) == 1 and len(shown) > 1:
        shown[min((n, i) for i, n in enumerate(shown) if n is not None)[1]] = None
    return shown


def pairs_of(counts, sex, first):
    """Return [(words of the second two, pupils)] of one sex and first choice, small cells closed."""
    numbers = closed([counts.get((sex, first, pair), 0) for pair in PAIRS])
    return [(pair_words(pair), n) for pair, n in zip(PAIRS, numbers, strict=True)]


def pair_words(pair):
    """Return the words of two subjects: 化学、生物."""
    one, other = PAIRS[pair]
    return _("%(one)s、%(other)s") % {"one": one.label, "other": other.label}
