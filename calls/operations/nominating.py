"""Somebody is brought forward by her unit or by a person; she agrees or declines. Nothing is handed in by it."""

from django.db import connection, transaction
from django.db.models import Q

from accounts import phones
from accounts.models import User
from calls import letters, nominating_rules
from calls.locking import share_call
from calls.models import (
    Application,
    ApplicationState,
    Nomination,
    NominationAnswer,
    NominationSource,
)
from calls.operations.applying import start_application
from kernel.text import fold
from partners import answers
from privacy import audit
from talents.models import SharedRecord, Talent
from talents.standing import why_not_take_part

NOMINATE_SCOPE = "calls:nominate"

TURN = 0x6E6F6D  # pg_advisory_xact_lock: "nom"


def _lock_turn(call, nominator):
    """Let one nominator write one nomination after the other, so that the cap counts all of them."""
    with connection.cursor() as cursor:
        key = [TURN, (call.pk * 7919 + nominator.pk) % 2**31]
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", key)


@transaction.atomic
def nominate(*, call, full_name, phone, reason, unit=None, by, now):
    """Bring somebody forward by her name and mobile number: for a `unit` by its contact, without one in `by`'s own name.

    Where a record of that name and proved number is there (of the unit's own people, for a unit), she is told; whoever
    nominates is told the same either way. The same person again is the nomination that stands; her number under another
    name is refused. Raises Refused, Invalid, Conflict; returns the Nomination.
    """
    full_name, reason = " ".join(full_name.split()), reason.strip()
    if unit and (error := nominating_rules.why_not_for_unit(unit, by)):
        raise error
    call = share_call(call.pk)
    if error := nominating_rules.why_not_nominate(call, unit, full_name, phone, reason, by, now):
        raise error
    number = phones.normalise(phone)
    row = Nomination(
        call=call,
        unit=unit,
        nominator=by,
        full_name=full_name,
        phone=number,
        reason=reason,
        talent=_found(full_name, number, unit),
        made_at=now,
    )
    _lock_turn(call, unit or by)
    if standing := _standing(row):
        if error := nominating_rules.why_not_again(standing, full_name, row.talent):
            raise error
        return standing
    return _written(row, by, now)


@transaction.atomic
def nominate_people(*, call, unit, people, key, now):
    """Bring a unit's people forward for its program, whose key stands for the unit: {record code: grounds}.

    Only people the unit reads now (talents.sharing) and who may take part; the others come back as `unknown`, whether
    there is such a record or not. Each as `nominate` does for a contact: once, told, hers to decide. The same `key` with
    the same table is answered as the first time. All are written or none.
    Raises Refused, Invalid, Conflict. Returns {asked, unknown: [codes]}.
    """

    def carry_out():
        found = _readable(unit, people)
        shared = share_call(call.pk)
        if error := nominating_rules.why_not_nominate_here(shared, NominationSource.UNIT, now):
            raise error
        _lock_turn(shared, unit)
        for talent in found:
            _bring(shared, unit, talent, people[talent.code].strip(), now)
        known = {talent.code for talent in found}
        return {"asked": len(found), "unknown": sorted(people.keys() - known)}

    said = {"call": call.code, "people": people}
    return answers.once(
        unit_id=unit.pk, scope=NOMINATE_SCOPE, key=key, said=said, now=now, carry_out=carry_out
    )


def _readable(unit, codes):
    """Return the records the unit reads of these codes, locked before the call: none of them is erased meanwhile."""
    readable = SharedRecord.objects.readable_by(unit.pk).filter(code__in=codes)
    rows = Talent.objects.filter(pk__in=readable.values("talent")).select_related("user")
    locked = list(rows.locked().order_by("pk"))
    still = set(readable.values_list("talent", flat=True))  # one may have stopped sharing meanwhile
    return [one for one in locked if one.pk in still and one.user and not why_not_take_part(one)]


def _bring(call, unit, talent, reason, now):
    """Return that a unit brings forward one it reads, newly or as it stands. Her number is not written down: it knows none."""
    if error := nominating_rules.why_not_reason(reason):
        raise error
    meant = Q(talent=talent) | Q(talent=None, phone_index=talent.user.phone_index)
    rows = Nomination.objects.standing().by_unit(unit.pk).filter(meant, call=call)
    if found := next((one for one in rows if nominating_rules.is_about(one, talent)), None):
        return found
    about = {"call": call, "unit": unit, "talent": talent, "full_name": talent.full_name}
    return _written(Nomination(reason=reason, made_at=now, **about), None, now)


