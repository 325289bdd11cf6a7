"""What people are told about their points and vouchers; queued by care_points.operations in the same transaction."""

from notices import operations as notices
from notices.operations import Letter, page_link


def earned(transfer, talent, points):
    """Return the letter about points given by a rule."""
    rule = transfer.rule
    reason = {"zh-hans": rule.name, "en": rule.name_en or rule.name}
    context = {"points": points, "reason": reason}
    return Letter("care_points.earned", talent.user, transfer, context, link=page_link("points"))


def redeemed(redemption):
    """Return the letter about a new voucher; the kind of service stays unsaid on a lock screen."""
    context = {
        "station": redemption.service.station.name,
        "until": redemption.expires_at,
    }
    link = page_link("voucher", redemption.pk)
    return Letter(
        "care_points.redemption_made", redemption.talent.user, redemption, context, link=link
    )


def fulfilled(redemption):
    """Return the letter about a voucher used at the station's desk."""
    context = {"station": redemption.service.station.name}
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


def overtake(redemption, now):
    """Say that her voucher is not to be used any more, whatever she was told of it."""
    if user := redemption.talent.user_id:
        kinds = ["care_points.redemption_made"]
        notices.overtake_all(to=[user], kinds=kinds, about=[redemption.pk], at=now)


def send(letter, now):
    """Queue the letter, unless she has no account to sign in yet."""
    if letter.to:
        notices.queue_all([letter], at=now)
