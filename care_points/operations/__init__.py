"""What happens to points, volunteer hours and vouchers: one function for each business event."""

from care_points.operations.spending import (
    cancel_redemption,
    confirm_hours,
    earn,
    expire_points,
    expire_redemption,
    find_voucher,
    fulfil,
    record_hours,
    redeem,
    refuse_hours,
    require_usable,
    reverse,
)

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
