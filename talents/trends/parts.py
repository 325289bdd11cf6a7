"""Who takes part, and who does not: what the figures count, and the lists behind them.

Each app above declares its ways (`taking_part` in its portal.py). What it keeps for a year is only asked about this year:
that somebody never did can be said where it is kept as long as she is.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from kernel import portal
from kernel.days import begin
from talents.models import Talent

DID, DID_NOT, NEVER = "", "not", "never"


@dataclass(frozen=True)
class Part:
    """The women who did within a year, did not within a year, or never did. Written "events", "events.not", "events.never"."""

    way: Any
    which: str = DID

    def __str__(self):
        return f"{self.way.key}.{self.which}" if self.which else self.way.key

    @property
    def words(self):
        """Return what it is called."""
        said = {
            DID: _("近一年%(did)s"),
            DID_NOT: _("近一年没有%(did)s"),
            NEVER: _("从来没有%(did)s"),
        }
        return said[self.which] % {"did": self.way.words}

    def condition(self, day):
        """Return the condition on talents that they are of it on a day."""
        return ~self._did(day) if self.which else self._did(day)

    def count(self, women, of, day):
        """Return how many of some women are of it on a day; `of` is how many women they are, so that none need be gone through."""
        did = women.filter(self._did(day)).count()
        return of - did if self.which else did

    def _did(self, day):
        since = None if self.which == NEVER else year_before(day)
        # Through the table of women: one row without any would make "not in" true of nobody.
        return Q(pk__in=Talent.objects.filter(pk__in=self.way.talents(since)).values("pk"))


def year_before(day):
    """Return the moment a year before a day begins."""
    return begin(day - timedelta(days=365))


def parts_of(way):
    """Return the Parts that can be told apart of a way."""
    return [Part(way, which) for which in (DID, DID_NOT, *([NEVER] if way.for_good else []))]


def all_parts():
    """Return {name: Part} of all ways, in their order."""
    ways = portal.listed("taking_part")
    return {str(part): part for way in ways for part in parts_of(way)}
