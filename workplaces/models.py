"""All tables of the app, by theme."""

from workplaces.childcare.models import *  # noqa: F403
