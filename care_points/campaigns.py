"""Services given in a period, once a year to each: health checks. Who had her turn is kept as a keyed digest."""

from datetime import timedelta

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from care_points.models import Service, ServiceMonth, YearTurn
from kernel.errors import Conflict
from kernel.words import day_text
from privacy import crypto

ENDS_SOON = timedelta(days=14)


def turn_of(user_id, service_id, year):
    """Return the digest of somebody's turn in a year."""
    return crypto.keyed_digest("once a year", str(user_id), str(service_id), str(year))


def why_not_period(service, at):
    """Return why the service cannot be redeemed today, as a DomainError, else None. No queries."""
    today = timezone.localdate(at)
    if service.offered_from and today < service.offered_from:
        sentence = _("%(day)s开始，到时再来兑换。") % {"day": day_text(service.offered_from)}
        return Conflict("not_yet_offered", sentence)
    if service.offered_until and today > service.offered_until:
        sentence = _("今年的活动已于%(day)s结束。") % {"day": day_text(service.offered_until)}
        return Conflict("no_longer_offered", sentence)
    return None


def why_not_turn(service, talent, at):
    """Return why it is not her turn, as a DomainError, else None: the period's places, once a year. Two queries."""
    if service.period_quota and _standing(service) >= service.period_quota:
        return Conflict("period_used_up", _("这次活动的名额已满。"))
    if service.once_a_year and YearTurn.objects.filter(pk=_turn(service, talent, at)).exists():
        return Conflict("once_a_year", _("这项服务每人每年一次，您今年已经兑换过。"))
    return None


def _standing(service):
    months = ServiceMonth.objects.filter(
        service=service,
        month__gte=service.offered_from.replace(day=1),
        month__lte=service.offered_until,
    )
    return months.aggregate(n=Sum("standing", default=0))["n"]


def _turn(service, talent, at):
    return turn_of(talent.user_id, service.pk, timezone.localdate(at).year)


def take_turn(redemption):
    """Note that she has had her turn of the year; her account is locked."""
    service, at = redemption.service, redemption.made_at
    if service.once_a_year:
        YearTurn.objects.create(
            digest=_turn(service, redemption.talent, at), year=timezone.localdate(at).year
        )


def give_turn_back(redemption):
    """Give her her turn back with her points."""
    service = redemption.service
    if service and service.once_a_year and redemption.talent:
        YearTurn.objects.filter(pk=_turn(service, redemption.talent, redemption.made_at)).delete()


def under_way(at):
    """Return the services whose period has begun and not ended."""
    today = timezone.localdate(at)
    return Service.objects.offered().filter(offered_from__lte=today, offered_until__gte=today)


def old_turns(before):
    """Return the turns of years that are over."""
    return YearTurn.objects.filter(year__lt=timezone.localdate(before).year)
