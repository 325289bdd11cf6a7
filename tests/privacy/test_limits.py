"""Whoever tries numbers is stopped and told of: look-ups and reveals are counted by the hour."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from accounts import operations as accounts
from kernel.errors import Invalid, Refused
from privacy import limits, operations
from privacy.models import AuditEntry
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
GUESS = "138{:04d}1234"
REASON = "核对证件复印件"


def miss(boss, number, now=NOW):
    with pytest.raises(Invalid):
        accounts.find_by_phone(phone=GUESS.format(number), by=boss, now=now)


def alerts():
    return [
        (entry.actor_id, entry.detail["kind"])
        for entry in AuditEntry.objects.filter(action="privacy.alert").order_by("pk")
    ]


def test_guesses_are_stopped_told_of_once_and_go_on_after_the_hour():
    boss, other = factories.staff("administrator"), factories.staff("administrator")
    hidden = factories.user(phone=GUESS.format(9999))
    for number in range(limits.MOST_MISSES):
        assert alerts() == []
        miss(boss, number)
    for _again in range(2):
        with pytest.raises(Refused) as refused:
            accounts.find_by_phone(phone=hidden.phone, by=boss, now=NOW + timedelta(minutes=59))
        assert refused.value.code == "too_many_lookups"
    assert alerts() == [(boss.pk, "lookups")]
    assert accounts.find_by_phone(phone=hidden.phone, by=other, now=NOW) == hidden
    later = NOW + limits.HOUR
    assert accounts.find_by_phone(phone=hidden.phone, by=boss, now=later) == hidden


def test_what_is_found_is_no_guess():
    boss, person = factories.staff("administrator"), factories.user()
    for _again in range(limits.MOST_MISSES + 5):
        accounts.find_by_phone(phone=person.phone, by=boss, now=NOW)
    assert alerts() == []


def test_the_51st_reveal_of_an_hour_alerts_and_the_101st_is_refused():
    reviewer = factories.staff("department_reviewer")
    talent = factories.talent(phone="14000008387")

    def reveal(now=NOW):
        return operations.reveal(obj=talent, field="phone", by=reviewer, reason=REASON, now=now)

    for _each in range(limits.UNREMARKABLE_REVEALS):
        reveal()
    assert alerts() == []
    assert reveal() == "14000008387"
    assert alerts() == [(reviewer.pk, "reveals")]
    for _each in range(limits.MOST_REVEALS - limits.UNREMARKABLE_REVEALS - 1):
        reveal()
    with pytest.raises(Refused) as refused:
        reveal()
    assert refused.value.code == "too_many_reveals"
    assert AuditEntry.objects.filter(action="privacy.reveal").count() == limits.MOST_REVEALS
    assert alerts() == [(reviewer.pk, "reveals")]
    assert reveal(NOW + limits.HOUR) == "14000008387"


@pytest.mark.django_db(transaction=True)
def test_guesses_side_by_side_count_one_after_the_other():
    """Eight threads at the last allowed guess; the control looks without the lock and all get through."""
    boss = factories.staff("administrator")
    for number in range(limits.MOST_MISSES - 1):
        miss(boss, number)

    def allowed(try_one):
        start, outcomes = Barrier(8), []

        def run(number):
            try:
                start.wait(timeout=20)
                outcomes.append(try_one(number))
            finally:
                connection.close()

        threads = [Thread(target=run, args=[number]) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return outcomes.count(True)

    def look_only(number):
        return limits.why_not_look_up(boss, NOW) is None

    def guess(number):
        try:
            accounts.find_by_phone(phone=GUESS.format(1000 + number), by=boss, now=NOW)
        except Invalid:
            return True
        except Refused:
            return False

    assert allowed(look_only) == 8
    assert allowed(guess) == 1


def test_the_lines_of_a_form_are_guesses_too(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    clerk = factories.staff("department_clerk")
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    woman = factories.talent(phone=GUESS.format(5555))
    guesses = "\n".join(GUESS.format(n) for n in range(limits.MOST_MISSES))
    page = client.post("/admin/care_points/servicehours/add/", {"people": guesses})
    assert len(page.context["form"].errors["people"]) == 10
    assert alerts() == [(clerk.pk, "lookups")]
    page = client.post("/admin/care_points/servicehours/add/", {"people": woman.phone})
    form = page.context["form"]
    assert form.errors["people"][0].startswith("一小时内查找的次数已到上限")
    assert woman.phone in page.content.decode()
    by_code = client.post("/admin/care_points/servicehours/add/", {"people": woman.code})
    assert "people" not in by_code.context["form"].errors
