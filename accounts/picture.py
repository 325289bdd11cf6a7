"""Digits in a picture, read off before a code is sent: asked for only while codes run short (kernel.sms_budget).

It works without JavaScript. A picture is good for one try and, read rightly, for one code. Programs that read
pictures exist, so it slows a flood and the budgets end it. Whoever cannot see it uses e-mail or calls.
"""

import secrets
import unicodedata

from allauth.account.adapter import get_adapter
from allauth.core import context
from captcha.fields import CaptchaField, CaptchaTextInput
from captcha.views import captcha_image
from django import forms
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import devices, limits
from kernel import sms_budget
from kernel.access import public
from kernel.errors import Refused

NAME = "picture"
DIGITS = "2345689"  # none that reads like a letter or like another


def five_digits():
    """Return (what is drawn, what has to be typed); the library's own draw from a generator it seeds itself."""
    digits = "".join(secrets.choice(DIGITS) for _ in range(5))
    return digits, digits


picture = public(require_safe(never_cache(captcha_image)))


def why_not_send_at_once(request, phone):
    """Return why a code goes to `phone` (11 digits) only after a picture was read, as a DomainError, else None.

    Her own devices are asked for none: what strangers do is no burden of hers (accounts.devices).
    """
    if not sms_budget.codes_run_short(get_adapter().get_client_ip(request)):
        return None
    if devices.known_for(request, phone):
        return None
    sentence = _("现在获取短信验证码的人较多，请填写图中的五位数字，再获取一次。")
    return Refused("picture_missing", sentence, field=NAME)


class PictureInput(CaptchaTextInput):
    """A picture and a box for what stands in it."""

    use_fieldset = False  # one box is seen, the other is hidden

    def _render(self, template_name, context, renderer=None):
        # Forms' own renderer reads templates of apps alone, not the portal's.
        return render_to_string("accounts/picture.html", context)


class PictureField(CaptchaField):
    """What stands in a picture; looked at once, however many requests bring it in the same moment."""

    def __init__(self):
        super().__init__(
            label=_("图中的五位数字"),
            help_text=_("看不清？不填直接提交，换一张。看不到图？请改用邮箱，或联系我们。"),
            widget=PictureInput({"inputmode": "numeric"}),
            error_messages={
                "invalid": _("数字与图不符，请看新图重新填写。"),
                "required": _("请填写图中的五位数字。"),
            },
        )

    def clean(self, value):
        """Refuse a picture that was tried before; the library asks and deletes in two steps."""
        key, typed = value
        seconds = settings.CAPTCHA_TIMEOUT * 60
        if typed and not limits.once("picture", key or "", seconds=seconds):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().clean([key, unicodedata.normalize("NFKC", typed or "")])


def ask(form):
    """Ask for a picture in a form about to send a code to its `phone`, where codes run short; the last of its checks.

    A picture that came with the form is looked at when everything else is right, so that no slip costs one.
    """
    phone = form.cleaned_data.get("phone")
    error = why_not_send_at_once(context.request, phone) if phone else None
    if error is None:
        return
    field = form.fields[NAME] = PictureField()
    if form.errors:
        return
    typed = field.widget.value_from_datadict(form.data, form.files, NAME)
    if typed[0] is None:  # the page did not show one
        error.add_to(form)
        return
    try:
        field.clean(typed)
    except forms.ValidationError as wrong:
        form.add_error(NAME, wrong)
