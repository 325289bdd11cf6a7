"""Calls of the demo (liangjiang.demo): those that go on, one that is over, from its quotas to its results,
and one that goes on after the award."""

from calls.demo import afterwards, current, finished


def make(world):
    """Put the calls, and what became of them, on the timeline."""
    current.make(world)
    afterwards.make(world)
    finished.make(world)
