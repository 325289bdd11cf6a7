"""The door: scanning, typing, photos, names, undoing; who may stand there."""

import io
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import segno
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from care_points.models import PointsAccount
from events import operations, qr
from events.models import Booking, Event
from kernel import qr as codes
from kernel.errors import Conflict, DomainError, Invalid, Refused
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def event(now):
    return factories.event(
        starts_at=now + timedelta(minutes=1), booking_opens_at=now - timedelta(days=9), capacity=2
    )


@pytest.fixture
def booking(event, now):
    talent = factories.talent(full_name="林静怡")
    return operations.book(event=event, talent=talent, by=None, now=now)


@pytest.fixture
def door(client, event):
    """Return a function that posts to the door as its organiser."""
    client.force_login(event.organiser, backend="django.contrib.auth.backends.ModelBackend")

    def post(**fields):
        return client.post(f"/events/{event.code}/door/", fields)

    return post


def photo_of(text, *, name="qr.jpg", kind="JPEG", turn=0):
    """Return an upload: a QR code somewhere in a larger, turned picture, as a phone takes it."""
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="png", scale=6, border=4)
    code = Image.open(out).convert("RGB").rotate(turn, expand=True, fillcolor="white")
    picture = Image.new("RGB", (1200, 1600), "#cfd8c8")
    picture.paste(code, (300, 500))
    out = io.BytesIO()
    picture.save(out, kind)
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/jpeg")


def test_a_code_is_checked_in_once_and_the_second_scan_says_so(door, booking, event):
    page = door(code=booking.code).content.decode()
    assert "林静怡" in page
    assert "签到成功，第 1 位" in page
    assert "已签到 1 / 1" in page
    booking.refresh_from_db()
    at = f"{timezone.localtime(booking.checked_in_at):%H:%M}"
    assert booking.checked_in_by == event.organiser
    page = door(code=booking.code.lower()).content.decode()
    assert f"已于 {at} 签到，第 1 位，不用再扫" in page
    assert Booking.objects.get().check_ins == 1


@pytest.mark.parametrize("turn", [0, 90, 17])
def test_a_photo_of_the_code_on_her_phone_is_read(door, booking, turn):
    page = door(photo=photo_of(qr.address(booking), turn=turn)).content.decode()
    assert "签到成功，第 1 位" in page
    assert Booking.objects.get().checked_in_at is not None


def test_the_code_on_the_page_is_the_one_that_is_read(booking):
    drawn = segno.make(qr.address(booking), error="m", micro=False)
    assert str(qr.svg(booking)) == drawn.svg_inline(omitsize=True, border=2)
    assert "style=" not in qr.svg(booking)
    assert codes.read(photo_of(qr.address(booking))) == qr.address(booking)


def test_a_photo_without_a_code_is_answered_in_a_sentence(door, booking):
    blank = io.BytesIO()
    Image.new("RGB", (640, 480), "#778").save(blank, "JPEG")
    photo = SimpleUploadedFile("photo.jpg", blank.getvalue())
    assert "照片里没有找到二维码" in door(photo=photo).content.decode()


def upload(content, name="x.jpg"):
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


def bomb():
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"GIF89a not really", "不是可以识别的照片"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "不是可以识别的照片"),
        (b"\xff\xd8\xff" + b"\0" * (5 * 1024 * 1024), "照片超过 5 MB"),
        (None, "照片尺寸太大"),
    ],
)
def test_what_is_no_photo_is_refused_in_a_sentence(door, booking, content, words):
    answer = door(photo=upload(bomb() if content is None else content))
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert Booking.objects.get().checked_in_at is None


def test_wrong_input_is_answered_by_a_sentence_and_kept(door, booking, event, now):
    assert "请输入签到码" in door().content.decode()
    page = door(code="ABC<script>").content.decode()
    assert "没有找到这个签到码" in page
    assert 'value="ABC&lt;script&gt;"' in page
    assert "没有找到这个签到码" in door(code="x" * 300).content.decode()
    other = factories.event(
        starts_at=now + timedelta(hours=2),
        booking_opens_at=now - timedelta(days=9),
        organiser=event.organiser,
    )
    elsewhere = operations.book(event=other, talent=factories.talent(), by=None, now=now)
    assert "这是另一场活动的签到码" in door(code=elsewhere.code).content.decode()
    operations.cancel_booking(booking=elsewhere, by=None, now=now)
    assert "这是另一场活动的签到码" in door(code=elsewhere.code).content.decode()


