"""Addresses of calls and applications."""

from django.urls import path

from calls import (
    check_views,
    due_views,
    nominating_views,
    notice_views,
    review_views,
    together_views,
    views,
)

urlpatterns = [
    path("", views.calls, name="calls"),
    path("mine/", views.my_applications, name="my_applications"),
    path("mine/<slug:code>/", views.application, name="application"),
    path("mine/<slug:code>/withdraw/", views.withdraw, name="application_withdraw"),
    path("mine/<slug:code>/file.<str:kind>", views.application_file, name="application_file"),
    path("files/<slug:code>/", views.attachment, name="application_attachment"),
    path("mine/<slug:code>/colleagues/", together_views.colleagues, name="colleagues"),
    path("due/files/<slug:code>/", due_views.due_file, name="due_file"),
    path("due/<slug:code>/", due_views.due, name="due"),
    path("due/<slug:code>/withdraw/", due_views.due_withdraw, name="due_withdraw"),
    path("shared/", together_views.shared_applications, name="shared_applications"),
    path("shared/<slug:code>/", together_views.shared_application, name="shared_application"),
    path("shared/<slug:code>/leave/", together_views.leave_application, name="leave_application"),
    path(
        "colleague/<int:number>/<str:secret>/",
        together_views.colleague_invitation,
        name="colleague_invitation",
    ),
    path("nominations/", nominating_views.my_nominations, name="my_nominations"),
    path("nominations/<slug:code>/", nominating_views.nomination, name="nomination"),
    path("nominations/<slug:code>/back/", nominating_views.nomination_back, name="nomination_back"),
    path("unit/", nominating_views.unit_calls, name="unit_calls"),
    path("unit/<slug:code>/", nominating_views.unit_call, name="unit_call"),
    path("unit/<slug:code>/nominate/", nominating_views.unit_nominate, name="unit_nominate"),
    path(
        "unit/applications/<slug:code>/", nominating_views.unit_application, name="unit_application"
    ),
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
    path("<slug:code>/check/", check_views.self_check_page, name="self_check"),
    path("<slug:code>/nominate/", nominating_views.nominate, name="nominate"),
    path("<slug:code>/preview/", views.preview, name="call_preview"),
]
