"""Calls and applications for staff."""

from calls.admin.applications import ApplicationAdmin
from calls.admin.calls import CallAdmin

__all__ = ["ApplicationAdmin", "CallAdmin"]
