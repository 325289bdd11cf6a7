"""The agenda: written as a whole, and who speaks is told."""

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from events import agenda, letters, rules
from events.models import Session, Speaker
from events.operations.locking import lock_event
from kernel.errors import Conflict
from privacy import audit


@transaction.atomic
def set_agenda(*, event, text, by, now, seen=None):
    """Make the agenda what `text` says, a line for each session (events.agenda).

    A session that keeps its time and room, or its title, stays the same row, so that what hangs on it stays.
    Women of the database who are named, whose part changes, or who are taken off are told, once each, where the
    event is on. `seen` is the digest of the agenda the writer began with. Raises Refused, Conflict for a cancelled
    event or an agenda somebody else has changed since, what agenda.parse raises: then nothing is changed. Returns
    the Event.
    """
    event = lock_event(event, rules.why_not_manage, by, "events.change_event")
    if error := rules.why_not_edit(event):
        raise error
    if seen and seen != agenda.digest(agenda.written(event)):
        sentence = _("您打开之后，议程已由他人改过。请重新打开这一页，在新的议程上修改。")
        raise Conflict("agenda_changed", sentence)
    before = _parts(event)
    planned = agenda.parse(text, event)
    changed = _write(event, planned)
    if not changed:
        return event
    event.updated_at = now
    event.save(update_fields=["updated_at"])
    audit.record("events.set_agenda", event, by=by, at=now, sessions=len(planned))
    _tell(event, before, _parts(event), now)
    return event


@transaction.atomic
def leave_session(*, speaker, by, now):
    """Take her own name off a session (`speaker`: her row of it); the organiser is told to mend the agenda.

    Staff put her back, whom she asks. Doing it twice does nothing twice. Raises what rules.why_not_leave_session
    returns.
    """
    event = lock_event(speaker.event, rules.why_not_speak_for, speaker.talent, by)
    row = Speaker.objects.filter(pk=speaker.pk, talent=speaker.talent).select_related("session")
    speaker = row.first()
    if speaker is None:
        return
    if error := rules.why_not_leave_session(speaker, now):
        raise error
    session = speaker.session
    speaker.delete()
    event.updated_at = now
    event.save(update_fields=["updated_at"])
    audit.record("events.leave_session", event, by=by, at=now, session=session.pk)
    if event.is_published:
        letters.send([letters.speaker_left(session, event, now)], now)


def shift_agenda(event, delta):
    """Move all sessions by a timedelta; called with the event's lock held when the event moves as a whole."""
    if delta:
        event.sessions.update(starts_at=F("starts_at") + delta, ends_at=F("ends_at") + delta)


# --- writing ---------------------------------------------------------------------------------------
def _write(event, planned):
    """Bring the rows to what is planned; tell whether anything differed."""
    stored = list(event.sessions.prefetch_related("speakers"))
    pairs = _matched(stored, planned)
    gone = [row for row in stored if row not in [old for old, _new in pairs if old]]
    changed = bool(gone)
    Session.objects.filter(pk__in=[row.pk for row in gone]).delete()
    for old, new in pairs:
        changed |= _write_session(event, old, new)
    return changed


def _matched(stored, planned):
    """Return (row or None, Planned) pairs: by time and room, of the rest by title."""
    found, left = {}, list(stored)
    for key in (_place, lambda session: session.title):
        for number, plan in enumerate(planned):
            row = next((row for row in left if key(row) == key(plan)), None)
            if number not in found and row:
                found[number] = row
                left.remove(row)
    return [(found.get(number), plan) for number, plan in enumerate(planned)]


def _place(session):
    return (session.starts_at, session.ends_at, session.room)


def _write_session(event, row, plan):
    facts = {name: getattr(plan, name) for name in ("title", "room", "starts_at", "ends_at")}
    differs = row is None or any(getattr(row, name) != value for name, value in facts.items())
    if row is None:
        row = Session(event=event)
    if differs:
        for name, value in facts.items():
            setattr(row, name, value)
        row.save()
    return _write_speakers(row, plan.speakers) or differs


def _write_speakers(session, named):
    """Bring a session's speakers to `named`; rows without a name, of women who were erased, stay counted."""
    stored = {(row.talent_id, row.guest_name, row.unit): row for row in session.speakers.named()}
    wanted = {one.key: one for one in named}
    gone = [row.pk for key, row in stored.items() if key not in wanted]
    session.speakers.filter(pk__in=gone).delete()
    changed = bool(gone)
    for order, (key, one) in enumerate(wanted.items()):
        row = stored.get(key) or Speaker(session=session)
        values = {
            name: getattr(one, name) for name in ("talent", "guest_name", "unit", "position", "sex")
        }
        values["order"] = order
        if row.pk is None or any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            row.save()
            changed = True
    return changed


# --- telling ---------------------------------------------------------------------------------------
def _parts(event):
    """Return {talent: the facts of the sessions she speaks in} of the event as it is stored."""
    speakers = Speaker.objects.filter(session__event=event).exclude(talent=None)
    parts = {}
    for speaker in speakers.select_related("session", "talent__user").order_by(
        "session__starts_at", "session__room"
    ):
        session = speaker.session
        facts = (session.title, session.room, session.starts_at, session.ends_at)
        parts.setdefault(speaker.talent, []).append(facts)
    return parts


def _tell(event, before, after, now):
    if not event.is_published or event.is_over(now):
        return
    outgoing = [
        letters.not_speaking(talent, event, now) for talent in before if talent not in after
    ]
    for talent, parts in after.items():
        if before.get(talent) != parts:
            outgoing.append(letters.speaking(talent, event, parts, now, again=talent in before))
    letters.send(outgoing, now)


def tell_speakers(event, now, *, again=False):
    """Tell who speaks at an event that was published, or moved (`again`)."""
    outgoing = [
        letters.speaking(talent, event, parts, now, again=again)
        for talent, parts in _parts(event).items()
    ]
    letters.send(outgoing, now)


def tell_speakers_off(event, now, *, but):
    """Tell who was to speak that the event is off; `but` are the ids of talents who are told as they had booked."""
    parts = {talent: parts for talent, parts in _parts(event).items() if talent.pk not in but}
    letters.send([letters.speaking_cancelled(talent, event, now) for talent in parts], now)
