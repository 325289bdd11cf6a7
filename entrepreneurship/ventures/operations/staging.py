"""A venture goes on to its next stage; a step that was wrong is taken back and stays to be seen."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.operations import clean_uscc
from entrepreneurship.ventures import letters, rules
from entrepreneurship.ventures.models import VentureStage, VentureStageCode
from entrepreneurship.ventures.operations.keeping import _save, locked
from kernel import reasons
from privacy import audit

STATE = ["stage", "stage_on", "registered_on", "next_check_on"]


@transaction.atomic
def enter_stage(*, venture, stage, day, uscc="", by, now):
    """Note that a venture entered a stage on a day; "registered" asks for its code (GB 32100), unless it is there.

    Her founders do, or staff of its department. The same step twice is one. Raises Refused, Invalid, Conflict.
    Returns the Venture.
    """
    if error := rules.why_not_either(venture, by):
        raise error
    venture = locked(venture)
    if (venture.stage, venture.stage_on) == (stage, day):
        return venture
    typed = clean_uscc(uscc)
    if error := (
        rules.why_not_enter(venture, stage, day, typed, now)
        or (typed and rules.why_not_uscc(typed, venture))
        or None
    ):
        raise error
    VentureStage.objects.create(
        venture=venture, stage=stage, day=day, noted_at=now, by_staff=_is_staff(venture, by)
    )
    venture.uscc = typed or venture.uscc
    _stand(venture, stage, day, now)
    audit.record("entrepreneurship.enter_stage", venture, by=by, at=now, stage=stage)
    return venture


def _is_staff(venture, by):
    return by is not None and not rules.is_founder(venture, by)


def _stand(venture, stage, day, now):
    """Have the venture say what its newest standing step says."""
    steps = venture.stages.standing().filter(stage=VentureStageCode.REGISTERED)
    registered = steps.values_list("day", flat=True).first()
    venture.stage, venture.stage_on, venture.registered_on = stage, day, registered
    asked = venture.checks.values_list("due_on", flat=True).first()
    today = timezone.localdate(now)
    venture.next_check_on = rules.next_check(venture, max(asked, today) if asked else today)
    _save(venture, [*STATE, "uscc"])


@transaction.atomic
def take_stage_back(*, venture, reason="", by, now):
    """Take back the last step, which was wrong: the venture stands where it stood before, and the history says both.

    Staff give a reason, and her founders are told. Raises Refused, Conflict for the first step. Returns the Venture.
    """
    if error := rules.why_not_either(venture, by):
        raise error
    staff = _is_staff(venture, by)
    if staff:
        reason = reasons.clean(reason, _("请写明撤回的原因。"))
    venture = locked(venture)
    if error := rules.why_not_take_back(venture):
        raise error
    last, before = venture.stages.standing()[:2]
    VentureStage.objects.create(
        venture=venture,
        stage=last.stage,
        day=last.day,
        noted_at=now,
        by_staff=staff,
        takes_back=last,
    )
    _stand(venture, before.stage, before.day, now)
    audit.record("entrepreneurship.take_stage_back", venture, by=by, at=now, reason=reason)
    if staff:
        letters.corrected(venture, now)
    return venture
