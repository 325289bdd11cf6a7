"""Membership: applied for, approved by who is in office, renewed, paused with seniority kept, lapsed, left; lists."""

import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from kernel.errors import Invalid
from kernel.sweeps import sweep
from networks.associations import operations as associations
from networks.members import list_file, operations, rules
from networks.members.models import Membership
from networks.posts import operations as posts
from notices.models import Notice
from privacy.models import AuditEntry
from talents.models import Talent
from tests import factories
from tests.networks import make
from tests.networks.make import DAY, KEPT, NOW, TODAY
from tests.networks.test_associations import refused
from tests.waits import beside

database = pytest.mark.django_db


def told(kind):
    return Notice.objects.filter(kind=f"networks.{kind}").count()


def clock(now):
    """What networks.tasks.follow_associations does with memberships, at a moment."""
    today = timezone.localdate(now)
    sweep(Membership.objects.to_remind(today), operations.remind_member, "membership", now=now)
    sweep(Membership.objects.to_lapse(today), operations.lapse_membership, "membership", now=now)


# --- she applies -----------------------------------------------------------------------------------
@database
def test_who_is_in_office_is_told_and_takes_her_in_for_a_period():
    held = make.chair()
    one = make.applied(held.association)
    assert Notice.objects.get(kind="networks.member_applied").recipient == held.talent.user
    for _twice in range(2):
        operations.approve_membership(membership=one, by=held.talent.user, now=NOW)
    one = make.fresh(one)
    assert (one.joined_on, one.valid_until, told("member_approved")) == (
        TODAY,
        date(2027, 11, 22),
        1,
    )
    again = {"association": one.association, "talent": one.talent}
    assert refused(operations.apply_membership, **again) == ("member_already", None)


@database
def test_where_nobody_is_in_office_the_departments_clerks_are_told():
    clerk = factories.staff("department_clerk")
    factories.staff("department_clerk", department_code="science_innovation")
    make.applied(make.association())
    assert Notice.objects.get(kind="networks.member_applied").recipient == clerk


@database
def test_an_association_that_takes_none_is_closed_or_dissolved_is_not_applied_to():
    for fields, code in (
        ({"takes_members": False}, "takes_none"),
        ({"is_open": False}, "takes_none"),
    ):
        one, her = make.association(**fields), factories.talent()
        assert refused(operations.apply_membership, association=one, talent=her) == (code, None)
    new = factories.talent(state="submitted")
    answer = refused(operations.apply_membership, association=make.association(), talent=new)
    assert answer == ("talent_in_review", None)


@database
def test_a_decision_is_taken_back_within_thirty_days_while_she_holds_nothing():
    held = make.chair()
    one = make.applied(held.association)
    answer = {"membership": one, "reason": "不在本行业从业"}
    declined = operations.decline_membership(**answer, **KEPT)
    assert (declined.state, declined.reason) == ("declined", "不在本行业从业")
    assert operations.take_back_decision(membership=one, **KEPT).reason == ""
    operations.approve_membership(membership=one, **KEPT)
    late = {"membership": one, "by": None, "now": NOW + 31 * DAY}
    with pytest.raises(Exception, match="30 天"), transaction.atomic():
        operations.take_back_decision(**late)
    council = make.post(held.association, "理事", rung="council", seats=9, runs=False)
    given = {"first_day": TODAY, "document": "决议", "talent": one.talent}
    posts.appoint(post=council, **given, **KEPT)
    assert refused(operations.take_back_decision, membership=one) == ("holds_post", None)


@database
def test_nobody_decides_on_her_own_membership_in_office_or_not():
    held = make.chair()
    mine = Membership.objects.get()
    by = held.talent.user
    for operation, given in (
        (operations.end_membership, {"reason": "不想干了吧"}),
        (operations.take_back_decision, {}),
    ):
        with pytest.raises(Exception, match="本人"), transaction.atomic():
            operation(membership=mine, by=by, now=NOW, **given)


# --- renewed, lapsed -------------------------------------------------------------------------------
@database
def test_it_is_renewed_from_sixty_days_before_to_ninety_behind_with_seniority():
    end = date(2027, 6, 30)
    codes = []
    for day in (end - 61 * DAY, end - 60 * DAY, end + 90 * DAY, end + 91 * DAY):
        one = make.member(make.association(), valid_until=end)
        error = rules.why_not_renew(one, day)
        codes.append(error and error.code)
    assert codes == ["renew_early", None, None, "renew_late"]
    one = make.member(make.association(), valid_until=TODAY - 80 * DAY)
    renewed = operations.renew_membership(membership=one, by=one.talent.user, now=NOW)
    assert (renewed.joined_on, renewed.valid_until) == (
        date(2024, 1, 1),
        TODAY - 80 * DAY + timedelta(days=365),
    )
    assert (renewed.years_on(TODAY), told("member_renewed")) == (2, 0)


