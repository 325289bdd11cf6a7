"""The API's addresses: each app's own (kernel.portal, field `api`), and an answer for all others."""

from django.urls import include, path, re_path

from kernel import portal
from kernel.api.errors import unknown_address
from liangjiang.api_docs import schema

urlpatterns = [
    *(
        path("", include(declared.api))
        for declared in portal.declarations().values()
        if declared.api
    ),
    path("", include("liangjiang.api_codes")),
    path("schema/", schema, name="api_schema"),
    # Last: whatever else is asked for below /api/v1/ is answered as a problem, not as a page. The
    # documentation is a page in two languages and lies with the pages (liangjiang.pages).
    re_path(r"^(?!docs/$)(?P<rest>.*)$", unknown_address, name="api_unknown"),
]
