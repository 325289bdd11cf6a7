"""Addresses of the theme, below /innovation/."""

from django.urls import path

from entrepreneurship.finance import products_views

urlpatterns = [
    path("", products_views.products, name="finance_products"),
    path("products/<str:code>/", products_views.product, name="finance_product"),
]
