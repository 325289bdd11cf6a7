"""The app in the admin, by theme."""

from workplaces.childcare import admin as childcare  # noqa: F401
from workplaces.flexible import admin as flexible  # noqa: F401
from workplaces.periods import admin as periods  # noqa: F401
from workplaces.rooms import admin as rooms  # noqa: F401
