"""Every kind of notice: its words, its placeholders, and whether it is sent without consent.

Words are Chinese here and translated when rendered. An SMS is one sentence without a link's length.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Kind:
    """The words of one kind of notice.

    `title` and `body` use %(name)s placeholders from `placeholders` only. `essential` kinds go out
    without consent to messages, because the person asked for the thing they speak of.
    """

    title: str
    body: str
    placeholders: frozenset = frozenset()
    essential: bool = False

    def check(self, context):
        """Raise ValueError unless `context` holds exactly the placeholders."""
        if set(context) != set(self.placeholders):
            raise ValueError(f"placeholders {sorted(context)} are not {sorted(self.placeholders)}")


KINDS = {
    "talent.verified": Kind(
        _("您的资料已通过审核"),
        _("%(name)s，您的资料已由%(department)s审核通过，现在可以报名活动、获取关爱积分了。"),
        frozenset({"name", "department"}),
        essential=True,
    ),
    "talent.returned": Kind(
        _("您的资料需要补充"),
        _("%(name)s，您的资料需要补充：%(reason)s。请登录门户修改后重新提交。"),
        frozenset({"name", "reason"}),
        essential=True,
    ),
    "event.booked": Kind(
        _("报名成功：%(title)s"),
        _("已为您保留《%(title)s》的名额，%(when)s，%(venue)s。签到码在“我的报名”里。"),
        frozenset({"title", "when", "venue"}),
    ),
    "event.waitlisted": Kind(
        _("已进入候补：%(title)s"),
        _("《%(title)s》名额已满，您是候补第 %(place)s 位，名额空出时会通知您。"),
        frozenset({"title", "place"}),
    ),
    "event.promoted": Kind(
        _("候补成功：%(title)s"),
        _("有名额空出，您已转为正式报名《%(title)s》，%(when)s，%(venue)s。不能参加请及时取消。"),
        frozenset({"title", "when", "venue"}),
        essential=True,
    ),
    "event.changed": Kind(
        _("活动安排有变：%(title)s"),
        _("《%(title)s》调整为%(when)s在%(venue)s举行，您的报名仍然有效。不能参加请及时取消。"),
        frozenset({"title", "when", "venue"}),
        essential=True,
    ),
    "event.cancelled": Kind(
        _("活动取消：%(title)s"),
        _("很抱歉，原定%(when)s的《%(title)s》因故取消：%(reason)s。"),
        frozenset({"title", "when", "reason"}),
        essential=True,
    ),
    "event.reminder_day": Kind(
        _("明天见：%(title)s"),
        _(
            "提醒您：《%(title)s》将于%(when)s在%(venue)s举行。不能参加请及时取消，把名额让给候补的姐妹。"
        ),
        frozenset({"title", "when", "venue"}),
    ),
    "event.reminder_hour": Kind(
        _("一小时后开始：%(title)s"),
        _("《%(title)s》一小时后在%(venue)s开始，签到码在“我的报名”里。"),
        frozenset({"title", "venue"}),
    ),
    "points.earned": Kind(
        _("获得 %(points)s 积分"),
        _("您因“%(reason)s”获得 %(points)s 关爱积分，可在巾帼爱心加油站兑换服务。"),
        frozenset({"points", "reason"}),
    ),
    "redemption.made": Kind(
        _("兑换成功"),
        _("您的兑换已确认，请在%(until)s前到%(station)s出示兑换码使用。"),
        frozenset({"station", "until"}),
        essential=True,
    ),
    "redemption.fulfilled": Kind(
        _("兑换已使用"),
        _("您在%(station)s的兑换已核销。如非本人使用，请尽快联系工作人员。"),
        frozenset({"station"}),
        essential=True,
    ),
    "redemption.returned": Kind(
        _("积分已退回"),
        _("您的兑换已取消，%(points)s 积分已退回账户。"),
        frozenset({"points"}),
        essential=True,
    ),
    "report.ready": Kind(
        _("%(month)s月报已生成"),
        _("%(month)s的数据月报已生成，可在后台下载 Excel 与 PDF。"),
        frozenset({"month"}),
        essential=True,
    ),
    "import.finished": Kind(
        _("导入完成"),
        _("《%(file)s》导入完成：新增 %(created)s 人，更新 %(updated)s 人，退回 %(refused)s 行。"),
        frozenset({"file", "created", "updated", "refused"}),
        essential=True,
    ),
}
