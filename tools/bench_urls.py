"""The portal's addresses, and the least any page could do through the same server."""

import uuid

from django.db import connection
from django.http import HttpResponse
from django.template import engines
from django.urls import path
from django.utils import timezone

from liangjiang.access import public
from liangjiang.urls import urlpatterns as portal

ROW = "<li><a href='/events/{{ code }}/'>{{ title }}</a><p>{{ when }} · {{ venue }} · {{ left }}</p></li>\n"
ROWS = [
    {"code": f"DEMO{n:04d}", "title": "集成电路女性工程师沙龙", "when": "2026年3月8日 (周日) 14:00",
     "venue": "两江人才大厦三楼报告厅", "left": n}
    for n in range(120)
]  # fmt: skip
PAGE = None

JSON_50 = """
SELECT json_agg(row_to_json(t))::text FROM (
    SELECT code, title, kind, starts_at, ends_at, venue, capacity, seats_taken
    FROM events_event WHERE state = 'published' ORDER BY starts_at, id LIMIT 50) t
"""
BOOK = """
WITH seat AS (
    SELECT id, last_place FROM events_event WHERE code = %s AND seats_taken < capacity FOR UPDATE
)
INSERT INTO events_booking (event_id, talent_id, state, place, code, booked_at, check_ins)
SELECT seat.id, (SELECT min(id) FROM talents_talent), 'cancelled', seat.last_place + 1, %s, %s, 0
FROM seat RETURNING id
"""


@public
def empty(request):
    """Answer with nothing: what the server and Django's middleware cost."""
    return HttpResponse(b"ok", content_type="text/plain")


@public
def template(request):
    """Render 20 KB from a plain template, without a query."""
    global PAGE
    if PAGE is None:
        PAGE = engines["django"].from_string(
            "{% for row in rows %}{{ row.title }} "
            + "".join(f"{{{{ row.{name} }}}} · " for name in ("code", "when", "venue", "left"))
            + "<br>\n{% endfor %}"
        )
    return HttpResponse(PAGE.render({"rows": ROWS}))


@public
def json_50(request):
    """Let the database make the JSON of 50 events, and pass it on."""
    with connection.cursor() as cursor:
        cursor.execute(JSON_50)
        return HttpResponse(cursor.fetchone()[0], content_type="application/json")


@public
def book(request, code):
    """Decide a seat in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(BOOK, [code, uuid.uuid4().hex[:10], timezone.now()])
        return HttpResponse(str(cursor.fetchone()))


urlpatterns = [
    path("floor/empty", empty),
    path("floor/template", template),
    path("floor/json", json_50),
    path("floor/book/<str:code>", book),
    *portal,
]
