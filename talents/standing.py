"""Where a record stands beside its state: who may take part, who is listed, and why not.

Listed is who can be consulted and recommended: in the database, working in the district, agreeing to it
herself, with a record somebody stood for not too long ago, not paused. It is asked each time, never stored, so that nothing has to be kept in step. What
she uses for herself (booking, points) asks `why_not_take_part`, which a pause does not touch.
"""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from kernel.days import begin
from kernel.errors import Conflict, Refused
from kernel.words import day_text
from privacy.consents import agreeing
from privacy.models import Consent

# The purpose of the consent a record is kept by (its words are declared in talents.portal).
TALENT_DATABASE = "talent_database"
# How long after it fell due a record nobody stands for is still listed; afterwards what it says may be long past.
STALE_AFTER = timedelta(days=90)


def why_not_take_part(talent):
    """Return why she (her record, or None) cannot book or redeem anything new (DomainError), or None."""
    if talent is None or talent.state == "draft":
        return Refused("no_record", _("请先填写档案并提交审核，审核通过后就可以办理。"))
    if talent.has_left_database:
        sentence = _("您已撤回人才库授权，在“我的授权”里重新同意后就可以办理。")
        return Refused("left_database", sentence)
    if talent.state == "submitted":
        return Refused("talent_in_review", _("您的档案正在审核，通过后会通知您，届时即可办理。"))
    if not talent.is_verified:
        return Refused("talent_returned", _("您的档案需要补充，补充并通过审核后就可以办理。"))
    if talent.moved_away_on:
        sentence = _(
            "您已登记离开两江新区。如果已经回来，请在“我的档案”里点“我回来了”，就可以办理。"
        )
        return Refused("moved_away", sentence)
    return None


def why_not_listed(talent, day):
    """Return why a record is not among those to be consulted and recommended on a date (DomainError), or None.

    What a unit reported is listed once its woman has claimed it: the unit's word is no consent of hers.
    """
    if talent.has_left_database:
        return Conflict("left_database", _("本人撤回了人才库授权。"))
    if not talent.is_verified:
        return Conflict("not_verified", _("档案还没有审核入库。"))
    if talent.moved_away_on:
        sentence = _("已离开两江新区（%(day)s）。") % {"day": day_text(talent.moved_away_on)}
        return Conflict("moved_away", sentence)
    if talent.user_id is None:
        return Conflict("not_claimed", _("档案由单位报送，本人还没有认领和授权。"))
    if not Consent.objects.granted_by(talent.user_id, TALENT_DATABASE):
        return Conflict("no_consent", _("没有本人对人才库的授权。"))
    return _why_stale(talent, day) or why_paused(talent, day)


def _why_stale(talent, day):
    if not is_stale(talent, day):
        return None
    due = {"day": day_text(timezone.localdate(talent.confirm_from))}
    sentence = _("档案自%(day)s起该核对，一直没有核对。本人或单位核对以后自动恢复。")
    return Conflict("not_confirmed", sentence % due)


def is_stale(talent, day):
    """Tell whether a record fell due for confirmation so long before a date that it is not listed."""
    return talent.confirm_from is not None and talent.confirm_from < _stale_edge(day)


def stale(rows, day):
    """Keep those of a queryset of talents of whom `is_stale` is true on a date."""
    return rows.filter(confirm_from__lt=_stale_edge(day))


def _stale_edge(day):
    return begin(day) - STALE_AFTER


def why_paused(talent, day):
    """Return that a record is paused on a date, until when and why (DomainError), or None."""
    if not talent.is_paused(day):
        return None
    if talent.paused_until:
        until = {"day": day_text(talent.paused_until), "reason": talent.pause_reason}
        if talent.pause_reason:
            return Conflict("paused", _("工作人员已暂停，%(day)s恢复：%(reason)s") % until)
        return Conflict("paused", _("本人已暂停，%(day)s恢复。") % until)
    if talent.pause_reason:
        sentence = _("工作人员已暂停：%(reason)s") % {"reason": talent.pause_reason}
        return Conflict("paused", sentence)
    return Conflict("paused", _("本人已暂停。"))


def paused(rows, day):
    """Keep those of a queryset of talents who are paused on a date."""
    return rows.filter(Q(paused_until=None) | Q(paused_until__gt=day), paused_at__isnull=False)


def listed(rows, day):
    """Keep those of a queryset of talents for whom `why_not_listed` has nothing to say."""
    return agreeing(listed_but_for_consent(rows, day), TALENT_DATABASE)


def listed_but_for_consent(rows, day):
    """Keep those who would be listed on a date if they agree: what their own columns say, without their answers."""
    over = Q(paused_at=None) | Q(paused_until__lte=day)
    current = Q(confirm_from=None) | Q(confirm_from__gte=_stale_edge(day))
    return rows.active().filter(over, current, user__isnull=False)
