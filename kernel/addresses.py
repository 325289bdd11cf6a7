"""The pages every app may lead to although a higher one serves them."""

from django.core.checks import Error
from django.urls import NoReverseMatch, reverse

# home: the public first page; dashboard: 我的, where a signed-in person begins; api_docs: for partners;
# my_data: where she takes a copy of what the portal holds, or has it erased.
SHARED = ("home", "dashboard", "api_docs", "my_data")


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
