"""What the clock starts, by theme: Celery looks for it here."""

from outreach.requests import clock as requests  # noqa: F401
from outreach.volunteers import tasks as volunteers  # noqa: F401
