"""Membership: she applies, renews, pauses, leaves; the association decides; the clock reminds and notes what lapsed."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kernel import reasons
from kernel.days import DAY
from networks import letters, rights
from networks.associations.operations import lock_association
from networks.members import rules
from networks.members.models import OPEN, Membership, MemberState
from networks.posts.operations import let_go
from privacy import audit
from talents.models import Talent

State = MemberState


def locked_membership(membership):
    """Return a membership as it stands now, its association locked: whether she holds a post hangs on it."""
    association = lock_association(membership.association)
    rows = Membership.objects.select_related("talent__user")
    found = rows.select_for_update(of=("self",), no_key=True).get(pk=membership.pk)
    found.association = association
    return found


# --- she -------------------------------------------------------------------------------------------
@transaction.atomic
def apply_membership(*, association, talent, by, now):
    """Ask to join an association; who runs it is told. Pressing twice meets what she asked. Raises Refused, Conflict.

    Returns the Membership.
    """
    today = timezone.localdate(now)
    if error := rules.why_not_join(association, talent, by, today):
        raise error
    talent = Talent.objects.locked().get(pk=talent.pk)
    association = lock_association(association)
    if error := rules.why_not_join(association, talent, by, today):
        raise error
    _close_lost(association, talent, today)
    made = Membership.objects.create(association=association, talent=talent, applied_at=now)
    audit.record("networks.apply_membership", made, by=by, at=now)
    letters.applied(made, today, now)
    return made


def _close_lost(association, talent, day):
    """Write that what nobody renewed in time has lapsed: the clock may not have been there yet."""
    for row in Membership.objects.filter(association=association, talent=talent, state="active"):
        if rules.is_lost(row, day):
            _write_lapse(row)


def _write_lapse(row):
    row.state, row.left_on = State.LAPSED, row.valid_until + DAY
    row.save(update_fields=["state", "left_on"])


@transaction.atomic
def withdraw_application(*, membership, by, now):
    """Take an application back. Twice is once. Raises Refused, Conflict. Returns the Membership."""
    if error := rules.why_not_hers(membership, by):
        raise error
    membership = locked_membership(membership)
    if membership.state == State.WITHDRAWN:
        return membership
    if error := rules.why_not_withdraw(membership):
        raise error
    membership.state = State.WITHDRAWN
    membership.save(update_fields=["state"])
    audit.record("networks.withdraw_application", membership, by=by, at=now)
    return membership


@transaction.atomic
def renew_membership(*, membership, by, now):
    """Renew a membership by one period from where it ends: she herself, who runs the association, or staff.

    Seniority stays, within ninety days behind the end as well. Raises Refused, Conflict. Returns the Membership.
    """
    today = timezone.localdate(now)
    hers = rules.why_not_hers(membership, by) is None
    if not hers and (error := rules.why_not_manage(membership, by, today)):
        raise error
    membership = locked_membership(membership)
    if error := rules.why_not_renew(membership, today):
        raise error
    begins = membership.valid_until + DAY
    membership.valid_until = rules.last_day_of(membership.association, begins)
    membership.reminded_at = None
    membership.save(update_fields=["valid_until", "reminded_at"])
    audit.record("networks.renew_membership", membership, by=by, at=now)
    if not hers:
        letters.renewed(membership, now)
    return membership


@transaction.atomic
def pause_membership(*, membership, until, by, now):
    """Let a membership rest from today until a day; it ends so much later, seniority goes on, and nobody asks why.

    Raises Refused, Invalid, Conflict. Returns the Membership.
    """
    if error := rules.why_not_hers(membership, by):
        raise error
    membership, today = locked_membership(membership), timezone.localdate(now)
    if membership.is_paused(today) and membership.paused_until == until:
        return membership
    if error := rules.why_not_pause(membership, until, today):
        raise error
    membership.paused_from, membership.paused_until = today, until
    membership.valid_until += until - today + DAY
    membership.reminded_at = None
    membership.save(update_fields=["paused_from", "paused_until", "valid_until", "reminded_at"])
    audit.record("networks.pause_membership", membership, by=by, at=now)
    return membership


@transaction.atomic
def resume_membership(*, membership, by, now):
    """End a pause today; the days left of it are taken off the end again. Raises Refused, Conflict. Returns the Membership."""
    if error := rules.why_not_hers(membership, by):
        raise error
    membership, today = locked_membership(membership), timezone.localdate(now)
    if error := rules.why_not_resume(membership, today):
        raise error
    membership.valid_until -= membership.paused_until - today + DAY
    if membership.paused_from == today:
        membership.paused_from = membership.paused_until = None
    else:
        membership.paused_until = today - DAY
    membership.save(update_fields=["paused_from", "paused_until", "valid_until"])
    audit.record("networks.resume_membership", membership, by=by, at=now)
    return membership


@transaction.atomic
def leave_association(*, membership, by, now):
    """Let her leave today; what she holds in it ends with it. Twice is once. Raises Refused, Conflict. Returns the Membership."""
    if error := rules.why_not_hers(membership, by):
        raise error
    membership = locked_membership(membership)
    if membership.state == State.LEFT:
        return membership
    if error := rules.why_not_active(membership):
        raise error
    _leave(membership, now)
    audit.record("networks.leave_association", membership, by=by, at=now)
    return membership


def _leave(membership, now):
    membership.state, membership.left_on = State.LEFT, timezone.localdate(now)
    membership.save(update_fields=["state", "left_on", "reason"])


# --- who runs the association, and staff -----------------------------------------------------------
def _decided(membership, by, now, rule):
    if error := rules.why_not_manage(membership, by, timezone.localdate(now)):
        raise error
    membership = locked_membership(membership)
    # Out of office meanwhile: asked again under the lock.
    if error := rules.why_not_manage(membership, by, timezone.localdate(now)) or rule(membership):
        raise error
    return membership


@transaction.atomic
def approve_membership(*, membership, by, now):
    """Take somebody in from today; she is told. Twice is once. Raises Refused, Conflict. Returns the Membership."""
    membership = _decided(membership, by, now, rules.why_not_approve_again)
    if membership.state == State.ACTIVE:
        return membership
    today = timezone.localdate(now)
    let_go(membership.association, membership.talent, today, now)
    membership.state, membership.decided_at, membership.joined_on = State.ACTIVE, now, today
    membership.valid_until = rules.last_day_of(membership.association, today)
    membership.save(update_fields=["state", "decided_at", "joined_on", "valid_until"])
    audit.record("networks.approve_membership", membership, by=by, at=now)
    letters.approved(membership, now)
    return membership


@transaction.atomic
def decline_membership(*, membership, reason, by, now):
    """Do not take somebody in, and say why; she reads it. Raises Refused, Invalid, Conflict. Returns the Membership."""
    membership = _decided(membership, by, now, rules.why_not_decide)
    reason = reasons.clean(reason, _("请写明没有通过的原因，本人会看到。"))
    membership.state, membership.decided_at, membership.reason = State.DECLINED, now, reason
    membership.save(update_fields=["state", "decided_at", "reason"])
    audit.record("networks.decline_membership", membership, by=by, at=now, reason_in="reason")
    letters.declined(membership, now)
    return membership


@transaction.atomic
def take_back_decision(*, membership, by, now):
    """Take back that somebody was taken in or not, within thirty days: her application waits again. She is told.

    Raises Refused, Conflict. Returns the Membership.
    """
    membership = _decided(
        membership, by, now, lambda found: rules.why_not_take_back_decision(found, now)
    )
    membership.state, membership.decided_at, membership.reason = State.APPLIED, None, ""
    membership.joined_on = membership.valid_until = None
    membership.paused_from = membership.paused_until = None
    membership.save()
    audit.record("networks.take_back_decision", membership, by=by, at=now)
    letters.decision_taken_back(membership, now)
    return membership


@transaction.atomic
def end_membership(*, membership, reason, by, now):
    """End somebody's membership today, and say why; she is told and may be brought back. Raises Refused, Invalid, Conflict.

    Returns the Membership.
    """
    membership = _decided(membership, by, now, rules.why_not_active)
    reason = reasons.clean(reason, _("请写明结束会籍的原因。"))
    membership.reason = reason
    _leave(membership, now)
    audit.record("networks.end_membership", membership, by=by, at=now, reason_in="reason")
    letters.ended(membership, now)
    return membership


@transaction.atomic
def restore_membership(*, membership, by, now):
    """Take back that somebody left, within thirty days, as if she had never: she herself, or who runs the association.

    Raises Refused, Conflict. Returns the Membership.
    """
    today = timezone.localdate(now)
    hers = rules.why_not_hers(membership, by) is None
    if not hers and (error := rules.why_not_manage(membership, by, today)):
        raise error
    membership = locked_membership(membership)
    if error := rules.why_not_come_back(membership, by, now):
        raise error
    membership.state, membership.left_on, membership.reason = State.ACTIVE, None, ""
    membership.save(update_fields=["state", "left_on", "reason"])
    audit.record("networks.restore_membership", membership, by=by, at=now)
    letters.restored(membership, now)
    return membership


# --- lists -----------------------------------------------------------------------------------------
@transaction.atomic
def import_members(*, association, rows, by, now):
    """Enter a list of members that staff have looked through: `rows` are (Talent, first day, last day) of each.

    Who is no member becomes one and is told, whose days differ gets those of the list; what is so already stays. A line
    that is not taken (members.rules.why_not_row) is left out, as the preview said. Raises Refused, Conflict. Returns
    the Memberships that were made or changed.
    """
    if error := rules.why_not_import(association, by):
        raise error
    # As their records stand now, and stay so: nobody is entered who leaves the database at this moment.
    women = Talent.objects.locked().filter(pk__in=[talent.pk for talent, *_days in rows])
    women = women.defer("search_text", "search_grams").select_related("user")
    women = {talent.pk: talent for talent in women.order_by("pk")}
    association, today = lock_association(association), timezone.localdate(now)
    written = []
    for talent, *days in rows:
        talent = women[talent.pk]
        if rules.why_not_row(association, talent, *days, today) is None:
            written += _enter(association, talent, days, now)
    audit.record("networks.import_members", association, by=by, at=now, count=len(written))
    return written


def _enter(association, talent, days, now):
    """Return [the Membership a line of a list made or changed], [] where it says what is so."""
    today, (joined_on, valid_until) = timezone.localdate(now), days
    _close_lost(association, talent, today)
    found = Membership.objects.filter(
        association=association, talent=talent, state__in=OPEN
    ).first()
    is_new = found is None or found.state == State.APPLIED
    found = found or Membership(association=association, talent=talent, applied_at=now)
    if [found.joined_on, found.valid_until] == days:
        return []
    if is_new:
        let_go(association, talent, today, now)
    if found.valid_until != valid_until:
        # The list says when it ends: what a pause added is no part of it.
        found.paused_from = found.paused_until = None
    found.state, found.reminded_at = State.ACTIVE, None
    found.joined_on, found.valid_until = joined_on, valid_until
    found.save()
    (letters.entered if is_new else letters.renewed)(found, now)
    return [found]


@transaction.atomic
def export_members(*, association, by, now):
    """Note that a list of an association's members is taken out; returns them, by name. Raises Refused."""
    if error := rules.why_not_export(association, by, timezone.localdate(now)):
        raise error
    rows = Membership.objects.filter(association=association, state=State.ACTIVE)
    found = list(rows.select_related("talent__unit").order_by("talent__pinyin_name", "pk"))
    audit.record("networks.export_members", association, by=by, at=now, count=len(found))
    return found


