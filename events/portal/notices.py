"""What she is told of events: each kind of notice with its words, and what she chooses a way for."""

from django.utils.translation import gettext_lazy as _

from notices.kinds import Kind, Topic

# What she chooses a way for, or to read of in her inbox alone.
CONFIRMED = Topic("events.confirmed", _("报名成功、候补和审核的确认"), 10)
DAYS = Topic("events.reminder_days", _("活动前三天提醒"), 20)
DAY = Topic("events.reminder_day", _("活动前一天提醒"), 30)
HOUR = Topic("events.reminder_hour", _("活动前一小时提醒"), 40)
THANKS = Topic("events.thanks", _("活动后的感谢、问卷和资料"), 50)

NOTICES = {
    "events.booked": Kind(
        _("报名成功：%(title)s"),
        _("已为您保留《%(title)s》的席位，%(when)s，%(venue)s。%(how)s"),
        frozenset({"title", "when", "venue", "how"}),
        topic=CONFIRMED,
        moments=frozenset({"when"}),
        outside=(
            _("报名成功"),
            _("已为您保留席位，%(when)s。地点和参加方式请登录查看。"),
        ),
    ),
    "events.waitlisted": Kind(
        _("已进入候补：%(title)s"),
        _("《%(title)s》席位已满，您是候补第 %(place)s 位，席位空出时会通知您。"),
        frozenset({"title", "place"}),
        topic=CONFIRMED,
        outside=(
            _("已进入候补"),
            _("您预约的活动席位已满，您是候补第 %(place)s 位，席位空出时会通知您。"),
        ),
    ),
    "events.invited": Kind(
        _("邀请您参加：%(title)s"),
        _("诚邀您参加《%(title)s》，%(when)s，%(venue)s。请登录查看并报名。"),
        frozenset({"title", "when", "venue"}),
        essential=True,
        moments=frozenset({"when"}),
        outside=(_("活动邀请"), _("诚邀您参加一场活动，%(when)s。请登录查看详情并报名。")),
    ),
    "events.requested": Kind(
        _("报名已提交：%(title)s"),
        _("《%(title)s》的报名由主办方审核，结果会通知您。"),
        frozenset({"title"}),
        topic=CONFIRMED,
        outside=(_("报名已提交"), _("您的活动报名已提交，审核结果会通知您。")),
    ),
    "events.refused": Kind(
        _("报名未通过：%(title)s"),
        _(
            "您报名的《%(title)s》（%(when)s）没有通过审核，原因：%(reason)s。报名截止前可以再次报名。"
        ),
        frozenset({"title", "when", "reason"}),
        essential=True,
        moments=frozenset({"when"}),
        outside=(
            _("报名未通过"),
            _("您报名的活动（%(when)s）没有通过审核，原因请登录后在“我的通知”查看。"),
        ),
    ),
    "events.offered": Kind(
        _("有席位等您确认：%(title)s"),
        _(
            "《%(title)s》（%(when)s，%(venue)s）有席位空出，为您保留到 %(until)s。请在此之前确认，逾期会让给下一位。"
        ),
        frozenset({"title", "when", "venue", "until"}),
        essential=True,
        moments=frozenset({"when", "until"}),
        outside=(
            _("有席位等您确认"),
            _("您候补的活动（%(when)s）有席位空出，为您保留到 %(until)s，请登录确认。"),
        ),
    ),
    "events.offer_reminder": Kind(
        _("席位快到期了：%(title)s"),
        _(
            "《%(title)s》（%(when)s）为您保留的席位 %(until)s 到期，还没有收到您的确认。逾期会让给下一位。"
        ),
        frozenset({"title", "when", "until"}),
        essential=True,
        moments=frozenset({"when", "until"}),
        outside=(
            _("席位快到期了"),
            _("为您保留的活动席位（%(when)s）%(until)s 到期，请登录确认，逾期会让给下一位。"),
        ),
    ),
    "events.offer_expired": Kind(
        _("席位没有再保留：%(title)s"),
        _(
            "为您保留的《%(title)s》（%(when)s）席位到时没有确认，已让给下一位。想参加可以重新报名。"
        ),
        frozenset({"title", "when"}),
        moments=frozenset({"when"}),
        outside=(
            _("席位没有再保留"),
            _("为您保留的活动席位（%(when)s）到时没有确认，已让给下一位。想参加可以重新报名。"),
        ),
    ),
    "events.promoted": Kind(
        _("候补成功：%(title)s"),
        _("有席位空出，您已转为正式报名《%(title)s》，%(when)s，%(venue)s。不能参加请及时取消。"),
        frozenset({"title", "when", "venue"}),
        essential=True,
        moments=frozenset({"when"}),
        outside=(
            _("候补成功"),
            _("有席位空出，您已转为正式报名，%(when)s。不能参加请及时取消，地点请登录查看。"),
        ),
    ),
    "events.named": Kind(
        _("单位推荐您参加：%(title)s"),
        _(
            "您的单位推荐您参加《%(title)s》，%(when)s，%(venue)s。席位为您保留到 %(until)s，参不参加由您决定，请登录确认或放弃。"
        ),
        frozenset({"title", "when", "venue", "until"}),
        essential=True,
        moments=frozenset({"when", "until"}),
    ),
    "events.named_for_full": Kind(
        _("单位推荐您参加：%(title)s"),
        _("您的单位推荐您参加《%(title)s》（%(when)s）。席位已满，想参加可以登录候补。"),
        frozenset({"title", "when"}),
        moments=frozenset({"when"}),
    ),
    "events.named_for_later": Kind(
        _("单位推荐您参加：%(title)s"),
        _(
            "您的单位推荐您参加《%(title)s》（%(when)s）。想参加请到活动页自己报名，从什么时候起可以报，页面上有说明。"
        ),
        frozenset({"title", "when"}),
        moments=frozenset({"when"}),
    ),
    "events.handed_on": Kind(
        _("已转给同事：%(title)s"),
        _("《%(title)s》（%(when)s）已由您的同事接收，您的报名随之结束。"),
        frozenset({"title", "when"}),
        essential=True,
        moments=frozenset({"when"}),
        outside=(
            _("已转给同事"),
            _("您预约的活动（%(when)s）已由您的同事接收，您的报名随之结束。"),
        ),
    ),
    "events.childcare_given": Kind(
        _("儿童托管已安排：%(title)s"),
        _("《%(title)s》（%(when)s）已为您的 %(children)s 个孩子安排托管。不需要时请及时退掉。"),
        frozenset({"title", "when", "children"}),
        essential=True,
        moments=frozenset({"when"}),
        outside=(
            _("儿童托管已安排"),
            _("您预约的活动（%(when)s）已为您的 %(children)s 个孩子安排托管。"),
        ),
    ),
    "events.changed": Kind(
        _("活动安排有变：%(title)s"),
        _(
            "《%(title)s》的%(what)s有变。现在的安排：%(span)s，%(venue)s。您的报名仍然有效，不能参加请及时取消。"
        ),
        frozenset({"title", "what", "span", "venue"}),
        essential=True,
        spans=frozenset({"span"}),
        outside=(
            _("活动安排有变"),
            _("您预约的活动%(what)s有变。现在的安排：%(span)s。您的报名仍然有效，详情请登录查看。"),
        ),
    ),
    "events.booking_cancelled": Kind(
        _("您的报名已取消：%(title)s"),
        _("主办方取消了您在《%(title)s》（%(when)s）的报名，原因：%(reason)s。"),
        frozenset({"title", "when", "reason"}),
        essential=True,
        moments=frozenset({"when"}),
        outside=(
            _("您的报名已取消"),
            _("主办方取消了您的活动报名（%(when)s），原因请登录后在“我的通知”查看。"),
        ),
    ),
    "events.seat_given": Kind(
        _("席位已让出：%(title)s"),
        _(
            "《%(title)s》已经开始，您还没有到场，席位让给了现场候补的人。您到场后有空位时，签到台会请您入场。"
        ),
        frozenset({"title"}),
        essential=True,
        outside=(
            _("席位已让出"),
            _("您预约的活动已经开始，席位让给了现场候补的人。您到场后有空位时，签到台会请您入场。"),
        ),
    ),
    "events.message": Kind(
        _("活动通知：%(title)s"),
        _("《%(title)s》主办方通知：%(text)s"),
        frozenset({"title", "text"}),
        essential=True,
        outside=(
            _("活动通知"),
            _("您预约的活动有一条新通知，请登录后在“我的通知”查看。"),
        ),
    ),
    "events.cancelled": Kind(
        _("活动取消：%(title)s"),
        _(
            "很抱歉，原定%(when)s的《%(title)s》因故取消：%(reason)s。您的报名随之结束，不用再办理。"
        ),
        frozenset({"title", "when", "reason"}),
        essential=True,
        moments=frozenset({"when"}),
        outside=(
            _("活动取消"),
            _("很抱歉，您预约的活动（原定%(when)s）已取消，您的报名随之结束，原因请登录查看。"),
        ),
    ),
    "events.speaking": Kind(
        _("请您主讲：%(title)s"),
        _(
            "《%(title)s》的议程里有您主讲的“%(session)s”，%(when)s，%(venue)s。内容有出入，请尽快告知主办方。"
        ),
        frozenset({"title", "session", "when", "venue"}),
        essential=True,
        moments=frozenset({"when"}),
        outside=(
            _("主讲邀请"),
            _("一场活动的议程里列有您的主讲，%(when)s。内容请登录后在“我的通知”查看。"),
        ),
    ),
    "events.speaking_changed": Kind(
        _("您的主讲安排有变：%(title)s"),
        _("《%(title)s》里您主讲的安排有变，现为“%(session)s”，%(when)s，%(venue)s。"),
        frozenset({"title", "session", "when", "venue"}),
        essential=True,
        moments=frozenset({"when"}),
        outside=(
            _("主讲安排有变"),
            _("您主讲的活动安排有变，现为 %(when)s，详情请登录查看。"),
        ),
    ),
    "events.speaking_ended": Kind(
        _("主讲安排取消：%(title)s"),
        _("《%(title)s》（%(when)s）的议程有调整，您不再列为主讲人。如有疑问，请联系主办方。"),
        frozenset({"title", "when"}),
        essential=True,
        moments=frozenset({"when"}),
        outside=(
            _("主讲安排取消"),
            _("您主讲的活动（%(when)s）议程有调整，详情请登录后在“我的通知”查看。"),
        ),
    ),
    "events.speaker_left": Kind(
        _("主讲人退出：%(title)s"),
        _(
            "《%(title)s》（%(when)s）的“%(session)s”有主讲人退出，已从议程撤下。请打开议程调整，并告知参加的人。"
        ),
        frozenset({"title", "when", "session"}),
        essential=True,
        moments=frozenset({"when"}),
        outside=(
            _("主讲人退出"),
            _("您负责的活动（%(when)s）有主讲人退出，请登录查看并调整议程。"),
        ),
    ),
    "events.speaking_cancelled": Kind(
        _("您主讲的活动取消：%(title)s"),
        _("很抱歉，原定%(when)s、由您主讲的《%(title)s》因故取消：%(reason)s。"),
        frozenset({"title", "when", "reason"}),
        essential=True,
        moments=frozenset({"when"}),
        outside=(
            _("主讲的活动取消"),
            _("很抱歉，您主讲的活动（原定%(when)s）已取消，原因请登录查看。"),
        ),
    ),
    "events.reminder_days": Kind(
        _("活动将近：%(title)s"),
        _(
            "《%(title)s》将于 %(when)s 在%(venue)s举行，您的席位已留好。不能参加请尽早取消，把席位让给候补的姐妹。"
        ),
        frozenset({"title", "when", "venue"}),
        topic=DAYS,
        moments=frozenset({"when"}),
        outside=(
            _("活动将近"),
            _("您预约的活动将于 %(when)s 开始，席位已留好。不能参加请尽早取消，地点请登录查看。"),
        ),
    ),
    "events.reminder_day": Kind(
        _("明天见：%(title)s"),
        _(
            "提醒您：《%(title)s》将于 %(when)s 在%(venue)s举行。不能参加请及时取消，把席位让给候补的姐妹。"
        ),
        frozenset({"title", "when", "venue"}),
        topic=DAY,
        moments=frozenset({"when"}),
        outside=(
            _("活动提醒"),
            _("提醒您：您预约的活动将于 %(when)s 开始。不能参加请及时取消，地点请登录查看。"),
        ),
    ),
    "events.reminder_hour": Kind(
        _("快要开始：%(title)s"),
        _("《%(title)s》%(when)s 在%(venue)s开始。%(how)s"),
        frozenset({"title", "when", "venue", "how"}),
        topic=HOUR,
        moments=frozenset({"when"}),
        outside=(
            _("快要开始"),
            _("您预约的活动 %(when)s 开始，地点和参加方式请登录查看。"),
        ),
    ),
    "events.thanks": Kind(
        _("谢谢您来参加：%(title)s"),
        _("谢谢您来参加《%(title)s》。为您准备了%(waiting)s，点开就能看到。"),
        frozenset({"title", "waiting"}),
        topic=THANKS,
        outside=(
            _("谢谢您来参加活动"),
            _("谢谢您来参加活动。为您准备了%(waiting)s，请登录后在“我的通知”查看。"),
        ),
    ),
    "events.material_added": Kind(
        _("新的活动资料：%(title)s"),
        _("《%(title)s》有新的资料，点开就能看到。"),
        frozenset({"title"}),
        topic=THANKS,
        outside=(
            _("新的活动资料"),
            _("您参加过的活动有新的资料，请登录后在“我的通知”查看。"),
        ),
    ),
    "events.absent": Kind(
        _("记为未到场：%(title)s"),
        _(
            "《%(title)s》没有签到也没有请假，记为未到场，这是第 %(count)s 次。有原因请在 30 天内说明，说明后不计入。规则：%(months)s 个月内满 %(absences)s 次的，%(weeks)s 周内只能在活动开始前 %(days_before)s 天内报名。"
        ),
        frozenset({"title", "count", "absences", "months", "weeks", "days_before"}),
        essential=True,
        outside=(
            _("活动记为未到场"),
            _("您预约的活动记为未到场。有原因请在 30 天内登录说明，说明后不计入。"),
        ),
    ),
    "events.photos_off": Kind(
        _("活动照片授权有变：%(title)s"),
        _(
            "《%(title)s》有人不再同意照片%(use)s，涉及 %(count)s 张。不再同意展示的已自动撤下；已经交给媒体的，请通知对方停止使用。"
        ),
        frozenset({"title", "use", "count"}),
        essential=True,
    ),
    "events.certificate_revoked": Kind(
        _("证书已撤销：%(title)s"),
        _("您《%(title)s》的证书 %(number)s 已撤销，原因：%(reason)s。有疑问请与主办方联系。"),
        frozenset({"title", "number", "reason"}),
        essential=True,
        outside=(
            _("证书已撤销"),
            _("您的证书 %(number)s 已撤销，原因请登录后在“我的通知”查看。"),
        ),
    ),
    "events.certificate_reissued": Kind(
        _("证书已换发：%(title)s"),
        _(
            "您《%(title)s》的证书已换发，新编号 %(number)s，原因：%(reason)s。旧证书不再有效，请下载新的。"
        ),
        frozenset({"title", "number", "reason"}),
        essential=True,
        outside=(
            _("证书已换发"),
            _("您的证书已换发，新编号 %(number)s。旧证书不再有效，请登录后下载新的。"),
        ),
    ),
}
