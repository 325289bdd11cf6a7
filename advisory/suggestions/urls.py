"""Addresses under /advisory/suggestions/."""

from django.urls import path

from advisory.suggestions import views, writing_views

urlpatterns = [
    path("", views.campaigns, name="suggestion_campaigns"),
    path("replies/", views.replies, name="suggestion_replies"),
    path("similar/", writing_views.look, name="suggestion_similar"),
    path("campaigns/<slug:code>/", views.campaign, name="suggestion_campaign"),
    path("campaigns/<slug:code>/write/", writing_views.write, name="suggestion_write"),
    path("<slug:code>/", views.suggestion, name="suggestion"),
    path("<slug:code>/edit/", writing_views.edit, name="suggestion_edit"),
    path("<slug:code>/withdraw/", views.withdraw, name="suggestion_withdraw"),
    path("<slug:code>/letter.<slug:ending>", views.letter, name="suggestion_letter"),
    path("<slug:code>/cosign/", views.cosign, name="suggestion_cosign"),
    path("<slug:code>/uncosign/", views.uncosign, name="suggestion_uncosign"),
    path("<slug:code>/replies/<int:pk>/", views.rate, name="suggestion_rate"),
    path("<slug:code>/adoptions/<int:pk>/", views.contest, name="suggestion_contest"),
    path(
        "<slug:code>/adoptions/<int:pk>/<int:months>/",
        views.contest,
        name="suggestion_contest_effect",
    ),
]
