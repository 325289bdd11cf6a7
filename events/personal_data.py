"""What the app holds about one woman: her bookings, and where she speaks."""

from contextlib import contextmanager

from django.db import connection
from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events import departures
from events.models import (
    Booking,
    BookingHold,
    CalendarLink,
    Certificate,
    Event,
    Feedback,
    FeedbackGiven,
    GivenSeat,
    GroupBooking,
    Invitation,
    Material,
    MaterialFile,
    Passage,
    Photo,
    PhotoAnswer,
    PhotoPerson,
    PhotoSize,
    Speaker,
    Transfer,
)
from events.operations.photos import drop_photos_of, read_photo
from kernel import ids
from kernel.portal import Group

COVERS = (
    "events.Booking.talent",
    "events.Invitation.talent",
    "events.CalendarLink.user",
    "events.Certificate.talent",
    "events.BookingHold.user",
    "events.Speaker.talent",
    "events.Event.leader",
)


def collect(user):
    """Return her bookings, cancelled ones included."""
    bookings = Booking.objects.filter(talent__user=user).select_related("event").order_by("pk")
    fields = (
        "event",
        "code",
        "state",
        "wants_track",
        "children",
        "childcare",
        "named_by",
        "booked_at",
        "promoted_at",
        "ended_at",
        "reason",
        "absence",
        "checked_in_at",
    )
    passages = Passage.objects.standing().filter(booking__talent__user=user)
    invitations = Invitation.objects.filter(talent__user=user).select_related("event")
    return [
        Group(_("活动报名"), bookings, fields),
        Group(_("进出记录"), passages, ("booking", "way", "source", "at")),
        Group(
            _("转让"),
            Transfer.objects.filter(booking__talent__user=user).order_by("pk"),
            ("booking", "made_at", "taken_back_at", "accepted_at"),
        ),
        Group(
            _("接收的转让"),
            Transfer.objects.filter(accepted__talent__user=user).order_by("pk"),
            (("accepted", _("报名")), "accepted_at"),
        ),
        Group(
            _("迟到让出的席位"),
            GivenSeat.objects.filter(late__talent__user=user).order_by("pk"),
            (("late", _("报名")), "given_at", "undone_at"),
        ),
        Group(
            _("现场得到的席位"),
            GivenSeat.objects.filter(to__talent__user=user).order_by("pk"),
            (("to", _("报名")), "given_at", "undone_at"),
        ),
        Group(
            _("活动邀请"),
            invitations.order_by("pk"),
            ("event", "invited_at", "withdrawn_at"),
        ),
        Group(
            _("主讲"),
            Speaker.objects.filter(talent__user=user)
            .select_related("session__event")
            .order_by("pk"),
            (("event", _("活动")), "session"),
        ),
        Group(
            _("已填写的活动反馈（内容不记名，找不回是谁写的）"),
            FeedbackGiven.objects.filter(booking__talent__user=user).select_related(
                "booking__event"
            ),
            (("event", _("活动")),),
        ),
        Group(
            _("活动证书"),
            Certificate.objects.of_woman(user),
            (("number", _("编号")), "kind", "name", "title", "issued_at", "revoked_at"),
        ),
        Group(
            _("报名限制"),
            BookingHold.objects.filter(user=user),
            ("department", "until", "days_before", "absences", "made_at", "lifted_at"),
        ),
        Group(
            _("活动照片授权"),
            PhotoAnswer.objects.filter(booking__talent__user=user)
            .select_related("booking__event")
            .order_by("pk"),
            (("event", _("活动")), "site", "press", "at"),
        ),
        Group(
            _("提供的辅导时段"),
            Event.objects.filter(leader=user).order_by("pk"),
            ("title", "starts_at", "ends_at", "state"),
        ),
        Group(_("日历订阅"), CalendarLink.objects.filter(user=user), ("made_at",)),
    ]


# What a booking says of her beside that somebody came.
BLANK = {
    "idempotency_key": None,
    "reason": "",
    "absence": "",
    "named_by": None,
    "wants_track": False,
    "children": 0,
    "childcare": "",
}


def photos(user):
    """Yield (name inside the copy, bytes) of the photos staff say she is in, as a page shows them."""
    named = Photo.objects.filter(people__booking__talent__user=user).order_by("pk")
    for found in named:
        yield f"photo-{found.pk}.jpg", read_photo(found, PhotoSize.LARGE)


def lost(person, now):
    """Say which seats are given back, and that the others stay as numbers."""
    sentences = [
        line
        for record in person.records
        for told in (departures.seats_lost, departures.agendas_left)
        for line in told(record, now, hers=True)
    ]
    if Booking.objects.filter(talent__in=person.records).exists():
        sentences.append(gettext("过去的报名只留人数，不再能对应到您。"))
    if PhotoPerson.objects.filter(booking__talent__in=person.records).exists():
        sentences.append(gettext("注明有您的活动照片会删除。"))
    if Certificate.objects.filter(talent__in=person.records).exists():
        sentences.append(
            gettext("活动证书上的姓名会删除，只留编号和是否有效；请先下载需要的证书。")
        )
    return sentences


