"""Records that may be one woman's: found, judged, merged, and two again."""

import os
import signal
import subprocess
import sys
from datetime import date, timedelta
from functools import partial
from threading import Barrier
from threading import Event as Signal

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from care_points import ledger, lots
from care_points import operations as points
from care_points.models import PointsAccount, Redemption, ServiceHours
from care_points.reconciliation import reconcile
from events import operations as events
from events.models import Booking
from kernel.errors import DomainError
from notices.models import Notice
from privacy import consents
from talents import operations, tasks
from talents.career import operations as career
from talents.doubles import finding
from talents.doubles.moving import movings
from talents.imports import operations as imports
from talents.imports import running
from talents.models import Merge, Pair, Talent, ToCompare
from talents.operations import merging
from tests import factories
from tests.care_points import make
from tests.factories import NOW
from tests.talents.identity.test_claims import reported, woman
from tests.talents.imports import workbooks
from tests.talents.imports.workbooks import identity
from tests.talents.test_operations import save, submitted
from tests.talents.test_verification import decide_together

pytestmark = pytest.mark.django_db
NUMBER, OTHER = identity("19900301"), identity("19900302")
WHY = "电话核实是同一人"


@pytest.fixture(autouse=True)
def _one_factor(settings):
    """Staff enter with a password alone; the second factor has tests of its own."""
    settings.STAFF_SECOND_FACTOR = False


def clerk():
    """A clerk of the department."""
    return factories.staff("department_clerk")


def code_of(operation, **arguments):
    """The code of a refusal."""
    arguments.setdefault("now", NOW)
    with pytest.raises(DomainError) as refused:
        operation(**arguments)
    return refused.value.code


def merge(keep, lose, **arguments):
    """Merge as a clerk does."""
    arguments.setdefault("by", clerk())
    return operations.merge_records(keep=keep, lose=lose, reason=WHY, now=NOW, **arguments)


def undo(merged, **arguments):
    """Take a merge back."""
    arguments = {"by": None, "now": NOW, "reason": "经核对不是同一人"} | arguments
    return operations.undo_merge(merge=Merge.objects.get(pk=merged.pk), **arguments)


def row(talent):
    """Everything the database holds of a record, but when it was last written."""
    values = Talent.objects.filter(pk=talent.pk).values().get()
    sealed = ("id_number", "phone", "email", "updated_at")
    return {name: value for name, value in values.items() if name not in sealed}


DAY = timedelta(days=1)
KILLED = """
import os, signal, django
django.setup()
from django.utils import timezone
from talents import operations
from talents.models import Merge, Talent

def die(**fields):
    os.kill(os.getpid(), signal.SIGKILL)

Merge.objects.create = die
keep, lose = Talent.objects.get(pk={keep}), Talent.objects.get(pk={lose})
operations.merge_records(keep=keep, lose=lose, reason="电话核实是同一人", by=None, now=timezone.now())
"""


class Outcome:
    """What a thread ended with, as decide_together reads it."""

    def __init__(self, state):
        self.state = state


# --- found -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("one", "other", "reasons"),
    [
        ({"id_number": NUMBER}, {"full_name": "李四", "id_number": NUMBER}, ["id_number"]),
        ({"phone": "14000008001"}, {"full_name": "李四", "phone": "14000008001"}, ["phone"]),
        (
            {"birth_month": date(1990, 3, 1), "unit_text": "礼嘉医院"},
            {"birth_month": date(1990, 3, 1), "unit_text": "礼嘉医院"},
            ["sound", "work"],
        ),
        ({}, {"full_name": "汪晓敏"}, ["sound"]),  # wang xiao min
        ({"birth_month": date(1990, 4, 1)}, {}, None),
        ({"id_number": NUMBER}, {"id_number": OTHER}, None),  # two numbers are two women
        ({"id_number": NUMBER}, {}, ["sound"]),
        ({}, {"state": "draft"}, None),
        ({}, {"state": "left"}, None),
        ({"full_name": ""}, {"full_name": ""}, None),
    ],
)
def test_what_makes_two_records_a_pair(one, other, reasons):
    first = factories.talent(**{"state": "submitted", "submitted_at": NOW} | one)
    second = factories.talent(**{"user": None} | other)
    assert finding.alike([first.pk]) == ({(first.pk, second.pk): reasons} if reasons else {})
    assert finding.look_again(now=NOW) == (1 if other.get("state") == "draft" else 2)
    found = list(Pair.objects.values_list("first", "second", "reasons"))
    assert found == ([(first.pk, second.pk, reasons)] if reasons else [])


