"""She applies: begins, saves, hands in, takes back; what is lacking is said; nothing gets in behind the deadline."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from calls import operations
from calls.models import Answer, Application, Call, Field, Stage
from kernel.errors import Conflict, Invalid, Refused
from notices.models import Notice
from tests import factories
from tests.calls import make

NOW, SECOND = factories.NOW, timedelta(seconds=1)
pytestmark = pytest.mark.django_db


def told(talent):
    return list(
        Notice.objects.filter(recipient=talent.user).order_by("pk").values_list("kind", flat=True)
    )


def texts(application):
    return {
        answer.field.label: answer.text
        for answer in Answer.objects.filter(application=application).select_related("field")
    }


def test_it_begins_with_her_record_and_is_one_for_each_call():
    call, talent = make.call(), factories.talent(unit=factories.unit("重庆云岭研究院"))
    about = {"call": call, "talent": talent, "by": talent.user, "now": NOW}
    first = operations.start_application(**about)
    assert operations.start_application(**about) == first
    assert texts(first) == {"单位": "重庆云岭研究院"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Application.objects.create(
            call=call, talent=talent, started_at=NOW, saved_at=NOW, deadline=call.closes_at
        )


@pytest.mark.parametrize(
    ("fields", "talent", "code"),
    [
        ({"opens_at": NOW + SECOND}, {}, "call_coming"),
        ({"sources": ["unit"]}, {}, "not_by_herself"),
        ({}, {"state": "submitted"}, "talent_in_review"),
    ],
)
def test_who_cannot_apply_is_told_why(fields, talent, code):
    about = {"call": make.call(**fields), "talent": factories.talent(**talent), "by": None}
    with pytest.raises((Conflict, Refused)) as refused:
        operations.start_application(now=NOW, **about)
    assert (refused.value.code, Application.objects.count()) == (code, 0)


def test_handing_in_asks_for_what_is_missing_and_gives_a_number_once():
    call = make.call()
    mine = make.begun(call)
    line = call.fields.get(label="主要事迹")
    about = {"application": mine, "by": mine.talent.user}
    for text, sentence in (("", "incomplete"), ("长" * 21, "incomplete")):
        operations.save_answers(answers={line.pk: text}, now=NOW, **about)
        with pytest.raises(Invalid) as refused:
            operations.submit_application(now=NOW, **about)
        assert (refused.value.code, str(refused.value)) == (
            sentence,
            "还不能提交，请先填好：主要事迹。",
        )
    operations.save_answers(answers={line.pk: "长" * 20}, now=NOW, **about)
    for _again in range(2):
        mine = operations.submit_application(now=NOW, **about)
    other = make.handed_in(call)
    assert [mine.number, other.number] == [1, 2]
    assert mine.number_text == f"2026-{call.pk:03d}-0001"
    assert told(mine.talent) == ["calls.received"]


def test_what_is_handed_in_stays_until_she_takes_it_back_and_hands_it_in_again():
    mine = make.handed_in()
    line, about = mine.call.fields.first(), {"by": mine.talent.user, "now": NOW}
    with pytest.raises(Conflict) as refused:
        operations.save_answers(application=mine, answers={line.pk: "改"}, **about)
    assert refused.value.code == "not_filled_in"
    operations.withdraw_application(application=mine, **about)
    again = operations.start_application(call=mine.call, talent=mine.talent, **about)
    again = operations.submit_application(application=again, **about)
    assert (again.pk, again.number, again.state) == (mine.pk, 1, "submitted")


@pytest.mark.parametrize("late", [False, True])
def test_the_deadline_counts_to_the_second(late):
    mine = make.begun()
    at = mine.call.closes_at + (SECOND if late else timedelta())
    line, about = mine.call.fields.first(), {"application": mine, "by": mine.talent.user, "now": at}
    if not late:
        operations.save_answers(answers={line.pk: "最后一刻"}, **about)
        assert operations.submit_application(**about).state == "submitted"
        return
    for act in (
        lambda: operations.save_answers(answers={line.pk: "晚了"}, **about),
        lambda: operations.submit_application(**about),
    ):
        with pytest.raises(Conflict) as refused:
            act()
        assert refused.value.code == "call_closed"
    assert texts(mine)["单位"] == "在一线攻关三年"


@pytest.mark.parametrize("field", ["saved_at", "submitted_at"])
def test_no_writer_gets_anything_in_behind_the_deadline(field):
    mine = make.handed_in()
    rows = Application.objects.filter(pk=mine.pk)
    with pytest.raises(IntegrityError, match="in_time"), transaction.atomic():
        rows.update(**{field: mine.deadline + SECOND})
    assert rows.update(**{field: mine.deadline}) == 1  # the control: at the deadline it is taken


@pytest.mark.parametrize(
    ("rows", "change"),
    [
        (Call, {"places": 3}),
        (Call, {"closes_at": NOW}),
        (Field, {"required": False}),
        (Stage, {"order": 9}),
    ],
)
def test_what_was_asked_is_frozen_by_the_database_once_it_is_open(rows, change):
    call = make.draft()
    of_call = {"pk": call.pk} if rows is Call else {"call": call}
    mine = rows.objects.filter(pk=rows.objects.filter(**of_call).last().pk)
    assert mine.update(**mine.values(*change)[0]) == 1
    operations.open_call(call=call, by=None, now=NOW)
    with pytest.raises(IntegrityError, match="call_frozen"), transaction.atomic():
        mine.update(**change)
    if rows is Field:
        with pytest.raises(IntegrityError, match="call_frozen"), transaction.atomic():
            mine.delete()


def test_text_is_corrected_and_the_deadline_moves_later_for_those_who_fill_in():
    mine = make.begun()
    call, later = mine.call, mine.call.closes_at + make.DAY
    operations.edit_call(call=call, fields={"text": "更正后的说明"}, by=None, now=NOW)
    with pytest.raises(Conflict) as refused:
        operations.edit_call(call=call, fields={"places": 3}, by=None, now=NOW)
    assert refused.value.code == "call_frozen"
    with pytest.raises(Invalid) as earlier:
        operations.extend_call(call=call, closes_at=NOW + make.DAY, by=None, now=NOW)
    assert earlier.value.code == "deadline_not_later"
    operations.extend_call(call=call, closes_at=later, by=None, now=NOW)
    mine.refresh_from_db()
    assert mine.deadline == later


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"closes_at": NOW - 2 * make.DAY}, "closes_before_opening"),
        ({"places": 2, "unit_quota": 3}, "quota_above_places"),
        ({"sources": []}, "sources_missing"),
    ],
)
def test_what_contradicts_itself_is_refused_in_a_sentence(fields, code):
    with pytest.raises(Invalid) as refused:
        make.draft(**fields)
    assert (refused.value.code, Call.objects.count()) == (code, 0)


def test_last_years_is_copied_with_its_form_and_stages():
    call = make.call(stages=("acceptance", "panel", "decision"))
    times = {"opens_at": NOW + make.DAY, "closes_at": NOW + 9 * make.DAY}
    copy = operations.copy_call(call=call, by=None, now=NOW, **times)
    assert (copy.state, copy.copied_from, copy.closes_at) == ("draft", call, times["closes_at"])
    names = [list(c.fields.values_list("label", "profile", "limit")) for c in (call, copy)]
    stages = [list(c.stages.values_list("kind", flat=True)) for c in (call, copy)]
    assert (names[0], stages[0]) == (names[1], stages[1])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("with_lock", [True, False])
def test_nobody_hands_in_beside_a_call_that_is_being_cancelled(with_lock, monkeypatch):
    """She is between her rule and her commit when the call is cancelled: the call waits for her, and she is told.

    The control leaves out her share of the call (and the trigger's): the cancellation overtakes her and she is not told.
    """
    mine = make.begun()
    inside, cancelled = threading.Event(), threading.Event()
    if not with_lock:
        monkeypatch.setattr(operations.applying, "share_call", lambda pk: Call.objects.get(pk=pk))
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE calls_application DISABLE TRIGGER application_taken")

    def cancel():
        inside.wait(10)
        try:
            operations.cancel_call(call=mine.call, reason="改到明年举行", by=None, now=NOW)
            cancelled.set()
        finally:
            connection.close()

    other = threading.Thread(target=cancel)
    other.start()
    try:
        with transaction.atomic():
            operations.submit_application(application=mine, by=None, now=NOW)
            inside.set()
            overtaken = cancelled.wait(1 if with_lock else 10)
    finally:
        inside.set()
        other.join(10)
        if not with_lock:
            with connection.cursor() as cursor:
                cursor.execute("ALTER TABLE calls_application ENABLE TRIGGER application_taken")
    assert overtaken is not with_lock
    assert cancelled.is_set()
    assert sorted(told(mine.talent)) == ["calls.cancelled", "calls.received"]
