"""The bases measure 4 names, what they offer, and what women ask them for."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, Unit
from kernel import ids
from kernel.sweeps import SweptQuerySet
from privacy.fields import EncryptedTextField
from talents.models import Talent

LAPSES_AFTER = timedelta(days=180)
SOON = timedelta(days=30)


class BaseKind(models.TextChoices):
    """The six kinds of the policy (measure 4)."""

    DEMONSTRATION = "demonstration_zone", _("国家自主创新示范区")
    DUAL = "dual_base", _("国家双创示范基地")
    OFFSHORE = "offshore_base", _("国家海外人才离岸创新创业基地")
    RETURNEE = "returnee_park", _("留创园")
    POSTDOCTORAL = "postdoc_park", _("博创园")
    ASSOCIATION = "returned_scholars", _("欧美同学会")


class BaseQuerySet(models.QuerySet):
    """Questions about bases."""

    def visible_to(self, user):
        """Keep for staff all of them, one list for all departments; others read the public page."""
        if user.is_staff and user.has_perm("entrepreneurship.view_base"):
            return self
        return self.none()

    def shown(self):
        """Keep those the public page names."""
        return self.filter(is_open=True)


class Base(models.Model):
    """One base. `unit` runs it; `owner` answers what women ask for: a member of staff, or the unit's contact."""

    kind = models.CharField(_("类别"), max_length=20, choices=BaseKind)
    name = models.CharField(_("名称"), max_length=80, unique=True)
    name_en = models.CharField(_("英文名称"), max_length=160, blank=True)
    summary = models.CharField(_("简介"), max_length=300, blank=True)
    summary_en = models.CharField(_("英文简介"), max_length=600, blank=True)
    address = models.CharField(_("地址"), max_length=120, blank=True)
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", verbose_name=_("主管部门")
    )
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="bases",
        verbose_name=_("运营单位"),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("受理人"),
    )
    is_open = models.BooleanField(_("对外公布"), default=True)
    created_at = models.DateTimeField(_("登记时间"))

    objects = BaseQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "创新创业基地")
        verbose_name_plural = pgettext_lazy("many", "创新创业基地")
        ordering = ["kind", "name"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        """Return its page."""
        return reverse("base", args=[self.pk])

    @property
    def label(self):
        """Return its name in the reader's language."""
        return (get_language() == "en" and self.name_en) or self.name

    @property
    def words(self):
        """Return what it is in the reader's language."""
        return (get_language() == "en" and self.summary_en) or self.summary


class BaseServiceQuerySet(models.QuerySet):
    """Questions about services."""

    def offered(self, day):
        """Keep those shown on a day: not ended, of a base that is shown, verified within 180 days. No job is waited for."""
        return self.filter(ended_at=None, base__is_open=True, verified_on__gt=day - LAPSES_AFTER)

    def standing(self):
        """Keep those that were not ended."""
        return self.filter(ended_at=None)

    def to_verify(self, day):
        """Keep those that vanish within thirty days, or have vanished."""
        return self.standing().filter(verified_on__lte=day - LAPSES_AFTER + SOON)

    def visible_to(self, user):
        """Keep for staff all of them."""
        if user.is_staff and user.has_perm("entrepreneurship.view_baseservice"):
            return self
        return self.none()


class BaseService(models.Model):
    """What a base does for women: for whom, at what cost, whom to ask; shown while somebody verified it lately."""

    base = models.ForeignKey(
        Base, models.PROTECT, related_name="services", verbose_name=_("创新创业基地")
    )
    title = models.CharField(_("服务"), max_length=60)
    title_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    for_whom = models.CharField(_("适合谁"), max_length=120)
    cost = models.CharField(
        _("费用"), max_length=60, help_text=_("如“免费”“第一年免租，之后每平方米 20 元”")
    )
    contact = models.CharField(
        _("公开的联系方式"), max_length=120, help_text=_("会写在公开页面上，不要写个人手机号")
    )
    verified_on = models.DateField(_("核实日期"))
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("核实人"),
        db_index=False,
    )
    ended_at = models.DateTimeField(_("停止时间"), null=True, blank=True)

    objects = BaseServiceQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "基地服务")
        verbose_name_plural = pgettext_lazy("many", "基地服务")
        ordering = ["base", "title"]
        constraints = [
            models.UniqueConstraint(
                fields=["base", "title"], condition=Q(ended_at=None), name="base_service_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["verified_on"], name="base_service_verified", condition=Q(ended_at=None)
            )
        ]

    def __str__(self):
        return f"{self.base} · {self.title}"

    @property
    def label(self):
        """Return its name in the reader's language."""
        return (get_language() == "en" and self.title_en) or self.title

    @property
    def lapses_on(self):
        """Return the first day it is not shown any more."""
        return self.verified_on + LAPSES_AFTER


class BaseRequestState(models.TextChoices):
    """How far a request is."""

    OPEN = "open", pgettext_lazy("base request", "等待答复")
    ANSWERED = "answered", pgettext_lazy("base request", "已答复")
    DECLINED = "declined", pgettext_lazy("base request", "没能办理")
    WITHDRAWN = "withdrawn", pgettext_lazy("base request", "已撤回")


class DeclineReason(models.TextChoices):
    """Why a base cannot do it."""

    FULL = "full", _("名额或场地已满")
    NOT_FOR_HER = "not_for_her", _("不符合服务的条件")
    ENDED = "ended", _("服务已经停止")
    ELSEWHERE = "elsewhere", _("应由别的单位办理")


