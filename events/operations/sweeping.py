"""What staff say of events the clock has set aside."""

from django.db import transaction
from django.utils.translation import gettext as _

from events import rules
from events.models import Event
from kernel.errors import Conflict
from privacy import audit


@transaction.atomic
def try_again(*, row, by, now):
    """Let the clock take up an Event again whose offers or absences it failed at too often.

    Raises Refused, Conflict("not_set_aside") where it is in the sweeps already.
    """
    if error := rules.why_not_manage(row, by, "events.change_event"):
        raise error
    if not Event.objects.filter(pk=row.pk).try_again():
        raise Conflict("not_set_aside", _("这一条没有被搁置，不用重试。"))
    audit.record("events.try_again", row, by=by, at=now)
