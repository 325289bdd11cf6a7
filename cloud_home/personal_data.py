"""What the app holds about one woman: what she wrote, her circles, what she chose, what staff told her."""

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from cloud_home import files, letters
from cloud_home.models import (
    Ask,
    Attachment,
    Follow,
    Gone,
    Hiding,
    Membership,
    Mention,
    Post,
    PostVersion,
    Preference,
    Report,
    Sanction,
    Thanks,
    Topic,
)
from cloud_home.operations.posts import take_words
from kernel.portal import Group

COVERS = (
    "cloud_home.Membership.user",
    "cloud_home.Topic.author",
    "cloud_home.Post.author",
    "cloud_home.Mention.user",
    "cloud_home.Follow.user",
    "cloud_home.Thanks.user",
    "cloud_home.Report.reporter",
    "cloud_home.Sanction.user",
    "cloud_home.Preference.user",
    "cloud_home.Ask.user",
)


def collect(user):
    """Return what she wrote with its earlier versions, where she belongs, what she follows, chose and was told."""
    posts = Post.objects.filter(author=user).select_related("topic").order_by("pk")
    named = Mention.objects.filter(user=user).select_related("post__topic").order_by("pk")
    return [
        Group(
            pgettext_lazy("many", "云之家发言"),
            posts,
            ("topic", "number", "body", "written_at", "edited_at", "hidden_at", "gone"),
        ),
        Group(
            _("发言修改记录"),
            PostVersion.objects.filter(post__author=user).order_by("pk"),
            ("title", "body", "until"),
        ),
        Group(
            pgettext_lazy("many", "发言附件"),
            Attachment.objects.filter(post__author=user).order_by("pk"),
            ("file_name", "size", "added_at"),
        ),
        Group(
            pgettext_lazy("many", "圈子"),
            Membership.objects.filter(user=user).select_related("circle").order_by("pk"),
            ("circle", "joined_at", "is_moderator", "follows"),
        ),
        Group(
            _("关注的话题"),
            Follow.objects.filter(user=user).select_related("topic").order_by("pk"),
            ("topic", "since"),
        ),
        Group(
            _("致谢"),
            Thanks.objects.filter(user=user).select_related("post__topic").order_by("pk"),
            (("post", _("发言")), "at"),
        ),
        Group(_("提到您的发言"), named, (("post", _("发言")),)),
        Group(
            pgettext_lazy("many", "您提出的举报"),
            Report.objects.filter(reporter=user).order_by("pk"),
            ("reason", "note", "at", "upheld", "answer", "decided_at"),
        ),
        Group(
            pgettext_lazy("many", "隐藏的发言"),
            Hiding.objects.filter(post__author=user).order_by("pk"),
            ("reason", "hidden_at", "appeal", "appealed_at", "answer", "decided_at", "ended_at"),
        ),
        Group(
            pgettext_lazy("many", "提醒与停止发言"),
            Sanction.objects.filter(user=user).order_by("pk"),
            (
                "reason",
                "at",
                "until",
                "appeal",
                "appealed_at",
                "answer",
                "decided_at",
                "lifted_at",
            ),
        ),
        Group(
            _("云之家设置"),
            Preference.objects.filter(user=user),
            ("digest", "may_be_asked", "told_up_to", "next_at"),
        ),
        Group(
            pgettext_lazy("many", "求教"),
            Ask.objects.filter(user=user).select_related("topic").order_by("pk"),
            ("topic", "asked_at", "answered_at", "declined_at"),
        ),
    ]


def attachments(user):
    """Yield (name inside the copy, bytes) of the files of her posts."""
    for found in Attachment.objects.filter(post__author=user).order_by("pk"):
        yield f"cloud-{found.pk}-{found.file_name}", files.read(found)


def lost(person, now):
    """Say that her words go and the places stay."""
    count = person.user and Post.objects.filter(author=person.user, gone="").count()
    if not count:
        return []
    sentence = ngettext(
        "您在云之家写的 %(n)s 条内容和附件删除，位置保留为“已注销用户”。",
        "您在云之家写的 %(n)s 条内容和附件删除，位置保留为“已注销用户”。",
        count,
    )
    return [sentence % {"n": count}]


def erase(person, now):
    """Take her words and all that leads to her; places and counts stay for what others answered."""
    user = person.user
    if user is None:
        return 0
    posts = list(Post.objects.filter(author=user).select_related("topic").order_by("topic", "pk"))
    for post in posts:
        take_words(post, Gone.ERASED)
    _forget_cases(user)
    _unname(user, person)
    count = sum(rows.delete()[0] for rows in _hers(user))
    Topic.objects.filter(author=user).update(author=None)
    return count + len(posts) + Post.objects.filter(author=user).update(author=None)


def _hers(user):
    thanks = Thanks.objects.filter(user=user)
    Post.objects.filter(thanks__in=thanks).update(thanked=F("thanked") - 1)
    return (
        thanks,
        Membership.objects.filter(user=user),
        Mention.objects.filter(user=user),
        Follow.objects.filter(user=user),
        Preference.objects.filter(user=user),
        Ask.objects.filter(user=user),
    )


def _unname(user, person):
    """Take her name out of what others wrote to her with @."""
    names = {user.full_name, *(record.full_name for record in person.records)} - {""}
    named = Post.objects.filter(mentions__user=user).select_related("topic")
    for row in (*named, *PostVersion.objects.filter(post__in=named)):
        body = row.body
        for name in names:
            body = body.replace(f"@{name}", "@已注销用户")
        if body != row.body:
            row.body = body
            row.save(update_fields=["body"])


def _forget_cases(user):
    """Leave of what staff decided about her that it was decided, here and with those who reported her."""
    letters.forget_answers(Report.objects.filter(post__author=user))
    Hiding.objects.filter(post__author=user).update(reason="—", appeal="", answer="")
    Report.objects.filter(post__author=user).exclude(decided_at=None).update(answer="")
    Report.objects.filter(Q(post__author=user) | Q(reporter=user)).update(note="")
    Report.objects.filter(reporter=user, decided_at=None).delete()
    Report.objects.filter(reporter=user).update(reporter=None, answer="")
    Sanction.objects.filter(user=user).update(user=None, reason="—", appeal="", answer="")
    Topic.objects.filter(author=user).exclude(closed_at=None).update(close_reason="—")


# --- how long it is kept -----------------------------------------------------------------------------
def old_topics(before):
    """Return topics nobody has written in since a moment."""
    return Topic.objects.filter(last_at__lt=before)


def old_versions(before):
    """Return earlier versions of posts that were edited before a moment."""
    return PostVersion.objects.filter(until__lt=before)


def old_reports(before):
    """Return reports that were decided before a moment."""
    return Report.objects.filter(decided_at__lt=before)


def old_sanctions(before):
    """Return warnings and suspensions from before a moment, those that still stand left out."""
    over = Q(until=None) | Q(until__lt=before) | Q(lifted_at__isnull=False)
    return Sanction.objects.filter(over, at__lt=before)
