"""A venture from the first idea to its fifth year: founders, stages, yearly checks."""

import hmac
from datetime import UTC, timedelta

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Department
from entrepreneurship.bases.models import Base
from kernel import ids
from kernel.sweeps import SweptQuerySet
from privacy.crypto import keyed_digest
from talents import codes
from talents.models import HERS_ALONE, Talent, TalentState

REMINDED_AFTER, UNKNOWN_AFTER = timedelta(days=30), timedelta(days=60)
SECRET = 32  # hexadecimal digits: 128 bits
SEES = "entrepreneurship.view_venture"


class VentureStageCode(models.TextChoices):
    """Where a venture stands."""

    IDEA = "idea", pgettext_lazy("venture", "构想")
    TEAM = "team", pgettext_lazy("venture", "组队")
    REGISTERED = "registered", pgettext_lazy("venture", "已注册")
    OPERATING = "operating", pgettext_lazy("venture", "经营中")
    PAUSED = "paused", pgettext_lazy("venture", "暂停")
    CLOSED = "closed", pgettext_lazy("venture", "已关闭")


class MoneyBand(models.TextChoices):
    """An amount of a year, as a band: nobody is asked for the sum."""

    NONE = "none", pgettext_lazy("money", "没有")
    TO_100K = "to_100k", _("10 万元以内")
    TO_1M = "to_1m", _("10 万至 100 万元")
    TO_5M = "to_5m", _("100 万至 500 万元")
    TO_20M = "to_20m", _("500 万至 2000 万元")
    MORE = "more", _("2000 万元以上")


class VentureQuerySet(SweptQuerySet):
    """Questions about ventures."""

    def visible_to(self, user):
        """Keep those she is a founder of; for staff, those of their department whose keeper is in the database."""
        if not user.is_staff or not user.has_perm(SEES):
            return self.of_woman(user)
        # What was forgotten with her is numbers, and stays.
        shown = self.filter(Q(forgotten=True) | ~Q(talent__state__in=HERS_ALONE))
        if user.sees_all_departments:
            return shown
        return shown.filter(department=user.department_id)

    def of_woman(self, user):
        """Keep those she confirmed she is a founder of, or keeps herself."""
        hers = VentureFounder.objects.confirmed().filter(
            venture=OuterRef("pk"), talent__user=user.pk
        )
        return self.filter(Exists(hers))

    def known(self):
        """Keep those that were not forgotten with the woman who kept them."""
        return self.filter(forgotten=False)

    def running(self):
        """Keep those that were not closed."""
        return self.exclude(stage=VentureStageCode.CLOSED)

    def to_ask(self, day):
        """Keep those whose yearly check is due on a day, of women who are in the database."""
        due = self.running().known().filter(next_check_on__lte=day)
        return due.filter(talent__state=TalentState.VERIFIED)

    def set_aside(self):
        """Keep those whose yearly question, or what follows it, the clock could not do."""
        checks = VentureCheck.objects.set_aside().filter(venture=OuterRef("pk"))
        return self.filter(Q(pk__in=super().set_aside().values("pk")) | Exists(checks))

    def overdue(self):
        """Keep those whose yearly question waits for an answer, or got none."""
        checks = VentureCheck.objects.unanswered().filter(venture=OuterRef("pk"))
        return self.filter(Exists(checks))


