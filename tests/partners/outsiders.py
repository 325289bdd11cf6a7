"""One call of every operation, for tests/test_rights.py."""

from partners import operations
from tests import factories
from tests.api.conftest import make_partner
from tests.rights import call

CALLS = (
    call(
        operations.create_key,
        lambda: {
            "unit": factories.unit(),
            "name": "人事系统同步",
            "scopes": ["events:read"],
            "expires_at": None,
            "client_id": "a" * 40,
        },
        insider=lambda given: factories.staff("administrator"),
    ),
    call(
        operations.revoke_key,
        lambda: {"key": make_partner().key},
        insider=lambda given: factories.staff("administrator"),
    ),
)
