"""Who may answer about photos, put them up and see them, and which may be shown."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.rules.materials import reader_of
from events.rules.rights import why_not_see_names
from kernel.errors import Conflict, Invalid, Refused
from kernel.words import listed

MOST_PHOTOS = 60


def takes_photos(event):
    """Tell whether women are asked about photos of an event: staff said so, or there are some."""
    return not event.sensitive_topic and (event.takes_photos or event.photos.exists())


# --- her answer -----------------------------------------------------------------------------------
def why_not_answer_photos_for(booking, by):
    """Say why `by` may not say whether she agrees: it is for herself, and for staff at the door who asked her."""
    if by is None or booking.talent.user_id == by.pk:
        return None
    event = booking.event
    refused = why_not_see_names(event, by, "events.check_in_booking")
    return refused and Refused("not_hers", _("只能由本人选择，或由现场的工作人员当面询问后登记。"))


def why_not_answer_photos(booking, by, agrees):
    """Say why there is nothing to answer, or why staff cannot note that she agrees who has said no herself.

    `agrees`: whether the answer says yes to anything. Taking consent back is possible at any time.
    """
    answer = getattr(booking, "photo_answer", None)
    if not agrees and answer:
        return None
    if not takes_photos(booking.event):
        return Conflict("no_photos", _("这场活动不拍照展示，不用选择。"))
    if not booking.is_active:
        return Conflict("booking_ended", _("这次报名已经结束，不用选择。"))
    herself = by is None or booking.talent.user_id == by.pk
    if agrees and answer and answer.noted_by_id is None and not herself:
        sentence = _("她本人已经选择过，改为同意要由她自己在“我的报名”里办理。")
        return Refused("she_answered", sentence)
    return None


# --- staff ----------------------------------------------------------------------------------------
def why_not_see_photos(event, by):
    """Say why `by` may not see an event's photos with who is in them: whoever may know who comes may."""
    return why_not_see_names(event, by, "events.view_booking")


def why_not_keep_photos(event, by):
    """Say why `by` may not put up photos of an event, say who is in them, show them or take them off."""
    if error := why_not_see_names(event, by, "events.change_booking"):
        return error
    return why_no_photos(event)


def why_no_photos(event):
    """Say why an event has no photos."""
    if event.sensitive_topic:
        return Conflict("sensitive", _("敏感主题的活动不展示照片。"))
    if event.is_cancelled or not event.is_published:
        return Conflict("event_not_on", _("活动没有发布或已取消，不能展示照片。"))
    return None


def why_not_more_photos(event, count):
    """Say that an event has as many photos as it may have, with `count` more."""
    if event.photos.count() + count <= MOST_PHOTOS:
        return None
    sentence = ngettext(
        "一场活动最多 %(n)s 张照片，请先整理已有的。",
        "一场活动最多 %(n)s 张照片，请先整理已有的。",
        MOST_PHOTOS,
    )
    return Conflict("too_many_photos", sentence % {"n": MOST_PHOTOS}, field="sent")


def why_not_publish_photo(photo):
    """Say why a photo cannot be shown: words are lacking, or who is in it, or somebody does not agree."""
    if error := why_no_photos(photo.event):
        return error
    if not photo.alt:
        return Invalid(
            "alt_missing", _("请先填写文字说明，看不到图片的人靠它了解内容。"), field="alt"
        )
    people = [one.booking for one in photo.people.all()]
    if not (people or photo.nobody or photo.guests):
        sentence = _("请先选出认得出的人，或勾选“画面里没有认得出的人”。")
        return Invalid("people_missing", sentence, field="people")
    missing = [booking.talent.full_name for booking in people if not agrees(booking, "site")]
    if missing:
        sentence = _("%(names)s没有同意在网站展示，这张照片不能发布。")
        return Conflict("no_consent", sentence % {"names": listed(missing)}, field="people")
    return None


def agrees(booking, consent):
    """Tell whether she agrees to "site" or "press"."""
    answer = getattr(booking, "photo_answer", None)
    return bool(answer and getattr(answer, consent))


# --- who sees one ---------------------------------------------------------------------------------
def why_not_see_photo(photo, user):
    """Say why `user` may not see a photo: on the page of an event she may know of, while everybody in it agrees.

    Asked each time a picture is sent, of what stands at that moment.
    """
    event = photo.event
    if user.is_authenticated and why_not_see_photos(event, user) is None:
        return None
    reader = reader_of(event, user)
    shown = type(photo).objects.shown().filter(pk=photo.pk).exists()
    if shown and (reader.knows or reader.runs):
        return None
    return Refused("not_there", _("没有找到这张照片。"))


def why_not_for_press(photo, user):
    """Say why the press may not have a photo: it has to be shown, and everybody in it agrees to that as well."""
    shown = type(photo).objects.shown().with_press().filter(pk=photo.pk, for_press=True)
    if shown.exists() and why_not_see_photo(photo, user) is None:
        return None
    return Refused("not_there", _("没有找到这张照片。"))