class Venture(models.Model):
    """What a woman of the talent database founds.

    `talent` keeps it: she began it, invites the others and is asked once a year. `stage` and the days beside it say what
    the newest standing VentureStage says. `shares` is the sum of the standing founders' shares: a trigger keeps it, and a
    CHECK lets it not pass 100, whoever writes.
    """

    code = models.CharField(_("编号"), max_length=12, unique=True, default=ids.code, editable=False)
    talent = models.ForeignKey(
        Talent, models.PROTECT, related_name="ventures", verbose_name=_("发起人")
    )
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", verbose_name=_("所属部门"), db_index=False
    )
    name = models.CharField(_("项目或企业名称"), max_length=80)
    summary = models.CharField(_("一句话说明做什么"), max_length=120, blank=True)
    industry = models.CharField(_("行业"), max_length=2, choices=codes.Industry)
    base = models.ForeignKey(
        Base,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="ventures",
        verbose_name=_("所在基地"),
    )
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, null=True, blank=True)  # noqa: DJ001
    stage = models.CharField(
        _("阶段"), max_length=10, choices=VentureStageCode, default=VentureStageCode.IDEA
    )
    stage_on = models.DateField(_("进入这一阶段的日期"))
    registered_on = models.DateField(_("注册日期"), null=True, blank=True)
    shares = models.DecimalField(
        _("已登记的份额"), max_digits=5, decimal_places=2, default=0, editable=False
    )
    created_at = models.DateTimeField(_("登记时间"))
    next_check_on = models.DateField(_("下次年度问询"), null=True, blank=True)
    # The woman who kept it was erased: what it did stays for the sums, its name and code went with her.
    forgotten = models.BooleanField(default=False, editable=False)
    sweep_failures = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = VentureQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "创业项目")
        verbose_name_plural = pgettext_lazy("many", "创业项目")
        ordering = ["-id"]
        permissions = [
            ("correct_venture", _("可以更正创业项目")),
            ("export_venture", _("可以导出创业项目")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["uscc"], name="venture_uscc_once"),
            models.CheckConstraint(
                name="venture_shares_whole", condition=Q(shares__gte=0, shares__lte=100)
            ),
            models.CheckConstraint(
                name="venture_registered_has_uscc",
                condition=Q(registered_on=None) | Q(uscc__isnull=False) | Q(forgotten=True),
            ),
            models.CheckConstraint(
                name="venture_operates_registered",
                condition=~Q(stage__in=["registered", "operating"])
                | Q(registered_on__isnull=False),
            ),
            models.CheckConstraint(
                name="venture_closed_is_not_asked",
                condition=~Q(stage="closed") | Q(next_check_on=None),
            ),
        ]
        indexes = [
            models.Index(fields=["department", "-id"], name="venture_department"),
            models.Index(
                fields=["next_check_on"],
                name="venture_to_ask",
                condition=Q(next_check_on__isnull=False),
            ),
            models.Index(
                fields=["registered_on"],
                name="venture_registered",
                condition=Q(registered_on__isnull=False),
            ),
        ]

    audit_code = "code"

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        """Return where its founders read it."""
        return reverse("venture", args=[self.code])

    @property
    def is_closed(self):
        """Tell whether it is over."""
        return self.stage == VentureStageCode.CLOSED


class VentureRole(models.TextChoices):
    """What a founder does."""

    LEAD = "lead", pgettext_lazy("venture", "负责人")
    TECHNOLOGY = "technology", pgettext_lazy("venture", "技术")
    MARKET = "market", pgettext_lazy("venture", "市场")
    OPERATIONS = "operations", pgettext_lazy("venture", "运营")
    FINANCE = "finance", pgettext_lazy("venture", "财务")
    OTHER = "other", pgettext_lazy("venture", "其他")


class FounderKind(models.TextChoices):
    """How much is known of a founder."""

    RECORD = "record", _("库内人才")
    OUTSIDE = "outside", _("另一位创始人")


class VentureFounderQuerySet(models.QuerySet):
    """Questions about founders."""

    def standing(self):
        """Keep those who are, or are invited: whose share is counted."""
        return self.filter(ended_at=None)

    def confirmed(self):
        """Keep women of the database who said themselves that they are."""
        return self.standing().exclude(accepted_at=None).exclude(talent=None)

    def invited(self):
        """Keep links nobody has accepted yet."""
        return self.standing().filter(kind=FounderKind.RECORD, accepted_at=None)


