"""Who may do what with an event or a booking, and when: each rule once.

A rule returns None or the DomainError that says why not. Operations raise it inside their lock; pages
ask it before they show a button. Rights take `by` (a User, or None for the system itself), the other
rules take `at`, the moment. `Event.objects.bookable`, `managed_by` and `with_door_for` are the same
rules as SQL; tests compare the two.
"""

from events.rules.after import (
    CORRECT_FOR,
    EXPLAIN_FOR,
    why_not_correct,
    why_not_explain,
    why_not_settle,
)
from events.rules.day import (
    moment_of,
    why_not_check_out,
    why_not_correct_times,
    why_not_times,
)
from events.rules.door import why_not_check_in, why_not_undo_check_in
from events.rules.feedback import (
    ANSWER_FOR,
    may_still_answer,
    why_not_answer,
    why_not_answer_for,
    why_not_moderate,
    why_not_read_feedback,
)
from events.rules.pools import (
    MOST_CHILDREN,
    why_not_childcare,
    why_not_childcare_places,
    why_not_children,
    why_not_guests,
    why_not_pool,
)
from events.rules.programme import (
    contradictions,
    why_not_begin,
    why_not_call_off,
    why_not_edit,
    why_not_message,
    why_not_publish,
    why_not_seats,
    why_not_span,
)
from events.rules.rights import (
    is_without_organiser,
    organisers,
    why_not_act_for,
    why_not_add,
    why_not_book_as_staff,
    why_not_clone,
    why_not_explain_for,
    why_not_hand_over,
    why_not_invite,
    why_not_manage,
    why_not_organise,
    why_not_see_names,
    why_not_take_over,
)
from events.rules.seats import (
    whom,
    why_not_accept,
    why_not_book,
    why_not_book_for,
    why_not_cancel,
    why_not_decide,
    why_not_eligible,
    why_not_invited,
    why_not_open,
)

__all__ = [
    "ANSWER_FOR",
    "CORRECT_FOR",
    "EXPLAIN_FOR",
    "MOST_CHILDREN",
    "contradictions",
    "is_without_organiser",
    "may_still_answer",
    "moment_of",
    "organisers",
    "whom",
    "why_not_accept",
    "why_not_act_for",
    "why_not_add",
    "why_not_answer",
    "why_not_answer_for",
    "why_not_begin",
    "why_not_book",
    "why_not_book_as_staff",
    "why_not_book_for",
    "why_not_call_off",
    "why_not_cancel",
    "why_not_check_in",
    "why_not_check_out",
    "why_not_childcare",
    "why_not_childcare_places",
    "why_not_children",
    "why_not_clone",
    "why_not_correct",
    "why_not_correct_times",
    "why_not_decide",
    "why_not_edit",
    "why_not_eligible",
    "why_not_explain",
    "why_not_explain_for",
    "why_not_guests",
    "why_not_hand_over",
    "why_not_invite",
    "why_not_invited",
    "why_not_manage",
    "why_not_message",
    "why_not_moderate",
    "why_not_open",
    "why_not_organise",
    "why_not_pool",
    "why_not_publish",
    "why_not_read_feedback",
    "why_not_seats",
    "why_not_see_names",
    "why_not_settle",
    "why_not_span",
    "why_not_take_over",
    "why_not_times",
    "why_not_undo_check_in",
]
