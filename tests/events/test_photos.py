"""Photos: shown while everybody in them agrees, off at once when somebody does not, gone with who is erased."""

import io
from datetime import timedelta
from threading import Thread

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from events import operations, personal_data
from events.models import Booking, Photo, PhotoAnswer, PhotoPerson, PhotoPiece
from events.operations.photos import read_photo
from kernel import content, public_pages
from kernel.errors import Conflict, DomainError, Invalid, Refused
from kernel.portal import Person
from notices.models import Notice
from privacy import consents
from privacy.models import AuditEntry, Consent
from tests import factories
from tests.events.outsiders import photo
from tests.factories import NOW
from tests.kernel.test_pictures import SECRET, file_of
from tests.kernel.test_pictures import photo as picture

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def as_user(client, user):
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def event(**fields):
    return factories.event(takes_photos=True, **fields)


def booked(at, **says):
    """Return a booking of an event whose woman says what she says."""
    booking = factories.booking(at)
    if says:
        answer(booking, **says)
    return Booking.objects.select_related("event__organiser", "talent__user").get(pk=booking.pk)


def answer(booking, site=False, press=False, by="herself", now=NOW):
    by = booking.talent.user if by == "herself" else by
    booking = Booking.objects.get(pk=booking.pk)
    return operations.answer_photos(booking=booking, site=site, press=press, by=by, now=now)


def publish(found, by=None):
    return operations.publish_photo(photo=found, by=by, now=NOW)


def shown(found):
    return Photo.objects.shown().filter(pk=found.pk).exists()


def code_of(call, *given, **named):
    with pytest.raises(DomainError) as refused:
        call(*given, **named)
    return refused.value.code


# --- her answer -----------------------------------------------------------------------------------
def test_nobody_agrees_by_silence_and_each_use_is_agreed_to_apart():
    at = event()
    silent, yes = booked(at), booked(at, site=True)
    assert code_of(publish, photo(silent)) == "no_consent"
    assert code_of(publish, photo(silent, yes)) == "no_consent"
    assert (shown(publish(photo(yes))), PhotoAnswer.objects.count()) == (True, 1)
    assert [row.for_press for row in Photo.objects.shown().with_press()] == [False]
    answer(yes, site=True, press=True)
    assert [row.for_press for row in Photo.objects.shown().with_press()] == [True]


def test_each_answer_is_in_the_register_for_the_event_it_is_about():
    at, other = event(), event()
    her = factories.talent()
    first, second = factories.booking(at, her), factories.booking(other, her)
    answer(first, site=True)
    answer(second, site=True, press=True)
    answer(first, site=False)
    rows = Consent.objects.filter(user=her.user).order_by("pk")
    assert [(row.purpose, row.about, row.granted, row.source) for row in rows] == [
        ("photo_site", at.code, True, "booking"),
        ("photo_site", other.code, True, "booking"),
        ("photo_press", other.code, True, "booking"),
        ("photo_site", at.code, False, "booking"),
    ]
    verbs = AuditEntry.objects.filter(object_type="privacy.consent").values_list(
        "action", flat=True
    )
    assert sorted(verbs) == ["privacy.grant_consent"] * 3 + ["privacy.withdraw_consent"]


def test_it_is_not_decided_for_all_events_at_once(client):
    her = booked(event()).talent.user
    with pytest.raises(Invalid):
        consents.grant(user=her, purpose="photo_site", by=her, now=NOW)
    as_user(client, her)
    assert client.post(reverse("grant_consent", args=["photo_site"])).status_code == 404
    page = client.get(reverse("my_consents")).content.decode()
    assert ("逐项选择" in page, "/consents/photo_site/" in page) == (True, False)


def test_saying_the_same_again_writes_nothing():
    yes = booked(event(), site=True)
    answer(yes, site=True, now=NOW + DAY)
    assert (Consent.objects.count(), PhotoAnswer.objects.get().at) == (1, NOW)


