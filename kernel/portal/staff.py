"""What people who work in the portal get: roles, navigation, work queue, figures."""

from dataclasses import dataclass
from typing import Any

MOST_COUNTED = 1000  # nobody acts differently on 1,000 and 1,001 waiting things


@dataclass(frozen=True)
class Role:
    """A group of people with the same rights. `staff` lets them into the admin, `scoped` asks for a department.

    `also` are rights ("app.codename") on lower apps' models that its work needs; those on an app's own
    models stand in its `permissions`.
    """

    code: str
    name: Any
    order: int
    staff: bool = True
    scoped: bool = True
    also: tuple = ()


@dataclass(frozen=True)
class Item:
    """One line of the admin's navigation: the list `view` ("app_model") of a section of the policy.

    `section` is 1 to 5 as the policy numbers them, 0 for administration; `query` narrows the list
    ("?measure__exact=3"). People who may view the model see it.
    """

    section: int
    order: int
    title: Any
    icon: str
    view: str
    query: str = ""


@dataclass(frozen=True)
class Entry:
    """One line of the work queue, for people with `permission`; `make(user, now)` returns its Task."""

    order: int
    permission: str
    make: Any


@dataclass(frozen=True)
class Task:
    """What a line of the work queue says. `since` is when the oldest waiting item came in, or None."""

    title: str
    count: int
    hint: str
    link: str
    since: Any = None
    urgent: bool = False

    @property
    def count_text(self):
        """Return the count as it is shown (kernel.admin.queue counts up to a cap)."""
        return f"{MOST_COUNTED}+" if self.count > MOST_COUNTED else str(self.count)


@dataclass(frozen=True)
class Figure:
    """One number under the work queue, for people with `permission`; `count(user, now)` returns it."""

    order: int
    permission: str
    label: Any
    unit: Any
    count: Any
