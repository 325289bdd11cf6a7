"""Who may do what with an event or a booking, and when: each rule once.

A rule returns None or the DomainError that says why not. Operations raise it inside their lock; pages
ask it before they show a button. Rights take `by` (a User, or None for the system itself), the other
rules take `at`, the moment. `Event.objects.bookable`, `managed_by` and `with_names_for` are the same
rules as SQL; tests compare the two.
"""

from datetime import timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from kernel import rights
from kernel.errors import Conflict, Invalid, Refused
from kernel.words import either, moment_text
from talents.codes import Discipline
from talents.models import Tier
from talents.standing import why_not_take_part


# --- rights ----------------------------------------------------------------------------------------
def why_not_add(department, by):
    """Say why `by` may not make an event of `department`: staff do so for their own."""
    if not rights.may(by, "events.add_event"):
        return Refused("not_allowed", _("您没有新建活动的权限，请联系系统管理员。"))
    if department is None:
        return Invalid("department_missing", _("请选择主办部门。"), field="department")
    if by is None or by.sees_all_departments or by.department_id == department.pk:
        return None
    return Refused("not_allowed", _("只能为自己所在的部门新建活动。"), field="department")


def why_not_organise(department, organiser):
    """Say why `organiser` (a User or None) may not be put in charge of an event of `department`."""
    fit = organiser and organiser.is_staff and organiser.is_active
    if fit and why_not_add(department, organiser) is None:
        return None
    sentence = _("负责人须是主办部门在职、有办活动权限的工作人员。")
    return Invalid("organiser_unfit", sentence, field="organiser")


def why_not_manage(event, by, permission):
    """Say why `by` may not use `permission` on this event: it is for the staff who run it."""
    if by is None or (event.is_managed_by(by) and by.has_perm(permission)):
        return None
    return Refused(
        "event_not_yours", _("只有主办部门的工作人员可以操作这场活动，请与主办部门联系。")
    )


def why_not_see_names(event, by, permission):
    """Say why `by` may not see who booked, or act on it: a sensitive topic has its organiser only."""
    if error := why_not_manage(event, by, permission):
        return error
    if by is None or event.shows_names_to(by):
        return None
    return Refused("event_not_yours", _("这场活动的名单只有负责人本人可以查看。"))


def why_not_act_for(event, talent, by):
    """Say why `by` may not book or cancel for the talent: it is for herself and staff who may know who comes."""
    if talent is None or (by and talent.user_id == by.pk):
        return None
    return why_not_see_names(event, by, "events.change_booking")


def why_not_book_as_staff(event, talent, by):
    """Say why `by` may not book for the talent beside the rules: never for herself."""
    if by is not None and talent and talent.user_id == by.pk:
        return Refused("own_booking", _("不能为自己破例报名，请同事办理。"))
    return why_not_see_names(event, by, "events.change_booking")


def why_not_explain_for(event, talent, by):
    """Say why `by` may not say why the talent did not come: that is for herself."""
    if by is None or (talent and talent.user_id == by.pk):
        return None
    return Refused("not_yours", _("只有本人可以说明没有到场的原因。"))


def why_not_invite(event, by, at):
    """Say why `by` may not invite people to the event, or take an invitation back."""
    if error := why_not_see_names(event, by, "events.change_booking"):
        return error
    if event.is_cancelled or event.is_over(at):
        return why_not_open(event, at)
    return None


def why_not_clone(event, by):
    """Say why `by` may not copy the event: the copy is hers to organise."""
    refused = why_not_manage(event, by, "events.add_event")
    return refused or why_not_organise(event.department, by or event.organiser)


def organisers(department):
    """Return the Users who may be put in charge of an event of `department` (why_not_organise as SQL)."""
    staff = User.objects.holding("events.add_event").filter(is_staff=True)
    everywhere = User.objects.holding("accounts.see_all_departments").values("pk")
    return staff.filter(Q(department=department) | Q(pk__in=everywhere))


def is_without_organiser(event):
    """Tell whether nobody is in charge any more: her account is closed, or she organises no events now."""
    return why_not_organise(event.department, event.organiser) is not None


