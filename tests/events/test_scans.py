"""What phones kept and send in batches: once each, whatever happens on the way."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from events import operations
from events.models import Booking, Passage
from tests import factories

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
SCAN = {"id": "%(id)s", "code": "A", "way": "in", "age": 1}


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def event(now):
    return factories.event(
        starts_at=now + MINUTE, booking_opens_at=now - timedelta(days=9), kind="training"
    )


@pytest.fixture
def booking(event, now):
    return operations.book(event=event, talent=factories.talent(), by=None, now=now)


@pytest.fixture
def send(client, event):
    """Return a function that sends a batch as the event's organiser and returns the answers."""
    client.force_login(event.organiser, backend="django.contrib.auth.backends.ModelBackend")

    def post(*scans):
        answer = client.post(
            f"/events/{event.code}/door/scans/",
            json.dumps({"scans": list(scans)}),
            content_type="application/json",
        )
        assert answer.status_code == 200
        return answer.json()["answers"]

    return post


def scan(booking, way="in", age=0, scan_id=None, code=None):
    return {
        "id": str(scan_id or uuid4()),
        "code": code or booking.code,
        "way": way,
        "age": age,
    }


def test_a_batch_is_answered_scan_by_scan_and_a_repeat_changes_nothing(send, booking):
    batch = [
        scan(booking, age=90),  # the door opens at midnight: half an hour ago may be before
        scan(booking, "out", age=60),
        scan(booking, code="XXXXXXXXXX"),
    ]
    first, second = send(*batch), send(*batch)
    assert [a["refused"] for a in first] == [a["refused"] for a in second] == [False, False, True]
    assert [a["id"] for a in first] == [s["id"] for s in batch]
    assert "签到成功，第 1 位" in first[0]["html"]
    assert "签退成功" in first[1]["html"]
    assert "没有找到这个签到码" in first[2]["html"]
    assert (Passage.objects.count(), Booking.objects.get().check_ins) == (2, 1)
    assert booking.talent.points_account.balance == 10


def test_the_time_of_the_scan_counts_by_its_age(send, booking, now):
    send(scan(booking, age=600))
    late = abs(Passage.objects.get().at - (now - 10 * MINUTE))
    assert late < 2 * MINUTE


def test_each_kind_of_refusal_is_a_sentence_and_nothing_is_written(send, event, now):
    other = factories.event(
        starts_at=now + MINUTE,
        booking_opens_at=now - timedelta(days=9),
        organiser=event.organiser,
    )
    elsewhere = factories.event(
        starts_at=now + MINUTE,
        booking_opens_at=now - timedelta(days=9),
        department=factories.department("science_innovation"),
    )
    foreign, unknown, gone, hers = (
        operations.book(event=e, talent=factories.talent(full_name="林静怡"), by=None, now=now)
        for e in (other, elsewhere, event, event)
    )
    operations.cancel_booking(booking=gone, by=None, now=now)
    answers = send(
        scan(foreign), scan(unknown), scan(gone), scan(hers, "out"), scan(None, code="\0<b>'")
    )
    for answer, words in zip(
        answers,
        [
            "这是另一场活动的签到码",
            "没有找到这个签到码",
            "林静怡的报名已于",
            "林静怡今天没有签到记录",
            "没有找到这个签到码",
        ],
        strict=True,
    ):
        assert (answer["refused"], words in answer["html"]) == (True, True)
    assert Passage.objects.count() == 0


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{}",
        '{"scans": 3}',
        '{"scans": [3]}',
        '{"scans": [{"id": "x", "code": "A", "way": "in", "age": 1}]}',
        '{"scans": [{"id": "%(id)s", "code": 7, "way": "in", "age": 1}]}',
        '{"scans": [{"id": "%(id)s", "code": "A", "way": "in", "age": NaN}]}',
        '{"scans": [{"id": "%(id)s", "code": "A", "way": "in", "age": Infinity}]}',
        '{"scans": [{"id": "%(id)s", "code": "A", "way": "in"}]}',
        *(
            json.dumps({"scans": [{**SCAN, field: value}]})
            for field in SCAN
            for value in (None, True, 5, 1.5, [], ["A"], {}, "\ud800", "here")
            if type(value) is not type(SCAN[field]) or field in ("id", "way")
        ),
        json.dumps({"scans": {"0": SCAN}}),
        json.dumps({"scans": "abc"}),
        json.dumps([SCAN]),
        "[" * 100_000,
        json.dumps({"scans": [{}] * 51}),
        json.dumps({"scans": [SCAN] * 51}),
    ],
)
def test_what_is_no_batch_is_refused_in_a_sentence(client, send, event, body):
    answer = client.post(
        f"/events/{event.code}/door/scans/",
        body.replace("%(id)s", str(uuid4())),
        content_type="application/json",
    )
    assert answer.status_code == 422
    assert answer.json() == {"detail": "没有收到可以识别的扫码，请刷新页面后再试。"}


@pytest.mark.parametrize("in_form", [{}, {"csrfmiddlewaretoken": "t" * 32}])
def test_a_form_is_no_batch_whether_its_token_stands_in_it_or_not(client, send, event, in_form):
    client.handler.enforce_csrf_checks = True
    client.cookies["csrftoken"] = "t" * 32
    headers = {"x-csrftoken": "t" * 32}
    answer = client.post(
        f"/events/{event.code}/door/scans/", {"scans": "[]"} | in_form, headers=headers
    )
    assert answer.status_code == 422


@pytest.mark.parametrize(
    "field", [{"code": "\ud800"}, {"code": "码" * 999}, {"code": ""}, {"age": -5}]
)
def test_an_odd_scan_is_answered_like_any_other(send, booking, field):
    (answer,) = send(scan(booking) | field)
    assert answer["refused"] == ("code" in field)


@pytest.mark.parametrize("age", [10**9, 10**300], ids=["decades", "for ever"])
def test_a_scan_from_long_ago_was_before_the_door_opened(send, booking, age):
    (answer,) = send(scan(booking, age=age))
    assert (answer["refused"], "还没到签到的日子" in answer["html"]) == (True, True)


def test_after_the_session_ended_the_phone_is_told_where_to_sign_in(client, event, booking):
    answer = client.post(
        f"/events/{event.code}/door/scans/",
        json.dumps({"scans": [scan(booking)]}),
        content_type="application/json",
        headers={
            "HX-Request": "true",
            "HX-Current-URL": f"http://testserver/events/{event.code}/door/",
        },
    )
    assert answer.headers["HX-Redirect"].startswith("/accounts/login/")
    assert Passage.objects.count() == 0
