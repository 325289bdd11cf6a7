"""What people are told about their points and vouchers; queued by care_points.operations in the same transaction."""

from django.utils import timezone

from accounts.models import User
from kernel import days
from notices import operations as notices
from notices.models import Notice
from notices.operations import Letter, page_link

# What is told of an appointment's time, and no longer true once it is moved, used or ended.
APPOINTMENT = (
    "care_points.appointment_made",
    "care_points.appointment_moved",
    "care_points.appointment_reminder",
)


def earned(transfer, talent, points):
    """Return the letter about points given by a rule."""
    rule = transfer.rule
    reason = {"zh-hans": rule.name, "en": rule.name_en or rule.name}
    context = {"points": points, "reason": reason}
    return Letter("care_points.earned", talent.user, transfer, context, link=page_link("points"))


def adjusted(transfer, talent, points):
    """Return the letter about points two members of staff put on (+) or took off (−), and why."""
    context = {"points": f"{points:+d}", "reason": transfer.about}
    link = page_link("points")
    kind = "care_points.adjusted"
    return Letter(kind, talent.user, transfer, context, link=link, discreet=True)


def redeemed(redemption):
    """Return the letter about a new voucher; the kind of service stays unsaid on a lock screen."""
    context = {
        "station": redemption.station.name,
        "until": redemption.expires_at,
    }
    link = page_link("voucher", redemption.pk)
    return Letter(
        "care_points.redemption_made", redemption.talent.user, redemption, context, link=link
    )


def fulfilled(redemption):
    """Return the letter about a voucher used at the station's desk."""
    context = {"station": redemption.station.name}
    link = page_link("voucher", redemption.pk)
    return Letter(
        "care_points.redemption_fulfilled", redemption.talent.user, redemption, context, link=link
    )


def returned(redemption, revoked):
    """Return the letter about points given back for a voucher that was cancelled or ran out.

    `revoked` of them had been revoked meanwhile and are not hers again.
    """
    kind = f"care_points.redemption_{redemption.state}"
    context = {"points": redemption.cost}
    if revoked:
        kind = "care_points.redemption_recovered"
        context = {"points": redemption.cost - revoked, "revoked": revoked}
    link = page_link("points")
    return Letter(kind, redemption.talent.user, redemption, context, link=link)


def _timed(kind, appointment, **more):
    """Return a letter about an appointment's time; the kind of service stays unsaid."""
    redemption = appointment.redemption
    context = {"station": redemption.station.name, "when": appointment.starts_at}
    return Letter(
        kind,
        redemption.talent.user if redemption.talent else None,
        f"{redemption.pk}:{appointment.moves}",
        context,
        link=page_link("voucher", redemption.pk),
        good_until=appointment.starts_at,
        **more,
    )


def appointment_made(appointment):
    """Return the letter about a time that is hers."""
    return _timed("care_points.appointment_made", appointment)


def appointment_moved(appointment):
    """Return the letter about another time."""
    return _timed("care_points.appointment_moved", appointment)


def appointment_reminder(appointment):
    """Return the letter that reminds her the day before."""
    return _timed("care_points.appointment_reminder", appointment)


def vouchers_wait(user, now):
    """Return the letter that says vouchers wait, not for what nor when; one a week."""
    year, week, _day = timezone.localdate(now).isocalendar()
    return Letter("care_points.vouchers_waiting", user, f"{year}-{week}", link=page_link("points"))


def station_changed(user, station, key):
    """Return the letter about changes at a station that may be about a voucher of hers; `key` names the round of letters."""
    context, link = {"station": station.name}, page_link("points")
    return Letter("care_points.station_changed", user, key, context, link=link)


def _ended(kind, redemption):
    user = redemption.talent.user if redemption.talent else None
    link = page_link("voucher", redemption.pk)
    return Letter(kind, user, redemption, {"points": redemption.cost}, link=link)


def forfeited(redemption):
    """Return the letter about an appointment she cancelled too late."""
    return _ended("care_points.appointment_forfeited", redemption)


