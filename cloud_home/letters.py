"""What people are told; of a sensitive circle SMS and mail say nothing but that there is something to read."""

from django.db.models import CharField
from django.db.models.functions import Cast

from cloud_home import authors
from cloud_home.models import Ask, Hiding, Mention, Post, PostVersion, Report
from kernel.days import out_of_night
from notices.models import Notice
from notices.operations import Letter, page_link, queue_all


def send(letters, now):
    """Queue Letters, each for the morning where it is night."""
    queue_all(letters, at=now)


def _about(kind, to, post, key, now, **context):
    topic = post.topic
    return Letter(
        f"cloud_home.{kind}",
        to,
        key,
        {"title": topic.title} | context,
        due_at=out_of_night(now),
        link=page_link("post", post.pk),
        discreet=topic.circle.discreet,
    )


def mentioned(post, users, now):
    """Return the Letters to those a post names."""
    who = authors.of(post.author, as_staff=post.as_staff).name
    return [_about("mentioned", user, post, f"{post.pk}", now, who=who) for user in users]


def asked(ask, post, now):
    """Return the Letter to whom a question went."""
    return _about("asked", ask.user, post, f"{ask.pk}", now)


def answered(post, to, now):
    """Return the Letter to who asked a question: one of those it went to has answered."""
    return _about("answered", to, post, f"{post.pk}", now)


def hidden(hiding, now):
    """Return the Letter to the author of a post that was hidden."""
    return _to_author("hidden", hiding, now, reason=hiding.reason)


def shown_again(hiding, now):
    """Return the Letter to the author of a post that is shown again."""
    return _to_author("shown_again", hiding, now, answer=hiding.answer)


def appeal_refused(hiding, now):
    """Return the Letter to the author whose appeal was refused."""
    return _to_author("appeal_refused", hiding, now, answer=hiding.answer)


def _to_author(kind, hiding, now, **context):
    return Letter(
        f"cloud_home.{kind}",
        hiding.post.author,
        f"{hiding.pk}",
        {"title": hiding.post.topic.title} | context,
        due_at=out_of_night(now),
        link=page_link("my_posts"),
        discreet=hiding.post.topic.circle.discreet,
    )


def report_decided(report, now):
    """Return the Letter to who reported a post."""
    kind = "report_upheld" if report.upheld else "report_dismissed"
    return Letter(
        f"cloud_home.{kind}",
        report.reporter,
        f"{report.pk}",
        {"title": report.post.topic.title, "answer": report.answer},
        due_at=out_of_night(now),
        discreet=report.post.topic.circle.discreet,
    )


def report_reversed(report, now):
    """Return the Letter to who reported a post that it stands after all.

    What its author argued and was answered is between her and staff, so nothing of it is in here.
    """
    return Letter(
        "cloud_home.report_reversed",
        report.reporter,
        f"{report.pk}",
        {"title": report.post.topic.title},
        due_at=out_of_night(now),
        discreet=report.post.topic.circle.discreet,
    )


def sanctioned(sanction, now):
    """Return the Letter to whom staff warned, or keep from writing."""
    kind = "suspended" if sanction.until else "warned"
    until = {"until": sanction.until} if sanction.until else {}
    return Letter(
        f"cloud_home.{kind}",
        sanction.user,
        f"{sanction.pk}",
        {"reason": sanction.reason} | until,
        due_at=out_of_night(now),
        link=page_link("my_posts"),
        discreet=True,
    )


def lifted(sanction, now):
    """Return the Letter that she may write again, and why."""
    return _answered("suspension_lifted", sanction, now)


def suspension_upheld(sanction, now):
    """Return the Letter to whom staff keep from writing although she appealed."""
    return _answered("suspension_upheld", sanction, now)


def _answered(kind, sanction, now):
    return Letter(
        f"cloud_home.{kind}",
        sanction.user,
        f"{sanction.pk}",
        {"answer": sanction.answer},
        due_at=out_of_night(now),
        link=page_link("my_posts"),
        discreet=True,
    )


