"""The cast of the API's tests: two partner units with keys, and a client that speaks for one."""

import json
from dataclasses import dataclass

import pytest
from django.core.cache import cache
from django.test import Client
from oauth2_provider.generators import generate_client_id

from partners import operations
from partners.models import PartnerKey
from partners.scopes import scopes as known_scopes
from tests import factories


@dataclass
class Partner:
    """A unit with one key, and the token it fetched."""

    unit: object
    key: PartnerKey
    secret: str
    token: str = ""

    def fetch(self, scope=None, client=None):
        """Fetch a token through the real address and remember it; returns the answer."""
        form = {
            "grant_type": "client_credentials",
            "client_id": self.key.client_id,
            "client_secret": self.secret,
        }
        if scope is not None:
            form["scope"] = scope
        body = "&".join(f"{name}={value.replace(' ', '+')}" for name, value in form.items())
        answer = (client or Client()).post(
            "/api/v1/oauth/token/", body, content_type="application/x-www-form-urlencoded"
        )
        self.token = json.loads(answer.content).get("access_token", "")
        return answer

    def get(self, path, query=None, **headers):
        """Read an address with the token."""
        headers = {"Authorization": f"Bearer {self.token}", **headers}
        return Client().get(f"/api/v1{path}", query, headers=headers)


def make_partner(unit=None, scopes=None, expires_at=None):
    """Return a unit with a key of these scopes (default: all) and a token of all of them."""
    scopes = known_scopes() if scopes is None else scopes
    unit = unit or factories.unit()
    key, secret = operations.create_key(
        unit=unit,
        name="人事系统同步",
        scopes=list(scopes),
        expires_at=expires_at,
        client_id=generate_client_id(),
        by=None,
        now=factories.NOW,
    )
    made = Partner(unit, key, secret)
    made.fetch()
    return made


@pytest.fixture(autouse=True)
def _fresh_cache():
    cache.clear()


@pytest.fixture
def partner(db):
    """A partner unit with all three scopes."""
    return make_partner()


@pytest.fixture
def other(db):
    """Another unit, with as many rights."""
    return make_partner()


def problem(answer):
    """Return (status, code) of a problem, after checking that it is a whole one."""
    assert answer.headers["Content-Type"] == "application/problem+json"
    body = json.loads(answer.content)
    assert {"type", "title", "status", "detail", "code"} <= set(body)
    assert body["status"] == answer.status_code
    assert body["type"] == f"/api/v1/docs/#{body['code']}"
    assert "%(" not in body["detail"]
    return answer.status_code, body["code"]
