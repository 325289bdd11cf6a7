"""The lists staff have of transfer and bases cost the same with one row and with three."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from entrepreneurship.transfer import matching
from tests import factories
from tests.entrepreneurship import make, transfer_make

pytestmark = pytest.mark.django_db
ADMIN = "/admin/entrepreneurship"
LISTS = (
    "transferprofile",
    "transferinterest",
    "transfermatch",
    "transfercontract",
    "base",
    "baseservice",
    "baserequest",
)


def test_lists_of_transfer_and_bases_ask_as_often_for_three_as_for_one(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    mediator, clerk = transfer_make.mediator(), factories.staff("department_clerk")
    asked, rows = {}, {}
    for number in range(3):
        transfer_make.signed(by=mediator, number=f"YT-2026-{number}")
        need = transfer_make.published(unit=factories.unit(), kind="need")
        matching.match_profile(profile=need, now=transfer_make.NOW)
        make.request(make.service(make.base(owner=clerk), timezone.now()), make.woman())
        if number == 1:
            continue
        for name in LISTS:
            client.force_login(clerk if name.startswith("base") else mediator)
            address = f"{ADMIN}/{name}/"
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(address)
            asked.setdefault(name, []).append(len(queries))
            rows.setdefault(name, []).append(answer.context["cl"].result_count)
    assert {name: one == three for name, (one, three) in asked.items()} == dict.fromkeys(
        LISTS, True
    )
    assert all(one < three for one, three in rows.values())  # a control: rows there were
