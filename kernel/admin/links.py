"""Links of the admin to its own pages, for readers who may open them."""

import re
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from django.utils.safestring import SafeString, mark_safe

LINK = re.compile(r'<a href="([^"]+)"[^>]*>(.*?)</a>')
PAGE = "_change"


def reachable(html, user):
    """Return finished HTML with the links to rows whose page `user` may not open as plain text.

    A link that ends in a refusal is a dead end. What is no finished HTML comes back as it is.
    """
    if not isinstance(html, SafeString):
        return html
    return mark_safe(LINK.sub(lambda link: _for(user, link), html))  # noqa: S308 (it was before)


def _for(user, link):
    try:
        page = resolve(urlsplit(link[1]).path)
    except Resolver404:
        return link[0]
    if "admin" not in page.namespaces or not (page.url_name or "").endswith(PAGE):
        return link[0]
    app, _, model = page.url_name.removesuffix(PAGE).rpartition("_")
    may = user.has_perm(f"{app}.view_{model}") or user.has_perm(f"{app}.change_{model}")
    return link[0] if may else link[2]
