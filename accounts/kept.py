"""What she sent when her session was over is kept until she has signed in again.

A request that changes something and meets no session (or a page too old for its CSRF token) is never
carried out later by itself: after signing in she is back on the page she sent it from, the form holds
what she had typed, and she presses once more. Where the page has no such form any more, a page of its
own shows what she sent and offers to send it again.

What is kept is encrypted, for half an hour, under a random word that only this browser's session knows;
passwords, codes of the sign-in pages and files are left out. Another account that signs in at the same
browser gets nothing: a cookie with a keyed digest says whose session it was that ended.
"""

import json
import re
import secrets
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from urllib.parse import unquote, urlsplit

from allauth.account.utils import get_login_redirect_url
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.cache import cache
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect
from redis.exceptions import RedisError

from accounts import limits
from accounts.kept_labels import labels
from kernel import redis_keys
from kernel.form_filling import fill
from privacy import crypto

SESSION_KEY = "kept_form"
OWNER_COOKIE = "whose"
LABEL = "accounts.kept.form"
KEPT_SECONDS = 30 * 60
MOST_CHARACTERS = 128 * 1024
MOST_AN_HOUR = 60
SIGN_IN = ("allauth.", "accounts.")
SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
SENTENCE = re.compile(r"[^\x00-\x7f]|\S \S")
SECRET = re.compile("password|credential|secret|csrfmiddlewaretoken")


@dataclass(frozen=True)
class Kept:
    """A form as it was sent: to which path, from which page, the values, whose it is, whether files came.

    `owner` is a digest (`owner_mark`), "" for what was sent on a page open to everybody. `page` is ""
    once it has turned out that the page has no place for the form.
    """

    path: str
    page: str
    values: dict
    owner: str
    files: bool

    def texts(self):
        """Return (what the field is called or "", text) of the sentences; codes and choices mean nothing to a reader."""
        words = labels(self.path, self.values)
        sent = ((name, text) for name, texts in self.values.items() for text in texts)
        return [(words.get(name, ""), text) for name, text in sent if SENTENCE.search(text)]


def owner_mark(user):
    """Return what the cookie says of `user`: a keyed digest that names nobody."""
    return crypto.keyed_digest("kept-form-owner", str(user.pk))[:32]


