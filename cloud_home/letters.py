"""What people are told; of a sensitive circle SMS and mail say nothing but that there is something to read."""

from django.db.models import Q

from cloud_home import authors
from cloud_home.models import Ask, Follow, Membership, Mention, Post, Report
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
    return _to_author("shown_again", hiding, now)


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
    """Return the Letter that she may write again."""
    return Letter(
        "cloud_home.suspension_lifted",
        sanction.user,
        f"{sanction.pk}",
        due_at=out_of_night(now),
        link=page_link("cloud_home"),
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


def forget(post):
    """Take what a post says out of what others were told: its mention, and of the first post the title.

    Called before the words are taken; only those who can have been told are looked at.
    """
    named = Mention.objects.filter(post=post).values("user")
    mentioned = Notice.objects.filter(recipient__in=named, kind="cloud_home.mentioned")
    mentioned.filter(object_key=str(post.pk)).delete()
    if post.opens and post.topic.title:
        _forget_title(post.topic)


def _forget_title(topic):
    told = Q(recipient__in=Membership.objects.filter(circle=topic.circle_id).values("user"))
    for rows, name in (
        (Follow.objects.filter(topic=topic), "user"),
        (Ask.objects.filter(topic=topic), "user"),
        (Mention.objects.filter(post__topic=topic), "user"),
        (Report.objects.filter(post__topic=topic, reporter__isnull=False), "reporter"),
        (Post.objects.filter(topic=topic, author__isnull=False), "author"),
    ):
        told |= Q(recipient__in=rows.values(name))
    notices = Notice.objects.filter(told, kind__startswith="cloud_home.")
    quoted = f"《{topic.title}》"
    holds = Q(context__title=topic.title) | Q(context__titles__contains=quoted)
    for notice in notices.filter(holds):
        if "title" in notice.context:
            notice.context["title"] = "—"
        if "titles" in notice.context:
            notice.context["titles"] = notice.context["titles"].replace(quoted, "")
        notice.save(update_fields=["context"])
