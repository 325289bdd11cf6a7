"""Brought forward by a unit or a person; her answer; what her unit says before the department accepts."""

import threading
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, connection, transaction

from calls import nominating_rules, operations
from calls.models import Application, Nomination, UnitOpinion
from calls.operations import endorsing
from kernel.errors import Conflict, DomainError, Invalid, Refused
from notices.models import Notice
from tests import factories
from tests.calls import make

NOW, DAY = factories.NOW, timedelta(days=1)
REASON, ENDORSED = make.GROUNDS, make.ENDORSED
pytestmark = pytest.mark.django_db


def unit_call(**fields):
    """Return a call for those their units bring forward."""
    return make.call(**{"sources": ["unit"]} | fields)


def nominated(call, talent, unit=None, by=None, phone=None, name=None):
    """Bring a woman forward by her name and number."""
    return operations.nominate(
        call=call,
        unit=unit,
        full_name=name or talent.full_name,
        phone=phone or talent.user.phone,
        reason=REASON,
        by=by or (make.contact(unit) if unit else factories.user("林推荐")),
        now=NOW,
    )


def told(talent):
    return list(
        Notice.objects.filter(recipient=talent.user).order_by("pk").values_list("kind", flat=True)
    )


def answers_of(call):
    return {
        line.pk: "在一线攻关三年" for line in call.fields.filter(label__in=("单位", "主要事迹"))
    }


def hand_in(application):
    """Fill in and hand in what she began."""
    about = {"application": application, "by": application.talent.user, "now": NOW}
    operations.save_answers(answers=answers_of(application.call), **about)
    return operations.submit_application(**about)


# --- by her unit, by somebody ----------------------------------------------------------------------
def test_her_unit_brings_her_forward_she_agrees_and_hands_in_herself():
    unit = factories.unit()
    her, call = factories.talent(unit=unit), unit_call()
    about = {"talent": her, "by": her.user, "now": NOW}
    with pytest.raises(Refused, match="不接受自荐"):
        operations.start_application(call=call, **about)
    nomination = nominated(call, her, unit)
    assert (nomination.talent, told(her)) == (her, ["calls.nominated"])
    assert Application.objects.count() == 0  # nothing begins without her
    application = operations.agree_to_nomination(nomination=nomination, **about)
    assert operations.agree_to_nomination(nomination=nomination, **about) == application
    assert (application.source, application.state) == ("unit", "draft")
    assert hand_in(application).state == "submitted"


def test_a_person_brings_her_forward_into_the_application_she_has():
    her, call = factories.talent(), make.call(sources=["self", "third"])
    begun = make.begun(call, her)
    nomination = nominated(call, her)
    about = {"nomination": nomination, "talent": her, "by": her.user, "now": NOW}
    assert operations.agree_to_nomination(**about) == begun
    begun.refresh_from_db()
    assert (begun.source, list(begun.nominations.agreed())) == ("third", [nomination])


def test_whoever_nominates_learns_nothing_of_who_is_there():
    unit = factories.unit()
    her, call = factories.talent(unit=unit), unit_call(sources=["unit", "third"])
    elsewhere = factories.talent(unit=factories.unit())
    by = make.contact(unit)
    cases = [
        (her, her.user.phone, her.full_name),
        (None, "13912345678", "林无此人"),
        (None, her.user.phone, "不是她"),
        (None, elsewhere.user.phone, elsewhere.full_name),
    ]
    found = [
        nominated(unit_call(sources=["unit"]), her, unit, by, phone, name)
        for _each, phone, name in cases
    ]
    assert [one.talent for one in found] == [her, None, None, None]
    assert {(one.answer, one.taken_back_at) for one in found} == {("", None)}
    assert nominated(call, her, unit, by) == nominated(call, her, unit, by)  # once for a call
    assert told(elsewhere) == []


