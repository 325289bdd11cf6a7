"""Who may do what with an event and its bookings."""

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from events.rules.programme import why_not_edit
from events.rules.seats import why_not_group, why_not_open
from kernel import rights
from kernel.errors import Conflict, Invalid, Refused


def why_not_add(department, by):
    """Say why `by` may not make an event of `department`: staff do so for their own."""
    if not rights.may(by, "events.add_event"):
        return Refused("not_allowed", _("您没有新建活动的权限，请联系系统管理员。"))
    if department is None:
        return Invalid("department_missing", _("请选择主办部门。"), field="department")
    if by is None or by.sees_all_departments or by.department_id == department.pk:
        return None
    return Refused("not_allowed", _("只能为自己所在的部门新建活动。"), field="department")


def why_not_organise(department, organiser):
    """Say why `organiser` (a User or None) may not be put in charge of an event of `department`."""
    fit = organiser and organiser.is_staff and organiser.is_active
    if fit and why_not_add(department, organiser) is None:
        return None
    sentence = _("负责人须是主办部门在职、有办活动权限的工作人员。")
    return Invalid("organiser_unfit", sentence, field="organiser")


def why_not_manage(event, by, permission):
    """Say why `by` may not use `permission` on this event: it is for the staff who run it."""
    if by is None or (event.is_managed_by(by) and by.has_perm(permission)):
        return None
    return Refused(
        "event_not_yours", _("只有主办部门的工作人员可以操作这场活动，请与主办部门联系。")
    )


def why_not_see_names(event, by, permission):
    """Say why `by` may not see who booked, or act on it: a sensitive topic has its organiser only."""
    if error := why_not_manage(event, by, permission):
        return error
    if by is None or event.shows_names_to(by):
        return None
    return Refused("event_not_yours", _("这场活动的名单只有负责人本人可以查看。"))


def why_not_name_for_unit(event, by, at):
    """Say why `by` may not ask a unit's people to the event for its contact."""
    return why_not_see_names(event, by, "events.change_booking") or why_not_group(event, at)


def why_not_act_for(event, talent, by):
    """Say why `by` may not book or cancel for the talent: it is for herself and staff who may know who comes."""
    if talent is None or (by and talent.user_id == by.pk):
        return None
    return why_not_see_names(event, by, "events.change_booking")


def why_not_book_as_staff(event, talent, by):
    """Say why `by` may not book for the talent beside the rules: never for herself."""
    if by is not None and talent and talent.user_id == by.pk:
        return Refused("own_booking", _("不能为自己破例报名，请同事办理。"))
    return why_not_see_names(event, by, "events.change_booking")


def why_not_explain_for(event, talent, by):
    """Say why `by` may not say why the talent did not come: that is for herself."""
    if by is None or (talent and talent.user_id == by.pk):
        return None
    return Refused("not_yours", _("只有本人可以说明没有到场的原因。"))


def why_not_invite(event, by, at):
    """Say why `by` may not invite people to the event, or take an invitation back."""
    if error := why_not_see_names(event, by, "events.change_booking"):
        return error
    if event.is_cancelled or event.is_over(at):
        return why_not_open(event, at)
    return None


def why_not_clone(event, by):
    """Say why `by` may not copy the event: the copy is hers to organise, and an hour is published by who gives it."""
    if event.is_led:
        return Conflict("hour_of_two", _("辅导时段由辅导人自己发布，不能复制。"))
    refused = why_not_manage(event, by, "events.add_event")
    return refused or why_not_organise(event.department, by or event.organiser)


def organisers(department):
    """Return the Users who may be put in charge of an event of `department` (why_not_organise as SQL)."""
    staff = User.objects.holding("events.add_event").filter(is_staff=True)
    everywhere = User.objects.holding("accounts.see_all_departments").values("pk")
    return staff.filter(Q(department=department) | Q(pk__in=everywhere))


def is_without_organiser(event):
    """Tell whether nobody is in charge any more: her account is closed, or she organises no events now."""
    return why_not_organise(event.department, event.organiser) is not None


def why_not_hand_over(event, changes, by):
    """Say why `by` may not open the list of a sensitive topic to others by `changes`.

    Otherwise whoever may edit the event would name herself organiser and read the names, and an administrator would
    close the organiser's account first. So where nobody is in charge any more, two people take over
    (`why_not_take_over`).
    """
    opens = event.sensitive_topic and not {"organiser", "sensitive_topic"}.isdisjoint(changes)
    if not opens or by is None or (by.pk == event.organiser_id and by.is_active):
        return None
    if is_without_organiser(event):
        sentence = _("现任负责人已不能办理。接手敏感主题活动须两人办理，请在活动页面“申请接手”。")
        return Refused("second_person", sentence, field="organiser")
    sentence = _("敏感主题活动的负责人和“敏感主题”标记只能由现任负责人修改，请与她联系。")
    return Refused("event_not_yours", sentence, field="organiser")


def why_not_take_over(event, by):
    """Say why `by` may not ask that somebody take over a sensitive event (a second person confirms it)."""
    if error := why_not_manage(event, by, "events.change_event"):
        return error
    if not event.sensitive_topic:
        return Conflict("not_sensitive", _("这场活动不是敏感主题，负责人可以直接修改。"))
    if not is_without_organiser(event):
        sentence = _("现任负责人仍在职，请由她本人移交。")
        return Refused("event_not_yours", sentence)
    return why_not_edit(event)
