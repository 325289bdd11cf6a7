"""What may be done with an interest, and why not: each rule returns None or the DomainError it raises."""

from django.utils import timezone
from django.utils.translation import gettext as _

from entrepreneurship.transfer.models import (
    TOGETHER,
    DeclineReason,
    EndReason,
    InterestState,
    TransferForm,
    acts_for,
)
from entrepreneurship.transfer.profiles_rules import names_contact
from kernel.errors import Conflict, Invalid, Refused
from kernel.rights import may
from places.holidays import working_days_after

MEDIATE_RIGHT = "entrepreneurship.mediate_transferinterest"
WORKING_DAYS = 15
MOST_OPEN = 10
FEWEST_WORDS, MOST_WORDS, MOST_CONTACT, MOST_WHERE = 10, 500, 100, 60
UNDONE = (InterestState.MEDIATED, InterestState.CONFIDENTIAL, InterestState.ENDED)


def answer_by(day):
    """Return the last day on which something put on `day` may be answered."""
    return working_days_after(day, WORKING_DAYS)


# --- who ------------------------------------------------------------------------------------------
def is_owner(interest, user):
    """Tell whether `user` speaks for whose profile it is about."""
    profile = interest.profile
    hers = profile.talent and profile.talent.user_id == user.pk
    return bool(hers or (profile.unit_id and acts_for(user) == profile.unit_id))


def is_seeker(interest, user):
    """Tell whether `user` speaks for who asked."""
    hers = interest.seeker and interest.seeker.user_id == user.pk
    return bool(hers or (interest.seeker_unit_id and acts_for(user) == interest.seeker_unit_id))


def why_not_owner(interest, by):
    """Say why `by` may not answer for whose profile it is about."""
    if by is None or is_owner(interest, by):
        return None
    return Refused("not_yours", _("只有发布方可以答复。"))


def why_not_seeker(interest, by):
    """Say why `by` may not speak for who asked."""
    if by is None or is_seeker(interest, by):
        return None
    return Refused("not_yours", _("只有发起方可以这样做。"))


def why_not_side(interest, by):
    """Say why `by` is none of those it is between: its two sides, and its mediator."""
    if by is None or is_owner(interest, by) or is_seeker(interest, by):
        return None
    return why_not_mediator(interest, by)


def why_not_mediate(interest, by):
    """Say why `by` may not take an interest on: no mediator, or one of its sides."""
    if not may(by, MEDIATE_RIGHT):
        return Refused("not_allowed", _("您没有这项操作的权限，请联系系统管理员。"))
    if by is None:
        return None
    units = {interest.profile.unit_id, interest.seeker_unit_id} - {None}
    if is_owner(interest, by) or is_seeker(interest, by) or by.unit_id in units:
        return Refused("own_interest", _("您是其中一方，请另一位技术经理人来对接。"))
    return None


def why_not_mediator(interest, by):
    """Say why `by` is not the mediator of an interest."""
    if error := why_not_mediate(interest, by):
        return error
    if by is None or interest.mediator_id == by.pk:
        return None
    return Refused("not_yours", _("这个意向由另一位技术经理人对接。"))


# --- asking ---------------------------------------------------------------------------------------
def why_not_ask(profile, talent, unit, by, now):
    """Say why `by` may not say for a woman (a Talent) or a unit that they are interested in a profile."""
    if talent is not None:
        if by is not None and talent.user_id != by.pk:
            return Refused("not_yours", _("只能以自己的名义表示意向。"))
        if not talent.is_verified:
            return Conflict("not_verified", _("您的档案审核通过后，才能表示意向。"))
    elif by is not None and acts_for(by) != unit.pk:
        return Refused("not_unit", _("只有本单位的联系人可以代表单位表示意向。"))
    if not profile.is_shown(timezone.localdate(now)):
        return Conflict("not_shown", _("它现在没有公开，不能表示意向。"))
    own = (talent and profile.talent_id == talent.pk) or (unit and profile.unit_id == unit.pk)
    if own:
        return Conflict("own_profile", _("这是您自己发布的。"))
    return None


def why_not_words(profile, words, form):
    """Say what is wrong with what is said of an interest."""
    if len(words) < FEWEST_WORDS:
        sentence = _("请写明想怎样合作，至少 %(n)s 个字。") % {"n": FEWEST_WORDS}
        return Invalid("words_short", sentence, field="words")
    if len(words) > MOST_WORDS:
        return Invalid("words_long", _("请写在 %(n)s 字以内。") % {"n": MOST_WORDS}, field="words")
    if names_contact(words):
        sentence = _("这里先不写电话和邮箱：双方都同意以后，系统才互相给联系方式。")
        return Invalid("words_contact", sentence, field="words")
    if form not in TransferForm.values or form not in profile.forms:
        return Invalid("form_unknown", _("请选择对方愿意的合作方式。"), field="form")
    return None


