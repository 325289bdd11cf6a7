"""A verified identity, and work her unit reports, change by a clerk's decision: proposed, accepted or refused with a reason."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Unit
from accounts.names import unit_key
from kernel.errors import Conflict, Refused
from kernel.words import in_both_languages, listed
from notices import operations as notices
from privacy import audit
from talents import codes
from talents.career import keeping
from talents.career.sources import FactSource
from talents.identity.models import WORK_FIELDS
from talents.models import IDENTITY_FIELDS, Proposal, ProposalState
from talents.operations.decisions import clean_reason, lock_to_decide, why_not_decide
from talents.operations.records import (
    keep_account_in_step,
    lock_record,
    save_record,
    why_not_hers,
    why_not_number,
)

PROPOSED_NUMBERS = ("old_birth_month", "birth_month", "old_id_number", "id_number")
PROPOSED_WORDS = [f"{old}{name}" for name in ("full_name", *WORK_FIELDS) for old in ("", "old_")]


def open_proposal(talent):
    """Return her own proposal about her record (or None) that waits for a clerk, or None."""
    if not talent or not talent.is_verified:
        return None
    return talent.proposals.waiting().filter(unit=None).first()


def waiting_proposals(talent):
    """Return all proposals about a record that wait for a clerk, her own and her units'."""
    return talent.proposals.waiting().select_related("unit") if talent.is_verified else ()


def propose(*, talent, values, by, now):
    """Keep what she wants her identity to be, for a clerk to decide; the record stays as it is.

    `values` holds some of IDENTITY_FIELDS. What waits already is taken into account: asking for the
    same again changes nothing, for something else replaces it, for what the record says takes it back.
    Returns the waiting Proposal, or None. The caller holds the record's lock and has asked whether `by`
    may.
    """
    waiting = open_proposal(talent)
    current = {name: getattr(talent, name) or None for name in IDENTITY_FIELDS}
    wanted = {name: waiting.new(name) for name in IDENTITY_FIELDS} if waiting else current
    wanted = wanted | {name: value or None for name, value in values.items()}
    if waiting and all(wanted[name] == waiting.new(name) for name in IDENTITY_FIELDS):
        return waiting
    if waiting:
        state = ProposalState.WITHDRAWN if wanted == current else ProposalState.REPLACED
        _close(waiting, state, by, now)
    if wanted == current:
        return None
    old = {f"old_{name}": value for name, value in current.items()}
    old["old_full_name"], wanted["full_name"] = talent.full_name, wanted["full_name"] or ""
    proposal = Proposal.objects.create(talent=talent, proposed_at=now, **old, **wanted)
    audit.record(
        "talents.propose_change",
        talent,
        by=by,
        at=now,
        proposal=proposal.pk,
        fields=proposal.changed,
    )
    return proposal


def propose_by_unit(*, talent, unit_id, values, now):
    """Keep what a unit says of one woman's work by the rules of `propose_by_units`; returns the waiting Proposal, or None."""
    return propose_by_units([(talent, unit_id, values)], now=now)[0]


def propose_by_units(said, *, now):
    """Keep what units say of women's work, for a clerk to decide; the records stay as they say.

    `said` are (Talent, unit_id, values), each woman and unit once; `values` holds some of WORK_FIELDS; a unit she left is
    said by `unit_name`, "" where the new one is not known. The same again changes nothing, something else replaces what the
    unit said before, what the record says takes it back. As many statements for five hundred as for one. Returns the waiting
    Proposal of each, or None. The caller holds the records' locks.
    """
    people = {talent.pk for talent, _unit, _values in said}
    units = {unit_id for _talent, unit_id, _values in said}
    rows = Proposal.objects.waiting().filter(talent__in=people, unit__in=units)
    waiting = {(row.talent_id, row.unit_id): row for row in rows}
    closed, found = [], []
    for talent, unit_id, values in said:
        before = waiting.get((talent.pk, unit_id))
        current = {name: getattr(talent, name) for name in WORK_FIELDS}
        wanted = current | _without_position(values)
        if before and _says(before, wanted):
            found.append(before)
            continue
        if before:
            closed.append(_closed(before, talent, wanted == current, now))
        found.append(None if wanted == current else _by_unit(talent, unit_id, current, wanted, now))
    _store(closed, [proposal for proposal in found if proposal and not proposal.pk], now)
    return found


