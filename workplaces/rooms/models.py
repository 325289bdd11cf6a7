"""Mothers' rooms, the standard they are held to, visits, and what women report of them.

The position, the address and the hours of a room are those of its Place. Who looked for a room is kept nowhere.
"""

from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit
from places.models import Place, days_overlap
from privacy.pieces import KeptFile, Piece

KEEP = "workplaces.keep_room"  # the contact of a unit keeps its own
VISIT_HOLDS = timedelta(days=365)  # a visit is to be repeated every year
GRACE = timedelta(days=60)  # after so long without one the tier is gone
SOON = timedelta(days=30)  # how long before it is due a visit stands in the work queue
CALLS_A_VISIT = 2  # so many women who found it closed or locked


class DatedQuerySet(models.QuerySet):
    """Questions about lines of the standard."""

    def in_force(self, day):
        """Keep those that hold on a day."""
        open_end = Q(valid_until=None) | Q(valid_until__gte=day)
        return self.filter(open_end, valid_from__lte=day)

    def visible_to(self, user):
        """Keep for staff who see rooms all of them."""
        seen = user.is_staff and user.has_perm("workplaces.view_room")
        return self if seen else self.none()


class Dated(models.Model):
    """A line of the standard: from when, until when, by which document, and whether somebody compared it."""

    valid_from = models.DateField(_("施行日期"))
    valid_until = models.DateField(
        _("失效日期"), null=True, blank=True, help_text=_("最后一天；仍然有效的留空")
    )
    source = models.CharField(_("依据"), max_length=120)
    checked_on = models.DateField(_("核对日期"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True


def _days_in_order(name):
    return models.CheckConstraint(
        name=name, condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from"))
    )


class RoomTier(Dated):
    """A tier: all musts, and so many of what is asked beyond them."""

    rank = models.PositiveSmallIntegerField(
        _("级别"), validators=[MinValueValidator(1), MaxValueValidator(9)]
    )
    name = models.CharField(_("名称"), max_length=20)
    name_en = models.CharField(_("英文名称"), max_length=40)
    pluses = models.PositiveSmallIntegerField(_("至少符合几条加分条件"))

    class Meta:
        verbose_name = pgettext_lazy("one", "妈咪小屋等级")
        verbose_name_plural = pgettext_lazy("many", "妈咪小屋等级")
        ordering = ["-valid_from", "rank"]
        constraints = [
            _days_in_order("room_tier_days"),
            ExclusionConstraint(
                name="room_tiers_apart",
                expressions=[
                    ("rank", RangeOperators.EQUAL),
                    days_overlap("valid_from", "valid_until"),
                ],
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def label(self):
        """Return its name in the reader's language."""
        return (get_language() == "en" and self.name_en) or self.name


class RoomCriterion(Dated):
    """One thing a visit looks at; a visit keeps the words it was held to, so a later change rewrites nothing."""

    code = models.SlugField(_("代码"), max_length=20)
    words = models.CharField(_("条件"), max_length=120)
    words_en = models.CharField(_("英文"), max_length=200)
    must = models.BooleanField(_("必备"), default=True, help_text=_("不勾选就是加分条件，决定等级"))

    class Meta:
        verbose_name = pgettext_lazy("one", "妈咪小屋条件")
        verbose_name_plural = pgettext_lazy("many", "妈咪小屋条件")
        ordering = ["-must", "pk"]
        constraints = [
            _days_in_order("room_criterion_days"),
            ExclusionConstraint(
                name="room_criteria_apart",
                expressions=[
                    ("code", RangeOperators.EQUAL),
                    days_overlap("valid_from", "valid_until"),
                ],
            ),
        ]

    def __str__(self):
        return self.words

    @property
    def label(self):
        """Return its words in the reader's language."""
        return (get_language() == "en" and self.words_en) or self.words


class RoomState(models.TextChoices):
    """Where an entry stands."""

    APPLIED = "applied", pgettext_lazy("room", "等待核查")
    LISTED = "listed", pgettext_lazy("room", "已公布")
    REFUSED = "refused", pgettext_lazy("room", "没有通过核查")
    WITHDRAWN = "withdrawn", pgettext_lazy("room", "已撤下")


class RoomQuerySet(models.QuerySet):
    """Questions about rooms."""

    def visible_to(self, user):
        """Keep for staff all of them, one list for all departments; the unit's contact has pages of her own."""
        seen = user.is_staff and user.has_perm("workplaces.view_room")
        return self if seen else self.none()

    def of_contact(self, user):
        """Keep those of the unit this person keeps entries of."""
        if user.unit_id is None or not user.has_perm(KEEP):
            return self.none()
        return self.filter(unit=user.unit_id)

    def shown(self):
        """Keep what everybody may read."""
        return self.filter(state=RoomState.LISTED, place__active=True)

    def applied(self):
        """Keep those that wait for the first visit, or for another after a move."""
        return self.filter(state=RoomState.APPLIED)

    def due(self, day):
        """Keep listed ones whose yearly visit is due within thirty days, or was."""
        return self.filter(state=RoomState.LISTED, checked_on__lte=day - VISIT_HOLDS + SOON)

    def checked_in_time(self, day):
        """Keep listed ones visited within a year."""
        return self.filter(state=RoomState.LISTED, checked_on__gt=day - VISIT_HOLDS)

    def without_tier(self, day):
        """Keep listed ones nobody has visited for a year and sixty days."""
        return self.filter(state=RoomState.LISTED, checked_on__lte=day - VISIT_HOLDS - GRACE)

    def called(self):
        """Keep listed ones that moved, or that two women or more found closed or locked, since the last visit."""
        found = RoomReport.objects.filter(ended_at=None, kind__in=RoomReport.CLOSED)
        found = found.order_by().values("room").annotate(women=Count("by", distinct=True))
        found = found.filter(women__gte=CALLS_A_VISIT).values("room")
        return self.filter(Q(pk__in=found) | Q(moved_on__isnull=False), state=RoomState.LISTED)


class Room(models.Model):
    """One mothers' room of a unit, at its Place: shown once it was visited and met every must."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="rooms", verbose_name=_("单位"))
    place = models.OneToOneField(Place, models.PROTECT, related_name="room", verbose_name=_("场所"))
    name_en = models.CharField(_("英文名称"), max_length=160, blank=True)
    is_public = models.BooleanField(
        _("对外开放"), default=False, help_text=_("不在本单位工作的女士也可以来用")
    )
    who_may = models.CharField(
        _("使用前要做什么"),
        max_length=120,
        blank=True,
        help_text=_("如“前台登记后领钥匙”；不用登记就空着"),
    )
    state = models.CharField(_("状态"), max_length=10, choices=RoomState, default=RoomState.APPLIED)
    tier = models.ForeignKey(
        RoomTier,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("等级"),
    )
    checked_on = models.DateField(_("核查日期"), null=True, blank=True)
    reason = models.CharField(_("说明"), max_length=300, blank=True)
    moved_on = models.DateField(
        _("改地址的日期"),
        null=True,
        blank=True,
        help_text=_("核查之后改过地址的，要再去看一次"),
    )
    applied_at = models.DateTimeField(_("申请时间"))

    objects = RoomQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "爱心妈咪小屋")
        verbose_name_plural = pgettext_lazy("many", "爱心妈咪小屋")
        ordering = ["-pk"]
        permissions = [("keep_room", _("可以维护本单位的妈咪小屋"))]
        indexes = [models.Index(fields=["state", "checked_on"], name="room_by_check")]
        constraints = [
            models.CheckConstraint(
                name="room_listed_after_visit",
                condition=~Q(state="listed") | Q(checked_on__isnull=False, tier__isnull=False),
            )
        ]

    def __str__(self):
        return self.place.name

    def get_absolute_url(self):
        """Return its public page."""
        return reverse("room", args=[self.pk])

    @property
    def label(self):
        """Return its name in the reader's language."""
        return (get_language() == "en" and self.name_en) or self.place.name

    @property
    def names(self):
        """Return its name in both languages, as notices keep it."""
        return {"zh-hans": self.place.name, "en": self.name_en or self.place.name}

    @property
    def due_on(self):
        """Return the day the next visit is due; None before the first."""
        return self.checked_on and self.checked_on + VISIT_HOLDS

    def tier_on(self, day):
        """Return its tier on a day; None where nobody has visited it for a year and sixty days."""
        if self.tier is None or day >= self.due_on + GRACE:
            return None
        return self.tier


class RoomVisit(models.Model):
    """What a visit found, in the words of the criteria as they were; a wrong one is corrected by one that names it."""

    room = models.ForeignKey(
        Room, models.PROTECT, related_name="visits", verbose_name=_("妈咪小屋")
    )
    visited_on = models.DateField(_("核查日期"))
    # [{"code", "words", "words_en", "must", "met"}] of every criterion in force that day.
    answers = models.JSONField(_("逐条结果"))
    tier = models.ForeignKey(
        RoomTier,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("等级"),
    )
    note = models.CharField(_("给单位的话"), max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("核查人"),
    )
    at = models.DateTimeField(_("登记时间"))
    corrects = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="corrected_by",
        verbose_name=_("更正哪一次"),
    )
    reason = models.CharField(_("更正的理由"), max_length=200, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("one", "妈咪小屋核查")
        verbose_name_plural = pgettext_lazy("many", "妈咪小屋核查")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="room_visit_correction_says_why",
                condition=Q(corrects=None, reason="") | (Q(corrects__isnull=False) & ~Q(reason="")),
            )
        ]

    def __str__(self):
        return f"{self.room} {self.visited_on:%Y-%m-%d}"

    @property
    def missing(self):
        """Return the words of the musts it did not meet, in the reader's language."""
        return self._words(lambda one: one["must"] and not one["met"])

    @property
    def met(self):
        """Return the words of what it met."""
        return self._words(lambda one: one["met"])

    def _words(self, fits):
        words = "words_en" if get_language() == "en" else "words"
        return [one[words] for one in self.answers if fits(one)]


class RoomPhoto(KeptFile):
    """A photo of a visit, made anew without where and when; staff alone see it."""

    visit = models.ForeignKey(
        RoomVisit, models.CASCADE, related_name="photos", verbose_name=_("核查")
    )

    class Meta(KeptFile.Meta):
        verbose_name = verbose_name_plural = _("妈咪小屋核查照片")


class RoomPhotoPiece(Piece):
    """A megabyte of a photo."""

    photo = models.ForeignKey(RoomPhoto, models.CASCADE, related_name="pieces", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["photo", "number"], name="room_photo_piece_once")
        ]


class ReportKind(models.TextChoices):
    """What a woman found."""

    CLOSED = "closed", pgettext_lazy("room", "写着开放，去了没有开")
    LOCKED = "locked", pgettext_lazy("room", "锁着，找不到人开门")
    OTHER = "other", pgettext_lazy("room", "别的不对")


class RoomReport(models.Model):
    """What one woman found at a room; nobody but herself reads who she is."""

    CLOSED = (ReportKind.CLOSED, ReportKind.LOCKED)

    room = models.ForeignKey(
        Room, models.CASCADE, related_name="reports", verbose_name=_("妈咪小屋")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="+",
        verbose_name=_("反映人"),
    )
    kind = models.CharField(_("情况"), max_length=8, choices=ReportKind)
    words = models.CharField(
        _("补充一句"), max_length=120, blank=True, help_text=_("不要写人名和电话")
    )
    at = models.DateTimeField(_("反映时间"))
    # Taken back by herself, or answered by the visit that followed.
    ended_at = models.DateTimeField(_("了结时间"), null=True, blank=True)
    answered_by = models.ForeignKey(
        RoomVisit,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="answers_to",
        verbose_name=_("由哪次核查答复"),
    )

    class Meta:
        verbose_name = pgettext_lazy("one", "妈咪小屋的情况反映")
        verbose_name_plural = pgettext_lazy("many", "妈咪小屋的情况反映")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["room", "by"], condition=Q(ended_at=None), name="room_report_once"
            )
        ]
        indexes = [models.Index(fields=["ended_at"], name="room_report_ended")]

    def __str__(self):
        return f"{self.room} {self.get_kind_display()}"
