"""The app's part of the demo (liangjiang.demo), by theme."""

from advisory.consultations import demo as consultations


def make(world):
    """Make each theme's part."""
    consultations.make(world)
