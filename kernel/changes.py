"""Whether an operation changed anything: what changes something is on record in the audit log.

An operation that finds its work done already returns as if it had done it, and records nothing.
"""

from contextlib import contextmanager
from contextvars import ContextVar

_verbs = ContextVar("verbs", default=None)


@contextmanager
def watched():
    """Collect the audit verbs that are recorded inside the block; gives the list."""
    outer, verbs = _verbs.get(), []
    token = _verbs.set(verbs)
    try:
        yield verbs
    finally:
        _verbs.reset(token)
    if outer is not None:  # not reached where the block raised: its changes are undone
        outer += verbs


def note(verb):
    """Add a verb to what is collected around the caller, if anything is (privacy.audit calls this)."""
    verbs = _verbs.get()
    if verbs is not None:
        verbs.append(verb)
