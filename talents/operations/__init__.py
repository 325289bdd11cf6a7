"""What happens to a talent's record. Browser, admin, command and worker all call these.

`profile`: written by her and handed in; `decisions`: checked by a clerk; `corrections`: set right by
a clerk; `claims`: a reported record becomes hers; `life`: paused, moved away, and back; `merging`: two records
become one; `judging`: they are two women; `endorsements`: her unit stands for her; `leaving`: consent is withdrawn; `proposals`: a
verified identity changes; `unverifying`: a verification is taken back; `records`: what all need.
"""

from talents.operations.claims.asking import (
    address_digest,
    ask_for_record,
    name_of,
    offered_record,
    open_claim,
    why_not_ask,
    why_not_consented,
    withdraw_claim,
)
from talents.operations.claims.deciding import (
    candidates,
    grant_claim,
    hand_over_claim,
    refuse_claim,
    why_not_decide_claim,
    why_not_grant,
)
from talents.operations.claims.giving import why_not_have
from talents.operations.claims.proving import (
    prove_claim,
    send_claim_code,
    send_code_again,
    why_no_code,
)
from talents.operations.claims.undoing import undo_claim, why_not_undo_claim
from talents.operations.corrections import CORRECTABLE, correct, why_not_correct
from talents.operations.decisions import (
    hand_over,
    return_with_reason,
    take_back_return,
    verify,
    why_not_current,
    why_not_decide,
    why_not_take_back_return,
    why_not_verify,
)
from talents.operations.endorsements import (
    endorse,
    endorse_by_unit,
    endorsement_of,
    take_back_by_unit,
    take_back_endorsement,
    why_not_endorse,
    why_not_take_back,
)
from talents.operations.judging import (
    judge_again,
    judge_apart,
    why_not_judge,
    why_not_judge_again,
)
from talents.operations.leaving import lost_with_database, on_database_consent, on_identity_consent
from talents.operations.life import (
    move_away,
    move_back,
    pause,
    resume,
    why_not_move_away,
    why_not_move_back,
    why_not_pause,
    why_not_resume,
)
from talents.operations.merging import (
    CHOICES,
    follow_merges,
    live_merge,
    merge_records,
    proved_phone,
    undo_merge,
    why_not_merge,
    why_not_undo_merge,
)
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
    propose_by_unit,
    refuse_proposal,
    waiting_proposals,
    why_not_accept,
    withdraw_proposal,
)
from talents.operations.records import home_department, own_record, why_not_number
from talents.operations.unverifying import (
    lost_with_verification,
    take_back_verification,
    why_not_take_back_verification,
)

__all__ = [
    "CHOICES",
    "CORRECTABLE",
    "REQUIRED",
    "STEP_FIELDS",
    "accept_proposal",
    "address_digest",
    "ask_for_record",
    "candidates",
    "correct",
    "endorse",
    "endorse_by_unit",
    "endorsement_of",
    "first_unfinished",
    "follow_merges",
    "grant_claim",
    "hand_over",
    "hand_over_claim",
    "home_department",
    "judge_again",
    "judge_apart",
    "live_merge",
    "lost_with_database",
    "lost_with_verification",
    "merge_records",
    "missing",
    "move_away",
    "move_back",
    "name_of",
    "offered_record",
    "on_database_consent",
    "on_identity_consent",
    "open_claim",
    "open_proposal",
    "own_record",
    "pause",
    "propose_by_unit",
    "prove_claim",
    "proved_phone",
    "refuse_claim",
    "refuse_proposal",
    "resume",
    "return_with_reason",
    "save_step",
    "send_claim_code",
    "send_code_again",
    "submit",
    "take_back_by_unit",
    "take_back_endorsement",
    "take_back_return",
    "take_back_verification",
    "undo_claim",
    "undo_merge",
    "verify",
    "waiting_proposals",
    "why_no_code",
    "why_not_accept",
    "why_not_ask",
    "why_not_consented",
    "why_not_correct",
    "why_not_current",
    "why_not_decide",
    "why_not_decide_claim",
    "why_not_endorse",
    "why_not_grant",
    "why_not_have",
    "why_not_id_number",
    "why_not_judge",
    "why_not_judge_again",
    "why_not_merge",
    "why_not_move_away",
    "why_not_move_back",
    "why_not_number",
    "why_not_pause",
    "why_not_resume",
    "why_not_submit",
    "why_not_take_back",
    "why_not_take_back_return",
    "why_not_take_back_verification",
    "why_not_undo_claim",
    "why_not_undo_merge",
    "why_not_verify",
    "why_not_write",
    "withdraw_claim",
    "withdraw_proposal",
]
