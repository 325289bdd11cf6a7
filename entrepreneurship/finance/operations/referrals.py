"""An introduction from her wish to the bank's last word, each step a row.

Locks: her answers of consent, the venture, the introduction. What a bank reads is read under the introduction's lock:
a withdrawal waits for it, and what reads afterwards finds nothing.
"""

import json
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from entrepreneurship.finance import referrals_letters as letters
from entrepreneurship.finance import referrals_rules as rules
from entrepreneurship.finance.models import (
    FinanceTerms,
    Referral,
    ReferralActor,
    ReferralState,
    ReferralStep,
    ReferralWay,
    SharedField,
)
from entrepreneurship.ventures.models import Venture, VentureFounder
from kernel import ids, reasons
from kernel.errors import Invalid
from places.holidays import working_days_between
from privacy import audit, consents, limits

State = ReferralState
SOURCE = "referral"


def locked_referral(referral):
    """Return an introduction with its row locked and all that rules ask of it."""
    rows = Referral.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("talent__user", "bank__unit", "product", "terms", "venture").get(
        pk=referral.pk
    )


# --- introducing -----------------------------------------------------------------------------------
def introduce(*, venture, product, purpose, way, shared, tells_amount, by, now):
    """Introduce the founder `by` to the bank of a product; returns the Referral, the same for the same wish twice.

    `way` is a ReferralWay; `shared` the SharedFields she ticked, for a bank that calls her. Raises what
    `why_not_introduce` returns.
    """
    if error := rules.why_not_ask(venture, by):
        raise error
    old = Referral.objects.filter(venture=venture, purpose=purpose).to_lapse(now).first()
    if old:
        lapse_referral(referral=old, now=now)
    return _introduce(venture, product, purpose, way, list(shared), tells_amount, by, now)


@transaction.atomic
def _introduce(venture, product, purpose, way, shared, tells_amount, by, now):
    if by is not None:
        consents.lock(by)
    venture = Venture.objects.select_for_update(of=("self",), no_key=True).get(pk=venture.pk)
    asks = Referral.objects.filter(venture=venture, purpose=purpose)
    same = asks.filter(product=product, way=way, state=State.INTRODUCED).first()
    if same and by is not None and same.talent.user_id == by.pk:
        return same
    error = rules.why_not_introduce(
        venture=venture, product=product, purpose=purpose, way=way, shared=shared, by=by, at=now
    )
    if error:
        raise error
    referral = Referral(
        venture=venture,
        talent=by.talent if by is not None else venture.talent,
        bank=product.bank,
        product=product,
        terms=FinanceTerms.objects.shown_on(timezone.localdate(now)).get(product=product),
        purpose=purpose,
        number=asks.count() + 1,
        way=way,
        tells_amount=tells_amount,
        introduced_at=now,
        introduced_on=timezone.localdate(now),
    )
    if way == ReferralWay.CALL:
        referral.shared = [name for name in SharedField.values if name in shared]
        referral.contents = json.dumps(_told(referral), ensure_ascii=False)
    referral.good_until = rules.good_until(referral, State.INTRODUCED)
    referral.due_on = rules.due_on(referral, State.INTRODUCED)
    referral.save()
    _step(referral, "", State.INTRODUCED, ReferralActor.HERSELF, by, now, referral.introduced_on)
    audit.record("entrepreneurship.introduce", referral, by=by, at=now, way=way)
    if way == ReferralWay.CALL:
        _agree(referral, by, now)
        letters.waits(referral, now, "introduced")
    return referral


def _told(referral):
    """Return {field: value} of what she ticked, as it is today."""
    talent, venture = referral.talent, referral.venture
    known = {
        SharedField.NAME: talent.full_name,
        SharedField.PHONE: (talent.user and talent.user.phone) or talent.phone or "",
        SharedField.VENTURE: venture.name,
        SharedField.USCC: venture.uscc or "",
        SharedField.INDUSTRY: venture.get_industry_display(),
    }
    return {name: str(known[name]) for name in referral.shared}


def _agree(referral, by, now):
    """Write her agreement into the register: to this one bank, until the introduction's thirty days are over."""
    if referral.talent.user is None:
        return
    consents.note(
        user=referral.talent.user,
        purpose=rules.PURPOSE,
        about=referral.code,
        granted=True,
        by=by,
        now=now,
        source=SOURCE,
        recipient=f"{referral.bank.unit.name}（{referral.bank.contact}）"[:100],
        good_until=rules.agreed_until(referral),
    )


