"""All tables of the app, by theme."""

from workplaces.periods.models import *  # noqa: F403
