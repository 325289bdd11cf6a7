"""Measure 9: care points, a double-entry ledger; Care Stations, their services and vouchers."""

from care_points.models.appointments import Appointment, Leave, Provider, ProviderKind
from care_points.models.campaigns import UnitYear, YearTurn
from care_points.models.cases import CaseState, PrivateCase
from care_points.models.emergency import EmergencyNumber
from care_points.models.hours import STANDING, HoursSource, HoursState, ServiceHours
from care_points.models.hours_certificates import HoursCertificate, HoursRevoked
from care_points.models.keeping import LedgerCheck, PointsBudget, UnspentAnswer, WhyUnspent
from care_points.models.ledger import (
    CAPS,
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
    ServiceMonth,
)

__all__ = [
    "CAPS",
    "STANDING",
    "AccountKind",
    "Appointment",
    "CareStation",
    "CaseState",
    "Category",
    "Delivery",
    "EarningRule",
    "EmergencyNumber",
    "Entry",
    "HoursCertificate",
    "HoursRevoked",
    "HoursSource",
    "HoursState",
    "Leave",
    "LedgerCheck",
    "PointsAccount",
    "PointsBudget",
    "PrivateCase",
    "Provider",
    "ProviderKind",
    "Redemption",
    "RedemptionState",
    "RuleUnit",
    "Service",
    "ServiceHours",
    "ServiceMonth",
    "Transfer",
    "TransferKind",
    "UnitYear",
    "UnspentAnswer",
    "WhyUnspent",
    "YearTurn",
]
