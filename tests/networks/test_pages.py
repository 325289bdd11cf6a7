"""The pages: for everybody, for her, for who is in office, for staff; and for the unit's programs."""

import json
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from networks.members.models import Membership
from networks.meter.models import CouncilMeeting, ShareCount
from networks.posts import operations as posts
from networks.posts.models import Holding
from privacy import consents
from privacy.models import AuditEntry
from tests import factories
from tests.api.conftest import make_partner
from tests.networks import make
from tests.networks.make import DAY

pytestmark = pytest.mark.django_db
HOME = "/networks/"


@pytest.fixture(autouse=True)
def _one_factor(settings):
    settings.STAFF_SECOND_FACTOR = False


def today():
    return timezone.localdate()


def said(client, address, **given):
    """Post; return the messages of the page that follows."""
    answer = client.post(address, given, follow=True)
    return [str(message) for message in answer.context["messages"]]


# --- everybody -------------------------------------------------------------------------------------
def test_everybody_reads_who_is_in_office_masked_until_she_agrees(client):
    held = make.in_office()
    her = held.talent
    type(her).objects.filter(pk=her.pk).update(full_name="林静姝")
    address = held.association.get_absolute_url()
    page = client.get(address).content.decode()
    assert ("林*姝" in page, "林静姝" in page, "会长" in page) == (True, False, True)
    about = {"user": her.user, "purpose": "association_office", "by": her.user}
    consents.grant(**about, now=timezone.now())
    assert "林静姝" in client.get(f"{address}?n=2").content.decode()
    consents.withdraw(**about, now=timezone.now())
    assert "林静姝" not in client.get(f"{address}?n=3").content.decode()
    assert held.association.name in client.get(HOME).content.decode()


def test_what_is_dissolved_or_not_shown_has_no_page(client):
    hidden = make.association(is_open=False)
    assert client.get(hidden.get_absolute_url()).status_code == 404
    assert hidden.name not in client.get(HOME).content.decode()


def test_the_meter_shows_what_was_confirmed_with_its_source_and_greys_what_is_old(client):
    of = make.association(is_mixed=True)
    make.confirmed(of, as_of=date(2024, 6, 30), source="2024 年理事名册")
    make.count_of(of, rung="leader", total=7, women=1)
    page = client.get(f"{HOME}meter/").content.decode()
    told = ("22.5%" in page, "2024 年理事名册" in page, "ladder-old" in page, "14.3%" in page)
    assert told == (True, True, True, False)


# --- she -------------------------------------------------------------------------------------------
def test_she_applies_pauses_leaves_and_comes_back_on_her_phone(client):
    of, her = make.association(), factories.talent()
    join = f"{of.get_absolute_url()}join/"
    client.force_login(her.user)
    assert "不会看到手机号" in client.get(join).content.decode()
    assert said(client, join) == ["已提交，审核后会通知您。"]
    one = Membership.objects.get()
    mine = one.get_absolute_url()
    assert said(client, mine, act="withdraw") == ["已撤回申请。"]
    assert said(client, join) == ["已提交，审核后会通知您。"]
    one = Membership.objects.get(state="applied")
    Membership.objects.filter(pk=one.pk).update(
        state="active", joined_on=today() - 99 * DAY, valid_until=today() + 30 * DAY
    )
    mine = one.get_absolute_url()
    assert client.post(mine, {"act": "pause", "until": ""}).status_code == 422
    wrong = client.post(mine, {"act": "pause", "until": str(today())})
    assert (wrong.status_code, "以前的日期" in wrong.content.decode()) == (422, True)
    pause = {"act": "pause", "until": str(today() + 60 * DAY)}
    assert said(client, mine, **pause) == ["已暂停，会龄照算，会籍相应顺延。"]
    assert said(client, mine, act="resume") == ["已恢复。"]
    assert said(client, mine, act="renew") == ["已续期，会龄不断。"]
    assert said(client, mine, act="leave") == ["已退会。30 天内可以在这里恢复。"]
    assert said(client, mine, act="restore") == ["欢迎回来，会籍和会龄与以前一样。"]
    assert client.post(mine, {"act": "approve"}).status_code == 404
    client.force_login(factories.talent().user)
    assert client.get(mine).status_code == 404


def test_she_resigns_by_a_day_and_takes_it_back(client):
    held = make.in_office()
    client.force_login(held.talent.user)
    page = f"{HOME}mine/posts/{held.pk}/"
    assert "会长" in client.get(f"{HOME}mine/").content.decode()
    assert client.post(page, {"act": "resign", "last_day": str(today() - DAY)}).status_code == 422
    client.post(page, {"act": "resign", "last_day": str(today() + 9 * DAY)})
    assert make.fresh(held).end_reason == "resigned"
    client.post(page, {"act": "restore"})
    assert make.fresh(held).end_reason == ""
    client.force_login(factories.talent().user)
    assert client.get(page).status_code == 404


