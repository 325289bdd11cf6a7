"""What is said of a member of a cohort: how far she has come after the award."""

from decimal import Decimal

from django.utils.translation import gettext as _

from calls.models.afterwards import UNSETTLED
from kernel.words import colon


def settled(member):
    """Return how many of the things due after the award are settled, "" where nothing is due. Reads prefetched dues."""
    dues = list(member.application.dues.all())
    if not dues:
        return ""
    done = sum(due.state not in UNSETTLED for due in dues)
    return _("%(done)s / %(all)s") % {"done": done, "all": len(dues)}


def paid(member):
    """Return what was paid to her, in yuan; notes that were put right do not count. Reads prefetched dues."""
    payments = [one for due in member.application.dues.all() for one in due.payments.all()]
    return sum((one.amount for one in payments if one.taken_back_at is None), Decimal(0))


def recommended(member):
    """Return to what she was recommended upward and what was answered, "" where she was not."""
    found = getattr(member.application, "recommendation", None)
    return f"{found.honour.label}{colon()}{found.get_state_display()}" if found else ""
