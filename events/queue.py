"""What of the app's work waits for somebody: lines and figures of the work queue."""

from django.urls import reverse
from django.utils.translation import gettext as _

from events import volunteering
from events.models import Booking, Event, EventState
from kernel.admin.queue import capped, changelist, set_aside
from kernel.days import begin, month_of
from kernel.portal import Task


def drafts(user, now):
    """Return the line about events nobody can book yet."""
    waiting = Event.objects.managed_by(user).filter(state=EventState.DRAFT, starts_at__gt=now)
    return Task(
        _("尚未发布的活动"),
        capped(waiting),
        _("补全信息后发布，即可开始报名。"),
        changelist("events_event", "state__exact=draft"),
    )


def full_events(user, now):
    """Return the line about full events somebody waits for."""
    return Task(
        _("席位已满且有人候补的活动"),
        capped(Event.objects.managed_by(user).upcoming(now).with_people_waiting()),
        _("可以考虑增加席位，候补会自动递补。"),
        changelist("events_event", "seats=waiting"),
    )


def links_missing(user, now):
    """Return the line about online events that begin soon and have no link."""
    return Task(
        _("就要开始、还没有线上链接的活动"),
        capped(Event.objects.managed_by(user).soon_without_link(now)),
        _("填写线上链接并保存，已报名的人会收到通知。"),
        changelist("events_event", "link=missing"),
    )


def requests(user, now):
    """Return the line about people who asked to come and wait for an answer."""
    waiting = Booking.objects.managed_by(user).to_decide(now)
    return Task(
        _("待审核的活动报名"),
        capped(waiting),
        _("先到先审；通过后有席位的直接转为已报名。"),
        reverse("admin:events_booking_changelist"),
    )


def hours_to_record(user, now):
    """Return the line about activities of volunteers whose hours nobody has recorded."""
    waiting = volunteering.without_hours(Event.objects.managed_by(user), now)
    return Task(
        _("志愿活动待登记时长"),
        capped(waiting),
        _("打开活动的“签到”页，点“志愿时长”核对并登记；没有登记的没有积分。"),
        changelist("events_event", "time=past&hours=to_record"),
    )


def events_set_aside(user, now):
    """Return the line about events whose offers or absences the clock could not see to."""
    return set_aside(_("没有处理成功的活动"), Event.objects.managed_by(user), "events_event")


def upcoming(user, now):
    """Count the published events to come that she runs."""
    return Event.objects.exchanges().managed_by(user).upcoming(now).count()


def check_ins(user, now):
    """Count this month's arrivals at the events she runs."""
    arrivals = Booking.objects.filter(event__in=Event.objects.managed_by(user))
    return arrivals.filter(checked_in_at__gte=begin(month_of(now))).count()
