"""What happens to events and bookings. Browser, admin, command and worker all call these.

Each one decides first whether `by` (a User, None for the system itself) may, then locks the event's
row, so capacity, queue and order are decided one at a time, asks once more what may have changed, and
asks the rule of the step (events.rules). The database's triggers and constraints (migration 0002) hold
even against a writer that takes no lock.
"""

from events.operations.agenda import leave_session, set_agenda
from events.operations.attendance import (
    OUTCOMES,
    correct_attendance,
    explain_absence,
    note_hour,
    settle_event,
)
from events.operations.calendar_links import drop_calendar_link, make_calendar_link
from events.operations.certificates import (
    PRINTED,
    export_certificates,
    fetch_certificate,
    issue_certificates,
    offer_certificates,
    order_certificates,
    reissue_certificate,
    revoke_certificate,
    withdraw_certificate_offer,
)
from events.operations.childcare import change_childcare
from events.operations.door import (
    Arrival,
    check_in,
    export_attendance,
    find_booking,
    undo_check_in,
    undo_latest,
)
from events.operations.events import (
    EDITABLE,
    MESSAGE_LENGTH,
    add_event,
    cancel_event,
    change_capacity,
    edit_event,
    message_booked,
    message_readers,
    publish_event,
)
from events.operations.feedback import give_feedback, hide_feedback, show_feedback
from events.operations.groups import name_for_unit, name_people
from events.operations.guests import set_guests
from events.operations.inviting import admit, find_talents, invite, withdraw_invitation
from events.operations.materials import (
    add_material_link,
    add_materials,
    edit_material,
    move_material,
    read_material,
    replace_material,
    restore_material_file,
    show_material,
    withdraw_material,
)
from events.operations.meeting_lists import apply_list, undo_list
from events.operations.no_show import (
    end_no_show_rule,
    lift_hold,
    set_no_show_rule,
)
from events.operations.on_site import (
    check_in_herself,
    come_in,
    find_people,
    give_late_seats,
    set_code_word,
    undo_late_seats,
    walk_in,
)
from events.operations.paid_seats import redeem_seat
from events.operations.passages import (
    check_out,
    check_out_all,
    correct_times,
    undo_check_out,
    undo_check_out_all,
    undo_correction,
    undo_return,
)
from events.operations.photos import (
    add_photos,
    answer_photos,
    delete_photo,
    describe_photo,
    hide_photo,
    publish_photo,
)
from events.operations.pools import add_pool, edit_pool, open_pool, open_pools
from events.operations.reminding import remind
from events.operations.repeating import clone_event, repeat_event
from events.operations.reporting import export_report
from events.operations.seats import (
    accept_offer,
    approve_booking,
    book,
    cancel_booking,
    expire_offers,
    promote,
    refuse_booking,
)
from events.operations.series import DESCRIBED, add_series, edit_series
from events.operations.share_pictures import draw_share_picture
from events.operations.sweeping import try_again
from events.operations.taking_over import ask_take_over
from events.operations.transfers import accept_transfer, hand_on, take_transfer_back
from events.operations.volunteering import record_volunteers

__all__ = [
    "DESCRIBED",
    "EDITABLE",
    "MESSAGE_LENGTH",
    "OUTCOMES",
    "PRINTED",
    "Arrival",
    "accept_offer",
    "accept_transfer",
    "add_event",
    "add_material_link",
    "add_materials",
    "add_photos",
    "add_pool",
    "add_series",
    "admit",
    "answer_photos",
    "apply_list",
    "approve_booking",
    "ask_take_over",
    "book",
    "cancel_booking",
    "cancel_event",
    "change_capacity",
    "change_childcare",
    "check_in",
    "check_in_herself",
    "check_out",
    "check_out_all",
    "clone_event",
    "come_in",
    "correct_attendance",
    "correct_times",
    "delete_photo",
    "describe_photo",
    "draw_share_picture",
    "drop_calendar_link",
    "edit_event",
    "edit_material",
    "edit_pool",
    "edit_series",
    "end_no_show_rule",
    "expire_offers",
    "explain_absence",
    "export_attendance",
    "export_certificates",
    "export_report",
    "fetch_certificate",
    "find_booking",
    "find_people",
    "find_talents",
    "give_feedback",
    "give_late_seats",
    "hand_on",
    "hide_feedback",
    "hide_photo",
    "invite",
    "issue_certificates",
    "leave_session",
    "lift_hold",
    "make_calendar_link",
    "message_booked",
    "message_readers",
    "move_material",
    "name_for_unit",
    "name_people",
    "note_hour",
    "offer_certificates",
    "open_pool",
    "open_pools",
    "order_certificates",
    "promote",
    "publish_event",
    "publish_photo",
    "read_material",
    "record_volunteers",
    "redeem_seat",
    "refuse_booking",
    "reissue_certificate",
    "remind",
    "repeat_event",
    "replace_material",
    "restore_material_file",
    "revoke_certificate",
    "set_agenda",
    "set_code_word",
    "set_guests",
    "set_no_show_rule",
    "settle_event",
    "show_feedback",
    "show_material",
    "take_transfer_back",
    "try_again",
    "undo_check_in",
    "undo_check_out",
    "undo_check_out_all",
    "undo_correction",
    "undo_late_seats",
    "undo_latest",
    "undo_list",
    "undo_return",
    "walk_in",
    "withdraw_certificate_offer",
    "withdraw_invitation",
    "withdraw_material",
]
