"""Calls and applications for staff."""

from calls.admin.advantages import AdvantageAdmin
from calls.admin.applications import ApplicationAdmin
from calls.admin.calls import CallAdmin
from calls.admin.dues import DueAdmin
from calls.admin.notices import ObjectionAdmin, PublicNoticeAdmin
from calls.admin.reviews import ReviewAdmin

__all__ = [
    "AdvantageAdmin",
    "ApplicationAdmin",
    "CallAdmin",
    "DueAdmin",
    "ObjectionAdmin",
    "PublicNoticeAdmin",
    "ReviewAdmin",
]
