"""What the clock starts, by theme: Celery looks for it here."""

from advisory.consultations import tasks as consultations  # noqa: F401
from advisory.suggestions import tasks as suggestions  # noqa: F401
