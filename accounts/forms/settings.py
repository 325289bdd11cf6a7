"""What she changes of her own account: phone, e-mail, password, language; the password to sign in with."""

import time

from allauth.account import forms as allauth_forms
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts import picture
from accounts.forms.fields import email_field, new_password, plain_password, say_how_long

FRESH_CODE_SECONDS = 10 * 60


class ChangePhoneForm(allauth_forms.ChangePhoneForm):
    """A new phone number."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["phone"].label = _("新手机号")

    def clean(self):
        """Say how long to wait before another code goes to this number."""
        say_how_long(self, "phone", "verify_phone")
        cleaned = super().clean()
        picture.ask(self)
        return cleaned


class ChangeEmailForm(allauth_forms.AddEmailForm):
    """A new e-mail address."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"] = email_field(required=True)
        self.fields["email"].label = _("新邮箱")

    def clean(self):
        """Say how long to wait before another code goes to this address."""
        say_how_long(self, "email", "confirm_email")
        return super().clean()


def has_fresh_code(user):
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
        plain_password(self.fields["oldpassword"], label=_("当前密码"))
        if has_fresh_code(self.user):
            del self.fields["oldpassword"]
        new_password(self.fields["password1"])
        new_password(self.fields["password2"], label=_("再输入一次"), hint="")


class SetPasswordForm(allauth_forms.SetPasswordForm):
    """A first password for an account that signed in by code so far; an old one is not asked for."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        new_password(self.fields["password1"], label=_("密码"))
        new_password(self.fields["password2"], label=_("再输入一次"), hint="")


class NewPasswordForm(allauth_forms.ResetPasswordKeyForm):
    """The new password after a reset."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        new_password(self.fields["password1"])
        new_password(self.fields["password2"], label=_("再输入一次"), hint="")


class ReauthenticateForm(allauth_forms.ReauthenticateForm):
    """The password once more."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        plain_password(self.fields["password"])


class LanguageForm(forms.Form):
    """The language of notices and of the pages after signing in."""

    language = forms.ChoiceField(
        label=_("界面与通知语言"),
        choices=settings.LANGUAGES,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("请选择简体中文或英文。")},
    )
