"""The theme in the admin."""

from entrepreneurship.transfer.admin.profiles import TransferProfileAdmin

__all__ = ["TransferProfileAdmin"]
