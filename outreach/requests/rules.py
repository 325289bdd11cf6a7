"""What a school may ask for, who may be asked to come, and who may answer."""

from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from kernel.errors import Conflict, Invalid, Refused
from outreach.requests.models import (
    ASK,
    MOST_CLASSES,
    MOST_PUPILS,
    STANDING,
    InvitationState,
    RequestState,
    SchoolRequest,
    VenueKind,
    VisitInvitation,
)
from outreach.volunteers.models import Area, Stage, VisitTopic, Volunteer
from outreach.volunteers.rules import why_not_go
from places.holidays import is_working_day

COORDINATE = "outreach.coordinate_volunteer"
MOST_HALF_HOURS = 8  # of one visit, without travel
VISIT = "visit"  # what women are asked for (talents.asking)
FIRST_DAY, LAST_DAY = timedelta(days=7), timedelta(days=180)  # after it is sent
DAYS_ASKED = (2, 3)
CHOICES = {"venue": VenueKind, "topic": VisitTopic, "stage": Stage, "area": Area}


def school_year(day):
    """Return the school year a date lies in, by the year it begins in: it begins in September."""
    return day.year if day.month >= 9 else day.year - 1


def term_of(day):
    """Return [first day, day after) of the term a date lies in: from September, or from February."""
    year = school_year(day)
    first, second, after = date(year, 9, 1), date(year + 1, 2, 1), date(year + 1, 9, 1)
    return (first, second) if day < second else (second, after)


# --- the school -----------------------------------------------------------------------------------
def why_not_ask(unit, by):
    """Say why `by` may not ask for a unit (None: she has none): its contact does, while it is a partner."""
    if by is not None and (by.is_staff or not by.has_perm(ASK)):
        return Refused("not_contact", _("只有单位联系人可以代表单位申请。"))
    if unit is None or (by is not None and by.unit_id != unit.pk):
        return Refused("not_yours", _("只能代表您所在的单位申请。"))
    if not unit.is_partner:
        return Refused("no_partner", _("贵单位现在不是合作单位，请联系主管部门。"))
    return None


def why_not_values(values):
    """Say what is wrong with what is filled in so far; what is not filled in yet may be missing."""
    for name, choices in CHOICES.items():
        if values.get(name) and values[name] not in choices.values:
            return Invalid("unknown_choice", _("请从列出的选项里选。"), field=name)
    for name in ("girls", "boys"):
        if not 0 <= values.get(name, 0) <= MOST_PUPILS:
            sentence = _("人数请填 0 到 %(most)s。") % {"most": MOST_PUPILS}
            return Invalid("number", sentence, field=name)
    if not 1 <= values.get("classes", 1) <= MOST_CLASSES:
        sentence = _("一次最多 %(most)s 个班。") % {"most": MOST_CLASSES}
        return Invalid("classes", sentence, field="classes")
    return None


def why_not_send(request, now):
    """Say what is missing of a draft, or why it cannot be sent now."""
    if request.state != RequestState.DRAFT:
        return Conflict("sent", _("这份申请已经提交。"))
    for name, sentence in (
        ("topic", _("请选想要的内容。")),
        ("stage", _("请选学段。")),
        ("area", _("请选所在片区。")),
        ("begins", _("请填开始时间。")),
    ):
        if not getattr(request, name):
            return Invalid(f"{name}_missing", sentence, field=name)
    if not request.girls + request.boys:
        return Invalid("nobody", _("请填女生和男生各多少人。"), field="girls")
    if not request.teacher_present:
        sentence = _("上门时要有老师在场，请安排好再提交。")
        return Invalid("no_teacher", sentence, field="teacher_present")
    return (
        _why_not_days(request.days, timezone.localdate(now))
        or _why_not_at_work(request)
        or _why_not_listed(request)
        or _why_not_more(request)
    )


def _why_not_days(days, today):
    if len(set(days)) not in DAYS_ASKED:
        return Invalid("days", _("请填两到三个日期。"), field="days")
    if not today + FIRST_DAY <= min(days) <= max(days) <= today + LAST_DAY:
        return Invalid("days", _("日期请填一周以后、半年以内。"), field="days")
    if len({term_of(day) for day in days}) > 1:
        return Invalid("days", _("几个日期请在同一学期。"), field="days")
    return None


def _why_not_at_work(request):
    """Say that a school is closed on one of the days; other venues receive on weekends as well."""
    if request.venue != VenueKind.SCHOOL or all(map(is_working_day, request.days)):
        return None
    sentence = _("学校请填上课的日子，不要填周末和节假日。")
    return Invalid("days", sentence, field="days")


def _why_not_listed(request):
    """Say that the activity is not on the year's white list, or the school has had as many as the list lets it."""
    entry, day = request.entry, min(request.days)
    if entry is None or entry.year != school_year(day):
        sentence = _("请选这一学年校园活动白名单里的活动；不在白名单里的不能进校园。")
        return Invalid("off_list", sentence, field="entry")
    if entry.ended_on and max(request.days) > entry.ended_on:
        return Invalid("off_list", _("这项白名单活动已经停用，请另选一项。"), field="entry")
    had = _others(request).filter(entry=entry).count()
    if had < entry.cap:
        return None
    sentence = _("白名单写明这项活动每校每学年最多 %(cap)s 次，贵校已有 %(had)s 次。")
    return Conflict("cap", sentence % {"cap": entry.cap, "had": had}, field="entry")


def _why_not_more(request):
    """Say that the school has had its two classes of the term."""
    first, after = term_of(min(request.days))
    rows = _others(request).filter(days__0__gte=first, days__0__lt=after)
    had = sum(rows.values_list("classes", flat=True))
    if had + request.classes <= MOST_CLASSES:
        return None
    sentence = _("每校每学期两个班，贵校这学期已申请 %(had)s 个班。")
    return Conflict("classes_full", sentence % {"had": had}, field="classes")


