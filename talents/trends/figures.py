"""The numbers behind the trends, counted in the database; plain JSON values.

Flows come from snapshots (talents.career): each holds how a record stood from a day on and what stood before,
so a year is one pass over that year's rows. The stock at the end of a year is what came in minus what went
out until then. talents.trends.cohorts follows each woman from the day she was taken in.
"""

# ruff: noqa: S608 (what is put together are constants of this app; values are parameters)

from datetime import date

from talents import facets
from talents.models import Talent
from talents.trends import cohorts, parts
from talents.trends.changes import CHANGES, CODED, IN, RISES, STANDS, WAS_IN, years
from talents.trends.sql import of, rows
from talents.trends.tally import DIMENSIONS, Tally

THIN = 10  # women in the reserve of a discipline, below which it is named
FORM = 3  # what `compute` returns is another thing than before: what an older portal kept is computed anew


def compute(department, day):
    """Return the figures of a department's women (an id; None for all) as of a day."""
    flows, by_year = _flows(department, day)
    stock, thin = _present(department, day)
    women = sum(count for count, _new in stock["tier"].values())
    return {
        "form": FORM,
        "day": day.isoformat(),
        "flows": flows,
        "by_year": by_year,
        "stock": stock,
        "cohorts": cohorts.counted(department, day),
        "taking_part": _taking_part(department, day, women),
        "thin": thin,
    }


# --- who came, rose, left -------------------------------------------------------------------------
def _flows(department, day):
    """Return, for each of the last years, who joined, came back, left, rose, was merged or handed over; the stock at its end.

    And the same by each dimension: ([year], {dimension: {code: {figure: [its number in each year]}}}). One pass over the
    snapshots: a woman is counted out of the code she had and into the one she has, so no year looks at all women.
    """
    tally = Tally(day)
    for year, grouping, *codes, joined, returned, left, came, went in _moves(department, day):
        at = CODED.index(_dimension(grouping, CODED))
        tally.add(CODED[at], codes[2 * at], year, joined=joined, returned=returned, stock=came)
        tally.add(CODED[at], codes[2 * at + 1], year, left=left, stock=-went)
    for year, month, joined, returned, left, came, went in _moves_by_age(department, day):
        flow = {"joined": joined, "returned": returned, "left": left, "stock": came - went}
        tally.add("age", month, year, **flow)
    for kind, year, grouping, *codes, count in _risen(department, day):
        dimension = _dimension(grouping, DIMENSIONS)
        tally.add(dimension, codes[DIMENSIONS.index(dimension)], year, **{kind: count})
    return tally.whole(), tally.by_dimension()


def _counted(department):
    """Return ({name: SQL of what is counted of snapshots}; of which)."""
    here, was_here = of(department), of(department, column="was_department_id")
    conditions = {
        "joined": f"{here} AND {CHANGES['joined']}",
        "returned": f"{here} AND {CHANGES['returned']}",
        "gone": f"{was_here} AND {CHANGES['left']}",
        "came": f"{here} AND {IN}",
        "went": f"{was_here} AND {WAS_IN}",
    }
    counted = {name: f"count(*) FILTER (WHERE {where})" for name, where in conditions.items()}
    return counted, f"({here} OR {was_here}) AND s.day <= %(day)s AND {STANDS}"


def _moves(department, day):
    """Return rows of (year, which dimension, each code and what it was before, what is counted).

    Those who have everything in common are counted first, all dimensions are sums of that.
    """
    counted, where = _counted(department)
    codes = ", ".join(f"{name}, was_{name}" for name in CODED)
    sets = ", ".join(f"(year, {name}, was_{name})" for name in CODED)
    return rows(
        f"""
        WITH alike AS (
            SELECT extract(year FROM s.day)::int AS year, {codes},
                   {", ".join(f"{sql} AS {name}" for name, sql in counted.items())}
              FROM talents_careersnapshot s WHERE {where} GROUP BY year, {codes}
        )
        SELECT year, GROUPING({", ".join(CODED)}), {codes}, {", ".join(f"sum({name})::bigint" for name in counted)}
          FROM alike GROUP BY GROUPING SETS ({sets})
        """,
        department=department,
        day=day,
    )


def _moves_by_age(department, day):
    """Return rows of (year, month of birth, what is counted)."""
    counted, where = _counted(department)
    return rows(
        f"""
        SELECT extract(year FROM s.day)::int, t.birth_month, {", ".join(counted.values())}
          FROM talents_careersnapshot s JOIN talents_talent t ON t.id = s.talent_id
         WHERE {where} GROUP BY 1, 2
        """,
        department=department,
        day=day,
    )