def why_not_hand_over(event, changes, by):
    """Say why `by` may not open the list of a sensitive topic to others by `changes`.

    Otherwise whoever may edit the event would name herself organiser and read the names, and an administrator would
    close the organiser's account first. So where nobody is in charge any more, two people take over
    (`why_not_take_over`).
    """
    opens = event.sensitive_topic and not {"organiser", "sensitive_topic"}.isdisjoint(changes)
    if not opens or by is None or (by.pk == event.organiser_id and by.is_active):
        return None
    if is_without_organiser(event):
        sentence = _("现任负责人已不能办理。接手敏感主题活动须两人办理，请在活动页面“申请接手”。")
        return Refused("second_person", sentence, field="organiser")
    sentence = _("敏感主题活动的负责人和“敏感主题”标记只能由现任负责人修改，请与她联系。")
    return Refused("event_not_yours", sentence, field="organiser")


def why_not_take_over(event, by):
    """Say why `by` may not ask that somebody take over a sensitive event (a second person confirms it)."""
    if error := why_not_manage(event, by, "events.change_event"):
        return error
    if not event.sensitive_topic:
        return Conflict("not_sensitive", _("这场活动不是敏感主题，负责人可以直接修改。"))
    if not is_without_organiser(event):
        sentence = _("现任负责人仍在职，请由她本人移交。")
        return Refused("event_not_yours", sentence)
    return why_not_edit(event)


# --- events ----------------------------------------------------------------------------------------
def why_not_publish(event, at):
    """Say why an event cannot go on the public list."""
    if event.is_published:
        return Conflict("event_published", _("活动已经发布。"))
    if event.is_cancelled:
        return Conflict("event_cancelled", _("活动已取消，不能再发布；可以复制一场新的活动。"))
    if event.has_started(at):
        return Conflict("event_in_past", _("开始时间已过，请先修改活动时间再发布。"))
    return None


def why_not_call_off(event, at):
    """Say why an event cannot be cancelled."""
    if event.is_cancelled:
        return Conflict("event_cancelled", _("活动已取消。"))
    if event.is_over(at):
        return Conflict("event_over", _("活动已经结束，不能取消。"))
    return None


def why_not_message(event, at):
    """Say why nothing can be written to those who booked."""
    if not event.is_published:
        return Conflict("event_not_on", _("活动没有发布或已取消，不能给报名的人发通知。"))
    if event.is_over(at):
        return Conflict("event_over", _("活动已经结束，不能再发通知。"))
    return None


def why_not_edit(event):
    """Say why an event's fields cannot be changed: a cancelled one keeps what people were told."""
    if event.is_cancelled:
        return Conflict("event_cancelled", _("活动已取消，不能再修改；可以复制一场新的活动。"))
    return None


def why_not_begin(starts_at, at):
    """Say why an event cannot be planned for `starts_at`."""
    if starts_at <= at:
        return Invalid("start_in_past", _("开始时间已过，请填将来的时间。"), field="starts_at")
    return None


def why_not_seats(event, capacity):
    """Say why an event cannot have `capacity` seats: those taken stay."""
    if capacity < 1:
        return Invalid("capacity_too_small", _("席位至少为 1。"), field="capacity")
    if capacity < event.seats_taken:
        sentence = _("已有 %(taken)s 人报名，席位不能少于这个数。") % {"taken": event.seats_taken}
        return Invalid("capacity_below_taken", sentence, field="capacity")
    return None


def contradictions(event):
    """Return an Invalid for each time of `event` that contradicts another; an empty one does not."""
    start, end = event.starts_at, event.ends_at
    opens, closes = event.booking_opens_at, event.booking_closes_at
    errors = []
    if start and end and end <= start:
        sentence = _("结束时间要晚于开始时间，请修改。")
        errors.append(Invalid("event_ends_early", sentence, field="ends_at"))
    if start and closes and closes > start:
        sentence = _("报名截止不能晚于活动开始，请修改或留空。")
        errors.append(Invalid("booking_closes_late", sentence, field="booking_closes_at"))
    elif opens and closes and opens >= closes:
        sentence = _("报名开始要早于报名截止，请修改。")
        errors.append(Invalid("booking_opens_late", sentence, field="booking_opens_at"))
    return errors


# --- seats -----------------------------------------------------------------------------------------
def why_not_book(event, talent, at):
    """Say why a woman cannot book the event, or wait for it, at this moment.

    `talent` is her record, None where she has none. Whether a seat is free is another question.
    """
    closed = why_not_open(event, at) or why_not_take_part(talent)
    return closed or why_not_invited(event, talent) or why_not_eligible(event, talent)


