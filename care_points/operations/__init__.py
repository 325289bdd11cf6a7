"""What happens to points, volunteer hours and vouchers: one function for each business event.

Each one decides first whether `by` (a User, or None for the system) may, locks the talent's account or
the row it changes, checks again inside the lock, and writes the change, its audit entry and its
notices in one transaction. `now` is an aware datetime. A rule is a function `why_not_…` that returns None
or the DomainError: pages ask it, operations raise it.
"""

from care_points.operations.catalogue import (
    RULE_FIELDS,
    SERVICE_FIELDS,
    STATION_FIELDS,
    change_rule,
    save_service,
    save_station,
)
from care_points.operations.desk import find_voucher, fulfil, why_not_fulfil
from care_points.operations.earning import earn, expire_points, reverse
from care_points.operations.hours import (
    confirm_hours,
    record_hours,
    refuse_hours,
    why_not_confirm,
    why_not_decide,
    why_not_period,
    why_not_record,
    why_not_record_for,
)
from care_points.operations.spending import (
    cancel_redemption,
    expire_redemption,
    places_left,
    redeem,
    why_not_cancel,
    why_not_redeem,
)
from care_points.operations.sweeping import try_again

__all__ = [
    "RULE_FIELDS",
    "SERVICE_FIELDS",
    "STATION_FIELDS",
    "cancel_redemption",
    "change_rule",
    "confirm_hours",
    "earn",
    "expire_points",
    "expire_redemption",
    "find_voucher",
    "fulfil",
    "places_left",
    "record_hours",
    "redeem",
    "refuse_hours",
    "reverse",
    "save_service",
    "save_station",
    "try_again",
    "why_not_cancel",
    "why_not_confirm",
    "why_not_decide",
    "why_not_fulfil",
    "why_not_period",
    "why_not_record",
    "why_not_record_for",
    "why_not_redeem",
]
