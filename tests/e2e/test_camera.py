"""The camera at the door and at the station's desk, in a browser whose camera shows one QR code."""

from datetime import timedelta
from functools import partial

import pytest
import segno
from django.utils import timezone
from playwright.sync_api import Route, expect

from events import operations, qr
from events.models import Booking
from tests import factories
from tests.care_points import make

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

# A camera that shows the dark squares it is given. No browser on Linux reads QR codes itself: a READER stands in.
CAMERA = """
squares => {
  navigator.mediaDevices.getUserMedia = async () => {
    const canvas = document.createElement("canvas");
    canvas.width = 640; canvas.height = 480;
    const draw = () => {
      const paper = canvas.getContext("2d");
      paper.fillStyle = "#fff"; paper.fillRect(0, 0, 640, 480);
      paper.fillStyle = "#000";
      for (const [x, y] of squares) paper.fillRect(140 + 8 * x, 60 + 8 * y, 8, 8);
    };
    draw();
    setInterval(draw, 100);
    return canvas.captureStream(10);
  };
}
"""
READER = """
text => {
  window.BarcodeDetector = class {
    static async getSupportedFormats() { return ["qr_code"]; }
    async detect() { return [{ rawValue: text }]; }
  };
}
"""


def show_code(page, text, *, reads=True):
    """Hold a QR code before the page's camera; `reads` says whether the browser reads it itself."""
    if reads:
        page.add_init_script(f"({READER})('{text}')")
    matrix = segno.make(text, error="m", micro=False).matrix
    dark = [[x, y] for y, row in enumerate(matrix) for x, square in enumerate(row) if square]
    page.add_init_script(f"({CAMERA})({dark})")


@pytest.fixture
def booking(settings):
    """A seat at an event that is about to begin."""
    settings.STAFF_SECOND_FACTOR = False
    now = timezone.now()
    event = factories.event(
        starts_at=now + timedelta(minutes=1), booking_opens_at=now - timedelta(days=9)
    )
    talent = factories.talent(full_name="林静怡")
    return operations.book(event=event, talent=talent, by=None, now=now)


def test_the_door_reads_the_pictures_of_a_camera(person, booking):
    organiser = person().sign_in(booking.event.organiser)
    show_code(organiser.page, qr.address(booking), reads=False)
    page = organiser.go(f"/events/{booking.event.code}/door/")
    page.get_by_role("button", name="打开相机扫码").click()
    expect(page.locator("#door-answer")).to_contain_text("林静怡")
    expect(page.locator("#door-answer")).to_contain_text("签到成功，第 1 位")
    expect(page.locator("#door-counts dd").first).to_contain_text("1")
    assert Booking.objects.get().checked_in_at is not None
    page.wait_for_timeout(4000)  # she holds it there; it is not said a second time
    expect(page.locator("#door-answer")).to_contain_text("签到成功，第 1 位")
    organiser.look()
    page.get_by_role("button", name="关闭相机").click()
    expect(page.get_by_role("heading", name="刚刚进出")).to_be_visible()


def test_where_the_server_cannot_read_a_picture_she_is_told_and_types(person, booking):
    organiser = person().sign_in(booking.event.organiser)
    show_code(organiser.page, "https://example.org/", reads=False)
    page = organiser.go(f"/events/{booking.event.code}/door/")
    state = page.locator("#camera-state")
    answers = [
        ({"status": 503}, "正在识别的照片太多"),
        ({"status": 500}, "没有识别成功"),
        ({"headers": {"HX-Redirect": "/accounts/login/"}}, "登录已过期，读不了二维码。 重新登录"),
    ]
    for answer, words in answers:
        page.route("**/door/picture/", partial(Route.fulfill, **answer))
        page.get_by_role("button", name="打开相机扫码").click()
        expect(state).to_contain_text(words)
        page.get_by_role("button", name="关闭相机").click()
    page.unroute_all()
    page.context.set_offline(True)
    page.get_by_role("button", name="打开相机扫码").click()
    expect(state).to_contain_text("网络不通，这个浏览器读不了二维码")
    organiser.look()
    page.get_by_role("link", name="手工输入").click()
    page.keyboard.type(booking.code)
    page.keyboard.press("Enter")
    expect(page.locator("#door-queue")).to_contain_text("还有 1 个没有送出")


def test_the_desk_takes_the_first_code_to_the_page_that_asks(person, settings):
    settings.STAFF_SECOND_FACTOR = False
    clerk, talent, now = factories.user("韩晓岚"), factories.talent(), timezone.now()
    make.give(talent, 30, now)
    voucher = make.redeem(talent, make.service(station=make.station(clerk)), now)
    operator = person().sign_in(clerk)
    show_code(operator.page, voucher.code)
    page = operator.go("/points/station/")
    page.get_by_role("button", name="打开相机扫码").click()
    expect(page.get_by_role("heading", name="确认核销？")).to_be_visible()
    expect(page.locator("main")).to_contain_text("王*敏")
    operator.look()


def test_the_desk_offers_no_camera_where_the_browser_reads_no_codes(person, settings):
    settings.STAFF_SECOND_FACTOR = False
    clerk = factories.user("韩晓岚")
    make.station(clerk)
    page = person().sign_in(clerk).go("/points/station/")
    expect(page.locator("#camera")).to_be_hidden()
    expect(page.get_by_label("兑换码", exact=True)).to_be_visible()
