"""How long something is kept: the words of the privacy notice and what the job does are one declaration."""

from dataclasses import dataclass
from typing import Any

from dateutil.relativedelta import relativedelta
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


@dataclass(frozen=True)
class Keep:
    """A length of time, in whole years or in days."""

    years: int = 0
    days: int = 0

    def before(self, now):
        """Return the moment before which something is older than this at `now`."""
        return now - relativedelta(years=self.years, days=self.days)

    def __str__(self):
        if self.years:
            return ngettext("%(n)s 年", "%(n)s 年", self.years) % {"n": self.years}
        return ngettext("%(n)s 天", "%(n)s 天", self.days) % {"n": self.days}


@dataclass(frozen=True)
class Retention:
    """A rule of keeping: a line of the privacy notice (PIPL art. 17 and 19), and what privacy.retention does by it.

    Arguments:
        order: where it stands in the notice; code: "app.name".
        what: words for what is kept; keep: for how long; then: words for what becomes of it.
        rows: function(before) that returns the QuerySet of what is older than the moment and not done yet.
        forget: function(rows) that does it for a QuerySet of such rows, within a transaction, for each once.
        cut: instead of these two, for what is append-only: function(before) that does it all and returns how many.
    """

    order: int
    code: str
    what: Any
    keep: Keep
    then: Any
    rows: Any = None
    forget: Any = lambda rows: rows.delete()
    cut: Any = None

    @property
    def text(self):
        """Return its line of the privacy notice."""
        words = {"what": self.what, "keep": self.keep, "then": self.then}
        return _("%(what)s：%(keep)s，%(then)s。") % words
