"""The pages every app may lead back to although the roof serves them."""

from django.core.checks import Error
from django.urls import NoReverseMatch, reverse

# home: the public first page; dashboard: 我的, where a signed-in person begins; api_docs: for partners.
SHARED = ("home", "dashboard", "api_docs")


def check(app_configs, **kwargs):
    """Return an error for each shared name no page answers to (a Django system check)."""
    return [
        Error(
            f"no page is named {name!r}",
            hint="apps link to it; kernel/addresses.py",
            id="kernel.E001",
        )
        for name in SHARED
        if not _served(name)
    ]


def _served(name):
    try:
        return bool(reverse(name))
    except NoReverseMatch:
        return False
