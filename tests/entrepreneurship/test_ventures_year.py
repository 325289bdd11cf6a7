"""The yearly check: asked once whatever kills the clock, reminded once, unknown after sixty days, answered in two minutes."""

from datetime import date, timedelta
from random import Random

import pytest
from dateutil.relativedelta import relativedelta
from django.db import DatabaseError, transaction
from django.utils import timezone

from entrepreneurship.ventures import operations, personal_data, rules
from entrepreneurship.ventures.models import Venture, VentureCheck, VentureCheckpoint
from entrepreneurship.ventures.operations import checking
from entrepreneurship.ventures.queue import unknown
from entrepreneurship.ventures.survival import YEARS, survival
from kernel.errors import DomainError
from kernel.portal import Person
from kernel.sweeps import SweepFailed, sweep
from notices.models import Notice
from privacy.models import AuditEntry
from tests import factories
from tests.entrepreneurship import make
from tests.waits import beside

NOW, DAY = make.NOW, timedelta(days=1)
YEAR = timedelta(days=365)


def clock(now):
    """What entrepreneurship.tasks.ask_checks does, at a moment."""
    today = timezone.localdate(now)
    sweep(Venture.objects.to_ask(today), operations.ask_check, "venture", now=now)
    sweep(VentureCheck.objects.to_remind(now), operations.remind_check, "check", now=now)
    sweep(VentureCheck.objects.to_close(now), operations.close_check, "check", now=now)


def told(kind):
    return Notice.objects.filter(kind=f"entrepreneurship.{kind}").count()


@pytest.mark.django_db
def test_she_is_asked_on_the_anniversary_reminded_once_and_unknown_after_sixty_days():
    one = make.registered()  # on 20 May 2023, entered on 23 November 2026
    assert one.next_check_on == date(2027, 5, 20)
    asked = NOW.replace(year=2027, month=5, day=20)
    seen = []
    for days in (-1, 0, 0, 29, 30, 31, 59, 60, 61, 90):
        clock(asked + days * DAY)
        seen.append((told("check_asked"), told("check_again"), unknowns()))
    assert seen == [
        (0, 0, 0),
        (1, 0, 0),
        (1, 0, 0),
        (1, 0, 0),
        (1, 1, 0),
        (1, 1, 0),
        (1, 1, 0),
        (1, 1, 1),
        (1, 1, 1),
        (1, 1, 1),
    ]
    clerk = factories.staff("department_clerk")
    assert unknown(clerk, asked).count == 1
    assert make.fresh(one).next_check_on == date(2028, 5, 20)
    later = asked + 100 * DAY
    operations.answer_check(venture=one, values=make.answers(), day=None, by=None, now=later)
    assert (unknowns(), unknown(clerk, later).count) == (0, 0)


def unknowns():
    return VentureCheck.objects.exclude(unknown_at=None).count()


@pytest.mark.django_db
def test_a_clock_that_is_killed_between_notice_and_commit_asks_once_when_it_runs_again(monkeypatch):
    """Killed before the commit, all of it is undone; the control leaves out the transaction and forgets the year."""
    make.venture(now=NOW)
    due = NOW + YEAR
    with monkeypatch.context() as patched:
        patched.setattr(checking.letters, "check_asked", _dies)
        with pytest.raises(SweepFailed):
            clock(due)
    assert (VentureCheck.objects.count(), told("check_asked")) == (0, 0)
    clock(due)
    clock(due)
    assert (VentureCheck.objects.count(), told("check_asked")) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_the_control_without_a_transaction_loses_her_question(monkeypatch):
    make.venture(now=NOW)
    monkeypatch.setattr(checking.letters, "check_asked", _dies)
    with pytest.raises(ValueError, match="killed"):
        bare = operations.ask_check.__wrapped__
        monkeypatch.setattr(checking, "locked", lambda venture: Venture.objects.get(pk=venture.pk))
        bare(venture=Venture.objects.get(), now=NOW + YEAR)
    monkeypatch.undo()
    clock(NOW + YEAR)
    assert (VentureCheck.objects.count(), told("check_asked")) == (1, 0)


def _dies(*args):
    raise ValueError("killed")


@pytest.mark.django_db(transaction=True)
def test_two_clocks_at_once_ask_once():
    one = make.venture(now=NOW)

    def ask():
        operations.ask_check(venture=one, now=NOW + YEAR)

    assert beside(ask, ask) is None
    assert (VentureCheck.objects.count(), told("check_asked")) == (1, 1)


@pytest.mark.django_db
def test_who_left_the_database_or_closed_it_is_not_asked():
    one, other = make.venture(now=NOW), make.venture(now=NOW)
    type(one.talent).objects.filter(pk=one.talent_id).update(state="left")
    operations.enter_stage(venture=other, stage="closed", day=date(2026, 11, 20), by=None, now=NOW)
    clock(NOW + YEAR)
    assert VentureCheck.objects.count() == 0


