"""The list of a meeting tool: read, looked through, applied, undone."""

import io
import json
import zipfile
from datetime import timedelta
from uuid import uuid4

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from care_points.models import PointsAccount
from events import minutes, operations
from events.meeting_list import reading
from events.models import Booking, MeetingList, Passage
from kernel import confined, sent_lists
from kernel.errors import Conflict, Invalid
from tests import factories

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
HEADER = ["用户昵称（入会昵称）", "手机号", "入会时间", "退会时间", "累计时长"]


@pytest.fixture
def event():
    return factories.event(kind="training", online_url="https://m.example.cn/1", capacity=9)


@pytest.fixture
def women(event):
    names = ("林静怡", "周雨桐", "林静怡")
    return [factories.booking(event, factories.talent(full_name=name)) for name in names]


def workbook(*rows):
    book = openpyxl.Workbook()
    for row in [["会议主题", "创业培训"], [], HEADER, *rows]:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("list.xlsx", out.getvalue())


def table(*rows, encoding="utf-8-sig"):
    text = "\n".join(",".join(row) for row in (HEADER, *rows))
    return SimpleUploadedFile("list.csv", text.encode(encoding))


DAY = "2026-11-26"
ROWS = (
    ["周雨桐", "", f"{DAY} 13:55:00", f"{DAY} 15:00:00", ""],
    ["周雨桐", "", f"{DAY} 14:50:00", f"{DAY} 15:30:00", ""],
    ["林静怡", "", f"{DAY} 14:00:00", f"{DAY} 16:00:00", ""],
    ["两江半导体-周雨桐 iPad", "", f"{DAY} 14:00:00", f"{DAY} 14:10:00", ""],
    ["路人", "", f"{DAY} 14:00:00", f"{DAY} 14:10:00", ""],
    ["没有时间", "", "", "", ""],
)


@pytest.mark.parametrize(
    "upload",
    [lambda: workbook(*ROWS), lambda: table(*ROWS), lambda: table(*ROWS, encoding="gb18030")],
)
def test_people_are_matched_ambiguous_or_unknown(event, women, upload):
    found = reading.read(upload(), event)
    assert [(p.name, [b.pk for b in p.candidates], p.chosen and p.chosen.pk) for p in found] == [
        ("周雨桐", [women[1].pk], women[1].pk),
        ("林静怡", [women[0].pk, women[2].pk], None),
        ("两江半导体-周雨桐 iPad", [women[1].pk], None),
        ("路人", [], None),
    ]
    start = event.starts_at
    assert found[0].clear == [(start - 5 * MINUTE, start + 90 * MINUTE)]


def test_the_tail_of_the_phone_tells_namesakes_apart(event, women):
    her = women[2].talent
    her.phone = "13900001234"
    her.save()
    row = ["林静怡", "139****1234", "14:00", "15:00", ""]
    assert reading.read(table(row), event)[0].chosen == women[2]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xff\xfe\x00rubbish", "list_unreadable"),
        (b"PK\x03\x04broken", "list_unreadable"),
        (b"", "list_no_header"),
        ("姓名,单位\n林静怡,甲".encode(), "list_no_header"),
        (b"x" * (5 * 1024 * 1024 + 1), "list_too_long"),
        (("昵称,入会时间\n" + "甲,14:00\n" * 5001).encode(), "list_too_long"),
    ],
)
def test_what_is_no_list_is_refused(event, content, code):
    with pytest.raises(Invalid) as refused:
        reading.read(SimpleUploadedFile("x.csv", content), event)
    assert refused.value.code == code


def inside(booking):
    return minutes.minutes_inside(Booking.objects.get(pk=booking.pk))


def points(booking):
    return PointsAccount.objects.get(talent=booking.talent).balance


