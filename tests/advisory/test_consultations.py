"""A consultation from the draft to what became of each opinion: rules, letters, pages, admin."""

import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from advisory import tasks
from advisory.consultations import operations, queue
from advisory.consultations.models import (
    Consultation,
    ConsultationInvitation,
    Opinion,
    PaperOpening,
)
from events import operations as events
from events.models import Booking, Event
from kernel.errors import Conflict, Invalid, Refused
from notices.models import Notice
from privacy.models import AuditEntry
from talents.asking.models import Asked, AskedAnswer
from talents.career.models import CareerEntry
from tests import factories
from tests.advisory import make
from tests.factories import NOW
from tests.talents.asking import make as asking

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def one_factor(settings):
    settings.STAFF_SECOND_FACTOR = False


def kinds():
    return list(Notice.objects.order_by("pk").values_list("kind", flat=True))


def code_of(operation, **given):
    """Return the code an operation refuses with."""
    with pytest.raises((Conflict, Invalid, Refused)) as refusal:
        operation(**{"by": None, "now": NOW} | given)
    return refusal.value.code


def texts(data):
    """Return every text of a workbook's first sheet."""
    sheet = openpyxl.load_workbook(io.BytesIO(data), read_only=True).active
    return {cell for row in sheet.iter_rows(values_only=True) for cell in row}


def states():
    return list(ConsultationInvitation.objects.order_by("pk").values_list("state", flat=True))


# --- from the draft to the end --------------------------------------------------------------------
def test_in_writing_from_the_admin_to_what_became_of_her_opinion(client):
    now, clerk = timezone.now(), make.clerk()
    her = make.expert(discipline="520", research_fields=["人才政策"])
    client.force_login(clerk)
    here = "/admin/advisory/consultation/"
    written = {
        "kind": "policy",
        "mode": "writing",
        "title": "青年人才安居政策",
        "question": "目标定得是否合适？",
        "places": "2",
        "outside": "0",
        "outside_women": "0",
        "opinions_by": f"{timezone.localdate(now) + timedelta(days=10):%Y-%m-%d}",
        "disciplines": ["520"],
    }
    assert client.post(f"{here}add/", written).status_code == 302
    row = Consultation.objects.get()
    assert (row.department, row.created_by, row.state) == (clerk.department, clerk, "draft")
    here += f"{row.pk}/"
    assert client.post(f"{here}open/", {}).status_code == 302
    page = client.get(f"{here}invite/").content.decode()
    assert ("苏晴" in page, "学科：计算机科学技术" in page, "还没有被邀请过" in page) == (True,) * 3
    assert client.post(f"{here}invite/", {"talents": [her.pk]}).status_code == 302
    invitation = ConsultationInvitation.objects.get()
    client.force_login(her.user)
    mine = f"/advisory/consultations/{invitation.pk}/"
    assert "等您答复" not in client.get("/advisory/").content.decode()
    assert "请在" in client.get("/advisory/").content.decode()
    assert client.post(mine, {"declared": "no"}).status_code == 302
    assert client.post(f"{mine}opinion/", {"text": "建议增加留存率"}).status_code == 302
    client.force_login(clerk)
    assert client.post(f"{here}hold/", {}).status_code == 302
    said = Opinion.objects.get()
    page = client.post(f"/admin/advisory/opinion/{said.pk}/decide/", {"outcome": "not_used"})
    assert (page.status_code, "请写明原因" in page.content.decode()) == (422, True)
    decision = {"outcome": "partly", "why": "先在两个园区试行"}
    assert client.post(f"/admin/advisory/opinion/{said.pk}/decide/", decision).status_code == 302
    totals = {"came_outside": "2", "came_outside_women": "3"}
    page = client.post(f"{here}close/", totals)
    assert (page.status_code, "不能超过库外到场的总人数" in page.content.decode()) == (422, True)
    totals["came_outside_women"] = "1"
    assert client.post(f"{here}close/", totals).status_code == 302
    client.force_login(her.user)
    page = client.get(mine).content.decode()
    assert ("部分采纳" in page, "先在两个园区试行" in page) == (True, True)
    assert kinds() == ["advisory.invited", "advisory.outcomes"]
    row.refresh_from_db()
    assert (row.state, row.came_outside, row.came_outside_women) == ("closed", 2, 1)


