"""The theme in the admin."""

from entrepreneurship.transfer.admin.contracts import TransferContractAdmin
from entrepreneurship.transfer.admin.interests import TransferInterestAdmin, TransferMatchAdmin
from entrepreneurship.transfer.admin.profiles import TransferProfileAdmin

__all__ = [
    "TransferContractAdmin",
    "TransferInterestAdmin",
    "TransferMatchAdmin",
    "TransferProfileAdmin",
]
