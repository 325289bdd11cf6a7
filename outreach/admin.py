"""The app in the admin, by theme."""

from outreach.choices import admin as choices  # noqa: F401
from outreach.lessons import admin as lessons  # noqa: F401
from outreach.requests import admin as requests  # noqa: F401
from outreach.volunteers import admin as volunteers  # noqa: F401
