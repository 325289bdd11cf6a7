"""Every list of the app, in the admin and on pages, costs as many queries with one row of each kind as with three."""

from datetime import timedelta
from decimal import Decimal
from itertools import count

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.utils import timezone

from care_points import operations
from care_points.models import Appointment, PrivateCase
from tests import factories
from tests.care_points import make
from tests.care_points.test_pages import queries
from tests.places.make import place

pytestmark = pytest.mark.django_db
DAILY = "周一至周日 1:00-23:00"


class Lists:
    """Who reads which list, and one row more of each kind."""

    def __init__(self):
        self.numbers, self.now = count(1), timezone.now()
        self.operator, self.counsellor = factories.user("赵站长"), factories.user("苏梅")
        self.gardener, self.clerk = factories.user("范园艺师"), factories.staff("points_clerk")
        self.boss = factories.user("超级", is_staff=True, is_superuser=True)
        always = place(weekly=DAILY, closed_on_holidays=False)
        self.station = make.station(self.operator, place=always)
        self.private = make.private(station=self.station)
        self.timed = make.timed(station=self.station)
        self.hers = make.provider(self.private, user=self.counsellor, name="苏咨询师", weekly=DAILY)
        make.provider(self.timed, user=self.gardener, name="范园艺师", weekly=DAILY)
        self.her = factories.talent()
        make.give(self.her, 1000, now=self.now)
        today = timezone.localdate(self.now)
        self.day = today + timedelta(days=2)

    def grow(self):
        """One row more of every kind, of another woman and of her."""
        n, now = next(self.numbers), self.now
        other = factories.talent(unit=factories.unit())
        make.give(other, 200, now=now)
        for woman, hour in ((other, n), (self.her, n + 10)):
            make.case(woman, self.private, f"{self.day} {hour:02d}:00", now=now)
            make.book(woman, self.timed, f"{self.day} {hour:02d}:00", now=now)
            used = make.redeem(woman, make.service(station=self.station), now=now)
            operations.fulfil(code=used.code, by=self.operator, now=now)
        make.adjust(other, 3, now=now)
        hours = operations.record_hours(
            talent=self.her, activity=f"科普{n}", starts_at=now - timedelta(days=n, hours=3),
            half_hours=2, by=factories.staff("department_clerk"), now=now,
        )  # fmt: skip
        operations.confirm_hours(hours=hours, by=self.clerk, now=now)
        until = timezone.localdate(now) - timedelta(days=n - 1)
        span = {"from_on": until - timedelta(days=9), "until_on": until}
        operations.certify_hours(talent=self.her, by=self.her.user, now=now, **span)
        operations.save_budget(
            budget=None, year=2030 + n, points=100, cost_per_point=Decimal(1), by=None, now=now
        )
        operations.run_check(check=operations.ask_check(by=self.clerk, now=now), now=now)
        number = {"name": f"热线{n}", "number": f"1234{n}"}
        operations.save_number(entry=None, by=self.clerk, now=now, **number)
        make.provider(make.timed(station=make.station()), name="别人")

    def pages(self):
        """Return [(who reads it, address)] of all lists."""
        lists = [
            (self.boss, f"/admin/care_points/{model._meta.model_name}/")
            for model in apps.get_app_config("care_points").get_models()
            if admin.site.is_registered(model)
        ]
        case = PrivateCase.objects.first()
        appointment = Appointment.objects.filter(redemption__talent=self.her).first()
        return [
            *lists,
            (self.counsellor, "/points/provider/"),
            (self.counsellor, f"/points/cases/{case.pk}/"),
            (self.gardener, "/points/provider/"),
            (self.operator, "/points/station/"),
            (self.her.user, "/points/"),
            (self.her.user, "/points/hours/"),
            (self.her.user, "/points/services/"),
            (self.her.user, f"/points/services/{self.timed.pk}/times/"),
            (self.her.user, f"/points/stations/{self.station.pk}/"),
            (self.her.user, f"/points/vouchers/{appointment.redemption_id}/"),
            (self.boss, f"/admin/care_points/provider/{self.hers.pk}/change/"),
        ]

    def costs(self):
        """Return {page: (status, queries)}."""
        found, clients = {}, {}
        for who, address in self.pages():
            if who not in clients:
                clients[who] = Client()
                clients[who].force_login(who)
            status = clients[who].get(address).status_code
            found[who.full_name, address] = status, queries(clients[who], address)
        return found


def test_lists_cost_the_same_with_one_row_of_each_kind_and_with_three(settings):
    settings.STAFF_SECOND_FACTOR = False
    lists = Lists()
    lists.grow()
    one = lists.costs()
    lists.grow()
    lists.grow()
    three = lists.costs()
    assert len(one) > 20
    assert {address: cost for address, cost in three.items() if cost != one.get(address)} == {}
