"""The public roll of honours: what is asked for, and what is found."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Min

from honours.models import Award, Honour, Level
from kernel import bigrams
from kernel.keyset import Keyset

NEWEST = Keyset(("-granted_on", "-id"))
PAGE = 30


@dataclass(frozen=True)
class Asked:
    """What a reader narrows the roll to; what makes no sense narrows nothing."""

    words: str = ""
    year: int | None = None
    honour: str = ""
    level: str = ""

    @classmethod
    def of(cls, query):
        """Return what an address asks for (its GET)."""
        year = query.get("year", "")
        is_year = year.isascii() and year.isdecimal() and len(year) == 4 and year >= "1900"
        level = query.get("level", "")
        return cls(
            words=query.get("q", "").strip()[: bigrams.LONGEST_TERM],
            year=int(year) if is_year else None,
            honour=query.get("honour", "")[:40],
            level=level if level in Level.values else "",
        )

    def __bool__(self):
        return bool(self.words or self.year or self.honour or self.level)


def found(asked):
    """Return the awards the roll shows to everybody who asks so; a queryset to be paged by NEWEST."""
    rows = Award.objects.on_roll().select_related("honour")
    if asked.year:
        rows = rows.filter(granted_on__range=(date(asked.year, 1, 1), date(asked.year, 12, 31)))
    if asked.honour:
        rows = rows.filter(honour__in=Honour.objects.filter(code=asked.honour))
    if asked.level:
        rows = rows.filter(honour__in=Honour.objects.filter(level=asked.level))
    return bigrams.match(rows, asked.words)


def years():
    """Return the years the roll reaches over, the newest first. One query."""
    ends = Award.objects.on_roll().aggregate(first=Min("granted_on"), last=Max("granted_on"))
    if ends["first"] is None:
        return []
    return list(range(ends["last"].year, ends["first"].year - 1, -1))
