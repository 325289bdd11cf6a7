"""Stories of women in science and technology: their versions, their photos, how often they are read."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import BooleanField, F, Func, Prefetch, Q
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Department
from events.models import Series
from honours.models import Award
from kernel import ids, markdown
from kernel.photo_sizes import PhotoSize
from privacy.pieces import Piece
from talents.codes import Discipline
from talents.models import Talent

MOST_BODY = 10_000
FEWEST_READERS = 10  # below that nobody is told a number


class StoryKind(models.TextChoices):
    """What she stands for, as the policy names them."""

    SCIENTIST = "scientist", _("女科学家")
    ENTREPRENEUR = "entrepreneur", _("女企业家")
    PHYSICIAN = "physician", _("女医师")
    CRAFTSWOMAN = "craftswoman", _("女工匠")
    OTHER = "other", _("其他先进典型")


class VersionState(models.TextChoices):
    """Where a version stands."""

    DRAFT = "draft", _("撰写中")
    ASKED = "asked", _("等本人同意")
    AGREED = "agreed", _("本人已同意，待审核")
    PUBLISHED = "published", _("已发布")
    REPLACED = "replaced", _("已被后来的版本代替")


WORKING = (VersionState.DRAFT, VersionState.ASKED, VersionState.AGREED)
# What she agrees to, word by word.
WORDS = (
    "title",
    "lead",
    "body",
    "shown_name",
    "shown_post",
    "title_en",
    "lead_en",
    "body_en",
    "shown_post_en",
)


class StoryQuerySet(models.QuerySet):
    """Questions about stories."""

    def visible_to(self, user):
        """Keep what `user` may look after: her department's."""
        if not (user.is_staff and user.has_perm("role_models.view_story")):
            return self.none()
        return self if user.sees_all_departments else self.filter(department=user.department_id)

    def shown(self):
        """Keep what everybody may read: rules.why_not_shown as SQL."""
        honoured = Q(award__revoked_at=None)  # without an honour as well
        return self.filter(honoured, published_at__isnull=False, hidden_at=None, withdrawn_at=None)

    def with_words(self):
        """Bring the published version of each along, as `read`: a list of one, or of none."""
        published = StoryVersion.objects.filter(state=VersionState.PUBLISHED)
        return self.prefetch_related(Prefetch("versions", published, to_attr="read"))

    def with_cover(self):
        """Bring the shown photos of each along, as `seen`."""
        return self.prefetch_related(
            Prefetch("photos", StoryPhoto.objects.shown().order_by("pk"), to_attr="seen")
        )

    def with_photos_to_approve(self):
        """Keep the published ones with photos she has agreed to that no second person has looked at yet."""
        waiting = StoryPhoto.objects.filter(
            agreed_at__isnull=False, approved_at=None, hidden_at=None
        )
        published = self.filter(published_at__isnull=False, withdrawn_at=None)
        return published.filter(pk__in=waiting.values("story"))

    def hers(self, user):
        """Keep the stories about a woman, by her account."""
        return self.filter(talent__user=user)


