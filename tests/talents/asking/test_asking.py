"""Asking: what she says in one place, the record of each time, and why somebody is not asked."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kernel.errors import Conflict, Invalid, Refused
from privacy import consents, retention
from privacy.models import AuditEntry, Consent
from talents import operations as talents
from talents.asking import operations, rules
from talents.asking.models import Answer, Asked, AskedAnswer, AskingWish, kinds
from talents.models import Merge, Talent
from tests import factories
from tests.factories import NOW
from tests.privacy.test_audit import tamper
from tests.talents.asking import make
from tests.waits import beside

pytestmark = pytest.mark.django_db
PAGE = reverse("asking")


def why(talent, *, kind="talk", department=None, now=NOW):
    """Return the code of why a woman may not be asked, None where she may; the rule in SQL says the same."""
    department = department or factories.department()
    error = rules.why_not_ask(talent, kind, department, now)
    rows = Talent.objects.filter(pk=talent.pk)
    found = rules.askable(rows, kind, department, now).exists()
    assert found is (error is None)
    return error and error.code


# --- what she says --------------------------------------------------------------------------------
def test_who_says_nothing_is_asked_by_her_own_department_alone():
    her = make.woman()
    assert (why(her), why(her, department=factories.department(make.OTHERS))) == (None, "not_yours")


def test_each_thing_she_says_is_kept_to():
    her, tomorrow = make.woman(), date(2026, 11, 24)
    make.wish(her, chosen=[])
    assert why(her) == "not_wished"
    make.wish(her, not_before=tomorrow)
    assert (why(her), why(her, now=NOW + timedelta(days=1))) == ("not_before", None)
    operations.stop_asking(talent=her, by=her.user, now=NOW)
    assert why(her, now=NOW + timedelta(days=1)) == "stopped"
    operations.resume_asking(talent=her, by=her.user, now=NOW)
    assert why(her) == "not_before"
    make.wish(her, others=True)
    assert why(her, department=factories.department(make.OTHERS)) is None
    make.wish(her)
    assert why(her, department=factories.department(make.OTHERS)) == "not_yours"
    actions = AuditEntry.objects.filter(action__startswith="talents.").order_by("pk")
    assert list(actions.values_list("action", flat=True)) == [
        "talents.save_asking_wish",
        "talents.save_asking_wish",
        "talents.stop_asking",
        "talents.resume_asking",
        "talents.save_asking_wish",
        "talents.save_asking_wish",
    ]


def test_whoever_is_not_listed_is_not_asked():
    paused = make.woman(paused_at=NOW)
    reported = make.woman(user=None)
    silent = factories.talent()
    stale = make.woman(confirm_from=NOW - timedelta(days=100))
    gone = make.woman(moved_away_on=date(2026, 11, 1))
    assert [why(one) for one in (paused, reported, silent, stale, gone)] == [
        "paused",
        "not_claimed",
        "no_consent",
        "not_confirmed",
        "moved_away",
    ]


def test_another_department_without_her_word_learns_nothing_else_of_her():
    paused = make.woman(paused_at=NOW)
    error = rules.why_not_ask(paused, "talk", factories.department(make.OTHERS), NOW)
    assert (type(error), error.code) == (Refused, "not_yours")


def test_a_quarter_holds_what_she_said_whatever_she_answered():
    her, row = make.woman(), make.invitation()
    make.wish(her, most_a_quarter=1)
    make.ask(her, row=row)
    operations.answer(invitation=row, answer=Answer.DECLINED, now=NOW)
    assert why(her) == "asked_enough"
    new_year = NOW.replace(
        month=12, day=31, hour=16
    )  # midnight of the first of January in Chongqing
    assert why(her, now=new_year - timedelta(seconds=1)) == "asked_enough"
    assert why(her, now=new_year) is None
    with pytest.raises(Conflict) as refusal:
        make.ask(her)
    assert (refusal.value.code, Asked.objects.count()) == ("asked_enough", 1)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"chosen": ["everything"]}, "chosen"),
        ({"most_a_quarter": 0}, "most_a_quarter"),
        ({"most_a_quarter": 13}, "most_a_quarter"),
        ({"not_before": date(2026, 11, 23)}, "not_before"),
    ],
)
def test_wrong_input_is_one_sentence_and_nothing_written(said, field):
    her = make.woman()
    with pytest.raises(Invalid) as refusal:
        make.wish(her, others=True, **said)
    assert (refusal.value.field, AskingWish.objects.count()) == (field, 0)
    assert not Consent.objects.filter(purpose="asking").exists()


def test_a_day_that_has_come_is_saved_as_none():
    her = make.woman()
    make.wish(her, not_before=date(2026, 11, 24))
    later = NOW + timedelta(days=30)
    wish = make.wish(her, not_before=date(2026, 11, 24), now=later)
    assert wish.not_before is None


def test_her_page_takes_what_she_says_and_one_tap_stops_it(client):
    her = make.woman()
    client.force_login(her.user)
    page = client.get(PAGE).content.decode()
    assert page.count("checked") == len(kinds())  # what she has not said no to
    sent = {"chosen": ["talk"], "most_a_quarter": "1", "others": "on"}
    assert client.post(PAGE, sent).status_code == 302
    wish = AskingWish.objects.get()
    assert (wish.kinds, wish.most_a_quarter) == (["talk"], 1)
    her.refresh_from_db()
    assert her.others_may_ask
    client.post(reverse("asking_stop"))
    assert "不接受任何邀请" in client.get(PAGE).content.decode()
    client.post(reverse("asking_resume"))
    assert AskingWish.objects.get().stopped_at is None
    wrong = client.post(PAGE, sent | {"not_before": "2020-01-01"})
    assert (wrong.status_code, "今天以后" in wrong.content.decode()) == (422, True)


def test_who_is_not_in_the_database_is_led_to_her_profile(client):
    client.force_login(factories.talent(state="submitted").user)
    assert client.get(PAGE).headers["Location"] == reverse("profile")
    assert client.post(reverse("asking_stop")).status_code == 302
    assert not AskingWish.objects.exists()


def test_her_page_asks_as_much_for_three_as_for_one(client):
    her = make.woman()
    make.ask(her)
    client.force_login(her.user)

    def queries():
        client.get(PAGE)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(PAGE).status_code == 200
        return len(asked)

    one = queries()
    make.ask(her)
    make.ask(her)
    assert queries() == one


def test_her_page_says_what_she_was_asked_and_what_she_answered(client):
    her, row = make.woman(), make.invitation()
    make.ask(her, row=row)
    client.force_login(her.user)
    assert "等您答复" in client.get(PAGE).content.decode()
    operations.answer(invitation=row, answer=Answer.DECLINED, now=NOW)
    page = client.get(PAGE).content.decode()
    assert ("不便参加" in page, f"/stories/talks/mine/{row.pk}/" in page) == (True, True)


# --- the record -----------------------------------------------------------------------------------
def test_the_same_invitation_is_asked_once_and_again_after_a_decline():
    her, row = make.woman(), make.invitation()
    make.wish(her, most_a_quarter=1)
    first = make.ask(her, row=row)
    assert make.ask(her, row=row) == first
    operations.answer(invitation=row, answer=Answer.DECLINED, now=NOW)
    operations.answer(invitation=row, answer=Answer.DECLINED, now=NOW)
    make.ask(her, row=row, now=NOW + timedelta(hours=1))
    operations.answer(invitation=row, answer=Answer.ACCEPTED, now=NOW)
    said = AskedAnswer.objects.values_list("answer", flat=True)
    assert (list(said), Asked.objects.count()) == (["declined", "again", "accepted"], 1)
    her.refresh_from_db()
    assert her.asked_at == NOW
    assert Asked.objects.with_answer().get().answer == "accepted"


def test_who_stopped_is_not_asked_again_for_the_same():
    her, row = make.woman(), make.invitation()
    make.ask(her, row=row)
    operations.answer(invitation=row, answer=Answer.DECLINED, now=NOW)
    operations.stop_asking(talent=her, by=her.user, now=NOW)
    with pytest.raises(Conflict):
        make.ask(her, row=row)


def test_an_answer_to_what_is_not_on_record_is_nothing():
    operations.answer(invitation=make.invitation(), answer=Answer.ACCEPTED, now=NOW)
    assert AskedAnswer.objects.count() == 0


def refused(statement):
    """Tell whether the database refuses a statement."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        return "append-only" in str(error)
    return False


