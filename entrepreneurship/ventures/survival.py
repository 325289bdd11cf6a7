"""What became of ventures one, three and five years after they were registered: alive, closed or unknown, never two of them."""

from dateutil.relativedelta import relativedelta
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from entrepreneurship.ventures.models import VentureCheckpoint, VentureStageCode

YEARS = (1, 3, 5)


class _Interval(models.Func):
    """So many years."""

    function = "make_interval"
    output_field = models.DurationField()


class _YearsLater(models.Func):
    """A date and an interval as a date."""

    template = "(%(expressions)s)::date"
    arg_joiner = " + "
    output_field = models.DateField()


def _anniversary(registered_on, years):
    return _YearsLater(registered_on, _Interval(models.Value(years)))


def survival(rows, years, day):
    """Return {"alive", "closed", "unknown": ventures} of those registered at least so many years before a day.

    Alive is what a standing checkpoint says that is dated on the anniversary or later, until `day`, and what was closed
    later than that. Closed is what was closed before it, by its stage or by a checkpoint. What nobody answered is unknown.
    """
    reached = rows.filter(registered_on__lte=day - relativedelta(years=years))
    alive = reached.filter(_alive(years, day))
    rest = reached.exclude(pk__in=alive.values("pk"))
    closed = rest.filter(_closed(years))
    unknown = rest.exclude(pk__in=closed.values("pk"))
    return {"alive": alive, "closed": closed, "unknown": unknown}


def _said(**what):
    return VentureCheckpoint.objects.standing().filter(venture=OuterRef("pk"), **what)


def _alive(years, day):
    since = _anniversary(OuterRef("registered_on"), years)
    later = _anniversary(F("registered_on"), years)
    said = Exists(_said(alive=True, day__gte=since, day__lte=day))
    return Q(stage=VentureStageCode.CLOSED, stage_on__gte=later) | said


def _closed(years):
    until = _anniversary(OuterRef("registered_on"), years)
    own = _anniversary(F("registered_on"), years)
    said = Exists(_said(alive=False, day__lt=until))
    return Q(stage=VentureStageCode.CLOSED, stage_on__lt=own) | said
