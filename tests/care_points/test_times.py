"""Her pages of times, the provider's, and the desk's: choose, confirm, move, keep; and who sees what."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import strip_tags

from care_points import operations, slots
from care_points.models import Appointment, Redemption
from kernel import days
from kernel.words import moment_text
from tests import factories
from tests.care_points import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def service(operator):
    """A service given each day, so that some time is free whenever the test runs."""
    made = make.timed(station=make.station(operator, place=make.place("每天 0:00-24:00")))
    make.provider(
        made,
        weekly="每天 0:00-24:00",
        name="周老师",
        vetted_until=timezone.localdate() + timedelta(days=90),
    )
    made.station.place.closed_on_holidays = False
    made.station.place.save()
    return made


def times_of(page):
    """Return the addresses of the times a page offers."""
    part = re.search(r'(?s)<ul class="slot-times">.*?</ul>', page.content.decode())
    return [one.replace("&amp;", "&") for one in re.findall(r'href="([^"]+)"', part[0])]


def hidden(page):
    """Return the hidden fields of a page's form."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.content.decode())
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def said(page):
    return [str(one) for one in page.context["messages"]]


def test_she_chooses_a_day_and_a_time_confirms_moves_and_cancels(client, woman, service):
    client.force_login(woman.user)
    page = client.get(f"/points/services/{service.pk}/redeem/")
    assert page.url == f"/points/services/{service.pk}/times/"
    first, second = times_of(client.get(page.url + "?day=" + _day(3)))[:2]
    page = client.get(first)
    assert "以前可以改期或取消，积分全部退回；之后取消或没有来，积分不退。" in page.content.decode()
    assert make.balance(woman) == 100
    for _ in range(2):
        made = client.post(f"/points/services/{service.pk}/redeem/", hidden(page))
    voucher = Redemption.objects.get()
    assert (made.url, make.balance(woman)) == (f"/points/vouchers/{voucher.pk}/", 70)
    shown = client.get(made.url).content.decode()
    assert ("周老师" in shown, "存进手机日历" in shown, "改期" in shown) == (True, True, True)
    file = client.get(f"/points/vouchers/{voucher.pk}/calendar/").content.decode()
    assert ("SUMMARY:预约" in file, service.title in file) == (True, False)
    taken = client.get(f"/points/services/{service.pk}/times/?day={_day(3)}")
    assert first not in times_of(taken)
    move = f"/points/vouchers/{voucher.pk}/move/"
    offered = times_of(client.get(f"{move}?day={_day(3)}"))
    assert first.partition("at=")[2] not in [one.partition("at=")[2] for one in offered]  # hers
    another = offered[1]
    page = client.get(another)
    client.post(move, hidden(page))
    assert (Appointment.objects.get().moves, make.balance(woman)) == (1, 70)
    assert second != first
    page = client.get(f"/points/vouchers/{voucher.pk}/cancel/")
    assert moment_text(Appointment.objects.get().starts_at) in strip_tags(page.content.decode())
    client.post(f"/points/vouchers/{voucher.pk}/cancel/", hidden(page))
    assert (Appointment.objects.get().held, make.balance(woman)) == (False, 100)


def _day(ahead):
    return (timezone.localdate() + timedelta(days=ahead)).isoformat()


def test_a_time_that_has_just_gone_is_said_and_nothing_is_spent(client, woman, service):
    client.force_login(woman.user)
    address = times_of(client.get(f"/points/services/{service.pk}/times/?day={_day(2)}"))[0]
    page = client.get(address)
    other = factories.talent()
    make.give(other, 100)
    at = timezone.make_aware(timezone.datetime.strptime(hidden(page)["at"], "%Y-%m-%dT%H:%M"))
    operations.redeem(
        talent=other,
        service=service,
        slot=slots.Slot(at),
        idempotency_key="x",
        expected_cost=30,
        by=other.user,
        now=timezone.now(),
    )
    answer = client.post(f"/points/services/{service.pk}/redeem/", hidden(page))
    assert answer.status_code == 409
    assert "这个时间刚刚被约走了，积分没有变动，请选别的时间。" in answer.content.decode()
    assert (make.balance(woman), woman.redemptions.count()) == (100, 0)


