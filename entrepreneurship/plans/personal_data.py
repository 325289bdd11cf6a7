"""What the theme holds about one woman: in her copy, when she is erased, when records are merged."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from entrepreneurship.plans.models import PlanMember
from kernel.portal import Group, Line
from talents.doubles.moving import Moving

COVERS = ("entrepreneurship.PlanMember.talent",)


def _of_what_stays(keep, lose):
    """Return members whose application could not go over (both had applied): they stay with it."""
    return Q(application__talent=lose)


MOVINGS = (
    Moving(
        57,
        "entrepreneurship.PlanMember",
        words=_("计划入选"),
        stays=_of_what_stays,
        depends=True,
    ),
)
RETENTION = (
    Line(60, _("计划入选和登记的创业项目：账号注销以前；之后只留没有姓名的入选记录，用于统计。")),
)


def collect(user):
    """Return the Groups of her copy."""
    mine = PlanMember.objects.of_woman(user).select_related("call", "venture").order_by("pk")
    return [Group(_("计划入选"), mine, ("call", "venture", "joined_at"))]


def lost(person, now):
    """Say what is lost by being erased, as sentences: that she was selected stays with the application, without her name."""
    return []


def erase(person, now):
    """Take her venture from what stays of her selection; returns how many rows changed."""
    rows = PlanMember.objects.filter(talent__in=list(person.records))
    return rows.exclude(venture=None).update(venture=None)