def test_a_meeting_is_an_event_of_the_invited_and_its_seats_say_who_came():
    row = make.inviting(mode="meeting", places=2, outside=3, outside_women=1)
    event = Event.objects.get()
    assert (event.visibility, event.capacity, event.guests_women, event.guests_men) == (
        "invited",
        5,
        1,
        2,
    )
    came, absent = (make.accepted(of=row, talent=make.expert(full_name=n)) for n in ("甲", "乙"))
    assert Booking.objects.seated().count() == 2
    day = event.starts_at
    booking = Booking.objects.get(talent=came.talent)
    events.check_in(booking=booking, by=event.organiser, now=day)
    assert code_of(operations.hold_consultation, consultation=row, now=day) == "meeting_to_come"
    later = event.ends_at + timedelta(days=1)
    operations.hold_consultation(consultation=row, by=None, now=later)
    assert (make.fresh(came).state, make.fresh(absent).state) == ("took_part", "absent")
    # Nobody is told by the event that she is invited: the consultation has asked her.
    assert "events.invited" not in kinds()
    correct = {"outcome": "attended", "reason": "忘了签到", "by": event.organiser, "now": later}
    hers = Booking.objects.get(talent=absent.talent)
    events.settle_event(event=event, now=later)
    hers.refresh_from_db()
    events.correct_attendance(booking=hers, **correct)
    again = {"consultation": row, "by": None, "now": later}
    assert [operations.count_again(**again), operations.count_again(**again)] == [1, 0]
    assert make.fresh(absent).state == "took_part"
    operations.close_consultation(came_outside=0, came_outside_women=0, **again)
    assert code_of(operations.count_again, consultation=row) == "moved_on"


def test_lists_go_out_with_ones_own_consultations_alone(client):
    said = make.opinion(text="建议增加三年留存率指标")
    clerk = make.clerk()
    elsewhere = factories.staff("department_clerk", department_code="science_innovation")
    auditor = factories.staff("auditor")
    for lists, name in (("consultationinvitation", "苏晴"), ("opinion", "建议增加三年留存率指标")):
        address = f"/admin/advisory/{lists}/export/"
        client.force_login(clerk)
        assert (name in texts(client.get(address).content)) is True
        client.force_login(elsewhere)
        assert (name in texts(client.get(address).content)) is False
        client.force_login(auditor)
        assert client.get(address).status_code == 403
    verbs = AuditEntry.objects.filter(action__startswith="advisory.export_")
    assert sorted(verbs.values_list("action", "detail__count")) == [
        ("advisory.export_invitations", 0),
        ("advisory.export_invitations", 1),
        ("advisory.export_opinions", 0),
        ("advisory.export_opinions", 1),
    ]
    assert said.invitation.consultation.department_id == clerk.department_id


def test_who_gives_her_seat_back_on_the_events_page_frees_her_place():
    row = make.inviting(mode="meeting", places=1, now=timezone.now())
    invitation = make.accepted(of=row, now=timezone.now())
    booking = Booking.objects.get()
    events.cancel_booking(booking=booking, by=invitation.talent.user, now=timezone.now())
    tasks.consultations.follow_invitations()
    assert make.fresh(invitation).state == "declined"
    make.sent(of=row, talent=make.expert(full_name="乙"), now=timezone.now())


def test_a_meeting_planned_anew_keeps_who_accepted():
    row = make.inviting(mode="meeting")
    invitation = make.accepted(of=row)
    events.cancel_event(event=row.event, reason="场地检修", by=None, now=NOW)
    assert code_of(operations.invite, consultation=row, talents=[make.expert()]) == "meeting_over"
    row = make.again(row)
    fields = make.meeting_fields(NOW + timedelta(days=3))
    operations.plan_meeting(consultation=row, fields=fields, by=None, now=NOW)
    booked = Booking.objects.seated().values_list("talent", "event")
    assert list(booked) == [(invitation.talent_id, make.again(row).event_id)]


def test_cancelling_tells_why_and_calls_the_meeting_off():
    row = make.inviting(mode="meeting")
    make.accepted(of=row)
    make.sent(of=row, talent=make.expert(full_name="乙"))
    assert code_of(operations.cancel_consultation, consultation=row, reason="") == "reason_missing"
    operations.cancel_consultation(consultation=row, reason="改由市里组织", by=None, now=NOW)
    assert states() == ["withdrawn", "withdrawn"]
    assert Event.objects.get().is_cancelled
    told = Notice.objects.filter(kind="advisory.cancelled")
    assert told.count() == 2
    answers = AskedAnswer.objects.order_by("pk").values_list("answer", flat=True)
    assert sorted(answers) == ["accepted", "withdrawn", "withdrawn"]


