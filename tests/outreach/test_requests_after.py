"""After somebody accepted: given back, offered again, attested, taken back; told in time; the pages and the admin."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from care_points.models import ServiceHours
from care_points.operations.hours import confirm_hours
from kernel.errors import Conflict, DomainError, Invalid, Refused
from notices.models import Notice
from outreach.requests import attesting, clock, lists, operations
from outreach.requests.models import CampusEntry, PriorityVenue, SchoolRequest, VisitInvitation
from outreach.volunteers.operations import pause_volunteering
from tests import factories
from tests.outreach import counts, make, visits

NOW = make.NOW
pytestmark = pytest.mark.django_db
DAY = visits.DAYS[0]


@pytest.fixture
def school():
    """A partner school with somebody who speaks for it."""
    return counts.contact(visits.school())


def arranged(school, volunteer=None):
    request = visits.sent(school.unit)
    invitation = visits.asked(request, volunteer)
    operations.accept_visit(invitation=invitation, day=DAY, by=None, now=NOW)
    return fresh(request), VisitInvitation.objects.get(pk=invitation.pk)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def after():
    return NOW + timedelta(days=(DAY - make.TODAY).days, hours=8)


def kinds(person):
    return list(
        Notice.objects.filter(recipient=person).order_by("pk").values_list("kind", flat=True)
    )


# --- she may not, or cannot, come ---
def test_a_place_given_back_is_looked_for_again_and_the_school_told(school):
    request, invitation = arranged(school)
    operations.give_back_visit(invitation=invitation, by=invitation.talent.user, now=NOW)
    request = fresh(request)
    assert (request.state, request.day) == ("sent", None)
    assert fresh(invitation).state == "declined"
    assert kinds(school) == ["outreach.visit_arranged", "outreach.visit_given_back"]
    assert "outreach.visit_released" not in kinds(invitation.talent.user)
    with pytest.raises(Conflict):
        operations.give_back_visit(invitation=invitation, by=invitation.talent.user, now=NOW)


def test_nobody_else_gives_her_place_back(school):
    _request, invitation = arranged(school)
    for by in (school, make.woman().user, factories.staff("department_reviewer")):
        with pytest.raises(Refused):
            operations.give_back_visit(invitation=invitation, by=by, now=NOW)
    operations.give_back_visit(invitation=invitation, by=make.coordinator(), now=NOW)
    assert kinds(invitation.talent.user)[-1] == "outreach.visit_released"


def test_a_pause_edits_nothing_and_the_clock_offers_the_visit_to_others(school):
    volunteer = make.ready()
    request, invitation = arranged(school, volunteer)
    assert not clock.reoffer_visit(request=request, now=NOW)
    pause_volunteering(volunteer=volunteer, until=None, by=volunteer.talent.user, now=NOW)
    assert fresh(request).state == "arranged"
    assert clock.reoffer_visit(request=request, now=NOW)
    assert (fresh(request).state, fresh(invitation).state) == ("sent", "declined")
    assert not clock.reoffer_visit(request=fresh(request), now=NOW)


def test_a_check_that_runs_out_before_the_day_is_a_reason_too(school):
    volunteer = make.ready()
    request, _invitation = arranged(school, volunteer)
    type(volunteer).objects.filter(pk=volunteer.pk).update(cleared_until=DAY - make.DAY)
    assert clock.reoffer_visit(request=request, now=NOW)


def test_nobody_is_asked_more_often_a_term_than_she_said(school):
    volunteer = make.ready(most_a_term=1)
    request = visits.sent()
    assert [one.pk for one in operations.candidates(request, NOW)] == [volunteer.pk]
    arranged(school, volunteer)
    assert operations.candidates(request, NOW) == []


# --- after the day ---
def test_the_school_attests_and_a_colleague_confirms_the_hours(school):
    request, invitation = arranged(school)
    given = {"half_hours": 3, "girls": 21, "boys": 20, "by": school}
    with pytest.raises(Conflict) as refused:
        attesting.attest_visit(request=request, now=NOW, **given)
    assert refused.value.code == "not_yet"
    attesting.attest_visit(request=request, now=after(), **given)
    request = fresh(request)
    assert (request.state, request.girls_came, request.attested_by) == ("held", 21, school)
    hours = ServiceHours.objects.get()
    assert (hours.talent, hours.half_hours, hours.state) == (invitation.talent, 3, "recorded")
    assert hours.recorded_by == school


def test_what_was_attested_is_taken_back_until_the_hours_are_confirmed(school):
    request, _invitation = arranged(school)
    given = {"half_hours": 3, "girls": 21, "boys": 20, "by": school, "now": after()}
    attesting.attest_visit(request=request, **given)
    attesting.take_back_attest(request=fresh(request), by=school, now=after())
    request = fresh(request)
    assert (request.state, request.half_hours, request.attested_at) == ("arranged", None, None)
    assert ServiceHours.objects.standing().count() == 0
    attesting.attest_visit(request=request, **given | {"half_hours": 4})
    hours = ServiceHours.objects.standing().get()
    colleague = factories.staff("department_clerk", "department_reviewer")
    confirm_hours(hours=hours, by=colleague, now=after())
    with pytest.raises(Conflict) as refused:
        attesting.take_back_attest(request=fresh(request), by=school, now=after())
    assert refused.value.code == "hours_confirmed"


def test_what_did_not_take_place_can_still_be_attested(school):
    request, _invitation = arranged(school)
    attesting.miss_visit(request=request, by=school, now=after())
    assert fresh(request).state == "missed"
    attesting.attest_visit(
        request=fresh(request), half_hours=2, girls=1, boys=0, by=school, now=after()
    )
    assert fresh(request).state == "held"


def test_what_is_over_is_not_cancelled(school):
    request, _invitation = arranged(school)
    with pytest.raises(Conflict) as refused:
        operations.cancel_request(request=request, by=school, now=after() + timedelta(days=1))
    assert (refused.value.code, fresh(request).state) == ("over", "arranged")


@pytest.mark.parametrize(
    ("values", "code"),
    [({"half_hours": 9}, "half_hours"), ({"girls": 0, "boys": 0}, "came"), ({"girls": -1}, "came")],
)
def test_what_cannot_have_been_is_refused(school, values, code):
    request, _invitation = arranged(school)
    given = {"half_hours": 3, "girls": 21, "boys": 20} | values
    with pytest.raises(Invalid) as refused:
        attesting.attest_visit(request=request, by=school, now=after(), **given)
    assert refused.value.code == code
    assert fresh(request).state == "arranged"


# --- the clock ---
def test_a_school_is_told_once_after_fourteen_days_and_at_the_end(school):
    request = visits.sent(school.unit)
    early, late = NOW + timedelta(days=13), NOW + timedelta(days=14)
    assert list(SchoolRequest.objects.to_tell_unmet(early)) == []
    assert list(SchoolRequest.objects.to_tell_unmet(late)) == [request]
    assert clock.tell_unmet(request=request, now=late)
    assert not clock.tell_unmet(request=request, now=late)
    last = max(visits.DAYS)
    assert list(SchoolRequest.objects.to_end(last - make.DAY)) == []
    assert list(SchoolRequest.objects.to_end(last)) == [request]
    assert clock.end_unmet(request=request, now=late)
    assert fresh(request).state == "unmet"
    assert kinds(school) == ["outreach.visit_not_found", "outreach.visit_unmet"]


def test_both_sides_are_reminded_once_two_days_before(school):
    request, invitation = arranged(school)
    assert list(SchoolRequest.objects.to_remind(DAY - 3 * make.DAY)) == []
    assert list(SchoolRequest.objects.to_remind(DAY - 2 * make.DAY)) == [request]
    assert clock.remind_of_visit(request=request, now=NOW)
    assert not clock.remind_of_visit(request=request, now=NOW)
    for person in (school, invitation.talent.user):
        assert kinds(person).count("outreach.visit_soon") == 1


def test_the_whole_round_asks_the_next_when_nobody_answers(school):
    now = timezone.now()
    days = visits.days_ahead(now)
    request = visits.draft(school.unit, now, days=days, entry=visits.entry_of(days[0]))
    operations.send_request(request=request, by=school, now=now)
    for _ in range(6):
        make.ready()
    clock.follow_requests()
    assert request.invitations.open().count() == 5
    VisitInvitation.objects.filter(pk=request.invitations.first().pk).update(
        answer_by=now - timedelta(seconds=1)
    )
    clock.follow_requests()
    assert request.invitations.filter(state="lapsed").count() == 1
    assert request.invitations.open().count() == 5


# --- what staff keep ---
def test_the_white_list_is_kept_and_corrected():
    by = make.coordinator()
    given = {"year": 2026, "activity": "科学节", "document": "1 号", "cap": 2, "ended_on": None}
    row = lists.save_entry(entry=None, by=by, now=NOW, **given)
    lists.save_entry(entry=row, by=by, now=NOW, cap=3)
    assert (fresh(row).cap, fresh(row).entered_by) == (3, by)
    with pytest.raises(Conflict):
        lists.save_entry(entry=None, by=by, now=NOW, **given)
    with pytest.raises(DomainError):
        lists.save_entry(entry=None, by=by, now=NOW, **given | {"year": 1999})
    assert CampusEntry.objects.count() == 1


def test_priority_schools_come_first(school):
    plain = visits.sent(visits.school())
    lists.save_priority(
        unit=school.unit, year=2026, document="2 号", by=make.coordinator(), now=NOW
    )
    first = visits.sent(school.unit, now=NOW + make.DAY)
    assert list(SchoolRequest.objects.to_ask()) == [first, plain]
    lists.drop_priority(venue=PriorityVenue.objects.get(), by=make.coordinator(), now=NOW)
    assert PriorityVenue.objects.count() == 0


# --- pages ---
def test_a_school_asks_in_three_steps_that_keep_what_is_filled_in(client, school):
    client.force_login(school)
    begun = client.post(reverse("my_requests"))
    draft = SchoolRequest.objects.get()
    assert begun.url == reverse("request_what", args=[draft.code])
    what = {"venue": "school", "topic": "talk", "stage": "primary", "area": "lijia"}
    htmx = {"HTTP_HX_REQUEST": "true"}
    client.post(begun.url, what | {"area": ""}, **htmx)
    assert (fresh(draft).topic, fresh(draft).area) == ("talk", "")
    client.post(begun.url, what)
    days = visits.days_ahead(timezone.now())
    when = {"classes": "1", "girls": "22", "boys": "20", "begins": "14:00", "minutes": "45"}
    when |= {"day_1": days[0].isoformat(), "day_2": days[1].isoformat(), "teacher_present": "on"}
    client.post(reverse("request_when", args=[draft.code]), when)
    assert fresh(draft).days == days
    entry = visits.entry_of(days[0])
    send = reverse("request_send", args=[draft.code])
    assert "女科学家进校园" in client.get(send).content.decode()
    refused = client.post(send, {"entry": ""}, follow=True)
    assert "不在白名单里的不能进校园" in refused.content.decode()
    client.post(send, {"entry": entry.pk})
    assert fresh(draft).state == "sent"
    page = client.get(reverse("my_request", args=[draft.code])).content.decode()
    assert "正在找人" in page
    assert client.get(begun.url).status_code == 404


def test_a_school_asks_for_days_on_which_it_is_open(school):
    saturday = visits.DAYS[1] + make.DAY
    given = {"days": [visits.DAYS[0], saturday]}
    with pytest.raises(Invalid) as refused:
        operations.send_request(request=visits.draft(school.unit, **given), by=school, now=NOW)
    assert refused.value.code == "days"
    home = visits.draft(counts.contact(visits.school()).unit, venue="womens_home", **given)
    assert operations.send_request(request=home, by=None, now=NOW).state == "sent"


def test_a_missing_teacher_leads_back_to_the_step_that_asks(client, school):
    client.force_login(school)
    draft = visits.draft(school.unit, teacher_present=False)
    sent = client.post(reverse("request_send", args=[draft.code]), {"entry": draft.entry_id})
    assert sent.url == reverse("request_when", args=[draft.code])


def test_a_draft_is_thrown_away_and_another_unit_finds_nothing(client, school):
    draft = visits.draft(school.unit)
    other = counts.contact(visits.school())
    client.force_login(other)
    for name in ("my_request", "request_what", "request_send"):
        assert client.get(reverse(name, args=[draft.code])).status_code == 404
    client.force_login(school)
    client.post(reverse("act_on_request", args=[draft.code]), {"act": "cancel"})
    assert fresh(draft).state == "cancelled"
    assert "还没有申请" in client.get(reverse("my_requests")).content.decode()


def test_she_reads_accepts_and_gives_back(client, school):
    now = timezone.now()
    days = visits.days_ahead(now)
    request = visits.draft(school.unit, now, days=days, entry=visits.entry_of(days[0]))
    operations.send_request(request=request, by=school, now=now)
    volunteer = make.ready()
    invitation = visits.asked(request, volunteer, now)
    client.force_login(volunteer.talent.user)
    assert request.unit.name in client.get(reverse("my_visits")).content.decode()
    page = reverse("visit_invitation", args=[invitation.pk])
    assert "我去" in client.get(page).content.decode()
    client.post(page, {"act": f"accept:{days[0].isoformat()}"})
    assert fresh(request).day == days[0]
    assert "学校在等您" in client.get(page).content.decode()
    client.post(page, {"act": "give_back"})
    assert fresh(request).state == "sent"
    client.force_login(make.woman().user)
    assert client.get(page).status_code == 404


def test_the_coordinator_asks_more_releases_and_cancels(client, school, settings):
    settings.STAFF_SECOND_FACTOR = False
    request, invitation = arranged(school)
    client.force_login(make.coordinator())
    row = f"/admin/outreach/schoolrequest/{request.pk}/"
    shown = client.get(f"{row}change/").content.decode()
    assert invitation.talent.full_name not in shown
    assert invitation.talent.masked_name in shown
    type(request).objects.filter(pk=request.pk).update(day=timezone.localdate() + make.DAY)
    client.post(f"{row}release/", {"_": "1"})
    assert fresh(request).state == "sent"
    client.post(f"{row}cancel/", {"_": "1"})
    assert fresh(request).state == "cancelled"
    assert client.get(reverse("admin:outreach_schoolrequest_figures")).status_code == 200
    sent = client.post(
        reverse("admin:outreach_schoolrequest_changelist"),
        {"action": "write_out", "_selected_action": [request.pk]},
    )
    assert sent.headers["Content-Type"].startswith("application/vnd.openxml")