class Story(models.Model):
    """One woman's story. Its words stand in its versions, of which one is published at most."""

    code = models.CharField(max_length=10, unique=True, default=ids.code, editable=False)
    talent = models.ForeignKey(
        Talent, models.PROTECT, related_name="stories", verbose_name=_("人才")
    )
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", verbose_name=_("负责部门"), db_index=False
    )
    kind = models.CharField(_("类别"), max_length=12, choices=StoryKind)
    discipline = models.CharField(_("学科"), max_length=4, choices=Discipline, blank=True)
    series = models.ForeignKey(
        Series,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="stories",
        verbose_name=_("系列"),
        help_text=_("如“百千万巾帼大宣讲”。系列在“活动系列”里建，故事和活动用同一个。"),
    )
    # While it is revoked the story is not shown; restored, it is again: a condition of `shown`, nothing is written.
    award = models.ForeignKey(
        Award,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="stories",
        verbose_name=_("讲的是哪项荣誉"),
        help_text=_("可以不选。荣誉被撤销期间，故事自动不展示。"),
    )
    created_at = models.DateTimeField(_("开始时间"))
    published_at = models.DateTimeField(_("首次发布"), null=True, blank=True)
    # Two who can take it off, each for herself: staff with a reason, and the woman it is about.
    hidden_at = models.DateTimeField(_("下架时间"), null=True, blank=True)
    hidden_reason = models.CharField(_("下架理由"), max_length=200, blank=True)
    withdrawn_at = models.DateTimeField(_("本人撤回时间"), null=True, blank=True)

    objects = StoryQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "榜样故事")
        verbose_name_plural = pgettext_lazy("many", "榜样故事")
        ordering = ["-id"]
        permissions = [("publish_story", _("可以审核发布榜样故事"))]
        indexes = [
            models.Index(fields=["department", "-id"], name="story_department"),
            models.Index(
                fields=["-published_at", "-id"],
                name="story_shown",
                condition=Q(published_at__isnull=False, hidden_at=None, withdrawn_at=None),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="story_hidden_has_reason",
                condition=Q(hidden_at=None, hidden_reason="")
                | Q(hidden_at__isnull=False) & ~Q(hidden_reason=""),
            ),
        ]

    def __str__(self):
        return self.code

    def get_absolute_url(self):
        """Return the address of its public page."""
        return reverse("story", args=[self.code])

    @property
    def audit_name(self):
        """Return what the audit log calls it: its words name a woman."""
        return self.code

    @property
    def is_shown(self):
        """Tell whether everybody may read it."""
        off = self.hidden_at or self.withdrawn_at or self.lost_honour
        return bool(self.published_at) and not off

    @property
    def lost_honour(self):
        """Tell whether the honour it tells of is revoked."""
        return bool(self.award) and not self.award.stands

    @property
    def published(self):
        """Return its published version, or None; no query where `with_words` brought it along."""
        if hasattr(self, "read"):
            return self.read[0] if self.read else None
        return self.versions.filter(state=VersionState.PUBLISHED).first()

    @property
    def earlier(self):
        """Return the version that was published before the present one, or None."""
        rows = self.versions.filter(state=VersionState.REPLACED, published_at__isnull=False)
        return rows.order_by("-published_at", "-number").first()

    @property
    def working(self):
        """Return the version being written, agreed to or waiting for the second pair of eyes, or None."""
        return self.versions.filter(state__in=WORKING).first()

    @property
    def cover(self):
        """Return its first shown photo, or None; no query where `with_cover` brought it along."""
        if hasattr(self, "seen"):
            return self.seen[0] if self.seen else None
        return self.photos.shown().order_by("pk").first()

    @property
    def shown_award(self):
        """Return the honour its page names beside her name, or None: as much as the roll of honours says of her."""
        award = self.award
        return award if award and award.stands and award.tells_who and not award.hidden else None


class SameAsAny(Func):
    """SQL "one = ANY(many)", false where `one` is null."""

    template = "COALESCE(%(expressions)s), FALSE)"
    arg_joiner = " = ANY("
    output_field = BooleanField()


class StoryVersion(models.Model):
    """One version of a story, word by word; once she was asked about it no word changes any more (a trigger)."""

    story = models.ForeignKey(Story, models.CASCADE, related_name="versions", db_index=False)
    number = models.PositiveSmallIntegerField(_("版本"))
    state = models.CharField(_("状态"), max_length=10, choices=VersionState)
    title = models.CharField(_("标题"), max_length=60)
    lead = models.CharField(_("导语"), max_length=200)
    body = models.TextField(_("正文"), max_length=MOST_BODY)
    shown_name = models.CharField(_("署名"), max_length=40)
    shown_post = models.CharField(_("身份"), max_length=80, blank=True)
    title_en = models.CharField(_("英文标题"), max_length=120, blank=True)
    lead_en = models.CharField(_("英文导语"), max_length=400, blank=True)
    body_en = models.TextField(_("英文正文"), max_length=2 * MOST_BODY, blank=True)
    shown_post_en = models.CharField(_("英文身份"), max_length=160, blank=True)
    # A correction that changes no meaning: it is published without asking her again, and she is told.
    is_minor = models.BooleanField(_("不改变意思的更正"), default=False)
    # Everybody who wrote in it, by number of account: none of them may publish it.
    editors = ArrayField(models.BigIntegerField(), verbose_name=_("编辑"))
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("最后编辑")
    )
    edited_at = models.DateTimeField(_("编辑时间"))
    asked_at = models.DateTimeField(_("请本人看的时间"), null=True, blank=True)
    agreed_at = models.DateTimeField(_("本人同意时间"), null=True, blank=True)
    wish = models.CharField(_("本人的修改意见"), max_length=500, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("审核人"),
    )
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("one", "故事版本")
        verbose_name_plural = pgettext_lazy("many", "故事版本")
        ordering = ["story", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["story", "number"], name="story_version_once"),
            models.UniqueConstraint(
                fields=["story"], condition=Q(state="published"), name="story_one_published"
            ),
            models.UniqueConstraint(
                fields=["story"],
                condition=Q(state__in=["draft", "asked", "agreed"]),
                name="story_one_working",
            ),
            models.CheckConstraint(
                name="story_version_asked",
                condition=~Q(state__in=["asked", "agreed"]) | Q(asked_at__isnull=False),
            ),
            models.CheckConstraint(
                name="story_version_agreed",
                condition=~Q(state="agreed") | Q(agreed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="story_published_agreed",
                condition=Q(published_at=None)
                | Q(published_by__isnull=False) & (Q(agreed_at__isnull=False) | Q(is_minor=True)),
            ),
            models.CheckConstraint(
                name="story_published_has_time",
                condition=~Q(state="published") | Q(published_at__isnull=False),
            ),
            # The second pair of eyes belongs to somebody else, whoever writes the row.
            models.CheckConstraint(
                name="story_second_pair_of_eyes",
                condition=~Q(SameAsAny(F("published_by"), F("editors"))),
            ),
            models.CheckConstraint(
                name="story_english_whole",
                condition=Q(title_en="", body_en="") | ~Q(title_en="") & ~Q(body_en=""),
            ),
        ]

    def __str__(self):
        return f"{self.story_id}.{self.number}"

    @property
    def is_working(self):
        """Tell whether it is not published yet and not replaced."""
        return self.state in WORKING

    @property
    def has_english(self):
        """Tell whether it can be read in English."""
        return bool(self.body_en)

    def _in(self, name):
        english = get_language() == "en" and self.has_english
        return (english and getattr(self, f"{name}_en")) or getattr(self, name)

    @property
    def shown_title(self):
        """Return the title in the reader's language, in Chinese where there is no English."""
        return self._in("title")

    @property
    def shown_lead(self):
        """Return the lead in the reader's language."""
        return self._in("lead")

    @property
    def html(self):
        """Return the body in the reader's language as safe HTML."""
        return markdown.html(self._in("body"))

    @property
    def html_en(self):
        """Return the English body as safe HTML, for her who reads it beside the Chinese."""
        return markdown.html(self.body_en)

    @property
    def who(self):
        """Return her name and what she does, as she agreed to be named."""
        return " · ".join(filter(None, (self.shown_name, self._in("shown_post"))))


