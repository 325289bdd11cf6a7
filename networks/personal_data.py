"""What the app holds about one woman: in her copy, when she leaves or is erased, when it is old, when two records become one."""

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from kernel import content
from kernel.days import DAY
from kernel.portal import Group, Line
from kernel.retention import Keep, Retention
from networks.members.models import OPEN, Membership, MemberState
from networks.members.operations import (
    leave_association,
    locked_membership,
    withdraw_application,
)
from networks.posts.models import EndReason, Holding, Outside
from talents.doubles.moving import Moving, none_of

COVERS = ("networks.Membership.talent", "networks.Holding.talent")


def collect(user):
    """Return her memberships and posts."""
    members = Membership.objects.of_woman(user).select_related("association").order_by("pk")
    held = Holding.objects.of_woman(user).select_related("association", "post", "term")
    return [
        Group(
            pgettext_lazy("many", "协会会员"),
            members,
            (
                "code",
                "association",
                "state",
                "applied_at",
                "decided_at",
                "reason",
                "joined_on",
                "valid_until",
                "paused_from",
                "paused_until",
                "left_on",
            ),
        ),
        Group(
            pgettext_lazy("many", "任职"),
            held.order_by("pk"),
            (
                "association",
                ("post", gettext_lazy("职务")),
                "term",
                "first_day",
                "last_day",
                "document",
                "end_reason",
                "noted_at",
            ),
        ),
    ]


# --- leaving the database, and being erased --------------------------------------------------------
def lost_by_leaving(talent, now, hers):
    """Say what becomes of her memberships and posts when her record leaves the database."""
    if not Membership.objects.filter(talent=talent, state__in=OPEN).exists():
        return []
    return [_("您在各协会的会籍从今天起结束，任职和权限随之结束；30 天内回来的，可以恢复。")]


def leave_all(*, talent, hers, now):
    """End her memberships, and with them her posts; the system does so, by rule."""
    rows = Membership.objects.filter(talent=talent, state__in=OPEN).select_related("association")
    # By association, whose locks are taken here one after the other: so two who leave at once never wait for each other.
    for row in rows.order_by("association_id"):
        found = locked_membership(row)  # decided meanwhile, perhaps
        if found.state == MemberState.APPLIED:
            withdraw_application(membership=found, by=None, now=now)
        elif found.state == MemberState.ACTIVE:
            leave_association(membership=found, by=None, now=now)


def _hers(person):
    return list(person.records)


def lost(person, now):
    """Say what is lost by being erased."""
    lines = []
    if Membership.objects.filter(talent__in=_hers(person)).exists():
        lines.append(_("您在各协会的会籍和申请删除。"))
    if Holding.objects.filter(talent__in=_hers(person)).exists():
        lines.append(_("您的任职随即结束，只留下“有一位女性任过这个职务”，用于统计。"))
    return lines


def erase(person, now):
    """End what she holds and leave of it that a woman held it; delete her memberships. Returns how many rows changed."""
    yesterday = timezone.localdate(now) - DAY
    held = Holding.objects.filter(talent__in=_hers(person))
    running = held.filter(last_day__gt=yesterday)
    begun = running.filter(first_day__lte=yesterday)
    ended = {"end_reason": EndReason.NOT_MEMBER, "ended_at": now}
    begun.update(last_day=yesterday, **ended)
    held.filter(first_day__gt=yesterday, last_day__gt=yesterday).update(
        last_day=F("first_day") - DAY, **ended
    )
    gone = held.update(talent=None, outside=Outside.WOMAN, application=None)
    gone += Membership.objects.filter(talent__in=_hers(person)).delete()[0]
    content.touch()
    return gone


# --- how long it is kept ---------------------------------------------------------------------------
def old_memberships(before):
    """Return applications and memberships that ended before a moment."""
    undone = Q(state__in=(MemberState.DECLINED, MemberState.WITHDRAWN), applied_at__lt=before)
    day = timezone.localdate(before)
    over = Q(state__in=(MemberState.LEFT, MemberState.LAPSED), left_on__lt=day)
    return Membership.objects.filter(undone | over)


def old_names(before):
    """Return posts that ended before a moment and still name her."""
    return Holding.objects.filter(last_day__lt=timezone.localdate(before), talent__isnull=False)


def forget_names(rows):
    """Leave that a woman held a post."""
    return rows.update(talent=None, outside=Outside.WOMAN, application=None)


RETENTION = (
    Line(61, gettext_lazy("协会的会籍和任职：会籍有效期间。")),
    Retention(
        62,
        "networks.memberships",
        gettext_lazy("没有通过、撤回和已结束的会籍"),
        Keep(years=3),
        gettext_lazy("自结束起算，之后删除"),
        old_memberships,
    ),
    Retention(
        63,
        "networks.holdings",
        gettext_lazy("在协会任过职的人是谁"),
        Keep(years=10),
        gettext_lazy("自任职结束起算，之后只留“有一位女性任过”，用于统计"),
        old_names,
        forget_names,
    ),
)


# --- two records become one ------------------------------------------------------------------------
def _both_members(keep, lose):
    """Return the open memberships of `lose` in associations where `keep` has one: they stay."""
    there = Membership.objects.filter(talent=keep, state__in=OPEN).values("association")
    both = Membership.objects.filter(talent=lose, state__in=OPEN, association__in=there)
    return none_of(list(both.values_list("pk", flat=True)))


def _both_hold(keep, lose):
    """Return the posts of `lose` on rungs where `keep` holds one at the same time: they stay."""
    stays = [
        row.pk
        for row in Holding.objects.real().filter(talent=lose)
        if Holding.objects.real()
        .filter(
            talent=keep,
            association=row.association_id,
            rung=row.rung,
            first_day__lte=row.last_day,
            last_day__gte=row.first_day,
        )
        .exists()
    ]
    return none_of(stays)


MOVINGS = (
    Moving(
        60,
        "networks.Membership",
        words=pgettext_lazy("many", "协会会员"),
        stays=_both_members,
        depends=True,
    ),
    Moving(
        61,
        "networks.Holding",
        words=pgettext_lazy("many", "任职"),
        stays=_both_hold,
        depends=True,
    ),
)
