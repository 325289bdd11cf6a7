"""Sixteen want one time of one provider at once: one has it. And what a killed process leaves behind: both or neither.

The same of a counsellor's time, which is chosen for a voucher that was paid before.

Three runs: as the portal is; without the provider's lock, where the exclusion constraint refuses the others with an error
instead of a sentence; without lock and constraint, where the time is given away several times. The last two show that
the first could fail. All wait for each other after the free times were read.
"""

from contextlib import contextmanager

import pytest
from django.db import IntegrityError, connection, transaction

from care_points.models import Appointment, PrivateCase, Redemption
from care_points.reconciliation import reconcile
from tests import factories
from tests.care_points import make
from tests.processes import python

WOMEN = 16
GROUP = """
import os, sys, django
django.setup()
from django.db import IntegrityError, OperationalError, connection
from django.urls import reverse
import notices.tasks
from care_points import letters, operations, slots
from care_points.models import Provider, Service
from care_points.operations import appointments, cases
from kernel.errors import DomainError
from talents.models import Talent
from tests.care_points import make
from tests.factories import NOW

reverse("points")
service_id, locked, killed, *women = [int(n) for n in sys.argv[1:]]
in_read, in_write = os.pipe()
on_read, on_write = os.pipe()
if not locked:
    def unlocked(service, slot, now, talent, besides=None):
        free = slots.free_at(service, slot, now, besides)
        os.write(in_write, b".")
        os.read(on_read, 1)  # until all have read the free times
        return free[0]
    appointments._lock_free = unlocked
    cases._lock_free = lambda voucher, slot, now, held: unlocked(voucher.service, slot, now, voucher.talent)
if killed:
    def die(*_args):
        os.kill(os.getpid(), 9)
    letters.send = die  # the last thing before the commit
    cases._set_time = die  # all is locked, nothing is written

def book(pk):
    service = Service.objects.select_related("station__place").get(pk=service_id)
    try:
        her, time = Talent.objects.get(pk=pk), make.slot("2026-11-25 09:00")
        if service.by_case:
            operations.choose_time(voucher=her.redemptions.get(), slot=time, by=her.user, now=NOW)
        else:
            make.book(her, service, "2026-11-25 09:00")
    except DomainError as error:
        return error.code
    except IntegrityError as error:
        return "excluded" if "alone_with_provider" in str(error) else str(error)
    except OperationalError as error:  # each sees the other's row, which is there before it is checked
        return "excluded" if "deadlock" in str(error) else str(error)
    return "booked"

go_read, go_write = os.pipe()
said_read, said_write = os.pipe()
for pk in women:
    if os.fork() == 0:
        os.close(go_write)
        os.close(on_write)
        connection.ensure_connection()
        os.write(said_write, b"ready\\n")
        os.read(go_read, 1)
        os.write(said_write, (book(pk) + "\\n").encode())
        os._exit(0)
os.close(said_write)
lines = os.fdopen(said_read)
for _ in women:
    assert next(lines) == "ready\\n"
os.close(go_write)
if not locked:
    for _ in women:
        os.read(in_read, 1)
os.close(on_write)
print("".join(lines), end="")
"""


def book_at_once(service, women, *, locked=True, killed=False):
    """Let each of the women book the same time in a process of her own; returns their answers, sorted."""
    numbers = [str(int(n)) for n in (service.pk, locked, killed, *(one.pk for one in women))]
    run = python(GROUP, *numbers)
    assert (run.returncode, run.stderr) == (0, "")
    return sorted(run.stdout.split())


@pytest.fixture
def cast(transactional_db):
    """Sixteen women with points for one appointment each, and the service of one provider."""
    women = [factories.talent() for _ in range(WOMEN)]
    for woman in women:
        make.give(woman, 30)
    service = make.timed()
    make.provider(service)
    return service, women


def test_one_of_sixteen_has_the_time_and_the_others_their_points(cast):
    service, women = cast
    assert book_at_once(service, women) == ["booked"] + ["slot_taken"] * 15
    assert (Appointment.objects.count(), Redemption.objects.count()) == (1, 1)
    assert sorted(make.balance(one) for one in women) == [0] + [30] * 15
    assert reconcile().sound


