"""What the app holds about one woman, all themes together."""

from entrepreneurship.bases import personal_data as bases
from entrepreneurship.finance import personal_data as finance
from entrepreneurship.learning import personal_data as learning
from entrepreneurship.plans import personal_data as plans
from entrepreneurship.transfer import personal_data as transfer
from entrepreneurship.ventures import personal_data as ventures

# Erased and moved in this order: what hangs on a venture before the venture.
THEMES = (transfer, bases, finance, learning, plans, ventures)

COVERS = tuple(field for theme in THEMES for field in theme.COVERS)
MOVINGS = tuple(moving for theme in THEMES for moving in theme.MOVINGS)
RETENTION = tuple(rule for theme in THEMES for rule in theme.RETENTION)


def collect(user):
    """Return the Groups of her copy, of every theme."""
    return [group for theme in reversed(THEMES) for group in theme.collect(user)]


def lost(person, now):
    """Say what is lost by being erased, as sentences."""
    return [line for theme in THEMES for line in theme.lost(person, now)]


def erase(person, now):
    """Erase what is hers in every theme; returns how many rows went or changed."""
    return sum(theme.erase(person, now) for theme in THEMES)
