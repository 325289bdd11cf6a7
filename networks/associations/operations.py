"""Associations are kept, dissolved and restored; yearly checks and changes of registered societies are noted."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.operations import clean_uscc
from kernel import reasons
from kernel.errors import Conflict
from networks import rights
from networks.associations import rules
from networks.associations.models import Association, Filing
from privacy import audit

ASSOCIATION_FIELDS = (
    "name",
    "name_en",
    "legal_form",
    "is_mixed",
    "uscc",
    "supervisor",
    "document",
    "founded_on",
    "term_years",
    "summary",
    "summary_en",
    "disciplines",
    "address",
    "contact",
    "unit",
    "takes_members",
    "member_months",
    "is_open",
)
CHANGE = "networks.change_association"


def lock_association(association):
    """Return an association as it stands now, locked: whatever changes it, its terms, posts or members holds this lock."""
    rows = Association.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("department", "unit").get(pk=association.pk)


def standing(association, by, permission=CHANGE):
    """Return an association locked, once it is known that `by` may use a right on it and it was not dissolved."""
    if error := rights.why_not_staff(association, by, permission):
        raise error
    association = lock_association(association)
    if error := rights.why_not_standing(association):
        raise error
    return association


@transaction.atomic
def save_association(*, association=None, values, by, now):
    """Add (`association=None`) or change an association; `values` are of ASSOCIATION_FIELDS, for a new one also `department`.

    What a registered society has to file of the change is put down as such. Raises Refused, Invalid for what does not
    fit its legal form, Conflict for a name or code that is there. Returns the Association.
    """
    is_new = association is None
    if error := rights.why_not_staff(association, by, CHANGE):
        raise error
    department = values.get("department") or getattr(by, "department", None)
    if is_new:
        association = Association(created_at=now, department=department)
    else:
        association = lock_association(association)
    if "uscc" in values:
        values = values | {"uscc": clean_uscc(values["uscc"])}
    changed = [
        n for n in ASSOCIATION_FIELDS if n in values and getattr(association, n) != values[n]
    ]
    for name in changed:
        setattr(association, name, values[name])
    today = timezone.localdate(now)
    if error := (
        rules.why_not_form(association)
        or rules.why_not_unit(association)
        or rules.why_not_founded(association, today)
        or (None if is_new else rights.why_not_standing(association))
    ):
        raise error
    if not (changed or is_new):
        return association
    _save_once(association)
    verb = "networks.add_association" if is_new else "networks.edit_association"
    audit.record(verb, association, by=by, at=now, fields=changed)
    if not is_new:
        for name in set(changed) & rules.FILED.keys():
            note_change(association, rules.FILED[name], today, by, now)
    return association


def _save_once(association):
    try:
        with transaction.atomic():
            association.save()
    except IntegrityError as error:
        sentence = _("已有同名的协会，请改那一条。")
        raise Conflict("association_twice", sentence, field="name") from error


@transaction.atomic
def dissolve_association(*, association, on, reason, by, now):
    """Note that an association was dissolved on a day: from then on nobody is in office. Raises Refused, Invalid, Conflict.

    Undone by `restore_association`. Returns the Association.
    """
    if error := rights.why_not_staff(association, by, CHANGE):
        raise error
    association = lock_association(association)
    if error := rules.why_not_dissolve(association, on, timezone.localdate(now)):
        raise error
    reason = reasons.clean(reason, _("请写明注销或撤销的原因。"))
    association.dissolved_on, association.dissolve_reason = on, reason
    association.save(update_fields=["dissolved_on", "dissolve_reason"])
    audit.record("networks.dissolve_association", association, by=by, at=now, reason=reason)
    return association


@transaction.atomic
def restore_association(*, association, by, now):
    """Take back that an association was dissolved. Raises Refused, Conflict. Returns the Association."""
    if error := rights.why_not_staff(association, by, CHANGE):
        raise error
    association = lock_association(association)
    if error := rules.why_not_restore(association):
        raise error
    association.dissolved_on, association.dissolve_reason = None, ""
    association.save(update_fields=["dissolved_on", "dissolve_reason"])
    audit.record("networks.restore_association", association, by=by, at=now)
    return association


@transaction.atomic
def retry_association(*, row, by, now):
    """Let the clock try again what it could not do of an association. Raises Refused. Returns the Association."""
    if error := rights.why_not_staff(row, by, CHANGE):
        raise error
    row = lock_association(row)
    if row.sweep_failures:
        row.sweep_failures = 0
        row.save(update_fields=["sweep_failures"])
        audit.record("networks.retry_association", row, by=by, at=now)
    return row


# --- yearly checks ---------------------------------------------------------------------------------
@transaction.atomic
def save_check(*, association, year, result, checked_on, document, by, now):
    """Note how the check of a year came out; of a year that is there already, correct it. Raises Refused, Invalid, Conflict.

    Returns the YearlyCheck.
    """
    association = standing(association, by)
    said = {"result": result, "checked_on": checked_on, "document": document}
    if error := rules.why_not_check(association, year, today=timezone.localdate(now), **said):
        raise error
    said["document"] = " ".join(document.split())
    found = association.yearly_checks.filter(year=year).first()
    if found and all(getattr(found, name) == value for name, value in said.items()):
        return found
    found, _is_new = association.yearly_checks.update_or_create(year=year, defaults=said)
    audit.record("networks.save_check", found, by=by, at=now)
    return found


# --- filings ---------------------------------------------------------------------------------------
def note_change(association, kind, decided_on, by, now):
    """Put down a change a registered society has to file; where one of the kind waits, that one stands.

    For operations that hold the association's lock. Returns the Filing, None where nothing has to be filed.
    """
    if not association.is_registered:
        return None
    due = {"decided_on": decided_on, "due_on": rules.due_on(decided_on)}
    filing, is_new = Filing.objects.get_or_create(
        association=association, kind=kind, filed_on=None, defaults=due
    )
    if is_new:
        audit.record("networks.add_filing", filing, by=by, at=now, code=kind)
    return filing


@transaction.atomic
def add_filing(*, association, kind, decided_on, by, now):
    """Put down a change that has to be filed within thirty days. Raises Refused, Invalid, Conflict. Returns the Filing."""
    association = standing(association, by)
    if error := rules.why_not_add_filing(association, kind, decided_on, timezone.localdate(now)):
        raise error
    return note_change(association, kind, decided_on, by, now)


def _locked_filing(filing, by):
    association = standing(filing.association, by)
    filing = association.filings.get(pk=filing.pk)
    filing.association = association
    return filing


@transaction.atomic
def file_change(*, filing, filed_on, document, by, now):
    """Note that a change was filed, and by which paper; the same again changes nothing. Raises Refused, Invalid, Conflict.

    Returns the Filing.
    """
    filing, document = _locked_filing(filing, by), " ".join((document or "").split())
    if (filing.filed_on, filing.document) == (filed_on, document):
        return filing
    if error := rules.why_not_file(filing, filed_on, document, timezone.localdate(now)):
        raise error
    filing.filed_on, filing.document = filed_on, document
    filing.save(update_fields=["filed_on", "document"])
    audit.record("networks.file_change", filing, by=by, at=now)
    return filing


@transaction.atomic
def take_back_filing(*, filing, by, now):
    """Take back that a change was filed: it waits again, with the day it was due. Raises Refused, Conflict.

    Returns the Filing.
    """
    filing = _locked_filing(filing, by)
    if error := rules.why_not_take_back_filing(filing):
        raise error
    filing.filed_on, filing.document = None, ""
    filing.save(update_fields=["filed_on", "document"])
    audit.record("networks.take_back_filing", filing, by=by, at=now)
    return filing


@transaction.atomic
def move_filings(*, now):
    """Have changes be filed later where the last day was made free, never earlier (kernel.portal, field `terms`)."""
    for filing in (
        Filing.objects.waiting().order_by("pk").select_for_update(of=("self",), no_key=True)
    ):
        later = rules.due_on(filing.decided_on)
        if later > filing.due_on:
            filing.due_on = later
            filing.save(update_fields=["due_on"])
            audit.record("networks.move_filing", filing, by=None, at=now)
