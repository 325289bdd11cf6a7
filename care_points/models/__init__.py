"""Measure 9: care points, a double-entry ledger; Care Stations, their services and vouchers."""

from care_points.models.hours import HoursState, ServiceHours
from care_points.models.ledger import (
    AccountKind,
    EarningRule,
    Entry,
    PointsAccount,
    RuleUnit,
    Transfer,
    TransferKind,
)
from care_points.models.stations import (
    CareStation,
    Category,
    Redemption,
    RedemptionState,
    Service,
)

__all__ = [
    "AccountKind",
    "CareStation",
    "Category",
    "EarningRule",
    "Entry",
    "HoursState",
    "PointsAccount",
    "Redemption",
    "RedemptionState",
    "RuleUnit",
    "Service",
    "ServiceHours",
    "Transfer",
    "TransferKind",
]
