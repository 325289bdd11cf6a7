"""What the portal counts of introductions, beside what banks count: small numbers are not told."""

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce, TruncQuarter
from django.utils.translation import gettext as _

from entrepreneurship.finance.models import Referral
from kernel.words import listed
from privacy.disclosure import MINIMUM

STEPS = ("received", "approved", "disbursed")


def with_ours(totals):
    """Put beside each BankTotal how many introductions to its bank the portal counts in its quarter, as `ours_…`."""
    return totals.annotate(**{f"ours_{step}": _counted(step) for step in STEPS})


def _counted(step):
    same = Referral.objects.filter(bank=OuterRef("bank")).order_by()
    in_quarter = same.annotate(quarter=TruncQuarter(f"{step}_on")).filter(
        quarter=OuterRef("quarter")
    )
    return Coalesce(Subquery(in_quarter.values("bank").annotate(n=Count("pk")).values("n")), 0)


def told(count):
    """Return a count of women in words: below ten only that it is below ten."""
    return str(count) if count == 0 or count >= MINIMUM else _("少于 10")


def ours(total):
    """Return what is counted here for a BankTotal that `with_ours` found, in one line."""
    return listed(told(getattr(total, f"ours_{step}")) for step in STEPS)
