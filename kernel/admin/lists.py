"""Columns and filters of the admin's lists."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display


def column(description, value, *, empty="—", ordering=None):
    """Return a method of an admin class that shows one value of a row.

    `value` is the name of an attribute or a function of the row; `empty` stands for nothing.
    """

    @display(description=description, ordering=ordering)
    def shown(self, row):
        return (value(row) if callable(value) else getattr(row, value)) or empty

    return shown


def state_column(colours, *, ordering=None):
    """Return a column that shows `state` as a coloured word.

    `colours` maps states to "info", "success", "warning" or "danger"; a state left out stays grey.
    """

    @display(description=_("状态"), label=colours, ordering=ordering)
    def state_shown(self, row):
        return row.state, row.get_state_display()

    return state_shown


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
