"""What several account forms share: phone, e-mail, passwords, six digits, and one contact out of two."""

import unicodedata

from allauth.account.fields import EmailField
from allauth.core import context
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import limits, phones

TYPED_SESSION_KEY = "portal_typed"


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


def email_field(**kwargs):
    widget = forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"})
    return EmailField(label=_("邮箱"), widget=widget, **kwargs)


PASSWORD_HINT = _("至少 8 位，不要只用数字，不要用常见密码。")


def new_password(field, label=None, hint=PASSWORD_HINT):
    field.label, field.help_text = label or _("新密码"), hint
    field.widget.attrs = {"autocomplete": "new-password"}


def plain_password(field, label=None):
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


def chosen_contact(data, default="phone"):
    """Which of the two tabs a request is about: "phone" or "email"."""
    request = context.request
    by = (data or {}).get("by") or (request.GET.get("by") if request else "")
    return by if by in ("phone", "email") else default


class ContactMixin:
    """One form, two tabs: asks for a phone number or for an e-mail address, never for both."""

    def choose_contact(self, data):
        """Keep the field of the chosen tab, required, and drop the other."""
        self.by = chosen_contact(data)
        dropped = "email" if self.by == "phone" else "phone"
        self.fields.pop(dropped, None)
        if self.by == "email":
            self.fields["email"] = email_field(required=True)
        else:
            self.fields["phone"].required = True
        self.fields["by"] = forms.CharField(
            widget=forms.HiddenInput, initial=self.by, required=False
        )


def say_how_long(form, name, action):
    """Add an error to the field `name` where no code may go to what it holds just now."""
    value = form.cleaned_data.get(name)
    if value and (seconds := limits.wait_for_code(context.request, action, value.lower())):
        form.add_error(name, forms.ValidationError(limits.sentence(seconds), code="too_many"))
