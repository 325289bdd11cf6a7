"""Banks, their papers, products and versions of terms: kept by the finance officer.

Locks: the bank, then the product. Versions of one product are written one after the other.
"""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Unit
from entrepreneurship.finance import products_rules as rules
from entrepreneurship.finance.models import BankPaper, FinanceBank, FinanceProduct, FinanceTerms
from kernel import reasons
from kernel.errors import Conflict, Invalid
from privacy import audit, changing

BANK_FIELDS = ("unit", "contact")
PAPER_FIELDS = ("bank", "kind", "document", "valid_from", "valid_until")
PRODUCT_FIELDS = ("bank", "name", "name_en", "kind", "purposes", "in_use")
TERMS_FIELDS = (
    "document",
    "valid_from",
    "valid_until",
    "limit",
    "rate",
    "subsidy",
    "conditions",
)
COUNTED = ("valid_until",)


def _keeper(by):
    if error := rules.why_not_keep(by):
        raise error


@transaction.atomic
def save_bank(*, values, by, now, bank=None):
    """Take a bank into the programme, or change whom one calls there; returns the FinanceBank.

    Raises Refused, Invalid for a unit that is no bank, Conflict where it takes part already.
    """
    _keeper(by)
    if bank and "unit" in values and values["unit"] != bank.unit:
        raise Invalid("bank_is_fixed", _("合作银行登记后不能换成另一家，请新增。"), field="unit")
    row, changed = changing.fill(FinanceBank, bank, values, BANK_FIELDS)
    if bank is None:
        if error := rules.why_not_bank(row.unit):
            raise error
        Unit.objects.select_for_update(no_key=True).get(pk=row.unit_id)
        if FinanceBank.objects.filter(unit=row.unit).exists():
            raise Conflict("bank_known", _("这家银行已经登记过。"), field="unit")
    row.save()
    action = "entrepreneurship.change_bank" if bank else "entrepreneurship.add_bank"
    changing.record(action, row, changed, by=by, at=now)
    return row


@transaction.atomic
def note_paper(*, bank, values, by, now):
    """Note an agreement with a bank, or an impact assessment; returns the BankPaper. Raises Refused, Invalid."""
    _keeper(by)
    if error := rules.why_not_days(values["valid_from"], values["valid_until"]):
        raise error
    bank = FinanceBank.objects.select_for_update().get(pk=bank.pk)
    told = {name: value for name, value in values.items() if name != "bank"}
    same = BankPaper.objects.filter(bank=bank, withdrawn_at=None, **told).first()
    if same:
        return same
    paper = BankPaper.objects.create(bank=bank, noted_by=by, noted_at=now, **told)
    audit.record("entrepreneurship.note_paper", paper, by=by, at=now, kind=paper.kind)
    return paper


@transaction.atomic
def withdraw_paper(*, paper, reason, by, now):
    """Say that a paper does not hold any more; what rests on it ends with this moment. Raises Refused, Conflict, Invalid."""
    _keeper(by)
    paper = BankPaper.objects.select_for_update().get(pk=paper.pk)
    if error := rules.why_not_withdraw_paper(paper):
        raise error
    reason = reasons.clean(reason, _("请写明作废的原因。"))
    paper.withdrawn_at = now
    paper.save(update_fields=["withdrawn_at"])
    audit.record("entrepreneurship.withdraw_paper", paper, by=by, at=now, reason=reason)
    return paper


@transaction.atomic
def save_product(*, values, by, now, product=None):
    """Add a product of a bank or change what it is called and for; returns the FinanceProduct.

    A product stays with its bank. Raises Refused, Invalid, Conflict for a name the bank uses already.
    """
    _keeper(by)
    if product and "bank" in values and values["bank"] != product.bank:
        raise Invalid("bank_is_fixed", _("产品不能换到另一家银行，请新增。"), field="bank")
    row, changed = changing.fill(FinanceProduct, product, values, PRODUCT_FIELDS)
    if not row.purposes:
        raise Invalid("purposes_missing", _("请至少选一项用途。"), field="purposes")
    FinanceBank.objects.select_for_update(no_key=True).get(pk=row.bank_id)
    same = FinanceProduct.objects.filter(bank=row.bank, name=row.name).exclude(pk=row.pk)
    if same.exists():
        raise Conflict("product_known", _("这家银行已有同名产品。"), field="name")
    row.save()
    action = "entrepreneurship.change_product" if product else "entrepreneurship.add_product"
    changing.record(action, row, changed, by=by, at=now)
    return row


