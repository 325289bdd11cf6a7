"""Calls of the demo (liangjiang.demo): those that go on, and one that is over, from its quotas to its results."""

from calls.demo import current, finished


def make(world):
    """Put the calls, and what became of them, on the timeline."""
    current.make(world)
    finished.make(world)
