"""What the clock starts, by theme: Celery looks for it here."""

from advisory.consultations import tasks as consultations  # noqa: F401
