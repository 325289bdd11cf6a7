"""What of her growth the app knows, of every theme."""

from advisory.consultations import hers as consultations

THEMES = (consultations,)


def milestones(talent):
    """Return Milestones, in any order."""
    return [one for theme in THEMES for one in theme.growth(talent)]