def test_an_offices_phone_makes_no_pairs():
    names = ["甲一", "乙二", "丙三", "丁四", "戊五", "己六"]
    for name in names[:5]:
        factories.talent(full_name=name, user=None, phone="14000008002", birth_month=None)
    finding.look_again(now=NOW)
    assert Pair.objects.count() == 10
    last = factories.talent(full_name=names[5], user=None, phone="14000008002", birth_month=None)
    finding.look_again(now=NOW)
    assert finding.alike([last.pk]) == {}


def test_a_common_sound_makes_pairs_within_a_unit_alone():
    month, unit = date(1990, 5, 1), factories.unit()
    for number in range(20):
        factories.talent(full_name="王敏", user=None, unit_text=f"单位{number}", birth_month=month)
    finding.look_again(now=NOW)
    assert Pair.objects.count() == 190
    more = [
        factories.talent(full_name=name, user=None, unit=unit, birth_month=month)
        for name in ("王敏", "王敏", "王民")
    ]
    pks = [talent.pk for talent in more]
    assert finding.alike(pks) == {(pks[0], pks[1]): ["sound", "work"]}


def test_a_record_is_compared_once_until_it_is_written_again():
    talent = factories.talent(user=None)
    assert finding.look_again(now=NOW) == 1
    assert finding.look_again(now=NOW) == 0
    talent.position = "所长"
    talent.save()
    assert finding.look_again(now=NOW) == 0  # nothing that a pair is found by
    talent.full_name = "李四"
    talent.save()
    assert (list(ToCompare.objects.values_list("pk", flat=True)), finding.look_again(now=NOW)) == (
        [talent.pk],
        1,
    )


def test_what_is_alike_no_more_is_dropped_and_what_was_judged_stays():
    first, second = factories.talent(user=None), factories.talent(user=None)
    finding.look_again(now=NOW)
    pair = Pair.objects.get()
    operations.judge_apart(pair=pair, reason="电话核实是两个人", by=clerk(), now=NOW)
    second.full_name = "李四"
    second.save()
    finding.look_again(now=NOW)
    assert Pair.objects.get().apart_reason == "电话核实是两个人"
    operations.judge_again(pair=pair, by=clerk(), now=NOW)
    first.full_name = "赵五"
    first.save()
    finding.look_again(now=NOW)
    assert list(Pair.objects.all()) == []


def test_the_worker_takes_the_queue_in_pieces(monkeypatch):
    monkeypatch.setattr(finding, "CHUNK", 2)
    for _number in range(5):
        factories.talent(user=None)
    assert finding.look_again(now=NOW, most=2) == 2
    monkeypatch.setattr(finding.look_again, "__kwdefaults__", {"most": 2})
    tasks.find_doubles()
    assert (ToCompare.objects.count(), Pair.objects.count()) == (0, 10)


def test_each_likeness_is_found_by_an_index():
    """The plan of a large table: no sequential scan of the records."""
    talent = factories.talent(id_number=NUMBER, phone="14000008003")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + finding.LIKE, {"ids": [talent.pk], "most": 5, "sound": 20})
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert ("Seq Scan" in plan, "talent_sound" in plan) == (False, True)


# --- judged ----------------------------------------------------------------------------------------
def test_two_women_stay_two_until_that_is_taken_back(client):
    staff = clerk()
    client.force_login(staff)
    factories.talent(full_name="王晓敏"), factories.talent(user=None)
    finding.look_again(now=NOW)
    (pair,) = Pair.objects.visible_to(staff).waiting()
    address = reverse("admin:talents_pair_judge_apart", args=[pair.pk])
    client.post(address, {"reason": "电话核实是两个人"})
    assert (
        code_of(operations.judge_apart, pair=pair, reason="再判断一次", by=staff)
        == "already_judged"
    )
    assert list(Pair.objects.waiting()) == []
    client.post(reverse("admin:talents_pair_judge_again", args=[pair.pk]))
    assert list(Pair.objects.waiting()) == [pair]
    assert code_of(operations.judge_again, pair=pair, by=staff) == "not_judged"


def test_the_list_asks_the_same_for_one_pair_and_for_three(client):
    client.force_login(clerk())
    address = reverse("admin:talents_pair_changelist")

    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    unit = factories.unit()
    factories.talent(user=None, unit=unit), factories.talent(user=None, unit=unit)
    finding.look_again(now=NOW)
    client.get(address)
    one = asked()
    factories.talent(user=None, unit=unit)
    finding.look_again(now=NOW)
    assert (Pair.objects.count(), asked()) == (3, one)


def test_the_page_of_a_pair_is_called_by_both_names(client):
    factories.talent(user=None, full_name="王敏"), factories.talent(user=None, full_name="王民")
    finding.look_again(now=NOW)
    client.force_login(clerk())
    page = client.get(reverse("admin:talents_pair_change", args=[Pair.objects.get().pk])).text
    assert "王敏、王民" in page