def _risen(department, day):
    """Return rows of (kind of rise, year, which dimension, the codes afterwards, women), each woman once a year."""
    risen = " UNION ALL ".join(
        f"""(SELECT DISTINCT ON (extract(year FROM s.day), s.talent_id)
                    '{kind}' AS kind, extract(year FROM s.day)::int AS year, {_columns("s")}, t.birth_month
               FROM talents_careersnapshot s JOIN talents_talent t ON t.id = s.talent_id
              WHERE {of(department)} AND {CHANGES[kind]} AND s.day BETWEEN %(first)s AND %(day)s AND {STANDS}
              ORDER BY extract(year FROM s.day), s.talent_id, s.day DESC, s.id DESC)"""
        for kind in RISES
    )
    columns = f"{_columns('r')}, r.birth_month"
    sets = ", ".join(f"(1, 2, {column})" for column in columns.split(", "))
    return rows(
        f"""
        SELECT r.kind, r.year, GROUPING({columns}), {columns}, count(*)
          FROM ({risen}) r GROUP BY GROUPING SETS ({sets})
        """,
        department=department,
        first=date(years(day)[0], 1, 1),
        day=day,
    )


def _columns(row):
    return ", ".join(f"{row}.{name}" for name in CODED)


def _dimension(grouping, names):
    """Return which of the columns `names` a row of grouping sets is about: the bit of the last one is the lowest."""
    return next(name for bit, name in enumerate(reversed(names)) if not grouping >> bit & 1)


# --- who is there, where the reserve is thin, who takes part ----------------------------------------
PRESENT = ("tier", "title_level", "discipline", "industry", "unit_kind")


def _present(department, day):
    """Return ({dimension: {code: [now in the database, of them joined within a year]}}, where the reserve is thin).

    Thin is [discipline, women, in the reserve or above, of 50 and over], the thinnest first.
    """
    stock, thin = {name: {} for name in DIMENSIONS}, []
    for grouping, *codes, women, new, reserve, older in _alike(department, day):
        name = _dimension(grouping, PRESENT)
        code = codes[PRESENT.index(name)] or ""
        stock[name][code] = [women, new]
        if name == "discipline" and code and reserve < THIN:
            thin.append([code, women, reserve, older])
    stock["age"] = dict(_ages(department, day))
    return stock, sorted(thin, key=lambda row: (row[2], -row[1], row[0]))


def _active(department):
    return f"t.state = 'verified' AND t.moved_away_on IS NULL AND {of(department, 't')}"


def _alike(department, day):
    """Return rows of (which dimension, codes, women, of them new, in the reserve or above, of 50 and over)."""
    codes = ", ".join(PRESENT)
    counted = ("women", "new", "reserve", "older")
    return rows(
        f"""
        WITH alike AS (
            SELECT t.tier, t.title_level, t.discipline, t.industry, coalesce(u.kind, '') AS unit_kind,
                   count(*) AS women, count(*) FILTER (WHERE t.verified_at >= %(since)s) AS new,
                   count(*) FILTER (WHERE t.tier <> '') AS reserve,
                   count(*) FILTER (WHERE t.birth_month <= %(fifty)s) AS older
              FROM talents_talent t LEFT JOIN accounts_unit u ON u.id = t.unit_id
             WHERE {_active(department)} GROUP BY {codes}
        )
        SELECT GROUPING({codes}), {codes}, {", ".join(f"sum({name})::bigint" for name in counted)}
          FROM alike GROUP BY GROUPING SETS ({codes})
        """,
        department=department,
        since=parts.year_before(day),
        fifty=date(day.year - 50, day.month, 1),
    )


def _ages(department, day):
    """Yield (age in years as text, "" where it is not known; [women, of them new])."""
    found = {}
    for month, women, new in rows(
        f"""
        SELECT t.birth_month, count(*), count(*) FILTER (WHERE t.verified_at >= %(since)s)
          FROM talents_talent t WHERE {_active(department)} GROUP BY 1
        """,
        department=department,
        since=parts.year_before(day),
    ):
        age = "" if month is None else str(facets.age(month, day))
        before = found.get(age, (0, 0))
        found[age] = (before[0] + women, before[1] + new)
    return ((age, list(counts)) for age, counts in found.items())


def _taking_part(department, day, women):
    """Return {"of": women in the database, "parts": {name of parts.Part: how many of them}}."""
    active = Talent.objects.active()
    if department:
        active = active.filter(department=department)
    counted = {name: part.count(active, women, day) for name, part in parts.all_parts().items()}
    return {"of": women, "parts": counted}
