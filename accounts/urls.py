"""Addresses below /accounts/: the overview, consents, and allauth's sign-in pages."""

from django.urls import include, path

from accounts import proving, views
from accounts.picture import picture
from privacy.urls import consent_urlpatterns

urlpatterns = [
    path("", views.overview, name="account_overview"),
    path("language/", views.language, name="account_language"),
    path("devices/", views.devices, name="account_devices"),
    path("devices/sign-out/", views.sign_out_device, name="sign_out_device"),
    path("devices/sign-out-everywhere/", views.sign_out_everywhere, name="sign_out_everywhere"),
    path("kept/", views.kept_form, name="kept_form"),
    path("another-contact/", views.another_contact, name="another_contact"),
    path("picture/<slug:key>/", picture, name="captcha-image"),  # the library asks for this name
    path("signup/", views.sign_up, name="account_signup"),
    path("logout/", views.sign_out, name="account_logout"),
    path("login/code/confirm/", views.confirm_login_code, name="account_confirm_login_code"),
    path("phone/change/", proving.change_phone, name="account_change_phone"),
    path("password/set/", proving.set_password, name="account_set_password"),
    path("prove/", proving.prove_again, name="prove_again"),
    path("consents/", include(consent_urlpatterns)),
    path("", include("allauth.account.urls")),
    path("2fa/", include("allauth.mfa.urls")),
    path("3rdparty/", include("allauth.socialaccount.urls")),
    path("", include("allauth.socialaccount.providers.weixin.urls")),
]
