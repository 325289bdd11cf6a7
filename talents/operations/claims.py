"""A record a unit reported is claimed by its woman: asked for, proved by a code or decided by a clerk, undone.

Whoever asks is answered alike, whether or not there is such a record: otherwise names and numbers could
be tried until one fits. Nothing of hers goes into a record before it is hers, and its identity stays as it
was verified: what she had filled in differently becomes a proposal.
"""

import datetime
import json
import secrets

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from kernel import gateways, rights
from kernel.errors import Conflict, Invalid, Refused
from kernel.worker import nudge_on_commit
from notices import operations as notices
from privacy import audit, consents, crypto
from privacy.crypto import blind_index
from privacy.models import Consent
from talents import departures
from talents.models import (
    IDENTITY_FIELDS,
    IDENTITY_NUMBER,
    TALENT_DATABASE,
    Claim,
    ClaimState,
    Talent,
    TalentState,
)
from talents.operations.decisions import clean_reason, why_not_verify
from talents.operations.profile import STEP_FIELDS
from talents.operations.proposals import drop_proposals, propose
from talents.operations.records import (
    home_department,
    keep_account_in_step,
    lock_account,
    own_record,
    why_not_hers,
)

A_DAY_EACH, AN_HOUR_EACH_ADDRESS = 3, 20
CODE_MINUTES, MOST_SENDS = 10, 3
SEND_AGAIN = datetime.timedelta(minutes=1)
# What she has filled in herself is carried over into the record; its identity never is.
CARRIED = tuple(
    name for names in STEP_FIELDS.values() for name in names if name not in IDENTITY_FIELDS
)
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
    found = list(_claimable(name).filter(phone_index=index)[:2]) if index and name else []
    return found[0] if len(found) == 1 else None


def _claimable(name):
    return Talent.objects.verified().filter(user=None, full_name=name)


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
    return _why_not_have(user) or _why_too_often(user, address, now)


def _why_not_have(user):
    own = own_record(user)
    if own is not None and (own.verified_at or own.has_left_database):
        return Conflict("has_record", _("您已有入库的档案，如单位另报了一份，请联系工作人员合并。"))
    return None


