"""What phones at the door scanned, some of it kept while there was no network.

A phone sends what it has in batches and forgets what was answered. Each scan carries an id the phone made, so
a batch whose answer was lost is sent again and changes nothing; each is a transaction of its own, so a server
that dies in the middle has noted some of them whole and the others not at all.
"""

import json
from datetime import timedelta
from functools import partial
from uuid import UUID

from django.http import JsonResponse, RawPostDataException
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from events import operations
from events.door.pages import answered, at_door
from events.models import Way
from kernel.access import needs
from kernel.errors import Invalid

MOST = 50  # a phone with more sends several batches
LONGEST_AGE = 366 * 24 * 60 * 60  # in seconds; nothing of an event is put right after a year
UNREADABLE = (ValueError, TypeError, KeyError, OverflowError, RecursionError)
WAYS = {"in": Way.IN, "out": Way.OUT}


@needs("events.check_in_booking")
@never_cache
@require_POST
def scans(request, code):
    """Take a batch of scans, `{"scans": [{"id", "code", "way", "age"}, …]}`, oldest first.

    `id` is a UUID made by the phone, `code` what was read, `way` "in" or "out", `age` the whole seconds since it was
    scanned: an age, not a time, for the clocks of phones differ. Answers `{"answers": [{"id", "html"}, …]}` in
    the same order, a refusal included (`"refused": true`); 422 with a sentence for what is no batch.
    """
    event = at_door(request, code)
    try:
        batch = _parsed(request)
    except Invalid as error:
        return JsonResponse({"detail": str(error)}, status=422)
    return JsonResponse({"answers": [_answer(request, event, scan) for scan in batch]})


def _answer(request, event, scan):
    answer = _noted(event, scan, request.user)
    context = {"answer": answer, "event": event, "way": scan["way"]}
    html = render_to_string("events/door_answer.html", context, request)
    return {"id": str(scan["scan_id"]), "html": html, "refused": answer.error is not None}


def _noted(event, scan, by):
    now = timezone.now()
    made = {"scan_id": scan["scan_id"], "at": now - timedelta(seconds=scan["age"])}
    find = partial(operations.find_booking, typed=scan["code"])
    return answered(event, find, scan["way"], by=by, now=now, **made)


def _parsed(request):
    """Return the scans of a batch as dicts of `scan_id`, `code`, `way`, `age`. Raises Invalid."""
    try:
        rows = json.loads(request.body)["scans"]
        scans = [_scan(row) for row in rows[:MOST]]
    except (*UNREADABLE, RawPostDataException):  # the latter: a form, read as one already
        scans = None
    if scans is None or len(rows) > MOST:
        raise Invalid("scans_unreadable", _("没有收到可以识别的扫码，请刷新页面后再试。"))
    return scans


def _scan(row):
    scan_id, code, way, age = (row[name] for name in ("id", "code", "way", "age"))
    if [type(scan_id), type(code), type(age)] != [str, str, int]:
        raise TypeError
    age = min(max(age, 0), LONGEST_AGE)
    return {"scan_id": UUID(scan_id), "code": code[:200], "way": WAYS[way], "age": age}
