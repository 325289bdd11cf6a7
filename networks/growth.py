"""Posts among the milestones of a woman's growth."""

from django.utils.functional import lazy
from django.utils.translation import pgettext_lazy

from kernel.portal import Milestone
from networks.posts.models import Holding

KIND = pgettext_lazy("one", "任职")


def milestones(talent):
    """Return the posts she held or holds, from their first day. One query."""
    held = Holding.objects.real().filter(talent=talent).select_related("association", "post")
    return [_milestone(row) for row in held.order_by("first_day", "pk")]


def _milestone(row):
    title = lazy(lambda: row.post.label, str)()
    note = lazy(lambda: row.association.label, str)()
    shown = row.association.is_open and row.association.dissolved_on is None
    link = row.association.get_absolute_url() if shown else ""
    return Milestone(row.first_day, "day", KIND, title, note, link)
