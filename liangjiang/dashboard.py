"""我的: what needs her attention, what is hers, what is open to her; each app brings its own cards.

The frame of the page is the same for all who are signed in and rendered once (kernel.public_pages); her
name, cards and lines are holes. What they ask the database goes in one statement (kernel.prepared).
"""

from functools import lru_cache

from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from kernel import portal
from kernel.access import signed_in
from kernel.prepared import together
from kernel.public_pages import shared_page

HERS = "her-token"  # stands in the form that is rendered once for all


@signed_in
@require_safe
@shared_page
def dashboard(request):
    """Show her own page; those who work here see the way to their work as well."""
    return render(request, "liangjiang/dashboard.html")


def greeting(request, calls):
    """Greet her by her name, where she gave one."""
    context = {"name": request.user.get_full_name() if request.user.full_name else ""}
    return [render_to_string("liangjiang/greeting.html", context)] * len(calls)


def cards(request, calls):
    """Fill each column ("top", "main" or "side") with the cards that have something to show."""
    request.works_here = bool(_lines(request, "work"))
    return [_column(request, column) for (column,) in calls]


def _column(request, column):
    now = timezone.now()
    parts = []
    for card in portal.listed("cards"):
        if card.column != column:
            continue
        context = card.make(request, now, _found(request, card))
        if context is not None:
            parts.append(render_to_string(card.template, context))
    return format_html_join("", "{}", ((part,) for part in parts))


def work(request, calls):
    """Lead to her work in the portal, where she has some."""
    return [_group("liangjiang/my_work.html", _lines(request, "work"))] * len(calls)


def settings(request, calls):
    """Lead to her record and her settings."""
    return [_group("liangjiang/my_settings.html", _lines(request, "settings"))] * len(calls)


def sign_out(request, calls):
    """Give the form that signs out her token."""
    form = _sign_out_form(get_language()).replace(HERS, get_token(request))
    return [mark_safe(form)] * len(calls)  # noqa: S308 (our own template and Django's token)


@lru_cache
def _sign_out_form(language):
    return render_to_string("liangjiang/sign_out.html", {"csrf_token": HERS})


def _lines(request, group):
    """Return the lines (title, address, hint) of one group that are meant for her."""
    offered = [link for link in portal.listed("links") if link.group == group]
    hints = [(link, link.hint(request.user, _found(request, link))) for link in offered]
    return tuple(
        (str(link.title), _address(link.view, get_language()), str(hint))
        for link, hint in hints
        if hint is not None
    )


@lru_cache
def _address(view, language):
    return reverse(view)


def _group(template, lines):
    return _rendered(template, lines, get_language()) if lines else ""


@lru_cache(maxsize=256)
def _rendered(template, lines, language):
    """Return a group of lines as HTML. What they say is said to many, so it is rendered once."""
    return render_to_string(template, {"lines": lines})


def _found(request, part):
    """Return what `part` (Card or Link) asked for; all parts of the page ask by one statement, once."""
    if not hasattr(request, "found_for_parts"):
        parts = [*portal.listed("cards"), *portal.listed("links")]
        asked = {id(query): query for one in parts for query in (one.asks or {}).values()}
        request.found_for_parts = together(asked, who=request.user.pk, at=timezone.now())
    return {name: request.found_for_parts[id(query)] for name, query in (part.asks or {}).items()}
