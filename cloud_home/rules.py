"""Who may read, write and decide in the Cloud Home, and when: each rule once.

A rule returns None or the DomainError that says why not. Operations raise it before they lock and once more
inside the lock; pages ask it before they show a button. Rights take `by` (a User, or None for the system),
the other rules take `at`, the moment.
"""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cloud_home.models import Circle, Membership, Post, Report, Sanction, Topic, manages_circles
from cloud_home.models.posts import BODY_MOST, TITLE_MOST
from events.models import Booking, BookingState
from kernel import markdown, rights
from kernel.errors import Conflict, Invalid, Refused
from kernel.words import moment_text
from talents.operations import own_record
from talents.standing import why_not_take_part

# --- limits: how much one person writes, counted in the database -----------------------------------
POSTS = ((timedelta(minutes=10), 6), (timedelta(days=1), 60))
TOPICS = (timedelta(days=1), 6)
QUESTIONS = (timedelta(days=7), 3)
REPORTS = (timedelta(days=1), 10)
MENTIONS = (timedelta(days=1), 30)
MOST_MENTIONS = 5
MOST_FILES = 4
# What 10,000 characters come to as HTML: a table fills up short rows, and a wide one grows seventyfold.
HTML_MOST = 120_000
LONGEST_SUSPENSION = 90
APPEAL_LEAST, APPEAL_MOST = 4, 500
# Who has the seat, or came.
COMES = (BookingState.CONFIRMED, BookingState.ATTENDED)


# --- who reads -------------------------------------------------------------------------------------
def why_not_enter(user):
    """Say why `user` may not come in: it is for women in the database, and for the staff who look after it."""
    if manages_circles(user):
        return None
    return why_not_take_part(own_record(user))


def why_not_read(circle, user):
    """Say why `user` may not read what is written in a circle: to others it is not there."""
    if user is None or Circle.objects.readable_by(user).filter(pk=circle.pk).exists():
        return None
    return Refused("not_there", _("您看不到这个圈子的内容。"))


# --- circles ---------------------------------------------------------------------------------------
def why_not_add_circle(department, by):
    """Say why `by` may not make a circle of a department: staff do so for their own."""
    if not rights.may(by, "cloud_home.add_circle"):
        return Refused("not_allowed", _("您没有新建圈子的权限，请联系系统管理员。"))
    if department is None:
        return Invalid("department_missing", _("请选择负责部门。"), field="department")
    if by is None or by.sees_all_departments or by.department_id == department.pk:
        return None
    return Refused("not_allowed", _("只能为自己所在的部门新建圈子。"), field="department")


def why_not_manage(circle, by, permission="cloud_home.change_circle"):
    """Say why `by` may not change a circle, close it or name its moderators: that is for the staff who look after it."""
    if by is None or (circle.is_managed_by(by) and by.has_perm(permission)):
        return None
    return Refused("circle_not_yours", _("只有负责部门的工作人员可以管理这个圈子。"))


def why_not_open_event(event, by, at):
    """Say why `by` may not open the thread of an event; sensitive subjects have none."""
    if event.sensitive_topic or event.published_at is None or event.is_cancelled:
        return Refused("no_thread", _("这场活动没有交流区。"))
    if by is None or event.is_managed_by(by):
        return None
    talent = own_record(by)
    if error := why_not_take_part(talent):
        return error
    return None if has_seat(event, talent) else _no_seat()


def has_seat(event, talent):
    """Tell whether a woman has a seat of the event, or came."""
    seats = Booking.objects.filter(event=event, talent=talent, state__in=COMES)
    return talent is not None and seats.exists()


def _no_seat():
    sentence = _("活动交流区由报名成功和到场的人发言，您可以阅读。")
    return Refused("no_seat", sentence)


def why_not_join(circle, by):
    """Say why `by` cannot join a circle; threads of events are joined by coming."""
    if manages_circles(by):
        return Refused("staff", _("工作人员不用加入圈子，可以直接发言。"))
    if error := why_not_enter(by):
        return error
    if not Circle.objects.visible_to(by).filter(pk=circle.pk).exists():
        return Refused("not_there", _("没有找到这个圈子。"))
    if circle.is_closed:
        return _closed(circle)
    if circle.is_of_event and not has_seat(circle.event, own_record(by)):
        return _no_seat()
    return None


def _closed(circle):
    sentence = _("圈子已关闭（%(reason)s），内容可以阅读，不能再发言。")
    return Conflict("circle_closed", sentence % {"reason": circle.close_reason})


def why_not_moderator(circle, user):
    """Say why somebody (a User or None) cannot be a circle's moderator: a member in the database, or staff."""
    if user is None or not user.is_active:
        return Invalid("no_such_person", _("没有找到这个人才编号，请核对。"), field="code")
    if why_not_enter(user):
        return Invalid("not_fit", _("圈主须是已入库的女性科技人才。"), field="code")
    return None


