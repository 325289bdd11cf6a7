"""What the API shows, to whom, and how it answers what it does not understand."""

import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events import operations
from events.api import EventDetailOut, EventList, EventOut
from events.models import Event
from kernel.api.view import moment
from kernel.logs import LineFormatter
from talents.api import TalentOut
from talents.models import SharedRecord, Talent
from tests import factories
from tests.api.conftest import make_partner, problem

pytestmark = pytest.mark.django_db
LISTS = ["/events/", "/talents/", "/statistics/"]


def shared(unit, **fields):
    """Return a verified person of the unit who agreed to be shown to it."""
    talent = factories.talent(unit=unit, **fields)
    factories.consent(talent.user, "unit_sharing")
    return talent


def body(answer):
    assert answer.status_code == 200, answer.content
    assert answer.headers["Content-Type"] == "application/json"
    return json.loads(answer.content)


def codes(answer):
    return [item["code"] for item in body(answer)["results"]]


# --- who sees whom ---------------------------------------------------------------------------------


def test_a_unit_reads_of_its_own_people_what_they_agreed_to_and_no_contact_data(partner):
    """What she agrees to is 姓名、职称、研究方向 (the purpose unit_sharing)."""
    talent = shared(
        partner.unit,
        full_name="王小敏",
        professional_title="高级工程师",
        title_level="associate_senior",
        discipline="520",
        industry="M",
        research_fields=["人工智能"],
        position="主任",
        phone="14000000001",
        email="x@example.cn",
        id_number="500105199003010007",
    )
    (shown,) = body(partner.get("/talents/"))["results"]
    agreed = SharedRecord.objects.get().changed_at
    assert shown == {
        "code": talent.code,
        "full_name": "王小敏",
        "professional_title": "高级工程师",
        "title_level": "associate_senior",
        "research_fields": ["人工智能"],
        "updated_at": moment(max(agreed, factories.NOW)),
    }


def test_another_unit_does_not_see_them(partner, other):
    shared(partner.unit)
    assert len(codes(partner.get("/talents/"))) == 1  # she is there to be seen
    assert codes(other.get("/talents/")) == []


def test_without_consent_she_is_not_shown(partner):
    factories.talent(unit=partner.unit)
    declined = factories.talent(unit=partner.unit)
    factories.consent(declined.user, "unit_sharing", granted=False)
    factories.consent(declined.user, "messages")
    factories.talent(unit=partner.unit, user=None)  # reported by her unit, never asked
    assert codes(partner.get("/talents/")) == []


def test_consent_withdrawn_is_gone_on_the_next_call(partner):
    talent = shared(partner.unit)
    first = partner.get("/talents/")
    assert codes(first) == [talent.code]
    factories.consent(talent.user, "unit_sharing", granted=False)
    again = partner.get("/talents/", **{"If-None-Match": first.headers["ETag"]})
    assert codes(again) == []
    factories.consent(talent.user, "unit_sharing")
    assert codes(partner.get("/talents/")) == [talent.code]


def test_people_who_are_not_verified_are_not_shown(partner):
    for state in ("draft", "submitted"):
        shared(partner.unit, state=state)
    shared(partner.unit, state="returned", return_reason="照片不清")
    assert codes(partner.get("/talents/")) == []


def test_drafts_are_nobodys_business(partner):
    draft = factories.event(state="draft")
    assert codes(partner.get("/events/")) == []
    assert problem(partner.get(f"/events/{draft.code}/")) == (404, "not_found")
    assert problem(partner.get("/events/NOSUCH/")) == (404, "not_found")


def test_cancelled_events_stay_and_say_so(partner):
    event = factories.event(state="cancelled", cancel_reason="暴雨", cancelled_at=timezone.now())
    (item,) = body(partner.get("/events/"))["results"]
    assert (item["code"], item["state"]) == (event.code, "cancelled")
    assert body(partner.get(f"/events/{event.code}/"))["cancel_reason"] == "暴雨"


