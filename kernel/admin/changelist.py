"""Lists of any length: what narrows them stands above them, they count no further than a thousand.

count(*) over a million rows takes longer than the page. So a list is a window of the first thousand
rows, in pages; what lies behind is reached by `?after=<id>`, the window that begins behind a row.
"""

from urllib.parse import parse_qsl, urlencode

from django.contrib.admin import SimpleListFilter
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.db.models import Q
from django.db.utils import DataError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from unfold.views import ChangeList

from kernel.portal import MOST_COUNTED

AFTER, COLUMNS = "after", "cols"
OWN_PARAMETERS = (AFTER, COLUMNS)
# What an address can hold that no column takes; Django knows the first kind alone.
UNFIT = (IncorrectLookupParameters, ValueError, OverflowError, DataError, ValidationError)


class CappedPaginator(Paginator):
    """Pages over the first `most` rows.

    The ids are found once, for the count and for the page alike, so a search is answered by its index
    one time only.
    """

    template_name = "kernel/admin/pages.html"
    most = MOST_COUNTED

    @cached_property
    def _found(self):
        return list(self.object_list.values_list("pk", flat=True)[: self.most + 1])

    @property
    def ids(self):
        """Return the ids of the window's rows, in order."""
        return self._found[: self.most]

    @property
    def has_more(self):
        """Tell whether there are rows behind the window."""
        return len(self._found) > self.most

    @cached_property
    def count(self):
        """Return how many rows the window holds."""
        return len(self.ids)

    @property
    def count_text(self):
        """Return the count as it is true: "1000+" where the window does not hold all."""
        return f"{self.count}+" if self.has_more else str(self.count)

    def page(self, number):
        """Return a page of the rows, in the list's order."""
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        ids = self.ids[first : first + self.per_page]
        return self._get_page(self.object_list.filter(pk__in=ids), number, self)


class ShortWindow(CappedPaginator):
    """A window for rows that stand far apart in the order they are read in."""

    most = 250


class PortalChangeList(ChangeList):
    """A list of the admin: windows of a thousand rows, chips for what narrows it, columns to choose."""

    def __init__(self, request, *args, **kwargs):
        super().__init__(request, *args, **kwargs)
        self.links = self.model_admin.list_links(request, self)
        # Each row's link would have the address resolved to see whether it takes these along.
        self.kept = self.preserved_filters and "?" + urlencode(parse_qsl(self.preserved_filters))
        self.preserved_filters, self.strings = "", {}
        # unfold's own "clear all" leads to the filters that hold by themselves, which it takes for none.
        self.has_active_filters = bool(self.filter_chips)
        self.clear_all_filters_qs = self.everything

    def get_query_string(self, new_params=None, remove=None):
        """Return the list's address with other parameters; unfold asks for those of all columns once for each row."""
        known, asked = vars(self).get("strings"), repr((new_params, remove))
        if known is None:
            return super().get_query_string(new_params, remove)
        if asked not in known:
            known[asked] = super().get_query_string(new_params, remove)
        return known[asked]

    def url_for_result(self, result):
        """Return the address of a row's page, with the list's filters to come back by."""
        return super().url_for_result(result) + self.kept

    def get_filters_params(self, params=None):
        """Leave out what is ours."""
        found = super().get_filters_params(params)
        return {name: value for name, value in found.items() if name not in OWN_PARAMETERS}

    def get_queryset(self, request, exclude_parameters=None):
        """Narrow the rows, and begin behind the row the address names."""
        try:
            rows = super().get_queryset(request, exclude_parameters)
            return _behind(rows, self.params.get(AFTER, ""))
        except UNFIT as error:
            raise IncorrectLookupParameters(error) from error

    def get_results(self, request):
        """Read the page; a value no column takes leads back to the whole list."""
        try:
            super().get_results(request)
        except UNFIT as error:
            raise IncorrectLookupParameters(error) from error
        # unfold would say "1000 results" of a longer list beside its title; the count stands above the list.
        self.full_result_count = self.result_count

    # --- what the templates show ---
    @property
    def chips(self):
        """Return what narrows the list: (name, value, address without it)."""
        if not self.query:
            return self.filter_chips
        search = (_("搜索"), self.query, self.get_query_string(remove=["q"]))
        return [search, *self.filter_chips]

    @cached_property
    def filter_chips(self):
        """Return the chips of the filters, of those that hold by themselves as well."""
        return [chip for spec in self.filter_specs if (chip := _chip(spec, self))]

    @property
    def everything(self):
        """Return the address that shows every row: filters with a default are opened, the rest falls."""
        opened = {s.parameter_name: s.everything for s in self.filter_specs if _has_default(s)}
        kept = {name: self.filter_params[name] for name in (COLUMNS,) if name in self.filter_params}
        narrowing = dict.fromkeys(self.filter_params)
        return self.get_query_string(narrowing | kept | opened)

    @property
    def next_window(self):
        """Return the address of the rows behind this window; "" where there are none."""
        more = getattr(self.paginator, "has_more", False) and _order(self.queryset)
        return self.get_query_string({AFTER: self.paginator.ids[-1]}) if more else ""

    @property
    def first_window(self):
        """Return the address of the list's beginning; "" where it is shown."""
        return self.get_query_string(remove=[AFTER]) if self.params.get(AFTER) else ""

    @property
    def columns(self):
        """Return the columns to choose from: (name, words, whether it is shown)."""
        offered = self.model_admin.offered_columns()
        return [
            (name, self.model_admin.column_words(name), name in self.list_display)
            for name in offered
        ]

    @property
    def default_columns(self):
        """Return the address that forgets which columns were chosen."""
        return self.get_query_string({COLUMNS: ""}, remove=[AFTER, "o"])

    @property
    def kept_for_columns(self):
        """Return the (name, value) pairs a new choice of columns keeps: not the order, which counts columns."""
        dropped = (COLUMNS, AFTER, "o")
        return [
            (name, value)
            for name, values in self.filter_params.items()
            for value in (values if isinstance(values, list) else [values])
            if name not in dropped
        ]


