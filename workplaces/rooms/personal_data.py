"""What a woman said of rooms: in her copy, when she is erased, when it is old. Nobody else reads that it was she."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from kernel.portal import Group
from kernel.retention import Keep, Retention
from workplaces.rooms.models import RoomReport

COVERS = ("workplaces.RoomReport.by",)


def collect(user):
    """Return what she said, and whether it was answered."""
    rows = RoomReport.objects.filter(by=user).select_related("room__place").order_by("pk")
    return [
        Group(
            pgettext_lazy("many", "妈咪小屋的情况反映"),
            rows,
            ("room", "kind", "words", "at", "ended_at"),
        )
    ]


def lost(person, now):
    """Say what becomes of it when she is erased."""
    if not RoomReport.objects.filter(by=person.user).exists():
        return []
    return [_("您反映过的妈咪小屋情况会删除。")]


def erase(person, now):
    """Delete all of it."""
    gone, _by_model = RoomReport.objects.filter(by=person.user).delete()
    return gone


def old_reports(before):
    """Return what was answered or taken back before a moment."""
    return RoomReport.objects.filter(ended_at__lt=before)


RETENTION = (
    Retention(
        92,
        "workplaces.reports",
        gettext_lazy("妈咪小屋的情况反映"),
        Keep(years=1),
        gettext_lazy("自答复或撤回起算，之后删除"),
        old_reports,
    ),
)
