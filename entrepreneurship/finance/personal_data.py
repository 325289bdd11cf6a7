"""What the theme holds about one woman: in her copy, when she is erased, when it is old, when records are merged."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from entrepreneurship.finance.models import OPEN, Referral
from entrepreneurship.finance.operations import end_all
from kernel.portal import Group, Line
from kernel.retention import Keep, Retention
from talents.doubles.moving import Moving

COVERS = ("entrepreneurship.Referral.talent",)


def collect(user):
    """Return her introductions: to which bank, under which terms, what became of each."""
    rows = Referral.objects.of_woman(user).select_related("bank__unit", "product", "terms__product")
    return [
        Group(
            pgettext_lazy("many", "金融对接"),
            rows.order_by("pk"),
            (
                "code",
                "bank",
                "product",
                "terms",
                "purpose",
                "way",
                "shared",
                "contents",
                "state",
                "introduced_at",
                "received_on",
                "contacted_on",
                "approved_on",
                "disbursed_on",
                "reason",
                "band",
                "ended_at",
            ),
        )
    ]


def lost(person, now):
    """Say that what is under way ends, and what stays."""
    if not Referral.objects.filter(talent__in=list(person.records), state__in=OPEN).exists():
        return []
    return [_("正在进行的金融对接随之撤回，银行会被要求删除您的信息；只留次数和结果，用于统计。")]


def erase(person, now):
    """Withdraw what is under way and take what banks were told."""
    return end_all(person.records, now)


def lost_by_leaving(talent, now, hers):
    """Say that what is under way ends."""
    if not Referral.objects.filter(talent=talent, state__in=OPEN).exists():
        return []
    return [_("正在进行的金融对接随之撤回，银行会被要求删除您的信息。")]


def leave(*, talent, hers, now):
    """Withdraw what is under way."""
    end_all([talent], now)


def old_contents(before):
    """Return introductions that ended before a moment and still hold what the bank was told."""
    return Referral.objects.filter(ended_at__lt=before).filter(contents__isnull=False)


def drop_contents(rows):
    """Take it."""
    rows.update(contents=None)


RETENTION = (
    Line(58, gettext_lazy("金融对接的次数、进展和结果：账号注销以前；之后只留统计用的数字。")),
    Retention(
        59,
        "entrepreneurship.referral_contents",
        gettext_lazy("您同意提供给银行的信息"),
        Keep(days=30),
        gettext_lazy("自对接结束起算，之后删除；撤回或同意到期的，当时就删除"),
        old_contents,
        drop_contents,
    ),
)
MOVINGS = (
    Moving(42, "entrepreneurship.Referral", words=pgettext_lazy("many", "金融对接"), depends=True),
)
