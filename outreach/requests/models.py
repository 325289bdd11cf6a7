"""The white list of the year, what a school asks for, and who was asked. No pupil and no teacher is in any of it: counts only."""

from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Unit
from kernel import ids
from kernel.sweeps import SweptQuerySet
from outreach.volunteers.models import Area, Stage, VisitTopic
from talents.models import Talent

__all__ = [
    "MOST_CLASSES",
    "STANDING",
    "CampusEntry",
    "InvitationState",
    "PriorityVenue",
    "RequestState",
    "SchoolRequest",
    "VenueKind",
    "VisitInvitation",
]

MOST_CLASSES = 2  # of one school in a term
MOST_PUPILS = 600
ASK = "outreach.ask_visit"  # the contact of a unit asks for it
UNMET_AFTER = timedelta(days=14)
REMIND_BEFORE = timedelta(days=2)


class VenueKind(models.TextChoices):
    """Where children and their parents meet a scientist."""

    SCHOOL = "school", _("学校")
    CIVILISATION = "civilisation", _("新时代文明实践中心")
    WOMENS_HOME = "womens_home", _("妇女之家")
    CHILDRENS_HOME = "childrens_home", _("儿童之家")


class CampusEntry(models.Model):
    """One activity that may go into schools in a school year, as its document says (校园活动白名单)."""

    year = models.PositiveSmallIntegerField(_("学年（开始的年份）"))
    activity = models.CharField(_("活动"), max_length=80)
    document = models.CharField(_("文号"), max_length=60)
    cap = models.PositiveSmallIntegerField(
        _("每校每学年最多几次"), validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("登记人"),
    )
    entered_at = models.DateTimeField(_("登记时间"))
    ended_on = models.DateField(_("停用日期"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("校园活动白名单")
        ordering = ["-year", "activity"]
        constraints = [
            models.UniqueConstraint(fields=["year", "activity"], name="campus_entry_once"),
            models.CheckConstraint(name="campus_entry_cap", condition=Q(cap__gte=1)),
        ]

    def __str__(self):
        return f"{self.activity}（{self.document}）"


class PriorityVenue(models.Model):
    """A unit that comes first in a school year, as its document says."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("单位"))
    year = models.PositiveSmallIntegerField(_("学年（开始的年份）"))
    document = models.CharField(_("文号"), max_length=60)

    class Meta:
        verbose_name = verbose_name_plural = _("优先学校")
        constraints = [models.UniqueConstraint(fields=["unit", "year"], name="priority_venue_once")]

    def __str__(self):
        return str(self.unit)


class RequestState(models.TextChoices):
    """Where a request stands."""

    DRAFT = "draft", pgettext_lazy("visit", "填写中")
    SENT = "sent", pgettext_lazy("visit", "正在找人")
    ARRANGED = "arranged", pgettext_lazy("visit", "已安排")
    HELD = "held", pgettext_lazy("visit", "已进行")
    MISSED = "missed", pgettext_lazy("visit", "没有进行")
    CANCELLED = "cancelled", pgettext_lazy("visit", "已取消")
    UNMET = "unmet", pgettext_lazy("visit", "没找到人")


STANDING = ("sent", "arranged", "held", "missed")


class SchoolRequestQuerySet(SweptQuerySet):
    """Questions about requests."""

    def visible_to(self, user):
        """Keep for staff who look after outreach what was sent; a school has pages of its own."""
        seen = user.is_staff and user.has_perm("outreach.view_schoolrequest")
        return self.exclude(state=RequestState.DRAFT) if seen else self.none()

    def of_contact(self, user):
        """Keep those of the unit this person asks for."""
        if user.unit_id is None or not user.has_perm(ASK):
            return self.none()
        return self.filter(unit=user.unit_id)

    def to_ask(self):
        """Keep those for which volunteers may still be asked, in turn."""
        return self.sent().in_turn()

    def to_tell_unmet(self, now):
        """Keep those for which nobody was found in fourteen days, and whose school was not told."""
        return self.sent().filter(sent_at__lte=now - UNMET_AFTER, told_unmet_at=None)

    def to_end(self, today):
        """Keep those whose last day has come with nobody found."""
        last_has_come = Q(days__2__lte=today) | Q(days__len=2, days__1__lte=today)
        return self.sent().filter(last_has_come)

    def to_remind(self, today):
        """Keep arranged ones within two days whose people were not reminded."""
        soon = (today, today + REMIND_BEFORE)
        return self.filter(state=RequestState.ARRANGED, day__range=soon, reminded_at=None)

    def arranged(self):
        """Keep those somebody will come for."""
        return self.filter(state=RequestState.ARRANGED)

    def sent(self):
        """Keep those somebody is looked for."""
        return self.filter(state=RequestState.SENT)

    def in_turn(self):
        """Order: who comes first by the year's list, then who did not cancel late, then who waits longest."""
        return self.order_by("-priority", "cancelled_late_before", "sent_at", "pk")

    def locked(self, request):
        """Return `request` as it stands now, its row locked until the transaction ends."""
        rows = self.select_for_update(of=("self",)).select_related("unit", "entry")
        return rows.get(pk=request.pk)


class SchoolRequest(models.Model):
    """What a school asks for: kept as typed until it is sent. Girls and boys are numbers."""

    code = models.CharField(max_length=12, unique=True, default=ids.code, editable=False)
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="school_requests", verbose_name=_("单位"), db_index=False
    )
    venue = models.CharField(
        _("场所类型"), max_length=16, choices=VenueKind, default=VenueKind.SCHOOL
    )
    topic = models.CharField(_("想要的内容"), max_length=12, choices=VisitTopic, blank=True)
    stage = models.CharField(_("学段"), max_length=12, choices=Stage, blank=True)
    area = models.CharField(_("所在片区"), max_length=14, choices=Area, blank=True)
    classes = models.PositiveSmallIntegerField(_("班级数"), default=1)
    girls = models.PositiveSmallIntegerField(_("女生人数"), default=0)
    boys = models.PositiveSmallIntegerField(_("男生人数"), default=0)
    days = ArrayField(
        models.DateField(), size=3, default=list, blank=True, verbose_name=_("可以的日期")
    )
    begins = models.TimeField(_("开始时间"), null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(_("时长（分钟）"), default=45)
    teacher_present = models.BooleanField(_("有老师在场"), default=False)
    entry = models.ForeignKey(
        CampusEntry,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="requests",
        verbose_name=_("白名单活动"),
    )
    priority = models.BooleanField(_("优先"), default=False)
    cancelled_late_before = models.BooleanField(_("此前临时取消过"), default=False)
    state = models.CharField(
        _("状态"), max_length=10, choices=RequestState, default=RequestState.DRAFT
    )
    day = models.DateField(_("定下的日期"), null=True, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("填写人"),
    )
    saved_at = models.DateTimeField(_("最近修改"))
    sent_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    # What the teacher attests: hours without travel, and how many came.
    half_hours = models.PositiveSmallIntegerField(
        _("时长（半小时）"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    girls_came = models.PositiveSmallIntegerField(_("到场女生"), null=True, blank=True)
    boys_came = models.PositiveSmallIntegerField(_("到场男生"), null=True, blank=True)
    attested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("证明人"),
    )
    attested_at = models.DateTimeField(_("证明时间"), null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, editable=False)
    told_unmet_at = models.DateTimeField(null=True, editable=False)
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    cancelled_late = models.BooleanField(_("临时取消"), default=False)
    sweep_failures = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = SchoolRequestQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "学校申请")
        verbose_name_plural = pgettext_lazy("many", "学校申请")
        ordering = ["-id"]
        permissions = [("ask_visit", _("可以为本单位申请志愿者"))]
        constraints = [
            models.CheckConstraint(
                name="visit_sent_is_whole",
                condition=Q(state__in=("draft", "cancelled"))
                | (
                    ~Q(topic="")
                    & ~Q(stage="")
                    & ~Q(area="")
                    & Q(
                        days__len__gte=1,
                        begins__isnull=False,
                        teacher_present=True,
                        entry__isnull=False,
                        sent_at__isnull=False,
                    )
                ),
            ),
            models.CheckConstraint(
                name="visit_attested_once_held",
                condition=Q(state="held", half_hours__isnull=False, attested_at__isnull=False)
                | (~Q(state="held") & Q(half_hours=None, attested_at=None)),
            ),
            models.CheckConstraint(
                name="visit_numbers",
                condition=Q(classes__gte=1, girls__lte=MOST_PUPILS, boys__lte=MOST_PUPILS),
            ),
            models.CheckConstraint(
                name="visit_day_once_arranged",
                condition=Q(state__in=("arranged", "held", "missed"), day__isnull=False)
                | Q(state__in=("draft", "sent", "unmet", "cancelled")),
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "-id"], name="visit_unit"),
            models.Index(
                F("priority").desc(),
                "cancelled_late_before",
                "sent_at",
                "id",
                name="visit_in_turn",
                condition=Q(state="sent"),
            ),
        ]

    def __str__(self):
        return f"{self.unit} · {self.get_topic_display()}"


class InvitationState(models.TextChoices):
    """Where an invitation to a volunteer stands."""

    ASKED = "asked", pgettext_lazy("visit invitation", "等您答复")
    ACCEPTED = "accepted", pgettext_lazy("visit invitation", "答应了")
    DECLINED = "declined", pgettext_lazy("visit invitation", "不便")
    LAPSED = "lapsed", pgettext_lazy("visit invitation", "过期")
    TAKEN = "taken", pgettext_lazy("visit invitation", "已有人去")
    WITHDRAWN = "withdrawn", pgettext_lazy("visit invitation", "取消了")


class VisitInvitationQuerySet(SweptQuerySet):
    """Questions about invitations."""

    def of_woman(self, user):
        """Keep what this woman was asked."""
        return self.filter(talent__user=user) if user.is_authenticated else self.none()

    def open(self):
        """Keep those that wait for an answer."""
        return self.filter(state=InvitationState.ASKED)

    def to_lapse(self, now):
        """Keep those whose time to answer is over."""
        return self.open().filter(answer_by__lt=now)


class VisitInvitation(models.Model):
    """One volunteer asked for one request. Several are asked at once; one has the place (UNIQUE)."""

    request = models.ForeignKey(
        SchoolRequest, models.PROTECT, related_name="invitations", verbose_name=_("申请")
    )
    talent = models.ForeignKey(
        Talent,
        models.PROTECT,
        related_name="visit_invitations",
        verbose_name=_("志愿者"),
        db_index=False,
    )
    state = models.CharField(
        _("状态"), max_length=10, choices=InvitationState, default=InvitationState.ASKED
    )
    asked_at = models.DateTimeField(_("邀请时间"))
    answer_by = models.DateTimeField(_("答复期限"))
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    sweep_failures = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = VisitInvitationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("上门邀请")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["request", "talent"], name="visit_asked_once"),
            models.UniqueConstraint(
                fields=["request"], condition=Q(state="accepted"), name="visit_has_one"
            ),
            models.CheckConstraint(
                name="visit_answered_at",
                condition=Q(state="asked", answered_at=None)
                | (~Q(state="asked") & Q(answered_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(fields=["talent", "-id"], name="visit_hers"),
            models.Index(fields=["answer_by"], name="visit_due", condition=Q(state="asked")),
        ]

    def __str__(self):
        return str(self.pk)