# --- writing ---------------------------------------------------------------------------------------
def why_not_write(circle, by, at):
    """Say why `by` cannot start a topic in a circle at this moment."""
    if error := why_not_enter(by) or why_not_read(circle, by):
        return error
    if circle.is_closed:
        return _closed(circle)
    return why_suspended(by, at) or _why_outside(circle, by)


def why_suspended(user, at):
    """Say until when and why staff keep `user` from writing."""
    found = Sanction.objects.filter(user=user).suspending(at).order_by("-until").first()
    if found is None:
        return None
    sentence = _("您的发言权限暂停到 %(until)s，原因：%(reason)s。期间仍可阅读。")
    if not found.appealed_at:
        sentence = _(
            "您的发言权限暂停到 %(until)s，原因：%(reason)s。期间仍可阅读；如有异议，可以在“我的发言”里申诉一次。"
        )
    return Refused(
        "suspended", sentence % {"until": moment_text(found.until), "reason": found.reason}
    )


def _why_outside(circle, by):
    if circle.is_managed_by(by) or Membership.objects.filter(circle=circle, user=by).exists():
        return None
    if not circle.is_of_event:
        return Refused("not_member", _("加入圈子后就可以发言。"))
    return None if has_seat(circle.event, own_record(by)) else _no_seat()


def why_not_reply(topic, by, at):
    """Say why `by` cannot answer in a topic; whom its question went to may, member or not."""
    if topic.is_closed:
        sentence = _("话题已关闭（%(reason)s），不能再回复。")
        return Conflict("topic_closed", sentence % {"reason": topic.close_reason})
    error = why_not_see_topic(topic, by) or why_not_write(topic.circle, by, at)
    asked = error and error.code == "not_member" and topic.asks.filter(user=by).exists()
    return None if asked else error


def why_not_see_topic(topic, user):
    """Say why `user` may not read a topic."""
    if user is None or Topic.objects.visible_to(user).filter(pk=topic.pk).exists():
        return None
    return Refused("not_there", _("没有找到这个话题。"))


def why_not_see_post(post, user):
    """Say why `user` may not read a post."""
    if user is None or Post.objects.visible_to(user).filter(pk=post.pk).exists():
        return None
    return Refused("not_there", _("没有找到这条发言。"))


def why_too_often(user, at):
    """Say that `user` has written as much as one person may at a time."""
    for length, most in POSTS:
        if Post.objects.filter(author=user, written_at__gt=at - length).count() >= most:
            return Conflict("too_often", _("您发得太快了，请过一会儿再发；内容已为您保留。"))
    return None


def why_too_many_topics(user, at):
    """Say that `user` has started as many topics as one person may in a day."""
    length, most = TOPICS
    if Topic.objects.filter(author=user, started_at__gt=at - length).count() < most:
        return None
    sentence = ngettext(
        "一天最多发起 %(n)s 个话题，请明天再来。", "一天最多发起 %(n)s 个话题，请明天再来。", most
    )
    return Conflict("too_many_topics", sentence % {"n": most})


def why_too_many_questions(user, at):
    """Say that `user` has asked as many questions of experts as one person may in a week."""
    length, most = QUESTIONS
    asked = Topic.objects.filter(author=user, asks__isnull=False, started_at__gt=at - length)
    if asked.distinct().count() < most:
        return None
    sentence = ngettext(
        "一周最多求教 %(n)s 次，可以先在圈子里发起讨论。",
        "一周最多求教 %(n)s 次，可以先在圈子里发起讨论。",
        most,
    )
    return Conflict("too_many_questions", sentence % {"n": most})


def why_not_words(body, title=None):
    """Say what is wrong with the words of a post; `title` is None where it has none."""
    if title is not None and not title:
        return Invalid("title_missing", _("请写一个标题，让人一眼知道说什么。"), field="title")
    if title and len(title) > TITLE_MOST:
        return Invalid("title_too_long", _("标题请写在 80 字以内。"), field="title")
    if not body:
        return Invalid("body_missing", _("请写下内容。"), field="body")
    if len(body) > BODY_MOST:
        return Invalid(
            "body_too_long", _("内容请写在 10000 字以内，较长的可以放在附件里。"), field="body"
        )
    if len(markdown.html(body)) > HTML_MOST:
        return Invalid("table_too_large", _("表格太大，请缩小或放在附件里。"), field="body")
    return None


def why_not_edit(post, by, at):
    """Say why `by` cannot change a post: its author does, within a day, while it is shown."""
    if error := _why_not_hers(post, by) or why_not_see_post(post, by):
        return error
    if post.hidden_at:
        return Conflict("hidden", _("这条发言已被隐藏，不能修改；如有异议可以申诉。"))
    if post.topic.is_closed or post.topic.circle.is_closed:
        return Conflict("topic_closed", _("话题已关闭，不能再修改。"))
    if at >= post.editable_until():
        return Conflict("too_late", _("发表满 24 小时后不能再修改，可以回复补充，或删除后重写。"))
    return why_suspended(by, at)


