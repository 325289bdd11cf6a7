"""What stands above and below an event's form: buttons, requests, who booked, who is invited."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from events import rules
from events.admin import agenda_page
from events.admin.after import after_links
from events.admin.materials import material_links
from events.admin.photos import photo_links
from events.admin.seat_pages import shares, why_not_keep
from events.models import Booking, Source
from kernel.errors import Conflict
from privacy.models import AuditEntry


def around_form(event, user):
    """Return what the pieces above and below an event's form show to `user`."""
    now = timezone.now()
    bookings = Booking.objects.managed_by(user).filter(event=event)
    bookings = bookings.select_related("talent__unit", "event", "pool__unit").order_by("place")
    bookings = bookings.with_queue_rank().prefetch_related("passages")
    refused = rules.why_not_manage(event, user, "events.publish_event")
    why_not_publish = refused or rules.why_not_publish(event, now)
    return {
        "event": event,
        "stage": event.stage(now).label,
        **agenda_page.shown(event),
        "may_set_agenda": not (
            rules.why_not_manage(event, user, "events.change_event") or rules.why_not_edit(event)
        ),
        "may_publish": not why_not_publish,
        "why_not_publish": None if event.published_at or refused else why_not_publish,
        "lacks_link": event.lacks_link and rules.why_not_call_off(event, now) is None,
        "may_clone": rules.why_not_clone(event, user) is None,
        "may_call_off": not (refused or rules.why_not_call_off(event, now)),
        "may_take_over": rules.why_not_take_over(event, user) is None,
        "may_message": not (
            rules.why_not_manage(event, user, "events.change_event")
            or rules.why_not_message(event, now)
        ),
        "may_export": rules.why_not_see_names(event, user, "events.export_booking") is None,
        "has_door": event.is_published and event.has_door_for(user),
        "may_invite": rules.why_not_invite(event, user, now) is None,
        "may_name": rules.why_not_name_for_unit(event, user, now) is None,
        "may_book_for": not (
            rules.why_not_see_names(event, user, "events.change_booking")
            or rules.why_not_message(event, now)
        ),
        "after": [
            *material_links(event),
            *photo_links(event, user),
            *after_links(event, user, now),
        ],
        "has_materials": event.has_materials,
        "may_keep": why_not_keep(event, user) is None,
        "shares": shares(event, user),
        "requests": bookings.pending().count(),
        "invitations": _invitations(event, user),
        "hidden_bookings": not event.shows_names_to(user),
        "bookings": [(row, _booking_actions(row, event, user, now)) for row in _exempt(bookings)],
    }


def _exempt(bookings):
    """Return the bookings, each with why staff made it beside the rules as `exempt`, "" where they did not."""
    rows = list(bookings)
    entries = AuditEntry.objects.filter(action="events.book", object_type="events.booking")
    entries = entries.filter(object_id__in=[str(row.pk) for row in rows]).exclude(reason="")
    why = dict(entries.values_list("object_id", "reason"))
    for row in rows:
        row.exempt = why.get(str(row.pk), "")
    return rows


def _invitations(event, user):
    """Return who is invited and has not booked, for those who may know."""
    if not event.shows_names_to(user):
        return []
    booked = event.bookings.active().values("talent")
    waiting = event.invitations.standing().exclude(talent__in=booked)
    return waiting.select_related("talent__unit").order_by("-invited_at", "-pk")


def _booking_actions(booking, event, user, now):
    """Return what `user` may do with one person's booking: (words, words with her name, address) each."""
    name, where = booking.talent.full_name, {"pk": event.pk, "code": booking.code}
    asked = (
        (_("通过"), _("通过%(name)s的报名"), "approve", why_not_decide),
        (_("不通过"), _("不通过%(name)s的报名"), "refuse", why_not_decide),
        (_("代为确认"), _("代%(name)s确认席位"), "accept", why_not_accept),
        (_("更正到场"), _("更正%(name)s的到场情况"), "correct", why_not_correct),
        (_("进出时间"), _("查看和更正%(name)s的进出时间"), "times", why_not_times),
        (_("撤销更正"), _("撤销%(name)s更正的进出时间"), "undo_times", why_not_undo_times),
        (_("取消报名"), _("取消%(name)s的报名"), "cancel", why_not_cancel),
    )
    return [
        (words, named % {"name": name}, reverse(f"admin:events_booking_{page}", kwargs=where))
        for words, named, page, why_not in asked
        if why_not(booking, event, user, now) is None
    ]


def why_not_decide(booking, event, user, now):
    refused = rules.why_not_see_names(event, user, "events.change_booking")
    return refused or rules.why_not_decide(booking, user, now)


def why_not_accept(booking, event, user, now):
    refused = rules.why_not_act_for(event, booking.talent, user)
    return refused or rules.why_not_accept(booking, now)


def why_not_correct(booking, event, user, now):
    refused = rules.why_not_see_names(event, user, "events.check_in_booking")
    return refused or rules.why_not_correct(booking, user, now)


def why_not_times(booking, event, user, now):
    refused = rules.why_not_see_names(event, user, "events.check_in_booking")
    return refused or rules.why_not_correct_times(booking, user, now)


def why_not_undo_times(booking, event, user, now):
    corrected = any(p.stands and p.source == Source.CORRECTION for p in booking.passages.all())
    return why_not_times(booking, event, user, now) or (
        None if corrected else Conflict("not_corrected", _("没有更正可以撤销。"))
    )


def why_not_cancel(booking, event, user, now):
    refused = rules.why_not_act_for(event, booking.talent, user)
    return refused or rules.why_not_cancel(booking, now)
