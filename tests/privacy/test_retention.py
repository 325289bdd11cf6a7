"""What has been kept long enough goes: by the rules people read, once, and what fails stops no other."""

from datetime import timedelta

import pytest
from dateutil.relativedelta import relativedelta
from django.db import connection
from django.urls import reverse

from accounts.models import User
from care_points.models import Entry, PointsAccount, Redemption, ServiceHours
from care_points.operations import expire_points
from care_points.reports import monthly as points_of
from events.models import Booking, Event
from events.reports import monthly as events_of
from kernel import portal
from kernel.retention import Keep, Retention
from notices.models import Delivery, Notice
from privacy import copies, retention, roles
from privacy.models import AuditEntry, DataCopy, RetentionRun
from talents.models import Claim, Proposal
from talents.operations.claims.undoing import why_not_undo_claim
from tests import factories
from tests.care_points import make
from tests.factories import NOW

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def applied(now):
    """Return {rule: rows} of what applying the rules did; what is cut by the database's clock has its own tests."""
    cut = {rule.code for rule in retention.rules() if rule.cut}
    return {run.rule: run.done for run in retention.apply(now=now) if run.rule not in cut}


def held():
    """Return an event that is over, with two seats, one of them used, one who waits and one who cancelled."""
    event = factories.event(starts_at=NOW - timedelta(hours=3), capacity=2)
    rows = [("attended", NOW), ("confirmed", None), ("waitlisted", None)]
    for place, (state, came) in enumerate(rows, start=1):
        Booking.objects.create(
            event=event,
            talent=factories.talent(),
            state=state,
            place=place,
            booked_at=NOW,
            checked_in_at=came,
        )
    return event


def test_bookings_become_totals_after_a_year_and_no_figure_moves():
    event = held()
    month = NOW - timedelta(days=20), NOW + timedelta(days=20)
    figures = events_of(*month)
    due = event.ends_at + relativedelta(years=1)
    assert "events.bookings" not in applied(due)
    assert applied(due + SECOND)["events.bookings"] == 3
    assert Booking.objects.count() == 0
    event.refresh_from_db()
    assert (event.seats_taken, event.waiting, event.attended_kept) == (2, 1, 1)
    assert events_of(*month) == figures
    assert applied(due + SECOND) == {}


def test_a_booking_that_is_deleted_otherwise_still_gives_its_seat_back():
    event = held()
    Booking.objects.filter(event=event, state="confirmed").first().delete()
    assert Event.objects.get(pk=event.pk).seats_taken == 1


def test_points_lose_the_name_three_years_after_the_last_of_them():
    her = factories.talent()
    make.give(her, 100)
    voucher = make.redeem(her, make.service(cost=100))
    Redemption.objects.filter(pk=voucher.pk).update(
        state="fulfilled", fulfilled_at=NOW, fulfilled_by=factories.staff()
    )
    ServiceHours.objects.create(
        talent=her,
        activity="科普讲座",
        starts_at=NOW,
        ends_at=NOW + timedelta(hours=1),
        half_hours=2,
        state="confirmed",
        recorded_by=factories.staff(),
        recorded_at=NOW,
        decided_by=factories.staff(),
        decided_at=NOW,
    )
    month = NOW - timedelta(days=20), NOW + timedelta(days=20)
    sums = points_of(*month)
    due = NOW + relativedelta(years=3)
    rules = ("care_points.accounts", "care_points.vouchers", "care_points.hours")
    assert not applied(due).keys() & set(rules)
    done = applied(due + SECOND)
    assert [done[rule] for rule in rules] == [1, 1, 1]
    assert PointsAccount.objects.filter(talent=her).count() == 0
    assert Redemption.objects.get().talent is None
    assert (ServiceHours.objects.get().talent, ServiceHours.objects.get().half_hours) == (None, 2)
    assert sum(Entry.objects.values_list("amount", flat=True)) == 0
    now_sums = points_of(*month)
    assert {name: now_sums[name] for name in ("earned", "redeemed", "fulfilled")} == {
        name: sums[name] for name in ("earned", "redeemed", "fulfilled")
    }
    assert applied(due + SECOND) == {}


def test_an_account_with_points_keeps_its_owner_until_they_run_out():
    her = factories.talent()
    make.give(her, 100)
    later = NOW + relativedelta(years=3, days=1)
    assert "care_points.accounts" not in applied(later)
    account = PointsAccount.objects.get(talent=her)
    expire_points(account=account, now=later)
    assert "care_points.accounts" not in applied(later + SECOND)  # it has just moved
    assert applied(later + relativedelta(years=3, days=1))["care_points.accounts"] == 1


def test_notices_go_with_what_went_out_of_them_after_a_year():
    her = factories.talent()
    factories.booking(factories.event(), her)
    assert Notice.objects.count() > 0
    last = Notice.objects.order_by("due_at").last().due_at
    applied(last + relativedelta(years=1) + SECOND)
    assert (Notice.objects.count(), Delivery.objects.count()) == (0, 0)


def test_that_a_copy_was_asked_for_is_forgotten_after_thirty_days():
    copies.request_copy(user=factories.user(), by=None, now=NOW)
    copies.make_due(now=NOW)
    assert applied(NOW + timedelta(days=30) - SECOND) == {}
    assert applied(NOW + timedelta(days=30)) == {"privacy.copies": 1}
    assert DataCopy.objects.count() == 0


