"""What happens to a talent's record. Browser, admin, command and worker all call these.

`profile`: written by her and handed in; `decisions`: checked by a clerk; `corrections`: set right by
a clerk; `claims`: a reported record becomes hers; `leaving`: consent is withdrawn; `proposals`: a verified identity changes; `records`: what all need.
"""

from talents.operations.claims import claim, find_claimable, name_of, why_not_claim
from talents.operations.corrections import CORRECTABLE, correct, why_not_correct
from talents.operations.decisions import (
    hand_over,
    return_with_reason,
    verify,
    why_not_decide,
    why_not_verify,
)
from talents.operations.leaving import on_database_consent, on_identity_consent
from talents.operations.profile import (
    REQUIRED,
    STEP_FIELDS,
    first_unfinished,
    missing,
    save_step,
    submit,
    why_not_id_number,
    why_not_submit,
    why_not_write,
)
from talents.operations.proposals import (
    accept_proposal,
    open_proposal,
    refuse_proposal,
    why_not_accept,
    withdraw_proposal,
)
from talents.operations.records import home_department, own_record, why_not_number

__all__ = [
    "CORRECTABLE",
    "REQUIRED",
    "STEP_FIELDS",
    "accept_proposal",
    "claim",
    "correct",
    "find_claimable",
    "first_unfinished",
    "hand_over",
    "home_department",
    "missing",
    "name_of",
    "on_database_consent",
    "on_identity_consent",
    "open_proposal",
    "own_record",
    "refuse_proposal",
    "return_with_reason",
    "save_step",
    "submit",
    "verify",
    "why_not_accept",
    "why_not_claim",
    "why_not_correct",
    "why_not_decide",
    "why_not_id_number",
    "why_not_number",
    "why_not_submit",
    "why_not_verify",
    "why_not_write",
    "withdraw_proposal",
]
