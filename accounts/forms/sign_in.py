"""Signing in with a password."""

from allauth.account import forms as allauth_forms
from django.utils.translation import gettext_lazy as _

from accounts import phones
from accounts.forms.fields import plain_password


class LoginForm(allauth_forms.LoginForm):
    """Phone or e-mail and password."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        login = self.fields["login"]
        login.label = _("手机号或邮箱")
        login.max_length = 254
        login.widget.attrs = {"autocomplete": "username", "autocapitalize": "none"}
        plain_password(self.fields["password"])

    def clean_login(self):
        """Return the 11 digits or the address in lower case."""
        typed = super().clean_login()
        return phones.normalise(typed) or typed.lower()
