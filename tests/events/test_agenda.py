"""The agenda: typed in lines, kept as sessions with their speakers, who are told."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.db import IntegrityError, connection, transaction

from events import agenda, departures, operations, personal_data, speaking
from events.models import Event, Session, Speaker
from kernel.errors import Conflict, Invalid
from kernel.portal import Person
from notices.models import Notice
from privacy.models import AuditEntry
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
# An event of the factories lasts from 14:00 to 16:00 in Chongqing, on Thursday 26 November 2026.
GUESTS = "14:00–14:20 签到，开场\n14:20-15:00 主旨报告 | 周雨桐，两江半导体研究院，高级工程师（女）；李强(M) 某大学 教授 | 一号厅"


def set_agenda(event, text, **more):
    """Set it as the system."""
    return operations.set_agenda(event=event, text=text, **({"by": None, "now": NOW} | more))


def shown(event):
    """Return the stored agenda as (time, title, room, speakers)."""
    return [
        (
            s.time_text,
            s.title,
            s.room,
            [(p.name, p.unit, p.position, p.sex) for p in s.speakers.all()],
        )
        for s in event.sessions.all()
    ]


def told(talent):
    """Return the kinds of what she was told, the first first."""
    return list(
        Notice.objects.filter(recipient=talent.user).order_by("pk").values_list("kind", flat=True)
    )


def test_lines_become_sessions_with_their_speakers_and_read_the_same_again():
    event = factories.event()
    set_agenda(event, GUESTS)
    assert shown(event) == [
        ("14:00–14:20", "签到，开场", "", []),
        (
            "14:20–15:00",
            "主旨报告",
            "一号厅",
            [("周雨桐", "两江半导体研究院", "高级工程师", "2"), ("李强", "某大学", "教授", "1")],
        ),
    ]
    text = agenda.written(event)
    assert text == (
        "14:00–14:20 签到，开场\n"
        "14:20–15:00 主旨报告 | 周雨桐，两江半导体研究院，高级工程师（女）；李强，某大学，教授（男） | 一号厅"
    )
    entries = AuditEntry.objects.filter(action="events.set_agenda").count()
    set_agenda(event, text)
    assert AuditEntry.objects.filter(action="events.set_agenda").count() == entries == 1


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        ("王敏", [("王敏", "", "")]),
        ("王敏、李强", [("王敏", "", ""), ("李强", "", "")]),
        ("王敏 研究院 院长、教授", [("王敏", "研究院", "院长、教授")]),
        ("Jane Doe，，Fellow", [("Jane Doe", "", "Fellow")]),
        ("Jane Doe，", [("Jane Doe", "", "")]),
        ("Jane Doe，Univ of X，Prof, PhD", [("Jane Doe", "Univ of X", "Prof, PhD")]),
    ],
)
def test_speakers_are_read_as_people_write_them_and_read_the_same_again(text, speakers):
    event = factories.event()
    set_agenda(event, f"14:00 讲座 | {text}")
    found = [(p.guest_name, p.unit, p.position) for p in Speaker.objects.all()]
    assert found == speakers
    before = list(Speaker.objects.values_list("pk"))
    set_agenda(event, agenda.written(event))
    assert list(Speaker.objects.values_list("pk")) == before


def test_an_end_left_out_is_the_next_beginning_and_the_last_one_the_events_end():
    event = factories.event()
    set_agenda(event, "14：00 签到\n14:30至14:50开场\n15:00 交流")
    assert [row[:2] for row in shown(event)] == [
        ("14:00–14:30", "签到"),
        ("14:30–14:50", "开场"),
        ("15:00–16:00", "交流"),
    ]


def test_a_line_with_a_date_names_the_day():
    event = factories.event(ends_at=NOW + timedelta(days=5, hours=6))
    text = "14:00–15:00 开班\n11月27日\n09:00–10:00 上课\n2026年11月28日\n09:00–10:00 结业"
    set_agenda(event, text)
    assert [(s.day.day, s.title) for s in event.sessions.all()] == [
        (26, "开班"),
        (27, "上课"),
        (28, "结业"),
    ]
    assert agenda.written(event) == text.replace("2026年", "")


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("签到", "agenda_line", "第 1 行：请先写时间"),
        (
            "14:00–14:20 签到\n14:40–14:30 开场",
            "session_ends_early",
            "第 2 行：结束时间要晚于开始时间。",
        ),
        ("13:30–14:20 签到", "session_outside", "第 1 行：不在活动时间之内"),
        ("15:00–16:01 交流", "session_outside", "第 1 行：不在活动时间之内"),
        ("14:00–14:30 甲\n14:20–15:00 乙", "session_overlaps", "第 2 行：与“甲”在同一会场时间重叠"),
        ("12月1日\n14:00 甲", "agenda_day", "第 1 行：活动不在这一天举行。"),
        ("14:00 甲 | W4N8TQ2HXB", "speaker_unknown", "第 1 行：没有找到人才编号 W4N8TQ2HXB"),
        ("14:00 甲 | 王敏；王敏", "speaker_twice", "第 1 行：同一位主讲人写了两次。"),
        ("14:00 甲 | 王敏 | 一号厅 | 多", "agenda_title", "第 1 行：时间后面写内容"),
        ("14:00 " + "甲" * 81, "agenda_title", "第 1 行：时间后面写内容"),
        ("14:00 甲 | | " + "厅" * 61, "agenda_room", "第 1 行：会场请写在 60 字以内。"),
    ],
)
def test_what_cannot_be_is_refused_with_its_line_and_nothing_is_written(text, code, said):
    event = factories.event()
    set_agenda(event, GUESTS)
    before = shown(event)
    with pytest.raises(Invalid) as refused:
        set_agenda(event, text)
    assert (refused.value.code, refused.value.field) == (code, "agenda")
    assert str(refused.value).startswith(said)
    assert shown(event) == before


def test_two_rooms_may_be_used_at_one_time():
    event = factories.event()
    set_agenda(event, "14:00–15:00 甲 | | 一号厅\n14:00–15:00 乙 | | 二号厅")
    assert [row[1] for row in shown(event)] == ["甲", "乙"]


def test_the_database_refuses_what_overlaps_in_one_room_and_what_ends_early():
    event = factories.event()
    span = {"event": event, "starts_at": event.starts_at, "ends_at": event.ends_at}
    Session.objects.create(title="甲", **span)
    with pytest.raises(IntegrityError, match="session_room_once"), transaction.atomic():
        Session.objects.create(title="乙", **span)
        connection.check_constraints()
    with pytest.raises(IntegrityError, match="session_ends_after_start"), transaction.atomic():
        Session.objects.create(title="乙", room="二", **span | {"ends_at": event.starts_at})


def test_a_session_stays_the_same_row_when_its_title_or_its_time_changes():
    event = factories.event()
    set_agenda(event, "14:00–14:30 甲\n14:30–15:00 乙")
    first, second = event.sessions.all()
    set_agenda(event, "14:00–14:30 甲甲\n14:40–15:00 乙\n15:00–15:20 丙")
    rows = {session.title: session.pk for session in event.sessions.all()}
    assert (rows["甲甲"], rows["乙"], len(rows)) == (first.pk, second.pk, 3)
    set_agenda(event, "14:00–14:30 乙\n14:40–15:00 甲甲")
    assert event.sessions.count() == 2


def test_a_woman_of_the_database_is_named_by_her_code_and_told_what_becomes_of_it():
    event, her = factories.event(), factories.talent(full_name="周雨桐")
    set_agenda(event, f"14:00–14:40 主旨报告 | 周雨桐 {her.code}")
    speaker = Speaker.objects.get()
    assert (speaker.talent, speaker.guest_name, speaker.sex) == (her, "", "2")
    assert agenda.written(event) == f"14:00–14:40 主旨报告 | 周雨桐 {her.code}"
    set_agenda(event, f"14:00–14:40 主旨报告 | {her.code}")  # nothing new
    later = NOW + timedelta(minutes=1)
    set_agenda(event, f"14:20–15:00 主旨报告 | {her.code}", now=later)
    set_agenda(event, "14:20–15:00 主旨报告", now=later + timedelta(minutes=1))
    assert told(her) == ["events.speaking", "events.speaking_changed", "events.speaking_ended"]


def test_a_name_beside_a_code_has_to_be_hers():
    event, her = factories.event(), factories.talent(full_name="周雨桐")
    with pytest.raises(Invalid) as refused:
        set_agenda(event, f"14:00 甲 | 李强 {her.code}")
    assert refused.value.code == "speaker_mismatch"


def test_of_a_draft_she_is_told_when_it_is_published_and_of_a_cancelled_event_why():
    event, her = factories.event(state="draft"), factories.talent()
    set_agenda(event, f"14:00 甲 | {her.code}")
    assert told(her) == []
    operations.publish_event(event=event, by=None, now=NOW)
    assert told(her) == ["events.speaking"]
    operations.cancel_event(event=event, reason="场地检修", by=None, now=NOW)
    assert told(her) == ["events.speaking", "events.speaking_cancelled"]


def test_an_event_that_moves_as_a_whole_takes_its_agenda_along_and_tells_who_speaks():
    event, her = factories.event(), factories.talent()
    set_agenda(event, f"14:00–14:40 甲 | {her.code}")
    changes = {name: getattr(event, name) + timedelta(days=1) for name in ("starts_at", "ends_at")}
    event = operations.edit_event(event=event, changes=changes, by=None, now=NOW)
    assert event.sessions.get().starts_at == event.starts_at
    assert told(her) == ["events.speaking", "events.speaking_changed"]


def test_an_event_cannot_be_shortened_below_its_agenda():
    event = factories.event()
    set_agenda(event, "14:00–16:00 甲")
    with pytest.raises(Invalid) as refused:
        changes = {"ends_at": event.ends_at - timedelta(minutes=1)}
        operations.edit_event(event=event, changes=changes, by=None, now=NOW)
    assert (refused.value.code, refused.value.field) == ("agenda_outside", "ends_at")


# --- who changed it meanwhile ----------------------------------------------------------------------
def test_what_a_colleague_has_changed_meanwhile_is_not_written_over():
    event = factories.event()
    seen = agenda.digest(agenda.written(event))
    set_agenda(event, "14:00–15:00 甲", seen=seen)
    with pytest.raises(Conflict) as refused:
        set_agenda(event, "14:00–15:00 乙", seen=seen)
    assert refused.value.code == "agenda_changed"
    assert [row[1] for row in shown(event)] == ["甲"]


# --- who leaves ------------------------------------------------------------------------------------
def test_who_leaves_the_database_is_off_the_agendas_to_come_and_a_number_in_past_ones():
    her, others = factories.talent(), factories.event()
    past = factories.event(starts_at=NOW - timedelta(days=9))
    for event in (others, past):
        session = Session.objects.create(
            event=event, title="甲", starts_at=event.starts_at, ends_at=event.ends_at
        )
        session.speakers.create(talent=her, sex="2")
        session.speakers.create(guest_name="李强", sex="1", order=1)
    assert departures.agendas_left(her, NOW, hers=True) == ["2 场活动的议程里不再出现您的名字。"]
    departures.stop_naming(talent=her, hers=True, now=NOW)
    assert [row[3] for row in shown(others)] == [[("李强", "", "", "1")]]
    named = speaking.agenda_of(past)[0].named
    assert [speaker.name for speaker in named] == ["李强"]
    assert speaking.share(Event.objects.filter(pk=past.pk)) == speaking.Share(2, 1, 0)
    assert AuditEntry.objects.filter(action="events.leave_agenda").count() == 2
    assert departures.agendas_left(her, NOW, hers=True) == []


def test_erasing_her_leaves_the_number():
    her, event = factories.talent(), factories.event(starts_at=NOW - timedelta(days=9))
    session = Session.objects.create(
        event=event, title="甲", starts_at=event.starts_at, ends_at=event.ends_at
    )
    session.speakers.create(talent=her, sex="2")
    (group,) = [g for g in personal_data.collect(her.user) if str(g.title) == "主讲"]
    assert [str(row.session) for row in group.rows] == ["甲"]
    assert personal_data.erase(Person(her.user, (her,), "x"), NOW) == 1
    assert list(Speaker.objects.values_list("talent", "guest_name", "sex")) == [(None, "", "2")]


# --- how many are women ----------------------------------------------------------------------------
def test_the_share_of_women_counts_each_person_once_an_event():
    event, her = factories.event(), factories.talent()
    set_agenda(event, f"14:00 甲 | {her.code}；李强（男）；张三\n15:00 乙 | {her.code}；李强（男）")
    other = factories.event()
    set_agenda(other, "14:00 丙 | 陈芳（女）")
    found = speaking.share(Event.objects.all())
    assert (found, found.percent) == (speaking.Share(4, 2, 1), 66.7)
    assert speaking.share(Event.objects.none()).percent is None


# --- the pages -------------------------------------------------------------------------------------
@pytest.fixture
def office(client, settings):
    """Return the browser of a clerk of the events' department."""
    settings.STAFF_SECOND_FACTOR = False
    client.force_login(factories.staff("department_clerk"))
    return client


