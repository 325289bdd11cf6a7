"""What one person must not do alone: she asks for it, and a second person carries it out.

Each app declares what needs two (`joint` in its `portal.py`): giving somebody rights here, taking over a
sensitive event in `events`. The operation of the thing itself refuses whoever comes alone, so that no page,
program or form is a way round; what is asked for is carried out by `confirm`.

The second person is another administrator. Where there is none, it is the auditor: she reads everything and changes
nothing, so she gains by no confirmation, and two administrators are more than a small office has. Neither
has asked for it, nor is she the one it is about or the one who gains by it.
"""

import json
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import JointAction, JointState, User
from kernel import portal, reasons, rights
from kernel.errors import Conflict, Refused
from privacy import audit

CONFIRM = "accounts.confirm_jointaction"
ADMINISTER = "accounts.change_user"
OPEN_FOR = timedelta(days=7)
SECOND_ROLES = ("administrator", "auditor")


def kinds():
    """Return {code: kernel.portal.Joint} of everything that needs two people."""
    return portal.merged("joint")


def works_alone(by):
    """Tell whether `by` is the system, or an administrator with nobody beside her: a new installation's first.

    A closed account counts as somebody: closing the others' accounts must not make her the only one.
    """
    return by is None or not seconds_besides(by)


def seconds_besides(by):
    """Tell whether there is an administrator or auditor other than `by` (None: at all), her account open or closed."""
    second = Q(groups__name__in=SECOND_ROLES) | Q(is_superuser=True, last_login__isnull=False)
    return User.objects.filter(second).exclude(pk=getattr(by, "pk", None)).exists()


def needs_second():
    """Return the Refused that says a second person has to confirm."""
    sentence = _("这项操作须由另一位管理员（或审计员）确认，请提交申请并写明理由。")
    return Refused("second_person", sentence)


@transaction.atomic
def ask(*, kind, person, by, now, reason, params=None, object_id=0, beneficiary=None):
    """Ask for something two people do; returns the JointAction. Who may ask is for the caller to know.

    Arguments:
        kind: one of `kinds`; `object_id`: what else it is about, as that kind means it.
        person: the User it is done to, who is told, None where she has no account; `beneficiary`: the User who gains by it.
        params: plain JSON values the kind's `carry_out` reads; kept encrypted.

    Asking for the same again returns what was asked. Raises what `why` raises,
    Conflict("joint_waiting") while something else is waiting for the same person and thing.
    """
    reason = why(reason)
    person_id = getattr(person, "pk", None)
    _lock_person(person_id)
    wanted = json.dumps(params or {}, ensure_ascii=False, sort_keys=True)
    same = JointAction.objects.waiting().filter(kind=kind, person=person, object_id=object_id)
    for waiting in same.select_for_update():
        if waiting.is_open(now):
            return _asked_before(waiting, wanted, by)
        _expire(waiting, now)
    action = JointAction.objects.create(
        kind=kind,
        person=person,
        object_id=object_id,
        beneficiary=beneficiary,
        params=wanted,
        reason=reason,
        requested_by=by,
        requested_at=now,
        expires_at=now + OPEN_FOR,
    )
    audit.record(
        "accounts.ask_joint", action, by=by, at=now, reason=reason, kind=kind, person=person_id
    )
    return action


def _lock_person(pk):
    """Lock whom a request is about, always before the request: what is carried out locks her as well."""
    if pk is not None:
        User.objects.select_for_update(no_key=True).get(pk=pk)


def why(reason):
    """Return a reason of four to 200 characters; raises Invalid("reason_missing", "reason_too_long")."""
    return reasons.clean(reason, _("请写明理由，至少四个字；确认的人会看到。"))


def _asked_before(waiting, wanted, by):
    if waiting.params == wanted and waiting.requested_by == by:
        return waiting
    sentence = _("已有一项同类申请在等待确认，请先处理或撤回它。")
    raise Conflict("joint_waiting", sentence)


def why_not_decide(action, by, at):
    """Return why `by` may not confirm or refuse this at the moment `at`, as a DomainError, else None."""
    if not rights.may(by, CONFIRM):
        return Refused("not_allowed", _("只有系统管理员或审计员可以确认。"))
    if by is not None and (error := _why_not_second(action, by)):
        return error
    if by is None and _others(action, CONFIRM).exists():
        return Refused("ask_administrator", _("门户里还有管理员或审计员可以确认，请由她办理。"))
    return _why_not_open(action, at)