def test_who_joins_later_finds_what_names_her_and_the_number_she_proved():
    call = make.call(sources=["third"])
    nomination = nominated(call, None, phone="14055550001", name="林晚来")
    other = factories.talent(full_name="另一个", user=factories.user("另", phone="14055550002"))
    her = factories.talent(full_name="林晚来", user=factories.user("林晚来", phone="14055550001"))
    assert nominating_rules.of_woman(her) == [nomination]
    assert nominating_rules.of_woman(other) == []
    with pytest.raises(Refused):
        operations.agree_to_nomination(nomination=nomination, talent=other, by=other.user, now=NOW)
    about = {"nomination": nomination, "talent": her, "by": her.user, "now": NOW}
    assert operations.agree_to_nomination(**about).source == "third"


def test_she_declines_and_may_change_her_mind_until_the_deadline():
    her, call = factories.talent(), make.call(sources=["third"])
    nomination = nominated(call, her)
    about = {"nomination": nomination, "talent": her, "by": her.user}
    assert operations.decline_nomination(now=NOW, **about).answer == "declined"
    with pytest.raises(Conflict, match="截止"):
        operations.agree_to_nomination(now=call.closes_at + DAY, **about)
    assert operations.agree_to_nomination(now=NOW, **about).state == "draft"
    with pytest.raises(Conflict, match="撤回申报"):
        operations.decline_nomination(now=NOW, **about)


def test_what_is_taken_back_before_she_hands_in_does_not_carry_her_application():
    her, call = factories.talent(), make.call(sources=["third"])
    by = factories.user("林推荐")
    nomination = nominated(call, her, by=by)
    application = operations.agree_to_nomination(
        nomination=nomination, talent=her, by=her.user, now=NOW
    )
    for _twice in range(2):
        operations.take_nomination_back(nomination=nomination, by=by, now=NOW)
    assert told(her) == ["calls.nominated", "calls.nomination_taken_back"]
    with pytest.raises(Refused, match="不接受自荐"):
        hand_in(application)
    assert nominated(call, her, by=by) != nomination  # and may bring her forward once more


@pytest.mark.parametrize(
    ("fields", "values", "code"),
    [
        ({"sources": ["self"]}, {}, "source_closed"),
        ({"sources": ["third"], "opens_at": NOW + DAY}, {}, "call_coming"),
        ({"sources": ["third"]}, {"full_name": " "}, "name_missing"),
        ({"sources": ["third"]}, {"phone": "12345"}, "phone_invalid"),
        ({"sources": ["third"]}, {"reason": "她很好"}, "reason_missing"),
        ({"sources": ["third"]}, {"reason": "好" * 501}, "reason_long"),
        ({"sources": ["third"]}, {"phone": "14077770001"}, "nominates_herself"),
    ],
)
def test_wrong_input_is_one_clear_sentence_and_writes_nothing(fields, values, code):
    by = factories.user("林推荐", phone="14077770001")
    given = {"full_name": "林晓", "phone": "14077770002", "reason": REASON} | values
    with pytest.raises(DomainError) as refused:
        operations.nominate(call=make.call(**fields), by=by, now=NOW, **given)
    assert (refused.value.code, Nomination.objects.count()) == (code, 0)


def test_nobody_asks_more_people_than_means_it():
    call, by = make.call(sources=["third"]), factories.user("林推荐")
    for number in range(nominating_rules.MOST_BY_PERSON):
        nominated(call, None, by=by, phone=f"1391234000{number}", name="林某")
    operations.take_nomination_back(nomination=Nomination.objects.first(), by=by, now=NOW)
    with pytest.raises(Conflict, match="最多推荐 5 人次"):
        nominated(call, None, by=by, phone="13912340009", name="林某")


def test_who_brought_her_forward_decides_nothing_about_her():
    her, clerk = factories.talent(), factories.staff("department_clerk")
    call = make.call(sources=["third"])
    nomination = nominated(call, her, by=clerk)
    application = operations.agree_to_nomination(
        nomination=nomination, talent=her, by=her.user, now=NOW
    )
    with pytest.raises(Refused, match="本人推荐"):
        operations.accept_application(application=hand_in(application), by=clerk, now=NOW)


