"""Addresses of the theme, below /innovation/."""

from django.urls import path

from entrepreneurship.finance import bank_views, products_views, referrals_views

urlpatterns = [
    path("", products_views.products, name="finance_products"),
    path("products/<str:code>/", products_views.product, name="finance_product"),
    path("products/<str:code>/introduce/", referrals_views.introduce, name="introduce"),
    path("mine/", referrals_views.my_referrals, name="my_referrals"),
    path("mine/<str:code>/", referrals_views.my_referral, name="my_referral"),
    path("mine/<str:code>/withdraw/", referrals_views.withdraw, name="my_referral_withdraw"),
    path("mine/<str:code>/refuse/", referrals_views.refuse, name="my_referral_refuse"),
    path("bank/", bank_views.bank, name="bank"),
    path("bank/totals/", bank_views.bank_totals, name="bank_totals"),
    path("bank/<str:code>/", bank_views.bank_referral, name="bank_referral"),
    path("bank/<str:code>/undo/", bank_views.bank_undo, name="bank_undo"),
    path("bank/<str:code>/deleted/", bank_views.bank_deleted, name="bank_deleted"),
]