def test_staff_on_site_note_what_she_says_but_do_not_overrule_her():
    at = event()
    clerk, silent = at.organiser, booked(at)
    answer(silent, site=True, by=clerk)
    row = Consent.objects.get()
    assert (row.source, PhotoAnswer.objects.get().noted_by) == ("door", clerk)
    answer(silent, by=silent.talent.user)  # she says no herself
    assert code_of(answer, silent, site=True, by=clerk) == "she_answered"
    answer(silent, site=True)
    answer(silent, by=clerk)  # a no is noted at any time
    assert PhotoAnswer.objects.get().site is False


def test_who_has_no_account_is_asked_on_site():
    at = event()
    her = Booking.objects.get(pk=factories.booking(at, factories.talent(user=None)).pk)
    answer(her, site=True, by=at.organiser)
    assert (PhotoAnswer.objects.get().site, Consent.objects.count()) == (True, 0)


def test_where_nobody_takes_photos_nobody_is_asked():
    plain = factories.event()
    assert code_of(answer, factories.booking(plain), site=True) == "no_photos"
    sensitive = factories.event(sensitive_topic=True)
    assert code_of(answer, factories.booking(sensitive), site=True) == "no_photos"
    wrong = {"fields": {"sensitive_topic": True, "takes_photos": True}}
    changes = wrong["fields"]
    assert (
        code_of(operations.edit_event, event=plain, changes=changes, by=None, now=NOW)
        == "sensitive_photos"
    )


# --- withdrawing ----------------------------------------------------------------------------------
def test_a_withdrawal_takes_the_photo_off_at_once_and_tells_the_organiser_how_many():
    at = event()
    her, other = booked(at, site=True), booked(at, site=True)
    hers, both, others = (publish(photo(*who)) for who in ((her,), (her, other), (other,)))
    answer(her, site=False)
    assert [shown(found) for found in (hers, both, others)] == [False, False, True]
    hers.refresh_from_db()
    assert (hers.hidden_why, hers.hidden_at) == ("consent", NOW)
    letter = Notice.objects.get(kind="events.photos_off")
    assert (letter.recipient, letter.context["count"]) == (at.organiser, 2)
    assert her.talent.full_name not in letter.body
    answer(her, site=True)  # agreeing again shows nothing by itself
    assert shown(hers) is False
    assert shown(publish(hers)) is True


def test_who_withdraws_from_the_press_stays_on_the_site():
    at = event()
    her = booked(at, site=True, press=True)
    found = publish(photo(her))
    answer(her, site=True, press=False)
    assert [row.for_press for row in Photo.objects.shown().with_press()] == [False]
    assert Notice.objects.get(kind="events.photos_off").context["use"]["en"] == "to the press"
    assert shown(found) is True


