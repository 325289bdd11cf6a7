"""Terms begin, are extended once, and end; posts are kept; somebody holds one, resigns, is put right."""

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from calls.operations import note_taken_back
from kernel.days import DAY
from networks import letters, rights
from networks.associations.models import FilingKind
from networks.associations.operations import lock_association, note_change, standing
from networks.posts import rules
from networks.posts.models import EndReason, Holding, Post, Rung, Term
from privacy import audit

POST_FIELDS = ("title", "title_en", "rung", "seats", "runs", "order")
CHANGE_TERMS, EXTEND = "networks.change_association", "networks.extend_term"
CHANGE_POSTS, HOLD = "networks.change_association", "networks.change_holding"


# --- terms -----------------------------------------------------------------------------------------
@transaction.atomic
def add_term(*, association, number, starts_on, years=None, by, now):
    """Put down a term of an association; its length is by the charter where left out. Raises Refused, Invalid, Conflict.

    Returns the Term.
    """
    association = standing(association, by, CHANGE_TERMS)
    years = years or association.term_years
    if error := rules.why_not_term(association, number, years, starts_on):
        raise error
    term = begin_term(association, number, years, starts_on)
    audit.record("networks.add_term", term, by=by, at=now)
    return term


def begin_term(association, number, years, starts_on):
    """Store a term, for operations that hold the association's lock and have asked the rule. Returns the Term."""
    ends_on = rules.planned_end(starts_on, years)
    return association.terms.create(
        number=number, years=years, starts_on=starts_on, planned_ends_on=ends_on, ends_on=ends_on
    )


def _locked_term(term, by, permission):
    association = standing(term.association, by, permission)
    term = association.terms.get(pk=term.pk)
    term.association = association
    return term


@transaction.atomic
def extend_term(*, term, until, document, by, now):
    """Let a term run longer, once, by a document, by a year at most; who holds a post to its end holds it so much longer.

    Raises Refused, Invalid, Conflict. Returns the Term.
    """
    term = _locked_term(term, by, EXTEND)
    if (term.ends_on, term.extension_document) == (until, document) and term.is_extended:
        return term
    if error := rules.why_not_extend(term, until, document):
        raise error
    term.extended_at, term.extension_document = now, " ".join(document.split())
    _move_end(term, until)
    audit.record("networks.extend_term", term, by=by, at=now)
    return term


@transaction.atomic
def take_back_extension(*, term, by, now):
    """Take back that a term was extended: it ends as planned. Raises Refused, Conflict. Returns the Term."""
    term = _locked_term(term, by, EXTEND)
    if error := rules.why_not_take_back_extension(term):
        raise error
    term.extended_at, term.extension_document = None, ""
    _move_end(term, term.planned_ends_on)
    audit.record("networks.take_back_extension", term, by=by, at=now)
    return term


def _move_end(term, until):
    """Have a term end on another day, and with it what is held to its end; what is to be told of it, anew."""
    to_its_end = term.holdings.filter(last_day=term.ends_on, end_reason="")
    later = term.holdings.filter(last_day__gt=until, first_day__lte=until)
    (to_its_end if until > term.ends_on else later).update(last_day=until)
    term.ends_on = until
    term.six_reminded_at = term.three_reminded_at = term.overdue_told_at = None
    term.save()


def cut_term(term, last_day, now):
    """End a term before its time because another begins; for elections, under the association's lock."""
    if term.ends_on <= last_day:
        return
    held = term.holdings.real().filter(last_day__gt=last_day)
    held.filter(end_reason="").update(end_reason=EndReason.NEW_TERM, ended_at=now)
    # What was to begin later never does, and takes no seat of the new term.
    held.filter(first_day__gt=last_day).update(last_day=F("first_day") - DAY)
    held.update(last_day=last_day)
    term.ends_on = last_day
    term.save(update_fields=["ends_on"])


@transaction.atomic
def retry_term(*, row, by, now):
    """Let the clock try again what it could not tell of a term. Raises Refused. Returns the Term."""
    if error := rights.why_not_staff(row.association, by, CHANGE_TERMS):
        raise error
    row = Term.objects.select_for_update(of=("self",), no_key=True).get(pk=row.pk)
    if row.sweep_failures:
        row.sweep_failures = 0
        row.save(update_fields=["sweep_failures"])
        audit.record("networks.retry_term", row, by=by, at=now)
    return row


