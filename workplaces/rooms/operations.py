"""Rooms are applied for, corrected, visited, taken off and taken up again; women say what they found.

`by` is a User or None (the system), `now` an aware datetime. A room is locked before it, its visits or its reports change.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kernel import reasons, rights, uploads
from kernel.errors import Conflict, Invalid, raise_if
from kernel.personal_numbers import why_not_in_words
from places import operations as places
from privacy import audit, pieces
from workplaces.rooms import letters, rules
from workplaces.rooms.models import Room, RoomReport, RoomState, RoomVisit

ROOM_FIELDS = ("name_en", "is_public", "who_may")
PLACE_FIELDS = (
    "name",
    "address",
    "latitude",
    "longitude",
    "phone",
    "step_free",
    "has_lift",
    "access_words",
    "weekly",
    "closed_on_holidays",
)
NEEDED = ("name", "address", "phone")


def locked(room):
    """Return a room as it stands now, locked."""
    rows = Room.objects.select_related("place__unit", "unit")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=room.pk)


# --- what its unit says of it ------------------------------------------------------------------------
@transaction.atomic
def save_room(*, room=None, unit=None, values, by, now):
    """Apply for a room (`room=None`, for a unit) or correct one; returns the Room.

    `values` are of ROOM_FIELDS and PLACE_FIELDS. A new address calls a visit. Raises Refused, Invalid, Conflict.
    """
    is_new = room is None
    raise_if(rules.why_not_keep(unit if is_new else room.unit, by))
    room = Room(unit=unit, applied_at=now) if is_new else locked(room)
    _complete(values, None if is_new else room.place)
    raise_if(why_not_in_words(values.get("who_may"), "who_may"))
    of_place = {name: values[name] for name in PLACE_FIELDS if name in values}
    address = None if is_new else room.place.address
    room.place = places.save_place(
        place=None if is_new else room.place, unit=room.unit, by=by, now=now, **of_place
    )
    changed = [n for n in ROOM_FIELDS if n in values and getattr(room, n) != values[n]]
    for name in changed:
        setattr(room, name, values[name])
    if address not in (None, room.place.address) and room.state == RoomState.LISTED:
        room.moved_on = timezone.localdate(now)
        changed.append("moved_on")
    if is_new or changed:
        room.save()
        verb = "workplaces.add_room" if is_new else "workplaces.edit_room"
        audit.record(verb, room, by=by, at=now, **({} if is_new else {"fields": changed}))
    return room


def _complete(values, place):
    for name in NEEDED:
        if not values.get(name, getattr(place, name, "")):
            raise Invalid("room_incomplete", _("请填写这一项。"), field=name)
    if not any(values.get("weekly", getattr(place, "weekly", ()))):
        sentence = _("请写明每周哪几天、几点到几点开放。")
        raise Invalid("room_never_open", sentence, field="weekly")


@transaction.atomic
def withdraw_room(*, room, reason, by, now):
    """Take a room off the pages: given up, or closed for long; returns it. Raises Refused, Invalid, Conflict."""
    raise_if(rules.why_not_keep(room.unit, by))
    reason = reasons.clean(reason, _("请写明为什么撤下，读者不会看到。"))
    room = locked(room)
    raise_if(rules.why_not_withdraw(room, by))
    room.state, room.reason = RoomState.WITHDRAWN, reason
    room.save(update_fields=["state", "reason"])
    audit.record("workplaces.withdraw_room", room, by=by, at=now, reason=reason)
    return room


@transaction.atomic
def take_up_room(*, room, by, now):
    """Ask for a room again that was taken off or not passed; one still within its year is shown at once; returns it.

    Raises Refused, Conflict.
    """
    raise_if(rules.why_not_keep(room.unit, by))
    room = locked(room)
    raise_if(rules.why_not_take_up(room, by))
    is_valid = room.state == RoomState.WITHDRAWN and room.tier_on(timezone.localdate(now))
    room.state, room.reason = RoomState.LISTED if is_valid else RoomState.APPLIED, ""
    if not is_valid:
        room.applied_at = now
    room.save(update_fields=["state", "reason", "applied_at"])
    audit.record("workplaces.take_up_room", room, by=by, at=now)
    return room


# --- visits ------------------------------------------------------------------------------------------
def visit_room(*, room, visited_on, met, note="", photos=(), by, now):
    """Note what a visit found: the tier follows from it, open reports are answered, the unit is told.

    `met` are codes of RoomCriterion, `photos` [(name, bytes)]. Raises Refused, Invalid, Conflict. Returns the RoomVisit.
    """
    raise_if(rules.why_not_visit(room, by))
    made = {"visited_on": visited_on, "met": met, "note": note, "by": by, "now": now}
    return _visited(room, made, _pictures(photos), rules.why_not_visit)


def correct_visit(*, visit, visited_on, met, note="", photos=(), reason, by, now):
    """Put another visit in the place of the latest of a room, which was entered wrong; returns the new RoomVisit.

    The wrong one stays on record, with the reason. Raises Refused, Invalid, Conflict.
    """
    raise_if(rules.why_not_correct(visit, by))
    reason = reasons.clean(reason, _("请写明哪里登记错了。"))
    made = {"visited_on": visited_on, "met": met, "note": note, "by": by, "now": now}
    return _visited(visit.room, made, _pictures(photos), rules.why_not_visit, visit, reason)


def _pictures(photos):
    """Return [(name, bytes of a picture made anew)], before anything is locked: a large one takes seconds."""
    raise_if(rules.why_not_photos(photos))
    return [(name, uploads.plain_picture(data, field="photos")) for name, data in photos]


@transaction.atomic
def _visited(room, made, pictures, why_not, wrong=None, reason=""):
    by, now, day = made["by"], made["now"], made["visited_on"]
    room = locked(room)
    raise_if(rules.why_not_correct(wrong, by) if wrong else why_not(room, by))
    raise_if(
        rules.why_not_visit_day(room, day, now, wrong) or why_not_in_words(made["note"], "note")
    )
    answers = rules.answers_of(set(made["met"]), day)
    if not answers:
        raise Conflict("no_standard", _("这一天没有生效的条件，请先登记妈咪小屋的条件。"))
    visit = RoomVisit.objects.create(
        room=room,
        visited_on=day,
        answers=answers,
        tier=rules.tier_of(answers, day),
        note=" ".join(made["note"].split()),
        by=by,
        at=now,
        corrects=wrong,
        reason=reason,
    )
    for name, data in pictures:
        kind = "png" if data.startswith(b"\x89PNG") else "jpg"
        kept = visit.photos.create(file_name=name, kind=kind, size=len(data), added_at=now)
        pieces.keep(kept.pieces, data)
    _follow(room, visit)
    room.reports.filter(ended_at=None).update(ended_at=now, answered_by=visit)
    if by is not None:  # who looked is named
        places.verify_place(place=room.place, by=by, now=now)
    verb = "workplaces.correct_room_visit" if wrong else "workplaces.visit_room"
    audit.record(verb, room, by=by, at=now, **({"reason": reason} if wrong else {}))
    letters.visited(room, visit, now)
    return visit


def _follow(room, visit):
    """Let a room stand as its latest visit found it."""
    room.tier, room.checked_on, room.moved_on = visit.tier, visit.visited_on, None
    room.state = RoomState.LISTED if visit.tier else RoomState.REFUSED
    room.reason = visit.note
    room.save(update_fields=["tier", "checked_on", "moved_on", "state", "reason"])


# --- what women find ---------------------------------------------------------------------------------
@transaction.atomic
def report_room(*, room, kind, words="", by, now):
    """Note what a woman found at a room; the second who found it closed calls a visit. Returns the RoomReport.

    The log says that it came, not from whom. Raises Refused, Invalid, Conflict.
    """
    raise_if(rules.why_not_report(room, by) or why_not_in_words(words, "words"))
    room = locked(room)
    raise_if(rules.why_not_report(room, by))
    was_called = Room.objects.called().filter(pk=room.pk).exists()
    report = room.reports.create(by=by, kind=kind, words=" ".join(words.split()), at=now)
    audit.record("workplaces.report_room", room, by=None, at=now)
    if not was_called and Room.objects.called().filter(pk=room.pk).exists():
        letters.called(room, report, now)
    return report


@transaction.atomic
def take_back_report(*, report, by, now):
    """Take back what she said of a room; returns the RoomReport. Raises Refused, Conflict."""
    raise_if(rules.why_not_take_back(report, by))
    locked(report.room)
    report = RoomReport.objects.select_related("room").get(pk=report.pk)
    raise_if(rules.why_not_take_back(report, by))
    report.ended_at = now
    report.save(update_fields=["ended_at"])
    audit.record("workplaces.take_back_report", report.room, by=None, at=now)
    return report


@transaction.atomic
def read_photo(*, photo, by, now):
    """Return the bytes of a visit's photo (a picture); the log keeps that it was read. Raises Refused."""
    rights.require(by, "workplaces.view_room")
    audit.record("workplaces.read_room_photo", photo.visit.room, by=by, at=now)
    return pieces.read(photo.pieces)


def export_rooms(*, rows, by, now):
    """Return the Rooms of `rows`, to be written out; the log keeps how many. Raises Refused."""
    rights.require(by, "workplaces.view_room")
    found = list(rows.select_related("unit", "place", "tier").order_by("place__name"))
    if found:
        audit.record("workplaces.export_rooms", found[0], by=by, at=now, rows=len(found))
    return found
