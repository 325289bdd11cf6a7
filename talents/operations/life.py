"""She, or a clerk, keeps a record out of consultations for a while, or says that she left the district; and back.

Facts beside the state: who decided is told by the reason, which staff give and she does not. What she decided
herself she takes back; what staff decided, staff.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kernel.errors import Conflict, Invalid
from kernel.words import in_both_languages
from notices import operations as notices
from privacy import audit
from talents import standing
from talents.operations.decisions import clean_reason, why_not_decide
from talents.operations.records import lock_record, why_not_hers


def why_not_pause(talent, by, day):
    """Return why `by`, she or a clerk, cannot pause a record on a date (DomainError), or None."""
    if error := why_not_act(talent, by) or _why_not_in(talent):
        return error
    if talent.moved_away_on:
        sentence = _("已登记离开两江新区，本来就不在咨询推荐名单里，不用暂停。")
        return Conflict("moved_away", sentence)
    return standing.why_paused(talent, day)


def why_not_resume(talent, by, day):
    """Return why `by` cannot end the pause of a record (DomainError), or None."""
    if error := why_not_act(talent, by):
        return error
    if not talent.is_paused(day):
        return Conflict("not_paused", _("这份档案没有暂停，不用恢复。"))
    return _why_staffs(talent, by, talent.pause_reason)


def why_not_move_away(talent, by):
    """Return why `by` cannot write down that she left the district (DomainError), or None."""
    if error := why_not_act(talent, by) or _why_not_in(talent):
        return error
    if talent.moved_away_on:
        return Conflict("moved_away", _("已经登记离开两江新区，不用再登记。"))
    return None


def why_not_move_back(talent, by):
    """Return why `by` cannot write down that she is back in the district (DomainError), or None."""
    if error := why_not_act(talent, by):
        return error
    if not talent.moved_away_on:
        return Conflict("not_moved_away", _("没有登记离开两江新区，不用再登记回来。"))
    return _why_staffs(talent, by, talent.moved_away_reason)


def why_not_act(talent, by):
    """Return why `by` is neither she nor a clerk of hers (DomainError), or None."""
    if _is_hers(talent, by):
        return None
    return why_not_decide(talent, by)


def _is_hers(talent, by):
    return by is not None and why_not_hers(talent.user_id, by) is None


def _why_not_in(talent):
    if not talent.is_verified:
        return Conflict("not_verified", _("档案入库以后才能办理。"))
    return None


def _why_staffs(talent, by, reason):
    """Return that staff decided it (reason given) and she cannot take it back, or None."""
    if reason and _is_hers(talent, by):
        return Conflict("decided_by_staff", _("这是工作人员登记的，如有变化请联系所属部门恢复。"))
    return None


def _take_up(talent, by, rule, *asked):
    """Lock a record for what she or a clerk decides; the rule is asked of the row as it stands then."""
    if error := why_not_act(talent, by):
        raise error
    talent = lock_record(talent)
    if talent is None:
        raise Conflict("record_gone", _("这份档案已不在，请刷新页面。"))
    if error := rule(talent, by, *asked):
        raise error
    return talent


def _reason(talent, by, reason):
    """Return the reason staff have to give, "" for what she decides herself."""
    return "" if _is_hers(talent, by) else clean_reason(reason)


@transaction.atomic
def pause(*, talent, by, now, until=None, reason=""):
    """Keep a record out of consultations and recommendations; returns the Talent.

    `until` is the date on which it ends by itself, None leaves it open. Staff give a `reason`, which she reads;
    hers is not asked for. Raises Refused as `verify` does, Conflict("not_verified"), Conflict("paused"),
    Invalid("day_not_ahead"), Invalid("reason_missing"), Invalid("reason_too_long").
    """
    day = timezone.localdate(now)
    talent = _take_up(talent, by, why_not_pause, day)
    if until is not None and until <= day:
        raise Invalid("day_not_ahead", _("恢复的日期要在今天以后。"), field="until")
    reason = _reason(talent, by, reason)
    talent.paused_at, talent.paused_until, talent.pause_reason = now, until, reason
    talent.updated_at = now
    talent.save()
    detail = {"paused_until": until.isoformat()} if until else {}
    audit.record("talents.pause", talent, by=by, at=now, reason=reason, **detail)
    if reason:
        _tell("talents.paused", talent, now, reason=reason)
    return talent


@transaction.atomic
def resume(*, talent, by, now):
    """End the pause of a record; returns the Talent.

    Raises Refused as `verify` does, Conflict("not_paused"), Conflict("decided_by_staff").
    """
    talent = _take_up(talent, by, why_not_resume, timezone.localdate(now))
    end_pause(talent)
    talent.updated_at = now
    talent.save()
    audit.record("talents.resume", talent, by=by, at=now)
    if not _is_hers(talent, by):
        _tell("talents.resumed", talent, now)
    return talent


@transaction.atomic
def move_away(*, talent, day, by, now, reason=""):
    """Write down that she left the district on a date; returns the Talent.

    She stays in figures of that time; seats she holds, vouchers and points stay hers. Staff give a `reason`.
    Raises Refused as `verify` does, Conflict("not_verified"), Conflict("moved_away"), Invalid("day_in_future"),
    Invalid("reason_missing"), Invalid("reason_too_long").
    """
    talent = _take_up(talent, by, why_not_move_away)
    if day > timezone.localdate(now):
        raise Invalid("day_in_future", _("不能晚于今天，请到时再登记。"), field="day")
    reason = _reason(talent, by, reason)
    talent.moved_away_on, talent.moved_away_reason, talent.updated_at = day, reason, now
    talent.save()
    detail = {"moved_away_on": day.isoformat()}
    audit.record("talents.move_away", talent, by=by, at=now, reason=reason, **detail)
    if reason:
        _tell("talents.moved_away", talent, now, reason=reason)
    return talent


@transaction.atomic
def move_back(*, talent, by, now):
    """Write down that she is back in the district; returns the Talent.

    Raises Refused as `verify` does, Conflict("not_moved_away"), Conflict("decided_by_staff").
    """
    talent = _take_up(talent, by, why_not_move_back)
    stay(talent)
    talent.updated_at = now
    talent.save()
    audit.record("talents.move_back", talent, by=by, at=now)
    if not _is_hers(talent, by):
        _tell("talents.moved_back", talent, now)
    return talent


def end_pause(talent):
    """Forget the pause of a record that the caller saves."""
    talent.paused_at, talent.paused_until, talent.pause_reason = None, None, ""


def stay(talent):
    """Forget that she left the district, of a record that the caller saves."""
    talent.moved_away_on, talent.moved_away_reason = None, ""


def forget_hers(talent):
    """Forget what an account said of a record it should not have had; the caller saves."""
    if not talent.pause_reason:
        end_pause(talent)
    if not talent.moved_away_reason:
        stay(talent)


def _tell(kind, talent, now, **context):
    """Tell the woman what staff wrote down of her, where she has an account."""
    if not talent.user_id:
        return
    if reason := context.get("reason"):
        context["reason"] = in_both_languages(lambda: reason)
    key = f"{talent.pk}:{now.timestamp():.6f}"
    link = notices.page_link("profile")
    notices.queue(kind, to=talent.user, obj=key, at=now, link=link, **context)
