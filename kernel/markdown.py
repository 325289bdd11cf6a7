"""Markdown as it may be written here: read by markdown-it, and only what stands on a list comes through nh3.

No HTML of the writer's own, no pictures from elsewhere (a picture's address tells its owner who reads), links
that neither search engines nor the page they lead to hold for ours.
"""

from functools import lru_cache
from html import unescape

import nh3
from django.utils.safestring import mark_safe
from markdown_it import MarkdownIt

TAGS = {
    "a",
    "blockquote",
    "br",
    "code",
    "em",
    "h3",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "s",
    "strong",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
}
REL = "nofollow ugc noopener"
SCHEMES = {"https", "http", "mailto"}
DEEPEST = 12  # of lists and quotes within each other
KEPT = 512  # rendered texts, of 10,000 characters at most


def _parser():
    parser = MarkdownIt(
        "commonmark", {"html": False, "breaks": True, "maxNesting": DEEPEST, "typographer": False}
    )
    parser.enable(["table", "strikethrough"]).disable(["image", "html_block", "html_inline"])
    # The page's own headings stand above: whatever level was written, it is one below them.
    parser.core.ruler.push("headings", _level_headings)
    return parser


def _level_headings(state):
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = "h3"


_PARSER = _parser()


@lru_cache(maxsize=KEPT)
def html(text):
    """Return Markdown (str) as safe HTML."""
    cleaned = nh3.clean(
        _PARSER.render(text),
        tags=TAGS,
        clean_content_tags={"script", "style"},
        attributes={"*": set(), "a": {"href"}, "ol": {"start"}},
        url_schemes=SCHEMES,
        link_rel=REL,
    )
    return mark_safe(cleaned)  # noqa: S308 - what nh3 lets through stands in TAGS


def plain(text):
    """Return the words of Markdown without any markup, for the search and for excerpts."""
    return unescape(nh3.clean(html(text), tags=set())).strip()


def paragraphs(text):
    """Return the paragraphs of Markdown as lines of plain text, for Word and PDF: items keep their number or dot."""
    said, lists, mark, row = [], [], "", None
    for token in _PARSER.parse(text):
        if token.type in ("ordered_list_open", "bullet_list_open"):
            lists.append(int(token.attrGet("start") or 1) if token.tag == "ol" else None)
        elif token.type in ("ordered_list_close", "bullet_list_close"):
            lists.pop()
        elif token.type == "list_item_open":
            mark = "· " if lists[-1] is None else f"{lists[-1]}. "
            lists[-1] = lists[-1] and lists[-1] + 1
        elif token.type == "tr_open":
            row = []
        elif token.type == "tr_close":
            said.append("　".join(row))
            row = None
        elif token.type == "inline" and row is not None:
            row.append(_words(token))
        elif token.type in ("inline", "fence", "code_block"):
            lines = _words(token).splitlines()
            said += [(mark if number == 0 else "") + line for number, line in enumerate(lines)]
            mark = ""
    return [line for line in said if line.strip()]


def _words(token):
    if not token.children:
        return token.content
    breaks = ("softbreak", "hardbreak")
    return "".join("\n" if one.type in breaks else one.content for one in token.children)