def test_nothing_of_the_record_is_changed_or_removed():
    her, row = make.woman(), make.invitation()
    make.ask(her, row=row)
    operations.answer(invitation=row, answer=Answer.LAPSED, now=NOW)
    another = make.woman()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert [
        refused("UPDATE talents_asked SET at = now()"),
        refused(f"UPDATE talents_asked SET talent_id = {another.pk}"),
        refused(f"SELECT talents_move_asked(array(SELECT id FROM talents_asked), {another.pk})"),
        refused("DELETE FROM talents_askedanswer"),
        refused("UPDATE talents_askedanswer SET answer = 'accepted'"),
        refused("TRUNCATE talents_asked, talents_askedanswer"),
    ] == [True] * 6
    source = Asked.objects.get().source
    with pytest.raises(DatabaseError, match="source"), transaction.atomic():
        Asked.objects.create(
            talent=another, kind="talk", source=source, department=another.department, at=NOW
        )


def test_it_goes_after_three_years_and_not_before():
    her, row = make.woman(), make.invitation()
    make.ask(her, row=row)
    operations.answer(invitation=row, answer=Answer.ACCEPTED, now=NOW)
    assert operations.cut(NOW + timedelta(days=3000)) == 0  # whatever clock the caller has
    tamper("UPDATE talents_asked SET at = now() - interval '3 years 1 day'")
    retention.apply(now=timezone.now())
    assert (Asked.objects.count(), AskedAnswer.objects.count()) == (0, 0)


