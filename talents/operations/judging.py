"""A clerk says that two records that look alike are two women, and takes that back."""

from django.db import transaction
from django.utils.translation import gettext as _

from kernel.errors import Conflict
from privacy import audit
from talents.doubles.models import Pair
from talents.operations.decisions import clean_reason, why_not_decide


def why_not_judge(pair, by):
    """Return why `by` cannot judge a pair (DomainError), or None: both records have to be hers to decide on."""
    if error := why_not_decide(pair.first, by) or why_not_decide(pair.second, by):
        return error
    if not pair.is_waiting:
        return Conflict("already_judged", _("这两份档案已判断为两个人，请刷新页面。"))
    return None


def why_not_judge_again(pair, by):
    """Return why `by` cannot take back that a pair is two women (DomainError), or None."""
    if error := why_not_decide(pair.first, by) or why_not_decide(pair.second, by):
        return error
    if pair.is_waiting:
        return Conflict("not_judged", _("这两份档案还没有判断，不用恢复。"))
    return None


def _lock(pair, by, rule):
    if error := why_not_decide(pair.first, by) or why_not_decide(pair.second, by):
        raise error
    pair = (
        Pair.objects.select_for_update(of=("self",))
        .select_related("first", "second")
        .get(pk=pair.pk)
    )
    if error := rule(pair, by):
        raise error
    return pair


@transaction.atomic
def judge_apart(*, pair, reason, by, now):
    """Say that two records are two women; nobody is asked about them again. Returns the Pair.

    Raises Refused as `verify` does, Conflict("already_judged"), Invalid("reason_missing", "reason_too_long").
    """
    pair = _lock(pair, by, why_not_judge)
    reason = clean_reason(reason, _("请写明怎样确认是两个人，至少四个字。"))
    pair.apart_at, pair.apart_by, pair.apart_reason = now, by, reason
    pair.save(update_fields=["apart_at", "apart_by", "apart_reason"])
    for talent in (pair.first, pair.second):
        audit.record("talents.judge_apart", talent, by=by, at=now, reason=reason, pair=pair.pk)
    return pair


@transaction.atomic
def judge_again(*, pair, by, now):
    """Take back that two records are two women; the pair waits for a decision again. Returns the Pair.

    Raises Refused as `verify` does, Conflict("not_judged").
    """
    pair = _lock(pair, by, why_not_judge_again)
    pair.apart_at, pair.apart_by, pair.apart_reason = None, None, ""
    pair.save(update_fields=["apart_at", "apart_by", "apart_reason"])
    for talent in (pair.first, pair.second):
        audit.record("talents.judge_again", talent, by=by, at=now, pair=pair.pk)
    return pair
