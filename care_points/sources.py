"""What women earn points by, as the apps declare it (kernel.portal, field `points`)."""

from dataclasses import dataclass
from typing import Any

from kernel import portal


@dataclass(frozen=True)
class Source:
    """One thing an app rewards with points by a rule of the same code.

    Arguments:
        right: permission ("app.codename") of those who give these points and take them back.
        undone: words for the statement when the thing was undone and its points taken back.
    """

    right: str
    undone: Any


def source(rule_code):
    """Return the Source declared for a rule's code, or None: then no person gives its points by hand."""
    return portal.merged("points").get(rule_code)
