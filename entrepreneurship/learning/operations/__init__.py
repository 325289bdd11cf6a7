"""What happens to programmes, to those who take part, to their certificates, and in coaching."""

from entrepreneurship.learning.operations.certificates import (
    fetch_training_certificate,
    reissue_training_certificate,
    revoke_training_certificate,
)
from entrepreneurship.learning.operations.coaches import (
    accept_coach,
    change_coaching,
    decline_coach,
    end_coaching,
    offer_coaching,
    retry_coach,
)
from entrepreneurship.learning.operations.enrolments import (
    enrol,
    export_enrolments,
    leave_programme,
)
from entrepreneurship.learning.operations.hours import (
    cancel_hour,
    confirm_hour,
    publish_hour,
    tell_coach,
    write_talk,
)
from entrepreneurship.learning.operations.looking import look
from entrepreneurship.learning.operations.programmes import (
    DESCRIBED,
    add_module,
    add_programme,
    close_programme,
    drop_module,
    edit_module,
    edit_programme,
    open_programme,
    recount,
    reopen_programme,
)
from entrepreneurship.learning.operations.proposals import (
    accept_proposal,
    decline_proposal,
    lapse_proposal,
    move_terms,
    propose_times,
    withdraw_proposal,
)

__all__ = [
    "DESCRIBED",
    "accept_coach",
    "accept_proposal",
    "add_module",
    "add_programme",
    "cancel_hour",
    "change_coaching",
    "close_programme",
    "confirm_hour",
    "decline_coach",
    "decline_proposal",
    "drop_module",
    "edit_module",
    "edit_programme",
    "end_coaching",
    "enrol",
    "export_enrolments",
    "fetch_training_certificate",
    "lapse_proposal",
    "leave_programme",
    "look",
    "move_terms",
    "offer_coaching",
    "open_programme",
    "propose_times",
    "publish_hour",
    "recount",
    "reissue_training_certificate",
    "reopen_programme",
    "retry_coach",
    "revoke_training_certificate",
    "tell_coach",
    "withdraw_proposal",
    "write_talk",
]
