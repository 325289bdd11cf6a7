"""What may be done with what is due after an award, and why not: pages ask, operations raise."""

from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calls import rules
from calls.models import Due, DueState, FollowKind
from calls.models.afterwards import (
    LEAST_AMOUNT,
    MOST_DAYS,
    MOST_FILES,
    MOST_STEPS,
    UNSETTLED,
)
from kernel.errors import Conflict, Invalid, Refused
from kernel.words import day_text, money_text

RUN, EXPORT = "calls.run_due", "calls.export_due"
CENT = Decimal("0.01")
MOST_AMOUNT = Decimal("9999999999.99")
MOST_REFERENCE = 60


# --- laid down in a call ---------------------------------------------------------------------------
def why_not_step(step, others):
    """Say why a step does not do, or None; `others` are the call's other steps."""
    if not step.title.strip():
        return Invalid("title_missing", _("请填写名称。"), field="title")
    if any(other.title == step.title for other in others):
        return Invalid("step_twice", _("入选后的步骤里已有同名的一步。"), field="title")
    if step.pk is None and len(others) >= MOST_STEPS:
        sentence = _("入选后的步骤最多 %(most)s 步。") % {"most": MOST_STEPS}
        return Conflict("steps_many", sentence)
    if not 1 <= step.days <= MOST_DAYS:
        sentence = _("天数须在 1 到 %(most)s 之间。") % {"most": MOST_DAYS}
        return Invalid("days_wrong", sentence, field="days")
    if step.kind == FollowKind.PAYMENT:
        if step.amount is None:
            return Invalid("amount_missing", _("请填写这一笔的金额。"), field="amount")
        return why_not_amount(step.amount)
    if step.amount is not None:
        return Invalid("amount_of_report", _("提交材料没有金额，请留空。"), field="amount")
    return None


def why_not_amount(amount, most=MOST_AMOUNT):
    """Say why this is no amount in yuan up to `most`, or None."""
    if not amount.is_finite() or amount != amount.quantize(CENT):
        return Invalid("amount_fraction", _("金额最多两位小数，例如 1200.50。"), field="amount")
    if amount < LEAST_AMOUNT:
        return Invalid("amount_not_above_zero", _("金额须大于 0。"), field="amount")
    if amount > most:
        sentence = _("金额不能超过这一笔的 %(most)s 元。") % {"most": money_text(most)}
        return Invalid("amount_above", sentence, field="amount")
    return None


# --- she -------------------------------------------------------------------------------------------
def why_not_hers(due, by):
    """Say why `by` may not hand anything in here: it is for the woman who applied."""
    return rules.why_not_hers(due.application, by)


def why_not_write(due):
    """Say why what she wrote in a report does not change now."""
    if due.step.is_payment:
        return Conflict("nothing_to_write", _("这一步由经办部门拨付，不用提交材料。"))
    if due.state == DueState.WAITING:
        return Conflict("not_its_turn", _("前一步办结以后才能提交。"))
    if due.state in UNSETTLED:
        return None
    return settled(due)


def settled(due):
    """Return that a step is through and does not change (Conflict)."""
    sentence = _("这一步%(state)s，不能再改动。") % {"state": due.state_words}
    return Conflict("due_settled", sentence)


def why_not_complete(due, text, files):
    """Say why a report cannot be handed in with this text and so many files, or None."""
    if not (text or "").strip():
        return Invalid("text_missing", _("请填写内容。"), field="text")
    if error := why_not_text(due, text):
        return error
    if due.step.needs_file and not files:
        return Invalid("files_missing", _("请上传文件。"), field="files")
    return None


def why_not_text(due, text):
    """Say why a text is too long."""
    over = len(text) - due.step.limit
    if over <= 0:
        return None
    sentence = ngettext(
        "最多 %(limit)s 个字，多了 %(over)s 个。",
        "最多 %(limit)s 个字，多了 %(over)s 个。",
        over,
    )
    return Invalid("text_long", sentence % {"limit": due.step.limit, "over": over}, field="text")


def why_not_attach(due, more):
    """Say why `more` files do not fit."""
    here = due.files.count()
    if here + more <= MOST_FILES:
        return None
    sentence = _("最多上传 %(most)s 个文件，已有 %(here)s 个；请先删除不用的。")
    return Invalid("files_many", sentence % {"most": MOST_FILES, "here": here}, field="files")


def why_not_withdraw(due):
    """Say why there is nothing to take back."""
    if due.state == DueState.HANDED_IN:
        return None
    return Conflict("not_handed_in", _("没有待审核的材料可以撤回。"))


def why_not_read_file(file, by):
    """Say why `by` may not read a file: she may, and staff who may see what is due."""
    if why_not_hers(file.due, by) is None:
        return None
    if Due.objects.visible_to(by).filter(pk=file.due_id).exists():
        return None
    return Refused("not_yours", _("您不能查看这个文件。"))


# --- staff -----------------------------------------------------------------------------------------
def why_not_run(due, by):
    """Say why `by` may not decide here: staff who run the call do, never on their own."""
    return rules.why_not_handle(due.application, by, RUN)