def _without_position(values):
    """Return what a unit says, the position given up where the unit is another one: it was held at the one she left."""
    return {"position": ""} | values if "unit_name" in values else values


def _says(proposal, wanted):
    return all(getattr(proposal, name) == value for name, value in wanted.items())


def _by_unit(talent, unit_id, current, wanted, now):
    old = {f"old_{name}": value for name, value in current.items()}
    return Proposal(talent=talent, unit_id=unit_id, proposed_at=now, **old, **wanted)


def _closed(proposal, talent, is_so, now):
    """Return a unit's proposal as it ends, in memory: taken back where the record says so (`is_so`), else replaced."""
    proposal.state = ProposalState.WITHDRAWN if is_so else ProposalState.REPLACED
    proposal.decided_at, proposal.talent = now, talent
    return proposal


def _store(closed, new, now):
    """Write what ended and what is new of units' proposals; closed first, because only one may wait."""
    Proposal.objects.bulk_update(closed, ["state", "decided_at"])
    Proposal.objects.bulk_create(new)
    withdrawn = [p for p in closed if p.state == ProposalState.WITHDRAWN]
    taken_back = [(p.talent, {"proposal": p.pk}) for p in withdrawn]
    audit.record_each("talents.withdraw_change", taken_back, by=None, at=now)
    said = [(p.talent, {"proposal": p.pk, "unit": p.unit_id, "fields": p.changed}) for p in new]
    audit.record_each("talents.propose_by_unit", said, by=None, at=now)


def _close(proposal, state, by, now, reason=""):
    proposal.state, proposal.decided_at, proposal.reason = state, now, reason
    proposal.decided_by = by if state in (ProposalState.ACCEPTED, ProposalState.REFUSED) else None
    proposal.save()
    if state == ProposalState.WITHDRAWN:
        audit.record(
            "talents.withdraw_change", proposal.talent, by=by, at=now, proposal=proposal.pk
        )


@transaction.atomic
def withdraw_proposal(*, proposal, by, now):
    """Take back a proposal that waits; taking it back twice changes nothing. Returns the Proposal.

    Raises Refused("not_yours"), Conflict("already_decided").
    """
    if error := why_not_hers(proposal.talent.user_id, by):
        raise error
    if proposal.unit_id:
        raise Refused("not_yours", _("这是单位报来的更正，由工作人员核对；不对的请联系所属部门。"))
    proposal = _lock(proposal)
    if proposal.state != ProposalState.WITHDRAWN:
        if error := _why_not_waiting(proposal):
            raise error
        _close(proposal, ProposalState.WITHDRAWN, by, now)
    return proposal


def why_not_accept(proposal, by):
    """Return why `by` cannot decide on a proposal as it stands (DomainError), or None."""
    return why_not_decide(proposal.talent, by) or _why_not_waiting(proposal)


def _why_not_waiting(proposal):
    if not proposal.is_waiting:
        return Conflict("already_decided", _("这项更正已经办理，请刷新页面。"))
    return None


def _lock(proposal):
    """Lock the record, then the proposal: in the order every operation takes."""
    talent = lock_record(proposal.talent)
    proposal = Proposal.objects.select_for_update().get(pk=proposal.pk)
    proposal.talent = talent
    return proposal


def _take_up(proposal, by):
    """Lock a waiting proposal for a clerk's decision; the second of two clerks is told so."""
    talent = lock_to_decide(proposal.talent, by)
    proposal = Proposal.objects.select_for_update().get(pk=proposal.pk)
    proposal.talent = talent
    if error := _why_not_waiting(proposal):
        raise error
    return proposal


def _why_not_apply(proposal):
    talent = proposal.talent
    if any((getattr(talent, name) or None) != proposal.old(name) for name in proposal.changed):
        sentence = _("提出更正之后，档案里的这几项已有变化，请不通过并请对方重新提出。")
        return Conflict("record_changed", sentence)
    if "id_number" in proposal.changed:
        return why_not_number(talent, proposal.id_number)
    return None