def _why_not_hers(post, by):
    if by is None or post.author_id != by.pk:
        return Refused("not_yours", _("只能修改或删除自己的发言。"))
    if post.gone:
        return Conflict("gone", _("这条发言已经删除。"))
    return None


def why_not_delete(post, by):
    """Say why `by` cannot delete a post: its author can at any time, also where she reads no more what others write.

    While an appeal waits, what it is about stays; afterwards, or without one, it is hers to take away.
    """
    if error := _why_not_hers(post, by):
        return error
    if any(hiding.waits for hiding in post.hidings.standing()):
        return Conflict("appealed", _("您的申诉还在处理，答复以后才能删除。"))
    return None


def why_not_thank(post, by):
    """Say why `by` cannot thank for a post."""
    if error := why_not_enter(by) or why_not_see_post(post, by):
        return error
    if post.author_id == by.pk:
        return Refused("own_post", _("不能给自己致谢。"))
    if not post.has_words:
        return Conflict("gone", _("这条发言已经看不到了。"))
    return None


# --- moderating ------------------------------------------------------------------------------------
def may_moderate(circle, user):
    """Tell whether `user` keeps order in a circle: staff who look after it, and the moderators they named."""
    if user is None or (circle.is_managed_by(user) and user.has_perm("cloud_home.moderate_circle")):
        return True
    named = Membership.objects.filter(circle=circle, user=user, is_moderator=True)
    return why_not_enter(user) is None and named.exists()


def why_not_moderate(circle, by):
    """Say why `by` may not keep order in a circle."""
    if may_moderate(circle, by):
        return None
    return Refused("not_moderator", _("只有圈主和负责部门的工作人员可以处理发言。"))


def why_not_judge(circle, by):
    """Say why `by` may not decide reports and appeals, warn or suspend: that is for staff."""
    return why_not_manage(circle, by, "cloud_home.moderate_circle")


def why_not_hide(post, by):
    """Say why `by` cannot hide a post: nobody does so with her own."""
    if error := why_not_moderate(post.topic.circle, by):
        return error
    if by is not None and post.author_id == by.pk:
        return Refused("own_post", _("这是您自己的发言，不想保留可以删除。"))
    if post.gone:
        return Conflict("gone", _("这条发言已经删除。"))
    if post.hidden_at:
        return Conflict("hidden", _("这条发言已经隐藏。"))
    return None


def why_not_unhide(hiding, by):
    """Say why `by` cannot show a hidden post again: nobody does so with her own; an appeal is for another."""
    if error := why_not_moderate(hiding.post.topic.circle, by):
        return error
    if by is not None and hiding.post.author_id == by.pk:
        return Refused("own_post", _("不能恢复自己的发言，请申诉。"))
    if hiding.ended_at:
        return Conflict("shown", _("这条发言已经恢复显示。"))
    if hiding.post.gone:
        return Conflict("gone", _("这条发言已经删除。"))
    if hiding.waits:
        return Conflict("appealed", _("作者已经申诉，请在后台答复申诉。"))
    return None


def why_not_appeal(hiding, by):
    """Say why `by` cannot appeal: the author can, once."""
    if by is None or hiding.post.author_id != by.pk:
        return Refused("not_yours", _("只有作者本人可以申诉。"))
    if hiding.ended_at:
        return Conflict("shown", _("这条发言已经恢复显示，不用申诉。"))
    if hiding.post.gone:
        return Conflict("gone", _("这条发言已经删除。"))
    if hiding.appealed_at:
        return Conflict("appealed", _("您已经申诉过，每次隐藏可以申诉一次。"))
    return None


def why_not_decide_appeal(hiding, by):
    """Say why `by` cannot answer an appeal: another member of staff does than who hid the post, or found it should be."""
    if error := why_not_judge(hiding.post.topic.circle, by):
        return error
    if by is not None and by.pk in (hiding.hidden_by_id, hiding.post.author_id):
        return Refused("own_case", _("申诉要由隐藏这条发言以外的同事答复。"))
    if by is not None and hiding.post.reports.upheld_by(by).exists():
        return Refused("own_case", _("这条发言的举报是您认定成立的，申诉要由另一位同事答复。"))
    if not hiding.waits:
        return Conflict("decided", _("这次申诉已经答复，或发言已恢复显示。"))
    return None


