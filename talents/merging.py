"""What of this app goes over when two records become one (talents.doubles.moving)."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.errors import Conflict
from talents.doubles.moving import Moving
from talents.erasure.models import Erasure


def _why_not_erased(keep, lose):
    """Return that one of the two is about to be erased (Conflict), or None."""
    if Erasure.objects.waiting().filter(talent__in=(keep, lose)).exists():
        return Conflict("erasure_waits", _("其中一份档案正在等待删除，不能合并。"))
    return None


# Claims keep who had asked; a proposal that waits about the record that is lost was dropped before.
MOVINGS = (
    Moving(1, "talents.Claim"),
    Moving(2, "talents.Proposal"),
    Moving(3, "talents.CareerEntry", words=gettext_lazy("履历")),
    Moving(4, "talents.Erasure", why_not=_why_not_erased),
)