# --- her unit's word -------------------------------------------------------------------------------
def of_unit(quota=None, count=1, **fields):
    """Return (unit, applications handed in by `count` of its people) to a call that asks their unit."""
    unit = factories.unit()
    call = make.call(stages=ENDORSED, unit_quota=quota, **fields)
    rows = [make.handed_in(call, factories.talent(unit=unit)) for _each in range(count)]
    return unit, rows


def test_a_unit_endorses_before_the_department_accepts():
    unit, (row,) = of_unit()
    with pytest.raises(Conflict, match="单位还没有推荐"):
        operations.accept_application(application=row, by=None, now=NOW)
    by = make.contact(unit)
    for _twice in range(2):
        operations.endorse_application(application=row, by=by, now=NOW)
    assert told(row.talent) == ["calls.received", "calls.endorsed"]
    assert operations.accept_application(application=row, by=None, now=NOW).state == "accepted"
    with pytest.raises(Conflict):
        operations.undo_opinion(application=row, by=by, now=NOW)


def test_a_unit_declines_with_a_reason_corrects_and_undoes_it_until_its_last_day():
    unit, (row,) = of_unit(endorse_by=NOW + 12 * DAY)
    about = {"application": row, "by": make.contact(unit)}
    with pytest.raises(Invalid, match="不推荐的原因"):
        operations.decline_application(reason="", now=NOW, **about)
    row = operations.decline_application(reason="考核年限不够", now=NOW, **about)
    assert (row.state, told(row.talent)[-1]) == ("not_endorsed", "calls.not_endorsed")
    later = NOW + 11 * DAY  # the call itself is closed by now
    operations.close_call(call=row.call, by=None, now=later)
    assert operations.undo_opinion(now=later, **about).state == "submitted"
    operations.decline_application(reason="考核年限不够", now=later, **about)
    assert operations.endorse_application(now=later, **about).state == "submitted"
    with pytest.raises(Conflict, match="单位推荐已于"):
        operations.undo_opinion(now=NOW + 13 * DAY, **about)


def test_who_was_not_endorsed_does_not_keep_the_results_back():
    unit, (one, other) = of_unit(count=2)
    by = make.contact(unit)
    operations.decline_application(application=one, reason="考核年限不够", by=by, now=NOW)
    operations.endorse_application(application=other, by=by, now=NOW)
    operations.accept_application(application=other, by=None, now=NOW)
    operations.decide_application(application=other, result="awarded", by=None, now=NOW)
    assert operations.conclude_call(call=one.call, by=None, now=make.over(one)).state == "decided"
    one.refresh_from_db()
    assert one.state == "not_endorsed"


def test_the_units_places_are_counted_and_a_withdrawn_one_is_free_again():
    unit, rows = of_unit(quota=2, count=3)
    by = make.contact(unit)
    for row in rows[:2]:
        operations.endorse_application(application=row, by=by, now=NOW)
    with pytest.raises(Conflict, match="最多推荐 2 份"):
        operations.endorse_application(application=rows[2], by=by, now=NOW)
    about = {"call": rows[2].call, "unit": unit, "endorsed": True, "at": NOW}
    with pytest.raises(IntegrityError, match="unit_places_taken"), transaction.atomic():
        UnitOpinion.objects.create(application=rows[2], **about)
    operations.withdraw_application(application=rows[0], by=rows[0].talent.user, now=NOW)
    operations.endorse_application(application=rows[2], by=by, now=NOW)
    assert UnitOpinion.objects.count() == 2


def test_staff_write_down_what_a_unit_says_on_paper():
    _unit, (row,) = of_unit(quota=1)
    about = {"application": row, "by": factories.staff("department_clerk"), "now": NOW}
    with pytest.raises(Invalid, match="依据"):
        operations.endorse_application(**about)
    operations.endorse_application(paper="2026年11月20日盖章的推荐表", **about)
    assert UnitOpinion.objects.get().paper == "2026年11月20日盖章的推荐表"


