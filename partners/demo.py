"""The demo's key to the API (liangjiang.demo)."""

from partners.operations import create_key
from partners.scopes import scopes

CLIENT_ID = "demo-unit"
CLIENT_SECRET = "demo-secret-for-everybody"  # noqa: S105 - the demo's, printed on the screen


def make(world):
    """Give the first unit a key to the API, with a secret everybody knows."""
    key, _secret = create_key(
        unit=world.units[0],
        name="演示密钥",
        scopes=list(scopes()),
        expires_at=None,
        client_id=CLIENT_ID,
        by=world.staff["DEMOADMIN"],
        now=world.now,
    )
    key.client_secret = CLIENT_SECRET
    key.save()
