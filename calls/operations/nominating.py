"""Somebody is brought forward by her unit or by a person; she agrees or declines. Nothing is handed in by it."""

from django.db import connection, transaction

from accounts import phones
from accounts.models import User
from calls import letters, nominating_rules
from calls.locking import share_call
from calls.models import Application, ApplicationState, Nomination, NominationAnswer
from calls.operations.applying import start_application
from kernel.text import fold
from privacy import audit
from talents.models import Talent

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
    nominates is told the same either way. The same person again is the nomination that stands. Raises Refused, Invalid,
    Conflict; returns the Nomination.
    """
    full_name, reason = " ".join(full_name.split()), reason.strip()
    if unit and (error := nominating_rules.why_not_for_unit(unit, by)):
        raise error
    call = share_call(call.pk)
    if error := nominating_rules.why_not_nominate(call, unit, full_name, phone, reason, by, now):
        raise error
    _lock_turn(call, unit or by)
    number = phones.normalise(phone)
    row = Nomination(
        call=call,
        unit=unit,
        nominator=by,
        full_name=full_name,
        phone=number,
        reason=reason,
        made_at=now,
    )
    row.phone_index = row._meta.get_field("phone_index").pre_save(row, True)
    if standing := _standing(row):
        return standing
    if error := nominating_rules.why_not_more(call, unit, by):
        raise error
    row.talent = _found(full_name, number, unit)
    return _written(row, by, now)


def _standing(row):
    """Return what this nominator has written of this person and not taken back, or None."""
    rows = Nomination.objects.standing().filter(call=row.call, phone_index=row.phone_index)
    rows = rows.by_unit(row.unit_id) if row.unit_id else rows.by_person(row.nominator)
    return rows.first()


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
