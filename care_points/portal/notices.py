"""What people are told."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from notices.kinds import Kind, Topic

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
    "care_points.station_changed": Kind(
        _("加油站有安排调整"),
        _(
            "%(station)s有安排调整，可能与您的兑换码有关，请登录“我的积分”，打开兑换码查看；没有变动的，不用处理。"
        ),
        frozenset({"station"}),
        essential=True,
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
