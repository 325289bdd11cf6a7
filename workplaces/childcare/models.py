"""Nurseries, their classes and what each change was; the standard's rules as dated data.

No field of any of them is about a child: free places are a number with the date they were stated on.
"""

from datetime import timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, Unit
from kernel.sweeps import SweptQuerySet
from places.models import days_overlap
from workplaces.changes import Change
from workplaces.keeping import CONFIRMED_FOR, SOON

FREE_HOLDS = timedelta(days=30)  # older free places are shown as "please ask"
KEEP = "workplaces.keep_nursery"  # the contact of a unit keeps its own
RIGHTS = {"keep": KEEP, "change": "workplaces.change_nursery"}


class Band(models.TextChoices):
    """Classes by age, as the standard names them."""

    INFANT = "infant", _("乳儿班（6—12 个月）")
    TODDLER = "toddler", _("托小班（12—24 个月）")
    OLDER = "older", _("托大班（24—36 个月）")
    MIXED = "mixed", _("混合班（18 个月以上）")


class NurseryRuleQuerySet(models.QuerySet):
    """Questions about rules."""

    def in_force(self, day):
        """Keep those that hold on a day."""
        return self.on_or_after(day).filter(valid_from__lte=day)

    def on_or_after(self, day):
        """Keep those that hold on a day or begin after it."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gte=day))

    def unchecked(self, day):
        """Keep of those what nobody has compared with its source."""
        return self.on_or_after(day).filter(checked_on=None)

    def visible_to(self, user):
        """Keep for staff all of them."""
        seen = user.is_staff and user.has_perm("workplaces.view_nurseryrule")
        return self if seen else self.none()


class NurseryRule(models.Model):
    """How big a class of an age band may be and how many one carer looks after, from when, by which source."""

    band = models.CharField(_("班型"), max_length=8, choices=Band)
    most = models.PositiveSmallIntegerField(_("每班最多人数"), validators=[MinValueValidator(1)])
    per_carer = models.PositiveSmallIntegerField(
        _("一名保育人员最多照护"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("文件没有规定的空着"),
    )
    valid_from = models.DateField(_("开始日"))
    valid_until = models.DateField(_("结束日"), null=True, blank=True)
    source = models.CharField(_("依据"), max_length=120)
    article = models.CharField(_("条款"), max_length=60, blank=True)
    link = models.URLField(_("链接"), blank=True)
    checked_on = models.DateField(
        _("核对日期"),
        null=True,
        blank=True,
        help_text=_("与原文核对过的日期；没有核对的页面上写明"),
    )

    objects = NurseryRuleQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "托育班级标准")
        verbose_name_plural = pgettext_lazy("many", "托育班级标准")
        ordering = ["-valid_from", "pk"]
        constraints = [
            ExclusionConstraint(
                name="nursery_rules_apart",
                expressions=[
                    ("band", RangeOperators.EQUAL),
                    days_overlap("valid_from", "valid_until"),
                ],
            ),
            models.CheckConstraint(
                name="nursery_rule_days",
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
            ),
            models.CheckConstraint(
                name="nursery_rule_numbers",
                condition=Q(most__gte=1) & (Q(per_carer=None) | Q(per_carer__gte=1)),
            ),
        ]

    def __str__(self):
        return f"{self.get_band_display()} · {self.source}"


class NurseryQuerySet(SweptQuerySet):
    """Questions about nurseries."""

    def visible_to(self, user):
        """Keep for staff all of them, one list for all departments; the unit's contact has pages of her own."""
        seen = user.is_staff and user.has_perm("workplaces.view_nursery")
        return self if seen else self.none()

    def of_contact(self, user):
        """Keep those of the unit this person keeps entries of."""
        if user.unit_id is None or not user.has_perm(KEEP):
            return self.none()
        return self.filter(unit=user.unit_id)

    def registered(self):
        """Keep what is to be shown and whose registration staff have checked."""
        return self.filter(is_open=True, registration_checked_on__isnull=False)

    def listed(self, day):
        """Keep what the search finds on a day: registered, and confirmed within a year. No job is waited for."""
        return self.registered().filter(confirmed_on__gt=day - CONFIRMED_FOR)

    def unchecked(self):
        """Keep those whose registration waits to be checked."""
        return self.filter(is_open=True, registration_checked_on=None)

    def unconfirmed(self, day):
        """Keep those that leave the search within thirty days, or have left it."""
        return self.registered().filter(confirmed_on__lte=day - CONFIRMED_FOR + SOON)

    def to_remind(self, day):
        """Keep those of them whose unit was not reminded since."""
        return self.unconfirmed(day).filter(confirm_reminded_at=None)


