"""Addresses of associations, below /networks/."""

from django.urls import path

from networks import hers, running, views

urlpatterns = [
    path("", views.associations, name="associations"),
    path("meter/", views.share_meter, name="share_meter"),
    path("mine/", hers.my_networks, name="my_networks"),
    path("mine/posts/<int:pk>/", hers.my_post, name="my_post"),
    path("mine/<slug:code>/", hers.my_membership, name="my_membership"),
    path("run/<slug:code>/", running.run_association, name="run_association"),
    path("run/<slug:code>/members.xlsx", running.run_members_sheet, name="run_members_sheet"),
    path("run/<slug:code>/enter/<slug:kind>/", running.run_entry, name="run_entry"),
    path("run/<slug:code>/members/<slug:member>/", running.run_member, name="run_member"),
    path("<slug:code>/", views.association, name="association"),
    path("<slug:code>/join/", hers.join_association, name="join_association"),
]