@pytest.mark.parametrize(
    "wrong",
    ["at=2020-01-01T09:00", "at=x", "at=2026-13-01T09:00", "provider=999999999999"],
)
def test_a_broken_time_leads_back_and_spends_nothing(client, woman, service, wrong):
    client.force_login(woman.user)
    assert client.get(f"/points/services/{service.pk}/redeem/?{wrong}").status_code in (200, 302)
    fields = dict([wrong.split("=")]) | {"key": "K" * 20, "cost": "30"}
    answer = client.post(f"/points/services/{service.pk}/redeem/", fields)
    assert (answer.status_code, make.balance(woman), Redemption.objects.count()) == (422, 100, 0)
    assert client.get(f"/points/services/{service.pk}/times/?day=x&{wrong}").status_code == 200


def test_the_desk_sees_todays_appointments_fulfils_undoes_and_marks(
    client, woman, service, operator
):
    voucher = booked_now(woman, service)
    client.force_login(operator)
    page = client.get("/points/station/").content.decode()
    assert (woman.masked_name in page, woman.full_name in page) == (True, False)
    client.post("/points/station/fulfil/", {"code": voucher.code})
    undo = f"/points/station/undo/{voucher.pk}/"
    assert client.post(undo, {"reason": ""}).status_code == 422
    client.post(undo, {"reason": "扫错了人"})
    voucher.refresh_from_db()
    assert voucher.state == "reserved"
    Appointment.objects.update(starts_at=timezone.now() - timedelta(minutes=20))
    absent = f"/points/station/absent/{voucher.pk}/"
    assert "登记为未到？" in client.get(absent).content.decode()
    client.post(absent)
    voucher.refresh_from_db()
    assert (voucher.state, make.balance(woman)) == ("no_show", 70)
    stranger = make.station(factories.user()).operators.get()
    client.force_login(stranger)
    assert [client.post(one, {"reason": "扫错了人"}).status_code for one in (undo, absent)] == [
        404
    ] * 2
    client.force_login(woman.user)
    assert [client.post(one, {"reason": "扫错了人"}).status_code for one in (undo, absent)] == [
        403
    ] * 2


def booked_now(woman, service):
    """Return a voucher with an appointment that lasts right now."""
    now, day = timezone.now(), timezone.localdate() + timedelta(days=2)
    voucher = operations.redeem(
        talent=woman,
        service=service,
        slot=slots.Slot(next(iter(slots.free_times(service, day, day, now)[day]))),
        idempotency_key="now",
        expected_cost=30,
        by=woman.user,
        now=now,
    )
    Appointment.objects.update(
        starts_at=now, ends_at=now + timedelta(minutes=50), busy_until=now + timedelta(minutes=60)
    )
    return Redemption.objects.get(pk=voucher.pk)


def test_a_provider_sees_her_own_appointments_and_nobody_elses(client, woman, service):
    teacher = service.providers.get()
    teacher.user = factories.user("周明")
    teacher.save()
    booked_now(woman, service)
    client.force_login(teacher.user)
    page = client.get("/points/provider/").content.decode()
    assert (woman.masked_name in page, woman.full_name in page, service.title in page) == (
        True,
        False,
        True,
    )
    assert "我的服务预约" in client.get("/me/").content.decode()
    client.force_login(woman.user)
    assert client.get("/points/provider/").status_code == 403


def test_another_womans_appointment_is_not_there(client, woman, service):
    voucher = booked_now(woman, service)
    client.force_login(factories.talent().user)
    for page in ("", "move/", "calendar/", "cancel/"):
        assert client.get(f"/points/vouchers/{voucher.pk}/{page}").status_code == 404


