"""What women are told in rounds: points about to run out, vouchers that wait, campaigns, changes at a station."""

from datetime import timedelta
from itertools import islice

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from care_points import campaigns, letters, lots
from care_points.campaigns import TOLD_AGAIN_AFTER
from care_points.models import (
    CareStation,
    PointsAccount,
    PrivateCase,
    Redemption,
    RedemptionState,
    YearTurn,
)
from kernel import days, ids

BEFORE = timedelta(days=30)
BATCH = 500
CHANGES_AT = (9, 12, 18)  # o'clock, of Asia/Shanghai


def remind_of_vouchers(*, now):
    """Tell every woman with an unused voucher of before this week that it waits; returns how many letters were new.

    One letter a week for all vouchers alike, without a time. A reminder on the day before would tell, laid beside a
    counsellor's times, whose time it was.
    """
    today = timezone.localdate(now)
    monday = days.begin(today - today.weekday() * days.DAY)
    open_ones = Redemption.objects.filter(
        state=RedemptionState.RESERVED, made_at__lt=monday, by_event=False, appointment=None
    )
    users = User.objects.filter(talent__redemptions__in=open_ones).distinct().order_by("pk")
    told, batch = 0, []
    for user in users.iterator(chunk_size=BATCH):
        batch.append(letters.vouchers_wait(user, now))
        if len(batch) >= BATCH:
            told, batch = told + letters.send_all(batch, now), []
    return told + letters.send_all(batch, now)


@transaction.atomic
def tell_of_changes(*, now):
    """At CHANGES_AT tell of the times counsellors have called off since; returns how many letters were new.

    To every woman with a voucher of the station that may have such a time, the same words at the same full hour: a letter
    to her alone, or at another moment, would say in the outbox whose time it was. Sent once for all that was called off.
    """
    hour = timezone.localtime(now).replace(minute=0, second=0, microsecond=0)
    if hour.hour not in CHANGES_AT:
        return 0
    cases = PrivateCase.objects.untold().select_for_update(skip_locked=True).order_by("number")
    cases = list(cases.values_list("number", "service__station"))
    PrivateCase.objects.filter(number__in=[number for number, _station in cases]).update(told=True)
    told, key = 0, ids.code()
    for station in CareStation.objects.filter(pk__in={station for _number, station in cases}):
        women = _with_vouchers_for_later(station, now).iterator(chunk_size=BATCH)
        some = (letters.station_changed(one, station, f"{station.pk}:{key}") for one in women)
        told += _in_batches(some, hour)
    return told


def _with_vouchers_for_later(station, now):
    """Return the women with a voucher of a station for which a time can be chosen afterwards, for all that rows say."""
    vouchers = Redemption.objects.filter(
        station=station,
        state__in=[RedemptionState.RESERVED, RedemptionState.FULFILLED],
        expires_at__gte=now,
        by_event=False,
        appointment=None,
    )
    return User.objects.filter(talent__redemptions__in=vouchers).distinct().order_by("pk")


def tell_of_campaigns(*, now):
    """Tell every woman a campaign is for that it has begun, and before it ends, some days later at least, who has not had
    her turn; returns how many letters were new.
    """
    told, year = 0, timezone.localdate(now).year
    for service in campaigns.under_way(now):
        women = User.objects.filter(talent__in=campaigns.invited(service)).order_by("pk")
        told += _in_batches((letters.campaign("open", service, one) for one in women), now)
        ends = days.begin(service.offered_until) - now
        if service.once_a_year and ends <= campaigns.ENDS_SOON:
            had = set(YearTurn.objects.filter(year=year).values_list("turn_index", flat=True))
            known = women.filter(pk__in=letters.told_of_campaign(service, now - TOLD_AGAIN_AFTER))
            late = [one for one in known if campaigns.turn_of(one.pk, service.pk, year) not in had]
            told += _in_batches((letters.campaign("ends", service, one) for one in late), now)
    return told


def _in_batches(some, now):
    return sum(letters.send_all(batch, now) for batch in _batches(some))


def _batches(some):
    some = iter(some)
    return iter(lambda: list(islice(some, BATCH)), [])


def remind_of_expiry(*, now):
    """Queue a letter to everybody some of whose points run out within BEFORE; returns how many were new.

    What was told is not told again (the notice's key is the account and the day), a run that was missed loses nothing.
    """
    told, batch = 0, []
    for account in PointsAccount.objects.running_out(now, now + BEFORE).select_related(
        "talent__user"
    ):
        batch += [
            letters.running_out(account, until, points)
            for until, points in lots.running_out(account)
            if now < until <= now + BEFORE and account.talent.user
        ]
        if len(batch) >= BATCH:
            told, batch = told + letters.send_all(batch, now), []
    return told + letters.send_all(batch, now)