def test_a_clerk_sees_pairs_of_her_own_department_alone():
    other = factories.department("science_innovation")
    factories.talent(user=None), factories.talent(user=None, department=other)
    finding.look_again(now=NOW)
    assert (Pair.objects.count(), Pair.objects.visible_to(clerk()).count()) == (1, 0)


# --- merged ----------------------------------------------------------------------------------------
def test_the_record_she_handed_in_and_the_reported_one_become_one():
    lose, keep = submitted(woman()), reported(professional_title="教授", tier="city")
    user, was = lose.user, row(lose)
    merged = merge(keep, lose, chosen=["professional_title", "unit"])
    keep.refresh_from_db()
    lose.refresh_from_db()
    assert (keep.user, keep.state, keep.tier) == (user, "verified", "city")
    assert (keep.professional_title, keep.unit_text) == ("主任医师", "重庆礼嘉医院")
    assert keep.phone == user.phone  # the one she has proved
    assert (lose.user, lose.state) == (None, "merged")
    assert list(Talent.objects.visible_to(clerk())) == [keep]
    assert [notice.kind for notice in Notice.objects.filter(recipient=user)] == ["talents.merged"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT trace FROM talents_merge")
        assert "主任医师".encode() not in bytes(cursor.fetchone()[0])  # it is sealed
    undo(merged)
    keep.refresh_from_db()
    assert (keep.user, keep.professional_title, keep.unit_text) == (None, "教授", "")
    assert row(lose) == was
    assert set(Talent.objects.visible_to(clerk())) == {keep, lose}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (lambda: dict.fromkeys(("keep", "lose"), reported()), "same_record"),
        (lambda: {"keep": factories.talent(), "lose": factories.talent()}, "two_accounts"),
        (
            lambda: {
                "keep": reported(),
                "lose": factories.talent(
                    department=factories.department("science_innovation"), user=None
                ),
            },
            "two_departments",
        ),
        (lambda: {"keep": reported(), "lose": factories.talent(state="draft")}, "not_handed_in"),
        (lambda: {"keep": reported(), "lose": factories.talent(state="left")}, "not_handed_in"),
        (lambda: {"keep": submitted(woman()), "lose": reported()}, "keep_verified"),
    ],
)
def test_what_cannot_be_merged_is_said_in_one_sentence(arguments, code):
    assert code_of(operations.merge_records, **arguments(), reason=WHY, by=None) == code


def test_another_departments_and_hidden_records_are_not_the_clerks():
    elsewhere = factories.department("science_innovation")
    for lose in (
        factories.talent(user=None, department=elsewhere),
        factories.talent(state="draft"),
    ):
        given = {"keep": reported(id_number=None), "lose": lose, "reason": WHY, "by": clerk()}
        assert code_of(operations.merge_records, **given) == "not_in_scope"


def test_a_merge_says_why_and_what_changed_meanwhile():
    lose, keep = submitted(woman()), reported()
    given = {"keep": keep, "lose": lose, "by": clerk()}
    assert code_of(operations.merge_records, reason="同", **given) == "reason_missing"
    seen = {keep.pk: keep.updated_at, lose.pk: NOW - timedelta(days=1)}
    assert code_of(operations.merge_records, reason=WHY, seen=seen, **given) == "record_changed"
    merge(keep, lose)
    assert code_of(operations.merge_records, reason=WHY, **given) == "already_merged"


def test_everything_that_names_a_record_has_its_rule():
    """A new relation fails here until its app declares a Moving, or it is named as staying with good reason."""
    stays = {
        # Drafts put aside and what a merge itself keeps; a run's rows; what a trigger keeps by code; judged pairs.
        ("talents.Claim", "kept"),
        ("talents.Merge", "kept"),
        ("talents.Merge", "lost"),
        ("talents.ImportRow", "talent"),
        ("talents.SharedRecord", "talent"),
        # Append-only: how each of the two stood.
        ("talents.CareerSnapshot", "talent"),
        ("talents.HistoricalCareerEntry", "talent"),
        ("talents.Pair", "first"),
        ("talents.Pair", "second"),
    }
    relations = {
        (relation.related_model._meta.label, relation.field.name)
        for relation in Talent._meta.get_fields(include_hidden=True)
        if relation.auto_created and not relation.concrete
    }
    assert relations == {(moving.model, moving.field) for moving in movings()} | stays