def broken_for(victim):
    """Return a rule over accounts that fails for one of them."""

    def forget(rows):
        if rows.filter(pk=victim.pk).exists():
            raise ValueError(victim.full_name)
        rows.update(full_name="—")

    def rows(before):
        return type(victim).objects.filter(date_joined__lt=before).exclude(full_name="—")

    return Retention(1, "zz.names", "试", Keep(days=1), "试", rows, forget)


def test_a_row_that_fails_stops_no_other_and_is_counted(monkeypatch, caplog):
    monkeypatch.setattr(retention, "CHUNK", 2)
    people = [factories.user(f"甲{n}") for n in range(5)]
    type(people[0]).objects.update(date_joined=NOW - timedelta(days=2))
    rule = broken_for(people[1])
    with portal.declared("zz", portal.Declaration(retention=(rule,))):
        first = [(run.done, run.failed) for run in retention.apply(now=NOW)]
        second = [(run.done, run.failed) for run in retention.apply(now=NOW)]
    assert (first, second) == ([(4, 1)], [(0, 1)])
    assert people[1].full_name not in caplog.text
    entry = AuditEntry.objects.filter(action="privacy.apply_retention").first()
    assert entry.detail == {"rule": "zz.names", "done": 0, "failed": 1}
    assert retention.done_lately(None, NOW) == 4


def test_of_a_run_whose_worker_died_stands_what_it_did_and_the_next_goes_on(monkeypatch):
    monkeypatch.setattr(retention, "CHUNK", 2)
    for number in range(5):
        factories.user(f"甲{number}", date_joined=NOW - timedelta(days=2))
    left = [2, 1]  # chunks until the worker dies

    def rows(before):
        return User.objects.filter(date_joined__lt=before).exclude(full_name="—")

    def forget(found):
        if left and left.pop() == 2:
            raise SystemExit  # nothing handles it, as nothing handles a kill
        found.update(full_name="—")

    rule = Retention(1, "zz.names", "试", Keep(days=1), "试", rows, forget)
    with portal.declared("zz", portal.Declaration(retention=(rule,))):
        with pytest.raises(SystemExit):
            retention.apply(now=NOW)
        retention.apply(now=NOW)
    assert [run.done for run in RetentionRun.objects.order_by("pk")] == [2, 3]
    assert rows(NOW).count() == 0


def test_the_notice_says_each_rule_as_the_job_applies_it(client):
    page = client.get(reverse("privacy_notice")).content.decode()
    rules = retention.rules()
    assert [rule.code for rule in rules if rule.text not in page] == []
    assert "活动报名：1 年，自活动结束起算，之后只留统计数。" in page
    assert [str(rule.keep) for rule in rules if rule.code == "care_points.accounts"] == ["3 年"]


def test_it_works_under_the_role_of_the_running_portal():
    event = held()
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE test_application; CREATE ROLE test_purge")
        roles.grant(application="test_application", purge="test_purge")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL ROLE test_application")
        done = applied(event.ends_at + relativedelta(years=4))
        cursor.execute("RESET ROLE")
    assert done["events.bookings"] == 3


def test_an_auditor_reads_what_was_done(client):
    RetentionRun.objects.create(rule="events.bookings", at=NOW, done=3, failed=0)
    client.force_login(factories.staff("auditor"))
    page = client.get(reverse("admin:privacy_retentionrun_changelist")).content.decode()
    assert "自活动结束起算" in page


def test_what_was_claimed_and_proposed_goes_a_year_after_the_decision_and_the_decision_stays():
    her, clerk = factories.talent(), factories.staff("department_clerk")
    claim = Claim.objects.create(
        user=her.user,
        talent=her,
        department=her.department,
        state="granted",
        full_name="王小敏",
        id_number="500105199003010007",
        phone="14000000009",
        before="{}",
        asked_at=NOW,
        decided_at=NOW,
        decided_by=clerk,
    )
    proposal = Proposal.objects.create(
        talent=her,
        state="accepted",
        old_full_name="王小敏",
        full_name="王晓敏",
        id_number="500105199003010007",
        proposed_at=NOW,
        decided_at=NOW,
        decided_by=clerk,
    )
    waiting = Proposal.objects.create(talent=her, full_name="王敏", proposed_at=NOW)
    rules, due = {"talents.claims", "talents.proposals"}, NOW + relativedelta(years=1)
    assert not applied(due).keys() & rules
    done = applied(due + SECOND)
    assert (done["talents.claims"], done["talents.proposals"]) == (1, 1)
    for row in (claim, proposal, waiting):
        row.refresh_from_db()
    assert (claim.full_name, claim.id_number, claim.phone, claim.before) == ("", None, None, None)
    assert (claim.state, claim.decided_by, claim.decided_at) == ("granted", clerk, NOW)
    assert (proposal.old_full_name, proposal.full_name, proposal.id_number) == ("", "", None)
    assert (proposal.state, waiting.full_name) == ("accepted", "王敏")
    assert why_not_undo_claim(claim, clerk).code == "nothing_kept"
    assert not applied(due + SECOND).keys() & rules