def erase(person, now):
    """Leave the seats as numbers; those of events to come were given back when the record left (events.departures)."""
    bookings = list(Booking.objects.filter(talent__in=person.records).order_by("pk"))
    for booking in bookings:
        booking.code = ids.code()
        for name, empty in BLANK.items():
            setattr(booking, name, empty)
    with _counts_kept():
        Booking.objects.bulk_update(bookings, ["code", *BLANK])
    pictures = drop_photos_of(bookings, now)
    PhotoAnswer.objects.filter(booking__in=bookings).delete()
    Passage.objects.filter(booking__in=bookings).delete()
    Transfer.objects.filter(booking__in=bookings).delete()
    GivenSeat.objects.filter(Q(late__in=bookings) | Q(to__in=bookings)).delete()
    _forget_names(person.records)
    gone, _by_model = Invitation.objects.filter(talent__in=person.records).delete()
    links, _by_model = CalendarLink.objects.filter(user=person.user).delete()
    BookingHold.objects.filter(user=person.user).delete()
    # The number stays, and whether it was valid: the check page has to say that it was issued.
    named = Certificate.objects.filter(talent__in=person.records)
    certified = named.update(talent=None, name="", name_en="")
    # What she said stays: nobody can tell which answer is hers.
    given, _by_model = FeedbackGiven.objects.filter(booking__in=bookings).delete()
    led = Event.objects.filter(leader=person.user).update(leader=None) if person.user else 0
    return (
        len(bookings)
        + led
        + gone
        + links
        + given
        + certified
        + pictures
        + departures.leave_agendas(person.records, now)
    )


def _forget_names(records):
    """Take her codes out of what units were answered about those they named."""
    codes = [record.code for record in records]
    for kept in GroupBooking.objects.filter(_answered(codes)).select_for_update():
        for name in ANSWERED:
            kept.answer[name] = [code for code in kept.answer[name] if code not in codes]
        kept.save(update_fields=["answer"])


ANSWERED = ("not_for", "unknown")


def _answered(codes):
    return Q(
        *[(f"answer__{name}__contains", [code]) for name in ANSWERED for code in codes],
        _connector=Q.OR,
    )


@contextmanager
def _counts_kept():
    """Have the trigger leave an event's counts as they are: who came stays counted (migration 0002_seat_counts)."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL portal.keep_seat_counts = 'on'")
        yield
        cursor.execute("SET LOCAL portal.keep_seat_counts = ''")


def old_names(before):
    """Return what units were answered about those they named before a moment."""
    return GroupBooking.objects.filter(at__lt=before)


def old_bookings(before):
    """Return bookings of events that ended before a moment."""
    return Booking.objects.filter(event__ends_at__lt=before)


def keep_totals(rows):
    """Delete bookings; their events keep how many had a seat, waited, and came.

    The seats are kept by the trigger, which is told that these go for good.
    """
    came = (
        rows.exclude(checked_in_at=None)
        .order_by("event")
        .values_list("event")
        .annotate(n=Count("pk"))
    )
    drop_photos_of(rows, timezone.now())
    for event, count in came:
        Event.objects.filter(pk=event).update(attended_kept=F("attended_kept") + count)
    with _counts_kept():
        rows.delete()


def old_invitations(before):
    """Return invitations to events that ended before a moment."""
    return Invitation.objects.filter(event__ends_at__lt=before)


def drop_invitations(rows):
    """Delete invitations: nothing is counted by them."""
    rows.delete()


def old_feedback(before):
    """Return answers on events that ended before a moment and still have words."""
    words = Q(helped__isnull=False) | Q(change__isnull=False)
    return Feedback.objects.filter(words, event__ends_at__lt=before)


def drop_words(rows):
    """Leave the scores alone of answers."""
    rows.update(helped=None, change=None)


def old_certificates(before):
    """Return certificates that were issued before a moment, less those a newer one names."""
    newer = Certificate.objects.filter(issued_at__gte=before).exclude(replaces=None)
    return Certificate.objects.filter(issued_at__lt=before).exclude(pk__in=newer.values("replaces"))


def drop_certificates(rows):
    """Delete certificates: after ten years nobody can check them any more."""
    keys = list(rows.values_list("pk", flat=True))
    Certificate.objects.filter(replaces__in=keys).update(replaces=None)
    Certificate.objects.filter(pk__in=keys).delete()


def old_photos(before):
    """Return photos with people in them of events that ended before a moment."""
    return Photo.objects.filter(event__ends_at__lt=before, nobody=False)


def drop_photos(rows):
    """Delete photos with their files."""
    rows.delete()


def old_versions(before):
    """Return versions of materials that were replaced before a moment."""
    return MaterialFile.objects.filter(replaced_at__lt=before)


def old_materials(before):
    """Return materials that were taken down before a moment."""
    return Material.objects.filter(withdrawn_at__lt=before)