class Nursery(models.Model):
    """One nursery as its unit states it: shown once staff have checked its registration, found for a year."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="nurseries", verbose_name=_("单位"))
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", verbose_name=_("主管部门")
    )
    name = models.CharField(_("名称"), max_length=80)
    name_en = models.CharField(_("英文名称"), max_length=160, blank=True)
    district = models.CharField(_("所在街道"), max_length=40)
    address = models.CharField(_("地址"), max_length=120)
    phone = models.CharField(
        _("公开的电话"), max_length=40, help_text=_("会写在公开页面上，请写办公电话")
    )
    registration = models.CharField(_("备案编号"), max_length=60)
    registered_on = models.DateField(_("备案日期"))
    registration_checked_on = models.DateField(_("备案核实日期"), null=True, blank=True)
    subsidised = models.BooleanField(_("有补贴（普惠）"), default=False)
    subsidy = models.CharField(
        _("补贴说明"), max_length=120, blank=True, help_text=_("谁补、补多少、给谁；没有就空着")
    )
    is_open = models.BooleanField(_("对外公布"), default=True)
    created_at = models.DateTimeField(_("登记时间"))
    confirmed_on = models.DateField(_("确认日期"))
    confirm_reminded_at = models.DateTimeField(_("提醒确认的时间"), null=True, blank=True)
    sweep_failures = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = NurseryQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "托育机构")
        verbose_name_plural = pgettext_lazy("many", "托育机构")
        ordering = ["name", "pk"]
        permissions = [("keep_nursery", _("可以维护本单位的托育机构"))]
        constraints = [
            models.UniqueConstraint(fields=["registration"], name="nursery_registration_once")
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        """Return its public page."""
        return reverse("nursery", args=[self.pk])

    @property
    def label(self):
        """Return its name in the reader's language."""
        return (get_language() == "en" and self.name_en) or self.name

    @property
    def names(self):
        """Return its name in both languages, as notices keep it."""
        return {"zh-hans": self.name, "en": self.name_en or self.name}

    @property
    def found_until(self):
        """Return the first day the search does not find it any more."""
        return self.confirmed_on + CONFIRMED_FOR

    def is_confirmed(self, day):
        """Tell whether somebody confirmed it within a year."""
        return self.confirmed_on > day - CONFIRMED_FOR


class NurseryClassQuerySet(SweptQuerySet):
    """Questions about classes."""

    def visible_to(self, user):
        """Keep for staff all of them."""
        seen = user.is_staff and user.has_perm("workplaces.view_nurseryclass")
        return self if seen else self.none()

    def standing(self):
        """Keep those that were not ended."""
        return self.filter(ended_at=None)

    def with_free(self, day):
        """Keep those whose unit said within thirty days that places are free."""
        return self.standing().filter(free__gte=1, free_on__gte=day - FREE_HOLDS)

    def old(self, day):
        """Keep those of open nurseries whose free places were stated more than thirty days ago."""
        stated = self.standing().filter(nursery__is_open=True, free_on__lt=day - FREE_HOLDS)
        return stated.filter(nursery__registration_checked_on__isnull=False)

    def to_remind(self, day):
        """Keep those of them whose unit was not reminded since."""
        return self.old(day).filter(free_reminded_at=None)


class NurseryClass(models.Model):
    """One class of a nursery: places, carers, price a month, and how many places are free as of a date."""

    nursery = models.ForeignKey(
        Nursery, models.PROTECT, related_name="classes", verbose_name=_("托育机构")
    )
    name = models.CharField(_("班级名称"), max_length=40)
    band = models.CharField(_("班型"), max_length=8, choices=Band)
    capacity = models.PositiveSmallIntegerField(
        _("班额"), validators=[MinValueValidator(1)], help_text=_("这个班最多收几人")
    )
    carers = models.PositiveSmallIntegerField(_("保育人员"), validators=[MinValueValidator(1)])
    price = models.PositiveIntegerField(
        _("每月费用（元）"), help_text=_("补贴之前、不含餐费；免费填 0")
    )
    free = models.PositiveSmallIntegerField(_("空余托位"), null=True, blank=True)
    free_on = models.DateField(_("空余托位的日期"), null=True, blank=True)
    free_reminded_at = models.DateTimeField(_("提醒更新的时间"), null=True, blank=True)
    ended_at = models.DateTimeField(_("停办时间"), null=True, blank=True)
    sweep_failures = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = NurseryClassQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "托育班级")
        verbose_name_plural = pgettext_lazy("many", "托育班级")
        ordering = ["nursery", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["nursery", "name"],
                condition=Q(ended_at=None),
                name="nursery_class_once",
            ),
            models.CheckConstraint(
                name="nursery_class_numbers", condition=Q(capacity__gte=1, carers__gte=1)
            ),
            models.CheckConstraint(
                name="nursery_class_free_fits",
                condition=Q(free=None) | Q(free__lte=F("capacity")),
            ),
            models.CheckConstraint(
                name="nursery_class_free_has_date",
                condition=Q(free=None, free_on=None) | Q(free__isnull=False, free_on__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.nursery} · {self.name}"

    def free_known(self, day):
        """Return how many places are free as far as one may say on a day; None: please ask."""
        if self.free_on is None or self.free_on < day - FREE_HOLDS:
            return None
        return self.free


class NurseryChange(Change):
    """What one saving changed of a nursery or a class: the values before and after, so that it can be undone."""

    nursery = models.ForeignKey(
        Nursery, models.PROTECT, related_name="changes", verbose_name=_("托育机构"), db_index=False
    )
    klass = models.ForeignKey(
        NurseryClass,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="changes",
        verbose_name=_("托育班级"),
    )

    class Meta:
        verbose_name = _("托育信息修改")
        verbose_name_plural = pgettext_lazy("many", "托育信息修改")
        ordering = ["-id"]
        indexes = [models.Index(fields=["nursery", "-id"], name="nursery_change_of")]

    def __str__(self):
        return f"{self.nursery} {self.at:%Y-%m-%d %H:%M}"