def test_her_bookings_points_vouchers_and_hours_go_over_and_back():
    lose, keep = factories.talent(), reported()
    event = factories.event()
    booking = factories.booking(event, lose)
    make.give(lose, 100)
    voucher = make.redeem(lose, make.service(cost=10))
    hours = points.record_hours(
        talent=lose,
        activity="科普讲座",
        starts_at=NOW - timedelta(hours=30),
        half_hours=2,
        by=clerk(),
        now=NOW,
    )
    merged = merge(keep, lose)
    things = (
        (Booking, booking),
        (Redemption, voucher),
        (ServiceHours, hours),
        (PointsAccount, PointsAccount.objects.get(balance=90)),
    )
    assert [model.objects.get(pk=thing.pk).talent_id for model, thing in things] == [keep.pk] * 4
    undo(merged)
    assert [model.objects.get(pk=thing.pk).talent_id for model, thing in things] == [lose.pk] * 4
    assert reconcile().sound


def test_points_of_both_are_added_with_their_validity_and_parted_again():
    lose, keep = factories.talent(), reported()
    make.give(lose, 30)
    make.give(keep, 50, now=NOW - timedelta(days=60))
    old = {lot.until: lot.left for lot in lots.lots(ledger.lock_account(keep))}
    came = {lot.until: lot.left for lot in lots.lots(ledger.lock_account(lose))}
    merged = merge(keep, lose)

    def balances():
        accounts = [PointsAccount.objects.get(talent=talent) for talent in (keep, lose)]
        for account in accounts:
            assert sum(lot.left for lot in lots.lots(account)) == account.balance
        return [account.balance for account in accounts]

    assert balances() == [80, 0]
    account = PointsAccount.objects.get(talent=keep)
    assert {lot.until: lot.left for lot in lots.lots(account)} == old | came
    undo(merged)
    assert balances() == [50, 30]
    again = {lot.until: lot.left for lot in lots.lots(account) if lot.left}
    assert (again, reconcile().sound) == (old, True)


def test_points_that_were_spent_since_keep_the_merge():
    lose, keep = factories.talent(), reported()
    make.give(lose, 30)
    make.give(keep, 50)
    merged = merge(keep, lose)
    hers = Talent.objects.get(pk=keep.pk)
    make.redeem(hers, make.service(cost=60))
    given = {"merge": Merge.objects.get(pk=merged.pk), "reason": "不是同一人", "by": None}
    assert code_of(operations.undo_merge, **given) == "points_spent"


def test_two_seats_of_one_event_are_settled_first():
    now = timezone.now()
    lose, keep = factories.talent(), factories.talent()
    event = factories.event(starts_at=now + timedelta(days=3), booking_opens_at=now - DAY)
    mine = factories.booking(event, keep, now=now)
    factories.booking(event, lose, now=now)
    Talent.objects.filter(pk=keep.pk).update(user=None)
    keep.refresh_from_db()
    given = {"keep": keep, "lose": lose, "reason": WHY, "by": None}
    assert code_of(operations.merge_records, **given) == "both_booked"
    events.cancel_booking(booking=mine, by=None, now=now)
    merge(keep, lose, by=None)
    assert Booking.objects.active().get().talent_id == keep.pk


def test_hours_at_the_same_time_are_settled_first():
    lose, keep = factories.talent(), reported()
    given = {"starts_at": NOW - timedelta(hours=30), "half_hours": 2, "by": clerk(), "now": NOW}
    points.record_hours(talent=lose, activity="科普讲座", **given)
    points.record_hours(talent=keep, activity="科普讲座", **given)
    given = {"keep": keep, "lose": lose, "reason": WHY, "by": None}
    assert code_of(operations.merge_records, **given) == "hours_overlap"


# --- two again -------------------------------------------------------------------------------------
def test_what_came_since_to_her_account_keeps_the_merge_and_is_named():
    lose, keep = factories.talent(), reported()
    merged = merge(keep, lose)
    factories.booking(factories.event(), Talent.objects.get(pk=keep.pk))
    given = {"merge": Merge.objects.get(pk=merged.pk), "reason": "不是同一人", "by": None}
    with pytest.raises(DomainError) as refused:
        operations.undo_merge(now=NOW, **given)
    assert (refused.value.code, str(refused.value)) == (
        "depended_on",
        "合并以后又有了报名 1 项，不能撤销。请用更正、转交等办法处理。",
    )


def test_what_was_changed_since_stays_as_it_is():
    lose, keep = submitted(woman()), reported(position="院长", professional_title="教授")
    merged = merge(keep, lose, chosen=["professional_title", "discipline"])
    changes = {"professional_title": "研究员"}
    operations.correct(talent=keep, changes=changes, reason="按证书更正", by=clerk(), now=NOW)
    undo(merged)
    keep.refresh_from_db()
    assert (keep.professional_title, keep.discipline) == ("研究员", "")