def _standing(row):
    """Return what this nominator has written of this person and not taken back, or None."""
    row.phone_index = row._meta.get_field("phone_index").pre_save(row, True)
    rows, same = Nomination.objects.standing().filter(call=row.call), Q(phone_index=row.phone_index)
    if row.unit_id is None:
        return rows.by_person(row.nominator).filter(same).first()
    if row.talent:
        same |= Q(talent=row.talent)
    return rows.by_unit(row.unit_id).filter(same).first()


def _found(full_name, number, unit):
    """Return the record of this name whose woman has proved this number, None where there is none."""
    user = User.objects.get_by_phone(number)
    if user is None or not user.phone_verified:
        return None
    rows = Talent.objects.active().filter(user=user)
    if unit:
        rows = rows.filter(unit=unit)
    return next((t for t in rows if fold(t.full_name) == fold(full_name)), None)


def _written(row, by, now):
    if error := nominating_rules.why_not_more(row.call, row.unit, by):
        raise error
    row.save()
    audit.record("calls.nominate", row, by=by, at=now, unit=row.unit_id)
    letters.nominated(row, now)
    return row


@transaction.atomic
def take_nomination_back(*, nomination, by, now):
    """Take back that somebody was brought forward; she is told. Taking back twice does nothing twice.

    What she handed in stays hers. Raises Refused; returns the Nomination.
    """
    if error := nominating_rules.why_not_take_back(nomination, by):
        raise error
    nomination = _locked(nomination)
    if not nomination.stands:
        return nomination
    nomination.taken_back_at = now
    nomination.save(update_fields=["taken_back_at"])
    audit.record("calls.take_nomination_back", nomination, by=by, at=now)
    letters.nomination_taken_back(nomination, now)
    return nomination


def _locked(nomination):
    """Return the nomination as it stands, its call shared and itself locked."""
    share_call(nomination.call_id)
    rows = Nomination.objects.select_related("call", "unit", "nominator", "talent__user")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=nomination.pk)


@transaction.atomic
def agree_to_nomination(*, nomination, talent, by, now):
    """She agrees and her application begins, or the one she has goes on with it. Twice is once; a no may become a yes.

    Raises Refused, Conflict; returns the Application.
    """
    if error := nominating_rules.why_not_answer(nomination, talent, by):
        raise error
    nomination = _locked(nomination)
    if error := nominating_rules.why_not_answer(nomination, talent, by):
        raise error
    if nomination.answer == NominationAnswer.AGREED and nomination.application_id:
        return nomination.application
    if error := nominating_rules.why_not_agree(nomination, talent, now):
        raise error
    nomination.talent, nomination.answered_at = talent, now
    nomination.answer = NominationAnswer.AGREED
    nomination.save(update_fields=["talent", "answer", "answered_at"])
    application = start_application(call=nomination.call, talent=talent, by=by, now=now)
    nomination.application = application
    nomination.save(update_fields=["application"])
    if application.state == ApplicationState.DRAFT and application.source != nomination.source:
        Application.objects.filter(pk=application.pk).update(source=nomination.source)
        application.source = nomination.source
    audit.record("calls.agree_to_nomination", nomination, by=by, at=now)
    return application


@transaction.atomic
def decline_nomination(*, nomination, talent, by, now):
    """She does not want to be brought forward; nobody is told. Twice is once. Returns the Nomination."""
    if error := nominating_rules.why_not_answer(nomination, talent, by):
        raise error
    nomination = _locked(nomination)
    if error := nominating_rules.why_not_answer(nomination, talent, by):
        raise error
    if nomination.answer == NominationAnswer.DECLINED:
        return nomination
    if error := nominating_rules.why_not_decline(nomination):
        raise error
    nomination.talent, nomination.answered_at = talent, now
    nomination.answer = NominationAnswer.DECLINED
    nomination.save(update_fields=["talent", "answer", "answered_at"])
    audit.record("calls.decline_nomination", nomination, by=by, at=now)
    return nomination
