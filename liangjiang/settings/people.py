"""Who signs in and how: phone or e-mail with password, code or passkey, TOTP, Weixin by keys."""

from kernel import env
from liangjiang.settings.base import PRODUCTION, TESTING, TRUSTED_PROXIES

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "dashboard"
LOGOUT_REDIRECT_URL = "home"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "accounts.hashers.RandomSecretHasher",  # partner keys, never passwords
]
if TESTING:
    PASSWORD_HASHERS[0] = "django.contrib.auth.hashers.MD5PasswordHasher"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# Staff enter the admin with a second factor; the demo may relax it and says so on the page.
STAFF_SECOND_FACTOR = env.flag("STAFF_SECOND_FACTOR", PRODUCTION)


ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "accounts.adapter.SocialAccountAdapter"
MFA_ADAPTER = "accounts.adapter.MFAAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email", "phone"}
# The form asks for one of phone and e-mail (accounts.forms.SignupForm); allauth's own checks want
# the e-mail marked required where its verification is mandatory. The password may be left out.
ACCOUNT_SIGNUP_FIELDS = ["phone", "email*", "password1"]
ACCOUNT_FORMS = {
    "login": "accounts.forms.LoginForm",
    "signup": "accounts.forms.SignupForm",
    "request_login_code": "accounts.forms.RequestLoginCodeForm",
    "confirm_login_code": "accounts.forms.ConfirmLoginCodeForm",
    "verify_phone": "accounts.forms.VerifyPhoneForm",
    "confirm_email_verification_code": "accounts.forms.ConfirmEmailForm",
    "confirm_password_reset_code": "accounts.forms.ConfirmPasswordResetForm",
    "change_phone": "accounts.forms.ChangePhoneForm",
    "add_email": "accounts.forms.ChangeEmailForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.NewPasswordForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
}
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PHONE_VERIFICATION_TIMEOUT = 10 * 60
ACCOUNT_PHONE_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_CHANGE_EMAIL = True  # one address for each person
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
# A code goes to one number once a minute and ten times a day; many people share one address when
# they sign up in the same hall.
ACCOUNT_RATE_LIMITS = {
    # Codes of certificates nobody was given, guessed at the public check page.
    "certificate_missed": "20/h/ip",
    "signup": "60/m/ip",
    "login": "60/m/ip",
    "login_failed": "30/m/ip,5/5m/key",
    "request_login_code": "60/m/ip,1/m/key,10/d/key",
    "verify_phone": "60/m/ip,1/m/key,10/d/key",
    "confirm_email": "1/m/key,10/d/key",
    "reset_password": "30/m/ip",
    "reset_password_code": "1/m/key,10/d/key",
    "reset_password_from_key": "30/m/ip",
    # Wrong codes: for each client's address; for each account, of an app in sum, of those sent in each network:
    # there the three guesses of each and the limits below keep the sum of a day below two hundred in a million.
    "code_failed": "60/10m/ip,30/d/key",
    # Codes of every purpose together: for each client's address and each phone or, in each network, e-mail; for who
    # asks signed in; mails to one address from everywhere.
    # Less than SMS_PER_PHONE, so that her own devices and notices still get through.
    "codes": "60/m/ip,6/h/key,15/d/key",
    "mails": "20/h/key,40/d/key",
    "codes_account": "10/h/key,20/d/key",
    # A browser she has signed in with counts by itself (accounts.devices): not what strangers use up.
    "known_device_login": "10/10m/key",
    "known_device_guess": "10/h/key",
    "known_device_code": "1/m/key,4/h/key,10/d/key",
    "change_phone": "10/m/user",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
    "manage_email": "10/m/user",
}
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
# Raw X-Forwarded-For is never believed: only what this many proxies of ours appended.
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES

MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "accounts.forms.SecondFactorForm",
    "reauthenticate": "accounts.forms.SecondFactorAgainForm",
    "activate_totp": "accounts.forms.ActivateTotpForm",
    "authenticate_webauthn": "accounts.forms.PasskeyForm",
    "reauthenticate_webauthn": "accounts.forms.PasskeyAgainForm",
    "add_webauthn": "accounts.forms.AddPasskeyForm",
    "edit_webauthn": "accounts.forms.RenamePasskeyForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "两江女性科技人才门户"
MFA_TOTP_TOLERANCE = 1  # phones' clocks drift
# Browsers themselves allow passkeys on plain HTTP for localhost only.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION

SOCIALACCOUNT_AUTO_SIGNUP = False  # Weixin gives no phone number: we ask for it
SOCIALACCOUNT_EMAIL_REQUIRED = False
SOCIALACCOUNT_FORMS = {"signup": "accounts.forms.SocialSignupForm"}
# A link, not a form: `form-action 'self'` would stop a form that ends at Weixin. She still has to
# scan the code there, and the state is bound to her session.
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_PROVIDERS = {}
if env.text("WEIXIN_APP_ID", ""):
    SOCIALACCOUNT_PROVIDERS["weixin"] = {
        "APPS": [{"client_id": env.text("WEIXIN_APP_ID"), "secret": env.secret("WEIXIN_SECRET")}]
    }