def test_what_she_wrote_meanwhile_goes_with_her_account():
    """The other woman's record is as the merge had left it, and its job stays where it was."""
    lose = submitted(woman())
    keep = reported(position="院长", unit_text="礼嘉医院", professional_title="教授")
    before = row(keep)
    merged = merge(keep, lose)
    user = User.objects.get(pk=lose.user_id)
    save(user, 2, {"unit": None, "unit_text": "白露公司", "position": "经理"})
    values = {"sort": "paper", "name": "白露研究", "began": date(2020, 1, 1)}
    for by, name in ((user, "白露研究"), (None, "轴承研究")):
        career.save_entry(
            talent=Talent.objects.get(pk=keep.pk),
            kind="achievement",
            values=values | {"name": name},
            reason="按登记表录入",
            by=by,
            now=NOW,
        )
    operations.pause(talent=Talent.objects.get(pk=keep.pk), by=user, now=NOW)
    undo(merged)
    changed = {name for name, value in row(keep).items() if value != before[name]}
    assert changed == {"search_text", "search_grams"}
    keep, lose = Talent.objects.get(pk=keep.pk), Talent.objects.get(pk=lose.pk)
    assert [entry.name for entry in keep.career.all()] == ["轴承研究"]
    assert (lose.user, lose.unit_text, lose.position) == (user, "白露公司", "经理")
    assert [entry.name for entry in lose.career.all()] == ["白露研究"]
    assert ("白露" in keep.search_text, "白露研究" in lose.search_text) == (False, True)
    assert "白露" not in str(list(keep.history.values()))


def test_of_two_merges_the_later_is_undone_first():
    keep, one, other = (reported(id_number=None, phone=None) for _number in range(3))
    first, second = merge(keep, one), merge(keep, other)
    given = {"reason": "不是同一人", "by": None}
    first = Merge.objects.get(pk=first.pk)
    assert code_of(operations.undo_merge, merge=first, **given) == "merged_again"
    undo(second)
    undo(first)
    assert code_of(operations.undo_merge, merge=Merge.objects.get(pk=first.pk), **given) == (
        "merge_undone"
    )
    assert Talent.objects.verified().count() == 3


def test_a_number_somebody_has_by_now_keeps_the_merge():
    keep, lose = reported(id_number=OTHER), reported(id_number=NUMBER)
    merged = merge(keep, lose)
    reported(id_number=NUMBER)
    given = {"merge": merged, "reason": "不是同一人", "by": None}
    assert code_of(operations.undo_merge, **given) == "id_number_known"
    assert Merge.objects.get().trace is not None


def test_a_granted_claim_goes_along_and_is_undone_after_the_merge():
    user, keep, lose = woman(), reported(id_number=None), reported()
    asked = operations.ask_for_record(
        user=user, full_name="王小敏", id_number=NUMBER, by=user, now=NOW
    )
    claim = operations.grant_claim(claim=asked, talent=lose, by=None, now=NOW)
    merged = merge(keep, Talent.objects.get(pk=lose.pk))
    claim.refresh_from_db()
    assert (claim.talent_id, claim.talent.user) == (keep.pk, user)
    given = {"claim": claim, "reason": "经核对不是本人", "by": None}
    assert code_of(operations.undo_claim, **given) == "merged_since"
    undo(merged)
    claim.refresh_from_db()
    assert claim.talent_id == lose.pk
    operations.undo_claim(now=NOW, **given | {"claim": claim})
    lose.refresh_from_db()
    assert lose.user is None


def test_a_claim_that_went_over_cannot_be_undone_once_the_merge_cannot():
    user, keep = woman(), reported(id_number=None, unit_text="留下的单位", position="所长")
    lose = reported(unit_text="并入的单位", position="职员")
    asked = operations.ask_for_record(
        user=user, full_name="王小敏", id_number=NUMBER, by=user, now=NOW
    )
    claim = operations.grant_claim(claim=asked, talent=lose, by=None, now=NOW)
    merge(keep, Talent.objects.get(pk=lose.pk))
    later = NOW + timedelta(days=31)
    operations.follow_merges(now=later)
    claim.refresh_from_db()
    given = {"claim": claim, "reason": "经核对不是本人", "by": None, "now": later}
    assert (claim.before, code_of(operations.undo_claim, **given)) == (None, "nothing_kept")
    keep.refresh_from_db()
    assert (keep.unit_text, keep.position, keep.user) == ("留下的单位", "所长", user)


