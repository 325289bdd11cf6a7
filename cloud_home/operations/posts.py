"""Topics and posts: written, edited, deleted, thanked for, followed."""

from django.db import transaction
from django.db.models import F

from cloud_home import files, letters, mentions, rules
from cloud_home.models import (
    Attachment,
    Circle,
    Follow,
    Gone,
    Mention,
    Post,
    PostVersion,
    Thanks,
    Topic,
)
from cloud_home.operations.circles import belong, preference_of
from privacy import audit
from talents.operations.records import lock_account

_NOTHING = str.maketrans("", "", "\0")


def tidy(text):
    """Return typed Markdown with its line ends as they are kept, without what cannot be stored."""
    return "\n".join((text or "").translate(_NOTHING).splitlines()).strip()


def tidy_title(text):
    """Return a typed title as one line."""
    return " ".join((text or "").translate(_NOTHING).split())


@transaction.atomic
def start_topic(*, circle, title, body, by, now, kind="talk", attached=(), mentioned=(), key=None):
    """Start a topic in a circle; returns its Topic. The same key means the same topic.

    Arguments:
        body: Markdown. attached: [(file name, bytes)]. mentioned: keys of memberships. key: of one showing of the form.

    Raises Refused or Conflict where `by` may not write or has written much, Invalid for words or files.
    """
    if error := rules.why_not_write(circle, by, now):
        raise error
    return begin(
        circle, title, body, by, now, kind=kind, attached=attached, mentioned=mentioned, key=key
    )


def begin(
    circle, title, body, author, now, *, kind, attached=(), mentioned=(), key=None, why_not=None
):
    """Start a topic for whoever has asked the rules; `why_not(author, now)` is one more, asked under the author's lock."""
    title, body = tidy_title(title), tidy(body)
    if error := rules.why_not_words(body, title):
        raise error
    if post := _repeated(author, key):
        return post.topic
    limits = [rules.why_too_often, rules.why_too_many_topics, *([why_not] if why_not else [])]
    kept = _plain(attached, author, now, limits)
    lock_account(author.pk)
    if post := _repeated(author, key):
        return post.topic
    circle = _lock_to_write(circle)
    if error := rules.why_not_write(circle, author, now) or _first_error(limits, author, now):
        raise error
    topic = Topic(
        circle=circle,
        author=author,
        as_staff=circle.is_managed_by(author),
        kind=kind,
        title=title,
        started_at=now,
        last_at=now,
    )
    topic.save()
    _write(topic, body, author, now, kept, mentioned, key)
    audit.record("cloud_home.start_topic", topic, by=author, at=now)
    return topic


def _plain(attached, author, now, limits):
    """Return files as they are kept, for who has not written as much as she may: decoding a picture takes a second.

    Asked without a lock, and again inside it. Raises what a limit returns, and `files.plain`.
    """
    if attached and (error := _first_error(limits, author, now)):
        raise error
    return files.plain(attached)


def _first_error(limits, author, now):
    return next((error for limit in limits if (error := limit(author, now))), None)


def _lock_to_write(circle):
    """Return the circle as it stands, not to be closed meanwhile; any number write at once."""
    with_event = Circle.objects.select_related("event", "department")
    return with_event.select_for_update(of=("self",), no_key=True).get(pk=circle.pk)


def _repeated(author, key):
    if not key:
        return None
    return Post.objects.filter(author=author, key=key).select_related("topic__circle").first()


@transaction.atomic
def reply(*, topic, body, by, now, quoted=None, attached=(), mentioned=(), key=None):
    """Answer in a topic; returns the Post. Arguments and errors as of `start_topic`; `quoted` is a Post of the topic."""
    if error := rules.why_not_reply(topic, by, now):
        raise error
    body = tidy(body)
    if error := rules.why_not_words(body):
        raise error
    if post := _repeated(by, key):
        return post
    kept = _plain(attached, by, now, [rules.why_too_often])
    lock_account(by.pk)
    if post := _repeated(by, key):
        return post
    topic = lock_topic(topic)
    if error := rules.why_not_reply(topic, by, now) or rules.why_too_often(by, now):
        raise error
    quoted = quoted if quoted and quoted.topic_id == topic.pk else None
    post = _write(topic, body, by, now, kept, mentioned, key, quoted)
    _note_answer(post, now)
    audit.record("cloud_home.reply", post, by=by, at=now)
    return post


def lock_topic(topic):
    """Return a topic as it stands, its row locked: places are taken, and posts changed, one after the other."""
    rows = Topic.objects.select_related("circle__event", "circle__department")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=topic.pk)


