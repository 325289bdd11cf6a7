"""Programmes: planned, opened, concluded; their modules."""

from django.db import transaction
from django.utils.translation import gettext as _

from entrepreneurship.learning import rules
from entrepreneurship.learning.models import (
    EnrolmentState,
    ModuleEvent,
    Programme,
    ProgrammeModule,
    ProgrammeState,
)
from entrepreneurship.learning.operations.looking import look_at
from entrepreneurship.learning.progress import plan
from entrepreneurship.learning.rules.training import why_not_reach, why_not_so_long
from kernel import reasons
from kernel.errors import Invalid, raise_if
from privacy import audit

DESCRIBED = ("name", "name_en", "series", "description", "minutes_required", "call")
MODULE = ("theme", "name", "minutes_required")


def _locked(programme, by, rule=rules.why_not_manage_programme):
    """Return the programme as it stands, locked, if `by` may; asked before the lock and after it."""
    raise_if(rule(programme, by))
    programme = Programme.objects.locked(programme)
    raise_if(rule(programme, by))
    return programme


@transaction.atomic
def add_programme(*, fields, by, now):
    """Plan a programme of a series (names of DESCRIBED → values), as a draft nobody else sees.

    Raises Refused unless `by` works for the series' department, Invalid, Conflict. Returns the Programme.
    """
    values = {name: fields[name] for name in DESCRIBED if fields.get(name) is not None}
    programme = Programme(**values, created_at=now, updated_at=now)
    if programme.series_id is None:
        raise Invalid("series_missing", _("请选择活动系列。"), field="series")
    if error := rules.why_not_manage_programme(
        programme, by, "entrepreneurship.add_programme"
    ) or rules.why_not_programme(programme):
        raise error
    programme.save()
    audit.record("entrepreneurship.add_programme", programme, by=by, at=now)
    return programme


@transaction.atomic
def edit_programme(*, programme, changes, by, now):
    """Change what DESCRIBED names. Of one that runs what is asked for still has to be within what is planned.

    Raises Refused, Invalid, Conflict once it is concluded. Returns the Programme.
    """
    programme = _locked(programme, by)
    changes = {
        name: value
        for name, value in changes.items()
        if name in DESCRIBED and getattr(programme, name) != value
    }
    if error := rules.why_not_edit_programme(programme):
        raise error
    for name, value in changes.items():
        setattr(programme, name, value)
    error = rules.why_not_manage_programme(programme, by) or rules.why_not_programme(programme)
    if error or (error := _why_not_still_open(programme)):
        raise error
    if not changes:
        return programme
    programme.updated_at = now
    programme.save(update_fields=[*changes, "updated_at"])
    audit.record(
        "entrepreneurship.edit_programme", programme, by=by, at=now, fields=sorted(changes)
    )
    look_at(programme, now)
    return programme


def _why_not_still_open(programme):
    return why_not_reach(plan(programme)) if programme.is_open else None


@transaction.atomic
def open_programme(*, programme, by, now):
    """Let women take part. Opening twice does nothing twice.

    Raises Refused, and what rules.why_not_open_programme returns: nothing can be asked for that is not planned.
    """
    programme = _locked(programme, by)
    if programme.is_open:
        return programme
    if error := rules.why_not_open_programme(plan(programme)):
        raise error
    programme.state, programme.opened_at, programme.updated_at = ProgrammeState.OPEN, now, now
    programme.save(update_fields=["state", "opened_at", "updated_at"])
    audit.record("entrepreneurship.open_programme", programme, by=by, at=now)
    return programme


@transaction.atomic
def close_programme(*, programme, by, now):
    """Conclude a programme: who reached what was asked for has completed it, everybody gets her certificate.

    Raises Refused, and what rules.why_not_close returns. Returns the Programme.
    """
    programme = _locked(programme, by)
    if programme.is_closed:
        return programme
    found = plan(programme)
    if error := rules.why_not_close(found) or why_not_so_long(found):
        raise error
    programme.state, programme.closed_at, programme.updated_at = ProgrammeState.CLOSED, now, now
    programme.save(update_fields=["state", "closed_at", "updated_at"])
    audit.record("entrepreneurship.close_programme", programme, by=by, at=now)
    look_at(programme, now)
    return programme


@transaction.atomic
def reopen_programme(*, programme, reason, by, now):
    """Take a conclusion back: it runs again, certificates stand until it is concluded anew.

    `reason` (4 to 200 characters) is kept. Raises Refused, Conflict, what kernel.reasons.clean raises.
    """
    programme = _locked(programme, by)
    if error := rules.why_not_reopen(programme):
        raise error
    reason = reasons.clean(reason, _("请写明撤回结业的原因。"))
    programme.state, programme.closed_at, programme.updated_at = ProgrammeState.OPEN, None, now
    programme.save(update_fields=["state", "closed_at", "updated_at"])
    decided = (EnrolmentState.COMPLETED, EnrolmentState.ENDED)
    programme.enrolments.filter(state__in=decided).update(state=EnrolmentState.ENROLLED)
    audit.record("entrepreneurship.reopen_programme", programme, by=by, at=now, reason=reason)
    look_at(programme, now)
    return programme


@transaction.atomic
def recount(*, programme, by, now):
    """Count minutes, risks and certificates anew at once, after attendance was put right. Raises Refused.

    Returns how many certificates and states changed.
    """
    programme = _locked(programme, by)
    changed = look_at(programme, now)
    audit.record("entrepreneurship.recount", programme, by=by, at=now, changed=changed)
    return changed


# --- modules -----------------------------------------------------------------------------------------
@transaction.atomic
def add_module(*, programme, fields, events, by, now):
    """Add a module (names of MODULE → values) taught by these Events of the series.

    Raises Refused, what rules.why_not_module returns, Invalid for minutes above what is planned once the programme
    runs. Returns the ProgrammeModule.
    """
    programme = _locked(programme, by, rules.why_not_change_modules)
    module = ProgrammeModule(programme=programme, **{n: fields[n] for n in MODULE if n in fields})
    _write_module(module, events, now)
    audit.record("entrepreneurship.add_module", module, by=by, at=now)
    return module


@transaction.atomic
def edit_module(*, module, changes, events, by, now):
    """Change what MODULE names of a module, and by which Events it is taught; raises what add_module does."""
    programme = _locked(module.programme, by, rules.why_not_change_modules)
    module = programme.modules.get(pk=module.pk)
    module.programme = programme
    for name in MODULE:
        setattr(module, name, changes.get(name, getattr(module, name)))
    _write_module(module, events, now)
    audit.record("entrepreneurship.edit_module", module, by=by, at=now)
    return module


def _write_module(module, events, now):
    events = list(events)
    if error := rules.why_not_module(module, events):
        raise error
    module.save()
    module.taught.exclude(event__in=events).delete()
    known = set(module.taught.values_list("event", flat=True))
    ModuleEvent.objects.bulk_create(
        ModuleEvent(module=module, event=event) for event in events if event.pk not in known
    )
    programme = module.programme
    if error := _why_not_still_open(programme):
        raise error
    look_at(programme, now)


@transaction.atomic
def drop_module(*, module, by, now):
    """Take a module off its programme; the events stay and count to the whole. Raises Refused, Conflict."""
    programme = _locked(module.programme, by, rules.why_not_change_modules)
    found = programme.modules.filter(pk=module.pk).first()
    if found:
        audit.record("entrepreneurship.drop_module", programme, by=by, at=now, module=found.pk)
        found.delete()
        look_at(programme, now)
