"""Places people come to: where they are, when they are open, how one gets in."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.core.validators import URLValidator
from django.db import models
from django.db.models import F, Func, IntegerField, Q
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Unit
from kernel import days
from places.holidays import Holiday
from places.hours import closed_week, week_lines
from places.near import EAST, NORTH, SOUTH, WEST, map_addresses

KEEP = "places.keep_place"  # the contact of a unit keeps its own, who visits a unit's those of all
STALE_MONTHS = 6  # what nobody has checked for so long is to be checked again


def days_in_row(model_field):
    """Return the condition's part that a JSON list holds seven days."""
    length = Func(F(model_field), function="jsonb_array_length", output_field=IntegerField())
    return Exact(length, 7)


def stale_before(at):
    """Return the moment before which a check is too long ago at a moment."""
    return days.begin(days.months_after(days.month_of(at), -STALE_MONTHS))


class PlaceQuerySet(models.QuerySet):
    """Questions about places."""

    def visible_to(self, user):
        """Keep every place: where it is and when it is open is public."""
        return self

    def to_verify(self, at):
        """Keep what nobody has checked for STALE_MONTHS, or ever; a unit's own is checked by who visits it."""
        long_ago = Q(verified_at=None) | Q(verified_at__lt=stale_before(at))
        return self.filter(long_ago, active=True, unit=None)


class Place(models.Model):
    """Where people come to, for whatever it is used: a Care Station, a mothers' room.

    `weekly` are its hours in a usual week (places.hours). On public holidays it is closed where
    `closed_on_holidays` says so; OtherHours of a day come before both.
    """

    name = models.CharField(_("名称"), max_length=60, unique=True)
    address = models.CharField(_("地址"), max_length=200)
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="places",
        verbose_name=_("所属单位"),
        help_text=_("由单位自己维护的场所才有"),
    )
    # As maps published in China have them (GCJ-02); what a phone tells is turned into them (places.near).
    latitude = models.FloatField(_("纬度"), null=True, blank=True)
    longitude = models.FloatField(_("经度"), null=True, blank=True)
    map_link = models.URLField(
        _("地图链接"),
        max_length=300,
        blank=True,
        validators=[URLValidator(schemes=["https"])],
        help_text=_("地图里点“分享”得到的链接，以 https:// 开头。"),
    )
    phone = models.CharField(_("公开电话"), max_length=20)
    step_free = models.BooleanField(_("入口没有台阶"), default=False)
    has_lift = models.BooleanField(_("有电梯"), default=False)
    accessible_toilet = models.BooleanField(_("有无障碍卫生间"), default=False)
    has_parking = models.BooleanField(_("可以停车"), default=False)
    access_words = models.CharField(
        _("怎么进来"),
        max_length=200,
        blank=True,
        help_text=_("如“2 号门进，右手电梯到 3 楼；轮椅走东侧坡道”。"),
    )
    weekly = models.JSONField(_("每周开放时间"), default=closed_week)
    closed_on_holidays = models.BooleanField(_("法定节假日休息"), default=True)
    active = models.BooleanField(_("使用中"), default=True)
    verified_at = models.DateTimeField(_("最近核实"), null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("核实人"),
    )

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("场所")
        verbose_name_plural = pgettext_lazy("many", "场所")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="place_week_has_seven_days", condition=days_in_row("weekly")
            ),
            models.CheckConstraint(
                name="place_position_in_china",
                # Both or none: a comparison with nothing is no refusal to PostgreSQL.
                condition=Q(latitude=None, longitude=None)
                | Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(SOUTH, NORTH),
                    longitude__range=(WEST, EAST),
                ),
            ),
            models.CheckConstraint(
                name="place_verified_by_somebody",
                condition=Q(verified_at=None, verified_by=None)
                | Q(verified_at__isnull=False, verified_by__isnull=False),
            ),
        ]
        permissions = [("keep_place", _("可以维护单位自己的场所"))]
        indexes = [
            models.Index(fields=["verified_at"], name="place_to_verify"),
            models.Index(fields=["latitude", "longitude"], name="place_position"),
        ]

    def __str__(self):
        return self.name

    @property
    def week_lines(self):
        """Return the hours of a usual week in lines."""
        return week_lines(self.weekly)

    @property
    def position(self):
        """Return (latitude, longitude), None where nobody has entered it."""
        return None if self.latitude is None else (self.latitude, self.longitude)

    @property
    def maps(self):
        """Return the maps that open at it, (name, address) pairs."""
        return map_addresses(self)

    @property
    def access(self):
        """Return the words of what makes it easy to get in."""
        flags = ("step_free", "has_lift", "accessible_toilet", "has_parking")
        return [self._meta.get_field(name).verbose_name for name in flags if getattr(self, name)]


