"""Programmes: what they may ask for, who runs them, who takes part, whose certificate it is."""

from datetime import timedelta

from django.utils.translation import gettext as _

from calls.models import Application, ApplicationState
from entrepreneurship.learning.models import EnrolmentState, Programme
from events import minutes
from kernel import rights
from kernel.errors import Conflict, Invalid, Refused
from kernel.words import listed
from talents.standing import why_not_take_part

CHANGE = "entrepreneurship.change_programme"
# Bookings, and with them who was inside, are kept for a year: until then everything has to be counted and corrected.
LONGEST_PROGRAMME = timedelta(days=300)


# --- who runs one ------------------------------------------------------------------------------------
def why_not_manage_programme(programme, by, permission=CHANGE):
    """Say why `by` may not use `permission` on a programme: it is for staff of the department that gives it."""
    if not rights.may(by, permission):
        return Refused("not_allowed", _("您没有办理培训项目的权限，请联系系统管理员。"))
    series = programme.series
    if by is None or by.sees_all_departments or by.department_id == series.department_id:
        return None
    return Refused("programme_not_yours", _("只有主办部门的工作人员可以办理这个培训项目。"))


def why_not_programme(programme):
    """Say why a programme cannot be what is written of it."""
    if not programme.name.strip():
        return Invalid("name_missing", _("请填写培训名称。"), field="name")
    if not programme.minutes_required or programme.minutes_required < 1:
        sentence = _("结业要求至少 1 分钟，请填写。")
        return Invalid("minutes_missing", sentence, field="minutes_required")
    others = Programme.objects.filter(series=programme.series_id).exclude(pk=programme.pk)
    if other := others.first():
        sentence = _("这个系列已是培训项目“%(name)s”，请另选一个系列。")
        return Conflict("series_taken", sentence % {"name": other.name}, field="series")
    return None


def why_not_edit_programme(programme):
    """Say why a programme cannot be changed: what certificates say stands."""
    if programme.is_closed:
        return Conflict("programme_closed", _("培训已结业，不能再修改；确需修改请先撤回结业。"))
    return None


def why_not_reach(found):
    """Say why what a Plan asks for cannot be reached by what is planned, in all or of a module."""
    programme, planned = found.programme, found.planned()
    if programme.minutes_required > planned:
        sentence = _(
            "结业要求 %(required)s 分钟，已排的课程一共只有 %(planned)s 分钟。请加课或降低要求。"
        )
        said = {"required": programme.minutes_required, "planned": planned}
        return Invalid("minutes_above_planned", sentence % said, field="minutes_required")
    asked = 0
    for module in found.modules:
        there = found.planned(found.of_module(module))
        asked += module.minutes_required
        if module.minutes_required > there:
            sentence = _(
                "模块“%(name)s”要求 %(required)s 分钟，已排的课程只有 %(planned)s 分钟。请加课或降低要求。"
            )
            said = {"name": module.name, "required": module.minutes_required, "planned": there}
            return Invalid("module_above_planned", sentence % said, field="minutes_required")
    if asked > programme.minutes_required:
        sentence = _("各模块要求合计 %(asked)s 分钟，多于总要求 %(required)s 分钟，请修改。")
        said = {"asked": asked, "required": programme.minutes_required}
        return Invalid("modules_above_whole", sentence % said, field="minutes_required")
    return None


def why_not_open_programme(found):
    """Say why the programme of a Plan cannot be opened to women."""
    programme = found.programme
    if programme.is_open:
        return Conflict("programme_open", _("培训已经开放。"))
    if programme.is_closed:
        return why_not_edit_programme(programme)
    if not found.events:
        sentence = _("系列里还没有课程。请先在系列里新建类型为“创业培训”或“专题研修班”的活动。")
        return Conflict("no_events", sentence)
    return why_not_reach(found) or why_not_so_long(found)


def why_not_so_long(found):
    """Say why a Plan lasts too long for its minutes to be counted at the end."""
    if found.ends_at and found.ends_at - found.begins_at > LONGEST_PROGRAMME:
        sentence = _("第一课到最后一课不能超过 300 天：签到记录只保留一年。更长的请分成两个项目。")
        return Invalid("programme_too_long", sentence)
    return None


def why_not_close(found):
    """Say why a programme cannot be concluded: it has to be settled who came to each of its events."""
    programme = found.programme
    if programme.is_closed:
        return Conflict("programme_closed", _("培训已经结业。"))
    if not programme.is_open:
        return Conflict("programme_not_open", _("培训还没有开放。"))
    if found.unsettled:
        titles = listed(_("《%(title)s》") % {"title": e.title} for e in found.unsettled[:3])
        sentence = _("还有课程没有举行或没有核定到场情况：%(titles)s。举行后次日零点起才能结业。")
        return Conflict("not_settled", sentence % {"titles": titles})
    return None


