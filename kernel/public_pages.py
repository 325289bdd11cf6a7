"""Public pages out of memory, honestly.

A view marked `@public_page` may be read by everybody (it implies `access.public`) and looks the same
for everybody who has not signed in. Its finished answer is kept in the web process, keyed by scheme,
host, path with query (the language is part of the path) and whether htmx asked. The next anonymous
GET is answered by `PublicCacheMiddleware` before sessions, URL resolver and template are touched:
no query, no rendering. There is one way to an answer: a page that was just rendered and a page out
of memory both go through `Kept.answer`, so they cannot differ.

What is never kept: an answer to a request that carries a session, CSRF or message cookie, an answer
that sets a cookie (a page with a CSRF token does), anything but a plain 200. Those are sent with
`private, no-store`.

How a change shows: public content has a version, a PostgreSQL sequence. `touch()` moves it after
the surrounding transaction has committed, every process reads it again at most every half second,
and a page kept under another version is rendered anew. The models named in
`LiangjiangConfig.ready` touch it on every save and delete. Code that writes past `save()`
(`QuerySet.update`, bulk writes, SQL, triggers) calls `public_pages.touch()` itself in the same
transaction. Moving a sequence takes no lock, so a touch for each booking does not queue bookings
behind each other.

For pages with live numbers (seats of an event): use `@public_page` as well and call `touch()` in the
operation that changes the number. Under a rush the page is rendered at most twice a second in each
process whatever the number of readers, and what it shows is never older than half a second; the
decision about a seat is made by the booking operation, not by the page.

A page that depends on the time of day (what is upcoming, whether booking is open) grows old without
a change: nothing is kept for longer than `KEPT_SECONDS`. That is also the bound should a process
die between its commit and its touch.

A view that answers htmx differently sets `Vary: HX-Request` itself.
"""

import gzip
import hashlib
import time
from functools import wraps

import brotli
from django.conf import settings
from django.db import connection, transaction
from django.db.models.signals import post_delete, post_save
from django.http import HttpResponse, HttpResponseNotModified
from django.utils.cache import cc_delim_re, patch_vary_headers
from django.utils.http import parse_etags

from kernel.access import public

KEPT_SECONDS = 30
VERSION_SECONDS = 0.5
MOST_PAGES = 500
SMALLEST_TO_COMPRESS = 500
FRESH = "public, max-age=0, must-revalidate"
PERSONAL = "private, no-store"
MESSAGES_COOKIE = "messages"
NOT_NAMED = ("accept-encoding", "cookie", "accept-language")

_pages = {}
_version = {"value": None, "read_at": None}


def touch():
    """Say that public content changed; takes effect when the current transaction commits."""
    # Robust: a page that is half a minute old is no reason to fail what was just committed.
    transaction.on_commit(_move_version, robust=True)


def _move_version():
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('public_content_version')")
    _version["read_at"] = None


def version():
    """Return the version of the public content, at most `VERSION_SECONDS` old."""
    now = time.monotonic()
    if _version["read_at"] is None or now - _version["read_at"] >= VERSION_SECONDS:
        with connection.cursor() as cursor:
            cursor.execute("SELECT last_value, is_called FROM public_content_version")
            _version.update(value=cursor.fetchone(), read_at=now)
    return _version["value"]


def clear():
    """Forget every page of this process and the version it knows."""
    _pages.clear()
    _version.update(value=None, read_at=None)


def watch(*labels):
    """Touch on every save and delete of the models named by `labels` ("app.Model")."""
    for label in labels:
        for signal in (post_save, post_delete):
            signal.connect(_changed, sender=label, dispatch_uid=f"public page {label}")


def _changed(sender, **kwargs):
    touch()


def public_page(view):
    """Let everybody in and keep the answer for the anonymous (see the module's text)."""

    @wraps(view)
    def page(request, *args, **kwargs):
        # Read before rendering: content that changes meanwhile is newer than its label, never older.
        label = version() if _may_keep(request) else None
        response = view(request, *args, **kwargs)
        response.public_version = label
        return response

    return public(page)


