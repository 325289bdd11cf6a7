"""The door on a weak network: scanned without it, a page closed meanwhile, a session that ended, and back."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Session
from events import operations, qr
from events.models import Booking, Event, Passage
from tests import factories
from tests.e2e.test_camera import show_code

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
KEPT = "indexedDB.databases().then(all => all.map(each => each.name))"


@pytest.fixture
def event(settings):
    """A training that is about to begin."""
    settings.STAFF_SECOND_FACTOR = False
    now = timezone.now()
    return factories.event(
        starts_at=now + timedelta(minutes=1),
        booking_opens_at=now - timedelta(days=9),
        kind="training",
    )


@pytest.fixture
def women(event):
    """Return the bookings of two women."""
    return [
        operations.book(
            event=event, talent=factories.talent(full_name=name), by=None, now=timezone.now()
        )
        for name in ("林静怡", "周雨桐")
    ]


def type_code(page, code):
    page.locator("#typed input[name=code]").fill(code)
    page.locator("#typed button").click()


# Sends a code, and types the next one while the first is being kept.
AT_ONCE = """([first, next]) => {
    const form = document.querySelector("#typed"), field = form.elements.code
    field.value = first
    form.requestSubmit(form.querySelector("button"))
    field.value = next
}"""


def test_scans_without_network_wait_in_the_phone_and_count_once(person, event, women):
    helper = person().sign_in(event.organiser)
    show_code(helper.page, qr.address(women[0]))
    address = f"/events/{event.code}/door/"
    page = helper.go(address)
    page.get_by_role("button", name="打开相机扫码").wait_for()
    page.context.set_offline(True)
    page.get_by_role("button", name="打开相机扫码").click()
    expect(page.locator("#door-queue")).to_contain_text("还有 1 个没有送出")
    expect(page.locator("#door-answer")).to_contain_text("已记下，联网后自动送出")
    page.get_by_role("button", name="关闭相机").click()
    page.evaluate(AT_ONCE, [women[1].code, "XXXXXXXXXX"])
    expect(page.locator("#door-queue")).to_contain_text("还有 2 个没有送出")
    page.locator("#typed button").click()
    type_code(page, women[0].code)
    expect(page.locator("#door-queue")).to_contain_text("还有 4 个没有送出")
    helper.look()
    assert Passage.objects.count() == 0
    page.close()  # the tab is gone, the queue is not

    page = helper.page = helper.page.context.new_page()
    page.set_default_timeout(15_000)
    page.context.set_offline(False)
    page.goto(address)
    expect(page.locator("#queue-refused li")).to_have_count(1)
    expect(page.locator("#queue-refused")).to_contain_text("没有找到这个签到码")
    expect(page.locator("#door-counts dd").first).to_contain_text("2")
    helper.look()
    page.get_by_role("button", name="知道了").click()
    expect(page.locator("#door-queue")).to_be_hidden()
    assert [b.check_ins for b in Booking.objects.all()] == [1, 1]
    page.reload()
    expect(page.locator("#door-queue")).to_be_hidden()


def test_when_her_session_ended_the_scans_are_still_there_after_signing_in(person, event, women):
    helper = person().sign_in(event.organiser)
    page = helper.go(f"/events/{event.code}/door/")
    Session.objects.all().delete()
    type_code(page, women[0].code)
    expect(page.locator("#door-queue")).to_contain_text("登录已过期")
    expect(page.locator("#queue-login")).to_be_visible()
    helper.sign_in(event.organiser)
    page.reload()
    expect(page.locator("#door-counts dd").first).to_contain_text("1")
    expect(page.locator("#door-queue")).to_be_hidden()
    assert Booking.objects.get(pk=women[0].pk).check_ins == 1


def test_a_scan_refused_the_day_before_is_kept_and_never_sent_again(person, event, women):
    day = timedelta(days=1)
    Event.objects.update(starts_at=event.starts_at + day, ends_at=event.ends_at + day)
    helper = person().sign_in(event.organiser)
    page = helper.go(f"/events/{event.code}/door/")
    type_code(page, women[0].code)
    expect(page.locator("#queue-refused")).to_contain_text("还没到签到的日子")
    Event.objects.update(starts_at=event.starts_at, ends_at=event.ends_at)
    page.reload()
    expect(page.locator("#queue-refused")).to_contain_text("还没到签到的日子")
    helper.look()
    type_code(page, women[1].code)
    expect(page.locator("#door-answer")).to_contain_text("周雨桐")
    page.get_by_role("button", name="知道了").click()
    expect(page.locator("#door-queue")).to_be_hidden()
    assert list(Passage.objects.values_list("booking_id", flat=True)) == [women[1].pk]


def test_two_phones_scan_the_same_code_and_she_is_counted_once(person, event, women):
    pages = [
        person().sign_in(who).go(f"/events/{event.code}/door/")
        for who in (event.organiser, factories.staff("event_organiser"))
    ]
    for page in pages:
        page.context.set_offline(True)
        type_code(page, women[0].code)
        expect(page.locator("#door-queue")).to_contain_text("还有 1 个没有送出")
    for page in pages:
        page.context.set_offline(False)
        expect(page.locator("#door-queue")).to_be_hidden()
    expect(pages[1].locator("#door-answer")).to_contain_text("不用再扫")
    assert Booking.objects.get(pk=women[0].pk).check_ins == 1


def test_signing_out_empties_the_queue(person, event, women):
    helper = person().sign_in(event.organiser)
    page = helper.go(f"/events/{event.code}/door/")
    page.route("**/door/scans/", lambda route: route.abort())
    type_code(page, women[0].code)
    expect(page.locator("#door-queue")).to_contain_text("还有 1 个没有送出")
    assert page.evaluate(KEPT) == ["door"]
    page.goto("/accounts/logout/")
    page.locator("main form button").click()
    page.wait_for_load_state()
    assert page.evaluate(KEPT) == []
