"""Appointments: taken with the voucher, moved without losing points, kept, missed, corrected, met by leave."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from care_points import operations, queue
from care_points.models import Appointment, Service
from care_points.reconciliation import reconcile
from kernel.errors import DomainError
from notices.models import Notice
from privacy.models import AuditEntry
from tests import factories
from tests.care_points import make
from tests.factories import NOW

pytestmark = pytest.mark.django_db
TIME = "2026-11-25 09:00"  # a Wednesday, two days ahead


def at(text):
    return make.slot(text).starts_at


@pytest.fixture
def clerk():
    return factories.staff("points_clerk")


@pytest.fixture
def service(operator):
    made = make.timed(station=make.station(operator))
    make.provider(made, name="周老师")
    return made


def code_of(call):
    """Return the code an operation refuses with."""
    with pytest.raises(DomainError) as refused:
        call()
    return refused.value.code


def told(user):
    return list(
        Notice.objects.filter(recipient=user).order_by("pk").values_list("kind", flat=True)
    )[1:]


def state(voucher):
    voucher.refresh_from_db()
    return voucher.state, voucher.appointment.__class__.objects.get(redemption=voucher).held


def test_redeemed_with_a_time_and_fulfilled_that_day(woman, service, operator):
    voucher = make.book(woman, service, TIME, key="k")
    assert make.book(woman, service, TIME, key="k") == voucher
    assert code_of(lambda: make.book(woman, service, "2026-11-25 10:00", key="k")) == (
        "idempotency_key_reused"
    )
    one = voucher.appointment
    assert (one.ends_at - one.starts_at, one.busy_until - one.ends_at) == (
        timedelta(minutes=50),
        timedelta(minutes=10),
    )
    fulfil = {"code": voucher.code, "by": operator}
    assert code_of(lambda: operations.fulfil(now=NOW, **fulfil)) == "not_today"
    operations.fulfil(now=at("2026-11-25 08:55"), **fulfil)
    assert (state(voucher), make.balance(woman)) == (("fulfilled", True), 70)
    assert told(woman.user) == ["care_points.appointment_made", "care_points.redemption_fulfilled"]
    assert reconcile().sound


def test_a_price_or_a_rule_that_changes_does_not_touch_what_is_booked(woman, service, clerk):
    voucher = make.book(woman, service, TIME)
    fields = {"cost": 90, "cancel_hours": 100, "late_refund": False, "minutes": 25}
    operations.save_service(service=service, by=clerk, now=NOW, **fields)
    one = Appointment.objects.get()
    assert (voucher.cost, one.cancel_hours, one.points_back(NOW)) == (30, 24, 30)
    assert list(service.history.values_list("cost", "history_user")) == [(90, clerk.pk), (30, None)]
    detail = AuditEntry.objects.get(action="care_points.change_service").detail
    assert detail["cost"] == [30, 90]


@pytest.mark.parametrize(
    ("moment", "late_refund", "points", "ends"),
    [
        ("2026-11-24 09:00", False, 100, "cancelled"),
        ("2026-11-24 09:01", False, 70, "forfeited"),
        ("2026-11-24 09:01", True, 100, "cancelled"),
    ],
)
def test_she_cancels_by_the_rule_she_was_shown(woman, service, moment, late_refund, points, ends):
    Service.objects.update(late_refund=late_refund)
    service.refresh_from_db()
    voucher = make.book(woman, service, TIME)
    cancel = {"redemption": voucher, "by": woman.user, "now": at(moment)}
    wrong = 0 if points == 100 else 30
    assert code_of(lambda: operations.cancel_redemption(expected_points=wrong, **cancel)) == (
        "terms_changed"
    )
    for _ in range(2):
        operations.cancel_redemption(expected_points=points - 70, **cancel)
    assert (state(voucher), make.balance(woman)) == ((ends, False), points)
    other = factories.talent()
    make.give(other, 30)
    assert make.book(other, service, TIME, now=at(moment)).appointment.held  # somebody else has it
    assert reconcile().sound


def test_once_it_has_begun_she_cancels_no_more_but_a_clerk_gives_back(woman, service, clerk):
    voucher = make.book(woman, service, TIME)
    late = at("2026-11-25 09:00")
    cancel = {"redemption": voucher, "now": late}
    assert code_of(lambda: operations.cancel_redemption(by=woman.user, **cancel)) == (
        "appointment_begun"
    )
    operations.cancel_redemption(by=clerk, **cancel)
    assert make.balance(woman) == 100


def test_moved_without_losing_points_until_the_rule_says(woman, service, operator):
    voucher = make.book(woman, service, TIME)
    move = {"redemption": voucher, "by": woman.user, "now": NOW}
    for _ in range(2):
        operations.move_appointment(slot=make.slot("2026-11-26 14:00"), **move)
    one = Appointment.objects.get()
    assert (one.starts_at, one.moves, make.balance(woman)) == (at("2026-11-26 14:00"), 1, 70)
    assert told(woman.user) == ["care_points.appointment_made", "care_points.appointment_moved"]
    wrong = make.slot("2026-11-26 14:10")
    assert code_of(lambda: operations.move_appointment(slot=wrong, **move)) == "slot_unavailable"
    late = {"redemption": voucher, "now": at("2026-11-26 13:00")}
    late["slot"] = make.slot("2026-11-27 09:00")
    assert code_of(lambda: operations.move_appointment(by=woman.user, **late)) == "too_late_to_move"
    stranger = make.station(factories.user()).operators.get()
    assert code_of(lambda: operations.move_appointment(by=stranger, **late)) == "not_yours"
    operations.move_appointment(by=operator, **late)
    one.refresh_from_db()
    assert (one.starts_at, one.moves) == (at("2026-11-27 09:00"), 2)


def test_absent_is_said_by_the_desk_after_a_quarter_and_corrected_with_a_reason(
    woman, service, operator, clerk
):
    voucher = make.book(woman, service, TIME)
    absent = {"redemption": voucher, "by": operator}
    assert (
        code_of(lambda: operations.mark_absent(now=at("2026-11-25 09:14"), **absent)) == "too_early"
    )
    operations.mark_absent(now=at("2026-11-25 09:15"), **absent)
    assert (state(voucher), make.balance(woman)) == (("no_show", True), 70)
    again = at("2026-11-25 09:16")
    assert code_of(lambda: operations.mark_absent(now=again, **absent)) == "redemption_ended"
    correct = {"redemption": voucher, "by": clerk, "now": again}
    assert code_of(lambda: operations.correct_absence(came=True, reason="", **correct)) == (
        "reason_missing"
    )
    operations.correct_absence(came=True, reason="同事证实她到了", **correct)
    assert (state(voucher), make.balance(woman)) == (("fulfilled", True), 70)
    assert code_of(
        lambda: operations.correct_absence(came=False, reason="又错了一次", **correct)
    ) == ("nothing_to_correct")
    assert told(woman.user)[-2:] == [
        "care_points.appointment_missed",
        "care_points.absence_corrected",
    ]
    second = make.book(woman, service, "2026-11-26 09:00")
    operations.mark_absent(redemption=second, by=operator, now=at("2026-11-26 10:00"))
    correct = {"redemption": second, "by": clerk, "now": at("2026-11-26 11:00")}
    operations.correct_absence(came=False, reason="突发疾病，已核实", **correct)
    assert (state(second), make.balance(woman)) == (("cancelled", False), 70)
    assert reconcile().sound


def test_a_wrong_fulfilment_is_taken_back_the_same_day(woman, service, operator):
    voucher = make.book(woman, service, TIME)
    day = at("2026-11-25 09:30")
    operations.fulfil(code=voucher.code, by=operator, now=day)
    undo = {"voucher": voucher, "by": operator}
    assert (
        code_of(lambda: operations.undo_fulfilment(reason=" ", now=day, **undo)) == "reason_missing"
    )
    next_day = {"reason": "扫错了人", "now": day + timedelta(days=1)}
    assert code_of(lambda: operations.undo_fulfilment(**next_day, **undo)) == "not_today"
    operations.undo_fulfilment(reason="扫错了人", now=day, **undo)
    assert (state(voucher), voucher.fulfilled_by) == (("reserved", True), None)
    operations.fulfil(code=voucher.code, by=operator, now=day)
    assert state(voucher)[0] == "fulfilled"


def test_leave_lists_whom_it_meets_and_each_is_settled(woman, service, clerk):
    voucher = make.book(woman, service, TIME)
    teacher = service.providers.get()
    leave = operations.add_leave(
        provider=teacher,
        starts_at=at("2026-11-25 08:00"),
        ends_at=at("2026-11-25 18:00"),
        reason="培训",
        by=clerk,
        now=NOW,
    )
    assert leave.met == [voucher.appointment]
    assert queue.appointments_to_settle(clerk, NOW).count == 1
    assert code_of(lambda: make.book(woman, service, "2026-11-25 10:00")) == "slot_unavailable"
    operations.move_appointment(
        redemption=voucher, slot=make.slot("2026-11-26 09:00"), by=clerk, now=NOW
    )
    assert queue.appointments_to_settle(clerk, NOW).count == 0
    for _ in range(2):
        operations.drop_leave(leave=leave, by=clerk, now=NOW)
    assert AuditEntry.objects.filter(action="care_points.drop_leave").count() == 1
    service.station.place.other_hours.create(
        first_day=at("2026-11-26 09:00").date(),
        last_day=at("2026-11-26 09:00").date(),
        reason="盘点",
    )
    assert queue.appointments_to_settle(clerk, NOW).count == 1
    operations.cancel_redemption(redemption=voucher, by=clerk, now=NOW)
    assert (queue.appointments_to_settle(clerk, NOW).count, make.balance(woman)) == (0, 100)


def test_who_marks_nothing_for_a_week_gives_the_points_back(woman, service, clerk):
    voucher = make.book(woman, service, TIME)
    after = at("2026-11-26 09:00")
    assert queue.appointments_unmarked(clerk, after).count == 1
    operations.expire_redemption(redemption=voucher, now=at("2026-12-02 23:00"))
    assert state(voucher) == ("reserved", True)
    operations.expire_redemption(redemption=voucher, now=at("2026-12-03 00:00"))
    assert (state(voucher), make.balance(woman)) == (("expired", False), 100)


def test_reminded_once_for_each_time(woman, service):
    voucher = make.book(woman, service, TIME)
    assert operations.remind_appointments(now=at("2026-11-24 08:59")) == 0
    assert [operations.remind_appointments(now=at("2026-11-24 09:00")) for _ in range(2)] == [1, 0]
    operations.move_appointment(
        redemption=voucher, slot=make.slot("2026-11-27 09:00"), by=None, now=at("2026-11-24 09:05")
    )
    assert operations.remind_appointments(now=at("2026-11-26 10:00")) == 1
    reminders = Notice.objects.filter(kind="care_points.appointment_reminder")
    assert [set(one.context) for one in reminders] == [{"station", "when"}] * 2


def test_a_person_has_her_own_quota_of_the_month(woman, service):
    Service.objects.update(person_quota=1)
    service.refresh_from_db()
    voucher = make.book(woman, service, TIME)
    assert code_of(lambda: make.book(woman, service, "2026-11-26 09:00")) == "own_quota_used_up"
    operations.cancel_redemption(redemption=voucher, by=woman.user, now=NOW)
    assert make.book(woman, service, "2026-11-26 09:00").state == "reserved"


def test_what_else_she_has_then_is_said_without_its_kind(woman, service):
    make.book(woman, service, TIME)
    event = factories.event(
        title="圆桌", starts_at=at("2026-11-25 09:30"), ends_at=at("2026-11-25 11:00")
    )
    factories.booking(event, woman)
    said = operations.clashes(woman, at("2026-11-25 09:40"), at("2026-11-25 10:00"))
    assert said == [
        "2026年11月25日 (周三) 09:00–09:50您已有另一项预约。",
        "2026年11月25日 (周三) 09:30–11:00，您已报名《圆桌》。",
    ]
    assert operations.clashes(woman, at("2026-11-25 12:00"), at("2026-11-25 13:00")) == []


def test_nobody_is_booked_with_whom_nobody_vetted(woman, service, clerk):
    teacher = service.providers.get()
    operations.save_provider(provider=teacher, by=clerk, now=NOW, paused=True)
    assert code_of(lambda: make.book(woman, service, TIME)) == "slot_unavailable"
    operations.save_provider(provider=teacher, by=clerk, now=NOW, paused=False)
    today = at(TIME).date()
    operations.vet_provider(provider=teacher, until=today - timedelta(days=1), by=clerk, now=NOW)
    assert queue.vettings(clerk, NOW).count == 1
    assert code_of(lambda: make.book(woman, service, TIME)) == "slot_unavailable"
    vet = {"provider": teacher, "by": clerk, "now": NOW}
    assert code_of(
        lambda: operations.vet_provider(until=NOW.date() - timedelta(days=1), **vet)
    ) == ("vetting_past")
    operations.vet_provider(until=today, **vet)
    assert make.book(woman, service, TIME).appointment.provider == teacher
    elsewhere = make.timed()
    change = {"provider": teacher, "by": clerk, "now": NOW}
    assert code_of(lambda: operations.save_provider(services=[elsewhere], **change)) == (
        "service_elsewhere"
    )


def test_the_database_keeps_two_from_one_time(woman, service):
    one = make.book(woman, service, TIME).appointment
    voucher = make.redeem(woman, make.service())
    with (
        pytest.raises(IntegrityError, match="appointment_alone_with_provider"),
        transaction.atomic(),
    ):
        Appointment.objects.create(
            redemption=voucher,
            provider=one.provider,
            starts_at=one.ends_at,  # within the pause
            ends_at=one.ends_at + timedelta(minutes=50),
            busy_until=one.ends_at + timedelta(minutes=60),
            cancel_hours=24,
        )
