"""The API's addresses."""

from django.urls import path, re_path

from events.api import EventDetail, EventList
from kernel.access import token
from kernel.api.errors import unknown_address
from liangjiang.api_docs import schema
from partners.oauth import RevokeView, TokenView
from reports.api import Statistics
from talents.api import TalentList

urlpatterns = [
    path("oauth/token/", token(TokenView.as_view()), name="api_token"),
    path("oauth/revoke/", token(RevokeView.as_view()), name="api_revoke"),
    path("events/", token(EventList.as_view()), name="api_events"),
    path("events/<str:code>/", token(EventDetail.as_view()), name="api_event"),
    path("talents/", token(TalentList.as_view()), name="api_talents"),
    path("statistics/", token(Statistics.as_view()), name="api_statistics"),
    path("schema/", schema, name="api_schema"),
    # Last: whatever else is asked for below /api/v1/ is answered as a problem, not as a page. The
    # documentation is a page in two languages and lies with the pages (liangjiang.pages).
    re_path(r"^(?!docs/$)(?P<rest>.*)$", unknown_address, name="api_unknown"),
]
