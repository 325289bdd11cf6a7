"""What nobody may ask of points, each refused in one sentence where it was asked, and no row written."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import yaml
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from care_points import operations
from care_points.models import (
    EarningRule,
    Entry,
    PointsAccount,
    Redemption,
    Service,
    Transfer,
)
from kernel.errors import DomainError, Invalid
from places.models import Place
from privacy.models import AuditEntry
from talents.operations import merge_records
from tests import factories
from tests.care_points import make
from tests.factories import NOW

pytestmark = pytest.mark.django_db
NUMBERS = ["0", "-1", "1.5", str(2**31), "NaN", "", "一百"]
KEY = "A" * 20


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.STAFF_SECOND_FACTOR = False


@pytest.fixture
def rich():
    """Return a woman with points who is here today."""
    talent = factories.talent()
    make.give(talent, 100, now=timezone.now())
    return talent


def written():
    """Return how many rows stand in what spending and keeping write."""
    models = (Transfer, Entry, Redemption, Service, Service.history.model, AuditEntry)
    return [model.objects.count() for model in models]


# --- the catalogue --------------------------------------------------------------------------------
def form_of(client, row):
    """Return the address of a row's page for staff and what its form sends unchanged."""
    address = reverse(f"admin:care_points_{row._meta.model_name}_change", args=[row.pk])
    form = client.get(address).context["adminform"].form
    values = {name: form[name].value() for name in form.fields}
    return address, {n: v for n, v in values.items() if v is not None and v is not False}


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("cost", NUMBERS),
        ("validity_days", [*NUMBERS, "366"]),
        ("monthly_quota", NUMBERS[:5]),
        ("person_quota", [*NUMBERS[:5], "32768"]),
        ("cancel_hours", [*NUMBERS[1:5], "169"]),
    ],
)
def test_a_number_no_service_may_have_is_said_beside_its_field(client, name, wrong):
    service = make.service(validity_days=30)
    client.force_login(factories.staff("points_clerk"))
    address, sent = form_of(client, service)
    before = written()
    for value in wrong:
        page = client.post(address, sent | {name: value})
        errors = page.context["adminform"].form.errors
        assert (page.status_code, list(errors), len(errors[name])) == (200, [name], 1), value
        assert page.context["adminform"].form[name].value() == value  # what was typed stays
    assert written() == before
    kept = Service.objects.get()
    assert (kept.cost, kept.validity_days, kept.monthly_quota) == (30, 30, None)
    assert client.post(address, sent | {name: "7"}).status_code == 302  # the control


def test_a_validity_no_rule_may_have_is_said_beside_its_field(client):
    rule = EarningRule.objects.get(code="event_attendance")
    client.force_login(factories.staff("points_clerk"))
    address, sent = form_of(client, rule)
    before = (written(), EarningRule.objects.values().get(pk=rule.pk), rule.history.count())
    for value in ("0", "-1", "1.5", str(10**9), "三年"):
        page = client.post(address, sent | {"valid_months": value})
        errors = page.context["adminform"].form.errors
        assert (page.status_code, list(errors), len(errors["valid_months"])) == (
            200,
            ["valid_months"],
            1,
        ), value
        assert str(errors["valid_months"][0]).count("。") == 1, value
        assert page.context["adminform"].form["valid_months"].value() == value
    now = (written(), EarningRule.objects.values().get(pk=rule.pk), rule.history.count())
    assert now == before
    client.post(address, sent | {"valid_months": "24"})  # the control
    assert EarningRule.objects.get(pk=rule.pk).valid_months == 24


@pytest.mark.parametrize("name", ["cost", "validity_days", "person_quota", "period_quota"])
@pytest.mark.parametrize("value", [0, -1, 1.5, 2**31, float("nan"), "7"])
def test_the_operation_refuses_such_a_number_as_well(name, value):
    service, before = make.service(), written()
    with pytest.raises(Invalid) as refusal:
        operations.save_service(
            service=service, by=factories.staff("points_clerk"), now=NOW, **{name: value}
        )
    assert refusal.value.field == name
    assert str(refusal.value).count("。") == 1
    assert written() == before


# --- redeeming ------------------------------------------------------------------------------------
@pytest.mark.parametrize("cost", [*NUMBERS, "29"])
def test_a_confirmation_with_another_price_spends_nothing(client, rich, cost):
    service = make.service()
    client.force_login(rich.user)
    before = written()
    page = client.post(f"/points/services/{service.pk}/redeem/", {"key": KEY, "cost": cost})
    assert page.status_code in (409, 422)
    assert str(page.context["why_not"]).count("。") == 1
    assert (written(), make.balance(rich)) == (before, 100)


def closings():
    """Return what closes a station or its service: {what: how}."""
    return {
        "service": lambda one: Service.objects.update(active=False),
        "station": lambda one: type(one.station).objects.update(active=False),
        "place": lambda one: Place.objects.update(active=False),
    }


@pytest.mark.parametrize("what", closings())
def test_a_closed_station_gives_nothing_and_is_not_shown(client, rich, what):
    service = make.service()
    closings()[what](service)
    client.force_login(rich.user)
    before = written()
    with pytest.raises(DomainError) as refusal:
        make.redeem(rich, service, now=timezone.now())
    assert refusal.value.code == "service_closed"
    page = client.post(f"/points/services/{service.pk}/redeem/", {"key": KEY, "cost": 30})
    assert page.status_code == 404
    assert written() == before
    assert "衣橱整理" not in client.get("/points/services/").content.decode()
    shown = service.station.name in client.get("/points/stations/").content.decode()
    assert shown == (what == "service")