# --- invitations ----------------------------------------------------------------------------------
def test_a_free_place_is_for_one_and_declining_frees_it():
    row = make.inviting(places=1)
    first = make.sent(of=row)
    second = make.expert(full_name="乙")
    assert code_of(operations.invite, consultation=row, talents=[second]) == "no_place"
    operations.decline_invitation(invitation=first, by=first.talent.user, now=NOW)
    make.sent(of=row, talent=second)
    assert states() == ["declined", "sent"]
    assert Asked.objects.count() == 2
    with pytest.raises(IntegrityError, match="consultation_place_once"), transaction.atomic():
        ConsultationInvitation.objects.create(
            consultation=row,
            talent=make.expert(full_name="丙"),
            state="sent",
            place=1,
            sent_at=NOW,
            answer_by=NOW,
        )


def test_all_of_several_are_invited_or_none_and_the_one_is_named():
    row = make.inviting(places=3)
    fine, paused = make.expert(full_name="甲"), make.expert(full_name="乙", paused_at=NOW)
    with pytest.raises(Conflict, match="乙：本人已暂停"):
        operations.invite(consultation=row, talents=[fine, paused], by=None, now=NOW)
    assert (ConsultationInvitation.objects.count(), Asked.objects.count()) == (0, 0)


def test_oneself_is_not_invited():
    clerk = make.clerk()
    own = make.expert(user=clerk)
    row = make.inviting()
    assert code_of(operations.invite, consultation=row, talents=[own], by=clerk) == "oneself"


def test_what_nobody_answers_lapses_and_is_too_late_before_the_clock_says_so():
    now = timezone.now()
    long_ago = now - timedelta(days=6)
    row = make.inviting(now=long_ago, opinions_by=timezone.localdate(now) + timedelta(days=9))
    invitation = make.sent(of=row, now=long_ago)
    given = {"declared": False, "declared_words": "", "now": now}
    assert code_of(operations.accept_invitation, invitation=invitation, **given) == "too_late"
    tasks.consultations.follow_invitations()
    tasks.consultations.follow_invitations()
    assert (states(), kinds()[1:]) == (["lapsed"], ["advisory.lapsed"])
    operations.invite_again(invitation=make.fresh(invitation), by=None, now=now)
    assert (states(), Asked.objects.count()) == (["sent"], 1)


def test_she_is_reminded_once_before_her_time_ends():
    now = timezone.now()
    asked = now - timedelta(days=4, hours=12)
    row = make.inviting(now=asked, opinions_by=timezone.localdate(now) + timedelta(days=9))
    make.sent(of=row, now=asked)
    tasks.consultations.follow_invitations()
    tasks.consultations.follow_invitations()
    assert kinds().count("advisory.answer_soon") == 1


def test_a_reply_after_withdrawal_is_one_sentence_and_nothing_written():
    invitation = make.sent()
    operations.withdraw_invitation(invitation=invitation, by=None, now=NOW)
    given = {"invitation": invitation, "declared": False, "declared_words": ""}
    assert code_of(operations.accept_invitation, **given) == "withdrawn"
    assert code_of(operations.decline_invitation, invitation=invitation) == "not_open"
    assert (states(), kinds()) == (["withdrawn"], ["advisory.invited", "advisory.taken_back"])


def test_declining_is_hers_at_any_time_before_it_is_held_and_undone_by_staff():
    row = make.inviting(mode="meeting")
    invitation = make.accepted(of=row)
    operations.decline_invitation(invitation=invitation, by=invitation.talent.user, now=NOW)
    operations.decline_invitation(invitation=invitation, by=invitation.talent.user, now=NOW)
    assert not Booking.objects.seated().exists()
    operations.invite_again(invitation=make.fresh(invitation), by=None, now=NOW)
    operations.accept_invitation(
        invitation=invitation, declared=False, declared_words="", by=None, now=NOW
    )
    said = AskedAnswer.objects.order_by("pk").values_list("answer", flat=True)
    assert list(said) == ["accepted", "declined", "again", "accepted"]
    assert Booking.objects.seated().count() == 1


def test_fewer_places_than_are_taken_are_refused():
    row = make.inviting(places=2)
    make.sent(of=row)
    make.sent(of=row, talent=make.expert(full_name="乙"))
    given = {"consultation": row, "values": {"places": 1}}
    assert code_of(operations.save_consultation, **given) == "places_taken"