# --- the clock -------------------------------------------------------------------------------------
@transaction.atomic
def remind_member(*, membership, now):
    """Remind a member, once, that her membership ends within thirty days. Returns the Membership."""
    membership, today = locked_membership(membership), timezone.localdate(now)
    if Membership.objects.to_remind(today).filter(pk=membership.pk).exists():
        membership.reminded_at = now
        membership.save(update_fields=["reminded_at"])
        letters.ending(membership, now)
    return membership


@transaction.atomic
def lapse_membership(*, membership, now):
    """Write that a membership nobody renewed has lapsed, and tell her: its days have said so for long. Returns it."""
    membership = locked_membership(membership)
    if rules.is_lost(membership, timezone.localdate(now)):
        _write_lapse(membership)
        audit.record("networks.lapse_membership", membership, by=None, at=now)
        letters.lapsed(membership, now)
    return membership


@transaction.atomic
def retry_membership(*, row, by, now):
    """Let the clock try again what it could not do of a membership. Raises Refused. Returns the Membership."""
    if error := rights.why_not_staff(row.association, by, rules.CHANGE):
        raise error
    row = locked_membership(row)
    if row.sweep_failures:
        row.sweep_failures = 0
        row.save(update_fields=["sweep_failures"])
        audit.record("networks.retry_membership", row, by=by, at=now)
    return row