class Helped(models.TextChoices):
    """What she says of it afterwards."""

    YES = "yes", _("帮上了")
    PARTLY = "partly", _("帮上一部分")
    NO = "no", _("没帮上")


class BaseRequestQuerySet(SweptQuerySet):
    """Questions about requests."""

    def visible_to(self, user):
        """Keep her own; for staff, those of the bases their department is in charge of."""
        if not user.is_staff or not user.has_perm("entrepreneurship.view_baserequest"):
            return self.of_woman(user)
        if user.sees_all_departments:
            return self
        return self.filter(base__department=user.department_id)

    def of_woman(self, user):
        """Keep hers."""
        return self.filter(talent__user=user.pk)

    def of_owner(self, user):
        """Keep those `user` answers: she owns them, or is the contact of the unit that runs the base."""
        mine = Q(owner=user.pk)
        if user.unit_id and user.has_perm("entrepreneurship.answer_for_unit"):
            mine |= Q(base__unit=user.unit_id)
        return self.filter(mine)

    def open(self):
        """Keep those that wait."""
        return self.filter(state=BaseRequestState.OPEN)

    def to_remind(self, day):
        """Keep those due tomorrow or today whose owner was not reminded."""
        return self.open().filter(due_on__lte=day + timedelta(days=1), reminded_at=None)

    def overdue(self, day):
        """Keep those that wait past their day."""
        return self.open().filter(due_on__lt=day)

    def to_escalate(self, day):
        """Keep those past their day of which the department's lead was not told."""
        return self.overdue(day).filter(escalated_at=None)


class BaseRequest(models.Model):
    """That a woman asks a base for a service: answered or declined by its owner within five working days."""

    code = models.CharField(_("编号"), max_length=12, unique=True, default=ids.code, editable=False)
    base = models.ForeignKey(
        Base,
        models.PROTECT,
        related_name="requests",
        verbose_name=_("创新创业基地"),
        db_index=False,
    )
    service = models.ForeignKey(
        BaseService,
        models.PROTECT,
        related_name="requests",
        verbose_name=_("服务"),
        db_index=False,
    )
    talent = models.ForeignKey(
        Talent, models.PROTECT, related_name="base_requests", verbose_name=_("女性科技人才")
    )
    venture = models.ForeignKey(
        "entrepreneurship.Venture",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="base_requests",
        verbose_name=_("创业项目"),
        db_index=False,
    )
    # What the base reads of her: gone with her, and a year after it ended.
    words = EncryptedTextField(_("想请基地做什么"), null=True)
    contact = EncryptedTextField(_("怎样联系您"), null=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("受理人"),
    )
    state = models.CharField(
        _("状态"), max_length=10, choices=BaseRequestState, default=BaseRequestState.OPEN
    )
    asked_at = models.DateTimeField(_("提交时间"))
    counted_from = models.DateField(_("起算日期"))
    due_on = models.DateField(_("答复期限"))
    reminded_at = models.DateTimeField(_("提醒时间"), null=True, blank=True)
    escalated_at = models.DateTimeField(_("上报时间"), null=True, blank=True)
    answer = EncryptedTextField(_("答复"), null=True)
    decline_reason = models.CharField(
        _("没能办理的原因"), max_length=12, choices=DeclineReason, blank=True
    )
    ended_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    reopened_at = models.DateTimeField(_("重新提出的时间"), null=True, blank=True)
    helped = models.CharField(_("帮上了吗"), max_length=6, choices=Helped, blank=True)
    helped_words = EncryptedTextField(_("她的话"), null=True)
    helped_at = models.DateTimeField(_("反馈时间"), null=True, blank=True)
    sweep_failures = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = BaseRequestQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "基地服务申请")
        verbose_name_plural = pgettext_lazy("many", "基地服务申请")
        ordering = ["-id"]
        permissions = [
            ("answer_for_unit", _("可以代表单位答复基地服务申请")),
            ("lead_baserequest", _("收到基地服务申请超期的上报")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["service", "talent"],
                condition=Q(state="open"),
                name="base_request_one_open",
            ),
            models.CheckConstraint(
                name="base_request_declined_why",
                condition=Q(state="declined") & ~Q(decline_reason="")
                | ~Q(state="declined") & Q(decline_reason=""),
            ),
            models.CheckConstraint(
                name="base_request_ended",
                condition=Q(state="open", ended_at=None)
                | ~Q(state="open") & Q(ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="base_request_helped_when_answered",
                condition=Q(helped="") | Q(state="answered"),
            ),
        ]
        indexes = [
            models.Index(fields=["base", "-id"], name="base_request_of_base"),
            models.Index(fields=["due_on"], name="base_request_due", condition=Q(state="open")),
        ]

    audit_code = "code"

    def __str__(self):
        return self.code

    def get_absolute_url(self):
        """Return where she reads it."""
        return reverse("base_request", args=[self.code])

    @property
    def words_for_base(self):
        """Return what the base reads of what she wants: nothing once she took it back."""
        return "" if self.state == BaseRequestState.WITHDRAWN else self.words or ""

    @property
    def contact_for_base(self):
        """Return what the base reads of how to reach her: nothing once she took it back."""
        return "" if self.state == BaseRequestState.WITHDRAWN else self.contact or ""

    def is_overdue(self, day):
        """Tell whether its day is over and nobody answered."""
        return self.state == BaseRequestState.OPEN and self.due_on < day
