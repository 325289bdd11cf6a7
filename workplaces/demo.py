"""The app's part of the demo (liangjiang.demo), by theme."""

from workplaces.childcare import demo as childcare
from workplaces.flexible import demo as flexible
from workplaces.rooms import demo as rooms


def make(world):
    """Make each theme's part."""
    childcare.make(world)
    flexible.make(world)
    rooms.make(world)
