"""Addresses of the theme, below /innovation/transfer/."""

from django.urls import path

from entrepreneurship.transfer import hers, interest_views, views

urlpatterns = [
    path("", views.transfers, name="transfers"),
    path("mine/", hers.my_transfers, name="my_transfers"),
    path("mine/new/<slug:kind>/<slug:whose>/", hers.new_transfer, name="new_transfer"),
    path("mine/<slug:code>/", hers.my_transfer, name="my_transfer"),
    path("mine/<slug:code>/edit/", hers.edit_transfer, name="edit_transfer"),
    path("mine/<slug:code>/take-back/", hers.take_back_transfer, name="take_back_transfer"),
    path("mine/<slug:code>/renew/", hers.renew_transfer, name="renew_transfer"),
    path("mine/<slug:code>/withdraw/", hers.withdraw_transfer, name="withdraw_transfer"),
    path("mine/<slug:code>/show/", hers.show_transfer_again, name="show_transfer_again"),
    path("mine/<slug:code>/discard/", hers.discard_transfer, name="discard_transfer"),
    path("endorse/", hers.transfer_endorsements, name="transfer_endorsements"),
    path("endorse/<slug:code>/", hers.transfer_endorsement, name="transfer_endorsement"),
    path("matches/", hers.transfer_matches, name="transfer_matches"),
    path("matches/<int:pk>/aside/", hers.aside_transfer_match, name="aside_transfer_match"),
    path("interests/", interest_views.transfer_interests, name="transfer_interests"),
    path("interests/<slug:code>/", interest_views.transfer_interest, name="transfer_interest"),
    path(
        "interests/<slug:code>/withdraw/",
        interest_views.withdraw_transfer_interest,
        name="withdraw_transfer_interest",
    ),
    path(
        "interests/<slug:code>/reconsider/",
        interest_views.reconsider_transfer_interest,
        name="reconsider_transfer_interest",
    ),
    path("<slug:code>/", views.transfer, name="transfer"),
    path(
        "<slug:code>/interest/",
        interest_views.new_transfer_interest,
        name="new_transfer_interest",
    ),
]
