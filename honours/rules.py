"""What may be done with honours, and why not: pages ask, operations raise."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calls.files import Taken
from calls.models import CallKind, CallState, FileKind
from honours.models import OPEN, Award, AwardSource, Recommendation, RecommendationState
from kernel.errors import Conflict, Invalid, Refused

# What is taken as a file that proves an honour: as in the line of a call's form.
EVIDENCE = Taken("files", 5, tuple(FileKind))
MOST_FILES = 5
# What is no honour itself may be recommended upward, a returnee plan to the city or the nation for instance (measure 3).
UPWARD = (CallKind.PROGRAMME, CallKind.FUND)


# --- the catalogue ---------------------------------------------------------------------------------
def why_not_save_honour(honour, values):
    """Say why the catalogue cannot take these values: what was granted by keeps its level and whom it is for."""
    if honour is None:
        return None
    moved = [name for name in ("level", "for_whom") if values.get(name) != getattr(honour, name)]
    if moved and honour.awards.exists():
        sentence = _("已经授予过的荣誉不能改级别和授予对象；请停用这一条，另建一条。")
        return Conflict("honour_granted", sentence, field=moved[0])
    return None


def why_not_lead_to(call, honour):
    """Say why what a call leads to cannot be set to `honour` (None: to nothing)."""
    if call.kind not in (CallKind.HONOUR, *UPWARD):
        sentence = _("只有荣誉推荐、人才项目和资金支持的申报通知可以设置授予或推荐什么。")
        return Conflict("call_no_honour", sentence)
    if call.kind in UPWARD and honour is not None and honour.is_ours:
        sentence = _("人才项目和资金支持只能设置向上级推荐的项目，不能授予区级荣誉。")
        return Conflict("call_not_upward", sentence, field="honour")
    if call.state == CallState.CANCELLED:
        return Conflict("call_cancelled", _("这份申报通知已经取消。"))
    given = Award.objects.filter(application__call=call).exists()
    put_forward = Recommendation.objects.filter(application__call=call).exists()
    leads_to = getattr(call, "leads_to", None)
    same = leads_to is not None and honour is not None and leads_to.honour_id == honour.pk
    if (given or put_forward) and not same:
        sentence = _("已按这份申报通知授予或推荐，不能再改；个别有误的，请在“获得的荣誉”里撤销。")
        return Conflict("call_honour_granted", sentence, field="honour")
    return None


# --- honours granted -------------------------------------------------------------------------------
def why_not_work_for(department, by, permission):
    """Say why `by` may not use `permission` on what a department granted: it is for that department's staff."""
    if by is None:
        return None
    own = department is None or by.sees_all_departments or by.department_id == department.pk
    if by.is_staff and own and by.has_perm(permission):
        return None
    return Refused("not_allowed", _("只有经办部门的工作人员可以办理，请与经办部门联系。"))


def why_not_handle(row, by, permission):
    """Say why `by` may not use `permission` on an award or a recommendation: never on her own."""
    if error := why_not_work_for(row.department, by, permission):
        return error
    return why_not_own(row.talent, by)


def why_not_own(talent, by):
    """Say why `by` may not decide on a woman's honours: they are her own."""
    if by is not None and talent.user_id == by.pk:
        return Refused("own_honour", _("不能办理自己的荣誉，请同事办理。"))
    return None


def why_not_register(talent, by):
    """Say why `by` may not register an honour on a woman's record: another department looks after it."""
    if by is None or by.sees_all_departments or talent.department_id == by.department_id:
        return None
    return Refused("not_allowed", _("这位女性科技人才由其他部门负责，请与该部门联系。"))


def why_not_facts(values, at):
    """Say what is wrong with what staff wrote of an honour."""
    if not (values.get("recipient") or "").strip():
        return Invalid("recipient_missing", _("请写明获得者的姓名或名称。"), field="recipient")
    if not (values.get("granted_by") or "").strip():
        return Invalid("granted_by_missing", _("请写明授予单位。"), field="granted_by")
    granted_on = values.get("granted_on")
    if granted_on is None or granted_on > timezone.localdate(at):
        return Invalid("granted_in_future", _("授予日期最晚到今天，请修改。"), field="granted_on")
    if granted_on.year < 1949:
        return Invalid("granted_too_early", _("授予日期太早，请核对。"), field="granted_on")
    return None


def why_not_evidence(values, has_files=False):
    """Say that an honour granted elsewhere needs what it can be checked by."""
    words = [(values.get(name) or "").strip() for name in ("document_number", "evidence")]
    if any(words) or has_files:
        return None
    sentence = _("请填写文号，写明在哪里核对到的，或上传依据文件，至少填一项。")
    return Invalid("evidence_missing", sentence, field="document_number")