def test_clerks_vet_enter_leave_move_and_write_out(client, woman, service, settings):
    settings.STAFF_SECOND_FACTOR = False
    clerk = factories.staff("points_clerk")
    client.force_login(clerk)
    day = timezone.localdate() + timedelta(days=2)
    free = slots.free_times(service, day, day, timezone.now())[day]
    start, *others = free
    voucher = operations.redeem(
        talent=woman,
        service=service,
        slot=slots.Slot(start),
        idempotency_key="x",
        expected_cost=30,
        by=woman.user,
        now=timezone.now(),
    )
    teacher, one = service.providers.get(), voucher.appointment
    page = f"/admin/care_points/provider/{teacher.pk}"
    until = timezone.localdate() + timedelta(days=400)
    client.post(f"{page}/vet/", {"until": str(until)})
    teacher.refresh_from_db()
    assert (teacher.vetted_until, teacher.vetted_by) == (until, clerk)
    assert f"{timezone.localtime(start):%H:%M}" in client.get(f"{page}/change/").content.decode()
    away = {"starts_at_0": str(day), "starts_at_1": "00:00", "reason": "培训"}
    away |= {"ends_at_0": str(day + timedelta(days=1)), "ends_at_1": "00:00"}
    answer = client.post(f"{page}/leave/", away)
    assert answer.url == "/admin/care_points/appointment/?due=settle"
    assert voucher.code in client.get(answer.url).content.decode()
    where = f"/admin/care_points/appointment/{one.pk}"
    choice = client.get(f"{where}/move/").context["form"].fields["slot"].choices[0][0]
    client.post(f"{where}/move/", {"slot": choice})
    one.refresh_from_db()
    assert (one.moves, one.starts_at != start) == (1, True)
    ticked = {"action": "write_out", "_selected_action": str(one.pk)}
    file = client.post("/admin/care_points/appointment/?due=all", ticked)
    assert file["Content-Type"].endswith("sheet")
    client.post("/admin/care_points/appointment/?due=all", ticked | {"action": "cancel_selected"})
    assert make.balance(woman) == 100
    assert others
    client.force_login(factories.staff("administrator"))  # who only looks
    assert teacher.name in client.get(f"{page}/change/").content.decode()


def test_her_calendar_knows_a_time_again_after_the_keys_have_changed(
    client, woman, service, settings
):
    """Or her phone would show it twice; two vouchers are two entries, and none says her code."""
    make.give(woman, 100)
    vouchers = [book_today(woman, service), make.book(woman, service, f"{_day(4)} 10:00", key="b")]

    def names():
        files = [client.get(f"/points/vouchers/{one.pk}/calendar/") for one in vouchers]
        return [re.search(r"(?m)^UID:(\S+)", file.content.decode())[1] for file in files]

    client.force_login(woman.user)
    before = names()
    settings.INDEX_KEY = "ab" * 32
    settings.FIELD_KEYS = f"k9:{'2b' * 16},{settings.FIELD_KEYS}"
    client.force_login(woman.user)
    assert names() == before
    assert before[0] != before[1]
    assert [one for one in vouchers if one.code in "".join(before)] == []


def test_lists_cost_the_same_with_one_and_three(client, service, operator, settings):
    settings.STAFF_SECOND_FACTOR = False
    teacher = service.providers.get()
    teacher.user = operator
    teacher.save()
    clerk, counts = factories.staff("points_clerk"), []
    pages = [
        (operator, "/points/provider/"),
        (operator, "/points/station/"),
        (clerk, f"/points/services/{service.pk}/times/"),
        (clerk, "/admin/care_points/appointment/?due=all"),
        (clerk, "/admin/care_points/provider/"),
        (clerk, "/admin/places/place/"),
    ]
    for more in (1, 2):
        for _ in range(more):
            talent = factories.talent()
            make.give(talent, 30)
            book_today(talent, service)
        counts.append([])
        for reader, page in pages:
            client.force_login(reader)
            client.get(page)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(page).status_code == 200
            counts[-1].append(len(asked))
        other = make.timed()
        make.provider(other)
        make.provider(service, name=f"新老师{more}")
    assert counts[0] == counts[1]


def book_today(talent, service):
    """Return a voucher for a free time, said to be today's."""
    day, now = timezone.localdate() + timedelta(days=2), timezone.now()
    voucher = operations.redeem(
        talent=talent,
        service=service,
        slot=slots.Slot(next(iter(slots.free_times(service, day, day, now)[day]))),
        idempotency_key=str(talent.pk),
        expected_cost=30,
        by=talent.user,
        now=now,
    )
    earlier = Appointment.objects.exclude(redemption=voucher).count() * timedelta(hours=2)
    start = days.midnight(now) + timedelta(hours=1) + earlier
    Appointment.objects.filter(redemption=voucher).update(
        starts_at=start,
        ends_at=start + timedelta(minutes=50),
        busy_until=start + timedelta(hours=1),
    )
    return voucher