# --- targets --------------------------------------------------------------------------------------
def test_inviting_below_the_target_needs_a_reason_that_is_kept():
    operations.set_target(
        department=factories.department(), year=2026, percent=40, by=None, now=NOW
    )
    row = make.consultation(places=1, outside=4, outside_women=0)
    assert code_of(operations.open_inviting, consultation=row) == "below_target"
    operations.open_inviting(
        consultation=row, share_reason="标准委员会名单由市里指定", by=None, now=NOW
    )
    assert Consultation.objects.get().share_reason == "标准委员会名单由市里指定"
    entry = AuditEntry.objects.get(action="advisory.open_inviting")
    assert entry.detail["share"] == 20


def test_another_department_or_year_has_another_target():
    operations.set_target(
        department=factories.department(asking.OTHERS), year=2026, percent=90, by=None, now=NOW
    )
    operations.set_target(
        department=factories.department(), year=2027, percent=90, by=None, now=NOW
    )
    make.inviting(places=1, outside=4)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"outside": 1, "outside_women": 2}, "women_above_total"),
        ({"opinions_by": None}, "opinions_by_missing"),
        ({"opinions_by": date(2026, 11, 23)}, "opinions_by_past"),
        ({"mode": "meeting", "opinions_by": date(2026, 12, 1)}, "opinions_by"),
    ],
)
def test_wrong_input_is_one_sentence_and_nothing_written(values, code):
    with pytest.raises(Invalid) as refusal:
        make.consultation(**values)
    assert (refusal.value.code, Consultation.objects.count()) == (code, 0)


# --- conflicts of interest ------------------------------------------------------------------------
def test_a_conflict_is_found_in_her_record_and_career_and_shuts_the_papers():
    unit = factories.unit("重庆示例建设集团")
    now_there = make.expert(full_name="甲", unit=unit)
    was_there = make.expert(full_name="乙")
    CareerEntry.objects.create(
        talent=was_there,
        kind="employment",
        organisation="示例建设集团",
        ended=date(2020, 1, 1),
        source="self",
        confirmed_at=NOW,
        created_at=NOW,
        updated_at=NOW,
    )
    row = make.inviting(units=[unit])
    make.paper(row)
    for talent, kind in ((now_there, "same_unit"), (was_there, "former_unit")):
        invitation = make.accepted(of=row, talent=talent)
        assert (invitation.found, invitation.conflict) == ([[kind, unit.name]], "waits")
        given = {"paper": row.papers.get(), "invitation": invitation}
        assert code_of(operations.open_paper, **given) == "conflict_waits"
        assert (
            code_of(operations.give_opinion, invitation=invitation, text="好") == "conflict_waits"
        )


def test_what_she_declares_waits_until_staff_have_looked_at_it():
    clerk = make.clerk()
    assert (
        code_of(
            operations.accept_invitation, invitation=make.sent(), declared=True, declared_words=" "
        )
        == "declared_words"
    )
    invitation = make.accepted(of=make.inviting(by=clerk), conflict="配偶在承建单位任职")
    assert kinds()[-1] == "advisory.conflict_waits"
    assert queue.conflicts(clerk, NOW).count == 1
    operations.settle_conflict(invitation=invitation, reason="不参与评审环节", by=clerk, now=NOW)
    make.opinion(make.fresh(invitation))
    assert (queue.conflicts(clerk, NOW).count, kinds()[-1]) == (0, "advisory.let_in")
    operations.declare_conflict(
        invitation=make.fresh(invitation),
        declared=True,
        declared_words="配偶在承建单位任职",
        by=None,
        now=NOW,
    )
    assert make.fresh(invitation).conflict == "let"  # nothing new
    operations.declare_conflict(
        invitation=make.fresh(invitation), declared=True, declared_words="还参股", by=None, now=NOW
    )
    assert make.fresh(invitation).conflict == "waits"


def test_a_unit_that_is_added_later_is_looked_at_anew():
    unit = factories.unit()
    invitation = make.accepted(talent=make.expert(unit=unit))
    operations.save_consultation(
        consultation=invitation.consultation, values={"units": [unit]}, by=None, now=NOW
    )
    assert make.fresh(invitation).conflict == "waits"


