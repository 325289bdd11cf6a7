"""What a call requires of whom applies, one condition after another, each with the document it stands in."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from calls.models.calls import Call
from talents.codes import Degree

MOST_REQUIREMENTS = 20


class AnsweredBy(models.TextChoices):
    """Who or what says whether a condition is met."""

    HERSELF = "herself", _("本人回答")
    AGE = "age", _("档案：年龄")
    DEGREE = "degree", _("档案：学位")
    OVERSEAS = "overseas", _("档案：海外学习经历")
    OFFICE = "office", _("由有关单位认定")


class Requirement(models.Model):
    """One condition of a call, by which she checks herself before she applies.

    Frozen with the form once the call is open (trigger, 0009). It never decides anything: the department does.
    """

    call = models.ForeignKey(Call, models.CASCADE, related_name="requirements", db_index=False)
    order = models.PositiveSmallIntegerField(_("顺序"))
    text = models.CharField(_("条件"), max_length=200)
    text_en = models.CharField(_("英文条件"), max_length=400, blank=True)
    answered_by = models.CharField(_("怎么判断"), max_length=8, choices=AnsweredBy)
    most_age = models.PositiveSmallIntegerField(
        _("最大年龄（周岁）"),
        null=True,
        blank=True,
        validators=[MinValueValidator(18), MaxValueValidator(100)],
    )
    least_degree = models.CharField(_("最低学位"), max_length=4, choices=Degree, blank=True)
    office = models.CharField(_("由谁认定"), max_length=60, blank=True)
    document = models.CharField(_("依据文件"), max_length=120)
    in_force_from = models.DateField(_("文件施行日期"))
    in_force_until = models.DateField(_("文件有效期至"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("自查条件")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["call", "text"], name="requirement_once"),
            models.CheckConstraint(
                name="requirement_days",
                condition=Q(in_force_until=None) | Q(in_force_until__gte=F("in_force_from")),
            ),
            models.CheckConstraint(
                name="requirement_has_what_it_asks",
                condition=Q(answered_by="age", most_age__isnull=False, least_degree="", office="")
                | (Q(answered_by="degree", most_age=None, office="") & ~Q(least_degree=""))
                | (Q(answered_by="office", most_age=None, least_degree="") & ~Q(office=""))
                | Q(
                    answered_by__in=["herself", "overseas"],
                    most_age=None,
                    least_degree="",
                    office="",
                ),
            ),
        ]

    def __str__(self):
        return self.words

    @property
    def words(self):
        """Return the condition in the reader's language, where staff wrote it."""
        return (self.text_en if get_language() == "en" else "") or self.text

    @property
    def key(self):
        """Return its name in the form of the self-check."""
        return f"answer_{self.pk}"

    def is_in_force(self, day):
        """Tell whether the document it stands in holds on a day."""
        return self.in_force_from <= day and (
            self.in_force_until is None or day <= self.in_force_until
        )
