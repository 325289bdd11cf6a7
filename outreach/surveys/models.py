"""Answers of classes as counters. No pupil, device, address or time of an answer is in any of it."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from outreach.choices.models import Sex
from outreach.requests.models import SchoolRequest

OPEN_FOR = timedelta(hours=3)
LATER_AFTER = timedelta(weeks=8)
LEAST = 10  # answers from which a class shows its mean
CODE_LENGTH = 6


class Moment(models.TextChoices):
    """When a class answers."""

    BEFORE = "before", _("上门之前")
    AFTER = "after", _("上门之后")
    LATER = "later", _("八周以后")


class Question(models.TextChoices):
    """What is asked: our own words, one to five."""

    INTEREST = "interest", _("我想多了解科学。")
    ABILITY = "ability", _("我能学好科学。")
    BELONGING = "belonging", _("像我这样的人可以做科学工作。")


class Drawn(models.TextChoices):
    """Whom a pupil drew when asked to draw a scientist, as the teacher sorts the sheets."""

    WOMAN = "woman", _("女的")
    MAN = "man", _("男的")
    UNCLEAR = "unclear", _("看不出")


ANSWERS = (
    (1, _("很不同意")),
    (2, _("不太同意")),
    (3, _("说不清")),
    (4, _("比较同意")),
    (5, _("很同意")),
)


class SurveyRoundQuerySet(models.QuerySet):
    """Questions about rounds."""

    def visible_to(self, user):
        """Keep for staff who look after outreach all of them; a school has pages of its own."""
        seen = user.is_staff and user.has_perm("outreach.view_schoolrequest")
        return self if seen else self.none()

    def open(self, now):
        """Keep those whose code still counts."""
        return self.exclude(code=None).filter(closes_at__gt=now)


class SurveyRound(models.Model):
    """One time a class answers; how many girls and boys have, never more than there are."""

    request = models.ForeignKey(
        SchoolRequest,
        models.PROTECT,
        related_name="rounds",
        verbose_name=_("学校申请"),
        db_index=False,
    )
    moment = models.CharField(_("哪一次"), max_length=6, choices=Moment)
    # Was the class still waiting for its visit? The comparison is made of those.
    waiting = models.BooleanField(_("还在等上门"), default=False)
    code = models.CharField(_("班级码"), max_length=CODE_LENGTH, null=True, blank=True, unique=True)
    closes_at = models.DateTimeField(_("班级码失效"), null=True, blank=True)
    most_girls = models.PositiveSmallIntegerField(_("女生人数"))
    most_boys = models.PositiveSmallIntegerField(_("男生人数"))
    girls = models.PositiveSmallIntegerField(_("答过的女生"), default=0)
    boys = models.PositiveSmallIntegerField(_("答过的男生"), default=0)
    by_cards = models.BooleanField(_("举牌点数"), default=False)
    begun_at = models.DateTimeField(_("开始时间"))
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("谁开始的"),
    )

    objects = SurveyRoundQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "课堂小调查")
        verbose_name_plural = pgettext_lazy("many", "课堂小调查")
        ordering = ["request", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "moment", "waiting"], name="survey_round_once"
            ),
            models.CheckConstraint(
                name="survey_no_more_than_pupils",
                condition=Q(girls__lte=F("most_girls"), boys__lte=F("most_boys")),
            ),
            models.CheckConstraint(
                name="survey_code_ends",
                condition=Q(code=None, closes_at=None)
                | Q(code__isnull=False, closes_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.request} {self.get_moment_display()}"


class SurveyCount(models.Model):
    """How many girls or boys of a round gave one answer to one question."""

    round = models.ForeignKey(
        SurveyRound, models.CASCADE, related_name="counts", db_index=False, verbose_name=_("哪一次")
    )
    sex = models.CharField(_("男女"), max_length=5, choices=Sex)
    question = models.CharField(_("问题"), max_length=10, choices=Question)
    answer = models.PositiveSmallIntegerField(_("回答"), choices=ANSWERS)
    number = models.PositiveSmallIntegerField(_("人数"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("课堂小调查的计数")
        constraints = [
            models.UniqueConstraint(
                fields=["round", "sex", "question", "answer"], name="survey_count_once"
            ),
            models.CheckConstraint(
                name="survey_answer_of_five", condition=Q(answer__gte=1, answer__lte=5)
            ),
        ]

    def __str__(self):
        return f"{self.sex} {self.question} {self.answer}"


class DrawingCount(models.Model):
    """How many girls or boys of a round drew a woman, a man, or somebody one cannot tell."""

    round = models.ForeignKey(
        SurveyRound,
        models.CASCADE,
        related_name="drawings",
        db_index=False,
        verbose_name=_("哪一次"),
    )
    sex = models.CharField(_("男女"), max_length=5, choices=Sex)
    drawn = models.CharField(_("画的科学家"), max_length=7, choices=Drawn)
    number = models.PositiveSmallIntegerField(_("人数"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("画科学家的计数")
        constraints = [
            models.UniqueConstraint(fields=["round", "sex", "drawn"], name="drawing_count_once")
        ]

    def __str__(self):
        return f"{self.sex} {self.drawn}"
