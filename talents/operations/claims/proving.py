"""The code that goes to the phone of the record, and makes it hers."""

import datetime
import secrets

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from kernel import gateways
from kernel.errors import Conflict, Invalid
from kernel.worker import nudge_on_commit
from privacy import audit, limits
from talents.models import Claim
from talents.operations.claims.giving import decided, give, lock, why_not_give
from talents.operations.records import why_not_hers

CODE_MINUTES, MOST_SENDS = 10, 3
SEND_AGAIN = datetime.timedelta(minutes=1)


def send_code(claim):
    """Have the worker send the code, whether or not there is a phone: both answers take as long."""
    nudge_on_commit("talents.tasks.send_claim_code", claim.pk)


def send_claim_code(claim):
    """Send the code of a waiting claim to the phone of the record, where there is one.

    Text messages have a budget for each network; she asked from `claim.code_address`. Raises GatewayError.
    """
    phone = claim.talent.phone if claim.is_waiting and claim.talent else None
    if phone:
        text = _("%(code)s 是认领人才档案的验证码，10 分钟内有效。如非本人操作，请勿告诉他人。")
        gateways.sms(claim.code_address or "").send(
            phone, text % {"code": claim.code}, kind="code", params={"code": claim.code}
        )


def why_no_code(claim, now):
    """Return why no code can be sent again (DomainError), or None."""
    if not claim.is_waiting:
        return decided()
    if claim.code_sends >= MOST_SENDS:
        sentence = _("验证码已发送 3 次，不能再发。工作人员会核对您的申请，结果会通知您。")
        return Conflict("code_spent", sentence)
    if now < claim.code_sent_at + SEND_AGAIN:
        return Conflict("code_too_soon", _("验证码刚刚发过，请一分钟后再获取。"))
    return None


@transaction.atomic
def send_code_again(*, claim, by, now, address=""):
    """Send the code of a claim once more, valid for ten minutes from now; returns the Claim.

    `address` is where she asks from. Raises Refused("not_yours"), Conflict("already_decided"), Conflict("code_spent"),
    Conflict("code_too_soon").
    """
    if error := why_not_hers(claim.user_id, by):
        raise error
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    if error := why_no_code(claim, now):
        raise error
    claim.code_sends, claim.code_sent_at = claim.code_sends + 1, now
    claim.code_address = address or None
    claim.save(update_fields=["code_sends", "code_sent_at", "code_address"])
    audit.record("talents.send_claim_code", claim, by=by, at=now)
    send_code(claim)
    return claim


def prove_claim(*, claim, code, by, now):
    """Make the record hers by the code that went to its phone; returns the Claim.

    Each try is counted by one UPDATE before it is looked at, outside any transaction, so that tries at
    once are counted too and a refusal takes none back. Raises Refused("not_yours"),
    Conflict("already_decided"), Conflict("code_spent"), Invalid("code_wrong").
    """
    if error := why_not_hers(claim.user_id, by):
        raise error
    rows = Claim.objects.filter(pk=claim.pk, tries__lt=Claim.MOST_TRIES)
    if not rows.update(tries=F("tries") + 1):
        sentence = _("验证码已试 5 次，不能再试。工作人员会核对您的申请，结果会通知您。")
        raise Conflict("code_spent", sentence)
    try:
        return _prove(claim, code, by, now)
    except Invalid:
        _alert_when_spent(claim, now)
        raise


def _alert_when_spent(claim, now):
    tries = Claim.objects.values_list("tries", flat=True).get(pk=claim.pk)
    if tries >= Claim.MOST_TRIES:
        with transaction.atomic():
            limits.lock(claim.user)
            limits.alert("claim_codes", by=claim.user, now=now, count=tries)


@transaction.atomic
def _prove(claim, code, by, now):
    claim = lock(claim)
    if not claim.is_waiting:
        raise decided()
    fresh = now < claim.code_sent_at + datetime.timedelta(minutes=CODE_MINUTES)
    typed = str(code or "")[:6].encode()  # texts are compared only where both are ASCII
    right = secrets.compare_digest((claim.code or "").encode(), typed)
    known = claim.talent is not None and claim.talent.phone
    if not (fresh and right and known) or why_not_give(claim, claim.talent):
        sentence = _("验证码不正确或已过期。收不到验证码的，工作人员会核对您的申请。")
        raise Invalid("code_wrong", sentence, field="code")
    return give(claim, claim.talent, by, now, by_phone=True)