def test_what_depends_on_a_choice_comes_along():
    """A date is that of its unit or title, a second level that of its first; and undoing puts both back."""
    keep = reported(
        id_number=None,
        discipline="520",
        discipline_detail="52010",
        industry="C",
        industry_division="39",
        unit_text="甲公司",
        unit_since=date(2015, 1, 1),
        education_level="21",
        graduated=date(2010, 1, 1),
    )
    lose = reported(
        discipline="320",
        industry="Q",
        industry_division="84",
        unit_text="乙医院",
        unit_since=date(2020, 1, 1),
        title_level="senior",
        title_since=date(2021, 1, 1),
        education_level="11",
    )
    before = row(keep)
    chosen = ["discipline", "industry", "unit", "title_level", "education_level"]
    merged = merge(keep, lose, chosen=chosen)
    now = row(keep)
    taken = {column for name in chosen for column in merging.CHOICES[name]}
    assert {column: now[column] for column in taken} == {
        column: row(lose)[column] for column in taken
    }
    details = ("discipline_detail", "industry_division", "unit_since", "title_since", "graduated")
    assert [now[name] for name in details] == [
        "",
        "84",
        date(2020, 1, 1),
        date(2021, 1, 1),
        None,
    ]
    undo(merged)
    assert row(keep) == before


def test_after_thirty_days_the_trace_and_what_the_record_said_are_gone():
    lose, keep = submitted(woman()), reported()
    merge(keep, lose, chosen=["unit"])
    assert operations.follow_merges(now=NOW + timedelta(days=30)) == 0
    later = NOW + timedelta(days=30, seconds=1)
    assert operations.follow_merges(now=later) == 1
    lose.refresh_from_db()
    held = (lose.full_name, lose.search_text, lose.phone, lose.birth_month, lose.unit_text)
    assert (held, lose.history.count()) == (("", "", None, None, ""), 0)
    given = {"merge": Merge.objects.get(), "reason": "不是同一人", "by": None}
    assert code_of(operations.undo_merge, **given) == "merge_too_old"
    assert operations.follow_merges(now=later) == 0


def test_what_was_written_beside_the_merge_is_moved_a_moment_later():
    """Whoever books or earns holds an event or an account, and not the record."""
    lose, keep = factories.talent(), reported()
    event, other = factories.event(), factories.event()
    factories.booking(event, lose)
    merged = merge(keep, lose)
    late = factories.booking(other, factories.talent())
    Booking.objects.filter(pk=late.pk).update(talent=lose.pk)  # as it would have been written
    operations.follow_merges(now=NOW)
    assert set(Booking.objects.values_list("talent", flat=True)) == {keep.pk}
    undo(merged)
    assert set(Booking.objects.values_list("talent", flat=True)) == {lose.pk}


def test_what_was_written_beside_an_old_merge_is_moved_too():
    """However many merges came after it: its record is found by what still names it."""
    lose, keep = factories.talent(), reported()
    merge(keep, lose)
    for _number in range(51):
        Merge.objects.create(
            kept=keep, lost=factories.talent(state="merged", user=None), at=NOW, trace="{}"
        )
    late = factories.booking(factories.event(), factories.talent())
    Booking.objects.filter(pk=late.pk).update(talent=lose.pk)
    operations.follow_merges(now=NOW)
    assert Booking.objects.get().talent_id == keep.pk


def test_a_list_writes_nothing_into_a_record_that_was_merged_away():
    from talents.imports import matching

    lose, keep = reported(phone="14000008009", id_number=None), reported(id_number=None)
    merge(keep, lose)
    found = matching.Candidates([], factories.department(), lock=True)
    found._add(Talent.objects.get(pk=lose.pk))
    assert (found.checked.by_phone, found.waiting.by_phone) == ({}, {})


# --- at the same time ------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("locked", "answers"), [(True, ["already_merged", "done"]), (False, None)])
def test_two_clerks_merge_the_same_pair(locked, answers, monkeypatch):
    """With the lock left out both go as far as the database's constraint: the control."""
    lose, keep = factories.talent(), reported()
    make.give(lose, 30)
    if not locked:
        barrier = Barrier(2)

        def together(one, other):
            found = [Talent.objects.get(pk=talent.pk) for talent in (one, other)]
            barrier.wait(10)
            return found

        monkeypatch.setattr(merging, "_lock", together)

    def one(staff):
        try:
            merge(keep, lose, by=staff)
        except IntegrityError:
            return Outcome("constraint")
        return Outcome("done")

    done = decide_together([partial(one, clerk()), partial(one, clerk())])
    assert sorted(done) == (answers or ["constraint", "done"])
    assert (Merge.objects.count(), PointsAccount.objects.get(balance=30).talent_id) == (1, keep.pk)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("locked", [True, False])
