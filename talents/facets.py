"""How many women of a list have which tier, title, discipline, age …: counts that lead to the list they count.

The counts are read from at most MOST_COUNTED rows, so the page costs the same however many women there are;
where the list is longer it says "more than".
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import Unit
from kernel.days import begin
from talents.models import Talent

MOST_COUNTED = 10_000
# Whole years of age, both ends included.
AGE_BANDS = {
    "-29": (0, 29),
    "30-34": (30, 34),
    "35-39": (35, 39),
    "40-44": (40, 44),
    "45-49": (45, 49),
    "50-54": (50, 54),
    "55-": (55, 200),
}
# What the trends ask for besides: no band of the others.
FIFTY = "50-"
WIDE = {FIFTY: (50, 200)}


def born_in(band, day):
    """Return the condition on `birth_month` (first day of a month) of who is of an age band on a day."""
    youngest, oldest = (AGE_BANDS | WIDE)[band]
    after = date(max(day.year - oldest - 1, 1), day.month, 1)
    until = date(day.year - youngest, day.month, 1)
    return Q(birth_month__gt=after, birth_month__lte=until)


def age_band(birth_month, day):
    """Return the age band of who was born in a month, "" where it is not known."""
    if birth_month is None:
        return ""
    return band_of(age(birth_month, day))


def age(birth_month, day):
    """Return how many whole years old who was born in a month is on a day."""
    return day.year - birth_month.year - (day.month < birth_month.month)


def band_of(age):
    """Return the band of an age in whole years."""
    return next(name for name, (low, high) in AGE_BANDS.items() if low <= age <= high)


def age_words(*, wide=False):
    """Return {age band: words}; with the `wide` one on request."""
    bands = AGE_BANDS | WIDE if wide else AGE_BANDS
    return {band: _age_words(*ends) for band, ends in bands.items()}


def _age_words(youngest, oldest):
    if not youngest:
        return _("%(age)s 岁以下") % {"age": oldest + 1}
    if oldest > 100:
        return _("%(age)s 岁及以上") % {"age": youngest}
    return _("%(from)s–%(to)s 岁") % {"from": youngest, "to": oldest}


def confirmed_words():
    """Return {how long ago a record was last stood for: words}."""
    return {
        "year": _("一年内"),
        "two": _("一至两年前"),
        "older": _("两年以前"),
        "never": _("还没有确认过"),
    }


def confirmed_in(band, day):
    """Return the condition on `confirmed_at` of a band of `confirmed_words` on a day."""
    if band == "never":
        return Q(confirmed_at=None)
    year, two = (begin(day - timedelta(days=days)) for days in (365, 730))
    return {
        "year": Q(confirmed_at__gte=year),
        "two": Q(confirmed_at__gte=two, confirmed_at__lt=year),
        "older": Q(confirmed_at__lt=two),
    }[band]


def confirmed_band(moment, day):
    """Return the band of `confirmed_words` a moment falls into."""
    if moment is None:
        return "never"
    days = (day - timezone.localdate(moment)).days
    return "year" if days <= 365 else "two" if days <= 730 else "older"


@dataclass(frozen=True)
class Facet:
    """One way to divide a list: by what is in `column`, chosen with the list's `parameter`.

    `choices()` returns (value, words) in their order; `of(value, day)` makes a column's value one of them.
    What has no order of its own (`ranked` False) is shown by its numbers, the largest first.
    """

    title: Any
    column: str
    parameter: str
    choices: Any
    of: Any = lambda value, day: value
    ranked: bool = True


def _by_code(name, model=Talent, path=None, *, ranked=True):
    field = model._meta.get_field(name)
    column = path or name

    def choices():
        return field.flatchoices

    return Facet(field.verbose_name, column, f"{column}__exact", choices, ranked=ranked)


FACETS = (
    _by_code("tier"),
    _by_code("title_level"),
    _by_code("discipline", ranked=False),
    _by_code("industry", ranked=False),
    _by_code("kind", Unit, "unit__kind", ranked=False),
    Facet(
        gettext_lazy("年龄"),
        "birth_month",
        "age",
        lambda: age_words().items(),
        age_band,
    ),
    Facet(
        gettext_lazy("海外学习"),
        "overseas_study",
        "overseas_study__exact",
        lambda: [
            ("1", pgettext_lazy("overseas study", "有")),
            ("0", pgettext_lazy("overseas study", "没有")),
        ],
        lambda value, day: "1" if value else "0",
    ),
    Facet(
        gettext_lazy("最近确认"),
        "confirmed_at",
        "confirmed",
        lambda: confirmed_words().items(),
        confirmed_band,
    ),
)


@dataclass(frozen=True)
class Line:
    """One value of a facet: its words, how many, the address of the list with it, whether it is chosen."""

    words: str
    count: int
    share: int
    address: str
    chosen: bool


@dataclass(frozen=True)
class Counted:
    """A facet with its lines; `everything` is the list without it, where it is chosen; `more`: it was not counted to its end."""

    title: str
    lines: list
    everything: str
    more: bool


def counted(changelist, request, day):
    """Return (the list's facets as Counted, how many women it holds up to MOST_COUNTED, whether there are more).

    Facets without a woman are left out. One that is chosen counts what the list would hold without it, so that
    another value can be chosen.
    """
    chosen = {f: changelist.filter_params.get(f.parameter) for f in FACETS}
    together = [facet for facet in FACETS if not chosen[facet]]
    rows = _rows(changelist.queryset, [facet.column for facet in together] or ["pk"])
    values = {facet: [row[at] for row in rows] for at, facet in enumerate(together)}
    for facet in FACETS:
        if chosen[facet]:
            others = changelist.get_queryset(request, _parameters(changelist, facet))
            values[facet] = [value for (value,) in _rows(others, [facet.column])]
    made = [_counted(f, values[f], chosen[f], changelist, day) for f in FACETS]
    found = len(rows)
    return [one for one in made if one.lines], min(found, MOST_COUNTED), found > MOST_COUNTED


def _parameters(changelist, facet):
    """Return all parameters of the list's filter a facet stands for, as Django wants them to leave it out."""
    asked = (spec.expected_parameters() for spec in changelist.filter_specs)
    return next(names for names in asked if facet.parameter in names)


def _rows(queryset, columns):
    return list(queryset.order_by().values_list(*columns)[: MOST_COUNTED + 1])


def _counted(facet, values, chosen, changelist, day):
    counts = Counter(facet.of(value, day) for value in values[:MOST_COUNTED])
    most = max(counts.values(), default=0)
    chosen = chosen[-1] if isinstance(chosen, list) else chosen

    def line(value, words):
        address = changelist.get_query_string({facet.parameter: value}, remove=["p", "after"])
        count = counts[value]
        return Line(str(words), count, round(100 * count / most), address, value == chosen)

    lines = [line(value, words) for value, words in facet.choices() if counts[value]]
    if not facet.ranked:
        lines.sort(key=lambda one: -one.count)
    without = changelist.get_query_string(remove=[facet.parameter, "p", "after"])
    return Counted(str(facet.title), lines, without if chosen else "", len(values) > MOST_COUNTED)
