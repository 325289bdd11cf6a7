"""Topics, what is written in them, and what hangs on it."""

from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cloud_home.models.circles import Circle
from kernel import bigrams, ids, markdown
from kernel.keyset import Keyset
from privacy.fields import EncryptedTextField

TITLE_MOST, BODY_MOST = 80, 10_000
EDIT_FOR = timedelta(hours=24)
LIVELIEST_FIRST = Keyset(("-last_at", "-id"))
IN_ORDER = Keyset(("number",))
NEWEST_FIRST = Keyset(("-id",))


class TopicKind(models.TextChoices):
    """What a topic is for."""

    TALK = "talk", _("讨论")
    QUESTION = "question", _("求教")


class Gone(models.TextChoices):
    """Why the words of a post are not there any more; the place stays, so that answers make sense."""

    DELETED = "deleted", _("作者已删除")
    ERASED = "erased", _("已注销用户")


class TopicQuerySet(models.QuerySet):
    """Questions about topics."""

    def visible_to(self, user):
        """Keep topics of circles `user` may read; what was hidden stays to its author and to staff."""
        shown = Q(hidden_at=None) | Q(author=user.pk)
        shown |= Q(circle__in=Circle.objects.managed_by(user))
        moderated = Circle.objects.filter(memberships__user=user.pk, memberships__is_moderator=True)
        shown |= Q(circle__in=moderated)
        return self.filter(shown, circle__in=Circle.objects.readable_by(user))

    def listed(self):
        """Leave out what has nothing left to read."""
        return self.exclude(title="", posts=1)

    def with_authors(self):
        """Read along the circle and what is said of the authors."""
        return self.select_related(
            "circle", "author__talent__unit", "author__talent__public_page", "author__department"
        )


class Topic(models.Model):
    """One subject of a circle. `posts` counts the places taken in it and is written under the row's lock."""

    code = models.CharField(max_length=12, unique=True, default=ids.code, editable=False)
    circle = models.ForeignKey(
        Circle, models.PROTECT, related_name="topics", verbose_name=_("圈子"), db_index=False
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="topics",
        verbose_name=_("作者"),
    )
    as_staff = models.BooleanField(_("以工作人员身份"), default=False)
    kind = models.CharField(_("类型"), max_length=10, choices=TopicKind, default=TopicKind.TALK)
    title = models.CharField(_("标题"), max_length=TITLE_MOST, blank=True)
    posts = models.PositiveIntegerField(_("楼层"), default=0, editable=False)
    started_at = models.DateTimeField(_("发起时间"))
    last_at = models.DateTimeField(_("最近回复"))
    hidden_at = models.DateTimeField(_("隐藏时间"), null=True, blank=True)
    closed_at = models.DateTimeField(_("关闭时间"), null=True, blank=True)
    close_reason = models.CharField(_("关闭原因"), max_length=200, blank=True)

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = _("话题")
        verbose_name_plural = pgettext_lazy("many", "话题")
        ordering = ["-last_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="topic_closed_has_reason",
                condition=Q(closed_at=None, close_reason="")
                | Q(closed_at__isnull=False) & ~Q(close_reason=""),
            ),
        ]
        indexes = [
            models.Index(fields=["circle", "-last_at", "-id"], name="topic_circle"),
            models.Index(fields=["-last_at", "-id"], name="topic_liveliest"),
            models.Index(fields=["circle", "started_at"], name="topic_started"),
        ]

    def __str__(self):
        return self.title or str(Gone.DELETED.label)

    def get_absolute_url(self):
        """Return the address of its page."""
        return reverse("topic", args=[self.code])

    @property
    def audit_name(self):
        """Return what the audit log calls it: a title is its author's words."""
        return str(self.pk)

    @property
    def replies(self):
        """Return how many answers there are."""
        return max(self.posts - 1, 0)

    @property
    def is_question(self):
        """Tell whether somebody asks for advice."""
        return self.kind == TopicKind.QUESTION

    @property
    def is_closed(self):
        """Tell whether nothing is added any more."""
        return self.closed_at is not None


class PostQuerySet(models.QuerySet):
    """Questions about posts."""

    def visible_to(self, user):
        """Keep posts of topics `user` may read."""
        return self.filter(topic__in=Topic.objects.visible_to(user))

    def readable(self):
        """Keep what still has words for everybody who reads the circle."""
        return self.filter(hidden_at=None, gone="")

    def matching(self, query):
        """Keep those found by the words of a query (kernel.bigrams)."""
        return bigrams.match(self, query)

    def with_authors(self):
        """Read along what is said of the authors."""
        return self.select_related(
            "author__talent__unit", "author__talent__public_page", "author__department"
        )