def willing(user, now):
    """Return the Letter that asks, once, whether colleagues may ask her."""
    return Letter(
        "cloud_home.willing",
        user,
        f"{user.pk}",
        due_at=out_of_night(now),
        link=page_link("cloud_settings"),
    )


# What a digest counts: in Chinese, in English for one and for more.
COUNTED = {
    "topics": ("{n} 个新话题", "{n} new topic", "{n} new topics"),
    "replies": ("{n} 条新回复", "{n} new reply", "{n} new replies"),
}


def news(counts):
    """Return how much is new ({name of COUNTED: n}) as one phrase in both languages; what there is none of is not said."""
    words = [(n, *COUNTED[name]) for name, n in counts.items() if n]
    return {
        "zh-hans": "、".join(chinese.format(n=n) for n, chinese, _one, _more in words),
        "en": " and ".join((one if n == 1 else more).format(n=n) for n, _zh, one, more in words),
    }


# --- what is taken back ------------------------------------------------------------------------------
NO_TITLE = "—"


REPORTED = ("report_upheld", "report_dismissed", "report_reversed")


def forget(post):
    """Take what a post says out of what others were told: its mention, and of the first post the title.

    Called before the words are taken; only those who can have been told are looked at.
    """
    named = Mention.objects.filter(post=post).values("user")
    mentioned = Notice.objects.filter(recipient__in=named, kind="cloud_home.mentioned")
    mentioned.filter(object_key=str(post.pk)).delete()
    if post.opens:
        retitle(post.topic, "")


def retitle(topic, title):
    """Have what people were told of a topic say `title` ("": none any more) where it said the one it has, or had.

    Called before the title changes.
    """
    for notice in _naming(topic):
        notice.context["title"] = title or NO_TITLE
        notice.save(update_fields=["context"])
    new = f"《{title}》" if title else ""
    former = PostVersion.objects.filter(post__topic=topic).values_list("title", flat=True)
    for old in {topic.title, *former} - {"", title}:
        _rewrite_digests(topic, f"《{old}》", new)


def _naming(topic):
    """Yield the notices that name a topic, digests apart: by what each kind is keyed by, and who can have got it.

    Asked for one after the other, each finds its rows by the index that makes a notice unique.
    """
    posts = Post.objects.filter(topic=topic)
    asks = Ask.objects.filter(topic=topic)
    hidings = Hiding.objects.filter(post__topic=topic)
    reports = Report.objects.filter(post__topic=topic, reporter__isnull=False)
    authors = posts.filter(author__isnull=False).values("author")
    for kinds, about, to in (
        (("mentioned",), posts, Mention.objects.filter(post__topic=topic).values("user")),
        (("answered",), posts, authors),
        (("asked",), asks, asks.values("user")),
        (("hidden", "shown_again", "appeal_refused"), hidings, authors),
        (REPORTED, reports, reports.values("reporter")),
    ):
        keys = about.annotate(key_text=Cast("pk", CharField())).values("key_text")
        named = [f"cloud_home.{kind}" for kind in kinds]
        yield from Notice.objects.filter(kind__in=named, recipient__in=to, object_key__in=keys)


def _rewrite_digests(topic, old, new):
    """Change a quoted title in digests. Who has left the circle may have got one, so all since it began are looked at."""
    digests = Notice.objects.filter(kind="cloud_home.digest", due_at__gte=topic.started_at)
    for notice in digests.filter(context__titles__contains=old):
        notice.context["titles"] = notice.context["titles"].replace(old, new)
        notice.save(update_fields=["context"])


def forget_answers(reports):
    """Take what staff wrote about reported posts out of what the reporters were told."""
    kinds = ("cloud_home.report_upheld", "cloud_home.report_dismissed")
    keys = [str(pk) for pk in reports.values_list("pk", flat=True)]
    told = Notice.objects.filter(recipient__in=reports.values("reporter"), kind__in=kinds)
    for notice in told.filter(object_key__in=keys):
        notice.context["answer"] = NO_TITLE
        notice.save(update_fields=["context"])
