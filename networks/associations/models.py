"""Associations, the yearly checks of registered societies, and changes they have to file."""

from datetime import date, timedelta

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, Unit
from kernel import ids
from kernel.sweeps import SweptQuerySet
from talents.codes import Discipline

SILENT_AFTER = timedelta(days=180)


class LegalForm(models.TextChoices):
    """What an association is by law; it decides what is checked (rules.why_not_form)."""

    SOCIETY = "society", _("登记的社会团体")
    FEDERATION = "federation", _("行业妇联")
    FELLOWSHIP = "fellowship", _("联谊会")


class AssociationQuerySet(SweptQuerySet):
    """Questions about associations."""

    def visible_to(self, user):
        """Keep for staff all of them, one list for all departments; others read the public page."""
        return self if user.is_staff and user.has_perm("networks.view_association") else self.none()

    def kept_by(self, user):
        """Keep those the department of a member of staff looks after; all for who sees all departments."""
        return self if user.sees_all_departments else self.filter(department=user.department_id)

    def standing(self):
        """Keep those that were not dissolved."""
        return self.filter(dissolved_on=None)

    def shown(self):
        """Keep those with a public page."""
        return self.standing().filter(is_open=True)


class Association(models.Model):
    """One of the policy's associations, or a mixed society in which women's share is followed.

    `department` looks after it, `unit` (an accounts.Unit) is what its own programs and contacts act for.
    """

    code = models.CharField(_("编号"), max_length=12, unique=True, default=ids.code, editable=False)
    name = models.CharField(_("名称"), max_length=80, unique=True)
    name_en = models.CharField(_("英文名称"), max_length=160, blank=True)
    legal_form = models.CharField(_("组织形式"), max_length=12, choices=LegalForm)
    is_mixed = models.BooleanField(
        _("男女会员都有"),
        default=False,
        help_text=_("学会、协会、研究会等，关注其中女性的比例"),
    )
    uscc = models.CharField(  # noqa: DJ001
        _("统一社会信用代码"),
        max_length=18,
        null=True,
        blank=True,
        help_text=_("登记的社会团体填，51 开头；行业妇联和联谊会没有"),
    )
    supervisor = models.CharField(
        _("主管单位"),
        max_length=80,
        help_text=_("社会团体填业务主管单位，行业妇联填上级妇联，联谊会填依托单位"),
    )
    document = models.CharField(
        _("批准成立的文件"), max_length=120, blank=True, help_text=_("行业妇联必填，写名称和文号")
    )
    founded_on = models.DateField(_("成立日期"))
    term_years = models.PositiveSmallIntegerField(
        _("每届任期"), choices=[(4, _("四年")), (5, _("五年"))], help_text=_("按章程填写")
    )
    summary = models.CharField(_("简介"), max_length=300, blank=True)
    summary_en = models.CharField(_("英文简介"), max_length=600, blank=True)
    disciplines = ArrayField(
        models.CharField(max_length=4, choices=Discipline),
        default=list,
        blank=True,
        verbose_name=_("涉及学科"),
        help_text=_("按学科找可以任职的女性；不选则不限"),
    )
    address = models.CharField(_("地址"), max_length=120, blank=True)
    contact = models.CharField(
        _("公开的联系方式"),
        max_length=120,
        blank=True,
        help_text=_("会写在公开页面上，不要写个人手机号"),
    )
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", verbose_name=_("联系部门")
    )
    unit = models.OneToOneField(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="association",
        verbose_name=_("对应的单位"),
        help_text=_("用接口读取会员和任职名单的单位"),
    )
    takes_members = models.BooleanField(_("网上接受入会申请"), default=False)
    member_months = models.PositiveSmallIntegerField(
        _("会籍多久一续"),
        default=12,
        validators=[MinValueValidator(6), MaxValueValidator(60)],
        help_text=_("几个月，6 到 60"),
    )
    is_open = models.BooleanField(_("对外公布"), default=True)
    dissolved_on = models.DateField(_("注销或撤销日期"), null=True, blank=True, editable=False)
    dissolve_reason = models.CharField(_("原因"), max_length=200, blank=True, editable=False)
    # When it was last asked why nothing was heard of it for 180 days.
    silence_asked_at = models.DateTimeField(_("询问活动情况"), null=True, editable=False)
    created_at = models.DateTimeField(_("登记时间"))
    sweep_failures = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = AssociationQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "协会")
        verbose_name_plural = pgettext_lazy("many", "协会")
        ordering = ["name"]
        permissions = [("lead_association", _("收到协会换届超期的上报"))]
        constraints = [
            models.UniqueConstraint(fields=["uscc"], name="association_uscc_once"),
            models.CheckConstraint(
                name="association_code_by_form",
                condition=Q(
                    legal_form="society", uscc__isnull=False, uscc__regex=r"^51[0-9A-Z]{16}$"
                )
                | ~Q(legal_form="society") & Q(uscc=None),
            ),
            models.CheckConstraint(
                name="association_papers_by_form",
                condition=~Q(supervisor="") & (~Q(legal_form="federation") | ~Q(document="")),
            ),
            models.CheckConstraint(name="association_term", condition=Q(term_years__in=(4, 5))),
            models.CheckConstraint(
                name="association_member_months", condition=Q(member_months__range=(6, 60))
            ),
            models.CheckConstraint(
                name="association_dissolved_why",
                condition=Q(dissolved_on=None, dissolve_reason="")
                | Q(dissolved_on__isnull=False) & ~Q(dissolve_reason=""),
            ),
        ]

    audit_code = "code"

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        """Return its public page."""
        return reverse("association", args=[self.code])

    @property
    def label(self):
        """Return its name in the reader's language."""
        return (get_language() == "en" and self.name_en) or self.name

    @property
    def words(self):
        """Return what it is in the reader's language."""
        return (get_language() == "en" and self.summary_en) or self.summary

    @property
    def is_registered(self):
        """Tell whether it is a registered society: it is checked each year and files its changes."""
        return self.legal_form == LegalForm.SOCIETY


