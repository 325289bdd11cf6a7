"""The app's part of the demo (liangjiang.demo), by theme."""

from advisory.consultations import demo as consultations
from advisory.suggestions import demo as suggestions


def make(world):
    """Make each theme's part."""
    consultations.make(world)
    suggestions.make(world)
