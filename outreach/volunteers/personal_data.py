"""What the team holds about one woman: in her copy, when she is erased or leaves, when it is old, when records are merged."""

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from kernel.portal import Group
from kernel.retention import Keep, Retention
from outreach.volunteers.models import Clearance, Volunteer, VolunteerState, VolunteerTraining
from outreach.volunteers.operations import leave_team
from outreach.volunteers.rules import why_not_leave
from talents.departures import Departure
from talents.doubles.moving import Moving, none_of

COVERS = ("outreach.Volunteer.talent",)


def collect(user):
    """Return her part in the team, her trainings, and that she was checked."""
    trainings = VolunteerTraining.objects.filter(volunteer__talent__user=user)
    clearances = Clearance.objects.filter(volunteer__talent__user=user)
    return [
        Group(
            gettext_lazy("志愿服务队"),
            Volunteer.objects.filter(talent__user=user),
            (
                "topics",
                "stages",
                "days",
                "areas",
                "most_a_term",
                "state",
                "applied_at",
                "decided_at",
                "reason",
                "paused_on",
                "paused_until",
                "left_at",
            ),
        ),
        Group(
            pgettext_lazy("many", "志愿者培训"),
            trainings.order_by("pk"),
            ("title", "done_on", "good_until", "reason"),
        ),
        Group(
            pgettext_lazy("many", "从业审查"),
            clearances.order_by("pk"),
            ("done_on", "good_until", "reason"),
        ),
    ]


def _hers(person):
    return Volunteer.objects.filter(talent__in=list(person.records))


def lost(person, now):
    """Say what becomes of her part in the team when she is erased."""
    if not _hers(person).exists():
        return []
    return [_("您退出志愿服务队，报名内容、培训和审查记录都会删除。")]


def erase(person, now):
    """Delete all of it: nothing counts on it."""
    gone, _by_model = _hers(person).delete()
    return gone


# --- her record leaves the database -----------------------------------------------------------------
def _in_team(talent):
    found = Volunteer.objects.filter(talent=talent).first()
    return found if found and why_not_leave(found) is None else None


def lost_by_leaving(talent, now, hers):
    """Say that she leaves the team as well."""
    return [_("您同时退出志愿服务队。")] if _in_team(talent) else []


def leave(*, talent, hers, now):
    """Take her out of the team; the system does so, by rule."""
    if volunteer := _in_team(talent):
        leave_team(volunteer=volunteer, by=None, now=now)


DEPARTURES = (Departure(39, lost_by_leaving, leave),)


# --- how long it is kept ----------------------------------------------------------------------------
def old_drafts(before):
    """Return what was never handed in and not touched since a moment."""
    return Volunteer.objects.filter(state=VolunteerState.DRAFT, saved_at__lt=before)


def old_ended(before):
    """Return those who left, or were not taken, before a moment."""
    refused = Q(state=VolunteerState.REFUSED, decided_at__lt=before)
    return Volunteer.objects.filter(Q(state=VolunteerState.LEFT, left_at__lt=before) | refused)


RETENTION = (
    Retention(
        90,
        "outreach.drafts",
        gettext_lazy("没有交出的志愿者报名"),
        Keep(years=1),
        gettext_lazy("自最后一次修改起算，之后删除"),
        old_drafts,
    ),
    Retention(
        91,
        "outreach.volunteers",
        gettext_lazy("志愿者的报名、培训和审查记录"),
        Keep(years=3),
        gettext_lazy("自退出或未采用起算，之后删除"),
        old_ended,
    ),
)


# --- two records become one -------------------------------------------------------------------------
def _both(keep, lose):
    """Return the row of `lose` where `keep` has one: what was checked of one was checked under her name."""
    if not Volunteer.objects.filter(talent=keep).exists():
        return None
    return none_of(list(Volunteer.objects.filter(talent=lose).values_list("pk", flat=True)))


MOVINGS = (
    Moving(49, "outreach.Volunteer", words=gettext_lazy("志愿服务队"), stays=_both, depends=True),
)