def _why_too_often(user, address, now):
    today = user.claims.filter(asked_at__gt=now - datetime.timedelta(days=1))
    if today.count() >= A_DAY_EACH:
        return Conflict(
            "too_many_claims", _("今天的认领申请次数已用完，请明天再试，或联系工作人员。")
        )
    hour = now - datetime.timedelta(hours=1)
    near = Claim.objects.filter(address=address, asked_at__gt=hour) if address else None
    if near is not None and near.count() >= AN_HOUR_EACH_ADDRESS:
        sentence = _("这个网络的认领申请过多，请一小时后再试，或联系工作人员。")
        return Conflict("too_many_claims", sentence)
    return None


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
    `agreed` the purposes she consents to in the same transaction, `address` a digest of where she asks
    from. A record reported with the phone she has proved is hers at once. Where one with another phone
    fits, a code goes there; a clerk sees every claim. The answer is the same where nothing fits. Raises
    Refused("not_yours"), Refused("consent_needed"), Conflict("claim_waiting"), Conflict("has_record"),
    Conflict("too_many_claims"), Invalid("name_missing").
    """
    if error := why_not_hers(user.pk, by):
        raise error
    for purpose in agreed:
        consents.grant(user=user, purpose=purpose, by=by, now=now, source="claim")
    user = lock_account(user)
    _lock_address(address)
    if error := why_not_ask(user, by, now, address) or why_not_consented(user, id_number=id_number):
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
        code_sends=1,
        code_sent_at=now,
        address=address,
        asked_at=now,
    )
    audit.record("talents.ask_for_record", claim, by=by, at=now)
    if by_phone:
        claim = _lock(claim)
        return _grant(claim, claim.talent, by, now, by_phone=True)
    _send_code(claim)
    return claim


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
    found = list(_claimable(full_name).filter(fits).order_by("pk"))
    if index and (numbered := [talent for talent in found if talent.id_number_index == index]):
        found = numbered
    talent = found[0] if len(found) == 1 else None
    return talent, bool(talent and proved and talent.phone_index == proved)


# --- the code ---------------------------------------------------------------------------------


def _send_code(claim):
    """Have the worker send the code, whether or not there is a phone: both answers take as long."""
    nudge_on_commit("talents.tasks.send_claim_code", claim.pk)


def send_claim_code(claim):
    """Send the code of a waiting claim to the phone of the record, where there is one."""
    phone = claim.talent.phone if claim.is_waiting and claim.talent else None
    if phone:
        text = _("%(code)s 是认领人才档案的验证码，10 分钟内有效。如非本人操作，请勿告诉他人。")
        gateways.sms().send(
            phone, text % {"code": claim.code}, kind="code", params={"code": claim.code}
        )


def why_no_code(claim, now):
    """Return why no code can be sent again (DomainError), or None."""
    if not claim.is_waiting:
        return _decided()
    if claim.code_sends >= MOST_SENDS:
        sentence = _("验证码已发送 3 次，不能再发。工作人员会核对您的申请，结果会通知您。")
        return Conflict("code_spent", sentence)
    if now < claim.code_sent_at + SEND_AGAIN:
        return Conflict("code_too_soon", _("验证码刚刚发过，请一分钟后再获取。"))
    return None


@transaction.atomic
def send_code_again(*, claim, by, now):
    """Send the code of a claim once more, valid for ten minutes from now; returns the Claim.

    Raises Refused("not_yours"), Conflict("already_decided"), Conflict("code_spent"),
    Conflict("code_too_soon").
    """
    if error := why_not_hers(claim.user_id, by):
        raise error
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    if error := why_no_code(claim, now):
        raise error
    claim.code_sends, claim.code_sent_at = claim.code_sends + 1, now
    claim.save(update_fields=["code_sends", "code_sent_at"])
    audit.record("talents.send_claim_code", claim, by=by, at=now)
    _send_code(claim)
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
    return _prove(claim, code, by, now)


@transaction.atomic
def _prove(claim, code, by, now):
    claim = _lock(claim)
    if not claim.is_waiting:
        raise _decided()
    fresh = now < claim.code_sent_at + datetime.timedelta(minutes=CODE_MINUTES)
    right = secrets.compare_digest(claim.code or "", str(code or "")[:6])
    known = claim.talent is not None and claim.talent.phone
    if not (fresh and right and known) or _why_not_give(claim, claim.talent):
        sentence = _("验证码不正确或已过期。收不到验证码的，工作人员会核对您的申请。")
        raise Invalid("code_wrong", sentence, field="code")
    return _grant(claim, claim.talent, by, now, by_phone=True)


@transaction.atomic
def withdraw_claim(*, claim, by, now):
    """Take back a claim that waits; taking it back twice changes nothing. Returns the Claim.

    Raises Refused("not_yours"), Conflict("already_decided").
    """
    if error := why_not_hers(claim.user_id, by):
        raise error
    claim = _lock(claim)
    if claim.state != ClaimState.WITHDRAWN:
        if not claim.is_waiting:
            raise _decided()
        _close(claim, ClaimState.WITHDRAWN, None, now)
        audit.record("talents.withdraw_claim", claim, by=by, at=now)
    return claim


# --- a clerk decides --------------------------------------------------------------------------


def _decided():
    return Conflict("already_decided", _("这项认领已经办理，请刷新页面。"))


def _why_not_clerk(claim, by):
    if not rights.may(by, "talents.verify_talent"):
        return Refused("may_not_verify", _("您没有审核权限，请联系管理员。"))
    if by is not None and claim.user_id == by.pk:
        return Refused("own_record", _("不能审核您本人的档案，请由其他同事办理。"))
    if by is not None and not Claim.objects.visible_to(by).filter(pk=claim.pk).exists():
        return Refused("not_in_scope", _("这项认领不在您的办理范围内。"))
    return None


def why_not_decide_claim(claim, by):
    """Return why `by` cannot decide on a claim as it stands (DomainError), or None."""
    return _why_not_clerk(claim, by) or (None if claim.is_waiting else _decided())


def candidates(claim, by):
    """Return up to ten unclaimed records of the claim's name, or that fit it, which `by` may see."""
    fits = Q(full_name=claim.full_name)
    if claim.talent_id:
        fits |= Q(pk=claim.talent_id)
    return _visible(Talent.objects.verified().filter(fits, user=None), by)


def _why_not_give(claim, talent):
    """Return why the record cannot become hers (DomainError), or None."""
    if talent.user_id is not None or not talent.is_verified:
        return Conflict("already_claimed", _("这份档案已被认领，或不在库中，请刷新后重新选择。"))
    return _why_not_have(claim.user)


