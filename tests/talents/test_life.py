"""Facts beside the state: paused, left the district, and who is listed."""

from datetime import date, timedelta
from itertools import product

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from events import operations as events
from events import rules
from kernel.days import begin
from kernel.errors import DomainError
from notices.models import Notice
from privacy import consents, history
from talents import operations, standing
from talents.career import confirming
from talents.models import SharedRecord, Talent
from tests import factories
from tests.factories import NOW
from tests.reports.exact import exact
from tests.talents.test_admin import LIST, names, page, signed_in

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(NOW)
TOMORROW, YESTERDAY = TODAY + timedelta(days=1), TODAY - timedelta(days=1)


@pytest.fixture(autouse=True)
def _one_factor(settings):
    """Staff enter with a password alone; the second factor has tests of its own."""
    settings.STAFF_SECOND_FACTOR = False


def refused(operation, **arguments):
    """The code of a refusal."""
    with pytest.raises(DomainError) as refusal:
        operation(now=NOW, **arguments)
    return refusal.value.code


def agreed(**fields):
    """A record in the database whose woman agrees to being there."""
    talent = factories.talent(**fields)
    if talent.user:
        factories.consent(talent.user, "talent_database")
    return talent


def code(error):
    """The code of a rule's answer, None where it has nothing to say."""
    return error and error.code


def clerk():
    """A clerk of the department."""
    return factories.staff("department_clerk")


# --- a pause ---------------------------------------------------------------------------------------
def test_she_pauses_with_one_tap_and_comes_back():
    talent = agreed()
    paused = operations.pause(talent=talent, by=talent.user, now=NOW)
    assert (paused.paused_at, paused.paused_until, paused.pause_reason) == (NOW, None, "")
    assert code(standing.why_not_listed(paused, TODAY)) == "paused"
    assert rules.why_not_book(factories.event(), paused, NOW) is None
    back = operations.resume(talent=talent, by=talent.user, now=NOW)
    assert (back.paused_at, standing.why_not_listed(back, TODAY)) == (None, None)
    told = [line.what for line in history.of(talent, reader=talent.user)]
    assert told == ["恢复咨询推荐", "暂停咨询推荐"]


def test_a_pause_ends_by_itself_on_its_day():
    talent = agreed()
    paused = operations.pause(talent=talent, by=talent.user, now=NOW, until=TOMORROW)
    assert [paused.is_paused(day) for day in (TODAY, TOMORROW)] == [True, False]
    later = NOW + timedelta(days=1)
    assert operations.why_not_pause(paused, talent.user, timezone.localdate(later)) is None
    assert code(operations.why_not_resume(paused, talent.user, TOMORROW)) == "not_paused"


@pytest.mark.parametrize("until", [TODAY, YESTERDAY])
def test_a_pause_ends_later_than_today(until):
    talent = agreed()
    assert refused(operations.pause, talent=talent, by=talent.user, until=until) == "day_not_ahead"


def test_staff_give_a_reason_she_reads_and_only_staff_take_it_back():
    talent, staff = agreed(), clerk()
    assert refused(operations.pause, talent=talent, by=staff) == "reason_missing"
    operations.pause(talent=talent, by=staff, now=NOW, reason="资料正在复核")
    (notice,) = Notice.objects.filter(kind="talents.paused")
    assert notice.recipient == talent.user
    assert notice.context["reason"] == {"zh-hans": "资料正在复核", "en": "资料正在复核"}
    assert refused(operations.resume, talent=talent, by=talent.user) == "decided_by_staff"
    assert refused(operations.pause, talent=talent, by=staff, reason="资料还在复核") == "paused"
    assert operations.resume(talent=talent, by=clerk(), now=NOW).paused_at is None
    assert refused(operations.resume, talent=talent, by=staff) == "not_paused"


def test_what_is_not_in_the_database_is_not_paused():
    talent = factories.talent(state="submitted", submitted_at=NOW)
    assert refused(operations.pause, talent=talent, by=talent.user) == "not_verified"
    day = {"day": TODAY}
    assert refused(operations.move_away, talent=talent, by=talent.user, **day) == "not_verified"


