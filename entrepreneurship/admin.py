"""The app in the admin, by theme."""

from entrepreneurship.bases import admin as bases  # noqa: F401
from entrepreneurship.finance import admin as finance  # noqa: F401
from entrepreneurship.learning import admin as learning  # noqa: F401
from entrepreneurship.plans import admin as plans  # noqa: F401
from entrepreneurship.transfer import admin as transfer  # noqa: F401
from entrepreneurship.ventures import admin as ventures  # noqa: F401
