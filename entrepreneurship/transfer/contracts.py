"""What happens to a contract: entered, its price shown, signed, registered, paid; undone with a reason that stays."""

from datetime import timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from entrepreneurship.transfer import contracts_rules as rules
from entrepreneurship.transfer import interests, letters
from entrepreneurship.transfer.models import (
    ContractState,
    InterestState,
    TransferContract,
    TransferPayment,
)
from kernel import reasons, rights
from kernel.errors import Conflict
from privacy import audit

ENTERED = ("number", "kind", "amount_signed", "price_way", "is_public_owner")
PRESSED_TWICE = timedelta(minutes=2)


def locked(contract):
    """Return a contract as it stands now, its interest locked before it."""
    interest = interests.locked(contract.interest)
    found = TransferContract.objects.select_for_update(of=("self",)).get(pk=contract.pk)
    found.interest = interest
    return found


def _tidy(values):
    values = {name: values[name] for name in ENTERED}
    values["number"] = "".join((values["number"] or "").upper().split())[:40]
    values["amount_signed"] = rules.amount(values["amount_signed"])
    values["is_public_owner"] = bool(values["is_public_owner"])
    return values


@transaction.atomic
def enter_contract(*, interest, values, by, now):
    """Enter a contract that is to be signed. `values` are names of ENTERED to values.

    Entered again for the same interest it is the same contract; for another one its number is taken. Raises Refused,
    Conflict, Invalid. Returns the TransferContract.
    """
    if error := rules.why_not_keep_of(interest, by):
        raise error
    interest, values = interests.locked(interest), _tidy(values)
    if error := rules.why_not_keep_of(interest, by) or rules.why_not_enter(interest, values):
        raise error
    _lock_number(values["number"])
    number = {"number": values["number"]}
    if before := TransferContract.objects.filter(**number).exclude(state="void").first():
        if before.interest_id == interest.pk and _says(before, values):
            return before
        raise _number_taken()
    contract = TransferContract.objects.create(
        interest=interest, entered_by=by, entered_at=now, **values
    )
    audit.record("entrepreneurship.enter_contract", contract, by=by, at=now, interest=interest.pk)
    return contract


def _lock_number(number):
    """Let one at a time enter a number: the second finds what the first has entered, and is told so in words."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"transfer {number}"])


def _number_taken():
    sentence = _("这个合同编号已经登记过。同一份合同只登记一次；登记错了请先作废。")
    return Conflict("number_used", sentence, field="number")


def _says(contract, values):
    return all(getattr(contract, name) == value for name, value in values.items())


@transaction.atomic
def change_contract(*, contract, values, by, now):
    """Put right what was entered, before it is signed; a notice is begun anew where the price changed.

    Raises Refused, Conflict, Invalid. Returns the TransferContract.
    """
    if error := rules.why_not_keep(contract, by):
        raise error
    contract, values = locked(contract), _tidy(values)
    if error := (
        rules.why_not_keep(contract, by)
        or rules.why_not_in(contract, ContractState.PREPARED)
        or rules.why_not_values(values)
    ):
        raise error
    if _says(contract, values):
        return contract
    _lock_number(values["number"])
    others = TransferContract.objects.filter(number=values["number"]).exclude(state="void")
    if others.exclude(pk=contract.pk).exists():
        raise _number_taken()
    before = contract.amount_signed
    for name, value in values.items():
        setattr(contract, name, value)
    if before != contract.amount_signed or not contract.needs_notice:
        contract.notice_from = contract.notice_ends = None
    contract.save(update_fields=[*ENTERED, "notice_from", "notice_ends"])
    audit.record("entrepreneurship.change_contract", contract, by=by, at=now)
    return contract


@transaction.atomic
def start_notice(*, contract, day, by, now):
    """Note since when the price stands on the owner's notice board. Raises Refused, Conflict, Invalid. Returns it."""
    if error := rules.why_not_keep(contract, by):
        raise error
    contract = locked(contract)
    if contract.notice_from == day and day:
        return contract
    if error := rules.why_not_keep(contract, by) or rules.why_not_notice(contract, day, now):
        raise error
    contract.notice_from, contract.notice_ends = day, day + rules.NOTICE
    contract.save(update_fields=["notice_from", "notice_ends"])
    audit.record("entrepreneurship.start_notice", contract, by=by, at=now, day=day.isoformat())
    return contract


@transaction.atomic
def sign_contract(*, contract, day, by, now):
    """Note that a contract was signed on a day; a notice that has to run first is waited for. Raises Refused, Conflict, Invalid."""
    if error := rules.why_not_keep(contract, by):
        raise error
    contract = locked(contract)
    if contract.state == ContractState.SIGNED and contract.signed_on == day:
        return contract
    if error := rules.why_not_keep(contract, by) or rules.why_not_sign(contract, day, now):
        raise error
    contract.state, contract.signed_on = ContractState.SIGNED, day
    contract.save(update_fields=["state", "signed_on"])
    if contract.interest.state == InterestState.CONFIDENTIAL:
        interests.move(contract.interest, InterestState.CONTRACTED, now)
    audit.record("entrepreneurship.sign_contract", contract, by=by, at=now, day=day.isoformat())
    letters.contract_signed(contract, now)
    return contract