def test_an_event_has_what_its_page_says(partner):
    event = factories.event(
        audience="青年科研人员",
        contact_name="活动联络组",
        contact_phone="023-67800000",
    )
    her = factories.talent(full_name="林静怡", unit_text="某研究所", position="研究员")
    text = f"14:00–14:20 签到\n14:20 主题分享 | 周雨桐，两江研究院，高级工程师；{her.code} | 一号厅"
    operations.set_agenda(event=event, text=text, by=None, now=factories.NOW)
    found = body(partner.get(f"/events/{event.code}/"))
    names = ("audience", "sessions", "contact_name", "contact_phone")
    assert {name: found[name] for name in names} == {
        "audience": "青年科研人员",
        "sessions": [
            {
                "title": "签到",
                "room": "",
                "starts_at": "2026-11-26T14:00:00+08:00",
                "ends_at": "2026-11-26T14:20:00+08:00",
                "speakers": [],
            },
            {
                "title": "主题分享",
                "room": "一号厅",
                "starts_at": "2026-11-26T14:20:00+08:00",
                "ends_at": "2026-11-26T16:00:00+08:00",
                "speakers": [
                    {"name": "周雨桐", "unit": "两江研究院", "position": "高级工程师"},
                    {"name": "林静怡", "unit": "某研究所", "position": "研究员"},
                ],
            },
        ],
        "contact_name": "活动联络组",
        "contact_phone": "023-67800000",
    }
    bare = body(partner.get(f"/events/{factories.event().code}/"))
    assert [bare[name] for name in names] == ["", [], "", ""]


def test_the_meeting_link_and_the_organiser_are_not_shown(partner):
    event = factories.event(online_url="https://meeting.example.cn/secret-room")
    for path in ("/events/", f"/events/{event.code}/"):
        text = partner.get(path).content.decode()
        assert "secret-room" not in text
        assert '"organiser"' not in text


# --- tokens and scopes -----------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*LISTS, "/events/ABC/"])
def test_no_token_no_answer(path):
    answer = Client().get(f"/api/v1{path}")
    assert problem(answer) == (401, "not_authenticated")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="api"'


@pytest.mark.parametrize("value", ["Bearer", "Bearer nonsense", "Bearer a b c", "bearer \xff"])
def test_a_made_up_token_opens_nothing(value, db):
    answer = Client().get("/api/v1/events/", headers={"Authorization": value})
    assert problem(answer) == (401, "invalid_token")
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


def test_a_token_in_the_address_is_not_looked_at(partner):
    answer = Client().get("/api/v1/events/", {"access_token": partner.token})
    assert problem(answer) == (401, "not_authenticated")


def test_a_signed_in_person_is_no_partner(partner):
    client = Client()
    client.force_login(factories.staff("administrator"))
    assert problem(client.get("/api/v1/talents/")) == (401, "not_authenticated")


@pytest.mark.parametrize(
    ("scope", "opens"),
    [
        ("events:read", "/events/"),
        ("talents:read", "/talents/"),
        ("statistics:read", "/statistics/"),
    ],
)
def test_a_narrow_token_opens_one_thing(partner, scope, opens):
    partner.fetch(scope)
    for path in LISTS:
        answer = partner.get(path)
        if path == opens:
            assert answer.status_code == 200
        else:
            assert problem(answer) == (403, "insufficient_scope")
            assert f"{path.strip('/')}:read" in json.loads(answer.content)["detail"]
            assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]


def test_a_scope_taken_from_the_key_is_gone_from_its_tokens(partner):
    partner.key.allowed_scopes = ["events:read"]
    partner.key.save()
    assert problem(partner.get("/talents/")) == (403, "insufficient_scope")


# --- pages, filters, conditional requests ----------------------------------------------------------


def test_pages_follow_one_another_without_loss(partner):
    same = factories.NOW + timedelta(days=5)
    made = [factories.event(starts_at=same).code for _ in range(4)]
    first = factories.event(starts_at=same - timedelta(days=1)).code
    seen, answer = [], partner.get("/events/", {"limit": 2, "kind": "salon"})
    while True:
        seen += codes(answer)
        address = body(answer)["next"]
        if address is None:
            break
        assert answer.headers["Link"] == f'<{address}>; rel="next"'
        answer = partner.get(address.partition("/api/v1")[2])
    assert seen == [first, *sorted(made)]


