"""我的: what needs her attention, her next booking with its code, her points, what is open to her."""

from dataclasses import dataclass

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from care_points.models import CareStation, PointsAccount, Redemption
from events import qr
from events.models import Booking, Event
from kernel.access import signed_in
from notices.models import Notice
from talents.models import Talent, TalentState

SHOWN = 3


@dataclass(frozen=True)
class Attention:
    """One thing she should do next."""

    text: str
    action: str
    link: str
    tone: str = "info"


def _about_profile(talent):
    """Return what her profile asks of her now, or None when it is verified."""
    link = reverse("profile")
    if talent is None or talent.state == TalentState.DRAFT:
        started = _("您的资料还没有提交，分三步，几分钟就能填完。")
        fresh = _("完善资料并通过审核后，就能报名活动、获取关爱积分。")
        return Attention(
            started if talent else fresh, _("继续填写") if talent else _("开始填写"), link
        )
    if talent.state == TalentState.RETURNED:
        text = _("您的资料需要补充：%(reason)s") % {"reason": talent.return_reason}
        return Attention(text, _("去修改"), link, "warn")
    if talent.state == TalentState.SUBMITTED:
        return Attention(
            _("资料已提交，工作人员一般在 3 个工作日内审核，结果会通知您。"), _("查看资料"), link
        )
    return None


@signed_in
@never_cache
@require_safe
def dashboard(request):
    """Show her own page; staff without a profile see the way to the admin as well."""
    user, now = request.user, timezone.now()
    talent = Talent.objects.filter(user=user).first()
    bookings, account, vouchers, opened = [], None, [], []
    if talent:
        active = Booking.objects.active().filter(talent=talent, event__ends_at__gt=now)
        bookings = list(active.select_related("event").order_by("event__starts_at")[:SHOWN])
        account = PointsAccount.objects.filter(talent=talent).first()
        vouchers = Redemption.objects.of(user).filter(state="reserved", expires_at__gte=now)
        vouchers = list(vouchers.select_related("service__station")[:SHOWN])
    taken = {booking.event_id for booking in bookings}
    opened = [e for e in Event.objects.bookable(now)[: SHOWN + len(taken)] if e.pk not in taken]
    notices = list(Notice.objects.visible_to(user, now).unread()[: SHOWN + 1])
    runs_station = CareStation.objects.operated_by(user).exists()
    works_here = talent is None and (user.is_staff or runs_station)
    context = {
        "talent": talent,
        "runs_station": runs_station,
        "attention": None if works_here else _about_profile(talent),
        "next_booking": bookings[0] if bookings else None,
        "next_booking_qr": qr.svg(bookings[0]) if bookings and bookings[0].is_confirmed else "",
        "other_bookings": bookings[1:],
        "balance": account.balance if account else 0,
        "vouchers": vouchers,
        "opened": opened[:SHOWN],
        "notices": notices[:SHOWN],
        "more_notices": len(notices) > SHOWN,
    }
    return render(request, "liangjiang/dashboard.html", context)
