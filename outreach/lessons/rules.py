"""What may be done with lessons, and why not."""

from django.utils.translation import gettext as _

from kernel.errors import Conflict, Invalid, Refused
from outreach.lessons.models import LessonKind, LessonVersion


def why_not_write(by):
    """Say why `by` may not write lessons: staff who look after the volunteer team do."""
    if by is None or (by.is_staff and by.has_perm("outreach.change_lesson")):
        return None
    return Refused("not_allowed", _("课和实验由负责志愿服务的工作人员撰写。"))


def why_not_values(kind, risks):
    """Say that an experiment does not name its risks."""
    if kind != LessonKind.EXPERIMENT or risks.strip():
        return None
    return Invalid("risks_missing", _("实验要写明有什么风险、怎么防。"), field="risks")


def why_not_review(version, by):
    """Say why `by` may not review a version: the latest, while it waits; never the writer, and each once."""
    if by is not None and not (by.is_staff and by.has_perm("outreach.review_lesson")):
        return Refused("not_allowed", _("您没有审核课和实验的权限。"))
    if by is not None and version.written_by_id == by.pk:
        return Refused("own_lesson", _("自己写的要由别人审核。"))
    if version.lesson.withdrawn_at:
        return Conflict("lesson_withdrawn", _("已撤下，请先恢复。"))
    if not LessonVersion.objects.waiting().filter(pk=version.pk).exists():
        return Conflict("not_waiting", _("这个版本不用再审核，请刷新页面。"))
    if by is not None and version.reviews.filter(by=by).exists():
        return Conflict("reviewed_already", _("您审核过这个版本了，还要一位别的同事审核。"))
    return None


def why_not_take_back(review, by):
    """Say why a review cannot be taken back: her own, while the version still waits for the second."""
    if by is not None and review.by_id != by.pk:
        return Refused("not_allowed", _("只能收回自己的审核意见。"))
    if LessonVersion.objects.waiting().filter(pk=review.version_id).exists():
        return None
    return Conflict("decided", _("这个版本已经有结果，不能收回；请撤下，或写一个新版本。"))


def why_not_withdraw(lesson, by):
    """Say why a lesson cannot be taken off."""
    if error := why_not_write(by):
        return error
    if lesson.withdrawn_at is None:
        return None
    return Conflict("lesson_withdrawn", _("已经撤下了。"))


def why_not_restore(lesson, by):
    """Say why a lesson cannot be put back."""
    if error := why_not_write(by):
        return error
    if lesson.withdrawn_at:
        return None
    return Conflict("lesson_standing", _("没有撤下，不用恢复。"))
