"""One function for each thing that happens to a venture."""

from entrepreneurship.ventures.operations.checking import (
    answer_check,
    ask_again,
    ask_check,
    close_check,
    correct_checkpoint,
    remind_check,
)
from entrepreneurship.ventures.operations.founding import (
    accept_founder,
    add_outside_founder,
    end_founder,
    hand_over_venture,
    invite_founder,
    set_founder,
)
from entrepreneurship.ventures.operations.keeping import (
    correct_venture,
    create_venture,
    export_ventures,
    save_venture,
)
from entrepreneurship.ventures.operations.staging import enter_stage, take_stage_back

__all__ = [
    "accept_founder",
    "add_outside_founder",
    "answer_check",
    "ask_again",
    "ask_check",
    "close_check",
    "correct_checkpoint",
    "correct_venture",
    "create_venture",
    "end_founder",
    "enter_stage",
    "export_ventures",
    "hand_over_venture",
    "invite_founder",
    "remind_check",
    "save_venture",
    "set_founder",
    "take_stage_back",
]