def post(office, event, **data):
    """Send the agenda's form."""
    return office.post(f"/admin/events/event/{event.pk}/agenda/", data)


def test_a_clerk_sees_the_agenda_before_it_is_saved(office):
    event = factories.event()
    her = factories.talent(full_name="周雨桐", unit_text="某研究院", position="研究员")
    text = f"14:00–14:40 主旨报告 | {her.code} | 一号厅"
    preview = post(office, event, agenda=text)
    page = preview.content.decode()
    assert preview.status_code == 200
    assert "主旨报告 · 主讲人：周雨桐 某研究院 研究员 · 一号厅" in page
    assert "安排有变的，周雨桐会收到通知。" in page
    assert shown(event) == []
    digest = agenda.digest(text)
    assert f'value="{digest}"' in page
    changed = post(office, event, agenda=f"{text}\n15:00 交流", shown=digest)
    assert (changed.status_code, shown(event)) == (200, [])
    saved = post(office, event, agenda=text, shown=digest)
    assert [str(m) for m in get_messages(saved.wsgi_request)] == ["议程已保存。"]
    assert shown(event) == [("14:00–14:40", "主旨报告", "一号厅", [("周雨桐", "", "", "2")])]
    record = office.get(f"/admin/events/event/{event.pk}/change/").content.decode()
    assert "主讲人 1 位，其中女性 1 位。" in record
    assert "女性占 100.0%。" in record


