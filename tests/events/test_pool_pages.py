"""Kept seats, guests and childcare as women and staff meet them on the pages."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events import operations
from events.models import Pool
from tests import factories
from tests.factories import timedelta

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def event(now):
    return factories.event(capacity=2, childcare_places=2, starts_at=now + timedelta(days=5))


def keep(event, now, **more):
    return operations.add_pool(event=event, by=event.organiser, now=now, **more)


def page(client, event, talent=None):
    if talent:
        client.force_login(talent.user)
    return client.get(event.get_absolute_url()).content.decode()


def test_who_may_have_a_kept_seat_is_offered_it_where_others_wait(client, event, now):
    unit = factories.unit()
    keep(event, now, kind="unit", unit=unit, seats=1)
    factories.booking(event, now=now)
    others = page(client, event, factories.talent())
    assert ("加入候补" in others, "另有 1 席为专场或有关单位保留" in others) == (True, True)
    hers = page(client, event, factories.talent(unit=unit))
    assert ("加入候补" in hers, f"{unit.name}还有 1 席为您单位保留。" in hers) == (False, True)


def test_who_gives_a_kept_seat_back_is_told_that_she_may_book_again(client, event, now):
    unit = factories.unit()
    keep(event, now, kind="unit", unit=unit, seats=1)
    factories.booking(event, now=now)
    hers = factories.talent(unit=unit)
    booking = factories.booking(event, hers, now=now)
    client.force_login(hers.user)
    left = client.post(f"/events/mine/{booking.code}/cancel/", follow=True).content.decode()
    assert ("可以在这里重新报名" in left, "重新候补" in left) == (True, False)


def test_she_asks_for_the_track_and_childcare_with_her_booking(client, event, now):
    keep(event, now, kind="track", seats=1, label="女科学家专场")
    talent = factories.talent()
    shown = page(client, event, talent)
    assert ("参加女科学家专场" in shown, "还有 2 个托管名额" in shown) == (True, True)
    asked = {"key": "once", "wants_track": "on", "children": "2"}
    client.post(f"/events/{event.code}/book/", asked)
    booking = event.bookings.get()
    assert (booking.wants_track, booking.children, booking.childcare) == (True, 2, "given")
    assert booking.pool == Pool.objects.get()
    assert "已为您的 2 个孩子安排托管。" in page(client, event)


def test_she_gives_childcare_up_and_asks_again_from_the_page(client, event, now):
    booking = factories.booking(event, now=now)
    client.force_login(booking.talent.user)
    address = f"/events/mine/{booking.code}/childcare/"
    answer = client.post(address, {"children": "1"}, follow=True).content.decode()
    assert "已为您的 1 个孩子安排托管。" in answer
    answer = client.post(address, {"children": "3"}, follow=True).content.decode()
    assert "托管名额只剩 1 个，您已有的 1 个保持不变。" in answer
    answer = client.post(address, {"children": "0"}, follow=True).content.decode()
    assert "不需要托管，已更新。" in answer
    answer = client.post(address, {"children": "many"}, follow=True).content.decode()
    booking.refresh_from_db()
    assert (booking.children, booking.childcare) == (0, "")


def test_nobody_else_changes_her_childcare(client, event, now):
    booking = factories.booking(event, now=now)
    client.force_login(factories.talent().user)
    answer = client.post(f"/events/mine/{booking.code}/childcare/", {"children": "1"})
    assert answer.status_code == 404


def test_an_event_with_kept_seats_costs_one_query_more(client, event, now):
    plain = factories.event(starts_at=now + timedelta(days=5))
    keep(event, now, kind="track", seats=1)
    client.force_login(factories.talent().user)

    def queries(event):
        client.get(event.get_absolute_url())
        with CaptureQueriesContext(connection) as captured:
            client.get(event.get_absolute_url())
        return len(captured)

    assert queries(event) == queries(plain) + 1


def test_staff_keep_seats_open_them_and_count_guests(client, event, now):
    client.force_login(event.organiser)
    base, unit = f"/admin/events/event/{event.pk}", factories.unit()
    new = {"kind": "unit", "unit": str(unit.pk), "seats": "1"}
    new |= {"label": "", "opens_to_all_at_0": "", "opens_to_all_at_1": ""}
    refused = client.post(f"{base}/keep/", new | {"seats": "9"})
    assert refused.status_code == 422
    assert "空余席位只剩 2 个，最多保留 2 席" in refused.content.decode()
    assert "已保留席位。" in client.post(f"{base}/keep/", new, follow=True).content.decode()
    pool = Pool.objects.get()
    assert (pool.unit, pool.seats) == (unit, 1)
    more = {"seats": "2", "label": "合作单位", "opens_to_all_at_0": "", "opens_to_all_at_1": ""}
    client.post(f"{base}/kept/{pool.pk}/edit/", more)
    answer = client.post(f"{base}/guests/", {"women": "1", "men": "0"})
    assert (answer.status_code, "空余席位只剩 0 个" in answer.content.decode()) == (422, True)
    client.post(f"{base}/kept/{pool.pk}/open/", {"sure": "on"})
    shown = client.post(f"{base}/guests/", {"women": "1", "men": "0"}, follow=True)
    assert "已登记来宾人数。" in shown.content.decode()
    for words in ("合作单位", "已向所有人开放", "女 1，男 0", "儿童托管（孩子）"):
        assert words in shown.content.decode()
    pool.refresh_from_db()
    assert (pool.seats, pool.label, pool.opened_at is None) == (2, "合作单位", False)
    assert client.get(f"{base}/kept/{pool.pk}/edit/").status_code == 404


@pytest.mark.parametrize("where", ["keep", "guests"])
def test_a_colleague_of_another_department_keeps_no_seats(client, event, where):
    client.force_login(factories.staff("event_organiser", department_code="science_innovation"))
    address = f"/admin/events/event/{event.pk}/{where}/"
    assert client.get(address).status_code in (302, 404)
    assert client.post(address, {"kind": "track", "seats": "1"}).status_code in (302, 404)
    assert not Pool.objects.exists()


def test_the_table_of_pools_costs_the_same_with_one_and_with_three(client, now):
    event = factories.event(capacity=20, starts_at=now + timedelta(days=5))
    client.force_login(event.organiser)
    keep(event, now, kind="track", seats=1)
    factories.booking(event, now=now)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/admin/events/event/{event.pk}/change/").status_code == 200
        return len(captured)

    queries()
    once = queries()
    for _ in range(2):
        unit = factories.unit()
        keep(event, now, kind="unit", unit=unit, seats=2)
        for _ in range(3):
            factories.booking(event, factories.talent(unit=unit), now=now)
    assert queries() == once
