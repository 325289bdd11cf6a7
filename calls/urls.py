"""Addresses of calls and applications."""

from django.urls import path

from calls import notice_views, review_views, views

urlpatterns = [
    path("", views.calls, name="calls"),
    path("mine/", views.my_applications, name="my_applications"),
    path("mine/<slug:code>/", views.application, name="application"),
    path("mine/<slug:code>/withdraw/", views.withdraw, name="application_withdraw"),
    path("mine/<slug:code>/file.<str:kind>", views.application_file, name="application_file"),
    path("files/<slug:code>/", views.attachment, name="application_attachment"),
    path("notices/", notice_views.public_notices, name="public_notices"),
    path("notices/<slug:code>/", notice_views.public_notice, name="public_notice"),
    path("notices/<slug:code>/object/", notice_views.object_to, name="object_to_notice"),
    path("objections/<slug:code>/", notice_views.objection, name="objection"),
    path("review/", review_views.reviews, name="reviews"),
    path("review/<slug:code>/", review_views.panel, name="review_panel"),
    path("review/sheet/<slug:code>/", review_views.sheet, name="review_sheet"),
    path("review/sheet/<slug:code>/files/<slug:file>/", review_views.sheet_file, name="sheet_file"),
    path("review/sheet/<slug:code>/recognised/", review_views.recognised, name="review_recognised"),
    path("<slug:code>/", views.call, name="call"),
    path("<slug:code>/preview/", views.preview, name="call_preview"),
]