def why_not_check(due):
    """Say why there is nothing to accept or return."""
    if due.state == DueState.HANDED_IN:
        return None
    return Conflict("not_handed_in", _("没有待审核的材料；可能刚被撤回或已经办理。"))


def why_not_accept(due, seen=None):
    """Say why it cannot be accepted; `seen` is when what staff read was handed in (`version`)."""
    if error := why_not_check(due):
        return error
    if seen and seen != version(due):
        return Conflict("changed_since", _("您打开之后她又改过，请看过新的内容再办。"))
    return None


def version(due):
    """Return what changes each time a report is handed in, for the page that shows it."""
    return due.handed_in_at.isoformat() if due.handed_in_at else ""


def why_not_return(due, lacking, due_on, at):
    """Say why it cannot go back with this list and date."""
    if error := why_not_check(due):
        return error
    if not lacking:
        return Invalid("nothing_lacking", _("请至少写明一项要修改什么。"), field="lacking")
    return why_not_day(due, due_on, at)


def why_not_day(due, due_on, at):
    """Say why a day cannot be the new last day."""
    decided = _decided_on(due)
    if due_on < decided:
        sentence = _("截止日期不能早于公布结果的%(day)s。") % {"day": day_text(decided)}
        return Invalid("due_before_decision", sentence, field="due_on")
    if due_on < timezone.localdate(at):
        return Invalid("due_past", _("截止日期须在今天或以后。"), field="due_on")
    if (due_on - timezone.localdate(at)).days > MOST_DAYS:
        return Invalid("due_far", _("截止日期太远，请核对年份。"), field="due_on")
    return None


def _decided_on(due):
    return timezone.localdate(due.application.call.decided_at or due.made_at)


def why_not_extend(due, due_on=None, at=None):
    """Say why its last day cannot move; None as `due_on` asks whether it can move at all."""
    if due.state not in UNSETTLED:
        return settled(due)
    if due.due_on is None:
        return Conflict("no_day_yet", _("前一步办结以后才有截止日期，现在不用延期。"))
    if due_on is None:
        return None
    if error := why_not_day(due, due_on, at):
        return error
    if due_on <= due.due_on:
        sentence = _("新的截止日期须晚于%(day)s。") % {"day": day_text(due.due_on)}
        return Invalid("due_not_later", sentence, field="due_on")
    return None


def why_not_waive(due):
    """Say why it cannot be waived."""
    return None if due.state in UNSETTLED else settled(due)


def why_not_reopen(due):
    """Say why an acceptance or a waiver cannot be taken back: what came after it stands on it."""
    if due.state not in (DueState.ACCEPTED, DueState.WAIVED):
        return Conflict("nothing_to_undo", _("没有可以撤销的决定。"))
    return why_not_behind(due)


def why_not_behind(due):
    """Say why what a step settled cannot be undone: the step behind it, which needs it, is under way."""
    behind = following(due)
    if behind is None or behind.state in (DueState.WAITING, DueState.OPEN, DueState.CLOSED):
        return None
    sentence = _("后一步“%(step)s”已经办理，请先撤销那一步。")
    return Conflict("step_behind", sentence % {"step": behind.step.name})


def following(due):
    """Return the Due behind this one, where it needs this one first; None otherwise."""
    rows = due.application.dues.filter(step__order__gt=due.step.order).select_related("step")
    behind = rows.order_by("step__order").first()
    return behind if behind and behind.step.needs_before else None


def why_not_pay(due):
    """Say why an instalment cannot be noted as paid: never before its turn."""
    if not due.step.is_payment:
        return Conflict("not_a_payment", _("这一步是提交材料，没有款项可拨付。"))
    if due.state == DueState.PAID:
        return Conflict("paid_already", _("这一笔已经登记拨付；登记错了请用“更正拨付”。"))
    if due.state == DueState.WAITING:
        return Conflict("not_its_turn", _("前一步还没有办结，不能拨付。"))
    return None if due.state == DueState.OPEN else settled(due)


def why_not_paid(due, amount, paid_on, reference, at):
    """Say why an instalment was not paid like this."""
    if error := why_not_amount(amount, due.step.amount):
        return error
    if paid_on < _decided_on(due):
        sentence = _("拨付日期不能早于公布结果的%(day)s。") % {"day": day_text(_decided_on(due))}
        return Invalid("paid_before_decision", sentence, field="paid_on")
    if paid_on > timezone.localdate(at):
        return Invalid(
            "paid_in_future", _("拨付日期不能在今天以后，拨付了再登记。"), field="paid_on"
        )
    if not reference.strip():
        return Invalid("reference_missing", _("请填写凭证号。"), field="reference")
    if len(reference.strip()) > MOST_REFERENCE:
        return Invalid("reference_long", _("凭证号不超过 60 个字。"), field="reference")
    return None


def why_not_correct(due):
    """Say why no note of a payment can be put right."""
    if due.state == DueState.PAID:
        return None
    return Conflict("not_paid", _("这一笔还没有登记拨付。"))


def why_not_unpay(due):
    """Say why the note of a payment cannot be taken back as a whole."""
    return why_not_correct(due) or why_not_behind(due)
