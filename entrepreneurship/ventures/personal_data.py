"""Her ventures: in her copy, when she is erased, when links are old, when two records become one."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from entrepreneurship.ventures import letters
from entrepreneurship.ventures.models import (
    FounderKind,
    Venture,
    VentureCheckpoint,
    VentureFounder,
    VentureStage,
)
from kernel.portal import Group, Line
from kernel.retention import Keep, Retention
from talents.doubles.moving import Moving, none_of

COVERS = ("entrepreneurship.Venture.talent", "entrepreneurship.VentureFounder.talent")


def collect(user):
    """Return her ventures, her part in them, their stages and yearly checks."""
    hers = Venture.objects.of_woman(user).select_related("base").order_by("pk")
    founded = VentureFounder.objects.filter(talent__user=user).select_related("venture", "talent")
    stages = VentureStage.objects.filter(venture__in=hers).select_related("venture")
    checks = VentureCheckpoint.objects.filter(venture__in=hers).select_related("venture")
    return [
        Group(
            pgettext_lazy("many", "创业项目"),
            hers,
            (
                "name",
                "summary",
                "industry",
                "base",
                "uscc",
                "stage",
                "stage_on",
                "registered_on",
                "created_at",
                "next_check_on",
            ),
        ),
        Group(
            gettext_lazy("创始人"),
            founded.order_by("pk"),
            ("venture", "role", "share", "made_at", "accepted_at", "ended_at"),
        ),
        Group(
            gettext_lazy("阶段记录"),
            stages.order_by("pk"),
            ("venture", "stage", "day", "noted_at", "takes_back"),
        ),
        Group(
            gettext_lazy("年度情况"),
            checks.order_by("pk"),
            (
                "venture",
                "day",
                "alive",
                "jobs",
                "women_jobs",
                "revenue",
                "finance",
                "patents",
                "source",
                "noted_at",
                "replaces",
            ),
        ),
    ]


# --- erasing ---------------------------------------------------------------------------------------
def _foundings(person):
    return VentureFounder.objects.standing().filter(talent__in=list(person.records))


def lost(person, now):
    """Say what becomes of her ventures when she is erased."""
    if not _foundings(person).exists():
        return []
    return [
        _(
            "您发起的创业项目转给另一位已确认的创始人；没有别人的，名称和信用代码删除，只留行业、阶段和年度数字，用于统计。"
        )
    ]


def erase(person, now):
    """Take her out of her ventures; what nobody else keeps loses its name and code."""
    records = list(person.records)
    kept = Venture.objects.filter(talent__in=records, forgotten=False)
    changed = 0
    for venture in kept.select_for_update(of=("self",), no_key=True).order_by("pk"):
        others = venture.founders.confirmed().exclude(talent__in=records).order_by("pk")
        others = others.select_related("talent__user")
        if other := others.first():
            venture.talent = other.talent
            letters.handed_over(venture, now)
        else:
            venture.name, venture.summary, venture.uscc = "—", "", None
            venture.base, venture.forgotten, venture.next_check_on = None, True, None
        venture.save()
        if venture.forgotten:  # nobody joins what nobody keeps
            venture.founders.invited().update(ended_at=now)
        changed += 1
    return changed + _foundings(person).update(ended_at=now)


# --- how long it is kept ---------------------------------------------------------------------------
def old_links(before):
    """Return invitations to found a venture that nobody accepted since before a moment."""
    return VentureFounder.objects.filter(
        kind=FounderKind.RECORD, accepted_at=None, made_at__lt=before
    )


RETENTION = (
    Line(56, gettext_lazy("创业项目、阶段和年度情况：账号注销以前；之后只留统计用的数字。")),
    Retention(
        57,
        "entrepreneurship.founder_links",
        gettext_lazy("没有人接受的创始人邀请"),
        Keep(days=90),
        gettext_lazy("自发出起算，之后删除"),
        old_links,
    ),
)


# --- two records become one ------------------------------------------------------------------------
def _founds_both(keep, lose):
    """Return her foundings of ventures the other record founds as well: one of them is enough."""
    ventures = VentureFounder.objects.confirmed().filter(talent=keep).values("venture")
    twice = VentureFounder.objects.confirmed().filter(talent=lose, venture__in=ventures)
    return none_of(list(twice.values_list("pk", flat=True)))


MOVINGS = (
    Moving(40, "entrepreneurship.Venture", words=pgettext_lazy("many", "创业项目"), depends=True),
    Moving(
        41,
        "entrepreneurship.VentureFounder",
        words=gettext_lazy("参与创业的项目"),
        stays=_founds_both,
        depends=True,
    ),
)
