"""What may be done with an introduction, by whom and when: None, or the sentence that says why not."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from entrepreneurship.finance.models import (
    LEAST_OF_BAND,
    MOST,
    AmountBand,
    FinanceBank,
    FinanceProduct,
    PaperKind,
    Referral,
    ReferralActor,
    ReferralState,
    ReferralWay,
    SharedField,
)
from entrepreneurship.ventures.models import Venture
from kernel import days, rights
from kernel.errors import Conflict, Invalid, Refused
from kernel.words import day_text, moment_text
from places.holidays import working_days_after
from privacy import limits
from talents.models import Talent

ANSWERS = "entrepreneurship.answer_referral"
CORRECTS = "entrepreneurship.correct_referral"
PURPOSE = "finance_referral"
CONSENT_DAYS, CARRIED_DAYS, PAYOUT_DAYS = 30, 90, 180
UNDO_WITHIN, WEEK = timedelta(days=5), timedelta(days=7)
RECEIPT_DAYS, DECISION_DAYS, PATIENCE_DAYS = 2, 10, 2  # working days
State = ReferralState
# What a bank may say, from which states, and where it leads.
NEXT = {
    "received": ((State.INTRODUCED,), State.RECEIVED),
    "contacted": ((State.RECEIVED,), State.CONTACTED),
    "not_reached": ((State.RECEIVED,), State.NOT_REACHED),
    "approved": ((State.CONTACTED,), State.APPROVED),
    "declined": ((State.RECEIVED, State.CONTACTED), State.DECLINED_BY_BANK),
    "declined_by_client": ((State.CONTACTED, State.APPROVED), State.DECLINED_BY_HER),
    "disbursed": ((State.APPROVED,), State.DISBURSED),
}
WITH_BAND = ("approved", "disbursed")
DAY_OF = {
    State.INTRODUCED: "introduced_on",
    State.RECEIVED: "received_on",
    State.CONTACTED: "contacted_on",
    State.APPROVED: "approved_on",
    State.DISBURSED: "disbursed_on",
}


# --- introducing -----------------------------------------------------------------------------------
def why_not_ask(venture, by):
    """Return why `by` may not ask for an introduction of a venture, else None: its founders in the database do."""
    if by is None:
        return None
    if not Venture.objects.of_woman(by).filter(pk=venture.pk).exists():
        return Refused("not_yours", _("只有已确认的创始人可以为项目申请金融对接。"))
    if not Talent.objects.verified().filter(user=by.pk).exists():
        return Refused("not_verified", _("档案审核入库后，就可以申请金融对接。"))
    return None


def why_not_venture(venture):
    """Return why a venture cannot be introduced to anybody (Conflict), else None: it is over."""
    if venture.is_closed or venture.forgotten:
        return Conflict("venture_closed", _("这个项目已经关闭，不能再申请金融对接。"))
    return None


def why_not_product(product, purpose, day):
    """Return why a product cannot be asked for (Conflict, Invalid), else None: not shown today, or for other purposes."""
    if not FinanceProduct.objects.open_on(day).filter(pk=product.pk).exists():
        return Conflict("product_gone", _("这个产品现在不办理，请看看其他产品。"))
    if purpose not in product.purposes:
        sentence = _("这个产品不用于这项用途，请换一项用途或换一个产品。")
        return Invalid("purpose_unfit", sentence, field="purpose")
    return None


def why_not_call(bank, day):
    """Return why a bank may not be sent her data (Conflict), else None: agreement and assessment in force (PIPL art. 55)."""
    held = FinanceBank.objects.with_paper(PaperKind.AGREEMENT, day)
    if held.with_paper(PaperKind.ASSESSMENT, day).filter(pk=bank.pk).exists():
        return None
    sentence = _("这家银行还没有完成个人信息保护影响评估，请选“自己带页面去银行”。")
    return Conflict("bank_may_not_call", sentence, field="way")


def why_not_share(way, shared):
    """Return why what she ticked cannot stand (Invalid), else None: a bank that calls needs name and number."""
    if way == ReferralWay.CARRY:
        return None
    if {SharedField.NAME, SharedField.PHONE} <= set(shared):
        return None
    sentence = _("银行要联系您，至少需要姓名和手机号；不想提供的，请选“自己带页面去银行”。")
    return Invalid("fields_missing", sentence, field="shared")


def why_not_another(venture, purpose, at):
    """Return why a venture cannot be introduced once more for a purpose (Conflict), else None: one bank at a time, three."""
    earlier = Referral.objects.filter(venture=venture, purpose=purpose)
    under_way = earlier.open().filter(good_until__gt=at).first()
    if under_way:
        sentence = _("这项用途正在与一家银行对接（引见码 %(code)s），结束后才能换下一家。")
        return Conflict("one_bank", sentence % {"code": under_way.spaced_code})
    if earlier.count() < MOST:
        return None
    sentence = ngettext(
        "同一项目、同一用途最多对接 %(most)s 家，请联系金融专员，一起看看还有什么办法。",
        "同一项目、同一用途最多对接 %(most)s 家，请联系金融专员，一起看看还有什么办法。",
        MOST,
    )
    return Conflict("three_banks", sentence % {"most": MOST})


def why_not_introduce(*, venture, product, purpose, way, shared, by, at):
    """Return why an introduction cannot be made at the moment `at`, as a DomainError, else None."""
    day = timezone.localdate(at)
    return (
        why_not_ask(venture, by)
        or why_not_venture(venture)
        or why_not_product(product, purpose, day)
        or (why_not_call(product.bank, day) if way == ReferralWay.CALL else None)
        or why_not_share(way, shared)
        or why_not_another(venture, purpose, at)
    )


# --- hers ------------------------------------------------------------------------------------------
def why_not_hers(referral, by):
    """Return why an introduction is not for `by` to end (Refused), else None."""
    if by is None or referral.talent.user_id == by.pk:
        return None
    return Refused("not_yours", _("只有本人可以处理自己的金融对接。"))


def why_not_withdraw(referral, by, at):
    """Return why she cannot withdraw (Refused, Conflict), else None: it has ended."""
    return why_not_hers(referral, by) or _why_not_open(referral, at)


def why_not_refuse(referral, by, at):
    """Return why she cannot say that she does not take it (Refused, Conflict), else None: before the bank spoke to her."""
    if error := why_not_withdraw(referral, by, at):
        return error
    if referral.state in NEXT["declined_by_client"][0]:
        return None
    return Conflict("nothing_offered", _("银行还没有联系您；不想继续的，请撤回。"))


def _why_not_open(referral, at):
    if not referral.is_open or referral.good_until <= at:
        words = {"state": referral.state_at(at)}
        return Conflict("referral_ended", _("这次对接%(state)s，不能再改。") % words)
    return None


# --- the bank --------------------------------------------------------------------------------------
def why_not_desk(by):
    """Return why `by` does not sit at a bank's desk (Refused), else None."""
    if FinanceBank.objects.answered_by(by).exists():
        return None
    return Refused("not_a_contact", _("您还不是合作银行的联系人，请联系金融专员开通。"))


