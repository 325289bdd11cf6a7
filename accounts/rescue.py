"""An administrator helps somebody back in: another phone, a second factor taken off. She is told of both.

What tells her lies above accounts (notices.watch reads the audit log); the number that was replaced is no
account's any more, so its SMS leaves from here, after the commit.
"""

import json
import logging

from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import access, joint, operations, phones
from accounts.models import User
from kernel import gateways, masking, reasons, rights
from kernel.errors import Conflict, Invalid, Refused
from privacy import audit

logger = logging.getLogger(__name__)
RESCUE = "accounts.rescue_staff"


def why_not_rescue(user, by):
    """Return why `by` may not change how `user` signs in (DomainError), or None."""
    if not rights.may(by, "accounts.change_user"):
        return Refused("not_allowed", _("您没有这项操作的权限，请联系系统管理员。"))
    if by is None:
        return None
    if user.pk == by.pk:
        return Refused("own_account", _("请在“账号与安全”里办理自己的手机号和双重验证。"))
    if user.is_superuser and not by.is_superuser:
        return Refused("superuser", _("超级管理员的账号只能由超级管理员修改。"))
    return None


def _locked(user, by):
    if error := why_not_rescue(user, by):
        raise error
    user = User.objects.select_for_update().get(pk=user.pk)
    if error := why_not_rescue(user, by) or access.why_not_rescue_alone(user, by):
        raise error
    return user


@transaction.atomic
def ask_rescue(*, user, reason, by, now, phone=""):
    """Ask for another phone (any spelling of a mainland number), or without one for a reset, for a member of staff.

    Whoever gets into her account reads what she may, so a second person confirms it (accounts.joint).
    Returns the JointAction. Raises Refused, Invalid("phone_invalid", "reason_missing"), Conflict.
    """
    if error := why_not_rescue(user, by):
        raise error
    params = {"phone": _number(phone)} if phone else {}
    return joint.ask(kind=RESCUE, person=user, by=by, now=now, reason=reason, params=params)


def carry_out(action, *, by, now):
    """Do what was confirmed, in the name of the system: two people stand behind it."""
    given = {"user": action.person, "reason": action.reason, "by": None, "now": now}
    if phone := json.loads(action.params).get("phone"):
        replace_phone(phone=phone, **given)
    else:
        reset_second_factor(**given)


def facts(action):
    """Return what becomes of her way of signing in, as (label, value) pairs."""
    if phone := json.loads(action.params).get("phone"):
        return [(_("手机号改为"), masking.phone(phone))]
    return [(_("双重验证"), _("全部移除，下次登录重新设置"))]


def kept(params):
    """Return what stays of a request's values: enough of the number to recognise it."""
    return params | ({"phone": masking.phone(params["phone"])} if "phone" in params else {})


def _why(reason):
    return reasons.clean(reason, _("请写明理由，至少四个字。"))


def _number(phone):
    number = phones.normalise(phone)
    if number is None:
        raise Invalid("phone_invalid", _("请填写 11 位中国大陆手机号。"), field="phone")
    return number


@transaction.atomic
def replace_phone(*, user, phone, reason, by, now):
    """Give an account another phone (any spelling of a mainland number), on an administrator's word; returns it.

    She has shown who she is in some other way, which `reason` says. The number counts as proved, the old
    one is told. The number she has already changes nothing. Raises Refused, Invalid("phone_invalid",
    "reason_missing", "reason_too_long"), Conflict("phone_taken").
    """
    user, reason = _locked(user, by), _why(reason)
    number = _number(phone)
    old = user.phone
    if (old, user.phone_verified) == (number, True):
        return user
    try:
        with transaction.atomic():
            operations.set_phone(user=user, phone=number, verified=True, by=by, now=now)
    except IntegrityError as error:
        sentence = _("这个手机号已是另一个账号的，请先核对。")
        raise Conflict("phone_taken", sentence, field="phone") from error
    operations.end_sessions(user)  # the old phone may be in other hands
    audit.record("accounts.replace_phone", user, by=by, at=now, reason=reason)
    if old:
        transaction.on_commit(lambda: _tell_old_number(old, user))
    return user


def _tell_old_number(old, user):
    with translation.override(user.language):
        text = _("您的两江女性科技人才门户账号已由管理员换绑手机号。如非本人要求，请立即联系我们。")
    try:
        gateways.sms().send(old, text, kind="phone_replaced", params={})
    except Exception as error:  # every provider raises its own kinds
        code = getattr(error, "code", type(error).__name__)
        logger.error("the old number %s was not told: %s", masking.phone(old), code)


@transaction.atomic
def reset_second_factor(*, user, reason, by, now):
    """Take every second factor off an account whose owner has lost it; she sets a new one up; returns it.

    An account without one is left as it is. Raises Refused, Invalid("reason_missing", "reason_too_long").
    """
    user, reason = _locked(user, by), _why(reason)
    kinds = sorted(set(Authenticator.objects.filter(user=user).values_list("type", flat=True)))
    if not kinds:
        return user
    Authenticator.objects.filter(user=user).delete()
    operations.end_sessions(user)
    audit.record("accounts.reset_second_factor", user, by=by, at=now, reason=reason, kinds=kinds)
    return user