@database
def test_she_is_reminded_once_and_told_when_it_has_lapsed():
    end = TODAY + 40 * DAY
    one = make.member(make.association(), valid_until=end)
    seen = []
    for days in (0, 9, 10, 40, 41, 130, 131, 200):
        clock(NOW + days * DAY)
        seen.append((told("member_ending"), told("member_lapsed"), make.fresh(one).state))
    assert [(a, b, c == "lapsed") for a, b, c in seen] == [
        (0, 0, False),
        (0, 0, False),
        (1, 0, False),
        (1, 0, False),
        (1, 0, False),
        (1, 0, False),
        (1, 1, True),
        (1, 1, True),
    ]
    one = make.fresh(one)
    days = (end, end + DAY)
    assert [one.is_in_force(day) for day in days] == [True, False]
    assert [Membership.objects.in_force(day).exists() for day in days] == [True, False]


@database
def test_what_lapsed_without_any_job_is_no_bar_to_applying_anew():
    old = make.member(make.association(), valid_until=TODAY - 91 * DAY)
    new = make.applied(old.association, old.talent)
    assert (make.fresh(old).state, make.fresh(old).left_on, new.state) == (
        "lapsed",
        TODAY - 90 * DAY,
        "applied",
    )


# --- paused ----------------------------------------------------------------------------------------
@database
def test_a_pause_moves_the_end_keeps_seniority_and_asks_no_reason():
    one = make.member(make.association())
    by = one.talent.user
    until = TODAY + 179 * DAY
    paused = operations.pause_membership(membership=one, until=until, by=by, now=NOW)
    assert (paused.valid_until, paused.is_in_force(TODAY)) == (
        date(2027, 6, 30) + 180 * DAY,
        True,
    )
    assert (paused.years_on(date(2027, 1, 1)), str(paused.state_on(TODAY))) == (3, "已暂停")
    assert not {field.name for field in Membership._meta.fields} & {"pause_reason", "why"}
    later = NOW + 30 * DAY
    assert refused(operations.pause_membership, membership=one, until=until + DAY) == (
        "paused_already",
        None,
    )
    back = operations.resume_membership(membership=one, by=by, now=later)
    assert (back.valid_until, back.paused_until) == (
        date(2027, 6, 30) + 30 * DAY,
        TODAY + 29 * DAY,
    )
    assert back.is_paused(TODAY + 30 * DAY) is False


@database
@pytest.mark.parametrize("days", [-1, 0, 732])
def test_a_pause_lasts_from_tomorrow_to_two_years(days):
    one = make.member(make.association())
    answer = refused(operations.pause_membership, membership=one, until=TODAY + days * DAY)
    assert answer == ("pause_long", "until")


@database
def test_paused_and_resumed_on_one_day_nothing_has_changed():
    one = make.member(make.association())
    operations.pause_membership(membership=one, until=TODAY + 9 * DAY, **KEPT)
    back = operations.resume_membership(membership=one, **KEPT)
    assert (back.valid_until, back.paused_from) == (date(2027, 6, 30), None)


# --- left ------------------------------------------------------------------------------------------
@database
def test_she_leaves_and_comes_back_within_thirty_days_as_if_she_had_not():
    one = make.member(make.association())
    by = one.talent.user
    operations.leave_association(membership=one, by=by, now=NOW)
    assert not Membership.objects.in_force(TODAY).exists()
    back = operations.restore_membership(membership=one, by=by, now=NOW + 30 * DAY)
    assert (back.joined_on, back.left_on, Membership.objects.in_force(TODAY).get()) == (
        date(2024, 1, 1),
        None,
        one,
    )
    operations.leave_association(membership=one, by=by, now=NOW)
    with pytest.raises(Exception, match="30 天"), transaction.atomic():
        operations.restore_membership(membership=one, by=by, now=NOW + 31 * DAY)


