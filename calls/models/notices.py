"""Public notice (公示): who is to be selected is made known for some working days, and anybody may object."""

from datetime import timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from calls.models.applications import Application
from calls.models.calls import Call, Field
from kernel import days, ids, sweeps
from privacy.fields import EncryptedTextField

LEAST_DAYS, MOST_DAYS = 5, 30
# So long after it ended the names still stand there; later it says that there was a notice, and how many it named.
NAMES_STAY = timedelta(days=30)


class NoticeState(models.TextChoices):
    """Where a public notice stands."""

    DRAFT = "draft", pgettext_lazy("public notice", "草稿")
    RUNNING = "running", pgettext_lazy("public notice", "公示中")
    SUSPENDED = "suspended", pgettext_lazy("public notice", "暂停")
    ENDED = "ended", pgettext_lazy("public notice", "已结束")
    WITHDRAWN = "withdrawn", pgettext_lazy("public notice", "已撤销")


OPEN = (NoticeState.RUNNING, NoticeState.SUSPENDED)
UNFINISHED = (NoticeState.DRAFT, *OPEN)


class PublicNoticeQuerySet(sweeps.SweptQuerySet):
    """Questions about public notices."""

    def visible_to(self, user):
        """Keep, for staff, those of the calls their department leads or takes part in."""
        return self.filter(call__in=Call.objects.visible_to(user).values("pk"))

    def published(self):
        """Keep what anybody may read."""
        return self.exclude(state=NoticeState.DRAFT)

    def to_end(self, at):
        """Keep those whose last day is over and that do not say so yet."""
        return self.filter(state=NoticeState.RUNNING, ends_on__lt=timezone.localdate(at))


class PublicNotice(models.Model):
    """One public notice of a call; a second one, by a higher level for instance, follows the first.

    It runs for `days` working days, the day it begins on not counted (Civil Code, art. 201). `counted_from` and
    `counted_days` are what the end is computed from: the beginning and `days`, or the day it went on after a
    suspension and the days that were left. `ends_on` only moves later.
    """

    code = models.CharField(max_length=12, unique=True, default=ids.code, editable=False)
    call = models.ForeignKey(
        Call,
        models.PROTECT,
        related_name="notices",
        verbose_name=gettext_lazy("申报通知"),
        db_index=False,
    )
    number = models.PositiveSmallIntegerField(gettext_lazy("第几次公示"), editable=False)
    authority = models.CharField(
        gettext_lazy("公示单位"), max_length=60, help_text=gettext_lazy("落款的单位名称")
    )
    text = models.TextField(gettext_lazy("公示正文"), max_length=2000)
    masked = models.BooleanField(
        gettext_lazy("隐去姓名中间的字"),
        default=False,
        help_text=gettext_lazy("如“王*敏”；同名的人请同时公示单位"),
    )
    shows_unit = models.BooleanField(gettext_lazy("公示单位名称"), default=True)
    fields = models.ManyToManyField(
        Field,
        blank=True,
        related_name="+",
        verbose_name=gettext_lazy("同时公示的申报内容"),
        help_text=gettext_lazy("只有勾选的内容会公开；开始公示时照录，之后不再变动"),
    )
    contact = models.CharField(
        gettext_lazy("受理异议的电话和地址"),
        max_length=120,
        help_text=gettext_lazy("公示期间要有人接听"),
    )
    days = models.PositiveSmallIntegerField(
        gettext_lazy("公示几个工作日"),
        default=LEAST_DAYS,
        validators=[MinValueValidator(LEAST_DAYS), MaxValueValidator(MOST_DAYS)],
        help_text=gettext_lazy("5 到 30 个工作日；开始当天不算，节假日和调休按国家安排计算"),
    )
    state = models.CharField(
        gettext_lazy("状态"), max_length=10, choices=NoticeState, default=NoticeState.DRAFT
    )
    started_at = models.DateTimeField(gettext_lazy("开始公示"), null=True, blank=True)
    counted_from = models.DateField(null=True, editable=False)
    counted_days = models.PositiveSmallIntegerField(null=True, editable=False)
    ends_on = models.DateField(gettext_lazy("公示到哪天"), null=True, blank=True)
    ended_at = models.DateTimeField(gettext_lazy("结束时间"), null=True, blank=True)
    # Why it is suspended or withdrawn; readers are told.
    reason = models.CharField(gettext_lazy("原因"), max_length=200, blank=True)
    sweep_failures = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = PublicNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("公示")
        verbose_name_plural = pgettext_lazy("many", "公示")
        ordering = ["-id"]
        permissions = [("run_publicnotice", gettext_lazy("可以开始、暂停、撤销公示"))]
        constraints = [
            models.UniqueConstraint(fields=["call", "number"], name="notice_number_once"),
            models.UniqueConstraint(
                fields=["call"],
                condition=Q(state__in=("draft", "running", "suspended")),
                name="notice_one_unfinished",
            ),
            models.CheckConstraint(
                name="notice_days_sane", condition=Q(days__gte=LEAST_DAYS, days__lte=MOST_DAYS)
            ),
            models.CheckConstraint(
                name="notice_begun_has_days",
                condition=Q(state="draft")
                | Q(
                    started_at__isnull=False,
                    counted_from__isnull=False,
                    counted_days__isnull=False,
                    ends_on__gte=F("counted_from"),
                ),
            ),
            models.CheckConstraint(
                name="notice_stopped_has_reason",
                condition=~Q(state__in=("suspended", "withdrawn")) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="notice_ended_has_time",
                condition=~Q(state="ended") | Q(ended_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "ends_on"], name="notice_to_end"),
        ]

    audit_code = "code"

    def __str__(self):
        return self.label

    def get_absolute_url(self):
        """Return its public page."""
        return reverse("public_notice", args=[self.code])

    @property
    def label(self):
        """Return its heading: of which call, and the how-manyth it is."""
        words = {"title": self.call.label, "number": self.number}
        if self.number == 1:
            return _("《%(title)s》拟入选名单公示") % words
        return _("《%(title)s》拟入选名单公示（第 %(number)s 次）") % words

    @property
    def is_draft(self):
        """Tell whether it is being written."""
        return self.state == NoticeState.DRAFT

    @property
    def is_open(self):
        """Tell whether it runs, or waits to go on."""
        return self.state in OPEN

    def takes_objections(self, at):
        """Tell whether somebody may object at a moment: until the last day is over, whatever the clock has noted."""
        return self.state == NoticeState.SUSPENDED or (
            self.state == NoticeState.RUNNING and timezone.localdate(at) <= self.ends_on
        )

    def shows_names(self, at):
        """Tell whether its names stand on its page at a moment."""
        return self.is_open or (self.state == NoticeState.ENDED and at < self.ended_at + NAMES_STAY)

    @property
    def names_stay_until(self):
        """Return the last date on which an ended notice shows its names, None before it ended."""
        return self.ended_at and timezone.localdate(self.ended_at + NAMES_STAY - days.DAY)


