"""What the theme holds about one woman: in her copy, when she is erased, when it is old, when records are merged."""

COVERS = ()
MOVINGS = ()
RETENTION = ()


def collect(user):
    """Return the Groups of her copy."""
    return []


def lost(person, now):
    """Say what is lost by being erased, as sentences."""
    return []


def erase(person, now):
    """Erase what is hers; returns how many rows went or changed."""
    return 0
