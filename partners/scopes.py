"""What a partner's token may read: each app declares the scopes of its own part of the API."""

from kernel import portal


def scopes():
    """Return {scope: words} of every scope."""
    return portal.merged("scopes")


def choices():
    """Return the scopes as the choices of a form field."""
    return list(scopes().items())