# --- files that prove it ---------------------------------------------------------------------------
def why_not_attach(here, more):
    """Say why `more` files cannot be put to an award that has `here`."""
    if here + more <= MOST_FILES:
        return None
    sentence = ngettext(
        "依据文件最多 %(most)s 个，已有 %(here)s 个；请先删除不用的。",
        "依据文件最多 %(most)s 个，已有 %(here)s 个；请先删除不用的。",
        MOST_FILES,
    )
    counts = {"most": MOST_FILES, "here": here}
    return Invalid("files_many", sentence % counts, field=EVIDENCE.key)


def why_no_files(award):
    """Say that an award has no file that could be taken out."""
    if award.files.exists():
        return None
    return Conflict("no_files", _("这项荣誉没有依据文件。"))


def why_not_detach(file):
    """Say why a file cannot be taken out: the award was revoked, or nothing would be left to check it by."""
    award = file.award
    if error := why_not_change(award):
        return error
    others = award.files.exclude(pk=file.pk).exists()
    facts = {"document_number": award.document_number, "evidence": award.evidence}
    if award.source != AwardSource.STAFF or not why_not_evidence(facts, has_files=others):
        return None
    sentence = _("这是唯一的依据，不能删除。请先用“更正”填写文号或依据，或另传一个文件。")
    return Conflict("only_evidence", sentence)


def why_not_read_evidence(file, by):
    """Say why `by` may not read a file that proves an honour: she may, and who may look into it for the department."""
    if by is not None and file.award.talent.user_id == by.pk:
        return None
    return why_not_work_for(file.award.department, by, "honours.view_award")


def why_not_again(talent, honour, granted_on, *, besides=None):
    """Say that she holds this honour of this day already."""
    rows = Award.objects.standing().filter(talent=talent, honour=honour, granted_on=granted_on)
    if not rows.exclude(pk=besides and besides.pk).exists():
        return None
    sentence = _("同一天授予的这项荣誉已经登记过，请核对日期；要改内容请用“更正”。")
    return Conflict("award_twice", sentence, field="granted_on")


def why_not_change(award):
    """Say why an award cannot be corrected or revoked: it was revoked."""
    if award.stands:
        return None
    return Conflict("award_revoked", _("这项荣誉已经撤销；撤销错了，请用“恢复”。"))


def why_not_restore(award):
    """Say why an award cannot be made to stand again."""
    if award.stands:
        return Conflict("award_stands", _("这项荣誉没有撤销。"))
    return why_not_again(award.talent, award.honour, award.granted_on)


# --- recommended upward ----------------------------------------------------------------------------
def why_not_put_forward(talent, honour):
    """Say why she cannot be put forward for an honour."""
    if honour.is_ours:
        sentence = _("区级荣誉由本区授予，不用向上推荐；请选择市级或国家级荣誉。")
        return Invalid("honour_is_ours", sentence, field="honour")
    if Recommendation.objects.filter(talent=talent, honour=honour, state__in=OPEN).exists():
        sentence = _("这项荣誉已经推荐，还在等待结果。")
        return Conflict("recommendation_open", sentence, field="honour")
    return None


def why_not_sent(sent_to, sent_on, at):
    """Say what is wrong with where and when a recommendation went."""
    if not (sent_to or "").strip():
        return Invalid("sent_to_missing", _("请写明报送给哪个单位。"), field="sent_to")
    if sent_on is None or sent_on > timezone.localdate(at):
        return Invalid("sent_in_future", _("报送日期最晚到今天，请修改。"), field="sent_on")
    return None


def why_not_send(recommendation):
    """Say why it cannot be noted as sent, or what was noted of that cannot be corrected."""
    if recommendation.is_open:
        return None
    return Conflict("recommendation_over", _("这次推荐已经有结果或已撤回。"))


def why_not_answer(recommendation):
    """Say why no answer to it can be noted."""
    if recommendation.state == RecommendationState.SENT:
        return None
    if recommendation.state == RecommendationState.PENDING:
        return Conflict("recommendation_not_sent", _("还没有报送，请先登记报送。"))
    return why_not_send(recommendation)


def why_not_answered_on(recommendation, answered_on, at):
    """Say what is wrong with the day of an answer."""
    if answered_on is None or answered_on > timezone.localdate(at):
        return Invalid("answered_in_future", _("答复日期最晚到今天，请修改。"), field="answered_on")
    if answered_on < recommendation.sent_on:
        sentence = _("答复日期早于报送日期，请核对。")
        return Invalid("answered_before_sent", sentence, field="answered_on")
    return None


def why_not_undo_answer(recommendation):
    """Say why there is no answer to take back."""
    if recommendation.state in (RecommendationState.GRANTED, RecommendationState.NOT_GRANTED):
        return None
    return Conflict("recommendation_no_answer", _("这次推荐还没有登记结果。"))
