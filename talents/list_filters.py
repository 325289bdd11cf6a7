"""What the clerks' list of records is narrowed by, besides its columns."""

from django.contrib.admin.options import IncorrectLookupParameters
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import DropdownFilter

from kernel.admin.lists import DefaultFilter, OneChoiceFilter
from talents import facets, standing
from talents.models import NOT_SHOWN, SharedRecord, TalentState
from talents.trends import changes as trends
from talents.trends import cohorts, parts

# Parameters that leave a list of the whole table as long as it is.
ANY_LENGTH = {
    "q",
    "p",
    "after",
    "cols",
    "state__exact",
    "department__id__exact",
    "_changelist_filters",
}
# What the list can be narrowed to besides states: (words, function(rows, day)).
FACTS = {
    "listed": (gettext_lazy("可咨询推荐"), standing.listed),
    "stale": (
        gettext_lazy("长期未核对"),
        lambda rows, day: standing.stale(rows.active(), day),
    ),
    "reserve": (gettext_lazy("储备及以上"), lambda rows, day: rows.active().exclude(tier="")),
    "paused": (gettext_lazy("已暂停"), lambda rows, day: standing.paused(rows.active(), day)),
    "moved_away": (gettext_lazy("已离开两江新区"), lambda rows, day: rows.moved_away()),
    # Whose record her unit may read: the table it looks through once a year.
    "shared": (gettext_lazy("同意向单位提供"), lambda rows, day: _shared(rows.active())),
}


def _shared(rows):
    """Keep who agreed to be shown to her unit, as the interface has it."""
    return rows.filter(pk__in=SharedRecord.objects.filter(shared=True).values("talent"))


class StateFilter(DefaultFilter):
    """What waits, unless something is searched for or another state is chosen."""

    title = gettext_lazy("状态")
    parameter_name = "state__exact"

    def lookups(self, request, model_admin):
        """Offer the states staff see, and all."""
        asks_more = request.GET.get("q") or request.GET.get("confirmation")
        self.default = self.everything if asks_more else TalentState.SUBMITTED.value
        states = [s for s in TalentState.choices if s[0] not in NOT_SHOWN]
        facts = [(name, words) for name, (words, _narrow) in FACTS.items()]
        return [*states, *facts, (self.everything, _("全部"))]

    def queryset(self, request, queryset):
        """Keep the chosen state."""
        chosen = self.value()
        if chosen == self.everything:
            return queryset
        if chosen in FACTS:
            _words, narrow = FACTS[chosen]
            return narrow(queryset, timezone.localdate())
        if chosen == TalentState.VERIFIED:
            return queryset.active()
        return queryset.filter(state=chosen)


class StaleFilter(OneChoiceFilter):
    """Whether somebody should stand for a record again."""

    title = gettext_lazy("核对")
    parameter_name = "confirmation"
    choice = ("due", gettext_lazy("到期还没有核对"))

    def narrow(self, queryset):
        """Keep what is due."""
        return queryset.due_for_confirmation(timezone.now())


class BandFilter(DropdownFilter):
    """One of some bands: `words` {name: words}, `kept(name, day)` the condition of one."""

    words, kept = None, None

    def lookups(self, request, model_admin):
        """Offer the bands."""
        return list(self.words().items())

    def queryset(self, request, queryset):
        """Keep the chosen band; raises IncorrectLookupParameters for one there is not."""
        band = self.value()
        if not band:
            return queryset
        if band not in self.words():
            raise IncorrectLookupParameters(band)
        return queryset.filter(self.kept(band, timezone.localdate()))


class AgeFilter(BandFilter):
    """Women of an age."""

    title = gettext_lazy("年龄")
    parameter_name = "age"
    kept = staticmethod(facets.born_in)

    def words(self):
        """Offer the bands, and the wide one a figure of the trends led to."""
        return facets.age_words(wide=self.value() in facets.WIDE)


class ConfirmedFilter(BandFilter):
    """How long ago somebody stood for a record."""

    title = gettext_lazy("最近确认")
    parameter_name = "confirmed"
    words = staticmethod(facets.confirmed_words)
    kept = staticmethod(facets.confirmed_in)


class ChangedFilter(BandFilter):
    """What became of a record in one of the last years, by its snapshots: the lists behind the trends."""

    title = gettext_lazy("历年变动")
    parameter_name = "change"
    kept = staticmethod(trends.changed_in)

    def words(self):
        """Offer the changes of each year, and what a figure of the trends led to."""
        offered, chosen = trends.change_words(), self.value() or ""
        if change := trends.parsed(chosen, timezone.localdate()):
            offered.setdefault(chosen, change.words)
        return offered


class CohortFilter(BandFilter):
    """Women of a year of entry, or how far they got: only where a figure of the trends led to it."""

    title = gettext_lazy("入库年份")
    parameter_name = "cohort"

    def has_output(self):
        """Show it where it narrows."""
        return bool(self.value())

    def words(self):
        """Offer what was chosen, there are too many to choose from."""
        cohort = cohorts.parsed(self.value() or "", timezone.localdate())
        return {str(cohort): cohort.words} if cohort else {}

    @staticmethod
    def kept(name, day):
        """Return the condition of a cohort."""
        return cohorts.parsed(name, day).condition


class PartFilter(BandFilter):
    """Who took part in something, or did not."""

    title = gettext_lazy("参与情况")
    parameter_name = "part"

    @staticmethod
    def words():
        """Offer what every app above declares."""
        return {name: part.words for name, part in parts.all_parts().items()}

    @staticmethod
    def kept(name, day):
        """Return the condition of a part."""
        return parts.all_parts()[name].condition(day)