def why_not_reopen(programme):
    """Say why a concluded programme cannot run again."""
    if programme.is_closed:
        return None
    return Conflict("programme_not_closed", _("培训没有结业，不用撤回。"))


# --- modules -----------------------------------------------------------------------------------------
def why_not_change_modules(programme, by):
    """Say why `by` may not change the modules of a programme."""
    return why_not_manage_programme(programme, by) or why_not_edit_programme(programme)


def why_not_module(module, events):
    """Say why a module cannot be what is written of it, taught by these Events."""
    if not module.name.strip():
        return Invalid("name_missing", _("请填写模块名称。"), field="name")
    others = module.programme.modules.exclude(pk=module.pk)
    if others.filter(name=module.name).exists():
        sentence = _("这个项目已有同名的模块，请换一个名称。")
        return Invalid("name_taken", sentence, field="name")
    for event in events:
        if event.series_id != module.programme.series_id:
            sentence = _("《%(title)s》不在本项目的系列里，请重新选择。")
            return Invalid("event_elsewhere", sentence % {"title": event.title}, field="events")
        if event.kind not in minutes.TAUGHT:
            sentence = _("《%(title)s》不是“创业培训”或“专题研修班”，不计学时，不能选作课程。")
            return Invalid("event_not_taught", sentence % {"title": event.title}, field="events")
    taken = others.filter(taught__event__in=events).first()
    if taken:
        sentence = _("所选课程有的已属于模块“%(name)s”，一课只能属于一个模块。")
        return Invalid("event_taken", sentence % {"name": taken.name}, field="events")
    return None


# --- who takes part ----------------------------------------------------------------------------------
def why_not_enrol_for(programme, talent, by):
    """Say why `by` may not enrol the talent: it is for herself and staff of the department."""
    if talent is not None and by is not None and talent.user_id == by.pk:
        return None
    return why_not_manage_programme(programme, by, "entrepreneurship.change_enrolment")


def why_not_enrol(programme, talent):
    """Say why a woman (her record, None without one) cannot take part in a programme."""
    if programme.is_closed:
        return Conflict("programme_closed", _("培训已结业，看看其他培训吧。"))
    if not programme.is_open:
        return Conflict("programme_not_open", _("培训还没有开放，请稍后再来。"))
    if error := why_not_take_part(talent):
        return error
    if programme.call_id and not _selected(programme, talent):
        sentence = _("这项培训只面向“%(call)s”入选的人。")
        return Refused("not_selected", sentence % {"call": programme.call.label})
    return None


def _selected(programme, talent):
    """Tell whether the programme's call selected her."""
    won = Application.objects.filter(call=programme.call_id, talent=talent)
    return won.filter(state=ApplicationState.AWARDED).exists()


def why_not_leave_programme(enrolment):
    """Say why she cannot leave a programme any more."""
    if enrolment.state == EnrolmentState.LEFT:
        return Conflict("enrolment_left", _("已经退出这项培训。"))
    if enrolment.programme.is_closed:
        return Conflict("programme_closed", _("培训已结业，不用退出。"))
    return None


# --- certificates ------------------------------------------------------------------------------------
def why_not_handle_certificate(certificate, by):
    """Say why `by` may not revoke a certificate or have it issued anew: never her own."""
    if by is not None and certificate.talent and certificate.talent.user_id == by.pk:
        return Refused("own_certificate", _("不能办理自己的证书，请同事办理。"))
    permission = "entrepreneurship.change_trainingcertificate"
    return why_not_manage_programme(certificate.programme, by, permission)


def why_not_revoke_certificate(certificate):
    """Say why a certificate cannot be revoked."""
    if certificate.is_valid:
        return None
    return Conflict("certificate_revoked", _("这份证书已经失效。"))


def why_not_reissue_certificate(certificate):
    """Say why a certificate cannot be issued anew."""
    if not certificate.name or certificate.talent_id is None:
        return Conflict("person_erased", _("本人的信息已按其要求删除，不能换发。"))
    others = certificate.programme.certificates.valid().filter(talent=certificate.talent_id)
    if other := others.exclude(pk=certificate.pk).first():
        sentence = _("这份证书已由 %(number)s 代替，请换发新的那一份。")
        return Conflict("certificate_replaced", sentence % {"number": other.number})
    return None


def why_not_fetch_certificate(certificate, by):
    """Say why `by` may not have the file: it is hers, and the department's; while it is valid."""
    hers = by and certificate.talent and certificate.talent.user_id == by.pk
    permission = "entrepreneurship.view_trainingcertificate"
    if not hers and (error := why_not_manage_programme(certificate.programme, by, permission)):
        return error
    if not certificate.name:
        return Conflict("person_erased", _("本人的信息已删除。"))
    return why_not_revoke_certificate(certificate)
