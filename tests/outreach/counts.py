"""Subject choice as the tests need it."""

from outreach.choices import operations
from outreach.choices.models import CELLS
from tests import factories
from tests.factories import NOW


def school(**fields):
    """Return a school."""
    return factories.unit(kind="school", **fields)


def contact(unit=None):
    """Return the contact of a school."""
    person = factories.user("冯联系", unit=unit or school())
    person.groups.set(type(person).groups.rel.model.objects.filter(name="unit_contact"))
    return person


def counted(girls_physics=12, **cells):
    """Return the counts of a year: 10 in each cell, of girls in physics so many."""
    found = {cell: girls_physics if cell[:2] == ("girls", "physics") else 10 for cell in CELLS}
    return found | cells


def report(unit=None, year=2028, girls_physics=12, now=NOW):
    """Return a school's counts of a year."""
    counts = counted(girls_physics)
    return operations.save_choices_of_year(
        unit=unit or school(), year=year, counts=counts, by=None, now=now
    )
