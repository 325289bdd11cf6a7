"""Subject choice of the demo (liangjiang.demo): three schools over three years; in the last year one has not counted."""

from accounts.models import Unit, UnitKind
from outreach.choices import operations
from outreach.choices.models import CELLS

YEARS = (2027, 2028, 2029)


def make(world):
    """Put the counts on the timeline."""
    schools = list(Unit.objects.filter(kind=UnitKind.SCHOOL).order_by("pk")[:3])
    for number, school in enumerate(schools):
        for turn, year in enumerate(YEARS):
            if (number, year) != (2, YEARS[-1]):
                world.at(world.days(-700 + turn * 330 + number), _count, school, year, number, turn)


def _count(world, school, year, number, turn, moment):
    counts = {
        cell: 14 + number * 3 + place % 5 + _lean(cell, turn) for place, cell in enumerate(CELLS)
    }
    operations.save_choices_of_year(unit=school, year=year, counts=counts, by=None, now=moment)


def _lean(cell, turn):
    """Return how many more chose a cell: boys physics, girls a little more of it each year."""
    sex, first, _pair = cell
    if first != "physics":
        return 0
    return 12 if sex == "boys" else 2 + 3 * turn