class StoryPhotoQuerySet(models.QuerySet):
    """Questions about photos."""

    def shown(self):
        """Keep what a story's page shows: agreed to by her, looked at by a second person, not taken off."""
        return self.filter(agreed_at__isnull=False, approved_at__isnull=False, hidden_at=None)


class StoryPhoto(models.Model):
    """One photo of a story, made anew without place, time and maker; each is agreed to for itself."""

    code = models.CharField(max_length=10, unique=True, default=ids.code, editable=False)
    story = models.ForeignKey(Story, models.CASCADE, related_name="photos")
    alt = models.CharField(_("文字说明"), max_length=150)
    alt_en = models.CharField(_("英文说明"), max_length=300, blank=True)
    credit = models.CharField(_("摄影"), max_length=40, blank=True)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("最后编辑")
    )
    added_at = models.DateTimeField(_("上传时间"))
    answered_at = models.DateTimeField(_("本人答复时间"), null=True, blank=True)
    agreed_at = models.DateTimeField(_("本人同意时间"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("审核人"),
    )
    approved_at = models.DateTimeField(_("审核时间"), null=True, blank=True)
    hidden_at = models.DateTimeField(_("下架时间"), null=True, blank=True)

    objects = StoryPhotoQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "故事照片")
        verbose_name_plural = pgettext_lazy("many", "故事照片")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="story_photo_has_words", condition=~Q(alt="")),
            models.CheckConstraint(
                name="story_photo_approved",
                condition=Q(approved_at=None, approved_by=None)
                | Q(approved_at__isnull=False, approved_by__isnull=False, agreed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="story_photo_second_eyes",
                condition=Q(approved_by=None) | ~Q(approved_by=F("edited_by")),
            ),
        ]

    def __str__(self):
        return self.code

    def get_absolute_url(self):
        """Return the address of its large picture."""
        return self.address(PhotoSize.LARGE)

    def address(self, size):
        """Return the address of one of its sizes."""
        return reverse("story_photo", args=[self.code, size])

    @property
    def small(self):
        """Return the address of its small picture."""
        return self.address(PhotoSize.SMALL)

    @property
    def shown_alt(self):
        """Return its words in the reader's language, in Chinese where there are no others."""
        return (get_language() == "en" and self.alt_en) or self.alt

    @property
    def is_shown(self):
        """Tell whether the story's page shows it."""
        return bool(self.agreed_at and self.approved_at and not self.hidden_at)


class StoryPhotoPiece(Piece):
    """A megabyte of a photo in one of its sizes."""

    photo = models.ForeignKey(StoryPhoto, models.CASCADE, related_name="pieces", db_index=False)
    size = models.CharField(max_length=5, choices=PhotoSize)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["photo", "size", "number"], name="story_photo_piece_once"
            ),
        )


class StoryReads(models.Model):
    """How often a story was read on one day: a number, and nothing about anybody."""

    story = models.ForeignKey(Story, models.CASCADE, related_name="reads", db_index=False)
    day = models.DateField(_("日期"))
    count = models.PositiveIntegerField(_("阅读次数"))
    # The last minute that was counted and how often in it: no minute counts more than its share.
    minute = models.DateTimeField()
    in_minute = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = verbose_name_plural = _("阅读次数")
        ordering = ["story", "-day"]
        constraints = [models.UniqueConstraint(fields=["story", "day"], name="story_reads_once")]

    def __str__(self):
        return f"{self.story_id} {self.day}"
