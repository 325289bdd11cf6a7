"""Sign-in and account forms: allauth's rules, the portal's words and phone numbers."""

from accounts.forms.codes import (
    ConfirmEmailForm,
    ConfirmLoginCodeForm,
    ConfirmPasswordResetForm,
    RequestLoginCodeForm,
    ResetPasswordForm,
    VerifyPhoneForm,
)
from accounts.forms.fields import TYPED_SESSION_KEY, PhoneField
from accounts.forms.second_factors import (
    ActivateTotpForm,
    AddPasskeyForm,
    PasskeyAgainForm,
    PasskeyForm,
    RenamePasskeyForm,
    SecondFactorAgainForm,
    SecondFactorForm,
)
from accounts.forms.settings import (
    ChangeEmailForm,
    ChangePasswordForm,
    ChangePhoneForm,
    LanguageForm,
    NewPasswordForm,
    ReauthenticateForm,
    SetPasswordForm,
    has_fresh_code,
)
from accounts.forms.sign_in import LoginForm
from accounts.forms.sign_up import (
    SIGNUP_SESSION_KEY,
    SignupForm,
    SocialSignupForm,
    take_signup_consents,
)

__all__ = [
    "SIGNUP_SESSION_KEY",
    "TYPED_SESSION_KEY",
    "ActivateTotpForm",
    "AddPasskeyForm",
    "ChangeEmailForm",
    "ChangePasswordForm",
    "ChangePhoneForm",
    "ConfirmEmailForm",
    "ConfirmLoginCodeForm",
    "ConfirmPasswordResetForm",
    "LanguageForm",
    "LoginForm",
    "NewPasswordForm",
    "PasskeyAgainForm",
    "PasskeyForm",
    "PhoneField",
    "ReauthenticateForm",
    "RenamePasskeyForm",
    "RequestLoginCodeForm",
    "ResetPasswordForm",
    "SecondFactorAgainForm",
    "SecondFactorForm",
    "SetPasswordForm",
    "SignupForm",
    "SocialSignupForm",
    "VerifyPhoneForm",
    "has_fresh_code",
    "take_signup_consents",
]
