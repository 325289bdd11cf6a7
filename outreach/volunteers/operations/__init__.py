"""What happens in the volunteer team: hers, staff's decisions, trainings and checks, the clock."""

from outreach.volunteers.operations.deciding import (
    accept_volunteer,
    export_volunteers,
    refuse_volunteer,
    reopen_volunteer,
)
from outreach.volunteers.operations.hers import (
    apply_volunteer,
    leave_team,
    pause_volunteering,
    resume_volunteering,
    save_choices,
)
from outreach.volunteers.operations.proofs import (
    correct_clearance,
    correct_training,
    enter_clearance,
    enter_training,
    remind_of_end,
    retry_volunteer,
)

__all__ = [
    "accept_volunteer",
    "apply_volunteer",
    "correct_clearance",
    "correct_training",
    "enter_clearance",
    "enter_training",
    "export_volunteers",
    "leave_team",
    "pause_volunteering",
    "refuse_volunteer",
    "remind_of_end",
    "reopen_volunteer",
    "resume_volunteering",
    "retry_volunteer",
    "save_choices",
]
