"""Women's share is entered by one and confirmed by another; targets; meetings and events; silence is asked about."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kernel import reasons
from networks import letters, rights
from networks.associations.operations import lock_association, standing
from networks.meter import activity, rules
from networks.meter.models import CouncilMeeting, CountState, ShareCount
from privacy import audit

State = CountState


# --- counts ----------------------------------------------------------------------------------------
@transaction.atomic
def enter_count(*, association, rung, total, women, as_of, source, by, now):
    """Enter how many there are on a rung and how many of them women; somebody else confirms it. Raises Refused, Invalid,
    Conflict. Returns the ShareCount.
    """
    today = timezone.localdate(now)
    if error := rules.why_not_enter(association, by, today):
        raise error
    association = lock_association(association)
    said = {"rung": rung, "total": total, "women": women, "as_of": as_of, "source": source}
    if error := rules.why_not_enter(association, by, today) or rules.why_not_count(
        association, day=today, **said
    ):
        raise error
    said["source"] = " ".join(source.split())
    count = association.share_counts.create(entered_by=by, entered_at=now, **said)
    audit.record("networks.enter_count", count, by=by, at=now)
    return count


def locked_count(count):
    """Return a count as it stands now, locked."""
    rows = ShareCount.objects.select_related("association__department")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=count.pk)


def _decide(count, state, by, now, reason=""):
    count.state, count.decided_by, count.decided_at, count.reason = state, by, now, reason
    count.save(update_fields=["state", "decided_by", "decided_at", "reason"])


@transaction.atomic
def confirm_count(*, count, by, now):
    """Confirm a count somebody else entered: from now on it is shown. Twice is once. Raises Refused, Conflict.

    Returns the ShareCount.
    """
    if error := rules.why_not_decide(count, by):
        raise error
    count = locked_count(count)
    if count.state == State.CONFIRMED:
        return count
    if error := rules.why_not_waiting(count):
        raise error
    _decide(count, State.CONFIRMED, by, now)
    audit.record("networks.confirm_count", count, by=by, at=now)
    return count


@transaction.atomic
def refuse_count(*, count, reason, by, now):
    """Send a count back to who entered it, and say why: it is entered anew. Raises Refused, Invalid, Conflict.

    Returns the ShareCount.
    """
    if error := rules.why_not_decide(count, by):
        raise error
    count = locked_count(count)
    if error := rules.why_not_waiting(count):
        raise error
    reason = reasons.clean(reason, _("请写明退回的原因。"))
    _decide(count, State.REFUSED, by, now, reason)
    audit.record("networks.refuse_count", count, by=by, at=now, reason=reason)
    return count


@transaction.atomic
def withdraw_count(*, count, reason, by, now):
    """Take a confirmed count out of what is shown, and say why; the right one is entered anew. Raises Refused, Invalid,
    Conflict. Returns the ShareCount.
    """
    if error := rights.why_not_staff(count.association, by, rules.CONFIRM):
        raise error
    count = locked_count(count)
    if error := rules.why_not_withdraw(count):
        raise error
    reason = reasons.clean(reason, _("请写明撤销的原因。"))
    _decide(count, State.WITHDRAWN, by, now, reason)
    audit.record("networks.withdraw_count", count, by=by, at=now, reason=reason)
    return count


@transaction.atomic
def set_target(*, association, rung, percent, source, by, now):
    """Say which share of women a rung is to have; again changes it. Raises Refused, Invalid, Conflict. Returns the ShareTarget."""
    association = standing(association, by, rules.FACTS)
    if error := rules.why_not_target(rung, percent, source):
        raise error
    said = {"percent": percent, "source": " ".join(source.split())}
    found = association.share_targets.filter(rung=rung).first()
    if found and (found.percent, found.source) == (said["percent"], said["source"]):
        return found
    target, _is_new = association.share_targets.update_or_create(rung=rung, defaults=said)
    audit.record("networks.set_target", target, by=by, at=now, code=rung)
    return target


# --- what it did -----------------------------------------------------------------------------------
@transaction.atomic
def note_meeting(*, association, rung, held_on, present, women, source, by, now):
    """Note that a body of an association met. Raises Refused, Invalid, Conflict. Returns the CouncilMeeting."""
    today = timezone.localdate(now)
    if error := rules.why_not_note(association, by, today):
        raise error
    association = lock_association(association)
    said = {"rung": rung, "held_on": held_on, "present": present, "women": women, "source": source}
    if error := rules.why_not_note(association, by, today) or rules.why_not_meeting(
        association, day=today, **said
    ):
        raise error
    said["source"] = " ".join(source.split())
    meeting = association.meetings.create(**said)
    audit.record("networks.note_meeting", meeting, by=by, at=now)
    return meeting


@transaction.atomic
def drop_meeting(*, meeting, by, now):
    """Take out a meeting that was noted wrongly. Raises Refused. Returns nothing."""
    association = meeting.association
    if error := rules.why_not_note(association, by, timezone.localdate(now)):
        raise error
    lock_association(association)
    if found := CouncilMeeting.objects.filter(pk=meeting.pk).first():
        audit.record("networks.drop_meeting", found, by=by, at=now)
        found.delete()


@transaction.atomic
def link_event(*, association, event, by, now):
    """Say that an event of the portal was an association's. Raises Refused, Invalid, Conflict. Returns the AssociationEvent."""
    today = timezone.localdate(now)
    if error := rules.why_not_note(association, by, today):
        raise error
    association = lock_association(association)
    if error := rules.why_not_note(association, by, today) or rules.why_not_event(
        association, event
    ):
        raise error
    link = association.held_events.create(event=event)
    audit.record("networks.link_event", link, by=by, at=now)
    return link


@transaction.atomic
def unlink_event(*, link, by, now):
    """Take back that an event was an association's. Raises Refused. Returns nothing."""
    association = link.association
    if error := rules.why_not_note(association, by, timezone.localdate(now)):
        raise error
    lock_association(association)
    if found := association.held_events.filter(pk=link.pk).first():
        audit.record("networks.unlink_event", found, by=by, at=now)
        found.delete()


# --- the clock -------------------------------------------------------------------------------------
@transaction.atomic
def ask_silent(*, association, now):
    """Ask, once for each 180 days, what an association did of which nothing was heard so long. Returns the Association."""
    association, today = lock_association(association), timezone.localdate(now)
    if activity.is_to_ask(association, now):
        association.silence_asked_at = now
        association.save(update_fields=["silence_asked_at"])
        audit.record("networks.ask_silent", association, by=None, at=now)
        letters.silent(association, today, now)
    return association