def test_a_merge_a_claim_and_a_list_at_once(locked, monkeypatch):
    """The reported record is claimed, merged and written by a list; it ends with one owner, or merged and free.

    Left without the lock (the control), the claim gives away what was merged.
    """
    user, keep = woman("王小敏", phone="14000008011"), reported(id_number=None, phone=None)
    lose = reported(phone="14000008012", id_number=NUMBER)
    claim = operations.ask_for_record(
        user=user, full_name="王小敏", id_number=NUMBER, by=user, now=NOW
    )
    if not locked:
        read, claimed = Signal(), Signal()
        put_aside = merging._put_aside

        def late(*given):
            claimed.wait(20)
            put_aside(*given)

        def unlocked(one, other):
            found = [Talent.objects.get(pk=talent.pk) for talent in (one, other)]
            read.set()
            return found

        monkeypatch.setattr(merging, "_lock", unlocked)
        monkeypatch.setattr(merging, "_put_aside", late)
    run = imports.upload(
        file_name="a.xlsx",
        data=workbooks.form(workbooks.person(name="王小敏", id=NUMBER)).getvalue(),
        department=factories.department(),
        by=None,
        now=NOW,
    )
    running.work(run.pk, clock=lambda: NOW)
    run.refresh_from_db()
    if run.state == "ready":
        imports.confirm(run=run, by=None, now=NOW)

    def grant():
        try:
            if not locked:
                read.wait(20)
            operations.grant_claim(claim=claim, talent=lose, by=None, now=NOW)
        finally:
            if not locked:
                claimed.set()
        return Outcome("claimed")

    def put_together():
        merge(keep, lose, by=None)
        return Outcome("merged")

    def write():
        running.work(run.pk, clock=lambda: NOW)
        return Outcome("written")

    answers = decide_together([grant, put_together, write])
    lose.refresh_from_db()
    keep.refresh_from_db()
    owners = [talent.user for talent in (keep, lose) if talent.user]
    if locked:
        assert answers[2] == "written"
        assert sorted(answers[:2]) in (
            ["already_claimed", "merged"],
            ["claimed", "merged"],  # the claim first, and its account went along
            ["claimed", "record_changed"],
        )
        assert len(owners) == ("claimed" in answers)
    else:
        assert (answers[:2], lose.state, owners) == (["claimed", "merged"], "merged", [])


