"""Assignments, replies and ratings: drafted by one, signed by another, answered anew once by another drafter."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from advisory.suggestions import operations
from advisory.suggestions.models import Assignment, Reply, Suggestion
from kernel.errors import Conflict, Invalid, Refused
from notices.models import Notice
from tests import factories
from tests.advisory.suggestions import make
from tests.factories import NOW

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=20)
SECOND = date(2027, 3, 1)


def told(kind):
    """Return who was told something, by name."""
    rows = Notice.objects.filter(kind=f"advisory.{kind}").select_related("recipient")
    return sorted(row.recipient.full_name for row in rows)


# --- assignments ----------------------------------------------------------------------------------
def test_one_department_leads_and_others_assist():
    found = make.assigned()
    row = found.suggestion
    with pytest.raises(Conflict) as error:
        make.assigned(row, "social_security")
    assert error.value.code == "led"
    with pytest.raises(Conflict) as error:
        make.assigned(row, make.LEAD, "assist")
    assert error.value.code == "has_it"
    helper = make.assigned(row, "social_security", "assist")
    told_ = operations.tell_opinion(
        assignment=helper, text="建议写进园区标准。", by=make.clerk("social_security"), now=NOW
    )
    assert (told_.state, told_.opinion_by.department.code) == ("done", "social_security")
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.create(
            suggestion=row,
            department=factories.department("trade_union"),
            role="lead",
            at=NOW,
            counted_from=NOW.date(),
            days=60,
            due_on=SECOND,
            not_ours_by=SECOND,
        )


def test_what_was_joined_is_read_by_who_answers_it_until_it_is_parted():
    found = make.assigned()
    row, given = make.sent(found.suggestion.campaign), {"by": None, "now": NOW}
    lead, stranger = make.clerk(make.LEAD), make.clerk("trade_union")
    row = operations.join_suggestion(suggestion=row, to=found.suggestion, **given)
    seen = Suggestion.objects.visible_to(lead)
    assert seen.filter(pk=row.pk).exists()
    assert not Suggestion.objects.visible_to(stranger).exists()
    operations.part_suggestion(suggestion=row, **given)
    assert not seen.filter(pk=row.pk).exists()


def test_an_assistant_that_handed_it_back_waits_for_nothing_once_there_is_a_reply():
    row = make.assigned().suggestion
    helper = make.assigned(row, "social_security", "assist")
    operations.not_ours(assignment=helper, words="不属于本部门", by=None, now=NOW)
    make.signed(row)
    assert make.fresh(helper).state == "taken_back"


def test_taken_back_its_draft_is_not_used():
    made = make.reply()
    found = made.suggestion.assignments.get()
    operations.take_back_assignment(assignment=found, reason="职责调整到人社部门", by=None, now=NOW)
    assert (make.fresh(made).state, make.fresh(found).state) == ("dropped", "taken_back")
    assert make.assigned(made.suggestion, "social_security").state == "waiting"


def test_who_sees_what_was_given_to_a_department():
    found = make.assigned()
    row = found.suggestion
    helper = make.assigned(row, "social_security", "assist")
    seen = {
        name: Suggestion.objects.visible_to(make.clerk(name)).filter(pk=row.pk).exists()
        for name in ("women_federation", make.LEAD, "social_security", "trade_union")
    }
    assert seen == {
        "women_federation": True,
        make.LEAD: True,
        "social_security": True,
        "trade_union": False,
    }
    operations.not_ours(assignment=helper, words="不属于本部门", by=None, now=NOW)
    stranger = make.clerk("social_security")
    assert not Suggestion.objects.visible_to(stranger).filter(pk=row.pk).exists()
    assert not Suggestion.objects.visible_to(make.author(row)).exists()
    unit = factories.user(unit=factories.unit())
    assert not Suggestion.objects.visible_to(unit).exists()


def test_joined_to_what_is_answered_she_is_led_to_the_reply_and_a_mistake_is_undone():
    main = make.signed().suggestion
    row = make.sent(main.campaign, make.woman("陈笛"), LATER)
    given = {"by": None, "now": LATER}
    row = operations.join_suggestion(suggestion=row, to=main, **given)
    assert (told("suggestion_joined"), told("suggestion_joined_late")) == ([], ["陈笛"])
    row = operations.part_suggestion(suggestion=row, **given)
    assert (row.state, row.joined_to) == ("sent", None)
    row = operations.join_suggestion(suggestion=row, to=main, **given)
    rate(main.replies.get(), "satisfied", by=make.author(row))
    with pytest.raises(Conflict) as error:
        operations.part_suggestion(suggestion=make.fresh(row), **given)
    assert error.value.code == "said"


def test_what_was_taken_up_together_is_not_parted():
    main = make.filed()
    row = make.sent(main.campaign)
    row = operations.join_suggestion(suggestion=row, to=main, by=None, now=NOW)
    make.adopted(main)
    with pytest.raises(Conflict) as error:
        operations.part_suggestion(suggestion=make.fresh(row), by=None, now=NOW)
    assert error.value.code == "adopted"


# --- replies --------------------------------------------------------------------------------------
def test_drafted_by_one_and_signed_by_another():
    both = factories.staff("department_clerk", "department_reviewer", department_code=make.LEAD)
    made = make.handed_in(by=both)
    with pytest.raises(Refused) as error:
        operations.sign_reply(reply=made, kept_back_reason="", by=both, now=NOW)
    assert error.value.code == "own_draft"
    with pytest.raises(IntegrityError), transaction.atomic():
        Reply.objects.filter(pk=made.pk).update(state="signed", signed_at=NOW, signed_by=both)
    done = operations.sign_reply(reply=made, kept_back_reason="", by=make.reviewer(), now=NOW)
    row = make.fresh(made.suggestion)
    assert (done.state, row.state, row.answer) == ("signed", "answered", "A")
    assert row.assignments.get().state == "done"


@pytest.mark.parametrize(
    ("values", "refused"),
    [
        ({"answer": "B", "second_on": None}, "second_on_missing"),
        ({"answer": "C", "second_on": NOW.date()}, "second_on_past"),
        ({"answer": "A", "second_on": SECOND}, "second_on"),
        ({"answer": "E"}, "answer_missing"),
        ({"text": "好"}, "text_missing"),
    ],
)
def test_a_wrong_reply_is_refused_in_one_sentence_and_nothing_is_written(values, refused):
    found = make.assigned()
    with pytest.raises(Invalid) as error:
        make.reply(found.suggestion, **values)
    assert (error.value.code, Reply.objects.count()) == (refused, 0)


def test_each_author_and_each_cosigner_is_told():
    main = make.filed(by=make.woman("甲"))
    other = make.sent(main.campaign, make.woman("乙"))
    operations.join_suggestion(suggestion=other, to=main, by=None, now=NOW)
    operations.cosign(suggestion=main, named=False, by=make.woman("丙"), now=NOW)
    make.signed(make.assigned(main).suggestion)
    assert (told("suggestion_answered"), told("suggestion_cosigned")) == (["乙", "甲"], ["丙"])


@pytest.mark.parametrize("named", ["own", "pen", "nameless"])
def test_the_list_of_deliveries_names_nobody_who_is_not_named(named):
    """It says who was told what and when: beside the time of filing that would be who wrote it."""
    row = make.filed(named=named)
    operations.cosign(suggestion=row, named=named == "own", by=make.woman("陈笛"), now=NOW)
    make.signed(make.assigned(row).suggestion)
    hers = Notice.objects.filter(kind__startswith="advisory.suggestion_", recipient__is_staff=False)
    titles = {notice.outside_title for notice in hers}
    if named == "own":
        assert titles == {"您的建言立案了", "您的建言有答复了", "您附议的建言有答复了"}
    else:
        assert titles == {"您有一项办理有新进展"}


def test_kept_back_with_a_reason_it_is_not_public():
    made = make.signed(kept_back="涉及园区招商谈判")
    assert list(Reply.objects.public()) == []
    operations.keep_back_reply(reply=made, reason="", by=make.reviewer(), now=NOW)
    assert list(Reply.objects.public()) == [make.fresh(made)]


def test_sent_back_it_is_changed_and_handed_in_again():
    made = make.handed_in()
    made = operations.send_back_reply(reply=made, words="写明开放时间", by=make.reviewer(), now=NOW)
    given = {"suggestion": made.suggestion, "reply": made, "now": NOW}
    values = make.REPLY | {"text": "三栋楼已设好，12 月 1 日开放。"}
    made = operations.save_reply(values=values, by=make.clerk(make.LEAD), **given)
    operations.hand_in_reply(reply=made, by=None, now=NOW)
    with pytest.raises(Conflict) as error:
        operations.save_reply(values=values, by=make.clerk(make.LEAD), **given)
    assert error.value.code == "handed_in"


def test_a_drafter_who_works_there_no_more_is_not_told_what_to_change():
    drafter, colleague = make.clerk(make.LEAD), make.clerk(make.LEAD)
    made = make.handed_in(by=drafter)
    given = {"reply": made, "words": "写明开放时间", "now": NOW}
    operations.send_back_reply(by=make.reviewer(), **given)
    sent = Notice.objects.filter(kind="advisory.reply_sent_back")
    assert [notice.recipient for notice in sent] == [drafter]
    drafter.groups.clear()
    sent.delete()
    operations.hand_in_reply(reply=made, by=colleague, now=NOW)
    operations.send_back_reply(by=make.reviewer(), **given)
    assert [notice.recipient for notice in sent.all()] == [colleague]


def test_class_b_promises_a_second_reply_that_is_given():
    first = make.signed(answer="B", second_on=SECOND)
    row = make.fresh(first.suggestion)
    assert (row.second_on, row.state) == (SECOND, "answered")
    second = make.signed(row, now=LATER)
    row = make.fresh(row)
    assert (second.number, row.answer, row.second_on) == (1, "A", None)
    with pytest.raises(Conflict):
        make.reply(row)


def test_who_wrote_it_and_works_here_now_decides_nothing_of_it():
    """Who she is stays unknown: the sentence is for her alone, and colleagues go on."""
    row = make.sent(named="nameless")
    her = make.author(row)
    clerk, signer = make.clerk(), make.reviewer()

    def at_work(colleague):
        her.department, her.is_staff = colleague.department, True
        her.save()
        her.groups.set(colleague.groups.all())
        return type(her).objects.get(pk=her.pk)

    with pytest.raises(Conflict, match="事关您自己"):
        operations.file_suggestion(suggestion=row, listed=True, by=at_work(clerk), now=NOW)
    row = operations.file_suggestion(suggestion=row, listed=True, by=clerk, now=NOW)
    made = make.handed_in(make.assigned(row).suggestion)
    with pytest.raises(Conflict, match="事关您自己"):
        operations.sign_reply(reply=made, kept_back_reason="", by=at_work(signer), now=NOW)
    operations.sign_reply(reply=made, kept_back_reason="", by=signer, now=NOW)
    adoption = make.entered(make.fresh(row))
    with pytest.raises(Conflict, match="事关您自己"):
        operations.confirm_adoption(adoption=adoption, by=at_work(clerk), now=NOW)


def test_a_signed_one_is_corrected_by_another_version_and_kept():
    first = make.signed(answer="B", second_on=SECOND)
    values = make.REPLY | {"answer": "C", "second_on": SECOND + timedelta(days=30)}
    new = operations.correct_reply(
        reply=first, reason="日期写错了", values=values, by=make.clerk(make.LEAD), now=LATER
    )
    assert make.fresh(first).state == "signed"  # until the new one is
    operations.hand_in_reply(reply=new, by=None, now=LATER)
    operations.sign_reply(reply=new, kept_back_reason="", by=make.reviewer(), now=LATER)
    row = make.fresh(first.suggestion)
    assert (make.fresh(first).state, row.answer) == ("replaced", "C")
    assert told("suggestion_corrected") == ["苏晴"]


def test_what_is_answered_anew_is_not_corrected_beside_it():
    first = make.signed()
    given = {
        "reason": "日期写错了",
        "values": make.REPLY,
        "by": make.clerk(make.LEAD),
        "now": LATER,
    }
    begun = operations.correct_reply(reply=first, **given)
    operations.hand_in_reply(reply=begun, by=None, now=LATER)
    rate(first)
    with pytest.raises(Conflict) as error:
        operations.sign_reply(reply=begun, kept_back_reason="", by=make.reviewer(), now=LATER)
    assert (error.value.code, make.fresh(first.suggestion).state) == ("moved_on", "filed")
    assert make.fresh(begun).state == "dropped"
    with pytest.raises(Conflict) as error:
        operations.correct_reply(reply=make.fresh(first), **given)
    assert error.value.code == "answered_anew"


def test_a_correction_that_promises_a_second_reply_opens_what_was_closed():
    first = make.signed()
    row = first.suggestion
    operations.end_suggestion(suggestion=row, now=NOW + timedelta(days=31))
    values = make.REPLY | {"answer": "B", "second_on": SECOND}
    late = NOW + timedelta(days=40)
    new = operations.correct_reply(
        reply=make.fresh(first), reason="还没有做完", values=values, by=None, now=late
    )
    operations.hand_in_reply(reply=new, by=None, now=late)
    operations.sign_reply(reply=new, kept_back_reason="", by=make.reviewer(), now=late)
    row = make.fresh(row)
    assert (row.state, row.second_on, row.ended_at) == ("answered", SECOND, None)


# --- rating ---------------------------------------------------------------------------------------
def rate(made, verdict="not", words="没有说什么时候开放", by=None, now=LATER):
    by = by or make.author(made.suggestion)
    return operations.rate(reply=made, verdict=verdict, words=words, by=by, now=now)


def test_not_satisfied_it_is_answered_anew_once_by_another_drafter():
    drafter = make.clerk(make.LEAD)
    first = make.signed(by=drafter)
    row = first.suggestion
    assert rate(first).reopens is True
    row = make.fresh(row)
    lead = row.assignments.get()
    assert (row.state, lead.state, lead.due_on) == ("filed", "working", date(2027, 1, 12))
    with pytest.raises(Refused) as error:
        make.reply(row, drafter)
    assert error.value.code == "same_drafter"
    second = make.signed(row, now=LATER)
    assert (second.round, second.number) == (2, 0)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reply.objects.filter(pk=second.pk).update(drafted_by=drafter)
    assert rate(second, now=LATER + timedelta(days=1)).reopens is False
    assert make.fresh(row).state == "answered"


def test_a_second_reply_begun_before_she_was_not_satisfied_does_not_answer_her():
    """It is of the first round and may be by the same drafter: signed, it would end the redo nobody has written."""
    drafter = make.clerk(make.LEAD)
    first = make.signed(by=drafter, answer="B", second_on=SECOND)
    begun = make.handed_in(make.fresh(first.suggestion), drafter, LATER)
    rate(first)
    with pytest.raises(Conflict):
        operations.sign_reply(reply=begun, kept_back_reason="", by=make.reviewer(), now=LATER)
    assert make.fresh(first.suggestion).state == "filed"
    anew = make.reply(make.fresh(first.suggestion), now=LATER)
    assert (anew.round, anew.number) == (2, 0)


@pytest.mark.parametrize("verdict", ["satisfied", "partly"])
def test_satisfied_nothing_follows(verdict):
    made = make.signed()
    assert rate(made, verdict, "").reopens is False
    with pytest.raises(Conflict) as error:
        rate(made)
    assert error.value.code == "rated"


def test_who_is_not_satisfied_says_with_what_within_thirty_days():
    made = make.signed()
    with pytest.raises(Invalid) as error:
        rate(made, words=" ")
    assert error.value.code == "words_missing"
    with pytest.raises(Conflict) as error:
        rate(made, now=NOW + timedelta(days=30, seconds=1))
    assert error.value.code == "too_late"
    with pytest.raises(Refused):
        rate(made, by=make.woman("陈笛"))


def test_an_author_of_a_joined_one_rates_as_well():
    main = make.filed(by=make.woman("甲"))
    other = make.sent(main.campaign, make.woman("乙"))
    operations.join_suggestion(suggestion=other, to=main, by=None, now=NOW)
    made = make.signed(make.assigned(main).suggestion)
    assert rate(made, by=make.author(other)).reopens is True
    assert told("suggestion_reopened_for_her") == ["乙", "甲"]
    assert rate(made, by=make.author(main)).reopens is False


# --- the clock ------------------------------------------------------------------------------------
def test_the_clock_reminds_once_tells_what_is_late_once_and_closes():
    from advisory.suggestions.models import SuggestionCampaign

    lead = make.clerk(make.LEAD)
    found = make.assigned()
    for moment, soon, late in (
        (NOW + timedelta(days=52), 0, 0),
        (NOW + timedelta(days=55), 1, 0),
        (NOW + timedelta(days=56), 1, 0),
        (NOW + timedelta(days=61), 1, 1),
        (NOW + timedelta(days=70), 1, 1),
    ):
        operations.remind_of_due(assignment=found, now=moment)
        operations.tell_overdue(assignment=found, now=moment)
        rows = Notice.objects.filter(recipient=lead)
        assert (
            rows.filter(kind="advisory.suggestion_due_soon").count(),
            rows.filter(kind="advisory.suggestion_overdue").count(),
        ) == (soon, late)
    campaign = found.suggestion.campaign
    operations.end_campaign(campaign=campaign, now=campaign.closes_at)
    assert SuggestionCampaign.objects.get().state == "closed"


def test_answered_for_good_it_is_closed_after_thirty_days_and_a_promised_one_is_not():
    done, promised = make.signed(), make.signed(answer="C", second_on=SECOND)
    for days in (30, 31):
        for made in (done, promised):
            operations.end_suggestion(suggestion=made.suggestion, now=NOW + timedelta(days=days))
        states = [make.fresh(made.suggestion).state for made in (done, promised)]
        assert states == (["answered"] * 2 if days == 30 else ["closed", "answered"])
