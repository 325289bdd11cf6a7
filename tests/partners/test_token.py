"""Keys and tokens."""

import base64
import hashlib
import json
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import get_access_token_model

from kernel.errors import Conflict, Invalid
from partners import operations
from partners.models import PartnerKey
from partners.scopes import scopes
from partners.tasks import clear_expired_tokens
from tests import factories
from tests.api.conftest import make_partner, problem

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"
TOKEN = "/api/v1/oauth/token/"


def test_a_key_becomes_a_token_of_one_hour_with_all_its_scopes(partner):
    answer = json.loads(partner.fetch().content)
    assert answer["expires_in"] == 3600
    assert answer["token_type"] == "Bearer"
    assert set(answer["scope"].split()) == set(scopes())
    assert "refresh_token" not in answer


def test_the_key_may_stand_in_a_basic_header(partner):
    basic = base64.b64encode(f"{partner.key.client_id}:{partner.secret}".encode()).decode()
    answer = Client().post(
        TOKEN,
        "grant_type=client_credentials",
        content_type=FORM,
        headers={"Authorization": f"Basic {basic}"},
    )
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"


def test_neither_secret_nor_token_is_stored(partner):
    stored = PartnerKey.objects.get(pk=partner.key.pk)
    token = get_access_token_model().objects.get(application=stored)
    assert stored.client_secret.startswith("pbkdf2_random_secret$1$")
    assert partner.secret not in stored.client_secret
    assert token.token == ""
    assert token.token_checksum == hashlib.sha256(partner.token.encode()).hexdigest()


@pytest.mark.parametrize(
    ("body", "status", "code", "error"),
    [
        ("", 400, "invalid_token_request", "invalid_request"),
        ("grant_type=password", 400, "invalid_token_request", "unsupported_grant_type"),
        ("grant_type=client_credentials", 401, "invalid_client", "invalid_client"),
        (
            "grant_type=client_credentials&client_id=nobody&client_secret=x",
            401,
            "invalid_client",
            "invalid_client",
        ),
        ("grant_type=client_credentials&client_id=%00&client_secret=x", 400, "bad_request", None),
    ],
)
def test_wrong_requests_say_what_to_do(body, status, code, error):
    answer = Client().post(TOKEN, body, content_type=FORM)
    assert problem(answer) == (status, code)
    assert json.loads(answer.content).get("error") == error


def test_a_wrong_secret_is_refused_like_an_unknown_key(partner):
    partner.secret = "wrong"
    wrong = partner.fetch()
    assert problem(wrong) == (401, "invalid_client")
    partner.key.client_id = "unknown"
    assert partner.fetch().content == wrong.content


def test_a_scope_the_key_lacks_is_not_given():
    narrow = make_partner(scopes=["events:read"])
    answer = narrow.fetch("events:read talents:read")
    assert problem(answer) == (400, "invalid_token_request")
    assert json.loads(answer.content)["error"] == "invalid_scope"


def test_json_and_other_methods_are_refused():
    posted = Client().post(
        TOKEN, '{"grant_type": "client_credentials"', content_type="application/json"
    )
    assert problem(posted) == (415, "unsupported_media_type")
    fetched = Client().get(TOKEN)
    assert problem(fetched) == (405, "method_not_allowed")
    assert fetched.headers["Allow"] == "POST"


def test_a_token_can_be_given_back(partner):
    form = f"token={partner.token}&client_id={partner.key.client_id}&client_secret={partner.secret}"
    revoked = Client().post("/api/v1/oauth/revoke/", form, content_type=FORM)
    assert (revoked.status_code, revoked.content) == (200, b'{"revoked": true}')
    assert problem(partner.get("/events/")) == (401, "invalid_token")


def test_another_unit_cannot_give_it_back(partner, other):
    form = f"token={partner.token}&client_id={other.key.client_id}&client_secret={other.secret}"
    Client().post("/api/v1/oauth/revoke/", form, content_type=FORM)
    assert partner.get("/events/").status_code == 200


def test_a_stopped_key_opens_nothing(partner):
    operations.revoke_key(key=partner.key, by=None, now=timezone.now())
    assert problem(partner.get("/events/")) == (401, "invalid_token")
    assert problem(partner.fetch()) == (401, "invalid_client")


def test_a_key_past_its_date_opens_nothing(partner):
    PartnerKey.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert problem(partner.get("/events/")) == (401, "key_inactive")
    assert problem(partner.fetch()) == (401, "invalid_client")


def test_a_unit_that_is_no_partner_any_more_reads_nothing(partner):
    partner.unit.is_partner = False
    partner.unit.save()
    assert problem(partner.get("/talents/")) == (401, "key_inactive")
    assert problem(partner.fetch()) == (401, "invalid_client")


def test_an_expired_token_is_refused_and_cleared_away(partner):
    get_access_token_model().objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert problem(partner.get("/events/")) == (401, "invalid_token")
    clear_expired_tokens()
    assert get_access_token_model().objects.count() == 0


