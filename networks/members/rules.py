"""What may be done with memberships, and why not: pages ask, operations raise."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta
from django.utils import timezone
from django.utils.translation import gettext as _

from kernel.days import DAY
from kernel.errors import Conflict, Invalid, Refused
from kernel.words import record_day_text
from networks import rights
from networks.members.models import (
    OPEN,
    RENEW_FROM,
    RENEW_UNTIL,
    Membership,
    MemberState,
)
from talents.standing import why_not_take_part

CHANGE, IMPORT = "networks.change_membership", "networks.import_membership"
UNDONE_WITHIN = timedelta(days=30)
LONGEST_PAUSE = relativedelta(years=2)


def last_day_of(association, first_day):
    """Return the last day of a membership that begins on a day."""
    return first_day + relativedelta(months=association.member_months) - DAY


# --- she -------------------------------------------------------------------------------------------
def why_not_join(association, talent, by, day):
    """Say why a woman (a Talent or None) cannot ask to join on a day."""
    if talent is not None and by is not None and talent.user_id != by.pk:
        return Refused("not_yours", _("只能以本人名义申请入会。"))
    if error := why_not_take_part(talent) or rights.why_not_standing(association):
        return error
    if not (association.takes_members and association.is_open):
        return Conflict("takes_none", _("这个协会暂不在网上接受入会申请，请与协会联系。"))
    open_one = Membership.objects.filter(
        association=association, talent=talent, state__in=OPEN
    ).first()
    if open_one is None or is_lost(open_one, day):
        return None
    if open_one.state == MemberState.APPLIED:
        return Conflict("applied_already", _("您已申请入会，正在等待审核。"))
    return Conflict("member_already", _("您已是会员；会籍到期的，请在“我的协会”里续期。"))


def is_lost(membership, day):
    """Tell whether nobody renewed it within ninety days of its end: only a new application helps."""
    active = membership.state == MemberState.ACTIVE
    return active and membership.valid_until + RENEW_UNTIL < day


def why_not_hers(membership, by):
    """Say why `by` does not act as the member."""
    if by is None or membership.talent.user_id == by.pk:
        return None
    return Refused("not_yours", _("只有会员本人可以办理。"))


def why_not_withdraw(membership):
    """Say that an application does not wait any more."""
    if membership.state == MemberState.APPLIED:
        return None
    return Conflict("not_waiting", _("申请已经办结，不用撤回。"))


def why_not_active(membership):
    """Say that somebody is no member."""
    if membership.state == MemberState.ACTIVE:
        return None
    return Conflict("not_a_member", _("会籍已经结束或还没有生效。"))


def why_not_renew(membership, day):
    """Say why a membership cannot be renewed on a day: from sixty days before its end to ninety behind it."""
    if error := why_not_active(membership):
        return error
    if day < membership.valid_until - RENEW_FROM:
        sentence = _("会籍到%(day)s，到期前 60 天内可以续期。")
        return Conflict("renew_early", sentence % {"day": record_day_text(membership.valid_until)})
    if is_lost(membership, day):
        return Conflict("renew_late", _("到期已超过 90 天，会籍已失效，请重新申请入会。"))
    return None


def why_not_pause(membership, until=None, day=None):
    """Say why a membership cannot rest from a day until another; `until` None asks whether at all."""
    if error := why_not_active(membership):
        return error
    if not membership.is_in_force(day):
        return Conflict("membership_over", _("会籍已到期，请先续期。"))
    if membership.paused_until and membership.paused_until >= day:
        return Conflict("paused_already", _("会籍已经暂停，到期自动恢复，也可以提前恢复。"))
    if until is None:
        return None
    latest = day + LONGEST_PAUSE
    if day < until <= latest:
        return None
    sentence = _("请选择今天以后、%(day)s以前的日期。") % {"day": record_day_text(latest)}
    return Invalid("pause_long", sentence, field="until")


def why_not_resume(membership, day):
    """Say that a membership does not rest."""
    if error := why_not_active(membership):
        return error
    if membership.is_paused(day):
        return None
    return Conflict("not_paused", _("会籍没有暂停。"))


# --- who runs the association, and staff -----------------------------------------------------------
def why_not_manage(membership, by, day):
    """Say why `by` may not decide on a membership: who is in office may, and staff; never on her own."""
    if by is not None and membership.talent.user_id == by.pk:
        return Refused("own_membership", _("不能办理您本人的会籍，请由其他人办理。"))
    return rights.why_not_run(membership.association, by, CHANGE, day)


def why_not_decide(membership):
    """Say that an application was decided or withdrawn."""
    if membership.state == MemberState.APPLIED:
        return None
    return Conflict("not_waiting", _("这份申请已经办结，请刷新页面。"))


def why_not_approve(membership):
    """Say why somebody cannot be taken in: her application was decided, or she takes part in nothing any more."""
    return why_not_decide(membership) or why_not_take_part_now(membership.talent)


def why_not_approve_again(membership):
    """Say the same, of whom somebody has taken in already: nothing."""
    return None if membership.state == MemberState.ACTIVE else why_not_approve(membership)


def why_not_take_part_now(talent):
    """Say, to others than her, that her record is not in the database now."""
    if why_not_take_part(talent) is None:
        return None
    return Conflict("not_in_database", _("她的档案现在不在库，入库以后才能入会。"))


def why_not_take_back_decision(membership, now):
    """Say why a decision on an application cannot be taken back: within thirty days, while nothing hangs on it."""
    decided = membership.state in (MemberState.ACTIVE, MemberState.DECLINED)
    if not decided or membership.decided_at is None:
        return Conflict("nothing_to_undo", _("没有可以撤回的审核。"))
    if membership.decided_at < now - UNDONE_WITHIN:
        return Conflict("undo_late", _("审核已超过 30 天，不能撤回；请用“结束会籍”。"))
    if membership.association.holdings.filter(talent=membership.talent_id).exists():
        return Conflict("holds_post", _("她已任职，不能撤回审核；请用“结束会籍”。"))
    return _why_not_open_again(membership)


def _why_not_open_again(membership):
    others = Membership.objects.filter(
        association=membership.association_id, talent=membership.talent_id, state__in=OPEN
    )
    if not others.exclude(pk=membership.pk).exists():
        return None
    return Conflict("open_already", _("她已有新的申请或会籍。"))


def why_not_come_back(membership, by, now):
    """Say why an ended membership does not stand again: within thirty days; what the association ended she does not restore."""
    if membership.state != MemberState.LEFT:
        return Conflict("not_left", _("只有退会或被结束的会籍可以恢复。"))
    if membership.reason and by is not None and membership.talent.user_id == by.pk:
        sentence = _("会籍由协会结束，恢复请与协会或联系部门商量。")
        return Refused("ended_by_others", sentence)
    today = timezone.localdate(now)
    if membership.left_on < today - UNDONE_WITHIN:
        return Conflict("undo_late", _("退会已超过 30 天，请重新申请入会。"))
    return _why_not_open_again(membership) or why_not_take_part_now(membership.talent)


# --- lists -----------------------------------------------------------------------------------------
def why_not_import(association, by):
    """Say why `by` may not enter a list of members: staff of the association's department do."""
    return rights.why_not_staff(association, by, IMPORT) or rights.why_not_standing(association)


def why_not_export(association, by, day):
    """Say why `by` may not take a list of members out: who is in office may, and staff with the right."""
    return rights.why_not_run(association, by, "networks.export_membership", day)


def why_not_row(association, talent, joined_on, valid_until, day):
    """Say why a line of a list is not taken: its days, or she is not in the database."""
    if joined_on < association.founded_on or joined_on > day:
        return Invalid("joined_when", _("入会日期应在协会成立以后、今天以前。"))
    if valid_until < joined_on:
        return Invalid("valid_until_early", _("会籍到期日早于入会日期。"))
    return why_not_take_part_now(talent)