# --- papers ---------------------------------------------------------------------------------------
def test_opening_a_confidential_paper_is_on_record_each_time(client):
    row = make.inviting(now=timezone.now())
    secret, plain = (
        make.paper(row),
        operations.add_paper(
            consultation=row, sent=("背景.pdf", b"%PDF-1.7 x"), confidential=False, by=None, now=NOW
        ),
    )
    invitation = make.accepted(of=row, now=timezone.now())
    client.force_login(invitation.talent.user)
    here = f"/advisory/consultations/{invitation.pk}/"
    for paper in (secret, secret, plain):
        answer = client.post(f"{here}papers/{paper.code}/")
        assert (answer.status_code, "no-store" in answer.headers["Cache-Control"]) == (200, True)
    assert list(PaperOpening.objects.values_list("paper", flat=True)) == [secret.pk] * 2
    assert AuditEntry.objects.filter(action="advisory.open_paper").count() == 2
    clerk = make.clerk()
    client.force_login(clerk)
    page = client.get(f"/admin/advisory/consultation/{row.pk}/papers/").content.decode()
    assert page.count("苏晴") == 2


def test_before_she_accepts_and_after_it_is_closed_there_are_no_papers(client):
    invitation = make.sent()
    paper = make.paper(invitation.consultation)
    given = {"paper": paper, "invitation": invitation}
    assert code_of(operations.open_paper, **given) == "not_accepted"
    said = make.opinion()
    paper = make.paper(said.invitation.consultation)
    make.closed(said)
    given = {"paper": paper, "invitation": make.fresh(said.invitation)}
    assert code_of(operations.open_paper, **given) == "over"
    other = {"paper": paper, "invitation": make.accepted(talent=make.expert(full_name="乙"))}
    assert code_of(operations.open_paper, **other) == "not_yours"


def test_no_program_passes_for_a_paper():
    row = make.consultation()
    given = {"consultation": row, "sent": ("稿.pdf", b"MZ..."), "confidential": True}
    assert code_of(operations.add_paper, **given) == "file_type"


# --- opinions and the end -------------------------------------------------------------------------
def test_the_same_opinion_twice_is_once_and_it_is_changed_or_taken_back():
    said = make.opinion()
    assert make.opinion(said.invitation) == said
    changed = operations.change_opinion(opinion=said, text="改为两年", by=None, now=NOW)
    assert (changed.text, changed.changed_at) == ("改为两年", NOW)
    assert operations.change_opinion(opinion=said, text=" ", by=None, now=NOW) is None
    assert Opinion.objects.count() == 0


def test_opinions_in_writing_end_with_their_day_in_chongqing():
    said = make.opinion()
    last = make.AFTER.replace(hour=0, minute=0) - timedelta(seconds=1)
    make.opinion(said.invitation, text="当天最后一条", now=last)
    given = {"invitation": said.invitation, "text": "第二天", "now": last + timedelta(seconds=1)}
    assert code_of(operations.give_opinion, **given) == "opinions_over"


def test_staff_note_what_was_said_and_she_sets_it_right(client):
    clerk = make.clerk()
    row = make.inviting(mode="meeting")
    invitation = make.accepted(of=row)
    said = operations.note_opinion(invitation=invitation, text="加上留存", by=clerk, now=NOW)
    assert kinds()[-1] == "advisory.opinion_noted"
    client.force_login(invitation.talent.user)
    here = f"/advisory/consultations/opinions/{said.pk}/"
    assert client.post(here, {"text": "加上三年留存"}).status_code == 302
    said.refresh_from_db()
    assert (said.text, said.noted_by) == ("加上三年留存", clerk)


def test_in_writing_it_is_held_once_all_have_said_something_or_the_day_is_over():
    row = make.inviting(places=2)
    one = make.accepted(of=row)
    make.sent(of=row, talent=make.expert(full_name="乙"))
    assert code_of(operations.hold_consultation, consultation=row) == "opinions_due"
    make.opinion(one)
    assert code_of(operations.hold_consultation, consultation=row) == "opinions_due"
    operations.hold_consultation(consultation=row, by=None, now=make.AFTER)
    assert states() == ["took_part", "lapsed"]


def test_it_is_not_closed_while_an_opinion_has_no_answer():
    row = make.held()
    totals = {"came_outside": 0, "came_outside_women": 0}
    assert code_of(operations.close_consultation, consultation=row, **totals) == "opinions_open"
    with pytest.raises(IntegrityError, match="closed_has_totals"), transaction.atomic():
        Consultation.objects.filter(pk=row.pk).update(state="closed", ended_at=NOW)


