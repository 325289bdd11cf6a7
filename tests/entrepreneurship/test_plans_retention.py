"""How long what a plan keeps is kept: the words of its applications go by the calls' rules, the cohort stays as it is."""

from datetime import timedelta

import pytest
from dateutil.relativedelta import relativedelta

from accounts.models import User
from calls import operations as calling
from calls.models import Answer, Application, Attachment, Due, DueFile, Payment, Return
from entrepreneurship.plans import operations
from entrepreneurship.plans.history import history
from entrepreneurship.plans.models import PlanMember
from privacy import retention
from talents import operations as talents
from talents.erasure import operations as erasure
from talents.models import Talent
from tests import factories
from tests.calls import make as calls
from tests.entrepreneurship import make

NOW, DAY, SECOND = factories.NOW, timedelta(days=1), timedelta(seconds=1)
YEARS = relativedelta(years=3)
pytestmark = pytest.mark.django_db


def woman(name="何创", **fields):
    return make.woman(full_name=name, unit=factories.unit(), **fields)


def applied(now):
    """Return {rule: how many rows} of the rules of calls and plans: what it did, and that none failed."""
    runs = [run for run in retention.apply(now=now) if run.rule.startswith(("calls.", "entre"))]
    assert [run.rule for run in runs if run.failed] == []
    return {run.rule: run.done for run in runs}


def cohort():
    """Return the cohorts, every column of every row."""
    return list(PlanMember.objects.order_by("pk").values())


def said():
    """Return what the first member reads of what became of her."""
    return [sentence for _day, sentence in history(operations.read(PlanMember.objects.all())[0])]


def words():
    """Return how many rows there are of what was written and handed in."""
    return [model.objects.count() for model in (Answer, Attachment, Return, DueFile)]


def run():
    """Return a plan that selected one woman, refused one and left one with a draft; her report came, her money went.

    Returns its call, the moment of the results.
    """
    draft = calls.draft(NOW, files=True, **make.PLAN)
    condition = calls.requirement(draft)
    for values in (calls.REPORT, calls.PAYMENT):
        calls.step(draft, NOW, **values)
    plan = calling.open_call(call=draft, by=None, now=NOW)
    her = woman()
    make.venture(her)
    calls.attached(calls.begun(plan, her))
    mine = Application.objects.get(talent=her)
    mine = calling.submit_application(application=mine, by=None, now=NOW)
    mine = calling.accept_application(application=mine, by=None, now=NOW)
    refused = calls.handed_in(plan, woman("林拒"))
    about = {"reason": "回国时间已超过五年", "unmet": [condition], "by": None, "now": NOW}
    calling.refuse_application(application=refused, **about)
    calls.begun(plan, woman("王写"))
    at = calls.over(mine)
    calling.decide_application(application=mine, result="awarded", by=None, now=at)
    calling.conclude_call(call=plan, by=None, now=at)
    report, payment = Due.objects.order_by("step__order")
    calling.attach_to_due(due=report, sent=[("报告.pdf", calls.PDF)], by=None, now=at + DAY)
    report = calls.due_in(make.fresh(report), at + DAY)
    calling.accept_due(due=report, by=None, now=at + 2 * DAY)
    paid = {"amount": payment.step.amount, "paid_on": (at + 3 * DAY).date(), "reference": "记字 31"}
    calling.pay_due(due=make.fresh(payment), **paid, by=None, now=at + 3 * DAY)
    return make.fresh(plan), at


def test_the_words_go_after_three_years_each_on_its_day_and_the_cohort_for_none_of_them():
    plan, at = run()
    before, sentences = cohort(), said()
    assert (len(before), words()) == (1, [6, 1, 0, 1])
    assert applied(plan.closes_at + YEARS) == {}
    assert applied(plan.closes_at + YEARS + SECOND) == {"calls.answers": 3}
    assert (words(), cohort(), said()) == ([0, 0, 0, 1], before, sentences)
    states = Application.objects.order_by("pk").values_list("state", "refuse_reason")
    assert list(states) == [("awarded", ""), ("refused", "—"), ("draft", "")]
    assert Application.unmet.through.objects.count() == 0
    assert applied(at + 2 * DAY + YEARS) == {}
    assert applied(at + 2 * DAY + YEARS + SECOND) == {"calls.dues": 1}
    assert (words(), cohort(), said()) == ([0, 0, 0, 0], before, sentences)
    assert applied(at + relativedelta(years=40)) == {}
    assert (cohort(), Payment.objects.count()) == (before, 1)