class NoticeEntry(models.Model):
    """One line of a public notice, as it was made known: a trigger lets it change only to nothing.

    It is struck out when an objection to it was upheld, or when she takes her application back.
    """

    notice = models.ForeignKey(PublicNotice, models.CASCADE, related_name="entries", db_index=False)
    application = models.ForeignKey(Application, models.PROTECT, related_name="entries")
    order = models.PositiveIntegerField()
    name = models.CharField(gettext_lazy("姓名"), max_length=120)
    unit = models.CharField(gettext_lazy("单位"), max_length=200, blank=True)
    lines = models.JSONField(gettext_lazy("公示内容"), default=list)
    struck_at = models.DateTimeField(gettext_lazy("撤出公示"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = gettext_lazy("公示名单")
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["notice", "order"], name="entry_order_once"),
            models.UniqueConstraint(fields=["notice", "application"], name="entry_once"),
        ]

    def __str__(self):
        return f"{self.name} {self.unit}".strip()


class ObjectionState(models.TextChoices):
    """What became of an objection."""

    OPEN = "open", pgettext_lazy("objection", "待处理")
    UPHELD = "upheld", pgettext_lazy("objection", "成立")
    DISMISSED = "dismissed", pgettext_lazy("objection", "不成立")


class ObjectionQuerySet(models.QuerySet):
    """Questions about objections."""

    def visible_to(self, user):
        """Keep, for staff, those about notices of the calls their department leads: what is in them is delicate."""
        if not user.is_staff or not user.has_perm("calls.view_objection"):
            return self.none()
        if user.sees_all_departments:
            return self
        return self.filter(notice__call__department=user.department_id)

    def waiting(self):
        """Keep what nobody has decided, the longest waiting first."""
        return self.filter(state=ObjectionState.OPEN).order_by("received_at", "pk")


class Objection(models.Model):
    """That somebody objects to a public notice, by name or without; what she wrote is encrypted.

    Whoever holds its code reads what became of it: so it can be told to somebody who gave no name.
    """

    code = models.CharField(
        gettext_lazy("编号"), max_length=16, unique=True, default=ids.code, editable=False
    )
    key = models.CharField(max_length=40, editable=False)
    notice = models.ForeignKey(
        PublicNotice,
        models.PROTECT,
        related_name="objections",
        verbose_name=gettext_lazy("公示"),
        db_index=False,
    )
    entry = models.ForeignKey(
        NoticeEntry,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="objections",
        verbose_name=gettext_lazy("针对谁"),
    )
    name = EncryptedTextField(gettext_lazy("姓名"), null=True, blank=True)
    contact = EncryptedTextField(gettext_lazy("联系方式"), null=True, blank=True)
    text = EncryptedTextField(gettext_lazy("异议内容"), null=True)
    anonymous = models.BooleanField(gettext_lazy("匿名"), default=False)
    received_at = models.DateTimeField(gettext_lazy("收到时间"))
    state = models.CharField(
        gettext_lazy("处理结果"), max_length=10, choices=ObjectionState, default=ObjectionState.OPEN
    )
    answer = models.CharField(gettext_lazy("答复"), max_length=500, blank=True)
    decided_at = models.DateTimeField(gettext_lazy("处理时间"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=gettext_lazy("处理人"),
    )

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = gettext_lazy("异议")
        ordering = ["-id"]
        permissions = [("decide_objection", gettext_lazy("可以处理异议"))]
        constraints = [
            models.UniqueConstraint(fields=["notice", "key"], name="objection_sent_once"),
            models.CheckConstraint(
                name="objection_decided_has_answer",
                condition=Q(state="open") | (Q(decided_at__isnull=False) & ~Q(answer="")),
            ),
        ]
        indexes = [models.Index(fields=["state", "received_at"], name="objection_waiting")]

    audit_code = "code"

    def __str__(self):
        return self.code
