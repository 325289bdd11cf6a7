"""What the portal counts of introductions, beside what banks count: small numbers are not told."""

from django.utils.translation import gettext as _

from entrepreneurship.finance.models import Referral
from kernel.days import months_after
from kernel.words import listed
from privacy.disclosure import MINIMUM

STEPS = ("received_on", "approved_on", "disbursed_on")


def counted(bank, quarter):
    """Return how many introductions to a bank were received, approved, paid in the quarter that begins on a date."""
    until = months_after(quarter, 3)
    rows = Referral.objects.filter(bank=bank)
    return [
        rows.filter(**{f"{step}__gte": quarter, f"{step}__lt": until}).count() for step in STEPS
    ]


def told(count):
    """Return a count of women in words: below ten only that it is below ten."""
    return str(count) if count == 0 or count >= MINIMUM else _("少于 10")


def ours(total):
    """Return what is counted here for the bank and quarter of a BankTotal, in one line."""
    return listed(told(count) for count in counted(total.bank_id, total.quarter))
