"""What the app adds to the portal (kernel.portal)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

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
    PersonalData,
    Place,
    Report,
    Role,
)
from kernel.retention import Keep, Retention
from notices.kinds import Kind, Topic
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

REMINDERS = Topic("care_points.reminders", _("加油站预约前一天的提醒"), 70)

NOTICES = {
    "care_points.earned": Kind(
        ngettext_lazy("获得 %(points)s 积分", "获得 %(points)s 积分", "points"),
        ngettext_lazy(
            "您因“%(reason)s”获得 %(points)s 积分，可在巾帼爱心加油站兑换服务。",
            "您因“%(reason)s”获得 %(points)s 积分，可在巾帼爱心加油站兑换服务。",
            "points",
        ),
        frozenset({"points", "reason"}),
    ),
    "care_points.adjusted": Kind(
        _("积分已更正"),
        _("您的积分已更正 %(points)s，原因：%(reason)s。明细见“我的积分”；如有疑问，请联系我们。"),
        frozenset({"points", "reason"}),
        essential=True,
        outside=(_("积分已更正"), _("您的积分有一笔更正，请到“我的积分”查看。")),
    ),
    "care_points.running_out": Kind(
        _("积分即将到期"),
        ngettext_lazy(
            "您有 %(points)s 积分将于 %(until)s 到期，可在到期前到巾帼爱心加油站兑换服务。",
            "您有 %(points)s 积分将于 %(until)s 到期，可在到期前到巾帼爱心加油站兑换服务。",
            "points",
        ),
        frozenset({"points", "until"}),
        moments=frozenset({"until"}),
    ),
    "care_points.budget_used": Kind(
        _("积分预算提醒"),
        _(
            "%(year)s 年的积分预算已用到 %(percent)s%%。用完后照常发放，请决定追加预算，或给规则填写截止日期。"
        ),
        frozenset({"year", "percent"}),
        essential=True,
    ),
    "care_points.hours_waiting": Kind(
        _("有志愿时长等您确认"),
        ngettext_lazy(
            "有 %(hours)s 条志愿时长登记后三天还没有确认。确认以前不计积分，请核对后处理。",
            "有 %(hours)s 条志愿时长登记后三天还没有确认。确认以前不计积分，请核对后处理。",
            "hours",
        ),
        frozenset({"hours"}),
        essential=True,
    ),
    "care_points.campaign_open": Kind(
        _("加油站活动开始了"),
        _("“%(title)s”现在可以用积分兑换，到 %(until)s 为止，名额有限。"),
        frozenset({"title", "until"}),
        moments=frozenset({"until"}),
        topic=REMINDERS,
    ),
    "care_points.campaign_ends": Kind(
        _("加油站活动快结束了"),
        _("“%(title)s”到 %(until)s 结束，您今年还没有兑换。"),
        frozenset({"title", "until"}),
        moments=frozenset({"until"}),
        topic=REMINDERS,
    ),
    "care_points.hours_refused": Kind(
        _("志愿时长没有通过"),
        _("您的志愿时长“%(activity)s”没有通过，原因见“我的志愿时长”；有疑问请联系登记的部门。"),
        frozenset({"activity"}),
        essential=True,
    ),
    "care_points.hours_revoked": Kind(
        _("志愿时长已撤销"),
        _("您的志愿时长“%(activity)s”已撤销，由它获得的积分已收回，原因见“我的志愿时长”。"),
        frozenset({"activity"}),
        essential=True,
    ),
    "care_points.ledger_unsound": Kind(
        _("积分账本对不上"),
        _("积分账本核对发现收支或余额不符，请暂停兑换，联系系统管理员查明原因。"),
        essential=True,
    ),
    "care_points.redemption_made": Kind(
        _("兑换成功"),
        _("您的兑换已确认，请在%(until)s前到%(station)s出示兑换码使用。"),
        frozenset({"station", "until"}),
        essential=True,
        moments=frozenset({"until"}),
    ),
    "care_points.redemption_fulfilled": Kind(
        _("兑换已使用"),
        _("您在%(station)s的兑换码已使用。如非本人使用，请尽快联系工作人员。"),
        frozenset({"station"}),
        essential=True,
    ),
    "care_points.redemption_cancelled": Kind(
        _("积分已退回"),
        ngettext_lazy(
            "您的兑换已取消，%(points)s 积分已退回账户。",
            "您的兑换已取消，%(points)s 积分已退回账户。",
            "points",
        ),
        frozenset({"points"}),
        essential=True,
    ),
    "care_points.redemption_expired": Kind(
        _("积分已退回"),
        ngettext_lazy(
            "您的兑换码过期未使用，%(points)s 积分已退回账户，可重新兑换。",
            "您的兑换码过期未使用，%(points)s 积分已退回账户，可重新兑换。",
            "points",
        ),
        frozenset({"points"}),
        essential=True,
    ),
    "care_points.redemption_recovered": Kind(
        _("兑换已结束"),
        _("您的兑换已结束，退回积分：%(points)s；兑换后被撤销、不再退回的积分：%(revoked)s。"),
        frozenset({"points", "revoked"}),
        essential=True,
    ),
    "care_points.vouchers_waiting": Kind(
        _("您有兑换码待使用"),
        _("您有巾帼爱心加油站的兑换码待使用，时间、地点请登录查看。"),
        essential=True,
        topic=REMINDERS,
    ),
    "care_points.appointment_made": Kind(
        _("预约成功"),
        _("您的预约已确认：%(when)s，%(station)s。到时请出示兑换码。"),
        frozenset({"station", "when"}),
        essential=True,
        moments=frozenset({"when"}),
    ),
    "care_points.appointment_moved": Kind(
        _("预约已改期"),
        _("您的预约已改为 %(when)s，%(station)s。这个时间不合适的，请登录改期或取消。"),
        frozenset({"station", "when"}),
        essential=True,
        moments=frozenset({"when"}),
    ),
    "care_points.appointment_reminder": Kind(
        _("预约提醒"),
        _("提醒您：%(when)s在%(station)s有预约。"),
        frozenset({"station", "when"}),
        essential=True,
        moments=frozenset({"when"}),
        topic=REMINDERS,
    ),
    "care_points.appointment_forfeited": Kind(
        _("预约已取消"),
        ngettext_lazy(
            "您的预约已取消；已过可以退回的期限，%(points)s 积分不退。",
            "您的预约已取消；已过可以退回的期限，%(points)s 积分不退。",
            "points",
        ),
        frozenset({"points"}),
        essential=True,
    ),
    "care_points.appointment_missed": Kind(
        _("预约登记为未到"),
        ngettext_lazy(
            "您的预约登记为未到，%(points)s 积分不退。如果您到了，或有急事没能来，请联系加油站更正。",
            "您的预约登记为未到，%(points)s 积分不退。如果您到了，或有急事没能来，请联系加油站更正。",
            "points",
        ),
        frozenset({"points"}),
        essential=True,
    ),
    "care_points.absence_corrected": Kind(
        _("预约记录已更正"),
        _("您的预约已更正为“已使用”。"),
        essential=True,
    ),
    "care_points.fulfilment_undone": Kind(
        _("核销已撤回"),
        _("%(station)s撤回了一次核销，您的兑换码可以继续使用。"),
        frozenset({"station"}),
        essential=True,
    ),
}

VERBS = {
    "care_points.export_report": pgettext_lazy("audit", "导出积分报表"),
    "care_points.export_coverage": pgettext_lazy("audit", "导出活动覆盖率"),
    "care_points.set_budget": pgettext_lazy("audit", "设定积分预算"),
    "care_points.answer_unspent": pgettext_lazy("audit", "回答积分为何未用"),
    "care_points.mistype_voucher": pgettext_lazy("audit", "输错兑换码"),
    "care_points.adjust": pgettext_lazy("audit", "更正积分"),
    "care_points.ask_check": pgettext_lazy("audit", "发起账本核对"),
    "care_points.check_ledger": pgettext_lazy("audit", "核对账本"),
    "care_points.earn": pgettext_lazy("audit", "发放积分"),
    "care_points.reverse": pgettext_lazy("audit", "撤销积分"),
    "care_points.expire_points": pgettext_lazy("audit", "作废到期积分"),
    "care_points.record_hours": pgettext_lazy("audit", "登记志愿时长"),
    "care_points.confirm_hours": pgettext_lazy("audit", "确认志愿时长"),
    "care_points.refuse_hours": pgettext_lazy("audit", "不通过或撤销志愿时长"),
    "care_points.correct_hours": pgettext_lazy("audit", "登记志愿时长的更正"),
    "care_points.withdraw_hours": pgettext_lazy("audit", "撤回志愿时长"),
    "care_points.export_hours": pgettext_lazy("audit", "导出志愿时长"),
    "care_points.certify_hours": pgettext_lazy("audit", "开具志愿服务证书"),
    "care_points.revoke_hours_certificate": pgettext_lazy("audit", "撤销志愿服务证书"),
    "care_points.redeem": pgettext_lazy("audit", "兑换服务"),
    "care_points.cancel_redemption": pgettext_lazy("audit", "取消兑换"),
    "care_points.expire_redemption": pgettext_lazy("audit", "作废到期的兑换"),
    "care_points.recover": pgettext_lazy("audit", "收回已撤销的积分"),
    "care_points.move_appointment": pgettext_lazy("audit", "改期预约"),
    "care_points.mark_absent": pgettext_lazy("audit", "登记预约未到"),
    "care_points.correct_absence": pgettext_lazy("audit", "更正预约结果"),
    "care_points.forfeit": pgettext_lazy("audit", "临时取消预约"),
    "care_points.undo_fulfilment": pgettext_lazy("audit", "撤回核销"),
    "care_points.check_number": pgettext_lazy("audit", "核对紧急求助号码"),
    "care_points.open_case": pgettext_lazy("audit", "打开个案"),
    "care_points.close_case": pgettext_lazy("audit", "登记个案结果"),
    "care_points.call_off_case": pgettext_lazy("audit", "取消个案的时间"),
    "care_points.export_appointments": pgettext_lazy("audit", "导出预约"),
    "care_points.export_stations": pgettext_lazy("audit", "导出加油站"),
    "care_points.export_providers": pgettext_lazy("audit", "导出服务提供者"),
    "care_points.add_provider": pgettext_lazy("audit", "添加服务提供者"),
    "care_points.change_provider": pgettext_lazy("audit", "修改服务提供者"),
    "care_points.vet_provider": pgettext_lazy("audit", "核查服务提供者资质"),
    "care_points.add_leave": pgettext_lazy("audit", "登记服务提供者请假"),
    "care_points.drop_leave": pgettext_lazy("audit", "撤销服务提供者请假"),
    "care_points.try_again": pgettext_lazy("audit", "重试到期处理"),
    "care_points.fulfil": pgettext_lazy("audit", "核销兑换码"),
    "care_points.change_earningrule": pgettext_lazy("audit", "修改积分规则"),
    "care_points.add_carestation": pgettext_lazy("audit", "添加加油站"),
    "care_points.change_carestation": pgettext_lazy("audit", "修改加油站"),
    "care_points.add_service": pgettext_lazy("audit", "添加服务项目"),
    "care_points.change_service": pgettext_lazy("audit", "修改服务项目"),
}

# Measure 9 rewards volunteer service: confirming the hours gives the points, no right by itself does.
POINTS = {"volunteer_hours": Source("志愿服务", "Volunteer service", unit="hour", points=20)}

NAVIGATION = (
    Item(4, 20, _("志愿时长"), "volunteer_activism", "care_points_servicehours"),
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
    Item(4, 60, _("爱心加油站"), "home_health", "care_points_carestation"),
    Item(4, 70, _("服务项目"), "list_alt", "care_points_service"),
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

declaration = Declaration(
    joint=JOINT,
    movings=merging.MOVINGS,
    departures=(Departure(20, departures.points_kept, departures.take_vouchers_back),),
    places=(Place(30, "points/", pgettext_lazy("many", "加油站"), "heart-handshake"),),
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
        "care_points.tasks.check_ledger": 600,
        "care_points.tasks.remind": 6 * 3600,
    },
    demo="care_points.demo",
)