def _write(topic, body, author, now, kept, mentioned, key, quoted=None):
    """Take the next place of a locked topic; names, files, followers follow."""
    circle = topic.circle
    as_staff = circle.is_managed_by(author)
    named = mentions.of(circle, body, mentioned, author=author)
    if error := mentions.why_not_more(author, len(named), now):
        raise error
    topic.posts, topic.last_at = topic.posts + 1, now
    topic.save(update_fields=["posts", "last_at"])
    post = Post(
        topic=topic,
        number=topic.posts,
        author=author,
        as_staff=as_staff,
        body=body,
        quoted=quoted,
        key=key or None,
        named=len(named),
        written_at=now,
    )
    post.save()
    files.keep(post, kept, now)
    Mention.objects.bulk_create(Mention(post=post, user=user) for user in named)
    letters.send(letters.mentioned(post, named, now), now)
    if not as_staff:
        _take_part(topic, author, now)
    return post


def _take_part(topic, author, now):
    """Have the author hear of answers; who came to an event belongs to its thread."""
    if topic.circle.is_of_event:
        belong(topic.circle, author, now)
    preference_of(author, now)
    Follow.objects.get_or_create(topic=topic, user=author, defaults={"since": now})


def _note_answer(post, now):
    """Where one of those a question went to answers, tell who asked."""
    topic = post.topic
    open_ask = topic.asks.filter(user=post.author, answered_at=None)
    if open_ask.update(answered_at=now, declined_at=None) and topic.author_id:
        letters.send([letters.answered(post, topic.author, now)], now)


def lock_post(post):
    """Return a post as it stands, its topic's row locked."""
    topic = lock_topic(post.topic)
    locked = Post.objects.with_authors().get(pk=post.pk)
    locked.topic = topic
    return locked


@transaction.atomic
def edit_post(*, post, body, by, now, title=None):
    """Change the words of a post (of the first one the title too) and keep what stood there. Returns the Post.

    Raises Refused, Conflict where it is too late, hidden or gone, Invalid for words.
    """
    if error := rules.why_not_edit(post, by, now):
        raise error
    body, title = tidy(body), tidy_title(title) if post.opens and title is not None else None
    if error := rules.why_not_words(body, title):
        raise error
    post = lock_post(post)
    if error := rules.why_not_edit(post, by, now):
        raise error
    before = post.topic.title if post.opens else ""
    if (body, title or before) == (post.body, before):
        return post
    PostVersion.objects.create(post=post, title=before, body=post.body, until=now)
    if title and title != before:
        letters.retitle(post.topic, title)
        post.topic.title = title
        post.topic.save(update_fields=["title"])
    post.body, post.edited_at = body, now
    post.save(update_fields=["body", "edited_at"])
    audit.record("cloud_home.edit_post", post, by=by, at=now)
    return post


@transaction.atomic
def delete_post(*, post, by, now):
    """Take the words of a post away for good, with its files and history; its place stays. Returns the Post.

    Raises Refused, Conflict where it is gone or hidden.
    """
    if error := rules.why_not_delete(post, by):
        raise error
    post = lock_post(post)
    if error := rules.why_not_delete(post, by):
        raise error
    take_words(post, Gone.DELETED)
    audit.record("cloud_home.delete_post", post, by=by, at=now)
    return post


def take_words(post, gone):
    """Empty a post of a locked topic: words, files, earlier versions, who was named, and of what others were told."""
    letters.forget(post)
    Attachment.objects.filter(post=post).delete()
    PostVersion.objects.filter(post=post).delete()
    Mention.objects.filter(post=post).delete()
    if post.opens:
        post.topic.title = ""
        post.topic.save(update_fields=["title"])
    post.body, post.gone, post.edited_at, post.key = "", gone, None, None
    post.save()


@transaction.atomic
def thank(*, post, on, by, now):
    """Thank for a post (`on`), or take that back; the count is exact. Twice does nothing twice. Returns the Post.

    Raises Refused for her own, Conflict for what cannot be read.
    """
    if error := rules.why_not_thank(post, by):
        raise error
    if on:
        _thanks, changed = Thanks.objects.get_or_create(post=post, user=by, defaults={"at": now})
    else:
        changed, _by_model = Thanks.objects.filter(post=post, user=by).delete()
    if changed:
        step = 1 if on else -1
        Post.objects.filter(pk=post.pk).update(thanked=F("thanked") + step)
    return post


@transaction.atomic
def follow_topic(*, topic, on, by, now):
    """Have the digest of `by` tell of a topic's answers (`on`), or not. Raises Refused."""
    if error := rules.why_not_enter(by) or rules.why_not_see_topic(topic, by):
        raise error
    if on:
        preference_of(by, now)
        Follow.objects.get_or_create(topic=topic, user=by, defaults={"since": now})
    else:
        Follow.objects.filter(topic=topic, user=by).delete()
