"""What may be done in the volunteer team, and why not. Whether she may go on a day is one rule: `why_not_go`."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from kernel import rights
from kernel.errors import Conflict, Invalid, Refused
from kernel.words import day_text
from outreach.volunteers.models import (
    MOST_A_TERM,
    Area,
    Stage,
    VisitTopic,
    Volunteer,
    VolunteerState,
    Weekday,
)
from talents.standing import why_not_take_part

CHANGE = "outreach.change_volunteer"
EXPORT = "outreach.export_volunteer"
CHOICES = {"topics": VisitTopic, "stages": Stage, "days": Weekday, "areas": Area}
# So long a training or a check may hold, at most: people change, and so does the law.
HOLDS_AT_MOST = timedelta(days=3 * 366)
PAUSE_AT_MOST = timedelta(days=366)


# --- may she go -----------------------------------------------------------------------------------
def why_not_go(volunteer, day):
    """Say why a volunteer may not stand before a class on a date (DomainError), or None."""
    if not volunteer.is_active:
        return Conflict("not_in_team", _("她现在不在志愿服务队。"))
    if volunteer.is_paused(day):
        return Conflict("paused", _("她这段时间暂停了志愿服务。"))
    if volunteer.trained_until is None:
        return Conflict("not_trained", _("还没有参加上岗培训。"))
    if volunteer.trained_until < day:
        sentence = _("上岗培训有效到 %(day)s，请先复训。")
        return Conflict("training_over", sentence % {"day": day_text(volunteer.trained_until)})
    if volunteer.cleared_until is None:
        return Conflict("not_cleared", _("还没有做从业审查。"))
    if volunteer.cleared_until < day:
        sentence = _("从业审查有效到 %(day)s，请先重新审查。")
        return Conflict("clearance_over", sentence % {"day": day_text(volunteer.cleared_until)})
    return None


# --- she ------------------------------------------------------------------------------------------
def why_not_hers(talent, by):
    """Say why `by` may not act for a woman (a Talent or None): she alone does, once she is in the database."""
    if error := why_not_take_part(talent):
        return error
    return None if by is None or talent.user_id == by.pk else not_yours()


def why_not_own(volunteer, by):
    """Say why `by` may not end or pause somebody's part in the team: she alone may, wherever her record stands."""
    return None if by is None or volunteer.talent.user_id == by.pk else not_yours()


def not_yours():
    """Return the error of who acts for somebody else."""
    return Refused("not_yours", _("只有本人可以决定。"))


def why_not_values(values):
    """Say what is wrong with what she chose; what she has not come to yet may be missing."""
    for name, choices in CHOICES.items():
        if set(values.get(name, ())) - set(choices.values):
            return Invalid("unknown_choice", _("请从列出的选项里选。"), field=name)
    if not 1 <= values.get("most_a_term", 1) <= MOST_A_TERM:
        sentence = _("每学期次数请填 1 到 %(most)s。") % {"most": MOST_A_TERM}
        return Invalid("most_a_term", sentence, field="most_a_term")
    return None


def why_not_whole(volunteer):
    """Say what is missing of what she has to choose."""
    asked = {
        "topics": _("请至少选一项可以带去的内容。"),
        "stages": _("请至少选一个学段。"),
        "days": _("请至少选一天。"),
        "areas": _("请至少选一个片区。"),
    }
    for name, sentence in asked.items():
        if not getattr(volunteer, name):
            return Invalid(f"{name}_missing", sentence, field=name)
    return None


def why_not_apply(volunteer):
    """Say why she cannot hand her application in now."""
    if volunteer is None:
        return Conflict("nothing_chosen", _("请先选择可以带去的内容。"))
    if volunteer.state == VolunteerState.APPLIED:
        return Conflict("applied", _("您已报名，正在等待确认。"))
    if volunteer.is_active:
        return Conflict("in_team", _("您已经在志愿服务队里了。"))
    return why_not_whole(volunteer)


def why_not_leave(volunteer):
    """Say why there is nothing to leave."""
    if volunteer.state in (VolunteerState.APPLIED, VolunteerState.ACTIVE):
        return None
    return Conflict("not_in_team", _("您现在不在志愿服务队。"))


def why_not_pause(volunteer, until, day):
    """Say why she cannot take a break until a date (None: until she says so)."""
    if not volunteer.is_active:
        return Conflict("not_in_team", _("您现在不在志愿服务队。"))
    if until and not day <= until <= day + PAUSE_AT_MOST:
        sentence = _("请选择今天以后、一年以内的日期；说不准的可以不填。")
        return Invalid("until", sentence, field="until")
    return None


# --- staff ----------------------------------------------------------------------------------------
def why_not_manage(volunteer, by):
    """Say why `by` may not decide on a volunteer or enter what she brings: the right, hers to look after, never oneself."""
    if not rights.may(by, CHANGE):
        return Refused("not_allowed", _("您没有办理志愿者的权限，请联系系统管理员。"))
    if by is None:
        return None
    if volunteer.talent.user_id == by.pk:
        return Refused("own_case", _("不能办理自己的报名，请同事办理。"))
    if not Volunteer.objects.visible_to(by).filter(pk=volunteer.pk).exists():
        return Refused("not_yours", _("这位志愿者由其他部门联系。"))
    return None


def why_not_decide(volunteer):
    """Say why nothing is to be decided on her."""
    if volunteer.state == VolunteerState.APPLIED:
        return None
    return Conflict("decided", _("这份报名已经办理，或本人已经退出。"))


def why_not_reopen(volunteer):
    """Say why there is no decision to take back."""
    if volunteer.state in (VolunteerState.ACTIVE, VolunteerState.REFUSED):
        return None
    return Conflict("not_decided", _("还没有办理过，不用撤回。"))


def why_not_enter(volunteer):
    """Say why no training or check is entered: it is for who is in the team or asks to be."""
    if volunteer.state in (VolunteerState.APPLIED, VolunteerState.ACTIVE):
        return None
    return Conflict("not_in_team", _("她现在不在志愿服务队，不用登记。"))


def why_not_proof(done_on, good_until, now):
    """Say what is wrong with the days of a training or a check."""
    if done_on > timezone.localdate(now):
        return Invalid("in_future", _("办理的日期不能晚于今天。"), field="done_on")
    if good_until < done_on:
        return Invalid("until_before", _("有效期不能早于办理的日期。"), field="good_until")
    if good_until > done_on + HOLDS_AT_MOST:
        return Invalid("until_far", _("有效期最长三年，请核对。"), field="good_until")
    return None


def why_not_correct(proof):
    """Say why there is nothing to correct: the newest is, once."""
    if proof is None:
        return Conflict("nothing_entered", _("还没有登记过，没有可以更正的。"))
    if proof.is_taken_back:
        return Conflict("taken_back", _("这条记录已经撤销，请重新登记。"))
    return None


def why_not_export(by):
    """Say why `by` may not take a list of volunteers out."""
    if rights.may(by, EXPORT):
        return None
    return Refused("not_allowed", _("您没有导出志愿者名单的权限。"))
