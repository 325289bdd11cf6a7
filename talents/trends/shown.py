"""Trends as questions with their answers, each number with the list behind it."""

from dataclasses import dataclass
from math import sqrt

from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel import portal
from talents import codes, facets
from talents.trends import parts
from talents.trends.changes import LISTED, Change, dimensions
from talents.trends.cohorts import AFTER, Cohort

# Heads of the columns.
CHANGE_WORDS = {
    "stock": gettext_lazy("年末在库"),
    "joined": gettext_lazy("新入库"),
    "returned": gettext_lazy("回来"),
    "title": gettext_lazy("晋升职称"),
    "tier": gettext_lazy("提高层次"),
    "left": gettext_lazy("退出或离开"),
}
QUESTIONS = {
    "stock": gettext_lazy("每年年末，各类人有多少？"),
    "joined": gettext_lazy("每年新入库的是哪些人？"),
    "returned": gettext_lazy("每年回来的是哪些人？"),
    "title": gettext_lazy("每年晋升职称的是哪些人？"),
    "tier": gettext_lazy("每年提高层次的是哪些人？"),
    "left": gettext_lazy("每年退出或离开的是哪些人？"),
}
# Columns of the years, and the parameters of the records' list.
CHANGED = tuple(figure for figure in LISTED if figure != "stock")
EVERY_STATE = {"state__exact": "all"}  # who left the district is not among those in the database
PARAMETERS = {
    "tier": "tier__exact",
    "title_level": "title_level__exact",
    "discipline": "discipline__exact",
    "industry": "industry__exact",
    "unit_kind": "unit__kind__exact",
    "age": "age",
}
SMALL = 100  # people; a share of fewer is shown with its interval
Z = 1.96  # 95 %


@dataclass(frozen=True)
class Bar:
    """One line of a chart: words, number, its part of the largest in percent, the list's query, what is said beside."""

    words: str
    count: int
    share: int
    query: str = ""
    beside: str = ""


def interval(count, of):
    """Return the ends of the 95 % interval of a share in whole percent (Wilson score, sound for small groups)."""
    share, spread = count / of, Z * Z / of
    middle = (share + spread / 2) / (1 + spread)
    half = Z * sqrt(share * (1 - share) / of + spread / (4 * of)) / (1 + spread)
    return round(100 * max(middle - half, 0)), round(100 * min(middle + half, 1))


def share_words(count, of):
    """Return a share in words: 12%（95% 区间 6%–21%）; the interval where the group is small."""
    percent = round(100 * count / of)
    if of >= SMALL:
        return f"{percent}%"
    low, high = interval(count, of)
    return _("%(percent)s%%（95%% 区间 %(low)s%%–%(high)s%%）") % {
        "percent": percent,
        "low": low,
        "high": high,
    }


def listed(**query):
    """Return the query of the records' list with those in the database."""
    return "?" + urlencode({"state__exact": "verified"} | query)


def of_change(change):
    """Return the query of the list behind a figure."""
    return listed(change=change, **EVERY_STATE if change.figure == "left" else {})


def years(figures):
    """Return the years, the newest first: the figures of each with their lists, and its stock as a Bar."""
    most = max([year["stock"] for year in figures["flows"]] + [1])
    return [
        {
            "year": year["year"],
            "stock": Bar("", year["stock"], round(100 * year["stock"] / most)),
            "rearranged": year["rearranged"],
            "listed": (year["stock"], of_change(Change("stock", year["year"]))),
            "changes": [(year[kind], of_change(Change(kind, year["year"]))) for kind in CHANGED],
        }
        for year in reversed(figures["flows"])
    ]


def stock(figures):
    """Return (title, bars) of each dimension of those in the database today."""
    found = figures["stock"]
    ages = {}
    for years_old, (count, new) in found["age"].items():
        band = facets.band_of(int(years_old)) if years_old else ""
        before = ages.get(band, [0, 0])
        ages[band] = [before[0] + count, before[1] + new]
    found, year = found | {"age": ages}, figures["flows"][-1]["year"]
    return [
        (title, _bars(found[name], name, words, year))
        for name, (title, words) in dimensions().items()
    ]


