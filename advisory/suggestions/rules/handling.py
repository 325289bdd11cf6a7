"""Filing, who deals with it, extensions."""

from django.utils import timezone
from django.utils.translation import gettext as _

from advisory.suggestions import limits
from advisory.suggestions.models import (
    AssignmentState,
    Contest,
    Extension,
    ExtensionState,
    NotFiled,
    Rating,
    Role,
    SuggestionState,
)
from advisory.suggestions.rules.who import why_moved_on
from kernel.errors import Conflict, Invalid
from kernel.words import day_text

State = SuggestionState


# --- filing ---------------------------------------------------------------------------------------
def why_not_state(suggestion, *states):
    """Say that a suggestion does not stand where this can be done; of one its author took back, that."""
    if suggestion.state in states:
        return None
    if suggestion.state == State.WITHDRAWN:
        return Conflict("withdrawn", _("本人已经撤回这件建言，不再办理。"))
    return why_moved_on()


def why_not_file(suggestion):
    """Say why it cannot be filed or refused."""
    return why_not_state(suggestion, State.SENT)


def why_not_send_back(suggestion):
    """Say why it cannot be given back to be parted: not waiting, or that was done once."""
    if error := why_not_state(suggestion, State.SENT):
        return error
    if suggestion.back_at:
        return Conflict("back_once", _("已经请她分开写过一次，不能再退。"))
    return None


def why_not_reason(reason):
    """Say that a reason is not on the list."""
    if reason in NotFiled.values:
        return None
    return Invalid("reason", _("请从列表里选择原因。"), field="reason")


def why_not_reconsider(suggestion):
    """Say why a refusal cannot be undone: the text is gone."""
    if error := why_not_state(suggestion, State.NOT_FILED):
        return error
    if suggestion.title is None:
        return Conflict("text_gone", _("内容已经删除，不能恢复。"))
    return None


def why_not_join(suggestion, to):
    """Say why one cannot be joined to another: to itself, to what is not filed, to another coordinator's."""
    if error := why_not_state(suggestion, State.SENT):
        return error
    if to.pk == suggestion.pk:
        return Invalid("joined_to_itself", _("不能并入它自己。"), field="to")
    if to.state not in (State.FILED, State.ANSWERED, State.CLOSED):
        return Conflict("not_filed", _("只能并入已经立案的建言。"), field="to")
    if to.campaign.department_id != suggestion.campaign.department_id:
        return Conflict("other_coordinator", _("只能并入本部门牵头征集的建言。"), field="to")
    return None


def why_not_part(suggestion):
    """Say why joining cannot be undone: it is not joined, it was answered or taken up together, or she said what she thinks."""
    if error := why_not_state(suggestion, State.JOINED):
        return error
    main = suggestion.joined_to
    # What was joined to one that is answered, by mistake, can be parted again.
    if main.answered_at and main.answered_at >= suggestion.filed_at:
        return Conflict("answered", _("已经一并答复，不能撤销并案。"))
    if main.adoptions.confirmed().filter(confirmed_at__gte=suggestion.filed_at).exists():
        return Conflict("adopted", _("已经一并采纳，不能撤销并案。"))
    author = {"author__suggestion": suggestion}
    if Rating.objects.filter(**author).exists() or Contest.objects.filter(**author).exists():
        return Conflict("said", _("本人已经对答复提出意见，不能撤销并案。"))
    return None


def why_not_listed(suggestion):
    """Say why it cannot be said whether everybody may read it: it is not filed."""
    return why_not_state(suggestion, State.FILED, State.ANSWERED, State.CLOSED)


# --- who deals with it ----------------------------------------------------------------------------
def why_not_assign(suggestion, department, role):
    """Say why a department cannot be given it: another leads, or it has it already."""
    if error := why_not_state(suggestion, State.FILED):
        return error
    if role not in Role.values:
        return Invalid("role", _("请选择主办或会办。"), field="role")
    standing = suggestion.assignments.standing()
    if standing.filter(department=department).exists():
        return Conflict("has_it", _("这个部门已经在办，不用再交办。"), field="department")
    if role == Role.LEAD and standing.leading().exists():
        return Conflict("led", _("已有主办部门；请先收回，再交给别的部门。"), field="role")
    return None


