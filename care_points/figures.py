"""The points of a year in tables: issued, spent, run out and left, by rule, month, kind of unit and kind of service.

What says who asked for which help, or which few women stand behind a row, stays closed below ten (privacy.disclosure).
"""

from dataclasses import dataclass
from datetime import date
from functools import partial

from django.db.models import Count, Exists, F, OuterRef, Q, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Unit
from care_points import budgets, lots, tallies
from care_points.models import (
    AccountKind,
    CaseState,
    Category,
    Delivery,
    EarningRule,
    Entry,
    PointsAccount,
    PointsBudget,
    PrivateCase,
    Redemption,
    Service,
    ServiceMonth,
    TransferKind,
    UnspentAnswer,
    WhyUnspent,
)
from kernel import counts, days
from kernel.words import month_text
from privacy.disclosure import protect
from privacy.release import release

CLOSED = "—"
ISSUED = Q(transfer__kind=TransferKind.EARNED)
TAKEN_BACK = Q(transfer__kind__in=[TransferKind.REVERSED, TransferKind.RECOVERED])
SPENT = Q(transfer__kind=TransferKind.REDEEMED)
RETURNED = Q(transfer__kind=TransferKind.RETURNED, transfer__request=None)
EXPIRED = Q(transfer__kind=TransferKind.EXPIRED)
ENDLESS = Q(offered_until=None)
SEATS = Q(delivery=Delivery.EVENT)
CORRECTED = Q(transfer__kind=TransferKind.ADJUSTED) | Q(transfer__request__isnull=False)


@dataclass(frozen=True)
class Part:
    """One table: its heads and its rows; `note` says what the numbers cannot."""

    title: str
    heads: tuple
    rows: list
    note: str = ""


def _sum(which, sign=1):
    return Sum("amount", filter=which, default=0) * sign


MOVED = {
    "issued": _sum(ISSUED & ~CORRECTED),
    "taken_back": _sum(TAKEN_BACK & ~CORRECTED, -1),
    "spent": _sum(SPENT, -1),
    "returned": _sum(RETURNED),
    "expired": _sum(EXPIRED, -1),
    "corrected": _sum(CORRECTED),
    "all": Sum("amount", default=0),
}


def hers():
    """Return the entries on women's own accounts."""
    return Entry.objects.filter(account__kind=AccountKind.TALENT)


def never_spent():
    """Return the accounts of women who have points and never used any, on another record of theirs neither."""
    spent = Entry.objects.filter(account=OuterRef("pk"), transfer__kind=TransferKind.REDEEMED)
    accounts = PointsAccount.objects.filter(kind=AccountKind.TALENT, balance__gt=0)
    # Of two records that became one, the points spent stay with the account that is left; the vouchers come over.
    vouchers = Redemption.objects.filter(talent=OuterRef("talent"))
    return accounts.filter(~Exists(spent), ~Exists(vouchers))


def year_of(asked, now):
    """Return the year an address asks for (text), this one where it is none of the programme's."""
    this_year = timezone.localdate(now).year
    return (
        int(asked)
        if asked.isascii() and asked.isdecimal() and int(asked[:4]) in years(now)
        else this_year
    )


def years(now):
    """Return the years of the programme, the newest first."""
    return list(range(timezone.localdate(now).year, 2021, -1))


def parts(year, now):
    """Return the Parts of a year. About twelve queries; the sums read each entry of the year."""
    bounds = days.begin(date(year, 1, 1)), days.begin(date(year + 1, 1, 1))
    moved = hers().filter(**days.within("transfer__at", *bounds)).order_by()
    return [
        _totals(year, moved),
        _by_month(year, moved),
        _by_rule(moved, bounds),
        _by_unit_kind(moved),
        _by_service(year, bounds, now),
        _unspent(),
        _private(year, bounds, now),
    ]


