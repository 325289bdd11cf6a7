"""How an app lists its operations for tests/test_rights.py: one `call` each, in tests/<app>/outsiders.py."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests import factories

SCOPED = ("department_clerk", "department_reviewer", "event_organiser")


def another_woman():
    """Somebody like her: in the database herself, with nothing to do with the record."""
    return factories.talent().user


def staff_elsewhere():
    """A colleague with every right of a department, in another department."""
    return factories.staff(*SCOPED, department_code="science_innovation")


def staff_without_rights():
    """A colleague of the same department who was given no role."""
    return factories.staff()


OUTSIDERS = {
    "another woman": another_woman,
    "staff elsewhere": staff_elsewhere,
    "staff without rights": staff_without_rights,
}


@dataclass(frozen=True)
class Call:
    """One operation with arguments it would accept, and the people who may not make it."""

    operation: Callable
    arguments: Callable
    insider: Callable
    refused_as: str
    reads_only: bool
    outsiders: dict = field(default_factory=dict)

    @property
    def name(self):
        """Return the operation's dotted name."""
        return f"{self.operation.__module__}.{self.operation.__name__}"


def call(
    operation,
    arguments,
    *,
    insider=lambda given: None,
    open_to=(),
    others=None,
    refused_as="",
    reads_only=False,
):
    """Return the Call of an operation.

    Arguments:
        arguments: makes fresh keyword arguments, without `by` and `now`.
        insider: from those arguments, somebody who may; the system where it is left out.
        open_to: names of OUTSIDERS for whom it is right to be let in.
        others: {name: function that makes one more person who may not}.
        reads_only: says that nothing is written when it is let through (a look-up).
        refused_as: the error's code where an outsider must not even learn that the record exists; else
            any Refused.
    """
    people = {name: make for name, make in OUTSIDERS.items() if name not in open_to}
    return Call(operation, arguments, insider, refused_as, reads_only, people | (others or {}))
