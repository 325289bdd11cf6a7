"""The portal's addresses, and the least any page could do through the same server."""

from functools import cache

from django.db import connection
from django.http import HttpResponse
from django.template import engines
from django.urls import path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from events.models import Booking, BookingState
from kernel.access import public
from liangjiang.urls import urlpatterns as portal

ROWS = [
    {"code": f"DEMO{n:04d}", "title": "集成电路女性工程师沙龙", "when": "2026年3月8日 (周日) 14:00",
     "venue": "两江人才大厦三楼报告厅", "left": n}
    for n in range(120)
]  # fmt: skip
PAGE = None

# The columns of the API's list, so that the two differ in nothing but who writes the JSON.
JSON_50 = """
SELECT json_agg(row_to_json(t))::text FROM (
    SELECT e.code, title, kind, platform, womens_track, measure, summary, venue, address, starts_at,
           ends_at, booking_opens_at, booking_closes_at, capacity, seats_taken, waiting,
           capacity - seats_taken AS seats_left, d.code AS department, state, updated_at,
           '/events/' || e.code || '/' AS url
      FROM events_event e JOIN accounts_department d ON d.id = e.department_id
     WHERE state <> 'draft' ORDER BY starts_at, e.code LIMIT 50) t
"""
BOOK = """
WITH seat AS (
    SELECT id, last_place FROM events_event WHERE code = %s AND seats_taken < capacity FOR UPDATE
)
INSERT INTO events_booking ({columns}) SELECT {values} FROM seat RETURNING id
"""


@cache
def plain_booking():
    """Return the statement and the fields it is given: all the model has, so that it grows with it."""
    fields = [field for field in Booking._meta.concrete_fields if not field.primary_key]
    found = {"event_id": "id", "place": "last_place + 1"}
    statement = BOOK.format(
        columns=", ".join(field.column for field in fields),
        values=", ".join(found.get(field.column, "%s") for field in fields),
    )
    return statement, [field for field in fields if field.column not in found]


@public
def empty(request):
    """Answer with nothing: what the server and Django's middleware cost."""
    return HttpResponse(b"ok", content_type="text/plain")


@public
def template(request):
    """Render 16 KB from a plain template, without a query."""
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
@csrf_exempt
def book(request, code, talent):
    """Decide a seat in one statement, without account, words or record of it."""
    statement, written = plain_booking()
    booking = Booking(talent_id=talent, state=BookingState.CONFIRMED, booked_at=timezone.now())
    values = [field.pre_save(booking, add=True) for field in written]
    with connection.cursor() as cursor:
        cursor.execute(statement, [code, *values])
        row = cursor.fetchone()
    return HttpResponse(str(row), status=302 if row else 409)


urlpatterns = [
    path("floor/empty", empty),
    path("floor/template", template),
    path("floor/json", json_50),
    path("floor/book/<str:code>/<int:talent>", book),
    *portal,
]
