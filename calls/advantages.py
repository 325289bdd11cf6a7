"""Who is preferred, for what, until when: what other apps ask and register with, and what stands beside an application.

An advantage changes no score and no rank: staff and panels read it. It expires by its date.
"""

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from calls.models import Advantage
from kernel.words import clauses

RUN, ADD, EXPORT = (
    "calls.change_advantage",
    "calls.add_advantage",
    "calls.export_advantage",
)


def held_by(*, unit=None, talent=None, on):
    """Return the Advantages a unit, or a person, or either of the two, holds on a day (date), the oldest first.

    A person does not hold what her unit does: give both to ask for both. One query.
    """
    held = Q(pk__in=[])
    if unit is not None:
        held |= Q(unit=unit)
    if talent is not None:
        held |= Q(talent=talent)
    rows = Advantage.objects.holding(on).filter(held)
    return list(rows.select_related("unit", "talent").order_by("pk"))


def day_of(call):
    """Return the day on which who applies to a call has to hold one: that of its deadline, the same for everybody."""
    return timezone.localdate(call.closes_at)


def with_preferred(applications):
    """Return a queryset of Applications that tells of each (`is_preferred`) whether an advantage stands beside it."""
    held = Advantage.objects.filter(
        Q(unit=OuterRef("talent__unit")) | Q(talent=OuterRef("talent")),
        first_day__lte=OuterRef("deadline_day"),
        last_day__gte=OuterRef("deadline_day"),
    )
    shown = Q(call__shows_advantages=True) & Q(Exists(held))
    rows = applications.annotate(deadline_day=TruncDate("call__closes_at"))
    return rows.annotate(is_preferred=ExpressionWrapper(shown, output_field=BooleanField()))


def beside(call, applications):
    """Return {application's number: words of what stands beside it}, for as many applications as there are in one query.

    Nothing where the call shows none.
    """
    applications = list(applications)
    if not call.shows_advantages or not applications:
        return {}
    units = {one.talent.unit_id for one in applications} - {None}
    talents = {one.talent_id for one in applications}
    rows = Advantage.objects.holding(day_of(call))
    found = {}
    for row in rows.filter(Q(unit__in=units) | Q(talent__in=talents)).order_by("pk"):
        found.setdefault((row.unit_id, row.talent_id), []).append(row.line)
    held = {
        one.pk: found.get((one.talent.unit_id, None), []) + found.get((None, one.talent_id), [])
        for one in applications
    }
    return {pk: clauses(lines) for pk, lines in held.items() if lines}
