"""What the theme holds about one woman: in her copy, when she is erased, when it is old, when records are merged."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from entrepreneurship.transfer.models import TransferProfile, TransferVersion
from kernel import content
from kernel.portal import Group
from kernel.retention import Keep, Retention
from talents.departures import Departure
from talents.doubles.moving import Moving

COVERS = (
    "entrepreneurship.TransferProfile.talent",
    "entrepreneurship.TransferInterest.seeker",
)


def collect(user):
    """Return her profiles with every version."""
    hers = TransferProfile.objects.filter(talent__user=user).order_by("pk")
    versions = TransferVersion.objects.filter(profile__in=hers).select_related(
        "endorser", "profile"
    )
    return [
        Group(
            gettext_lazy("我发布的成果和需求"),
            hers,
            (
                "code",
                "kind",
                "title",
                "created_at",
                "published_at",
                "expires_on",
                "withdrawn_at",
                "hidden_at",
                "hidden_reason",
            ),
        ),
        Group(
            gettext_lazy("成果和需求的各个版本"),
            versions.order_by("profile", "number"),
            (
                ("profile_id", gettext_lazy("编号")),
                "number",
                "state",
                "title",
                "problem",
                "advantage",
                "field",
                "readiness",
                "rights_kind",
                "application_number",
                "is_service",
                "endorser",
                "endorsed_at",
                "is_abroad",
                "affirmed_at",
                "affirmed_text",
                "novelty_at",
                "submitted_at",
                "wish",
                "published_at",
            ),
        ),
    ]


def lost(person, now):
    """Say what is lost by being erased, as sentences."""
    count = TransferProfile.objects.filter(talent__in=list(person.records)).count()
    if not count:
        return []
    sentence = ngettext(
        "您发布的 %(count)s 条成果和需求会删除，公开页面马上看不到。",
        "您发布的 %(count)s 条成果和需求会删除，公开页面马上看不到。",
        count,
    )
    return [sentence % {"count": count}]


def erase(person, now):
    """Erase what is hers; returns how many rows went or changed."""
    hers = TransferProfile.objects.filter(talent__in=list(person.records))
    gone = hers.delete()[0]
    content.touch()
    return gone


# --- leaving the database -------------------------------------------------------------------------
def lost_by_leaving(talent, now, hers):
    """Say what becomes of her profiles when her record leaves the database."""
    shown = TransferProfile.objects.filter(talent=talent).shown(timezone.localdate(now))
    return [_("您发布的成果和需求会从页面撤下。")] if shown.exists() else []


def withdraw_all(*, talent, hers, now):
    """Take her profiles off; the system does so, by rule."""
    from entrepreneurship.transfer import profiles

    public = TransferProfile.objects.filter(talent=talent, published_at__isnull=False)
    for profile in public.filter(withdrawn_at=None).order_by("pk"):
        profiles.withdraw_profile(profile=profile, by=None, now=now)


# --- how long it is kept --------------------------------------------------------------------------
def old_drafts(before):
    """Return profiles that were never published and that nobody has written in since a moment."""
    written = TransferVersion.objects.filter(edited_at__gte=before).values("profile")
    return TransferProfile.objects.filter(published_at=None, created_at__lt=before).exclude(
        pk__in=written
    )


def old_versions(before):
    """Return versions that others took the place of before a moment."""
    return TransferVersion.objects.filter(state="replaced", edited_at__lt=before)


RETENTION = (
    Retention(
        90,
        "entrepreneurship.transfer_drafts",
        gettext_lazy("没有公开过的成果和需求"),
        Keep(years=1),
        gettext_lazy("自最后一次修改起算，之后删除"),
        old_drafts,
    ),
    Retention(
        91,
        "entrepreneurship.transfer_versions",
        gettext_lazy("成果和需求的旧版本"),
        Keep(years=3),
        gettext_lazy("自修改起算，之后删除"),
        old_versions,
    ),
)
MOVINGS = (
    Moving(
        90,
        "entrepreneurship.TransferProfile",
        words=gettext_lazy("成果和需求"),
        depends=True,
    ),
    Moving(
        91,
        "entrepreneurship.TransferInterest",
        words=gettext_lazy("合作意向"),
        field="seeker",
        depends=True,
    ),
)
DEPARTURES = (Departure(45, lost_by_leaving, withdraw_all),)
