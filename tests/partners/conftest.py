"""The cast of the API's tests serves here too."""

from tests.api.conftest import _fresh_cache, other, partner

__all__ = ["_fresh_cache", "other", "partner"]
