"""The pages of one person's booking: approved, refused, corrected, cancelled for her."""

from functools import partial

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from events import operations, times_text
from events.admin.around import (
    why_not_accept,
    why_not_cancel,
    why_not_correct,
    why_not_decide,
    why_not_times,
    why_not_undo_times,
)
from events.admin.event_pages import facts
from events.forms import AttendanceForm, CancelBookingForm, RefuseBookingForm, SendForm, TimesForm
from events.models import Booking
from kernel.admin.decision import decide, says_the_same
from privacy import audit


def _decided(booking):
    """Say what became of her request."""
    if booking.is_waitlisted:
        return _("已通过；席位已满，她进入候补。")
    return _("已通过，她有了席位。")


def _done_already(verb, booking, request):
    """Return the booking where the newest that happened to it is this decision of hers, in the same words; else None."""
    booking.refresh_from_db(fields=["state", "reason"])
    is_hers = audit.is_newest(verb, booking, by=request.user)
    return booking if is_hers and says_the_same(request.POST, reason=booking.reason) else None


def _accept(*, sure, **rest):
    return operations.accept_offer(**rest)


def _given_back(booking):
    """Say what became of the seat."""
    if booking.moved_up and booking.moved_up[0].is_offered:
        return _("已取消报名，席位正为候补的一位保留，等她确认。")
    if booking.moved_up:
        return _("已取消报名，候补的一位已自动转正。")
    return _("已取消报名。")


def _noted(booking):
    """Return what the page of her times says beside the event's facts."""
    said = [(_("现在的记录"), times_text.summary(booking))]
    return said + [(_("记录"), sentence) for sentence in times_text.history(booking)]


def _correct_times(booking, *, times, **rest):
    given = times_text.parsed(times, booking.event)
    return operations.correct_times(booking=booking, times=given, **rest)


def _undo_correction(booking, *, sure, **rest):
    return operations.undo_correction(booking=booking, **rest)


class BookingPages:
    """What is done with one booking."""

    def _booking_page(self, request, pk, code, permission, why_not):
        """Return (one person's booking, the page that asks before something is done with it)."""
        if not request.user.has_perm(permission):
            raise PermissionDenied
        event = self.get_or_404(request, pk)
        bookings = Booking.objects.managed_by(request.user).select_related("talent", "event")
        booking = get_object_or_404(bookings, event=event, code=code)
        page = partial(
            decide,
            self,
            request,
            why_not=why_not(booking, event, request.user, timezone.now()),
            facts=[(_("姓名"), booking.talent.full_name), *facts(event)],
            back=self.address("change", event.pk),
        )
        return booking, page

    def approve_booking(self, request, pk, code):
        """Let her come who asked."""
        booking, page = self._booking_page(
            request, pk, code, "events.change_booking", why_not_decide
        )
        return page(
            title=_("通过报名"),
            outcome=_("有席位就直接转为已报名，席满则按报名先后进入候补；她会马上收到通知。"),
            submit=_("通过"),
            operation=partial(operations.approve_booking, booking=booking),
            done=_decided,
            again=lambda: _done_already("events.approve_booking", booking, request),
        )

    def accept_offer(self, request, pk, code):
        """Take the seat that is kept for her, as she asked by telephone."""
        booking, page = self._booking_page(
            request, pk, code, "events.change_booking", why_not_accept
        )
        return page(
            title=_("代为确认席位"),
            outcome=_("席位就此归她，她会马上收到通知。请先与本人确认。"),
            submit=_("确认参加"),
            form_class=SendForm,
            operation=partial(_accept, booking=booking),
            done=_("已代她确认席位。"),
        )

    def refuse_booking(self, request, pk, code):
        """Do not let her come who asked, and say why."""
        booking, page = self._booking_page(
            request, pk, code, "events.change_booking", why_not_decide
        )
        return page(
            title=_("不通过报名"),
            outcome=_("她会收到原因，报名截止前可以再次报名。"),
            submit=_("不通过"),
            danger=True,
            form_class=RefuseBookingForm,
            operation=partial(operations.refuse_booking, booking=booking),
            done=_("已告知她未通过的原因。"),
            again=lambda: _done_already("events.refuse_booking", booking, request),
        )

    def correct_attendance(self, request, pk, code):
        """Say after the event whether she came."""
        booking, page = self._booking_page(
            request, pk, code, "events.check_in_booking", why_not_correct
        )
        return page(
            title=_("更正到场情况"),
            outcome=_("改为已到场会计入积分，改为未到场或已请假会扣回这次的积分。"),
            submit=_("更正"),
            form_class=AttendanceForm,
            operation=partial(operations.correct_attendance, booking=booking),
            done=_("已更正。"),
        )

    def correct_times(self, request, pk, code):
        """Show what was noted of her going in and out, and put it right."""
        booking, page = self._booking_page(
            request, pk, code, "events.check_in_booking", why_not_times
        )
        page.keywords["facts"] += _noted(booking)
        return page(
            title=_("进出时间"),
            outcome=_("以您填写的为准，学时和证书按新的时间算；原来的记录保留，可以撤销更正。"),
            submit=_("更正"),
            form_class=partial(TimesForm, initial={"times": times_text.noted(booking)}),
            operation=partial(_correct_times, booking),
            done=_("已更正进出时间。"),
        )

    def undo_correction(self, request, pk, code):
        """Take the latest correction of her times back."""
        booking, page = self._booking_page(
            request, pk, code, "events.check_in_booking", why_not_undo_times
        )
        page.keywords["facts"] += _noted(booking)
        return page(
            title=_("撤销更正"),
            outcome=_("更正之前的记录重新算数。"),
            submit=_("撤销更正"),
            form_class=SendForm,
            operation=partial(_undo_correction, booking),
            done=_("已撤销更正。"),
        )

    def cancel_booking(self, request, pk, code):
        """Cancel one person's booking for her, after asking."""
        booking, page = self._booking_page(
            request, pk, code, "events.change_booking", why_not_cancel
        )
        outcome = _(
            "空出的席位会按顺序让给候补的人，为单位或专场保留的只让给符合条件的。请先与本人确认。"
        )
        if booking.is_waitlisted:
            outcome = _("她会退出候补。请先与本人确认。")
        return page(
            title=_("取消报名"),
            outcome=outcome,
            submit=_("取消她的报名"),
            danger=True,
            form_class=CancelBookingForm,
            operation=partial(operations.cancel_booking, booking=booking),
            done=_given_back,
        )
