"""The app's part of the demo (liangjiang.demo), by theme."""

from outreach.choices import demo as choices
from outreach.lessons import demo as lessons
from outreach.requests import demo as requests
from outreach.volunteers import demo as volunteers


def make(world):
    """Make each theme's part."""
    volunteers.make(world)
    lessons.make(world)
    requests.make(world)
    choices.make(world)
