"""One call of every operation of the theme, for tests/test_rights.py."""

from entrepreneurship.learning import operations
from tests import factories
from tests.entrepreneurship import training
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
)


def _settled():
    of = training.programme(lessons=1, required=45)
    training.settled(training.lessons(of)[0])
    return of
