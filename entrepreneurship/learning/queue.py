"""What of training waits for somebody."""

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from entrepreneurship.learning.models import Coach, CoachState, Enrolment, Programme, ProgrammeState
from events.minutes import TAUGHT
from events.models import Event
from kernel.admin.queue import capped, changelist, set_aside
from kernel.portal import Task


def at_risk(user, now):
    """Return the line about women who may not reach what a programme asks for."""
    waiting = Enrolment.objects.visible_to(user).at_risk().order_by("risk_since")
    return Task(
        _("学时可能不够的学员"),
        capped(waiting),
        _("本人已收到提醒。请核对她的签到记录，有误的更正；还来得及的，请她参加余下的课。"),
        changelist("entrepreneurship_enrolment", "state__exact=enrolled&risk__in=tight,lost"),
        since=waiting.values_list("risk_since", flat=True).first(),
    )


def to_conclude(user, now):
    """Return the line about programmes whose last event is over and settled."""
    taught = Event.objects.filter(series=OuterRef("series"), kind__in=TAUGHT)
    taught = taught.exclude(state="cancelled")
    running = Programme.objects.visible_to(user).filter(state=ProgrammeState.OPEN)
    waiting = running.filter(Exists(taught), ~Exists(taught.filter(settled_at=None)))
    return Task(
        _("可以结业的培训项目"),
        capped(waiting),
        _("各课都已核定到场情况，结业后签发证书。"),
        changelist("entrepreneurship_programme", "state__exact=open"),
        since=waiting.order_by("opened_at").values_list("opened_at", flat=True).first(),
    )


def programmes_set_aside(user, now):
    """Return the line about programmes the clock could not count."""
    rows = Programme.objects.visible_to(user)
    return set_aside(_("没能核算学时的培训项目"), rows, "entrepreneurship_programme")


def coaching_set_aside(user, now):
    """Return the line about coaches the clock could not tell, or whose proposals it could not end."""
    rows = Coach.objects.visible_to(user)
    return set_aside(_("到期处理失败的创业辅导"), rows, "entrepreneurship_coach")


def offers(user, now):
    """Return the line about people who offer to coach."""
    waiting = Coach.objects.visible_to(user).filter(state=CoachState.OFFERED)
    return Task(
        _("待确认的创业辅导人"),
        capped(waiting),
        _("确认以后本人可以发布时段；不采用的请写明原因。"),
        changelist("entrepreneurship_coach", "state__exact=offered"),
        since=waiting.order_by("agreed_at").values_list("agreed_at", flat=True).first(),
    )
