"""Who is on reserve, and which open call fits: one that leads to the same honour and is newer."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calls.models import Application, ApplicationState, Call
from honours.models import CallHonour
from kernel.portal import Opening
from kernel.words import moment_text

RULES = (gettext_lazy("申报：您曾列为备选的荣誉再次开始申报。"),)


def reserves_for(leads_to):
    """Return applications on reserve of earlier calls for the same honour, of women who have not applied to this one."""
    rows = Application.objects.filter(
        state=ApplicationState.RESERVE, call__leads_to__honour=leads_to.honour_id
    )
    rows = rows.exclude(call=leads_to.call_id)
    return rows.exclude(talent__applications__call=leads_to.call_id).order_by("pk")


def on_reserve(user):
    """Return her places on reserve, the newest first, with the honour."""
    rows = Application.objects.filter(talent__user=user.pk, state=ApplicationState.RESERVE)
    return rows.select_related("call__leads_to__honour").order_by("-pk")


def find(talent, now):
    """Return the open calls she was on reserve for before and has not begun. One query."""
    mine = Application.objects.filter(talent=talent, state=ApplicationState.RESERVE)
    rows = CallHonour.objects.filter(honour__in=mine.values("call__leads_to__honour"))
    open_ones = Call.objects.taking(now).exclude(applications__talent=talent)
    rows = rows.filter(call__in=open_ones.order_by()).select_related("call", "honour")
    return [_opening(row) for row in rows.order_by("call__closes_at", "pk")]


def _opening(row):
    why = _("上次申报“%(honour)s”时您列为备选，可以优先考虑。") % {"honour": row.honour.label}
    note = _("%(at)s截止申报") % {"at": moment_text(row.call.closes_at)}
    return Opening(row.call.label, row.call.get_absolute_url(), note, (why,))