def test_cancelled_and_waiting_women_are_told_apart(door, booking, event, now):
    women = [factories.talent(full_name=name) for name in ("甲一", "乙二")]
    seated, waiting = (operations.book(event=event, talent=t, by=None, now=now) for t in women)
    assert (seated.state, waiting.state) == ("confirmed", "waitlisted")
    assert "乙二还在候补第 1 位" in door(code=waiting.code).content.decode()
    operations.cancel_booking(booking=waiting, by=None, now=now)
    assert "乙二的报名已于" in door(code=waiting.code).content.decode()
    assert Booking.objects.checked_in().count() == 0


def test_the_door_is_open_on_the_day_of_the_event():
    event = factories.event()  # 26 November, 14:00 to 16:00 in Chongqing
    booking = factories.booking(event)
    midnight = event.starts_at.astimezone(SHANGHAI).replace(hour=0)
    second, organiser = timedelta(seconds=1), event.organiser
    for moment, code in (
        (midnight - second, "door_not_open"),
        (midnight + timedelta(days=1), "door_closed"),
    ):
        with pytest.raises(Conflict) as refused:
            operations.check_in(booking=booking, by=organiser, now=moment)
        assert refused.value.code == code
    for moment in (midnight, midnight + timedelta(days=1) - second):
        operations.check_in(booking=booking, by=organiser, now=moment)
        operations.undo_check_in(booking=booking, by=organiser, now=moment)
    operations.check_in(booking=booking, by=organiser, now=midnight)
    with pytest.raises(Conflict):
        operations.undo_check_in(booking=booking, by=organiser, now=midnight + timedelta(days=1))


def test_points_come_with_the_check_in_and_go_with_its_undoing():
    event = factories.event(starts_at=NOW + timedelta(hours=1))
    booking = factories.booking(event)
    step = {"booking": booking, "by": event.organiser, "now": NOW}

    def balance():
        return PointsAccount.objects.get(talent=booking.talent).balance

    operations.check_in(**step)
    operations.check_in(**step)
    assert balance() == 10
    first = Booking.objects.get().earned
    operations.undo_check_in(**step)
    operations.undo_check_in(**step)
    assert (balance(), Booking.objects.get().earned) == (0, None)
    operations.check_in(**step)
    assert (balance(), Booking.objects.get().earned == first) == (10, False)


def test_nobody_checks_herself_in():
    """Her colleague lets her in and she earns as anybody does: the control."""
    event = factories.event(starts_at=NOW + timedelta(hours=1))
    talent = factories.talent(user=event.organiser)
    booking = operations.book(event=event, talent=talent, by=None, now=NOW)
    with pytest.raises(Refused) as refused:
        operations.check_in(booking=booking, by=event.organiser, now=NOW)
    assert (refused.value.code, PointsAccount.objects.filter(talent=talent).count()) == (
        "own_check_in",
        0,
    )
    operations.check_in(booking=booking, by=factories.staff("event_organiser"), now=NOW)
    assert talent.points_account.balance == 10


def test_a_checked_in_booking_is_not_cancelled():
    event = factories.event(starts_at=NOW + timedelta(hours=1))
    booking = factories.booking(event)
    operations.check_in(booking=booking, by=event.organiser, now=NOW)
    with pytest.raises(Conflict) as refused:
        operations.cancel_booking(booking=booking, by=booking.talent.user, now=NOW)
    assert refused.value.code == "already_checked_in"


def test_a_name_is_tapped_and_a_mistake_undone(client, door, booking, event):
    page = client.get(f"/events/{event.code}/door/").content.decode()
    assert "没带手机？按名单签到（还有 1 人未到）" in page
    assert f'value="{booking.code}"' in page
    door(code=booking.code)
    answer = client.post(f"/events/{event.code}/door/undo/", {"code": booking.code}, follow=True)
    assert answer.redirect_chain == [(f"/events/{event.code}/door/", 302)]
    assert Booking.objects.get().checked_in_at is None


def test_who_has_left_is_not_counted_among_those_who_have_not_come(client, door, booking, event):
    factories.booking(event)
    door(code=booking.code)
    door(code=booking.code, way="out")
    page = " ".join(client.get(f"/events/{event.code}/door/").content.decode().split())
    assert "（还有 1 人未到）" in page
    assert "· 已离场" in page


def test_an_undo_with_a_damaged_code_finds_nobody(client, door, event):
    address = f"/events/{event.code}/door/undo/"
    assert client.post(address, {"code": "\0"}).status_code == 404


def test_a_scanned_address_asks_before_it_writes(client, door, booking):
    address = f"/events/c/{booking.code}/"
    assert qr.address(booking).endswith(address)
    page = client.get(address).content.decode()
    assert "林静怡" in page
    assert "确认签到" in page
    assert Booking.objects.get().checked_in_at is None
    assert "签到成功，第 1 位" in client.post(address).content.decode()
    assert "不用再扫" in client.post(address).content.decode()


