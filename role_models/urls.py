"""Addresses of stories and talks."""

from django.urls import path

from role_models import hers, talk_views, views

urlpatterns = [
    path("", views.stories, name="stories"),
    path("mine/", hers.my_stories, name="my_stories"),
    path("mine/<slug:code>/", hers.my_story, name="my_story"),
    path("mine/<slug:code>/photos/", hers.my_story_photos, name="my_story_photos"),
    path("mine/<slug:code>/withdraw/", hers.my_story_withdraw, name="my_story_withdraw"),
    path("mine/<slug:code>/allow/", hers.my_story_allow, name="my_story_allow"),
    path("preview/<slug:code>/", views.story_preview, name="story_preview"),
    path("photos/<slug:code>/<slug:size>/", views.story_photo, name="story_photo"),
    path("series/<slug:code>/", views.story_series, name="story_series"),
    path("talks/", talk_views.talk_requests, name="talk_requests"),
    path("talks/new/", talk_views.new_talk, name="new_talk"),
    path("talks/mine/", talk_views.my_talks, name="my_talks"),
    path("talks/mine/stop/", talk_views.stop_talks, name="stop_talks"),
    path("talks/mine/<int:pk>/", talk_views.talk_invitation, name="talk_invitation"),
    path("talks/<slug:code>/", talk_views.talk_request, name="talk_request"),
    path("talks/<slug:code>/withdraw/", talk_views.talk_withdraw, name="talk_withdraw"),
    path("<slug:code>/", views.story, name="story"),
    path(
        "<slug:code>/share-<slug:mark>.jpg", views.story_share_picture, name="story_share_picture"
    ),
    path("<slug:code>/read/", views.story_read, name="story_read"),
]
