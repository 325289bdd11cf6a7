"""Rows the clock works on (kernel.sweeps), in the admin: those set aside are found and given back to it."""

from django.utils.translation import gettext_lazy, ngettext_lazy
from unfold.decorators import action

from kernel.admin.actions import for_each
from kernel.admin.lists import OneChoiceFilter


class SetAsideFilter(OneChoiceFilter):
    """What the sweeps could not do and left for somebody."""

    title = gettext_lazy("到期处理")
    parameter_name = "sweep"
    choice = ("set_aside", gettext_lazy("多次失败，已搁置"))

    def narrow(self, queryset):
        """Keep what is set aside."""
        return queryset.set_aside()


class SweptAdmin:
    """Adds the action "again"; `again(row=, by=, now=)` is the operation, `has_again_permission` its right."""

    again = None

    @action(description=gettext_lazy("重试到期处理"), permissions=["again"])
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
