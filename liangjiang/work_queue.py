"""What a clerk meets first in the admin: what waits for her, then the numbers.

Each line of the queue is a question with an address that answers it; those with nothing waiting are folded
away behind one that counts them, so that an empty morning looks like one. Lines and numbers come from the apps.
"""

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kernel import portal
from kernel.remembered import remembered

FIGURES_AGE = 60  # seconds


def _figures(user, now):
    """Return the numbers under the queue that `user` may know: (label, value, what it counts).

    Kept for FIGURES_AGE seconds; a right that is taken away takes its number away at once.
    """
    allowed = [figure for figure in portal.listed("figures") if user.has_perm(figure.permission)]
    orders = "-".join(str(figure.order) for figure in allowed)
    key = f"staff-index:{user.pk}:{user.department_id}:{get_language()}:{orders}"
    return remembered(
        key,
        FIGURES_AGE,
        lambda: [(str(f.label), f.count(user, now), str(f.unit)) for f in allowed],
    )


def dashboard(request, context):
    """Fill the admin's index: `queue` (Tasks this person may act on), what of it is `waiting` and `done`, `figures`."""
    user, now = request.user, timezone.now()
    entries = [entry for entry in portal.listed("queue") if user.has_perm(entry.permission)]
    tasks = [entry.make(user, now) for entry in entries]
    tasks.sort(key=lambda task: (not task.urgent, task.count == 0))
    return context | {
        "title": _("工作台"),
        "queue": tasks,
        "waiting": [task for task in tasks if task.count],
        "done": [task for task in tasks if not task.count],
        "figures": _figures(user, now),
        "now": now,
    }
