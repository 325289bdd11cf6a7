"""What of her growth the app knows, of every theme."""

from advisory.consultations import hers as consultations
from advisory.suggestions import hers as suggestions

THEMES = (consultations, suggestions)


def milestones(talent):
    """Return Milestones, in any order."""
    return [one for theme in THEMES for one in theme.growth(talent)]
