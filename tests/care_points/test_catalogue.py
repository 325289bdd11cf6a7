"""Rules, stations and services are kept by operations: rights first, and nothing recorded for nothing."""

import pytest

from care_points import operations, starting_rules
from care_points.models import CareStation, EarningRule, Service
from kernel.errors import Refused
from privacy.models import AuditEntry
from tests import factories
from tests.care_points import make
from tests.factories import NOW
from tests.places.make import place

pytestmark = pytest.mark.django_db


def recorded():
    return list(AuditEntry.objects.order_by("pk").values_list("action", "detail"))


def test_a_station_is_added_then_changed_with_its_people():
    clerk, operator = factories.staff("points_clerk"), factories.user()
    fields = {"name": "示例站", "place": place()}
    station = operations.save_station(
        station=None, operators=[operator], by=clerk, now=NOW, **fields
    )
    same = operations.save_station(
        station=station, operators=[operator], by=clerk, now=NOW, **fields
    )
    operations.save_station(station=station, by=clerk, now=NOW, active=False)
    operations.save_station(station=station, operators=[], by=clerk, now=NOW)
    station.refresh_from_db()
    assert (same, station.active, station.operators.count()) == (station, False, 0)
    assert recorded() == [
        ("care_points.add_carestation", {"fields": sorted([*fields, "operators"])}),
        ("care_points.change_carestation", {"fields": ["active"]}),
        ("care_points.change_carestation", {"fields": ["operators"]}),
    ]


def test_a_service_is_added_and_changed():
    clerk, station = factories.staff("points_clerk"), make.service().station
    fields = {"station": station, "category": "home_organising", "title": "收纳", "cost": 20}
    service = operations.save_service(service=None, by=clerk, now=NOW, **fields)
    operations.save_service(service=service, by=clerk, now=NOW, **fields | {"cost": 25})
    service.refresh_from_db()
    assert service.cost == 25
    assert recorded()[-1] == ("care_points.change_service", {"cost": [20, 25]})


def test_a_rule_keeps_the_version_before_and_who_changed_it():
    clerk = factories.staff("points_clerk")
    rule = EarningRule.objects.get(code="event_attendance")
    for _ in range(2):
        rule = operations.change_rule(rule=rule, points=15, by=clerk, now=NOW)
    versions = rule.history.values_list("points", "history_user")
    assert list(versions) == [(15, clerk.pk), (10, None)]
    assert recorded() == [("care_points.change_earningrule", {"points": [10, 15]})]


def test_others_change_nothing():
    clerk, service = factories.staff("department_clerk"), make.service()
    rule = EarningRule.objects.get(code="event_attendance")
    before = rule.points
    attempts = [
        lambda: operations.save_station(station=None, by=clerk, now=NOW, name="示例站"),
        lambda: operations.save_station(station=service.station, by=clerk, now=NOW, active=False),
        lambda: operations.save_service(service=service, by=clerk, now=NOW, cost=1),
        lambda: operations.change_rule(rule=rule, by=clerk, now=NOW, points=999),
    ]
    for attempt in attempts:
        with pytest.raises(Refused):
            attempt()
    rule.refresh_from_db()
    assert (CareStation.objects.count(), Service.objects.get().cost) == (1, service.cost)
    assert (rule.points, recorded()) == (before, [])


def test_only_the_fields_it_names_are_taken():
    service = make.service()
    rule = EarningRule.objects.get(code="event_attendance")
    attempts = [
        lambda: operations.change_rule(rule=rule, by=None, now=NOW, code="other"),
        lambda: operations.save_service(service=service, by=None, now=NOW, redemptions=[]),
        lambda: operations.save_station(station=service.station, by=None, now=NOW, id=7),
    ]
    for attempt in attempts:
        with pytest.raises(TypeError):
            attempt()
    rule.refresh_from_db()
    assert (rule.code, recorded()) == ("event_attendance", [])


def test_the_rules_that_are_declared_are_made_once_and_staffs_changes_stay():
    rules = EarningRule.objects.exclude(code__startswith="honour_").order_by("code")
    made = list(rules.values_list("code", "name", "unit", "points", "yearly_cap", "valid_months"))
    assert made == [
        ("coaching", "创业辅导", "event", 20, 400, 36),
        ("event_attendance", "参加活动", "event", 10, 200, 36),
        ("suggestion_adopted", "建言被采纳", "event", 50, 500, 36),
        ("volunteer_hours", "志愿服务", "hour", 20, None, 36),
    ]
    rules.filter(code="event_attendance").update(points=15, name="参加交流活动")
    rules.filter(code="volunteer_hours").delete()
    for _ in range(2):
        starting_rules.add_missing()
    assert list(rules.values_list("code", "name", "points")) == [
        ("coaching", "创业辅导", 20),
        ("event_attendance", "参加交流活动", 15),
        ("suggestion_adopted", "建言被采纳", 50),
        ("volunteer_hours", "志愿服务", 20),
    ]
