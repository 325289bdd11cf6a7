"""Volunteer hours put right and withdrawn, certificates of them, her page, the reminders."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from care_points import hours_words, operations
from care_points.models import EarningRule, HoursCertificate, PointsAccount, ServiceHours
from kernel.errors import Conflict, DomainError, Invalid, Refused
from notices.models import Notice
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
BEGIN = NOW - timedelta(hours=5)
DAY = timezone.localdate(BEGIN)


@pytest.fixture
def clerk():
    return factories.staff("department_clerk")


@pytest.fixture
def reviewer():
    return factories.staff("department_reviewer")


@pytest.fixture
def her():
    return factories.talent()


def record(her, by, half_hours=4, starts_at=BEGIN, activity="科普讲座"):
    return operations.record_hours(
        talent=her, activity=activity, starts_at=starts_at, half_hours=half_hours, by=by, now=NOW
    )


def confirmed(her, clerk, reviewer, **what):
    hours = record(her, clerk, **what)
    operations.confirm_hours(hours=hours, by=reviewer, now=NOW)
    return hours


def balance(her):
    return PointsAccount.objects.look_up(her).balance


def correct(hours, by, half_hours=6, reason="签退漏扫", **what):
    return operations.correct_hours(
        hours=hours, half_hours=half_hours, reason=reason, by=by, now=NOW, **what
    )


def code_of(call, error=DomainError):
    with pytest.raises(error) as caught:
        call()
    return caught.value.code


def states():
    return list(ServiceHours.objects.order_by("pk").values_list("state", "half_hours"))


def test_a_correction_counts_when_a_colleague_confirms_it(her, clerk, reviewer):
    hours = confirmed(her, clerk, reviewer)
    both = factories.staff("department_clerk", "department_reviewer")
    new = correct(hours, both)
    assert (states(), balance(her)) == ([("confirmed", 4), ("recorded", 6)], 40)
    assert code_of(lambda: operations.confirm_hours(hours=new, by=both, now=NOW)) == (
        "confirm_own_record"
    )
    operations.confirm_hours(hours=new, by=reviewer, now=NOW)
    assert (states(), balance(her)) == ([("corrected", 4), ("confirmed", 6)], 60)
    entries = her.points_account.entries.order_by("pk").values_list("amount", flat=True)
    assert list(entries) == [40, -40, 60]
    operations.confirm_hours(hours=new, by=reviewer, now=NOW)
    assert balance(her) == 60


def test_a_correction_that_is_refused_or_withdrawn_leaves_the_hours(her, clerk, reviewer):
    hours = confirmed(her, clerk, reviewer)
    operations.refuse_hours(
        hours=correct(hours, clerk), reason="签到表上是两小时", by=reviewer, now=NOW
    )
    operations.withdraw_hours(hours=correct(hours, clerk), by=clerk, now=NOW)
    assert states() == [("confirmed", 4), ("refused", 6), ("withdrawn", 6)]
    assert balance(her) == 40


def test_she_is_told_once_that_hours_were_refused_or_revoked(her, clerk, reviewer):
    first = record(her, clerk)
    for _twice in range(2):
        operations.refuse_hours(hours=first, reason="不在名单", by=reviewer, now=NOW)
    second = confirmed(her, clerk, reviewer)
    correction = correct(second, clerk)
    operations.refuse_hours(hours=correction, reason="时长无误", by=reviewer, now=NOW)
    operations.refuse_hours(hours=second, reason="重复登记", by=reviewer, now=NOW)
    told = Notice.objects.filter(recipient=her.user, kind__startswith="care_points.hours_")
    assert list(told.order_by("pk").values_list("kind", flat=True)) == [
        "care_points.hours_refused",
        "care_points.hours_revoked",
    ]


def test_a_correction_is_undone_by_correcting_back(her, clerk, reviewer):
    first = correct(confirmed(her, clerk, reviewer), clerk)
    operations.confirm_hours(hours=first, by=reviewer, now=NOW)
    back = correct(first, clerk, half_hours=4, reason="原来的时长是对的")
    operations.confirm_hours(hours=back, by=reviewer, now=NOW)
    assert states() == [("corrected", 4), ("corrected", 6), ("confirmed", 4)]
    assert balance(her) == 40


def test_hours_nobody_confirmed_are_corrected_before_they_count(her, clerk, reviewer):
    hours = record(her, clerk)
    new = correct(hours, reviewer, starts_at=BEGIN + timedelta(hours=1), half_hours=2)
    assert code_of(lambda: operations.confirm_hours(hours=hours, by=reviewer, now=NOW)) == (
        "correction_waits"
    )
    operations.confirm_hours(hours=new, by=clerk_with_right(), now=NOW)
    assert (states(), balance(her)) == ([("corrected", 4), ("confirmed", 2)], 20)


def clerk_with_right():
    return factories.staff("points_clerk")


def test_revoked_hours_take_a_waiting_correction_along(her, clerk, reviewer):
    hours = confirmed(her, clerk, reviewer)
    new = correct(hours, clerk)
    operations.refuse_hours(hours=hours, reason="重复登记", by=reviewer, now=NOW)
    assert states() == [("revoked", 4), ("withdrawn", 6)]
    assert code_of(lambda: operations.confirm_hours(hours=new, by=reviewer, now=NOW)) == (
        "hours_decided"
    )
    assert balance(her) == 0


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ({"half_hours": 0}, "hours_out_of_range"),
        ({"half_hours": -1}, "hours_out_of_range"),
        ({"half_hours": 50}, "hours_out_of_range"),
        ({"half_hours": 11}, "hours_not_over"),
        ({"half_hours": 4}, "nothing_changed"),
        ({"reason": "x"}, "reason_missing"),
    ],
)
def test_wrong_corrections_are_refused_and_write_nothing(her, clerk, reviewer, what, code):
    hours = confirmed(her, clerk, reviewer)
    assert code_of(lambda: correct(hours, clerk, **what)) == code
    assert states() == [("confirmed", 4)]


def test_who_may_not_correct_or_withdraw(her, clerk, reviewer):
    hours = record(her, clerk)
    own = factories.staff("department_clerk")
    mine = record(factories.talent(user=own), clerk)
    assert code_of(lambda: correct(mine, own), Refused) == "record_own_hours"
    elsewhere = factories.staff("department_clerk", department_code="science_innovation")
    assert code_of(lambda: correct(hours, elsewhere), Refused) == "not_in_scope"
    assert code_of(
        lambda: operations.withdraw_hours(hours=hours, by=reviewer, now=NOW), Refused
    ) == ("not_yours")
    correct(hours, clerk)
    assert code_of(lambda: correct(hours, reviewer), Conflict) == "correction_waits"
    assert len(states()) == 3


def test_a_correction_does_not_overlap_other_hours(her, clerk, reviewer):
    hours = record(her, clerk, half_hours=2)
    record(her, clerk, half_hours=2, starts_at=BEGIN + timedelta(hours=2), activity="讲解")
    assert code_of(lambda: correct(hours, clerk, half_hours=5), Conflict) == "hours_overlap"


def test_withdrawn_hours_can_be_recorded_again(her, clerk, reviewer):
    hours = record(her, clerk)
    for _twice in range(2):
        operations.withdraw_hours(hours=hours, by=clerk, now=NOW)
    record(her, clerk, half_hours=3)
    assert states() == [("withdrawn", 4), ("recorded", 3)]


def test_the_database_keeps_one_standing_record_for_one_origin(her, clerk):
    rows = [
        ServiceHours(
            talent=factories.talent(),
            activity="讲解",
            starts_at=BEGIN,
            ends_at=BEGIN + timedelta(hours=1),
            half_hours=2,
            origin="booking:1",
            recorded_by=clerk,
            recorded_at=NOW,
        )
        for _n in range(2)
    ]
    rows[0].save()
    with pytest.raises(IntegrityError, match="hours_counted_once"), transaction.atomic():
        rows[1].save()


def test_the_year_s_cap_holds_over_a_correction(her, clerk, reviewer):
    EarningRule.objects.filter(code="volunteer_hours").update(yearly_cap=50)
    hours = confirmed(her, clerk, reviewer)
    operations.confirm_hours(hours=correct(hours, clerk), by=reviewer, now=NOW)
    assert balance(her) == 50


# --- certificates ---------------------------------------------------------------------------------
def certify(her, first=DAY, last=DAY):
    return operations.certify_hours(talent=her, from_on=first, until_on=last, by=her.user, now=NOW)


def test_a_certificate_says_what_was_confirmed(her, clerk, reviewer):
    confirmed(her, clerk, reviewer)
    record(her, clerk, starts_at=BEGIN + timedelta(hours=2), half_hours=2, activity="待确认")
    issued = certify(her)
    assert (issued.half_hours, issued.activities, issued.is_valid) == (4, [["科普讲座", 4]], True)
    assert certify(her) == issued
    more = ServiceHours.objects.get(state="recorded")
    operations.confirm_hours(hours=more, by=reviewer, now=NOW)
    newer = certify(her)
    issued.refresh_from_db()
    assert (newer.half_hours, issued.revoke_cause) == (6, "replaced")


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [(1, 0, "period_reversed"), (0, 9, "period_in_future"), (-9, -5, "no_hours")],
)
def test_a_period_without_hours_gives_no_certificate(her, clerk, reviewer, first, last, code):
    confirmed(her, clerk, reviewer)
    day = timedelta(days=1)
    assert code_of(lambda: certify(her, DAY + first * day, DAY + last * day)) == code
    assert HoursCertificate.objects.count() == 0


def test_a_certificate_falls_with_hours_that_are_corrected(her, clerk, reviewer):
    hours = confirmed(her, clerk, reviewer)
    issued = certify(her)
    operations.confirm_hours(hours=correct(hours, clerk), by=reviewer, now=NOW)
    issued.refresh_from_db()
    assert issued.revoke_cause == "hours"
    assert certify(her).half_hours == 6


def test_staff_revoke_one_but_not_their_own(her, clerk, reviewer):
    confirmed(her, clerk, reviewer)
    issued = certify(her)
    points_clerk = factories.staff("points_clerk")

    def revoke(reason="姓名有误", by=points_clerk):
        return operations.revoke_hours_certificate(
            certificate=issued, reason=reason, by=by, now=NOW
        )

    assert code_of(lambda: revoke(""), Invalid) == "reason_missing"
    revoke()
    assert code_of(revoke, Conflict) == "certificate_revoked"
    again = certify(her)  # the undo
    assert again.is_valid
    own = factories.staff("points_clerk")
    mine = factories.talent(user=own)
    confirmed(mine, clerk, reviewer)
    issued = certify(mine)
    assert code_of(lambda: revoke(by=own), Refused) == "own_certificate"


def test_the_check_page_says_it_to_anybody_and_nothing_else(client, her, clerk, reviewer):
    confirmed(her, clerk, reviewer)
    issued = certify(her)
    page = client.get(f"/points/certificates/{issued.code}/")
    assert page.status_code == 200
    text = page.content.decode()
    for word in (her.full_name, "2 小时", "科普讲座", issued.number, "有效"):
        assert word in text
    assert her.code not in text
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    operations.revoke_hours_certificate(
        certificate=issued, reason="姓名有误", by=factories.staff("points_clerk"), now=NOW
    )
    assert "不能再作证明" in client.get(f"/points/certificates/{issued.code}/").content.decode()
    unknown = client.get("/points/certificates/0123456789ABCDEF/")
    assert (unknown.status_code, "没有这份证书" in unknown.content.decode()) == (404, True)
    typed = client.post("/points/certificates/", {"code": issued.code.lower()})
    assert typed.url == f"/points/certificates/{issued.code}/"
    assert client.post("/points/certificates/", {"code": ""}).status_code == 422


def test_the_file_is_hers_alone(client, her, clerk, reviewer):
    confirmed(her, clerk, reviewer)
    issued = certify(her)
    address = f"/points/certificates/{issued.code}/file/"
    for user in (factories.talent().user, factories.staff("points_clerk")):
        client.force_login(user)
        assert client.get(address).status_code == 404
    client.force_login(her.user)
    for language in ("zh-hans", "en"):
        answer = client.get(f"{address}?lang={language}")
        assert b"".join(answer)[:5] == b"%PDF-"


# --- her page -------------------------------------------------------------------------------------
def test_her_page_says_each_record_in_words(client, her, clerk, reviewer):
    hours = confirmed(her, clerk, reviewer)
    correct(hours, clerk)
    record(her, clerk, starts_at=BEGIN + timedelta(hours=3), half_hours=2, activity="讲解")
    client.force_login(her.user)
    text = client.get("/points/hours/").content.decode()
    for sentence in (
        f"确认：{reviewer.full_name}。",
        "获得 40 积分。",
        "2 小时改为 3 小时，原因：签退漏扫。",
        "等另一位工作人员确认；确认以前仍按原来的时长计。",
        "等另一位工作人员确认，确认以后才计积分。",
    ):
        assert sentence in text
    answer = client.post("/points/hours/", {"from_on": "2026-13-01", "until_on": ""})
    assert answer.status_code == 422
    assert HoursCertificate.objects.count() == 0


def test_her_page_is_empty_for_who_never_volunteered_and_certifies_what_is_confirmed(
    client, her, clerk
):
    client.force_login(her.user)
    text = client.get("/points/hours/").content.decode()
    assert "还没有志愿时长" in text
    record(her, clerk)
    text = client.get("/points/hours/").content.decode()
    assert ("开具证书" in text, "时长确认以后，可以在这里开具" in text) == (False, True)
    client.force_login(factories.user())
    assert client.get("/points/hours/").status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_her_page_takes_the_same_queries(
    client, her, clerk, reviewer, rows, django_assert_num_queries
):
    for n in range(rows):
        confirmed(her, clerk, reviewer, starts_at=BEGIN - timedelta(days=n))
    rows = hours_words.with_points(ServiceHours.objects.of(her.user))
    rows = rows.select_related("recorded_by", "decided_by", "replaces")
    with django_assert_num_queries(1):
        hours_words.by_activity(list(rows))


# --- staff ----------------------------------------------------------------------------------------
def test_who_may_confirm_is_reminded_once_a_week(her, clerk, reviewer):
    record(her, clerk)
    late = NOW + timedelta(days=4)
    told = operations.remind_of_hours(now=late)
    assert told == Notice.objects.filter(kind="care_points.hours_waiting").count() == 1
    assert Notice.objects.get(kind="care_points.hours_waiting").recipient == reviewer
    assert operations.remind_of_hours(now=late + timedelta(hours=6)) == 0
    assert operations.remind_of_hours(now=late + timedelta(days=7)) == 1


def test_nobody_is_reminded_of_fresh_or_own_records(her):
    both = factories.staff("department_clerk", "department_reviewer")
    record(her, both)
    assert operations.remind_of_hours(now=NOW) == 0
    assert operations.remind_of_hours(now=NOW + timedelta(days=4)) == 0


def test_confirming_many_counts_what_was_done(client, her, clerk):
    points_clerk = factories.staff("points_clerk")
    first = record(her, clerk)
    operations.confirm_hours(hours=first, by=points_clerk, now=NOW)
    second = record(her, clerk, starts_at=BEGIN + timedelta(hours=2), half_hours=2)
    client.force_login(points_clerk)
    answer = client.post(
        "/admin/care_points/servicehours/",
        {"action": "confirm_selected", "_selected_action": [first.pk, second.pk]},
        follow=True,
    )
    said = [str(message) for message in answer.context["messages"]]
    assert said == [
        "1 条此前已经处理，这次没有变化。",
        "已确认 1 条，其中 1 条积分已到账。",
    ]


def test_the_admin_corrects_and_writes_out(client, her, clerk, reviewer):
    hours = confirmed(her, clerk, reviewer)
    client.force_login(clerk)
    address = f"/admin/care_points/servicehours/{hours.pk}/correct/"
    page = client.get(address)
    assert page.status_code == 200
    day = timezone.localtime(BEGIN)
    form = {"day": f"{day:%Y-%m-%d}", "start": f"{day:%H:%M}", "hours": "1.3", "reason": "漏扫签退"}
    assert client.post(address, form).status_code == 422
    assert client.post(address, form | {"hours": "3"}).status_code == 302
    assert states() == [("confirmed", 4), ("recorded", 6)]
    answer = client.post(
        "/admin/care_points/servicehours/",
        {"action": "write_out", "_selected_action": [hours.pk]},
    )
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_confirm_one_correction_at_once():
    her, clerk = factories.talent(), factories.staff("department_clerk")
    reviewers = [factories.staff("department_reviewer") for _n in range(2)]
    new = correct(confirmed(her, clerk, reviewers[0]), clerk)
    start = Barrier(2)

    def confirm(by):
        try:
            row = ServiceHours.objects.get(pk=new.pk)
            start.wait(10)
            operations.confirm_hours(hours=row, by=by, now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(confirm, reviewers))
    assert (states(), balance(her)) == ([("corrected", 4), ("confirmed", 6)], 60)
