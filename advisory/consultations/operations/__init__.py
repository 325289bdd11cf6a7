"""What happens to consultations. Admin, pages and the clock all call these."""

from advisory.consultations.operations.answering import (
    accept_invitation,
    declare_conflict,
    decline_invitation,
    follow_seat,
    lapse_invitation,
    remind_of_answer,
    remind_to_hold,
    retry_invitation,
)
from advisory.consultations.operations.closing import (
    change_opinion,
    close_consultation,
    count_again,
    decide_opinion,
    give_opinion,
    hold_consultation,
    note_opinion,
    reopen_consultation,
)
from advisory.consultations.operations.exporting import export_invitations, export_opinions
from advisory.consultations.operations.inviting import (
    invite,
    invite_again,
    settle_conflict,
    withdraw_invitation,
)
from advisory.consultations.operations.papers import (
    add_paper,
    open_paper,
    read_paper,
    remove_paper,
)
from advisory.consultations.operations.preparing import (
    WRITTEN,
    cancel_consultation,
    open_inviting,
    plan_meeting,
    save_consultation,
    set_target,
)

__all__ = [
    "WRITTEN",
    "accept_invitation",
    "add_paper",
    "cancel_consultation",
    "change_opinion",
    "close_consultation",
    "count_again",
    "decide_opinion",
    "declare_conflict",
    "decline_invitation",
    "export_invitations",
    "export_opinions",
    "follow_seat",
    "give_opinion",
    "hold_consultation",
    "invite",
    "invite_again",
    "lapse_invitation",
    "note_opinion",
    "open_inviting",
    "open_paper",
    "plan_meeting",
    "read_paper",
    "remind_of_answer",
    "remind_to_hold",
    "remove_paper",
    "reopen_consultation",
    "retry_invitation",
    "save_consultation",
    "set_target",
    "settle_conflict",
    "withdraw_invitation",
]