def _step(referral, before, state, actor, by, now, on, **said):
    return ReferralStep.objects.create(
        referral=referral, before=before, state=state, actor=actor, by=by, at=now, on=on, **said
    )


def _move(referral, state, actor, by, now, on, *, reason="", band=""):
    """Write a step and what follows from it; returns the step."""
    before, referral.state = referral.state, state
    if state in rules.DAY_OF:
        setattr(referral, rules.DAY_OF[state], on)
    referral.reason, referral.band = reason, band or referral.band
    _settle(referral, now)
    referral.save()
    return _step(referral, before, state, actor, by, now, on, reason=reason, band=band)


def _settle(referral, now):
    """Set what follows from the state: until when it stands, what the bank owes, that it has ended."""
    if not referral.is_open:
        referral.ended_at, referral.due_on = referral.ended_at or now, None
        return
    referral.ended_at = None
    referral.good_until = rules.good_until(referral, referral.state)
    due = rules.due_on(referral, referral.state)
    if due != referral.due_on:
        referral.due_on, referral.reminded_on, referral.escalated_on = due, None, None


# --- hers ------------------------------------------------------------------------------------------
def withdraw_referral(*, referral, by, now):
    """End an introduction at her wish: what the bank was told is gone with this commit. Twice does nothing twice.

    Raises Refused, Conflict for one that has ended otherwise.
    """
    if referral.state == State.WITHDRAWN and not rules.why_not_hers(referral, by):
        return referral
    if error := rules.why_not_withdraw(referral, by, now):
        raise error
    if referral.way == ReferralWay.CALL and referral.talent.user:
        consents.withdraw_one(
            user=referral.talent.user,
            purpose=rules.PURPOSE,
            about=referral.code,
            by=by,
            now=now,
            source=SOURCE,
        )
    return _withdraw(referral, by, now)


@transaction.atomic
def _withdraw(referral, by, now):
    referral = locked_referral(referral)
    if referral.state == State.WITHDRAWN:
        return referral
    if error := rules.why_not_withdraw(referral, by, now):
        raise error
    return _end_withdrawn(referral, by, now)


def _end_withdrawn(referral, by, now):
    actor = ReferralActor.HERSELF
    _forget(referral, now)
    _move(referral, State.WITHDRAWN, actor, by, now, timezone.localdate(now))
    audit.record("entrepreneurship.withdraw_referral", referral, by=by, at=now)
    letters.silence(referral, now)
    if referral.deletion_asked_at:
        letters.delete(referral, now, "asked")
    return referral


def _forget(referral, now):
    """Take what the bank was told, and ask it to delete where it may have read."""
    referral.contents = None
    if referral.way == ReferralWay.CALL or referral.received_on:
        referral.deletion_asked_at = referral.deletion_reminded_at = now


@transaction.atomic
def refuse_offer(*, referral, by, now):
    """Note that she does not take what the bank offers; returns the Referral. Raises Refused, Conflict."""
    if error := rules.why_not_hers(referral, by):
        raise error
    referral = locked_referral(referral)
    if referral.state == State.DECLINED_BY_HER:
        return referral
    if error := rules.why_not_refuse(referral, by, now):
        raise error
    today = timezone.localdate(now)
    _move(referral, State.DECLINED_BY_HER, ReferralActor.HERSELF, by, now, today)
    audit.record("entrepreneurship.refuse_offer", referral, by=by, at=now)
    return referral


def follow_consent(*, user, granted, by, now, about):
    """Withdraw the introduction an agreement was for, in the transaction in which she withdraws the agreement."""
    if granted:
        return
    found = Referral.objects.filter(code=about, talent__user=user).first()
    if found is None:
        return
    referral = locked_referral(found)
    if referral.is_open:
        _end_withdrawn(referral, by, now)
    elif referral.contents is not None:
        _forget(referral, now)
        referral.save()
        letters.delete(referral, now, "asked")


