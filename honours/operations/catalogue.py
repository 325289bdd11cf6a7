"""Staff keep the catalogue and say which honour a call leads to."""

from django.db import transaction
from django.utils.translation import gettext as _

from calls.locking import lock_call
from calls.models import ApplicationState, CallState
from calls.rules import why_not_manage
from honours import rules
from honours.models import CallHonour, Honour
from honours.operations import awarding
from kernel import rights
from kernel.errors import Conflict
from privacy import audit

EDITABLE = ("name", "name_en", "level", "for_whom", "granted_by", "standard_code", "is_current")


@transaction.atomic
def save_honour(*, honour=None, values, by, now):
    """Add an honour to the catalogue (`honour` None) or change one; `values` are of EDITABLE. Returns the Honour.

    Raises Refused, Conflict for a name there is already and for what was granted by and keeps its level.
    """
    rights.require(by, "honours.change_honour")
    if honour is not None:
        honour = Honour.objects.select_for_update(no_key=True).get(pk=honour.pk)
    if error := rules.why_not_save_honour(honour, values):
        raise error
    saved = honour or Honour()
    before = {name: getattr(saved, name) for name in EDITABLE}
    for name in EDITABLE:
        setattr(saved, name, values.get(name, before[name]))
    if Honour.objects.filter(name=saved.name).exclude(pk=saved.pk).exists():
        raise Conflict("honour_name_taken", _("目录里已有同名的荣誉。"), field="name")
    changed = [name for name in EDITABLE if getattr(saved, name) != before[name]]
    if honour is not None and not changed:
        return honour
    saved.save()
    verb = "honours.add_honour" if honour is None else "honours.edit_honour"
    audit.record(verb, saved, by=by, at=now, fields=changed)
    return saved


@transaction.atomic
def set_call_honour(*, call, honour, by, now):
    """Say which honour a call leads to, None for nothing; what is said already does nothing twice. Returns the Call.

    Where its results were told before anybody said so, what should have followed does now: those selected are
    granted the honour, or recommended for it. Raises Refused, Conflict.
    """
    if error := why_not_manage(call, by, "calls.change_call"):
        raise error
    call = lock_call(call)
    if error := rules.why_not_lead_to(call, honour):
        raise error
    stored = CallHonour.objects.filter(call=call).first()
    if (stored and stored.honour) == honour and not (stored and stored.sweep_failures):
        return call
    if honour is None:
        stored.delete()
    else:
        fresh = {"honour": honour, "sweep_failures": 0}
        CallHonour.objects.update_or_create(call=call, defaults=fresh)
    audit.record("honours.set_call_honour", call, by=by, at=now)
    call = type(call).objects.get(pk=call.pk)
    if call.state == CallState.DECIDED and honour is not None:
        chosen = call.applications.filter(state=ApplicationState.AWARDED)
        for application in chosen.select_related("call", "talent__user").order_by("pk"):
            awarding.follow_result(application=application, now=now)
    return call
