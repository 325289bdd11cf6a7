"""Services given in a period, once a year to each, to the women of the units invited: health checks.

Who had her turn is kept sealed (`YearTurn`), how many came of a unit as a number (`UnitYear`).
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.db.models import Count, F, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from care_points.models import Service, ServiceMonth, UnitYear, YearTurn
from care_points.models.campaigns import index_of, sealed_turn
from kernel.errors import Conflict
from kernel.words import day_text
from talents.models import Talent, TalentState

ENDS_SOON = timedelta(days=14)
TOLD_AGAIN_AFTER = timedelta(
    days=3
)  # who has only just read that it began is not told that it ends


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


# --- whose turn it is -----------------------------------------------------------------------------
@dataclass(frozen=True)
class Standing:
    """How a woman and the campaigns of a list stand: pks of services, and how many vouchers stand of those with places."""

    uninvited: frozenset = frozenset()
    had: frozenset = frozenset()
    taken: dict = None


def standing(services, talent, at):
    """Return the Standing of a woman (None: a stranger) towards services. Queries: none without campaigns, at most three."""
    services = [one for one in services if one.offered_from or one.once_a_year]
    if not services:
        return Standing()
    return Standing(_uninvited(services, talent), _had(services, talent, at), _taken(services))


def _uninvited(services, talent):
    """Return the services that name units, hers not among them."""
    pks = [one.pk for one in services if one.offered_from]
    invited = Service.units.through.objects.filter(service__in=pks).values_list("service")
    hers = Count("pk", filter=Q(unit=talent.unit_id)) if talent else Count("pk")
    return frozenset(pk for pk, n in invited.annotate(n=hers) if not n)


def _had(services, talent, at):
    digests = {
        turn_of(talent.user_id, one.pk, _year(at)): one.pk
        for one in services
        if one.once_a_year and talent and talent.user_id
    }
    if not digests:
        return frozenset()
    found = YearTurn.objects.filter(turn_index__in=digests).values_list("turn_index", flat=True)
    return frozenset(digests[digest] for digest in found)


def _taken(services):
    """Return {pk: vouchers that stand} of those with places for a period, counted over its months."""
    limited = [one for one in services if one.period_quota]
    if not limited:
        return {}
    its_months = Q()
    for one in limited:
        first = one.offered_from.replace(day=1)
        its_months |= Q(service=one, month__gte=first, month__lte=one.offered_until)
    months = ServiceMonth.objects.filter(its_months).values_list("service")
    return dict(months.annotate(n=Sum("standing")).order_by())


def why_not_turn(service, talent, at, standing_of=None):
    """Return why a campaign is not for her now, as a DomainError, else None: not invited, no places left, had it.

    `standing_of` is what `standing` found for a whole list. Up to three queries without it.
    """
    now = standing_of or standing([service], talent, at)
    if service.pk in now.uninvited:
        sentence = _("这次活动只面向受邀单位，您登记的单位不在其中。单位有变动的，请先更新资料。")
        return Conflict("not_invited", sentence)
    if service.period_quota and (now.taken or {}).get(service.pk, 0) >= service.period_quota:
        return Conflict("period_used_up", _("这次活动的名额已满。"))
    if service.pk in now.had:
        return Conflict("once_a_year", _("这项服务每人每年一次，您今年已经兑换过。"))
    return None


def _year(at):
    return timezone.localdate(at).year


def turn_of(user_id, service_id, year):
    """Return the digest by which somebody's turn in a year is found."""
    return index_of(sealed_turn(user_id, service_id, year))


def take_turn(redemption):
    """Note that she has had her turn of the year; her account is locked."""
    service, talent, year = redemption.service, redemption.talent, _year(redemption.made_at)
    if service.once_a_year and talent.user_id:
        turn = sealed_turn(talent.user_id, service.pk, year)
        YearTurn.objects.create(turn=turn, year=year)


def give_turn_back(redemption):
    """Give her her turn back with her points."""
    service, talent = redemption.service, redemption.talent
    if service and service.once_a_year and talent and talent.user_id:
        turn = turn_of(talent.user_id, service.pk, _year(redemption.made_at))
        YearTurn.objects.filter(turn_index=turn).delete()


def turns_of(user):
    """Return the turns of one user that are kept, of all services and years."""
    years = set(YearTurn.objects.values_list("year", flat=True).distinct())
    services = Service.objects.filter(private=False).values_list("pk", flat=True)
    digests = [turn_of(user.pk, service, year) for service in services for year in years]
    return YearTurn.objects.filter(turn_index__in=digests)


def old_turns(before):
    """Return the turns of years that are over."""
    return YearTurn.objects.filter(year__lt=timezone.localdate(before).year)


# --- who came -------------------------------------------------------------------------------------
ONE_CAME = """
INSERT INTO care_points_unityear AS kept (service_id, unit_id, year, came) VALUES (%s, %s, %s, 1)
ON CONFLICT (service_id, year, unit_id) DO UPDATE SET came = kept.came + 1
"""


def came(redemption):
    """Count one more of her unit who came to a campaign; other services are not counted."""
    if where := _counted(redemption):
        with connection.cursor() as cursor:
            cursor.execute(ONE_CAME, list(where.values()))


def came_not(redemption):
    """Take back that she came."""
    if where := _counted(redemption):
        UnitYear.objects.filter(**where, came__gte=1).update(came=F("came") - 1)


def _counted(redemption):
    """Return what names the number a voucher moves, None where it is of no campaign."""
    service, talent = redemption.service, redemption.talent
    if not (service and service.once_a_year and service.offered_from):
        return None
    unit = talent.unit_id if talent else None
    return {"service_id": service.pk, "unit_id": unit, "year": _year(redemption.made_at)}


def under_way(at):
    """Return the services whose period has begun and not ended."""
    today = timezone.localdate(at)
    return Service.objects.offered().filter(offered_from__lte=today, offered_until__gte=today)


def invited(service):
    """Return the Talents a campaign is for: the verified women of the units it names, of all units where it names none."""
    women, units = Talent.objects.filter(state=TalentState.VERIFIED), service.units.all()
    return women.filter(unit__in=units) if units.exists() else women