def why_not_type(by, at):
    """Return why `by` may not type another code at the moment `at` (Refused), else None.

    Wrong codes count with all that was looked up and not found in an hour (privacy.limits).
    """
    if limits.why_not_look_up(by, at):
        sentence = _("一小时内输错的引见码太多，请一小时后再试，或请同事办理。")
        return Refused("too_many_lookups", sentence)
    return None


def why_not_bank(referral, by):
    """Return why `by` does not answer for the bank of an introduction (Refused), else None."""
    return why_not_of_bank(referral.bank_id, by)


def why_not_of_bank(bank_id, by):
    """Return why `by` does not answer for a bank (Refused), else None."""
    if by is None or FinanceBank.objects.answered_by(by).filter(pk=bank_id).exists():
        return None
    return Refused("not_your_bank", _("这次对接不属于您的银行。"))


def why_not_receive(referral, at):
    """Return why a typed code cannot be taken (Conflict), else None: it was used, withdrawn, or ran out."""
    if referral.way != ReferralWay.CARRY:
        return Conflict("not_carried", _("这次对接由银行主动联系，请在列表里答复。"), field="code")
    if referral.received_on:
        words = {"day": day_text(referral.received_on)}
        sentence = _("这个引见码已于 %(day)s 用过，请在列表里继续答复。") % words
        return Conflict("code_used", sentence, field="code")
    if error := _why_not_open(referral, at):
        error.field = "code"
        return error
    return None


def last_day(referral):
    """Return the date of the newest step that was not taken back."""
    known = [getattr(referral, name) for name in DAY_OF.values()]
    return max(day for day in known if day)


def why_not_answer(referral, answer, *, on, reason, band, by, at):
    """Return why a bank cannot give this answer (a code of NEXT), as a DomainError, else None."""
    if error := why_not_bank(referral, by) or _why_not_open(referral, at):
        return error
    if answer not in NEXT:
        return Invalid("answer_unknown", _("没有这种答复，请从列出的答复中选。"), field="answer")
    if referral.state not in NEXT[answer][0]:
        return _out_of_turn(referral, answer)
    return (
        _why_not_day(referral, on, at)
        or _why_not_reason(answer, reason)
        or _why_not_band(referral, answer, band)
    )


def _out_of_turn(referral, answer):
    if referral.state == State.INTRODUCED:
        sentence = _("请先登记收到，再登记后面的结果。")
    elif answer == "received":
        sentence = _("已经登记过收到。")
    else:
        words = {"state": referral.get_state_display()}
        sentence = _("现在的状态是“%(state)s”，不能登记这种答复；请按顺序登记。") % words
    return Conflict("out_of_turn", sentence, field="answer")


def _why_not_day(referral, on, at):
    if on > timezone.localdate(at):
        return Invalid("day_ahead", _("日期不能晚于今天。"), field="on")
    before = last_day(referral)
    if on >= before:
        return None
    sentence = _("日期不能早于上一步（%(day)s）。") % {"day": day_text(before)}
    return Invalid("day_before_step", sentence, field="on")


