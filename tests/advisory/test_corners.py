"""What a careful reader would try: records merged meanwhile, a way changed too late, conflicts of one's own."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from advisory import personal_data
from advisory.consultations import figures, operations
from advisory.consultations.models import Opinion
from events import operations as events
from events.models import Booking, BookingHold, Event
from kernel.errors import Conflict, Invalid, Refused
from kernel.portal import Person
from notices.models import Notice
from privacy.models import AuditEntry
from talents import operations as talents
from talents.career.models import CareerEntry
from talents.models import Talent
from tests import factories
from tests.advisory import make
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def one_factor(settings):
    settings.STAFF_SECOND_FACTOR = False


def code_of(operation, **given):
    """Return the code an operation refuses with."""
    with pytest.raises((Conflict, Invalid, Refused)) as refusal:
        operation(**{"by": None, "now": NOW} | given)
    return refusal.value.code


# --- two records become one -----------------------------------------------------------------------
def test_who_read_an_invitation_before_a_merge_does_not_give_it_back_to_the_record_that_is_lost():
    clerk, row = make.clerk(), make.accepted()
    keep = factories.talent(user=None, source="import")
    given = {"reason": "电话核实是同一人", "by": clerk, "now": NOW}
    talents.merge_records(keep=keep, lose=row.talent, **given)
    assert code_of(operations.withdraw_invitation, invitation=row) == "moved_on"
    operations.withdraw_invitation(invitation=make.fresh(row), by=None, now=NOW)
    assert (make.fresh(row).talent, make.fresh(row).state) == (keep, "withdrawn")


# --- the way it goes ------------------------------------------------------------------------------
def test_what_goes_on_in_writing_does_not_become_a_meeting_without_one():
    row = make.inviting()
    values = {"mode": "meeting", "opinions_by": None}
    assert code_of(operations.save_consultation, consultation=row, values=values) == "inviting"
    values = {"mode": "meeting", "opinions_by": None}
    draft = operations.save_consultation(
        consultation=make.consultation(), values=values, by=None, now=NOW
    )
    assert draft.is_meeting


def test_nothing_was_held_where_nobody_was_asked_and_nobody_has_said_anything():
    row = make.inviting()
    assert code_of(operations.hold_consultation, consultation=row) == "opinions_due"
    operations.decline_invitation(invitation=make.sent(of=row), by=None, now=NOW)
    assert code_of(operations.hold_consultation, consultation=row) == "opinions_due"
    operations.hold_consultation(consultation=row, by=None, now=make.AFTER)


# --- what is about oneself ------------------------------------------------------------------------
def test_nobody_decides_on_her_own_conflict_opinion_or_second_invitation():
    clerk, colleague = make.clerk(), make.clerk()
    row = make.accepted(talent=make.expert(user=clerk), conflict="参股", places=1)
    reason = {"reason": "关系不影响判断"}
    settle = operations.settle_conflict
    assert code_of(settle, invitation=row, by=clerk, **reason) == "oneself"
    settle(invitation=row, by=colleague, now=NOW, **reason)
    said = make.opinion(make.fresh(row))
    make.held(make.fresh(row))
    decided = {"opinion": said, "outcome": "used", "why": ""}
    assert code_of(operations.decide_opinion, by=clerk, **decided) == "oneself"
    operations.decide_opinion(by=colleague, now=make.AFTER, **decided)
    other = make.sent(talent=row.talent, title="另一项")
    operations.decline_invitation(invitation=other, by=clerk, now=NOW)
    assert code_of(operations.invite_again, invitation=make.fresh(other), by=clerk) == "oneself"


def test_why_somebody_with_a_conflict_was_let_in_is_not_kept_in_the_log():
    row = make.accepted(conflict="参股")
    operations.settle_conflict(invitation=row, reason="她的股份已经转让", by=None, now=NOW)
    entry = AuditEntry.objects.get(action="advisory.settle_conflict")
    assert (entry.reason, entry.detail) == ("", {"reason_in": "conflict_reason"})


# --- what is left of her --------------------------------------------------------------------------
def test_where_an_opinion_was_used_goes_with_her_and_one_without_an_answer_keeps_nothing_open():
    said = make.opinion()
    second = make.opinion(said.invitation, "第二条")
    make.decided(said, why="采纳她关于留存率的建议，写进第三条")
    person = Person(said.invitation.talent.user, (said.invitation.talent,), "已注销")
    personal_data.erase(person, NOW)
    said.refresh_from_db()
    second.refresh_from_db()
    assert (said.text, said.why, said.outcome) == (None, "—", "used")
    assert (second.text, second.outcome) == (None, "")
    operations.close_consultation(
        consultation=said.invitation.consultation,
        came_outside=0,
        came_outside_women=0,
        by=None,
        now=make.AFTER,
    )


# --- what she reads -------------------------------------------------------------------------------
def test_who_said_something_and_then_could_not_come_reads_what_became_of_it(client):
    said = make.opinion()
    row = said.invitation
    operations.decline_invitation(invitation=row, by=None, now=NOW)
    page = f"/advisory/consultations/{row.pk}/"
    client.force_login(row.talent.user)
    assert "可以再邀请您一次" in client.get(page).content.decode()
    operations.hold_consultation(consultation=row.consultation, by=None, now=make.AFTER)
    after = {"by": None, "now": make.AFTER}
    operations.decide_opinion(opinion=said, outcome="partly", why="先在两个园区试行", **after)
    operations.close_consultation(
        consultation=row.consultation, came_outside=0, came_outside_women=0, **after
    )
    assert Notice.objects.filter(kind="advisory.outcomes", recipient=row.talent.user).exists()
    shown = client.get(page).content.decode()
    told = ("建议增加三年留存率指标", "部分采纳", "先在两个园区试行")
    assert [one in shown for one in told] == [True, True, True]
    assert "可以再邀请您一次" not in shown
    assert "您不便参加，意见的结果可以看了" in client.get("/advisory/").content.decode()


# --- too late -------------------------------------------------------------------------------------
def test_who_came_does_not_decline_afterwards_nor_is_she_let_off():
    row = make.accepted(mode="meeting")
    later = row.consultation.event.starts_at + timedelta(minutes=1)
    given = {"invitation": row, "now": later}
    decline, withdraw = operations.decline_invitation, operations.withdraw_invitation
    assert code_of(decline, by=row.talent.user, **given) == "meeting_began"
    assert code_of(withdraw, **given) == "meeting_began"
    operations.decline_invitation(by=None, **given)  # she is erased meanwhile
    assert make.fresh(row).state == "declined"


def test_nobody_accepts_when_opinions_were_closed_earlier_than_she_was_told():
    row = make.sent()
    earlier = {"opinions_by": timezone.localdate(NOW) + timedelta(days=1)}
    operations.save_consultation(consultation=row.consultation, values=earlier, by=None, now=NOW)
    given = {"invitation": make.fresh(row), "declared": False, "declared_words": ""}
    late = NOW + timedelta(days=2)
    assert row.is_open(late)
    assert code_of(operations.accept_invitation, now=late, **given) == "opinions_over"


# --- whose eyes -----------------------------------------------------------------------------------
def test_of_another_departments_woman_staff_read_where_she_worked_once_she_accepts(client):
    unit, now = factories.unit(name="示例建设集团"), timezone.now()
    her = make.expert(department=factories.department("science_innovation"))
    factories.consent(her.user, "asking")
    CareerEntry.objects.create(
        talent=her,
        kind="employment",
        organisation=unit.name,
        ended=date(2020, 1, 1),
        source="self",
        confirmed_at=now,
        created_at=now,
        updated_at=now,
    )
    until = timezone.localdate(now) + timedelta(days=9)
    row = make.inviting(now=now, units=[unit], opinions_by=until)
    client.force_login(make.clerk())
    former = f"曾在涉及的单位工作：{unit.name}"
    shown = [client.get(f"/admin/advisory/consultation/{row.pk}/invite/").content.decode()]
    invitation = make.sent(of=row, talent=her, now=now)
    page = f"/admin/advisory/consultationinvitation/{invitation.pk}/change/"
    shown.append(client.get(page).content.decode())
    operations.accept_invitation(
        invitation=invitation, declared=False, declared_words="", by=None, now=now
    )
    shown.append(client.get(page).content.decode())
    assert [(her.full_name in one, former in one) for one in shown] == [
        (True, False),
        (True, False),
        (True, True),
    ]
    own = make.expert(full_name="甲")
    CareerEntry.objects.filter(talent=her).update(talent=own)
    assert former in client.get(f"/admin/advisory/consultation/{row.pk}/invite/").content.decode()


def test_her_words_on_a_conflict_are_read_by_the_department_that_asked_alone(client):
    row = make.accepted(conflict="弟弟在那里任职")
    page = f"/admin/advisory/consultationinvitation/{row.pk}/change/"
    seen = []
    for role in ("department_clerk", "department_reviewer", "auditor", "administrator"):
        client.force_login(factories.staff(role))
        page_shown = client.get(page)
        seen.append((page_shown.status_code, "弟弟在那里任职" in page_shown.content.decode()))
    assert seen == [(200, True), (200, True), (200, False), (200, False)]


def test_what_staff_note_for_her_twice_is_noted_once():
    row = make.accepted()
    given = {"invitation": row, "text": "建议先试点", "by": None, "now": NOW}
    assert operations.note_opinion(**given) == operations.note_opinion(**given)
    assert Notice.objects.filter(kind="advisory.opinion_noted").count() == 1


def test_who_was_erased_while_she_wrote_says_nothing_any_more():
    row = make.accepted()
    her = row.talent.user
    Talent.objects.filter(pk=row.talent_id).update(user=None)
    assert (
        code_of(operations.give_opinion, invitation=row, text="迟到的意见", by=her) == "not_yours"
    )
    declared = {"declared": True, "declared_words": "参股"}
    assert code_of(operations.declare_conflict, invitation=row, by=her, **declared) == "not_yours"


def test_what_was_taken_back_in_another_window_is_told_and_no_error():
    said = make.opinion()
    stale = Opinion.objects.select_related("invitation__consultation").get(pk=said.pk)
    change = operations.change_opinion
    assert change(opinion=said, text="", by=None, now=NOW) is None
    assert code_of(change, opinion=stale, text="") == "taken_back"
    decided = {"opinion": stale, "outcome": "used", "why": ""}
    assert code_of(operations.decide_opinion, **decided) == "taken_back"


# --- targets --------------------------------------------------------------------------------------
def test_a_target_is_for_this_year_or_one_soon_to_come():
    given = {"department": factories.department(), "percent": 40}
    met = [code_of(operations.set_target, year=year, **given) for year in (26, 2025, 2062)]
    assert met == ["year", "year", "year"]
    assert operations.set_target(year=2026, by=None, now=NOW, **given).percent == 40


def test_a_clerk_reads_the_figures_of_her_own_target_and_who_sees_all_reads_every_one():
    for code in ("women_federation", "science_innovation"):
        given = {"department": factories.department(code), "year": 2026, "percent": 40}
        operations.set_target(by=None, now=NOW, **given)
    day = timezone.localdate(NOW)
    clerk, auditor = make.clerk(), factories.staff("auditor")
    grids = [figures.part(user, day).grid for user in (clerk, auditor)]
    assert [len(grid.rows) for grid in grids] == [1, 2]


# --- papers ---------------------------------------------------------------------------------------
def test_the_same_file_again_says_anew_whether_it_is_confidential():
    row = make.consultation()
    first, again = make.paper(row, confidential=False), make.paper(row, confidential=True)
    assert (first.pk, again.confidential, row.papers.get().confidential) == (again.pk, True, True)


# --- the meeting's seat ---------------------------------------------------------------------------
def test_who_may_book_events_late_only_has_her_seat_of_a_meeting_she_was_asked_to():
    row = make.sent(mode="meeting")
    held = {"days_before": 0, "until": NOW + timedelta(days=90), "absences": 3, "made_at": NOW}
    BookingHold.objects.create(user=row.talent.user, **held)
    yes = {"declared": False, "declared_words": "", "by": row.talent.user}
    operations.accept_invitation(invitation=row, now=NOW, **yes)
    assert Booking.objects.seated().get().talent == row.talent


def test_nobody_accepts_when_the_meeting_was_moved_forward_and_has_begun():
    row = make.sent(mode="meeting")
    event, late = row.consultation.event, row.answer_by - timedelta(minutes=1)
    times = {"starts_at": late, "ends_at": late + timedelta(hours=1), "booking_closes_at": late}
    Event.objects.filter(pk=event.pk).update(**times)
    yes = {"invitation": make.fresh(row), "declared": False, "declared_words": ""}
    assert code_of(operations.accept_invitation, now=late, **yes) == "meeting_began"


def test_who_came_and_said_nothing_is_not_sent_to_read_what_became_of_it(client):
    row = make.accepted(mode="meeting")
    event, given = row.consultation.event, {"consultation": row.consultation, "by": None}
    later = event.ends_at + timedelta(hours=1)
    events.check_in(booking=Booking.objects.get(), by=event.organiser, now=event.starts_at)
    operations.hold_consultation(now=later, **given)
    operations.close_consultation(came_outside=0, came_outside_women=0, now=later, **given)
    client.force_login(row.talent.user)
    shown = client.get(f"/advisory/consultations/{row.pk}/").content.decode()
    assert ("咨询已经办结，谢谢您参加。" in shown, "写在下面" in shown) == (True, False)
    assert "意见的结果可以看了" not in client.get("/advisory/").content.decode()


def test_what_lapsed_or_was_withdrawn_has_no_time_of_an_answer():
    row = make.inviting(places=3)
    one, two = make.sent(of=row), make.sent(of=row, talent=make.expert(full_name="乙"))
    operations.withdraw_invitation(invitation=two, by=None, now=NOW)
    operations.lapse_invitation(invitation=one, now=one.answer_by + timedelta(seconds=1))
    ended = [(make.fresh(each).state, make.fresh(each).answered_at) for each in (one, two)]
    assert ended == [("lapsed", None), ("withdrawn", None)]
