"""The volunteer team: joined in steps, decided, trained and checked; who may go on a day, and who is told when that ends."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kernel.errors import DomainError
from kernel.sweeps import sweep
from notices.models import Notice
from outreach.volunteers import operations, queue, rules
from outreach.volunteers.models import Clearance, Volunteer, VolunteerTraining
from outreach.volunteers.personal_data import old_drafts, old_ended
from privacy.models import AuditEntry
from talents.operations import own_record
from tests import factories
from tests.outreach import make

NOW, TODAY, DAY = make.NOW, make.TODAY, make.DAY
KEPT = {"by": None, "now": NOW}
HOME = "/outreach/volunteer/"
LIST = "/admin/outreach/volunteer/"
pytestmark = pytest.mark.django_db


def refused(operation, **given):
    with pytest.raises(DomainError) as refusal, transaction.atomic():
        operation(**KEPT | given)
    return refusal.value.code


def told(kind):
    return Notice.objects.filter(kind=f"outreach.{kind}").count()


@pytest.fixture
def desk(settings):
    """Return a browser the team's coordinator is signed in with."""
    settings.STAFF_SECOND_FACTOR = False
    client = Client()
    client.force_login(make.coordinator(department_code="science_innovation"))
    return client


# --- she joins ------------------------------------------------------------------------------------
def test_each_tick_is_kept_and_three_steps_make_an_application(client):
    talent = make.woman()
    client.force_login(talent.user)
    typed = client.post(HOME + "what/", {"topics": ["talk"]}, headers={"HX-Request": "true"})
    assert (typed.status_code, "已保存" in typed.content.decode()) == (200, True)
    assert client.post(HOME + "send/").headers["Location"] == HOME + "what/"  # not whole yet
    sent = client.post(HOME + "what/", {"topics": ["talk"], "stages": ["primary"]})
    assert sent.headers["Location"] == HOME + "when/"
    when = {"days": ["3", "5"], "areas": ["lijia"], "most_a_term": "4"}
    assert client.post(HOME + "when/", when).headers["Location"] == HOME + "send/"
    assert client.post(HOME + "send/").headers["Location"] == HOME
    made = Volunteer.objects.get()
    assert (made.state, made.topics, made.days, made.most_a_term) == (
        "applied",
        ["talk"],
        [3, 5],
        4,
    )
    assert list(AuditEntry.objects.values_list("action", flat=True)) == ["outreach.apply_volunteer"]
    page = client.get(HOME).content.decode()
    assert ("正等确认" in page, "星期三、星期五" in page) == (True, True)


def test_what_is_no_choice_or_too_often_is_refused_with_a_sentence(client):
    talent = make.woman()
    client.force_login(talent.user)
    assert client.post(HOME + "what/", {"topics": ["magic"]}).status_code == 422
    when = {"days": ["8"], "areas": ["lijia"], "most_a_term": "21"}
    assert client.post(HOME + "when/", when).status_code == 422
    for name, value in (("topics", ["magic"]), ("days", [8]), ("areas", ["paris"])):
        given = {"talent": talent, "values": {name: value}}
        assert refused(operations.save_choices, **given) == "unknown_choice"
    assert Volunteer.objects.count() == 0


def test_who_is_not_in_the_database_is_told_what_to_do_first(client):
    person = factories.user()
    client.force_login(person)
    assert "请先填写档案" in client.get(HOME).content.decode()
    assert client.get(HOME + "what/").headers["Location"] == HOME
    assert client.get(HOME + "send/").status_code == 404
    assert own_record(person) is None


def test_in_the_team_nothing_she_has_to_choose_is_emptied():
    made = make.active()
    given = {"talent": made.talent, "values": {"days": []}}
    assert refused(operations.save_choices, **given) == "days_missing"
    operations.save_choices(talent=made.talent, values={"days": [6]}, by=made.talent.user, now=NOW)
    made.refresh_from_db()
    assert (made.days, made.state) == ([6], "active")


# --- decided --------------------------------------------------------------------------------------
def test_a_decision_is_told_and_can_be_taken_back(desk):
    made = make.applied()
    page = f"{LIST}{made.pk}/"
    assert desk.post(page + "accept/").status_code == 302
    made.refresh_from_db()
    assert (made.state, told("volunteer_accepted")) == ("active", 1)
    assert desk.post(page + "reopen/", {"reason": "资料要再核对"}).status_code == 302
    assert desk.post(page + "refuse/", {"reason": "短"}).status_code == 422
    assert desk.post(page + "refuse/", {"reason": "这学期名额已满"}).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.reason) == ("refused", "这学期名额已满")
    assert (told("volunteer_reopened"), told("volunteer_refused")) == (1, 1)
    hers = Client()
    hers.force_login(made.talent.user)
    assert "这学期名额已满" in hers.get(HOME).content.decode()
    operations.apply_volunteer(talent=made.talent, by=made.talent.user, now=NOW)
    made.refresh_from_db()
    assert (made.state, made.reason) == ("applied", "")