def _totals(year, moved):
    found = moved.aggregate(**MOVED)
    rows = [
        (_("发放"), found["issued"]),
        (_("撤销、收回"), found["taken_back"]),
        (_("兑换"), found["spent"]),
        (_("退回"), found["returned"]),
        (_("到期清零"), found["expired"]),
        (_("更正（两人确认）"), found["corrected"]),
        (_("现在尚未使用"), budgets.outstanding()),
    ]
    budget = PointsBudget.objects.filter(year=year).first()
    if budget:
        points, percent = budgets.used(budget)
        rows.append((_("预算积分"), budget.points))
        rows.append((_("预算已用"), f"{points}（{percent}%）"))
    if (cost := budgets.liability(year)) is not None:
        rows.append((_("负债估算（元）"), f"{cost:.2f}"))
    note = _(
        "负债 = 现在尚未使用的积分 × 每分成本（见积分预算）。预算用完后照常发放，超出的部分计入“预算已用”。"
    )
    return Part(_("全年合计"), (_("项目"), _("积分")), rows, note)


def _by_month(year, moved):
    names = ("issued", "taken_back", "spent", "returned", "expired", "all")
    by_month = moved.annotate(month=TruncMonth("transfer__at")).values("month")
    found = {row["month"].month: row for row in by_month.annotate(**{n: MOVED[n] for n in names})}
    begin = days.begin(date(year, 1, 1))
    left = hers().filter(transfer__at__lt=begin).aggregate(n=Sum("amount", default=0))["n"]
    rows = []
    for month in range(1, 13):
        row = found.get(month, dict.fromkeys(names, 0))
        left += row["all"]
        rows.append((month_text(date(year, month, 1)), *(row[n] for n in names[:-1]), left))
    heads = (
        _("月份"),
        _("发放"),
        _("撤销、收回"),
        _("兑换"),
        _("退回"),
        _("到期清零"),
        _("月末尚未使用"),
    )
    return Part(_("按月份"), heads, rows)


def _by_rule(moved, bounds):
    rules = {rule.pk: rule.label for rule in EarningRule.objects.all()}
    by_rule = moved.filter(transfer__rule__isnull=False).values("transfer__rule")
    found = by_rule.annotate(
        issued=MOVED["issued"],
        taken_back=MOVED["taken_back"],
        women=Count("account", distinct=True, filter=ISSUED),
    )
    found = {row["transfer__rule"]: row for row in found}
    spent, expired, left = lots.by_rule(*bounds)
    seen = found.keys() | {pk for used in (spent, expired, left) for pk in used if used[pk]}
    none = dict.fromkeys(("issued", "taken_back", "women"), 0)
    rows = []
    for pk in seen:
        row = found.get(pk, none)
        name = rules.get(pk, _("更正（两人确认）"))
        rows.append(
            (name, row["issued"], row["taken_back"], spent[pk], expired[pk], left[pk], row["women"])
        )
    rows.sort(key=lambda row: (-row[1], row[0]))
    heads = (
        _("规则"),
        _("发放"),
        _("撤销、收回"),
        _("兑换"),
        _("到期清零"),
        _("现在尚未使用"),
        _("人数"),
    )
    note = _("兑换按先到期先用的次序算到获得积分的规则上，已减去退回的；人数是当年获得积分的人。")
    return Part(_("按积分规则"), heads, rows, note)


def _by_unit_kind(moved):
    kinds = dict(Unit._meta.get_field("kind").flatchoices)
    by_kind = moved.values(kind=F("account__talent__unit__kind")).annotate(
        issued=MOVED["issued"],
        spent=MOVED["spent"],
        expired=MOVED["expired"],
        women=Count("account", distinct=True),
    )
    found = {row["kind"] or counts.UNSPECIFIED: row for row in by_kind}
    women = protect({kind: row["women"] for kind, row in found.items()})
    held = PointsAccount.objects.filter(kind=AccountKind.TALENT)
    held = held.values_list("talent__unit__kind").annotate(n=Sum("balance", default=0))
    left = {kind or counts.UNSPECIFIED: n for kind, n in held.order_by()}
    rows = []
    for kind, row in found.items():
        cells = (row["women"], row["issued"], row["spent"], row["expired"], left.get(kind, 0))
        shown = cells if women.get(kind) is not None else (CLOSED,) * len(cells)
        rows.append((kinds.get(kind, _("未填写")), *shown))
    return Part(
        _("按单位类型"),
        (
            _("单位类型"),
            _("人数"),
            _("发放"),
            _("兑换"),
            _("到期清零"),
            _("现在尚未使用"),
        ),
        rows,
        _("少于 10 人的不显示。"),
    )


