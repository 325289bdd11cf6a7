"""A new account: by phone, e-mail or Weixin, with the consents."""

from allauth.account import forms as allauth_forms
from allauth.core import context
from allauth.socialaccount import forms as social_forms
from django import forms
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import picture
from accounts.forms.fields import TYPED_SESSION_KEY, ContactMixin, new_password, say_how_long
from privacy import consents
from privacy.purposes import purposes

SIGNUP_SESSION_KEY = "portal_signup"


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


class SignupForm(ContactMixin, ConsentMixin, allauth_forms.SignupForm):
    """Sign-up by phone or e-mail, with a password or without."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.choose_contact(kwargs.get("data"))
        new_password(
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
            say_how_long(self, "phone", "verify_phone")
            say_how_long(self, "email", "confirm_email")
        picture.ask(self)
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

    def clean(self):
        """Ask for a picture where codes run short."""
        cleaned = super().clean()
        picture.ask(self)
        return cleaned

    @transaction.atomic
    def save(self, request):
        """Create the account; consents wait until the phone is proved."""
        user = super().save(request)
        self.keep_consents(request, user)
        return user
