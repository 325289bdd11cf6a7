"""Photos of an event: what she says about being shown, and what staff put up, describe, show and take off."""

from django.db import transaction
from django.utils.translation import gettext as _

from events import letters, rules
from events.models import HiddenWhy, Photo, PhotoAnswer, PhotoPerson, PhotoSize
from events.operations.locking import lock_event, locked_booking
from kernel import content, photo_sizes, uploads
from kernel.errors import Invalid
from privacy import audit, consents, pieces
from privacy.purposes import purposes
from talents.career import files

PURPOSES = {"site": "photo_site", "press": "photo_press"}
MOST = 10 * 1024 * 1024


# --- her answer -----------------------------------------------------------------------------------
@transaction.atomic
def answer_photos(*, booking, site, press, by, now):
    """Note whether she agrees to be shown on the site and to the press at this event; saying the same changes nothing.

    Where she does not agree to the site any more, what shows her is taken off in this transaction and the organiser is
    told. Staff (`by`) note what she said on site. Raises Refused, Conflict where there is nothing to answer. Returns
    the PhotoAnswer, None where she has never agreed and says no again.
    """
    event, booking = locked_booking(booking, _why_not_for, booking, by)
    if error := rules.why_not_answer_photos(booking, by, site or press):
        raise error
    before = getattr(booking, "photo_answer", None)
    was = {name: bool(before and getattr(before, name)) for name in PURPOSES}
    says = {"site": bool(site), "press": bool(press)}
    if before and was == says:
        return before
    herself = by is None or booking.talent.user_id == by.pk
    answer, _new = PhotoAnswer.objects.update_or_create(
        booking=booking,
        defaults={
            **says,
            "text_version": purposes()[PURPOSES["site"]].version,
            "at": now,
            "noted_by": None if herself else by,
        },
    )
    _register(booking, was, says, by if not herself else booking.talent.user, now, herself)
    audit.record("events.answer_photos", booking, by=by, at=now, **says)
    _take_off(event, booking, was, says, now)
    return answer


def _why_not_for(event, booking, by):
    booking.event = event
    return rules.why_not_answer_photos_for(booking, by)


def _register(booking, was, says, by, now, herself):
    """Write what changed into the register of consents; who has no account is not in it."""
    user = booking.talent.user
    for name, purpose in PURPOSES.items():
        if user and was[name] != says[name]:
            consents.note(
                user=user,
                purpose=purpose,
                about=booking.event.code,
                granted=says[name],
                by=by,
                now=now,
                source="booking" if herself else "door",
            )


def _take_off(event, booking, was, says, now):
    """Hide what shows her where she does not agree to it any more, and tell the organiser how many photos it concerns."""
    hers = Photo.objects.published().filter(event=event, people__booking=booking)
    if was["site"] and not says["site"]:
        off = list(hers)
        for photo in off:
            _hide(photo, HiddenWhy.CONSENT, None, now)
        letters.send(letters.photos_off(event, booking, "site", len(off), now), now)
    elif was["press"] and not says["press"]:
        letters.send(letters.photos_off(event, booking, "press", hers.count(), now), now)
    if was["press"] != says["press"]:
        content.touch()  # pages say which photos the press may have


# --- staff ----------------------------------------------------------------------------------------
@transaction.atomic
def add_photos(*, event, sent, by, now, credit=""):
    """Put up photos ([(file name, bytes)], JPEG or PNG), to be described before they are shown; returns the Photos.

    Each is made anew: where and when it was taken, and with what, is gone. One the event has already, shown or not, is
    not added again: a button pressed twice adds once. Raises Refused, Conflict for an event
    without photos or with too many, Invalid at `sent` for none, or for what is too large or no picture: then none is
    added.
    """
    if error := rules.why_not_keep_photos(event, by):
        raise error
    if not sent:
        raise Invalid("files_missing", _("请选择要上传的照片。"), field="sent")
    made = [
        photo_sizes.sized(name, data, field="sent") for name, data in _not_too_large(sent)
    ]  # before the lock
    event = lock_event(event, rules.why_not_keep_photos, by)
    if error := rules.why_not_more_photos(event, len(made)):
        raise error
    return [_keep(event, sizes, " ".join(credit.split())[:40], by, now) for sizes in made]


