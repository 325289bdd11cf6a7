"""What the app holds about one person: her account and the ways she signs in."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import JointAction, Session, User
from kernel.portal import Group

COVERS = (
    "account.EmailAddress.user",
    "mfa.Authenticator.user",
    "socialaccount.SocialAccount.user",
    "accounts.Session.user",
    "accounts.JointAction.person",
    "accounts.JointAction.beneficiary",
    "accounts.JointAction.requested_by",
    "accounts.User_groups.user",
)
ACCOUNT = (
    "code",
    "full_name",
    "phone",
    "phone_verified",
    "language",
    "department",
    "unit",
    "is_staff",
    "is_active",
    "date_joined",
    ("last_login", _("上次登录")),
)


def collect(user):
    """Return her account, addresses, ways to sign in, devices and what two people decided about her."""
    about = Q(person=user) | Q(beneficiary=user) | Q(requested_by=user)
    return [
        Group(_("账号"), User.objects.filter(pk=user.pk), ACCOUNT),
        Group(_("角色"), user.groups.all(), (("name", _("角色")),)),
        Group(
            _("邮箱"),
            EmailAddress.objects.filter(user=user),
            (("email", _("邮箱")), ("verified", _("已验证"))),
        ),
        Group(
            _("双重验证与通行密钥"),
            Authenticator.objects.filter(user=user),
            (("type", _("种类")), ("created_at", _("时间")), ("last_used_at", _("上次使用"))),
        ),
        Group(
            _("关联的账号"),
            SocialAccount.objects.filter(user=user),
            (("provider", _("来源")), ("uid", _("编号")), ("date_joined", _("时间"))),
        ),
        Group(
            _("已登录的设备"),
            Session.objects.of(user),
            (("label", _("浏览器")), ("seen_at", _("上次使用"))),
        ),
        Group(
            pgettext_lazy("many", "双人确认"),
            JointAction.objects.filter(about).order_by("pk"),
            ("kind", "state", "requested_at", "decided_at"),
        ),
    ]
