"""What the clock starts, by theme: Celery looks for it here."""

from entrepreneurship.ventures import tasks as ventures  # noqa: F401
