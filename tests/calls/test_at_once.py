"""Reviewers, staff and a unit's contacts at one moment, each race with a control; a process killed between score and audit."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet

from calls import operations
from calls.models import Assignment, Review, UnitOpinion
from calls.operations import endorsing, judging, panel, ranking
from kernel.errors import DomainError
from notices.models import Notice
from privacy.models import AuditEntry
from tests import factories, forks
from tests.calls import make
from tests.waits import beside, until_waiting

pytestmark = pytest.mark.django_db(transaction=True)
NOW, AFTER = factories.NOW, make.AFTER
REASON = "出差在外，不能按时评"


@pytest.fixture
def unlocked(monkeypatch):
    """Leave every lock of an operation out: the control. What triggers lock stays."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, *args, **more: rows)
    for module in (judging, panel, ranking):
        for name in ("share_review", "lock_review"):
            monkeypatch.setattr(module, name, as_it_stands, raising=False)
    monkeypatch.setattr(endorsing, "lock_unit_places", lambda *about: None)


def as_it_stands(review):
    return Review.objects.select_related("stage__call__department").get(pk=review.pk)


def recorded(action):
    return AuditEntry.objects.filter(action=f"calls.{action}").count()


def finished(applications=1, seats=1, spare=0):
    """Return a review at work whose reviewers have scored everything and handed in nothing."""
    review = make.review(applications=applications, panel=seats)
    values = {"least": seats}
    operations.edit_review(review=review, values=values, by=None, now=NOW)
    operations.distribute(review=review, by=None, now=AFTER)
    for _each in range(spare):
        make.seat(review)
    review = operations.start_judging(review=review, by=None, now=AFTER)
    for sheet in Assignment.objects.all():
        scores = {one.pk: (80, "有依据") for one in review.criteria.all()}
        sheet = make.opened(sheet, AFTER)
        operations.save_scores(assignment=sheet, scores=scores, by=None, now=AFTER)
    return review


def hand_in(reviewer):
    return lambda: operations.hand_in(reviewer=reviewer, by=None, now=AFTER)


