"""Rows the clock works on (kernel.sweeps), in the admin: those set aside are found and given back to it."""

from django.utils.translation import gettext_lazy, ngettext_lazy
from unfold.decorators import action

from kernel.admin.actions import for_each
from kernel.admin.lists import OneChoiceFilter

AGAIN = gettext_lazy("重试到期处理")


class SetAsideFilter(OneChoiceFilter):
    """What the sweeps could not do and left for somebody."""

    title = gettext_lazy("到期处理")
    parameter_name = "sweep"
    choice = ("set_aside", gettext_lazy("多次失败，已搁置"))

    def narrow(self, queryset):
        """Keep what is set aside."""
        return queryset.set_aside()


def is_set_aside(row, by):
    """Tell whether the sweeps have left a row for somebody."""
    return type(row).objects.filter(pk=row.pk).set_aside().exists()


class SweptAdmin:
    """Adds the action "again"; `again(row=, by=, now=)` is the operation, `has_again_permission` its right."""

    again = None
    row_actions = {"try_again": (AGAIN, is_set_aside)}

    @action(description=AGAIN, permissions=["again"])
    def try_again(self, request, queryset):
        """Let the sweeps take the ticked rows up again."""
        for_each(
            request,
            queryset,
            self.again,
            "row",
            done=ngettext_lazy(
                "%(count)s 条将在下次自动处理时重试。",
                "%(count)s 条将在下次自动处理时重试。",
                "count",
            ),
        )