@transaction.atomic
def accept_proposal(*, proposal, by, now):
    """Write what was proposed into her record, and her name into her account; tells her. Returns the Proposal.

    Raises what `why_not_decide` returns, Conflict("already_decided"), Conflict("record_changed"),
    Conflict("id_number_known").
    """
    proposal = _take_up(proposal, by)
    if error := _why_not_apply(proposal):
        raise error
    talent, values = proposal.talent, _values(proposal)
    before = keeping.present(talent)
    for name, value in values.items():
        setattr(talent, name, value)
    source = FactSource.UNIT if proposal.unit_id else FactSource.SELF
    former = keeping.settle(talent, before, values, source, now)
    talent.updated_at = now
    save_record(talent)
    keeping.store(former)
    keep_account_in_step(talent, now)
    _close(proposal, ProposalState.ACCEPTED, by, now)
    action = "talents.accept_unit_change" if proposal.unit_id else "talents.accept_change"
    said = {"proposal": proposal.pk, "fields": sorted(values)}
    audit.record(action, talent, by=by, at=now, **said)
    _tell_accepted(proposal, now)
    return proposal


def _values(proposal):
    """Return {column of the record: value} of what a proposal changes."""
    values = {name: getattr(proposal, name) for name in proposal.changed}
    if "unit_name" in values:
        name = values.pop("unit_name")
        found = list(Unit.objects.filter(match_key=unit_key(name))[:2]) if name else []
        unit = found[0] if len(found) == 1 else None
        values |= {"unit": unit, "unit_text": "" if unit else name}
    if level := codes.title_level(values.get("professional_title", "")):
        values["title_level"] = level.value
    return values


def _tell_accepted(proposal, now):
    if not proposal.unit_id:
        _tell("talents.change_accepted", proposal, now)
        return
    words = in_both_languages(lambda: listed(str(label) for label, _old, _new in proposal.rows))
    context = {"name": proposal.talent.full_name, "fields": words}
    _tell("talents.corrected", proposal, now, **context)


@transaction.atomic
def refuse_proposal(*, proposal, reason, by, now):
    """Leave the record as it is and tell her why, if it was hers; returns the Proposal.

    Raises what `why_not_decide` returns, Conflict("already_decided"), Invalid("reason_missing"),
    Invalid("reason_too_long").
    """
    proposal = _take_up(proposal, by)
    reason = clean_reason(reason)
    _close(proposal, ProposalState.REFUSED, by, now, reason)
    audit.record(
        "talents.refuse_change",
        proposal.talent,
        by=by,
        at=now,
        reason=reason,
        proposal=proposal.pk,
    )
    if not proposal.unit_id:
        _tell("talents.change_refused", proposal, now, reason=reason)
    return proposal


def _tell(kind, proposal, now, **context):
    if user := proposal.talent.user:
        link = notices.page_link("profile")
        notices.queue(kind, to=user, obj=proposal, at=now, link=link, **context)


def drop_proposals(talent, by, now, about=None):
    """Take back what waits about a record (or, with `about`, about a field of it) that nobody may decide now."""
    for proposal in talent.proposals.waiting().select_for_update():
        if about is None or about in proposal.changed:
            _close(proposal, ProposalState.WITHDRAWN, by, now)


def forget_numbers(talent):
    """Erase the identity numbers in all proposals about a record: she withdrew her consent to them."""
    for proposal in talent.proposals.all():
        proposal.old_id_number = proposal.id_number = None
        proposal.save(update_fields=["old_id_number", "id_number"])


def empty_proposals(proposals):
    """Take out of proposals (a QuerySet) what was and what should be; when and how decided stays."""
    empty = dict.fromkeys(PROPOSED_NUMBERS) | dict.fromkeys(PROPOSED_WORDS, "")
    return proposals.update(unit=None, **empty)


def forget_proposed(talent, since):
    """Empty what whoever had a record by mistake wanted it to say, but for what a clerk decided it should."""
    hers = talent.proposals.filter(unit=None, proposed_at__gte=since)
    empty_proposals(hers.exclude(state=ProposalState.ACCEPTED))
