"""Offers are entered, corrected, confirmed, withdrawn and put back; changes are undone; the clock reminds.

`by` is a User or None (the unit's own program, the clock), `now` an aware datetime. Changing nothing records nothing.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kernel import reasons, rights
from kernel.errors import Conflict, Invalid, raise_if
from kernel.personal_numbers import why_not_in_words
from privacy import audit
from workplaces.changes import latest, put, put_back
from workplaces.flexible import letters, rules
from workplaces.flexible.models import FlexibleOffer, OfferChange
from workplaces.keeping import department_of

FIELDS = (
    "kind",
    "posts",
    "discipline",
    "how_many",
    "pay",
    "pay_words",
    "workload",
    "age_until",
    "valid_from",
    "valid_until",
    "district",
    "place",
    "ask",
    "phone",
)
NEEDED = ("kind", "posts", "pay", "workload", "valid_from", "district", "ask", "phone")
WORDS = ("posts", "pay_words", "workload", "district", "place", "ask")


def locked(offer):
    """Return an offer as it stands now, locked."""
    return FlexibleOffer.objects.select_for_update(of=("self",), no_key=True).get(pk=offer.pk)


def _check(offer):
    for name in NEEDED:
        if not getattr(offer, name):
            raise Invalid("offer_incomplete", _("请填写这一项。"), field=name)
    for name in WORDS:
        raise_if(why_not_in_words(getattr(offer, name), field=name))
    raise_if(
        rules.why_not_phone(offer.phone)
        or rules.why_not_days(offer.valid_from, offer.valid_until)
        or rules.why_not_numbers(offer.how_many, offer.age_until)
        or rules.why_not_pay(offer.pay, offer.pay_words)
    )


def _confirmed(offer, now):
    offer.confirmed_on, offer.confirm_reminded_at = timezone.localdate(now), None


@transaction.atomic
def save_offer(*, offer=None, unit=None, values, by, now):
    """Add (`offer=None`, for a unit) or change one; who writes it has confirmed it. `values` are of FIELDS.

    Raises Refused, Invalid, Conflict. Returns the FlexibleOffer.
    """
    is_new = offer is None
    raise_if(rules.why_not_unit(unit, by) if is_new else rules.why_not_keep(offer, by))
    if is_new:
        offer = FlexibleOffer(unit=unit, created_at=now, department=department_of(by))
    else:
        offer = locked(offer)
        raise_if(rules.why_not_save(offer, by))
    before, after = put(offer, {name: values[name] for name in FIELDS if name in values})
    _check(offer)
    is_renewed = offer.confirmed_on != timezone.localdate(now)
    _confirmed(offer, now)
    if not after:
        if is_renewed:
            offer.save(update_fields=["confirmed_on", "confirm_reminded_at"])
            audit.record("workplaces.confirm_offer", offer, by=by, at=now)
        return offer
    offer.revision += not is_new
    offer.save()
    OfferChange.objects.create(
        offer=offer, before={} if is_new else before, after=after, by=by, at=now
    )
    verb = "workplaces.add_offer" if is_new else "workplaces.edit_offer"
    audit.record(verb, offer, by=by, at=now)
    return offer


@transaction.atomic
def confirm_offer(*, offer, by, now, revision=None):
    """Note that everything is as it is written today; it holds for another year. Returns the FlexibleOffer.

    `revision` is that of the text which was read. Raises Refused, Conflict where it has changed since.
    """
    raise_if(rules.why_not_keep(offer, by))
    offer, today = locked(offer), timezone.localdate(now)
    raise_if(rules.why_not_confirm(offer, by, revision, day=today))
    if offer.confirmed_on != today:
        _confirmed(offer, now)
        offer.save(update_fields=["confirmed_on", "confirm_reminded_at"])
        audit.record("workplaces.confirm_offer", offer, by=by, at=now)
    return offer


@transaction.atomic
def withdraw_offer(*, offer, reason, by, now):
    """Take an offer off the public pages, with a reason. Raises Refused, Invalid, Conflict. Returns the FlexibleOffer."""
    raise_if(rules.why_not_keep(offer, by))
    offer = locked(offer)
    raise_if(rules.why_not_withdraw(offer, by))
    offer.withdrawn_reason = reasons.clean(reason, _("请写明为什么撤下。"))
    raise_if(why_not_in_words(offer.withdrawn_reason, field="reason"))
    offer.withdrawn_at, offer.withdrawn_by_staff = now, by is not None and by.is_staff
    offer.save(update_fields=["withdrawn_at", "withdrawn_reason", "withdrawn_by_staff"])
    audit.record("workplaces.withdraw_offer", offer, by=by, at=now)
    return offer


@transaction.atomic
def put_back_offer(*, offer, by, now):
    """Show an offer again that was withdrawn. Raises Refused, Conflict. Returns the FlexibleOffer."""
    raise_if(rules.why_not_keep(offer, by))
    offer = locked(offer)
    raise_if(rules.why_not_put_back(offer, by))
    offer.withdrawn_at, offer.withdrawn_reason, offer.withdrawn_by_staff = None, "", False
    offer.save(update_fields=["withdrawn_at", "withdrawn_reason", "withdrawn_by_staff"])
    audit.record("workplaces.put_back_offer", offer, by=by, at=now)
    return offer


@transaction.atomic
def undo_offer_change(*, change, by, now):
    """Put back what the latest change of an offer replaced. Raises Refused, Invalid, Conflict.

    Returns the OfferChange.
    """
    raise_if(rules.why_not_keep(change.offer, by))
    offer = locked(change.offer)
    raise_if(rules.why_not_save(offer, by))
    change = offer.changes.get(pk=change.pk)
    raise_if(rules.why_not_undo(change))
    put_back(offer, change)
    _check(offer)
    offer.revision += 1
    offer.save()
    change.undone_at = now
    change.save(update_fields=["undone_at"])
    audit.record("workplaces.undo_offer_change", offer, by=by, at=now)
    return change


def undo_latest(*, offer, revision=None, by, now):
    """Undo the latest change of an offer, as staff do it in the admin; `revision` is what the page showed.

    Raises Refused, Invalid, Conflict. Returns the OfferChange.
    """
    raise_if(rules.why_not_undo_latest(offer, by))
    if revision is not None and offer.revision != revision:
        raise Conflict("not_latest", _("您打开之后内容有改动，请看过现在的内容再撤销。"))
    return undo_offer_change(change=latest(offer.changes), by=by, now=now)


def export_offers(*, rows, by, now):
    """Return the FlexibleOffers of `rows`, to be written out; the log keeps how many. Raises Refused."""
    rights.require(by, "workplaces.view_flexibleoffer")
    found = list(rows.select_related("unit").order_by("unit__name", "pk"))
    if found:
        audit.record("workplaces.export_offers", found[0], by=by, at=now, rows=len(found))
    return found


# --- the clock -------------------------------------------------------------------------------------
@transaction.atomic
def remind_offer(*, offer, now):
    """Remind a unit once that an offer is to be confirmed. Returns the FlexibleOffer."""
    offer = locked(offer)
    if FlexibleOffer.objects.to_remind(timezone.localdate(now)).filter(pk=offer.pk).exists():
        offer.confirm_reminded_at = now
        offer.save(update_fields=["confirm_reminded_at"])
        letters.confirm(offer, now)
    return offer


@transaction.atomic
def retry_offer(*, row, by, now):
    """Have the clock try again to remind of an offer it set aside. Raises Refused, Conflict. Returns the FlexibleOffer."""
    raise_if(rules.why_not_keep(row, by))
    row = locked(row)
    raise_if(rules.why_not_again(row, by))
    row.sweep_failures = 0
    row.save(update_fields=["sweep_failures"])
    audit.record("workplaces.retry_offer", row, by=by, at=now)
    return row