@transaction.atomic
def describe_photo(*, photo, alt, people, nobody, guests, by, now, guests_press=False, credit=""):
    """Say what a photo shows and who is recognised in it; one that is shown and may not be any more is taken off.

    Arguments:
        people: keys of bookings of its event; others are passed over. nobody: that nobody is recognised.
        guests: how many guests are, each of whom was asked on site and agreed; guests_press: to the press as well.

    Raises Refused, Conflict for an event without photos, Invalid where nobody and somebody is said at once. Returns
    the Photo.
    """
    photo = _locked(photo, by)
    bookings = list(photo.event.bookings.filter(pk__in=people))
    if nobody and (bookings or guests):
        sentence = _("勾选了“没有认得出的人”，就不能再选人或填来宾。")
        raise Invalid("people_contradict", sentence, field="nobody")
    photo.alt, photo.credit = " ".join(alt.split())[:150], " ".join(credit.split())[:40]
    photo.nobody, photo.guests, photo.guests_press = nobody, guests, bool(guests and guests_press)
    if photo.published_at and not photo.alt:
        raise Invalid("alt_missing", _("展示中的照片要有文字说明。"), field="alt")
    photo.save()
    PhotoPerson.objects.filter(photo=photo).exclude(booking__in=bookings).delete()
    for booking in bookings:
        PhotoPerson.objects.get_or_create(photo=photo, booking=booking)
    audit.record("events.describe_photo", photo, by=by, at=now, people=len(bookings))
    if photo.is_published and rules.why_not_publish_photo(photo):
        _hide(photo, HiddenWhy.CONSENT, by, now)
    return photo


@transaction.atomic
def publish_photo(*, photo, by, now):
    """Show a photo on the event's page, also one that was taken off. Twice does nothing twice. Returns the Photo.

    Raises Refused, Conflict where somebody in it does not agree, Invalid where words or people are lacking.
    """
    photo = _locked(photo, by)
    if error := rules.why_not_publish_photo(photo):
        raise error
    if not photo.is_published:
        photo.published_at, photo.hidden_at, photo.hidden_why = now, None, ""
        photo.save(update_fields=["published_at", "hidden_at", "hidden_why"])
        audit.record("events.publish_photo", photo, by=by, at=now)
    return photo


@transaction.atomic
def hide_photo(*, photo, by, now):
    """Take a photo off the event's page. Undone by publish_photo. Twice does nothing twice. Returns the Photo.

    Raises Refused, Conflict for an event without photos.
    """
    photo = _locked(photo, by)
    if photo.is_published:
        _hide(photo, HiddenWhy.STAFF, by, now)
    return photo


@transaction.atomic
def delete_photo(*, photo, by, now):
    """Delete a photo with its files for good. Raises Refused."""
    event = lock_event(photo.event, rules.why_not_keep_photos, by)
    gone, _by_model = Photo.objects.filter(pk=photo.pk).delete()
    if gone:
        audit.record("events.delete_photo", event, by=by, at=now, photo=photo.pk)


def drop_photos_of(bookings, now):
    """Delete the photos in which somebody of these bookings is named, with their files: erased, or kept long enough.

    Returns how many. Hiding them would keep a picture of her; the others in it lose a picture, which is the lesser harm.
    """
    photos = Photo.objects.filter(people__booking__in=bookings).distinct()
    found = list(photos.select_related("event").order_by("pk"))
    for photo in found:
        audit.record("events.delete_photo", photo.event, by=None, at=now, photo=photo.pk)
    Photo.objects.filter(pk__in=[photo.pk for photo in found]).delete()
    return len(found)


def read_photo(photo, size):
    """Return the bytes (JPEG) of a photo in a PhotoSize."""
    return pieces.read(photo.pieces.filter(size=size))


def _locked(photo, by):
    """Return a photo as it stands, its event locked."""
    event = lock_event(photo.event, rules.why_not_keep_photos, by)
    photo = Photo.objects.get(pk=photo.pk)
    photo.event = event
    return photo


def _hide(photo, why, by, now):
    photo.hidden_at, photo.hidden_why = now, why
    photo.save(update_fields=["hidden_at", "hidden_why"])
    audit.record("events.hide_photo", photo, by=by, at=now, why=why)


def _keep(event, sizes, credit, by, now):
    width, height = sizes.pop("size")
    if photo := _same(event, width, height, sizes[PhotoSize.SMALL]):
        return photo
    photo = Photo.objects.create(
        event=event, credit=credit, width=width, height=height, added_at=now
    )
    for size, data in sizes.items():
        pieces.keep(photo.pieces, data, size=size)
    audit.record("events.add_photo", photo, by=by, at=now)
    return photo


def _same(event, width, height, small):
    """Return the Photo of the event whose small picture is this one already, or None."""
    alike = event.photos.filter(width=width, height=height)
    of = (photo for photo in alike if pieces.is_kept(photo.pieces.filter(size="small"), small))
    return next(of, None)


def _not_too_large(sent):
    if sum(len(data) for _name, data in sent) >= uploads.LONGEST:
        sentence = _("一次上传的文件合计不能超过 12 MB，请分几次上传。")
        raise Invalid("files_too_large", sentence, field="sent")
    for name, data in sent:
        if len(data) > MOST or files.kind_of(data) not in ("jpg", "png"):
            sentence = _("“%(name)s”：照片须是不超过 10 MB 的 JPG 或 PNG 图片。")
            raise Invalid("photo_type", sentence % {"name": name[:60]}, field="sent")
    return sent