def absent(redemption):
    """Return the letter about an appointment to which she did not come."""
    return _ended("care_points.appointment_missed", redemption)


def corrected(redemption):
    """Return the letter that says she was there after all."""
    user = redemption.talent.user if redemption.talent else None
    link = page_link("voucher", redemption.pk)
    return Letter("care_points.absence_corrected", user, redemption, {}, link=link)


def unused_again(redemption, now):
    """Return the letter about a fulfilment that was taken back: her voucher can be used."""
    user = redemption.talent.user if redemption.talent else None
    context = {"station": redemption.station.name}
    key, link = f"{redemption.pk}:{now.isoformat()}", page_link("voucher", redemption.pk)
    return Letter("care_points.fulfilment_undone", user, key, context, link=link)


def overtake(redemption, now):
    """Say that her voucher is not to be used any more, whatever she was told of it."""
    if user := redemption.talent and redemption.talent.user_id:
        kinds = ["care_points.redemption_made", "care_points.redemption_fulfilled", *APPOINTMENT]
        notices.overtake_all(to=[user], kinds=kinds, about=[redemption.pk], at=now)


def unsound(check):
    """Return the letters about a ledger that does not add up, to everybody who may read its checks."""
    readers = User.objects.holding("care_points.view_ledgercheck").filter(is_staff=True)
    link = page_link("admin:care_points_ledgercheck_change", check.pk)
    return [Letter("care_points.ledger_unsound", reader, check, link=link) for reader in readers]


def running_out(account, until, points):
    """Return the letter about points of an account that run out at the end of a day."""
    key = f"{account.pk}:{timezone.localdate(until)}"
    context = {"points": points, "until": until}
    return Letter(
        "care_points.running_out",
        account.talent.user,
        key,
        context,
        link=page_link("points"),
        good_until=until,
    )


def budget_used(budget, percent):
    """Return the letters about a budget that is used up to `percent`, to everybody who keeps budgets."""
    keepers = User.objects.holding("care_points.change_pointsbudget").filter(is_staff=True)
    link = page_link("admin:care_points_pointsbudget_changelist")
    context = {"year": budget.year, "percent": percent}
    key = f"{budget.year}:{percent}"
    kind = "care_points.budget_used"
    return [Letter(kind, keeper, key, context, link=link) for keeper in keepers]


def campaign(kind, service, user):
    """Return the letter about a service's period that has begun ("open") or ends soon ("ends"); one of each a period."""
    context = {"title": service.title, "until": days.end_of_day(days.begin(service.offered_until))}
    link = page_link("service", service.pk)
    about = _campaign_key(service)
    return Letter(f"care_points.campaign_{kind}", user, about, context, link=link)


def _campaign_key(service):
    return f"{service.pk}:{service.offered_from}"


def told_of_campaign(service, before):
    """Return the keys of those who were told before a moment that a service's period has begun."""
    told = Notice.objects.filter(kind="care_points.campaign_open", created_at__lte=before)
    return told.filter(object_key=_campaign_key(service)).values("recipient")


def hours_decided(hours):
    """Return the letter about hours that were turned down or revoked; why stands on her page."""
    kind = f"care_points.hours_{hours.state}"
    context = {"activity": hours.activity}
    return Letter(kind, hours.talent.user, hours, context, link=page_link("my_hours"))


def hours_wait(user, count, now):
    """Return the letter about hours that wait for `user` to confirm them; one a week."""
    year, week, _day = timezone.localdate(now).isocalendar()
    link = page_link("admin:care_points_servicehours_changelist") + "?state__exact=recorded"
    return Letter("care_points.hours_waiting", user, f"{year}-{week}", {"hours": count}, link=link)


def send_all(letters, now):
    """Queue letters to people who have an account; returns how many were new."""
    return len(notices.queue_all(letters, at=now))


def send(letter, now):
    """Queue the letter, unless she has no account to sign in yet."""
    if letter.to:
        notices.queue_all([letter], at=now)
