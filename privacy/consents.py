"""Giving and withdrawing consent, one purpose at a time (PIPL art. 14-16, 29)."""

from django.db import connection, transaction
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from kernel import portal
from kernel.errors import Invalid, Refused
from privacy import audit
from privacy.models import Consent
from privacy.purposes import purposes


def _decide(user, purpose, granted, by, now, source):
    if by is not None and by.pk != user.pk:
        raise Refused("not_yours", _("只有本人可以授权或撤回。"))
    if purpose not in purposes() or purposes()[purpose].each:
        raise Invalid("unknown_purpose", _("没有这项授权。"))
    return _write(user, purpose, granted, by, now, source)


@transaction.atomic
def note(*, user, purpose, about, granted, by, now, source):
    """Record what `user` decided about one thing (`about`, its code) of a purpose that is agreed to for each apart.

    For the operation of the app the thing belongs to, which has asked who may: she herself, or staff whom she told.
    Returns the newest Consent, None where she says no and never agreed.
    """
    return _write(user, purpose, granted, by, now, source, about)


def _write(user, purpose, granted, by, now, source, about=""):
    assert source in portal.merged("consent_sources")  # noqa: S101 - the auditor reads it in words
    version = purposes()[purpose].version
    with connection.cursor() as cursor:  # two clicks at once: the second sees the first one's row
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [0x636F6E, user.pk % 2**31])
    answers = Consent.objects.filter(user=user, purpose=purpose, about=about)
    newest = answers.order_by("-id").first()
    if newest and newest.granted == granted and newest.text_version == version:
        return newest
    if newest is None and not granted:
        return None
    consent = Consent.objects.create(
        user=user,
        purpose=purpose,
        about=about,
        granted=granted,
        text_version=version,
        source=source,
        at=now,
    )
    audit.record(
        "privacy.grant_consent" if granted else "privacy.withdraw_consent",
        consent,
        by=by,
        at=now,
        purpose=purpose,
        version=consent.text_version,
        source=source,
    )
    changed = newest is None or newest.granted != granted
    if changed and (effect := portal.merged("consent_effects").get(purpose)):
        effect(user=user, granted=granted, by=by, now=now)
    return consent


@transaction.atomic
def grant(*, user, purpose, by, now, source="web"):
    """Record that `user` agrees to `purpose` (a code); returns the newest Consent.

    Agreeing again to the same text adds nothing; agreeing to a newer text adds a row. Raises Refused
    when `by` is somebody else: nobody agrees for her.
    """
    return _decide(user, purpose, True, by, now, source)


@transaction.atomic
def withdraw(*, user, purpose, by, now, source="web"):
    """Record that `user` withdraws her consent; returns the newest Consent, None if she never gave one.

    Withdrawing twice adds nothing. What was done before the withdrawal stays lawful (PIPL art. 15).
    """
    return _decide(user, purpose, False, by, now, source)


def agreeing(rows, purpose, *, user="user"):
    """Keep those of a queryset whose account (the field `user`) agrees to a purpose today: her newest answer counts."""
    answers = Consent.objects.filter(user=OuterRef(user), purpose=purpose)
    newest = Subquery(answers.order_by("-pk").values("granted")[:1])
    return rows.alias(agrees=newest).filter(agrees=True, **{f"{user}__isnull": False})


def losses(user, purpose, now):
    """Return what she loses and keeps by withdrawing, as sentences; none where she has not agreed."""
    say = portal.merged("consent_losses").get(purpose)
    agreed = say and Consent.objects.granted_by(user, purpose)
    return say(user, now) if agreed else []


def overview(user):
    """Return what the page shows: one dict for each purpose that is decided on there, in their order.

    Keys: purpose (a Purpose), granted (bool), since (datetime or None).
    """
    newest = {c.purpose: c for c in Consent.objects.filter(user=user).current()}
    general = {code: purpose for code, purpose in purposes().items() if not purpose.each}
    answers = [(purpose, newest.get(code)) for code, purpose in general.items()]
    return [
        {
            "purpose": purpose,
            "granted": bool(answer and answer.granted),
            "since": answer and answer.at,
        }
        for purpose, answer in answers
    ]