# --- left the district -----------------------------------------------------------------------------
def test_she_left_and_is_back():
    talent, event = agreed(), factories.event()
    booking = factories.booking(event, talent)
    gone = operations.move_away(talent=talent, day=YESTERDAY, by=talent.user, now=NOW)
    assert (gone.state, gone.moved_away_on, gone.is_active) == ("verified", YESTERDAY, False)
    assert code(standing.why_not_listed(gone, TODAY)) == "moved_away"
    booking.refresh_from_db()
    assert booking.state == "confirmed"
    assert refused(events.book, event=factories.event(), talent=gone, by=None) == "moved_away"
    assert refused(operations.move_away, talent=talent, day=TODAY, by=talent.user) == "moved_away"
    back = operations.move_back(talent=talent, by=talent.user, now=NOW)
    assert (back.is_active, back.moved_away_on) == (True, None)
    assert refused(operations.move_back, talent=talent, by=talent.user) == "not_moved_away"


def test_who_left_meanwhile_does_not_book():
    """The page had read her record before: the booking asks the row under its lock."""
    talent = agreed()
    as_read = Talent.objects.get(pk=talent.pk)
    operations.move_away(talent=talent, day=TODAY, by=talent.user, now=NOW)
    assert refused(events.book, event=factories.event(), talent=as_read, by=None) == "moved_away"


def test_nobody_leaves_in_the_future():
    talent = agreed()
    day = {"day": TOMORROW}
    assert refused(operations.move_away, talent=talent, by=talent.user, **day) == "day_in_future"


def test_what_staff_wrote_down_only_staff_take_back():
    talent, staff = agreed(), clerk()
    assert refused(operations.move_away, talent=talent, day=TODAY, by=staff) == "reason_missing"
    operations.move_away(talent=talent, day=TODAY, by=staff, now=NOW, reason="单位来函说明")
    assert refused(operations.move_back, talent=talent, by=talent.user) == "decided_by_staff"
    operations.move_back(talent=talent, by=staff, now=NOW)
    assert sorted(Notice.objects.values_list("kind", flat=True)) == [
        "talents.moved_away",
        "talents.moved_back",
    ]


def test_her_unit_reads_her_no_more_and_again_when_she_is_back():
    talent = agreed(unit=factories.unit())
    factories.consent(talent.user, "unit_sharing")

    def shared():
        return SharedRecord.objects.get().shared

    assert shared() is True
    operations.pause(talent=talent, by=talent.user, now=NOW)
    assert shared() is True  # a pause says nothing about her unit, which is told nothing of it
    operations.move_away(talent=talent, day=TODAY, by=talent.user, now=NOW)
    assert shared() is False
    operations.move_back(talent=talent, by=talent.user, now=NOW)
    assert shared() is True


# --- who is listed ---------------------------------------------------------------------------------
def test_listed_is_the_same_rule_as_sql():
    """Every state, with and without an account, an answer, a pause, a day of leaving and a day of confirming."""
    checked = {"verified", "left"}
    edge = begin(TODAY) - standing.STALE_AFTER
    for state, account, granted, pause, moved, due in product(
        ("draft", "submitted", "verified", "returned", "left"),
        (True, False),
        (None, True, False),
        (None, (NOW, None), (NOW, TODAY), (NOW, TOMORROW)),
        (None, TODAY),
        (None, edge, edge - timedelta(seconds=1)),
    ):
        if (pause or moved) and state not in checked:
            continue  # the database holds no such record
        fields = {"verified_at": NOW} if state in checked else {}
        if pause:
            fields |= {"paused_at": pause[0], "paused_until": pause[1]}
        if not account:
            fields |= {"user": None}
        if state == "returned":
            fields |= {"return_reason": "缺单位"}
        talent = factories.talent(state=state, moved_away_on=moved, confirm_from=due, **fields)
        if account and granted is not None:
            factories.consent(talent.user, "talent_database", granted=granted)
    listed = set(Talent.objects.listed(TODAY).values_list("pk", flat=True))
    told = {t.pk for t in Talent.objects.all() if standing.why_not_listed(t, TODAY) is None}
    assert (listed, len(listed)) == (told, 4)