def test_nobody_decides_on_her_own_application():
    clerk = factories.staff("department_clerk")
    talent = make.woman(user=clerk)
    given = {"volunteer": make.applied(talent), "by": clerk}
    assert refused(operations.accept_volunteer, **given) == "own_case"
    assert (
        refused(operations.enter_clearance, done_on=TODAY, good_until=TODAY, **given) == "own_case"
    )


def test_a_clerk_sees_her_department_and_the_coordinator_all(desk, settings):
    elsewhere = factories.department("science_innovation")
    here, there = make.active(), make.active(make.woman(department=elsewhere))
    make.draft()
    clerk = factories.staff("department_clerk")
    seen = {
        "clerk": set(Volunteer.objects.visible_to(clerk)),
        "coordinator": set(Volunteer.objects.visible_to(make.coordinator())),
        "herself": set(Volunteer.objects.visible_to(here.talent.user)),
    }
    assert seen == {"clerk": {here}, "coordinator": {here, there}, "herself": set()}
    client = Client()
    client.force_login(clerk)
    assert client.get(f"{LIST}{there.pk}/change/").status_code != 200
    assert client.post(f"{LIST}{there.pk}/reopen/", {"reason": "资料要再核对"}).status_code == 404


# --- may she go -----------------------------------------------------------------------------------
def many():
    """Return volunteers of every kind."""
    late = TODAY - DAY
    paused = make.ready()
    operations.pause_volunteering(volunteer=paused, until=TODAY + 3 * DAY, by=None, now=NOW)
    left = make.ready()
    operations.leave_team(volunteer=left, **KEPT)
    trained = make.active()
    make.trained(trained)
    return [
        make.ready(),
        make.ready(trained_until=TODAY),
        make.ready(cleared_until=TODAY + 20 * DAY),
        make.ready(cleared_until=late),
        make.ready(trained_until=late),
        make.active(),
        make.applied(),
        make.draft(),
        paused,
        left,
        trained,
    ]


def test_the_rule_of_one_says_what_the_database_says_of_many():
    rows = [Volunteer.objects.get(pk=one.pk) for one in many()]
    for day in (TODAY, TODAY + DAY, TODAY + 3 * DAY, TODAY + 4 * DAY, TODAY + 21 * DAY):
        by_rule = {one.pk for one in rows if rules.why_not_go(one, day) is None}
        assert by_rule == set(Volunteer.objects.ready(day).values_list("pk", flat=True)), day
    said = [getattr(rules.why_not_go(one, TODAY), "code", "") for one in rows]
    assert said == [
        *("", "", "", "clearance_over", "training_over", "not_trained", "not_in_team"),
        *("not_in_team", "paused", "not_in_team", "not_cleared"),
    ]


def test_a_break_ends_by_itself_or_by_her():
    made = make.ready()
    given = {"volunteer": made, "by": made.talent.user, "now": NOW}
    operations.pause_volunteering(until=TODAY + 2 * DAY, **given)
    made.refresh_from_db()
    days = [made.is_paused(TODAY + n * DAY) for n in (-1, 0, 2, 3)]
    assert days == [False, True, True, False]
    operations.pause_volunteering(until=None, **given)
    made.refresh_from_db()
    assert made.is_paused(TODAY + 400 * DAY)
    for _twice in range(2):
        operations.resume_volunteering(**given)
    made.refresh_from_db()
    assert (made.paused_on, rules.why_not_go(made, TODAY)) == (None, None)
    until = {"volunteer": made, "until": TODAY - DAY}
    assert refused(operations.pause_volunteering, **until) == "until"
    verbs = AuditEntry.objects.filter(action__contains="volunteering").values_list(
        "action", flat=True
    )
    assert sorted(verbs) == ["outreach.pause_volunteering"] * 2 + ["outreach.resume_volunteering"]


# --- trained and checked --------------------------------------------------------------------------
def test_a_wrong_check_is_replaced_by_one_that_names_it_and_never_rewritten():
    made = make.ready()
    wrong = made.clearances.get()
    right = {"done_on": TODAY, "good_until": TODAY + 60 * DAY, "reason": "日期登记错了"}
    new = operations.correct_clearance(volunteer=made, take_back=False, **right, **KEPT)
    made.refresh_from_db()
    assert (new.replaces, made.cleared_until) == (wrong, TODAY + 60 * DAY)
    operations.correct_clearance(volunteer=made, take_back=True, **right, **KEPT)
    made.refresh_from_db()
    assert (made.cleared_until, made.proven_until) == (None, None)
    assert rules.why_not_go(made, TODAY).code == "not_cleared"
    again = {"volunteer": made, "take_back": False} | right
    assert refused(operations.correct_clearance, **again) == "taken_back"
    for model in (Clearance, VolunteerTraining):
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.update(good_until=TODAY)


