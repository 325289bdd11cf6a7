"""Partners read what is public and their own, and send profiles and interests once for each key."""

import json

import pytest
from django.test import Client

from entrepreneurship.transfer.api import TransferList, TransferOut
from entrepreneurship.transfer.models import TransferInterest, TransferProfile
from privacy.models import AuditEntry
from tests import factories
from tests.api.conftest import make_partner
from tests.entrepreneurship import transfer_make as make

pytestmark = pytest.mark.django_db
SENT = {
    name: value
    for name, value in (
        make.WORDS | make.NEEDED | {"affirmed": True, "transfer_kind": "need"}
    ).items()
    if name not in ("is_service", "rights_kind", "application_number")
}


def post(partner, path, body, key="key-00000001"):
    headers = {"Authorization": f"Bearer {partner.token}", "Idempotency-Key": key}
    return Client().post(
        f"/api/v1{path}", json.dumps(body), content_type="application/json", headers=headers
    )


def test_what_is_public_is_read_without_a_name_and_the_reading_is_on_record():
    profile = make.published()
    partner = make_partner(scopes=["transfer:read"])
    answer = partner.get("/transfers/")
    (row,) = json.loads(answer.content)["results"]
    assert (row["code"], row["readiness"], "周" in answer.content.decode()) == (
        profile.code,
        6,
        False,
    )
    assert AuditEntry.objects.filter(action="entrepreneurship.read_transfers").count() == 1
    found = {
        q: len(json.loads(partner.get("/transfers/", {"q": q}).content)["results"])
        for q in ("晶圆", "无此词")
    }
    assert found == {"晶圆": 1, "无此词": 0}
    assert json.loads(partner.get("/transfers/", {"own": "true"}).content)["results"] == []
    assert make_partner(scopes=["events:read"]).get("/transfers/").status_code == 403
    columns = TransferProfile.objects.values_list(*TransferList.columns).get()
    assert TransferList.represent(columns).keys() == TransferOut(profile).data.keys()


def test_a_profile_is_sent_once_for_each_key_and_is_the_units_own():
    partner = make_partner(scopes=["transfer:read", "transfer:write"])
    first = post(partner, "/transfers/new/", SENT)
    again = post(partner, "/transfers/new/", SENT)
    assert first.status_code == again.status_code == 200, first.content
    assert first.content == again.content
    profile = TransferProfile.objects.get()
    assert (profile.unit, profile.newest.state) == (partner.unit, "checking")
    own = json.loads(partner.get("/transfers/", {"own": "true"}).content)["results"]
    assert [row["code"] for row in own] == [profile.code]
    other = post(partner, "/transfers/new/", SENT | {"title": "另一个"})
    assert (other.status_code, TransferProfile.objects.count()) == (422, 1)
    wrong = post(partner, "/transfers/new/", SENT | {"affirmed": False}, key="key-00000002")
    assert (wrong.status_code, TransferProfile.objects.count()) == (422, 1)


def test_an_interest_is_the_units_and_of_public_profiles_alone():
    profile, partner = make.published(), make_partner(scopes=["transfer:write"])
    body = {"words": make.SAID, "form": "licence"}
    answer = post(partner, f"/transfers/{profile.code}/interest/", body)
    assert answer.status_code == 200, answer.content
    assert TransferInterest.objects.get().seeker_unit == partner.unit
    draft = make.draft()
    assert post(partner, f"/transfers/{draft.code}/interest/", body).status_code == 404
    reader = make_partner(unit=factories.unit(), scopes=["transfer:read"])
    assert post(reader, f"/transfers/{profile.code}/interest/", body).status_code == 403