def _by_service(year, bounds, now):
    months = [timezone.localdate(moment) for moment in bounds]
    of_year = ServiceMonth.objects.filter(
        service__private=False, month__gte=months[0], month__lt=months[1]
    )
    asked = protect(tallies.by_category(of_year, "made"))
    points = tallies.by_category(of_year, "points")
    used = protect(tallies.by_category(of_year, "used"))
    places = (
        Service.objects.offered()
        .filter(ENDLESS | Q(offered_until__gte=timezone.localdate(now)), private=False)
        .order_by()
        .values_list("category")
        .annotate(
            services=Count("pk"),
            quota=Sum("monthly_quota", default=0),
            unlimited=Count("pk", filter=Q(monthly_quota=None, period_quota=None) & ~SEATS),
            campaign=Sum("period_quota", default=0),
        )
    )
    offered = {category: rest for category, *rest in places}
    rows = []
    for category in Category:
        services, quota, unlimited, campaign = offered.get(category, (0, 0, 0, 0))
        supply = _("不限") if unlimited else quota
        rows.append(
            (
                category.label,
                _shown(asked, category),
                _shown(used, category),
                CLOSED if _shown(asked, category) == CLOSED else points.get(category, 0),
                services,
                supply,
                campaign,
            )
        )
    return Part(
        _("服务的需求和供给"),
        (
            _("服务类别"),
            _("兑换次数"),
            _("已使用"),
            _("使用积分"),
            _("在供服务"),
            _("每月名额"),
            _("活动期间总名额"),
        ),
        rows,
        _(
            "在供服务和名额是现在的；活动席位以该活动的名额为准，不计入每月名额。"
            "少于 10 次的不显示。名额满了以后没有兑换成的没有记录，需求可能比这里看到的更大。"
        ),
    )


def _private(year, bounds, now):
    """Return how many private cases there were and how long women waited, as far as it may be known (privacy.release)."""
    cases = PrivateCase.objects.filter(**days.within("starts_at", *bounds))
    parts = {"all": cases, "came": cases.filter(state=CaseState.CAME)}
    parts |= {f"week{weeks}": cases.filter(weeks_waited=weeks) for weeks in (1, 2, 3)}
    parts["week4"] = cases.filter(weeks_waited__gte=4)
    counted = {code: rows.count() for code, rows in parts.items()}
    behind = {code: partial(_women_behind, rows) for code, rows in parts.items()}
    known = release(f"care_points.private.{year}", counted, now=now, behind=behind)
    words = {
        "all": _("约定的次数"),
        "came": _("其中已进行"),
        "week1": _("等候一周以内"),
        "week2": _("等候一到两周"),
        "week3": _("等候两到三周"),
        "week4": _("等候三周以上"),
    }
    rows = [(label, known.get(code, CLOSED)) for code, label in words.items()]
    note = _("只给整十的数，每天更新一次；少于 10 的、背后不足 10 人的不显示。")
    return Part(_("私密服务（心理咨询、维权等）"), (_("项目"), _("次数")), rows, note)


def _women_behind(cases, since):
    """Return how many women stand behind these cases; nobody is told who. Those whose link is destroyed do not count."""
    cases = cases.filter(voucher_index__isnull=False)
    cases = cases.filter(starts_at__gte=since) if since else cases
    vouchers = [case.voucher_id for case in cases.only("voucher")]
    return Redemption.objects.filter(pk__in=vouchers).values("talent").distinct().count()


def _shown(counted, code):
    """Return a count, 0 for none, and CLOSED for one that is not to be seen."""
    if code not in counted:
        return 0
    return CLOSED if counted[code] is None else counted[code]


def _unspent():
    said = protect(counts.by(UnspentAnswer.objects.all(), "answer"))
    rows = [(_("有积分、从未使用过的人数"), never_spent().count())]
    rows += [(why.label, _shown(said, why)) for why in WhyUnspent]
    note = _("她本人在积分页回答，每人只问一次。少于 10 人的原因不显示。")
    return Part(_("有积分从未使用"), (_("原因"), _("人数")), rows, note)
