"""What may be done with calls and applications, and why not: pages ask, operations raise."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calls import conditions, tables, values
from calls.models import (
    REVIEWED,
    UNDECIDED,
    Application,
    ApplicationState,
    CallState,
    FieldKind,
    NominationSource,
    NoticeState,
    Objection,
    Reviewer,
    StageKind,
)
from calls.models.notices import OPEN
from kernel import portal
from kernel.errors import Conflict, Invalid, Refused
from kernel.words import day_text, listed, moment_text
from talents.standing import why_not_take_part

State = ApplicationState


# --- calls -----------------------------------------------------------------------------------------
def why_not_add(department, by):
    """Say why `by` may not write a call that `department` leads."""
    if by is not None and not by.has_perm("calls.add_call"):
        return Refused("not_allowed", _("您没有新建申报通知的权限，请联系系统管理员。"))
    if department is None:
        return Invalid("department_missing", _("请选择牵头部门。"), field="department")
    if by is None or by.sees_all_departments or by.department_id == department.pk:
        return None
    return Refused("not_allowed", _("只能为自己所在的部门新建申报通知。"), field="department")


def why_not_manage(call, by, permission):
    """Say why `by` may not use `permission` on this call: it is for staff of the department that leads it."""
    if by is None:
        return None
    own = by.sees_all_departments or by.department_id == call.department_id
    if by.is_staff and own and by.has_perm(permission):
        return None
    return Refused("call_not_yours", _("只有牵头部门的工作人员可以办理，请与牵头部门联系。"))


def why_not_write(call):
    """Say why the form, the stages and the conditions of a call do not change any more."""
    if call.is_draft:
        return None
    return Conflict(
        "call_frozen", _("发布后申报条件、阶段和申报表不再改动；说明可以更正，截止时间可以延后。")
    )


def why_not_open(call, at):
    """Say why a draft cannot be published."""
    if not call.is_draft:
        return Conflict("call_not_draft", _("这份申报通知已经发布或取消。"))
    if call.closes_at <= at:
        return Invalid("call_closes_past", _("申报截止时间已经过去，请先改到以后。"))
    if not call.fields.exists():
        return Conflict("call_without_form", _("申报表还没有内容，请先在“申报表”里添加。"))
    return _why_not_in_force(call)


def _why_not_in_force(call):
    """Say which condition stands in a document that does not hold on the day of the deadline."""
    day = timezone.localdate(call.closes_at)
    for requirement in call.requirements.all():
        if not requirement.is_in_force(day):
            sentence = _("自查条件“%(text)s”的依据文件在申报截止那天不在有效期内，请先更新。")
            return Conflict("document_out_of_force", sentence % {"text": requirement.words})
    return None


def why_not_unpublish(call):
    """Say why a published call cannot become a draft again."""
    if call.state != CallState.OPEN:
        return Conflict("call_not_open", _("只有已发布、没有截止的申报通知可以收回。"))
    if call.applications.exists():
        return Conflict(
            "call_has_applications",
            _("已有人开始申报，不能收回；可以延后截止时间，或写明原因取消。"),
        )
    return None


def why_not_extend(call, closes_at, at):
    """Say why the deadline cannot become `closes_at`; None as `closes_at` asks whether it can move at all."""
    if call.state != CallState.OPEN or call.closes_at < at:
        return Conflict("call_not_open", _("申报已经截止，不能再延期。"))
    if closes_at is not None and closes_at <= call.closes_at:
        sentence = _("新的截止时间须晚于%(at)s。") % {"at": moment_text(call.closes_at)}
        return Invalid("deadline_not_later", sentence, field="closes_at")
    return None


def why_not_cancel(call):
    """Say why a call cannot be called off."""
    if call.is_draft:
        return Conflict("call_draft", _("还没有发布，不需要取消。"))
    if call.is_settled:
        return Conflict("call_settled", _("结果已经公布或已经取消，不能再取消。"))
    return None


def why_not_compare(call):
    """Say why there is no report on how fair a call is."""
    if call.is_draft:
        return Conflict("call_draft", _("还没有发布，没有可以比较的申报。"))
    return None


def why_not_results(call, at):
    """Say why it is not settled yet who is to be selected."""
    if call.is_draft or call.is_settled:
        return Conflict("call_settled", _("这份申报通知没有可以公布的结果。"))
    if call.closes_at >= at:
        return Conflict("call_still_taking", _("申报还没有截止，截止以后才能公布结果。"))
    waiting = call.applications.filter(state__in=(State.SUBMITTED, State.RETURNED)).count()
    if waiting:
        sentence = ngettext(
            "还有 %(count)s 份申报没有受理或等待补充，请先办理。",
            "还有 %(count)s 份申报没有受理或等待补充，请先办理。",
            waiting,
        )
        return Conflict("call_waiting", sentence % {"count": waiting})
    if error := why_not_result(call):
        return error
    accepted = call.applications.filter(state=State.ACCEPTED)
    open_ones = accepted.filter(result="").count()
    if open_ones:
        sentence = ngettext(
            "还有 %(count)s 份已受理的申报没有拟定结果。",
            "还有 %(count)s 份已受理的申报没有拟定结果。",
            open_ones,
        )
        return Conflict("call_undecided", sentence % {"count": open_ones})
    if not accepted.exists():
        return Conflict("call_empty", _("没有已受理的申报，不能公布结果；可以写明原因取消。"))
    return None


def why_not_conclude(call, at):
    """Say why the results of a call cannot be told yet."""
    return why_not_results(call, at) or _why_not_made_known(call) or _why_not_all(call)


def _why_not_all(call):
    """Say which noted result would select somebody more often than the award allows: another call was faster."""
    if not call.most_awards:
        return None
    noted = call.applications.filter(state=State.ACCEPTED, result=State.AWARDED)
    for application in noted.select_related("talent").order_by("pk"):
        if error := conditions.why_not_more(call, application.talent, besides=application):
            sentence = _("编号 %(number)s：%(why)s请改拟定结果。")
            said = {"number": application.number_text, "why": error}
            return Conflict("awards_full", sentence % said)
    return None


def _why_not_made_known(call):
    """Say why the results of a call that gives public notice cannot be told yet, or None.

    Nobody is selected who did not stand in a notice to its end, and no objection is left open.
    """
    if not call.stages.filter(kind=StageKind.PUBLIC_NOTICE).exists():
        return None
    if running := call.notices.filter(state__in=OPEN).first():
        sentence = _("公示到%(day)s结束，之后才能公布结果。")
        return Conflict("notice_running", sentence % {"day": day_text(running.ends_on)})
    waiting = Objection.objects.filter(notice__call=call).waiting().count()
    if waiting:
        sentence = ngettext(
            "还有 %(count)s 件异议没有处理。", "还有 %(count)s 件异议没有处理。", waiting
        )
        return Conflict("objections_open", sentence % {"count": waiting})
    shown = call.notices.filter(state=NoticeState.ENDED).values("entries__application")
    selected = call.applications.filter(state=State.ACCEPTED, result=State.AWARDED)
    unseen = selected.exclude(pk__in=shown.filter(entries__struck_at=None)).count()
    if unseen:
        sentence = ngettext(
            "还有 %(count)s 位拟入选的人没有公示满期。",
            "还有 %(count)s 位拟入选的人没有公示满期。",
            unseen,
        )
        return Conflict("not_made_known", sentence % {"count": unseen})
    return None


# --- her application -------------------------------------------------------------------------------
def why_not_hers(application, by):
    """Say why `by` may not touch this application: it is for the woman herself."""
    if by is None or application.talent.user_id == by.pk:
        return None
    return Refused("not_yours", _("只有申报人本人可以办理。"))


def why_not_taking(call, at):
    """Say why a call takes nothing at a moment, whoever asks."""
    if call.state == CallState.CANCELLED:
        return Conflict(
            "call_cancelled", _("这次申报已取消：%(reason)s") % {"reason": call.cancel_reason}
        )
    if call.is_draft:
        return Conflict("call_draft", _("这份申报通知还没有发布。"))
    if at < call.opens_at:
        return Conflict("call_coming", _("%(at)s开始申报。") % {"at": moment_text(call.opens_at)})
    if not call.is_taking(at):
        sentence = _("申报已于%(at)s截止，不再接收和修改。")
        return Conflict("call_closed", sentence % {"at": moment_text(call.closes_at)})
    return None


def why_not_apply(call, talent, at):
    """Say why a woman (her Talent, or None) cannot apply here now, or None."""
    if error := why_not_taking(call, at):
        return error
    if error := why_not_source(call, talent):
        return error
    if error := why_not_take_part(talent) or sits_in(call, talent):
        return error
    if error := conditions.why_not_more(call, talent) or why_not_by_apps(call, talent, at):
        return error
    return conditions.why_not_again(call, talent, at) if call.is_for_persons_only else None


def why_not_by_apps(call, talent, at):
    """Say why she may not apply by the rule of the app a call belongs to (kernel.portal, field `why_not_apply`), or None."""
    for rule in portal.listed("why_not_apply"):
        if error := rule(call, talent, at):
            return error
    return None


def why_not_source(call, talent):
    """Say why she does not come in by the way the call wants: by herself, or brought forward and agreeing to it."""
    if NominationSource.SELF in call.sources:
        return None
    agreed = call.nominations.agreed().filter(talent=talent) if talent else ()
    if any(one.source in call.sources for one in agreed):
        return None
    ways = [str(NominationSource(source).label) for source in call.sources]
    sentence = _("这次不接受自荐，只接受%(ways)s。请与本单位或推荐人联系；有人推荐您时会收到通知。")
    return Refused("not_by_herself", sentence % {"ways": listed(ways)})


def sits_in(call, talent):
    """Return why a woman who judges a call cannot apply to it (DomainError), or None."""
    if talent.user_id is None:
        return None
    seats = Reviewer.objects.standing().filter(user=talent.user_id, review__stage__call=call.pk)
    if not seats.exists():
        return None
    return Conflict("reviewer_applied", _("您是这次的评审专家，不能申报。"))


def why_not_save(application, at):
    """Say why what she filled in does not change now."""
    call = application.call
    if application.state == State.RETURNED and not call.is_settled:
        if at <= application.deadline:
            return None
        sentence = _("补充已于%(at)s截止，不再接收和修改。")
        return Conflict("return_over", sentence % {"at": moment_text(application.deadline)})
    if error := why_not_taking(call, at):
        return error
    if application.state == State.DRAFT:
        return None
    return Conflict(
        "not_filled_in", _("已经提交，内容不能修改。截止以前可以撤回，改好后重新提交。")
    )


def missing(application, answers):
    """Return the Fields that still need something; `answers` is {field's number: text}."""
    return [
        field
        for field in application.call.fields.all()
        if why_not_answer(field, answers.get(field.pk, ""))
    ]


def why_not_answer(field, text):
    """Say why this text does not do for a line of the form, or None."""
    if not text or (field.is_table and not tables.filled(text)):
        words = _("还没有上传。") if field.is_file else _("还没有填写。")
        return Invalid("answer_missing", words) if field.required else None
    if error := why_not_written(field, text):
        return error
    return tables.why_not_whole(field, text) if field.is_table else None


def why_not_written(field, text):
    """Say why what stands in a line of the form cannot stay, whether or not she is through with it; None also for nothing."""
    if not text:
        return None
    if field.is_table:
        return tables.why_not(field, text)
    if field.kind == FieldKind.TEXT and len(text) > field.limit:
        over = len(text) - field.limit
        sentence = ngettext(
            "最多 %(limit)s 个字，多了 %(over)s 个。",
            "最多 %(limit)s 个字，多了 %(over)s 个。",
            over,
        )
        return Invalid("answer_long", sentence % {"limit": field.limit, "over": over})
    if field.kind == FieldKind.CHOICE and text not in field.choices:
        return Invalid("answer_unknown", _("请从选项里选一个。"))
    if why := values.why_not(field.kind, text):
        return Invalid("answer_wrong", why)
    return None


def why_not_attach(field, application, more):
    """Say why `more` files cannot be put to a line of her form."""
    if not field.is_file or field.call_id != application.call_id:
        return Invalid("field_takes_no_files", _("这一项不能上传文件。"))
    here = application.attachments.filter(field=field).count()
    if here + more <= field.most:
        return None
    sentence = ngettext(
        "这里最多上传 %(most)s 个文件，已有 %(here)s 个；请先删除不用的。",
        "这里最多上传 %(most)s 个文件，已有 %(here)s 个；请先删除不用的。",
        field.most,
    )
    most = {"most": field.most, "here": min(here, field.most)}
    return Invalid("files_many", sentence % most, field=field.key)


def why_not_read_file(attachment, by):
    """Say why `by` may not read a file of an application: she may, and staff who may read the application."""
    application = attachment.application
    if why_not_hers(application, by) is None:
        return None
    if Application.objects.visible_to(by).filter(pk=application.pk).exists():
        return None
    return Refused("not_yours", _("您不能查看这个文件。"))


def why_not_submit(application, answers, at):
    """Say why an application cannot be handed in now."""
    if error := why_not_save(application, at):
        return error
    if error := why_not_take_part(application.talent):
        return error
    if error := why_not_by_apps(application.call, application.talent, at):
        return error
    if error := sits_in(application.call, application.talent):
        return error
    if error := why_not_source(application.call, application.talent):
        return error
    if error := conditions.why_not_subject(application):
        return error
    if not application.is_together and (
        error := conditions.why_not_again(application.call, application.talent, at)
    ):
        return error
    if lacking := missing(application, answers):
        sentence = _("还不能提交，请先填好：%(names)s。")
        return Invalid("incomplete", sentence % {"names": listed(f.name for f in lacking)})
    return None


def why_not_withdraw(application):
    """Say why she cannot take it back: at any time before the results are told she can."""
    if application.call.is_settled or application.state not in UNDECIDED:
        return Conflict("nothing_to_withdraw", _("这份申报已经办结，不能撤回。"))
    return None


# --- staff -----------------------------------------------------------------------------------------
def why_not_handle(application, by, permission):
    """Say why `by` may not decide on this application: staff of the lead department do, never on their own."""
    if by is not None and application.talent.user_id == by.pk:
        return own_application()
    if by is not None and application.nominations.filter(nominator=by).exists():
        return Refused("own_nomination", _("不能办理您本人推荐的申报，请由其他同事办理。"))
    if by is not None and application.colleagues.joined().filter(user=by).exists():
        return Refused("own_part", _("您参与了这份申报，请由其他同事办理。"))
    return why_not_manage(application.call, by, permission)


def own_application():
    """Return that nobody decides about herself."""
    return Refused("own_application", _("不能办理您本人的申报，请由其他同事办理。"))


def _settled(application):
    if application.call.is_settled:
        return Conflict("call_settled", _("结果已经公布或已经取消，不能再改动。"))
    return None


def why_not_check(application):
    """Say why an application is not one to accept, return or refuse."""
    if error := _settled(application):
        return error
    if application.state in (State.SUBMITTED, State.RETURNED):
        return None
    return Conflict("not_submitted", _("只有已提交的申报可以受理、退回或不予受理。"))


def why_not_accept(application):
    """Say why an application cannot be accepted: its state, or what its unit may have."""
    if error := why_not_check(application):
        return error
    if application.state == State.RETURNED:
        return Conflict("still_returned", _("已退回补充，等申报人重新提交后再受理。"))
    if application.call.is_endorsed and not hasattr(application, "opinion"):
        return Conflict("not_endorsed", _("她的单位还没有推荐，单位推荐以后才能受理。"))
    if not application.call.is_endorsed and (
        error := conditions.why_not_another_of_unit(application)
    ):
        return error
    return conditions.why_not_accepted_beside(application)


def why_not_return(application, items, due_at, at):
    """Say why an application cannot go back for more; `items` is {Field: note}."""
    if error := why_not_check(application):
        return error
    if not items:
        return Invalid("nothing_lacking", _("请至少写明一项要补充什么。"))
    if due_at <= at:
        return Invalid("due_past", _("补充截止时间须在以后。"), field="due_at")
    return None


def why_not_undo_check(application):
    """Say why an acceptance or refusal cannot be taken back."""
    if error := _settled(application):
        return error
    if application.state not in (State.ACCEPTED, State.REFUSED):
        return Conflict("nothing_to_undo", _("没有可以撤销的受理决定。"))
    if application.result:
        return Conflict("has_result", _("已拟定结果，请先清除结果再撤销受理。"))
    return None


def _why_not_change_result(call):
    """Say why no result is noted or changed now: what is being made known stands still."""
    if call.notices.filter(state__in=OPEN).exists():
        return Conflict(
            "notice_running", _("公示期间不改拟定结果；异议成立的在“异议”里办理，或先撤销公示。")
        )
    return None


def why_not_decide(application, result):
    """Say why this result cannot be noted; "" takes the one that stands back."""
    if error := _settled(application):
        return error
    if application.state != State.ACCEPTED:
        return Conflict("not_accepted", _("受理以后才能拟定结果。"))
    if error := _why_not_change_result(application.call):
        return error
    if result and (error := why_not_result(application.call)):
        return error
    if result in (State.AWARDED, State.RESERVE) and (
        error := conditions.why_not_shortlisted(application)
    ):
        return error
    if result != State.AWARDED:
        return None
    if error := conditions.why_not_more(application.call, application.talent, besides=application):
        return error
    places = application.call.places
    if places is None:
        return None
    rows = application.call.applications.filter(result=State.AWARDED).exclude(pk=application.pk)
    return None if rows.count() < places else places_taken(places)


def why_not_move_up(application):
    """Say why somebody on reserve does not move up: a place has to be free, and who stood in no notice stays where she is."""
    call = application.call
    if call.state != CallState.DECIDED:
        return Conflict("call_not_decided", _("公布结果以后才能递补；公布以前请用“拟定结果”。"))
    if application.state != State.RESERVE:
        return Conflict("not_reserve", _("只有列为备选的申报可以递补。"))
    if call.stages.filter(kind=StageKind.PUBLIC_NOTICE).exists() and not _was_made_known(
        application
    ):
        return Conflict("not_made_known", _("这次申报有公示环节，没有公示满期的人不能递补。"))
    if error := conditions.why_not_more(call, application.talent):
        return error
    if call.places is None:
        return None
    holding = call.applications.filter(state=State.AWARDED, taken_back_at=None).count()
    return None if holding < call.places else places_taken(call.places)


def _was_made_known(application):
    entries = application.entries.filter(struck_at=None, notice__state=NoticeState.ENDED)
    return entries.exists()


def places_taken(places):
    """Return that all places are noted for somebody."""
    sentence = ngettext(
        "名额只有 %(places)s 个，已经拟定满了。", "名额只有 %(places)s 个，已经拟定满了。", places
    )
    return Conflict("places_taken", sentence % {"places": places})


def why_not_result(call):
    """Say why no result can be noted: a review the call has is not through."""
    open_ones = call.stages.filter(kind__in=REVIEWED).exclude(review__state="ranked")
    stage = open_ones.first()
    if stage is None:
        return None
    sentence = _("“%(stage)s”还没有确定排名，确定以后再拟定结果。")
    return Conflict("review_open", sentence % {"stage": stage})


def needed(stages):
    """Return why these stages (codes) are no procedure (DomainError), or None."""
    if {StageKind.ACCEPTANCE, StageKind.DECISION} <= set(stages):
        return None
    return Invalid(
        "stages_missing", _("“部门受理”和“公布结果”是每次申报都有的阶段。"), field="stages"
    )
