"""What the public list is narrowed by: words, kind, month, place, series, and whether one can book now.

Each choice comes with the number of events it finds beside what is chosen already; one that finds nothing
is not offered. All numbers are one query, whatever is chosen.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django import forms
from django.db.models import Case, Count, ExpressionWrapper, F, Q, When
from django.db.models.fields import BooleanField
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models import Event, EventKind, Mode, Region, Series, open_to_booking
from kernel.days import month_bounds, month_of, months_between, within
from kernel.words import month_text
from talents.codes import Discipline

MONTHS_AHEAD = 36
MOST_OFFERED = 12  # places, and series: the rest is found by words
SEARCHED = ("title", "summary", "venue")


@dataclass(frozen=True)
class Choice:
    """One value of a filter: its words, how many events it finds, and whether it is chosen.

    `address` is the query string of the list with it chosen.
    """

    address: str
    words: str
    count: int
    chosen: bool


class EventFilter(forms.Form):
    """What the address of the list asks for; what does not fit is left out."""

    q = forms.CharField(
        label=_("搜索活动"),
        required=False,
        max_length=40,
        widget=forms.TextInput({"type": "search", "placeholder": _("名称、主讲人或地点")}),
    )
    kind = forms.ChoiceField(required=False, choices=EventKind.choices, widget=forms.HiddenInput)
    month = forms.DateField(
        required=False,
        input_formats=["%Y-%m"],
        widget=forms.HiddenInput(),
    )
    region = forms.ChoiceField(required=False, choices=Region.choices, widget=forms.HiddenInput)
    mode = forms.ChoiceField(required=False, choices=Mode.choices, widget=forms.HiddenInput)
    discipline = forms.ChoiceField(
        required=False, choices=Discipline.choices, widget=forms.HiddenInput
    )
    place = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    series = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)
    open = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, data, *, now):
        super().__init__(data)
        self.now = now
        self.full_clean()
        self.chosen = {name: value for name, value in self.cleaned_data.items() if value}

    def clean_month(self):
        """Pass over months no event is planned in yet."""
        month = self.cleaned_data["month"]
        if month and not 0 <= months_between(month_of(self.now), month) <= MONTHS_AHEAD:
            raise forms.ValidationError("far away")
        return month

    def clean_place(self):
        """Pass over what is no public event's place: the page shows no words of who made its address."""
        place = self.cleaned_data["place"]
        if place and not Event.objects.public().filter(venue=place).exists():
            raise forms.ValidationError("unknown")
        return place

    def clean_series(self):
        """Return the Series, None where no page of one has that code."""
        code = self.cleaned_data["series"]
        return Series.objects.public().filter(code=code).first() if code else None

    def apply(self, events):
        """Return `events` narrowed to what was chosen."""
        if kind := self.chosen.get("kind"):
            events = events.filter(kind=kind)
        if region := self.chosen.get("region"):
            events = events.filter(cooperation_region=region)
        if mode := self.chosen.get("mode"):
            events = events.filter(mode=mode)
        if discipline := self.chosen.get("discipline"):
            events = events.filter(disciplines__contains=[discipline])
        if place := self.chosen.get("place"):
            events = events.filter(venue=place)
        if series := self.chosen.get("series"):
            events = events.filter(series=series)
        if month := self.chosen.get("month"):
            events = events.filter(**within("starts_at", *month_bounds(month)))
        if self.chosen.get("open"):
            events = events.filter(open_to_booking(self.now))
        return self._searched(events)

    def _searched(self, events):
        word = self.chosen.get("q")
        if not word:
            return events
        found = Q(pk__in=Event.objects.with_speaker(word).values("pk"))
        for name in SEARCHED:
            found |= Q(**{f"{name}__icontains": word})
        return events.filter(found)

    def choices(self, events):
        """Return (label, its Choices) of each filter over `events`. Queries: one."""
        rows = _counted(self._searched(events), self.now)
        return [
            (_("按能否报名筛选"), self._openings(rows)),
            (_("按类型筛选"), self._kinds(rows)),
            (_("按月份筛选"), self._months(rows)),
            (_("按地点筛选"), self._places(rows)),
            (_("按系列筛选"), self._series(rows)),
            (_("按学科筛选"), self._disciplines(rows)),
            (_("按合作区域筛选"), self._coded("region", _("全部区域"), Region, rows)),
            (_("按举办形式筛选"), self._coded("mode", _("全部形式"), Mode, rows)),
        ]

    def _counts(self, rows, name):
        """Return how many events each value of one filter finds beside the other filters."""
        others = {key: value for key, value in self.chosen.items() if key not in (name, "q")}
        counts = Counter()
        for row in rows:
            if all(_fits(row[key], value) for key, value in others.items()):
                for value in row[name] if isinstance(row[name], tuple) else [row[name]]:
                    counts[value] += row["n"]
        return counts

    def _coded(self, name, words, codes, rows):
        known = [(value, value, label) for value, label in codes.choices]
        return self._offered(name, words, self._counts(rows, name), known)

    def _places(self, rows):
        """Offer the places most is held at; of an event online alone nobody asks where."""
        counts = self._counts(rows, "place")
        known = [(place, place, place) for place in _most_found(counts) if place]
        return self._offered("place", _("全部地点"), counts, self._with_chosen(known, "place"))

    def _series(self, rows):
        counts = self._counts(rows, "series")
        known = [(series, series.code, series.name) for series in _most_found(counts) if series]
        return self._offered("series", _("全部系列"), counts, self._with_chosen(known, "series"))

    def _with_chosen(self, known, name):
        """Return what is offered, what was chosen first: it may be none of those most is found by."""
        chosen = self.chosen.get(name)
        if chosen is None:
            return known
        others = [(value, *rest) for value, *rest in known if value != chosen]
        return [(chosen, self[name].value(), str(chosen)), *others]

    def _disciplines(self, rows):
        """Of an event with several disciplines each finds it, so that all of them together find more than there are."""
        known = [(value, value, label) for value, label in Discipline.choices]
        others = {
            key: value for key, value in self.chosen.items() if key not in ("discipline", "q")
        }
        fitting = (r for r in rows if all(_fits(r[key], value) for key, value in others.items()))
        total = sum(row["n"] for row in fitting)
        counts = self._counts(rows, "discipline")
        return self._offered("discipline", _("全部学科"), counts, known, total) if counts else []

    def _offered(self, name, words, counts, known, total=None):
        """Return 全部 and each known (value, its form in the address, its words) that finds something.

        Nothing where the one thing to choose finds all there is.
        """
        chosen = self.chosen.get(name)
        offered = [
            Choice(self._address(name, address), label, counts[value], value == chosen)
            for value, address, label in known
            if counts[value] or value == chosen
        ]
        everything = Choice(
            self._address(name, ""),
            words,
            counts.total() if total is None else total,
            chosen is None,
        )
        if chosen is None and [c.count for c in offered] in ([], [everything.count]):
            return []
        return [everything, *offered]

    def kept(self, without):
        """Return what was chosen but for the filter `without`, as (name, its form in the address)."""
        return [(name, self[name].value()) for name in self.chosen if name != without]

    def _address(self, name, value):
        others = self.kept(name)
        return f"?{urlencode([*others, (name, value)] if value else others)}"

    def _openings(self, rows):
        known = [(True, "on", _("可以报名"))]
        return self._offered("open", _("全部活动"), self._counts(rows, "open"), known)

    def _kinds(self, rows):
        known = [(value, value, label) for value, label in EventKind.choices]
        return self._offered("kind", _("全部类型"), self._counts(rows, "kind"), known)

    def _months(self, rows):
        counts = self._counts(rows, "month")
        months = sorted(counts.keys() | {self.chosen.get("month")} - {None})
        known = [(month, f"{month:%Y-%m}", month_text(month)) for month in months]
        return self._offered("month", _("全部月份"), counts, known)


