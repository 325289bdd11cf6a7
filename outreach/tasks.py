"""What the clock starts, by theme: Celery looks for it here."""

from outreach.volunteers import tasks as volunteers  # noqa: F401