# --- who is in office ------------------------------------------------------------------------------
def test_who_is_in_office_decides_and_enters_and_out_of_office_finds_nothing(client):
    held = make.in_office()
    of, chair = held.association, held.talent.user
    waits, other = make.applied(of, now=timezone.now()), make.applied(of, now=timezone.now())
    client.force_login(chair)
    run = f"{HOME}run/{of.code}/"
    assert waits.talent.full_name in client.get(run).content.decode()
    where = f"{run}members/{waits.code}/"
    assert said(client, where, act="approve") == ["已通过，已通知本人。"]
    decline = f"{run}members/{other.code}/"
    reason = {"act": "decline", "decline-reason": "不在本行业从业"}
    assert client.post(decline, {"act": "decline", "decline-reason": ""}).status_code == 422
    assert said(client, decline, **reason) == ["已办理，已通知本人。"]
    count = {
        "rung": "leader",
        "total": "5",
        "women": "6",
        "as_of": str(today()),
        "source": "名册",
    }
    wrong = client.post(f"{run}enter/count/", count)
    assert (wrong.status_code, "不能多于总人数" in wrong.content.decode()) == (422, True)
    assert client.post(f"{run}enter/count/", count | {"women": "4"}).status_code == 302
    meeting = {
        "rung": "council",
        "held_on": str(today()),
        "present": "9",
        "women": "9",
        "source": "纪要",
    }
    assert client.post(f"{run}enter/meeting/", meeting).status_code == 302
    assert client.post(f"{run}enter/event/", {"code": "NOSUCHEVENT1"}).status_code == 422
    event = factories.event()
    assert client.post(f"{run}enter/event/", {"code": event.code.lower()}).status_code == 302
    assert (ShareCount.objects.get().entered_by, CouncilMeeting.objects.count()) == (chair, 1)
    sheet = client.get(f"{run}members.xlsx")
    assert (sheet.status_code, "no-store" in sheet.headers["Cache-Control"]) == (200, True)
    assert AuditEntry.objects.filter(action="networks.export_members").count() == 1
    pages = (run, where, f"{run}enter/count/", f"{run}members.xlsx")
    posts.end_holding(
        holding=held, last_day=today() - DAY, reason="removed", by=None, now=timezone.now()
    )
    assert [client.get(page).status_code for page in pages] == [404] * 4
    assert client.post(where, {"act": "end", "end-reason": "不再从业了"}).status_code == 404


def test_who_runs_one_association_finds_nothing_of_another(client):
    held, other = make.in_office(), make.in_office()
    member = make.member(other.association)
    client.force_login(held.talent.user)
    run = f"{HOME}run/"
    pages = (
        f"{run}{other.association.code}/",
        f"{run}{other.association.code}/members/{member.code}/",
        f"{run}{held.association.code}/members/{member.code}/",
    )
    assert [client.get(page).status_code for page in pages] == [404] * 3


def test_lists_ask_as_much_for_three_as_for_one(client):
    held = make.in_office()
    of, chair = held.association, held.talent.user
    asked = {}
    for _count in (1, 3):
        while Membership.objects.filter(state="applied").count() < _count:
            make.applied(of, now=timezone.now())
            new = make.member(of)
            make.member(make.association(), held.talent)
            assert new.pk
        for person, address in (
            (None, HOME),
            (None, of.get_absolute_url()),
            (chair, f"{HOME}mine/"),
            (chair, f"{HOME}run/{of.code}/"),
        ):
            client.logout()
            if person:
                client.force_login(person)
            client.get(f"{address}?warm={_count}")
            with CaptureQueriesContext(connection) as queries:
                assert client.get(f"{address}?n={_count}").status_code == 200
            asked.setdefault(address, set()).add(len(queries))
    assert {address: len(n) for address, n in asked.items()} == dict.fromkeys(asked, 1)


# --- staff -----------------------------------------------------------------------------------------
def test_staff_keep_an_association_in_the_admin_and_elsewhere_only_read_it(client):
    client.force_login(factories.staff("department_clerk"))
    admin = "/admin/networks/"
    new = make.values() | {"founded_on": "2016-05-20", "member_months": 12, "is_open": "on"}
    assert client.post(f"{admin}association/add/", new).status_code == 302
    of = make.association()
    term = {"association": of.pk, "number": 1, "years": 4, "starts_on": "2024-06-20"}
    assert client.post(f"{admin}term/add/", term).status_code == 302
    post = {"association": of.pk, "title": "会长", "rung": "leader", "seats": 1, "order": 0}
    assert client.post(f"{admin}post/add/", post | {"runs": "on"}).status_code == 302
    member = make.member(of)
    hold = {
        "post": of.posts.get().pk,
        "talent_code": member.talent.code,
        "outside": "",
        "first_day": "2026-01-05",
        "document": "选举结果",
    }
    wrong = client.post(f"{admin}holding/add/", hold | {"talent_code": "NOBODY"})
    assert (wrong.status_code, Holding.objects.count()) == (200, 0)
    assert client.post(f"{admin}holding/add/", hold).status_code == 302
    held = Holding.objects.get()
    assert client.get(f"{admin}association/{of.pk}/ladder/").status_code == 200
    end = {"last_day": str(today()), "reason": "removed"}
    assert client.post(f"{admin}holding/{held.pk}/end/", end).status_code == 302
    assert client.post(f"{admin}holding/{held.pk}/restore/").status_code == 302
    assert make.fresh(held).end_reason == ""
    client.force_login(factories.staff("department_clerk", department_code="science_innovation"))
    assert client.get(f"{admin}association/{of.pk}/change/").status_code == 200
    for model, row in (("holding", held), ("membership", member)):
        assert client.get(f"{admin}{model}/{row.pk}/change/").headers["Location"] == "/admin/"
        assert client.get(f"{admin}{model}/{row.pk}/end/").status_code == 404
    client.post(f"{admin}association/{of.pk}/dissolve/", {"on": str(today()), "reason": "不知道"})
    assert make.fresh(of).dissolved_on is None
    form = client.get(f"{admin}term/add/").content.decode()
    assert of.name not in form


