"""What happens to points, volunteer hours and vouchers: one function for each business event.

Each one decides first whether `by` (a User, or None for the system) may, locks the talent's account or
the row it changes, checks again inside the lock, and writes the change, its audit entry and its
notices in one transaction. `now` is an aware datetime. A rule is a function `why_not_…` that returns None
or the DomainError: pages ask it, operations raise it.
"""

from care_points.operations import cases
from care_points.operations.adjusting import (
    propose_adjustment,
    propose_undo,
    why_not_adjust,
    why_not_undo_adjustment,
)
from care_points.operations.appointments import (
    add_leave,
    clashes,
    correct_absence,
    drop_leave,
    export_appointments,
    mark_absent,
    move_appointment,
    remind_appointments,
    told,
    why_not_correct,
    why_not_leave,
    why_not_mark_absent,
    why_not_move,
)
from care_points.operations.asking import answer_unspent, may_ask
from care_points.operations.budgeting import save_budget, watch_budget, why_not_budget
from care_points.operations.cases import (
    call_off,
    case_of,
    choose_time,
    close_case,
    open_case,
    times_for,
    why_not_call_off,
    why_not_choose,
    why_not_close,
    why_not_open,
)
from care_points.operations.catalogue import (
    PROVIDER_FIELDS,
    RULE_FIELDS,
    SERVICE_FIELDS,
    STATION_FIELDS,
    change_rule,
    save_provider,
    save_service,
    save_station,
    vet_provider,
    why_not_caps,
    why_not_points,
)
from care_points.operations.checking import ask_check, ask_nightly, run_check
from care_points.operations.correcting_hours import (
    correct_hours,
    why_not_correct_hours,
    why_not_withdraw,
    withdraw_hours,
)
from care_points.operations.desk import (
    find_voucher,
    fulfil,
    undo_fulfilment,
    why_not_fulfil,
    why_not_undo,
)
from care_points.operations.earning import earn, expire_points, reverse
from care_points.operations.emergency import NUMBER_FIELDS, save_number, why_not_number
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
from care_points.operations.hours_certificates import (
    certify_hours,
    confirmed_in,
    revoke_hours_certificate,
    why_not_revoke_certificate,
)
from care_points.operations.listing import export_providers, export_stations
from care_points.operations.listing_hours import export_hours, remind_of_hours
from care_points.operations.reminding import (
    remind_of_expiry,
    remind_of_vouchers,
    tell_of_campaigns,
    tell_of_changes,
)
from care_points.operations.spending import (
    cancel_redemption,
    expire_redemption,
    places_left,
    points_back,
    redeem,
    taken_by,
    why_not_cancel,
    why_not_redeem,
)
from care_points.operations.sweeping import try_again

__all__ = [
    "NUMBER_FIELDS",
    "PROVIDER_FIELDS",
    "RULE_FIELDS",
    "SERVICE_FIELDS",
    "STATION_FIELDS",
    "add_leave",
    "answer_unspent",
    "ask_check",
    "ask_nightly",
    "call_off",
    "cancel_redemption",
    "case_of",
    "cases",
    "certify_hours",
    "change_rule",
    "choose_time",
    "clashes",
    "close_case",
    "confirm_hours",
    "confirmed_in",
    "correct_absence",
    "correct_hours",
    "drop_leave",
    "earn",
    "expire_points",
    "expire_redemption",
    "export_appointments",
    "export_hours",
    "export_providers",
    "export_stations",
    "find_voucher",
    "fulfil",
    "mark_absent",
    "may_ask",
    "move_appointment",
    "open_case",
    "places_left",
    "points_back",
    "propose_adjustment",
    "propose_undo",
    "record_hours",
    "redeem",
    "refuse_hours",
    "remind_appointments",
    "remind_of_expiry",
    "remind_of_hours",
    "remind_of_vouchers",
    "reverse",
    "revoke_hours_certificate",
    "run_check",
    "save_budget",
    "save_number",
    "save_provider",
    "save_service",
    "save_station",
    "taken_by",
    "tell_of_campaigns",
    "tell_of_changes",
    "times_for",
    "told",
    "try_again",
    "undo_fulfilment",
    "vet_provider",
    "watch_budget",
    "why_not_adjust",
    "why_not_budget",
    "why_not_call_off",
    "why_not_cancel",
    "why_not_caps",
    "why_not_choose",
    "why_not_close",
    "why_not_confirm",
    "why_not_correct",
    "why_not_correct_hours",
    "why_not_decide",
    "why_not_fulfil",
    "why_not_leave",
    "why_not_mark_absent",
    "why_not_move",
    "why_not_number",
    "why_not_open",
    "why_not_period",
    "why_not_points",
    "why_not_record",
    "why_not_record_for",
    "why_not_redeem",
    "why_not_revoke_certificate",
    "why_not_undo",
    "why_not_undo_adjustment",
    "why_not_withdraw",
    "withdraw_hours",
]
