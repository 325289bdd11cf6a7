"""Sign-in and account forms: allauth's rules, the portal's words and phone numbers."""

import time
import unicodedata

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.account.fields import EmailField
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.stagekit import unstash_login
from allauth.core import context, ratelimit
from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from allauth.socialaccount import forms as social_forms
from django import forms
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import limits, phones
from privacy import consents
from privacy.purposes import purposes

SIGNUP_SESSION_KEY = "portal_signup"
TYPED_SESSION_KEY = "portal_typed"
FRESH_CODE_SECONDS = 10 * 60


class PhoneField(forms.CharField):
    """A mainland mobile number; cleaned to 11 digits."""

    def __init__(self, *args, **kwargs):
        kwargs["label"] = _("手机号")
        kwargs.setdefault(
            "widget",
            forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
        )
        kwargs.setdefault("max_length", 30)
        super().__init__(*args, **kwargs)

    def clean(self, value):
        """Return the 11 digits, "" when left empty and not required."""
        value = super().clean(value)
        if not value:
            return ""
        number = phones.normalise(value)
        if number is None:
            raise forms.ValidationError(
                _("请填写 11 位中国大陆手机号，例如 13812345678。"), code="invalid_phone"
            )
        return number


def _email_field(**kwargs):
    widget = forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"})
    return EmailField(label=_("邮箱"), widget=widget, **kwargs)


PASSWORD_HINT = _("至少 8 位，不要只用数字，不要用常见密码。")


def _new_password(field, label=None, hint=PASSWORD_HINT):
    field.label, field.help_text = label or _("新密码"), hint
    field.widget.attrs = {"autocomplete": "new-password"}


def _plain_password(field, label=None):
    field.label, field.help_text = label or _("密码"), ""
    field.widget.attrs = {"autocomplete": "current-password"}


class CodeMixin:
    """A six-digit code: numeric keyboard, filled in from the SMS by the phone."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        field.label = _("六位验证码")
        field.max_length = 20
        field.widget.attrs = {
            "autocomplete": "one-time-code",
            "inputmode": "numeric",
            "autofocus": True,
        }

    def clean_code(self):
        """Read full-width digits as well."""
        self.cleaned_data["code"] = unicodedata.normalize("NFKC", self.cleaned_data["code"])
        return super().clean_code()


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


class LoginForm(allauth_forms.LoginForm):
    """Phone or e-mail and password."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        login = self.fields["login"]
        login.label = _("手机号或邮箱")
        login.max_length = 254
        login.widget.attrs = {"autocomplete": "username", "autocapitalize": "none"}
        _plain_password(self.fields["password"])

    def clean_login(self):
        """Return the 11 digits or the address in lower case."""
        typed = super().clean_login()
        return phones.normalise(typed) or typed.lower()


def _chosen_contact(data, default="phone"):
    """Which of the two tabs a request is about: "phone" or "email"."""
    request = context.request
    by = (data or {}).get("by") or (request.GET.get("by") if request else "")
    return by if by in ("phone", "email") else default


class ContactMixin:
    """One form, two tabs: asks for a phone number or for an e-mail address, never for both."""

    def choose_contact(self, data):
        """Keep the field of the chosen tab, required, and drop the other."""
        self.by = _chosen_contact(data)
        dropped = "email" if self.by == "phone" else "phone"
        self.fields.pop(dropped, None)
        if self.by == "email":
            self.fields["email"] = _email_field(required=True)
        else:
            self.fields["phone"].required = True
        self.fields["by"] = forms.CharField(
            widget=forms.HiddenInput, initial=self.by, required=False
        )


def signup_purposes():
    """Return the purposes asked about at sign-up.

    The identity number is asked for where it is needed, alone (PIPL art. 29).
    """
    return [purpose for purpose in purposes().values() if purpose.at_signup]


class ConsentMixin:
    """The consents asked at sign-up, each with its own box, none ticked."""

    def add_consents(self):
        """Add a checkbox for each purpose and the required one for terms and privacy notice."""
        for purpose in signup_purposes():
            self.fields[f"consent_{purpose.code}"] = forms.BooleanField(
                label=purpose.label, help_text=purpose.why, required=False
            )
        self.fields["read_notice"] = forms.BooleanField(
            label=_("我已阅读《隐私说明》，同意为注册登录使用我的手机号或邮箱"),
            error_messages={"required": _("请先阅读隐私说明并勾选。")},
        )

    def contact_fields(self):
        """Return the bound fields that ask who she is, in front of the consents."""
        boxes = {"read_notice", *(field.name for field in self.consent_fields())}
        return [field for field in self if field.name not in boxes]

    def consent_fields(self):
        """Return the bound optional consent boxes."""
        return [self[f"consent_{purpose.code}"] for purpose in signup_purposes()]

    def keep_typed(self, request):
        """Remember what was typed, but no password, for whoever got her number wrong."""
        typed = {name: value for name, value in self.cleaned_data.items() if "password" not in name}
        request.session[TYPED_SESSION_KEY] = typed

    def keep_consents(self, request, user):
        """Remember the choices until the phone or address is proved to be hers."""
        codes = [purpose.code for purpose in signup_purposes()]
        chosen = [code for code in codes if self.cleaned_data.get(f"consent_{code}")]
        request.session[SIGNUP_SESSION_KEY] = {"user": user.pk, "purposes": chosen}


