"""What is due after an award: steps a call lays down, what became of each for one application, what was paid."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from calls.models.applications import Application
from calls.models.calls import Call
from calls.models.choices import FileKind
from kernel import ids
from kernel.days import DAY
from kernel.sweeps import SweptQuerySet
from kernel.words import day_text, listed, money_text
from privacy.fields import EncryptedTextField
from privacy.pieces import KeptFile, Piece

# She is reminded of a report so many days before it is due, and after it was.
REMINDERS = (7, 1, -1, -14)
MOST_STEPS, MOST_DAYS = 12, 3660
MOST_FILES, MOST_MB = 5, 5
LEAST_AMOUNT = Decimal("0.01")


class FollowKind(models.TextChoices):
    """What a step asks for."""

    REPORT = "report", _("提交材料")
    PAYMENT = "payment", _("拨付一笔")


class CountedFrom(models.TextChoices):
    """From what on the days of a step are counted."""

    DECISION = "decision", _("公布结果")
    BEFORE = "before", _("前一步办结")


class FollowStep(models.Model):
    """One thing that follows for whom a call selects; frozen with its form once it is open (trigger, 0008)."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="follow_steps", db_index=False)
    order = models.PositiveSmallIntegerField(_("顺序"))
    kind = models.CharField(_("做什么"), max_length=8, choices=FollowKind)
    title = models.CharField(_("名称"), max_length=60)
    title_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    wanted = models.TextField(_("要求"), max_length=1000, blank=True)
    wanted_en = models.TextField(_("英文要求"), max_length=2000, blank=True)
    days = models.PositiveSmallIntegerField(
        _("几天以内"), validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)]
    )
    counted_from = models.CharField(
        _("从什么时候算起"), max_length=8, choices=CountedFrom, default=CountedFrom.DECISION
    )
    needs_before = models.BooleanField(_("前一步办结后才能办"), default=False)
    # Of a report.
    limit = models.PositiveIntegerField(
        _("字数上限"), default=2000, validators=[MinValueValidator(1), MaxValueValidator(5000)]
    )
    needs_file = models.BooleanField(_("必须上传文件"), default=False)
    # Of a payment: yuan.
    amount = models.DecimalField(
        _("金额（元）"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(LEAST_AMOUNT)],
    )

    # As the lines of a form are, for what is asked of files (calls.files).
    key = "files"
    file_kinds = tuple(FileKind.values)
    file_mb, most = MOST_MB, MOST_FILES

    class Meta:
        verbose_name = verbose_name_plural = _("入选后的步骤")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["call", "title"], name="follow_title_once"),
            models.CheckConstraint(
                name="follow_days_sane", condition=Q(days__gte=1, days__lte=MOST_DAYS)
            ),
            models.CheckConstraint(
                name="follow_limit_sane", condition=Q(limit__gte=1, limit__lte=5000)
            ),
            models.CheckConstraint(
                name="follow_amount_of_payment",
                condition=Q(kind="report", amount=None) | Q(kind="payment", amount__gt=0),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def name(self):
        """Return what it is called, in the reader's language where staff wrote it."""
        return (self.title_en if get_language() == "en" else "") or self.title

    @property
    def words(self):
        """Return what is wanted, in the reader's language where staff wrote it."""
        return (self.wanted_en if get_language() == "en" else "") or self.wanted

    @property
    def is_payment(self):
        """Tell whether it is an instalment."""
        return self.kind == FollowKind.PAYMENT

    @property
    def file_kinds_text(self):
        """Return what may be uploaded, as words."""
        return listed(FileKind(kind).label for kind in self.file_kinds)


class DueState(models.TextChoices):
    """How far a step has come for one application."""

    WAITING = "waiting", _("等前一步")
    OPEN = "open", _("待办")
    HANDED_IN = "handed_in", _("已提交，待审核")
    RETURNED = "returned", _("退回修改")
    ACCEPTED = "accepted", _("已通过")
    PAID = "paid", _("已拨付")
    WAIVED = "waived", _("已免除")
    CLOSED = "closed", _("已终止")


# Hers to write.
HERS = (DueState.OPEN, DueState.RETURNED)
# The next step may begin.
SETTLED = (DueState.ACCEPTED, DueState.PAID, DueState.WAIVED)
UNSETTLED = (DueState.WAITING, *HERS, DueState.HANDED_IN)


class DueQuerySet(SweptQuerySet):
    """Questions about what is due."""

    def visible_to(self, user):
        """Keep her own; for staff, those of the calls their department leads."""
        if not user.is_staff or not user.has_perm("calls.view_due"):
            return self.filter(application__talent__user=user.pk)
        if user.sees_all_departments:
            return self
        return self.filter(application__call__department=user.department_id)

    def to_check(self):
        """Keep reports that wait for staff, the longest waiting first."""
        return self.filter(state=DueState.HANDED_IN).order_by("handed_in_at", "pk")

    def to_pay(self):
        """Keep instalments whose turn has come, the one due first before the others."""
        rows = self.filter(state=DueState.OPEN, step__kind=FollowKind.PAYMENT)
        return rows.order_by("due_on", "pk")

    def overdue(self, today):
        """Keep what should have been done by yesterday."""
        return self.filter(state__in=HERS, due_on__lt=today)

    def to_remind(self, today):
        """Keep reports of whom is to be reminded: as REMINDERS say, once at each.

        By the last day she was, not by the day it is, so a run that is missed loses none.
        """
        rows = self.filter(state__in=HERS, step__kind=FollowKind.REPORT)
        due = Q()
        for before in REMINDERS:
            reached = Q(due_on__lte=today + before * DAY)
            unsaid = Q(reminded_on=None) | Q(reminded_on__lt=F("due_on") - before * DAY)
            due |= reached & unsaid
        return rows.filter(due).select_related("step", "application__call", "application__talent")


class Due(models.Model):
    """What a step of a call became for one application; triggers (0008) keep steps in their turn and kinds apart.

    A report is handed in and accepted, an instalment is paid; either may be waived with a reason. A state of CLOSED keeps
    in `closed_from` what it was, for when the result stands again.
    """

    code = models.CharField(max_length=12, unique=True, default=ids.code, editable=False)
    application = models.ForeignKey(
        Application,
        models.PROTECT,
        related_name="dues",
        verbose_name=_("申报"),
        db_index=False,
    )
    step = models.ForeignKey(
        FollowStep, models.PROTECT, related_name="dues", verbose_name=_("事项")
    )
    state = models.CharField(_("状态"), max_length=9, choices=DueState, default=DueState.OPEN)
    closed_from = models.CharField(max_length=9, blank=True, editable=False)
    # None until the step it is counted from is settled.
    due_on = models.DateField(_("截止日期"), null=True, blank=True)
    text = EncryptedTextField(_("提交的内容"), null=True, blank=True)
    # Of the last return; her words may stand in it.
    lacking = EncryptedTextField(_("要修改什么"), null=True, blank=True)
    made_at = models.DateTimeField(_("生成时间"))
    handed_in_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    settled_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    waive_reason = models.CharField(_("免除原因"), max_length=200, blank=True)
    reminded_on = models.DateField(null=True, editable=False)
    # How often reminding failed (kernel.sweeps).
    sweep_failures = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = DueQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("入选后事项")
        ordering = ["step__order", "pk"]
        permissions = [
            ("run_due", _("可以办理入选后事项")),
            ("export_due", _("可以导出入选后事项")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["application", "step"], name="due_once"),
            models.CheckConstraint(
                name="due_waived_has_reason",
                condition=~Q(state="waived") | ~Q(waive_reason=""),
            ),
            models.CheckConstraint(
                name="due_settled_has_time",
                condition=~Q(state__in=SETTLED) | Q(settled_at__isnull=False),
            ),
            models.CheckConstraint(
                name="due_handed_in_has_time",
                condition=~Q(state="handed_in") | Q(handed_in_at__isnull=False),
            ),
            models.CheckConstraint(
                name="due_closed_from_something",
                condition=(Q(state="closed") & ~Q(closed_from=""))
                | (~Q(state="closed") & Q(closed_from="")),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due_on"], name="due_queue"),
            models.Index(fields=["settled_at"], name="due_settled"),
        ]

    audit_code = "code"

    def __str__(self):
        return f"{self.application.number_text} {self.step.name}"

    def get_absolute_url(self):
        """Return where she reads it and hands in."""
        return reverse("due", args=[self.code])

    @property
    def is_hers(self):
        """Tell whether it is hers to write, as far as its state goes."""
        return self.state in HERS

    @property
    def is_settled(self):
        """Tell whether the step behind may begin."""
        return self.state in SETTLED

    @property
    def is_late(self):
        """Tell whether it should have been done by yesterday."""
        return self.is_late_at(timezone.now())

    def is_late_at(self, at):
        """Tell the same of another moment."""
        return bool(self.is_hers and self.due_on and self.due_on < timezone.localdate(at))

    @property
    def state_words(self):
        """Return where it stands: nobody calls an instalment that waits to be paid work of hers."""
        if self.step.is_payment and self.state == DueState.OPEN:
            return _("待拨付")
        if self.state == DueState.OPEN:
            return _("待提交")
        return self.get_state_display()

    @property
    def tone(self):
        """Return the colour of its badge."""
        if self.is_late:
            return "danger"
        return {"returned": "warn", "accepted": "success", "paid": "success"}.get(self.state, "")

    @property
    def lacking_lines(self):
        """Return what is lacking, one thing each."""
        return (self.lacking or "").splitlines()


class DueFile(KeptFile):
    """One file of a report, sealed as those of an application are."""

    due = models.ForeignKey(Due, models.CASCADE, related_name="files")

    class Meta(KeptFile.Meta):
        verbose_name = verbose_name_plural = _("入选后提交的文件")

    def get_absolute_url(self):
        """Return where she fetches it."""
        return reverse("due_file", args=[self.code])


class DueFilePiece(Piece):
    """A megabyte of a file."""

    file = models.ForeignKey(DueFile, models.CASCADE, related_name="pieces", db_index=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["file", "number"], name="calls_due_piece_once"),
        )


class Payment(models.Model):
    """That an instalment was paid, as staff noted it; a note that was wrong stays and says why.

    One stands for an instalment, and none is above it: so what was paid is never above what was laid down. Both are
    kept by the database (a unique constraint, a trigger in 0008).
    """

    due = models.ForeignKey(
        Due, models.PROTECT, related_name="payments", verbose_name=_("事项"), db_index=False
    )
    amount = models.DecimalField(_("拨付金额（元）"), max_digits=12, decimal_places=2)
    paid_on = models.DateField(_("拨付日期"))
    reference = models.CharField(_("凭证号"), max_length=60)
    noted_at = models.DateTimeField(_("登记时间"))
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("登记人"),
        db_index=False,
    )
    taken_back_at = models.DateTimeField(_("更正时间"), null=True)
    taken_back_reason = models.CharField(_("更正原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("拨付记录")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["due"], condition=Q(taken_back_at=None), name="payment_once"
            ),
            models.CheckConstraint(name="payment_is_something", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="payment_has_reference", condition=~Q(reference="")),
            models.CheckConstraint(
                name="payment_taken_back_has_reason",
                condition=Q(taken_back_at=None) | ~Q(taken_back_reason=""),
            ),
        ]
        indexes = [models.Index(fields=["due", "id"], name="payment_of_due")]

    def __str__(self):
        return self.words

    @property
    def words(self):
        """Return when how much was paid, and by which voucher."""
        said = {
            "day": day_text(self.paid_on),
            "amount": money_text(self.amount),
            "reference": self.reference,
        }
        return _("%(day)s拨付 %(amount)s 元，凭证号 %(reference)s") % said
