"""What she says about being asked; and what the apps call when they ask her and when she answers.

`ask` and `answer` are called in the app's own transaction, which has asked who may and keeps its own invitation. The
record's lock comes before the app's: who invites calls `lock` first, as everything that follows from a record does.
"""

from django.db import connection, transaction

from privacy import audit, consents
from talents.asking import rules
from talents.asking.models import Answer, Asked, AskedAnswer, AskingWish, kinds
from talents.models import Talent
from talents.operations.records import lock_account


# --- what she says --------------------------------------------------------------------------------
@transaction.atomic
def save_wish(*, talent, chosen, most_a_quarter, not_before, others, by, now):
    """Keep what a woman may be asked for (`chosen`, codes), how often a quarter, from when on, and whether by other departments.

    A day that has come says nothing any more. Raises Refused for anybody else, Invalid. Returns the AskingWish.
    """
    _own(talent, by)
    not_before = _still(talent, not_before, now)
    if error := rules.why_not_values(chosen, most_a_quarter, not_before, now):
        raise error
    if talent.user_id:
        consents.lock(talent.user)
    talent = _locked(talent)
    decide = consents.grant if others else consents.withdraw
    if talent.user_id:
        decide(user=talent.user, purpose=rules.ASKING, by=by, now=now, source="asking")
    said = {
        "kinds": sorted(set(chosen)),
        "most_a_quarter": most_a_quarter,
        "not_before": not_before,
        "stopped_at": None,
    }
    return _say(talent, said, "talents.save_asking_wish", by, now)


def _still(talent, not_before, now):
    """Return the day as it counts: one she said before, which has come, is none."""
    before = AskingWish.objects.filter(talent=talent).values_list("not_before", flat=True).first()
    come = rules.why_not_values((), 1, not_before, now)
    return None if come and not_before == before else not_before


@transaction.atomic
def stop_asking(*, talent, by, now):
    """Note that a woman does not wish to be asked for anything; what she said stays for `resume_asking`.

    Twice does nothing twice. Raises Refused for anybody else. Returns the AskingWish.
    """
    _own(talent, by)
    talent = _locked(talent)
    wish = _wish(talent, now)
    if wish.stopped_at:
        return wish
    return _say(talent, {"stopped_at": now}, "talents.stop_asking", by, now)


@transaction.atomic
def resume_asking(*, talent, by, now):
    """Note that a woman may be asked again, for what she said before. Raises Refused for anybody else.

    Returns the AskingWish.
    """
    _own(talent, by)
    talent = _locked(talent)
    wish = _wish(talent, now)
    if wish.stopped_at is None:
        return wish
    return _say(talent, {"stopped_at": None}, "talents.resume_asking", by, now)


def _own(talent, by):
    if error := rules.why_not_say(talent, by):
        raise error


def _locked(talent):
    """Lock her account, then her record; raises Refused where it left the database meanwhile."""
    if talent.user_id:
        lock_account(talent.user_id)
    talent = lock(talent)
    _own(talent, None)
    return talent


def _wish(talent, now):
    """Return what she said; where she said nothing, what that means (unsaved)."""
    found = AskingWish.objects.filter(talent=talent).first()
    return found or AskingWish(talent=talent, kinds=sorted(kinds()), noted_at=now)


def _say(talent, said, verb, by, now):
    wish = _wish(talent, now)
    for name, value in said.items():
        setattr(wish, name, value)
    wish.noted_at = now
    wish.save()
    audit.record(verb, talent, by=by, at=now)
    return wish


def allow(talent, kind, now):
    """Take up a kind into what a woman may be asked for: she has just said so elsewhere, and her record is locked."""
    wish = AskingWish.objects.filter(talent=talent).first()
    if wish and kind not in wish.kinds:
        wish.kinds, wish.noted_at = sorted([*wish.kinds, kind]), now
        wish.save(update_fields=["kinds", "noted_at"])


# --- what the apps call ---------------------------------------------------------------------------
def lock(talent):
    """Lock a woman's record before the app's own rows; returns it as it stands."""
    return Talent.objects.locked().get(pk=talent.pk)


def source_of(invitation):
    """Return how an app's invitation is named in the record of asking."""
    return f"{invitation._meta.label}:{invitation.pk}"


@transaction.atomic
def ask(*, invitation, talent, kind, department, now):
    """Put on record that a department asks a woman (locked) for something; `invitation` is the app's own row, saved.

    The same invitation again is the same asking, "again" among its answers: it undoes a decline and is no second time
    of the quarter. Raises what `why_not_ask` returns. Returns the Asked.
    """
    source = source_of(invitation)
    known = Asked.objects.with_answer().filter(source=source).first()
    if error := rules.why_not_ask(talent, kind, department, now, again=known is not None):
        raise error
    if known:
        if known.answer not in (None, Answer.AGAIN):
            AskedAnswer.objects.create(asked=known, answer=Answer.AGAIN, at=now)
        return known
    talent.asked_at = now
    Talent.objects.filter(pk=talent.pk).update(asked_at=now)
    return Asked.objects.create(
        talent=talent, kind=kind, source=source, department=department, at=now
    )


@transaction.atomic
def answer(*, invitation, answer, now):
    """Put on record what became of an invitation (an Answer); the same again adds nothing.

    Nothing follows where nobody was asked by this portal's record: invitations older than it.
    """
    known = Asked.objects.with_answer().filter(source=source_of(invitation)).first()
    if known and known.answer != answer:
        AskedAnswer.objects.create(asked=known, answer=answer, at=now)


# --- by rule --------------------------------------------------------------------------------------
def cut(before):
    """Delete what women were asked for before a moment, three years ago at the earliest; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT talents_cut_asked(%s)", [before])
        return cursor.fetchone()[0]


def move(numbers, talent):
    """Have rows, by number, name another record: merged into it, or parted again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT talents_move_asked(%s, %s)", [list(numbers), talent.pk])