def test_an_outcome_is_corrected_after_the_end_and_she_is_told_again():
    said = make.opinion()
    row = make.closed(said)
    operations.decide_opinion(opinion=said, outcome="partly", why="先试行", by=None, now=NOW)
    assert kinds().count("advisory.outcomes") == 2
    operations.reopen_consultation(consultation=row, by=None, now=NOW)
    assert make.again(row).state == "held"


def test_staff_are_reminded_once_that_its_time_is_over():
    clerk, now = make.clerk(), timezone.now()
    long_ago = now - timedelta(days=9)
    make.inviting(by=clerk, now=long_ago, opinions_by=timezone.localdate(now) - timedelta(days=1))
    tasks.consultations.follow_invitations()
    tasks.consultations.follow_invitations()
    assert (kinds(), queue.to_hold(clerk, now).count) == (["advisory.to_hold"], 1)


# --- who sees what --------------------------------------------------------------------------------
def test_another_woman_and_another_department_find_nothing(client):
    said = make.opinion()
    paper = make.paper(said.invitation.consultation)
    stranger = make.clerk(department_code=asking.OTHERS)
    client.force_login(make.expert(full_name="乙").user)
    here = f"/advisory/consultations/{said.invitation_id}/"
    addresses = (
        here,
        f"{here}interest/",
        f"{here}opinion/",
        f"/advisory/consultations/opinions/{said.pk}/",
    )
    assert {client.get(address).status_code for address in addresses} == {404}
    assert client.post(f"{here}papers/{paper.code}/").status_code == 404
    assert "青年人才安居政策" not in client.get("/advisory/").content.decode()
    client.force_login(stranger)
    row = said.invitation.consultation_id
    pages = (
        f"consultation/{row}/change/",
        f"consultation/{row}/papers/",
        f"consultationinvitation/{said.invitation_id}/change/",
        f"opinion/{said.pk}/change/",
    )
    found = {client.get(f"/admin/advisory/{page}").status_code for page in pages}
    assert found <= {302, 404}
    for model in ("consultation", "consultationinvitation", "opinion"):
        page = client.get(f"/admin/advisory/{model}/").content.decode()
        assert "青年人才安居政策" not in page


def test_lists_ask_as_much_for_three_as_for_one(client):
    clerk, her = make.clerk(), make.expert()
    asking.wish(her, chosen=["consultation"], most_a_quarter=12)
    row = make.inviting(places=9)
    invitation = make.accepted(of=row, talent=her)
    make.opinion(invitation)
    pages = (
        (clerk, "/admin/advisory/consultation/"),
        (clerk, "/admin/advisory/consultationinvitation/"),
        (clerk, "/admin/advisory/opinion/"),
        (clerk, f"/admin/advisory/consultation/{row.pk}/invite/"),
        (her.user, "/advisory/"),
        (her.user, f"/advisory/consultations/{invitation.pk}/"),
    )

    def counts():
        found = []
        for person, address in pages:
            client.force_login(person)
            client.get(address)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(address).status_code == 200
            found.append(len(asked))
        return found

    make.expert(full_name="备选")
    one = counts()
    for number in range(2):
        make.accepted(talent=her, title=f"第{number}项")
        make.opinion(invitation, text=f"第{number}条")
        make.expert(full_name=f"备选{number}", unit=factories.unit())
        make.sent(of=row, talent=make.expert(full_name=f"另{number}"))
    assert counts() == one


def test_a_planned_meeting_holds_as_many_as_are_to_come():
    row = make.consultation(mode="meeting", places=2, outside=3, outside_women=1)
    operations.plan_meeting(consultation=row, fields=make.meeting_fields(), by=None, now=NOW)

    def room(**values):
        operations.save_consultation(consultation=row, values=values, by=None, now=NOW)
        event = Event.objects.get()
        return event.capacity, event.guests_women, event.guests_men

    assert room(places=4, outside=6) == (10, 1, 5)
    assert room(places=1, outside=1, outside_women=0) == (2, 0, 1)


def test_a_free_place_proposes_the_next_woman(client):
    row = make.inviting(by=make.clerk(), places=1, now=timezone.now())
    first = make.sent(of=row, talent=make.expert(full_name="甲"), now=timezone.now())
    make.expert(full_name="乙")
    client.force_login(row.created_by)
    here = f"/admin/advisory/consultation/{row.pk}/change/"
    assert "还没有被邀请过" not in client.get(here).content.decode()
    operations.decline_invitation(invitation=first, by=None, now=timezone.now())
    assert "乙（还没有被邀请过）" in client.get(here).content.decode()
