"""What people are told about their bookings; queued by events.operations in the same transaction."""

from datetime import timedelta

from notices import operations as notices
from notices.operations import Letter, page_link

# kind: (how long before the start it is due, its placeholders)
REMINDERS = {
    "events.reminder_day": (timedelta(days=1), ("title", "when", "venue")),
    "events.reminder_hour": (timedelta(hours=1), ("title", "venue")),
}
# What an SMS may call an event of a sensitive topic: nothing on a lock screen gives it away.
UNNAMED = {"zh-hans": "您预约的活动", "en": "the event you booked"}


def _facts(event, *names):
    facts = {
        "title": UNNAMED if event.sensitive_topic else event.title,
        "when": event.starts_at.isoformat(),
        "venue": event.venue,
    }
    return {name: facts[name] for name in names}


def _of_schedule(booking, event):
    """Return the key of what is told once for each schedule of the event."""
    return f"{booking.pk}:{event.schedule_version}"


def booked(booking, event):
    """Return the letter that confirms a seat."""
    context = _facts(event, "title", "when", "venue")
    return _to_my_bookings("events.booked", booking, context)


def waitlisted(booking, event, rank):
    """Return the letter that confirms a place in the queue."""
    context = _facts(event, "title") | {"place": rank}
    return _to_my_bookings("events.waitlisted", booking, context)


def promoted(booking, event):
    """Return the letter that says a seat came free for her."""
    context = _facts(event, "title", "when", "venue")
    return _to_my_bookings("events.promoted", booking, context)


def _to_my_bookings(kind, booking, context):
    return Letter(kind, booking.talent.user, booking, context, link=page_link("my_bookings"))


def cancelled(booking, event):
    """Return the letter that says the event is off."""
    context = _facts(event, "title", "when") | {"reason": event.cancel_reason}
    link = page_link("event", event.code)
    return Letter("events.cancelled", booking.talent.user, booking, context, link=link)


def changed(booking, event):
    """Return the letter that says time or place changed; once for each change."""
    context, key = _facts(event, "title", "when", "venue"), _of_schedule(booking, event)
    link = page_link("event", event.code)
    return Letter("events.changed", booking.talent.user, key, context, link=link)


def reminders(booking, event, now):
    """Return her reminders, less those whose moment is past."""
    return [
        Letter(
            kind,
            booking.talent.user,
            _of_schedule(booking, event),
            _facts(event, *names),
            due_at=event.starts_at - before,
            link=page_link("my_bookings"),
        )
        for kind, (before, names) in REMINDERS.items()
        if event.starts_at - before > now
    ]


def withdraw_reminders(bookings, event, now):
    """Take back the reminders of `bookings` that are not out yet, as keyed before any change."""
    notices.withdraw_all(
        to=[booking.talent.user_id for booking in bookings if booking.talent.user_id],
        kinds=list(REMINDERS),
        keys=[_of_schedule(booking, event) for booking in bookings],
        at=now,
    )


def send(letters, now, *, new=False):
    """Queue `letters`; people a unit reported, without an account yet, get none."""
    notices.queue_all([letter for letter in letters if letter.to], at=now, new=new)