def test_filters_narrow_the_list(partner):
    forum = factories.event(kind="forum", womens_track=True, measure=3)
    factories.event()
    late = factories.event(starts_at=factories.NOW + timedelta(days=40))
    for query in ({"kind": "forum"}, {"womens_track": "true"}, {"measure": 3}):
        assert codes(partner.get("/events/", query)) == [forum.code]
    after = (factories.NOW + timedelta(days=30)).isoformat()
    assert codes(partner.get("/events/", {"starts_after": after})) == [late.code]
    Event.objects.filter(pk=forum.pk).update(updated_at=factories.NOW)
    query = {"updated_since": factories.NOW.isoformat()}
    assert codes(partner.get("/events/", query)) == [forum.code]
    query = {"department": "women_federation", "womens_track": "true"}
    assert codes(partner.get("/events/", query)) == [forum.code]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("kinds=salon", "unknown_parameter"),
        ("kind=salon&kind=forum", "repeated_parameter"),
        ("kind=party", "invalid_parameter"),
        ("womens_track=yes", "invalid_parameter"),
        ("measure=11", "invalid_parameter"),
        ("department=nobody", "invalid_parameter"),
        ("starts_after=yesterday", "invalid_parameter"),
        ("starts_after=2026-03-08T14:00:00+08:00", "invalid_parameter"),  # + came as a blank
        ("starts_after=0001-01-01T00:00:00Z", "invalid_parameter"),
        ("limit=0", "invalid_parameter"),
        ("limit=201", "invalid_parameter"),
        ("limit=ten", "invalid_parameter"),
        ("limit=%C2%B2", "invalid_parameter"),
        ("starts_after=2026-03-08T14:00:00", "invalid_parameter"),
        ("updated_since=2026-03-08", "invalid_parameter"),
        ("kind=", "invalid_parameter"),
        ("department=", "invalid_parameter"),
        ("womens_track=%20", "invalid_parameter"),
        ("updated_since=", "invalid_parameter"),
        ("limit=", "invalid_parameter"),
        ("cursor=", "invalid_parameter"),
        ("cursor=x", "invalid_cursor"),
        ("cursor=WyIyMDI2LTAzLTAxVDAwOjAwOjAwWiIsICJcdWQ4MDAiXQ", "invalid_cursor"),  # "\ud800"
        ("cursor=WyJcdWRmZmYiLCAiYSJd", "invalid_cursor"),  # "\udfff" where the time stands
        ("cursor=%ED%A0%80", "invalid_cursor"),
        ("cursor=WyIyMDI2Il0", "invalid_cursor"),  # one value instead of two
        ("cursor=WzEsMl0", "invalid_cursor"),  # [1,2]
        ("cursor=W10", "invalid_cursor"),
        ("cursor=e30", "invalid_cursor"),
        ("cursor=" + "W" * 3000, "invalid_cursor"),
    ],
)
def test_what_is_not_understood_is_said_by_name(partner, query, code):
    answer = partner.get(f"/events/?{query}")
    assert problem(answer) == (400, code)
    if code != "invalid_cursor":
        assert query.partition("=")[0] in json.loads(answer.content)["detail"]


@pytest.mark.parametrize("value", ["2026-03-08T14:00:00", "2026-03-08", "2026-03-08 14:00"])
def test_a_time_without_zone_is_refused_with_the_remedy(partner, value):
    detail = json.loads(partner.get("/events/", {"starts_after": value}).content)["detail"]
    assert detail == (
        "参数“starts_after”有误：请写明时区，例如 2026-03-08T14:00:00%2B08:00，或用 Z 结尾的 UTC 时间。"
    )


