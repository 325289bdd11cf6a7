"""A verification that was a mistake is taken back: at its place in the queue, told, and counted nowhere."""

from datetime import date, timedelta
from threading import Event as Signal

import pytest
from django.utils import timezone, translation

from events import operations as events
from events import rules
from events.models import Booking
from events.operations import locking
from kernel.errors import DomainError
from notices.models import Notice
from privacy import history
from talents import operations
from talents.career import operations as career
from talents.imports import operations as imports
from talents.models import CareerSnapshot, ImportRow, SharedRecord, Talent
from talents.trends import figures
from talents.trends.changes import changed_in
from tests import factories
from tests.care_points import make
from tests.factories import NOW
from tests.talents.imports import workbooks
from tests.talents.test_desk import enter, page
from tests.talents.test_operations import submitted
from tests.talents.test_verification import decide_together
from tests.waits import until_waiting

pytestmark = pytest.mark.django_db
WHY = {"reason": "核对的是另一位同名的人", "by": None}
DAY = timezone.localdate(NOW)


@pytest.fixture(autouse=True)
def _one_factor(settings):
    """Staff enter with a password alone; the second factor has tests of its own."""
    settings.STAFF_SECOND_FACTOR = False


def verified(tier="", now=NOW):
    """A record she handed in and a clerk took in."""
    return operations.verify(talent=submitted(), tier=tier, by=None, now=now)


def take_back(talent, now=NOW, **more):
    """Take the verification back; the record as it stands then."""
    return operations.take_back_verification(talent=talent, now=now, **WHY, **more)


def flows():
    """What became of women this year."""
    return next(one for one in figures.compute(None, DAY)["flows"] if one["year"] == DAY.year)


def test_it_waits_again_at_its_place_without_the_tier_that_came_with_it():
    talent = verified("city")
    since = talent.submitted_at
    factories.consent(talent.user, "unit_sharing")
    Talent.objects.filter(pk=talent.pk).update(unit=factories.unit())
    assert SharedRecord.objects.get(talent=talent).shared
    talent = take_back(talent, NOW + timedelta(days=2))
    assert (talent.state, talent.submitted_at, talent.tier) == ("submitted", since, "")
    assert (talent.verified_at, talent.verified_by) == (None, None)
    assert not SharedRecord.objects.get(talent=talent).shared
    assert history.of(talent, reader=factories.staff("department_clerk"))[0].sentence == (
        "系统 撤回审核通过 · 状态：待审核 · 理由：核对的是另一位同名的人"
    )
    told = Notice.objects.filter(recipient=talent.user).order_by("pk")
    assert [(notice.kind, notice.overtaken_at is None) for notice in told] == [
        ("talents.verified", False),
        ("talents.verification_taken_back", True),
    ]
    assert told[1].body == (
        "审核通过有误，已撤回：核对的是另一位同名的人。您的档案回到原来的位置等待审核，结果会通知您。"
    )
    again = operations.verify(talent=talent, tier="", by=None, now=NOW + timedelta(days=3))
    assert (again.state, again.tier) == ("verified", "")


def test_a_tier_she_holds_besides_or_was_given_since_stays():
    held = verified("city")
    award = {
        "kind": "tier",
        "values": {
            "name": "市级人才",
            "organisation": "市科技局",
            "sort": "city",
            "began": date(2026, 3, 1),
        },
        "by": None,
    }
    career.save_entry(talent=held, now=NOW, reason="按证书补录", **award)
    assert take_back(Talent.objects.get(pk=held.pk)).tier == "city"
    given = verified("city")
    changes = {"tier": "national"}
    given = operations.correct(
        talent=given, changes=changes, reason="按最新评审结果", by=None, now=NOW
    )
    assert take_back(given).tier == "national"


def test_seats_and_vouchers_go_back_and_she_reads_which():
    talent = verified()
    event = factories.event(title="智能制造女科学家沙龙", capacity=1)
    seat, next_one = factories.booking(event, talent), factories.booking(event)
    make.give(talent, 50)
    voucher = make.redeem(talent, make.service(cost=20))
    take_back(talent)
    found = [row.state for row in (seat, next_one, voucher) if row.refresh_from_db() is None]
    assert (found, make.balance(talent)) == (["cancelled", "confirmed", "cancelled"], 50)
    letter = Notice.objects.get(kind="talents.verification_taken_back")
    assert letter.body.removeprefix(
        "审核通过有误，已撤回：核对的是另一位同名的人。您的档案回到原来的位置等待审核，结果会通知您。"
    ) == (
        "还没有开始的 1 场报名会取消，名额让给候补的姐妹：《智能制造女科学家沙龙》。"
        "1 张未使用的兑换码作废，积分退回。积分为您保留，重新审核通过以后可以兑换。"
    )
    with translation.override("en"):
        assert "。" not in letter.body and ". 1 unused" in letter.body
    talent.refresh_from_db()
    assert rules.why_not_book(event, talent, NOW).code == "talent_in_review"


def test_what_she_said_of_herself_stays_and_what_waits_is_dropped():
    talent = verified()
    operations.pause(talent=talent, by=talent.user, now=NOW)
    change = {"step": 1, "values": {"full_name": "王晓敏"}, "by": talent.user, "now": NOW}
    operations.save_step(user=talent.user, **change)
    talent = take_back(Talent.objects.get(pk=talent.pk))
    assert talent.is_paused(DAY)
    assert [proposal.state for proposal in talent.proposals.all()] == ["withdrawn"]


def reported():
    """A record a unit reported."""
    return factories.talent(user=None, source="import")


def merged():
    """A verified record another one was put into."""
    keep = verified()
    given = {"keep": keep, "lose": reported(), "reason": "电话核实是同一人", "by": None}
    return operations.merge_records(now=NOW, **given).kept


