"""What was noted of her going in and out, shown in sentences and put right by staff."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from django.utils.timezone import get_default_timezone

from events import operations, times_text
from events.models import Booking
from kernel.errors import Invalid
from tests import factories

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def booking():
    event = factories.event(kind="training", starts_at=factories.NOW)
    booking = factories.booking(event, now=factories.NOW - 24 * HOUR)
    operations.check_in(booking=booking, by=booking.event.organiser, now=booking.event.starts_at)
    return Booking.objects.select_related("event").get()


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("10:00-11:30", "10:00-11:30"),
        ("10：00－11：30\n\n 13:00 - 14:00 ", "10:00-11:30\n13:00-14:00"),
        ("2026-11-23 9:05-10:00", "09:05-10:00"),
        ("11-23 10:00~10:30", "10:00-10:30"),
    ],
)
def test_times_are_read_as_people_write_them(booking, typed, expected):
    assert times_text.written(times_text.parsed(typed, booking.event), booking.event) == expected


def test_a_day_after_the_turn_of_the_year_is_read_as_it_is_written():
    starts_at = datetime(2026, 12, 31, 10, tzinfo=get_default_timezone())
    event = factories.event(starts_at=starts_at, ends_at=starts_at + 30 * HOUR)
    typed = "12-31 10:00-11:00\n01-01 10:00-11:00"
    times = times_text.parsed(typed, event)
    assert times[1][0] == starts_at + 24 * HOUR
    assert times_text.written(times, event) == typed


@pytest.mark.parametrize("typed", ["十点到十一点", "10:00", "25:00-26:00", "13-45 10:00-11:00"])
def test_what_cannot_be_read_is_named(booking, typed):
    with pytest.raises(Invalid) as refused:
        times_text.parsed(typed, booking.event)
    assert refused.value.code == "times_unreadable"


def test_staff_put_times_right_on_a_page_and_back(client, booking, settings):
    organiser = booking.event.organiser
    settings.STAFF_SECOND_FACTOR = False
    client.force_login(organiser, backend="django.contrib.auth.backends.ModelBackend")
    event = booking.event
    now = event.starts_at + 5 * HOUR
    times = times_text.parsed("10:00-11:00", event)
    operations.correct_times(
        booking=booking, times=times, reason="签退时没有网络", by=organiser, now=now
    )
    booking = Booking.objects.select_related("event").get()
    assert times_text.summary(booking) == "10:00-11:00；计 60 分钟"
    assert times_text.history(booking) == [
        "10:00 进场（门口签到，李干事 11-23 10:00 登记），已更正",
        "10:00 进场（事后更正，李干事 11-23 15:00 登记），原因：签退时没有网络",
        "11:00 离场（事后更正，李干事 11-23 15:00 登记），原因：签退时没有网络",
    ]
    address = f"/admin/events/event/{event.pk}/bookings/{booking.code}/times/"
    page = client.get(address).content.decode()
    assert "10:00-11:00；计 60 分钟" in page
    assert "10:00-11:00</textarea>" in page  # put right from what is noted, not typed anew
    wrong = client.post(address, {"times": "十点", "reason": "签退时没有网络"})
    assert (wrong.status_code, "看不懂这一行：十点" in wrong.content.decode()) == (422, True)
    undone = client.post(f"{address}undo/", {"sure": "1"}, follow=True).content.decode()
    assert "已撤销更正" in undone
    booking = Booking.objects.select_related("event").get()
    assert times_text.summary(booking) == "10:00-；计 0 分钟"
    row = booking.passages.filter(source="correction").first()
    took_back = f"，李干事 {timezone.localtime(row.taken_back_at):%m-%d %H:%M} 撤销"
    sentences = times_text.history(booking)
    assert [sentence.endswith(took_back) for sentence in sentences] == [False, True, True]
    assert sentences[0] == "10:00 进场（门口签到，李干事 11-23 10:00 登记）"
