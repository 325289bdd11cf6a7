"""Columns and filters of the admin's lists."""

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter, RangeDateFilter
from unfold.decorators import display

from kernel.days import DAY, begin


def column(description, value, *, empty="—", ordering=None):
    """Return a method of an admin class that shows one value of a row.

    `value` is the name of an attribute or a function of the row; `empty` stands for nothing.
    """

    @display(description=description, ordering=ordering)
    def shown(self, row):
        return (value(row) if callable(value) else getattr(row, value)) or empty

    return shown


class _GreyOtherwise(dict):
    """Colours of states; unfold would show the code of a state it finds no colour for, not its word."""

    def __missing__(self, state):
        return None


class _Said(tuple):
    """What to look up among colours, and the words: a record's page, which colours nothing, shows the words alone."""

    def __str__(self):
        return str(self[1])


def state_column(colours, *, ordering=None, words=None, title=None):
    """Return a column that shows `state` as a coloured word, under `title` (状态 unless said otherwise).

    `colours` maps states to "info", "success", "warning" or "danger"; a state left out stays grey.
    `words(row)` returns (what to look up in `colours`, the words) where the state's own words do not say it all.
    """

    @display(description=title or _("状态"), label=_GreyOtherwise(colours), ordering=ordering)
    def state_shown(self, row):
        return _Said(words(row) if words else (row.state, row.get_state_display()))

    return state_shown


class PeriodFilter(RangeDateFilter):
    """Rows between two days of Asia/Shanghai, both included (unfold's own compares naive moments)."""

    YEARS = range(1950, 2200)

    def queryset(self, request, queryset):
        """Keep what lies between the days."""
        first, last = (self._day(end) for end in ("from", "to"))
        if first:
            queryset = queryset.filter(**{f"{self.parameter_name}__gte": begin(first)})
        if last:
            queryset = queryset.filter(**{f"{self.parameter_name}__lt": begin(last) + DAY})
        return queryset

    def _day(self, end):
        """Return the day typed at one end, None for an empty one; raises IncorrectLookupParameters."""
        typed = self.used_parameters.get(f"{self.parameter_name}_{end}")
        day = parse_date(typed) if typed else None
        if typed and (day is None or day.year not in self.YEARS):
            raise IncorrectLookupParameters(typed)
        return day


class OneChoiceFilter(admin.SimpleListFilter):
    """A filter with one choice besides all rows: `choice` (value, words), kept by `narrow(queryset)`."""

    choice = ("", "")

    def lookups(self, request, model_admin):
        """Offer the choice."""
        return [self.choice]

    def queryset(self, request, queryset):
        """Keep what was chosen."""
        return self.narrow(queryset) if self.value() == self.choice[0] else queryset

    def narrow(self, queryset):
        """Return the rows the choice stands for."""
        raise NotImplementedError


class DefaultFilter(DropdownFilter):
    """A filter that keeps something unless asked for `everything`, which is one of its choices.

    `default` is the value that holds where the address names none; the chip above the list shows it,
    and taking it away asks for everything.
    """

    everything = "all"
    default = ""
    all_option = None

    def value(self):
        """Return what is chosen."""
        return super().value() or self.default

    def words_of(self, value):
        """Return a choice in words."""
        return dict(self.lookup_choices).get(value, value)