def _why_not_second(action, by):
    """Two people: not the one who asked, not the one it is about, not the one who gains."""
    if by.pk == action.requested_by_id:
        return Refused("confirm_own_request", _("须由申请人以外的人确认，请转给另一位管理员。"))
    if by.pk in action.involved():
        return Refused("confirm_own_matter", _("这项申请与您本人有关，须由其他人确认。"))
    if not by.has_perm(ADMINISTER) and _others(action, ADMINISTER).exists():
        sentence = _("还有其他管理员可以确认；没有其他管理员时才由审计员确认。")
        return Refused("administrator_first", sentence)
    return None


def _others(action, permission):
    """Return the people with a right who have no part in this, as they stand now."""
    apart = {action.requested_by_id, *action.involved()}
    return User.objects.holding(permission).filter(is_staff=True).exclude(pk__in=apart)


def _why_not_open(action, at):
    if action.state == JointState.EXPIRED or (action.is_waiting and not action.is_open(at)):
        return Conflict("joint_expired", _("申请已过期，如仍需要请重新提交。"))
    if not action.is_waiting:
        return Conflict("joint_decided", _("这项申请已经处理。"))
    if not _may_still_ask(action):
        sentence = _("申请人的账号已停用，或她已没有提出这项申请的权限，不能再按她的申请办理。")
        return Conflict("requester_gone", sentence)
    return None


def _may_still_ask(action):
    """Tell whether who asked works here yet and has the right the request was made with; the console always has."""
    asked_by = action.requested_by
    if asked_by is None:
        return True
    works_here = asked_by.is_active and asked_by.is_staff
    return works_here and asked_by.has_perm(kinds()[action.kind].right)


def _locked(action, why_not, *asked):
    """Return the request as it stands, locked, if the rule lets it; who may not neither waits nor locks."""
    if error := why_not(action, *asked):
        raise error
    _lock_person(action.person_id)
    rows = JointAction.objects.select_related("requested_by", "person", "beneficiary")
    action = rows.select_for_update(of=("self",)).get(pk=action.pk)
    if error := why_not(action, *asked):
        raise error
    return action


def _end(action, state, by, now, reason=""):
    action.state, action.decided_by, action.decided_at = state, by, now
    action.decision_reason = reason
    action.params = json.dumps(kinds()[action.kind].kept(json.loads(action.params)))
    action.save(update_fields=["state", "decided_by", "decided_at", "decision_reason", "params"])


@transaction.atomic
def confirm(*, action, by, now):
    """Carry out what a colleague asked for; returns the JointAction.

    What the thing itself refuses by now is raised as it is and nothing is changed. `by=None` is the console,
    where nobody is left in the portal who could. Raises what `why_not_decide` returns.
    """
    action = _locked(action, why_not_decide, by, now)
    kinds()[action.kind].carry_out(action, by=by, now=now)
    _end(action, JointState.CONFIRMED, by, now)
    audit.record("accounts.confirm_joint", action, by=by, at=now, **_about(action))
    return action


def _about(action):
    return {"kind": action.kind, "person": action.person_id}


@transaction.atomic
def refuse(*, action, reason, by, now):
    """Turn down what a colleague asked for, with a reason she reads; returns the JointAction.

    Raises what `why_not_decide` returns and what `why` raises.
    """
    action = _locked(action, why_not_decide, by, now)
    reason = why(reason)
    _end(action, JointState.REFUSED, by, now, reason)
    audit.record("accounts.refuse_joint", action, by=by, at=now, reason=reason, **_about(action))
    return action


def why_not_withdraw(action, by):
    """Return why `by` may not take the request back, as a DomainError, else None: who asked may."""
    if by is not None and by.pk != action.requested_by_id:
        return Refused("not_yours", _("只有申请人本人可以撤回。"))
    if action.state not in (JointState.WAITING, JointState.WITHDRAWN):
        return Conflict("joint_decided", _("这项申请已经处理。"))
    return None


@transaction.atomic
def withdraw(*, action, by, now):
    """Take back what she asked for, while nobody has decided; twice changes nothing. Returns the JointAction.

    Raises what `why_not_withdraw` returns.
    """
    action = _locked(action, why_not_withdraw, by)
    if action.is_waiting:
        _end(action, JointState.WITHDRAWN, by, now)
        audit.record("accounts.withdraw_joint", action, by=by, at=now, **_about(action))
    return action


def expire_due(*, now):
    """End what nobody decided in time; returns how many."""
    due = JointAction.objects.waiting().filter(expires_at__lte=now).order_by("pk")
    return sum(_expire(action, now) for action in due)


@transaction.atomic
def _expire(action, now):
    action = JointAction.objects.select_for_update().get(pk=action.pk)
    if not action.is_waiting:
        return False
    _end(action, JointState.EXPIRED, None, now)
    audit.record("accounts.expire_joint", action, by=None, at=now, **_about(action))
    return True
