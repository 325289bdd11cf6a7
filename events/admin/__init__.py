"""Events in the admin."""

from events.admin import deciding, events, no_show, series  # noqa: F401