def test_who_stands_for_no_record_for_long_is_not_listed_until_it_is_confirmed(client):
    stale = begin(TODAY) - standing.STALE_AFTER - timedelta(days=1)
    talent = agreed(confirm_from=stale)
    assert code(standing.why_not_listed(talent, TODAY)) == "not_confirmed"
    assert (talent.state, rules.why_not_book(factories.event(), talent, NOW)) == ("verified", None)
    signed_in(client, "department_clerk")
    assert names(client.get(reverse(LIST), {"state__exact": "stale"})) == ["王小敏"]
    client.force_login(talent.user)
    assert "暂时找不到您。核对以后就恢复" in client.get(reverse("dashboard")).text
    assert reverse("profile_confirm") in client.get(reverse("profile_review")).text
    talent = confirming.confirm(talent=talent, by=talent.user, now=NOW)
    assert standing.why_not_listed(talent, TODAY) is None


def test_who_is_not_listed_for_that_is_told_once():
    """She was asked when it fell due, and is told when it became too old; told twice by no repetition."""
    due = begin(TODAY)
    talent = agreed(confirm_from=due)
    asked, late = due + confirming.GRACE, due + standing.STALE_AFTER + timedelta(days=1)
    told = [
        confirming.ask_due(now=moment) for moment in (asked, late - timedelta(days=2), late, late)
    ]
    assert told == [1, 0, 1, 0]
    kinds = [notice.kind for notice in Notice.objects.filter(recipient=talent.user).order_by("pk")]
    assert kinds == ["talents.confirm_due", "talents.confirm_overdue"]


def test_who_withdraws_is_not_listed():
    talent = agreed()
    consents.withdraw(user=talent.user, purpose="talent_database", by=talent.user, now=NOW)
    talent.refresh_from_db()
    assert code(standing.why_not_listed(talent, TODAY)) == "left_database"


@pytest.mark.parametrize(
    "fields",
    [
        {"pause_reason": "没有时间"},
        {"paused_until": TOMORROW},
        {"moved_away_reason": "没有日期"},
        {"state": "draft", "paused_at": NOW},
        {"state": "draft", "moved_away_on": TODAY},
    ],
)
def test_the_database_holds_no_half_fact(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.talent(**fields)


def test_a_claim_that_is_undone_takes_what_she_said_of_it_along():
    from tests.talents.identity.test_claims import ask, reported, woman

    record, user = reported(), woman()
    claim = operations.grant_claim(claim=ask(user), talent=record, by=None, now=NOW)
    operations.pause(talent=claim.talent, by=user, now=NOW)
    operations.move_away(talent=claim.talent, day=TODAY, by=clerk(), now=NOW, reason="来函说明")
    operations.undo_claim(claim=claim, reason="经核对不是本人", by=None, now=NOW)
    record.refresh_from_db()
    assert (record.paused_at, record.moved_away_on) == (None, TODAY)


# --- her own page ----------------------------------------------------------------------------------
def test_her_page_offers_the_pause_and_the_way_back(client):
    talent = agreed()
    client.force_login(talent.user)
    review = reverse("profile_review")
    assert reverse("profile_pause") in client.get(review).text
    answer = client.post(reverse("profile_pause"), follow=True)
    assert ("已暂停：" in answer.text, reverse("profile_resume") in answer.text) == (True, True)
    answer = client.post(reverse("profile_resume"), follow=True)
    assert reverse("profile_pause") in answer.text
    answer = client.post(reverse("profile_pause"), {"until": "昨天"})
    assert (answer.status_code, "请填写日期，例如" in answer.text) == (422, True)


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("profile_pause", {"until": "2020-01-01"}, "恢复的日期要在今天以后。"),
        ("profile_move_away", {"day": "2099-01-01"}, "不能晚于今天，请到时再登记"),
    ],
)
def test_a_day_that_is_refused_stands_in_its_field_with_the_reason(client, name, given, said):
    client.force_login(agreed().user)
    answer = client.post(reverse(name), given)
    assert (answer.status_code, said in answer.text) == (422, True)
    assert f'value="{next(iter(given.values()))}"' in answer.text


