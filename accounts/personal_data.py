"""What the app holds about one person: her account and the ways she signs in."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db.models import Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts import kept, limits
from accounts.models import JointAction, JointState, Session, User
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


def lost(person, now):
    """Say that nobody signs in any more."""
    if person.user is None:
        return []
    return [gettext("账号注销：手机号、邮箱、密码、通行密钥和登录状态全部删除，不能再登录。")]


# What stays of an account: its key, which rows of others name, and when it was made.
KEPT = {"id", "code", "password", "is_active", "date_joined", "device_round", "language"}


def erase(person, now):
    """Take everything off the account but its key; end what she is signed in by."""
    user = person.user
    if user is None:
        return 0
    contacts = [user.phone, *EmailAddress.objects.filter(user=user).values_list("email", flat=True)]
    limits.forget(filter(None, contacts))
    kept.forget_all_of(user)
    rows = (Session, EmailAddress, Authenticator, SocialAccount)
    count = sum(model.objects.filter(user=user).delete()[0] for model in rows)
    count += _empty_requests(user, now)
    user.groups.clear()
    user.user_permissions.clear()
    for field in User._meta.concrete_fields:
        if field.name not in KEPT:
            setattr(user, field.attname, field.get_default())
    user.code, user.is_active = person.pseudonym, False
    user.device_round += 1
    user.set_unusable_password()
    user.save()
    return count + 1


def _empty_requests(user, now):
    """Empty what two people decided about her; what waits yet is over."""
    about = JointAction.objects.filter(person=user)
    about.waiting().update(state=JointState.WITHDRAWN, decided_at=now)
    about.exclude(decision_reason="").update(decision_reason="—")
    return about.update(params=None, reason="—")


def unused_sessions(before):
    """Return sessions that ran out."""
    return Session.objects.filter(expire_date__lt=before)