class VentureFounder(models.Model):
    """One founder: a woman of the database who confirmed it, a link that waits, or somebody outside of whom no name is kept."""

    venture = models.ForeignKey(
        Venture, models.CASCADE, related_name="founders", verbose_name=_("创业项目"), db_index=False
    )
    kind = models.CharField(_("谁"), max_length=8, choices=FounderKind)
    talent = models.ForeignKey(
        Talent,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="foundings",
        verbose_name=_("创始人"),
    )
    role = models.CharField(_("分工"), max_length=12, choices=VentureRole)
    share = models.DecimalField(_("份额（%）"), max_digits=5, decimal_places=2, default=0)
    made_at = models.DateTimeField(_("登记时间"))
    accepted_at = models.DateTimeField(_("本人确认时间"), null=True, blank=True)
    ended_at = models.DateTimeField(_("退出时间"), null=True, blank=True)

    objects = VentureFounderQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("创始人")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["venture", "talent"],
                name="venture_founder_once",
                condition=Q(ended_at=None, talent__isnull=False),
            ),
            models.CheckConstraint(
                name="venture_founder_share", condition=Q(share__gte=0, share__lte=100)
            ),
            models.CheckConstraint(
                name="venture_founder_confirmed",
                condition=Q(kind="outside", talent=None, accepted_at=None)
                | Q(kind="record", talent=None, accepted_at=None)
                | Q(kind="record", talent__isnull=False, accepted_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["venture"], name="venture_founder_of")]

    def __str__(self):
        if self.talent_id:
            return self.talent.full_name or "—"
        if self.kind == FounderKind.OUTSIDE:
            return str(FounderKind.OUTSIDE.label)
        return str(_("链接还没有人接受"))

    def get_absolute_url(self):
        """Return the address of the invitation."""
        return reverse("venture_invitation", args=[self.pk, self.secret])

    @property
    def is_open(self):
        """Tell whether somebody may still accept it."""
        return (
            self.kind == FounderKind.RECORD and self.accepted_at is None and self.ended_at is None
        )

    @property
    def secret(self):
        """Return the part of the address nobody can guess, the same whatever zone the moment is told in."""
        made = self.made_at.astimezone(UTC).isoformat()
        return keyed_digest("entrepreneurship.founder", str(self.pk), made)[:SECRET]

    @classmethod
    def found(cls, number, secret):
        """Return the invitation an address names, or None."""
        rows = cls.objects.filter(kind=FounderKind.RECORD).select_related(
            "venture__talent__user", "talent"
        )
        row = rows.filter(pk=number).first()
        fits = row is not None and hmac.compare_digest(row.secret.encode(), secret.encode())
        return row if fits else None


class VentureStageQuerySet(models.QuerySet):
    """Questions about steps."""

    def standing(self):
        """Keep the steps that were not taken back, the newest first."""
        return self.filter(takes_back=None, taken_back_by=None).order_by("-pk")


class VentureStage(models.Model):
    """That a venture entered a stage on a day, or that such a step was wrong. Append-only (trigger)."""

    venture = models.ForeignKey(
        Venture, models.CASCADE, related_name="stages", verbose_name=_("创业项目")
    )
    stage = models.CharField(_("阶段"), max_length=10, choices=VentureStageCode)
    day = models.DateField(_("日期"))
    noted_at = models.DateTimeField(_("登记时间"))
    by_staff = models.BooleanField(_("工作人员登记"), default=False)
    takes_back = models.OneToOneField(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="taken_back_by",
        verbose_name=_("撤回的一步"),
    )

    objects = VentureStageQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("阶段记录")
        ordering = ["pk"]

    def __str__(self):
        return str(self.get_stage_display())


