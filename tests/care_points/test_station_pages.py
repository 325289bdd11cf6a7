"""The stations for everybody: their list, the page of one; and whom to call first on every page that may need it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kernel.words import day_text
from tests import factories
from tests.care_points import make
from tests.factories import NOW

pytestmark = pytest.mark.django_db
EMERGENCY = 'href="tel:110"'


def shown(client, address):
    page = client.get(address)
    assert page.status_code == 200, address
    return page.content.decode()


def test_a_visitor_finds_the_stations_that_are_open(client):
    here, closed = make.station(name="人和站"), make.station(name="撤销的站", active=False)
    page = shown(client, "/points/stations/")
    assert ("人和站" in page, here.place.address in page, "撤销的站" in page) == (True, True, False)
    assert client.get(f"/points/stations/{closed.pk}/").status_code == 404


def test_a_station_says_where_when_how_and_what(client):
    station = make.station(name="人和站")
    place = station.place
    place.map_link, place.step_free, place.verified_at = "https://map.example.cn/a", True, NOW
    place.verified_by = factories.staff("points_clerk")
    place.save()
    service = make.service(station=station, title="合同审阅", cost=35)
    make.service(station=station, title="停办的服务", active=False)
    elsewhere = make.service(title="别处的服务")
    page = shown(client, f"/points/stations/{station.pk}/")
    told = [place.address, "https://map.example.cn/a", "入口没有台阶", "信息核实于", "合同审阅"]
    assert [one in page for one in told] == [True] * 5
    assert f'href="/points/services/{service.pk}/"' in page
    assert ("停办的服务" in page, elsewhere.title in page) == (False, False)
    led_back = shown(client, f"/points/services/{service.pk}/")
    assert f'href="/points/stations/{station.pk}/"' in led_back


def test_the_list_costs_the_same_however_many_stations(client):
    make.station(name="一站")
    costs = []
    for name in ("二站", "三站"):
        with CaptureQueriesContext(connection) as queries:
            shown(client, f"/points/stations/?{name}")
        costs.append(len(queries))
        make.station(name=name)
    assert costs[0] == costs[1]


def test_whom_to_call_stands_first_on_the_catalogue_and_on_the_counsellors_pages(client):
    counsellor, her = factories.user("苏梅"), factories.talent()
    service = make.private()
    make.provider(service, user=counsellor)
    make.give(her, 100)
    _voucher, case = make.case(her, service, "2026-11-25 09:00")
    for address in ("/points/services/", "/points/stations/"):
        assert EMERGENCY in shown(client, address), address
    client.force_login(counsellor)
    page = shown(client, f"/points/cases/{case.number}/")
    assert page.index(EMERGENCY) < page.index("<h1>")


def test_the_catalogue_says_when_a_campaign_begins_instead_of_places_left(client):
    begins = timezone.localdate() + timedelta(days=20)
    until = begins + timedelta(days=10)
    make.service(title="年度体检", monthly_quota=5, offered_from=begins, offered_until=until)
    page = shown(client, "/points/services/")
    assert f"{day_text(begins)}开始，到时再来兑换。" in page
    assert "本月还有" not in page