def _others(request):
    return SchoolRequest.objects.filter(unit=request.unit_id, state__in=STANDING).exclude(
        pk=request.pk
    )


# --- after the day --------------------------------------------------------------------------------
def why_not_attest(request, now):
    """Say why nobody can attest a visit: it was arranged, and its day has come."""
    if request.state not in (RequestState.ARRANGED, RequestState.MISSED):
        return Conflict("not_arranged", _("没有可以证明的上门，请刷新页面。"))
    if request.day > timezone.localdate(now):
        return Conflict("not_yet", _("到了那天才能填。"))
    return None


def why_not_attested(half_hours, girls, boys):
    """Say what is wrong with what is attested."""
    if not 1 <= half_hours <= MOST_HALF_HOURS:
        sentence = _("时长请填半小时到 %(most)s 小时，不算路上的时间。")
        words = {"most": MOST_HALF_HOURS // 2}
        return Invalid("half_hours", sentence % words, field="half_hours")
    if not 1 <= girls + boys <= 2 * MOST_PUPILS or min(girls, boys) < 0:
        return Invalid("came", _("请填到场的女生和男生各多少人。"), field="girls")
    return None


def why_not_take_back(request):
    """Say why what was attested cannot be taken back."""
    if request.state in (RequestState.HELD, RequestState.MISSED):
        return None
    return Conflict("not_held", _("还没有填过，不用撤回。"))


def why_not_give_back(invitation, by, now):
    """Say why a place cannot be given back: who has it does, or who coordinates, before the day."""
    is_hers = by is None or invitation.talent.user_id == by.pk
    if not is_hers and not (by.is_staff and by.has_perm(COORDINATE)):
        return Refused("not_yours", _("只有答应去的本人和志愿服务协调员可以退出。"))
    request = invitation.request
    if invitation.state != InvitationState.ACCEPTED or request.state != RequestState.ARRANGED:
        return Conflict("not_hers", _("这次上门已经不归您去，请刷新页面。"))
    if request.day < timezone.localdate(now):
        return Conflict("over", _("这一天已经过去了。"))
    return None


def not_open():
    """Return the error of who changes what is sent already."""
    return Conflict("sent", _("这份申请已经提交，不能再改；要改请先取消，再重新申请。"))


def why_not_cancel_for(request, by):
    """Say why `by` may not take a request back: the unit's contact does, and who coordinates, for it."""
    if by is not None and by.is_staff and by.has_perm(COORDINATE):
        return None
    return why_not_ask(request.unit, by)


def why_not_cancel(request, now):
    """Say why a request cannot be taken back any more."""
    if request.state == RequestState.ARRANGED and request.day < timezone.localdate(now):
        return Conflict("over", _("那天已经过去；没有进行的，请点“那天没有进行”。"))
    if request.state in (RequestState.DRAFT, RequestState.SENT, RequestState.ARRANGED):
        return None
    return Conflict("ended", _("这份申请已经办结，不能取消。"))


# --- who is asked ---------------------------------------------------------------------------------
def why_not_come(volunteer, request):
    """Say why a volunteer is not asked for a request: she brings it, to that stage, and may go on one of its days."""
    if request.topic not in volunteer.topics or request.stage not in volunteer.stages:
        return Conflict("no_fit", _("她没有选这项内容或这个学段。"))
    if not any(goes_on(volunteer, day) for day in request.days):
        return Conflict("no_day", _("这几天她都不能去。"))
    return None


def goes_on(volunteer, day):
    """Tell whether a volunteer may go on a date and has chosen that day of the week."""
    return day.isoweekday() in volunteer.days and why_not_go(volunteer, day) is None


# --- she ------------------------------------------------------------------------------------------
def why_not_hers(invitation, by):
    """Say why `by` may not answer an invitation: who was asked does."""
    if by is None or invitation.talent.user_id == by.pk:
        return None
    return Refused("not_yours", _("只有受邀的本人可以答复。"))


def why_not_accept(invitation, day, now):
    """Say why an invitation cannot be accepted for a day: it stands, its place is free, and she may go then."""
    request = invitation.request
    if request.state == RequestState.ARRANGED or invitation.state == InvitationState.TAKEN:
        return Conflict("taken", _("已经有人去了，谢谢您。"))
    if invitation.state != InvitationState.ASKED or request.state != RequestState.SENT:
        return Conflict("not_open", _("这个邀请已经不用答复了，谢谢您。"))
    if now > invitation.answer_by:
        return Conflict("late", _("答复的时间过了，已另外请人，谢谢您。"))
    if day not in request.days or day <= timezone.localdate(now):
        return Invalid("day", _("请从学校提出的日期里选一天。"), field="day")
    volunteer = Volunteer.objects.filter(talent=invitation.talent_id).first()
    if volunteer is None:
        return Conflict("not_in_team", _("您现在不在志愿服务队。"))
    return why_not_go(volunteer, day) or _why_not_so_often(volunteer, day)


def _why_not_so_often(volunteer, day):
    first, after = term_of(day)
    had = VisitInvitation.objects.filter(
        talent=volunteer.talent_id,
        state=InvitationState.ACCEPTED,
        request__day__gte=first,
        request__day__lt=after,
    ).count()
    if had < volunteer.most_a_term:
        return None
    sentence = _("您这学期已答应 %(had)s 次，达到您定的次数；想多去一次请先修改次数。")
    return Conflict("often_enough", sentence % {"had": had})


def why_not_decline(invitation):
    """Say why there is nothing to decline."""
    if invitation.state == InvitationState.ASKED:
        return None
    return Conflict("not_open", _("这个邀请已经不用答复了，谢谢您。"))
