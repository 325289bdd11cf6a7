"""What people are told about their bookings; queued by events.operations in the same transaction."""

from datetime import timedelta

from django.urls import reverse
from django.utils import translation

from notices import operations as notices
from notices.operations import Letter

REMINDERS = {
    "event.reminder_day": timedelta(days=1),
    "event.reminder_hour": timedelta(hours=1),
}


def _link(name, *args):
    """Return an address in Chinese form; the pages switch language by the reader's own choice."""
    with translation.override("zh-hans"):
        return reverse(name, args=args)


def _title(event):
    """Return what an SMS may call the event: of a sensitive topic it says nothing on a lock screen."""
    return "您预约的活动" if event.sensitive_topic else event.title


def _facts(event, *names):
    facts = {"title": _title(event), "when": event.starts_at.isoformat(), "venue": event.venue}
    return {name: facts[name] for name in names}


def booked(booking, event):
    """Return the letter that confirms a seat."""
    return Letter(
        "event.booked",
        booking.talent.user,
        booking,
        _facts(event, "title", "when", "venue"),
        link=_link("my_bookings"),
    )


def waitlisted(booking, event, rank):
    """Return the letter that confirms a place in the queue."""
    context = {"title": _title(event), "place": rank}
    return Letter(
        "event.waitlisted", booking.talent.user, booking, context, link=_link("my_bookings")
    )


def promoted(booking, event):
    """Return the letter that says a seat came free for her."""
    return Letter(
        "event.promoted",
        booking.talent.user,
        booking,
        _facts(event, "title", "when", "venue"),
        link=_link("my_bookings"),
    )


def cancelled(booking, event):
    """Return the letter that says the event is off."""
    context = _facts(event, "title", "when") | {"reason": event.cancel_reason}
    return Letter(
        "event.cancelled", booking.talent.user, booking, context, link=_link("event", event.code)
    )


def changed(booking, event):
    """Return the letter that says time or place changed; once for each change."""
    return Letter(
        "event.changed",
        booking.talent.user,
        f"{booking.pk}:{event.schedule_version}",
        _facts(event, "title", "when", "venue"),
        link=_link("event", event.code),
    )


def _reminder_key(booking, event):
    return f"{booking.pk}:{event.schedule_version}"


def reminders(booking, event, now):
    """Return her reminders, less those whose moment is past."""
    letters = []
    for kind, before in REMINDERS.items():
        due = event.starts_at - before
        if due > now:
            names = (
                ("title", "when", "venue") if kind == "event.reminder_day" else ("title", "venue")
            )
            letters.append(
                Letter(
                    kind,
                    booking.talent.user,
                    _reminder_key(booking, event),
                    _facts(event, *names),
                    due_at=due,
                    link=_link("my_bookings"),
                )
            )
    return letters


def withdraw_reminders(bookings, event, now):
    """Take back the reminders of `bookings` that are not out yet, as keyed before any change."""
    notices.withdraw_all(
        to=[booking.talent.user_id for booking in bookings if booking.talent.user_id],
        kinds=list(REMINDERS),
        keys=[_reminder_key(booking, event) for booking in bookings],
        at=now,
    )


def send(letters, now, *, new=False):
    """Queue `letters`; people a unit reported, without an account yet, get none."""
    notices.queue_all([letter for letter in letters if letter.to], at=now, new=new)
