"""What happens to an interest: said, answered, agreed to by both, accompanied by a mediator, ended; undone with a reason."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from calls import files
from calls.files import Taken
from entrepreneurship.transfer import interests_rules as rules
from entrepreneurship.transfer import letters, profiles
from entrepreneurship.transfer.models import (
    OPEN,
    WAITING,
    InterestState,
    TransferFile,
    TransferInterest,
    TransferStep,
)
from kernel import reasons, rights
from kernel.errors import Invalid, Refused
from privacy import audit, consents, pieces
from talents.models import Talent

CONTACT, ABROAD = "transfer_contact", "transfer_abroad"
SOURCE = "transfer"
DOCUMENT = Taken("sent", 10, ("pdf", "image"))


def locked(interest):
    """Return an interest as it stands now, locked: whatever changes it, its steps or its contracts holds this lock."""
    rows = TransferInterest.objects.select_for_update(of=("self",)).with_both()
    return rows.get(pk=interest.pk)


def move(interest, state, now, *names, reason="", undoes=None):
    """Put an interest where it stands now, with the fields `names`, and keep the step."""
    before, interest.state = interest.state, state
    interest.save(update_fields=["state", *names])
    TransferStep.objects.create(
        interest=interest, before=before, after=state, at=now, reason=reason, undoes=undoes
    )


def _count_from(interest, now):
    """Let the fifteen working days to answer begin today."""
    interest.counted_from = timezone.localdate(now)
    interest.answer_by = rules.answer_by(interest.counted_from)
    return ("counted_from", "answer_by")


def _where(abroad, reach):
    """Return where a side is and how it is reached there, as they are kept: in the mainland nothing of either."""
    abroad = " ".join((abroad or "").split())
    return abroad, (" ".join((reach or "").split()) or None) if abroad else None


# --- who asks -------------------------------------------------------------------------------------
@transaction.atomic
def express_interest(*, profile, words, form, talent=None, unit=None, abroad="", reach="", by, now):
    """Say for a woman (`talent`) or a unit that they are interested in a profile; `abroad` is where they are, "" in the mainland.

    `reach`: how who is abroad is reached, read by the other side before it agrees (PIPL, art. 39). Said again while it is
    open, it is the same interest. Raises Refused, Conflict, Invalid. Returns the TransferInterest.
    """
    if error := rules.why_not_ask(profile, talent, unit, by, now):
        raise error
    if talent is not None:
        talent = Talent.objects.locked().get(pk=talent.pk)
    profile = profiles.locked(profile)
    seeker = {"seeker": talent} if talent is not None else {"seeker_unit": unit}
    mine = TransferInterest.objects.filter(**seeker)
    if before := mine.filter(profile=profile, state__in=OPEN).first():
        return before
    words, (abroad, reach) = (words or "").strip(), _where(abroad, reach)
    if error := (
        rules.why_not_ask(profile, talent, unit, by, now)
        or rules.why_not_words(profile, words, form)
        or rules.why_not_abroad(abroad, reach)
        or rules.why_not_more(mine.filter(state__in=WAITING))
    ):
        raise error
    interest = TransferInterest(profile=profile, asked_by=by, asked_at=now, words=words, form=form)
    for name, value in seeker.items():
        setattr(interest, name, value)
    interest.seeker_abroad, interest.seeker_reach = abroad, reach
    _count_from(interest, now)
    interest.save()
    TransferStep.objects.create(interest=interest, after=InterestState.ASKED, at=now)
    audit.record("entrepreneurship.express_interest", interest, by=by, at=now, profile=profile.pk)
    letters.interest_asked(interest, now)
    return interest


@transaction.atomic
def withdraw_interest(*, interest, by, now):
    """Take an interest back before both agreed; twice does nothing twice. Raises Refused, Conflict. Returns it."""
    if error := rules.why_not_seeker(interest, by):
        raise error
    interest = locked(interest)
    if interest.state == InterestState.WITHDRAWN:
        return interest
    if error := rules.why_not_in(interest, *WAITING):
        raise error
    interest.owner_contact = None
    move(interest, InterestState.WITHDRAWN, now, "owner_contact")
    audit.record("entrepreneurship.withdraw_interest", interest, by=by, at=now)
    letters.interest_withdrawn(interest, now)
    return interest


@transaction.atomic
def confirm_interest(*, interest, contact, agrees, agrees_abroad, by, now):
    """Agree for who asked, after the other side did: from now on each reads the other's contact.

    `agrees`: to her contact being shown to the other side; `agrees_abroad`: to its going abroad, where the other side is
    there. Raises Refused, Conflict, Invalid. Returns the TransferInterest.
    """
    if error := rules.why_not_seeker(interest, by):
        raise error
    interest, contact = _to_agree(interest, by), " ".join((contact or "").split())
    if interest.state == InterestState.AGREED:
        return interest
    if error := rules.why_not_in(interest, InterestState.ANSWERED) or rules.why_not_contact(
        contact, agrees, interest.owner_abroad, agrees_abroad
    ):
        raise error
    _note_consents(interest, by, interest.owner_name, interest.owner_abroad, now)
    interest.seeker_contact, interest.agreed_at = contact, now
    move(interest, InterestState.AGREED, now, "seeker_contact", "agreed_at")
    audit.record("entrepreneurship.confirm_interest", interest, by=by, at=now)
    letters.interest_agreed(interest, now)
    return interest


def _to_agree(interest, by):
    """Return an interest locked, the answers of who agrees before it: taking one back locks them in this order."""
    if by is not None:
        consents.lock(by)
    return locked(interest)


def _note_consents(interest, by, recipient, abroad, now):
    """Keep what she agreed to about her contact: who receives it, and apart from that its going abroad."""
    if by is None:
        return
    about = {"about": interest.code, "granted": True, "by": by, "now": now, "source": SOURCE}
    consents.note(user=by, purpose=CONTACT, recipient=recipient, **about)
    if abroad:
        consents.note(user=by, purpose=ABROAD, recipient=f"{recipient}（{abroad}）", **about)


# --- who is asked ---------------------------------------------------------------------------------
@transaction.atomic
def accept_interest(*, interest, contact, agrees, agrees_abroad, abroad="", reach="", by, now):
    """Agree for whose profile it is; her contact is shown to the other side once that confirms.

    The arguments are those of `confirm_interest`; `abroad` and `reach` say of this side what they say in
    `express_interest`. Raises Refused, Conflict, Invalid. Returns the TransferInterest.
    """
    if error := rules.why_not_owner(interest, by):
        raise error
    interest, contact = _to_agree(interest, by), " ".join((contact or "").split())
    if interest.state == InterestState.ANSWERED:
        return interest
    if error := rules.why_not_in(interest, InterestState.ASKED) or rules.why_not_contact(
        contact, agrees, interest.seeker_abroad, agrees_abroad
    ):
        raise error
    abroad, reach = _where(abroad, reach)
    if error := rules.why_not_abroad(abroad, reach, interest.profile.published):
        raise error
    _note_consents(interest, by, interest.seeker_name, interest.seeker_abroad, now)
    interest.owner_contact, interest.answered_at = contact, now
    interest.owner_abroad, interest.owner_reach = abroad, reach
    counted = _count_from(interest, now)
    names = ("owner_contact", "owner_abroad", "owner_reach", "answered_at", *counted)
    move(interest, InterestState.ANSWERED, now, *names)
    audit.record("entrepreneurship.accept_interest", interest, by=by, at=now)
    letters.interest_answered(interest, now)
    return interest


@transaction.atomic
def decline_interest(*, interest, reason, by, now):
    """Decline an interest for a listed reason. Undone by reconsider_interest. Raises Refused, Conflict, Invalid."""
    if error := rules.why_not_owner(interest, by):
        raise error
    interest = locked(interest)
    if interest.state == InterestState.DECLINED:
        return interest
    if error := rules.why_not_decline(interest, reason):
        raise error
    interest.decline_reason, interest.answered_at = reason, now
    move(interest, InterestState.DECLINED, now, "decline_reason", "answered_at")
    audit.record("entrepreneurship.decline_interest", interest, by=by, at=now, why=reason)
    letters.interest_declined(interest, now)
    return interest


@transaction.atomic
def reconsider_interest(*, interest, by, now):
    """Take up again what was declined; it waits for an answer once more. Raises Refused, Conflict. Returns it."""
    if error := rules.why_not_owner(interest, by):
        raise error
    profiles.locked(interest.profile)
    interest = locked(interest)
    if interest.state == InterestState.ASKED:
        return interest
    if error := rules.why_not_reconsider(interest, now):
        raise error
    same = {"seeker": interest.seeker_id, "seeker_unit": interest.seeker_unit_id}
    again = interest.profile.interests.filter(**same, state__in=OPEN)
    if newer := again.first():
        return newer
    interest.decline_reason, interest.answered_at = "", None
    counted = _count_from(interest, now)
    step = interest.steps.order_by("-pk").first()
    names = ("decline_reason", "answered_at", *counted)
    move(interest, InterestState.ASKED, now, *names, undoes=step)
    audit.record("entrepreneurship.reconsider_interest", interest, by=by, at=now)
    return interest


# --- the mediator ---------------------------------------------------------------------------------
@transaction.atomic
def take_on_interest(*, interest, by, now):
    """Become the mediator of what both agreed to; both are told. Raises Refused, Conflict. Returns the TransferInterest."""
    if error := rules.why_not_mediate(interest, by):
        raise error
    if by is None:
        raise Refused("nobody", _("对接要由一位技术经理人来做。"))
    interest = locked(interest)
    if interest.state == InterestState.MEDIATED and interest.mediator_id == by.pk:
        return interest
    if error := rules.why_not_in(interest, InterestState.AGREED):
        raise error
    interest.mediator = by
    move(interest, InterestState.MEDIATED, now, "mediator")
    audit.record("entrepreneurship.take_on_interest", interest, by=by, at=now)
    letters.interest_taken_on(interest, now)
    return interest


@transaction.atomic
def hand_over_interest(*, interest, mediator, by, now):
    """Have another mediator (a User) go on with it; both sides and she are told. Raises Refused, Conflict, Invalid."""
    if error := rules.why_not_mediator(interest, by):
        raise error
    interest = locked(interest)
    if interest.mediator_id == mediator.pk:
        return interest
    if rules.why_not_mediate(interest, mediator):
        sentence = _("请选一位不是其中一方的技术经理人。")
        raise Invalid("mediator_unfit", sentence, field="mediator")
    states = (InterestState.MEDIATED, InterestState.CONFIDENTIAL, InterestState.CONTRACTED)
    if error := rules.why_not_mediator(interest, by) or rules.why_not_in(interest, *states):
        raise error
    before, interest.mediator = interest.mediator_id, mediator
    interest.save(update_fields=["mediator"])
    audit.record(
        "entrepreneurship.hand_over_interest",
        interest,
        by=by,
        at=now,
        before=before,
        after=mediator.pk,
    )
    letters.interest_handed_over(interest, now)
    return interest


@transaction.atomic
def note_confidentiality(*, interest, day, sent, by, now):
    """Note that both signed a confidentiality agreement on a day, with the document, [(file name, bytes)].

    Raises Refused, Conflict, Invalid. Returns the TransferInterest.
    """
    if error := rules.why_not_mediator(interest, by):
        raise error
    if not sent:
        raise Invalid("document_missing", _("请上传双方签好的保密协议。"), field="sent")
    plain = [
        files.plain(DOCUMENT, one)[:2] for one in sent[:1]
    ]  # before the lock: it takes a while
    interest = locked(interest)
    if interest.state == InterestState.CONFIDENTIAL and interest.confidential_on == day:
        return interest
    if error := rules.why_not_mediator(interest, by) or rules.why_not_confidential(
        interest, day, now
    ):
        raise error
    for name, data in plain:
        kind = files.kind_of(data)
        pieces.keep_once(interest.files, (name, data), interest=interest, kind=kind, added_at=now)
    interest.confidential_on = day
    move(interest, InterestState.CONFIDENTIAL, now, "confidential_on")
    audit.record(
        "entrepreneurship.note_confidentiality", interest, by=by, at=now, day=day.isoformat()
    )
    letters.interest_confidential(interest, now)
    return interest


@transaction.atomic
def read_document(*, file, by, now):
    """Return (file name, bytes) of a document of an interest for its mediator; each reading is on record. Raises Refused."""
    if error := rules.why_not_mediator(file.interest, by):
        raise error
    audit.record("entrepreneurship.read_transfer_document", file.interest, by=by, at=now)
    return file.file_name, pieces.read(file.pieces)


@transaction.atomic
def end_interest(*, interest, reason, by, now):
    """End what two had agreed to, for a listed reason: either side or the mediator. Raises Refused, Conflict, Invalid."""
    if error := rules.why_not_side(interest, by):
        raise error
    interest = locked(interest)
    if interest.state == InterestState.ENDED:
        return interest
    if error := rules.why_not_end(interest, reason):
        raise error
    interest.end_reason, interest.ended_at = reason, now
    move(interest, InterestState.ENDED, now, "end_reason", "ended_at")
    audit.record("entrepreneurship.end_interest", interest, by=by, at=now, why=reason)
    letters.interest_ended(interest, now)
    return interest


@transaction.atomic
def undo_step(*, interest, reason, by, now):
    """Undo the last step, one that was taken by mistake, as the mediator; the step and the reason stay on record.

    Raises Refused, Conflict, Invalid. Returns the TransferInterest.
    """
    if error := rules.why_not_mediator(interest, by):
        raise error
    interest = locked(interest)
    step = interest.steps.filter(undoes=None, undone=None).order_by("-pk").first()
    if error := rules.why_not_mediator(interest, by) or rules.why_not_undo(interest, step):
        raise error
    reason = reasons.clean(reason, _("请写明为什么撤销，会留在记录里。"))
    names = _undone(interest, step)
    move(interest, step.before, now, *names, reason=reason, undoes=step)
    audit.record(
        "entrepreneurship.undo_step",
        interest,
        by=by,
        at=now,
        reason=reason,
        before=step.after,
        after=step.before,
    )
    return interest


def _undone(interest, step):
    """Take back what a step wrote; returns the names of the fields."""
    if step.after == InterestState.MEDIATED:
        interest.mediator = None
        return ("mediator",)
    if step.after == InterestState.CONFIDENTIAL:
        interest.confidential_on = None
        TransferFile.objects.filter(interest=interest).delete()
        return ("confidential_on",)
    interest.end_reason, interest.ended_at = "", None
    return ("end_reason", "ended_at")


@transaction.atomic
def export_interests(*, rows, by, now):
    """Note that a list of interests is taken out; returns those of `rows` that `by` may see. Raises Refused."""
    rights.require(by, "entrepreneurship.export_transferinterest")
    seen = TransferInterest.objects.visible_to(by) if by else TransferInterest.objects.all()
    found = list(rows.filter(pk__in=seen.values("pk")).with_both().order_by("-pk"))
    if by is not None:
        audit.record("entrepreneurship.export_interests", by, by=by, at=now, count=len(found))
    return found


# --- consent taken back ---------------------------------------------------------------------------
def follow_consent(*, user, granted, by, now, about):
    """Take a contact away from an interest whose owner withdraws her consent (privacy.consents); her side is hers alone.

    Before the other side confirmed, her answer goes with it: nobody's contact is shown to who shows none.
    """
    if granted:
        return
    found = TransferInterest.objects.with_both().filter(code=about).first()
    if found is None:
        return
    interest = locked(found)
    names = []
    if rules.is_owner(interest, user):
        interest.owner_contact = None
        names.append("owner_contact")
    if rules.is_seeker(interest, user):
        interest.seeker_contact = None
        names.append("seeker_contact")
    if not names:
        return
    interest.save(update_fields=names)
    if interest.state == InterestState.ANSWERED and "owner_contact" in names:
        _take_answer_back(interest, now)
    audit.record("entrepreneurship.drop_contact", interest, by=by, at=now)


def _take_answer_back(interest, now):
    step = interest.steps.filter(after=InterestState.ANSWERED).order_by("-pk").first()
    interest.answered_at = None
    counted = _count_from(interest, now)
    move(interest, InterestState.ASKED, now, "answered_at", *counted, undoes=step)


# --- the clock ------------------------------------------------------------------------------------
@transaction.atomic
def lapse_interest(*, interest, now):
    """Let an interest lapse that nobody answered in fifteen working days; days made free meanwhile are waited for."""
    interest = locked(interest)
    if interest.state not in WAITING or _moved(interest, now):
        return interest
    if interest.answer_by >= timezone.localdate(now):
        return interest
    interest.owner_contact = None
    move(interest, InterestState.LAPSED, now, "owner_contact")
    audit.record("entrepreneurship.lapse_interest", interest, by=None, at=now)
    letters.interest_lapsed(interest, now)
    return interest


def _moved(interest, now):
    """Move the last day later where the calendar says so, and tell whether it did; never earlier."""
    end = rules.answer_by(interest.counted_from)
    if end <= interest.answer_by:
        return False
    interest.answer_by = end
    interest.save(update_fields=["answer_by"])
    audit.record("entrepreneurship.move_interest", interest, by=None, at=now, day=end.isoformat())
    return True


@transaction.atomic
def move_terms(*, now):
    """Have what waits end later where days were made free (kernel.portal, field `terms`)."""
    for interest in TransferInterest.objects.filter(state__in=WAITING).order_by("pk"):
        _moved(locked(interest), now)