def test_of_a_form_in_which_nothing_had_to_be_written_the_reason_goes_all_the_same():
    draft = calls.draft(NOW, lines=False, **make.PLAN)
    calls.line(draft, "补充说明", required=False)
    condition = calls.requirement(draft)
    plan = calling.open_call(call=draft, by=None, now=NOW)
    mine = calling.start_application(call=plan, talent=woman(), by=None, now=NOW)
    mine = calling.submit_application(application=mine, by=None, now=NOW)
    about = {"reason": "回国时间已超过五年", "unmet": [condition], "by": None, "now": NOW}
    calling.refuse_application(application=mine, **about)
    assert words() == [0, 0, 0, 0]
    assert applied(plan.closes_at + YEARS) == {}
    assert applied(plan.closes_at + YEARS + SECOND) == {"calls.answers": 1}
    mine = make.fresh(mine)
    assert (mine.state, mine.refuse_reason, mine.unmet.count()) == ("refused", "—", 0)
    assert applied(plan.closes_at + YEARS + DAY) == {}


def erased(her):
    """Let a woman be erased, as she asks for it and the clock does it."""
    user = User.objects.get(pk=her.user_id)
    erasure.ask_erasure(user=user, by=user, now=NOW + 60 * DAY)
    assert erasure.erase_due(now=NOW + 60 * DAY + erasure.COOLING) == 1


def test_erased_her_place_stays_without_name_and_venture_and_no_rule_comes_upon_it():
    plan, at = run()
    (place,) = cohort()
    erased(Talent.objects.get(pk=place["talent_id"]))
    (record,) = Talent.objects.filter(pk=place["talent_id"])
    assert (record.state, "何创" in record.full_name, record.user) == ("erased", False, None)
    left = place | {"venture_id": None}
    assert (cohort(), words()) == ([left], [4, 0, 0, 0])  # the answers of the two others
    payment = Payment.objects.get()
    assert applied(plan.closes_at + YEARS + SECOND) == {"calls.answers": 2}
    assert applied(at + relativedelta(years=40)) == {}
    assert (cohort(), Payment.objects.get()) == ([left], payment)
    assert operations.read(PlanMember.objects.standing()).get().joined_at == at


def both_selected():
    """Return two records of one woman, the first with her account, both selected by one plan; and its call."""
    plan, keep = make.plan(), woman()
    make.venture(keep)
    lose = factories.talent(full_name="何创", source="import", unit=keep.unit)
    make.concluded(plan, keep, lose)
    Talent.objects.filter(pk=lose.pk).update(user=None)
    return keep, make.fresh(lose), plan


def merged(keep, lose):
    about = {"reason": "电话核实是同一人", "by": None, "now": NOW + 50 * DAY}
    return talents.merge_records(keep=keep, lose=lose, **about)


def test_merged_both_places_outlast_the_words_of_both_applications():
    keep, lose, plan = both_selected()
    merged(keep, lose)
    before = cohort()
    assert [place["talent_id"] for place in before] == [keep.pk, lose.pk]
    assert applied(plan.closes_at + YEARS + SECOND) == {"calls.answers": 2}
    assert (cohort(), words()) == (before, [0, 0, 0, 0])


def test_merged_and_then_erased_no_word_and_no_venture_is_left_of_either():
    keep, lose, plan = both_selected()
    merged(keep, lose)
    PlanMember.objects.update(venture=PlanMember.objects.get(talent=keep).venture)
    before = cohort()
    assert None not in [place["venture_id"] for place in before]
    erased(keep)
    assert (cohort(), words()) == ([place | {"venture_id": None} for place in before], [0] * 4)
    assert set(Talent.objects.values_list("state", flat=True)) == {"erased"}
    assert applied(plan.closes_at + YEARS + SECOND) == {}


def test_a_place_that_was_taken_back_still_says_so_when_the_words_are_gone():
    plan, at = run()
    calling.note_taken_back(
        application=PlanMember.objects.get().application, taken_back=True, now=at
    )
    before, sentences = cohort(), said()
    assert applied(plan.closes_at + YEARS + SECOND) == {"calls.answers": 3}
    assert (cohort(), said(), list(PlanMember.objects.standing())) == (before, sentences, [])
    assert ["入选资格收回" in sentence for sentence in sentences].count(True) == 1