def test_the_rule_is_asked_when_it_is_read_whatever_the_operation_did():
    her = booked(event(), site=True)
    found = publish(photo(her))
    PhotoAnswer.objects.update(site=False)  # past every operation
    assert (shown(found), Photo.objects.published().count()) == (False, 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("withdraws", [True, False])
def test_a_withdrawal_and_a_publication_at_once_never_leave_it_shown(withdraws):
    her = booked(event(), site=True)
    found = photo(her)

    def act(operation, **named):
        try:
            operation(now=NOW, by=None, **named)
        except Conflict:
            pass
        finally:
            connection.close()

    runs = [Thread(target=act, args=[operations.publish_photo], kwargs={"photo": found})]
    if withdraws:
        says = {"booking": her, "site": False, "press": False}
        runs.append(Thread(target=act, args=[operations.answer_photos], kwargs=says))
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert shown(found) is not withdraws  # without the withdrawal it is shown
    if withdraws:
        assert Photo.objects.published().count() == 0


# --- what staff do --------------------------------------------------------------------------------
def test_place_time_and_maker_are_gone_from_every_size():
    found = photo()
    for size in ("small", "large", "full"):
        data = read_photo(found, size)
        with Image.open(io.BytesIO(data)) as image:
            assert (image.format, dict(image.getexif()), SECRET.encode() in data) == (
                "JPEG",
                {},
                False,
            )
    assert SECRET.encode() in picture()


def test_a_large_one_is_made_smaller_and_keeps_its_shape():
    sent = [("大.jpg", picture((3000, 2000)))]
    (found,) = operations.add_photos(event=event(), sent=sent, by=None, now=NOW)
    assert (found.width, found.height) == (1600, 1067)
    with Image.open(io.BytesIO(read_photo(found, "small"))) as image:
        assert image.size == (480, 320)


def test_a_button_pressed_twice_adds_once():
    at, other = event(), event(code="OTHER001")
    sent = [("a.jpg", picture()), ("b.jpg", picture((90, 60)))]
    first, again = (operations.add_photos(event=at, sent=sent, by=None, now=NOW) for _ in range(2))
    elsewhere = operations.add_photos(event=other, sent=sent, by=None, now=NOW)
    assert (again, Photo.objects.count()) == (first, 4)
    assert set(elsewhere) & set(first) == set()


def bomb():
    """Return a small file that unfolds into more pixels than anybody may send."""
    return file_of(Image.new("1", (20000, 20000)), "PNG")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"%PDF-1.7 x", "photo_type"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "photo_type"),
        (b"\xff\xd8\xff broken", "photo_unreadable"),
        (b"\xff\xd8\xff" + b"x" * (10 * 1024 * 1024), "photo_type"),
        (bomb(), "photo_too_big"),
    ],
)
def test_what_is_no_photo_is_refused_as_a_whole(data, code):
    sent = [("好.jpg", picture()), ("坏.jpg", data)]
    assert code_of(operations.add_photos, event=event(), sent=sent, by=None, now=NOW) == code
    assert (Photo.objects.count(), PhotoPiece.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("fields", "code"),
    [({"alt": ""}, "alt_missing"), ({"nobody": False}, "people_missing")],
)
def test_without_words_or_people_it_is_not_shown(fields, code):
    assert code_of(publish, photo(**fields)) == code


def test_nobody_and_somebody_contradict():
    her = booked(event(), site=True)
    assert code_of(photo, her, nobody=True) == "people_contradict"


def test_guests_are_a_number_and_the_press_needs_them_too():
    found = publish(photo(nobody=False, guests=2))
    assert [row.for_press for row in Photo.objects.shown().with_press()] == [False]
    about = {"alt": found.alt, "people": [], "nobody": False, "guests": 2, "guests_press": True}
    operations.describe_photo(photo=found, **about, by=None, now=NOW)
    assert [row.for_press for row in Photo.objects.shown().with_press()] == [True]


def test_one_of_whom_nobody_had_thought_takes_it_off():
    at = event()
    her, silent = booked(at, site=True), booked(at)
    found = publish(photo(her))
    about = {"alt": "合影", "people": [her.pk, silent.pk], "nobody": False, "guests": 0}
    operations.describe_photo(photo=found, **about, by=None, now=NOW)
    assert shown(found) is False
    stranger = booked(event(), site=True)  # of another event: passed over
    operations.describe_photo(photo=found, **about | {"people": [stranger.pk]}, by=None, now=NOW)
    assert PhotoPerson.objects.count() == 0


def test_it_is_taken_off_and_shown_again_and_deleted_with_its_files():
    found = publish(photo())
    operations.hide_photo(photo=found, by=None, now=NOW)
    assert shown(found) is False
    assert shown(publish(found)) is True
    operations.delete_photo(photo=found, by=None, now=NOW)
    assert (Photo.objects.count(), PhotoPiece.objects.count()) == (0, 0)


@pytest.mark.parametrize("change", [{"sensitive_topic": True}, {"state": "cancelled"}])
def test_an_event_that_became_sensitive_or_is_off_shows_none(change):
    found = publish(photo())
    for name, value in (change | {"cancel_reason": "停电", "cancelled_at": NOW}).items():
        setattr(found.event, name, value)
    found.event.save()
    assert shown(found) is False


