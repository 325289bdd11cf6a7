"""She asks for the record a unit reported of her, and takes her claim back."""

import datetime
import secrets

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from kernel.errors import Conflict, Invalid, Refused
from privacy import audit, consents, crypto, limits
from privacy.crypto import blind_index
from privacy.models import Consent
from talents.erasure.models import Erasure
from talents.models import (
    IDENTITY_NUMBER,
    TALENT_DATABASE,
    Claim,
    ClaimState,
    Talent,
)
from talents.operations.claims.giving import close, decided, give, lock, why_not_have
from talents.operations.claims.proving import send_code
from talents.operations.records import home_department, lock_account, own_record, why_not_hers

A_DAY_EACH, AN_HOUR_EACH_ADDRESS = 3, 20
ADDRESS_LOCK = 0x636C61


def name_of(user, talent):
    """Return the name a record is looked for by: the one in her own record, else her account's."""
    return (talent and talent.full_name) or user.full_name


def offered_record(user):
    """Return the record of her name that a unit reported with the phone she has proved, or None.

    Of several none is chosen.
    """
    index = user.phone_index if user.phone_verified else None
    name = name_of(user, own_record(user))
    found = list(claimable(name).filter(phone_index=index)[:2]) if index and name else []
    return found[0] if len(found) == 1 else None


def claimable(name):
    """Return the verified records of this name that nobody has claimed, but for those about to be erased."""
    gone = Erasure.objects.waiting().exclude(talent=None).values("talent")
    return Talent.objects.verified().filter(user=None, full_name=name).exclude(pk__in=gone)


def open_claim(user):
    """Return her claim that waits, or None."""
    return user.claims.waiting().first()


def why_not_ask(user, by, now, address=""):
    """Return why she cannot claim a record now (DomainError), or None; consents are another question.

    `address` is the digest of the address she asks from.
    """
    if error := why_not_hers(user.pk, by):
        return error
    if open_claim(user):
        return Conflict(
            "claim_waiting", _("您的认领申请正在核对，请等待结果，或先撤回再重新申请。")
        )
    return why_not_have(user) or _why_too_often(user, address, now)


def _why_too_often(user, address, now):
    if _asked_today(user, now) >= A_DAY_EACH:
        return Conflict(
            "too_many_claims", _("今天的认领申请次数已用完，请明天再试，或联系工作人员。")
        )
    if _asked_nearby(address, now) >= AN_HOUR_EACH_ADDRESS:
        sentence = _("这个网络的认领申请过多，请一小时后再试，或联系工作人员。")
        return Conflict("too_many_claims", sentence)
    return None


def _asked_today(user, now):
    return user.claims.filter(asked_at__gt=now - datetime.timedelta(days=1)).count()


def _asked_nearby(address, now):
    hour = now - datetime.timedelta(hours=1)
    return Claim.objects.filter(address=address, asked_at__gt=hour).count() if address else 0


def why_not_consented(user, *, id_number):
    """Return which consent a claim still needs (Refused), or None."""
    if not Consent.objects.granted_by(user, TALENT_DATABASE):
        sentence = _("认领前请先同意将档案存入人才数据库。")
        return Refused("consent_needed", sentence, field="agree")
    if id_number and not Consent.objects.granted_by(user, IDENTITY_NUMBER):
        sentence = _("填写身份证号需要您单独同意；不想填写可以留空。")
        return Refused("consent_needed", sentence, field="agree_number")
    return None


