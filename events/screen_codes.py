"""The six digits on the screen on site, which change every half minute.

They are a keyed digest of the event, the way and the half minute: nothing is stored, and whoever reads the
database learns none. The digits of now and of the half minute before are taken, so that she has at least thirty
seconds to type them; a photo of the screen is of no use after a minute. Within that minute it may be passed on.
"""

import hmac

from privacy.crypto import keyed_digest

STEP = 30  # seconds
DIGITS = 6


def code(event, way, now):
    """Return the six digits (str) the screen shows at `now` for a Way."""
    return _code(event, way, _step(now))


def seconds_left(now):
    """Return the seconds until the digits change."""
    return STEP - int(now.timestamp()) % STEP


def fits(event, way, typed, now):
    """Tell whether `typed` are the digits of now, or of the half minute before."""
    step = _step(now)
    fitting = [
        hmac.compare_digest(_code(event, way, s).encode(), typed.encode()) for s in (step, step - 1)
    ]
    return any(fitting)


def _step(now):
    return int(now.timestamp()) // STEP


def _code(event, way, step):
    digest = keyed_digest("events.screen", str(event.pk), str(way), str(step))
    return f"{int(digest[:15], 16) % 10**DIGITS:0{DIGITS}d}"
