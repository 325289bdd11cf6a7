"""What the clock starts, by theme: Celery looks for it here."""

from workplaces.childcare import tasks as childcare  # noqa: F401