def take_signup_consents(request, user):
    """Record the consents chosen at sign-up, once, when she is signed in the first time."""
    chosen = request.session.pop(SIGNUP_SESSION_KEY, None)
    if chosen and chosen["user"] == user.pk:
        now = timezone.now()
        with transaction.atomic():  # all of them or none
            for purpose in chosen["purposes"]:
                consents.grant(user=user, purpose=purpose, by=user, now=now, source="signup")


def say_how_long(form, name, actions):
    """Add an error to the field `name` where no code may go to what it holds just now."""
    value = form.cleaned_data.get(name)
    if value and (seconds := limits.wait(context.request, actions, [value])):
        form.add_error(name, forms.ValidationError(limits.sentence(seconds), code="too_many"))


class SignupForm(ContactMixin, ConsentMixin, allauth_forms.SignupForm):
    """Sign-up by phone or e-mail, with a password or without."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.choose_contact(kwargs.get("data"))
        _new_password(
            self.fields["password1"],
            label=_("设置密码"),
            hint=_("可以不设，以后用验证码登录。至少 8 位，不要只用数字。"),
        )
        self.add_consents()
        self.order_fields(["by", "phone", "email", "password1"])
        self.initial = context.request.session.get(TYPED_SESSION_KEY, {}) | {"by": self.by}

    def clean(self):
        """Refuse a contact a code went to within the minute, before anything is written."""
        cleaned = super().clean()
        if not self.errors:
            say_how_long(self, "phone", ["verify_phone"])
            say_how_long(self, "email", ["confirm_email"])
        return cleaned

    def try_save(self, request):
        """Take as long for a known contact as for a new one."""
        self.keep_typed(request)
        if self.account_already_exists:
            make_password(self.cleaned_data.get("password1") or None)
        return super().try_save(request)

    @transaction.atomic
    def save(self, request):
        """Create the account; consents wait until the contact is proved."""
        user = super().save(request)
        user.language = request.LANGUAGE_CODE if request.LANGUAGE_CODE == "en" else "zh-hans"
        user.save(update_fields=["language"])
        self.keep_consents(request, user)
        return user


class SocialSignupForm(ContactMixin, ConsentMixin, social_forms.SignupForm):
    """The first sign-in by Weixin: a phone number and the consents."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.choose_contact({"by": "phone"})
        self.add_consents()

    @transaction.atomic
    def save(self, request):
        """Create the account; consents wait until the phone is proved."""
        user = super().save(request)
        self.keep_consents(request, user)
        return user


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


class ChangePhoneForm(allauth_forms.ChangePhoneForm):
    """A new phone number."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["phone"].label = _("新手机号")

    def clean(self):
        """Say how long to wait before another code goes to this number."""
        say_how_long(self, "phone", ["verify_phone"])
        return super().clean()


class ChangeEmailForm(allauth_forms.AddEmailForm):
    """A new e-mail address."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"] = _email_field(required=True)
        self.fields["email"].label = _("新邮箱")

    def clean(self):
        """Say how long to wait before another code goes to this address."""
        say_how_long(self, "email", ["confirm_email"])
        return super().clean()


def _has_fresh_code(user):
    """Tell whether she signed in with a code a few minutes ago."""
    request = context.request
    records = get_authentication_records(request, user) if request else []
    newest = [r["at"] for r in records if r["method"] == "code"]
    return bool(newest) and time.time() - newest[-1] < FRESH_CODE_SECONDS


class ChangePasswordForm(allauth_forms.ChangePasswordForm):
    """A new password; whoever has just signed in with a code need not know the old one.

    That is how a forgotten password is replaced by phone.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _plain_password(self.fields["oldpassword"], label=_("当前密码"))
        if _has_fresh_code(self.user):
            del self.fields["oldpassword"]
        _new_password(self.fields["password1"])
        _new_password(self.fields["password2"], label=_("再输入一次"), hint="")


class SetPasswordForm(allauth_forms.SetPasswordForm):
    """A first password for an account that signed in by code so far; an old one is not asked for."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _new_password(self.fields["password1"], label=_("密码"))
        _new_password(self.fields["password2"], label=_("再输入一次"), hint="")


class ResetPasswordForm(allauth_forms.ResetPasswordForm):
    """Where to send the code for a new password."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"] = _email_field(required=True)

    def clean(self):
        """Say how long to wait before another code goes to this address."""
        say_how_long(self, "email", ["reset_password"])
        return super().clean()


class NewPasswordForm(allauth_forms.ResetPasswordKeyForm):
    """The new password after a reset."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _new_password(self.fields["password1"])
        _new_password(self.fields["password2"], label=_("再输入一次"), hint="")


class ReauthenticateForm(allauth_forms.ReauthenticateForm):
    """The password once more."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _plain_password(self.fields["password"])


class OnceMixin(CodeMixin):
    """A code of the authenticator app is good once, for as long as the app's clock may be off."""

    def clean_code(self):
        """Refuse a code that was used; allauth forgets it after half a minute, it is valid for longer."""
        code = super().clean_code()
        is_totp = self.authenticator.type == Authenticator.Type.TOTP
        if is_totp and not totp_code_is_new(self.user, code):
            raise get_mfa_adapter().validation_error("incorrect_code")
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


class LanguageForm(forms.Form):
    """The language of notices and of the pages after signing in."""

    language = forms.ChoiceField(
        label=_("界面与通知语言"),
        choices=settings.LANGUAGES,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("请选择简体中文或英文。")},
    )