def remember_owner(response, user):
    """Set the cookie that says whose session this is, signed: only who signed in once has one."""
    response.set_signed_cookie(
        OWNER_COOKIE,
        owner_mark(user),
        max_age=settings.SESSION_COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def owner_by_cookie(request):
    """Return whose session there was last, by the cookie; "" where it does not say."""
    return request.get_signed_cookie(OWNER_COOKIE, default="", max_age=settings.SESSION_COOKIE_AGE)


def sign_in(request, *, owner=None):
    """Answer whoever has to sign in first: keep what she sent, come back to where she was.

    `owner` (from `owner_mark`) is whose request it is, where that is known; else the cookie says so.
    A field that asks for suggestions gets 401, which htmx leaves alone: the page and what has been
    typed in it stay until she sends it. Any other request of htmx moves the whole page.
    """
    asks_field = request.method == "GET" and request.headers.get("HX-Trigger-Name")
    if "HX-Request" in request.headers and asks_field:
        return HttpResponse(status=401)
    return _lead(request, redirect_to_login(way_back(request, owner=owner)))


def _lead(request, answer):
    """Return a redirect, for htmx as one that moves the whole page."""
    is_part = "HX-Request" in request.headers
    return HttpResponseClientRedirect(answer.url) if is_part else answer


def way_back(request, *, owner=None):
    """Return the address to come back to after a step of signing in; keeps what a form sent."""
    if request.method not in SAFE:
        page, kept = _keep(request, owner_by_cookie(request) if owner is None else owner)
        if kept or _values(request):
            messages.info(request, _after_signing_in() if kept else _not_kept())
        return page
    if "HX-Request" in request.headers:
        return _own_address(request, request.headers.get("HX-Current-URL"))
    return request.get_full_path()


def try_again(request):
    """Answer a form whose CSRF token was too old; None where it did not come from a page of ours.

    Signing in changes the token, so a page that stood open in another tab sends an old one. A form of
    another site cannot name ours as its origin.
    """
    match = request.resolver_match
    foreign = settings.CSRF_COOKIE_NAME not in request.COOKIES or not _comes_from_us(request)
    if foreign or getattr(match.func, "access", "") == "token":
        return None
    is_open = not getattr(match.func, "login_required", True)
    if not request.user.is_authenticated and not is_open:
        return sign_in(request)
    if request.user.is_authenticated and is_open and _is_sign_in(match):
        return _lead(request, redirect(get_login_redirect_url(request)))
    page, kept = _keep(request, owner_mark(request.user) if request.user.is_authenticated else "")
    if not kept and _is_form(request):
        messages.warning(request, _not_kept())
    return _lead(request, redirect(page))


def keep_for_later(request):
    """Keep what met a limit; return the page it was sent from, and whether its form will hold it."""
    return _keep(request, owner_mark(request.user) if request.user.is_authenticated else "")


def to_send_again(request):
    """Return {"path", "values", "token"} of what was sent without a session, for a form that sends it once more.

    Passwords and codes are left out; the page it is sent to asks for them. None for what is no form.
    """
    if not _is_form(request):
        return None
    values = [(name, text) for name, texts in _values(request).items() for text in texts]
    return {"path": request.get_full_path(), "values": values, "token": get_token(request)}


def find(request):
    """Return what is kept for the reader of `request`, or None."""
    try:
        sealed = cache.get(_name(request.session.get(SESSION_KEY)))
        form = Kept(**json.loads(crypto.decrypt(LABEL, sealed or b"")))
    except (ValueError, RedisError):  # nothing any more; of a key that is gone; no cache just now
        return None
    mine = request.user.is_authenticated and form.owner == owner_mark(request.user)
    return form if mine or not form.owner else None


def forget(request):
    """Drop what is kept."""
    token = request.session.pop(SESSION_KEY, None)
    with suppress(RedisError):
        cache.delete(_name(token))


def forget_all_of(user):
    """Drop every form that is kept for `user`, whichever browser sent it: each is opened to see whose it is."""
    with suppress(RedisError):
        for name in redis_keys.matching(_name("*")):
            sealed = cache.get(name)
            with suppress(ValueError):
                if json.loads(crypto.decrypt(LABEL, sealed or b""))["owner"] == owner_mark(user):
                    cache.delete(name)


def put_back(request, response):
    """Return the page she came back to with what was typed in its form.

    Where it has no form for it, or is none (405), she is led to the page that shows what is kept.
    """
    form = find(request)
    if form is None or unquote(form.page) != unquote(request.get_full_path()):
        return response
    is_page = response.status_code == 200 and response.get("Content-Type", "").startswith(
        "text/html"
    )
    if response.status_code != 405 and (not is_page or response.streaming):
        return response
    html = _filled(request, response, form) if is_page else None
    if html is None:  # a stranger has no page of her own, and of a lone file nothing is left
        leads = request.user.is_authenticated and not (form.files and not form.values)
        return redirect("kept_form") if leads else response
    response.content = html
    response.headers["Cache-Control"] = "private, no-store"
    return response


def without_page(request, form):
    """Say that the page she came from has no place for the form: it is not looked for again."""
    _store(request.session[SESSION_KEY], replace(form, page=""))


def _filled(request, response, form):
    in_admin = "admin" in request.resolver_match.app_names
    template = "accounts/admin/kept_notice.html" if in_admin else "accounts/kept_notice.html"
    return fill(
        response.content.decode(),
        page=request.path,
        path=form.path,
        values=form.values,
        notice=render_to_string(template, {"files": form.files}, request),
    )


def _after_signing_in():
    return _("请先登录。刚才的内容还没有提交，登录后会放回原处，为您保留 30 分钟。")


def _not_kept():
    return _("登录或页面已过期，刚才没有提交，内容也没能保留，请重新填写。")


def _keep(request, owner):
    """Keep what was sent; return the page it was sent from, and whether it could be kept."""
    page = _own_address(request, request.headers.get("Referer"))
    if not _is_form(request):
        return page, False
    forget(request)
    request.form_was_kept = True
    token = secrets.token_urlsafe(24)
    form = Kept(request.path, page, _values(request), owner, bool(request.FILES))
    kept = _may_keep(owner or request.session.session_key) and _store(token, form)
    if kept:
        request.session[SESSION_KEY] = token
    return page, kept


def _is_form(request):
    """Return whether a form was sent: a script that sends JSON, as the door's, keeps it itself."""
    return request.content_type != "application/json"


def _may_keep(who):
    """Keep things for a known account or session only, so that nobody fills the store from outside."""
    try:
        name = f"kept-count:{crypto.keyed_digest('kept-count', who or '')}"
        return bool(who) and limits.within(name, MOST_AN_HOUR, 3600)
    except RedisError:
        return False


def _store(token, form):
    text = json.dumps(asdict(form), ensure_ascii=False)
    if len(text) > MOST_CHARACTERS:
        return False
    try:
        cache.set(_name(token), crypto.encrypt(LABEL, text), KEPT_SECONDS)
    except RedisError:
        return False
    return True


def _name(token):
    return f"kept-form:{token}"


def _values(request):
    """Return {name: values} without what nobody may keep."""
    of_sign_in = request.resolver_match.func.__module__.startswith(SIGN_IN)
    secret = re.compile(f"{SECRET.pattern}|code") if of_sign_in else SECRET
    return {name: sent for name, sent in request.POST.lists() if not secret.search(name.lower())}


def _own_address(request, address):
    """Return path and query of an address of this site; the request's own for any other."""
    here = url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure())
    parts = urlsplit(address if here else "")
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    # A path may begin like an address of another site (//, /\\): checked again by itself.
    is_path = path.startswith("/") and url_has_allowed_host_and_scheme(path, None)
    return path if is_path else request.path


def _comes_from_us(request):
    own = f"{request.scheme}://{request.get_host()}"
    return request.headers.get("Origin") in (own, *settings.CSRF_TRUSTED_ORIGINS)


def _is_sign_in(match):
    return match.func.__module__.startswith(SIGN_IN) and match.url_name != "account_logout"
