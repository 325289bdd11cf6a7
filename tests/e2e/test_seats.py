"""A seat that is offered, asked for, given by invitation, missed: in a real browser, under every rule of axe."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone

from events import operations
from events.models import Booking
from tests import factories
from tests.e2e.person import DESK
from tests.e2e.test_session_over import sign_in, with_password

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
DAY = timedelta(days=1)


def coming(**fields):
    return factories.event(**({"starts_at": timezone.now() + 5 * DAY} | fields))


def offered(**fields):
    """Return a booking a seat is kept for."""
    now, event = timezone.now(), coming(capacity=1, offer_hours=48, **fields)
    first, second = (factories.booking(event, now=now) for _ in range(2))
    operations.cancel_booking(booking=first, by=first.talent.user, now=now)
    return second


def absent(talent):
    """Return her booking of an event of the day before yesterday that she missed."""
    now = timezone.now()
    event = factories.event(starts_at=now - 2 * DAY, booking_opens_at=now - 9 * DAY)
    booking = factories.booking(event, talent, now=now - 3 * DAY)
    operations.settle_event(event=event, now=now)
    return booking


def state(booking):
    booking.refresh_from_db()
    return booking.state


def send(page, part):
    """Press the button of the form whose address has `part`."""
    page.locator(f"form[action*='{part}'] button:visible").first.click()
    page.wait_for_load_state()


def tick_first(page, action):
    """Tick the first row of a list and choose what is done with it."""
    page.locator("input[name=_selected_action]").first.check()
    page.locator("select[name=action]").select_option(action)
    with page.expect_navigation():
        page.locator("#changelist-form").evaluate("form => form.submit()")


def test_she_takes_a_seat_that_was_kept_for_her(person):
    booking = offered()
    other = coming(title="同时的论坛")
    factories.booking(other, booking.talent, now=timezone.now())
    woman = person().sign_in(booking.talent.user)
    woman.go(reverse("my_bookings"), least="minor")
    woman.sees("等您确认的席位")
    woman.page.get_by_role("link", name="去确认").click()
    woman.page.wait_for_load_state()
    woman.look("minor")
    woman.sees("同一时间您已报名《同时的论坛》")
    warned, button = (
        woman.page.get_by_text(words).first.bounding_box() for words in ("同一时间您", "确认参加")
    )
    assert warned["y"] < button["y"]  # read before it is pressed, on a phone as well
    woman.press("确认参加")
    woman.sees("席位已确认。到场时请出示签到码。")
    assert state(booking) == "confirmed"


def test_she_gives_it_up(person):
    booking = offered()
    woman = person().sign_in(booking.talent.user)
    woman.go(booking.event.get_absolute_url(), least="minor")
    woman.press("不参加，放弃席位", role="link")
    woman.look("minor")
    woman.press("放弃席位")
    woman.sees("已放弃席位")
    assert state(booking) == "declined"


def test_the_session_ends_before_she_takes_it(person):
    booking = offered()
    woman = person().sign_in(with_password(booking.talent.user))
    page = woman.go(booking.event.get_absolute_url())
    page.context.clear_cookies(name="sessionid")
    send(page, "/accept/")
    page.wait_for_url(re.compile("/accounts/login/"))
    sign_in(woman, booking.talent.user)
    page.wait_for_url(re.compile(f"/events/{booking.event.code}/"))
    woman.look()
    assert state(booking) == "offered"
    send(page, "/accept/")
    assert state(booking) == "confirmed"


def test_she_asks_and_staff_decide_in_the_list(person, settings):
    settings.STAFF_SECOND_FACTOR = False
    event, talent = coming(needs_approval=True), factories.talent()
    refused = factories.booking(event, now=timezone.now())
    woman = person().sign_in(talent.user)
    woman.go(event.get_absolute_url(), least="minor")
    woman.press("提交报名")
    woman.look("minor")
    woman.sees("报名待审核")
    organiser = person(DESK).sign_in(event.organiser)
    page = organiser.go(reverse("admin:events_booking_changelist"), least="minor")
    tick_first(page, "refuse_selected")
    organiser.look("minor")
    page.locator("[name=reason]").fill("名额面向初创企业")
    organiser.press("不通过所选")
    organiser.sees("已告知 1 人未通过的原因。")
    assert (state(refused), Booking.objects.get(talent=talent).state) == ("refused", "pending")
    tick_first(page, "approve_selected")
    organiser.look("minor")
    organiser.press("通过所选")
    organiser.sees("没有等待审核的报名")
    assert Booking.objects.get(talent=talent).state == "confirmed"
    reader = person().sign_in(refused.talent.user)
    reader.go(reverse("my_bookings"), least="minor")
    reader.sees("原因：名额面向初创企业")


def test_staff_invite_and_she_comes_by_the_letter(person, settings):
    settings.STAFF_SECOND_FACTOR = False
    event, talent = coming(visibility="invited"), factories.talent()
    with_password(talent.user)
    organiser = person(DESK).sign_in(event.organiser)
    page = organiser.go(reverse("admin:events_event_invite", args=[event.pk]), least="minor")
    page.locator("[name=codes]").fill(talent.code)
    organiser.press("发出邀请")
    organiser.sees("已邀请 1 人。")
    organiser.go(reverse("admin:events_event_book", args=[event.pk]), least="minor")
    withdraw = [event.pk, event.invitations.get().pk]
    organiser.go(reverse("admin:events_invitation_withdraw", args=withdraw), least="minor")
    woman = person()
    woman.page.goto(reverse("invited_event", args=[event.code]))
    sign_in(woman, talent.user)
    woman.page.wait_for_url(re.compile(f"/events/{event.code}/"))
    woman.look("minor")
    send(woman.page, "/book/")
    woman.sees("您已报名")


def test_conditions_are_said_to_who_does_not_meet_them(person):
    event = coming(for_tiers=["national", "city"], for_disciplines=["430"])
    woman = person().sign_in(factories.talent(tier="reserve").user)
    woman.go(event.get_absolute_url(), least="minor")
    woman.sees("这场活动面向人才层次为国家级或市级，且学科为材料科学的人才")


def test_she_says_why_she_did_not_come_though_her_session_ended(person):
    talent = factories.talent()
    booking = absent(talent)
    woman = person().sign_in(with_password(talent.user))
    woman.go(booking.event.get_absolute_url(), least="minor")
    woman.press("说明原因", role="link")
    woman.look("minor")
    page = woman.page
    page.get_by_label("家里临时有事").check()
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="提交说明").click()
    page.wait_for_url(re.compile("/accounts/login/"))
    sign_in(woman, talent.user)
    page.wait_for_url(re.compile("/explain/"))
    woman.look()
    assert page.get_by_label("家里临时有事").is_checked()
    page.get_by_role("button", name="提交说明").click()
    page.wait_for_url(re.compile("/events/mine/$"))
    woman.look("minor")
    booking.refresh_from_db()
    assert (booking.state, booking.absence) == ("excused", "family")


def test_staff_correct_who_came(person, settings):
    settings.STAFF_SECOND_FACTOR = False
    booking = absent(factories.talent())
    organiser = person(DESK).sign_in(booking.event.organiser)
    where = [booking.event.pk, booking.code]
    page = organiser.go(reverse("admin:events_booking_correct", args=where), least="minor")
    page.locator("[name=outcome]").select_option("attended")
    page.locator("[name=reason]").fill("手机没电，同事证明在场")
    organiser.press("更正")
    organiser.sees("已更正。")
    assert state(booking) == "attended"


def test_she_hands_her_seat_on_and_may_take_the_link_back_before(person):
    given, colleague = factories.booking(coming(), now=timezone.now()), factories.talent()
    hand_on = reverse("hand_on", args=[given.code])
    woman = person().sign_in(given.talent.user)
    woman.go(given.event.get_absolute_url())
    woman.press("转给同事", role="link")
    woman.press("生成转让链接")
    first = woman.page.locator(".secret-address").inner_text()
    woman.press("收回链接")
    woman.sees("已收回，原来的链接不能再接收。")
    woman.press("生成转让链接")
    link = woman.page.locator(".secret-address").inner_text()
    woman.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    woman.page.get_by_role("button", name="复制链接").click()
    woman.sees("链接已复制，可以发给同事了。")
    assert woman.page.evaluate("navigator.clipboard.readText()") == link
    other = person().sign_in(colleague.user)
    other.go(urlsplit(first).path)
    other.sees("这次转让已经失效")
    other.go(urlsplit(link).path)
    other.press("接收")
    other.sees("已接收，报名现在是您的了。")
    woman.go(reverse("my_bookings"))
    woman.sees("已转让")
    woman.go(hand_on)
    woman.sees("同事已经接收，您的报名随之结束。")
    assert (state(given), given.event.bookings.seated().get().talent) == ("handed_on", colleague)