def test_a_list_is_applied_once_and_undone_as_a_whole(event, women):
    start, by = event.starts_at, event.organiser
    now = start + 3 * HOUR
    operations.check_in(booking=women[0], by=by, now=start)
    operations.check_out(booking=women[0], by=by, now=start + 60 * MINUTE)
    times = {
        women[0].code: [(start + 30 * MINUTE, start + 90 * MINUTE)],
        women[1].code: [(start - HOUR, start + HOUR), (start, start + 30 * MINUTE)],
        "XXXXXXXXXX": [(start, start + HOUR)],
    }
    step = {"event": event, "times": times, "key": uuid4(), "by": by, "now": now}
    applied = operations.apply_list(**step)
    assert operations.apply_list(**step) == applied
    assert applied.people == 2
    assert [inside(b) for b in women] == [90, 60, 0]
    assert [points(b) for b in women[:2]] == [10, 10]

    undo = {"applied": applied, "by": by, "now": now}
    operations.undo_list(**undo)
    operations.undo_list(**undo)
    assert [inside(b) for b in women] == [60, 0, 0]
    assert [points(b) for b in women[:2]] == [10, 0]
    states = list(Booking.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["attended", "confirmed", "confirmed"]


def test_a_list_before_the_start_or_of_herself_notes_nothing(event, women):
    by, start = event.organiser, event.starts_at
    step = {"event": event, "key": uuid4(), "by": by}
    with pytest.raises(Conflict) as refused:
        operations.apply_list(**step, times={}, now=start - MINUTE)
    assert refused.value.code == "not_begun"
    own = factories.booking(event, factories.talent(user=by))
    times = {own.code: [(start, start + HOUR)]}
    assert operations.apply_list(**step, times=times, now=start + HOUR).people == 0
    assert Passage.objects.count() == 0


def test_staff_look_through_it_before_anything_is_noted(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    event = factories.event(starts_at=factories.NOW - 2 * HOUR, online_url="https://m.example.cn/1")
    booking = factories.booking(
        event, factories.talent(full_name="周雨桐"), factories.NOW - 9 * HOUR
    )
    client.force_login(event.organiser, backend="django.contrib.auth.backends.ModelBackend")
    address = f"/events/{event.code}/door/list/"
    row = ["周雨桐", "", "08:00", "09:00", ""]
    page = client.post(address, {"file": table(row, ["路人", "", "08:00", "09:00", ""])})
    text = page.content.decode()
    assert f'<option value="{booking.code}" selected>' in " ".join(text.split())
    assert "名单上另有 1 人没有报名，不登记" in " ".join(text.split())
    assert (page.context["strangers"], " " in page.context["times"]) == (["路人"], False)
    assert (Passage.objects.count(), MeetingList.objects.count()) == (0, 0)
    sent = {"times": page.context["times"], "key": str(page.context["key"]), "who-0": booking.code}
    answer = client.post(address, sent, follow=True).content.decode()
    assert "已登记 1 人到场" in answer
    assert inside(booking) == 60
    answer = client.post(address, {"undo": MeetingList.objects.get().pk}, follow=True)
    assert "已撤销这份名单" in answer.content.decode()
    assert Booking.objects.get().checked_in_at is None
    for broken in ({"times": "{"}, {"times": json.dumps([["x", ""]])}, {"times": "[]", "key": "x"}):
        assert "名单没有送到" in client.post(address, {"who-0": "X", **broken}).content.decode()
    assert client.post(address, {"undo": "x"}).status_code == 404


def test_whose_times_say_nothing_is_named_and_not_dropped_in_silence(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    event = factories.event(starts_at=factories.NOW - 2 * HOUR, online_url="https://m.example.cn/1")
    for name in ("周雨桐", "林静怡"):
        factories.booking(event, factories.talent(full_name=name), factories.NOW - 9 * HOUR)
    client.force_login(event.organiser, backend="django.contrib.auth.backends.ModelBackend")
    reversed_times = ["林静怡", "", "09:00", "08:00", ""]
    sent = {"file": table(["周雨桐", "", "08:00", "09:00", ""], reversed_times)}
    page = client.post(f"/events/{event.code}/door/list/", sent)
    assert [person.name for person in page.context["people"]] == ["周雨桐"]
    assert "没有列出：林静怡。" in page.content.decode()


def test_a_workbook_that_nests_deep_is_refused_before_a_tree_is_built(event):
    """A reader that builds the tree first is ended at the limit of its memory, or goes in circles there until its time is up."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(workbook(*ROWS)) as good,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
    ):
        for name in good.namelist():
            deep = b"<worksheet>" + b"<c>" * (20 << 20)
            archive.writestr(name, deep if "sheet1" in name else good.read(name))
    answer = confined.answer("events.meeting_list.child", out.getvalue(), sent_lists.LIMITS)
    assert answer == {"error": "unreadable"}  # its own word, not LimitReached
    with pytest.raises(Invalid) as refused:
        reading.read(io.BytesIO(out.getvalue()), event)
    assert refused.value.code == "list_unreadable"
