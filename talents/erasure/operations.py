"""Asking for an erasure, taking it back, carrying it out.

Each app declares its part beside what it hands out (`personal_data` in its portal.py): what is lost, and what it
erases. All of it is one transaction, so that a worker killed in the middle leaves nothing half done; rows of
imported lists go first, because looking through them takes long and may be repeated at will.
"""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import joint
from kernel import ids, portal, rights
from kernel.errors import Conflict, Invalid, Refused
from kernel.portal import Person
from kernel.sweeps import sweep
from kernel.worker import nudge_on_commit
from notices import operations as notices
from privacy import audit
from talents import departures
from talents.erasure import imported, waiting
from talents.erasure.models import Erasure, ErasureState, Ground
from talents.models import Talent, TalentState
from talents.operations.decisions import why_not_decide
from talents.operations.records import (
    lock_account,
    lock_record,
    merged_into,
    own_record,
    why_not_hers,
)

logger = logging.getLogger(__name__)
ERASE = "talents.erase"
RIGHT = "talents.erase_talent"
AGAIN = "talents.retry_erasure"
COOLING = timedelta(days=7)
REMINDED = timedelta(days=1)


def waiting_of(user):
    """Return the erasure of `user` that is still to come, or None."""
    return Erasure.objects.waiting().filter(user=user).first()


def why_not_ask(user):
    """Return why `user` cannot have herself erased (DomainError), or None: not while she works in the portal."""
    if user.is_staff or user.groups.exists():
        sentence = _("您的账号还有工作权限。请先由管理员收回角色、移交工作，再申请注销。")
        return Conflict("works_here", sentence)
    return None


@transaction.atomic
def ask_erasure(*, user, by, now):
    """Begin the time after which `user` is erased; returns the Erasure, the one that waits already where there is one.

    Raises Refused unless `by` is she herself, and what `why_not_ask` returns.
    """
    if error := why_not_hers(user.pk, by) or why_not_ask(user):
        raise error
    lock_account(user.pk)
    return waiting_of(user) or _begin(user, own_record(user), Ground.HERSELF, by, now)


def _begin(user, talent, ground, by, now):
    """Write it down; she is told at once, and once more a day before. Without an account there is nobody to wait for."""
    erasure = Erasure.objects.create(
        user=user,
        talent=talent,
        ground=ground,
        asked_by=by,
        asked_at=now,
        due_at=now + COOLING if user else now,
    )
    audit.record("talents.ask_erasure", erasure, by=by, at=now, ground=ground)
    if user:
        told = {"to": user, "obj": erasure, "at": now, "day": erasure.due_at}
        link = notices.page_link("my_data")
        notices.queue(waiting.LETTERS[0], link=link, **told)
        notices.queue(waiting.LETTERS[1], link=link, due_at=erasure.due_at - REMINDED, **told)
    return erasure


def why_not_withdraw(erasure, by):
    """Return why `by` cannot take an erasure back (DomainError), or None: she may until it is done."""
    if by is not None and erasure.user_id != by.pk:
        return Refused("not_yours", _("只有本人可以撤回注销申请。"))
    if erasure.state == ErasureState.DONE:
        return Conflict("erased", _("已经删除，不能撤回。"))
    return None


@transaction.atomic
def withdraw_erasure(*, erasure, by, now):
    """Take an erasure back; twice changes nothing. Returns it. Raises what `why_not_withdraw` returns."""
    if error := why_not_withdraw(erasure, by):
        raise error
    lock_account(erasure.user_id)
    erasure = Erasure.objects.select_for_update(of=("self",)).get(pk=erasure.pk)
    if error := why_not_withdraw(erasure, by):
        raise error
    if erasure.is_waiting:
        waiting.end(erasure, by, now)
    return erasure


# --- on her written request ------------------------------------------------------------------------


def why_not_ask_for(talent, by):
    """Return why `by` cannot ask for a woman to be erased on her written request (DomainError), or None."""
    if not rights.may(by, RIGHT):
        return Refused("may_not_erase", _("您没有办理删除的权限，请联系管理员。"))
    if error := why_not_decide(talent, by):
        return error
    if talent.state == TalentState.MERGED:
        return Conflict("merged", _("这份档案已并入另一份，请在保留的那份档案上重新办理删除。"))
    waits = waiting.why_waits(user=talent.user, talents=[talent])
    if talent.state == TalentState.ERASED or waits:
        return Conflict("erasure_waits", _("这份档案已经删除，或已在等待删除。"))
    return why_not_ask(talent.user) if talent.user_id else None


@transaction.atomic
def ask_erasure_for(*, talent, reason, by, now):
    """Ask, on her written request, that a woman be erased; a second person confirms. Returns the JointAction.

    The reason stays in the audit log for good, so it may not say who she is: Invalid("reason_names_her").
    Raises what `why_not_ask_for` returns and what joint.ask raises.
    """
    if error := why_not_ask_for(talent, by):
        raise error
    if _names(talent, reason):
        sentence = _("理由会留在审计日志里，请不要写姓名和号码，写申请书的日期或编号即可。")
        raise Invalid("reason_names_her", sentence, field="reason")
    return joint.ask(
        kind=ERASE, person=talent.user, object_id=talent.pk, by=by, now=now, reason=reason
    )


