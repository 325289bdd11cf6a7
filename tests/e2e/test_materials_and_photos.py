"""Materials and photos in a real browser: put up by staff, read by who came, taken off by who is in them."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from events import operations
from events.models import Booking, Material, Photo
from tests import factories
from tests.e2e.person import DESK
from tests.e2e.test_session_over import sign_in, with_password
from tests.events.outsiders import SLIDES
from tests.kernel.test_pictures import photo

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.STAFF_SECOND_FACTOR = False


def over(**fields):
    """Return an event of yesterday and the booking of a woman who came."""
    now = timezone.now()
    event = factories.event(starts_at=now - DAY, booking_opens_at=now - 9 * DAY, **fields)
    booking = factories.booking(event, factories.talent(full_name="罗安琪"), now=now - 3 * DAY)
    operations.check_in(booking=booking, by=None, now=event.starts_at)
    return event, Booking.objects.select_related("event", "talent__user").get(pk=booking.pk)


def test_slides_are_put_up_put_in_order_and_fetched_by_who_came(person):
    event, booking = over()
    organiser = person(DESK).sign_in(event.organiser)
    page = organiser.go(reverse("admin:events_event_materials", args=[event.pk]), least="minor")
    organiser.press("上传资料", role="link")
    file = {"name": "课件.pdf", "mimeType": "application/pdf", "buffer": SLIDES[1]}
    page.locator("[name=sent]").set_input_files(
        [file, file | {"name": "讲义.pdf", "buffer": SLIDES[1] + b" "}]
    )
    page.locator("[name=audience]").select_option("came")
    organiser.press("上传")
    organiser.sees("已上传 2 份资料")
    page.get_by_role("button", name="下移 课件").click()
    page.wait_for_load_state()
    organiser.look("minor")
    assert [one.title for one in event.materials.all()] == ["讲义", "课件"]
    woman = person().sign_in(booking.talent.user)
    page = woman.go(reverse("after_event", args=[booking.code]), least="minor")
    with page.expect_download() as fetched:
        page.get_by_role("link", name="下载 课件").click()
    assert fetched.value.suggested_filename == "课件.pdf"
    assert Material.objects.get(title="课件").downloads == 1
    stranger = person()
    stranger.go(event.get_absolute_url(), least="minor")
    stranger.sees("到场的人可以看")


def test_a_photo_is_described_shown_and_gone_when_she_says_no_though_her_session_ended(person):
    event, booking = over(takes_photos=True)
    now = timezone.now()
    operations.answer_photos(
        booking=booking, site=True, press=False, by=booking.talent.user, now=now
    )
    organiser = person(DESK).sign_in(event.organiser)
    page = organiser.go(reverse("admin:events_event_photos", args=[event.pk]), least="minor")
    organiser.press("上传照片", role="link")
    page.locator("[name=sent]").set_input_files(
        {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    )
    assert page.locator("[name=credit]").input_value() == ""  # the file's name belongs to no field
    organiser.press("上传")
    shown = Photo.objects.get()
    page.get_by_role("link", name=f"说明和人物 {shown.pk}").click()
    page.wait_for_load_state()
    organiser.look("minor")
    page.locator("[name=alt]").fill("圆桌讨论")
    page.get_by_label(re.compile("罗安琪")).check()
    organiser.press("保存")
    page.get_by_role("button", name=f"发布 {shown.pk}").click()
    page.wait_for_load_state()
    organiser.sees("已发布")
    visitor = person()
    visitor.go(event.get_absolute_url(), least="minor")
    picture = visitor.page.get_by_role("img", name="圆桌讨论")
    picture.scroll_into_view_if_needed()
    visitor.page.wait_for_function(
        "image => image.complete && image.naturalWidth > 0", arg=picture.element_handle()
    )
    woman = person().sign_in(with_password(booking.talent.user))
    page = woman.go(reverse("my_photos", args=[booking.code]), least="minor")
    page.locator("[name=site]").uncheck()
    page.context.clear_cookies(name="sessionid")
    page.locator("main form button").last.click()
    page.wait_for_url(re.compile("/accounts/login/"))
    sign_in(woman, booking.talent.user)
    page.wait_for_url(re.compile("/photos/"))
    woman.look()
    assert page.locator("[name=site]").is_checked() is False
    page.locator("main form button").last.click()
    page.wait_for_load_state()
    woman.sees("已经展示的，现在已经撤下。")
    visitor.go(event.get_absolute_url())
    assert visitor.page.get_by_role("img", name="圆桌讨论").count() == 0


def test_the_forms_of_an_event_and_its_report_are_readable_by_everybody(person):
    """The change form and pages nobody had looked at with axe."""
    event, booking = over(
        series=operations.add_series(
            fields={"name": "月度沙龙", "department": factories.department()},
            by=None,
            now=timezone.now(),
        )
    )
    coming = factories.event(starts_at=timezone.now() + 5 * DAY, series=event.series)
    session = coming.sessions.create(
        title="讲座", starts_at=coming.starts_at, ends_at=coming.ends_at
    )
    part = session.speakers.create(talent=booking.talent)
    organiser = person(DESK).sign_in(event.organiser)
    for address in (
        reverse("admin:events_event_change", args=[coming.pk]),
        reverse("admin:events_event_add"),
        reverse("admin:events_series_change", args=[event.series.pk]),
        reverse("admin:events_event_report", args=[event.pk]),
        reverse("admin:events_event_reports") + f"?series={event.series.pk}",
    ):
        organiser.go(address, least="minor")
    woman = person().sign_in(booking.talent.user)
    for address in (
        reverse("stop_speaking", args=[part.pk]),
        reverse("my_consents"),
        f"/events/?series={event.series.code}&place={coming.venue}",
        event.series.get_absolute_url(),
    ):
        woman.go(address, least="minor")
