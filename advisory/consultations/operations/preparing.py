"""A consultation is written, its meeting planned, its invitations opened, cancelled; what share of women is aimed at."""

from django.db import transaction
from django.utils.translation import gettext as _

from advisory.consultations import conflicts, letters, rules
from advisory.consultations.models import (
    ConflictState,
    Consultation,
    ConsultationState,
    InvitationState,
    ShareTarget,
)
from advisory.consultations.operations import seats
from advisory.consultations.operations.locking import locked
from events import operations as events
from kernel import reasons
from kernel.errors import raise_if
from kernel.words import in_both_languages
from privacy import audit
from talents.asking import operations as asking
from talents.asking.models import Answer

WRITTEN = (
    "kind",
    "mode",
    "title",
    "question",
    "places",
    "outside",
    "outside_women",
    "share_reason",
    "opinions_by",
    "disciplines",
    "industries",
    "details",
    "levels",
    "words",
)
MEASURE, MEETING = 1, "round_table"


@transaction.atomic
def save_consultation(*, consultation, values, by, now, department=None):
    """Write a consultation, or change it until it is held; `values` are names of WRITTEN and `units` (Units).

    `consultation` is None for a new one, of `department` (that of `by` unless the system writes it). While invitations
    are out, fewer places than are taken, and fewer women than the target asks for without a reason, are refused; who
    works for a unit that is added is looked at anew. Raises Refused, Conflict, Invalid. Returns the Consultation.
    """
    if consultation is None:
        department = by.department if by else department
        raise_if(rules.why_no_department(department))
        consultation = Consultation(department=department, created_at=now, created_by=by)
        raise_if(rules.why_not_run(consultation, by))
    else:
        raise_if(rules.why_not_run(consultation, by))
        consultation = locked(consultation)
        raise_if(
            rules.why_not_edit(consultation)
            or rules.why_not_fewer(consultation, values.get("places", consultation.places))
            or rules.why_not_mode(consultation, values.get("mode", consultation.mode))
        )
    verb = "advisory.change_consultation" if consultation.pk else "advisory.add_consultation"
    changed = [n for n in WRITTEN if n in values and getattr(consultation, n) != values[n]]
    for name in changed:
        setattr(consultation, name, values[name])
    raise_if(rules.why_not_values(consultation, now))
    if consultation.state != ConsultationState.DRAFT:
        raise_if(rules.why_not_below(consultation, now))
    if "opinions_by" in changed:
        consultation.reminded_at = None
    consultation.save()
    if {"places", "outside", "outside_women"} & set(changed):
        _make_room(consultation, by, now)
    if _set_units(consultation, values.get("units"), now):
        changed.append("units")
    if changed:
        audit.record(verb, consultation, by=by, at=now, fields=changed)
    return consultation


def _make_room(consultation, by, now):
    """Have a planned meeting hold as many as are to come: more seats before more guests, fewer guests before fewer seats."""
    event = consultation.event
    if event is None or event.is_cancelled:
        return
    seats_needed = consultation.places + consultation.outside
    about = {"event": event, "by": by, "now": now}
    if seats_needed > event.capacity:
        events.change_capacity(capacity=seats_needed, **about)
    men = consultation.outside - consultation.outside_women
    events.set_guests(women=consultation.outside_women, men=men, **about)
    events.change_capacity(capacity=seats_needed, **about)


def _set_units(consultation, units, now):
    """Say whose matter it is, and look anew at who was let in; returns whether that changed."""
    if units is None or set(units) == set(consultation.units.all()):
        return False
    consultation.units.set(units)
    rows = consultation.invitations.standing().select_related("talent")
    found = conflicts.found(consultation, [row.talent for row in rows])
    for row in rows:
        if row.found != found[row.talent_id]:
            look_at(row, found[row.talent_id])
            row.save(update_fields=["found", "conflict", "conflict_reason", "conflict_by"])
            if row.conflict == ConflictState.WAITS:
                row.consultation = consultation
                letters.conflicting(row, now)
    return True


def look_at(invitation, found):
    """Note in memory what was found of an invitation; what she or the portal says anew has to be looked at anew."""
    invitation.found = found
    invitation.conflict_reason, invitation.conflict_by = "", None
    if invitation.state == InvitationState.SENT:
        invitation.conflict = ConflictState.UNASKED
    elif invitation.declared or found:
        invitation.conflict = ConflictState.WAITS
    else:
        invitation.conflict = ConflictState.NONE