def _lock(claim):
    """Lock her account, her record and the claimed one by number, then the claim; returns the claim.

    The order is that of every operation on records, so two decisions wait and never for each other.
    """
    lock_account(claim.user)
    records = Q(user=claim.user_id) | Q(pk=claim.talent_id)
    list(Talent.objects.select_for_update().filter(records).order_by("pk"))
    return (
        Claim.objects.select_for_update(of=("self",))
        .select_related("user", "talent")
        .get(pk=claim.pk)
    )


@transaction.atomic
def grant_claim(*, claim, talent, by, now):
    """Make an unclaimed record hers, on a clerk's decision; tells her. Returns the Claim.

    What she has filled in goes into the record, its identity excepted; her own draft is kept aside. Raises
    Refused("may_not_verify"), Refused("own_record"), Refused("not_in_scope"),
    Conflict("already_decided"), Conflict("already_claimed"), Conflict("has_record").
    """
    if error := _why_not_clerk(claim, by):
        raise error
    claim.talent = talent
    chosen, claim = talent, _lock(claim)
    talent = Talent.objects.select_for_update().get(pk=chosen.pk)
    if error := why_not_decide_claim(claim, by) or _why_not_chosen(claim, talent, by):
        raise error
    return _grant(claim, talent, by, now)


def _why_not_chosen(claim, talent, by):
    if by is not None and not Talent.objects.visible_to(by).filter(pk=talent.pk).exists():
        return Refused("not_in_scope", _("这份档案不在您的办理范围内。"))
    return _why_not_give(claim, talent)


def _grant(claim, talent, by, now, *, by_phone=False):
    user, draft = claim.user, own_record(claim.user)
    if error := _why_not_give(claim, talent):
        raise error
    claim.before = json.dumps(_plain(talent))
    if draft is not None:
        draft.user, draft.state = None, TalentState.DRAFT
        draft.save(update_fields=["user", "state"])
        audit.record("talents.merge_draft", draft, by=by, at=now, into=talent.pk, state=draft.state)
    talent.user, talent.updated_at = user, now
    _carry_over(draft, talent)
    if user.phone_verified:
        talent.phone = user.phone
    talent.save()
    user.talent = talent
    keep_account_in_step(talent, now)
    if draft is not None:
        typed = {name: value for name in IDENTITY_FIELDS if (value := getattr(draft, name))}
        propose(talent=talent, values=typed, by=by, now=now)
    claim.talent, claim.kept, claim.by_phone = talent, draft, by_phone
    _close(claim, ClaimState.GRANTED, None if by_phone else by, now)
    for obj in (claim, talent):
        audit.record("talents.claim", obj, by=by, at=now, by_phone=by_phone, state=obj.state)
    if not by_phone:
        _tell("talents.claim_granted", claim, now)
    return claim


def _close(claim, state, by, now, reason=""):
    claim.state, claim.decided_at, claim.decided_by, claim.reason = state, now, by, reason
    claim.code = None
    claim.save()


def _tell(kind, claim, now, **context):
    link = notices.page_link("profile")
    key = f"{claim.pk}:{claim.state}"
    notices.queue(kind, to=claim.user, obj=key, at=now, link=link, **context)


def _carry_over(draft, talent):
    for name in CARRIED if draft else ():
        value = getattr(draft, name)
        if value and name not in ("unit", "unit_text"):
            setattr(talent, name, value)
    if draft and draft.unit_name:
        talent.unit, talent.unit_text = draft.unit, draft.unit_text


@transaction.atomic
def refuse_claim(*, claim, reason, by, now):
    """Leave the record to its woman and tell the one who asked why; returns the Claim.

    Raises Refused as `grant_claim` does, Conflict("already_decided"), Invalid("reason_missing").
    """
    if error := _why_not_clerk(claim, by):
        raise error
    claim = _lock(claim)
    if error := why_not_decide_claim(claim, by):
        raise error
    reason = clean_reason(reason)
    _close(claim, ClaimState.REFUSED, by, now, reason)
    audit.record("talents.refuse_claim", claim, by=by, at=now, reason=reason)
    _tell("talents.claim_refused", claim, now, reason=reason.rstrip("。.；;"))
    return claim


# --- a wrong claim is taken back --------------------------------------------------------------


