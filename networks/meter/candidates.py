"""Women who fit a rung of an association and may be asked: listed, of its fields, not there already."""

from networks.posts.models import Holding
from talents.models import Talent


def who_fit(association, rung, day):
    """Return the listed women of an association's disciplines who hold nothing on a rung, a queryset of Talents.

    Listed is what `talents.standing` says: in the database by her own consent, working here, not paused.
    """
    rows = Talent.objects.listed(day)
    if association.disciplines:
        rows = rows.filter(discipline__in=association.disciplines)
    there = Holding.objects.in_office(day).filter(association=association, rung=rung)
    return rows.exclude(pk__in=there.filter(talent__isnull=False).values("talent"))
