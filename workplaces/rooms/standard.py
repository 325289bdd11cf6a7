"""Staff keep the standard of rooms: a line is ended by date and followed by another, and compared with its source.

What was visited keeps the words it was held to, so a change here rewrites no visit.
"""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kernel import rights
from kernel.errors import Conflict, Invalid
from privacy import audit, changing
from workplaces.rooms.models import RoomCriterion, RoomTier

DATED = ("valid_from", "valid_until", "source")
TIER_FIELDS = ("rank", "name", "name_en", "pluses", *DATED)
CRITERION_FIELDS = ("code", "words", "words_en", "must", *DATED)
OURS = {"name_en", "words_en"}  # not of the source


def save_tier(*, tier, by, now, **fields):
    """Add (`tier=None`) or change a RoomTier; returns it. Raises Refused, Invalid, Conflict("line_there")."""
    return _saved(RoomTier, tier, fields, TIER_FIELDS, by, now)


def save_criterion(*, criterion, by, now, **fields):
    """Add (`criterion=None`) or change a RoomCriterion; returns it. Raises Refused, Invalid, Conflict("line_there")."""
    return _saved(RoomCriterion, criterion, fields, CRITERION_FIELDS, by, now)


def _saved(model, line, fields, changeable, by, now):
    verb = changing.verb(model._meta.model_name, line)
    rights.require(by, f"workplaces.{verb}")
    try:
        with transaction.atomic():
            row, changed = changing.fill(model, line, fields, changeable)
            if row.valid_until and row.valid_until < row.valid_from:
                sentence = _("失效日期不能早于施行日期。")
                raise Invalid("days_backwards", sentence, field="valid_until")
            if set(changed) - OURS:
                row.checked_on = None
            if changed:
                row.save()
            changing.record(f"workplaces.{verb}", row, changed, by=by, at=now)
    except (
        IntegrityError
    ) as error:  # the exclusion constraint; two who enter the same at once meet it as well
        sentence = _("这段时间里已有同一条，请先给旧的写上失效日期。")
        raise Conflict("line_there", sentence, field="valid_from") from error
    return row


@transaction.atomic
def check_standard(*, line, by, now):
    """Note that `by` has compared a RoomTier or RoomCriterion with its source today; returns it. Raises Refused."""
    rights.require(by, f"workplaces.change_{line._meta.model_name}")
    line.checked_on = timezone.localdate(now)
    line.save(update_fields=["checked_on"])
    audit.record("workplaces.check_standard", line, by=by, at=now)
    return line