def why_not_undo_claim(claim, by):
    """Return why `by` cannot take back a granted claim (DomainError), or None."""
    if error := _why_not_clerk(claim, by):
        return error
    if claim.state != ClaimState.GRANTED:
        return Conflict("not_granted", _("这项认领没有通过或已撤销，不用再撤销。"))
    return None


@transaction.atomic
def undo_claim(*, claim, reason, by, now):
    """Take a record back from an account it should not have gone to; returns the Claim.

    The record is as it was before, without an account, for its woman to claim; what she who had it
    filled in before is her own draft again, and what waits about the record is dropped. What other apps
    gave on the strength of it follows their rules (talents.departures). Raises Refused as
    `grant_claim` does, Conflict("not_granted"), Invalid("reason_missing").
    """
    if error := why_not_undo_claim(claim, by):
        raise error
    claim = _lock(claim)
    if error := why_not_undo_claim(claim, by):
        raise error
    reason = clean_reason(reason)
    talent = claim.talent
    drop_proposals(talent, by, now)
    departures.follow(talent, hers=False, now=now)
    talent.user, talent.updated_at = None, now
    talent.state = (
        TalentState.VERIFIED
    )  # whoever had it by mistake may have left the database with it
    _put_back(talent, claim.record_before)
    talent.save()
    if claim.kept is not None:
        claim.kept.user = claim.user
        claim.kept.save(update_fields=["user"])
        claim.user.talent = claim.kept
        keep_account_in_step(claim.kept, now)
    _close(claim, ClaimState.UNDONE, by, now, reason)
    for obj in (claim, talent):
        audit.record("talents.undo_claim", obj, by=by, at=now, reason=reason, state=obj.state)
    _tell("talents.claim_undone", claim, now, reason=reason.rstrip("。.；;"))
    return claim


def why_not_unite(talent, by):
    """Return why `by` cannot put a record that waits and a reported one together (DomainError), or None."""
    if error := why_not_verify(talent, by):
        return error
    if not talent.user_id or not same_person(talent, by):
        return Conflict("nothing_to_unite", _("没有可以和它合并的报送档案。"))
    return None


@transaction.atomic
def unite_records(*, talent, into, by, now):
    """Put a record she handed in and one a unit reported of her together, on a clerk's word; returns the Claim.

    As if she had claimed the reported one and a clerk had granted it, so it is undone alike. Raises what
    `why_not_unite` returns, and Conflict as `grant_claim` does.
    """
    if error := why_not_unite(talent, by):
        raise error
    claim = open_claim(talent.user) or Claim.objects.create(
        user=talent.user,
        department=talent.department,
        full_name=talent.full_name,
        id_number=talent.id_number,
        phone=talent.phone,
        unit_text=talent.unit_name,
        code_sent_at=now,
        asked_at=now,
    )
    return grant_claim(claim=claim, talent=into, by=by, now=now)


def same_person(talent, by):
    """Return up to ten unclaimed records of her name, number or phone that `by` may see."""
    fits = Q(full_name=talent.full_name)
    for name in ("id_number_index", "phone_index"):
        if value := getattr(talent, name):
            fits |= Q(**{name: value})
    return _visible(Talent.objects.verified().filter(fits, user=None).exclude(pk=talent.pk), by)


def _visible(rows, by):
    return list((rows.visible_to(by) if by else rows).select_related("unit").order_by("pk")[:10])


def drop_claims(user, by, now):
    """Take back her waiting claim: she no longer agrees to being in the database."""
    for claim in user.claims.waiting().select_for_update():
        _close(claim, ClaimState.WITHDRAWN, None, now)
        audit.record("talents.withdraw_claim", claim, by=by, at=now)


def forget_claimed_numbers(user):
    """Erase the identity numbers she gave with claims, and in drafts that were put aside."""
    user.claims.update(id_number=None)
    for draft in Talent.objects.filter(kept_by__user=user, id_number_index__isnull=False):
        draft.id_number = None
        draft.save(update_fields=["id_number", "id_number_index"])


def _plain(talent):
    """Return what a claim changes in a record, as JSON takes it."""
    values = {name: getattr(talent, name) for name in CARRIED if name != "unit"}
    return values | {"unit_id": talent.unit_id, "phone": talent.phone}


def _put_back(talent, values):
    for name, value in values.items():
        setattr(talent, name, value)


def address_digest(address):
    """Return the keyed digest an address is counted by; "" for none."""
    return crypto.keyed_digest("claim-address", address) if address else ""
