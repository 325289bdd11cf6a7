"""The app in the admin, by theme."""

from advisory.consultations import admin as consultations  # noqa: F401
from advisory.suggestions import admin as suggestions  # noqa: F401
