"""A venture is entered, written anew by its founders, put right by staff, taken out as a list."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.operations import clean_uscc
from entrepreneurship.ventures import letters, rules
from entrepreneurship.ventures.models import (
    FounderKind,
    Venture,
    VentureFounder,
    VentureStageCode,
)
from kernel import reasons
from kernel.errors import Refused
from privacy import audit
from talents.models import Talent

PRESSED_TWICE = timedelta(minutes=10)
BEGINS = (VentureStageCode.IDEA, VentureStageCode.TEAM, VentureStageCode.REGISTERED)


def locked(venture):
    """Return a venture as it stands now, locked: whatever changes it, its founders or its checks holds this lock."""
    rows = Venture.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("talent__user", "department").get(pk=venture.pk)


def _tidy(values, before=None):
    """Return {field: value} of TYPED, blanks tidied and the code checked. Raises Invalid."""
    named = {
        name: values[name] if name in values else getattr(before, name, None)
        for name in rules.TYPED
    }
    for name in ("name", "summary"):
        named[name] = " ".join((named[name] or "").split())
    named["uscc"] = clean_uscc(named["uscc"])
    return named


@transaction.atomic
def create_venture(*, talent, values, by, now):
    """Enter a venture of a woman in the database; she is its first founder and keeps it.

    `values`: name, industry, summary, base, uscc; `stage` (idea, team or registered, idea where left out) and the `day` she
    entered it (today where left out); her own `role` and `share`. Pressing twice enters one. Raises Refused, Invalid,
    Conflict for a code of another venture. Returns the Venture.
    """
    if error := rules.why_not_create(talent, by):
        raise error
    talent = Talent.objects.locked().get(pk=talent.pk)
    typed = _tidy(values)
    lately = Venture.objects.filter(talent=talent, created_at__gt=now - PRESSED_TWICE)
    if twice := lately.filter(name=typed["name"], created_at__lte=now).first():
        return twice
    stage = values.get("stage") or VentureStageCode.IDEA
    day = values.get("day") or timezone.localdate(now)
    venture = Venture(
        talent=talent,
        department=talent.department,
        stage=VentureStageCode.IDEA,
        stage_on=day,
        created_at=now,
        **typed,
    )
    role, share = values.get("role") or "lead", values.get("share") or 0
    if error := (
        rules.why_not_create(talent, by)
        or rules.why_not_more(talent)
        or rules.why_not_typed(typed)
        or rules.why_not_uscc(typed["uscc"])
        or rules.why_not_begin(stage, day, typed["uscc"], now)
        or rules.why_not_role(role)
        or rules.why_not_share(venture, rules.number(share))
    ):
        raise error
    venture.stage = stage
    venture.registered_on = day if stage == VentureStageCode.REGISTERED else None
    venture.next_check_on = rules.next_check(venture, timezone.localdate(now))
    _save(venture)
    venture.stages.create(stage=stage, day=day, noted_at=now)
    VentureFounder.objects.create(
        venture=venture,
        kind=FounderKind.RECORD,
        talent=talent,
        role=role,
        share=rules.number(share),
        made_at=now,
        accepted_at=now,
    )
    audit.record("entrepreneurship.create_venture", venture, by=by, at=now)
    return venture


def _save(venture, fields=None):
    """Save a venture; the constraint decides between two who enter one code at once. Raises Conflict."""
    try:
        with transaction.atomic():
            venture.save(update_fields=fields)
    except IntegrityError as error:
        raise rules.why_not_uscc(venture.uscc, venture) or error from error


def _write(venture, values):
    """Store what was typed; returns the names of what changed. Raises Invalid, Conflict."""
    typed = _tidy(values, venture)
    if error := rules.why_not_typed(typed) or rules.why_not_uscc(typed["uscc"], venture):
        raise error
    changed = [name for name in rules.TYPED if getattr(venture, name) != typed[name]]
    if changed:
        for name in changed:
            setattr(venture, name, typed[name])
        _save(venture, changed)
    return changed


@transaction.atomic
def save_venture(*, venture, values, by, now):
    """Write a venture anew; `values` are of rules.TYPED, what is left out stays. Raises Refused, Invalid, Conflict.

    Saving the same changes nothing. Returns the Venture.
    """
    if error := rules.why_not_write(venture, by):
        raise error
    venture = locked(venture)
    if changed := _write(venture, values):
        audit.record("entrepreneurship.save_venture", venture, by=by, at=now, fields=changed)
    return venture


@transaction.atomic
def correct_venture(*, venture, values, reason, by, now):
    """Put right what a venture says, as staff of its department, with a reason; her founders are told.

    Raises Refused, Invalid, Conflict. Returns the Venture.
    """
    if error := rules.why_not_correct(venture, by):
        raise error
    reason = reasons.clean(reason, _("请写明更正的原因。"))
    venture = locked(venture)
    if changed := _write(venture, values):
        audit.record(
            "entrepreneurship.correct_venture",
            venture,
            by=by,
            at=now,
            reason=reason,
            fields=changed,
        )
        letters.corrected(venture, now)
    return venture


@transaction.atomic
def export_ventures(*, rows, by, now):
    """Note that a list of ventures is taken out; returns those of `rows` that `by` may see, the newest first."""
    if by is not None and not by.has_perm("entrepreneurship.export_venture"):
        raise Refused("not_allowed", _("您没有导出创业项目的权限，请联系系统管理员。"))
    seen = rows if by is None else rows.filter(pk__in=Venture.objects.visible_to(by).values("pk"))
    found = list(seen.select_related("department", "base", "talent").order_by("-pk"))
    if by is not None:
        audit.record("entrepreneurship.export_ventures", by, by=by, at=now, count=len(found))
    return found
