"""A unit's contact names colleagues for an event: each is asked, and confirms herself.

What the unit is told says nothing of her own bookings: who has one already, who has declined before and who is newly
asked are counted alike.
"""

import hashlib
import json

from django.db import transaction
from django.utils.translation import gettext as _

from events import letters, rules, seat_counts
from events.models import BookingState, GroupBooking
from events.operations import no_show
from events.operations.inviting import find_talents
from events.operations.kept_seats import KeptSeats
from events.operations.locking import lock_event
from events.operations.seats import fill_seats, next_place
from kernel.errors import Invalid
from kernel.words import listed
from privacy import audit
from talents.models import SharedRecord, Talent
from talents.standing import why_not_take_part


@transaction.atomic
def name_people(*, unit_id, event, codes, key, now):
    """Ask the unit's people of these record codes whether they come; the partner's key stands for the unit.

    A seat that is free is kept for her until she answers; where none is, she is told that she can wait, and who may
    book later only (rules.why_not_yet) that she is proposed. Only people the unit reads are asked, each once for an
    event. The same `key` (≤ 64 characters) with the same codes does nothing twice. Raises what rules.why_not_group
    returns, Invalid("idempotency_key_reused"). Returns {asked, not_for: [codes], unknown: [codes]}.
    """
    if error := rules.why_not_group(event, now):
        raise error
    people = _locked_people(unit_id, codes)
    event = lock_event(event, rules.why_not_manage, None, "events.change_event")
    if error := rules.why_not_group(event, now):
        raise error
    digest = hashlib.sha256(json.dumps([event.pk, sorted(codes)]).encode()).hexdigest()
    kept, new = GroupBooking.objects.get_or_create(
        unit_id=unit_id, key=key, defaults={"event": event, "digest": digest, "at": now}
    )
    if kept.digest != digest:
        sentence = _("这个 Idempotency-Key 已用于另一张表，请换一个新的值。")
        raise Invalid("idempotency_key_reused", sentence)
    if new:
        kept.answer = _ask(event, people, unit_id, codes, now)
        kept.save(update_fields=["answer"])
    return kept.answer


@transaction.atomic
def name_for_unit(*, event, unit, codes, by, now):
    """Ask a unit's people whether they come, for its contact who wrote to the organiser: what `name_people` does, by staff.

    `codes` are record codes as typed (find_talents). The unit need not read their records: it named them itself.
    Raises what rules.why_not_name_for_unit returns, Invalid for codes of nobody or of another unit's people.
    Returns {asked, not_for: [codes], unknown: [], no_account: [codes] who cannot answer}.
    """
    if error := rules.why_not_name_for_unit(event, by, now):
        raise error
    people = _locked_of(unit, codes)
    event = lock_event(event, rules.why_not_name_for_unit, by, now)
    answer = _ask(event, people, unit.pk, [talent.code for talent in people], now, by)
    answer["no_account"] = [
        talent.code
        for talent in people
        if talent.user is None and talent.code not in answer["not_for"]
    ]
    answer["asked"] -= len(answer["no_account"])
    return answer


def _locked_of(unit, codes):
    """Return the records of these codes, locked as `_locked_people` does. Raises Invalid where one is not of the unit."""
    found = Talent.objects.filter(pk__in=[talent.pk for talent in find_talents(codes)])
    people = list(found.select_related("user").locked().order_by("pk"))
    if others := [talent.code for talent in people if talent.unit_id != unit.pk]:
        sentence = _("这些人才编号不是该单位的人，请核对：%(codes)s。")
        raise Invalid("not_of_unit", sentence % {"codes": listed(others[:10])}, field="codes")
    return people


def _locked_people(unit_id, codes):
    """Return the records the unit reads of these codes, locked before the event and by number, as all do who lock both."""
    readable = SharedRecord.objects.readable_by(unit_id).filter(code__in=codes)
    people = Talent.objects.filter(pk__in=readable.values("talent")).select_related("user")
    locked = list(people.locked().order_by("pk"))
    still = set(readable.values_list("talent", flat=True))  # one may have stopped sharing meanwhile
    return [talent for talent in locked if talent.pk in still]


def _ask(event, people, unit_id, codes, now, by=None):
    found = {talent.code: talent for talent in people if why_not_take_part(talent) is None}
    known = set(event.bookings.filter(talent__in=people).values_list("talent", flat=True))
    answer = {"asked": 0, "not_for": [], "unknown": sorted(set(codes) - found.keys())}
    for code in dict.fromkeys(codes):
        talent = found.get(code)
        if talent is None:
            continue
        if rules.why_not_eligible(event, talent):
            answer["not_for"].append(code)
            continue
        answer["asked"] += 1
        if talent.pk not in known and talent.user:
            _ask_her(event, talent, unit_id, now, by)
    return answer


def _ask_her(event, talent, unit_id, now, by):
    """Keep a seat for her while one is free that nobody waits for and no rule holds her back; tell her either way."""
    if rules.why_not_yet(event, no_show.holds_of(talent), now):
        _tell_alone(letters.named_for_later(talent, event), talent, event, unit_id, now, by)
        return
    booking = next_place(event, talent, None, now)
    booking.state = BookingState.OFFERED
    booking.offer_ends_at = event.offer_end(now, event.offer_hours or rules.GROUP_HOURS)
    booking.named_by_id = unit_id
    if not _has_seat(event, booking, now):
        event.last_place -= 1
        _tell_alone(letters.named_for_full(talent, event), talent, event, unit_id, now, by)
        return
    booking.save()
    event.refresh_from_db(fields=["seats_taken", "kept"])
    seat_counts.moved()
    audit.record("events.name_people", booking, by=by, at=now, unit=unit_id)
    letters.send(
        [letters.named(booking, event), *letters.offer_reminders(booking, event, now)], now
    )


def _tell_alone(letter, talent, event, unit_id, now, by):
    """Tell her without a seat, and have it on record; asked again she is told nothing, and nothing is recorded."""
    if letters.send([letter], now):
        audit.record("events.propose", talent, by=by, at=now, unit=unit_id, event=event.pk)


def _has_seat(event, booking, now):
    if not event.kept:
        return not event.is_full
    fill_seats(event, None, now)
    return KeptSeats(event).seat(booking)
