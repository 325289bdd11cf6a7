"""The app in the admin, by theme."""

from workplaces.periods import admin as periods  # noqa: F401
