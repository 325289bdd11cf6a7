"""Authenticator apps, recovery codes, passkeys."""

from allauth.core import context
from allauth.core.internal import ratelimit  # its usage can be taken back
from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import limits
from accounts.forms.fields import CodeMixin


class OnceMixin(CodeMixin):
    """A code of the authenticator app is good once, for as long as the app's clock may be off."""

    def clean_code(self):
        """Refuse a code that was used; allauth forgets it after half a minute, it is valid for longer."""
        code = self._counted_code()
        is_totp = self.authenticator.type == Authenticator.Type.TOTP
        if is_totp and not totp_code_is_new(self.user, code):
            raise get_mfa_adapter().validation_error("incorrect_code")
        return code

    def _counted_code(self):
        request = context.request
        action, key = limits.guess_counter(request, self.user, sent=False)
        # Counted before it is looked at, in one step, and taken back where it is right.
        usage = ratelimit.consume(request, app=limits.APP, action=action, key=key)
        if not usage:
            seconds = limits.wait(request, [action], [key])
            raise forms.ValidationError(limits.sentence(seconds), code="too_many")
        limits.forget_strangers(request, self.user)
        code = super().clean_code()
        usage.rollback()
        return code


def totp_code_is_new(user, code):
    """Note that a code was used; False where it had been."""
    valid = mfa_settings.TOTP_PERIOD * (2 * mfa_settings.TOTP_TOLERANCE + 1)
    return limits.once("totp", str(user.pk), code, seconds=valid + mfa_settings.TOTP_PERIOD)


class SecondFactorForm(OnceMixin, mfa_forms.AuthenticateForm):
    """A code from the authenticator app, or a recovery code."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("动态验证码或恢复码")


class SecondFactorAgainForm(OnceMixin, mfa_forms.ReauthenticateForm):
    """The second factor once more."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("动态验证码或恢复码")


class ActivateTotpForm(CodeMixin, totp_forms.ActivateTOTPForm):
    """The first code from a new authenticator app."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("验证器显示的六位数字")
        self.fields["code"].widget.attrs.pop("autofocus")

    def clean_code(self):
        """Note the code as used."""
        code = super().clean_code()
        totp_code_is_new(self.user, code)
        return code


class PasskeyForm(webauthn_forms.AuthenticateWebAuthnForm):
    """A passkey as the second factor."""

    def clean_credential(self):
        """Try it at her own device whatever strangers failed at."""
        limits.forget_strangers(context.request, self.user)
        return super().clean_credential()


class PasskeyAgainForm(webauthn_forms.ReauthenticateWebAuthnForm):
    """A passkey once more."""

    def clean_credential(self):
        """Try it at her own device whatever strangers failed at."""
        limits.forget_strangers(context.request, self.user)
        return super().clean_credential()


class AddPasskeyForm(webauthn_forms.AddWebAuthnForm):
    """A new passkey (WebAuthn), with a name to tell devices apart by; at most 60 characters."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("名称")
        self.fields["name"].help_text = _("便于区分，例如“我的手机”。")
        self.fields["name"].max_length = 60
        self.fields["passwordless"].label = _("用它直接登录，不再输入密码")
        self.fields["passwordless"].help_text = _("设备须支持指纹、面容或 PIN 码。")


class RenamePasskeyForm(webauthn_forms.EditWebAuthnForm):
    """Another name for a passkey."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("名称")
        self.fields["name"].max_length = 60