def _most_found(counts):
    """Return the values that find most, the first by their words where they find as many."""
    found = [value for value in counts if value and counts[value]]
    return sorted(found, key=lambda value: (-counts[value], str(value)))[:MOST_OFFERED]


def _fits(value, chosen):
    """Tell whether an event's value is what was chosen, or one of them."""
    return chosen in value if isinstance(value, tuple) else value == chosen


def _counted(events, now):
    """Return rows {kind, month, open, region, mode, discipline, place, series, n}: how many events there are of each sort."""
    sorts = events.order_by().annotate(
        first=TruncMonth("starts_at", tzinfo=timezone.get_default_timezone()),
        open=ExpressionWrapper(open_to_booking(now), output_field=BooleanField()),
        # A series without a page of its own is named to nobody.
        of_series=Case(When(series__is_visible=True, then=F("series"))),
        series_code=F("series__code"),
        series_name=F("series__name"),
    )
    sorted_by = ("kind", "first", "open", "cooperation_region", "mode", "disciplines", "venue")
    rows = sorts.values_list(*sorted_by, "of_series", "series_code", "series_name")
    return [
        {
            "kind": kind,
            "month": date(first.year, first.month, 1),
            "open": is_open,
            "region": region,
            "mode": mode,
            "discipline": tuple(disciplines),
            "place": place,
            "series": Series(pk=series, code=code, name=name) if series else None,
            "n": n,
        }
        for kind, first, is_open, region, mode, disciplines, place, series, code, name, n in (
            rows.annotate(n=Count("pk"))
        )
    ]