@dataclass(frozen=True)
class ByYear:
    """One figure by one dimension over the years: a question, and a line for each code."""

    dimension: str
    figure: str
    years: list
    rows: list

    @property
    def question(self):
        """Return what the table answers."""
        return QUESTIONS[self.figure]


def by_year(figures, dimension, figure):
    """Return the ByYear of what was chosen, else of what stands first; rows are (words, [(number, list's query)]).

    The newest year comes first, so that it stands on a phone's screen.
    """
    known = dimensions()
    dimension = dimension if dimension in known else "tier"
    figure = figure if figure in QUESTIONS else "stock"
    of_years = [year["year"] for year in reversed(figures["flows"])]
    found, words = figures["by_year"][dimension], known[dimension][1] | {"": _("没有填写")}
    rows = [
        (
            str(label),
            [
                (number, of_change(change))
                for year, number in zip(of_years, reversed(found[code][figure]), strict=True)
                for change in [Change(figure, year, dimension, code)]
            ],
        )
        for code, label in words.items()
        if code in found and any(found[code][figure])
    ]
    return ByYear(dimension, figure, of_years, rows)


def _bars(counts, name, words, year):
    most = max([count for count, _new in counts.values()] + [1])
    bars = [
        Bar(
            str(label),
            counts[code][0],
            round(100 * counts[code][0] / most),
            listed(**{PARAMETERS[name]: code}),
            _("其中近一年新入库 %(n)s") % {"n": counts[code][1]} if counts[code][1] else "",
        )
        for code, label in words.items()
        if code in counts
    ]
    rest = [counts[code] for code in counts if code not in words]
    if rest:
        count = sum(one for one, _new in rest)
        blank = of_change(Change("stock", year, name, ""))
        bars.append(Bar(_("没有填写"), count, round(100 * count / most), blank))
    return bars


def both_cohorts(figures):
    """Return (question, rows) for titles and tiers."""
    return [
        (_("入库以后，多少人评上了更高一级的职称？"), cohorts(figures, "title")),
        (_("入库以后，多少人进入了更高的人才层次？"), cohorts(figures, "tier")),
    ]


def cohorts(figures, kind):
    """Return (year, (women, their list), [(share after n years in words, None where it cannot be known yet; the list)])."""
    return [
        (
            one["year"],
            (one[kind]["of"], _of_cohort(Cohort(one["year"], kind))),
            [
                (_after(one[kind], str(after)), _of_cohort(Cohort(one["year"], kind, after)))
                for after in AFTER
            ],
        )
        for one in reversed(figures["cohorts"])
        if one[kind]["of"]
    ]


def _of_cohort(cohort):
    return "?" + urlencode(EVERY_STATE | {"cohort": cohort})


def _after(cohort, years_later):
    count = cohort["after"].get(years_later)
    return None if count is None else share_words(count, cohort["of"])


def taking_part(figures):
    """Return (words, did within a year, did not, never did, share); a number with its list, None where it cannot be said."""
    of, counted = figures["taking_part"]["of"], figures["taking_part"]["parts"]
    return [
        (
            way.words,
            *(_part(way, which, counted) for which in (parts.DID, parts.DID_NOT, parts.NEVER)),
            share_words(counted[way.key], of),
        )
        for way in portal.listed("taking_part")
        if of and way.key in counted
    ]


def _part(way, which, counted):
    name = str(parts.Part(way, which))
    return counted.get(name), listed(part=name)


def thin(figures):
    """Return (discipline, [(number, the list's query)]) where the reserve is thin: in the reserve or above, all, of 50 and over."""
    words = dict(codes.Discipline.choices)
    return [
        (
            str(words.get(code, code)),
            [
                (reserve, listed(discipline__exact=code, state__exact="reserve")),
                (women, listed(discipline__exact=code)),
                (older, listed(discipline__exact=code, age=facets.FIFTY)),
            ],
        )
        for code, women, reserve, older in figures["thin"]
    ]
