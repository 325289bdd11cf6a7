"""One call of every operation of the theme, for tests/test_rights.py."""

from entrepreneurship.learning import operations
from tests import factories
from tests.entrepreneurship import coaching, training
from tests.rights import call


def _draft():
    return training.programme(state="draft")


def _module():
    of = training.programme(state="draft")
    return training.module(of, training.lessons(of)[:1])


def _closed():
    return training.concluded().programme


def _certificate():
    return training.certificate(training.concluded())


def _described():
    return {"name": "训练营", "series": training.series(), "minutes_required": 90}


def _offer():
    return {"coach": coaching.offered()}


def _clerk(given):
    return factories.staff("department_clerk", "event_organiser")


def _begun():
    early = factories.NOW - coaching.DAY
    hour = coaching.hour(starts_at=early + 3 * coaching.HOUR, now=early)
    coaching.booked(hour, now=early)
    return hour


MODULE = {"theme": "smart_technology", "name": "智能科技", "minutes_required": 0}
WHY = "按主办部门的要求办理"

CALLS = (
    call(operations.add_programme, lambda: {"fields": _described()}),
    call(
        operations.edit_programme,
        lambda: {"programme": _draft(), "changes": {"minutes_required": 45}},
    ),
    call(operations.open_programme, lambda: {"programme": _draft()}),
    call(
        operations.close_programme,
        lambda: {"programme": _settled()},
    ),
    call(operations.reopen_programme, lambda: {"programme": _closed(), "reason": WHY}),
    call(operations.recount, lambda: {"programme": training.programme()}),
    call(
        operations.add_module,
        lambda: {"programme": _draft(), "fields": MODULE, "events": []},
    ),
    call(
        operations.edit_module,
        lambda: {"module": _module(), "changes": {"name": "金融"}, "events": []},
    ),
    call(operations.drop_module, lambda: {"module": _module()}),
    call(
        operations.enrol,
        lambda: {"programme": training.programme(), "talent": factories.talent()},
    ),
    call(
        operations.leave_programme,
        lambda: {"enrolment": training.enrolled(training.programme())},
    ),
    call(
        operations.export_enrolments,
        lambda: {
            "rows": type(row := training.enrolled(training.programme())).objects.filter(pk=row.pk)
        },
        open_to=("staff elsewhere",),  # who gets a list of nobody
    ),
    call(
        operations.revoke_training_certificate,
        lambda: {"certificate": _certificate(), "reason": WHY},
    ),
    call(
        operations.reissue_training_certificate,
        lambda: {"certificate": _certificate(), "name": "王小敏", "reason": WHY},
    ),
    call(operations.fetch_training_certificate, lambda: {"certificate": _certificate()}),
    # coaching: each for oneself; staff of the department decide who coaches
    call(
        operations.offer_coaching,
        lambda: {"user": factories.user(), "fields": coaching.OFFER},
    ),
    call(
        operations.change_coaching,
        lambda: {"coach": coaching.coach(), "changes": {"place": "线上会议室"}},
    ),
    call(operations.accept_coach, _offer, open_to=("staff elsewhere",), insider=_clerk),
    call(
        operations.decline_coach,
        lambda: _offer() | {"reason": WHY},
        open_to=("staff elsewhere",),
    ),
    call(operations.end_coaching, lambda: {"coach": coaching.coach(), "reason": WHY}),
    call(operations.retry_coach, lambda: {"row": coaching.coach()}),
    call(
        operations.publish_hour,
        lambda: {
            "coach": coaching.coach(),
            "starts_at": coaching.START,
            "minutes": 60,
            "topic": "plan",
        },
    ),
    call(operations.cancel_hour, lambda: {"hour": coaching.hour()}),
    call(
        operations.write_talk,
        lambda: {"hour": coaching.booked()[0], "next_steps": "先写股东协议"},
        insider=lambda given: given["hour"].coach.user,
    ),
    call(
        operations.confirm_hour,
        lambda: {"hour": _begun(), "says": "yes"},
        insider=lambda given: given["hour"].coach.user,
    ),
    call(
        operations.propose_times,
        lambda: {
            "coach": coaching.coach(),
            "talent": factories.talent(),
            "topic": "plan",
            "message": "",
            "times": coaching.times(),
        },
    ),
    call(operations.accept_proposal, lambda: {"proposal": coaching.proposal(), "choice": 0}),
    call(
        operations.decline_proposal,
        lambda: {"proposal": coaching.proposal(), "reason": "full"},
    ),
    call(operations.withdraw_proposal, lambda: {"proposal": coaching.proposal()}),
)


def _settled():
    of = training.programme(lessons=1, required=45)
    training.settled(training.lessons(of)[0])
    return of
