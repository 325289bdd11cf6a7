"""What happens to honours."""

from honours.operations.awarding import (
    FACTS,
    correct_award,
    export_awards,
    fetch_certificate,
    follow_result,
    grant_award,
    list_award,
    reissue_certificate,
    restore_award,
    revoke_award,
)
from honours.operations.catalogue import save_honour, set_call_honour
from honours.operations.proving import attach_evidence, detach_evidence, read_evidence
from honours.operations.recommending import (
    answer_recommendation,
    recommend,
    send_recommendation,
    undo_answer,
    withdraw_recommendation,
)
from honours.operations.suggesting import suggest_to_reserves

__all__ = [
    "FACTS",
    "answer_recommendation",
    "attach_evidence",
    "correct_award",
    "detach_evidence",
    "export_awards",
    "fetch_certificate",
    "follow_result",
    "grant_award",
    "list_award",
    "read_evidence",
    "recommend",
    "reissue_certificate",
    "restore_award",
    "revoke_award",
    "save_honour",
    "send_recommendation",
    "set_call_honour",
    "suggest_to_reserves",
    "undo_answer",
    "withdraw_recommendation",
]