def _why_not_reason(answer, reason):
    if (answer == "declined") == bool(reason):
        return None
    if reason:
        return Invalid("reason_unasked", _("只有未批准的需要选原因。"), field="reason")
    return Invalid("reason_missing", _("请选未批准的原因。"), field="reason")


def _why_not_band(referral, answer, band):
    if not band:
        return None
    if answer not in WITH_BAND:
        return Invalid("band_unasked", _("只有批准和放款可以填金额档。"), field="band")
    if band not in AmountBand.values:
        return Invalid("band_unknown", _("没有这个金额档，请从列出的档中选。"), field="band")
    if not referral.tells_amount:
        sentence = _("本人没有同意告知金额，请不要填写金额档。")
        return Invalid("band_not_agreed", sentence, field="band")
    if LEAST_OF_BAND[band] >= referral.terms.limit:
        sentence = _("这个金额档超过了产品的最高额度 %(limit)s 万元，请核对。")
        words = {"limit": referral.terms.limit_text}
        return Invalid("band_above_limit", sentence % words, field="band")
    if referral.band and LEAST_OF_BAND[band] > LEAST_OF_BAND[referral.band]:
        return Invalid("band_above_approved", _("放款金额档不能高于批准的档。"), field="band")
    return None


# --- taking an answer back -------------------------------------------------------------------------
def newest_step(referral):
    """Return the newest step that stands: neither a taking back nor taken back. None where there is none."""
    steps = referral.steps.filter(undoes=None, undone_by=None)
    return steps.order_by("-pk").first()


def why_not_undo(referral, by, at):
    """Return why the newest answer cannot be taken back by the bank (Refused, Conflict), else None."""
    if error := why_not_bank(referral, by):
        return error
    step = newest_step(referral)
    if error := _why_not_take_back(referral, step, at):
        return error
    if at <= step.at + UNDO_WITHIN:
        return None
    until = moment_text(step.at + UNDO_WITHIN)
    sentence = _("答复只能在五天内（%(until)s 前）撤回，请联系金融专员更正。")
    return Conflict("undo_too_late", sentence % {"until": until})


def why_not_correct(referral, by, at):
    """Return why the newest answer cannot be taken back by the finance officer (Refused, Conflict), else None."""
    if not rights.may(by, CORRECTS):
        return Refused("not_allowed", _("只有金融专员可以更正银行的答复。"))
    return _why_not_take_back(referral, newest_step(referral), at)


def _why_not_take_back(referral, step, at):
    if step is None or step.actor != ReferralActor.BANK:
        return Conflict("nothing_to_undo", _("最近一步不是银行的答复，没有可以撤回的。"))
    if referral.is_open:
        return None
    if referral.deletion_asked_at:
        sentence = _("本人已撤回同意，这次对接不能再重新打开。")
        return Conflict("agreement_withdrawn", sentence)
    later = Referral.objects.filter(
        venture=referral.venture_id, purpose=referral.purpose, number__gt=referral.number
    )
    if later.exists():
        return Conflict("went_on", _("她已经在与下一家银行对接，这次的结果不能再改。"))
    if good_until(referral, step.before) <= at:
        return Conflict("ran_out", _("这次对接的期限已过，结果不能再改。"))
    return None


# --- data ------------------------------------------------------------------------------------------
def agreed_until(referral):
    """Return the moment her agreement ends by itself."""
    return days.end_of_day(referral.introduced_at, days=CONSENT_DAYS)


def may_read(referral, at):
    """Tell whether the bank may read what she agreed to tell it at a moment."""
    return (
        referral.way == ReferralWay.CALL
        and referral.state not in (State.WITHDRAWN, State.LAPSED)
        and at < agreed_until(referral)
        and not (referral.is_open and referral.good_until <= at)
    )


def why_not_confirm(referral, by):
    """Return why a deletion cannot be confirmed (Refused, Conflict), else None: nothing was asked."""
    if error := why_not_bank(referral, by):
        return error
    if referral.deletion_asked_at is None:
        return Conflict("nothing_to_delete", _("这次对接没有需要删除的信息。"))
    return None


# --- time ------------------------------------------------------------------------------------------
def good_until(referral, state):
    """Return until when an introduction may stand in a state.

    Carried: 30 days to bring the page, 90 from receipt. Called: 30 days, as long as her agreement. Once approved, 180
    days from then.
    """
    if state == State.APPROVED:
        return days.end_of_day(days.begin(referral.approved_on), days=PAYOUT_DAYS)
    if referral.way == ReferralWay.CARRY and referral.received_on and state != State.INTRODUCED:
        return days.end_of_day(days.begin(referral.received_on), days=CARRIED_DAYS)
    return agreed_until(referral)


def due_on(referral, state):
    """Return the date by which the bank has to answer in a state, None where nothing is awaited from it."""
    if state == State.INTRODUCED and referral.way == ReferralWay.CALL:
        return working_days_after(referral.introduced_on, RECEIPT_DAYS)
    if state in (State.RECEIVED, State.CONTACTED):
        return working_days_after(referral.received_on, DECISION_DAYS)
    return None
