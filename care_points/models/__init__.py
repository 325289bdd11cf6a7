"""Measure 9: care points, a double-entry ledger; Care Stations, their services and vouchers."""

from care_points.models.ledger import (
    AccountKind,
    CareStation,
    Category,
    EarningRule,
    Entry,
    HoursState,
    PointsAccount,
    Redemption,
    RedemptionState,
    RuleUnit,
    Service,
    ServiceHours,
    Transfer,
    TransferKind,
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
