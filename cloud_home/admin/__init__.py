"""The Cloud Home for staff: one file for circles, one for cases about posts, one for digests that were set aside."""

from cloud_home.admin.cases import HidingAdmin, ReportAdmin, SanctionAdmin
from cloud_home.admin.circles import CircleAdmin
from cloud_home.admin.digests import PreferenceAdmin

__all__ = ["CircleAdmin", "HidingAdmin", "PreferenceAdmin", "ReportAdmin", "SanctionAdmin"]
