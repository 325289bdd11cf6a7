"""Thousands of odd requests made from the document itself: no 500, every answer as documented."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from liangjiang.api_schema import document
from liangjiang.wsgi import application
from tests import factories
from tests.api.conftest import make_partner

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]

api = schemathesis.openapi.from_dict(document("zh-hans"))
api.config.base_url = "http://testserver"


@pytest.fixture
def world(db, settings):
    """A partner with something of everything to read, and no limit in the way."""
    settings.API_REQUESTS_PER_MINUTE = settings.API_TOKENS_PER_MINUTE = 10**9
    partner = make_partner()
    for _ in range(3):
        factories.event()
        talent = factories.talent(unit=partner.unit)
        factories.consent(talent.user, "unit_sharing")
    partner.fetch()
    # The requests run in this test's transaction, whose connection a real request would close.
    # Last, because Django's test client connects both again.
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield partner
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


@api.parametrize()
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_no_request_breaks_the_api(case, world):
    headers = {}
    if case.operation.definition.raw["security"][0].get("oauth2"):
        headers["Authorization"] = f"Bearer {world.token}"
    response = case.call(app=application, headers=headers)
    case.validate_response(response, checks=CHECKS)
