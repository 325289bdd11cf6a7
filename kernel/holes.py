"""Named holes in public pages: what is the reader's own, and what moves from moment to moment.

A template writes `{% hole "seats" event.code %}`. An app declares the function that fills it
(kernel.portal, field `holes`): `fill(request, calls)` gets the request of the real reader and a list of
argument tuples, all that the page has of this name, and returns as many pieces of HTML. So twenty
badges of a list are one query, and the booking card's CSRF token is made for the one who reads it.

A page that is rendered for everybody (kernel.public_pages) carries a mark in each hole, which is
filled on the way out. Any other page fills the hole where it stands. Marks hold a word drawn anew by
each process: no title or name a person types can be one.
"""

import base64
import json
import re
import secrets
import time
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.middleware.csrf import get_token
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe

from kernel import content, portal

WORD = secrets.token_hex(16)
_MARK = re.compile(rf"<!--{WORD} (\w+) ([\w=-]*)-->".encode())
_generation = {"number": 0}


@dataclass(frozen=True)
class Hole:
    """How a hole is filled. `moves`: what even a stranger reads in it changes without a change of content."""

    fill: Any
    moves: bool = False


def moved():
    """Say, after a commit, that something that moves has moved: this process looks again at once."""
    _generation["number"] += 1


def date(request, read_at):
    """Say that what fills a hole was read at `read_at` (time.monotonic()), earlier than the page is filled."""
    request.holes_read_at = min(read_at, read_of(request))


def read_of(request):
    """Return when the oldest of what fills the page's holes was read (time.monotonic())."""
    return getattr(request, "holes_read_at", None) or time.monotonic()


def csrf_token(request):
    """Return the token of all forms in the page's holes: masked once, which draws 32 characters and takes 0.1 ms."""
    if not hasattr(request, "token_in_holes"):
        request.token_in_holes = get_token(request)
    return request.token_in_holes


def generation():
    """Return a number that is another one after each `moved()`."""
    return _generation["number"]


@dataclass(frozen=True)
class Moment:
    """When something that moves was read, to be shown to many for half a second."""

    read_at: float
    generation: int
    label: object

    @classmethod
    def now(cls):
        """Return the present one; taken before reading, so that what moves meanwhile is newer."""
        label = content.version() if settings.PUBLIC_CACHE else None
        return cls(time.monotonic(), generation(), label)

    def is_current(self):
        """Tell whether what was read then may still be shown."""
        young = time.monotonic() - self.read_at < content.VERSION_SECONDS
        return young and self.generation == generation() and self.label == content.version()


def mark(name, args):
    """Return the mark that stands for a hole in a page rendered for everybody."""
    _hole(name)
    packed = base64.urlsafe_b64encode(json.dumps([str(arg) for arg in args]).encode()).decode()
    return mark_safe(f"<!--{WORD} {name} {packed}-->")  # noqa: S308 (our own word and base64)


def filled(request, name, args):
    """Return the HTML of one hole, for a page that is rendered for its reader alone."""
    (piece,) = _hole(name).fill(request, [tuple(str(arg) for arg in args)])
    return conditional_escape(piece)


def _hole(name):
    return portal.merged("holes")[name]


@dataclass(frozen=True)
class Skeleton:
    """A rendered page cut at its marks: `texts` (bytes), and between them `calls` (name, arguments)."""

    texts: tuple
    calls: tuple

    @property
    def moves(self):
        """Tell whether what a stranger reads changes by itself."""
        return any(_hole(name).moves for name, _args in self.calls)

    def fill(self, request):
        """Return the page's bytes for the reader of `request`, each function called once."""
        by_name = {}
        for name, args in self.calls:
            by_name.setdefault(name, []).append(args)
        pieces = {name: iter(_hole(name).fill(request, calls)) for name, calls in by_name.items()}
        parts = [self.texts[0]]
        for (name, _args), text in zip(self.calls, self.texts[1:], strict=True):
            parts += [conditional_escape(next(pieces[name])).encode(), text]
        return b"".join(parts)


def cut(body):
    """Return the Skeleton of a rendered page (bytes)."""
    parts = _MARK.split(body)
    calls = tuple(
        (name.decode(), tuple(json.loads(base64.urlsafe_b64decode(packed))))
        for name, packed in zip(parts[1::3], parts[2::3], strict=True)
    )
    return Skeleton(tuple(parts[0::3]), calls)
