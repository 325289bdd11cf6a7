"""Founders and technology in the demo (liangjiang.demo), by theme."""

from entrepreneurship.bases import demo as bases
from entrepreneurship.finance import demo as finance
from entrepreneurship.learning import demo as learning
from entrepreneurship.plans import demo as plans
from entrepreneurship.transfer import demo as transfer
from entrepreneurship.ventures import demo as ventures


def make(world):
    """Put each theme on the timeline; ventures first, the others speak of them."""
    for theme in (ventures, plans, bases, learning, finance, transfer):
        theme.make(world)
