"""What of the app's work waits for somebody: lines and figures of the work queue."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kernel.admin.queue import capped, changelist, set_aside
from kernel.days import begin, month_of
from kernel.portal import Task
from talents.erasure.models import Erasure
from talents.models import Claim, ImportRun, ImportState, Pair, Proposal, Talent

SOON = timedelta(days=3)


def to_verify(user, now):
    """Return the line about records that wait for a decision."""
    return _to_decide(
        Talent.objects.visible_to(user).waiting(),
        "submitted_at",
        _("待审核的人才档案"),
        _("核对后通过，或写明原因退回。"),
        "talents_talent",
        now,
        state="submitted",
    )


def proposals_to_decide(user, now):
    """Return the line about changes of identity that wait for a decision."""
    return _to_decide(
        Proposal.objects.visible_to(user).waiting(),
        "proposed_at",
        _("待核对的更正申请"),
        _("本人的身份信息、单位报来的职务变化，新旧对照，核对后通过或写明原因。"),
        "talents_proposal",
        now,
    )


def claims_to_decide(user, now):
    """Return the line about claims of reported records that wait for a decision."""
    return _to_decide(
        Claim.objects.visible_to(user).waiting(),
        "asked_at",
        _("待核对的认领申请"),
        _("核对证件后通过，或写明原因不通过。"),
        "talents_claim",
        now,
    )


def pairs_to_judge(user, now):
    """Return the line about records that may be one woman's, which nobody has judged."""
    return Task(
        pgettext("many", "可能重复的档案"),
        capped(Pair.objects.visible_to(user).waiting()),
        _("左右对照，是同一人就合并，不是就注明。"),
        changelist("talents_pair", "judged=waiting"),
    )


def _to_decide(waiting, since, title, hint, model, now, state="waiting"):
    oldest = waiting.values_list(since, flat=True).first()
    return Task(
        title,
        capped(waiting),
        hint,
        changelist(model, f"state__exact={state}"),
        oldest,
        urgent=bool(oldest and now - oldest > SOON),
    )


def erasures_set_aside(user, now):
    """Return the line about women who could not be erased."""
    rows = Erasure.objects.visible_to(user).waiting()
    return set_aside(_("没有成功的个人信息删除"), rows, "talents_erasure")


def imports_to_confirm(user, now):
    """Return the line about lists that were previewed and not confirmed."""
    ready = ImportRun.objects.visible_to(user).filter(state=ImportState.READY)
    return Task(
        _("待确认的名单导入"),
        capped(ready),
        _("预览已完成，确认后才会写入。"),
        changelist("talents_importrun", "state__exact=ready"),
    )


def verified(user, now):
    """Count the records in the database that she may see."""
    return Talent.objects.visible_to(user).active().count()


def new_this_month(user, now):
    """Count those of them that came in this month."""
    talents = Talent.objects.visible_to(user).verified()
    return talents.filter(verified_at__gte=begin(month_of(now))).count()