def test_a_line_that_is_wrong_is_said_at_the_field_with_what_was_typed(office):
    event = factories.event()
    answer = post(office, event, agenda="16:00–17:00 甲")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "第 1 行：不在活动时间之内" in page
    assert "16:00–17:00 甲" in page


def test_she_sees_where_she_speaks(client):
    her = factories.talent()
    event = factories.event(starts_at=NOW + timedelta(days=400))
    session = event.sessions.create(
        title="主旨报告", starts_at=event.starts_at, ends_at=event.ends_at
    )
    session.speakers.create(talent=her)
    client.force_login(her.user)
    assert "主旨报告" in client.get("/events/mine/").content.decode()
    client.force_login(factories.talent().user)
    assert "主旨报告" not in client.get("/events/mine/").content.decode()


def test_she_takes_her_own_name_off_a_session_and_the_organiser_is_told(client):
    her, other = factories.talent(), factories.talent()
    event = factories.event(starts_at=NOW + timedelta(days=400))
    session = event.sessions.create(
        title="主旨报告", starts_at=event.starts_at, ends_at=event.ends_at
    )
    part, stays = (session.speakers.create(talent=who) for who in (her, other))
    where = f"/events/mine/speaking/{part.pk}/"
    client.force_login(other.user)
    assert client.post(where).status_code == 404
    client.force_login(her.user)
    assert f'href="{where}"' in client.get("/events/mine/").content.decode()
    assert "退出这一场主讲？" in client.get(where).content.decode()
    client.post(where)
    assert list(session.speakers.all()) == [stays]
    operations.leave_session(speaker=part, by=her.user, now=NOW)
    (notice,) = Notice.objects.filter(kind="events.speaker_left")
    (entry,) = AuditEntry.objects.filter(action="events.leave_session")
    assert (notice.recipient, entry.actor_id) == (event.organiser, her.user.pk)
    assert client.get(where).status_code == 404


def test_a_session_that_is_over_keeps_who_spoke():
    event, her = factories.event(), factories.talent()
    session = event.sessions.create(
        title="主旨报告", starts_at=event.starts_at, ends_at=event.ends_at
    )
    part = session.speakers.create(talent=her)
    with pytest.raises(Conflict) as refused:
        operations.leave_session(speaker=part, by=her.user, now=session.ends_at)
    assert (refused.value.code, session.speakers.get()) == ("session_over", part)


@pytest.mark.parametrize("count", [1, 3])
def test_an_agenda_of_any_length_is_read_in_two_queries(count, django_assert_num_queries):
    event = factories.event()
    codes = "；".join(factories.talent(full_name=f"王{n}").code for n in range(count))
    set_agenda(event, "\n".join(f"14:{n}0 甲 | {codes}" for n in range(count)))
    # The sessions, the speakers, their records; units where they have one.
    with django_assert_num_queries(3):
        sessions = speaking.agenda_of(event)
    assert [[one.name for one in s.named] for s in sessions] == [
        [f"王{n}" for n in range(count)]
    ] * count
