"""Finished public pages for strangers, compressed, in front of all other middleware.

A GET without a session, CSRF or message cookie is answered from here before sessions, URL resolver and
template are touched: no query, no rendering. There is one way to an answer: a page that was just made
and a page out of memory both go through `StoredPage.answer`, so they cannot differ.

What is never kept: an answer that sets a cookie (a page with a CSRF token does), anything but a plain
200. A page whose holes move by themselves (the seats of an event) is made again after
`content.VERSION_SECONDS`, or at once after a commit in this process that moved something.

A view that answers htmx differently sets `Vary: HX-Request` itself.
"""

import gzip
import hashlib
import time

import brotli
from django.conf import settings
from django.http import HttpResponse, HttpResponseNotModified
from django.utils.cache import cc_delim_re, patch_vary_headers
from django.utils.http import parse_etags

from kernel import content, holes
from kernel.public_pages import address_key

MOST_PAGES = 500
SMALLEST_TO_COMPRESS = 500
CACHE_CONTROL = "public, max-age=0, must-revalidate"
PERSONAL = "private, no-store"
MESSAGES_COOKIE = "messages"
NOT_NAMED = ("accept-encoding", "cookie", "accept-language")

_pages = {}


def clear():
    """Forget every finished page of this process."""
    _pages.clear()


def _is_anonymous(request):
    cookies = request.COOKIES
    return not (
        settings.SESSION_COOKIE_NAME in cookies
        or settings.CSRF_COOKIE_NAME in cookies
        or MESSAGES_COOKIE in cookies
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


class StoredPage:
    """One finished public page: the headers, the body in each encoding asked for so far."""

    def __init__(self, response, form):
        self.form = form
        self.moves = form.skeleton.moves
        self.filled_at, self.generation = response.public_filled
        self.digest = hashlib.sha256(response.content).hexdigest()[:24]
        self.bodies = {"": response.content}
        # The language is in the path, so answers do not vary on what the browser prefers.
        named = cc_delim_re.split(response.headers.get("Vary", ""))
        response.headers["Vary"] = ", ".join(
            ["Accept-Encoding", "Cookie", *(v for v in named if v and v.lower() not in NOT_NAMED)]
        )
        response.headers["Cache-Control"] = CACHE_CONTROL
        self.headers = dict(response.headers)
        self.headers.pop("Content-Length", None)

    def is_current(self):
        """Tell whether neither the content nor what moves on the page can have changed since."""
        if self.moves and (
            self.generation != holes.generation()
            or time.monotonic() - self.filled_at >= content.VERSION_SECONDS
        ):
            return False
        return self.form.is_current()

    def take_over(self, older):
        """Use what was compressed of an older answer with the same bytes."""
        if older is not None and older.digest == self.digest:
            self.bodies = older.bodies

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
        if_none_match = request.META.get("HTTP_IF_NONE_MATCH")
        if if_none_match and (
            if_none_match == "*"
            or etag in [e.removeprefix("W/") for e in parse_etags(if_none_match)]
        ):
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


class PageMemoryMiddleware:
    """Answer strangers' GETs of public pages out of memory; stands right after SecurityMiddleware."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method not in ("GET", "HEAD") or not _is_anonymous(request):
            return self._personal(self.get_response(request))
        key = address_key(request)
        page = _pages.get(key)
        if page is not None and request.method == "GET" and page.is_current():
            return page.answer(request)
        response = self.get_response(request)
        form = getattr(response, "public_form", None)
        if form is None or response.status_code != 200 or response.cookies:
            return self._personal(response)
        new_page = StoredPage(response, form)
        new_page.take_over(page)
        if settings.PUBLIC_CACHE and request.method == "GET":
            if len(_pages) >= MOST_PAGES:
                _pages.clear()
            _pages[key] = new_page
        return new_page.answer(request)

    @staticmethod
    def _personal(response):
        """Keep shared caches from storing a public page as one person saw it."""
        if hasattr(response, "public_form"):
            response.headers["Cache-Control"] = PERSONAL
            patch_vary_headers(response, ["Cookie"])
        return response
