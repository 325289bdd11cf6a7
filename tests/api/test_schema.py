"""The OpenAPI document and the page made of it."""

import json
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from kernel.api.errors import kinds
from liangjiang.api_schema import document
from partners.scopes import scopes
from tests import factories
from tests.api.conftest import make_partner

DOCUMENT = Path(settings.BASE_DIR) / "docs" / "partners" / "openapi.yaml"


def test_the_kept_document_is_the_present_one():
    """If this fails: manage.py spectacular --validate --fail-on-warn --file docs/partners/openapi.yaml"""
    assert yaml.safe_load(DOCUMENT.read_text(encoding="utf-8")) == document("zh-hans")


def test_the_document_is_valid_openapi(tmp_path):
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(tmp_path / "x.yaml"))


def test_every_reading_operation_names_one_scope_and_its_problems():
    paths = document("zh-hans")["paths"]
    named = [
        operation["security"][0]["oauth2"][0]
        for methods in paths.values()
        for operation in methods.values()
        if "oauth2" in operation["security"][0]
    ]
    assert sorted(named) == sorted([*scopes(), "events:read"])
    for methods in paths.values():
        for operation in methods.values():
            answers = operation["responses"]
            assert {"200", "400", "401", "406", "429", "500"} <= set(answers)
            for status, answer in answers.items():
                if status not in ("200", "304"):
                    (media,) = answer["content"]
                    assert media == "application/problem+json"


def test_the_document_is_served_as_json():
    answer = Client().get("/api/v1/schema/")
    assert answer.headers["Content-Type"] == "application/json"
    assert json.loads(answer.content)["openapi"] == "3.1.1"


@pytest.mark.django_db
def test_the_page_explains_every_address_and_every_code():
    answer = Client().get("/api/v1/docs/")
    text = answer.content.decode()
    assert answer.status_code == 200
    for path in document("zh-hans")["paths"]:
        assert path in text
    for code in kinds():
        assert f'id="{code}"' in text
    assert "curl" in text
    assert "http://testserver/api/v1/oauth/token/" in text
    # Strict policy: nothing inline, nothing from elsewhere.
    assert "'unsafe-inline'" not in answer.headers["Content-Security-Policy"]
    assert "<script>" not in text
    english = Client().get("/en/api/v1/docs/").content.decode()
    assert 'lang="en"' in english
    assert 'href="/en/api/v1/docs/"' in text  # the site's own switch leads there
    assert " style=" not in text


@pytest.mark.django_db
def test_a_units_contact_reads_her_own_key_in_the_example():
    partner, other = make_partner(), make_partner()
    client = Client()
    client.force_login(factories.user(unit=partner.unit))
    text = client.get("/api/v1/docs/").content.decode()
    assert f'curl -u "{partner.key.client_id}:$CLIENT_SECRET"' in text
    assert other.key.client_id not in text
    assert "$CLIENT_ID:" in Client().get("/api/v1/docs/").content.decode()
