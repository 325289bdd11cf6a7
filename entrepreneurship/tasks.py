"""What the clock starts, by theme: Celery looks for it here."""

from entrepreneurship.transfer import tasks as transfer  # noqa: F401
from entrepreneurship.ventures import tasks as ventures  # noqa: F401
