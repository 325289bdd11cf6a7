"""Who may do what with programmes of training, enrolments and certificates."""

from entrepreneurship.learning.rules.training import (
    LONGEST_PROGRAMME,
    why_not_change_modules,
    why_not_close,
    why_not_edit_programme,
    why_not_enrol,
    why_not_enrol_for,
    why_not_fetch_certificate,
    why_not_handle_certificate,
    why_not_leave_programme,
    why_not_manage_programme,
    why_not_module,
    why_not_open_programme,
    why_not_programme,
    why_not_reissue_certificate,
    why_not_reopen,
    why_not_revoke_certificate,
)

__all__ = [
    "LONGEST_PROGRAMME",
    "why_not_change_modules",
    "why_not_close",
    "why_not_edit_programme",
    "why_not_enrol",
    "why_not_enrol_for",
    "why_not_fetch_certificate",
    "why_not_handle_certificate",
    "why_not_leave_programme",
    "why_not_manage_programme",
    "why_not_module",
    "why_not_open_programme",
    "why_not_programme",
    "why_not_reissue_certificate",
    "why_not_reopen",
    "why_not_revoke_certificate",
]