def test_the_database_keeps_a_named_woman_in_her_photo():
    her = booked(event(), site=True)
    publish(photo(her))
    with pytest.raises(IntegrityError), transaction.atomic():
        her.delete()
        connection.check_constraints()


# --- leaving --------------------------------------------------------------------------------------
def test_who_is_erased_takes_her_photos_along():
    at = event()
    her, other = booked(at, site=True), booked(at, site=True)
    publish(photo(her, other))
    left = publish(photo(other))
    assert (
        personal_data.lost(Person(her.talent.user, [her.talent]), NOW)[-1]
        == "注明有您的活动照片会删除。"
    )
    personal_data.erase(Person(her.talent.user, [her.talent]), NOW)
    assert list(Photo.objects.all()) == [left]
    assert {piece.photo_id for piece in PhotoPiece.objects.all()} == {left.pk}
    assert list(PhotoAnswer.objects.values_list("booking", flat=True)) == [other.pk]


def test_bookings_that_are_kept_long_enough_take_their_photos_along():
    her = booked(event(), site=True)
    publish(photo(her))
    left = publish(photo())
    personal_data.keep_totals(Booking.objects.filter(pk=her.pk))
    assert list(Photo.objects.all()) == [left]


def test_her_copy_holds_her_photos_and_her_answers():
    her = booked(event(), site=True)
    found = photo(her)
    ((name, data),) = personal_data.photos(her.talent.user)
    assert (name, data[:3]) == (f"photo-{found.pk}.jpg", b"\xff\xd8\xff")


# --- pages ----------------------------------------------------------------------------------------
def test_a_kept_page_and_the_picture_itself_lose_it_at_once(client):
    at = event(starts_at=timezone.now() + 3 * DAY)
    her = booked(at, site=True, press=True)
    found = publish(photo(her))
    page, press = f"/events/{at.code}/", reverse("press_photo", args=[found.code])
    assert (found.small in client.get(page).content.decode(), client.get(press).status_code) == (
        True,
        200,
    )
    picture = client.get(found.small)
    assert (picture["Content-Type"], picture["Cache-Control"]) == (
        "image/jpeg",
        "private, no-cache",
    )
    again = client.get(found.small, headers={"If-None-Match": picture["ETag"]})
    assert again.status_code == 304
    answer(her, site=False)
    content.forget()
    assert (found.small in client.get(page).content.decode()) is False
    refused = client.get(found.small, headers={"If-None-Match": picture["ETag"]})
    assert (refused.status_code, client.get(press).status_code) == (404, 404)


def test_only_its_staff_see_one_that_is_not_shown(client):
    found = photo(event=event())
    answers = {}
    for who, user in {
        "organiser": found.event.organiser,
        "another woman": factories.talent().user,
        "elsewhere": factories.staff("event_organiser", department_code="science_innovation"),
        "without rights": factories.staff(),
    }.items():
        answers[who] = as_user(client, user).get(found.small).status_code
    client.logout()
    answers["a stranger"] = client.get(found.small).status_code
    assert answers == {"organiser": 200} | dict.fromkeys(answers.keys() - {"organiser"}, 404)
    full = found.small.replace("small", "full")
    assert as_user(client, found.event.organiser).get(full).status_code == 404


def test_of_an_event_she_may_not_know_of_no_picture_is_sent(client):
    found = publish(photo())
    found.event.visibility = "invited"
    found.event.save()
    assert client.get(found.small).status_code == 404


def test_she_is_asked_when_she_books_and_nothing_is_ticked(client):
    at = event(starts_at=timezone.now() + 3 * DAY, booking_opens_at=timezone.now() - DAY)
    her = factories.talent().user
    form = as_user(client, her).get(f"/events/{at.code}/").content.decode()
    asked = form[form.index('name="photo_site"') - 40 :][:400]
    assert ('name="photo_press"' in form, "checked" in asked) == (True, False)
    book = reverse("book_event", args=[at.code])
    client.post(book, {"key": "a", "photo_site": "1"})
    found = PhotoAnswer.objects.get()
    assert (found.site, found.press) == (True, False)
    answer(found.booking, site=False)
    client.post(book, {"key": "a", "photo_site": "1"})  # the same press again
    assert PhotoAnswer.objects.get().site is False


