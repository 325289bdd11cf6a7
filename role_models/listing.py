"""What the public list of stories is narrowed by: kind, discipline, series, month. All counts are one query."""

from collections import Counter

from django import forms
from django.db.models import Count, Q
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from events.listing import Choice
from events.models import Series
from kernel.days import month_bounds, within
from kernel.words import month_text
from role_models.models import StoryKind
from talents.codes import Discipline

MOST_OFFERED = 12
IN_OPEN_SERIES = Q(series__is_visible=True)


class StoryFilter(forms.Form):
    """What the address of the list asks for; what does not fit is left out."""

    kind = forms.ChoiceField(required=False, choices=StoryKind.choices)
    discipline = forms.ChoiceField(required=False, choices=Discipline.choices)
    series = forms.CharField(required=False, max_length=12)
    month = forms.DateField(required=False, input_formats=["%Y-%m"])

    def __init__(self, data):
        super().__init__(data)
        self.full_clean()
        self.chosen = {name: value for name, value in self.cleaned_data.items() if value}

    def clean_series(self):
        """Return the Series, None where no page of one has that code."""
        code = self.cleaned_data["series"]
        return Series.objects.public().filter(code=code).first() if code else None

    def clean_month(self):
        """Pass over what no story can have been published in."""
        month = self.cleaned_data["month"]
        if month and not 2000 <= month.year <= 2200:
            raise forms.ValidationError("far away")
        return month

    def apply(self, stories):
        """Return `stories` narrowed to what was chosen."""
        for name in ("kind", "discipline", "series"):
            if value := self.chosen.get(name):
                stories = stories.filter(**{name: value})
        if month := self.chosen.get("month"):
            stories = stories.filter(**within("published_at", *month_bounds(month)))
        return stories

    def choices(self, stories):
        """Return (label, its Choices) of each filter over `stories`. Queries: one."""
        month = TruncMonth("published_at", tzinfo=timezone.get_default_timezone())
        rows = (
            stories.order_by()
            .annotate(month=month)
            .values_list("kind", "discipline", "series", "series__name", "series__code", "month")
        )
        rows = rows.annotate(n=Count("pk"), visible=Count("pk", filter=IN_OPEN_SERIES))
        rows = [_Row(*row) for row in rows]
        return [
            (_("按类别筛选"), self._offered("kind", rows, dict(StoryKind.choices))),
            (_("按学科筛选"), self._offered("discipline", rows, dict(Discipline.choices))),
            (_("按系列筛选"), self._offered("series", rows, None)),
            (_("按月份筛选"), self._offered("month", rows, None)),
        ]

    def _offered(self, name, rows, words):
        """Return the choices of one filter, the first being all: those that find something beside the other filters."""
        others = [row for row in rows if row.fits(self.chosen, but=name)]
        counts, labels = Counter(), {}
        for row in others:
            value, label = row.choice(name, words)
            if value:
                counts[value] += row.n
                labels[value] = label
        chosen = self._said(name)
        if not counts or (len(counts) == 1 and not chosen):
            return []
        order = sorted(counts, reverse=True) if name == "month" else counts.keys()
        total = sum(row.n for row in others)
        every = Choice(self._address(name, ""), _("全部"), total, not chosen)
        return [every] + [
            Choice(self._address(name, value), labels[value], counts[value], value == chosen)
            for value in list(order)[:MOST_OFFERED]
        ]

    def _said(self, name):
        value = self.chosen.get(name)
        if name == "series" and value:
            return value.code
        return f"{value:%Y-%m}" if name == "month" and value else value

    def _address(self, name, value):
        asked = {each: self._said(each) for each in self.fields if self.chosen.get(each)}
        asked |= {name: value}
        return "?" + urlencode({each: said for each, said in asked.items() if said})


class _Row:
    """How many stories have one combination of what they are filtered by."""

    def __init__(self, kind, discipline, series, series_name, series_code, month, n, visible):
        self.kind, self.discipline, self.n = kind, discipline, n
        self.series, self.series_name, self.series_code = series, series_name, series_code
        self.series_shown = bool(visible)
        self.month = f"{month:%Y-%m}"
        self.month_day = month.date()

    def fits(self, chosen, *, but):
        """Tell whether these stories are found by what is chosen, leaving one filter out."""
        for name, value in chosen.items():
            own = getattr(self, name)
            said = value.pk if name == "series" else value
            said = f"{said:%Y-%m}" if name == "month" else said
            if name != but and own != said:
                return False
        return True

    def choice(self, name, words):
        """Return (value in the address, words) of one filter; "" where there is nothing to choose."""
        if name == "series":
            return (self.series_code, self.series_name) if self.series_shown else ("", "")
        if name == "month":
            return self.month, month_text(self.month_day)
        value = getattr(self, name)
        return value, words.get(value, value)
