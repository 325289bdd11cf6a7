"""Where a fact of a record comes from, and when somebody last stood for it.

`Talent.facts` holds {field: [source, "2026-03-01"]} of those that were said apart from the record as a whole;
all others are as old as the record and come from where it comes from (`Talent.source`). Confirming the whole
(`Talent.confirmed_at`) makes every fact as young as that and leaves it to whom it was from.
"""

from datetime import date

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.words import month_text


class FactSource(TextChoices):
    """Who said it."""

    SELF = "self", gettext_lazy("本人填写")
    UNIT = "unit", gettext_lazy("单位确认")
    STAFF = "staff", gettext_lazy("工作人员填写")
    IMPORT = "import", gettext_lazy("单位报送")


def stamp(talent, names, source, now):
    """Note in memory that `source` (a FactSource) said these fields of a record today; the caller saves it."""
    day = timezone.localdate(now).isoformat()
    talent.facts = talent.facts | {name: [str(source), day] for name in sorted(names)}
    talent.written_by = str(source)


def source_of(talent, name):
    """Return (FactSource, the date it was last stood for or None) of a field."""
    source, day = talent.facts.get(name) or (_base(talent, name), None)
    days = [date.fromisoformat(day)] if day else []
    if talent.confirmed_at:
        days.append(timezone.localdate(talent.confirmed_at))
    if not days and talent.created_at:
        days.append(timezone.localdate(talent.created_at))
    return FactSource(source), max(days, default=None)


def _base(talent, name):
    if name == "tier":
        return FactSource.STAFF  # nobody else sets one
    return FactSource.IMPORT if talent.source == "import" else FactSource.SELF


def words(source, day):
    """Return 单位报送，2026年3月确认."""
    said = {"source": FactSource(source).label, "month": month_text(day) if day else ""}
    return _("%(source)s，%(month)s确认") % said if day else said["source"]


def words_of(talent, name):
    """Return where a field comes from and when it was last confirmed, in words."""
    return words(*source_of(talent, name))
