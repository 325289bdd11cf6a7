"""All tables of the app, by theme."""

from outreach.volunteers.models import *  # noqa: F403
