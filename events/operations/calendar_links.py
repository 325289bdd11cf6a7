"""Her calendar's secret address: made, made anew, taken away."""

from django.db import transaction
from django.utils.translation import gettext as _

from events.models import CalendarLink
from kernel.errors import Refused
from privacy import audit


def _require_herself(user, by):
    if by is not None and by.pk != user.pk:
        raise Refused("not_yours", _("只有本人可以设置自己的日历订阅。"))


@transaction.atomic
def make_calendar_link(*, user, by, now):
    """Open her calendar at a new address; one that was open before ends. Raises Refused. Returns the CalendarLink."""
    _require_herself(user, by)
    link, _made = CalendarLink.objects.update_or_create(user=user, defaults={"made_at": now})
    audit.record("events.make_calendar_link", link, by=by, at=now)
    return link


@transaction.atomic
def drop_calendar_link(*, user, by, now):
    """Close her calendar's address; where none is open nothing changes. Raises Refused."""
    _require_herself(user, by)
    link = CalendarLink.objects.select_for_update().filter(user=user).first()
    if link is None:
        return
    audit.record("events.drop_calendar_link", link, by=by, at=now)
    link.delete()
