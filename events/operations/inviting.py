"""Who is invited to an event that is not public."""

from django.db import transaction
from django.utils.translation import gettext as _

from events import letters, rules
from events.models import Invitation
from events.operations.locking import lock_event
from kernel import ids, reasons
from kernel.errors import Invalid
from kernel.words import listed
from privacy import audit
from talents.models import Talent

MOST = 200


def find_talents(codes):
    """Return the Talents of record codes as typed, one to a line or with commas between.

    Raises Invalid where nothing, too much, or a code nobody has is typed, each unknown one named.
    """
    typed = list(
        dict.fromkeys(ids.tidy(word) for word in codes.replace("，", ",").replace(",", " ").split())
    )
    if not typed:
        raise Invalid("codes_missing", _("请填写人才编号，每行一个。"), field="codes")
    if len(typed) > MOST:
        sentence = _("一次最多 %(most)s 人，请分几次办理。") % {"most": MOST}
        raise Invalid("codes_too_many", sentence, field="codes")
    people = Talent.objects.active().filter(code__in=typed).select_related("user")
    found = {talent.code: talent for talent in people}
    if unknown := [code for code in typed if code not in found]:
        sentence = _("没有找到这些人才编号，请核对：%(codes)s。") % {"codes": listed(unknown[:10])}
        raise Invalid("codes_unknown", sentence, field="codes")
    return [found[code] for code in typed]


@transaction.atomic
def invite(*, event, codes, by, now):
    """Invite the women of these record codes (text, one to a line, 200 at most) and tell each of them once.

    Raises Refused, Conflict where the event is over or cancelled, what find_talents raises: then nobody is
    invited. Inviting again changes nothing; one that was taken back stands again. Returns the Talents newly invited.
    """
    event = lock_event(event, rules.why_not_invite, by, now)
    talents = find_talents(codes)
    standing = set(event.invitations.standing().values_list("talent", flat=True))
    new = [talent for talent in talents if talent.pk not in standing]
    fields = {"invited_at": now, "invited_by": by, "withdrawn_at": None}
    Invitation.objects.bulk_create(
        [Invitation(event=event, talent=talent, **fields) for talent in new],
        update_conflicts=True,
        unique_fields=["event", "talent"],
        update_fields=list(fields),
    )
    given = event.invitations.filter(talent__in=new).order_by("pk")
    audit.record_many("events.invite", given, by=by, at=now)
    if event.is_published:
        letters.send([letters.invited(talent, event) for talent in new], now)
    return new


@transaction.atomic
def admit(*, event, talent, by, now):
    """Let a woman know of an event that is not public, and book it; whoever asked her to come tells her, nobody here does.

    Twice changes nothing, one that was taken back stands again. Raises Refused, Conflict where the event is over or
    cancelled. Returns the Invitation.
    """
    event = lock_event(event, rules.why_not_invite, by, now)
    standing = event.invitations.standing().filter(talent=talent).first()
    if standing:
        return standing
    fields = {"invited_at": now, "invited_by": by, "withdrawn_at": None}
    invitation, _new = Invitation.objects.update_or_create(
        event=event, talent=talent, defaults=fields
    )
    audit.record("events.invite", invitation, by=by, at=now)
    return invitation


@transaction.atomic
def withdraw_invitation(*, invitation, reason, by, now):
    """Take an invitation back; a booking she has made by it stays and is cancelled by itself.

    `reason` (≤ 200 characters) is kept. Raises Refused, Conflict, what kernel.reasons.clean raises. Returns the
    Invitation.
    """
    event = lock_event(invitation.event, rules.why_not_invite, by, now)
    invitation = event.invitations.get(pk=invitation.pk)
    if invitation.withdrawn_at:
        return invitation
    reason = reasons.clean(reason, _("请写明收回邀请的原因。"))
    invitation.withdrawn_at = now
    invitation.save(update_fields=["withdrawn_at"])
    audit.record("events.withdraw_invitation", invitation, by=by, at=now, reason=reason)
    return invitation


def tell_invited(event, now):
    """Tell who was invited while the event was a draft; called when it is published."""
    invitations = event.invitations.standing().select_related("talent__user").order_by("pk")
    letters.send([letters.invited(row.talent, event) for row in invitations], now)