class Post(models.Model):
    """What one person wrote in one place of a topic; number 1 opens it."""

    topic = models.ForeignKey(
        Topic, models.CASCADE, related_name="all_posts", verbose_name=_("话题"), db_index=False
    )
    number = models.PositiveIntegerField(_("楼层"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="posts",
        verbose_name=_("作者"),
        db_index=False,
    )
    as_staff = models.BooleanField(_("以工作人员身份"), default=False)
    body = models.TextField(_("正文"), blank=True)
    quoted = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("引用")
    )
    key = models.CharField(max_length=40, null=True, blank=True, editable=False)  # noqa: DJ001
    written_at = models.DateTimeField(_("发表时间"))
    edited_at = models.DateTimeField(_("编辑时间"), null=True, blank=True)
    hidden_at = models.DateTimeField(_("隐藏时间"), null=True, blank=True)
    gone = models.CharField(_("去向"), max_length=10, choices=Gone, blank=True)
    thanked = models.PositiveIntegerField(_("致谢"), default=0, editable=False)
    # How many people it named when it was written: it counts for the day when the words are gone.
    named = models.PositiveSmallIntegerField(default=0, editable=False)
    # The words as they are searched, and their bigrams under a GIN index (kernel.bigrams).
    search_text = models.TextField(editable=False, default="")
    search_grams = ArrayField(models.IntegerField(), default=list, editable=False)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("发言")
        verbose_name_plural = pgettext_lazy("many", "发言")
        ordering = ["topic", "number"]
        constraints = [
            models.UniqueConstraint(fields=["topic", "number"], name="post_place_once"),
            models.UniqueConstraint(fields=["author", "key"], name="post_key_once"),
            models.CheckConstraint(
                name="post_gone_has_no_words",
                condition=Q(gone="") & ~Q(body="") | ~Q(gone="") & Q(body="", search_text=""),
            ),
        ]
        indexes = [
            models.Index(fields=["author", "-id"], name="post_author"),
            models.Index(fields=["author", "written_at"], name="post_author_pace"),
            GinIndex(fields=["search_grams"], name="post_grams", fastupdate=False),
        ]

    def __str__(self):
        return f"#{self.number}"

    def save(self, *args, update_fields=None, **kwargs):
        """Save with the search columns in step."""
        self.index()
        if update_fields is not None:
            update_fields = {*update_fields, "search_text", "search_grams"}
        super().save(*args, update_fields=update_fields, **kwargs)

    def get_absolute_url(self):
        """Return the address that leads to it, on whichever page of its topic it stands."""
        return reverse("post", args=[self.pk])

    @property
    def audit_name(self):
        """Return what the audit log calls it."""
        return str(self.pk)

    def index(self):
        """Bring the search columns in step: the title belongs to the first post."""
        title = self.topic.title if self.number == 1 else ""
        lines = markdown.plain(self.body).splitlines()
        self.search_text = "" if self.gone else bigrams.text(title, *lines)
        self.search_grams = bigrams.grams(self.search_text)

    @property
    def html(self):
        """Return its words as safe HTML."""
        return markdown.html(self.body)

    @property
    def excerpt(self):
        """Return how it begins, for where it is quoted."""
        text = " ".join(markdown.plain(self.body).split())
        return f"{text[:120]}…" if len(text) > 120 else text

    @property
    def opens(self):
        """Tell whether it opens its topic."""
        return self.number == 1

    @property
    def has_words(self):
        """Tell whether everybody may read it."""
        return not self.gone and self.hidden_at is None

    def editable_until(self):
        """Return until when its author may change it."""
        return self.written_at + EDIT_FOR


class PostVersion(models.Model):
    """How a post stood before it was edited; goes with the words."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="versions")
    title = models.CharField(_("标题"), max_length=TITLE_MOST, blank=True)
    body = models.TextField(_("正文"))
    until = models.DateTimeField(_("修改时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("发言修改记录")
        ordering = ["-id"]

    def __str__(self):
        return str(self.pk)

    @property
    def html(self):
        """Return its words as safe HTML."""
        return markdown.html(self.body)


class Attachment(models.Model):
    """A file of a post: kept encrypted in the database, out of reach of any web server."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="attachments")
    file_name = models.CharField(_("文件名"), max_length=120)
    kind = models.CharField(_("文件类型"), max_length=4)
    size = models.PositiveIntegerField(_("大小"))
    added_at = models.DateTimeField(_("上传时间"))

    class Meta:
        verbose_name = pgettext_lazy("one", "附件")
        verbose_name_plural = pgettext_lazy("many", "附件")
        ordering = ["id"]

    def __str__(self):
        return self.file_name

    @property
    def is_picture(self):
        """Tell whether a page shows it."""
        return self.kind in ("jpg", "png")


class AttachmentPiece(models.Model):
    """A megabyte of a file."""

    attachment = models.ForeignKey(
        Attachment, models.CASCADE, related_name="pieces", db_index=False
    )
    number = models.PositiveSmallIntegerField()
    content = EncryptedTextField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["attachment", "number"], name="attachment_piece_once"),
        )

    def __str__(self):
        return f"piece {self.number} of attachment {self.attachment_id}"


class Mention(models.Model):
    """That a post names a member of its circle, who is told."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="mentions", db_index=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="mentions", verbose_name=_("成员")
    )

    class Meta:
        verbose_name = verbose_name_plural = _("提到")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["post", "user"], name="mention_once")]

    def __str__(self):
        return str(self.pk)


class Follow(models.Model):
    """That somebody wants to hear of a topic's answers."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="follows", db_index=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="follows", verbose_name=_("成员")
    )
    since = models.DateTimeField(_("关注时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("关注的话题")
        constraints = [models.UniqueConstraint(fields=["topic", "user"], name="follow_once")]

    def __str__(self):
        return str(self.pk)


class Thanks(models.Model):
    """That somebody thanked for a post."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="thanks", db_index=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="thanks", verbose_name=_("成员")
    )
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("致谢")
        constraints = [models.UniqueConstraint(fields=["post", "user"], name="thanks_once")]

    def __str__(self):
        return str(self.pk)
