"""How a record read before each change: its versions, by simple-history.

Only what is named here is kept, so that a column added later is not copied unawares: no number, no phone, no address, not
what she said in politics, and nothing of what stands beside the record in logs of its own (decisions, pauses).
"""

from functools import reduce
from itertools import pairwise
from operator import or_

from django.db import connection
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from simple_history.models import HistoricalRecords

from kernel.words import clauses, day_text
from talents.career import shown

KEPT = (
    "department",
    "state",
    "source",
    "tier",
    "full_name",
    "birth_month",
    "unit",
    "unit_text",
    "position",
    "unit_since",
    "professional_title",
    "title_level",
    "title_since",
    "education_level",
    "degree",
    "school_and_major",
    "graduated",
    "discipline",
    "discipline_detail",
    "industry",
    "industry_division",
    "research_fields",
    "overseas_study",
    "overseas_detail",
    "honours",
    "remark",
    "written_by",
)
# What a change is told of: who wrote it is the line's own beginning, where it stands its state's log.
TOLD = tuple(
    n for n in KEPT if n not in ("department", "state", "source", "unit_text", "written_by")
)
COLUMNS = {"unit_id" if name == "unit" else name for name in KEPT} - {"written_by"}
SHOWN = 10


class RecordVersions(HistoricalRecords):
    """Keeps a version where something of KEPT may have changed."""

    def fields_included(self, model):
        """Return the columns of a version."""
        return [f for f in model._meta.fields if f.name in KEPT or f.primary_key]

    def post_save(self, instance, created, using=None, update_fields=None, **kwargs):
        """Keep none where the save wrote other columns alone."""
        if update_fields is None or not set(KEPT).isdisjoint(update_fields):
            super().post_save(instance, created, using=using, **kwargs)


def keep_many(talents, *, created, user, now):
    """Keep a version of each of many records that `user` wrote without signals."""
    versions = type(talents[0]).history if talents else None
    if versions:
        versions.bulk_history_create(
            talents, update=not created, default_user=user, default_date=now
        )


def of_hers(records, user):
    """Return the versions of her records, by number, but not what somebody wrote who had claimed one wrongly."""
    model = type(records[0]) if records else None
    if model is None:
        return []
    theirs = Q(history_user=None) | Q(history_user=user) | Q(history_user__is_staff=True)
    return model.history.filter(theirs, id__in=[r.pk for r in records]).order_by("history_id")


def forget(records):
    """Delete all versions of records; returns how many."""
    model = type(records[0]) if records else None
    return model.history.filter(id__in=[r.pk for r in records]).delete()[0] if model else 0


def newest(talent):
    """Return [the number of the newest version of a record, of its newest snapshot], 0 for none: `forget_since` begins behind."""
    version = talent.history.aggregate(newest=Max("history_id"))["newest"]
    return [version or 0, talent.snapshots.aggregate(newest=Max("pk"))["newest"] or 0]


def forget_since(talent, newest, values=None):
    """Delete the versions behind `newest`: what they say was another woman's, and who it stood with by mistake keeps none.

    Snapshots stay for what is counted, without words and place. `values` ({column: value}) narrows it to versions that
    say one of them.
    """
    version, snapshot = newest
    with connection.cursor() as cursor:
        cursor.execute("SELECT talents_forget_snapshots_since(%s, %s)", [talent.pk, snapshot])
    later = talent.history.filter(history_id__gt=version)
    if values is not None:
        said = {name: value for name, value in values.items() if value and name in COLUMNS}
        later = later.filter(reduce(or_, (Q(**{n: v}) for n, v in said.items()), Q(pk__in=())))
    later.delete()


def changes(talent):
    """Return sentences about what was changed of a record, the newest first: 2026年3月2日 · 职务：工程师 → 主任."""
    versions = talent.history.select_related("unit").order_by("-history_id")
    told = (_told(new, old) for new, old in pairwise(versions[: SHOWN * 3]))
    return [line for line in told if line][:SHOWN]


def _told(new, old):
    said = [(name, _words(old, name), _words(new, name)) for name in TOLD]
    lines = [
        _("%(field)s：%(old)s → %(new)s")
        % {
            "field": new._meta.get_field(name).verbose_name,
            "old": before or _("（空）"),
            "new": after or _("（空）"),
        }
        for name, before, after in said
        if before != after
    ]
    day = day_text(timezone.localtime(new.history_date))
    return " · ".join((day, clauses(lines))) if lines else ""


def _words(version, name):
    if name == "unit":
        return version.unit.name if version.unit else version.unit_text
    if name == "overseas_study":
        return _("是") if version.overseas_study else ""
    return shown.value(version, name)
