"""What happens to calls and to applications."""

from calls.operations.applying import (
    save_answers,
    start_application,
    submit_application,
    withdraw_application,
)
from calls.operations.checking import (
    accept_application,
    decide_application,
    refuse_application,
    return_application,
    take_export,
    undo_check,
)
from calls.operations.running import (
    cancel_call,
    close_call,
    conclude_call,
    extend_call,
    open_call,
    unpublish_call,
)
from calls.operations.writing import (
    EDITABLE,
    add_call,
    copy_call,
    edit_call,
    move_field,
    remove_field,
    save_field,
)

__all__ = [
    "EDITABLE",
    "accept_application",
    "add_call",
    "cancel_call",
    "close_call",
    "conclude_call",
    "copy_call",
    "decide_application",
    "edit_call",
    "extend_call",
    "move_field",
    "open_call",
    "refuse_application",
    "remove_field",
    "return_application",
    "save_answers",
    "save_field",
    "start_application",
    "submit_application",
    "take_export",
    "undo_check",
    "unpublish_call",
    "withdraw_application",
]