@pytest.mark.parametrize("name", ["profile_pause", "profile_move_away"])
def test_who_has_no_record_is_led_to_where_one_begins(client, name):
    client.force_login(factories.user())
    assert client.post(reverse(name)).headers.get("Location") == reverse("profile")


def test_her_page_says_that_she_left_and_takes_her_back(client):
    talent = agreed()
    client.force_login(talent.user)
    day = timezone.localdate()
    answer = client.post(reverse("profile_move_away"), {"day": day.isoformat()}, follow=True)
    assert ("已离开两江新区。" in answer.text, "我回来了" in answer.text) == (True, True)
    assert "您已登记离开两江新区" in client.get(reverse("dashboard")).text
    client.post(reverse("profile_move_back"))
    talent.refresh_from_db()
    assert talent.moved_away_on is None
    future = {"day": (day + timedelta(days=1)).isoformat()}
    answer = client.post(reverse("profile_move_away"), future, follow=True)
    assert "不能晚于今天，请到时再登记" in answer.text


# --- the clerk's pages -----------------------------------------------------------------------------
def test_the_clerks_list_parts_active_paused_and_gone(client):
    signed_in(client, "department_clerk")
    agreed(full_name="在库的")
    agreed(full_name="暂停的", paused_at=NOW)
    agreed(full_name="离开的", moved_away_on=date(2026, 1, 1))

    def shown(state):
        return names(client.get(reverse(LIST), {"state__exact": state}))

    assert shown("verified") == ["暂停的", "在库的"]
    assert shown("listed") == ["在库的"]
    assert shown("paused") == ["暂停的"]
    assert shown("moved_away") == ["离开的"]
    assert shown("all") == ["离开的", "暂停的", "在库的"]


def test_a_clerk_pauses_and_resumes_on_the_dossier(client):
    signed_in(client, "department_clerk")
    talent = agreed()
    dossier = client.get(page("change", talent)).text
    assert ("可以咨询和推荐" in dossier, page("pause", talent) in dossier) == (True, True)
    answer = client.post(
        page("pause", talent), {"until": "", "reason": "资料正在复核"}, follow=True
    )
    assert (
        "工作人员已暂停：资料正在复核" in answer.text,
        page("resume", talent) in answer.text,
    ) == (
        True,
        True,
    )
    client.post(page("resume", talent))
    talent.refresh_from_db()
    assert talent.paused_at is None


def test_a_clerk_writes_down_that_she_left_and_is_back(client):
    signed_in(client, "department_clerk")
    talent = agreed()
    answer = client.post(
        page("move_away", talent), {"day": "2026-01-05", "reason": "单位来函说明"}, follow=True
    )
    assert ("已离开两江新区" in answer.text, page("move_back", talent) in answer.text) == (
        True,
        True,
    )
    client.post(page("move_back", talent))
    talent.refresh_from_db()
    assert talent.moved_away_on is None


def test_the_report_counts_who_is_listed_and_who_left():
    from talents import reports

    agreed()
    agreed(paused_at=NOW)
    agreed(moved_away_on=TODAY)
    agreed(confirm_from=NOW - standing.STALE_AFTER - timedelta(days=2))
    counted = exact(reports.monthly(NOW - timedelta(days=30), NOW + timedelta(days=1)))
    assert [counted[name] for name in ("total", "listed", "moved_away", "outdated")] == [
        4,
        1,
        1,
        1,
    ]


def test_who_left_the_district_has_nothing_to_pause_and_finds_the_way_back_after_withdrawing(
    client,
):
    talent = agreed(moved_away_on=YESTERDAY)
    assert operations.why_not_pause(talent, talent.user, TODAY).code == "moved_away"
    client.force_login(talent.user)
    address = reverse("profile_review")
    page = client.get(address).text
    assert ("我回来了" in page, "暂停咨询推荐" in page) == (True, False)
    consents.withdraw(user=talent.user, purpose="talent_database", by=talent.user, now=NOW)
    page = client.get(address).text
    assert ("我回来了" in page, "重新同意，恢复入库" in page) == (False, True)
