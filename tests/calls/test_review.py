"""A review from its panel to its ranking: what is frozen, what blocks, what is refused, what is taken back."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from calls import operations
from calls.models import Assignment, Candidate, Relation, Review, Reviewer, Score
from kernel.errors import DomainError
from notices.models import Notice
from privacy.models import AuditEntry
from tests import factories
from tests.calls import make

NOW, AFTER = factories.NOW, make.AFTER
REASON = "出差在外，不能按时评"
pytestmark = pytest.mark.django_db


def refused(code, operation, **given):
    with pytest.raises(DomainError) as error:
        operation(**given)
    assert error.value.code == code
    return str(error.value)


def sheet_of(review, number=1):
    return Assignment.objects.filter(candidate__review=review).order_by("pk")[number - 1]


def told(user):
    rows = Notice.objects.filter(recipient=user).order_by("pk")
    return list(rows.values_list("kind", flat=True))


# --- panel -----------------------------------------------------------------------------------------
def test_every_application_gets_its_reviewers_and_the_work_is_shared_evenly():
    review = make.review(applications=6, panel=4)
    operations.edit_review(review=review, values={"least": 2}, by=None, now=NOW)
    operations.distribute(review=review, by=None, now=AFTER)
    sheets = Assignment.objects.all()
    assert [one.assignments.count() for one in Candidate.objects.all()] == [2] * 6
    assert [one.assignments.count() for one in Reviewer.objects.all()] == [3] * 4
    operations.distribute(review=review, by=None, now=AFTER)
    assert sheets.count() == 12


def test_judging_begins_only_when_everything_is_there():
    review = make.review(criteria=(), panel=0, applications=1)
    start = {"operation": operations.start_judging, "review": review, "by": None}
    refused("call_still_taking", now=NOW, **start)
    refused("criteria_missing", now=AFTER, **start)
    values = {"name": "创新性", "most": 10, "weight": 1}
    operations.save_criterion(review=review, values=values, by=None, now=NOW)
    refused("not_enough_reviewers", now=AFTER, **start)
    refused("panel_small", operations.distribute, review=review, by=None, now=AFTER)
    make.seat(review)
    waiting = make.handed_in(review.call)
    refused("call_waiting", now=AFTER, **start)
    operations.refuse_application(application=waiting, reason="不在新区工作", by=None, now=AFTER)
    operations.distribute(review=review, by=None, now=AFTER)
    begun = operations.start_judging(review=review, by=None, now=AFTER)
    again = operations.start_judging(review=review, by=None, now=AFTER)
    assert (begun.state, again.judging_since) == ("judging", AFTER)
    assert told(review.reviewers.get().user) == ["calls.review_began"]


def test_the_panel_and_the_criteria_are_frozen_once_judging_has_begun():
    review = make.judging()
    someone = {"talent": factories.talent(unit=factories.unit())}
    about = {"by": None, "now": AFTER}
    first, criterion = review.reviewers.first(), review.criteria.get()
    sentence = refused(
        "panel_frozen", operations.add_reviewer, review=review, person=someone, **about
    )
    assert "不再改动" in sentence
    refused("panel_frozen", operations.remove_reviewer, reviewer=first, **about)
    refused("panel_frozen", operations.remove_criterion, criterion=criterion, **about)
    refused(
        "panel_frozen", operations.edit_review, review=review, values={"rank_by": "raw"}, **about
    )
    later = operations.edit_review(review=review, values={"due_at": AFTER + make.DAY}, **about)
    assert later.due_at == AFTER + make.DAY


@pytest.mark.parametrize(
    "write",
    [
        lambda review: Reviewer.objects.create(
            review=review, user=factories.user(), full_name="外人", added_at=AFTER
        ),
        lambda review: review.reviewers.first().delete(),
        lambda review: review.reviewers.filter(pk=review.reviewers.first().pk).update(
            left_at=AFTER
        ),
        lambda review: review.criteria.update(weight=5),
        lambda review: Review.objects.filter(pk=review.pk).update(least=1),
        lambda review: Assignment.objects.filter(pk=sheet_of(review).pk).update(removed_at=AFTER),
        lambda review: Assignment.objects.filter(pk=sheet_of(review).pk).update(opened_at=AFTER),
        lambda review: Score.objects.create(
            assignment=sheet_of(review), criterion=review.criteria.get(), value=1
        ),
    ],
)
def test_the_database_keeps_it_so_whoever_writes(write):
    review = make.judging()
    with pytest.raises(IntegrityError), transaction.atomic():
        write(review)


def test_the_same_writes_pass_while_it_is_prepared():
    """The control of the test above: without the freeze they are nothing special."""
    review = make.review()
    operations.distribute(review=review, by=None, now=AFTER)
    review.criteria.update(weight=5)
    Review.objects.filter(pk=review.pk).update(least=1)
    review.reviewers.first().delete()
    assert review.reviewers.count() == 2


def test_an_outside_expert_gets_an_account_that_reads_nothing_else():
    review = make.review(panel=0)
    person = {"full_name": "沈远", "unit_text": "西南大学", "phone": "14077770001", "email": ""}
    seat = operations.add_reviewer(review=review, person=person, by=None, now=NOW)
    user = User.objects.get(pk=seat.user_id)
    assert (user.is_staff, user.phone, user.phone_verified) == (False, "14077770001", True)
    assert list(user.groups.values_list("name", flat=True)) == ["reviewer"]
    assert user.get_all_permissions() == {"calls.score_review"}
    refused(
        "reviewer_twice", operations.add_reviewer, review=review, person=person, by=None, now=NOW
    )
    by_mail = person | {"phone": "", "email": "Expert@example.cn", "full_name": "陆遥"}
    other = operations.add_reviewer(review=review, person=by_mail, by=None, now=NOW)
    assert other.user.emailaddress_set.get().email == "expert@example.cn"
    nothing = person | {"phone": ""}
    refused(
        "contact_missing", operations.add_reviewer, review=review, person=nothing, by=None, now=NOW
    )
    operations.remove_reviewer(reviewer=seat, by=None, now=NOW)
    assert list(User.objects.get(pk=user.pk).groups.all()) == []


def test_who_sees_applications_or_applied_is_not_on_the_panel():
    review = make.review(panel=0)
    clerk = factories.staff("department_clerk")
    for talent, code in (
        (factories.talent(user=clerk), "reviewer_sees_all"),
        (review.call.applications.first().talent, "reviewer_applied"),
        (factories.talent(user=None), "no_account"),
    ):
        person = {"talent": talent}
        refused(code, operations.add_reviewer, review=review, person=person, by=None, now=NOW)


def test_a_reviewer_does_not_apply_to_what_she_judges():
    review = make.review(applications=0, panel=0)
    talent = factories.talent(unit=factories.unit())
    mine = make.begun(review.call, talent)
    refused(
        "reviewer_applied",
        operations.add_reviewer,
        review=review,
        person={"talent": talent},
        by=None,
        now=NOW,
    )
    operations.withdraw_application(application=mine, by=None, now=NOW)
    make.seat(review, talent)
    refused(
        "reviewer_applied",
        operations.start_application,
        call=review.call,
        talent=talent,
        by=None,
        now=NOW,
    )


# --- conflicts -------------------------------------------------------------------------------------
def test_nobody_judges_her_own_nor_where_a_hard_relation_stands():
    unit = factories.unit("重庆同一研究院")
    review = make.review(applications=1, panel=2)
    own = make.accepted(review.call, factories.talent(unit=unit), NOW)
    same = make.seat(review, factories.talent(full_name="同事", unit=unit))
    operations.distribute(review=review, by=None, now=AFTER)
    candidate = Candidate.objects.get(application=own)
    assert same.pk not in candidate.assignments.values_list("reviewer", flat=True)
    given = {"candidate": candidate, "reviewer": same, "by": None, "now": AFTER}
    assert "同一单位" in refused("must_recuse", operations.assign, **given)
    with pytest.raises(IntegrityError), transaction.atomic():
        her_seat = Reviewer.objects.create(
            review=review, user=own.talent.user, full_name="本人", added_at=NOW
        )
        Assignment.objects.create(reviewer=her_seat, candidate=candidate, assigned_at=NOW)


def test_too_few_left_is_said_and_nothing_is_assigned():
    unit = factories.unit()
    review = make.review(applications=0, panel=0)
    make.accepted(review.call, factories.talent(unit=unit), NOW)
    make.seat(review, factories.talent(unit=unit))
    sentence = refused("nobody_left", operations.distribute, review=review, by=None, now=AFTER)
    assert "P001" in sentence
    assert Assignment.objects.count() == 0


def test_a_relation_that_came_up_since_stops_the_start():
    review = make.review(applications=1, panel=1)
    operations.distribute(review=review, by=None, now=AFTER)
    sheet = sheet_of(review)
    judge = sheet.reviewer.user.talent
    judge.unit = sheet.candidate.application.talent.unit
    judge.save()
    refused("must_recuse", operations.start_judging, review=review, by=None, now=AFTER)


def test_in_a_panel_she_declares_for_each_and_what_blocks_is_taken_from_her():
    review = make.judging(stages=("acceptance", "panel", "decision"), panel=3, applications=2)
    reviewer = review.reviewers.first()
    first, second = reviewer.assignments.order_by("candidate__number")
    about = {"reviewer": reviewer, "by": reviewer.user, "now": AFTER}
    refused("declare_first", operations.open_file, assignment=first, by=reviewer.user, now=AFTER)
    refused("answer_missing", operations.declare_interests, answers={first.pk: ("", "")}, **about)
    refused(
        "kind_unknown",
        operations.declare_interests,
        answers={first.pk: ("self", ""), second.pk: ("", "")},
        **about,
    )
    answers = {first.pk: ("teacher", "博士导师"), second.pk: ("co_award", "同获一个奖")}
    operations.declare_interests(answers=answers, **about)
    first.refresh_from_db(), second.refresh_from_db()
    assert (first.recused_at, second.recused_at) == (AFTER, None)
    refused("sheet_recused", operations.open_file, assignment=first, by=reviewer.user, now=AFTER)
    assert operations.open_file(assignment=second, by=reviewer.user, now=AFTER).opened_at == AFTER
    refused("not_enough_reviewers", operations.fix_ranking, review=review, by=None, now=AFTER)
    operations.undo_recusal(assignment=first, reason="点错了一项", by=None, now=AFTER)
    assert operations.open_file(assignment=first, by=reviewer.user, now=AFTER).opened_at == AFTER


def test_in_a_blind_review_she_says_whom_she_recognises_once_the_file_is_open():
    review = make.judging()
    sheet = make.opened(sheet_of(review))
    about = {"assignment": sheet, "by": sheet.reviewer.user, "now": AFTER}
    operations.declare_recognised(kind="other", note="听过她的报告", **about)
    operations.declare_recognised(kind="kin", **about)
    sheet.refresh_from_db()
    assert sheet.recused_at == AFTER
    assert list(Relation.objects.values_list("kind", "is_declared")) == [
        ("other", True),
        ("kin", True),
    ]
    refused("sheet_recused", operations.save_scores, scores={}, **about)


# --- scores ----------------------------------------------------------------------------------------
def test_scores_are_kept_as_typed_within_range_and_handed_in_as_a_whole():
    review = make.judging(applications=2, panel=1, criteria=(("创新性", 10, 1), ("可行性", 20, 1)))
    first, second = (make.opened(one) for one in Assignment.objects.order_by("pk"))
    by, (novel, feasible) = first.reviewer.user, review.criteria.all()
    about = {"assignment": first, "by": by, "now": AFTER}
    sentence = refused(
        "score_out_of_range", operations.save_scores, scores={novel.pk: (Decimal(11), "")}, **about
    )
    assert sentence == "“创新性”请填 0 到 10 之间的分数。"
    operations.save_scores(scores={novel.pk: (Decimal("8.5"), "思路新")}, **about)
    assert list(Score.objects.values_list("value", "comment")) == [(Decimal("8.5"), "思路新")]
    hand = {"reviewer": first.reviewer, "by": by, "now": AFTER}
    assert second.candidate.label in refused("incomplete", operations.hand_in, **hand)
    both = {novel.pk: (Decimal(8), ""), feasible.pk: (Decimal(16), "")}
    for sheet in (first, second):
        operations.save_scores(**about | {"assignment": sheet, "scores": both})
    for _twice in range(2):
        operations.hand_in(**hand)
    assert AuditEntry.objects.filter(action="calls.hand_in_scores").count() == 1
    refused("sheet_handed_in", operations.save_scores, scores=both, **about)
    with pytest.raises(IntegrityError), transaction.atomic():
        Score.objects.update(value=1)


def test_a_score_beyond_the_points_is_refused_by_the_database_too():
    review = make.judging(panel=1)
    sheet, criterion = make.opened(sheet_of(review)), review.criteria.get()
    for value in (101, -1):
        with pytest.raises(IntegrityError), transaction.atomic():
            Score.objects.create(assignment=sheet, criterion=criterion, value=value)
    assert Score.objects.create(assignment=sheet, criterion=criterion, value=100).value == 100


def test_a_score_handed_in_by_mistake_comes_back_with_a_reason_until_the_ranking_stands():
    review = make.scored(make.judging(applications=1, panel=1), {(0, 1): 80})
    sheet = sheet_of(review)
    refused(
        "reason_missing", operations.reopen_scores, assignment=sheet, reason=" ", by=None, now=AFTER
    )
    operations.reopen_scores(assignment=sheet, reason="分数填反了", by=None, now=AFTER)
    assert told(sheet.reviewer.user) == ["calls.review_began", "calls.review_reopened"]
    refused("scores_missing", operations.fix_ranking, review=review, by=None, now=AFTER)
    one = review.criteria.get()
    operations.save_scores(assignment=sheet, scores={one.pk: (Decimal(70), "")}, by=None, now=AFTER)
    operations.hand_in(reviewer=sheet.reviewer, by=None, now=AFTER)
    operations.fix_ranking(review=review, by=None, now=AFTER)
    assert Candidate.objects.get().raw == Decimal("70.00")
    refused(
        "review_ranked",
        operations.reopen_scores,
        assignment=sheet,
        reason="再看一次",
        by=None,
        now=AFTER,
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.update(handed_in_at=None)


# --- replacing and reassigning ---------------------------------------------------------------------
def test_a_reviewer_is_replaced_with_a_reason_and_what_she_handed_in_stays():
    review = make.judging(applications=2, panel=1)
    before = review.reviewers.get()
    done, open_one = (make.opened(one) for one in Assignment.objects.order_by("pk"))
    Assignment.objects.filter(pk=done.pk).update(handed_in_at=AFTER)
    person = {"talent": factories.talent(full_name="接替", unit=factories.unit())}
    about = {"reviewer": before, "person": person, "by": None, "now": AFTER}
    refused("reason_missing", operations.replace_reviewer, reason="", **about)
    after = operations.replace_reviewer(reason=REASON, **about)
    assert list(after.assignments.values_list("candidate", flat=True)) == [open_one.candidate_id]
    assert [s.pk for s in before.assignments.standing()] == [done.pk]
    refused("not_yours", operations.open_file, assignment=open_one, by=before.user, now=AFTER)
    assert told(before.user) == ["calls.review_began", "calls.review_left"]
    entry = AuditEntry.objects.get(action="calls.replace_reviewer")
    assert entry.detail == {"reason_in": "left_reason"}


def test_a_sheet_goes_to_another_reviewer_only_with_a_reason():
    review = make.review(applications=1, panel=2)
    operations.edit_review(review=review, values={"least": 1}, by=None, now=NOW)
    make.judging(review)
    sheet = sheet_of(review)
    other = review.reviewers.exclude(pk=sheet.reviewer_id).get()
    about = {"assignment": sheet, "reviewer": other, "by": None, "now": AFTER}
    refused("reason_missing", operations.reassign, **about)
    assert Assignment.objects.standing().get() == sheet
    moved = operations.reassign(reason=REASON, **about)
    assert (Assignment.objects.standing().get(), moved.assign_reason) == (moved, REASON)
    assert told(other.user) == ["calls.review_assigned"]


def test_the_start_is_taken_back_until_somebody_opened_a_file():
    review = make.judging()
    assert operations.undo_start(review=review, by=None, now=AFTER).state == "preparing"
    operations.start_judging(review=review, by=None, now=AFTER)
    make.opened(sheet_of(review))
    refused("review_opened", operations.undo_start, review=review, by=None, now=AFTER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.update(state="preparing", judging_since=None)


# --- ranking ---------------------------------------------------------------------------------------
def equal_pair(**fields):
    """Return a judged review of two applications judged equal, the second led by a man."""
    review = make.review(applications=0, panel=1, open_to_all=True, **fields)
    for led_by_woman in (False, True):
        one = make.begun(review.call, now=NOW)
        operations.save_answers(
            application=one, answers={}, led_by_woman=led_by_woman, by=None, now=NOW
        )
        operations.submit_application(application=one, by=None, now=NOW)
        operations.accept_application(application=one, by=None, now=NOW)
    return make.scored(make.judging(review), {(0, 1): 80, (0, 2): 80})


def standing(review):
    rows = Candidate.objects.filter(review=review).order_by("place", "application__led_by_woman")
    return list(rows.values_list("application__led_by_woman", "place", "by_rule"))


def test_women_come_first_among_equals_where_a_call_is_open_to_all_and_it_is_on_record():
    review = equal_pair(women_preferred=True)
    operations.fix_ranking(review=review, by=None, now=AFTER)
    assert standing(review) == [(True, 1, True), (False, 2, False)]
    hers = Candidate.objects.get(application__led_by_woman=True)
    entry = AuditEntry.objects.get(action="calls.fix_ranking")
    assert entry.detail == {"women_first": [hers.label]}


def test_with_the_rule_switched_off_equals_share_their_place():
    review = equal_pair(women_preferred=False)
    operations.fix_ranking(review=review, by=None, now=AFTER)
    assert standing(review) == [(False, 1, False), (True, 1, False)]


def test_a_result_waits_for_the_ranking_and_the_ranking_is_unmade_before_any_result():
    review = make.scored(make.judging(applications=1, panel=1), {(0, 1): 80})
    mine = review.call.applications.get()
    note = {"application": mine, "by": None, "now": AFTER}
    refused("review_open", operations.decide_application, result="awarded", **note)
    refused("review_open", operations.conclude_call, call=review.call, by=None, now=AFTER)
    for _twice in range(2):
        operations.fix_ranking(review=review, by=None, now=AFTER)
    operations.unfix_ranking(review=review, reason="漏了一份材料", by=None, now=AFTER)
    assert Candidate.objects.get().place is None
    operations.fix_ranking(review=review, by=None, now=AFTER)
    operations.decide_application(result="awarded", **note)
    refused(
        "has_result", operations.unfix_ranking, review=review, reason="再看一次", by=None, now=AFTER
    )


def test_what_was_withdrawn_is_not_ranked_and_what_came_late_is_asked_for():
    review = make.scored(make.judging(applications=2, panel=1), {(0, 1): 80, (0, 2): 70})
    gone = Candidate.objects.get(number=1).application
    operations.withdraw_application(application=gone, by=None, now=AFTER)
    assert [line.candidate.number for line in operations.reckon(review).lines] == [2]
    late = make.handed_in(make.call(), now=NOW)
    type(late).objects.filter(pk=late.pk).update(call=review.call, number=99, state="accepted")
    refused("not_drawn", operations.fix_ranking, review=review, by=None, now=AFTER)
    operations.distribute(review=review, reason="补充受理了一份", by=None, now=AFTER)
    refused("scores_missing", operations.fix_ranking, review=review, by=None, now=AFTER)


# --- reminders -------------------------------------------------------------------------------------
def test_who_has_not_handed_in_is_reminded_three_days_and_one_day_before_and_when_late_each_once():
    review = make.judging(applications=1, panel=1)
    reviewer = review.reviewers.get()
    hours = (-73, -71, -60, -23, -10, 1, 30)
    for hour in hours:
        now = review.due_at + timedelta(hours=hour)
        for one in Reviewer.objects.to_remind(now):
            operations.remind_reviewer(reviewer=one, by=None, now=now)
    assert told(reviewer.user) == ["calls.review_began"] + ["calls.review_due"] * 3
    make.scored(review, {(0, 1): 80})
    assert not Reviewer.objects.to_remind(review.due_at + timedelta(days=9)).exists()
