"""What the clock starts, by theme: Celery looks for it here."""

from entrepreneurship.bases import tasks as bases  # noqa: F401
from entrepreneurship.finance import tasks as finance  # noqa: F401
from entrepreneurship.learning import tasks as learning  # noqa: F401
from entrepreneurship.transfer import tasks as transfer  # noqa: F401
from entrepreneurship.ventures import tasks as ventures  # noqa: F401