def why_not_take_up(assignment):
    """Say why a department cannot take it up."""
    if error := why_not_state(assignment.suggestion, State.FILED):
        return error
    return None if assignment.state == AssignmentState.WAITING else why_moved_on()


def why_not_hand_back(assignment, now):
    """Say why a department cannot say that it is not theirs: too late, or the coordinator insisted."""
    if error := why_not_state(assignment.suggestion, State.FILED):
        return error
    if not assignment.is_open:
        return why_moved_on()
    if assignment.insisted_at:
        return Conflict("insisted", _("牵头部门已经研究过，坚持交给您的部门，不能再退。"))
    if limits.is_over(assignment.not_ours_by, now):
        sentence = _("不属于本部门的，须在%(day)s前退回，现在已经过了。")
        return Conflict("too_late", sentence % {"day": day_text(assignment.not_ours_by)})
    return None


def why_not_insist(assignment):
    """Say why one that was handed back cannot be given again: not handed back, or another leads meanwhile."""
    if error := why_not_state(assignment.suggestion, State.FILED):
        return error
    if assignment.state != AssignmentState.NOT_OURS:
        return why_moved_on()
    return why_not_assign(assignment.suggestion, assignment.department, assignment.role)


def why_not_take_back(assignment):
    """Say why an assignment cannot be ended: it is, or its department has replied."""
    if error := why_not_state(assignment.suggestion, State.FILED):
        return error
    if assignment.state in (
        AssignmentState.WAITING,
        AssignmentState.WORKING,
        AssignmentState.NOT_OURS,
    ):
        return None
    return why_moved_on()


def why_not_opinion(assignment):
    """Say why an assisting department cannot say what it thinks."""
    if error := why_not_state(assignment.suggestion, State.FILED):
        return error
    if assignment.role == Role.ASSIST and (
        assignment.is_open or assignment.state == AssignmentState.DONE
    ):
        return None
    return why_moved_on()


# --- extensions -----------------------------------------------------------------------------------
def why_not_extension(assignment, now):
    """Say why more days cannot be asked for: not the lead, once before, too late, or answered anew already."""
    if error := why_not_state(assignment.suggestion, State.FILED):
        return error
    if assignment.role != Role.LEAD:
        return Conflict("not_lead", _("只有主办部门可以申请延期。"))
    if not assignment.is_open:
        return why_moved_on()
    if Extension.objects.filter(assignment=assignment).exists():
        return Conflict("second_extension", _("只能申请一次延期，已经申请过了。"))
    if limits.is_over(assignment.due_on, now):
        sentence = _("延期须在%(day)s前申请，现在已经过期。")
        return Conflict("too_late", sentence % {"day": day_text(assignment.due_on)})
    return None


def why_not_days(assignment, days):
    """Say that more days were asked for than the campaign allows."""
    most = assignment.suggestion.campaign.extension_days
    if 1 <= days <= most:
        return None
    sentence = _("延期最多 %(most)s 天。") % {"most": most}
    return Invalid("too_many_days", sentence, field="days")


def why_not_decide_extension(extension):
    """Say why nothing is to be decided: it is, or the reply is there meanwhile."""
    if extension.state != ExtensionState.WAITING:
        return Conflict("decided", _("已经批复过了。"))
    if not extension.assignment.is_open:
        return why_moved_on()
    return None


def due_on(assignment):
    """Return the last day of an assignment by the calendar as it is now."""
    return limits.limit(assignment.counted_from, assignment.days)


def not_ours_by(assignment):
    """Return the last day on which a department can say that it is not theirs."""
    given = timezone.localdate(assignment.at)
    return limits.working_limit(given, assignment.suggestion.campaign.not_ours_days)
