"""What the law gives, as dated data: a change of the law is another row, never another program."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import URLValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from places.models import days_overlap


class Period(models.TextChoices):
    """The four periods of the law, as women's lives order them."""

    MENSTRUATION = "menstruation", _("经期")
    PREGNANCY = "pregnancy", _("孕期")
    BIRTH = "birth", _("产期")
    NURSING = "nursing", _("哺乳期")


class Right(models.TextChoices):
    """What is given; the calculator counts by those that have an amount."""

    MENSTRUAL_WORK = "menstrual_work", _("经期不做的工作")
    NO_LOSS = "no_loss", _("不因怀孕、生育、哺乳降低工资或辞退")
    LIGHTER_WORK = "lighter_work", _("减轻工作量或换岗位")
    CHECKUPS = "checkups", _("产前检查算工作时间")
    PREGNANT_NIGHTS = "pregnant_nights", _("不加班、不上夜班，工作中有休息（怀孕后期）")
    MATERNITY = "maternity", _("产假")
    BEFORE_BIRTH = "before_birth", _("产前可以先休")
    DIFFICULT = "difficult", _("难产增加")
    EACH_FURTHER = "each_further", _("多胞胎每多一个增加")
    CITY_EXTRA = "city_extra", _("重庆增加的产假")
    LOSS_EARLY = "loss_early", _("怀孕未满 4 个月流产")
    LOSS_LATE = "loss_late", _("怀孕满 4 个月流产")
    FATHER = "father", _("配偶护理假")
    CHILDCARE = "childcare", _("育儿假（夫妻双方各自）")
    NURSING_TIME = "nursing_time", _("每天的哺乳时间")
    NURSING_FURTHER = "nursing_further", _("多胞胎每多一个，每天增加")
    NURSING_NIGHTS = "nursing_nights", _("不加班、不上夜班（哺乳期）")


class Measure(models.TextChoices):
    """What an amount counts."""

    DAYS = "days", _("天")
    DAYS_A_YEAR = "days_a_year", _("天/年")
    MINUTES_A_DAY = "minutes_a_day", _("分钟/天")
    MONTHS_PREGNANT = "months_pregnant", _("个月起")


class PeriodRuleQuerySet(models.QuerySet):
    """Questions about rules."""

    def visible_to(self, user):
        """Keep every rule: the law is public."""
        return self

    def on(self, day):
        """Keep what is in force on a day."""
        return self.on_or_after(day).filter(valid_from__lte=day)

    def on_or_after(self, day):
        """Keep what is in force on a day or comes into force after it."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gte=day))

    def unchecked(self, day):
        """Keep of those what nobody has compared with its source."""
        return self.on_or_after(day).filter(checked_on=None)


class PeriodRule(models.Model):
    """One thing the law gives from one day until another, with the article that gives it.

    `checked_on` is the day staff last compared it with its source; without one, pages say 未核实.
    """

    period = models.CharField(_("时期"), max_length=12, choices=Period)
    right = models.CharField(_("内容"), max_length=16, choices=Right)
    amount = models.PositiveSmallIntegerField(_("数量"), null=True, blank=True)
    amount_most = models.PositiveSmallIntegerField(
        _("最多"), null=True, blank=True, help_text=_("规定是一个范围时填写，如 5 至 10 天")
    )
    measure = models.CharField(_("单位"), max_length=16, choices=Measure, blank=True)
    words = models.CharField(_("说明"), max_length=200, help_text=_("用平常的话写，读者会看到"))
    words_en = models.CharField(_("英文说明"), max_length=400, blank=True)
    law = models.CharField(_("法规"), max_length=60)
    article = models.CharField(_("条款"), max_length=30, help_text=_("如“第七条第一款”"))
    link = models.URLField(
        _("出处链接"),
        max_length=300,
        blank=True,
        validators=[URLValidator(schemes=["https"])],
    )
    valid_from = models.DateField(_("施行日期"))
    valid_until = models.DateField(
        _("失效日期"), null=True, blank=True, help_text=_("最后一天；仍然有效的留空")
    )
    checked_on = models.DateField(_("核对日期"), null=True, blank=True)

    objects = PeriodRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("四期保护规定")
        verbose_name_plural = pgettext_lazy("many", "四期保护规定")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="period_rule_ends_after_start",
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
            ),
            models.CheckConstraint(
                name="period_rule_amount_measured",
                condition=Q(amount=None, amount_most=None, measure="")
                | Q(amount__isnull=False) & ~Q(measure=""),
            ),
            models.CheckConstraint(
                name="period_rule_most_is_more",
                condition=Q(amount_most=None) | Q(amount_most__gt=F("amount")),
            ),
            models.CheckConstraint(
                name="period_rule_has_a_source",
                condition=~Q(law="") & ~Q(article="") & ~Q(words=""),
            ),
            ExclusionConstraint(
                name="period_rule_once_a_day",
                expressions=[
                    ("right", RangeOperators.EQUAL),
                    days_overlap("valid_from", "valid_until"),
                ],
            ),
        ]

    def __str__(self):
        return self.get_right_display()

    @property
    def says(self):
        """Return what it gives in the reader's language."""
        return (get_language() == "en" and self.words_en) or self.words

    @property
    def source(self):
        """Return law and article."""
        return f"《{self.law}》{self.article}"
