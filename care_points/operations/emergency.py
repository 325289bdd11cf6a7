"""The numbers to call are kept by staff; saving one says that it was checked today."""

import re

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from care_points.models import EmergencyNumber
from kernel import rights
from kernel.errors import Conflict, Invalid
from privacy import audit

NUMBER_FIELDS = ("number", "name", "name_en", "hours", "order", "active")
NUMBER = re.compile(r"[0-9][0-9-]{2,19}")


def why_not_number(number):
    """Return why this cannot be a number to call (text), as a DomainError, else None."""
    if NUMBER.fullmatch(number):
        return None
    sentence = _("号码只能有数字和短横线，至少 3 位，如 12338 或 023-12345678。")
    return Invalid("not_a_number", sentence, field="number")


@transaction.atomic
def save_number(*, entry, by, now, **fields):
    """Add (`entry=None`) or change an EmergencyNumber that `by` has just checked; returns it.

    `fields` are of NUMBER_FIELDS. Saved without a change it notes the check alone. Raises Refused, what `why_not_number`
    returns, Conflict("number_there_already", "last_number").
    """
    rights.require(by, f"care_points.{'change' if entry else 'add'}_emergencynumber")
    rows = {row.pk: row for row in EmergencyNumber.objects.select_for_update().order_by("pk")}
    row = rows[entry.pk] if entry else EmergencyNumber()
    before = {name: getattr(row, name) for name in NUMBER_FIELDS}
    for name in NUMBER_FIELDS:
        setattr(row, name, fields.get(name, before[name]))
    if error := why_not_number(row.number):
        raise error
    others = [one for one in rows.values() if one.pk != row.pk]
    if any(one.number == row.number for one in others):
        sentence = _("这个号码已经有了，请在列表里打开修改。")
        raise Conflict("number_there_already", sentence, field="number")
    if not row.active and not any(one.active for one in others):
        sentence = _("至少要显示一个紧急求助号码，请先添加别的再停用这一个。")
        raise Conflict("last_number", sentence, field="active")
    if by is not None:
        row.checked_on, row.checked_by = timezone.localdate(now), by
    row.save()
    changed = [name for name in NUMBER_FIELDS if before[name] != getattr(row, name)]
    audit.record("care_points.check_number", row, by=by, at=now, changed=changed)
    return row
