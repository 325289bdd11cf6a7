"""An advantage somebody has for a time: "a unit with a return-to-research fund is preferred"."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, Unit
from kernel import ids, measures
from kernel.words import day_text
from places.models import days_overlap
from talents.models import Talent


class AdvantageQuerySet(models.QuerySet):
    """Questions about advantages."""

    def visible_to(self, user):
        """Keep all for staff who may see advantages: whoever leads a call reads them beside its applications."""
        return self if user.is_staff and user.has_perm("calls.view_advantage") else self.none()

    def holding(self, on):
        """Keep what holds on a day."""
        return self.filter(first_day__lte=on, last_day__gte=on)


class Advantage(models.Model):
    """That a unit or a person is preferred in something, for a time and for a reason.

    It expires by its date, nothing has to run. Ended before it, `last_day` is the day before and `planned_last_day` what it
    was; ended before it began, it holds on no day. Two of one kind for one holder never overlap (exclusion constraints). It
    changes no score: staff read it and decide.
    """

    code = models.CharField(max_length=12, unique=True, default=ids.code, editable=False)
    kind = models.SlugField(
        _("种类代码"),
        max_length=40,
        help_text=_("同一种优先用同一个代码，小写英文字母、数字和短横，例如 return-fund"),
    )
    words = models.CharField(_("因为什么优先"), max_length=120)
    words_en = models.CharField(_("英文"), max_length=240, blank=True)
    measure = models.PositiveSmallIntegerField(_("对应措施"), choices=measures.choices())
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("单位"),
        db_index=False,
    )
    talent = models.ForeignKey(
        Talent,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("人才"),
        db_index=False,
    )
    first_day = models.DateField(_("从哪天起"))
    last_day = models.DateField(_("到哪天止"))
    planned_last_day = models.DateField(_("原定到哪天止"), null=True, editable=False)
    source = models.CharField(
        _("依据"), max_length=120, help_text=_("文件名称、文号或在哪里核对的")
    )
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("登记部门"),
        db_index=False,
    )
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("登记人"),
        db_index=False,
    )
    granted_at = models.DateTimeField(_("登记时间"))
    ended_at = models.DateTimeField(_("提前结束时间"), null=True)
    end_reason = models.CharField(_("提前结束的原因"), max_length=200, blank=True)

    objects = AdvantageQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("优先条件")
        ordering = ["-id"]
        permissions = [("export_advantage", _("可以导出优先条件"))]
        constraints = [
            models.CheckConstraint(
                name="advantage_of_one_holder",
                condition=Q(unit=None, talent__isnull=False) | Q(unit__isnull=False, talent=None),
            ),
            models.CheckConstraint(
                name="advantage_ends_after_start",
                condition=Q(last_day__gte=F("first_day")) | Q(ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="advantage_ended_has_reason",
                condition=Q(ended_at=None, planned_last_day=None, end_reason="")
                | (Q(ended_at__isnull=False, planned_last_day__isnull=False) & ~Q(end_reason="")),
            ),
            ExclusionConstraint(
                name="advantage_of_unit_once",
                expressions=[
                    ("unit", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    days_overlap(),
                ],
                condition=Q(unit__isnull=False, last_day__gte=F("first_day")),
            ),
            ExclusionConstraint(
                name="advantage_of_person_once",
                expressions=[
                    ("talent", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    days_overlap(),
                ],
                condition=Q(talent__isnull=False, last_day__gte=F("first_day")),
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "last_day"], name="advantage_of_unit"),
            models.Index(fields=["talent", "last_day"], name="advantage_of_person"),
        ]

    audit_code = "code"

    def __str__(self):
        return self.line

    def validate_constraints(self, exclude=None):
        """Leave it to the operation, which says whose time overlaps with what; the database keeps it."""

    @property
    def label(self):
        """Return why, in the reader's language where somebody wrote it."""
        return (self.words_en if get_language() == "en" else "") or self.words

    @property
    def holder(self):
        """Return who has it, by name."""
        return self.unit.name if self.unit_id else self.talent.full_name

    @property
    def line(self):
        """Return why and until when, as it stands beside an application."""
        return _("%(why)s（到%(day)s）") % {"why": self.label, "day": day_text(self.last_day)}

    def holds(self, on):
        """Tell whether it holds on a day."""
        return self.first_day <= on <= self.last_day

    @property
    def state(self):
        """Return how it stands today: ended, coming, holding or over."""
        today = timezone.localdate()
        if self.ended_at and self.last_day < today:
            return "ended"
        if today < self.first_day:
            return "coming"
        return "holding" if self.last_day >= today else "over"

    def get_state_display(self):
        """Return the same in words."""
        return {
            "ended": _("已提前结束"),
            "coming": _("还没有开始"),
            "holding": _("有效"),
            "over": _("已到期"),
        }[self.state]
