"""What the app adds to the portal (kernel.portal)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from care_points import (
    campaigns,
    cards,
    departures,
    growth,
    holes,
    merging,
    openings,
    personal_data,
    queue,
    reports,
)
from care_points.operations import adjusting, cases
from care_points.portal.notices import NOTICES
from care_points.portal.verbs import VERBS
from care_points.sources import Source
from kernel.holes import Hole
from kernel.portal import (
    Card,
    Declaration,
    Entry,
    Figure,
    Item,
    Joint,
    Line,
    Link,
    Openings,
    Page,
    PersonalData,
    Place,
    Report,
    Role,
)
from kernel.retention import Keep, Retention
from talents.departures import Departure

# Where stations are is theirs to keep.
KEEPS_PLACES = ("places.view_place", "places.add_place", "places.change_place")

ROLES = (
    Role(
        "points_clerk",
        _("积分管理员"),
        30,
        also=("accounts.view_unit", "accounts.view_jointaction", *KEEPS_PLACES),
    ),
)

PERMISSIONS = {
    "department_clerk": ("care_points.view_servicehours", "care_points.add_servicehours"),
    "department_reviewer": (
        "care_points.view_servicehours",
        "care_points.confirm_servicehours",
    ),
    "points_clerk": (
        "care_points.view_earningrule",
        "care_points.change_earningrule",
        "care_points.view_carestation",
        "care_points.add_carestation",
        "care_points.change_carestation",
        "care_points.view_service",
        "care_points.add_service",
        "care_points.change_service",
        "care_points.view_provider",
        "care_points.add_provider",
        "care_points.change_provider",
        "care_points.view_appointment",
        "care_points.view_emergencynumber",
        "care_points.add_emergencynumber",
        "care_points.change_emergencynumber",
        "care_points.view_servicehours",
        "care_points.view_all_servicehours",
        "care_points.confirm_servicehours",
        "care_points.view_hourscertificate",
        "care_points.change_hourscertificate",
        "care_points.view_redemption",
        "care_points.fulfil_redemption",
        "care_points.view_pointsaccount",
        "care_points.view_transfer",
        "care_points.view_entry",
        "care_points.view_ledgercheck",
        "care_points.check_ledger",
        adjusting.RIGHT,
        "care_points.view_pointsbudget",
        "care_points.add_pointsbudget",
        "care_points.change_pointsbudget",
    ),
    "auditor": (
        "care_points.view_earningrule",
        "care_points.view_transfer",
        "care_points.view_entry",
        "care_points.view_ledgercheck",
        "care_points.check_ledger",
        "care_points.view_pointsbudget",
    ),
    "administrator": (
        "care_points.view_pointsbudget",
        "care_points.view_ledgercheck",
        "care_points.check_ledger",
        "care_points.view_earningrule",
        "care_points.view_carestation",
        "care_points.view_service",
        "care_points.view_provider",
    ),
}

# Measure 9 rewards volunteer service: confirming the hours gives the points, no right by itself does.
POINTS = {"volunteer_hours": Source("志愿服务", "Volunteer service", unit="hour", points=20)}

NAVIGATION = (
    Item(
        4,
        20,
        pgettext_lazy("many", "志愿服务时长"),
        "volunteer_activism",
        "care_points_servicehours",
    ),
    Item(
        4,
        22,
        pgettext_lazy("many", "志愿服务证书"),
        "workspace_premium",
        "care_points_hourscertificate",
    ),
    Item(4, 30, pgettext_lazy("many", "兑换记录"), "redeem", "care_points_redemption"),
    Item(4, 40, pgettext_lazy("many", "积分流水"), "receipt_long", "care_points_transfer"),
    Item(
        4,
        42,
        pgettext_lazy("many", "积分账户"),
        "account_balance_wallet",
        "care_points_pointsaccount",
    ),
    Item(4, 45, pgettext_lazy("many", "账本核对"), "balance", "care_points_ledgercheck"),
    Item(4, 50, pgettext_lazy("many", "积分规则"), "rule", "care_points_earningrule"),
    Item(4, 35, pgettext_lazy("many", "预约"), "event", "care_points_appointment"),
    Item(4, 65, pgettext_lazy("many", "服务提供者"), "badge", "care_points_provider"),
    Item(4, 55, pgettext_lazy("many", "积分预算"), "savings", "care_points_pointsbudget"),
    Item(4, 60, pgettext_lazy("many", "巾帼爱心加油站"), "home_health", "care_points_carestation"),
    Item(4, 70, pgettext_lazy("many", "服务项目"), "list_alt", "care_points_service"),
    Item(4, 75, pgettext_lazy("many", "紧急求助号码"), "sos", "care_points_emergencynumber"),
)

FIGURES = (
    Figure(50, "care_points.view_transfer", _("本月积分流转"), _("笔"), queue.transfers),
    Figure(60, "care_points.view_redemption", _("本月服务兑换"), _("次"), queue.redemptions),
)

# What needs two people: points put on or taken off by hand, and undoing that.
JOINT = {
    adjusting.ADJUST: Joint(
        _("更正积分"),
        adjusting.carry_out_adjustment,
        adjusting.facts,
        adjusting.RIGHT,
        kept=dict,
        tells=True,
    ),
    adjusting.UNDO: Joint(
        _("撤销积分更正"),
        adjusting.carry_out_undo,
        adjusting.facts,
        adjusting.RIGHT,
        kept=dict,
        tells=True,
    ),
}

BENCH = (
    Page(100, "stations", "/points/stations/", "{station}", "anybody", {"cpu": 0.3}),
    Page(
        101,
        "campaign page, signed in",
        "/points/services/{campaign}/",
        "{campaign_title}",
        "woman",
        {"cpu": 6},
    ),
    Page(
        102,
        "times of an appointment",
        "/points/services/{campaign}/times/",
        "甲组",
        "woman",
        {"cpu": 12},
    ),
    Page(103, "station's counter", "/points/station/", "兑换码", "operator", {"cpu": 12}),
)

declaration = Declaration(
    joint=JOINT,
    movings=merging.MOVINGS,
    departures=(Departure(20, departures.points_kept, departures.take_vouchers_back),),
    places=(
        Place(
            30,
            "points/",
            pgettext_lazy("many", "加油站"),
            "heart-handshake",
            short=pgettext_lazy("tab", "加油站"),
        ),
    ),
    roles=ROLES,
    permissions=PERMISSIONS,
    notices=NOTICES,
    openings=Openings(20, openings.RULES, openings.find),
    growth=growth.milestones,
    personal_data=PersonalData(
        40,
        _("积分与志愿服务"),
        personal_data.COVERS,
        personal_data.collect,
        lost=personal_data.lost,
        erase=personal_data.erase,
    ),
    retention=(
        Retention(
            40,
            "care_points.accounts",
            _("积分流水"),
            Keep(years=3),
            _("自积分用完、账户最后一次变动起算，之后去除身份"),
            personal_data.old_accounts,
            personal_data.unname_accounts,
        ),
        Retention(
            41,
            "care_points.vouchers",
            _("兑换记录"),
            Keep(years=3),
            _("自使用或失效起算，之后去除身份"),
            personal_data.old_vouchers,
            personal_data.unname_vouchers,
        ),
        Retention(
            45,
            "care_points.services_of_vouchers",
            _("兑换了什么服务"),
            Keep(days=90),
            _("自使用或失效起算，之后销毁，只留积分和加油站"),
            personal_data.vouchers_with_services,
            personal_data.destroy_services,
        ),
        Retention(
            46,
            "care_points.private_cases",
            _("咨询、维权等私密个案是谁的"),
            Keep(days=90),
            _("自约定的时间起算，之后销毁，谁也不能再打开"),
            cases.linked_before,
            cases.destroy_links,
        ),
        Retention(
            47,
            "care_points.year_turns",
            _("每年一次的服务谁用过"),
            Keep(years=1),
            _("自当年结束起算，之后删除"),
            campaigns.old_turns,
        ),
        Retention(
            43,
            "care_points.unspent_answers",
            _("积分为何未用的回答"),
            Keep(years=3),
            _("自回答起算，之后去除身份"),
            personal_data.old_answers,
            personal_data.unname_answers,
        ),
        Retention(
            42,
            "care_points.hours",
            _("志愿服务时长"),
            Keep(years=3),
            _("自确认起算，之后去除身份"),
            personal_data.old_hours,
            personal_data.unname_hours,
        ),
        Retention(
            44,
            "care_points.hours_certificates",
            _("志愿服务证书"),
            Keep(years=10),
            _("自签发起算，之后删除，不能再核验"),
            personal_data.old_certificates,
        ),
    ),
    benefits=(Line(20, _("获取积分")),),
    verbs=VERBS,
    points=POINTS,
    navigation=NAVIGATION,
    queue=(
        Entry(4, "care_points.view_ledgercheck", queue.unsound_ledger),
        Entry(37, "care_points.change_pointsbudget", queue.budget_used_up),
        Entry(30, "care_points.confirm_servicehours", queue.hours_to_confirm),
        Entry(35, "care_points.fulfil_redemption", queue.vouchers_set_aside),
        Entry(36, "care_points.fulfil_redemption", queue.accounts_set_aside),
        Entry(31, "care_points.view_appointment", queue.appointments_to_settle),
        Entry(32, "care_points.view_appointment", queue.appointments_unmarked),
        Entry(33, "care_points.change_provider", queue.vettings),
        Entry(34, "care_points.change_emergencynumber", queue.numbers_to_check),
    ),
    figures=FIGURES,
    cards=(
        Card("side", 10, "care_points/card.html", cards.her_points, cards.CARD, cards.said_to_many),
    ),
    links=(
        Link("work", 10, _("加油站核销"), "station", cards.desk, cards.DESK),
        Link("work", 11, _("我的服务预约"), "provider", cards.provides, cards.PROVIDES),
    ),
    report=Report(30, reports.monthly, reports.sections, reports.tables),
    statistics={"points": reports.STATISTICS},
    holes={
        "redeem_card": Hole(holes.redeem_card),
        "service_offer": Hole(holes.service_offer, moves=True),
    },
    public_models=(
        "care_points.CareStation",
        "care_points.EmergencyNumber",
        "care_points.Service",
    ),
    beat={
        "care_points.tasks.expire_redemptions": 3600,
        "care_points.tasks.expire_points": 24 * 3600,
        "care_points.tasks.remind_appointments": 300,
        "care_points.tasks.tell_of_changes": 3600,
        "care_points.tasks.check_ledger": 600,
        "care_points.tasks.remind": 6 * 3600,
    },
    demo="care_points.demo",
    bench=BENCH,
)
