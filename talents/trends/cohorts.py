"""How far the women of one year of entry get: the share that reached the next title or tier, and the lists behind it."""

# ruff: noqa: S608 (what is put together are constants of this app; values are parameters)

import re
from dataclasses import dataclass
from datetime import date

from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from talents.trends.changes import CHANGES, STANDS, TIERS, TITLES, YEARS, ranked
from talents.trends.sql import of, rows

AFTER = (1, 2, 3, 5)  # years a cohort is followed
RANKS = {"title": TITLES, "tier": TIERS}
COLUMN = {"title": "title_level", "tier": "tier"}
RANK = {kind: ranked(f"s.{COLUMN[kind]}", ranks) for kind, ranks in RANKS.items()}
# That a snapshot `s` says one that is not the highest: who could rise.
LOWER = {
    kind: f"s.{COLUMN[kind]} IN ({', '.join(repr(code) for code, at in ranks.items() if at < max(ranks.values()))})"
    for kind, ranks in RANKS.items()
}
# Who came in, on which day and with which title and tier; a double that was merged away is nobody.
ENTERED = f"""SELECT s.talent_id, s.day, {RANK["title"]} AS title, {RANK["tier"]} AS tier
      FROM talents_careersnapshot s
     WHERE {CHANGES["joined"]} AND {STANDS}
       AND s.talent_id NOT IN (SELECT t.id FROM talents_talent t WHERE t.state = 'merged')"""
# That a snapshot `s` tells of a rise above what she entered `e` with.
ROSE = {kind: f"{CHANGES[kind]} AND {RANK[kind]} > e.{kind}" for kind in RANKS}


def may(kind, woman):
    """Return the condition that she could rise: not who entered with the highest, or said none. `woman` is an alias in SQL."""
    return f"{woman}.{kind} >= 0 AND {woman}.{kind} < {max(RANKS[kind].values())}"


def first_year(day):
    """Return the first year of entry that is looked at on a day."""
    return day.year - max(AFTER) - YEARS + 1


def counted(department, day):
    """Return, for each year of entry, how many of its women reached a higher title or tier n years later.

    Only whole cohorts that could have been followed so long are counted. Who left later stays among those who did not
    rise.
    """
    entered = f"{ENTERED} AND {of(department)} AND s.day >= %(first)s"
    given = {"department": department, "first": date(first_year(day), 1, 1)}
    entries = rows(
        f"""
        SELECT extract(year FROM e.day)::int, {", ".join(f"count(*) FILTER (WHERE {may(kind, 'e')})" for kind in RANKS)}
          FROM ({entered}) e GROUP BY 1 ORDER BY 1
        """,
        **given,
    )
    risen = {year: counts for year, *counts in _risen(entered, given)}
    nobody = [0] * len(RANKS) * len(AFTER)
    return [_figures(year, women, risen.get(year, nobody), day) for year, *women in entries]


def _risen(entered, given):
    """Return rows of (year of entry, how many reached a higher title and tier within each of AFTER).

    Few rise, so their rows are joined to those of their entry and not the other way round.
    """
    reached = ", ".join(
        f"count(*) FILTER (WHERE {may(kind, 'r')} AND r.{kind}_on < r.day + interval '{after} years')"
        for kind in RANKS
        for after in AFTER
    )
    return rows(
        f"""
        WITH r AS (
            SELECT e.talent_id, e.day, e.title, e.tier, {", ".join(f"min(s.day) FILTER (WHERE {ROSE[kind]}) AS {kind}_on" for kind in RANKS)}
              FROM (SELECT * FROM talents_careersnapshot s WHERE {" OR ".join(f"({CHANGES[kind]})" for kind in RANKS)}) s
              JOIN ({entered}) e USING (talent_id)
             GROUP BY 1, 2, 3, 4
        )
        SELECT extract(year FROM r.day)::int, {reached} FROM r GROUP BY 1
        """,
        **given,
    )


def _figures(year, women, risen, day):
    halves = (risen[: len(AFTER)], risen[len(AFTER) :])
    kinds = dict(zip(RANKS, zip(women, halves, strict=True), strict=True))
    return {"year": year} | {
        kind: {
            "of": people,
            "after": {
                str(after): count
                for after, count in zip(AFTER, counts, strict=True)
                if date(year + after, 12, 31) < day
            },
        }
        for kind, (people, counts) in kinds.items()
    }


@dataclass(frozen=True)
class Cohort:
    """The women of a year of entry who could rise in title or tier, or those of them who did within some years.

    Written "2022.title" or "2022.title.3".
    """

    year: int
    kind: str
    after: int = 0

    def __str__(self):
        return f"{self.year}.{self.kind}.{self.after}" if self.after else f"{self.year}.{self.kind}"

    @property
    def words(self):
        """Return what it is called."""
        said = {
            ("title", False): _("%(year)s 年入库，还可评更高职称"),
            ("tier", False): _("%(year)s 年入库，还可进更高层次"),
            ("title", True): _("%(year)s 年入库，%(after)s 年内评上更高职称"),
            ("tier", True): _("%(year)s 年入库，%(after)s 年内进入更高层次"),
        }
        return said[self.kind, bool(self.after)] % {"year": self.year, "after": self.after}

    @property
    def condition(self):
        """Return the condition on talents that they are of it: what `counted` counts, one by one."""
        values = [date(self.year, 1, 1), date(self.year, 12, 31)]
        rose = ""
        if self.after:
            rose = f"""AND EXISTS (
                SELECT FROM talents_careersnapshot s WHERE s.talent_id = e.talent_id AND {ROSE[self.kind]}
                   AND s.day < e.day + make_interval(years => %s))"""
            values.append(self.after)
        # Codes and not their places: the database knows how many have which, and so which way is the shorter one.
        sql = f"""talents_talent.id IN (
            SELECT e.talent_id FROM ({ENTERED} AND s.day BETWEEN %s AND %s AND {LOWER[self.kind]}) e WHERE TRUE {rose})"""
        return Q(RawSQL(sql, values, output_field=BooleanField()))  # noqa: S611


def parsed(name, day):
    """Return the Cohort a name says; None for one there is not."""
    said = re.fullmatch(r"(\d{4})\.(title|tier)(?:\.(\d))?", name, re.ASCII)
    if not said:
        return None
    year, after = int(said[1]), int(said[3] or 0)
    if after not in (0, *AFTER) or not first_year(day) <= year <= day.year:
        return None
    return Cohort(year, said[2], after)
