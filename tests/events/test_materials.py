"""Materials: each for whom it is meant and for nobody else, in their order, with their versions."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from events import letters, operations, rules
from events.models import Booking, Material, MaterialFile, MaterialPiece
from kernel.errors import Conflict, DomainError, Invalid
from kernel.uploads import LONGEST
from notices.models import Notice
from privacy import retention
from privacy.models import AuditEntry
from tests import factories
from tests.events.outsiders import SLIDES, material
from tests.factories import NOW
from tests.kernel.test_pictures import SECRET, file_of, photo

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
PAST = {"starts_at": NOW - 2 * DAY, "booking_opens_at": NOW - 9 * DAY}


def as_user(client, user):
    if user:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def code_of(error):
    return error and error.code


def come(event, talent=None):
    booking = factories.booking(event, talent, now=NOW - 3 * DAY)
    operations.check_in(booking=booking, by=None, now=event.starts_at)
    return Booking.objects.get(pk=booking.pk)


def cast(event):
    """Return everybody who might reach for a material of an event that is over, by what they are to it."""
    seated = factories.booking(event, now=NOW - 3 * DAY)
    came = come(event)
    waiting = factories.booking(event, now=NOW - 3 * DAY)
    Booking.objects.filter(pk=waiting.pk).update(state="waitlisted")
    elsewhere = {"department_code": "science_innovation"}
    return {
        "a stranger": AnonymousUser(),
        "not booked": factories.talent().user,
        "waits": waiting.talent.user,
        "has a seat": seated.talent.user,
        "came": came.talent.user,
        "clerk": factories.staff("department_clerk"),
        "clerk elsewhere": factories.staff("department_clerk", **elsewhere),
        "staff without rights": factories.staff(),
    }


NO_SEAT = {"a stranger", "not booked", "waits", "clerk elsewhere", "staff without rights"}


@pytest.mark.parametrize(
    ("audience", "told"),
    [
        ("everybody", {}),
        ("seated", dict.fromkeys(NO_SEAT, "no_seat")),
        ("came", dict.fromkeys(NO_SEAT | {"has a seat"}, "did_not_come")),
    ],
)
def test_each_audience_reads_what_is_meant_for_it(audience, told):
    event = factories.event(**PAST, capacity=9)
    found = material(event=event, audience=audience)
    answers = {
        who: code_of(rules.why_not_read_material(found, user, NOW))
        for who, user in cast(event).items()
    }
    assert answers == dict.fromkeys(answers) | told


@pytest.mark.parametrize("visibility", ["talents", "invited"])
def test_of_an_event_she_may_not_know_of_nothing_is_said(client, visibility):
    event = factories.event(**PAST, capacity=9)
    people, found = cast(event), material(event=event, audience="everybody")
    event.visibility = visibility
    event.save()
    found.refresh_from_db()
    for who in ("a stranger", "staff without rights", "clerk elsewhere"):
        answer = rules.why_not_read_material(found, people[who], NOW)
        assert (who, code_of(answer)) == (who, "not_there")
    assert rules.why_not_read_material(found, people["came"], NOW) is None
    assert client.get(found.get_absolute_url()).status_code == 404


def test_of_a_draft_nobody_but_staff_reads():
    found = material(event=factories.event(state="draft"), audience="everybody")
    assert code_of(rules.why_not_read_material(found, AnonymousUser(), NOW)) == "not_there"
    assert rules.why_not_read_material(found, found.event.organiser, NOW) is None


def test_a_cancelled_event_gives_none_and_takes_none():
    found = material(audience="everybody")
    event, clerk = found.event, found.event.organiser
    operations.cancel_event(event=event, reason="主讲人病了", by=clerk, now=NOW)
    found.event.refresh_from_db()
    assert code_of(rules.why_not_read_material(found, AnonymousUser(), NOW)) == "event_cancelled"
    with pytest.raises(Conflict):
        operations.add_materials(event=event, sent=[SLIDES], by=clerk, now=NOW)


def test_it_is_sent_as_a_file_and_counted_as_a_number(client):
    found = material(audience="everybody")
    answer = client.get(found.get_absolute_url())
    assert (answer.status_code, answer.content) == (200, SLIDES[1])
    headers = [answer[name] for name in ("Content-Type", "X-Content-Type-Options")]
    assert headers == ["application/pdf", "nosniff"]
    assert "private, no-store" in answer["Cache-Control"]
    assert answer["Content-Disposition"].startswith('attachment; filename="file.pdf"')
    client.head(found.get_absolute_url())  # nobody has it by asking what it is
    as_user(client, found.event.organiser).get(found.get_absolute_url())  # staff are not counted
    found.refresh_from_db()
    assert found.downloads == 1
    assert AuditEntry.objects.filter(action__contains="read").count() == 0


def test_who_may_not_is_told_why_and_how(client):
    found = material()
    answer = client.get(found.get_absolute_url())
    page = answer.content.decode()
    assert (answer.status_code, "请用报名的账号登录" in page) == (403, True)
    assert f"next={found.get_absolute_url()}" in page.replace("%2F", "/")
    operations.withdraw_material(material=found, by=None, now=NOW)
    answer = client.get(found.get_absolute_url())
    assert (answer.status_code, "已撤下这份资料" in answer.content.decode()) == (410, True)
    assert client.get("/events/materials/NOSUCHCODE/").status_code == 404


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("页面.html", b"<!doctype html><script>alert(1)</script>", "file_type"),
        ("图.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "file_type"),
        ("课件.pdf", b"PK\x03\x04 not a pdf", "file_type"),
        ("大.pdf", b"%PDF-" + b"x" * (5 * 1024 * 1024), "file_too_large"),
        ("坏.jpg", b"\xff\xd8\xff broken", "photo_unreadable"),
    ],
)
def test_a_file_is_what_it_holds_and_not_what_it_is_called(name, data, code):
    event = factories.event()
    with pytest.raises(Invalid) as refused:
        operations.add_materials(event=event, sent=[SLIDES, (name, data)], by=None, now=NOW)
    assert (refused.value.code, name in str(refused.value)) == (code, True)
    assert Material.objects.count() == 0


def test_a_button_pressed_twice_adds_once():
    event = factories.event()
    sent = [SLIDES, ("notes.pdf", SLIDES[1] + b" ")]
    first, again = (
        operations.add_materials(event=event, sent=sent, by=None, now=NOW) for _ in range(2)
    )
    assert (again, Material.objects.count(), MaterialFile.objects.count()) == (first, 2, 2)
    operations.withdraw_material(material=first[0], by=None, now=NOW)
    (anew,) = operations.add_materials(event=event, sent=[SLIDES], by=None, now=NOW)
    assert (anew in first, Material.objects.count()) == (False, 3)


def test_a_form_that_was_cut_off_is_refused_as_a_whole():
    event, third = factories.event(), b"%PDF-" + b"x" * (LONGEST // 3)
    with pytest.raises(Invalid) as refused:
        operations.add_materials(
            event=event, sent=[(f"{n}.pdf", third) for n in range(3)], by=None, now=NOW
        )
    assert refused.value.code == "files_too_large"


def test_a_picture_is_made_anew():
    (found,) = operations.add_materials(
        event=factories.event(), sent=[("板书.jpg", photo())], by=None, now=NOW
    )
    _name, kept = operations.read_material(material=found, by=None, now=NOW)
    assert (SECRET.encode() in photo(), SECRET.encode() in kept) == (True, False)


def test_a_file_that_ends_as_a_picture_and_is_called_a_page_is_a_picture(client):
    data = file_of(Image.new("RGB", (9, 9)), "PNG")
    (found,) = operations.add_materials(
        event=factories.event(), sent=[("x.html", data)], by=None, now=NOW, audience="everybody"
    )
    assert (found.title, found.file.file_name) == ("x", "x.png")
    assert client.get(found.get_absolute_url())["Content-Type"] == "image/png"


def test_they_stand_in_the_order_staff_give_them():
    event = factories.event()
    sent = [(f"{name}.pdf", SLIDES[1]) for name in "甲乙丙"]
    _first, second, third = operations.add_materials(event=event, sent=sent, by=None, now=NOW)
    operations.move_material(material=third, up=True, by=None, now=NOW)
    operations.withdraw_material(material=second, by=None, now=NOW)
    operations.move_material(material=third, up=True, by=None, now=NOW)
    operations.move_material(material=third, up=True, by=None, now=NOW)  # it is the first
    assert [one.title for one in event.materials.shown()] == ["丙", "甲"]
    operations.move_material(material=third, up=False, by=None, now=NOW)
    operations.move_material(material=third, up=False, by=None, now=NOW)  # it is the last
    assert [one.title for one in event.materials.shown()] == ["甲", "丙"]
    operations.show_material(material=second, by=None, now=NOW)
    assert sorted(one.title for one in event.materials.shown()) == ["丙", "乙", "甲"]


def test_a_replaced_version_is_kept_a_while_can_be_put_back_and_goes():
    found = material()
    operations.replace_material(material=found, sent=("新.pdf", b"%PDF-1.7 new"), by=None, now=NOW)
    assert operations.read_material(material=found, by=None, now=NOW)[1] == b"%PDF-1.7 new"
    old = found.files.get(number=1)
    assert old.kept_until == NOW + timedelta(days=30)
    operations.restore_material_file(version=old, by=None, now=NOW + DAY)
    found = Material.objects.get()
    assert operations.read_material(material=found, by=None, now=NOW)[1] == SLIDES[1]
    with pytest.raises(Conflict):
        operations.restore_material_file(version=found.file, by=None, now=NOW)
    retention.apply(now=NOW + 32 * DAY)
    assert [file.number for file in MaterialFile.objects.all()] == [1]
    assert MaterialPiece.objects.count() == 1


def test_what_was_taken_down_goes_after_half_a_year():
    operations.withdraw_material(material=material(), by=None, now=NOW)
    retention.apply(now=NOW + 179 * DAY)
    assert Material.objects.count() == 1
    retention.apply(now=NOW + 181 * DAY)
    assert (Material.objects.count(), MaterialPiece.objects.count()) == (0, 0)


@pytest.mark.parametrize("link", ["http://example.cn/v", "javascript:alert(1)", "", "example.cn"])
def test_a_link_is_a_whole_https_address(link):
    with pytest.raises(DomainError) as refused:
        operations.add_material_link(
            event=factories.event(), title="录像", link=link, by=None, now=NOW
        )
    assert refused.value.code == "link_wrong"


def test_a_session_of_another_event_is_none_of_its_own():
    other = factories.event()
    session = other.sessions.create(title="圆桌", starts_at=NOW, ends_at=NOW + timedelta(hours=1))
    assert material(session=session).session is None
    assert material(event=other, session=session).session == session


def test_a_copy_takes_them_along_where_that_is_ticked():
    event = material().event
    event.refresh_from_db()
    bare = operations.clone_event(event=event, by=event.organiser, now=NOW)
    full = operations.clone_event(event=event, by=event.organiser, now=NOW, with_materials=True)
    assert (bare.materials.count(), full.materials.count()) == (0, 1)
    copied = full.materials.get()
    assert operations.read_material(material=copied, by=None, now=NOW)[1] == SLIDES[1]
    assert copied.code != event.materials.get().code


# --- pages ----------------------------------------------------------------------------------------
def test_the_events_page_shows_each_reader_hers_and_stays_one_page(client):
    event = factories.event(starts_at=timezone.now() + 3 * DAY)
    material(event=event, audience="everybody")
    held = material(event=event, audience="seated")
    her = factories.booking(event, now=timezone.now()).talent.user
    page = f"/events/{event.code}/"
    hers = as_user(client, her).get(page).content.decode()
    client.logout()
    strangers = client.get(page).content.decode()
    assert (held.get_absolute_url() in hers, held.get_absolute_url() in strangers) == (True, False)
    assert "报名成功的人可以看" in strangers
    operations.withdraw_material(material=held, by=None, now=NOW)
    assert "报名成功的人可以看" not in client.get(page).content.decode()


def test_the_page_after_the_event_and_the_letter_lead_to_them(client):
    event = factories.event(**PAST)
    found, booking = material(event=event, audience="came"), come(event)
    page = as_user(client, booking.talent.user).get(reverse("after_event", args=[booking.code]))
    assert found.get_absolute_url() in page.content.decode()
    waiting = letters.thanks(booking, event, NOW).context["waiting"]
    assert waiting == {
        "zh-hans": "活动资料和一分钟的反馈问卷",
        "en": "the materials and a one-minute feedback form",
    }


def settled(**fields):
    """Return an event that was settled, and the bookings of two who came and of one who did not."""
    event = factories.event(**PAST, capacity=9, **fields)
    came = [come(event), come(event)]
    absent = factories.booking(event, now=NOW - 3 * DAY)
    operations.settle_event(event=event, now=NOW)
    event.refresh_from_db()
    return event, came, absent


def news(event):
    """Return who is told of new materials, when, as far as it is not taken back."""
    told = Notice.objects.filter(kind="events.material_added", withdrawn_at=None)
    return sorted((notice.recipient_id, notice.due_at) for notice in told)


def test_those_who_came_are_told_in_the_morning_of_what_is_put_up_later_once_for_a_day():
    event, came, _absent = settled()
    (first,) = operations.add_materials(event=event, sent=[SLIDES], by=None, now=NOW)
    operations.add_material_link(
        event=event,
        title="录像",
        link="https://v.example.cn",
        by=None,
        now=NOW + timedelta(hours=1),
    )
    morning = datetime(2026, 11, 24, 1, tzinfo=UTC)  # 9:00 in Chongqing
    assert news(event) == sorted((one.talent.user_id, morning) for one in came)
    link = reverse("after_event", args=[came[0].code])
    assert (
        Notice.objects.get(recipient=came[0].talent.user, object_key__endswith=f":{first.pk}").link
        == link
    )
    operations.add_material_link(
        event=event, title="补充", link="https://w.example.cn", by=None, now=NOW + DAY
    )
    assert len(news(event)) == 4


def test_what_is_taken_down_the_same_day_is_not_told_and_what_comes_in_its_place_is():
    event, came, _absent = settled()
    (wrong,) = operations.add_materials(event=event, sent=[SLIDES], by=None, now=NOW)
    operations.withdraw_material(material=wrong, by=None, now=NOW)
    assert news(event) == []
    sent = [("对的.pdf", b"%PDF-1.7 right")]
    (right,) = operations.add_materials(event=event, sent=sent, by=None, now=NOW)
    assert len(news(event)) == len(came)
    operations.add_materials(event=event, sent=[SLIDES], by=None, now=NOW)
    operations.withdraw_material(material=right, by=None, now=NOW)
    assert len(news(event)) == len(came)  # the other one stands


@pytest.mark.parametrize("late", [True, False])
def test_before_the_thanks_and_long_after_nobody_is_told(late):
    event = settled()[0] if late else factories.event(**PAST, capacity=9)
    if not late:
        come(event)
    at = NOW + 95 * DAY if late else NOW
    operations.add_materials(event=event, sent=[SLIDES], by=None, now=at)
    assert news(event) == []


def test_of_a_sensitive_topic_a_lock_screen_says_nothing():
    event, _came, _absent = settled(title="情绪疏导", sensitive_topic=True)
    operations.add_materials(event=event, sent=[SLIDES], by=None, now=NOW)
    for notice in Notice.objects.filter(kind="events.material_added"):
        shown = (notice.title, notice.body, notice.outside_title, notice.outside_body)
        assert [words for words in shown if "情绪" in words] == []


def queries_of(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_one_material_costs_as_many_queries_as_three(client, settings):
    event = factories.event(starts_at=timezone.now() + 3 * DAY)
    her = factories.booking(event, now=timezone.now()).talent.user
    clerk = event.organiser
    pages = (f"/events/{event.code}/", reverse("admin:events_event_materials", args=[event.pk]))
    counts = []
    for _round in range(2):
        material(event=event)
        counts.append(
            [
                queries_of(as_user(client, who), page)
                for who, page in zip((her, clerk), pages, strict=True)
            ]
        )
        material(event=event)
    assert counts[0] == counts[1]


def test_a_clerk_puts_up_several_at_once_and_takes_one_down(client):
    event = factories.event()
    as_user(client, event.organiser)
    add = reverse("admin:events_event_add_materials", args=[event.pk])
    sent = [SimpleUploadedFile(f"{n}.pdf", SLIDES[1]) for n in range(2)]
    answer = client.post(add, {"sent": sent, "audience": "everybody"}, follow=True)
    assert "已上传 2 份资料" in answer.content.decode()
    first = event.materials.first()
    down = reverse("admin:events_event_withdraw_material", args=[event.pk, first.pk])
    page = client.post(down, follow=True).content.decode()
    assert ("已撤下，读者看不到了" in page, "撤下活动资料" in page) == (True, True)
    second = event.materials.last()
    for page, order in (("lower_material", [second, first]), ("move_material", [first, second])):
        client.post(reverse(f"admin:events_event_{page}", args=[event.pk, first.pk]))
        assert list(event.materials.all()) == order
    refused = client.post(add, {"sent": [SimpleUploadedFile("x.html", b"<p>")], "audience": "came"})
    assert (refused.status_code, "只能上传 PDF" in refused.content.decode()) == (422, True)
