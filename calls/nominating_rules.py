"""Who may bring somebody forward, who answers, what a unit may say of its people's applications, and why not."""

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import phones
from calls import conditions, rules
from calls.models import ApplicationState, Nomination, NominationAnswer, NominationSource
from kernel.errors import Conflict, Invalid, Refused
from kernel.text import fold
from kernel.words import moment_text
from talents.standing import why_not_take_part

State = ApplicationState
FOR_UNIT = "calls.nominate_for_unit"
# For one call: enough for whoever means it, too few to find out who is in the database or to pester people.
MOST_BY_PERSON = 5
MOST_BY_UNIT = 50
LEAST_REASON, LONGEST_REASON = 10, 500


# --- bringing forward ------------------------------------------------------------------------------
def why_not_nominate_here(call, source, at):
    """Say why nobody is brought forward this way (NominationSource) for a call now."""
    if error := rules.why_not_taking(call, at):
        return error
    if source in call.sources:
        return None
    said = {"way": NominationSource(source).label}
    return Refused("source_closed", _("这次不接受%(way)s。") % said)


def why_not_for_unit(unit, by):
    """Say why `by` does not speak for a unit: its contact does, for no other."""
    if by is None:
        return None
    if by.is_active and by.has_perm(FOR_UNIT) and unit is not None and by.unit_id == unit.pk:
        return None
    return Refused(
        "not_your_unit", _("只有本单位的联系人可以办理。需要登记联系人的，请与主管部门联系。")
    )


def why_not_nominate(call, unit, full_name, phone, reason, by, at):
    """Say why this person cannot be brought forward; `unit` is None where `by` does so in her own name.

    It never depends on whether there is such a person.
    """
    source = NominationSource.UNIT if unit else NominationSource.THIRD_PARTY
    if error := why_not_nominate_here(call, source, at):
        return error
    if not full_name:
        return Invalid("name_missing", _("请填写她的姓名。"), field="full_name")
    if phones.normalise(phone) is None:
        return Invalid("phone_invalid", _("请填写 11 位中国大陆手机号。"), field="phone")
    if unit is None and by is not None and phones.normalise(phone) == by.phone:
        return Refused("nominates_herself", _("不能推荐自己；接受自荐的，请直接申报。"))
    return why_not_reason(reason)


def why_not_again(standing, full_name, talent):
    """Say why what this nominator wrote of a number before does not stand for this person: it names somebody else.

    It tells nothing but what the nominator typed before.
    """
    same = standing.talent_id is not None and talent is not None and standing.talent_id == talent.pk
    if same or fold(standing.full_name or "") == fold(full_name):
        return None
    sentence = _("这个手机号已推荐过，当时填的姓名不同。请先收回那一次，再重新推荐。")
    return Conflict("named_otherwise", sentence, field="full_name")


def why_not_reason(reason):
    """Say why these are no grounds for bringing somebody forward."""
    if len(reason) < LEAST_REASON:
        sentence = _("请写明推荐理由，至少十个字，她和评审部门会读到。")
        return Invalid("reason_missing", sentence, field="reason")
    if len(reason) > LONGEST_REASON:
        sentence = _("推荐理由不超过 %(most)s 个字。") % {"most": LONGEST_REASON}
        return Invalid("reason_long", sentence, field="reason")
    return None


def why_not_more(call, unit, by):
    """Say why a unit, or a person, brings nobody else forward for this call."""
    rows = Nomination.objects.filter(call=call)
    rows = rows.by_unit(unit.pk) if unit else rows.by_person(by)
    most = MOST_BY_UNIT if unit else MOST_BY_PERSON
    if rows.count() < most:  # those taken back count: nobody asks people in turn
        return None
    sentence = _("一次申报最多推荐 %(most)s 人次。") % {"most": most}
    return Conflict("too_many_nominations", sentence)


def why_not_take_back(nomination, by):
    """Say why `by` cannot take back that she was brought forward. It never depends on what she answered."""
    if nomination.unit_id:
        return why_not_for_unit(nomination.unit, by)
    if by is None or nomination.nominator_id == by.pk:
        return None
    return Refused("not_your_nomination", _("只有推荐人本人可以收回。"))