def test_she_changes_her_mind_on_her_own_page_and_nobody_elses(client):
    at = event()
    her, another = booked(at, site=True), booked(at)
    found = publish(photo(her))
    page = reverse("my_photos", args=[her.code])
    shown_page = as_user(client, her.talent.user).get(page).content.decode()
    assert found.small in shown_page
    said = client.post(page, {"press": "on"}, follow=True).content.decode()
    assert "可以供媒体使用，不在活动页面展示" in said
    assert shown(found) is False
    assert as_user(client, another.talent.user).post(page, {"site": "on"}).status_code == 404


def test_the_photographers_list_says_who_not_and_notes_what_is_said(client):
    at = event()
    _yes, no = booked(at, site=True, press=True), booked(at)
    page = reverse("photographer", args=[at.code])
    html = as_user(client, at.organiser).get(page).content.decode()
    assert "2 人有席位，1 人同意在网站展示，1 人同意供媒体使用" in html
    client.post(page, {"code": no.code, "says": "site"})
    assert PhotoAnswer.objects.get(booking=no).site is True
    assert client.post(page, {"code": booked(event()).code, "says": "site"}).status_code == 404
    auditor = factories.staff("auditor")
    assert as_user(client, auditor).get(page).status_code in (403, 404)


def test_the_door_says_who_gets_a_sticker(client):
    now = timezone.now()
    at = event(starts_at=now + timedelta(minutes=5), booking_opens_at=now - DAY)
    yes, no = (factories.booking(at, now=now) for _each in range(2))
    answer(yes, site=True)
    as_user(client, at.organiser)
    door = reverse("door", args=[at.code])
    told = [client.post(door, {"code": one.code}).content.decode() for one in (yes, no)]
    assert ["橙色胸贴" in page for page in told] == [False, True]


def test_a_clerk_puts_one_up_says_who_is_in_it_and_shows_it(client):
    at = event()
    her = booked(at, site=True)
    as_user(client, at.organiser)
    add = reverse("admin:events_event_add_photos", args=[at.pk])
    sent = [SimpleUploadedFile(f"{n}.jpg", picture()) for n in range(2)]
    assert "已上传 2 张" in client.post(add, {"sent": sent}, follow=True).content.decode()
    found = Photo.objects.first()
    about = reverse("admin:events_event_describe_photo", args=[at.pk, found.pk])
    page = client.get(about).content.decode()
    assert "(只同意网站)" in page
    given = {"alt": "两人讨论版图", "people": [her.pk], "guests": 0}
    client.post(about, given)
    show = reverse("admin:events_event_publish_photo", args=[at.pk, found.pk])
    page = client.post(show, follow=True).content.decode()
    assert ("已发布，活动页面上可以看到" in page, "发布活动照片" in page) == (True, True)
    assert shown(found) is True


def queries_of(client, address):
    client.get(address)
    public_pages.clear()
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_one_photo_costs_as_many_queries_as_three(client):
    at = event(capacity=9)
    as_user(client, at.organiser)
    names = ("events_event_photos",)
    pages = [f"/events/{at.code}/", reverse("photographer", args=[at.code])]
    pages += [reverse(f"admin:{name}", args=[at.pk]) for name in names]
    counts = []
    for _round in range(2):
        publish(photo(booked(at, site=True)))
        counts.append([queries_of(client, page) for page in pages])
        publish(photo(booked(at, site=True)))
    assert counts[0] == counts[1]


def test_who_may_not_know_who_comes_may_not_put_up_photos():
    at = event()
    elsewhere = factories.staff("event_organiser", department_code="science_innovation")
    with pytest.raises(Refused):
        operations.add_photos(event=at, sent=[("a.jpg", picture())], by=elsewhere, now=NOW)
