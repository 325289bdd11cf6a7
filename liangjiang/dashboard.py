"""我的: what needs her attention, what is hers, what is open to her; each app brings its own cards.

The frame of the page is the same for all who are signed in and rendered once (kernel.public_pages); her
name, cards and lines are holes. What they ask the database goes in one statement (kernel.prepared).
"""

from functools import lru_cache

from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from kernel import holes, portal
from kernel.access import signed_in
from kernel.prepared import together
from kernel.public_pages import shared_page
from kernel.stencils import stencilled
from kernel.templatetags.portal import chinese


@signed_in
@require_safe
@shared_page
def dashboard(request):
    """Show her own page; those who work here see the way to their work as well."""
    return render(request, "liangjiang/dashboard.html")


def greeting(request, calls):
    """Greet her by her name, where she gave one."""
    name = chinese(request.user.get_full_name()) if request.user.full_name else ""
    return [stencilled("liangjiang/greeting.html", name=name)] * len(calls)


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
            parts.append(_card(card, context))
    return format_html_join("", "{}", ((part,) for part in parts))


def _card(card, context):
    said = card.said_to_many(context) if card.said_to_many else None
    if said is None:
        return render_to_string(card.template, context)
    return _card_for_many(card.template, said, get_language())


@lru_cache(maxsize=256)
def _card_for_many(template, said, language):
    return render_to_string(template, dict(said))


def work(request, calls):
    """Lead to her work in the portal, where she has some."""
    return [_group("liangjiang/my_work.html", _lines(request, "work"))] * len(calls)


def settings(request, calls):
    """Lead to her record and her settings."""
    return [_group("liangjiang/my_settings.html", _lines(request, "settings"))] * len(calls)


def sign_out(request, calls):
    """Give the form that signs out her token."""
    token = holes.csrf_token(request)
    return [stencilled("liangjiang/sign_out.html", csrf_token=token)] * len(calls)


def _lines(request, group):
    """Return the lines (title, address, hint) of one group that are meant for her."""
    if not hasattr(request, "lines_of_groups"):
        request.lines_of_groups = {}
        for link in portal.listed("links"):
            hint = link.hint(request.user, _found(request, link))
            if hint is not None:
                line = (*_titles_and_addresses(get_language())[link.view], str(hint))
                request.lines_of_groups.setdefault(link.group, []).append(line)
    return tuple(request.lines_of_groups.get(group, ()))


@lru_cache
def _titles_and_addresses(language):
    return {link.view: (str(link.title), reverse(link.view)) for link in portal.listed("links")}


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
