"""allauth's hooks: phones live encrypted on our User, codes leave by the SMS gateway."""

import base64
import copy
import io
import logging

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import RateLimited
from allauth.core.internal import ratelimit  # its usage can be taken back
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import Http404
from django.urls import reverse, translate_url
from django.utils import timezone
from django.utils.translation import get_language_from_path, gettext_lazy, override
from django.utils.translation import gettext as _
from qrcode.image.svg import SvgPathFillImage

from accounts import devices, kept, limits, operations
from accounts.models import User
from accounts.second_factors import LABEL
from kernel import gateways
from privacy import crypto

logger = logging.getLogger(__name__)
# What anybody may have sent to any address.
CODE_MAILS = {
    "login_code",
    "password_reset_code",
    "email_confirmation",
    "email_confirmation_signup",
    "unknown_account",
    "account_already_exists",
}


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by phone or e-mail.

    An unverified phone gives no right: it is found by nobody but its own pending sign-up, and the
    next person who claims the same number takes it away. So nobody can sign up with another
    person's number and wait for her to prove it.
    """

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": gettext_lazy("这个账号已停用，如有疑问请联系工作人员。"),
        "duplicate_email": gettext_lazy("这个邮箱已经是您的登录邮箱。"),
        "email_password_mismatch": gettext_lazy("邮箱或密码不正确。"),
        "phone_password_mismatch": gettext_lazy("手机号或密码不正确。"),
        "username_password_mismatch": gettext_lazy("请填写 11 位手机号，或完整的邮箱地址。"),
        "email_taken": gettext_lazy("这个邮箱已被其他账号使用，请换一个。"),
        "phone_taken": gettext_lazy("这个手机号已被其他账号使用，请换一个。"),
        "enter_current_password": gettext_lazy("当前密码不正确，请重新输入。"),
        "incorrect_password": gettext_lazy("密码不正确，请重新输入。"),
        "incorrect_code": gettext_lazy("验证码不正确，请核对后重新输入。"),
        "invalid_login": gettext_lazy("请填写 11 位手机号，或完整的邮箱地址。"),
        "invalid_password_reset": gettext_lazy("重设密码的请求已失效，请重新获取验证码。"),
        "same_as_current": gettext_lazy("与现在的相同，请填写新的。"),
        "select_only_one": gettext_lazy("手机号和邮箱请只填一项。"),
        "too_many_login_attempts": gettext_lazy("尝试次数过多，请 5 分钟后再试。"),
        "rate_limited": gettext_lazy("获取验证码过于频繁，请 1 分钟后再试。"),
        "unverified_primary_email": gettext_lazy("请先验证邮箱。"),
    }

    def phone_form_field(self, **kwargs):
        """Return a field for mainland mobile numbers."""
        from accounts.forms import PhoneField  # forms import allauth's, which import this module

        return PhoneField(**kwargs)

    def get_phone(self, user):
        """Return (number, verified) or None."""
        return (user.phone, user.phone_verified) if user.phone else None

    def get_user_by_phone(self, phone):
        """Return the user who proved this number, or None."""
        user = User.objects.get_by_phone(phone)
        return user if user and user.phone_verified else None

    def set_phone(self, user, phone, verified):
        """Put the number on the account; an unverified claim of somebody else gives way."""
        try:
            operations.set_phone(
                user=user, phone=phone, verified=verified, by=user, now=timezone.now()
            )
        except IntegrityError as error:  # two requests with the same number in the same moment
            raise RateLimited from error

    def set_phone_verified(self, user, phone):
        """Note that she entered the code sent to this number; tell the one it replaces."""
        old = user.phone if user.phone_verified else ""
        self.set_phone(user, phone, True)
        if old and old != phone:
            text = _("您的两江女性科技人才门户账号已换绑手机号。如非本人操作，请立即联系我们。")
            self._send_sms(old, text, kind="phone_replaced", params={})

    def send_verification_code_sms(self, user, phone, code, **kwargs):
        """Send a code to a number whose owner may sign in or sign up with it."""
        text = _("%(code)s 是您的验证码，10 分钟内有效，请勿告诉他人。") % {"code": code}
        self._send_sms(phone, text, kind="code", params={"code": code})

    def send_unknown_account_sms(self, phone, **kwargs):
        """Tell the owner of a number without an account why no code came."""
        text = _("您的手机号还没有注册两江女性科技人才门户，请先注册。如非本人操作，请忽略。")
        self._send_sms(phone, text, kind="unknown_account", params={})

    def send_account_already_exists_sms(self, phone):
        """Tell the owner of a number that is signed up already."""
        text = _("您的手机号已注册两江女性科技人才门户，请直接用验证码登录。如非本人操作，请忽略。")
        self._send_sms(phone, text, kind="account_exists", params={})

    def _send_sms(self, phone, text, **kwargs):
        """Hand the text to the gateway at once: a code is no notice, it is worthless in ten minutes.

        A failure is said in a sentence, to known and unknown numbers alike; she may ask for another code.
        """
        is_code = kwargs["kind"] in gateways.CODES
        if is_code:
            limits.count_code(self.request, phone)
        try:
            address = self.get_client_ip(self.request) if self.request else ""
            gateways.sms(address).send(phone, text, **kwargs)
        except Exception as error:  # every provider raises its own kinds
            code = getattr(error, "code", type(error).__name__)
            logger.error("sign-in SMS (%s) was not taken: %s", kwargs["kind"], code)
            if is_code:
                self._say_not_sent()

    def _say_not_sent(self):
        sentence = _("验证码暂时没能发出，请 1 分钟后点“重新发送”，或换一种方式。")
        messages.warning(self.request, sentence)

    def get_login_stages(self):
        """Replace the e-mail stage by one that lets people with a proved phone pass."""
        replacement = "accounts.stages.ProvedContactStage"
        original = "allauth.account.stages.EmailVerificationStage"
        return [replacement if stage == original else stage for stage in super().get_login_stages()]

    def _get_login_attempts_cache_key(self, request, **credentials):
        """Count failed sign-ins for each phone or e-mail, not for all phones together."""
        login = credentials.get("email") or credentials.get("phone") or ""
        return crypto.keyed_digest("login-attempts", login.lower())

    def pre_authenticate(self, request, **credentials):
        """Say how long to wait when too many sign-ins failed; her own devices count by themselves."""
        contact = credentials.get("email") or credentials.get("phone") or ""
        if device := devices.known_for(request, contact):
            self._count_at_device(request, device)
            return
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError as error:
            key = self._get_login_attempts_cache_key(request, **credentials)
            seconds = limits.wait(request, ["login_failed"], [key])
            raise ValidationError(limits.sentence(seconds), code=error.code) from error

    def _count_at_device(self, request, device):
        action = "known_device_login"
        usage = ratelimit.consume(request, app=limits.APP, action=action, key=device)
        self._login_failed_rl_usage = usage
        if not usage:
            seconds = limits.wait(request, [action], [device])
            raise ValidationError(limits.sentence(seconds), code="too_many_login_attempts")

    def post_login(self, request, user, *, signup=False, **kwargs):
        """Record the consents she chose at sign-up, now that the account is hers; go on in her language."""
        from accounts.forms import TYPED_SESSION_KEY, take_signup_consents  # as above

        take_signup_consents(request, user)
        request.session.pop(TYPED_SESSION_KEY, None)
        response = super().post_login(request, user, signup=signup, **kwargs)
        return self._in_her_language(request, response)

    def _in_her_language(self, request, response):
        """Lead her on in the language she saved; a form that waits stands where she left it."""
        if not kept.find(request):
            address = response["Location"]
            # Django reads an address in the language that is active: its own, whatever this page's is.
            with override(get_language_from_path(address) or settings.LANGUAGE_CODE):
                response["Location"] = translate_url(address, request.user.language)
        return response

    def send_mail(self, template_prefix, email, context):
        """Send a text mail in the portal's words; like an SMS, it is no fault of hers when it cannot leave."""
        is_code = template_prefix.removeprefix("account/email/") in CODE_MAILS
        if is_code:
            limits.count_code(self.request, email.lower())
        context = context | {"site_name": _("两江女性科技人才门户"), "site_url": settings.SITE_URL}
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, gateways.GatewayError) as error:  # OSError: of SMTP and of the connection
            logger.error(
                "sign-in mail (%s) did not leave: %s", template_prefix, type(error).__name__
            )
            if is_code:
                self._say_not_sent()

    def get_login_redirect_url(self, request):
        """Take her back to a form that waits; else staff to their work queue, others to their own page."""
        form = kept.find(request)
        if form and form.page:
            return form.page
        if request.user.is_staff:
            return reverse("admin:index")
        return super().get_login_redirect_url(request)

    def get_password_change_redirect_url(self, request):
        """Go back to the overview."""
        return reverse("account_overview")

    def get_email_verification_redirect_url(self, email_address):
        """Go back to the overview when signed in, to the dashboard after sign-up."""
        return self.get_password_change_redirect_url(self.request)


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Weixin sign-in; offered only where its keys are set (settings.people)."""

    def serialize_instance(self, instance):
        """Keep the phone out of the session, where a half-finished sign-in waits."""
        if isinstance(instance, User):
            instance = copy.copy(instance)
            instance.phone = instance.phone_index = None
        return super().serialize_instance(instance)

    def get_app(self, request, provider, client_id=None):
        """Answer 404 to whoever guesses the address where no keys are set."""
        try:
            return super().get_app(request, provider, client_id=client_id)
        except SocialApp.DoesNotExist as error:
            raise Http404 from error


class MFAAdapter(DefaultMFAAdapter):
    """Second factors: secrets encrypted at rest, labels without personal data."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("动态验证码不正确，请核对手机时间后重试。"),
        "unverified_email": gettext_lazy("请先验证邮箱，再开启双重验证。"),
        "cannot_delete_authenticator": gettext_lazy("工作人员须保留双重验证，不能关闭。"),
    }

    def encrypt(self, text):
        """Return the TOTP secret or recovery seed as SM4-GCM ciphertext in base64."""
        return base64.b64encode(crypto.encrypt(LABEL, text)).decode()

    def decrypt(self, encrypted_text):
        """Return what `encrypt` hid."""
        return crypto.decrypt(LABEL, base64.b64decode(encrypted_text))

    def build_totp_svg(self, url):
        """Draw the QR code on white: on a dark page cameras refuse a transparent one."""
        picture = io.BytesIO()
        qrcode.make(url, image_factory=SvgPathFillImage, border=3).save(picture)
        return picture.getvalue().decode()

    def get_totp_label(self, user):
        """Name the account in her authenticator app."""
        return str(user)

    def _get_site_name(self):
        return str(_("两江女性科技人才门户"))

    def can_delete_authenticator(self, authenticator):
        """Staff who must have a second factor keep their last one."""
        user = authenticator.user
        if not (settings.STAFF_SECOND_FACTOR and user.is_staff):
            return True
        others = type(authenticator).objects.filter(user=user, type__in=["totp", "webauthn"])
        return others.exclude(pk=authenticator.pk).exists()

    def generate_authenticator_name(self, user, type):
        """Suggest a name for a new passkey."""
        count = user.authenticator_set.filter(type=type).count()
        return _("通行密钥 %(number)s") % {"number": count + 1}
