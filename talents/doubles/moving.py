"""What hangs on a record and goes over to another when the two are merged.

An app declares a Moving for each of its models that name a record (kernel.portal, field `movings`); talents knows
none of them by name. A test fails on a relation that no Moving has.
"""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Max, Q

from kernel import portal


def nothing(keep, lose):
    """Return that nothing stands in the way, or has to stay."""
    return


def no_lock(rows):
    """Lock nothing more than the two records."""


@dataclass(frozen=True)
class Moving:
    """Rows of `model` ("events.Booking") whose `field` names a record.

    Arguments:
        order: in which they are moved and locked, as in every operation of the apps.
        words: what they are called, for the clerk who reads what hangs on each record; "" for what she need not know.
        why_not: function(keep, lose) that returns the DomainError of what has to be settled first, or None.
        stays: function(keep, lose) that returns a Q of rows that cannot go over and stay with the record that is lost.
        lock: function(rows) that locks what the app's operations lock before these rows.
        depends: rows that came later keep a merge from being undone where her account went over.
    """

    order: int
    model: str
    words: Any = ""
    field: str = "talent"
    why_not: Any = nothing
    stays: Any = nothing
    lock: Any = no_lock
    depends: bool = False

    @property
    def key(self):
        """Return the name under which a trace keeps what was moved."""
        return f"{self.model}.{self.field}"

    def rows(self, talent):
        """Return the rows that name a record."""
        return apps.get_model(self.model)._base_manager.filter(**{self.field: talent})

    def named(self, talents):
        """Return which of these records (a queryset of their numbers) are named by a row."""
        rows = apps.get_model(self.model)._base_manager.filter(**{f"{self.field}__in": talents})
        return rows.order_by().values_list(self.field, flat=True).distinct()

    def count(self, talent):
        """Return how many rows name a record."""
        return self.rows(talent).count()

    def move(self, keep, lose, now):
        """Have the rows of `lose` name `keep`; returns {ids moved, the newest id there was} for the trace."""
        rows = self.rows(lose)
        self.lock(rows)
        if stays := self.stays(keep, lose):
            rows = rows.exclude(stays)
        ids = list(rows.order_by("pk").values_list("pk", flat=True))
        newest = self.rows(keep).aggregate(newest=Max("pk"))["newest"] or 0
        self.rows(lose).filter(pk__in=ids).update(**{self.field: keep})
        return {"ids": ids, "newest": max([newest, *ids])}

    def later(self, keep, moved):
        """Return how many rows have come to name `keep` since the merge; 0 where nothing depends on them."""
        return self.rows(keep).filter(pk__gt=moved["newest"]).count() if self.depends else 0

    def why_not_back(self, keep, lose, moved):
        """Return why these rows cannot go back (DomainError), or None."""
        return

    def back(self, keep, lose, moved, now):
        """Have the moved rows name `lose` again."""
        rows = self.rows(keep).filter(pk__in=moved["ids"])
        self.lock(rows)
        rows.update(**{self.field: lose})


def none_of(pks):
    """Return the condition of rows that have to stay, by number; None for none."""
    return Q(pk__in=pks) if pks else None


def movings():
    """Return what the apps declare, in order."""
    return portal.listed("movings")