def end_all(talents, now):
    """Withdraw what is under way of these records (she is erased, or leaves); returns how many rows changed."""
    talents = list(talents)
    # Who introduces holds the venture: nothing is begun beside this.
    founded = VentureFounder.objects.filter(talent__in=talents).values("venture")
    ventures = Venture.objects.filter(pk__in=founded).order_by("pk")
    list(ventures.select_for_update(of=("self",), no_key=True))
    rows = Referral.objects.filter(talent__in=talents)
    found = rows.open() | rows.filter(contents__isnull=False)
    changed = 0
    for one in found.order_by("pk"):
        referral = locked_referral(one)
        if referral.is_open:
            _end_withdrawn(referral, None, now)
        else:
            _forget(referral, now)
            referral.save()
        changed += 1
    return changed


# --- the bank --------------------------------------------------------------------------------------
def find_code(*, code, by, now):
    """Return the Referral with the code she brought, of the bank `by` answers for.

    A code of another bank is answered like an unknown one; one that is none stays counted. Raises what `why_not_desk` and
    `why_not_type` return, Invalid("code_missing"), Invalid("code_unknown").
    """
    if error := rules.why_not_desk(by):
        raise error
    typed = ids.tidy(code)
    if not typed:
        raise Invalid("code_missing", _("请输入页面上的引见码。"), field="code")
    found = _look_up(typed, by, now)
    if found is None:
        sentence = _("没有找到可在贵行使用的引见码，请核对 8 位编码，或请对方再看一次页面。")
        raise Invalid("code_unknown", sentence, field="code")
    return found


@transaction.atomic
def _look_up(typed, by, now):
    """Return the Referral or None, which is counted; tries side by side count one after the other."""
    limits.lock(by)
    if error := rules.why_not_type(by, now):
        raise error
    rows = Referral.objects.filter(code=typed, bank__unit=by.unit_id)
    found = rows.select_related("product", "terms", "bank__unit", "talent").first()
    if found is None:
        limits.count_miss(by=by, now=now, action="entrepreneurship.mistype_referral")
    return found


def receive_code(*, code, by, now):
    """Note that she brought the page with this code: received today; returns the Referral.

    Raises what `find_code` raises and `why_not_receive` returns: a second time is told when the first was.
    """
    return _receive(find_code(code=code, by=by, now=now), by, now)


@transaction.atomic
def _receive(referral, by, now):
    referral = locked_referral(referral)
    if error := rules.why_not_receive(referral, now):
        raise error
    return _answer(referral, State.RECEIVED, by, now, timezone.localdate(now))


def _answer(referral, state, by, now, on, **said):
    step = _move(referral, state, ReferralActor.BANK, by, now, on, **said)
    audit.record("entrepreneurship.answer_referral", referral, by=by, at=now, state=state)
    letters.moved(referral, step, now)
    return referral


@transaction.atomic
def answer_referral(*, referral, answer, by, now, on=None, reason="", band=""):
    """Note what the bank says (a code of rules.NEXT), of the date `on`, today where left out; returns the Referral.

    `by` None is the bank's program, whose key was asked. Raises what `why_not_answer` returns.
    """
    if error := rules.why_not_bank(referral, by):
        raise error
    referral = locked_referral(referral)
    on: date = on or timezone.localdate(now)
    error = rules.why_not_answer(referral, answer, on=on, reason=reason, band=band, by=by, at=now)
    if error:
        raise error
    return _answer(referral, rules.NEXT[answer][1], by, now, on, reason=reason, band=band)


@transaction.atomic
def undo_answer(*, referral, by, now):
    """Take the bank's newest answer back within five days, before a next step; returns the Referral.

    Raises what `why_not_undo` returns.
    """
    if error := rules.why_not_bank(referral, by):
        raise error
    referral = _with_venture(referral)
    if error := rules.why_not_undo(referral, by, now):
        raise error
    return _take_back(referral, ReferralActor.BANK, by, now, "")


@transaction.atomic
def correct_answer(*, referral, reason, by, now):
    """Take the bank's newest answer back for the finance officer, with the reason in the history; returns the Referral.

    Raises what `why_not_correct` returns, Invalid without a reason.
    """
    if error := rules.why_not_correct(referral, by, now):
        raise error
    reason = reasons.clean(reason, _("请写明更正的原因。"))
    referral = _with_venture(referral)
    if error := rules.why_not_correct(referral, by, now):
        raise error
    return _take_back(referral, ReferralActor.OFFICER, by, now, reason)


def _with_venture(referral):
    """Lock the venture before the introduction: what is opened again counts as the one under way."""
    Venture.objects.select_for_update(of=("self",), no_key=True).get(pk=referral.venture_id)
    return locked_referral(referral)


