"""What staff say of rows that a sweep has set aside."""

from django.db import transaction
from django.utils.translation import gettext as _

from kernel import rights
from kernel.errors import Conflict
from privacy import audit


@transaction.atomic
def try_again(*, row, by, now):
    """Let the sweeps take up a Redemption or PointsAccount again that failed too often.

    Raises Refused, Conflict("not_set_aside") where it is in the sweeps already.
    """
    rights.require(by, "care_points.fulfil_redemption")
    if not type(row).objects.filter(pk=row.pk).try_again():
        raise Conflict("not_set_aside", _("这一条没有被搁置，不用重试。"))
    audit.record("care_points.try_again", row, by=by, at=now)