def _locked_terms(terms):
    """Return a version with its product locked: versions of one product wait for each other."""
    product = FinanceProduct.objects.select_for_update().get(pk=terms.product_id)
    found = FinanceTerms.objects.select_for_update().get(pk=terms.pk)
    found.product = product
    return found


def _check(product, values, terms=None):
    first, last = values["valid_from"], values["valid_until"]
    error = rules.why_not_days(first, last) or rules.why_not_beside(product, first, last, terms)
    if error:
        raise error
    terms = terms or FinanceTerms(product=product)
    for name in ("limit", "rate"):
        why_not = _why_not_number(terms, name, values[name])
        if why_not:
            raise why_not


def _why_not_number(terms, name, value):
    """Return what the field's own checks say of a number (Invalid), else None: not every one was typed in a form."""
    try:
        terms._meta.get_field(name).clean(value, terms)
    except ValidationError as error:
        return Invalid(f"{name}_invalid", error.messages[0], field=name)
    return None


@transaction.atomic
def add_terms(*, product, values, by, now):
    """Add a version of a product's terms, verified today by `by`; returns the FinanceTerms.

    Raises Refused, Invalid for wrong days or numbers, Conflict where it would overlap another version.
    """
    _keeper(by)
    product = FinanceProduct.objects.select_for_update().get(pk=product.pk)
    _check(product, values)
    newest = product.versions.order_by("-number").values_list("number", flat=True).first()
    terms = FinanceTerms.objects.create(
        product=product,
        number=(newest or 0) + 1,
        verified_on=timezone.localdate(now),
        verified_by=by,
        **values,
    )
    audit.record("entrepreneurship.add_terms", terms, by=by, at=now, number=terms.number)
    return terms


@transaction.atomic
def change_terms(*, terms, values, by, now):
    """Put right what a version says while nobody was introduced under it; returns it.

    Raises Refused, Conflict for one in use, and what `add_terms` raises.
    """
    _keeper(by)
    locked = _locked_terms(terms)
    values = {name: values.get(name, getattr(locked, name)) for name in TERMS_FIELDS}
    changed = [name for name in TERMS_FIELDS if getattr(locked, name) != values[name]]
    if not changed:
        return locked
    if error := rules.why_not_change_terms(locked):
        raise error
    _check(locked.product, values, locked)
    for name in changed:
        setattr(locked, name, values[name])
    locked.save(update_fields=changed)
    changing.record("entrepreneurship.change_terms", locked, changed, by=by, at=now)
    return locked


@transaction.atomic
def end_terms(*, terms, ends_on, by, now):
    """Let a version end earlier, on `ends_on` at the latest yesterday's; what was introduced under it keeps it.

    Raises Refused, Conflict for one that has ended, Invalid for a day before its first or after its last.
    """
    _keeper(by)
    terms = _locked_terms(terms)
    if error := rules.why_not_end_terms(terms, timezone.localdate(now)):
        raise error
    earliest = max(terms.valid_from, timezone.localdate(now) - timedelta(days=1))
    if not earliest <= ends_on < terms.valid_until:
        sentence = _("请填一个比原来早的日期，不早于开始日，最早填昨天（今天起不再显示）。")
        raise Invalid("end_invalid", sentence, field="ends_on")
    before, terms.valid_until = terms.valid_until, ends_on
    terms.save(update_fields=["valid_until"])
    days = [before.isoformat(), ends_on.isoformat()]
    audit.record("entrepreneurship.end_terms", terms, by=by, at=now, valid_until=days)
    return terms


@transaction.atomic
def verify_terms(*, terms, by, now):
    """Say that the bank still offers what a version says, as of today; returns it. Raises Refused, Conflict."""
    _keeper(by)
    terms, today = _locked_terms(terms), timezone.localdate(now)
    if error := rules.why_not_verify_terms(terms, today):
        raise error
    if terms.verified_on == today:
        return terms
    terms.verified_on, terms.verified_by = today, by
    terms.save(update_fields=["verified_on", "verified_by"])
    audit.record("entrepreneurship.verify_terms", terms, by=by, at=now)
    return terms


@transaction.atomic
def export_products(*, rows, by, now):
    """Put on record that the list of products is handed out; returns them with the version of today. Raises Refused."""
    _keeper(by)
    day = timezone.localdate(now)
    found = list(rows.with_terms(day).select_related("bank__unit"))
    shown = FinanceTerms.objects.in_bulk([one.terms_id for one in found if one.terms_id])
    if by is not None:
        audit.record("entrepreneurship.export_products", by, by=by, at=now, count=len(found))
    return [(one, shown.get(one.terms_id)) for one in found]