@transaction.atomic
def ask_for_record(
    *, user, full_name, by, now, id_number="", phone="", unit_text="", agreed=(), address=""
):
    """Ask for the record a unit reported of her; returns the Claim.

    `id_number` and `phone` (11 digits, the one the unit knows) are what she proves herself with,
    `agreed` the purposes she consents to in the same transaction, `address` the network address she asks
    from, kept as a digest, and sealed while the claim waits. A record reported with the phone she has proved is hers at once. Where one with another phone
    fits, a code goes there; a clerk sees every claim. The answer is the same where nothing fits. Raises
    Refused("not_yours"), Refused("consent_needed"), Conflict("claim_waiting"), Conflict("has_record"),
    Conflict("too_many_claims"), Invalid("name_missing").
    """
    if error := why_not_hers(user.pk, by):
        raise error
    for purpose in agreed:
        consents.grant(user=user, purpose=purpose, by=by, now=now, source="claim")
    user = lock_account(user.pk)
    digest = address_digest(address)
    _lock_address(digest)
    if error := why_not_ask(user, by, now, digest) or why_not_consented(user, id_number=id_number):
        raise error
    if not full_name:
        raise Invalid("name_missing", _("请填写您的姓名。"), field="full_name")
    talent, by_phone = _match(user, full_name, id_number, phone)
    claim = Claim.objects.create(
        user=user,
        talent=talent,
        department=talent.department if talent else home_department(),
        full_name=full_name,
        id_number=id_number or None,
        phone=phone or None,
        unit_text=unit_text,
        code=f"{secrets.randbelow(10**6):06d}",
        code_address=address or None,
        code_sends=1,
        code_sent_at=now,
        address=digest,
        asked_at=now,
    )
    audit.record("talents.ask_for_record", claim, by=by, at=now)
    _alert_at_limit(user, digest, now)
    if by_phone:
        claim = lock(claim)
        return give(claim, claim.talent, by, now, by_phone=True)
    send_code(claim)
    return claim


def _alert_at_limit(user, digest, now):
    """Tell the auditors of whoever may not ask again: a limit that is reached is the sign of trying."""
    asked, nearby = _asked_today(user, now), _asked_nearby(digest, now)
    if asked >= A_DAY_EACH or nearby >= AN_HOUR_EACH_ADDRESS:
        limits.alert("claims", by=user, now=now, count=max(asked, nearby))


def _lock_address(address):
    """Let claims from one address be counted one at a time."""
    if address:
        with connection.cursor() as cursor:
            number = int(address[:8], 16) % 2**31
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [ADDRESS_LOCK, number])


def _match(user, full_name, id_number, phone):
    """Return (the one record that fits or None, whether she has proved its phone)."""
    proved = user.phone_index if user.phone_verified else None
    index, phone_index = blind_index("id_number", id_number), blind_index("phone", phone)
    fits = Q(pk__in=())
    for name, value in (("id_number_index", index), ("phone_index", phone_index)):
        if value:
            fits |= Q(**{name: value})
    if proved:
        fits |= Q(phone_index=proved)
    found = list(claimable(full_name).filter(fits).order_by("pk"))
    if index and (numbered := [talent for talent in found if talent.id_number_index == index]):
        found = numbered
    talent = found[0] if len(found) == 1 else None
    return talent, bool(talent and proved and talent.phone_index == proved)


@transaction.atomic
def withdraw_claim(*, claim, by, now):
    """Take back a claim that waits; taking it back twice changes nothing. Returns the Claim.

    Raises Refused("not_yours"), Conflict("already_decided").
    """
    if error := why_not_hers(claim.user_id, by):
        raise error
    claim = lock(claim)
    if claim.state != ClaimState.WITHDRAWN:
        if not claim.is_waiting:
            raise decided()
        close(claim, ClaimState.WITHDRAWN, None, now)
        audit.record("talents.withdraw_claim", claim, by=by, at=now)
    return claim


def drop_claims(user, by, now):
    """Take back her waiting claim: she no longer agrees to being in the database."""
    for claim in user.claims.waiting().select_for_update():
        close(claim, ClaimState.WITHDRAWN, None, now)
        audit.record("talents.withdraw_claim", claim, by=by, at=now)


def forget_claimed_numbers(user):
    """Erase the identity numbers she gave with claims, and in drafts that were put aside."""
    user.claims.update(id_number=None)
    for draft in Talent.objects.filter(kept_by__user=user, id_number_index__isnull=False):
        draft.id_number = None
        draft.save(update_fields=["id_number", "id_number_index"])


def address_digest(address):
    """Return the keyed digest an address is counted by; "" for none."""
    return crypto.keyed_digest("claim-address", address) if address else ""