def why_not_book_for(event, talent, at):
    """Say why staff cannot book for her beside the rules of who may come and when: seats are never exempt."""
    if event.is_cancelled or not event.is_published or event.is_over(at):
        return why_not_open(event, at)
    return why_not_take_part(talent)


def why_not_invited(event, talent):
    """Say why she may not come to an event that is for the invited."""
    if event.visibility != "invited" or event.invitations.standing().filter(talent=talent).exists():
        return None
    return Refused("not_invited", _("这场活动仅限受邀的人参加，如有疑问请与主办方联系。"))


def why_not_eligible(event, talent):
    """Say why an event is not for her, by her record, and what would change it."""
    # Only what is limited is asked: pages read no more of her record than they show.
    other_tier = event.for_tiers and talent.tier not in event.for_tiers
    other_discipline = event.for_disciplines and talent.discipline not in event.for_disciplines
    if other_tier or other_discipline:
        sentence = _(
            "这场活动面向%(whom)s，您的档案不在其中。档案与实际不符的，请先在“我的档案”里修改。"
        )
        return Refused("not_eligible", sentence % {"whom": whom(event)})
    return None


def whom(event):
    """Return in words for whom an event is: 人才层次为国家级或市级，且学科为材料科学的人才; "" where it is for all."""
    limits = (
        (_("人才层次为%(any)s"), dict(Tier.choices), event.for_tiers),
        (_("学科为%(any)s"), dict(Discipline.choices), event.for_disciplines),
    )
    parts = [
        words % {"any": either(names[code] for code in codes)}
        for words, names, codes in limits
        if codes
    ]
    return _("%(what)s的人才") % {"what": _("，且").join(parts)} if parts else ""


def why_not_open(event, at):
    """Say why nobody can book the event, or wait for it, at this moment."""
    if event.is_cancelled:
        return Conflict("event_cancelled", _("活动已取消，看看其他活动吧。"))
    if not event.is_published:
        return Conflict("event_not_published", _("活动还没有发布，请稍后再来。"))
    if event.is_over(at):
        return Conflict("event_over", _("活动已结束，看看其他活动吧。"))
    if event.has_started(at):
        return Conflict("event_started", _("活动正在进行，报名已截止。"))
    if at < event.booking_opens_at:
        sentence = _("报名还没有开始，%(when)s 开放。")
        return Conflict(
            "booking_not_open", sentence % {"when": moment_text(event.booking_opens_at)}
        )
    if at >= event.booking_closes_at:
        sentence = _("报名已于 %(when)s 截止，看看其他活动吧。")
        return Conflict("booking_closed", sentence % {"when": moment_text(event.booking_closes_at)})
    return None


def why_not_accept(booking, at):
    """Say why a seat that was kept for her cannot be taken any more."""
    if booking.event.is_cancelled:
        return Conflict("event_cancelled", _("活动已取消，看看其他活动吧。"))
    if booking.is_offered and booking.event.has_started(at):
        return Conflict("event_started", _("活动已经开始，席位没有再保留。"))
    if booking.is_offered and at < booking.offer_ends_at:
        return None
    sentence = _("这个席位没有再为您保留，已让给后面候补的姐妹；想参加可以重新报名。")
    return Conflict("offer_gone", sentence)


def why_not_decide(booking, by, at):
    """Say why `by` cannot decide a request to come: never her own."""
    if by is not None and booking.talent.user_id == by.pk:
        return Refused("own_booking", _("不能审核自己的报名，请同事办理。"))
    if booking.event.is_cancelled:
        return Conflict("event_cancelled", _("活动已取消，不用再审核报名。"))
    if booking.event.is_over(at):
        return Conflict("event_over", _("活动已经结束，不用再审核报名。"))
    if not booking.is_pending:
        return Conflict("booking_decided", _("这次报名已经审核过，或已由本人取消。"))
    return None


def why_not_cancel(booking, at):
    """Say why a seat, an offer, a request or a place in the queue cannot be given back."""
    if not booking.is_active:
        return Conflict("booking_cancelled", _("这次报名已经取消。"))
    if booking.checked_in_at:
        return Conflict("already_checked_in", _("已经签到，不能再取消报名。"))
    if booking.event.is_cancelled:
        return Conflict("event_cancelled", _("活动已取消，不用再取消报名。"))
    if booking.event.has_started(at):
        return Conflict("event_started", _("活动已经开始，不能再取消报名。"))
    return None


