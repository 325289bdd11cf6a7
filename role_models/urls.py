"""Addresses of stories and talks."""

from django.urls import path

from role_models import hers, views

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
    path("<slug:code>/", views.story, name="story"),
    path("<slug:code>/read/", views.story_read, name="story_read"),
]
