"""Public pages: rendered once for all readers of a language, then filled for the one who reads.

A view marked `@public_page` may be read by everybody (it implies `access.public`). It is called with a
request that carries no user, session or cookie, so nothing personal can get into what it renders; the
only thing it may ask is `request.user.is_authenticated`, because a page has two forms, for strangers
and for people who are signed in. What is her own or moves by itself stands in holes (kernel.holes).

The rendered form is kept in the web process under scheme, host, path with query (the language is part
of the path), form, and whether htmx asked; it is used again while the content's version (kernel.content)
is the same, at most `KEPT_SECONDS`, because what is upcoming grows old without a change. Both forms
leave by the same function. A stranger's finished answer is kept once more, compressed, in front of all
other middleware (kernel.page_memory); what goes to somebody with a session, CSRF or message cookie is
`private, no-store`.
"""

import io
import time
from dataclasses import dataclass
from functools import wraps

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse

from kernel import content, holes
from kernel.access import public

KEPT_SECONDS = 30
MOST_PAGES = 1000
LEFT_OUT = ("HTTP_COOKIE", "HTTP_AUTHORIZATION", "HTTP_IF_NONE_MATCH", "REMOTE_USER")

_forms = {}


class Anybody:
    """Who a form is rendered for: nobody in particular, signed in or not."""

    def __init__(self, signed_in):
        self.is_authenticated = signed_in

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        raise PersonalQuestion(
            f"a public page asked for user.{name}: what is the reader's own belongs in a hole"
        )


class PersonalQuestion(RuntimeError):
    """A view or template of a public page asked who reads it."""


@dataclass(frozen=True)
class Form:
    """One rendered form of a page: its headers, its body cut at the holes, since when, of which content."""

    headers: dict
    skeleton: holes.Skeleton
    label: object
    rendered_at: float

    def is_current(self):
        """Tell whether nothing public has changed since and the page is not too old."""
        young = time.monotonic() - self.rendered_at < KEPT_SECONDS
        return young and self.label == content.version()

    def answer(self, request):
        """Return the page for the reader of `request`."""
        filled_at, generation = time.monotonic(), holes.generation()  # before: what moves is newer
        response = HttpResponse(self.skeleton.fill(request), headers=self.headers)
        filled_at = min(filled_at, holes.read_of(request))  # what a hole keeps may be older
        response.public_form, response.public_filled = self, (filled_at, generation)
        return response


def public_page(view):
    """Let everybody in and render the page for all readers at once (see the module's text)."""
    return public(shared_page(view))


def shared_page(view):
    """Render the page for all readers at once; who may read it, another mark says (kernel.access)."""

    @wraps(view)
    def page(request, *args, **kwargs):
        if request.method not in ("GET", "HEAD"):
            return view(request, *args, **kwargs)
        key = (*address_key(request), request.user.is_authenticated)
        form = _forms.get(key)
        if form is None or not form.is_current():
            # Read before rendering: content that changes meanwhile is newer than its label, never older.
            label = content.version() if settings.PUBLIC_CACHE else None
            response = view(_for_anybody(request), *args, **kwargs)
            if response.streaming:
                return response
            if response.status_code != 200 or response.cookies:
                response.content = holes.cut(response.content).fill(request)
                return response
            headers = {k: v for k, v in response.items() if k.lower() != "content-length"}
            form = Form(headers, holes.cut(response.content), label, time.monotonic())
            if settings.PUBLIC_CACHE:
                _keep(key, form)
        return form.answer(request)

    return page


def is_for_anybody(request):
    """Tell whether a page is being rendered for all readers at once."""
    return isinstance(getattr(request, "user", None), Anybody)


def clear():
    """Forget every form of this process and the version it knows."""
    _forms.clear()
    content.forget()


def _keep(key, form):
    if len(_forms) >= MOST_PAGES:
        _forms.clear()
    _forms[key] = form


def address_key(request):
    """Return what pages are kept under: scheme, host, path, query, and whether htmx asks."""
    return (
        request.scheme,
        request.get_host(),
        request.path_info,
        request.META.get("QUERY_STRING", ""),
        "HTTP_HX_REQUEST" in request.META,
    )


def _for_anybody(request):
    """Return a GET of the same address that knows nothing of the reader but her form."""
    environ = {name: value for name, value in request.environ.items() if name not in LEFT_OUT}
    environ |= {"REQUEST_METHOD": "GET", "wsgi.input": io.BytesIO()}
    # Django has put the path back as text; WSGI keeps its bytes, each as one character.
    for name in ("PATH_INFO", "SCRIPT_NAME"):
        environ[name] = environ.get(name, "").encode().decode("latin-1")
    public_request = WSGIRequest(environ)
    public_request.user = Anybody(request.user.is_authenticated)
    public_request.LANGUAGE_CODE = getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE)
    public_request.resolver_match = request.resolver_match
    return public_request