def test_a_term_is_extended_in_the_admin_once(client):
    client.force_login(factories.staff("department_clerk"))
    term = make.term(starts_on=today() - 1400 * DAY)
    where = f"/admin/networks/term/{term.pk}/"
    until = str(term.planned_ends_on + 90 * DAY)
    said_ = {"until": until, "document": "批复〔2026〕11号"}
    assert client.post(f"{where}extend/", said_).status_code == 302
    assert str(make.fresh(term).ends_on) == until
    later = {"until": str(term.planned_ends_on + 99 * DAY), "document": "又一份"}
    again = client.post(f"{where}extend/", later)
    assert (again.status_code, "不能再延" in again.content.decode()) == (422, True)
    assert client.post(f"{where}take-back/").status_code == 302
    assert make.fresh(term).ends_on == term.planned_ends_on


def test_a_count_is_confirmed_by_somebody_else_in_the_admin(client):
    clerk = factories.staff("department_clerk")
    client.force_login(clerk)
    of = make.association()
    count = {
        "association": of.pk,
        "rung": "council",
        "total": 40,
        "women": 9,
        "as_of": "2026-06-30",
        "source": "名册",
    }
    assert client.post("/admin/networks/sharecount/add/", count).status_code == 302
    where = f"/admin/networks/sharecount/{ShareCount.objects.get().pk}/confirm/"
    client.post(where)
    assert ShareCount.objects.get().state == "entered"
    client.force_login(factories.staff("department_reviewer"))
    assert client.post(where).status_code == 302
    assert ShareCount.objects.get().state == "confirmed"


def test_an_election_is_prepared_in_the_admin(client):
    client.force_login(factories.staff("department_clerk"))
    of = make.association()
    post = make.post(of)
    day = str(today() + 30 * DAY)
    new = {"association": of.pk, "number": 1, "starts_on": day}
    assert client.post("/admin/networks/election/add/", new).status_code == 302
    election = of.elections.get()
    where = f"/admin/networks/election/{election.pk}/"
    given = {
        "post": post.pk,
        "opens_at_0": str(today() + DAY),
        "opens_at_1": "09:00",
        "closes_at_0": str(today() + 9 * DAY),
        "closes_at_1": "18:00",
        "surplus_percent": 20,
    }
    sent = client.post(f"{where}prepare/", given)
    seat = election.calls.get()
    assert sent.headers["Location"] == f"/admin/calls/call/{seat.call_id}/change/"
    assert "会长" in client.get(f"{where}change/").content.decode()
    reason = {"reason": "改到明年举行"}
    assert client.post(f"{where}cancel/", reason).status_code == 302
    assert client.post(f"{where}restore/").status_code == 302


# --- a unit's programs -----------------------------------------------------------------------------
def test_a_unit_reads_its_own_members_and_posts_and_only_who_is_there_today():
    unit = factories.unit(kind="association")
    partner = make_partner(unit=unit, scopes=["associations:read"])
    held = make.in_office()
    of = held.association
    type(of).objects.filter(pk=of.pk).update(unit=unit)
    gone = make.member(of, joined_on=today() - 9 * DAY, valid_until=today() - DAY)
    make.member(make.association())
    members = json.loads(partner.get("/associations/members/").content)["results"]
    assert [row["name"] for row in members] == [held.talent.full_name]
    assert gone.code not in str(members)
    (post,) = json.loads(partner.get("/associations/posts/").content)["results"]
    assert (post["post"], post["rung"], post["sex"]) == ("会长", "leader", "female")
    assert AuditEntry.objects.filter(action="networks.read_members").count() == 1
    Membership.objects.filter(talent=held.talent).update(valid_until=today() - DAY)
    assert json.loads(partner.get("/associations/posts/").content)["results"] == []
    other = make_partner(unit=factories.unit(kind="association"), scopes=["associations:read"])
    assert json.loads(other.get("/associations/members/").content)["results"] == []
    assert make_partner(scopes=["events:read"]).get("/associations/members/").status_code == 403
