"""Events in the admin."""

from events.admin import deciding, events, no_show  # noqa: F401