def test_a_scanned_address_says_why_she_cannot_come_in(client, door, booking, now):
    address = f"/events/c/{booking.code}/"
    operations.cancel_booking(booking=booking, by=None, now=now)
    page = client.get(address).content.decode()
    assert "林静怡的报名已于" in page
    assert "确认签到" not in page


def test_a_check_in_is_taken_back_while_the_door_is_open(client, door, booking, event, now):
    address = f"/events/{event.code}/door/"
    door(code=booking.code)
    assert "撤销" in client.get(address).content.decode()
    day = timedelta(days=2)
    Event.objects.filter(pk=event.pk).update(
        booking_opens_at=event.booking_opens_at - day,
        booking_closes_at=event.booking_closes_at - day,
        starts_at=event.starts_at - day,
        ends_at=event.ends_at - day,
    )
    page = client.get(address).content.decode()
    assert ("林静怡" in page, "撤销" in page) == (True, False)


def test_she_sees_her_own_code_and_cannot_check_herself_in(client, booking):
    client.force_login(booking.talent.user, backend="django.contrib.auth.backends.ModelBackend")
    for answer in (
        client.get(f"/events/c/{booking.code}/"),
        client.post(f"/events/c/{booking.code}/"),
    ):
        page = answer.content.decode()
        assert 'class="segno"' in page
        assert booking.code in page
        assert "确认签到" not in page
    assert Booking.objects.get().checked_in_at is None


DOOR_PAGES = (
    "door/",
    "door/?way=out",
    "door/sheet/",
    "door/parts/",
    "door/parts/?lists",
    "door/parts/?lists&way=out",
)


def test_who_may_stand_at_the_door(client, event, booking, now):
    cast = {
        "organiser": (event.organiser, 200),
        "colleague": (factories.staff("event_organiser"), 200),
        "other department": (
            factories.staff("event_organiser", department_code="science_innovation"),
            404,
        ),
        "no role": (factories.staff("points_clerk"), 403),
        "owner": (booking.talent.user, 403),
        "other woman": (factories.talent().user, 403),
    }
    for person, status in cast.values():
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        for page in DOOR_PAGES:
            assert client.get(f"/events/{event.code}/{page}").status_code == status
        if status != 200:
            for page in ("door/", "door/undo/", "door/all-out/", "door/scans/"):
                answer = client.post(f"/events/{event.code}/{page}", {"code": booking.code})
                assert answer.status_code == status
            with pytest.raises(DomainError) as refused:
                operations.check_in(booking=booking, by=person, now=now)
            assert isinstance(refused.value, Refused)
            with pytest.raises(Invalid):
                operations.find_booking(typed=booking.code, by=person)
    client.logout()
    for page in DOOR_PAGES:
        assert client.get(f"/events/{event.code}/{page}").status_code == 302
    assert Booking.objects.get().checked_in_at is None


def test_a_sensitive_topic_is_the_organisers_own_affair(client, now):
    event = factories.event(
        starts_at=now + timedelta(minutes=1),
        booking_opens_at=now - timedelta(days=9),
        sensitive_topic=True,
    )
    booking = operations.book(event=event, talent=factories.talent(), by=None, now=now)
    colleague = factories.staff("event_organiser", "department_clerk")
    client.force_login(colleague, backend="django.contrib.auth.backends.ModelBackend")
    for address in (f"/events/{event.code}/door/", f"/events/c/{booking.code}/"):
        assert client.get(address).status_code == 404
    for call in (operations.check_in, operations.undo_check_in):
        with pytest.raises(Refused):
            call(booking=booking, by=colleague, now=now)
    with pytest.raises(Refused):
        operations.export_attendance(event=event, by=colleague, now=now)
    assert Booking.objects.managed_by(colleague).count() == 0
    assert Booking.objects.managed_by(event.organiser).get() == booking


def test_the_door_costs_the_same_for_one_and_for_many(client, door, booking, event, now):
    def price(page):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/events/{event.code}/{page}").status_code == 200
        return len(captured)

    client.get(f"/events/{event.code}/door/")
    before = [price(page) for page in DOOR_PAGES]
    operations.change_capacity(event=event, capacity=9, by=event.organiser, now=now)
    for _ in range(4):
        talent = factories.talent(unit=factories.unit())
        other = operations.book(event=event, talent=talent, by=None, now=now)
    operations.check_in(booking=other, by=event.organiser, now=now)
    assert [price(page) for page in DOOR_PAGES] == before