class CheckResult(models.TextChoices):
    """How a yearly check came out."""

    PASSED = "passed", _("合格")
    PARTLY = "partly", _("基本合格")
    FAILED = "failed", _("不合格")


class YearlyCheckQuerySet(models.QuerySet):
    """Questions about yearly checks."""

    def visible_to(self, user):
        """Keep for staff all of them: the result is published by the registration office."""
        return self if user.is_staff and user.has_perm("networks.view_yearlycheck") else self.none()


class YearlyCheck(models.Model):
    """The check of one year of a registered society, as the registration office's decision says."""

    association = models.ForeignKey(
        Association,
        models.PROTECT,
        related_name="yearly_checks",
        verbose_name=_("协会"),
        db_index=False,
    )
    year = models.PositiveSmallIntegerField(_("哪一年的年检"))
    result = models.CharField(_("结果"), max_length=8, choices=CheckResult)
    checked_on = models.DateField(_("结论日期"))
    document = models.CharField(_("依据"), max_length=120, help_text=_("通知的名称和文号"))

    objects = YearlyCheckQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("年检")
        ordering = ["-year", "association"]
        constraints = [
            models.UniqueConstraint(fields=["association", "year"], name="yearly_check_once"),
            models.CheckConstraint(name="yearly_check_document", condition=~Q(document="")),
        ]

    def __str__(self):
        return f"{self.association.name} · {self.year}"


def check_due_on(year):
    """Return the day by which the check of a year has to be through: 31 May of the next."""
    return date(year + 1, 5, 31)


class FilingKind(models.TextChoices):
    """What of a registered society's record changed."""

    NAME = "name", _("名称")
    ADDRESS = "address", _("住所")
    SCOPE = "scope", _("业务范围")
    REPRESENTATIVE = "legal_person", _("法定代表人")
    SUPERVISOR = "supervisor", _("业务主管单位")
    LEADERS = "leaders", _("负责人")
    CHARTER = "charter", _("章程")


class FilingQuerySet(models.QuerySet):
    """Questions about filings."""

    def visible_to(self, user):
        """Keep for staff all of them."""
        return self if user.is_staff and user.has_perm("networks.view_filing") else self.none()

    def waiting(self):
        """Keep what was not filed."""
        return self.filter(filed_on=None, association__dissolved_on=None)

    def overdue(self, day):
        """Keep what should have been filed before a day."""
        return self.waiting().filter(due_on__lt=day)


class Filing(models.Model):
    """A change a registered society has to file within thirty days; the day after a rest day where the last one is one."""

    association = models.ForeignKey(
        Association, models.PROTECT, related_name="filings", verbose_name=_("协会")
    )
    kind = models.CharField(_("变更事项"), max_length=12, choices=FilingKind)
    decided_on = models.DateField(_("变更日期"))
    due_on = models.DateField(_("备案期限"))
    filed_on = models.DateField(_("备案日期"), null=True, blank=True)
    document = models.CharField(_("备案的文书"), max_length=120, blank=True)

    objects = FilingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("变更备案")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["association", "kind"],
                condition=Q(filed_on=None),
                name="filing_one_open",
            ),
            models.CheckConstraint(
                name="filing_filed_by_document",
                condition=Q(filed_on=None, document="")
                | Q(filed_on__isnull=False, filed_on__gte=F("decided_on")) & ~Q(document=""),
            ),
            models.CheckConstraint(
                name="filing_due_after_change", condition=Q(due_on__gt=F("decided_on"))
            ),
        ]
        indexes = [
            models.Index(fields=["due_on"], name="filing_due", condition=Q(filed_on=None)),
        ]

    def __str__(self):
        return f"{self.association.name} · {self.get_kind_display()}"

    def is_overdue(self, day):
        """Tell whether it should have been filed before a day."""
        return self.filed_on is None and self.due_on < day
