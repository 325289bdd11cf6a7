"""Posts as one reader sees them: what is hidden from her, what she may do; a fixed number of queries for each page."""

import re
from dataclasses import dataclass, field

from django.db.models import Prefetch
from django.utils.html import format_html, format_html_join

from cloud_home import authors, rules
from cloud_home.authors import Author
from cloud_home.models import Hiding, Mention, Post, Report, Thanks
from kernel import bigrams, markdown

ROUND = 60  # characters shown around a hit


@dataclass(frozen=True)
class Shown:
    """One post. `state` is "", "hidden" or a Gone; `hiding` stands for who may read why; `may` are names of actions."""

    post: Post
    author: Author
    state: str
    reads: bool
    is_hers: bool
    hiding: Hiding | None = None
    quoted: "Quoted | None" = None
    named: list = field(default_factory=list)
    is_thanked: bool = False
    is_reported: bool = False
    may: frozenset = frozenset()


@dataclass(frozen=True)
class Quoted:
    """What a post answers: whose words, how they begin ("" where they are not there any more)."""

    post: Post
    author: Author
    excerpt: str


def posts(rows, *, topic, user, at):
    """Return the Shown of a topic's posts (a list, as `readable_rows` reads them) for `user`."""
    moderates = rules.may_moderate(topic.circle, user)
    pks = [post.pk for post in rows]
    thanked = set(Thanks.objects.filter(user=user, post__in=pks).values_list("post", flat=True))
    waiting = Report.objects.waiting().filter(post__in=pks).values_list("post", flat=True)
    reported = set(waiting) if moderates else set()
    return [_shown(post, topic, user, at, moderates, thanked, reported) for post in rows]


def readable_rows(queryset):
    """Return a queryset of posts with all that their page shows read along."""
    standing = Prefetch("hidings", Hiding.objects.standing(), to_attr="standing_hidings")
    people = Mention.objects.select_related("user__talent__unit", "user__talent__public_page")
    return (
        queryset.with_authors()
        .select_related(
            "quoted__author__talent__unit",
            "quoted__author__talent__public_page",
            "quoted__author__department",
        )
        .prefetch_related("attachments", standing, Prefetch("mentions", people))
    )


def _shown(post, topic, user, at, moderates, thanked, reported):
    post.topic = topic
    is_hers = post.author_id == user.pk
    state = post.gone or ("hidden" if post.hidden_at else "")
    reads = state == "" or (state == "hidden" and (is_hers or moderates))
    return Shown(
        post,
        authors.of(post.author, as_staff=post.as_staff),
        state,
        reads,
        is_hers,
        hiding=post.standing_hidings[0] if reads and post.standing_hidings else None,
        quoted=quoted_of(post.quoted),
        named=[authors.of(m.user) for m in post.mentions.all()] if reads else [],
        is_thanked=post.pk in thanked,
        is_reported=post.pk in reported and not is_hers,
        may=_may(post, is_hers, moderates, user, at),
    )


def quoted_of(post):
    """Return the Quoted of a post that is answered, None for none."""
    if post is None:
        return None
    author = authors.of(post.author, as_staff=post.as_staff)
    return Quoted(post, author, post.excerpt if post.has_words else "")


def _may(post, is_hers, moderates, user, at):
    """Return what the reader may do with a post, asked of the rows that were read; the operation asks once more."""
    if post.gone:
        return frozenset()
    if post.hidden_at:
        if any(hiding.waits for hiding in post.standing_hidings):
            return frozenset()
        return frozenset({"delete"} if is_hers else {"unhide"} if moderates else ())
    if is_hers:
        over = at >= post.editable_until() or post.topic.is_closed or post.topic.circle.is_closed
        return frozenset({"delete"} if over else {"delete", "edit"})
    may = {"thank", "report"} | ({"hide"} if moderates else set())
    staff = moderates and user.is_staff and post.author_id and not post.as_staff
    return frozenset(may | ({"sanction"} if staff else set()))


@dataclass(frozen=True)
class Row:
    """A topic in a list."""

    topic: object
    author: Author


def topic_rows(topics):
    """Return the Rows of topics that were read with their authors."""
    return [Row(topic, authors.of(topic.author, as_staff=topic.as_staff)) for topic in topics]


@dataclass(frozen=True)
class Hit:
    """A post that was found, with the words around what was looked for."""

    post: Post
    author: Author
    text: str


def hits(found, query):
    """Return the Hits of posts that were found by a query."""
    words = [word for word in query.split() if word.strip()][: bigrams.MOST_TERMS]
    pattern = re.compile("|".join(map(re.escape, words)) or r"(?!)", re.IGNORECASE)
    return [
        Hit(
            post,
            authors.of(post.author, as_staff=post.as_staff),
            _around(" ".join(markdown.plain(post.body).split()), pattern),
        )
        for post in found
    ]


def _around(text, pattern):
    """Return the words around the first hit as HTML, every hit marked."""
    first = pattern.search(text)
    start = max(first.start() - ROUND, 0) if first else 0
    piece = text[start : start + 3 * ROUND]
    before, after = "…" if start else "", "…" if start + 3 * ROUND < len(text) else ""
    ends, parts = 0, []
    for found in pattern.finditer(piece):
        parts.append((piece[ends : found.start()], found.group()))
        ends = found.end()
    marked = format_html_join("", "{}<mark>{}</mark>", parts)
    return format_html("{}{}{}{}", before, marked, piece[ends:], after)
