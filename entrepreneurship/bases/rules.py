"""What may be done with bases, their services and what women ask for, and why not."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from entrepreneurship.bases.models import (
    BaseRequest,
    BaseRequestState,
    BaseService,
    DeclineReason,
    Helped,
)
from entrepreneurship.ventures.models import Venture
from kernel.errors import Conflict, Invalid, Refused

DUE_AFTER = 5  # working days
MOST_OPEN, LONGEST = 5, 1000
State = BaseRequestState


# --- bases and services ----------------------------------------------------------------------------
def why_not_keep(base, by, permission):
    """Say why `by` may not write a base (None: a new one) or its services: its department's clerks do."""
    if by is None:
        return None
    if not (by.is_staff and by.has_perm(permission)):
        return Refused("not_allowed", _("您没有这项操作的权限，请联系系统管理员。"))
    if base is None or by.sees_all_departments or base.department_id == by.department_id:
        return None
    return Refused("not_yours", _("这个基地由其他部门主管，请与该部门联系。"))


def why_not_owner(base, owner):
    """Say why somebody cannot answer what a base is asked: staff of its department, or a contact of its unit."""
    if owner is None or not owner.is_active:
        return Invalid("owner_missing", _("请选择受理人。"), field="owner")
    staff = owner.is_staff and owner.department_id == base.department_id
    contact = base.unit_id is not None and owner.unit_id == base.unit_id
    if staff or (contact and owner.has_perm("entrepreneurship.answer_for_unit")):
        return None
    sentence = _("受理人应是主管部门的工作人员，或运营单位的联系人。")
    return Invalid("owner_elsewhere", sentence, field="owner")


def why_not_service_again(base, title, service=None):
    """Say that a base offers this already."""
    rows = BaseService.objects.standing().filter(base=base, title=title)
    if not rows.exclude(pk=service and service.pk).exists():
        return None
    return Conflict("service_twice", _("这个基地已有同名的服务，请改那一条。"), field="title")


def why_not_service_standing(service):
    """Say that a service was ended."""
    if service.ended_at is None:
        return None
    return Conflict("service_ended", _("这项服务已停止，请先恢复。"))


# --- she -------------------------------------------------------------------------------------------
def why_not_ask_base(talent, by):
    """Say why `by` may not ask a base for a woman (a Talent or None): she does, once she is in the database."""
    if talent is None or not talent.is_verified:
        return Refused("not_verified", _("档案审核入库后，就可以请基地帮忙。"))
    if by is not None and talent.user_id != by.pk:
        return Refused("not_yours", _("只有本人可以提出。"))
    return None


def why_not_service(service, now):
    """Say that a service is not offered now."""
    rows = BaseService.objects.offered(timezone.localdate(now)).filter(pk=service.pk)
    if rows.exists():
        return None
    return Conflict("not_offered", _("这项服务现在没有公布，请看基地的其他服务。"))


def why_not_more_requests(talent, service):
    """Say that she asked for it already, or for as much as can be answered at a time."""
    waiting = BaseRequest.objects.open().filter(talent=talent)
    if waiting.filter(service=service).exists():
        return Conflict("asked_already", _("您已提出这项申请，正在等待答复。"))
    if waiting.count() < MOST_OPEN:
        return None
    sentence = ngettext(
        "同时最多 %(most)s 项申请等待答复，请先等一等或撤回一项。",
        "同时最多 %(most)s 项申请等待答复，请先等一等或撤回一项。",
        MOST_OPEN,
    )
    return Conflict("requests_many", sentence % {"most": MOST_OPEN})


def why_not_venture(talent, venture):
    """Say that a venture (None: none) is none of those she founds."""
    hers = venture is None or Venture.objects.of_woman(talent.user).filter(pk=venture.pk).exists()
    if hers:
        return None
    return Invalid("venture_foreign", _("请选择您自己的创业项目。"), field="venture")


def why_not_words(text, field, missing):
    """Say that words are missing or too long."""
    text = (text or "").strip()
    if not text:
        return Invalid(f"{field}_missing", missing, field=field)
    if len(text) > LONGEST:
        sentence = _("请写在 %(most)s 字以内。") % {"most": LONGEST}
        return Invalid(f"{field}_long", sentence, field=field)
    return None


def why_not_hers(request, by):
    """Say why `by` does not act as who asked."""
    if by is None or request.talent.user_id == by.pk:
        return None
    return Refused("not_yours", _("只有提出申请的本人可以办理。"))


def why_not_reopen(request):
    """Say why a request cannot be put again: answered or declined, and only once."""
    if request.state not in (State.ANSWERED, State.DECLINED):
        return Conflict("not_ended", _("还没有答复的申请不用重新提出。"))
    if request.reopened_at is not None:
        sentence = _("已重新提出过一次；还需要帮助，请提出新的申请或联系主管部门。")
        return Conflict("reopened_before", sentence)
    twice = BaseRequest.objects.open().filter(talent=request.talent_id, service=request.service_id)
    if twice.exists():
        return Conflict("asked_already", _("您已提出这项申请，正在等待答复。"))
    return None


def why_not_say(request, helped):
    """Say why she cannot say whether it helped: once it was answered."""
    if request.state != State.ANSWERED:
        return Conflict("not_answered", _("答复以后再说帮上了没有。"))
    if helped not in Helped.values:
        return Invalid("helped_missing", _("请选择帮上了没有。"), field="helped")
    return None


# --- who answers -----------------------------------------------------------------------------------
def why_not_answer_for(request, by):
    """Say why `by` may not answer: its owner does, the contact of the unit, clerks of the department; never her own."""
    if by is None:
        return None
    if request.talent.user_id == by.pk:
        return Refused("own_request", _("不能答复自己提出的申请，请同事办理。"))
    if BaseRequest.objects.of_owner(by).filter(pk=request.pk).exists():
        return None
    return why_not_keep(request.base, by, "entrepreneurship.change_baserequest")


def why_not_open(request):
    """Say that a request was answered, declined or withdrawn."""
    if request.state == State.OPEN:
        return None
    return Conflict("not_open", _("这项申请已经办结，请刷新页面。"))


def why_not_reason(reason):
    """Say that a reason is none of the list."""
    if reason in DeclineReason.values:
        return None
    return Invalid("reason_unknown", _("请选择没能办理的原因。"), field="reason")


def why_not_route(request, by):
    """Say why `by` may not hand a request to somebody else: clerks of the base's department do."""
    return why_not_keep(request.base, by, "entrepreneurship.change_baserequest")
