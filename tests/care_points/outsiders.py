"""One call of every operation, for tests/test_rights.py; test_rights.py here asks the whole cast."""

from datetime import timedelta

from django.utils import timezone

from care_points import operations
from care_points.models import (
    Appointment,
    CareStation,
    EarningRule,
    EmergencyNumber,
    PrivateCase,
    Provider,
    Redemption,
)
from kernel import ids
from kernel.sweeps import MOST_FAILURES
from tests import factories
from tests.care_points import make
from tests.factories import NOW
from tests.rights import call

DAY = timezone.localdate(NOW - timedelta(hours=3))


def woman():
    """Return a woman with points to spend."""
    talent = factories.talent()
    make.give(talent, 100)
    return talent


def voucher():
    """Return a voucher of a station that has an operator."""
    return make.redeem(woman(), make.service(station=make.station(factories.user())))


def set_aside():
    """Return a voucher that the sweeps could not end."""
    row = voucher()
    Redemption.objects.update(sweep_failures=MOST_FAILURES)
    return row


def hours():
    """Return recorded hours."""
    return operations.record_hours(
        **record(), by=factories.staff("department_clerk"), now=factories.NOW
    )


def certified():
    """Return a certificate of confirmed hours."""
    given = hours()
    operations.confirm_hours(hours=given, by=factories.staff("points_clerk"), now=NOW)
    her = given.talent
    return operations.certify_hours(talent=her, from_on=DAY, until_on=DAY, by=her.user, now=NOW)


def record():
    """Return what `record_hours` takes."""
    begin = NOW - timedelta(hours=3)
    return {
        "talent": factories.talent(),
        "activity": "科普讲座",
        "starts_at": begin,
        "half_hours": 2,
    }


def earned():
    """Return points given for coming to an event."""
    return operations.earn(**coming(), by=None, now=NOW)


def coming():
    """Return what `earn` takes."""
    return {
        "rule_code": "event_attendance",
        "talent": factories.talent(),
        "key": f"checkin:{ids.code()}:1",
    }


DESK = {
    "arguments": lambda: {"code": voucher().code},
    "insider": lambda given: factories.staff("points_clerk"),
    "others": {"reviewer": lambda: factories.staff("department_reviewer")},
}
# The event is its own app's to decide about; points for coming ask for the right to check in at all.
ATTENDANCE = {
    "open_to": ["staff elsewhere"],
    "others": {"auditor": lambda: factories.staff("auditor")},
}

SLOT = "2026-11-25 09:00"


def booked():
    """Return an appointment of a station with an operator, two days ahead."""
    service = make.timed(station=make.station(factories.user()))
    make.provider(service)
    return make.book(woman(), service, SLOT)


def used():
    """Return a voucher fulfilled today."""
    row = voucher()
    return operations.fulfil(code=row.code, by=row.service.station.operators.get(), now=NOW)


def missed():
    """Return an appointment to which she did not come."""
    return operations.mark_absent(redemption=over(), by=None, now=NOW)


def over():
    """Return an appointment that began an hour ago."""
    row = booked()
    past = NOW - timedelta(hours=1)
    Appointment.objects.filter(redemption=row).update(
        starts_at=past, ends_at=past + timedelta(minutes=50), busy_until=NOW
    )
    return row


def leave():
    """Return leave of a provider."""
    ends_at = NOW + timedelta(days=2)
    return make.provider(make.timed()).leaves.create(starts_at=NOW, ends_at=ends_at, reason="培训")


def operator_of(given):
    """Return somebody who stands at the desk of the voucher's station."""
    row = given.get("voucher") or given["redemption"]
    return row.service.station.operators.get()


def clerk(given):
    """Return a points clerk."""
    return factories.staff("points_clerk")


def chosen():
    """Return a private case with a counsellor, two days ahead."""
    service = make.private()
    make.provider(service, user=factories.user())
    return make.case(woman(), service, SLOT)[1]


def begun():
    """Return a private case that began an hour ago."""
    case = chosen()
    PrivateCase.objects.update(starts_at=NOW - timedelta(hours=1), ends_at=NOW, busy_until=NOW)
    return case


def private_voucher():
    """Return a voucher of a private service without a time."""
    service = make.private()
    make.provider(service, user=factories.user())
    return make.redeem(woman(), service)


def counsellor(given):
    """Return the counsellor of a case."""
    return given["case"].provider.user


