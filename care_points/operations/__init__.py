"""What happens to points, volunteer hours and vouchers: one function for each business event.

Each one locks the talent's account, checks again inside the lock, and writes the change, its audit
entry and its notices in one transaction. `by` is a User or None (the system), `now` an aware datetime.
"""

from care_points.operations.desk import find_voucher, fulfil, require_usable
from care_points.operations.earning import earn, expire_points, reverse
from care_points.operations.hours import confirm_hours, record_hours, refuse_hours
from care_points.operations.spending import cancel_redemption, expire_redemption, redeem

__all__ = [
    "cancel_redemption",
    "confirm_hours",
    "earn",
    "expire_points",
    "expire_redemption",
    "find_voucher",
    "fulfil",
    "record_hours",
    "redeem",
    "refuse_hours",
    "require_usable",
    "reverse",
]
