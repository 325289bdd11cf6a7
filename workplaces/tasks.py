"""What the clock starts, by theme: Celery looks for it here."""

from workplaces.childcare import tasks as childcare  # noqa: F401
from workplaces.flexible import tasks as flexible  # noqa: F401