def _take_back(referral, actor, by, now, reason):
    step = rules.newest_step(referral)
    before, referral.state = referral.state, step.before
    if step.state in rules.DAY_OF:
        setattr(referral, rules.DAY_OF[step.state], None)
    standing = referral.steps.filter(undoes=None, undone_by=None).exclude(pk=step.pk)
    bands = standing.exclude(band="").order_by("-pk").values_list("band", flat=True)
    referral.band, referral.reason = bands.first() or "", ""
    _settle(referral, now)
    referral.save()
    today = timezone.localdate(now)
    back = _step(referral, before, step.before, actor, by, now, today, undoes=step)
    audit.record(
        "entrepreneurship.undo_answer",
        referral,
        by=by,
        at=now,
        reason=reason,
        state=[before, step.before],
    )
    letters.moved(referral, back, now)
    return referral


@transaction.atomic
def confirm_deletion(*, referral, by, now):
    """Note that the bank has deleted what it was told; returns the Referral. Raises Refused, Conflict."""
    if error := rules.why_not_bank(referral, by):
        raise error
    referral = locked_referral(referral)
    if error := rules.why_not_confirm(referral, by):
        raise error
    if referral.deletion_confirmed_at is None:
        referral.deletion_confirmed_at = now
        referral.save(update_fields=["deletion_confirmed_at"])
        audit.record("entrepreneurship.confirm_deletion", referral, by=by, at=now)
    return referral


# --- time ------------------------------------------------------------------------------------------
@transaction.atomic
def lapse_referral(*, referral, now):
    """End what ran out: her agreement is over, nobody came, or nothing was paid. Twice does nothing twice."""
    referral = locked_referral(referral)
    if not referral.is_open or referral.good_until > now:
        return referral
    called = referral.way == ReferralWay.CALL
    referral.contents = None
    if called:
        referral.deletion_asked_at = referral.deletion_reminded_at = now
    today = timezone.localdate(now)
    step = _move(referral, State.LAPSED, ReferralActor.CLOCK, None, now, today)
    audit.record("entrepreneurship.lapse_referral", referral, by=None, at=now)
    letters.silence(referral, now)
    letters.moved(referral, step, now)
    if called:
        letters.delete(referral, now, "asked")
    return referral


@transaction.atomic
def remind_bank(*, referral, now):
    """Remind a bank of an answer that is overdue, once for each answer it owes."""
    referral, today = locked_referral(referral), timezone.localdate(now)
    if not Referral.objects.to_remind(today).filter(pk=referral.pk).exists():
        return
    referral.reminded_on = today
    referral.save(update_fields=["reminded_on"])
    letters.waits(referral, now, f"late:{referral.due_on}")
    audit.record("entrepreneurship.remind_bank", referral, by=None, at=now)


@transaction.atomic
def escalate_referral(*, referral, now):
    """Tell the finance officers of a bank that has not answered two working days after its reminder."""
    referral, today = locked_referral(referral), timezone.localdate(now)
    if not Referral.objects.to_escalate(today).filter(pk=referral.pk).exists():
        return
    if working_days_between(referral.reminded_on, today) < rules.PATIENCE_DAYS:
        return
    referral.escalated_on = today
    referral.save(update_fields=["escalated_on"])
    letters.overdue(referral, now)
    audit.record("entrepreneurship.escalate_referral", referral, by=None, at=now)


@transaction.atomic
def ask_deletion_again(*, referral, now):
    """Ask a bank once more, a week after the last time, until it confirms that it has deleted."""
    referral = locked_referral(referral)
    if referral.deletion_confirmed_at or referral.deletion_reminded_at > now - rules.WEEK:
        return
    referral.deletion_reminded_at = now
    referral.save(update_fields=["deletion_reminded_at"])
    letters.delete(referral, now, f"{now:%Y%m%d}")


@transaction.atomic
def move_terms(*, now):
    """Move what banks owe later where the calendar of holidays has changed, never earlier."""
    for one in Referral.objects.open().exclude(due_on=None).order_by("pk"):
        referral = locked_referral(one)
        due = rules.due_on(referral, referral.state)
        if due and referral.due_on and due > referral.due_on:
            referral.due_on, referral.reminded_on, referral.escalated_on = due, None, None
            referral.save(update_fields=["due_on", "reminded_on", "escalated_on"])