def days_overlap(first="first_day", last="last_day"):
    """Return the part of an exclusion constraint that says: the days from column `first` to `last`, both included, overlap."""
    days_of_row = Func(
        first,
        last,
        RangeBoundary(inclusive_upper=True),
        function="DATERANGE",
        output_field=DateRangeField(),
    )
    return (days_of_row, RangeOperators.OVERLAPS)


class OtherHours(models.Model):
    """Days on which a place is closed, or open at other hours than in a usual week, and why."""

    place = models.ForeignKey(
        Place, models.CASCADE, related_name="other_hours", verbose_name=_("场所")
    )
    first_day = models.DateField(_("从"))
    last_day = models.DateField(_("到"))
    spans = models.JSONField(_("这几天的时间"), default=list, blank=True)
    reason = models.CharField(_("原因"), max_length=60)

    class Meta:
        verbose_name = verbose_name_plural = _("例外的开放时间")
        ordering = ["first_day"]
        constraints = [
            models.CheckConstraint(
                name="other_hours_end_after_start", condition=Q(last_day__gte=F("first_day"))
            ),
            models.CheckConstraint(name="other_hours_have_a_reason", condition=~Q(reason="")),
            ExclusionConstraint(
                name="other_hours_once_a_day",
                expressions=[
                    ("place", RangeOperators.EQUAL),
                    days_overlap(),
                ],
            ),
        ]

    def __str__(self):
        return self.reason

    def covers(self, day):
        """Tell whether it is about a date."""
        return self.first_day <= day <= self.last_day


class CalendarDays(models.Model):
    """Days in a row that the State Council made free, or working days to make up for free ones.

    Entered by staff: the year's notice before the package knows it, and what was decided afterwards.
    """

    first_day = models.DateField(_("从"))
    last_day = models.DateField(_("到"))
    is_off = models.BooleanField(
        _("安排"), choices=[(True, _("放假")), (False, _("上班（调休）"))], default=True
    )
    name = models.CharField(_("节日"), max_length=20, help_text=_("如“春节”。"))
    source = models.CharField(
        _("依据"), max_length=100, help_text=_("如“国务院办公厅关于2027年部分节假日安排的通知”。")
    )

    class Meta:
        verbose_name = _("节假日和调休")
        verbose_name_plural = pgettext_lazy("many", "节假日和调休")
        ordering = ["-first_day"]
        constraints = [
            models.CheckConstraint(
                name="calendar_days_end_after_start", condition=Q(last_day__gte=F("first_day"))
            ),
            models.CheckConstraint(
                name="calendar_days_named", condition=~Q(name="") & ~Q(source="")
            ),
            ExclusionConstraint(name="calendar_days_once", expressions=[days_overlap()]),
        ]

    def __str__(self):
        return f"{self.holiday}（{self.first_day:%Y-%m-%d}）"

    @property
    def holiday(self):
        """Return what it makes of each of its days."""
        return Holiday(self.name, self.is_off)

    def days(self):
        """Return its dates."""
        count = (self.last_day - self.first_day).days + 1
        return [self.first_day + number * days.DAY for number in range(count)]