class VentureCheckQuerySet(SweptQuerySet):
    """Questions about yearly questions."""

    def unanswered(self):
        """Keep those that wait or got no answer; that a venture was closed answers what was asked before."""
        return self.filter(answered_at=None).exclude(venture__stage=VentureStageCode.CLOSED)

    def waiting(self):
        """Keep those nobody answered yet, within sixty days."""
        return self.unanswered().filter(unknown_at=None)

    def to_remind(self, now):
        """Keep those that wait for thirty days and were not reminded of."""
        return self.waiting().filter(asked_at__lte=now - REMINDED_AFTER, reminded_at=None)

    def to_close(self, now):
        """Keep those nobody answered within sixty days."""
        return self.waiting().filter(asked_at__lte=now - UNKNOWN_AFTER)


class VentureCheck(models.Model):
    """That the yearly question was asked, and what came of it."""

    venture = models.ForeignKey(
        Venture, models.CASCADE, related_name="checks", verbose_name=_("创业项目"), db_index=False
    )
    due_on = models.DateField(_("问询日期"))
    asked_at = models.DateTimeField(_("发出时间"))
    reminded_at = models.DateTimeField(_("提醒时间"), null=True, blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    unknown_at = models.DateTimeField(_("记为“情况不明”的时间"), null=True, blank=True)
    sweep_failures = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = VentureCheckQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("年度问询")
        ordering = ["-due_on"]
        constraints = [
            models.UniqueConstraint(fields=["venture", "due_on"], name="venture_check_once"),
            models.CheckConstraint(
                name="venture_check_unknown_or_answered",
                condition=Q(answered_at=None) | Q(unknown_at=None),
            ),
        ]
        indexes = [
            models.Index(
                fields=["asked_at"],
                name="venture_check_waits",
                condition=Q(answered_at=None, unknown_at=None),
            )
        ]

    def __str__(self):
        return str(self.due_on)

    @property
    def waits(self):
        """Tell whether an answer is still waited for."""
        return self.answered_at is None and self.unknown_at is None


class VentureCheckpointQuerySet(models.QuerySet):
    """Questions about checkpoints."""

    def standing(self):
        """Keep those no later one replaced."""
        return self.filter(replaced_by=None)

    def latest(self):
        """Keep the newest standing one of each venture."""
        return self.standing().order_by("venture_id", "-day", "-pk").distinct("venture_id")


class CheckSource(models.TextChoices):
    """Who said it."""

    HERSELF = "herself", _("本人填写")
    PHONE = "phone", _("电话告知，工作人员登记")


class VentureCheckpoint(models.Model):
    """How a venture stood on a day. Append-only (trigger); a wrong one is replaced by another that names it."""

    venture = models.ForeignKey(
        Venture,
        models.CASCADE,
        related_name="checkpoints",
        verbose_name=_("创业项目"),
        db_index=False,
    )
    asked_by = models.ForeignKey(
        VentureCheck,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="checkpoints",
        verbose_name=_("年度问询"),
    )
    day = models.DateField(_("日期"))
    alive = models.BooleanField(_("还在经营或推进"))
    jobs = models.PositiveIntegerField(_("就业人数"))
    women_jobs = models.PositiveIntegerField(_("其中女性"))
    revenue = models.CharField(_("近一年营业收入"), max_length=8, choices=MoneyBand)
    finance = models.CharField(_("近一年获得的融资和贷款"), max_length=8, choices=MoneyBand)
    patents = models.PositiveIntegerField(_("有效专利数"))
    source = models.CharField(_("来源"), max_length=8, choices=CheckSource)
    noted_at = models.DateTimeField(_("登记时间"))
    replaces = models.OneToOneField(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name=_("更正的一次"),
    )

    objects = VentureCheckpointQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("年度情况")
        ordering = ["-day", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="venture_women_among_jobs", condition=Q(women_jobs__lte=F("jobs"))
            ),
        ]
        indexes = [
            models.Index(fields=["venture", "-day", "-id"], name="venture_checkpoint_newest")
        ]

    def __str__(self):
        return str(self.day)
