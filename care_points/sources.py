"""What women earn points by, as the apps declare it (kernel.portal, field `points`)."""

from dataclasses import dataclass
from typing import Any

from care_points.models import CAPS
from kernel import portal


@dataclass(frozen=True)
class Source:
    """One thing an app rewards with points by a rule of the same code, and the rule it starts with.

    Arguments:
        name, name_en: what statements call it; stored, so plain text.
        unit: "event" (points for each time) or "hour".
        points: how many; the caps limit what one woman earns so in a day, a month, a year (None: nothing does).
        valid_months: how long they count (None: for good).
        right: permission ("app.codename") of those who give these points and take them back; None where
            no person does so by hand.
        undone: words for the statement when the thing was undone and its points taken back.
    """

    name: str
    name_en: str
    unit: str
    points: int
    daily_cap: int | None = None
    monthly_cap: int | None = None
    yearly_cap: int | None = None
    valid_months: int | None = 36
    right: str | None = None
    undone: Any = ""

    @property
    def rule(self):
        """Return the fields of the rule it starts with."""
        names = ("name", "name_en", "unit", "points", *CAPS, "valid_months")
        return {name: getattr(self, name) for name in names}


def sources():
    """Return {rule code: Source}, all that is declared."""
    return portal.merged("points")


def source(rule_code):
    """Return the Source declared for a rule's code, or None: then no person gives its points by hand."""
    return sources().get(rule_code)
