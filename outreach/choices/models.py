"""What a school counts of a year's choice of subjects. No pupil is in it: numbers by sex, first choice and second two."""

from itertools import combinations

from django.db import models
from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Unit

ASK = "outreach.report_choices"  # the contact of a school counts for it
FIRST_YEAR = 2021  # the first class that chose by 3+1+2 in Chongqing sat its examination in 2021
MOST = 3000  # pupils in one cell


class Sex(models.TextChoices):
    """Whose choice."""

    GIRLS = "girls", _("女生")
    BOYS = "boys", _("男生")


class First(models.TextChoices):
    """The one of two that comes first."""

    PHYSICS = "physics", _("物理")
    HISTORY = "history", _("历史")


class Second(models.TextChoices):
    """Of these four two are chosen."""

    CHEMISTRY = "chemistry", _("化学")
    BIOLOGY = "biology", _("生物")
    POLITICS = "politics", _("思想政治")
    GEOGRAPHY = "geography", _("地理")


PAIRS = {f"{one.value}+{other.value}": (one, other) for one, other in combinations(Second, 2)}
CELLS = [(sex, first, pair) for sex in Sex.values for first in First.values for pair in PAIRS]


class ChoiceReportQuerySet(models.QuerySet):
    """Questions about counts."""

    def visible_to(self, user):
        """Keep for staff who look after outreach all of them; a school has pages of its own."""
        seen = user.is_staff and user.has_perm("outreach.view_choicereport")
        return self if seen else self.none()

    def of_contact(self, user):
        """Keep those of the school this person counts for."""
        if user.unit_id is None or not user.has_perm(ASK):
            return self.none()
        return self.filter(unit=user.unit_id)

    def standing(self):
        """Keep what was not taken back."""
        return self.filter(withdrawn_at=None)


class ChoiceReport(models.Model):
    """One school's count of one year's classes."""

    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        related_name="choice_reports",
        verbose_name=_("学校"),
        db_index=False,
    )
    year = models.PositiveSmallIntegerField(_("高考年份"))
    entered_at = models.DateTimeField(_("填报时间"))
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)

    objects = ChoiceReportQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "选科统计")
        verbose_name_plural = pgettext_lazy("many", "选科统计")
        ordering = ["-year", "unit"]
        permissions = [("report_choices", _("可以填报本校的选科统计"))]
        constraints = [
            models.UniqueConstraint(fields=["unit", "year"], name="choices_once_a_year"),
            models.CheckConstraint(
                name="choices_year", condition=Q(year__gte=FIRST_YEAR, year__lte=2099)
            ),
        ]
        indexes = [models.Index(fields=["year"], name="choices_of_year")]

    def __str__(self):
        return f"{self.unit} {self.year}"


class ChoiceCellQuerySet(models.QuerySet):
    """Questions about cells."""

    def counted(self):
        """Return {(sex, first, pair): pupils} over all of them."""
        rows = self.order_by().values_list("sex", "first", "pair").annotate(n=Sum("pupils"))
        return {(sex, first, pair): n for sex, first, pair, n in rows}


class ChoiceCell(models.Model):
    """How many girls or boys made one choice."""

    report = models.ForeignKey(
        ChoiceReport,
        models.CASCADE,
        related_name="cells",
        verbose_name=_("选科统计"),
        db_index=False,
    )
    sex = models.CharField(_("男女"), max_length=5, choices=Sex)
    first = models.CharField(_("首选"), max_length=7, choices=First)
    pair = models.CharField(_("再选"), max_length=20)
    pupils = models.PositiveSmallIntegerField(_("人数"))

    objects = ChoiceCellQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("选科人数")
        constraints = [
            models.UniqueConstraint(
                fields=["report", "sex", "first", "pair"], name="choice_cell_once"
            ),
            models.CheckConstraint(name="choice_cell_most", condition=Q(pupils__lte=MOST)),
            models.CheckConstraint(name="choice_cell_pair", condition=Q(pair__in=list(PAIRS))),
        ]

    def __str__(self):
        return f"{self.sex} {self.first} {self.pair}"
