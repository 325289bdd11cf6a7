"""A private case from the choice of a time to what became of it; who may be a counsellor; what hides a private service."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from care_points import operations
from care_points.models import PrivateCase, Provider, Redemption, ServiceMonth
from kernel.errors import DomainError
from privacy.models import AuditEntry
from tests import factories
from tests.care_points import make
from tests.factories import NOW

pytestmark = pytest.mark.django_db
FIRST, SECOND = "2026-11-25 09:00", "2026-11-25 10:00"


def refused(call, **arguments):
    """Return the code an operation refuses with."""
    with pytest.raises(DomainError) as refusal:
        call(**arguments)
    return refusal.value.code


@pytest.fixture
def counsellor():
    return factories.user("苏梅")


@pytest.fixture
def service(counsellor):
    made = make.private()
    make.provider(made, user=counsellor)
    return made


@pytest.fixture
def her():
    talent = factories.talent(full_name="许清")
    make.give(talent, 100)
    return talent


def choose(voucher, text, **more):
    asked = {"slot": make.slot(text), "by": voucher.talent.user, "now": NOW} | more
    return operations.choose_time(voucher=voucher, **asked)


def test_a_time_is_chosen_changed_and_given_up_with_the_voucher(service, her):
    voucher, case = make.case(her, service, FIRST)
    moved = choose(voucher, SECOND)
    assert (moved.number, moved.starts_at) == (case.number, make.slot(SECOND).starts_at)
    other = factories.talent()
    make.give(other, 100)
    make.case(other, service, FIRST)  # free again
    operations.cancel_redemption(redemption=voucher, by=her.user, now=NOW)
    assert make.balance(her) == 100
    assert PrivateCase.objects.count() == 1


def test_a_time_that_is_taken_is_refused_and_the_voucher_stays(service, her):
    make.case(her, service, FIRST)
    other = factories.talent()
    make.give(other, 100)
    voucher = make.redeem(other, service)
    assert refused(choose, voucher=voucher, text=FIRST) == "slot_taken"
    voucher.refresh_from_db()
    assert (voucher.state, operations.case_of(voucher)) == ("reserved", None)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2026-11-20 09:00", "slot_past"),
        ("2026-11-29 09:00", "slot_closed"),
        ("2027-02-01 09:00", "slot_after_voucher"),
        ("2026-11-25 09:07", "slot_unavailable"),
    ],
)
def test_wrong_times_are_refused(service, her, text, code):
    voucher = make.redeem(her, service)
    assert refused(choose, voucher=voucher, text=text) == code
    assert not PrivateCase.objects.exists()


def test_only_private_services_have_times_afterwards(her):
    voucher = make.redeem(her, make.service())
    assert refused(choose, voucher=voucher, text=FIRST) == "no_time_to_choose"


def test_each_opening_is_audited_by_number_and_names_nobody(service, counsellor, her):
    _voucher, case = make.case(her, service, FIRST)
    client = Client()
    client.force_login(counsellor)
    address = f"/points/cases/{case.number}/"
    page = client.get(address).content.decode()
    assert "许清" not in page
    assert not AuditEntry.objects.filter(action="care_points.open_case").exists()
    for _twice in range(2):
        assert "许清" in client.post(address, {"action": "open"}).content.decode()
    entries = AuditEntry.objects.filter(action="care_points.open_case")
    assert [(one.actor_id, one.object_id, one.detail) for one in entries] == [
        (counsellor.pk, case.number, {})
    ] * 2


@pytest.mark.parametrize("who", ["another counsellor", "superuser", "points clerk", "nobody"])
def test_nobody_else_reaches_a_case(service, her, who):
    _voucher, case = make.case(her, service, FIRST)
    other = factories.user("别的老师")
    make.provider(make.private(), user=other)
    people = {
        "another counsellor": lambda: other,
        "superuser": lambda: factories.user(is_staff=True, is_superuser=True),
        "points clerk": lambda: factories.staff("points_clerk"),
    }
    client = Client()
    if who in people:
        client.force_login(people[who]())
    answers = [
        client.get(f"/points/cases/{case.number}/"),
        client.post(f"/points/cases/{case.number}/", {"action": "open"}),
    ]
    expected = 404 if who in people else 302
    assert [answer.status_code for answer in answers] == [expected] * 2


def test_a_counsellor_who_may_see_vouchers_since_is_refused(service, her, counsellor):
    _voucher, case = make.case(her, service, FIRST)
    type(counsellor).objects.filter(pk=counsellor.pk).update(is_staff=True, is_superuser=True)
    again = type(counsellor).objects.get(pk=counsellor.pk)
    assert refused(operations.open_case, case=case, by=again, now=NOW) == "sees_vouchers"


def test_what_became_of_it_is_said_and_corrected(service, her, counsellor):
    voucher, case = make.case(her, service, FIRST)
    closing = {"case": case, "by": counsellor}
    assert refused(operations.close_case, came=True, now=NOW, **closing) == "too_early"
    after = case.ends_at
    operations.close_case(came=False, now=after, **closing)
    operations.close_case(came=True, now=after, **closing)
    assert PrivateCase.objects.get().state == "came"
    cancel = {"redemption": voucher, "by": her.user, "now": after}
    assert refused(operations.cancel_redemption, **cancel) == "case_over"
    assert refused(choose, voucher=voucher, text=SECOND) == "case_over"
    entries = AuditEntry.objects.filter(action="care_points.close_case").order_by("pk")
    assert [entry.detail for entry in entries] == [{"came": False}, {"came": True}]


def test_a_time_called_off_leaves_the_voucher_to_choose_another(service, her, counsellor):
    voucher, case = make.case(her, service, FIRST)
    operations.call_off(case=case, by=counsellor, now=NOW)
    client = Client()
    client.force_login(her.user)
    assert "取消了原来的时间" in client.get(f"/points/vouchers/{voucher.pk}/").content.decode()
    again = choose(voucher, FIRST)
    assert (again.number, again.state, again.held) == (case.number, "open", True)


def test_the_page_keeps_the_time_and_the_calendar_file_says_nothing(service, her):
    voucher = make.redeem(her, service, now=NOW)
    client = Client()
    client.force_login(her.user)
    now = timezone.now()
    Redemption.objects.update(expires_at=now + timedelta(days=30))
    Provider.objects.update(vetted_until=now.date() + timedelta(days=60))
    voucher.refresh_from_db()
    free = operations.times_for(voucher, None, now)
    start = timezone.localtime(next(iter(next(iter(free.values())))))
    address = f"/points/vouchers/{voucher.pk}/time/"
    assert client.get(address).status_code == 200
    asked = f"{start:%Y-%m-%dT%H:%M}"
    confirm = client.get(address, {"at": asked}).content.decode()
    assert "就选这个时间" in confirm
    posted = client.post(address, {"at": asked})
    assert (posted.status_code, operations.case_of(voucher).starts_at) == (302, start)
    file = client.get(f"/points/vouchers/{voucher.pk}/calendar/").content.decode()
    case = operations.case_of(voucher)
    unwanted = ("心理", case.number, case.provider.name, voucher.code)
    assert [word for word in unwanted if word in file] == []


# --- who may be a counsellor ----------------------------------------------------------------------
def test_a_clerk_makes_neither_herself_nor_a_colleague_who_sees_vouchers_a_counsellor(service):
    provider = Provider.objects.get()
    PrivateCase.objects.all().delete()
    clerk, colleague = factories.staff("points_clerk"), factories.staff("points_clerk")
    save = {"provider": provider, "now": NOW}
    assert refused(operations.save_provider, user=clerk, by=clerk, **save) == "own_account"
    assert refused(operations.save_provider, user=colleague, by=clerk, **save) == "sees_vouchers"


def test_cases_are_not_handed_to_another_account(service, her):
    make.case(her, service, FIRST)
    save = {"provider": Provider.objects.get(), "user": factories.user(), "now": NOW}
    clerk = factories.staff("points_clerk")
    assert refused(operations.save_provider, by=clerk, **save) == "has_cases"


def test_private_services_are_not_mixed_with_others(service):
    other = make.service(station=service.station)
    save = {"provider": Provider.objects.get(), "services": [service, other], "by": None}
    assert refused(operations.save_provider, now=NOW, **save) == "private_and_others"


def test_without_an_account_a_counsellor_has_no_free_times(her):
    service = make.private()
    make.provider(service)
    assert operations.times_for(make.redeem(her, service), None, NOW) == {}


# --- what hides a private service -----------------------------------------------------------------
def test_a_private_service_needs_a_voucher_of_the_same_price(service):
    clerk = factories.staff("points_clerk")
    save = {"by": clerk, "now": NOW}
    assert refused(operations.save_service, service=service, cost=55, **save) == (
        "private_without_twin"
    )
    twin = type(service).objects.get(private=False)
    assert refused(operations.save_service, service=twin, cost=55, **save) == "twin_needed"
    assert refused(operations.save_service, service=twin, active=False, **save) == "twin_needed"
    make.service(station=service.station, cost=service.cost)
    twin.refresh_from_db()
    operations.save_service(service=twin, cost=55, **save)


def test_private_is_fixed_once_saved(service):
    save = {"service": service, "private": False, "by": None, "now": NOW}
    assert refused(operations.save_service, **save) == "private_fixed"


def test_months_count_what_vouchers_do_not_say(service, her):
    voucher = make.redeem(her, service)
    month = ServiceMonth.objects.get()
    assert (month.made, month.standing, month.points, month.used) == (1, 1, 30, 0)
    operator = factories.user()
    voucher.station.operators.add(operator)
    operations.fulfil(code=voucher.code, by=operator, now=NOW)
    operations.undo_fulfilment(voucher=voucher, reason="扫错了人", by=operator, now=NOW)
    operations.cancel_redemption(redemption=voucher, by=her.user, now=NOW)
    month.refresh_from_db()
    numbers = (month.made, month.standing, month.points, month.used, month.used_points)
    assert numbers == (1, 0, 0, 0, 0)


def test_a_weekly_letter_tells_all_alike_that_vouchers_wait(service, her):
    other = factories.talent()
    make.give(other, 100)
    make.case(her, service, FIRST)
    make.redeem(other, type(service).objects.get(private=False))
    assert operations.remind_of_vouchers(now=NOW) == 0  # made this week
    later = NOW + timedelta(days=7)
    assert operations.remind_of_vouchers(now=later) == 2
    assert operations.remind_of_vouchers(now=later) == 0


def test_the_database_refuses_two_cases_of_one_counsellor_at_one_time(service, her):
    _voucher, case = make.case(her, service, FIRST)
    times = {name: getattr(case, name) for name in ("starts_at", "ends_at", "busy_until")}
    again = {"service": service, "provider": case.provider, "weeks_waited": 1, "voucher": "1" * 12}
    with pytest.raises(IntegrityError), transaction.atomic():
        PrivateCase.objects.create(**times, **again)
    PrivateCase.objects.update(held=False)
    PrivateCase.objects.create(**times, **again)  # the control: a time given up is free


def test_who_redeems_a_private_service_is_led_on_to_the_choice_of_a_time(service, her):
    client, address = Client(), f"/points/services/{service.pk}/redeem/"
    client.force_login(her.user)
    form = client.get(address).context["form"]
    made = client.post(address, {name: form[name].value() or "" for name in form.fields})
    voucher = Redemption.objects.get()
    assert made.url == f"/points/vouchers/{voucher.pk}/time/"
    assert (
        "只有您和为您服务的老师" in client.get(f"/points/services/{service.pk}/").content.decode()
    )
