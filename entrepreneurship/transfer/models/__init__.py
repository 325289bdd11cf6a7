"""Tables of the theme: profiles with their versions, interests with their steps, contracts with their payments."""

from entrepreneurship.transfer.models.choices import (
    FUNNEL,
    OPEN,
    PATENTS,
    TOGETHER,
    WAITING,
    ContractKind,
    ContractState,
    DeclineReason,
    EndReason,
    InterestState,
    PriceWay,
    Readiness,
    RightsKind,
    TransferForm,
    TransferKind,
    VersionState,
)
from entrepreneurship.transfer.models.contracts import TransferContract, TransferPayment
from entrepreneurship.transfer.models.interests import (
    TransferFile,
    TransferFilePiece,
    TransferInterest,
    TransferMatch,
    TransferStep,
)
from entrepreneurship.transfer.models.profiles import (
    OFFER_RIGHT,
    TransferProfile,
    TransferVersion,
    acts_for,
)

__all__ = [
    "FUNNEL",
    "OFFER_RIGHT",
    "OPEN",
    "PATENTS",
    "TOGETHER",
    "WAITING",
    "ContractKind",
    "ContractState",
    "DeclineReason",
    "EndReason",
    "InterestState",
    "PriceWay",
    "Readiness",
    "RightsKind",
    "TransferContract",
    "TransferFile",
    "TransferFilePiece",
    "TransferForm",
    "TransferInterest",
    "TransferKind",
    "TransferMatch",
    "TransferPayment",
    "TransferProfile",
    "TransferStep",
    "TransferVersion",
    "VersionState",
    "acts_for",
]
