"""Sign-in: allauth by e-mail or mobile phone, password, code or passkey, TOTP, Weixin by keys."""

from liangjiang import env

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "accounts.adapter.SocialAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email", "phone"}
ACCOUNT_SIGNUP_FIELDS = ["phone*", "email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 6}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
SOCIALACCOUNT_PROVIDERS = {}
if env.text("WEIXIN_APP_ID", ""):
    SOCIALACCOUNT_PROVIDERS["weixin"] = {
        "APPS": [{"client_id": env.text("WEIXIN_APP_ID"), "secret": env.secret("WEIXIN_SECRET")}]
    }
