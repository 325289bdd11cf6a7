"""What a woman says about being asked, and each time she was."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Department
from kernel import portal

# What she has not said she leaves to this: once a month, the busiest women do not mind more.
USUAL_MOST, HIGHEST_MOST = 3, 12


def kinds():
    """Return {code: kernel.portal.Ask} of what the apps above ask women for."""
    return portal.merged("asks")


class AskingWish(models.Model):
    """What a woman says about being asked. No row: her own department may ask her for anything, as often as is usual."""

    talent = models.OneToOneField(
        "talents.Talent", models.PROTECT, related_name="asking_wish", verbose_name=_("人才")
    )
    kinds = ArrayField(
        models.CharField(max_length=20), default=list, blank=True, verbose_name=_("可以邀请的事")
    )
    most_a_quarter = models.PositiveSmallIntegerField(_("每季度最多几次"), default=USUAL_MOST)
    not_before = models.DateField(_("这天以前不邀请"), null=True, blank=True)
    # One tap says no to everything and keeps the rest as it was, for the tap that undoes it.
    stopped_at = models.DateTimeField(_("暂不接受邀请，自"), null=True, blank=True)
    noted_at = models.DateTimeField(_("更新时间"))

    class Meta:
        verbose_name = pgettext_lazy("one", "邀请意愿")
        verbose_name_plural = pgettext_lazy("many", "邀请意愿")
        constraints = [
            models.CheckConstraint(
                name="asking_wish_most",
                condition=Q(most_a_quarter__gte=1, most_a_quarter__lte=HIGHEST_MOST),
            )
        ]

    def __str__(self):
        return str(self.pk)


class Answer(models.TextChoices):
    """What became of one time she was asked."""

    ACCEPTED = "accepted", pgettext_lazy("asked", "答应了")
    DECLINED = "declined", pgettext_lazy("asked", "不便参加")
    LAPSED = "lapsed", pgettext_lazy("asked", "过期没有答复")
    WITHDRAWN = "withdrawn", pgettext_lazy("asked", "邀请取消了")
    AGAIN = "again", pgettext_lazy("asked", "又问了一次")


class AskedQuerySet(models.QuerySet):
    """Questions about what women were asked for."""

    def with_answer(self):
        """Annotate `answer`, the newest; None where nobody has answered, "again" where she was asked once more."""
        newest = AskedAnswer.objects.filter(asked=OuterRef("pk")).order_by("-pk")
        return self.annotate(answer=Subquery(newest.values("answer")[:1]))


class Asked(models.Model):
    """That a woman was asked for something. Append-only (trigger); names another record only where the two were merged."""

    talent = models.ForeignKey(
        "talents.Talent",
        models.PROTECT,
        related_name="askings",
        verbose_name=_("人才"),
        db_index=False,
    )
    kind = models.CharField(_("什么事"), max_length=20)
    # "app.Model:key" of the invitation it is about, whose app keeps everything else.
    source = models.CharField(max_length=80, unique=True, editable=False)
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", verbose_name=_("邀请部门"), db_index=False
    )
    at = models.DateTimeField(_("邀请时间"))

    objects = AskedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = pgettext_lazy("many", "邀请记录")
        ordering = ["-id"]
        indexes = [
            # How often in a quarter, and her own page.
            models.Index(fields=["talent", "-at"], name="asked_talent"),
            # How asking was spread over a year.
            models.Index(fields=["at", "talent"], name="asked_at"),
        ]

    def __str__(self):
        return str(self.kind_words)

    @property
    def kind_words(self):
        """Return what she was asked for, in words; the code where no app declares it any more."""
        kind = kinds().get(self.kind)
        return kind.words if kind else self.kind

    @property
    def answer_words(self):
        """Return what became of it in words, "" while she has not answered; of rows `with_answer`."""
        waits = self.answer in (None, Answer.AGAIN)
        return "" if waits else Answer(self.answer).label

    @property
    def address(self):
        """Return where she reads what she was asked; "" where no app has a page for it any more."""
        kind = kinds().get(self.kind)
        return reverse(kind.page, args=[self.source.rpartition(":")[2]]) if kind else ""


class AskedAnswer(models.Model):
    """What became of it; the newest counts. Append-only (trigger)."""

    asked = models.ForeignKey(Asked, models.CASCADE, related_name="answers")
    answer = models.CharField(_("答复"), max_length=10, choices=Answer)
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = verbose_name_plural = pgettext_lazy("many", "邀请的答复")
        ordering = ["id"]

    def __str__(self):
        return str(self.get_answer_display())


# Who has waited longest to be asked is first, and who never was before all.
LONGEST_FIRST = (F("asked_at").asc(nulls_first=True), "id")
CAN_BE_ASKED = Q(state="verified", moved_away_on=None, user__isnull=False)


def turns(*columns, name):
    """Return the index by which the women of a field are read, who has waited longest first."""
    return models.Index(*columns, *LONGEST_FIRST, name=name, condition=CAN_BE_ASKED)
