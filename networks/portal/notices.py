"""What people are told of associations."""

from django.utils.translation import gettext_lazy as _

from notices.kinds import Kind


def _told(title, body, *placeholders):
    return Kind(title, body, frozenset({"association", *placeholders}), essential=True)


NOTICES = {
    "networks.post_given": _told(
        _("您有一项新的任职"),
        _("您担任“%(association)s”%(post)s，到%(until)s为止。"),
        "post",
        "until",
    ),
    "networks.post_ended": _told(
        _("您的任职结束了"),
        _("您在“%(association)s”的任职（%(post)s）登记到%(until)s为止，有疑问请与联系部门商量。"),
        "post",
        "until",
    ),
    "networks.post_restored": _told(
        _("您的任职恢复了"),
        _("您在“%(association)s”的任职（%(post)s）恢复，到%(until)s为止。"),
        "post",
        "until",
    ),
    "networks.post_resigned": _told(
        _("有人辞去协会职务"),
        _("“%(association)s”%(post)s提交辞职，到%(until)s为止。请安排补选。"),
        "post",
        "until",
    ),
    "networks.election_six": _told(
        _("六个月后换届"), _("“%(association)s”本届到%(until)s届满，请开始筹备换届。"), "until"
    ),
    "networks.election_three": _told(
        _("三个月后换届"),
        _(
            "“%(association)s”本届到%(until)s届满，请发布候选人申报通知；不能按时的，凭文件登记延期。"
        ),
        "until",
    ),
    "networks.election_overdue": _told(
        _("协会换届超期"),
        _("“%(association)s”本届已于%(until)s届满，没有换届，任职和权限已经结束，请督促换届。"),
        "until",
    ),
    "networks.member_applied": _told(
        _("有人申请加入协会"), _("有人申请加入“%(association)s”，请审核。")
    ),
    "networks.member_approved": _told(
        _("入会申请通过了"), _("您已是“%(association)s”的会员，会籍到%(until)s。"), "until"
    ),
    "networks.member_declined": _told(
        _("入会申请没有通过"),
        _("“%(association)s”没有通过您的入会申请，原因请登录查看；可以再申请。"),
    ),
    "networks.member_waits_again": _told(
        _("入会申请重新审核"), _("“%(association)s”撤回了对您入会申请的审核，正在重新审核。")
    ),
    "networks.member_entered": _told(
        _("您被登记为协会会员"),
        _(
            "“%(association)s”的会员名单里有您，会籍到%(until)s。不是会员的，可以在“我的协会”里退会。"
        ),
        "until",
    ),
    "networks.member_renewed": _told(
        _("会籍已续期"), _("您在“%(association)s”的会籍续到%(until)s。"), "until"
    ),
    "networks.member_ending": _told(
        _("会籍快到期了"),
        _("您在“%(association)s”的会籍到%(until)s，请在“我的协会”里点一下续期。"),
        "until",
    ),
    "networks.member_lapsed": _told(
        _("会籍已失效"),
        _("您在“%(association)s”的会籍到期超过 90 天没有续期，已失效；可以重新申请入会。"),
    ),
    "networks.member_ended": _told(
        _("会籍被结束了"),
        _("“%(association)s”结束了您的会籍，原因请登录查看，有疑问请与联系部门商量。"),
    ),
    "networks.member_restored": _told(
        _("会籍已恢复"), _("您在“%(association)s”的会籍恢复，到%(until)s。"), "until"
    ),
    "networks.association_silent": _told(
        _("协会近来有活动吗"),
        _("“%(association)s”180 天没有登记活动和会议。有的请登记，遇到困难请说一声。"),
    ),
}
