"""The library of lessons and experiments: versions that stay, and who reviewed each."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from kernel import ids
from outreach.volunteers.models import Stage

REVIEWERS = 2  # so many who are not the writer
MOST_MINUTES = 240


class LessonKind(models.TextChoices):
    """What it is."""

    LESSON = "lesson", _("课")
    EXPERIMENT = "experiment", _("实验")


class LessonQuerySet(models.QuerySet):
    """Questions about lessons."""

    def visible_to(self, user):
        """Keep for staff all of them."""
        seen = user.is_staff and user.has_perm("outreach.view_lesson")
        return self if seen else self.none()

    def shown(self):
        """Keep what everybody may read: a version two people reviewed, not taken off."""
        return self.filter(shown__isnull=False, withdrawn_at=None)

    def to_review(self, user=None):
        """Keep those whose latest version waits for a review; of a `user`: that she may give."""
        waits = LessonVersion.objects.waiting()
        if user is not None:
            waits = waits.exclude(written_by=user).exclude(reviews__by=user)
        return self.filter(withdrawn_at=None, pk__in=waits.values("lesson"))


class Lesson(models.Model):
    """One lesson or experiment; what is read of it is the version `shown`."""

    code = models.CharField(max_length=12, unique=True, default=ids.code, editable=False)
    shown = models.OneToOneField(
        "LessonVersion",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("公布的版本"),
    )
    withdrawn_at = models.DateTimeField(_("撤下时间"), null=True, blank=True)
    reason = models.CharField(_("撤下的理由"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("登记时间"))

    objects = LessonQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "课和实验")
        verbose_name_plural = pgettext_lazy("many", "课和实验")
        ordering = ["-pk"]
        permissions = [("review_lesson", _("可以审核课和实验"))]
        constraints = [
            models.CheckConstraint(
                name="lesson_withdrawn_says_why",
                condition=Q(withdrawn_at=None, reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(reason="")),
            )
        ]

    def __str__(self):
        version = self.shown or self.versions.first()
        return str(version) if version else self.code

    def get_absolute_url(self):
        """Return its public page."""
        return reverse("lesson", args=[self.code])


class LessonVersionQuerySet(models.QuerySet):
    """Questions about versions."""

    def waiting(self):
        """Keep the latest of each lesson while it is neither shown nor sent back."""
        newer = LessonVersion.objects.filter(
            lesson=models.OuterRef("lesson"), number__gt=models.OuterRef("number")
        )
        decided = Q(pk__in=Lesson.objects.filter(shown__isnull=False).values("shown")) | Q(
            pk__in=LessonReview.objects.filter(agrees=False).values("version")
        )
        return self.filter(~models.Exists(newer)).exclude(decided)


class LessonVersion(models.Model):
    """A lesson as somebody wrote it; a correction is another version."""

    lesson = models.ForeignKey(
        Lesson, models.CASCADE, related_name="versions", verbose_name=_("课和实验"), db_index=False
    )
    number = models.PositiveSmallIntegerField(_("版本"))
    kind = models.CharField(_("类型"), max_length=10, choices=LessonKind)
    stage = models.CharField(_("学段"), max_length=10, choices=Stage)
    title = models.CharField(_("题目"), max_length=60)
    title_en = models.CharField(_("英文题目"), max_length=120, blank=True)
    minutes = models.PositiveSmallIntegerField(
        _("分钟"), validators=[MinValueValidator(5), MaxValueValidator(MOST_MINUTES)]
    )
    materials = models.TextField(_("材料"), max_length=1000, blank=True)
    body = models.TextField(_("怎么上"), max_length=6000)
    risks = models.TextField(_("风险和怎么防"), max_length=1000, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("撰写人"),
    )
    at = models.DateTimeField(_("写于"))

    objects = LessonVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("课和实验的版本")
        verbose_name_plural = pgettext_lazy("many", "课和实验的版本")
        ordering = ["lesson", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["lesson", "number"], name="lesson_version_once"),
            models.CheckConstraint(
                name="lesson_minutes", condition=Q(minutes__gte=5, minutes__lte=MOST_MINUTES)
            ),
            models.CheckConstraint(
                name="experiment_says_its_risks",
                condition=~Q(kind="experiment") | ~Q(risks=""),
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def label(self):
        """Return its title in the reader's language."""
        return (get_language() == "en" and self.title_en) or self.title


class LessonReview(models.Model):
    """What one reviewer said of a version: agreed, or sent back with what to change."""

    version = models.ForeignKey(
        LessonVersion,
        models.CASCADE,
        related_name="reviews",
        verbose_name=_("版本"),
        db_index=False,
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("审核人")
    )
    agrees = models.BooleanField(_("同意公布"))
    note = models.CharField(_("意见"), max_length=200, blank=True)
    at = models.DateTimeField(_("审核时间"))

    class Meta:
        verbose_name = _("课和实验的审核")
        verbose_name_plural = pgettext_lazy("many", "课和实验的审核")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "by"], name="lesson_review_once"),
            models.CheckConstraint(
                name="lesson_sent_back_says_why", condition=Q(agrees=True) | ~Q(note="")
            ),
        ]

    def __str__(self):
        return f"{self.version} {self.by}"
