"""What she asked of bases: in her copy, when she is erased, when it is old, when two records become one."""

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from entrepreneurship.bases.models import BaseRequest, BaseRequestState
from kernel.portal import Group
from kernel.retention import Keep, Retention
from talents.doubles.moving import Moving, none_of

COVERS = ("entrepreneurship.BaseRequest.talent",)
# Any of the sealed words is still there.
SAID = (
    Q(words__isnull=False)
    | Q(contact__isnull=False)
    | Q(answer__isnull=False)
    | Q(helped_words__isnull=False)
)


def collect(user):
    """Return what she asked and what was answered."""
    rows = BaseRequest.objects.of_woman(user).select_related("base", "service", "venture")
    return [
        Group(
            pgettext_lazy("many", "基地服务申请"),
            rows.order_by("pk"),
            (
                "code",
                "base",
                "service",
                "venture",
                "words",
                "contact",
                "state",
                "asked_at",
                "due_on",
                "answer",
                "decline_reason",
                "ended_at",
                "reopened_at",
                "helped",
                "helped_words",
                "helped_at",
            ),
        )
    ]


def _hers(person):
    return BaseRequest.objects.filter(talent__in=list(person.records))


def lost(person, now):
    """Say what becomes of her requests when she is erased."""
    if not _hers(person).exists():
        return []
    return [
        _("您请基地帮忙的内容、联系方式和答复删除，等待答复的随即撤回，只留办理结果，用于统计。")
    ]


def drop_words(rows):
    """Leave that something was asked, and how it ended."""
    return rows.update(words=None, contact=None, answer=None, helped_words=None)


def erase(person, now):
    """Withdraw what waits and take away all words."""
    waiting = _hers(person).open()
    changed = waiting.update(state=BaseRequestState.WITHDRAWN, ended_at=now)
    told = _hers(person).filter(SAID)
    return changed + drop_words(told)


def old_requests(before):
    """Return requests that ended before a moment and still hold words."""
    ended = BaseRequest.objects.filter(ended_at__lt=before)
    return ended.filter(SAID)


RETENTION = (
    Retention(
        58,
        "entrepreneurship.base_requests",
        gettext_lazy("请基地帮忙的内容、联系方式和答复"),
        Keep(years=1),
        gettext_lazy("自办结起算，之后只留办理结果"),
        old_requests,
        drop_words,
    ),
)


def _waits_twice(keep, lose):
    """Return her open requests for services the other record waits for as well."""
    services = BaseRequest.objects.open().filter(talent=keep).values("service")
    twice = BaseRequest.objects.open().filter(talent=lose, service__in=services)
    return none_of(list(twice.values_list("pk", flat=True)))


MOVINGS = (
    Moving(
        42,
        "entrepreneurship.BaseRequest",
        words=pgettext_lazy("many", "基地服务申请"),
        stays=_waits_twice,
        depends=True,
    ),
)
