"""Codes that were sent: asking for one, and typing it."""

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.account.internal.stagekit import unstash_login
from allauth.core import context, ratelimit
from django import forms

from accounts import limits
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
        if seconds := limits.wait(request, ["code_failed"]):
            raise forms.ValidationError(limits.sentence(seconds), code="too_many")
        counted = {"action": "code_failed", "key": str(getattr(self.guessed_user, "pk", ""))}
        is_open = ratelimit.consume(request, dry_run=True, **counted)
        if not limits.may_guess(request, self.expected_code) or not is_open:
            raise get_adapter().validation_error("incorrect_code")
        try:
            return super().clean_code()
        except forms.ValidationError:
            ratelimit.consume(request, **counted)
            raise

    @property
    def guessed_user(self):
        """Return whose code it is; None where that is not known, and for accounts that do not exist."""
        if user := getattr(self, "user", None):
            return user
        login = unstash_login(context.request, peek=True)
        return login.user if login else None


class RequestLoginCodeForm(ContactMixin, allauth_forms.RequestLoginCodeForm):
    """Where to send a sign-in code."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.choose_contact(kwargs.get("data"))
        self.initial = context.request.session.get(TYPED_SESSION_KEY, {}) | {"by": self.by}

    def clean_phone(self):
        """Say how long to wait before another code goes to this number."""
        return self._within_limit("phone") and super().clean_phone()

    def clean_email(self):
        """Say how long to wait before another code goes to this address."""
        return self._within_limit("email") and super().clean_email()

    def clean(self):
        """Remember the contact for whoever got it wrong."""
        cleaned = super().clean()
        if not self.errors:
            context.request.session[TYPED_SESSION_KEY] = dict(self.cleaned_data)
        return cleaned

    def _within_limit(self, name):
        value = self.cleaned_data[name]
        seconds = limits.wait(context.request, ["request_login_code"], [value])
        if seconds:
            raise forms.ValidationError(limits.sentence(seconds), code="too_many")
        return value


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
        """Say how long to wait before another code goes to this address."""
        say_how_long(self, "email", ["reset_password"])
        return super().clean()