@pytest.mark.django_db(transaction=True)
def test_a_merge_that_is_killed_in_the_middle_leaves_nothing_half():
    lose, keep = factories.talent(), reported()
    make.give(lose, 30)
    factories.booking(factories.event(), lose)
    before = [row(talent) for talent in (keep, lose)]
    name = connection.settings_dict["NAME"]
    killed = subprocess.run(
        [sys.executable, "-c", KILLED.format(keep=keep.pk, lose=lose.pk)],
        env=os.environ
        | {
            "DATABASE_URL": f"{os.environ['DATABASE_URL'].rsplit('/', 1)[0]}/{name}",
            "DJANGO_SETTINGS_MODULE": "liangjiang.settings",
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert [row(talent) for talent in (keep, lose)] == before
    assert (Merge.objects.count(), Booking.objects.get().talent_id) == (0, lose.pk)
    merge(keep, lose)
    assert Booking.objects.get().talent_id == keep.pk


# --- the clerk's pages -----------------------------------------------------------------------------
TWO_NUMBERS = "两份档案的身份证号不同，多半是两个人"


def compare(keep, lose):
    """The address of two records side by side."""
    return reverse("admin:talents_talent_merge", args=[keep.pk, lose.pk])


def test_a_clerk_merges_side_by_side_and_takes_it_back(client):
    client.force_login(clerk())
    lose, keep = submitted(woman()), reported(professional_title="教授")
    dossier = client.get(reverse("admin:talents_talent_change", args=[lose.pk])).text
    assert "可能重复：王小敏，—，姓名读音和出生年月相同。" in dossier
    assert compare(lose, keep) in dossier
    # What waits goes into what is in the database, whichever way she came.
    assert client.get(compare(lose, keep)).url == compare(keep, lose)
    page = client.get(compare(keep, lose)).text
    assert ("教授" in page, "主任医师" in page, NUMBER in page) == (True, True, False)
    assert TWO_NUMBERS not in page
    stamps = [f"{talent.pk} {talent.updated_at.isoformat()}" for talent in (keep, lose)]
    form = client.get(compare(keep, lose)).context["form"]
    kept = {field.name: field.initial for field in form.rows()}
    sent = kept | {"professional_title": "lose", "reason": "同", "seen": stamps}
    assert client.post(compare(keep, lose), sent).status_code == 422
    done = client.post(compare(keep, lose), sent | {"reason": WHY}, follow=True)
    assert "两份档案已合并，30 天内可以撤销。" in done.text
    keep.refresh_from_db()
    assert (keep.professional_title, keep.user) == ("主任医师", lose.user)
    undo_page = reverse("admin:talents_talent_undo_merge", args=[keep.pk])
    assert undo_page in done.text
    client.post(undo_page, {"reason": "经核对不是同一人"})
    keep.refresh_from_db()
    assert (keep.professional_title, keep.user) == ("教授", None)


def test_two_accounts_are_shown_side_by_side_with_what_to_do_and_no_button(client):
    client.force_login(clerk())
    page = client.get(compare(factories.talent(), factories.talent())).text
    assert ("两份档案各有一个账号，不能合并" in page, "合并成一份" in page) == (True, False)


def test_two_identity_numbers_side_by_side_are_said_to_be_two_women(client):
    client.force_login(clerk())
    page = client.get(compare(reported(id_number=NUMBER), reported(id_number=OTHER))).text
    assert (TWO_NUMBERS in page, "合并成一份" in page) == (
        True,
        True,
    )  # a list may have mistyped one


def test_a_clerk_finds_the_other_record_by_its_likeness_or_its_code(client):
    client.force_login(clerk())
    lose, keep = submitted(woman()), reported()
    other = factories.talent(full_name="李四", user=None)
    unite = reverse("admin:talents_talent_unite", args=[lose.pk])
    assert client.post(unite, {"other": keep.pk, "code": ""}).url == compare(keep, lose)
    assert client.post(unite, {"code": other.code}).url == compare(other, lose)
    hidden = factories.talent(department=factories.department("trade_union"), user=None)
    for code in (hidden.code, lose.code, ""):
        assert client.post(unite, {"code": code}).status_code == 422


def test_the_side_by_side_page_asks_the_same_whatever_differs(client):
    client.force_login(clerk())

    def asked(keep, lose):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(compare(keep, lose)).status_code == 200
        return len(queries)

    plain = reported(id_number=None), reported(id_number=None, phone=None)
    client.get(compare(*plain))
    other = {"full_name": "李四", "professional_title": "教授", "honours": "奖", "id_number": None}
    assert asked(*plain) == asked(reported(**other), plain[0])


def test_an_erasure_reaches_what_was_merged_into_her_record():
    from talents.erasure import operations as erasure

    lose, keep = submitted(woman()), reported()
    merge(keep, lose)
    keep.refresh_from_db()
    asked = erasure.ask_erasure(user=keep.user, by=keep.user, now=NOW)
    given = {"keep": keep, "lose": factories.talent(user=None), "reason": WHY, "by": None}
    assert code_of(operations.merge_records, **given) == "erasure_waits"
    erasure.erase(erasure=asked, now=asked.due_at)
    lose.refresh_from_db()
    assert (lose.state, lose.full_name, Merge.objects.get().trace) == ("erased", "", None)


def test_what_neither_record_has_is_said_in_one_sentence(client):
    client.force_login(clerk())
    keep, lose = factories.talent(user=None), factories.talent(user=None)
    page = client.get(reverse("admin:talents_talent_merge", args=[keep.pk, lose.pk]))
    assert [row for row in page.context["hangs"] if row[1:] == ("0", "0")] == []
    assert "两份都没有：履历、" in page.text


# --- her number -------------------------------------------------------------------------------


def test_a_number_she_withdraws_is_nowhere_in_what_was_merged_and_comes_back_by_no_undoing():
    keep, lose = factories.talent(full_name="王小敏"), reported()
    factories.consent(keep.user, "identity_number")
    merged = merge(keep, lose, chosen=["id_number"])
    consents.withdraw(user=keep.user, purpose="identity_number", by=keep.user, now=NOW)
    assert numbers(keep, lose) == [None, None]
    assert NUMBER not in Merge.objects.get(pk=merged.pk).trace
    undo(merged)
    assert numbers(keep, lose) == [None, None]


def numbers(*talents):
    """The identity numbers records hold."""
    return [Talent.objects.get(pk=talent.pk).id_number for talent in talents]


def test_a_number_goes_into_a_claimed_record_with_her_consent_alone():
    keep, lose = factories.talent(full_name="王小敏"), reported()
    given = {"keep": keep, "lose": lose, "reason": WHY, "by": clerk(), "chosen": ["id_number"]}
    assert code_of(operations.merge_records, **given) == "consent_needed"
    assert numbers(keep, lose) == [None, NUMBER]
    factories.consent(keep.user, "identity_number")
    operations.merge_records(now=NOW, **given)
    assert numbers(keep) == [NUMBER]


def test_what_her_unit_reported_stays_with_her_record_however_it_is_merged():
    keep, lose = reported(id_number=None), factories.talent(full_name="王小敏", id_number=NUMBER)
    merge(keep, lose, chosen=["id_number"])
    assert numbers(keep) == [NUMBER]
