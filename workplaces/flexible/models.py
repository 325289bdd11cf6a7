"""What flexible work a unit offers, and what each change of it was. Nobody's family is stored: a child's age is a condition."""

from datetime import timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Department, Unit
from kernel.sweeps import SweptQuerySet
from talents.codes import Discipline
from workplaces.changes import Change
from workplaces.keeping import CONFIRMED_FOR, SOON

STILL_LISTED = timedelta(days=60)  # how long after that it is still shown, as not re-checked
GROWN = 18
KEEP = "workplaces.keep_flexibleoffer"  # the contact of a unit keeps its own
RIGHTS = {"keep": KEEP, "change": "workplaces.change_flexibleoffer"}


class Kind(models.TextChoices):
    """What is flexible."""

    HOURS = "hours", _("上下班时间灵活")
    PART_TIME = "part_time", _("缩短工作时间")
    HOME = "home", _("在家办公")
    SHARED = "shared", _("两人合做一个岗位")
    SHIFTED = "shifted", _("换班、调班")
    COMPRESSED = "compressed", _("每周少上几天、每天多做几小时")
    STEPS = "steps", _("产假后逐步恢复工作量")
    NO_NIGHTS = "no_nights", _("不上夜班")


class Pay(models.TextChoices):
    """What becomes of the pay."""

    SAME = "same", _("工资不变")
    PRO_RATA = "pro_rata", _("按工作量折算")
    OTHER = "other", _("其他（写在说明里）")


