"""Events in the admin."""

from events.admin import deciding, events  # noqa: F401