# --- the door --------------------------------------------------------------------------------------
def why_not_check_in(booking, event, by, at):
    """Say why `by` cannot let her in at the door of `event`: coming earns points, so nobody does it for herself.

    Having come before is no reason: a second scan is answered, and changes nothing.
    """
    if booking.event_id != event.pk:
        return Conflict("wrong_event", _("这是另一场活动的签到码，请核对活动名称和时间。"))
    if by is not None and booking.talent.user_id == by.pk:
        return Refused("own_check_in", _("不能为自己签到，请同事为您签到。"))
    return _why_no_seat(booking, event) or _why_door_shut(event, at)


def _why_no_seat(booking, event):
    name = {"name": booking.talent.full_name}
    if event.is_cancelled:
        return Conflict("event_cancelled", _("活动已取消，不能签到。"))
    if booking.is_waitlisted:
        sentence = _(
            "%(name)s还在候补第 %(rank)s 位，没有席位。有人未到时，可先增加席位再请她入场。"
        )
        return Conflict("booking_waitlisted", sentence % (name | {"rank": booking.queue_rank()}))
    if booking.is_pending:
        sentence = _("%(name)s的报名还在审核，请先通过，再请她入场。")
        return Conflict("booking_pending", sentence % name)
    if booking.is_offered:
        sentence = _("%(name)s还没有确认席位，请她在手机上点“确认参加”，再请她入场。")
        return Conflict("booking_offered", sentence % name)
    if not booking.is_seated:
        sentence = _("%(name)s的报名已于 %(when)s 取消，请她在手机上重新报名。")
        when = {"when": moment_text(booking.ended_at)}
        return Conflict("booking_cancelled", sentence % (name | when))
    return None


def _why_door_shut(event, at):
    if at < event.door_opens_at():
        sentence = _("还没到签到的日子，活动在 %(when)s 开始，当天可以签到。")
        return Conflict("door_not_open", sentence % {"when": moment_text(event.starts_at)})
    if at >= event.door_closes_at():
        sentence = _("签到已经结束，活动在 %(when)s 结束。")
        return Conflict("door_closed", sentence % {"when": moment_text(event.ends_at)})
    return None


def why_not_undo_check_in(event, at):
    """Say why a check-in cannot be taken back: it can until the day of the event is over."""
    if at >= event.door_closes_at():
        return Conflict("door_closed", _("活动当天已过，签到记录不能再撤销。"))
    return None


# --- after the event -------------------------------------------------------------------------------
EXPLAIN_FOR = timedelta(days=30)
CORRECT_FOR = timedelta(days=365)


def why_not_settle(event, at):
    """Say why it cannot be noted yet who was absent: the door has to be closed."""
    if event.is_cancelled or not event.is_published:
        return Conflict("event_not_on", _("活动没有举行，没有到场情况可以核定。"))
    if at < event.door_closes_at():
        return Conflict("door_open", _("活动当天还没有过，到场情况要到次日零点才能核定。"))
    return None


def why_not_correct(booking, by, at):
    """Say why `by` cannot correct whether she came: coming earns points, so nobody does it for herself."""
    event = booking.event
    if by is not None and booking.talent.user_id == by.pk:
        return Refused("own_check_in", _("不能更正自己的到场情况，请同事办理。"))
    if event.is_cancelled or event.settled_at is None:
        return Conflict("not_settled", _("到场情况还没有核定，请在签到页面办理。"))
    if booking.state not in ("attended", "absent", "excused"):
        return Conflict("no_seat", _("她没有席位，没有到场情况可以更正。"))
    if at >= event.ends_at + CORRECT_FOR:
        return Conflict("too_late", _("活动已过去一年，到场情况不能再更正。"))
    return None


def why_not_explain(booking, at):
    """Say why she cannot say any more why she did not come."""
    if booking.state != "absent" or booking.event.is_cancelled:
        return Conflict("not_absent", _("这次活动没有记为未到场，不用说明。"))
    if at >= booking.event.ends_at + EXPLAIN_FOR:
        return Conflict("too_late", _("活动已过去 30 天，不能再说明；如有疑问请与主办方联系。"))
    return None
