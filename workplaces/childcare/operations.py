"""Nurseries are entered, corrected, confirmed; free places are stated; changes are undone; the clock reminds."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kernel import rights
from kernel.errors import Conflict, Invalid, raise_if
from privacy import audit
from workplaces.changes import latest, put, put_back
from workplaces.childcare import letters, rules
from workplaces.childcare.models import Nursery, NurseryChange, NurseryClass
from workplaces.keeping import department_of

NURSERY_FIELDS = (
    "name",
    "name_en",
    "district",
    "address",
    "phone",
    "registration",
    "registered_on",
    "subsidised",
    "subsidy",
    "is_open",
)
CLASS_FIELDS = ("name", "band", "capacity", "carers", "price")
NEEDED = frozenset({"name", "district", "address", "phone", "registration", "registered_on"})


def locked(nursery):
    """Return a nursery as it stands now, locked: whatever changes it or its classes holds this lock."""
    return Nursery.objects.select_for_update(of=("self",), no_key=True).get(pk=nursery.pk)


def _note(nursery, klass, before, after, by, now):
    NurseryChange.objects.create(
        nursery=nursery, klass=klass, before=before, after=after, by=by, at=now
    )


# --- nurseries -------------------------------------------------------------------------------------
@transaction.atomic
def save_nursery(*, nursery=None, unit=None, values, by, now):
    """Add (`nursery=None`, for a unit) or change one; who writes it has confirmed it. `values` are of NURSERY_FIELDS.

    A new registration number is to be checked again. Raises Refused, Invalid, Conflict. Returns the Nursery.
    """
    is_new = nursery is None
    raise_if(rules.why_not_unit(unit, by) if is_new else rules.why_not_keep(nursery, by))
    values = {name: values[name] for name in NURSERY_FIELDS if name in values}
    if is_new:
        nursery = Nursery(unit=unit, created_at=now, department=department_of(by))
    else:
        nursery = locked(nursery)
    before, after = put(nursery, values)
    for name in NURSERY_FIELDS:
        if name in NEEDED and not getattr(nursery, name):
            raise Invalid("nursery_incomplete", _("请填写这一项。"), field=name)
    if nursery.registered_on > timezone.localdate(now):
        raise Invalid("registered_later", _("备案日期不能晚于今天。"), field="registered_on")
    raise_if(rules.why_not_registration(nursery.registration, nursery))
    if {"registration", "registered_on"} & after.keys():
        nursery.registration_checked_on = None
    is_renewed = nursery.confirmed_on != timezone.localdate(now)
    _confirmed(nursery, now)
    nursery.save()
    if not after and is_renewed:
        audit.record("workplaces.confirm_nursery", nursery, by=by, at=now)
    if after:
        _note(nursery, None, {} if is_new else before, after, by, now)
        verb = "workplaces.add_nursery" if is_new else "workplaces.edit_nursery"
        audit.record(verb, nursery, by=by, at=now)
    return nursery


def _confirmed(nursery, now):
    nursery.confirmed_on, nursery.confirm_reminded_at = timezone.localdate(now), None


@transaction.atomic
def confirm_nursery(*, nursery, by, now):
    """Note that everything is as it is written today: it is found for another year. Returns the Nursery."""
    raise_if(rules.why_not_keep(nursery, by))
    nursery = locked(nursery)
    if nursery.confirmed_on != timezone.localdate(now):
        _confirmed(nursery, now)
        nursery.save(update_fields=["confirmed_on", "confirm_reminded_at"])
        audit.record("workplaces.confirm_nursery", nursery, by=by, at=now)
    return nursery


@transaction.atomic
def check_registration(*, nursery, by, now):
    """Note that the registration was looked up and holds: the nursery is shown. Raises Refused, Conflict.

    Returns the Nursery.
    """
    raise_if(rules.why_not_check(nursery, by))
    nursery = locked(nursery)
    raise_if(rules.why_not_check(nursery, by))
    nursery.registration_checked_on = timezone.localdate(now)
    nursery.save(update_fields=["registration_checked_on"])
    audit.record("workplaces.check_registration", nursery, by=by, at=now)
    return nursery


# --- classes ---------------------------------------------------------------------------------------
@transaction.atomic
def save_class(*, nursery, klass=None, values, by, now):
    """Add (`klass=None`) or change a class within the standard in force. Raises Refused, Invalid, Conflict.

    `values` are of CLASS_FIELDS. Returns the NurseryClass.
    """
    raise_if(rules.why_not_keep(nursery, by))
    nursery, is_new = locked(nursery), klass is None
    klass = NurseryClass(nursery=nursery) if is_new else nursery.classes.get(pk=klass.pk)
    raise_if(rules.why_not_standing(klass))
    values = {name: values[name] for name in CLASS_FIELDS if name in values}
    before, after = put(klass, values)
    _check(klass, now)
    klass.save()
    if after:
        _note(nursery, klass, {} if is_new else before, after, by, now)
        verb = "workplaces.add_class" if is_new else "workplaces.edit_class"
        audit.record(verb, klass, by=by, at=now)
    return klass


def _check(klass, now):
    for name in CLASS_FIELDS:
        if getattr(klass, name) in (None, ""):
            raise Invalid("class_incomplete", _("请填写这一项。"), field=name)
    if klass.capacity < 1 or klass.carers < 1 or klass.price < 0:
        raise Invalid("class_numbers", _("班额和保育人员至少是 1，费用不能是负数。"))
    raise_if(
        rules.why_not_class_name(klass.nursery, klass.name, klass)
        or rules.why_not_size(klass.band, klass.capacity, klass.carers, timezone.localdate(now))
        or rules.why_not_free(klass.free or 0, klass.capacity)
    )


def _locked_class(klass, by):
    raise_if(rules.why_not_keep(klass.nursery, by))
    return locked(klass.nursery).classes.get(pk=klass.pk)


@transaction.atomic
def state_free(*, klass, free, by, now):
    """Say how many places of a class are free today. Raises Refused, Invalid above its capacity, Conflict.

    Returns the NurseryClass.
    """
    klass = _locked_class(klass, by)
    raise_if(rules.why_not_standing(klass) or rules.why_not_free(free, klass.capacity))
    before, after = put(klass, {"free": free, "free_on": timezone.localdate(now)})
    if after:
        klass.free_reminded_at = None
        klass.save(update_fields=["free", "free_on", "free_reminded_at"])
        _note(klass.nursery, klass, before, after, by, now)
        audit.record("workplaces.state_free", klass, by=by, at=now)
    return klass


@transaction.atomic
def end_class(*, klass, by, now):
    """Take a class off the page. Twice is once. Raises Refused. Returns the NurseryClass."""
    klass = _locked_class(klass, by)
    if klass.ended_at is None:
        klass.ended_at = now
        klass.save(update_fields=["ended_at"])
        audit.record("workplaces.end_class", klass, by=by, at=now)
    return klass


@transaction.atomic
def restore_class(*, klass, by, now):
    """Show a class again that was ended. Raises Refused, Conflict where another has its name. Returns the NurseryClass."""
    klass = _locked_class(klass, by)
    raise_if(rules.why_not_restore(klass))
    klass.ended_at = None
    _check(klass, now)
    klass.save(update_fields=["ended_at"])
    audit.record("workplaces.restore_class", klass, by=by, at=now)
    return klass


@transaction.atomic
def undo_change(*, change, by, now):
    """Put back what the latest change of a nursery or class replaced. Raises Refused, Invalid, Conflict.

    Returns the NurseryChange.
    """
    raise_if(rules.why_not_keep(change.nursery, by))
    nursery = locked(change.nursery)
    change = nursery.changes.select_related("klass").get(pk=change.pk)
    raise_if(rules.why_not_undo(change))
    row = nursery if change.klass is None else nursery.classes.get(pk=change.klass_id)
    put_back(row, change)
    if change.klass is None:
        raise_if(rules.why_not_registration(row.registration, row))
        if {"registration", "registered_on"} & change.before.keys():
            row.registration_checked_on = None
    else:
        raise_if(rules.why_not_standing(row))
        _check(row, now)
    row.save()
    change.undone_at = now
    change.save(update_fields=["undone_at"])
    audit.record("workplaces.undo_change", nursery, by=by, at=now)
    return change


def undo_nursery(*, nursery, by, now, change=None):
    """Undo the latest change of a nursery, as staff do it; `change` is the key of the one they were shown.

    Raises Refused, Invalid, Conflict. Returns the NurseryChange.
    """
    raise_if(rules.why_not_undo_nursery(nursery, by))
    return _undo(nursery.changes.filter(klass=None), change, by, now)


def undo_class(*, klass, by, now, change=None):
    """Undo the latest change of a class, as `undo_nursery` does of a nursery."""
    raise_if(rules.why_not_undo_class(klass, by))
    return _undo(klass.changes, change, by, now)


def _undo(own, shown, by, now):
    found = own.filter(pk=shown).first() if shown else latest(own)
    if found is None:
        raise Conflict("not_latest", _("只能撤销最近一次还有效的修改，请刷新页面。"))
    return undo_change(change=found, by=by, now=now)


def export_nurseries(*, rows, by, now):
    """Return the Nurseries of `rows` with their classes, to be written out; the log keeps how many. Raises Refused."""
    rights.require(by, "workplaces.view_nursery")
    found = list(rows.select_related("unit").prefetch_related("classes").order_by("name", "pk"))
    if found:
        audit.record("workplaces.export_nurseries", found[0], by=by, at=now, rows=len(found))
    return found


# --- the clock -------------------------------------------------------------------------------------
@transaction.atomic
def remind_confirm(*, nursery, now):
    """Remind a unit once that an entry leaves the search. Returns the Nursery."""
    nursery = locked(nursery)
    if Nursery.objects.to_remind(timezone.localdate(now)).filter(pk=nursery.pk).exists():
        nursery.confirm_reminded_at = now
        nursery.save(update_fields=["confirm_reminded_at"])
        letters.confirm(nursery, now)
    return nursery


@transaction.atomic
def remind_free(*, klass, now):
    """Remind a unit once that what it said of free places is older than thirty days. Returns the NurseryClass."""
    locked(klass.nursery)
    klass = NurseryClass.objects.select_related("nursery").get(pk=klass.pk)
    if NurseryClass.objects.to_remind(timezone.localdate(now)).filter(pk=klass.pk).exists():
        klass.free_reminded_at = now
        klass.save(update_fields=["free_reminded_at"])
        letters.free(klass, now)
    return klass


@transaction.atomic
def retry_nursery(*, row, by, now):
    """Have the clock try again to remind of a nursery it set aside. Raises Refused, Conflict. Returns the Nursery."""
    raise_if(rules.why_not_keep(row, by))
    return _again(locked(row), row, by, now)


@transaction.atomic
def retry_class(*, row, by, now):
    """Have the clock try again to remind of a class it set aside. Raises Refused, Conflict. Returns the NurseryClass."""
    klass = _locked_class(row, by)
    return _again(klass, klass.nursery, by, now)


def _again(row, nursery, by, now):
    raise_if(rules.why_not_again(row))
    row.sweep_failures = 0
    row.save(update_fields=["sweep_failures"])
    audit.record("workplaces.retry_nursery", nursery, by=by, at=now)
    return row
