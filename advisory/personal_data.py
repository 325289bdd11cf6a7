"""What the app holds about one woman, all themes together."""

from advisory.consultations import personal_data as consultations
from advisory.suggestions import personal_data as suggestions

THEMES = (consultations, suggestions)

COVERS = tuple(field for theme in THEMES for field in theme.COVERS)
MOVINGS = tuple(moving for theme in THEMES for moving in theme.MOVINGS)
RETENTION = tuple(rule for theme in THEMES for rule in theme.RETENTION)


def collect(user):
    """Return the Groups of her copy, of every theme."""
    return [group for theme in THEMES for group in theme.collect(user)]


def lost(person, now):
    """Say what is lost by being erased, as sentences."""
    return [line for theme in THEMES for line in theme.lost(person, now)]


def erase(person, now):
    """Erase what is hers in every theme; returns how many rows went or changed."""
    return sum(theme.erase(person, now) for theme in THEMES)
