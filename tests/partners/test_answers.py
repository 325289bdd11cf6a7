"""What a unit's program was answered under its key: once carried out, however often and however close together it asks."""

import threading

import pytest
from django.db import connection

from kernel.errors import Conflict, Invalid
from partners import answers
from partners.models import KeptAnswer
from tests import factories
from tests.waits import until_waiting

pytestmark = pytest.mark.django_db


def ask(unit, carry_out, key="table-0001", said="first", scope="calls:nominate"):
    about = {"unit_id": unit.pk, "scope": scope, "key": key, "now": factories.NOW}
    return answers.once(said={"said": said}, carry_out=carry_out, **about)


def test_the_same_request_is_answered_the_same_and_another_is_refused():
    unit, done = factories.unit(), []

    def carry_out():
        done.append(1)
        return {"number": len(done)}

    assert ask(unit, carry_out) == ask(unit, carry_out) == {"number": 1}
    with pytest.raises(Invalid) as refusal:
        ask(unit, carry_out, said="other")
    assert (refusal.value.code, len(done)) == ("idempotency_key_reused", 1)
    assert ask(factories.unit(), carry_out) == {"number": 2}
    assert ask(unit, carry_out, scope="talks:request") == {"number": 3}


def test_what_was_refused_leaves_the_key_free():
    unit = factories.unit()

    def refuse():
        raise Conflict("not_now", "还没有开始。")

    with pytest.raises(Conflict):
        ask(unit, refuse)
    assert KeptAnswer.objects.count() == 0
    assert ask(unit, lambda: {"number": 1}) == {"number": 1}


def both(unit, keys, carry_out):
    """Ask with each key in a thread of its own; returns what each was answered."""
    found = {}

    def run(number, key):
        try:
            found[number] = ask(unit, carry_out, key)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(keys)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return found


@pytest.mark.django_db(transaction=True)
def test_a_second_request_waits_for_the_first_and_is_answered_the_same():
    done = []

    def carry_out():
        done.append(1)
        until_waiting()  # the other has come and stands before the key
        return {"number": len(done)}

    found = both(factories.unit(), ["table-0001", "table-0001"], carry_out)
    assert (found, len(done)) == ({0: {"number": 1}, 1: {"number": 1}}, 1)


@pytest.mark.django_db(transaction=True)
def test_control_under_two_keys_both_are_carried_out_at_once():
    inside = threading.Barrier(2)

    def carry_out():
        return {"at once": inside.wait(10) >= 0}

    found = both(factories.unit(), ["table-0001", "table-0002"], carry_out)
    assert found == {0: {"at once": True}, 1: {"at once": True}}
