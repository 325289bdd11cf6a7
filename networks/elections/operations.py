"""An election is prepared, its calls too; whom a call selects holds the post in the new term; the clock reminds."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from calls import operations as calling
from calls.models import ApplicationState, CallKind, NominationSource, StageKind
from kernel import reasons
from kernel.days import DAY
from networks import letters
from networks.associations.operations import lock_association, standing
from networks.elections import rules
from networks.elections.models import Election, ElectionCall
from networks.posts import operations as posts
from networks.posts.models import SIX_MONTHS, THREE_MONTHS, Holding, Term
from networks.posts.rules import why_not_member
from privacy import audit

CHANGE = "networks.change_election"
STAGES = (StageKind.ACCEPTANCE, StageKind.PUBLIC_NOTICE, StageKind.DECISION)


@transaction.atomic
def open_election(*, association, number, starts_on, by, now):
    """Begin to prepare the election of a term. Raises Refused, Invalid, Conflict. Returns the Election."""
    association = standing(association, by, CHANGE)
    if error := rules.why_not_open(association, number, starts_on):
        raise error
    election = association.elections.create(number=number, starts_on=starts_on, opened_at=now)
    audit.record("networks.open_election", election, by=by, at=now)
    return election


def _locked(election, by):
    association = standing(election.association, by, CHANGE)
    election = association.elections.get(pk=election.pk)
    election.association = association
    return election


@transaction.atomic
def move_election(*, election, starts_on, by, now):
    """Let the new term begin on another day, while nothing is written. Raises Refused, Invalid, Conflict. Returns the Election."""
    election = _locked(election, by)
    if election.starts_on == starts_on:
        return election
    if error := rules.why_not_under_way(election) or rules.why_not_term_behind(
        election.association, election.number, starts_on
    ):
        raise error
    election.starts_on = starts_on
    election.save(update_fields=["starts_on"])
    audit.record("networks.move_election", election, by=by, at=now)
    return election


@transaction.atomic
def cancel_election(*, election, reason, by, now):
    """Call an election off that has written nothing. Undone by `restore_election`. Raises Refused, Invalid, Conflict.

    Returns the Election.
    """
    election = _locked(election, by)
    if error := rules.why_not_cancel(election):
        raise error
    reason = reasons.clean(reason, _("请写明取消的原因。"))
    election.cancelled_at, election.cancel_reason = now, reason
    election.save(update_fields=["cancelled_at", "cancel_reason"])
    audit.record("networks.cancel_election", election, by=by, at=now, reason=reason)
    return election


@transaction.atomic
def restore_election(*, election, by, now):
    """Take an election up again that was called off. Raises Refused, Invalid, Conflict. Returns the Election."""
    election = _locked(election, by)
    if error := rules.why_not_restore(election):
        raise error
    election.cancelled_at, election.cancel_reason = None, ""
    election.save(update_fields=["cancelled_at", "cancel_reason"])
    audit.record("networks.restore_election", election, by=by, at=now)
    return election


@transaction.atomic
def prepare_call(*, election, post, opens_at, closes_at, surplus_percent=20, by, now):
    """Write the call for a post as a draft: its seats, a surplus, public notice. Staff complete and publish it among calls.

    Raises Refused, Invalid, Conflict. Returns the ElectionCall.
    """
    election = _locked(election, by)
    if error := rules.why_not_prepare(election, post, opens_at, closes_at, surplus_percent, now):
        raise error
    fields = _fields_of_call(election, post) | {
        "opens_at": opens_at,
        "closes_at": closes_at,
        "surplus_percent": surplus_percent,
    }
    call = calling.add_call(fields=fields, stages=STAGES, by=by, now=now)
    line = {"kind": "text", "label": "参选陈述", "label_en": "Statement", "limit": 800}
    calling.save_field(call=call, values=line, by=by, now=now)
    seat, _is_new = ElectionCall.objects.update_or_create(
        election=election, post=post, defaults={"call": call}
    )
    audit.record("networks.prepare_call", seat, by=by, at=now)
    return seat


def _fields_of_call(election, post):
    association = election.association
    name_en = association.name_en or association.name
    return {
        "kind": CallKind.OTHER,
        "measure": rules.MEASURE,
        "department": association.department,
        "title": f"{association.name}第{election.number}届{post.title}候选人"[:80],
        "title_en": f"Candidates for {post.title_en or post.title}, {name_en}"[:160],
        "text": f"面向{association.name}会员。入选的在公示期满、公布结果后任职，任期{association.term_years}年。",
        "sources": [NominationSource.SELF, NominationSource.THIRD_PARTY],
        "places": post.seats,
    }


# --- results ---------------------------------------------------------------------------------------
def follow_result(*, application, now):
    """Let whom an election's call selects hold the post (kernel.portal, field `results`), once.

    The first result writes the term; the one before ends the day before. Raises DomainErrors, and then no result is told:
    nobody is elected without a surplus of candidates, as no member, twice on a rung, or to a seat that is taken.
    Returns the Holding, None for others.
    """
    if application.call.measure != rules.MEASURE:
        return None
    seat = ElectionCall.objects.of(application.call)
    if seat is None:
        return None
    if error := rules.why_not_elected(seat):
        raise error
    if application.state != ApplicationState.AWARDED:
        return None
    if found := Holding.objects.filter(application=application).first():
        return found
    association = lock_association(seat.election.association)
    term = _term_of(seat.election, association, now)
    # Who moves up from the reserve begins the day she does.
    moved_up = application.call.decided_at != now
    first_day = max(term.starts_on, timezone.localdate(now)) if moved_up else term.starts_on
    post, talent = seat.post, application.talent
    post.association = association
    if error := why_not_member(association, talent, first_day):
        raise error
    document = application.call.title
    return posts.hold(
        post, term, talent, now, first_day=first_day, document=document, application=application
    )


def _term_of(election, association, now):
    """Return the term an election is of; the first result begins it and ends the one before."""
    election = Election.objects.select_related("term").get(pk=election.pk)
    if election.term is not None:
        return election.term
    if error := rules.why_not_term_behind(association, election.number, election.starts_on):
        raise error
    last = association.terms.order_by("-starts_on").first()
    if last is not None:
        posts.cut_term(last, election.starts_on - DAY, now)
    years = association.term_years
    election.term = posts.begin_term(association, election.number, years, election.starts_on)
    election.save(update_fields=["term"])
    audit.record("networks.elect", election, by=None, at=now)
    return election.term


# --- the clock -------------------------------------------------------------------------------------
@transaction.atomic
def remind_of_election(*, term, now):
    """Remind, once each, six and three months before a term ends. A run that is missed loses none. Returns the Term."""
    term, today = _locked_term(term), timezone.localdate(now)
    if not term.starts_on <= today <= term.ends_on:
        return term
    if term.three_reminded_at is None and term.ends_on <= today + THREE_MONTHS:
        term.three_reminded_at = now
        term.six_reminded_at = term.six_reminded_at or now
        letters.election_ahead(term, 3, today, now)
    elif term.six_reminded_at is None and term.ends_on <= today + SIX_MONTHS:
        term.six_reminded_at = now
        letters.election_ahead(term, 6, today, now)
    term.save(update_fields=["six_reminded_at", "three_reminded_at"])
    return term


@transaction.atomic
def tell_overdue(*, term, now):
    """Tell the department's lead, once, that a term is over and nobody was elected. Returns the Term."""
    term, today = _locked_term(term), timezone.localdate(now)
    if term.is_overdue(today) and term.overdue_told_at is None:
        term.overdue_told_at = now
        term.save(update_fields=["overdue_told_at"])
        audit.record("networks.tell_overdue", term, by=None, at=now)
        letters.election_overdue(term, today, now)
    return term


def _locked_term(term):
    rows = Term.objects.select_related("association__department")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=term.pk)
