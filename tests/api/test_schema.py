"""The OpenAPI document and the page made of it."""

import json
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from events.models import EventKind
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
    # Events are read as a list, one by one and by series, talks as a list and one by one, asked for and withdrawn;
    # nominations are written, read and taken back.
    more = ["events:read"] * 2 + ["calls:nominate"] * 2 + ["talks:read", "talks:request"]
    more += ["bases:read", "bases:answer"]
    more += ["finance:read"] + ["finance:answer"] * 3
    more += ["transfer:write"]  # a profile, an interest
    more += ["associations:read"]  # members, posts
    more += ["flexible-work:write"] * 2  # entered, edited, confirmed
    assert sorted(named) == sorted([*scopes(), *more])
    for methods in paths.values():
        for operation in methods.values():
            answers = operation["responses"]
            expected = {"200", "400", "406", "500"}
            if operation["operationId"] != "codes":
                expected |= {"401", "429"}
            assert expected <= set(answers)
            for status, answer in answers.items():
                if status not in ("200", "304"):
                    (media,) = answer["content"]
                    assert media == "application/problem+json"


def test_the_document_is_served_as_json():
    answer = Client().get("/api/v1/schema/")
    assert answer.headers["Content-Type"] == "application/json"
    assert json.loads(answer.content)["openapi"] == "3.1.1"


def test_every_code_has_its_example():
    described = document("zh-hans")
    examples = described["components"]["examples"]
    assert set(examples) == set(kinds())
    shown = set()
    for methods in described["paths"].values():
        for operation in methods.values():
            for status, answer in operation["responses"].items():
                for media in answer.get("content", {}).values():
                    if status not in ("200", "304"):
                        shown |= {shot["value"]["code"] for shot in media["examples"].values()}
    # It is never any one address's own.
    assert set(kinds()) - shown == {"method_not_allowed"}
    for code, example in examples.items():
        assert (example["value"]["code"], example["value"]["status"]) == (
            code,
            kinds()[code].status,
        )
        assert "%(" not in example["value"]["detail"]


@pytest.mark.django_db
def test_code_lists_are_open_and_in_the_readers_language():
    answers = [
        Client().get("/api/v1/codes/", headers={"Accept-Language": language})
        for language in ("zh-CN", "en")
    ]
    chinese, english = (json.loads(answer.content) for answer in answers)
    assert chinese["department"]["women_federation"] == "区妇联"
    assert len(chinese["department"]) == 7
    assert chinese["kind"] == {value: str(label) for value, label in EventKind.choices}
    assert set(english["kind"]) == set(chinese["kind"])
    assert english["kind"] != chinese["kind"]
    assert "Accept-Language" in answers[0].headers["Vary"]
    named = {"title_level", "discipline", "industry", "education_level", "unit_kind", "state"}
    assert named <= set(chinese)
    assert Client().get("/api/v1/codes/?kind=salon").status_code == 400


@pytest.mark.django_db
def test_the_page_explains_every_address_and_every_code():
    answer = Client().get("/api/v1/docs/")
    text = answer.content.decode()
    assert answer.status_code == 200
    for path in document("zh-hans")["paths"]:
        assert path in text
    for code in kinds():
        assert f'id="{code}"' in text
        assert f"&quot;code&quot;: &quot;{code}&quot;" in text
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
