"""On site: who has not booked, who waits at the door, seats of those who are late, she who checks herself in."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import limits
from events import letters, rules, screen_codes, seat_counts
from events.models import BookingState, Childcare, CodeWord, GivenSeat, Source, Way
from events.operations import attendance, door, passages, seats
from events.operations.locking import lock_event, lock_event_for
from events.operations.pools import open_these
from kernel import ids, text
from kernel.errors import Invalid, Refused
from privacy import audit
from privacy.limits import look_up
from talents.models import Talent

MOST_FOUND = 10
# What the log keeps as the reason why staff booked beside the rules: the door itself.
AT_THE_DOOR = "现场登记入场"
MOST_GUESSES, GUESS_SECONDS = 6, 10 * 60


def find_people(*, event, typed, by, now):
    """Return the Talents (10 at most) a record code or a whole name means, for whoever stands at the door.

    Each search is on record and their number in an hour is limited (privacy.limits). Raises Refused,
    Invalid("nobody_found").
    """
    if error := rules.why_not_see_names(event, by, passages.CHECK_IN):
        raise error
    code, name = ids.tidy(typed)[:20], text.plain(typed)[:60]

    def find():
        people = Talent.objects.active().select_related("unit").order_by("pk")
        found = list(people.filter(code=code)[:1]) or list(
            people.filter(full_name=name)[:MOST_FOUND]
        )
        return found, int(not found)

    found = look_up(find, by=by, now=now) if name else []
    if not found:
        sentence = _("没有找到这个人。请核对人才编号或完整姓名；没有入库的，请她先在手机上注册。")
        raise Invalid("nobody_found", sentence, field="who")
    return found


@transaction.atomic
def walk_in(*, event, talent, by, now):
    """Register a woman at the door who has not booked: she comes in while a seat is free and nobody waits before her.

    Else she waits on site, last in the queue. Who has booked is let in, or waits, as her booking says. Raises
    Refused, Conflict. Returns the Arrival, or her Booking where she waits.
    """
    event = lock_event_for(talent, event, rules.why_not_register, by)
    if error := rules.why_not_walk_in(event, talent, now):
        raise error
    _open_kept(event, by, now)
    booking = event.bookings.active().filter(talent=talent).first()
    if booking is None:
        booking = seats.book(event=event, talent=talent, by=by, now=now, exempt=AT_THE_DOOR)
        audit.record("events.walk_in", booking, by=by, at=now)
    return come_in(booking=booking, by=by, now=now)


def _open_kept(event, by, now):
    """Open the seats kept for some once whoever is on site may have them; the caller holds the event's lock."""
    if event.kept and not rules.kept_seats(event, now):
        open_these(event, list(event.pools.closed()), by, now)


@transaction.atomic
def come_in(*, booking, by, now):
    """Let one in who stands at the door: who has a seat comes in; who waits gets a free one, else is noted as here.

    Raises Refused, Conflict. Returns the Arrival, or the Booking where she waits.
    """
    booking, event = passages.locked(booking, by)
    if not booking.is_waitlisted:
        return door.check_in(booking=booking, by=by, now=now)
    error = rules.why_not_admit(booking, event, by, now)
    if error and error.code not in ("not_first", "no_free_seat"):
        raise error
    _note_here(booking, by, now)
    if error:
        return booking
    _open_kept(event, by, now)
    return _admit(booking, event, by, now)


def _note_here(booking, by, now, source=Source.DOOR):
    if not booking.passages.standing().filter(way=Way.HERE).exists():
        passages.note(booking, Way.HERE, by=by, now=now, source=source)
        audit.record("events.note_here", booking, by=by, at=now)


def _admit(booking, event, by, now):
    """Give one who waits on site a seat, and let her in; the caller holds the lock and has asked the rule."""
    booking.state, booking.promoted_at = BookingState.CONFIRMED, now
    booking.save(update_fields=["state", "promoted_at"])
    event.seats_taken += 1
    event.waiting -= 1
    seat_counts.moved()
    letters.overtake([booking], now)
    audit.record("events.promote", booking, by=by, at=now, place=booking.place)
    return door.let_in(booking, by, now, at=now)


@transaction.atomic
def give_late_seats(*, event, by, now):
    """Give free seats, then those of women who are late, to who waits on site, in the order of the queue.

    Seats kept for some are everybody's by then. Only as many as wait: who booked last gives first, and is told. Raises Refused, Conflict. Returns the Bookings
    that came in.
    """
    event = lock_event(event, rules.why_not_see_names, by, passages.CHECK_IN)
    if error := rules.why_not_give_late_seats(event, now):
        raise error
    open_these(event, list(event.pools.closed()), by, now)
    late = list(rules.late(event, now).exclude(talent__user=by and by.pk))
    came = []
    for booking in rules.waiting_here(event).exclude(talent__user=by and by.pk):
        booking.event = event
        if event.seats_free < 1:
            if not late:
                break
            _give(late.pop(0), booking, event, by, now)
        _admit(booking, event, by, now)
        came.append(booking)
    audit.record("events.give_late_seats", event, by=by, at=now, people=len(came))
    return came


