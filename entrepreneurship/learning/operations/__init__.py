"""What happens to programmes, to those who take part, and to their certificates."""

from entrepreneurship.learning.operations.certificates import (
    fetch_training_certificate,
    reissue_training_certificate,
    revoke_training_certificate,
)
from entrepreneurship.learning.operations.enrolments import (
    enrol,
    export_enrolments,
    leave_programme,
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

__all__ = [
    "DESCRIBED",
    "add_module",
    "add_programme",
    "close_programme",
    "drop_module",
    "edit_module",
    "edit_programme",
    "enrol",
    "export_enrolments",
    "fetch_training_certificate",
    "leave_programme",
    "look",
    "open_programme",
    "recount",
    "reissue_training_certificate",
    "reopen_programme",
    "revoke_training_certificate",
]
