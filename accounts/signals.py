"""What happens when allauth reports something: proof of a second factor, staff sign-ins on record."""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.signals import email_confirmed, user_logged_in
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.contrib.auth.signals import user_logged_in as django_logged_in
from django.utils import timezone

from accounts import browsers, operations
from accounts.forms import SIGNUP_SESSION_KEY
from accounts.sessions import DEVICE_KEY
from privacy import audit

SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def second_factor_added(sender, request, user, authenticator, **kwargs):
    """Setting up a second factor proves it: she need not type another code to go on."""
    if authenticator.type in SECOND_FACTORS:
        record_authentication(
            request, user, "mfa", id=authenticator.pk, type=authenticator.type, reauthenticated=True
        )
    audit.record(
        "accounts.add_authenticator", user, by=user, at=timezone.now(), type=authenticator.type
    )


def second_factor_removed(sender, request, user, authenticator, **kwargs):
    """Keep on record that a factor is gone."""
    audit.record(
        "accounts.remove_authenticator", user, by=user, at=timezone.now(), type=authenticator.type
    )


def signed_in(sender, request, user, **kwargs):
    """Staff sign-ins go into the audit log (MLPS 2.0)."""
    if user.is_staff:
        audit.record("accounts.sign_in", user, by=user, at=timezone.now())


def device_noted(sender, request, user, **kwargs):
    """Keep the kind of browser with the session, for her list of devices."""
    request.session[DEVICE_KEY] = browsers.kind(request.META.get("HTTP_USER_AGENT", ""))


def address_proved(sender, request, email_address, **kwargs):
    """Drop a password somebody else chose.

    Anybody can sign up with another person's address and a password and leave it unverified. When
    the owner later proves the address outside that sign-up, that password must not open her account.
    """
    user = email_address.user
    own = request.session.get(SIGNUP_SESSION_KEY, {}).get("user") == user.pk
    if user.last_login is None and not own:
        # Nobody is signed in yet: it is the portal that acts.
        operations.drop_password(user=user, by=None, now=timezone.now())


def connect():
    """Connect the handlers once."""
    for signal, handler in (
        (authenticator_added, second_factor_added),
        (authenticator_removed, second_factor_removed),
        (user_logged_in, signed_in),
        (django_logged_in, device_noted),
        (email_confirmed, address_proved),
    ):
        signal.connect(handler, dispatch_uid=f"accounts.{handler.__name__}")
