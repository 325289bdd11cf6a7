"""allauth's hooks."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Phones live on our User."""


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Weixin sign-in."""
