"""Every operation that takes `by=` refuses people who may not, whatever page or program calls it."""

import inspect
import pkgutil
import re
from importlib import import_module
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kernel.errors import DomainError, Refused
from liangjiang.translations import portal_apps
from tests import factories

TESTS = Path(__file__).parent
# What writes for an operation that has asked already.
INSIDE = {
    "accounts.access_requests.carry_out_change",
    "accounts.joint.ask",
    "accounts.joint.works_alone",
    "accounts.joint.seconds_besides",
    "accounts.operations.refuse_raising",
    "accounts.rescue.carry_out",
    "advisory.consultations.rules.may_read_declared",  # asks, writes nothing
    "entrepreneurship.learning.operations.hours.make_hour",
    "entrepreneurship.learning.rules.coaching.part_of",  # asks, writes nothing
    "entrepreneurship.transfer.interests.follow_consent",
    "networks.associations.operations.note_change",
    "outreach.volunteers.operations.deciding.managed",
    "networks.rights.runs",  # asks, writes nothing
    "events.operations.taking_over.carry_out",
    "honours.evidence.keep",
    "honours.operations.awarding.locked_award",
    "care_points.operations.adjusting.carry_out_adjustment",
    "calls.operations.drafts.draft_of",
    "care_points.operations.adjusting.carry_out_undo",
    "care_points.operations.correcting_hours.drop",
    "care_points.operations.correcting_hours.drop_noted_hours",
    "care_points.operations.earning.give",
    "care_points.operations.hours.note_hours",
    "care_points.operations.earning.take_back",
    "events.operations.attendance.note_arrival",
    "events.operations.attendance.take_arrival_back",
    "events.door.pages.answered",  # a page: the operations it calls refuse
    "events.operations.door.let_in",
    "events.operations.materials.copy_materials",
    "events.operations.passages.locked",
    "events.operations.passages.note",
    "events.operations.passages.take_all_back",
    "events.operations.pools.open_these",
    "events.operations.seats.end_booking",
    "events.operations.seats.fill_seats",
    "care_points.ledger.post",
    "care_points.ledger.post_once",
    "care_points.operations.appointments.at_its_desk",
    "care_points.operations.seats.settle_seat",
    "care_points.operations.spending.give_back",
    "events.operations.paid_seats.follow",
    "events.operations.locking.lock_event_for",
    "honours.operations.awarding.follow_consent",
    "kernel.admin.sweeps.is_set_aside",  # asks, writes nothing
    "kernel.rights.may",
    "kernel.rights.require",
    "privacy.audit.record",
    "privacy.consents.note",
    "entrepreneurship.finance.operations.referrals.follow_consent",
    "privacy.limits.alert",
    "privacy.limits.count_miss",
    "privacy.limits.count_reveal",
    "privacy.limits.lock",
    "privacy.limits.look_up",
    "privacy.audit.is_newest",
    "privacy.audit.record_each",
    "privacy.audit.record_many",
    "privacy.changing.record",
    "talents.erasure.operations.carry_out",
    "talents.erasure.waiting.end",
    "talents.erasure.waiting.follow_account",
    "talents.imports.matching.decide",
    "talents.public.operations.on_consent",
    "talents.operations.proposals.drop_proposals",
    "talents.operations.proposals.propose",
    "talents.operations.claims.deciding.candidates",
    "talents.operations.claims.asking.drop_claims",
    "talents.doubles.admin.likely",
    "talents.doubles.admin.why_no_undo",
    "talents.operations.claims.deciding.visible",
    "talents.operations.claims.giving.close",
    "talents.operations.claims.giving.give",
    "talents.operations.decisions.lock_to_decide",
    "talents.operations.decisions.move_claim",
    "talents.operations.leaving.on_database_consent",
    "talents.operations.leaving.on_identity_consent",
}
WRITING = re.compile(r"\s*(INSERT|UPDATE|DELETE)", re.IGNORECASE)
LOCKING = re.compile(r"FOR (NO KEY )?UPDATE|pg_advisory", re.IGNORECASE)
NOT_OPERATIONS = ("migrations", "management")


def modules(app):
    """Yield the modules of an app."""
    package = import_module(app)
    yield package
    for module in pkgutil.walk_packages(package.__path__, f"{app}."):
        if not set(module.name.split(".")).intersection(NOT_OPERATIONS):
            yield import_module(module.name)


def operations():
    """Return the dotted names of all public functions that are told who acts."""
    return {
        f"{module.__name__}.{name}"
        for app in portal_apps()
        for module in modules(app)
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if not name.startswith(("_", "why_not_"))  # a rule answers, it does not act
        and function.__module__ == module.__name__
        and is_told_who_acts(function)
    } - INSIDE


def is_told_who_acts(function):
    return "by" in inspect.signature(function).parameters


def calls():
    """Return the calls the apps' tests list."""
    listing = [app for app in portal_apps() if (TESTS / app / "outsiders.py").exists()]
    return [call for app in listing for call in import_module(f"tests.{app}.outsiders").CALLS]


CALLS = calls()


def make_call(call, arguments, by):
    parameters = inspect.signature(call.operation).parameters
    return call.operation(
        **arguments, by=by, **({"now": factories.NOW} if "now" in parameters else {})
    )


def test_every_operation_is_listed():
    assert operations() ^ {call.name for call in CALLS} == set()


def locks_and_writes(queries):
    """Return the statements that lock or change something."""
    statements = [query["sql"] for query in queries]
    return [sql for sql in statements if WRITING.match(sql) or LOCKING.search(sql)]


def told(call, arguments, outsider):
    """Return what an outsider is told, and the statements that locked or wrote before she was."""
    with CaptureQueriesContext(connection) as asked, pytest.raises(DomainError) as refusal:
        make_call(call, arguments, outsider)
    answer = refusal.value.code if call.refused_as else type(refusal.value)
    return answer, locks_and_writes(asked)


# One world for all of them: who is refused before anything is written leaves it as it was.
@pytest.mark.django_db
@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)
def test_outsiders_are_refused_before_anything_is_locked_or_written_and_who_may_is_not(call):
    arguments = call.arguments()
    answers = {who: told(call, arguments, make()) for who, make in call.outsiders.items()}
    assert answers == dict.fromkeys(call.outsiders, (call.refused_as or Refused, []))
    make_call(call, arguments, call.insider(arguments))
