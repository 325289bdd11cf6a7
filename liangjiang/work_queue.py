"""What a clerk meets first in the admin: what waits for her, then the numbers.

Each line of the queue is a question with an address that answers it; a line with nothing waiting stays
visible as "done", so that an empty morning looks like one.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.core.cache import cache
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from care_points.models import Redemption, ServiceHours, Transfer
from events.models import Booking, Event
from notices.models import Delivery
from talents.models import ImportRun, Talent

SHOWN_AT_MOST = 1000
FIGURES_AGE = 60  # seconds


@dataclass(frozen=True)
class Task:
    """One line of the work queue. `since` is when the oldest waiting item came in, or None."""

    title: str
    count: int
    hint: str
    link: str
    since: object = None
    urgent: bool = False

    @property
    def count_text(self):
        """Return the count, capped: nobody acts differently on 1,000 and 1,001."""
        return f"{SHOWN_AT_MOST}+" if self.count > SHOWN_AT_MOST else str(self.count)


def _capped(rows):
    return rows[: SHOWN_AT_MOST + 1].count()


def _changelist(model, query):
    return f"{reverse(f'admin:{model}_changelist')}?{query}"


def _to_verify(user, now):
    waiting = Talent.objects.visible_to(user).waiting()
    oldest = waiting.values_list("submitted_at", flat=True).first()
    return Task(
        _("待审核的人才资料"),
        _capped(waiting),
        _("核对后通过，或写明原因退回。"),
        _changelist("talents_talent", "state__exact=submitted"),
        oldest,
        urgent=bool(oldest and now - oldest > timedelta(days=3)),
    )


def _imports(user, now):
    ready = ImportRun.objects.visible_to(user).filter(state="ready")
    return Task(
        _("待确认的名单导入"),
        _capped(ready),
        _("预览已完成，确认后才会写入。"),
        _changelist("talents_importrun", "state__exact=ready"),
    )


def _hours(user, now):
    waiting = ServiceHours.objects.visible_to(user).waiting().exclude(recorded_by=user)
    return Task(
        _("待确认的志愿时长"),
        _capped(waiting),
        _("确认后自动计入积分。"),
        _changelist("care_points_servicehours", "state__exact=recorded"),
    )


def _drafts(user, now):
    drafts = Event.objects.managed_by(user).filter(state="draft", starts_at__gt=now)
    return Task(
        _("尚未发布的活动"),
        _capped(drafts),
        _("补全信息后发布，即可开始报名。"),
        _changelist("events_event", "state__exact=draft"),
    )


def _full_events(user, now):
    full = (
        Event.objects.managed_by(user)
        .upcoming(now)
        .filter(seats_taken=F("capacity"), waiting__gt=0)
    )
    return Task(
        _("名额已满且有人候补的活动"),
        _capped(full),
        _("可以考虑增加名额，候补会自动递补。"),
        _changelist("events_event", "seats=waiting"),
    )


def _deliveries(user, now):
    trouble = Delivery.objects.filter(state__in=["failed", "unsure"])
    count = _capped(trouble)
    return Task(
        _("没有送达的短信和邮件"),
        count,
        _("核实后重新发送。"),
        _changelist("notices_delivery", "trouble=1"),
        urgent=count > 0,
    )


QUEUE = (
    ("talents.verify_talent", _to_verify),
    ("talents.import_talent", _imports),
    ("care_points.confirm_servicehours", _hours),
    ("events.change_event", _drafts),
    ("events.change_event", _full_events),
    ("notices.view_delivery", _deliveries),
)


def _figures(user, now):
    """Return the numbers under the queue: (label, value, what it counts)."""
    month = timezone.localtime(now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    talents = Talent.objects.visible_to(user).verified()
    events = Event.objects.managed_by(user)
    bookings = Booking.objects.filter(event__in=events)
    return [
        (_("在库人才"), talents.count(), _("已审核入库")),
        (_("本月新入库"), talents.filter(verified_at__gte=month).count(), _("本月审核通过")),
        (_("即将举行"), events.upcoming(now).count(), _("已发布的活动")),
        (_("本月签到"), bookings.filter(checked_in_at__gte=month).count(), _("人次")),
        (
            _("本月积分流转"),
            Transfer.objects.visible_to(user).filter(at__gte=month).count(),
            _("笔"),
        ),
        (
            _("本月服务兑换"),
            Redemption.objects.visible_to(user).filter(made_at__gte=month).count(),
            _("次"),
        ),
    ]


def dashboard(request, context):
    """Fill the admin's index: `queue` (Tasks this person may act on) and `figures`."""
    user, now = request.user, timezone.now()
    tasks = [make(user, now) for permission, make in QUEUE if user.has_perm(permission)]
    tasks.sort(key=lambda task: (not task.urgent, task.count == 0))
    key = f"staff-index:{user.pk}:{get_language()}"
    figures = cache.get(key)
    if figures is None:
        figures = _figures(user, now)
        cache.set(key, figures, FIGURES_AGE)
    title = _("工作台")
    return context | {"title": title, "queue": tasks, "figures": figures, "now": now}