# The auditor, the administrator, the points clerk and who may do everything are as far from a case as anybody.
NOT_HERS = {
    "points clerk": lambda: factories.staff("points_clerk"),
    "auditor": lambda: factories.staff("auditor"),
    "superuser": lambda: factories.user(is_staff=True, is_superuser=True),
    "system": lambda: None,
}
CASES = (
    call(
        operations.choose_time,
        lambda: {"voucher": private_voucher(), "slot": make.slot(SLOT)},
        insider=lambda given: given["voucher"].talent.user,
        others=NOT_HERS,
    ),
    call(operations.open_case, lambda: {"case": chosen()}, insider=counsellor, others=NOT_HERS),
    call(
        operations.close_case,
        lambda: {"case": begun(), "came": True},
        insider=counsellor,
        others=NOT_HERS,
    ),
    call(operations.call_off, lambda: {"case": chosen()}, insider=counsellor, others=NOT_HERS),
)
APPOINTMENTS = (
    call(
        operations.move_appointment,
        lambda: {"redemption": booked(), "slot": make.slot("2026-11-26 09:00")},
        insider=lambda given: given["redemption"].talent.user,
    ),
    call(
        operations.mark_absent,
        lambda: {"redemption": over()},
        insider=operator_of,
        others={"herself": lambda: factories.talent().user},
    ),
    call(
        operations.correct_absence,
        lambda: {"redemption": missed(), "came": True, "reason": "同事证实"},
        insider=clerk,
    ),
    call(
        operations.undo_fulfilment,
        lambda: {"voucher": used(), "reason": "扫错了人"},
        insider=operator_of,
    ),
    call(
        operations.save_provider,
        lambda: {"provider": make.provider(make.timed()), "paused": True},
        insider=clerk,
    ),
    call(
        operations.vet_provider,
        lambda: {"provider": make.provider(make.timed()), "until": NOW.date()},
        insider=clerk,
    ),
    call(
        operations.add_leave,
        lambda: {
            "provider": make.provider(make.timed()),
            "starts_at": NOW,
            "ends_at": NOW + timedelta(days=1),
            "reason": "培训",
        },
        insider=clerk,
    ),
    call(operations.drop_leave, lambda: {"leave": leave()}, insider=clerk),
    call(
        operations.export_stations,
        lambda: {"rows": CareStation.objects.filter(pk=make.station().pk)},
        insider=clerk,
    ),
    call(
        operations.export_providers,
        lambda: {"rows": Provider.objects.filter(pk=make.provider(make.timed()).pk)},
        insider=clerk,
    ),
    call(
        operations.export_appointments,
        lambda: {"rows": Appointment.objects.filter(redemption=booked())},
        insider=clerk,
    ),
)
CALLS = (
    *APPOINTMENTS,
    *CASES,
    call(
        operations.redeem,
        lambda: {
            "talent": woman(),
            "service": make.service(),
            "idempotency_key": ids.code(20),
            "expected_cost": 30,
        },
        insider=lambda given: given["talent"].user,
        others={"points clerk": lambda: factories.staff("points_clerk")},
    ),
    call(
        operations.cancel_redemption,
        lambda: {"redemption": voucher()},
        insider=lambda given: given["redemption"].talent.user,
    ),
    call(operations.find_voucher, **DESK),
    call(operations.fulfil, **DESK),
    call(
        operations.record_hours, record, insider=lambda given: factories.staff("department_clerk")
    ),
    call(
        operations.confirm_hours,
        lambda: {"hours": hours()},
        insider=lambda given: factories.staff("department_reviewer"),
    ),
    call(
        operations.refuse_hours,
        lambda: {"hours": hours(), "reason": "重复"},
        insider=lambda given: factories.staff("department_reviewer"),
    ),
    call(
        operations.correct_hours,
        lambda: {"hours": hours(), "half_hours": 3, "reason": "签退漏扫"},
        insider=lambda given: factories.staff("department_reviewer"),
    ),
    call(
        operations.withdraw_hours,
        lambda: {"hours": hours()},
        insider=lambda given: given["hours"].recorded_by,
    ),
    call(
        operations.export_hours,
        lambda: {"rows": type(hours()).objects.all()},
        open_to=["staff elsewhere"],  # and are given nothing: the rows are those they see
        insider=lambda given: factories.staff("department_reviewer"),
    ),
    call(
        operations.certify_hours,
        lambda: {"talent": certified().talent, "from_on": DAY, "until_on": DAY},
        insider=lambda given: given["talent"].user,
    ),
    call(
        operations.revoke_hours_certificate,
        lambda: {"certificate": certified(), "reason": "姓名有误"},
        insider=lambda given: factories.staff("points_clerk"),
    ),
    call(
        operations.earn,
        coming,
        insider=lambda given: factories.staff("event_organiser"),
        **ATTENDANCE,
    ),
    call(
        operations.reverse,
        lambda: {"transfer": earned()},
        insider=lambda given: factories.staff("event_organiser"),
        **ATTENDANCE,
    ),
    call(
        operations.try_again,
        lambda: {"row": set_aside()},
        insider=lambda given: factories.staff("points_clerk"),
    ),
    call(
        operations.save_number,
        lambda: {"entry": EmergencyNumber.objects.first(), "hours": "8:00-20:00"},
        insider=lambda given: factories.staff("points_clerk"),
        others={"auditor": lambda: factories.staff("auditor")},
    ),
    call(
        operations.save_station,
        lambda: {"station": make.station(factories.user()), "active": False},
        insider=lambda given: factories.staff("points_clerk"),
    ),
    call(
        operations.save_service,
        lambda: {"service": make.service(), "cost": 40},
        insider=lambda given: factories.staff("points_clerk"),
    ),
    call(
        operations.ask_check,
        dict,
        insider=lambda given: factories.staff("points_clerk"),
    ),
    call(
        operations.propose_adjustment,
        lambda: {"talent": factories.talent(), "points": 5, "reason": "补记漏登的积分"},
        insider=lambda given: factories.staff("points_clerk"),
        others={"administrator": lambda: factories.staff("administrator")},
    ),
    call(
        operations.propose_undo,
        lambda: {"transfer": make.adjust(factories.talent(), 5), "reason": "记错了人"},
        insider=lambda given: factories.staff("points_clerk"),
        others={"auditor": lambda: factories.staff("auditor")},
    ),
    call(
        operations.save_budget,
        lambda: {"budget": None, "year": 2026, "points": 10, "cost_per_point": 1},
        insider=lambda given: factories.staff("points_clerk"),
        others={"auditor": lambda: factories.staff("auditor")},
    ),
    call(
        operations.answer_unspent,
        lambda: {"talent": factories.talent(), "answer": "saving"},
        insider=lambda given: given["talent"].user,
        others={"points clerk": lambda: factories.staff("points_clerk")},
    ),
    call(
        operations.change_rule,
        lambda: {"rule": EarningRule.objects.get(code="event_attendance"), "points": 15},
        insider=lambda given: factories.staff("points_clerk"),
    ),
)