def listed_since():
    """A verified record a unit's list has changed."""
    talent, data = verified(), workbooks.form(workbooks.person()).getvalue()
    file = {"file_name": "a.xlsx", "data": data, "department": talent.department}
    run = imports.upload(**file, by=None, now=NOW)
    row = {"number": 1, "line": 5, "outcome": "update", "applied_at": NOW + timedelta(hours=1)}
    ImportRow.objects.create(run=run, talent=talent, **row)
    return talent


def corrected_since():
    """A verified record whose woman's correction was accepted."""
    talent = verified()
    change = {"step": 1, "values": {"full_name": "王晓敏"}, "by": talent.user, "now": NOW}
    operations.save_step(user=talent.user, **change)
    proposal = operations.open_proposal(Talent.objects.get(pk=talent.pk))
    operations.accept_proposal(proposal=proposal, by=None, now=NOW + timedelta(hours=1))
    return Talent.objects.get(pk=talent.pk)


@pytest.mark.parametrize(
    ("make_record", "after", "code"),
    [
        (submitted, timedelta(), "not_verified"),
        (reported, timedelta(), "not_handed_in"),
        (verified, timedelta(days=30, seconds=1), "too_late"),
        (merged, timedelta(), "merged_since"),
        (listed_since, timedelta(days=1), "imported_since"),
        (corrected_since, timedelta(days=1), "corrected_since"),
    ],
)
def test_what_something_was_built_on_stays(make_record, after, code):
    talent = make_record()
    with pytest.raises(DomainError) as refusal:
        take_back(talent, NOW + after)
    assert refusal.value.code == code
    before, talent = talent.state, Talent.objects.get(pk=talent.pk)
    assert talent.state == before


def test_thirty_days_are_whole_and_a_reason_is_needed():
    talent = verified()
    with pytest.raises(DomainError) as refusal:
        operations.take_back_verification(talent=talent, reason="", by=None, now=NOW)
    assert refusal.value.code == "reason_missing"
    assert take_back(talent, NOW + timedelta(days=30)).state == "submitted"


def test_it_counts_as_if_it_had_never_been():
    talent = verified()
    change = {"changes": {"tier": "city"}, "reason": "按最新评审结果", "by": None, "now": NOW}
    talent = operations.correct(talent=talent, **change)
    before = flows()
    assert [before[name] for name in ("joined", "tier", "stock")] == [1, 1, 1]
    talent = take_back(talent)
    kept = CareerSnapshot.objects.filter(talent=talent).order_by("pk")
    stood = [(one.state, one.was_state, one.corrected) for one in kept]
    assert stood[-1] == ("submitted", "verified", True)
    assert {name: n for name, n in flows().items() if n} == {"year": DAY.year}
    listed = Talent.objects.filter(changed_in(f"joined-{DAY.year}", DAY))
    assert list(listed) == []
    operations.verify(talent=talent, tier="", by=None, now=NOW)
    found = {name: n for name, n in flows().items() if n}
    assert found == {"year": DAY.year, "joined": 1, "stock": 1}
    assert list(Talent.objects.filter(changed_in(f"joined-{DAY.year}", DAY))) == [talent]


def test_the_clerk_reads_what_follows_and_gives_a_reason(client):
    enter(client, "department_clerk")
    now = timezone.now()
    talent = verified(now=now)
    make.give(talent, 50)
    make.redeem(talent, make.service(cost=20))
    back = page("take_back_verification", talent)
    assert back in client.get(page("change", talent)).text
    facts = dict(client.get(back).context["facts"])
    assert facts["她还会读到"] == (
        "1 张未使用的兑换码作废，积分退回。积分为您保留，重新审核通过以后可以兑换。"
    )
    assert client.post(back, {"reason": ""}).status_code == 422
    assert client.post(back, {"reason": WHY["reason"]}).url == page("change", talent)
    talent.refresh_from_db()
    assert talent.state == "submitted"
    assert back not in client.get(page("change", talent)).text
    old = factories.talent(submitted_at=NOW, verified_at=now - timedelta(days=31))
    assert page("take_back_verification", old) not in client.get(page("change", old)).text


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("held", "state"), [(True, "cancelled"), (False, "confirmed")])
def test_a_seat_that_is_booked_at_the_same_moment_goes_back(held, state, monkeypatch):
    """Taking back waits for the booking; else she keeps a seat nobody looks for any more: the control."""
    talent, event = verified(), factories.event()
    booking, back, why_not_book = Signal(), Signal(), rules.why_not_book

    def slow(*args):
        booking.set()
        until_waiting(done=back)
        return why_not_book(*args)

    def unverify():
        booking.wait(30)
        answer = take_back(Talent.objects.get(pk=talent.pk))
        back.set()
        return answer

    monkeypatch.setattr(rules, "why_not_book", slow)
    if not held:
        without = locking.WITH_TALENT.replace("FOR NO KEY UPDATE OF talent", "")
        monkeypatch.setattr(locking, "WITH_TALENT", without)
    hers = Talent.objects.get(pk=talent.pk)
    book = lambda: events.book(event=event, talent=hers, by=None, now=NOW)  # noqa: E731
    assert decide_together([book, unverify]) == ["confirmed", "submitted"]
    assert Booking.objects.get().state == state


@pytest.mark.django_db(transaction=True)
def test_two_clerks_who_take_it_back_at_once_do_it_once():
    talent = verified()
    one = lambda: take_back(Talent.objects.get(pk=talent.pk))  # noqa: E731
    assert sorted(decide_together([one, one])) == ["not_verified", "submitted"]
    assert Notice.objects.filter(kind="talents.verification_taken_back").count() == 1