def _give(late, booking, event, by, now):
    """Take the seat of one who is late, for `booking`."""
    late.event = event
    GivenSeat.objects.create(
        late=late, to=booking, given_at=now, given_by=by, childcare=late.childcare
    )
    seats.end_booking(late, BookingState.CANCELLED, now, by=by)
    letters.send([letters.seat_given(late, event)], now)


@transaction.atomic
def undo_late_seats(*, event, given_at, by, now):
    """Take back what one `give_late_seats` gave, named by its moment: the late have their seats, the others wait again.

    Until the day is over. Raises Refused, Conflict. Returns how many seats went back.
    """
    event = lock_event(event, rules.why_not_see_names, by, passages.CHECK_IN)
    if error := rules.why_not_undo_check_in(event, now):
        raise error
    given = GivenSeat.objects.filter(late__event=event, given_at=given_at, undone_at=None)
    rows = list(given.select_related("late__talent__user", "to__talent__user", "to__earned__rule"))
    back = [row for row in rows if _give_back(row, event, by, now)]
    if back:
        seat_counts.moved()
        audit.record("events.undo_late_seats", event, by=by, at=now, people=len(back))
    return len(back)


def _give_back(given, event, by, now):
    """Undo one given seat, unless she who was late has come in on another one since, or it was given on again."""
    late, to = given.late, given.to
    if not to.is_active or event.bookings.active().filter(talent=late.talent).exists():
        return False
    to.event = late.event = event
    if to.checked_in_at:
        attendance.take_arrival_back(to, BookingState.WAITLISTED, by, now)
    to.state = BookingState.WAITLISTED  # also where her check-in was taken back before
    to.promoted_at = to.pool = None
    to.save(update_fields=["state", "promoted_at", "pool"])
    late.state, late.ended_at = BookingState.CONFIRMED, None
    late.childcare = _childcare_left(given, event)
    late.save(update_fields=["state", "ended_at", "childcare"])
    given.undone_at = now
    given.save(update_fields=["undone_at"])
    letters.overtake([late], now)
    letters.send([letters.booked(late, event)], now)
    return True


def _childcare_left(given, event):
    """Return the childcare her seat had; her children wait where their places are gone."""
    event.refresh_from_db(fields=["childcare_taken"])
    fits = given.late.children <= event.childcare_left
    return Childcare.WAITING if given.childcare and not fits else given.childcare


# --- she herself -----------------------------------------------------------------------------------
@transaction.atomic
def check_in_herself(*, event, talent, typed, way, by, now):
    """Let her in (or out, `way`) by the digits on the screen on site, or by the word said at the event.

    Who waits is noted as here and keeps her place. At most six tries in ten minutes, whoever they are of.
    Raises Refused("too_many_guesses", not herself), Invalid("code_wrong"), Conflict with what she can do. Returns the
    Arrival, the Booking where she waits, or None where she left.
    """
    event = lock_event(event, rules.why_not_herself, talent, by)
    source = _recognised(event, talent, typed, way, now)
    booking = event.bookings.active().filter(talent=talent).first()
    if error := rules.why_not_check_in_herself(booking, event, now):
        raise error
    booking.event, booking.talent = event, talent
    if booking.is_waitlisted:
        _note_here(booking, by, now, source)
        return booking
    if way == Way.OUT:
        return _leave(booking, by, now, source)
    return door.let_in(booking, by, now, at=now, source=source)


def _recognised(event, talent, typed, way, now):
    """Return the Source of what she typed. Raises Refused, Invalid."""
    if not limits.within(f"self-check-in:{event.pk}:{talent.pk}", MOST_GUESSES, GUESS_SECONDS):
        sentence = _("尝试次数过多，请 10 分钟后再试，或到签到台办理。")
        raise Refused("too_many_guesses", sentence)
    typed = text.fold(typed)
    if screen_codes.fits(event, way, typed, now):
        return Source.SELF
    word = CodeWord.objects.filter(event=event).first()
    if word and typed and typed == text.fold(word.word):
        return Source.WORD
    sentence = _("数字或口令不对。屏幕上的数字半分钟一换，请看着屏幕重新扫码或输入。")
    raise Invalid("code_wrong", sentence, field="typed")


def _leave(booking, by, now, source):
    if error := rules.why_not_leave(booking, now):
        raise error
    if passages.is_inside(booking, now):
        passages.note(booking, Way.OUT, by=by, now=now, source=source)
        audit.record("events.check_out", booking, by=by, at=now)


@transaction.atomic
def set_code_word(*, event, word, by, now):
    """Set the word that is said at an event (2 to 20 characters), or take it away (""): the one before ends at once.

    Case and width do not count. Raises Refused, Invalid.
    """
    event = lock_event(event, rules.why_not_see_names, by, passages.CHECK_IN)
    word = text.plain(word)
    if not word:
        gone, _by_model = CodeWord.objects.filter(event=event).delete()
        if gone:
            audit.record("events.drop_code_word", event, by=by, at=now)
        return
    if error := rules.why_not_word(word):
        raise error
    said = {"word": word, "set_at": now, "set_by": by}
    CodeWord.objects.update_or_create(event=event, defaults=said)
    audit.record("events.set_code_word", event, by=by, at=now)