# --- posts -----------------------------------------------------------------------------------------
@transaction.atomic
def save_post(*, association, post=None, values, by, now):
    """Add (`post=None`) or change a post by the charter; `values` are of POST_FIELDS. Raises Refused, Invalid, Conflict.

    Returns the Post.
    """
    association = standing(association, by, CHANGE_POSTS)
    is_new = post is None
    post = Post(association=association) if is_new else association.posts.get(pk=post.pk)
    changed = [n for n in POST_FIELDS if n in values and getattr(post, n) != values[n]]
    for name in changed:
        setattr(post, name, values[name])
    post.title = " ".join(post.title.split())
    if error := rules.why_not_post_standing(post) or rules.why_not_post(post):
        raise error
    if changed:
        post.save()
        verb = "networks.add_post" if is_new else "networks.edit_post"
        audit.record(verb, post, by=by, at=now, fields=changed)
    return post


def _locked_post(post, by):
    association = standing(post.association, by, CHANGE_POSTS)
    post = association.posts.get(pk=post.pk)
    post.association = association
    return post


@transaction.atomic
def end_post(*, post, by, now):
    """Abolish a post nobody holds. Raises Refused, Conflict. Returns the Post."""
    post = _locked_post(post, by)
    if error := rules.why_not_end_post(post, timezone.localdate(now)):
        raise error
    post.ended_at = now
    post.save(update_fields=["ended_at"])
    audit.record("networks.end_post", post, by=by, at=now)
    return post


@transaction.atomic
def restore_post(*, post, by, now):
    """Bring an abolished post back. Raises Refused, Conflict. Returns the Post."""
    post = _locked_post(post, by)
    if error := rules.why_not_restore_post(post):
        raise error
    post.ended_at = None
    post.save(update_fields=["ended_at"])
    audit.record("networks.restore_post", post, by=by, at=now)
    return post


# --- who holds them --------------------------------------------------------------------------------
@transaction.atomic
def appoint(*, post, talent=None, outside="", first_day, document, by, now):
    """Note that somebody holds a post by a document, to the term's end: a by-election, or a term elected on paper.

    `talent` is a woman of the database, else `outside` says woman or man. Raises Refused, Invalid, Conflict.
    Returns the Holding.
    """
    association = standing(post.association, by, HOLD)
    if error := rules.why_not_person(talent, outside) or rules.why_not_document(document):
        raise error
    post, term = association.posts.get(pk=post.pk), association.terms.on(first_day).first()
    post.association = association
    if error := (
        rules.why_not_post_standing(post)
        or rules.why_not_term_on(term)
        or rules.why_not_member(association, talent, first_day)
    ):
        raise error
    holding = hold(post, term, talent, now, first_day=first_day, outside=outside, document=document)
    audit.record("networks.appoint", holding, by=by, at=now)
    return holding


def hold(post, term, talent, now, *, first_day, document, outside="", application=None):
    """Store that somebody holds a post to a term's end, for operations that hold the association's lock; she is told.

    Whose membership has ended by then gives way where she stands in the way. Raises Conflict where the seat is taken, or
    she is on the rung already. Returns the Holding.
    """
    if rules.why_not_hold(post, talent, first_day, term.ends_on):
        settle(
            Holding.objects.filter(Q(post=post) | Q(talent=talent)),
            post.association,
            first_day,
            now,
        )
    if error := rules.why_not_hold(post, talent, first_day, term.ends_on):
        raise error
    holding = Holding.objects.create(
        post=post,
        term=term,
        talent=talent,
        outside=outside,
        first_day=first_day,
        last_day=term.ends_on,
        document=" ".join(document.split()),
        application=application,
        noted_at=now,
    )
    holding.association, holding.rung = post.association, post.rung
    _follow_leaders(post, first_day, now)
    letters.post_given(holding, now)
    return holding


def _follow_leaders(post, day, now):
    """Put down that a registered society has to file who leads it."""
    if post.rung == Rung.LEADER:
        today = timezone.localdate(now)
        note_change(post.association, FilingKind.LEADERS, min(day, today), None, now)


