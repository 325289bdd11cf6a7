"""The theme in the demo (liangjiang.demo)."""


def make(world):
    """Put the theme on the timeline."""
