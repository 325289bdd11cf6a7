"""Stations, providers and places as workbooks: who may, what stands in them, no formula, written down."""

import io

import openpyxl
import pytest
from django.urls import reverse

from privacy.models import AuditEntry
from tests import factories
from tests.care_points import make
from tests.places.make import place

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    where = place(name="=cmd|1", address="@金渝大道 1 号", phone="+86 23 1234")
    station = make.station(factories.user(), name="-甲站", place=where)
    service = make.timed(station=station, title="收纳咨询")
    provider = make.provider(service, station=station, name="=周老师", credentials="+证书")
    return {
        "places_place": where,
        "care_points_carestation": station,
        "care_points_provider": provider,
    }


def exported(client, model, row):
    answer = client.post(
        reverse(f"admin:{model}_changelist"), {"action": "write_out", "_selected_action": [row.pk]}
    )
    if answer.status_code != 200 or "spreadsheet" not in answer["Content-Type"]:
        return None
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    heads, *rows = sheet.iter_rows()
    assert not [cell for line in rows for cell in line if cell.data_type == "f"]
    names = [head.value for head in heads]
    return [dict(zip(names, [cell.value for cell in line], strict=True)) for line in rows]


EXPECTED = {
    "care_points_carestation": {
        "名称": "'-甲站",
        "可兑换的服务": 1,
        "服务提供者": 1,
        "核销人员": 1,
        "场所": "'=cmd|1",
        "地址": "'@金渝大道 1 号",
        "公开电话": "'+86 23 1234",
    },
    "care_points_provider": {
        "加油站": "'-甲站",
        "名称": "'=周老师",
        "提供的服务": "收纳咨询",
        "资质": "'+证书",
        "有账号": "否",
    },
    "places_place": {"场所": "'=cmd|1", "地址": "'@金渝大道 1 号", "公开电话": "'+86 23 1234"},
}


VERBS = {
    "care_points_carestation": "care_points.export_stations",
    "care_points_provider": "care_points.export_providers",
    "places_place": "places.export_places",
}


@pytest.mark.parametrize("model", EXPECTED)
def test_a_list_is_written_out_safely_and_written_down(client, world, model):
    client.force_login(factories.staff("points_clerk"))
    (row,) = exported(client, model, world[model])
    assert {name: row[name] for name in EXPECTED[model]} == EXPECTED[model]
    entry = AuditEntry.objects.get(action__contains=".export_")
    assert (entry.action, entry.detail["rows"]) == (VERBS[model], 1)


@pytest.mark.parametrize("model", EXPECTED)
@pytest.mark.parametrize("role", ["department_clerk", "auditor"])
def test_who_does_not_see_the_list_does_not_get_it(client, world, model, role):
    client.force_login(factories.staff(role))
    assert exported(client, model, world[model]) is None
    assert not AuditEntry.objects.filter(action__contains=".export_").exists()
