"""What the app adds to the portal (kernel.portal)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from care_points.sources import Source
from events import (
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
from events.models import VERSIONS_KEPT
from events.operations import taking_over
from events.operations.photos import PURPOSES
from events.standing import HOLDS
from kernel.holes import Hole
from kernel.portal import (
    Card,
    Declaration,
    Entry,
    Figure,
    Item,
    Joint,
    Line,
    Openings,
    Page,
    PersonalData,
    Place,
    Report,
    Role,
    TakingPart,
)
from kernel.retention import Keep, Retention
from notices.kinds import Kind, Topic
from privacy.purposes import Purpose
from talents.departures import Departure

MANAGING = (
    "events.view_event",
    "events.add_event",
    "events.change_event",
    "events.publish_event",
    "events.view_series",
    "events.add_series",
    "events.change_series",
    "events.view_booking",
    "events.change_booking",
    "events.check_in_booking",
    "events.export_booking",
)

PERMISSIONS = {
    "department_clerk": MANAGING,
    "event_organiser": MANAGING,
    "auditor": ("events.view_event", "events.view_series", "events.view_booking"),
    "administrator": (
        *MANAGING,
        "events.view_noshowrule",
        "events.add_noshowrule",
        "events.view_bookinghold",
        "events.change_bookinghold",
    ),
}

# What she chooses a way for, or to read of in her inbox alone.
CONFIRMED = Topic("events.confirmed", _("报名成功、候补和审核的确认"), 10)
DAYS = Topic("events.reminder_days", _("活动前三天提醒"), 20)
DAY = Topic("events.reminder_day", _("活动前一天提醒"), 30)
HOUR = Topic("events.reminder_hour", _("活动前一小时提醒"), 40)
THANKS = Topic("events.thanks", _("活动后的感谢和问卷"), 50)

NOTICES = {
    "events.booked": Kind(
        _("报名成功：%(title)s"),
        _("已为您保留《%(title)s》的席位，%(when)s，%(venue)s。签到码在“我的报名”里。"),
        frozenset({"title", "when", "venue"}),
        topic=CONFIRMED,
        moments=frozenset({"when"}),
        outside=(
            _("报名成功"),
            _("已为您保留席位，%(when)s。地点和签到码请登录后在“我的报名”查看。"),
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
        _("您%(when)s《%(title)s》的报名没有通过，原因：%(reason)s。报名截止前可以再次报名。"),
        frozenset({"title", "when", "reason"}),
        essential=True,
        moments=frozenset({"when"}),
        outside=(
            _("报名未通过"),
            _("您%(when)s活动的报名没有通过，原因请登录后在“我的通知”查看。"),
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
            "《%(title)s》的%(what)s有变，现为%(span)s，%(venue)s。您的报名仍然有效，不能参加请及时取消。"
        ),
        frozenset({"title", "what", "span", "venue"}),
        essential=True,
        spans=frozenset({"span"}),
        outside=(
            _("活动安排有变"),
            _("您预约的活动%(what)s有变，现为%(span)s。您的报名仍然有效，详情请登录查看。"),
        ),
    ),
    "events.booking_cancelled": Kind(
        _("您的报名已取消：%(title)s"),
        _("主办方取消了您%(when)s《%(title)s》的报名，原因：%(reason)s。"),
        frozenset({"title", "when", "reason"}),
        essential=True,
        moments=frozenset({"when"}),
        outside=(
            _("您的报名已取消"),
            _("主办方取消了您%(when)s活动的报名，原因请登录后在“我的通知”查看。"),
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
        _("很抱歉，原定%(when)s的《%(title)s》因故取消：%(reason)s。"),
        frozenset({"title", "when", "reason"}),
        essential=True,
        moments=frozenset({"when"}),
        outside=(
            _("活动取消"),
            _("很抱歉，您预约的活动（原定%(when)s）已取消，原因请登录查看。"),
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
        _("《%(title)s》%(when)s 在%(venue)s开始，签到码在“我的报名”里。"),
        frozenset({"title", "when", "venue"}),
        topic=HOUR,
        moments=frozenset({"when"}),
        outside=(
            _("快要开始"),
            _("您预约的活动 %(when)s 开始，地点和签到码请登录后在“我的报名”查看。"),
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

VERBS = {
    "events.set_no_show_rule": pgettext_lazy("audit", "实行未到场规则"),
    "events.end_no_show_rule": pgettext_lazy("audit", "停止实行未到场规则"),
    "events.hold_back": pgettext_lazy("audit", "因多次未到场限制报名"),
    "events.end_hold": pgettext_lazy("audit", "结束报名限制"),
    "events.lift_hold": pgettext_lazy("audit", "解除报名限制"),
    "events.export_report": pgettext_lazy("audit", "导出活动报告"),
    "events.offer_certificates": pgettext_lazy("audit", "设置活动证书"),
    "events.withdraw_certificate_offer": pgettext_lazy("audit", "停发活动证书"),
    "events.order_certificates": pgettext_lazy("audit", "要求签发证书"),
    "events.issue_certificates": pgettext_lazy("audit", "签发证书"),
    "events.revoke_certificate": pgettext_lazy("audit", "撤销证书"),
    "events.reissue_certificate": pgettext_lazy("audit", "换发证书"),
    "events.export_certificates": pgettext_lazy("audit", "下载活动的全部证书"),
    "events.fetch_certificate": pgettext_lazy("audit", "下载他人的证书"),
    "events.add_material": pgettext_lazy("audit", "添加活动资料"),
    "events.edit_material": pgettext_lazy("audit", "修改活动资料"),
    "events.move_material": pgettext_lazy("audit", "调整活动资料的顺序"),
    "events.replace_material": pgettext_lazy("audit", "替换活动资料的文件"),
    "events.restore_material_file": pgettext_lazy("audit", "换回活动资料的旧版本"),
    "events.withdraw_material": pgettext_lazy("audit", "撤下活动资料"),
    "events.show_material": pgettext_lazy("audit", "恢复活动资料"),
    "events.answer_photos": pgettext_lazy("audit", "选择是否愿意出现在活动照片里"),
    "events.add_photo": pgettext_lazy("audit", "上传活动照片"),
    "events.describe_photo": pgettext_lazy("audit", "填写活动照片的说明和人物"),
    "events.publish_photo": pgettext_lazy("audit", "发布活动照片"),
    "events.hide_photo": pgettext_lazy("audit", "下架活动照片"),
    "events.delete_photo": pgettext_lazy("audit", "删除活动照片"),
    "events.give_feedback": pgettext_lazy("audit", "收到一份不记名反馈"),
    "events.hide_feedback": pgettext_lazy("audit", "屏蔽了一份反馈的文字"),
    "events.show_feedback": pgettext_lazy("audit", "恢复了一份反馈的文字"),
    "events.add_event": pgettext_lazy("audit", "新建活动"),
    "events.edit_event": pgettext_lazy("audit", "修改活动"),
    "events.change_capacity": pgettext_lazy("audit", "调整席位"),
    "events.publish_event": pgettext_lazy("audit", "发布活动"),
    "events.cancel_event": pgettext_lazy("audit", "取消活动"),
    "events.clone_event": pgettext_lazy("audit", "复制活动"),
    "events.repeat_event": pgettext_lazy("audit", "定期举办活动"),
    "events.set_agenda": pgettext_lazy("audit", "编排议程"),
    "events.leave_agenda": pgettext_lazy("audit", "从议程里撤下退出人才库的主讲人"),
    "events.add_series": pgettext_lazy("audit", "新建活动系列"),
    "events.edit_series": pgettext_lazy("audit", "修改活动系列"),
    "events.book": pgettext_lazy("audit", "报名"),
    "events.cancel_booking": pgettext_lazy("audit", "取消报名"),
    "events.message_booked": pgettext_lazy("audit", "给已报名的人发通知"),
    "events.promote": pgettext_lazy("audit", "将候补转为正式名额"),
    "events.add_pool": pgettext_lazy("audit", "保留席位"),
    "events.edit_pool": pgettext_lazy("audit", "调整保留席位"),
    "events.open_pool": pgettext_lazy("audit", "向所有人开放保留席位"),
    "events.set_guests": pgettext_lazy("audit", "登记来宾人数"),
    "events.change_childcare": pgettext_lazy("audit", "修改托管孩子人数"),
    "events.name_people": pgettext_lazy("audit", "由单位推荐参加活动"),
    "events.hand_on": pgettext_lazy("audit", "生成转让链接"),
    "events.take_transfer_back": pgettext_lazy("audit", "收回转让链接"),
    "events.accept_transfer": pgettext_lazy("audit", "接收转让的席位"),
    "events.give_childcare": pgettext_lazy("audit", "安排儿童托管"),
    "events.invite": pgettext_lazy("audit", "邀请参加活动"),
    "events.withdraw_invitation": pgettext_lazy("audit", "收回活动邀请"),
    "events.make_calendar_link": pgettext_lazy("audit", "启用日历订阅"),
    "events.drop_calendar_link": pgettext_lazy("audit", "停用日历订阅"),
    "events.offer": pgettext_lazy("audit", "为候补的人保留席位"),
    "events.accept_offer": pgettext_lazy("audit", "确认席位"),
    "events.expire_offer": pgettext_lazy("audit", "收回逾期未确认的席位"),
    "events.approve_booking": pgettext_lazy("audit", "通过报名"),
    "events.refuse_booking": pgettext_lazy("audit", "不通过报名"),
    "events.settle_event": pgettext_lazy("audit", "核定到场情况"),
    "events.correct_attendance": pgettext_lazy("audit", "更正到场情况"),
    "events.explain_absence": pgettext_lazy("audit", "说明没有到场的原因"),
    "events.try_again": pgettext_lazy("audit", "重试到期处理"),
    "events.check_in": pgettext_lazy("audit", "办理签到"),
    "events.undo_check_in": pgettext_lazy("audit", "撤销签到"),
    "events.check_in_again": pgettext_lazy("audit", "再次入场"),
    "events.undo_return": pgettext_lazy("audit", "撤销再次入场"),
    "events.check_out": pgettext_lazy("audit", "办理签退"),
    "events.check_out_all": pgettext_lazy("audit", "全部签退"),
    "events.undo_check_out": pgettext_lazy("audit", "撤销签退"),
    "events.apply_list": pgettext_lazy("audit", "按会议名单登记到场"),
    "events.undo_list": pgettext_lazy("audit", "撤销按会议名单登记的到场"),
    "events.walk_in": pgettext_lazy("audit", "现场登记"),
    "events.note_here": pgettext_lazy("audit", "登记现场候补"),
    "events.give_late_seats": pgettext_lazy("audit", "让出没有到的席位"),
    "events.undo_late_seats": pgettext_lazy("audit", "撤销让出的席位"),
    "events.set_code_word": pgettext_lazy("audit", "设定活动口令"),
    "events.drop_code_word": pgettext_lazy("audit", "取消活动口令"),
    "events.undo_check_out_all": pgettext_lazy("audit", "撤销全部签退"),
    "events.correct_times": pgettext_lazy("audit", "更正进出时间"),
    "events.undo_correction": pgettext_lazy("audit", "撤销更正的进出时间"),
    "events.export_attendance": pgettext_lazy("audit", "导出签到名单"),
}


# Measure 9 rewards attendance.
POINTS = {
    "event_attendance": Source(
        "参加活动",
        "Attending an event",
        unit="event",
        points=10,
        yearly_cap=200,
        right="events.check_in_booking",
        undone=_("签到已撤销"),
    ),
}


def _of_measure(section, order, title, icon, measure):
    return Item(section, order, title, icon, "events_event", query=f"?measure__exact={measure}")


NAVIGATION = (
    Item(1, 30, _("交流活动"), "event", "events_event"),
    Item(1, 31, pgettext_lazy("many", "活动系列"), "event_repeat", "events_series"),
    Item(1, 32, _("报名审核"), "fact_check", "events_booking"),
    Item(1, 34, _("未到场规则"), "rule", "events_noshowrule"),
    Item(1, 36, _("报名限制"), "timer_off", "events_bookinghold"),
    _of_measure(2, 10, _("创业培训"), "storefront", 3),
    _of_measure(2, 20, _("创新行动"), "rocket_launch", 4),
    _of_measure(3, 10, _("宣讲与先进典型"), "campaign", 6),
    _of_measure(3, 20, _("学术网络"), "hub", 7),
    _of_measure(4, 10, _("生育友好与身心关爱"), "spa", 8),
    _of_measure(5, 10, _("进校园与科普"), "school", 10),
)

QUEUE = (
    Entry(40, "events.change_event", queue.drafts),
    Entry(45, "events.change_booking", queue.requests),
    Entry(50, "events.change_event", queue.full_events),
    Entry(55, "events.change_event", queue.events_set_aside),
)

FIGURES = (
    Figure(30, "events.view_event", _("即将举行"), _("已发布的活动"), queue.upcoming),
    Figure(40, "events.view_booking", _("本月签到"), _("人次"), queue.check_ins),
)

CARDS = (
    Card("main", 20, "events/card_next.html", cards.next_booking, cards.COMING_CARD),
    Card("main", 25, "events/card_invited.html", cards.for_her, cards.FOR_HER),
    Card("main", 30, "events/card_open.html", cards.open_events, cards.COMING_CARD),
)

HOLES = {
    "seats": Hole(holes.seats, moves=True),
    "seats_badge": Hole(holes.seats_badge, moves=True),
    "booking_card": Hole(holes.booking_card, moves=True),
    "own_badge": Hole(holes.own_badge),
    "event_parts": Hole(holes.event_parts),
    "materials": Hole(holes.materials_for_her),
    "staff_card": Hole(holes.staff_card),
}

LISTED = {"cpu": 0.3, "rate": 5000}
HERS = {"cpu": 5, "trips": 3}
BENCH = (
    Page(20, "event list", "/events/", "{title}", "anybody", LISTED),
    Page(30, "event page", "/events/{event}/", "{title}", "anybody", {"cpu": 0.3}),
    Page(40, "event list, signed in", "/events/", "has-tabs", "woman", HERS),
    Page(50, "event page, signed in", "/events/{event}/", "csrfmiddlewaretoken", "woman", HERS),
    Page(
        70,
        "API, 50 events",
        "/api/v1/events/?limit=50",
        "next",
        "partner",
        {"cpu": 2},
    ),
)

declaration = Declaration(
    counted_with_user={"booking_holds": HOLDS},
    movings=(merging.MOVING, merging.INVITATIONS, merging.CERTIFICATES, merging.SPEAKING),
    taking_part=(TakingPart(10, "events", _("到场参加过活动"), reports.came_since),),
    departures=(
        Departure(10, departures.seats_lost, departures.give_seats_back),
        Departure(11, departures.agendas_left, departures.stop_naming),
    ),
    roles=(
        Role(
            "event_organiser",
            _("活动组织者"),
            40,
            also=(
                "accounts.view_department",
                "accounts.view_unit",
                "accounts.view_jointaction",
            ),
        ),
    ),
    permissions=PERMISSIONS,
    notices=NOTICES,
    openings=Openings(10, openings.RULES, openings.find),
    growth=growth.milestones,
    personal_data=PersonalData(
        30,
        _("活动报名"),
        personal_data.COVERS,
        personal_data.collect,
        files=personal_data.photos,
        lost=personal_data.lost,
        erase=personal_data.erase,
    ),
    purposes=(
        Purpose(
            PURPOSES["site"],
            46,
            _("在活动页面展示有我的照片（每场活动单独选择）"),
            "2026-11",
            _("活动现场拍到您的照片；由工作人员注明照片里有您"),
            _("让大家看到活动的样子。不同意不影响参加。"),
            _("撤回后，有您的照片马上从活动页面撤下；别人此前已保存、转载的无法收回。"),
            each="my_bookings",
        ),
        Purpose(
            PURPOSES["press"],
            47,
            _("供媒体报道使用有我的照片（每场活动单独选择）"),
            "2026-11",
            _("活动现场拍到您的照片"),
            _("供媒体报道活动时使用。不同意不影响参加。"),
            _("撤回后，媒体不能再下载有您的照片；已经刊登的无法收回。"),
            each="my_bookings",
        ),
    ),
    consent_sources={
        "booking": _("报名时或在“我的报名”"),
        "door": _("活动现场，由工作人员询问"),
    },
    retention=(
        Retention(
            29,
            "events.photos",
            _("有人物的活动照片"),
            Keep(years=1),
            _("自活动结束起算，之后删除"),
            personal_data.old_photos,
            personal_data.drop_photos,
        ),
        Retention(
            30,
            "events.bookings",
            _("活动报名"),
            Keep(years=1),
            _("自活动结束起算，之后只留统计数"),
            personal_data.old_bookings,
            personal_data.keep_totals,
        ),
        Retention(
            31,
            "events.invitations",
            _("活动邀请"),
            Keep(years=1),
            _("自活动结束起算"),
            personal_data.old_invitations,
            personal_data.drop_invitations,
        ),
        Retention(
            32,
            "events.feedback",
            _("活动反馈的文字"),
            Keep(years=1),
            _("自活动结束起算，之后只留分数"),
            personal_data.old_feedback,
            personal_data.drop_words,
        ),
        Retention(
            33,
            "events.certificates",
            _("活动证书"),
            Keep(years=10),
            _("自签发起算，之后删除，不能再核验"),
            personal_data.old_certificates,
            personal_data.drop_certificates,
        ),
        Retention(
            34,
            "events.material_versions",
            _("活动资料的旧版本"),
            Keep(days=VERSIONS_KEPT.days),
            _("自替换起算，之后删除"),
            personal_data.old_versions,
        ),
        Retention(
            35,
            "events.withdrawn_materials",
            _("撤下的活动资料"),
            Keep(days=180),
            _("自撤下起算，之后删除"),
            personal_data.old_materials,
        ),
        Retention(
            36,
            "events.names",
            _("单位推荐参加活动的名单和答复"),
            Keep(days=30),
            _("自提交起算，之后删除"),
            personal_data.old_names,
        ),
    ),
    benefits=(Line(10, _("报名活动")),),
    verbs=VERBS,
    points=POINTS,
    scopes={"events:read": _("读取活动"), "events:name": _("推荐本单位人员参加活动")},
    api="events.api",
    api_sections={"events": pgettext_lazy("many", "活动")},
    places=(
        Place(10, "events/", pgettext_lazy("many", "活动"), "calendar-days"),
        Place(30, "events/", pgettext_lazy("many", "活动"), footer=True),
    ),
    navigation=NAVIGATION,
    queue=QUEUE,
    figures=FIGURES,
    cards=CARDS,
    report=Report(20, reports.monthly, reports.sections, reports.tables),
    statistics={"events": reports.STATISTICS},
    joint={
        taking_over.TAKE_OVER: Joint(
            _("接手敏感主题活动"),
            taking_over.carry_out,
            taking_over.facts,
            "events.change_event",
        )
    },
    holes=HOLES,
    public_models=(
        "events.Event",
        "events.Session",
        "events.Speaker",
        "events.Series",
        "events.Material",
        "events.Photo",
        "events.PhotoPerson",
    ),
    beat={
        "events.tasks.expire_offers": 60,
        "events.tasks.open_pools": 60,
        "events.tasks.remind": 60,
        "events.tasks.settle_events": 3600,
        "events.tasks.issue_certificates": 300,
    },
    demo="events.demo",
    bench=BENCH,
)