@transaction.atomic
def plan_meeting(*, consultation, fields, by, now):
    """Make the meeting an event that only the invited know of, with a seat for each place and one for each from outside.

    `fields` are those of events.operations.add_event: times, place, title. Where a meeting was cancelled, who has accepted
    gets a seat of the new one and is told by it. Raises Refused, Conflict, and what making an event raises. Returns the
    Event.
    """
    raise_if(rules.why_not_run(consultation, by))
    consultation = locked(consultation)
    raise_if(rules.why_not_plan(consultation))
    own = {
        "department": consultation.department,
        "kind": MEETING,
        "measure": MEASURE,
        "visibility": "invited",
        "capacity": consultation.places + consultation.outside,
        "summary": consultation.title,
    }
    event = events.add_event(fields=fields | own, by=by, now=now)
    if consultation.outside:
        men = consultation.outside - consultation.outside_women
        events.set_guests(event=event, women=consultation.outside_women, men=men, by=by, now=now)
    event = events.publish_event(event=event, by=by, now=now)
    consultation.event = event
    consultation.save(update_fields=["event"])
    audit.record("advisory.plan_meeting", consultation, by=by, at=now, event=event.pk)
    accepted = consultation.invitations.filter(state=InvitationState.ACCEPTED)
    for row in accepted.select_related("talent__user").order_by("talent_id"):
        row.consultation = consultation
        seats.take(row, now)
    return event


@transaction.atomic
def open_inviting(*, consultation, by, now, share_reason=""):
    """Have invitations go out from now on. `share_reason` says why fewer women are invited than the target asks for.

    Raises Refused, Conflict without a meeting, Invalid below the target without a reason. Returns the Consultation.
    """
    raise_if(rules.why_not_run(consultation, by))
    consultation = locked(consultation)
    if consultation.state == ConsultationState.INVITING:
        return consultation
    if share_reason:
        consultation.share_reason = reasons.clean(share_reason, _("请写明原因，至少四个字。"))
    raise_if(rules.why_not_open(consultation, now))
    consultation.state, consultation.opened_at = ConsultationState.INVITING, now
    consultation.save(update_fields=["state", "opened_at", "share_reason"])
    share = {"share": round(consultation.share), "reason": consultation.share_reason}
    audit.record("advisory.open_inviting", consultation, by=by, at=now, **share)
    return consultation


@transaction.atomic
def cancel_consultation(*, consultation, reason, by, now):
    """Call a consultation off, its meeting too; who was invited is told why. Twice does nothing twice.

    Raises Refused, Conflict once it was held, Invalid without a reason. Returns the Consultation.
    """
    raise_if(rules.why_not_run(consultation, by))
    consultation = locked(consultation)
    if consultation.state == ConsultationState.CANCELLED:
        return consultation
    raise_if(rules.why_not_cancel(consultation))
    consultation.cancel_reason = reasons.clean(reason, _("请写明取消的原因，受邀的人会看到。"))
    rows = consultation.invitations.standing().select_related("talent__user").order_by("pk")
    for row in rows:
        row.consultation = consultation
        end(row, InvitationState.WITHDRAWN, now)
        letters.cancelled(row, now, in_both_languages(lambda: consultation.cancel_reason))
    consultation.state, consultation.ended_at = ConsultationState.CANCELLED, now
    consultation.save(update_fields=["state", "ended_at", "cancel_reason"])
    event = consultation.event
    if event and not event.is_cancelled and not event.is_over(now):
        events.cancel_event(event=event, reason=consultation.cancel_reason, by=by, now=now)
    audit.record(
        "advisory.cancel_consultation",
        consultation,
        by=by,
        at=now,
        reason=consultation.cancel_reason,
    )
    return consultation


ANSWERS = {
    InvitationState.ACCEPTED: Answer.ACCEPTED,
    InvitationState.DECLINED: Answer.DECLINED,
    InvitationState.LAPSED: Answer.LAPSED,
    InvitationState.WITHDRAWN: Answer.WITHDRAWN,
}


def end(invitation, state, now):
    """End an invitation: its place is free, her words on a conflict are forgotten, what became of it is on record."""
    invitation.state, invitation.place, invitation.answered_at = state, None, now
    invitation.declared, invitation.declared_words = False, None
    invitation.conflict, invitation.conflict_reason, invitation.conflict_by = "", "", None
    invitation.save()
    asking.answer(invitation=invitation, answer=ANSWERS[state], now=now)


@transaction.atomic
def set_target(*, department, year, percent, by, now):
    """Say what share of those a department consults in a year shall be women. Again changes it.

    Raises Refused, Invalid. Returns the ShareTarget.
    """
    raise_if(rules.why_not_target(department, percent, by))
    about = {"department": department, "year": year}
    target = ShareTarget.objects.select_for_update(of=("self",)).filter(**about).first()
    if target and target.percent == percent:
        return target
    before = target and target.percent
    target, _new = ShareTarget.objects.update_or_create(
        **about, defaults={"percent": percent, "set_at": now}
    )
    audit.record("advisory.set_target", target, by=by, at=now, before=before, after=percent)
    return target