WRONG = {
    "more women than people": ({"jobs": 3, "women_jobs": 4}, ("women_above_jobs", "women_jobs")),
    "-1 people": ({"jobs": -1}, ("number_range", "jobs")),
    "no number": ({"patents": None}, ("number_range", "patents")),
    "a foreign band": ({"revenue": "lots"}, ("band_missing", "revenue")),
    "neither": ({"alive": None}, ("alive_missing", "alive")),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_answer_is_one_sentence_and_no_row(name):
    values, said = WRONG[name]
    one = make.venture()
    with pytest.raises(DomainError) as refusal, transaction.atomic():
        make.answered(one, **values)
    assert ((refusal.value.code, refusal.value.field), one.checkpoints.count()) == (said, 0)


@pytest.mark.django_db
def test_an_answer_is_corrected_for_thirty_days_by_a_row_that_replaces_it():
    one = make.venture()
    her = one.talent.user
    first = make.answered(one)
    assert make.answered(one) == first  # pressed twice
    with pytest.raises(DomainError, match="30 天内已填过"):
        make.answered(one, jobs=13)
    values = make.answers(jobs=13)
    second = operations.correct_checkpoint(
        checkpoint=first, values=values, by=her, now=NOW + 30 * DAY
    )
    assert (second.day, second.replaces) == (first.day, first)
    assert list(one.checkpoints.standing()) == [second]
    with pytest.raises(DomainError, match="已经更正过"):
        operations.correct_checkpoint(checkpoint=first, values=values, by=her, now=NOW)
    with pytest.raises(DomainError, match="不能自己更正"):
        operations.correct_checkpoint(
            checkpoint=second, values=make.answers(jobs=14), by=her, now=NOW + 61 * DAY
        )
    clerk = factories.staff("department_clerk")
    with pytest.raises(DomainError, match="请写明更正的原因"):
        operations.correct_checkpoint(
            checkpoint=second, values=make.answers(jobs=14), by=clerk, now=NOW + 90 * DAY
        )
    third = operations.correct_checkpoint(
        checkpoint=second,
        values=make.answers(jobs=14),
        reason="来电核实人数",
        by=clerk,
        now=NOW + 90 * DAY,
    )
    assert (third.source, one.checkpoints.count()) == ("phone", 3)
    with pytest.raises(DatabaseError, match="women_among_jobs"), transaction.atomic():
        VentureCheckpoint.objects.create(
            venture=one, day=NOW.date(), noted_at=NOW, **make.answers(women_jobs=13)
        )


@pytest.mark.django_db
def test_what_a_clerk_was_told_by_phone_says_so():
    one = make.venture()
    operations.ask_check(venture=one, now=NOW + YEAR)
    clerk = factories.staff("department_clerk")
    made = operations.answer_check(
        venture=one, values=make.answers(), day=date(2027, 11, 20), by=clerk, now=NOW + YEAR
    )
    assert (made.source, made.day, made.asked_by.answered_at) == (
        "phone",
        date(2027, 11, 20),
        NOW + YEAR,
    )
    entry = AuditEntry.objects.get(action="entrepreneurship.answer_check")
    assert entry.actor_id == clerk.pk


# --- survival --------------------------------------------------------------------------------------
def outcome(one, years, today):
    """Return what a person finds who lays a venture's papers side by side; None before that anniversary."""
    anniversary = one.registered_on + relativedelta(years=years)
    if anniversary > today:
        return None
    closed = one.stage_on if one.stage == "closed" else None
    said = [(row.day, row.alive) for row in one.checkpoints.standing()]
    if (closed and closed >= anniversary) or any(a and d >= anniversary for d, a in said):
        return "alive"
    if closed or any(not a and d < anniversary for d, a in said):
        return "closed"
    return "unknown"


@pytest.mark.django_db
def test_survival_is_what_one_finds_by_hand():
    """Thirty companies of six years, some closed, some answered for, some silent: by the database and by hand."""
    random, today = Random(3), date(2026, 11, 23)
    for number in range(30):
        day = date(2020, 11, 1) + timedelta(days=random.randrange(2200))
        left = (today - day).days
        one = make.registered(day=day, name=str(number), uscc=make.code(number))
        for _answer in range(random.randrange(3)):
            VentureCheckpoint.objects.create(
                venture=one,
                day=day + timedelta(days=random.randrange(left)),
                source="phone",
                noted_at=NOW,
                **make.answers(alive=random.random() < 0.7),
            )
        if random.random() < 0.3:
            over = day + timedelta(days=random.randrange(left))
            operations.enter_stage(venture=one, stage="closed", day=over, by=None, now=NOW)
    seen = set()
    for years in YEARS:
        found = survival(Venture.objects.all(), years, today)
        told = {row.pk: what for what, rows in found.items() for row in rows}
        assert sum(rows.count() for rows in found.values()) == len(told)  # never two of them
        by_hand = {one.pk: outcome(one, years, today) for one in Venture.objects.all()}
        assert told == {pk: what for pk, what in by_hand.items() if what}
        seen |= set(told.values())
    assert seen == {"alive", "closed", "unknown"}


@pytest.mark.django_db
def test_what_was_forgotten_with_her_stays_a_number(settings):
    one = make.registered()
    clerk = factories.staff("department_clerk")
    personal_data.erase(Person(one.talent.user, (one.talent,)), NOW)
    type(one.talent).objects.filter(pk=one.talent_id).update(state="erased")
    (kept,) = Venture.objects.visible_to(clerk)
    assert (kept.name, kept.uscc, kept.registered_on) == ("—", None, one.registered_on)
    assert rules.why_not_correct(kept, clerk).code == "forgotten"
    assert not Venture.objects.of_woman(one.talent.user).exists()