@transaction.atomic
def register_contract(*, contract, registration, amount, day, by, now):
    """Note that a contract was recognised and registered, and what of it counts as technology. Raises Refused, Conflict, Invalid."""
    if error := rules.why_not_keep(contract, by):
        raise error
    contract = locked(contract)
    registration = "".join((registration or "").upper().split())[:40]
    if contract.state == ContractState.REGISTERED and contract.registration == registration:
        return contract
    if error := rules.why_not_keep(contract, by) or rules.why_not_register(
        contract, registration, amount, day, now
    ):
        raise error
    _lock_number(registration)
    others = TransferContract.objects.filter(registration=registration).exclude(state="void")
    if others.exclude(pk=contract.pk).exists():
        sentence = _("这个登记编号已用于另一份合同，请核对。")
        raise Conflict("registration_used", sentence, field="registration")
    contract.state, contract.registered_on = ContractState.REGISTERED, day
    contract.registration, contract.amount_registered = registration, rules.amount(amount)
    contract.save(update_fields=["state", "registered_on", "registration", "amount_registered"])
    audit.record("entrepreneurship.register_contract", contract, by=by, at=now, day=day.isoformat())
    return contract


@transaction.atomic
def add_payment(*, contract, amount, day, by, now):
    """Enter money that arrived; the same once more within two minutes is a button pressed twice.

    Raises Refused, Conflict, Invalid for what is no amount or more than was signed. Returns the TransferPayment.
    """
    if error := rules.why_not_keep(contract, by):
        raise error
    contract = locked(contract)
    same = {"amount": rules.amount(amount), "paid_on": day, "entered_by": by}
    if same["amount"] is not None and same["amount"].is_finite() and day:
        lately = contract.payments.filter(**same, entered_at__gt=now - PRESSED_TWICE)
        if before := lately.filter(taken_back=None).first():
            return before
    if error := rules.why_not_keep(contract, by) or rules.why_not_pay(contract, amount, day, now):
        raise error
    payment = TransferPayment.objects.create(contract=contract, entered_at=now, **same)
    audit.record("entrepreneurship.add_payment", contract, by=by, at=now, payment=payment.pk)
    return payment


@transaction.atomic
def take_back_payment(*, payment, reason, by, now):
    """Take back a payment that was entered by mistake: a second row says so, the first stays.

    Raises Refused, Conflict, Invalid. Returns the TransferPayment that takes it back.
    """
    if error := rules.why_not_keep(payment.contract, by):
        raise error
    contract = locked(payment.contract)
    payment = TransferPayment.objects.get(pk=payment.pk)
    if error := rules.why_not_keep(contract, by) or rules.why_not_take_back(payment):
        raise error
    reason = reasons.clean(reason, _("请写明为什么更正，会留在记录里。"))
    back = TransferPayment.objects.create(
        contract=contract,
        amount=-payment.amount,
        paid_on=payment.paid_on,
        takes_back=payment,
        reason=reason,
        entered_by=by,
        entered_at=now,
    )
    audit.record(
        "entrepreneurship.take_back_payment",
        contract,
        by=by,
        at=now,
        reason=reason,
        payment=payment.pk,
    )
    return back


@transaction.atomic
def undo_registration(*, contract, reason, by, now):
    """Undo a registration that was noted by mistake; the reason stays on record. Raises Refused, Conflict, Invalid."""
    contract, reason = _to_undo(contract, reason, by)
    if error := rules.why_not_in(contract, ContractState.REGISTERED):
        raise error
    contract.state, contract.registered_on = ContractState.SIGNED, None
    contract.registration, contract.amount_registered = "", None
    contract.save(update_fields=["state", "registered_on", "registration", "amount_registered"])
    audit.record("entrepreneurship.undo_registration", contract, by=by, at=now, reason=reason)
    return contract


@transaction.atomic
def undo_signing(*, contract, reason, by, now):
    """Undo a signing that was noted by mistake; the interest goes back with it. Raises Refused, Conflict, Invalid."""
    contract, reason = _to_undo(contract, reason, by)
    if error := rules.why_not_unsign(contract):
        raise error
    contract.state, contract.signed_on = ContractState.PREPARED, None
    contract.save(update_fields=["state", "signed_on"])
    _follow(contract.interest, now, reason)
    audit.record("entrepreneurship.undo_signing", contract, by=by, at=now, reason=reason)
    return contract


@transaction.atomic
def void_contract(*, contract, reason, by, now):
    """Make a contract void; its number may be entered again. Raises Refused, Conflict, Invalid. Returns it."""
    contract, reason = _to_undo(contract, reason, by)
    if error := rules.why_not_void(contract):
        raise error
    contract.state, contract.void_reason = ContractState.VOID, reason
    contract.save(update_fields=["state", "void_reason"])
    _follow(contract.interest, now, reason)
    audit.record("entrepreneurship.void_contract", contract, by=by, at=now, reason=reason)
    return contract


def _to_undo(contract, reason, by):
    if error := rules.why_not_keep(contract, by):
        raise error
    contract = locked(contract)
    if error := rules.why_not_keep(contract, by):
        raise error
    return contract, reasons.clean(reason, _("请写明理由，会留在记录里。"))


def _follow(interest, now, reason):
    """Put an interest back where it stood before its contract, unless another one of it is in force."""
    if interest.state == InterestState.CONTRACTED and not interest.contracts.counted().exists():
        step = interest.steps.filter(after=InterestState.CONTRACTED, undone=None)
        interests.move(
            interest,
            InterestState.CONFIDENTIAL,
            now,
            reason=reason,
            undoes=step.order_by("-pk").first(),
        )


@transaction.atomic
def export_contracts(*, rows, by, now):
    """Note that a list of contracts is taken out; returns those of `rows` that `by` may see. Raises Refused."""
    rights.require(by, "entrepreneurship.export_transfercontract")
    seen = TransferContract.objects.all() if by is None else TransferContract.objects.visible_to(by)
    found = list(
        rows.filter(pk__in=seen.values("pk"))
        .select_related("interest__profile", "interest__seeker_unit", "interest__profile__unit")
        .order_by("-pk")
    )
    if by is not None:
        audit.record("entrepreneurship.export_contracts", by, by=by, at=now, count=len(found))
    return found