# --- windows --------------------------------------------------------------------------------------
def _order(rows):
    """Return the names a queryset is ordered by; none where it is ordered by anything but columns."""
    names = [*(rows.query.order_by or rows.query.get_meta().ordering)]
    plain = all(isinstance(name, str) and "__" not in name and name != "?" for name in names)
    return names if plain else []


def _behind(rows, pk):
    """Keep the rows behind the one with the id `pk`, in their order; all where there is no such row."""
    if not (pk.isdecimal() and _order(rows)):
        return rows
    names = _order(rows)
    columns = [name.removeprefix("-") for name in names]
    # What the list is ordered by may be worked out (relevance): of the row itself, whatever narrows the list.
    worked_out = {
        name: rows.query.annotations[name] for name in columns if name in rows.query.annotations
    }
    every = rows.model._default_manager.annotate(**worked_out)
    last = every.filter(pk=int(pk)).values_list(*columns).first()
    if last is None:
        return rows
    condition, equal = Q(), Q()
    for name, column, value in zip(names, columns, last, strict=True):
        condition |= equal & _beyond(name, column, value)
        equal &= Q(**{f"{column}__isnull": True}) if value is None else Q(**{column: value})
    return rows.filter(condition)


def _beyond(name, column, value):
    """Return the condition "behind `value`": PostgreSQL puts nulls last, and first where it descends."""
    descends = name.startswith("-")
    if value is None:
        return Q(**{f"{column}__isnull": False}) if descends else Q(pk__in=[])
    if descends:
        return Q(**{f"{column}__lt": value})
    return Q(**{f"{column}__gt": value}) | Q(**{f"{column}__isnull": True})


# --- chips ----------------------------------------------------------------------------------------
def _has_default(spec):
    return getattr(spec, "everything", None) is not None


def _chip(spec, changelist):
    """Return what one filter says it keeps, or None where it keeps everything."""
    given = {
        name: changelist.filter_params[name]
        for name in spec.expected_parameters()
        if name in changelist.filter_params and any(changelist.filter_params[name])
    }
    if _has_default(spec):
        value, opened = spec.value(), {spec.parameter_name: spec.everything}
        if value == spec.everything:
            return None
        return spec.title, spec.words_of(value), changelist.get_query_string(opened)
    if not given:
        return None
    values = [one for many in given.values() for one in many if one]
    words = " – ".join(str(word) for word in map(_words_for(spec), values))
    return spec.title, words, changelist.get_query_string(dict.fromkeys(given))


def _words_for(spec):
    """Return the function that says a value of the address in words."""
    # A field without choices of its own, such as a year, offers bare values, each its own word.
    offered = [one for one in getattr(spec, "lookup_choices", ()) if isinstance(one, list | tuple)]
    choices = {str(value): label for value, label, *_more in offered}
    if isinstance(spec, SimpleListFilter):
        return lambda value: choices.get(value, value)
    field = spec.field
    choices |= {str(value): label for value, label in field.flatchoices or ()}
    if isinstance(field, models.BooleanField):
        choices |= {"1": _("是"), "0": _("否"), "True": _("是"), "False": _("否")}
    return lambda value: choices.get(value) or _named(field.related_model, value) or value


def _named(model, pk):
    known = model and str(pk).isdecimal()
    return model._default_manager.filter(pk=pk).first() if known else None