def _is_anonymous(request):
    cookies = request.COOKIES
    return not (
        settings.SESSION_COOKIE_NAME in cookies
        or settings.CSRF_COOKIE_NAME in cookies
        or MESSAGES_COOKIE in cookies
    )


def _may_keep(request):
    return (
        settings.PUBLIC_CACHE
        and request.method == "GET"
        and _is_anonymous(request)
        and not request.user.is_authenticated
    )


def _key(request):
    return (
        request.scheme,
        request.get_host(),
        request.path_info,
        request.META.get("QUERY_STRING", ""),
        "HTTP_HX_REQUEST" in request.META,
    )


def _encoding(request):
    """Return the best encoding the browser takes: br, gzip or none ("")."""
    offered = request.META.get("HTTP_ACCEPT_ENCODING", "")
    if not offered:
        return ""
    accepted = set()
    for part in offered.split(","):
        name, _, quality = part.partition(";")
        if quality.replace(" ", "") not in ("q=0", "q=0.0"):
            accepted.add(name.strip().lower())
    return "br" if "br" in accepted else "gzip" if "gzip" in accepted else ""


class Kept:
    """One finished public page: the headers, the body in each encoding asked for so far."""

    def __init__(self, response, label):
        self.label = label
        self.kept_at = time.monotonic()
        self.digest = hashlib.sha256(response.content).hexdigest()[:24]
        self.bodies = {"": response.content}
        # The language is in the path, so answers do not vary on what the browser prefers.
        named = cc_delim_re.split(response.headers.get("Vary", ""))
        response.headers["Vary"] = ", ".join(
            ["Accept-Encoding", "Cookie", *(v for v in named if v and v.lower() not in NOT_NAMED)]
        )
        response.headers["Cache-Control"] = FRESH
        self.headers = dict(response.headers)
        self.headers.pop("Content-Length", None)

    def is_current(self):
        """Tell whether nothing public has changed since and the page is not too old."""
        return time.monotonic() - self.kept_at < KEPT_SECONDS and self.label == version()

    def body(self, encoding):
        """Return the body in `encoding`, compressed once."""
        if encoding not in self.bodies:
            plain = self.bodies[""]
            self.bodies[encoding] = (
                brotli.compress(plain, quality=5)
                if encoding == "br"
                else gzip.compress(plain, compresslevel=6, mtime=0)
            )
        return self.bodies[encoding]

    def answer(self, request):
        """Return 304 to a browser that has this very page, else the page."""
        encoding = _encoding(request) if len(self.bodies[""]) >= SMALLEST_TO_COMPRESS else ""
        etag = f'"{self.digest}{"-" if encoding else ""}{encoding}"'
        known = request.META.get("HTTP_IF_NONE_MATCH")
        if known and (known == "*" or etag in [e.removeprefix("W/") for e in parse_etags(known)]):
            response = HttpResponseNotModified()
            for name in ("Cache-Control", "Vary"):
                response.headers[name] = self.headers[name]
        else:
            body = self.body(encoding)
            response = HttpResponse(body, headers=self.headers)
            response.headers["Content-Length"] = str(len(body))
            if encoding:
                response.headers["Content-Encoding"] = encoding
        response.headers["ETag"] = etag
        return response


class PublicCacheMiddleware:
    """Answer anonymous GETs of public pages out of memory; stands right after SecurityMiddleware."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method not in ("GET", "HEAD") or not _is_anonymous(request):
            return self._personal(self.get_response(request))
        key = _key(request)
        page = _pages.get(key)
        if page is not None and request.method == "GET" and page.is_current():
            return page.answer(request)
        response = self.get_response(request)
        if (
            not hasattr(response, "public_version")
            or response.status_code != 200
            or response.streaming
            or response.cookies
        ):
            return self._personal(response)
        page = Kept(response, response.public_version)
        if page.label is not None:
            if len(_pages) >= MOST_PAGES:
                _pages.clear()
            _pages[key] = page
        return page.answer(request)

    @staticmethod
    def _personal(response):
        """Keep shared caches from storing a public page as one person saw it."""
        if hasattr(response, "public_version"):
            response.headers["Cache-Control"] = PERSONAL
            patch_vary_headers(response, ["Cookie"])
        return response
