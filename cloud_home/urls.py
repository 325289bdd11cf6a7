"""Addresses of the Cloud Home."""

from django.urls import path

from cloud_home.views import circles, hers, posts, topics

urlpatterns = [
    path("", circles.home, name="cloud_home"),
    path("circles/", circles.circles, name="circles"),
    path("search/", hers.search, name="cloud_search"),
    path("mine/", hers.my_posts, name="my_posts"),
    path("asked/", hers.asked, name="cloud_asked"),
    path("asked/<int:pk>/decline/", hers.decline, name="decline_ask"),
    path("settings/", hers.settings, name="cloud_settings"),
    path("ask/", topics.new_question, name="new_question"),
    path("events/<str:code>/", circles.event_circle, name="event_circle"),
    path("c/<str:code>/", circles.circle, name="circle"),
    path("c/<str:code>/new/", topics.new_topic, name="new_topic"),
    path("c/<str:code>/join/", circles.join, name="join_circle"),
    path("c/<str:code>/leave/", circles.leave, name="leave_circle"),
    path("c/<str:code>/follow/", circles.follow, name="follow_circle"),
    path("t/<str:code>/", topics.topic, name="topic"),
    path("t/<str:code>/reply/", topics.reply, name="reply"),
    path("t/<str:code>/follow/", topics.follow, name="follow_topic"),
    path("t/<str:code>/close/", topics.close, name="close_topic"),
    path("t/<str:code>/reopen/", topics.reopen, name="reopen_topic"),
    path("p/<int:pk>/", topics.post, name="post"),
    path("p/<int:pk>/edit/", posts.edit, name="edit_post"),
    path("p/<int:pk>/delete/", posts.delete, name="delete_post"),
    path("p/<int:pk>/history/", posts.history, name="post_history"),
    path("p/<int:pk>/thank/", posts.thank, name="thank"),
    path("p/<int:pk>/report/", posts.report, name="report_post"),
    path("p/<int:pk>/hide/", posts.hide, name="hide_post"),
    path("p/<int:pk>/unhide/", posts.unhide, name="unhide_post"),
    path("p/<int:pk>/sanction/", posts.sanction, name="sanction"),
    path("p/<int:pk>/appeal/", posts.appeal, name="appeal"),
    path("suspensions/<int:pk>/appeal/", posts.appeal_suspension, name="appeal_suspension"),
    path("files/<int:pk>/", topics.attachment, name="attachment"),
]
