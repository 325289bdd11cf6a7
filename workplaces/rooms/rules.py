"""What may be done with mothers' rooms, and why not."""

from django.utils import timezone
from django.utils.translation import gettext as _

from kernel.errors import Conflict, Invalid, Refused
from kernel.words import day_text
from workplaces.rooms.models import KEEP, RoomCriterion, RoomState, RoomTier

PHOTOS, PHOTO_SIZE = 6, 5 * 1024 * 1024


def why_not_keep(unit, by):
    """Say why `by` may not write the rooms of a unit: its contact does, and staff who keep rooms."""
    if by is None or (by.is_staff and by.has_perm("workplaces.change_room")):
        return None
    if not by.is_staff and unit is not None and by.unit_id == unit.pk and by.has_perm(KEEP):
        return None
    return Refused("not_allowed", _("只有本单位的联系人和负责的工作人员可以维护妈咪小屋。"))


def why_not_visit(room, by):
    """Say why `by` may not enter what a visit found: staff do, never the unit itself."""
    if by is not None and not (by.is_staff and by.has_perm("workplaces.change_room")):
        return Refused("not_allowed", _("核查由工作人员登记，单位不能自己登记。"))
    if room.state == RoomState.WITHDRAWN:
        return Conflict("room_withdrawn", _("这间小屋已撤下，请先重新申请。"))
    return None


def why_not_visit_day(room, visited_on, now, but=None):
    """Say why a visit cannot have been on a day; `but`: the visit it corrects."""
    if visited_on > timezone.localdate(now):
        return Invalid("visit_later", _("核查日期不能晚于今天。"), field="visited_on")
    last = room.visits.exclude(pk=but and but.pk).filter(corrected_by=None).first()
    if last and visited_on < last.visited_on:
        sentence = _("%(day)s已有一次核查，日期不能更早。") % {"day": day_text(last.visited_on)}
        return Invalid("visit_earlier", sentence, field="visited_on")
    return None


def why_not_photos(photos):
    """Say why pictures, [(name, bytes)], cannot go with a visit."""
    if len(photos) > PHOTOS:
        sentence = _("一次最多传 %(most)s 张照片。") % {"most": PHOTOS}
        return Invalid("photos_many", sentence, field="photos")
    if any(len(data) > PHOTO_SIZE for _name, data in photos):
        return Invalid("photo_large", _("每张照片不能超过 5 MB。"), field="photos")
    return None


def why_not_correct(visit, by):
    """Say why a visit cannot be corrected: only the latest of a room is, so that what followed still follows."""
    if error := why_not_visit(visit.room, by):
        return error
    latest = visit.room.visits.first()
    if latest is not None and latest.pk == visit.pk:
        return None
    return Conflict("not_latest", _("只能更正最近一次核查，请刷新页面。"))


def why_not_withdraw(room, by):
    """Say why a room cannot be taken off."""
    if error := why_not_keep(room.unit, by):
        return error
    if room.state != RoomState.WITHDRAWN:
        return None
    return Conflict("room_withdrawn", _("这间小屋已经撤下了。"))


def why_not_take_up(room, by):
    """Say why a room cannot be applied for again."""
    if error := why_not_keep(room.unit, by):
        return error
    if room.state in (RoomState.WITHDRAWN, RoomState.REFUSED):
        return None
    return Conflict("room_standing", _("这间小屋正在公布或等待核查，不用重新申请。"))


def why_not_report(room, by):
    """Say why `by` may not say what she found: a woman with an account may, of what is shown, once at a time."""
    if by is not None and (by.is_staff or why_not_keep(room.unit, by) is None):
        return Refused("not_allowed", _("本单位的联系人和工作人员请直接修改登记。"))
    if room.state != RoomState.LISTED:
        return Conflict("room_not_shown", _("这间小屋没有公布。"))
    if by is not None and room.reports.filter(by=by, ended_at=None).exists():
        return Conflict("reported_already", _("您反映过了，核查后会有答复；写错了可以先撤回。"))
    return None


def why_not_take_back(report, by):
    """Say why `by` may not take a report back: only she who sent it, until a visit answered it."""
    if by is not None and report.by_id != by.pk:
        return Refused("not_allowed", _("只能撤回自己反映的情况。"))
    if report.ended_at is None:
        return None
    return Conflict("report_over", _("这条反映已经了结。"))


def answers_of(met, day):
    """Return what a visit keeps: every criterion in force on a day in its words, and whether it is among `met` (codes)."""
    return [
        {
            "code": one.code,
            "words": one.words,
            "words_en": one.words_en,
            "must": one.must,
            "met": one.code in met,
        }
        for one in RoomCriterion.objects.in_force(day).order_by("-must", "pk")
    ]


def tier_of(answers, day):
    """Return the RoomTier answers earn on a day: none unless every must is met, then the highest the pluses reach."""
    if not answers or not all(one["met"] for one in answers if one["must"]):
        return None
    pluses = sum(one["met"] for one in answers if not one["must"])
    reached = RoomTier.objects.in_force(day).filter(pluses__lte=pluses)
    return reached.order_by("-rank").first()