@database
def test_what_the_association_ended_she_does_not_restore_and_the_association_does():
    one = make.member(make.association())
    operations.end_membership(membership=one, reason="三年未参加活动", **KEPT)
    her = {"membership": one, "by": one.talent.user, "now": NOW}
    with pytest.raises(Exception, match="由协会结束"), transaction.atomic():
        operations.restore_membership(**her)
    assert operations.restore_membership(membership=one, **KEPT).reason == ""


# --- dissolved -------------------------------------------------------------------------------------
@database
def test_a_dissolved_association_takes_nobody_in_and_asks_nobody_to_renew():
    one = make.member(make.association(), valid_until=TODAY + 10 * DAY)
    waits = make.applied(one.association)
    gone = {"association": one.association, "on": TODAY, "reason": "会员大会决定解散"}
    associations.dissolve_association(**gone, **KEPT)
    clock(NOW)
    assert told("member_ending") == 0
    assert refused(operations.renew_membership, membership=one) == ("dissolved", None)
    assert refused(operations.approve_membership, membership=waits) == ("dissolved", None)


# --- what must not break ---------------------------------------------------------------------------
@database
def test_the_database_keeps_the_states_apart():
    one = make.member(make.association())
    rows = Membership.objects.filter(pk=one.pk)
    for change in (
        {"state": "applied"},
        {"state": "left"},
        {"valid_until": None},
        {"valid_until": date(2023, 12, 31)},
        {"state": "declined"},
        {"reason": "无故"},
        {"paused_until": TODAY},
        {"paused_from": TODAY, "paused_until": TODAY - DAY},
    ):
        with pytest.raises(DatabaseError, match="membership_"), transaction.atomic():
            rows.update(**change)
    with pytest.raises(IntegrityError, match="membership_one_open"), transaction.atomic():
        make.member(one.association, one.talent)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("with_lock", [True, False])
def test_who_loses_her_post_while_she_decides_decides_nothing(with_lock, monkeypatch):
    """The control reads the membership without the association's lock: who was removed meanwhile takes somebody in."""
    held = make.chair()
    one = make.applied(held.association)
    if not with_lock:
        rows = Membership.objects.select_related("talent__user", "association")
        monkeypatch.setattr(operations, "locked_membership", lambda found: rows.get(pk=found.pk))

    def remove():
        posts.end_holding(holding=held, last_day=TODAY - DAY, reason="removed", **KEPT)

    def approve():
        operations.approve_membership(membership=one, by=held.talent.user, now=NOW)

    met = beside(remove, approve)
    assert (met, make.fresh(one).state) == (
        ("not_in_office", "applied") if with_lock else (None, "active")
    )


# --- lists -----------------------------------------------------------------------------------------
def book(*rows, header=("姓名", "手机号", "人才编号", "入会日期", "会籍到期日")):
    out = openpyxl.Workbook()
    out.active.append(["两江新区示例协会会员名单"])
    out.active.append(list(header))
    for row in rows:
        out.active.append(list(row))
    data = io.BytesIO()
    out.save(data)
    return SimpleUploadedFile("members.xlsx", data.getvalue())


@database
def test_a_list_is_looked_through_and_says_of_each_line_what_comes_of_it():
    of = make.association()
    phones = [f"1380000000{n}" for n in range(5)]
    women = [
        factories.talent(full_name=f"林晓{'一二三四五'[n]}", phone=phones[n]) for n in range(5)
    ]
    make.member(of, women[1], date(2025, 3, 8), date(2027, 3, 7))
    make.member(of, women[2], date(2025, 3, 8), date(2026, 10, 7))
    days = ("2025-03-08", "2027年3月7日")
    upload = book(
        ("林晓一", phones[0], "", *days),
        ("林晓二", phones[1], "", *days),
        ("林晓三", "", women[2].code, *days),
        ("林晓四", phones[4], "", *days),  # somebody else's number
        ("林晓五", phones[4], "", "2027-03-08", "2028-03-07"),
        ("林晓五", phones[4], "", "上月", "2028-03-07"),
        ("林晓一", phones[0], "", *days),
    )
    lines = list_file.read(upload, of, NOW)
    assert [(line.talent, str(line.outcome), bool(line.why)) for line in lines] == [
        (women[0], "新会员", False),
        (women[1], "与现有的一致", False),
        (women[2], "更新日期", False),
        (None, "", True),
        (women[4], "", True),
        (women[4], "", True),
        (women[0], "", True),
    ]
    assert Membership.objects.count() == 2  # nothing is written by looking
    rows = [(line.talent, line.joined_on, line.valid_until) for line in lines if line.is_taken]
    for _twice in range(2):
        operations.import_members(association=of, rows=rows, **KEPT)
    found = Membership.objects.in_force(TODAY).values_list("talent", flat=True)
    assert (set(found), told("member_entered"), told("member_renewed")) == (
        {one.pk for one in women[:3]},
        1,
        1,
    )