def test_nobody_speaks_for_another_unit_or_about_herself():
    unit, (row,) = of_unit()
    her = row.talent.user
    her.unit = unit
    her.save()
    her.groups.add(Group.objects.get(name="unit_contact"))
    for by in (her, make.contact(factories.unit()), factories.user(unit=unit)):
        with pytest.raises(Refused):
            operations.endorse_application(application=row, by=by, now=NOW)
    assert UnitOpinion.objects.count() == 0


# --- at once ---------------------------------------------------------------------------------------
def together(*steps):
    """Run the steps at once, each in a thread with a connection of its own; return what each raised or returned."""
    found, barrier = [None] * len(steps), threading.Barrier(len(steps))

    def run(number, step):
        try:
            barrier.wait(10)
            found[number] = step()
        except (DomainError, IntegrityError) as error:
            found[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(steps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return found


@pytest.mark.django_db(transaction=True)
def test_of_two_contacts_on_the_last_place_one_gets_it():
    unit, rows = of_unit(quota=1, count=2)

    def endorse(row):
        return operations.endorse_application(application=row, by=make.contact(unit), now=NOW)

    found = together(*(lambda row=row: endorse(row) for row in rows))
    errors = [one for one in found if isinstance(one, Exception)]
    assert [error.code for error in errors] == ["unit_quota"]
    assert UnitOpinion.objects.filter(endorsed=True).count() == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_lock_and_trigger_both_get_the_last_place():
    _unit, rows = of_unit(quota=1, count=2)
    counted = threading.Barrier(2)

    def unguarded(row):
        with transaction.atomic():
            assert nominating_rules.why_not_endorse(row, NOW) is None
            counted.wait(10)  # both have counted before either writes
            endorsing._say(row, True, None, NOW)
        return row

    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE calls_unitopinion DISABLE TRIGGER opinion_within_quota")
    try:
        done = together(*(lambda row=row: unguarded(row) for row in rows))
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE calls_unitopinion ENABLE TRIGGER opinion_within_quota")
    assert done == rows
    assert UnitOpinion.objects.filter(endorsed=True).count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_trigger_alone_lets_one_through():
    _unit, rows = of_unit(quota=1, count=2)
    counted = threading.Barrier(2)

    def unlocked(row):
        with transaction.atomic():
            assert nominating_rules.why_not_endorse(row, NOW) is None
            counted.wait(10)
            endorsing._say(row, True, None, NOW)
        return row

    found = together(*(lambda row=row: unlocked(row) for row in rows))
    assert [type(one) for one in found].count(IntegrityError) == 1
    assert UnitOpinion.objects.filter(endorsed=True).count() == 1


@pytest.mark.django_db(transaction=True)
def test_endorsed_and_withdrawn_at_once_leaves_no_place_taken():
    unit, (row,) = of_unit(quota=1)
    together(
        lambda: operations.endorse_application(application=row, by=make.contact(unit), now=NOW),
        lambda: operations.withdraw_application(application=row, by=row.talent.user, now=NOW),
    )
    row.refresh_from_db()
    assert (row.state, UnitOpinion.objects.count()) == ("withdrawn", 0)


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_a_withdrawn_one_keeps_its_place():
    _unit, (row,) = of_unit(quota=1)
    asked, gone = threading.Event(), threading.Event()

    def unguarded():
        with transaction.atomic():
            assert nominating_rules.why_not_endorse(row, NOW) is None
            asked.set()
            gone.wait(10)
            endorsing._say(row, True, None, NOW)

    def withdraw():
        asked.wait(10)
        operations.withdraw_application(application=row, by=row.talent.user, now=NOW)
        gone.set()

    together(unguarded, withdraw)
    row.refresh_from_db()
    assert (row.state, UnitOpinion.objects.count()) == ("withdrawn", 1)