def why_not_report(post, by, at):
    """Say why `by` cannot report a post."""
    if error := why_not_enter(by) or why_not_see_post(post, by):
        return error
    if post.author_id == by.pk:
        return Refused("own_post", _("这是您自己的发言，不想保留可以删除。"))
    if not post.has_words:
        return Conflict("gone", _("这条发言已经看不到了，不用再举报。"))
    length, most = REPORTS
    if Report.objects.filter(reporter=by, at__gt=at - length).count() >= most:
        return Conflict("too_many_reports", _("今天的举报已到上限，急事请直接联系工作人员。"))
    return None


def why_not_decide_report(report, by):
    """Say why `by` cannot decide a report: not her own, nor one of what she wrote."""
    if error := why_not_judge(report.post.topic.circle, by):
        return error
    if by is not None and by.pk in (report.reporter_id, report.post.author_id):
        return Refused("own_case", _("自己提出或涉及自己的举报要由同事处理。"))
    if report.is_decided:
        return Conflict("decided", _("这条举报已经处理。"))
    return None


def why_not_sanction(post, by):
    """Say why `by` cannot warn or suspend the author of a post: staff do, and not each other."""
    if error := why_not_judge(post.topic.circle, by):
        return error
    if post.author is None or post.as_staff:
        return Conflict("no_author", _("只能提醒女性科技人才；同事之间请当面沟通。"))
    if by is not None and post.author_id == by.pk:
        return Refused("own_post", _("不能处理自己的发言。"))
    if Sanction.objects.filter(post=post, lifted_at=None).exists():
        return Conflict("sanctioned", _("这条发言已经提醒或停止过发言，处理一次就够了。"))
    return None


def why_not_lift(sanction, by, at):
    """Say why `by` cannot end a suspension early; an appeal is answered instead."""
    if error := why_not_judge(sanction.post.topic.circle, by):
        return error
    if by is not None and sanction.user_id == by.pk:
        return Refused("own_case", _("不能解除对自己的处理。"))
    if sanction.user_id is None or not sanction.stands(at):
        return Conflict("over", _("停止发言已经到期或解除。"))
    if sanction.waits:
        return Conflict("appealed", _("她已经申诉，请答复申诉。"))
    return None


def why_not_appeal_suspension(sanction, by, at):
    """Say why `by` cannot appeal a suspension: whom it keeps from writing can, once, while it lasts."""
    if by is None or sanction.user_id != by.pk:
        return Refused("not_yours", _("只有本人可以申诉。"))
    if not sanction.stands(at):
        return Conflict("over", _("停止发言已经到期或解除，不用申诉。"))
    if sanction.appealed_at:
        return Conflict("appealed", _("您已经申诉过，每次停止发言可以申诉一次。"))
    return None


def why_not_decide_suspension(sanction, by):
    """Say why `by` cannot answer the appeal of a suspension: another member of staff does than who suspended."""
    if error := why_not_judge(sanction.post.topic.circle, by):
        return error
    if by is not None and by.pk in (sanction.by_id, sanction.user_id):
        return Refused("own_case", _("申诉要由办理停止发言以外的同事答复。"))
    if sanction.user_id is None or not sanction.waits:
        return Conflict("decided", _("没有等待答复的申诉，或同事已经答复。"))
    return None


def why_not_days(days):
    """Say why somebody cannot be kept from writing for so many days; 0 is a warning."""
    if 0 <= days <= LONGEST_SUSPENSION:
        return None
    return Invalid("days_wrong", _("停止发言请填 1 到 90 天；只提醒填 0。"), field="days")


def why_not_close_topic(topic, by):
    """Say why `by` cannot close a topic: its author and whoever keeps order can."""
    if by is not None and topic.author_id == by.pk and why_not_see_topic(topic, by) is None:
        error = None
    else:
        error = why_not_moderate(topic.circle, by)
    if error or not topic.is_closed:
        return error
    return Conflict("topic_closed", _("话题已经关闭。"))


def why_not_reopen_topic(topic, by):
    """Say why `by` cannot open a closed topic again."""
    if error := why_not_moderate(topic.circle, by):
        return error
    return None if topic.is_closed else Conflict("topic_open", _("话题没有关闭。"))


# --- asking ----------------------------------------------------------------------------------------
def why_not_ask(circle, by, at):
    """Say why `by` cannot ask experts in a circle: the question has to be one they may read."""
    if error := why_not_write(circle, by, at):
        return error
    if circle.discreet or circle.is_of_event:
        sentence = _("求教会请圈外的同行来答，请选一个学科或议题圈子。")
        return Invalid("circle_unfit", sentence, field="circle")
    return None


def why_not_decline(ask, by):
    """Say why `by` cannot decline: whom the question went to can, until she has answered."""
    if by is None or ask.user_id != by.pk:
        return Refused("not_yours", _("这个问题不是请教您的。"))
    if ask.answered_at:
        return Conflict("answered", _("您已经回答过了，谢谢。"))
    return None