def settle(held, association, day, now):
    """Write the end of those of some holdings that ended with a membership before a day: until then dates alone say so.

    Renewing late would bring them back, which only a successor forecloses.
    """
    held = held.real().filter(
        association=association, first_day__lt=day, last_day__gte=day, talent__isnull=False
    )
    for holding in held.select_related("talent"):
        if rules.why_not_member(association, holding.talent, day) is None:
            continue
        end = rules.membership_end(association, holding.talent, day)
        _end_with_membership(holding, max(end or holding.first_day, holding.first_day), now)


def let_go(association, talent, today, now):
    """Write that what she held ended with the membership that is over: who joins anew begins without a post.

    For operations that hold the association's lock, before the new membership begins.
    """
    end = rules.membership_end(association, talent, today) or today - DAY
    for holding in Holding.objects.filter(
        association=association, talent=talent, last_day__gte=today
    ):
        _end_with_membership(holding, max(end, holding.first_day - DAY), now)


def _end_with_membership(holding, last_day, now):
    holding.last_day = last_day
    holding.end_reason, holding.ended_at = EndReason.NOT_MEMBER, now
    holding.save(update_fields=["last_day", "end_reason", "ended_at"])
    audit.record("networks.end_holding", holding, by=None, at=now, code=holding.end_reason)


def locked_holding(holding):
    """Return a holding as it stands now, its association locked."""
    association = lock_association(holding.association)
    rows = Holding.objects.select_related("post", "term", "talent__user", "application__call")
    found = rows.get(pk=holding.pk)
    found.association = found.post.association = association
    return found


def _end(holding, last_day, reason, by, now):
    holding.last_day, holding.end_reason, holding.ended_at = last_day, reason, now
    holding.save(update_fields=["last_day", "end_reason", "ended_at"])
    audit.record("networks.end_holding", holding, by=by, at=now, code=reason)
    _follow_leaders(holding.post, last_day, now)


@transaction.atomic
def resign(*, holding, last_day, by, now):
    """Let her resign from a post by a day, from today on; until then she may take it back. Raises Refused, Invalid, Conflict.

    Returns the Holding.
    """
    if error := rules.why_not_hers(holding, by):
        raise error
    holding = locked_holding(holding)
    if (holding.end_reason, holding.last_day) == (EndReason.RESIGNED, last_day):
        return holding
    if error := rules.why_not_resign(holding, last_day, timezone.localdate(now)):
        raise error
    _end(holding, last_day, EndReason.RESIGNED, by, now)
    letters.resigned(holding, now)
    return holding


@transaction.atomic
def end_holding(*, holding, last_day, reason, by, now):
    """Note that somebody left a post, by the staff: resigned, removed, or never rightly elected. She is told.

    Void is written as never begun. Raises Refused, Invalid, Conflict. Returns the Holding.
    """
    if error := rights.why_not_staff(holding.association, by, HOLD):
        raise error
    holding = locked_holding(holding)
    if error := rules.why_not_reason(reason):
        raise error
    if reason == EndReason.VOID:
        last_day = holding.first_day - DAY
    if (holding.end_reason, holding.last_day) == (reason, last_day):
        return holding
    if error := rules.why_not_end(holding) or rules.why_not_last_day(holding, last_day):
        raise error
    _end(holding, last_day, reason, by, now)
    if reason == EndReason.VOID and holding.application:
        note_taken_back(application=holding.application, taken_back=True, now=now)
    letters.post_ended(holding, now)
    return holding


@transaction.atomic
def restore_holding(*, holding, by, now):
    """Take back that somebody left a post: she of her own resignation until its day, staff of what they noted.

    It goes on to the term's end. Raises Refused, Conflict where the seat is taken meanwhile. Returns the Holding.
    """
    if rules.why_not_hers(holding, by) and (
        error := rights.why_not_staff(holding.association, by, HOLD)
    ):
        raise error
    holding = locked_holding(holding)
    if error := (
        rules.why_not_restore(holding, by, timezone.localdate(now))
        or rights.why_not_standing(holding.association)
        or rules.why_not_hold(
            holding.post, holding.talent, holding.first_day, holding.term.ends_on, besides=holding
        )
    ):
        raise error
    if holding.end_reason == EndReason.VOID and holding.application:
        note_taken_back(application=holding.application, taken_back=False, now=now)
    holding.last_day, holding.end_reason, holding.ended_at = holding.term.ends_on, "", None
    holding.save(update_fields=["last_day", "end_reason", "ended_at"])
    audit.record("networks.restore_holding", holding, by=by, at=now)
    letters.post_restored(holding, now)
    return holding
