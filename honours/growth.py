"""Honours among the milestones of a woman's growth."""

from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from honours.models import Award
from kernel.portal import Milestone
from kernel.words import month_text

KIND = _("荣誉")


def milestones(talent):
    """Return the honours of hers that stand. One query."""
    awards = Award.objects.standing().filter(talent=talent).select_related("honour")
    return [_milestone(award) for award in awards.order_by("granted_on", "pk")]


def standing(talent):
    """Return the honours of hers that stand as (name, line) pairs, the newest first. One query."""
    awards = Award.objects.standing().filter(talent=talent).select_related("honour")
    return [(award.honour.label, _line(award)) for award in awards.order_by("-granted_on", "-pk")]


def _line(award):
    said = {
        "honour": award.honour.label,
        "by": award.granted_by,
        "on": month_text(award.granted_on),
    }
    return gettext("%(honour)s（%(by)s，%(on)s）") % said


def _milestone(award):
    title = lazy(lambda: award.honour.label, str)()
    return Milestone(
        award.granted_on,
        "day",
        KIND,
        title,
        award.granted_by,
        award.get_absolute_url(),
        honour=True,
    )
