"""Measure 9: care points, a double-entry ledger; Care Stations, their services and vouchers."""

from care_points.models.appointments import Appointment, Leave, Provider, ProviderKind
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
    Delivery,
    Redemption,
    RedemptionState,
    Service,
)

__all__ = [
    "AccountKind",
    "Appointment",
    "CareStation",
    "Category",
    "Delivery",
    "EarningRule",
    "Entry",
    "HoursState",
    "Leave",
    "PointsAccount",
    "Provider",
    "ProviderKind",
    "Redemption",
    "RedemptionState",
    "RuleUnit",
    "Service",
    "ServiceHours",
    "Transfer",
    "TransferKind",
]