# --- her answer ------------------------------------------------------------------------------------
def of_woman(talent):
    """Return the nominations that are about a woman, the newest first: those found by her record, and those that name her
    and the number she has proved. A unit that has named her both ways has named her once."""
    if talent is None or talent.user is None:
        return []
    rows = Nomination.objects.select_related("call", "unit", "nominator")
    meant = Q(talent=talent)
    if talent.user.phone_verified and talent.user.phone_index:
        meant |= Q(talent=None, phone_index=talent.user.phone_index)
    found = [one for one in rows.filter(meant).order_by("-pk") if is_about(one, talent)]
    known = {(one.call_id, one.unit_id) for one in found if one.talent_id and one.stands}
    by_unit = [(one, (one.call_id, one.unit_id)) for one in found]
    return [one for one, pair in by_unit if one.talent_id or not one.unit_id or pair not in known]


def is_about(nomination, talent):
    """Tell whether a nomination means this woman: her record, or her name, her proved number and, by a unit, her unit."""
    if nomination.talent_id is not None:
        return nomination.talent_id == talent.pk
    user = talent.user
    if user is None or not user.phone_verified or nomination.phone_index != user.phone_index:
        return False
    of_unit = nomination.unit_id is None or nomination.unit_id == talent.unit_id
    return of_unit and fold(nomination.full_name) == fold(talent.full_name)


def why_not_answer(nomination, talent, by):
    """Say why `by` does not answer this nomination: it is for the woman it is about."""
    if talent is None or not is_about(nomination, talent):
        return Refused("not_yours", _("只有被推荐人本人可以答复。"))
    if by is not None and talent.user_id != by.pk:
        return Refused("not_yours", _("只有被推荐人本人可以答复。"))
    return None


def why_not_agree(nomination, talent, at):
    """Say why she cannot agree now and begin her application."""
    if not nomination.stands:
        return Conflict("nomination_taken_back", _("推荐人已收回这次推荐。"))
    if error := rules.why_not_taking(nomination.call, at):
        return error
    return why_not_take_part(talent) or rules.sits_in(nomination.call, talent)


def why_not_decline(nomination):
    """Say why she cannot say no any more: she has agreed, and what she began she takes back itself."""
    if nomination.answer != NominationAnswer.AGREED:
        return None
    return Conflict("agreed_already", _("您已同意。不想继续的，请撤回申报。"))


# --- what her unit says ----------------------------------------------------------------------------
def why_not_speak(application, by):
    """Say why `by` does not say what her unit thinks of an application: its contact does, and, on paper, who leads the call.

    Never on her own, and never on what another of the same person's units handed in.
    """
    if by is None:
        return None
    if application.talent.user_id == by.pk:
        return rules.own_application()
    if speaks_on_paper(by):
        return rules.why_not_handle(application, by, "calls.accept_application")
    return why_not_for_unit(application.talent.unit, by)


def speaks_on_paper(user):
    """Tell whether a person writes down what a unit said on paper: staff do."""
    return user is not None and user.is_staff


def why_not_endorsing(application, at):
    """Say why her unit says nothing of an application now: the stages, the deadline, its state."""
    call = application.call
    if not call.is_endorsed:
        return Conflict("no_endorsement", _("这次没有单位审核推荐。"))
    if call.is_settled:
        return Conflict("call_settled", _("结果已经公布或已经取消，不能再改动。"))
    if call.endorse_by and at > call.endorse_by:
        sentence = _("单位推荐已于%(at)s截止。")
        return Conflict("endorsing_over", sentence % {"at": moment_text(call.endorse_by)})
    if application.state == State.RETURNED:
        return Conflict("still_returned", _("已退回补充，等申报人重新提交后再办理。"))
    if application.state not in (State.SUBMITTED, State.NOT_ENDORSED):
        return Conflict("not_to_endorse", _("只有已提交、没有受理的申报可以由单位审核。"))
    return None


def why_not_endorse(application, at):
    """Say why her unit cannot endorse it: what `why_not_endorsing` says, its quota, its share of leaders."""
    return why_not_endorsing(application, at) or conditions.why_not_another_of_unit(application)


def why_not_undo(application, at):
    """Say why what the unit said cannot be taken back."""
    if error := why_not_endorsing(application, at):
        return error
    if hasattr(application, "opinion"):
        return None
    return Conflict("nothing_to_undo", _("单位还没有表态，不用撤销。"))
