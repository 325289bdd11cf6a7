"""Who writes an application with her and why not; what changed beneath a page somebody writes on."""

import hashlib

from django.utils.translation import gettext as _

from calls import rules
from calls.models import ColleagueRole
from calls.models.reviews import Reviewer
from kernel.errors import Conflict, Invalid, Refused

MOST_EDITORS = 5
MOST_MEMBERS = 200


def why_not_invite_for(application, by):
    """Say why `by` invites nobody to an application: it is hers."""
    return rules.why_not_hers(application, by)


def why_not_invite(application, role, at):
    """Say why nobody is invited now for this role."""
    if role not in ColleagueRole.values:
        return Invalid("role_unknown", _("请选择邀请同事做什么。"))
    if error := rules.why_not_save(application, at):
        return error
    if role == ColleagueRole.MEMBER and not application.is_together:
        return Conflict("no_members", _("推荐对象是集体或文明岗时，才列成员。"))
    most = MOST_EDITORS if role == ColleagueRole.EDITOR else MOST_MEMBERS
    if application.colleagues.joined().filter(role=role).count() < most:
        return None
    sentence = _("最多邀请 %(most)s 位，请先移出一位。")
    return Conflict("colleagues_full", sentence % {"most": most})


def why_not_join_at_all(colleague, by):
    """Say why `by` cannot be with an application, whenever."""
    application = colleague.application
    if by is None:
        return Refused("nobody", _("请先登录。"))
    if application.talent.user_id == by.pk:
        return Refused("own_application", _("这是您自己的申报，请把链接发给同事。"))
    if by.is_staff and by.has_perm("calls.view_application"):
        return Refused("sees_all", _("能查看申报的工作人员不能一起填写。"))
    seats = Reviewer.objects.standing().filter(user=by, review__stage__call=application.call_id)
    if seats.exists():
        return Refused("reviews_call", _("您是这次的评审专家，不能参与申报。"))
    return None


def why_not_join(colleague, by, at):
    """Say why `by` cannot accept this link now."""
    if colleague.ended_at is not None:
        return Conflict("link_closed", _("邀请已收回，请向申报人要新的链接。"))
    if colleague.accepted_at is not None:
        return Conflict("link_used", _("这个链接已有人接受，请向申报人要新的链接。"))
    if error := rules.why_not_save(colleague.application, at):
        return error
    again = colleague.application.colleagues.joined().filter(user=by, role=colleague.role)
    if again.exists():
        return Conflict("joined_already", _("您已经接受过邀请。"))
    return None


def why_not_end(colleague, by):
    """Say why `by` cannot end this: she whose application it is and the colleague can."""
    if by is None or by.pk in (colleague.application.talent.user_id, colleague.user_id):
        return None
    return Refused("not_yours", _("只有申报人和同事本人可以办理。"))


def why_not_edit(application, by):
    """Say why `by` does not write in an application: she does, and who accepted to write with her."""
    if by is not None and application.colleagues.editors().filter(user=by).exists():
        return None
    return rules.why_not_hers(application, by)


# --- what a page was made from ---------------------------------------------------------------------
def mark(text):
    """Return the mark of a line as a page showed it, to be sent back with what was typed."""
    return hashlib.sha256(same(text).encode()).hexdigest()[:16]


def same(text):
    """Return a line as it is compared: a browser sends other line ends than were stored."""
    return "\n".join((text or "").splitlines()).strip()


def clash(kept, seen, typed):
    """Tell whether storing `typed` would overwrite what the page with the mark `seen` did not show.

    Nothing is overwritten where the line is as the page had it, or was not touched on the page, or says the same.
    """
    if seen is None or mark(kept) == seen or mark(typed) == seen:
        return False
    return same(kept) != same(typed)