def test_without_the_lock_the_constraint_still_gives_it_to_one(cast):
    service, women = cast
    assert book_at_once(service, women, locked=False) == ["booked"] + ["excluded"] * 15
    assert (Appointment.objects.count(), Redemption.objects.count()) == (1, 1)
    assert sorted(make.balance(one) for one in women) == [0] + [30] * 15


def test_without_lock_and_constraint_all_of_them_have_it(cast):
    service, women = cast
    with unconstrained(Appointment):
        assert book_at_once(service, women, locked=False) == ["booked"] * WOMEN
        assert Appointment.objects.held().count() == WOMEN


@contextmanager
def unconstrained(model):
    """Let times overlap meanwhile; what was written is thrown away."""
    alone = next(c for c in model._meta.constraints if c.name.endswith("_alone_with_provider"))
    with connection.schema_editor() as editor:
        editor.remove_constraint(model, alone)
    try:
        yield
    finally:
        model.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(model, alone)


def test_a_process_killed_before_the_commit_leaves_neither_points_nor_time(cast):
    service, (woman, *_others) = cast
    assert book_at_once(service, [woman], killed=True) == []
    assert (make.balance(woman), Redemption.objects.count(), Appointment.objects.count()) == (
        30,
        0,
        0,
    )
    assert book_at_once(service, [woman]) == ["booked"]  # the control: the same run, not killed
    assert (make.balance(woman), Redemption.objects.count(), Appointment.objects.count()) == (
        0,
        1,
        1,
    )


# --- a counsellor's time --------------------------------------------------------------------------
@pytest.fixture
def counselled(transactional_db):
    """Sixteen women with a voucher each of a private service, and its one counsellor."""
    service = make.private()
    make.provider(service, user=factories.user("苏梅"))
    women = [factories.talent() for _ in range(WOMEN)]
    for woman in women:
        make.give(woman, 30)
        make.redeem(woman, service)
    return service, women


def test_one_of_sixteen_has_the_counsellors_time_and_the_others_keep_their_vouchers(counselled):
    service, women = counselled
    assert book_at_once(service, women) == ["booked"] + ["slot_taken"] * 15
    assert PrivateCase.objects.count() == 1
    assert Redemption.objects.filter(state="reserved").count() == WOMEN


def test_without_the_lock_the_constraint_still_gives_the_counsellors_time_to_one(counselled):
    service, women = counselled
    assert book_at_once(service, women, locked=False) == ["booked"] + ["excluded"] * 15
    assert PrivateCase.objects.count() == 1


def test_without_lock_and_constraint_all_of_them_have_the_counsellors_time(counselled):
    service, women = counselled
    with unconstrained(PrivateCase):
        assert book_at_once(service, women, locked=False) == ["booked"] * WOMEN
        cases = PrivateCase.objects.all()
        assert len({case.number for case in cases}) == len(cases) == WOMEN


def test_one_voucher_in_sixteen_processes_is_one_case(counselled):
    service, (woman, *_others) = counselled
    assert book_at_once(service, [woman] * WOMEN) == ["booked"] * WOMEN
    assert PrivateCase.objects.get().voucher_id == woman.redemptions.get().pk


def test_killed_while_choosing_leaves_the_voucher_and_no_case(counselled):
    service, (woman, *_others) = counselled
    assert book_at_once(service, [woman], killed=True) == []
    assert (PrivateCase.objects.count(), woman.redemptions.get().state) == (0, "reserved")
    assert book_at_once(service, [woman]) == ["booked"]  # the control: the same run, not killed
    assert PrivateCase.objects.count() == 1


def test_a_number_drawn_twice_never_takes_the_place_of_a_case(counselled):
    service, (woman, other, *_others) = counselled
    assert book_at_once(service, [woman]) == ["booked"]
    case = PrivateCase.objects.get()
    again = PrivateCase.objects.get()
    again._state.adding = True
    again.voucher = f"{other.redemptions.get().pk:012d}"
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save()
    assert PrivateCase.objects.get().voucher_id == case.voucher_id
