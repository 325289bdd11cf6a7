"""Calls and applications for staff."""

from calls.admin.applications import ApplicationAdmin
from calls.admin.calls import CallAdmin
from calls.admin.notices import ObjectionAdmin, PublicNoticeAdmin
from calls.admin.reviews import ReviewAdmin

__all__ = ["ApplicationAdmin", "CallAdmin", "ObjectionAdmin", "PublicNoticeAdmin", "ReviewAdmin"]