def why_not_abroad(abroad, reach, version=None):
    """Say what is missing of where a side is abroad; `version` is what it published, which may say that it is.

    Before the other side agrees apart to its contact going abroad it reads who receives it, where, and how that is reached
    (PIPL, art. 39).
    """
    if version and version.is_abroad and not abroad:
        sentence = _("您在成果里写明在境外，请填写所在国家或地区。")
        return Invalid("abroad_missing", sentence, field="abroad")
    if len(abroad) > MOST_WHERE:
        sentence = _("请写在 %(n)s 字以内。") % {"n": MOST_WHERE}
        return Invalid("abroad_long", sentence, field="abroad")
    if abroad and not reach:
        sentence = _("在境外的，请写一个对方可以联系的邮箱：对方单独同意前要看到。")
        return Invalid("reach_missing", sentence, field="reach")
    if abroad and len(reach) > MOST_CONTACT:
        sentence = _("请写在 %(n)s 字以内。") % {"n": MOST_CONTACT}
        return Invalid("reach_long", sentence, field="reach")
    return None


def why_not_more(rows):
    """Say that somebody waits for as many answers as she may."""
    if rows.count() < MOST_OPEN:
        return None
    sentence = _("您已有 %(n)s 个意向在等答复，请等有了答复再提新的。") % {"n": MOST_OPEN}
    return Conflict("too_many", sentence)


# --- where it stands ------------------------------------------------------------------------------
def why_not_in(interest, *states):
    """Say that an interest is in none of these states: somebody was quicker, or it is not its turn."""
    if interest.state in states:
        return None
    sentence = _("这一步现在不能做：意向现在是“%(state)s”。")
    return Conflict("moved_on", sentence % {"state": interest.get_state_display()})


def why_not_contact(contact, agrees, abroad, agrees_abroad):
    """Say why a contact may not be shown to the other side: not agreed to, or not to its going abroad (PIPL, art. 23 and 39)."""
    if not contact:
        return Invalid("contact_missing", _("请写下愿意告诉对方的联系方式。"), field="contact")
    if len(contact) > MOST_CONTACT:
        sentence = _("联系方式请写在 %(n)s 字以内。") % {"n": MOST_CONTACT}
        return Invalid("contact_long", sentence, field="contact")
    if not agrees:
        sentence = _("双方看到对方的联系方式，要各自同意。请勾选同意，或谢绝这个意向。")
        return Invalid("not_agreed", sentence, field="agrees")
    if abroad and not agrees_abroad:
        sentence = _("对方在境外，联系方式提供到境外须您单独同意。请勾选，或谢绝这个意向。")
        return Invalid("abroad", sentence, field="agrees_abroad")
    return None


def why_not_decline(interest, reason):
    """Say why an interest cannot be declined for a reason."""
    if reason not in DeclineReason.values:
        return Invalid("reason_unknown", _("请从列表里选一个原因。"), field="reason")
    return why_not_in(interest, InterestState.ASKED)


def why_not_reconsider(interest, now):
    """Say why what was declined cannot be taken up again."""
    if error := why_not_in(interest, InterestState.DECLINED):
        return error
    if not interest.profile.is_shown(timezone.localdate(now)):
        return Conflict("not_shown", _("它现在没有公开，恢复公开后再改答复。"))
    return None


def why_not_confidential(interest, day, now):
    """Say why a confidentiality agreement cannot be noted."""
    if error := why_not_in(interest, InterestState.MEDIATED):
        return error
    return why_not_day(day, now)


def why_not_day(day, now, *, field="day", first=None):
    """Say why something that happened cannot have been on a day: it lies ahead, or before what came before it."""
    if day is None or day > timezone.localdate(now):
        return Invalid("day_ahead", _("日期不能晚于今天。"), field=field)
    if first and day < first:
        return Invalid("day_before", _("日期不能早于上一步的日期。"), field=field)
    return None


def why_not_end(interest, reason):
    """Say why what two agreed to cannot be ended for a reason."""
    if reason not in EndReason.values:
        return Invalid("reason_unknown", _("请从列表里选一个原因。"), field="reason")
    return why_not_in(interest, *TOGETHER)


def why_not_undo(interest, step):
    """Say why the last step of an interest cannot be undone by its mediator."""
    if step is None or step.after != interest.state or step.after not in UNDONE:
        sentence = _("上一步不能撤销：只能撤销对接、保密协议和结束这几步。")
        return Conflict("not_undone", sentence)
    if (
        step.after == InterestState.CONFIDENTIAL
        and interest.contracts.exclude(state="void").exists()
    ):
        return Conflict("has_contract", _("已有拟签的合同，请先把合同作废。"))
    return None