def _names(talent, reason):
    known = (talent.full_name, talent.phone, talent.id_number, talent.email)
    return any(word and word in reason for word in known)


def carry_out(action, *, by, now):
    """Begin the erasure two people stand behind. Raises what the rules say by now, Conflict("record_gone")."""
    named = Talent.objects.filter(pk=action.object_id).first()
    talent = named and lock_record(named)
    if talent is None:  # the list that brought it was taken back
        raise Conflict("record_gone", _("这份档案已随名单撤销删除，不用再办理。"))
    if error := why_not_ask_for(talent, None):
        raise error
    _begin(talent.user, talent, Ground.WRITTEN, action.requested_by, now)


def facts(action):
    """Return which record it is, as (label, value) pairs."""
    talent = Talent.objects.filter(pk=action.object_id).select_related("unit").first()
    return [(_("档案"), talent), (_("单位"), talent and talent.unit_name)]


# --- carrying it out -------------------------------------------------------------------------------


def person_of(erasure, pseudonym=""):
    """Return the Person an erasure is about: her account, what is hers by now, and what was put aside or merged into it."""
    return _person(erasure.user, _hers(erasure), pseudonym)


def _hers(erasure):
    """Return the records that are hers by now.

    The one an erasure names counts while it is: a wrong claim may have been taken back since, or a merge. What is
    carried out again on a restored backup names whose it became later.
    """
    user, named = erasure.user, erasure.talent
    own = own_record(user) if user else None
    counts = named and (named.user_id == erasure.user_id or erasure.ground == Ground.RESTORED)
    return [record for record in (own, named if counts and named != own else None) if record]


def _person(user, hers, pseudonym=""):
    """Return the Person of an account (or None) and its records, her own first, then those beside them."""
    aside = Talent.objects.filter(kept_by__user=user) if user else Talent.objects.none()
    records = {record.pk: record for record in (*hers, *aside.order_by("pk"), *merged_into(hers))}
    return Person(user, tuple(records.values()), pseudonym)


def losses(user, talent, now):
    """Return what is lost and what stays, as sentences of all apps."""
    own = talent or own_record(user)
    person = _person(user, [own] if own else [])
    return [line for part in portal.listed("personal_data") for line in part.lost(person, now)]


def erase_due(*, now):
    """Erase everybody whose time is over; returns how many. One that fails stops no other (kernel.sweeps).

    Who may stand in a list that is being read waits until its rows are there to be looked through.
    """
    due, unread = Erasure.objects.due(now), imported.oldest_unread(now)
    if unread:
        due = due.filter(due_at__lt=unread)
    return sweep(due, erase, "erasure", now=now)


def why_not_retry(erasure, by):
    """Return why `by` cannot have an erasure tried again that failed too often (DomainError), or None."""
    hers = by is None or Erasure.objects.visible_to(by).filter(pk=erasure.pk).exists()
    if not hers or not rights.may(by, AGAIN):
        return Refused("may_not_retry", _("您没有重试这项删除的权限，请联系管理员。"))
    if not Erasure.objects.waiting().set_aside().filter(pk=erasure.pk).exists():
        return Conflict("not_set_aside", _("这一条没有被搁置，不用重试。"))
    return None


@transaction.atomic
def retry_erasure(*, row, by, now):
    """Let the sweep take an Erasure up again that failed too often. Raises what `why_not_retry` returns."""
    if error := why_not_retry(row, by):
        raise error
    Erasure.objects.filter(pk=row.pk).update(sweep_failures=0)
    audit.record(AGAIN, row, by=by, at=now)
    nudge_on_commit("talents.tasks.erase_due")


def erase(*, erasure, now):
    """Erase one person; once it is done, or taken back meanwhile, nothing happens. Returns the Erasure."""
    if not Erasure.objects.due(now).filter(pk=erasure.pk).exists():
        return erasure
    rows = imported.forget(person_of(erasure))
    return _erase_at_once(erasure, rows, now)


@transaction.atomic
def _erase_at_once(erasure, rows, now):
    """Lock her account, then her records, then let each app erase its part, the highest first."""
    if erasure.user_id:
        lock_account(erasure.user_id)
    erasure = Erasure.objects.select_for_update(of=("self",)).get(pk=erasure.pk)
    if not erasure.is_waiting:
        return erasure
    person = _locked(person_of(erasure, ids.code()))
    erasure.talent = next(reversed(_hers(erasure)), None)
    for record in person.records:
        departures.follow(record, hers=True, now=now)
    counts = {"imported": rows}
    for label, declared in reversed(portal.declarations().items()):
        if part := declared.personal_data:
            counts[label] = part.erase(person, now)
    erasure.state, erasure.ended_at, erasure.counts = ErasureState.DONE, now, counts
    erasure.save(update_fields=["talent", "state", "ended_at", "counts"])
    audit.record(ERASE, erasure, by=erasure.asked_by, at=now, **counts)
    for record in person.records:
        audit.record(ERASE, record, by=erasure.asked_by, at=now, state=TalentState.ERASED)
    logger.warning("erased: account %s, record %s", erasure.user_id, erasure.talent_id)
    return erasure


def _locked(person):
    pks = [record.pk for record in person.records]
    records = tuple(Talent.objects.locked().filter(pk__in=pks).order_by("pk"))
    return Person(person.user, records, person.pseudonym)
