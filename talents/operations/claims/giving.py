"""A claim's rows locked, closed and told; the record given to whoever has proved that it is hers."""

import json

from django.db.models import Max, Q
from django.utils.translation import gettext as _

from kernel.errors import Conflict
from notices import operations as notices
from privacy import audit
from talents import versions
from talents.career import keeping
from talents.career.sources import FactSource, stamp
from talents.erasure.waiting import why_waits
from talents.models import IDENTITY_FIELDS, CareerEntry, Claim, ClaimState, Talent, TalentState
from talents.operations.profile import STEP_FIELDS
from talents.operations.proposals import propose
from talents.operations.records import keep_account_in_step, lock_account, own_record

# What else a claim, and whoever has it, changes in a record; and in an entry of its career.
OTHERS = (
    "unit_id",
    "phone",
    "facts",
    "written_by",
    "confirm_from",
    "confirm_asked_at",
    "confirmed_at",
    "confirmed_by",
)
OF_ENTRY = tuple(
    field.attname
    for field in CareerEntry._meta.concrete_fields
    if field.name not in ("id", "talent")
)
# What she has filled in herself is carried over into the record; its identity never is.
CARRIED = tuple(
    name for names in STEP_FIELDS.values() for name in names if name not in IDENTITY_FIELDS
)


def lock(claim):
    """Lock her account, her record and the claimed one by number, then the claim; returns the claim.

    The order is that of every operation on records, so two decisions wait and never for each other.
    """
    lock_account(claim.user_id)
    records = Q(user=claim.user_id) | Q(pk=claim.talent_id)
    list(Talent.objects.locked().filter(records).order_by("pk"))
    return (
        Claim.objects.select_for_update(of=("self",))
        .select_related("user", "talent")
        .get(pk=claim.pk)
    )


def close(claim, state, by, now, reason=""):
    """End a claim in this state, and its code with it and where that was asked for from."""
    claim.state, claim.decided_at, claim.decided_by, claim.reason = state, now, by, reason
    claim.code = claim.code_address = None
    claim.save()


def tell(kind, claim, now, **context):
    """Tell who asked what became of her claim, once for each state."""
    link = notices.page_link("profile")
    key = f"{claim.pk}:{claim.state}"
    notices.queue(kind, to=claim.user, obj=key, at=now, link=link, **context)


def decided():
    """Return the Conflict that says a claim waits no more."""
    return Conflict("already_decided", _("这项认领已经办理，请刷新页面。"))


def why_not_have(user):
    """Return why an account cannot be given a record (DomainError), or None: a draft gives way, no more than that."""
    own = own_record(user)
    if own is not None and (own.verified_at or own.has_left_database):
        return Conflict("has_record", _("您已有入库的档案，如单位另报了一份，请联系工作人员合并。"))
    return why_waits(user=user)


def why_not_give(claim, talent):
    """Return why the record cannot become hers (DomainError), or None."""
    if talent.user_id is not None or not talent.is_verified:
        return Conflict("already_claimed", _("这份档案已被认领，或不在库中，请刷新后重新选择。"))
    return why_not_have(claim.user) or why_waits(talents=[talent])


def give(claim, talent, by, now, *, by_phone=False):
    """Make a record hers whose claim is locked (`lock`), by the code or on a clerk's word; returns the Claim.

    Her own draft is kept aside, what she filled in goes along, its identity becomes a proposal. Raises what
    `why_not_give` returns.
    """
    user, draft = claim.user, own_record(claim.user)
    if error := why_not_give(claim, talent):
        raise error
    claim.before = json.dumps(_plain(talent, draft), default=str)
    if draft is not None:
        draft.user, draft.state = None, TalentState.DRAFT
        draft.save(update_fields=["user", "state"])
        audit.record("talents.merge_draft", draft, by=by, at=now, into=talent.pk, state=draft.state)
    talent.user, talent.updated_at = user, now
    _carry_over(draft, talent, now)
    if user.phone_verified:
        talent.phone = user.phone
    talent.save()
    user.talent = talent
    keep_account_in_step(talent, now)
    if draft is not None:
        typed = {name: value for name in IDENTITY_FIELDS if (value := getattr(draft, name))}
        propose(talent=talent, values=typed, by=by, now=now)
    claim.talent, claim.kept, claim.by_phone = talent, draft, by_phone
    close(claim, ClaimState.GRANTED, None if by_phone else by, now)
    for obj in (claim, talent):
        audit.record("talents.claim", obj, by=by, at=now, by_phone=by_phone, state=obj.state)
    if not by_phone:
        tell("talents.claim_granted", claim, now)
    return claim


def _carry_over(draft, talent, now):
    """Bring what she filled in into the record, her career along; she is asked to look it through."""
    keeping.ask_from(talent, now)
    if draft is None:
        return
    names = [n for n in CARRIED if getattr(draft, n) and n not in ("unit", "unit_text")]
    for name in names:
        setattr(talent, name, getattr(draft, name))
    if draft.unit_name:
        talent.unit, talent.unit_text = draft.unit, draft.unit_text
        names += ["unit", "unit_text"]
    stamp(talent, names, FactSource.SELF, now)
    keeping.hand_on(draft.career.all(), talent)


def _plain(talent, draft):
    """Return what a claim changes in a record, as JSON takes it; with the entries it had, and those that join it.

    So that a wrong one leaves nothing, with the newest version of both as well.
    """
    names = [name for name in CARRIED if name != "unit"] + list(OTHERS)
    entries = {entry.pk: _values(entry, OF_ENTRY) for entry in talent.career.all()}
    joining = list(draft.career.values_list("pk", flat=True)) if draft else []
    said = {"record": _values(talent, names), "entries": entries, "joining": joining}
    history = CareerEntry.history.filter(talent=talent).aggregate(newest=Max("history_id"))
    return said | {"version": versions.newest(talent), "entry_version": history["newest"] or 0}


def _values(row, names):
    return {name: getattr(row, name) for name in names}