def test_days_of_a_check_are_in_order_and_not_to_come():
    made = make.active()
    for done, until, code in (
        (TODAY + DAY, TODAY + 2 * DAY, "in_future"),
        (TODAY, TODAY - DAY, "until_before"),
        (TODAY, TODAY + 1200 * DAY, "until_far"),
    ):
        given = {"volunteer": made, "done_on": done, "good_until": until}
        assert refused(operations.enter_clearance, **given) == code
    given = {"volunteer": made, "done_on": TODAY, "good_until": TODAY, "title": " "}
    assert refused(operations.enter_training, **given) == "title_missing"
    with pytest.raises(IntegrityError), transaction.atomic():
        Clearance.objects.create(volunteer=made, done_on=TODAY, good_until=TODAY - DAY, at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Clearance.objects.create(volunteer=made, done_on=TODAY, good_until=None, at=NOW)


def test_no_table_has_a_place_for_what_a_check_found():
    """Who, when, until when, and which row it replaces: nothing else is kept, so nothing else can get out."""
    names = {field.name for field in Clearance._meta.get_fields() if not field.auto_created}
    known = {"volunteer", "done_on", "good_until", "by", "at", "reason", "replaces"}
    assert names == known


def test_the_end_is_told_thirty_days_before_and_once():
    made = make.ready(cleared_until=TODAY + 40 * DAY)

    def clock(now):
        due = Volunteer.objects.to_remind((now).date())
        return sweep(due, operations.remind_of_end, "volunteer", now=now)

    assert [clock(NOW + timedelta(days=n)) for n in (0, 9, 10, 11, 40, 41)] == [0, 0, 1, 0, 0, 0]
    assert told("volunteer_runs_out") == 1
    make.cleared(made, TODAY + 100 * DAY)
    assert clock(NOW + timedelta(days=71)) == 1  # another end
    assert (told("volunteer_runs_out"), Volunteer.objects.get().reminded_of) == (
        2,
        TODAY + 100 * DAY,
    )


# --- staff ----------------------------------------------------------------------------------------
def test_the_queue_and_the_figures_lead_to_what_they_count(desk):
    rows = many()
    coordinator = make.coordinator()
    moment = NOW
    waits = queue.to_decide(coordinator, moment)
    assert (waits.count, waits.since) == (1, NOW)
    assert queue.to_prove(coordinator, moment).count == 6
    assert len(rows) == 11
    page = desk.get(f"{LIST}figures/")
    assert page.status_code == 200
    for line in page.context["parts"][0].lines:
        found = desk.get(line.link).context["cl"].result_count
        assert found == line.value, (line.label, line.value)


def test_the_list_asks_the_same_number_of_questions_for_one_and_three(desk):
    make.ready()

    def questions():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert desk.get(LIST).status_code == 200
        return len(asked)

    questions()
    one = questions()
    make.ready()
    make.active()
    assert questions() == one


def test_a_training_and_a_check_are_entered_and_the_list_is_taken_out(desk):
    made = make.active()
    page = f"{LIST}{made.pk}/"
    until = (TODAY + 300 * DAY).isoformat()
    days = {"done_on": TODAY.isoformat(), "good_until": until}
    assert desk.post(page + "training/", days | {"title": "上岗培训"}).status_code == 302
    assert desk.post(page + "clearance/", days).status_code == 302
    wrong = days | {"title": "复训", "reason": "名称登记错了"}
    assert desk.post(page + "training-fix/", wrong).status_code == 302
    assert desk.post(page + "clearance-fix/", days | {"reason": ""}).status_code == 422
    made.refresh_from_db()
    assert (made.trainings.count(), made.clearances.count()) == (2, 1)
    shown = desk.get(page + "change/").content.decode()
    assert ("复训" in shown, "名称登记错了" in shown) == (True, True)
    answer = desk.get(f"{LIST}export/")
    assert answer["Content-Type"].startswith("application/vnd.openxmlformats")
    assert AuditEntry.objects.filter(action="outreach.export_volunteers").count() == 1


# --- her data -------------------------------------------------------------------------------------
def test_what_is_old_goes_and_what_is_hers_stays_until_then():
    draft, left, active = make.draft(), make.ready(), make.ready()
    operations.leave_team(volunteer=left, **KEPT)
    year, three = NOW - timedelta(days=1), NOW + timedelta(days=1)
    assert [list(old_drafts(at)) for at in (year, three)] == [[], [draft]]
    assert [list(old_ended(at)) for at in (year, three)] == [[], [left]]
    old_ended(three).delete()
    assert set(Volunteer.objects.values_list("pk", flat=True)) == {draft.pk, active.pk}
    assert Clearance.objects.count() == 1


def test_constraints_hold_whatever_writes():
    made = make.active()
    rows = Volunteer.objects.filter(pk=made.pk)
    for wrong in (
        {"most_a_term": 0},
        {"topics": []},
        {"decided_at": None},
        {"state": "refused", "reason": ""},
        {"state": "left"},
        {"paused_until": TODAY},
        {"paused_on": TODAY, "paused_until": TODAY - DAY},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**wrong)