# --- two reviewers, and the ranking ----------------------------------------------------------------
def two_and_the_ranking():
    """Two reviewers hand in, neither having committed when the ranking is fixed; returns (review, what it met)."""
    review = finished(seats=2)
    both_in, ranked, met = threading.Barrier(3), threading.Event(), [None]

    def reviewer(seat):
        try:
            with transaction.atomic():
                hand_in(seat)()
                both_in.wait(10)  # reached by both: neither waits for the other
                until_waiting(done=ranked)
        finally:
            connection.close()

    def rank():
        both_in.wait(10)
        try:
            operations.fix_ranking(review=review, by=None, now=AFTER)
        except DomainError as error:
            met[0] = error.code
        finally:
            ranked.set()
            connection.close()

    seats = [(reviewer, [seat]) for seat in review.reviewers.all()]
    threads = [threading.Thread(target=step, args=more) for step, more in (*seats, (rank, []))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    review.refresh_from_db()
    return review, met[0]


def test_the_ranking_waits_for_both_reviewers_who_do_not_wait_for_each_other():
    review, met = two_and_the_ranking()
    assert (met, review.state, review.candidates.get().raw) == (None, "ranked", 80)


def test_control_without_its_lock_the_ranking_looks_before_they_are_in(unlocked):
    review, met = two_and_the_ranking()
    assert (met, review.state) == ("scores_missing", "judging")


def change_beside_ranking():
    """A reviewer says that an applicant is her kin while the ranking is fixed; returns what she met."""
    review = make.scored(make.judging(applications=1, panel=1), {(0, 1): 80})
    sheet = Assignment.objects.get()

    def declare():
        operations.declare_recognised(assignment=sheet, kind="kin", by=None, now=AFTER)

    met = beside(lambda: operations.fix_ranking(review=review, by=None, now=AFTER), declare)
    sheet.refresh_from_db()
    return met, sheet.recused_at


def test_nothing_is_taken_out_of_a_ranking_that_is_being_fixed():
    assert change_beside_ranking() == ("review_ranked", None)


def test_the_trigger_alone_keeps_it_in_the_ranking(unlocked):
    assert change_beside_ranking() == (IntegrityError, None)


# --- the panel is frozen ---------------------------------------------------------------------------
def seat_beside_start():
    """Somebody is put on the panel while judging begins; returns what that met, and how many sit on it."""
    review = make.review(panel=1, applications=1)
    operations.distribute(review=review, by=None, now=AFTER)
    late = factories.talent(full_name="陈晚", unit=factories.unit())

    def seat():
        operations.add_reviewer(review=review, person={"talent": late}, by=None, now=AFTER)

    met = beside(lambda: operations.start_judging(review=review, by=None, now=AFTER), seat)
    return met, review.reviewers.count()


def test_nobody_comes_to_a_panel_that_is_being_frozen():
    met, seats = seat_beside_start()
    assert (met, seats) == ("panel_frozen", 1)


def test_the_trigger_alone_keeps_the_panel(unlocked):
    assert seat_beside_start() == (IntegrityError, 1)


def open_beside_undo():
    """Staff go back to preparing while a reviewer opens a file; returns what they met, and whether she has it open."""
    review = make.judging(applications=1, panel=1)
    sheet, reviewer = Assignment.objects.get(), review.reviewers.get()
    operations.declare_interests(reviewer=reviewer, answers={}, by=None, now=AFTER)

    def undo():
        operations.undo_start(review=review, by=None, now=AFTER)

    met = beside(lambda: operations.open_file(assignment=sheet, by=None, now=AFTER), undo)
    review.refresh_from_db()
    return met, review.state


def test_judging_is_not_unmade_while_a_file_is_being_opened():
    assert open_beside_undo() == ("review_opened", "judging")


# --- the same, twice -------------------------------------------------------------------------------
def twice_handed_in():
    reviewer = finished().reviewers.get()
    met = beside(hand_in(reviewer), hand_in(reviewer))
    return met, recorded("hand_in_scores")


def test_handed_in_twice_at_once_is_once():
    assert twice_handed_in() == (None, 1)


def test_control_without_the_lock_it_is_recorded_twice(unlocked):
    assert twice_handed_in() == (None, 2)


def twice_endorsed():
    unit = factories.unit()
    row = make.to_endorse(talent=factories.talent(unit=unit))
    contacts = [make.contact(unit) for _each in range(2)]

    def endorse(by):
        return lambda: operations.endorse_application(application=row, by=by, now=NOW)

    met = beside(*map(endorse, contacts))
    told = Notice.objects.filter(kind="calls.endorsed").count()
    assert (UnitOpinion.objects.count(), told) == (1, 1)
    return met, recorded("endorse_application")


def test_endorsed_by_two_contacts_at_once_is_once():
    assert twice_endorsed() == (None, 1)


def test_control_without_the_locks_the_endorsement_is_recorded_twice(unlocked):
    assert twice_endorsed() == (None, 2)


# --- a sheet goes to another while it is handed in ---------------------------------------------------
def handed_in_and_reassigned(first):
    """Hand in and reassign at once, `first` ("hand_in", "reassign") before the other; returns (what it met, the sheets)."""
    review = finished(spare=1)
    sheet, spare = Assignment.objects.get(), review.reviewers.get(assignments=None)
    steps = {
        "hand_in": hand_in(sheet.reviewer),
        "reassign": lambda: operations.reassign(
            assignment=sheet, reviewer=spare, reason=REASON, by=None, now=AFTER
        ),
    }
    met = beside(steps.pop(first), *steps.values())
    rows = Assignment.objects.order_by("pk")
    return met, [(one.handed_in_at is not None, one.removed_at is not None) for one in rows]


def test_what_is_being_handed_in_is_not_reassigned():
    assert handed_in_and_reassigned("hand_in") == ("sheet_handed_in", [(True, False)])


def test_what_is_being_reassigned_is_not_handed_in():
    open_ones = [(False, True), (False, False)]
    assert handed_in_and_reassigned("reassign") == ("nothing_to_hand_in", open_ones)


def test_control_without_the_locks_what_was_handed_in_is_taken_away(unlocked):
    assert handed_in_and_reassigned("hand_in") == (None, [(True, True), (False, False)])


# --- killed between score and audit -----------------------------------------------------------------
@pytest.mark.parametrize(
    ("killed", "ended", "handed_in"),
    [
        ("before the audit", (-9, "2\n"), 0),
        ("after the commit", (-9, ""), 1),
        ("never", (0, ""), 1),
    ],
)
def test_a_killed_process_leaves_scores_and_audit_or_neither(killed, ended, handed_in):
    """Killed with -9 where the sheets are written and the audit entry is not; "never" is the control of the kill."""
    reviewer = finished(applications=2).reviewers.get()
    order = {"killed": killed, "reviewer": reviewer.pk, "now": AFTER.isoformat()}
    process = forks.start("tests.calls.dying", order)
    printed, _errors = process.communicate()
    assert (process.returncode, printed) == ended
    sheets = Assignment.objects.filter(handed_in_at__isnull=False).count()
    assert (sheets, recorded("hand_in_scores")) == (2 * handed_in, handed_in)
    hand_in(reviewer)()  # she presses once more
    sheets = Assignment.objects.filter(handed_in_at__isnull=False).count()
    assert (sheets, recorded("hand_in_scores")) == (2, 1)