# --- in step with consent and records -------------------------------------------------------------
def test_whoever_writes_an_answer_or_a_record_the_mark_is_her_newest_answer():
    her = make.woman()

    def mark():
        return Talent.objects.values_list("others_may_ask", flat=True).get(pk=her.pk)

    factories.consent(her.user, "asking")
    assert mark()
    her.others_may_ask = False
    her.save()  # read before she answered
    assert mark()
    factories.consent(her.user, "talent_database")
    consents.withdraw(user=her.user, purpose="asking", by=her.user, now=NOW)
    assert not mark()
    factories.consent(her.user, "asking")
    user, her.user = her.user, None
    her.save()
    assert not mark()
    Talent.objects.filter(pk=her.pk).update(user=user)
    assert mark()


def test_what_she_was_asked_goes_over_with_a_merge_and_comes_back():
    clerk = factories.staff("department_clerk")
    keep = factories.talent(user=None, source="import")
    lose, row = make.woman(), make.invitation()
    make.wish(lose, most_a_quarter=2)
    make.ask(lose, row=row)
    given = {"reason": "电话核实是同一人", "by": clerk, "now": NOW}
    talents.merge_records(keep=keep, lose=lose, **given)

    def hers(talent):
        talent.refresh_from_db()
        asked = Asked.objects.filter(talent=talent).count()
        return asked, talent.asked_at, AskingWish.objects.filter(talent=talent).count()

    assert (hers(keep), hers(lose)) == ((1, NOW, 1), (0, None, 0))
    operations.answer(invitation=row, answer=Answer.ACCEPTED, now=NOW)
    talents.undo_merge(merge=Merge.objects.get(), **given)
    assert (hers(keep), hers(lose)) == ((0, None, 0), (1, NOW, 1))
    assert Asked.objects.with_answer().get().answer == "accepted"


def test_what_she_says_while_merged_goes_with_her_when_they_are_two_again():
    clerk = factories.staff("department_clerk")
    keep, lose = factories.talent(user=None, source="import"), make.woman()
    given = {"reason": "电话核实是同一人", "by": clerk, "now": NOW}
    talents.merge_records(keep=keep, lose=lose, **given)
    keep.refresh_from_db()
    make.wish(keep, most_a_quarter=1)
    talents.undo_merge(merge=Merge.objects.get(), **given)
    assert AskingWish.objects.get().talent == lose


# --- two at once ----------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("with_lock", [True, False])
def test_the_last_time_of_a_quarter_is_asked_for_by_one_department_alone(with_lock):
    """The control leaves the lock out, and both ask."""
    her = make.woman()
    make.wish(her, most_a_quarter=1)
    rows = [make.invitation(), make.invitation()]

    def asking(row):
        def act():
            with transaction.atomic():
                talent = operations.lock(her) if with_lock else her
                return make.ask(talent, row=row)

        return act

    code = beside(asking(rows[0]), asking(rows[1]))
    expected = ("asked_enough", 1) if with_lock else (None, 2)
    assert (code, Asked.objects.count()) == expected