def test_guessing_is_slowed_down(settings):
    settings.API_TOKENS_PER_MINUTE = 3
    answers = [
        Client().post(TOKEN, "grant_type=x", content_type=FORM, REMOTE_ADDR="203.0.113.9")
        for _ in range(4)
    ]
    assert [a.status_code for a in answers] == [400, 400, 400, 429]
    assert 1 <= int(answers[3].headers["Retry-After"]) <= 60


def test_one_unit_shuts_out_no_other_behind_the_same_address(partner, other, settings):
    settings.API_TOKENS_PER_MINUTE = 2
    cache.clear()
    assert [partner.fetch().status_code for _ in range(3)] == [200, 200, 429]
    assert other.fetch().status_code == 200
    nobody = Client().post(TOKEN, "grant_type=x", content_type=FORM)
    assert nobody.status_code == 400


def test_a_stranger_elsewhere_shuts_out_no_unit(partner, settings):
    settings.API_TOKENS_PER_MINUTE = 2
    cache.clear()
    guess = f"grant_type=client_credentials&client_id={partner.key.client_id}&client_secret=x"
    guesses = [
        Client().post(TOKEN, guess, content_type=FORM, REMOTE_ADDR="203.0.113.9") for _ in range(3)
    ]
    assert [a.status_code for a in guesses] == [401, 401, 429]
    assert partner.fetch().status_code == 200


def test_names_nobody_bears_share_the_count_of_their_address(settings, db):
    settings.API_TOKENS_PER_MINUTE = 3
    basic = base64.b64encode(b"%00nobody:x").decode()
    asked = [
        {"data": "grant_type=x&client_id=one"},
        {"data": "grant_type=x&client_id=two"},
        {"data": "grant_type=x", "headers": {"Authorization": f"Basic {basic}"}},
        {"data": "grant_type=x&client_id=four"},
    ]
    answers = [Client().post(TOKEN, content_type=FORM, **request) for request in asked]
    assert [a.status_code for a in answers] == [400, 400, 400, 429]
    assert answers[0].headers["RateLimit"] == '"token";r=2;t=60'


def test_the_basic_header_counts_as_the_form_does(partner, settings):
    settings.API_TOKENS_PER_MINUTE = 1
    cache.clear()
    assert partner.fetch().status_code == 200
    basic = base64.b64encode(f"{partner.key.client_id}:{partner.secret}".encode()).decode()
    again = Client().post(
        TOKEN,
        "grant_type=client_credentials",
        content_type=FORM,
        headers={"Authorization": f"Basic {basic}"},
    )
    assert problem(again) == (429, "rate_limited")


@pytest.mark.parametrize(("proxies", "last"), [(0, 429), (1, 400)])
def test_a_forwarded_address_counts_only_behind_a_proxy(settings, proxies, last):
    settings.API_TOKENS_PER_MINUTE = 1
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NUM_PROXIES": proxies}
    answers = [
        Client().post(
            TOKEN, "grant_type=x", content_type=FORM, headers={"X-Forwarded-For": address}
        )
        for address in ("203.0.113.9, 203.0.113.1", "203.0.113.9, 203.0.113.2")
    ]
    assert [a.status_code for a in answers] == [400, last]


def test_without_the_counter_everybody_passes(settings, caplog):
    settings.API_TOKENS_PER_MINUTE = 1
    settings.CACHES = {
        "default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}
    }
    answers = [Client().post(TOKEN, "grant_type=x", content_type=FORM) for _ in range(2)]
    assert [a.status_code for a in answers] == [400, 400]
    assert "rate limit not counted: ConnectionError" in caplog.text


def test_the_toolkits_browser_pages_are_not_there(partner):
    for path in ("authorize/", "applications/", "introspect/", "device-authorization/"):
        assert problem(Client().get(f"/api/v1/oauth/{path}")) == (404, "not_found")


def test_the_same_form_sent_twice_is_one_key(partner):
    with pytest.raises(Conflict):
        operations.create_key(
            unit=partner.unit,
            name="又一次",
            scopes=["events:read"],
            expires_at=None,
            client_id=partner.key.client_id,
            by=None,
            now=factories.NOW,
        )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"scopes": []}, "scopes_missing"),
        ({"scopes": ["everything"]}, "scopes_missing"),
        ({"expires_at": factories.NOW}, "expiry_past"),
    ],
)
def test_keys_that_make_no_sense_are_refused(changes, code):
    fields = {"unit": factories.unit(), "name": "x", "scopes": ["events:read"], "expires_at": None}
    with pytest.raises(Invalid) as refused:
        operations.create_key(
            **{**fields, **changes}, client_id="a" * 40, by=None, now=factories.NOW
        )
    assert refused.value.code == code


def test_the_secret_hasher_is_for_keys_only():
    assert settings.PASSWORD_HASHERS[-1] == "accounts.hashers.RandomSecretHasher"
    assert len(settings.PASSWORD_HASHERS) > 1
