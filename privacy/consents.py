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
def note(*, user, purpose, about, granted, by, now, source, recipient="", good_until=None):
    """Record what `user` decided about one thing (`about`, its code) of a purpose that is agreed to for each apart.

    For the operation of the app the thing belongs to, which has asked who may: she herself, or staff whom she told.
    `recipient` is the name of who receives the data (PIPL art. 23), `good_until` when the agreement ends by itself.
    Returns the newest Consent, None where she says no and never agreed.
    """
    return _write(user, purpose, granted, by, now, source, about, recipient, good_until)


@transaction.atomic
def withdraw_one(*, user, purpose, about, by, now, source="web"):
    """Record that `user` withdraws what she agreed to for one thing (`about`); the thing's app ends it by its effect.

    Only of purposes whose app declares a consent effect: else nothing would follow from it. Returns the newest Consent.
    Raises Refused for anybody else, Invalid where she never agreed to such a thing.
    """
    if by is not None and by.pk != user.pk:
        raise Refused("not_yours", _("只有本人可以授权或撤回。"))
    newest = _newest(user, purpose, about)
    if newest is None or not ends_here(purpose):
        raise Invalid("unknown_purpose", _("没有这项授权。"))
    return _write(user, purpose, False, by, now, source, about, newest.recipient)


def ends_here(purpose):
    """Tell whether what is agreed to for each thing apart may be withdrawn on the general page: something follows."""
    known = purposes().get(purpose)
    return bool(known and known.each) and purpose in portal.merged("consent_effects")


def standing(user, now):
    """Return her agreements for single things that hold now and may be withdrawn on the general page, the newest first."""
    each = [code for code in purposes() if ends_here(code)]
    return Consent.objects.filter(user=user, purpose__in=each).standing(now).order_by("-pk")


def _newest(user, purpose, about):
    answers = Consent.objects.filter(user=user, purpose=purpose, about=about)
    return answers.order_by("-id").first()


def lock(user):
    """Hold her answers until the transaction ends: before every lock of what follows from an answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [0x636F6E, user.pk % 2**31])


def _write(user, purpose, granted, by, now, source, about="", recipient="", good_until=None):
    assert source in portal.merged("consent_sources")  # noqa: S101 - the auditor reads it in words
    version = purposes()[purpose].version
    lock(user)  # two clicks at once: the second sees the first one's row
    newest = _newest(user, purpose, about)
    said = (granted, version, recipient)
    if newest and (newest.granted, newest.text_version, newest.recipient) == said:
        return newest
    if newest is None and not granted:
        return None
    consent = Consent.objects.create(
        user=user,
        purpose=purpose,
        about=about,
        recipient=recipient,
        good_until=good_until if granted else None,
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
        **({"recipient": recipient} if recipient else {}),
    )
    changed = newest is None or newest.granted != granted
    if changed and (effect := portal.merged("consent_effects").get(purpose)):
        one = {"about": about} if purposes()[purpose].each else {}
        effect(user=user, granted=granted, by=by, now=now, **one)
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
