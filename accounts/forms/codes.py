"""Codes that were sent: asking for one, and typing it."""

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.account.internal.stagekit import unstash_login
from allauth.account.internal.userkit import filter_users_by_email
from allauth.core import context, ratelimit
from django import forms

from accounts import limits, picture
from accounts.forms.fields import (
    TYPED_SESSION_KEY,
    CodeMixin,
    ContactMixin,
    email_field,
    say_how_long,
)


class SentCodeMixin(CodeMixin):
    """A code that was sent to her: three guesses, and a cap on wrong ones whatever session they come from."""

    def clean_code(self):
        """Refuse the fourth guess, even a right one; count wrong ones for her account and the address."""
        request = context.request
        action, key = limits.guess_counter(request, self.guessed_user, sent=True)
        # How long an account is closed to strangers is not told: it would tell that there is one.
        hers = [key] if action == "known_device_guess" else ()
        if seconds := limits.wait(request, [action], hers):
            raise forms.ValidationError(limits.sentence(seconds), code="too_many")
        is_open = ratelimit.consume(request, action=action, key=key, dry_run=True)
        if not limits.may_guess(request, self.expected_code) or not is_open:
            raise get_adapter().validation_error("incorrect_code")
        try:
            return super().clean_code()
        except forms.ValidationError:
            ratelimit.consume(request, action=action, key=key)
            raise

    @property
    def guessed_user(self):
        """Return whose code it is; None where that is not known, and for accounts that do not exist."""
        if user := getattr(self, "user", None):
            return user
        login = unstash_login(context.request, peek=True)
        return login.user if login else None


def count_asked(form, name, action):
    """Count a code about to go to what the field `name` holds; an error where somebody was quicker."""
    if not limits.count_asked(context.request, action, form.cleaned_data[name].lower()):
        form.add_error(name, forms.ValidationError(limits.sentence(0), code="too_many"))


class RequestLoginCodeForm(ContactMixin, allauth_forms.RequestLoginCodeForm):
    """Where to send a sign-in code."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.choose_contact(kwargs.get("data"))
        self.initial = context.request.session.get(TYPED_SESSION_KEY, {}) | {"by": self.by}

    def clean_phone(self):
        """Return the number; refuse it, saying how long, where no code may go to it yet."""
        phone = self._open("phone")
        self._user = get_adapter().get_user_by_phone(phone)
        return phone

    def clean_email(self):
        """Return the address; refuse it, saying how long, where no code may go to it yet."""
        email = self._open("email").lower()
        known = {"is_active": True, "prefer_verified": True, "for_login": True}
        self._user = next(iter(filter_users_by_email(email, **known)), None)
        return email

    def clean(self):
        """Count the code about to be sent, and remember the contact for whoever got it wrong."""
        cleaned = super().clean()
        picture.ask(self)
        if not self.errors:
            self._count()
        if not self.errors:
            context.request.session[TYPED_SESSION_KEY] = dict(self.cleaned_data)
        return cleaned

    def _open(self, name):
        value = self.cleaned_data[name]
        if seconds := limits.wait_for_code(context.request, limits.SIGN_IN, value.lower()):
            raise forms.ValidationError(limits.sentence(seconds), code="too_many")
        return value

    def _count(self):
        # Not allauth's own count, which knows no devices.
        count_asked(self, self.by, limits.SIGN_IN)


class ConfirmLoginCodeForm(SentCodeMixin, allauth_forms.ConfirmLoginCodeForm):
    """Sign in with the six digits sent to the phone or e-mail she named."""


class VerifyPhoneForm(SentCodeMixin, allauth_forms.VerifyPhoneForm):
    """The code sent to a phone."""

    def clean_code(self):
        """Refuse a code whose sign-up gave way to another claim of the same number."""
        code = super().clean_code()
        if self.user is None:
            raise get_adapter().validation_error("incorrect_code")
        return code


class ConfirmEmailForm(SentCodeMixin, allauth_forms.ConfirmEmailVerificationCodeForm):
    """The code sent to a new address."""


class ConfirmPasswordResetForm(SentCodeMixin, allauth_forms.ConfirmPasswordResetCodeForm):
    """The code for a new password."""


class ResetPasswordForm(allauth_forms.ResetPasswordForm):
    """Where to send the code for a new password."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"] = email_field(required=True)

    def clean(self):
        """Count the code, or say how long to wait before another one goes to this address."""
        say_how_long(self, "email", limits.RESET)
        if not self.errors:
            count_asked(self, "email", limits.RESET)
        return super().clean()