def test_an_unchanged_list_is_not_sent_again(partner):
    factories.event()
    first = partner.get("/events/")
    again = partner.get("/events/", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    factories.event()
    changed = partner.get("/events/", **{"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200


def test_personal_data_is_kept_by_no_cache(partner):
    assert partner.get("/talents/").headers["Cache-Control"] == "private, no-store"
    assert partner.get("/events/").headers["Cache-Control"] == "private, no-cache"


def test_head_answers_without_a_body(partner):
    answer = Client().head("/api/v1/events/", headers={"Authorization": f"Bearer {partner.token}"})
    assert (answer.status_code, answer.content) == (200, b"")


def test_other_methods_and_formats_are_refused(partner):
    headers = {"Authorization": f"Bearer {partner.token}"}
    for method in ("post", "put", "patch", "delete", "options"):
        answer = getattr(Client(), method)("/api/v1/events/", headers=headers)
        assert problem(answer) == (405, "method_not_allowed")
        assert answer.headers["Allow"] == "GET, HEAD"
    assert problem(partner.get("/events/", Accept="text/html")) == (406, "not_acceptable")


@pytest.mark.parametrize("path", ["", "events", "nothing/", "events/ABC", "v2/x/", "docs"])
def test_an_unknown_address_is_a_problem_too(path):
    assert problem(Client().get(f"/api/v1/{path}")) == (404, "not_found")


def test_the_sentence_comes_in_the_readers_language(partner):
    answer = Client().get("/api/v1/events/", headers={"Accept-Language": "zh-CN"})
    assert json.loads(answer.content)["title"] == "缺少访问令牌"
    assert answer.headers["Content-Language"] == "zh-hans"
    english = Client().get("/api/v1/events/", headers={"Accept-Language": "en"})
    assert english.headers["Content-Language"] == "en"


def test_the_limit_is_the_keys_not_the_tokens(partner, settings):
    settings.API_REQUESTS_PER_MINUTE = 2
    first = partner.get("/events/").status_code
    partner.fetch()
    answers = [partner.get("/events/") for _ in range(2)]
    assert [first, *(a.status_code for a in answers)] == [200, 200, 429]
    assert problem(answers[1]) == (429, "rate_limited")
    assert 1 <= int(answers[1].headers["Retry-After"]) <= 60


def test_what_is_left_of_the_limit_is_said_before_it_is_reached(partner, settings):
    settings.API_REQUESTS_PER_MINUTE = 2
    answers = [partner.get(path) for path in ("/events/", "/events/NOSUCH/", "/events/")]
    assert [a.status_code for a in answers] == [200, 404, 429]
    assert {a.headers["RateLimit-Policy"] for a in answers} == {'"key";q=2;w=60'}
    left = [re.fullmatch(r'"key";r=(\d+);t=(\d+)', a.headers["RateLimit"]) for a in answers]
    assert [int(m[1]) for m in left] == [1, 0, 0]
    assert all(1 <= int(m[2]) <= 60 for m in left)
    assert left[2][2] == answers[2].headers["Retry-After"]


def test_a_fault_of_ours_shows_nothing_and_is_one_line_of_the_log(partner, monkeypatch, caplog):
    def broken(self, request):
        raise RuntimeError("王小敏 14000000001")

    monkeypatch.setattr(EventList, "rows", broken)
    line = LineFormatter("{request_id} {message}", style="{", one_line=True)
    monkeypatch.setattr(caplog.handler, "formatter", line)
    answer = partner.get("/events/")
    assert problem(answer) == (500, "server_error")
    assert "王小敏" not in answer.content.decode()
    (said,) = caplog.text.splitlines()
    assert said.startswith(f"{answer.headers['X-Request-Id']} API EventList failed\\nTraceback")


# --- speed and honesty of the fast path ------------------------------------------------------------


@pytest.mark.parametrize("path", ["/events/", "/talents/"])
def test_a_list_costs_two_queries_however_long(partner, path):
    """The token with its key and unit; the page. Whether anything changed is asked by the clock, so it is not counted."""

    def make():
        return factories.event() if path == "/events/" else shared(partner.unit)

    counts = []
    for extra in (1, 2):
        for _ in range(extra):
            make()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            body(partner.get(path))
        counts.append(sum("public_content_version" not in query["sql"] for query in queries))
    assert counts == [2, 2]


def test_events_read_as_tuples_look_as_their_serializer_says(partner):
    full = factories.event(platform="mingyue_lake", address="明月湖", body="详情", capacity=5)
    factories.booking(full)
    Event.objects.filter(pk=full.pk).update(waiting=2)
    factories.event(starts_at=factories.NOW + timedelta(days=9, microseconds=5))
    events = Event.objects.order_by("starts_at", "code")
    assert body(partner.get("/events/"))["results"] == json.loads(
        json.dumps(EventOut(events, many=True).data)
    )
    assert body(partner.get(f"/events/{full.code}/")) == json.loads(
        json.dumps(EventDetailOut(Event.objects.get(pk=full.pk)).data)
    )


def test_talents_read_as_tuples_look_as_their_serializer_says(partner):
    shared(partner.unit, research_fields=["机器人", "人工智能"])
    shared(partner.unit, full_name="李芳", title_level="senior")
    talents = Talent.objects.order_by("code")
    for talent in talents:
        talent.updated_at = max(factories.NOW, SharedRecord.objects.get(talent=talent).changed_at)
    assert body(partner.get("/talents/"))["results"] == TalentOut(talents, many=True).data


def test_a_key_of_one_unit_never_widens_by_parameters(partner, other):
    shared(other.unit)
    assert problem(partner.get(f"/talents/?unit={other.unit.pk}")) == (400, "unknown_parameter")


def test_pages_of_people_hold_no_row_numbers(partner):
    for _ in range(3):
        shared(partner.unit)
    address = body(partner.get("/talents/", {"limit": 2}))["next"]
    second = partner.get(address.partition("/api/v1")[2])
    assert len(codes(second)) == 1
    pks = {str(pk) for pk in Talent.objects.values_list("pk", flat=True)}
    assert not pks & set(json.dumps(body(second)).replace('"', " ").split())


def test_two_units_hold_two_keys():
    assert make_partner().key.client_id != make_partner().key.client_id


def test_each_answer_carries_its_requests_id(partner, settings):
    settings.API_REQUESTS_PER_MINUTE = 2
    answers = [partner.get(path) for path in ("/events/", "/events/NOSUCH/", "/events/")]
    answers += [Client().get("/api/v1/events/"), Client().get("/api/v1/nothing/")]
    assert [a.status_code for a in answers] == [200, 404, 429, 401, 404]
    assert len({a.headers["X-Request-Id"] for a in answers}) == len(answers)