class FlexibleOfferQuerySet(SweptQuerySet):
    """Questions about offers."""

    def visible_to(self, user):
        """Keep for staff all of them, one list for all departments; the unit's contact has pages of her own."""
        seen = user.is_staff and user.has_perm("workplaces.view_flexibleoffer")
        return self if seen else self.none()

    def of_contact(self, user):
        """Keep those of the unit this person keeps entries of."""
        if user.unit_id is None or not user.has_perm(KEEP):
            return self.none()
        return self.filter(unit=user.unit_id)

    def standing(self, day):
        """Keep what was not withdrawn and has not ended."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gte=day), withdrawn_at=None)

    def listed(self, day):
        """Keep what everybody finds on a day: sixty days after its year is over it is gone. No job is waited for."""
        return self.standing(day).filter(confirmed_on__gt=day - CONFIRMED_FOR - STILL_LISTED)

    def confirmed(self, day):
        """Keep of what stands what somebody confirmed within a year."""
        return self.standing(day).filter(confirmed_on__gt=day - CONFIRMED_FOR)

    def unconfirmed(self, day):
        """Keep of what stands what is to be confirmed within thirty days, or should have been."""
        return self.standing(day).filter(confirmed_on__lte=day - CONFIRMED_FOR + SOON)

    def to_remind(self, day):
        """Keep those of them whose unit was not reminded since."""
        return self.unconfirmed(day).filter(confirm_reminded_at=None)

    def for_field(self, discipline):
        """Keep what is for a discipline, or for every one."""
        return self.filter(discipline__in=(discipline, ""))


class FlexibleOffer(models.Model):
    """One kind of flexible work a unit offers: for which posts, on which conditions, whom to ask."""

    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="flexible_offers", verbose_name=_("单位")
    )
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", verbose_name=_("主管部门")
    )
    kind = models.CharField(_("种类"), max_length=10, choices=Kind)
    posts = models.CharField(
        _("哪些岗位"), max_length=120, help_text=_("如“实验室研究岗、数据分析岗”")
    )
    discipline = models.CharField(
        _("学科"), max_length=3, choices=Discipline, blank=True, help_text=_("不限学科的空着")
    )
    how_many = models.PositiveSmallIntegerField(
        _("几个岗位"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("谁申请都可以的空着"),
    )
    pay = models.CharField(_("工资"), max_length=8, choices=Pay)
    pay_words = models.CharField(_("工资说明"), max_length=120, blank=True)
    workload = models.CharField(
        _("工作量"), max_length=120, help_text=_("如“每周 30 小时，其中两天到岗”")
    )
    age_until = models.PositiveSmallIntegerField(
        _("限子女几周岁以下"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(GROWN)],
        help_text=_("与子女无关、人人可以申请的空着"),
    )
    valid_from = models.DateField(_("开始日"))
    valid_until = models.DateField(
        _("结束日"), null=True, blank=True, help_text=_("长期有效的空着")
    )
    district = models.CharField(_("所在街道"), max_length=40)
    place = models.CharField(
        _("地点"), max_length=120, blank=True, help_text=_("园区、楼宇，或写“不限地点”")
    )
    ask = models.CharField(
        _("问谁"), max_length=60, help_text=_("写部门，如“人力资源部”，不写个人姓名")
    )
    phone = models.CharField(
        _("公开的电话"), max_length=40, help_text=_("会写在公开页面上，请写办公电话，不写手机号")
    )
    created_at = models.DateTimeField(_("登记时间"))
    confirmed_on = models.DateField(_("确认日期"))
    confirm_reminded_at = models.DateTimeField(_("提醒确认的时间"), null=True, blank=True)
    # Grows with each change: who confirms says which text was read.
    revision = models.PositiveIntegerField(_("第几版"), default=1, editable=False)
    withdrawn_at = models.DateTimeField(_("撤下时间"), null=True, blank=True)
    withdrawn_reason = models.CharField(_("撤下理由"), max_length=200, blank=True)
    withdrawn_by_staff = models.BooleanField(_("由主管部门撤下"), default=False)
    sweep_failures = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = FlexibleOfferQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "弹性工作")
        verbose_name_plural = pgettext_lazy("many", "弹性工作")
        ordering = ["-confirmed_on", "-id"]
        permissions = [("keep_flexibleoffer", _("可以维护本单位的弹性工作"))]
        indexes = [
            models.Index(
                fields=["-confirmed_on", "-id"],
                condition=Q(withdrawn_at=None),
                name="flexible_offers_listed",
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="flexible_offer_days",
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
            ),
            models.CheckConstraint(
                name="flexible_offer_numbers",
                condition=(Q(how_many=None) | Q(how_many__gte=1))
                & (Q(age_until=None) | Q(age_until__gte=1, age_until__lte=GROWN)),
            ),
            models.CheckConstraint(
                name="flexible_offer_pay_said",
                condition=~Q(pay="other") | ~Q(pay_words=""),
            ),
            models.CheckConstraint(
                name="flexible_offer_withdrawn_why",
                condition=Q(withdrawn_at=None, withdrawn_reason="", withdrawn_by_staff=False)
                | Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason=""),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} · {self.posts}"

    def get_absolute_url(self):
        """Return its public page."""
        return reverse("flexible_offer", args=[self.pk])

    @property
    def due_on(self):
        """Return the first day it counts as not re-checked."""
        return self.confirmed_on + CONFIRMED_FOR

    @property
    def listed_until(self):
        """Return the first day nobody finds it any more."""
        return self.due_on + STILL_LISTED

    def is_confirmed(self, day):
        """Tell whether somebody confirmed it within a year."""
        return self.due_on > day

    def has_ended(self, day):
        """Tell whether its last day is over."""
        return self.valid_until is not None and self.valid_until < day


class OfferChange(Change):
    """What one saving changed of an offer: the values before and after, so that it can be undone."""

    offer = models.ForeignKey(
        FlexibleOffer,
        models.PROTECT,
        related_name="changes",
        verbose_name=pgettext_lazy("one", "弹性工作"),
        db_index=False,
    )

    class Meta:
        verbose_name = _("弹性工作的修改")
        verbose_name_plural = pgettext_lazy("many", "弹性工作的修改")
        ordering = ["-id"]
        indexes = [models.Index(fields=["offer", "-id"], name="flexible_change_of")]

    def __str__(self):
        return f"{self.offer} {self.at:%Y-%m-%d %H:%M}"