def test_points_of_a_lot_that_ran_out_are_not_spent(client):
    """Before the nightly sweep has taken them as well."""
    talent, long_ago = factories.talent(), datetime(2020, 3, 1, 2, 0, tzinfo=UTC)
    make.give(talent, 100, now=long_ago)
    service = make.service()
    client.force_login(talent.user)
    before = written()
    page = client.post(f"/points/services/{service.pk}/redeem/", {"key": KEY, "cost": 30})
    assert page.status_code == 409
    words = "您有 100 积分已经到期，不能再用，还差 30 积分。"
    assert (str(page.context["why_not"]), written()) == (words, before)
    make.give(talent, 40)  # what is valid pays, what has run out goes
    assert client.post(page.request["PATH_INFO"], {"key": KEY, "cost": 30}).status_code == 302
    assert make.balance(talent) == 10


def test_points_that_came_over_or_were_put_on_by_hand_run_out_as_well():
    """The sweep finds whose points have run out, whatever they came by."""
    merged, adjusted = factories.talent(), factories.talent()
    lost = factories.talent(user=None)
    make.give(lost, 20)
    merge_records(keep=merged, lose=lost, reason="电话核实是同一人", by=None, now=NOW)
    make.adjust(adjusted, 30)
    assert list(PointsAccount.objects.with_overdue_points(NOW)) == []
    later = NOW + timedelta(days=37 * 31)
    found = PointsAccount.objects.with_overdue_points(later)
    assert {account.talent for account in found} == {merged, adjusted}
    for account in found:
        operations.expire_points(account=account, now=later)
    assert (make.balance(merged), make.balance(adjusted)) == (0, 0)


# --- times ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("2020-01-06T09:00", "这个时间已经过去，请选后面的时间。"),
        ("2099-01-06T09:00", "只能预约 30 天以内的时间。"),
    ],
)
def test_a_time_that_was_or_is_too_far_is_refused(client, rich, at, words):
    service = make.timed()
    make.provider(service, vetted_until=timezone.localdate() + timedelta(days=90))
    client.force_login(rich.user)
    before = written()
    sent = {"key": KEY, "cost": 30, "at": at}
    page = client.post(f"/points/services/{service.pk}/redeem/", sent)
    assert (page.status_code, str(page.context["why_not"])) == (422, words)
    assert (written(), make.balance(rich)) == (before, 100)


@pytest.mark.parametrize("at", ["", "gestern", "2026-13-45T99:99", "NaN", "2026-11-25T09:00'--"])
def test_a_time_that_is_none_is_refused(client, rich, at):
    service = make.timed()
    make.provider(service)
    client.force_login(rich.user)
    before = written()
    sent = {"key": KEY, "cost": 30, "at": at}
    page = client.post(f"/points/services/{service.pk}/redeem/", sent)
    assert page.status_code in (409, 422)
    assert str(page.context["why_not"]).count("。") == 1
    assert written() == before


@pytest.mark.parametrize("provider", ["0", "-1", "1.5", str(2**31), "NaN"])
def test_a_provider_that_is_none_is_refused(client, rich, provider):
    service = make.timed()
    make.provider(service)
    client.force_login(rich.user)
    before = written()
    sent = {"key": KEY, "cost": 30, "at": "2026-11-25T09:00", "provider": provider}
    page = client.post(f"/points/services/{service.pk}/redeem/", sent)
    assert page.status_code in (409, 422)
    assert written() == before
    times = client.get(f"/points/services/{service.pk}/times/", {"provider": provider})
    assert times.status_code == 200


# --- the desk -------------------------------------------------------------------------------------
def test_vouchers_that_are_not_this_desks_are_refused_alike(client, rich, operator):
    """Another desk's, a made-up one, one already used: one sentence each, nothing moves."""
    here, there = make.station(operator), make.station(factories.user())
    now = timezone.now()
    other = make.redeem(rich, make.service(station=there), now=now)
    used = make.redeem(rich, make.service(station=here), now=now)
    operations.fulfil(code=used.code, by=operator, now=now)
    client.force_login(operator)
    state, before = list(Redemption.objects.order_by("pk").values()), written()
    unknown = "没有找到可在本站使用的兑换码，请核对 10 位编码，或请对方打开兑换页再看一次。"
    codes = {other.code: unknown, "ABCDEFGHJK": unknown, used.code: "核销，不能再次使用。"}
    for page in ("check", "fulfil"):
        for code, words in codes.items():
            answer = client.post(f"/points/station/{page}/", {"code": code})
            errors = answer.context["form"].errors
            assert answer.status_code in (409, 422), code
            assert [len(errors["code"]), words in errors["code"][0]] == [1, True], code
    assert list(Redemption.objects.order_by("pk").values()) == state
    assert written()[:5] == before[:5]


def test_no_endpoint_takes_points():
    """Points move on pages and in the admin alone: nothing of the API asks for any."""
    found = yaml.safe_load((settings.BASE_DIR / "docs/partners/openapi.yaml").read_text())
    asked = {
        (path, verb)
        for path, verbs in found["paths"].items()
        for verb, call in verbs.items()
        if "points" in json.dumps([call.get("requestBody"), call.get("parameters")])
    }
    assert asked == set()
    assert "points" in json.dumps(found["components"])  # what units read of them
