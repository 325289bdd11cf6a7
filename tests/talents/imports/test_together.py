"""A list is written in the moment a claim of one of its people is decided."""

from datetime import date
from threading import Event as Signal

import pytest
from django.db import OperationalError, transaction

from kernel import outages
from privacy import consents
from talents import operations as talents
from talents.imports import matching, operations, running, undoing
from talents.models import Talent
from tests import factories
from tests.factories import NOW
from tests.talents.identity.test_claims import ask, woman
from tests.talents.imports import workbooks
from tests.talents.imports.test_running import clock, form, previewed
from tests.talents.test_verification import decide_together
from tests.waits import until_waiting

pytestmark = pytest.mark.django_db(transaction=True)


def reported(**fields):
    """A record of the standard row that a unit reported earlier."""
    standard = {"user": None, "source": "import", "full_name": "姜婧彤", "position": "旧职务"}
    standard |= {"birth_month": date(1990, 9, 1), "id_number": workbooks.identity()}
    return factories.talent(**standard | fields)


def confirmed(*people):
    """A run that waits for the worker to write it."""
    run = previewed(form(*people))
    return operations.confirm(run=run, by=None, now=NOW)


def written(run):
    """Have a run written; returns it."""
    running.work(run.pk, clock=clock)
    run.refresh_from_db()
    return run


@pytest.mark.parametrize(("locked", "position"), [(True, "教授"), (False, "研发工程师")])
def test_what_she_brings_along_survives_a_list_written_at_that_moment(
    locked, position, monkeypatch
):
    """With the lock left out the list writes the record as it read it, over what came meanwhile: the control."""
    record, user = reported(), woman("姜婧彤")
    factories.talent(user=user, full_name="姜婧彤", state="draft", position="教授")
    claim, run = ask(user), confirmed(workbooks.person())
    read, granted, write = Signal(), Signal(), running.writing._write

    def slow_write(*args):
        read.set()
        until_waiting(done=granted)
        write(*args)

    monkeypatch.setattr(running.writing, "_write", slow_write)
    if not locked:
        monkeypatch.setattr(matching, "_records", _unlocked(matching._records))

    def grant():
        read.wait(60)
        talents.grant_claim(claim=claim, talent=record, by=None, now=NOW)
        granted.set()
        return claim

    decide_together([lambda: written(run), grant])
    record.refresh_from_db()
    assert (record.user, record.position) == (user, position)
    assert (record.email, record.degree != "") == ("a@example.cn", True)


def _unlocked(records):
    return lambda keys, department, lock: records(keys, department, lock=False)


class Outcome:
    """What a thread ended with, as decide_together reads it."""

    def __init__(self, state):
        self.state = state


@pytest.mark.parametrize(("ordered", "deadlocks"), [(True, 0), (False, 1)])
def test_a_list_locks_records_in_the_order_a_decision_does(ordered, deadlocks, monkeypatch):
    """One record found by its phone, a later one by its number: locked as found, the two wait for each other."""
    first = reported(full_name="毛静洁", id_number=None, phone="14000000009")
    second = reported()
    run = confirmed(
        workbooks.person(), workbooks.person(name="毛静洁", id=None, birth=None, phone=first.phone)
    )
    held = Signal()

    def decide():
        with transaction.atomic():
            Talent.objects.locked().get(pk=first.pk)
            held.set()
            until_waiting()
            Talent.objects.locked().get(pk=second.pk)
        return Outcome("done")

    def write():
        held.wait(60)
        return written(run)

    if not ordered:
        monkeypatch.setattr(matching, "_records", _as_found)
    answers = decide_together([lambda: _outcome(decide), lambda: _outcome(write)])
    assert answers.count("deadlock") == deadlocks


def _as_found(keys, department, lock):
    found = Talent.objects.locked() if lock else Talent.objects.all()
    by_number = found.filter(id_number_index__in=[key.identity for key in keys if key.identity])
    by_phone = found.filter(phone_index__in=[key.phone for key in keys if key.phone])
    return {talent.pk: talent for talent in [*by_number, *by_phone]}


def _outcome(act):
    try:
        return act()
    except OperationalError as error:
        if not outages.is_deadlock(error):
            raise
        return Outcome("deadlock")


@pytest.mark.parametrize(("locked", "state"), [(True, "left"), (False, "verified")])
def test_who_leaves_while_a_list_is_taken_back_stays_out(locked, state, monkeypatch):
    """With the lock left out the list writes back the whole record as it read it: the control."""
    her = factories.user("姜婧彤", phone="14000008387")
    fields = {"full_name": "姜婧彤", "phone": her.phone, "birth_month": date(1990, 9, 1)}
    record = factories.talent(user=her, **fields)
    factories.consent(her, "talent_database")
    run = written(confirmed(workbooks.person(id=None, phone=her.phone)))
    assert run.updated_count == 1
    operations.undo(run=run, by=None, now=NOW)
    read, left, save_many = Signal(), Signal(), undoing.save_many

    def slow_save(*args, **kwargs):
        read.set()
        until_waiting(done=left)
        save_many(*args, **kwargs)

    monkeypatch.setattr(undoing, "save_many", slow_save)
    if not locked:
        monkeypatch.setattr(undoing, "_locked", Talent.objects.in_bulk)

    def leave():
        read.wait(60)
        consents.withdraw(user=her, purpose="talent_database", by=her, now=NOW)
        left.set()
        return Outcome("gone")

    assert decide_together([lambda: written(run), leave]) == ["undone", "gone"]
    record.refresh_from_db()
    assert record.state == state
