"""What may be done with a unit's request for a talk, and why not."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from kernel.errors import Conflict, Invalid, Refused
from role_models.models import OPEN, InvitationState, RequestState, TalkOffer, TalkRequest
from talents.asking import rules as asking

DEPARTMENT = "women_federation"  # leads measure 6; hands over what another department arranges
TALK = "talk"  # what women are asked for (talents.asking)
WITHIN = timedelta(days=365)
MOST_OPEN = 20  # of one unit at a time


# --- the unit -------------------------------------------------------------------------------------
def why_not_ask_talk(unit, by):
    """Say why `by` may not ask for a unit (None: she has none): its contact does, while it is a partner."""
    if by is not None and not by.has_perm("role_models.ask_talk"):
        return Refused("not_contact", _("只有单位联系人可以代表单位申请宣讲。"))
    if unit is None or (by is not None and by.unit_id != unit.pk):
        return Refused("not_yours", _("只能代表您所在的单位申请。"))
    if not unit.is_partner:
        return Refused("no_partner", _("贵单位现在不是合作单位，请联系主管部门。"))
    return None


def why_not_values(values, now):
    """Say what is wrong with what a unit asks for."""
    today = timezone.localdate(now)
    if not today < values["first_day"] <= today + WITHIN:
        sentence = _("最早的日期须在明天以后、一年以内。")
        return Invalid("first_day", sentence, field="first_day")
    if not values["first_day"] <= values["last_day"] <= today + WITHIN:
        sentence = _("最晚的日期不能早于最早的日期，也不能晚于一年以后。")
        return Invalid("last_day", sentence, field="last_day")
    if not values.get("online") and not (values.get("place") or "").strip():
        return Invalid("place_missing", _("请填写地点，或勾选线上。"), field="place")
    return None


def why_not_more(unit):
    """Say that a unit has asked for as much as can be arranged at a time."""
    if TalkRequest.objects.filter(unit=unit, state__in=OPEN).count() < MOST_OPEN:
        return None
    sentence = _("贵单位还有 %(n)s 个申请正在安排，请等它们办结后再提交。") % {"n": MOST_OPEN}
    return Conflict("too_many_open", sentence)


def why_not_for_unit(request, by):
    """Say why `by` may not act for the unit that asked."""
    return why_not_ask_talk(request.unit, by)


def why_not_withdraw(request):
    """Say why a request cannot be withdrawn any more."""
    if request.state in OPEN:
        return None
    if request.state == RequestState.PLANNED:
        return Conflict("planned", _("活动已经安排，要改请直接联系活动的组织者。"))
    return Conflict("ended", _("这个申请已经办结。"))


# --- staff ----------------------------------------------------------------------------------------
def why_not_route(request, by):
    """Say why `by` may not arrange a request: the right, and her own department's request."""
    if by is None:
        return None
    if not by.has_perm("role_models.route_talkrequest"):
        return Refused("not_allowed", _("您没有这项操作的权限，请联系系统管理员。"))
    if not TalkRequest.objects.visible_to(by).filter(pk=request.pk).exists():
        return Refused("not_yours", _("这个申请由其他部门安排。"))
    return None


def why_not_state(request, *states):
    """Say that a request does not stand where this can be done."""
    return None if request.state in states else moved_on()


def moved_on():
    """Return the error of what somebody else has changed meanwhile."""
    return Conflict("moved_on", _("这一步现在不能做：申请的状态已经变化，请刷新页面再看。"))


def why_not_invite(request, talent, now):
    """Say why a woman cannot be asked: to be asked by the department, willing, not asked for it before."""
    if error := _why_not_willing(request, talent, now):
        return error
    if request.invitations.filter(talent=talent).exists():
        sentence = _("这次已经问过她；她改变主意时，请用“再问一次”。")
        return Conflict("asked_before", sentence, field="talent")
    return None


def _why_not_willing(request, talent, now, *, again=False):
    if error := asking.why_not_ask(talent, TALK, request.department, now, again=again):
        error.field = "talent"
        return error
    offer = TalkOffer.objects.filter(talent=talent).first()
    if offer is None:
        return Conflict("not_willing", _("她没有表示愿意宣讲，不能邀请。"), field="talent")
    if not (offer.online if request.online else offer.on_site):
        sentence = (
            _("她只愿意到场宣讲，这次是线上。")
            if request.online
            else _("她只愿意线上宣讲，这次要到场。")
        )
        return Conflict("other_way", sentence, field="talent")
    return None


def why_not_ask_again(request, invitation, now):
    """Say why she cannot be asked once more: nobody else is asked, she has declined or was let off, and is still willing."""
    if error := why_not_state(request, RequestState.RECEIVED):
        return error
    if invitation is None or invitation.state not in (
        InvitationState.DECLINED,
        InvitationState.CANCELLED,
    ):
        return Conflict("not_declined", _("没有人不便参加，不用再问。"))
    return _why_not_willing(request, invitation.talent, now, again=True)


# --- she ------------------------------------------------------------------------------------------
def why_not_her_talks(talent, by):
    """Say why `by` may not answer for a woman (a Talent or None): she alone does, once she is in the database."""
    if talent is None or not talent.is_verified:
        return Refused("not_verified", _("资料审核通过后，可以表示愿意宣讲。"))
    if by is not None and talent.user_id != by.pk:
        return Refused("not_yours", _("只有本人可以决定。"))
    return None


def why_not_hers(invitation, by):
    """Say why `by` may not answer an invitation: who was asked does."""
    if by is None or invitation.talent.user_id == by.pk:
        return None
    return Refused("not_yours", _("只有受邀的本人可以答复。"))


def why_not_accept(invitation):
    """Say why an invitation cannot be accepted: it stands, and so does the request."""
    if invitation.state == InvitationState.ASKED and invitation.request.state == RequestState.ASKED:
        return None
    return Conflict("not_open", _("这个邀请已经不用答复了，谢谢您。"))


def why_not_decline(invitation):
    """Say why it cannot be declined: it stands, or she accepted it and no event was made of it yet."""
    if invitation.state == InvitationState.ASKED:
        return None
    if invitation.state == InvitationState.ACCEPTED:
        if invitation.request.state == RequestState.ACCEPTED:
            return None
        return Conflict("planned", _("活动已经安排，不能来请直接告诉组织者。"))
    return Conflict("not_open", _("这个邀请已经不用答复了，谢谢您。"))
