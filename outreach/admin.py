"""The app in the admin, by theme."""

from outreach.volunteers import admin as volunteers  # noqa: F401