@database
@pytest.mark.parametrize(
    ("upload", "code"),
    [
        (lambda: SimpleUploadedFile("x.xlsx", b"PK\x03\x04 no workbook"), "list_unreadable"),
        (lambda: book(header=("甲", "乙", "丙", "丁", "戊")), "list_no_header"),
        (lambda: SimpleUploadedFile("x.csv", b"x" * (5 * 1024 * 1024 + 1)), "list_too_long"),
    ],
)
def test_a_file_that_is_no_list_is_one_sentence(upload, code):
    with pytest.raises(Invalid) as refusal:
        list_file.read(upload(), make.association(), NOW)
    assert (refusal.value.code, refusal.value.field) == (code, "file")


@database
def test_staff_import_a_list_in_the_admin_and_who_elsewhere_does_not(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    of, her = make.association(), factories.talent(full_name="林晓一", phone="13800000001")
    client.force_login(factories.staff("department_clerk"))
    where = f"/admin/networks/association/{of.pk}/members/"
    row = ("林晓一", "13800000001", "", "2025-03-08", "2027-03-07")
    page = client.post(where, {"file": book(row)})
    assert (page.status_code, "新会员" in page.content.decode()) == (200, True)
    sent = {"rows": page.context["rows"]}
    assert client.post(where, {"rows": "[[1]]"}).status_code == 422
    assert client.post(where, sent).status_code == 302
    assert Membership.objects.get().talent == her
    client.force_login(factories.staff("department_clerk", department_code="science_innovation"))
    assert client.post(where, sent).status_code == 302
    assert AuditEntry.objects.filter(action="networks.import_members").count() == 1


@database
@pytest.mark.parametrize(
    ("until", "code"),
    [
        (date(9999, 12, 31), "valid_until_late"),
        (TODAY - 91 * DAY, "valid_until_over"),
        (TODAY - 90 * DAY, None),
        (date(2036, 11, 23), None),
    ],
)
def test_a_list_says_an_end_somebody_can_renew_by(until, code):
    error = rules.why_not_row(
        make.association(), factories.talent(), date(2025, 3, 8), until, TODAY
    )
    assert (error and error.code) == code


@database
def test_the_end_a_list_says_stands_whether_she_comes_back_early_or_not():
    one = make.member(make.association(), joined_on=date(2026, 3, 1))
    operations.pause_membership(membership=one, until=TODAY + 700 * DAY, **KEPT)
    row = (one.talent, date(2026, 3, 1), date(2027, 2, 28))
    operations.import_members(association=one.association, rows=[row], **KEPT)
    assert refused(operations.resume_membership, membership=one) == ("not_paused", None)
    assert make.fresh(one).valid_until == date(2027, 2, 28)


@pytest.mark.django_db(transaction=True)
def test_who_leaves_the_database_while_a_list_is_written_is_not_entered():
    of, her = make.association(), factories.talent()
    rows = [(Talent.objects.get(pk=her.pk), date(2025, 3, 8), date(2027, 3, 7))]

    def leave():
        gone = Talent.objects.locked().get(pk=her.pk)
        Talent.objects.filter(pk=gone.pk).update(state="left")

    met = beside(
        leave, lambda: operations.import_members(association=of, rows=rows, by=None, now=NOW)
    )
    assert (met, Membership.objects.count()) == (None, 0)


@database
def test_a_number_no_database_takes_is_nobodys(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    of = make.association()
    data = "姓名,人才编号,入会日期,到期日\n林晓一,\x00A,2026-01-01,2027-01-01\n"
    [line] = list_file.read(SimpleUploadedFile("members.csv", data.encode()), of, NOW)
    assert (line.talent, bool(line.why)) == (None, True)
    client.force_login(factories.staff("department_clerk"))
    where = f"/admin/networks/association/{of.pk}/members/"
    for code in ("\\u0000", "\\ud800"):
        rows = f'[["{code}","2026-01-01","2027-01-01"]]'
        assert client.post(where, {"rows": rows}).status_code == 302
