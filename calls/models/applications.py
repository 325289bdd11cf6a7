"""What one woman hands in to a call."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from calls.models.calls import Call, Field
from calls.models.choices import TOGETHER, NominationSource, Subject
from kernel import ids
from privacy.fields import EncryptedTextField
from talents.models import Talent


class ApplicationState(models.TextChoices):
    """Where an application stands."""

    DRAFT = "draft", pgettext_lazy("application", "填写中")
    SUBMITTED = "submitted", pgettext_lazy("application", "已提交，待受理")
    NOT_ENDORSED = "not_endorsed", pgettext_lazy("application", "单位未推荐")
    RETURNED = "returned", pgettext_lazy("application", "待补充")
    ACCEPTED = "accepted", pgettext_lazy("application", "已受理")
    REFUSED = "refused", pgettext_lazy("application", "未受理")
    WITHDRAWN = "withdrawn", pgettext_lazy("application", "已撤回")
    AWARDED = "awarded", pgettext_lazy("application", "入选")
    RESERVE = "reserve", pgettext_lazy("application", "备选")
    NOT_AWARDED = "not_awarded", pgettext_lazy("application", "未入选")


State = ApplicationState
# Hers to fill in.
FILLED_IN = (State.DRAFT, State.RETURNED)
# Something still comes of it.
UNDECIDED = (State.DRAFT, State.SUBMITTED, State.RETURNED, State.ACCEPTED)
RESULTS = (State.AWARDED, State.RESERVE, State.NOT_AWARDED)


class ApplicationQuerySet(models.QuerySet):
    """Questions about applications."""

    def visible_to(self, user):
        """Keep her own; for staff, what was handed in to the calls their department leads."""
        if not user.is_staff or not user.has_perm("calls.view_application"):
            return self.filter(talent__user=user.pk)
        rows = self.filter(number__isnull=False)
        return (
            rows if user.sees_all_departments else rows.filter(call__department=user.department_id)
        )

    def waiting(self):
        """Keep what nobody has looked at, the longest waiting first."""
        return self.filter(state=State.SUBMITTED).order_by("submitted_at", "pk")


class Application(models.Model):
    """One woman's application to one call.

    `deadline` is the call's, or the one she was given with a return. That nothing is saved or handed in behind
    it is a constraint, so no code can let a late one in.
    """

    code = models.CharField(max_length=12, unique=True, default=ids.code, editable=False)
    call = models.ForeignKey(
        Call,
        models.PROTECT,
        related_name="applications",
        verbose_name=_("申报通知"),
        db_index=False,
    )
    talent = models.ForeignKey(
        Talent, models.PROTECT, related_name="applications", verbose_name=_("申报人")
    )
    source = models.CharField(
        _("推荐方式"), max_length=10, choices=NominationSource, default=NominationSource.SELF
    )
    # What it puts forward; of a collective or a post what it is called and how many belong to it.
    subject = models.CharField(
        _("推荐对象"), max_length=10, choices=Subject, default=Subject.PERSON
    )
    collective_name = models.CharField(_("集体或岗位名称"), max_length=80, blank=True)
    head_count = models.PositiveIntegerField(_("总人数"), null=True, blank=True)
    women_count = models.PositiveIntegerField(_("女性人数"), null=True, blank=True)
    # Names of members, one in a line, as far as they are named.
    members = EncryptedTextField(_("成员名单"), null=True, blank=True)
    is_leader = models.BooleanField(_("是单位负责人"), default=False)
    # Of a call that is open to all: who leads what is applied for.
    led_by_woman = models.BooleanField(_("负责人为女性"), default=True)
    # Who is not to judge it, one name in a line: relatives, and whoever she asks to be kept away.
    kept_away = EncryptedTextField(_("申请回避的人"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.DRAFT)
    number = models.PositiveIntegerField(_("受理编号"), null=True, blank=True, editable=False)
    started_at = models.DateTimeField(_("开始填写"))
    saved_at = models.DateTimeField(_("最近保存"))
    deadline = models.DateTimeField(_("截止时间"))
    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("受理时间"), null=True, blank=True)
    refuse_reason = models.CharField(_("不予受理的原因"), max_length=200, blank=True)
    # Which of the call's conditions it does not meet, where staff who refuse it say so.
    unmet = models.ManyToManyField(
        "calls.Requirement", blank=True, related_name="+", verbose_name=_("不符合的条件")
    )
    # What is to be told once the call's results are: it may be corrected until then.
    result = models.CharField(
        _("拟定结果"), max_length=12, choices=[(s.value, s.label) for s in RESULTS], blank=True
    )

    # That what she was selected for was taken from her again: an app that gave it says so (note_taken_back).
    taken_back_at = models.DateTimeField(_("入选撤销时间"), null=True, blank=True, editable=False)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("申报")
        ordering = ["-id"]
        permissions = [
            ("accept_application", _("可以受理申报")),
            ("decide_application", _("可以拟定申报结果")),
            ("export_application", _("可以导出申报名单")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["call", "talent"], name="application_once"),
            models.UniqueConstraint(fields=["call", "number"], name="application_number_once"),
            models.CheckConstraint(
                name="application_saved_in_time", condition=Q(saved_at__lte=F("deadline"))
            ),
            models.CheckConstraint(
                name="application_submitted_in_time",
                condition=Q(submitted_at=None) | Q(submitted_at__lte=F("deadline")),
            ),
            models.CheckConstraint(
                name="application_handed_in_has_number",
                condition=Q(state__in=("draft", "withdrawn"))
                | Q(number__isnull=False, submitted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="application_women_among_heads",
                condition=Q(women_count=None)
                | Q(head_count__isnull=False, women_count__lte=F("head_count")),
            ),
            models.CheckConstraint(
                name="application_refused_has_reason",
                condition=~Q(state="refused") | ~Q(refuse_reason=""),
            ),
            models.CheckConstraint(
                name="application_result_of_accepted",
                condition=Q(result="") | Q(state="accepted") | Q(state=F("result")),
            ),
        ]
        indexes = [
            models.Index(fields=["call", "state", "-id"], name="application_queue"),
            models.Index(fields=["state", "submitted_at"], name="application_waiting"),
        ]

    # What the audit log calls it to those who may not read it.
    audit_code = "code"

    def __str__(self):
        return f"{self.call.label} · {self.number_text or self.get_state_display()}"

    def get_absolute_url(self):
        """Return where she reads it."""
        return reverse("application", args=[self.code])

    @property
    def number_text(self):
        """Return its number as it is quoted, "" before it was handed in: year, call, place in the queue."""
        if self.number is None:
            return ""
        return f"{self.call.opens_at:%Y}-{self.call_id:03d}-{self.number:04d}"

    @property
    def is_turned_down(self):
        """Tell whether it was not accepted or not selected."""
        return self.state in (ApplicationState.REFUSED, ApplicationState.NOT_AWARDED)

    @property
    def is_together(self):
        """Tell whether a collective or a post is put forward."""
        return self.subject in TOGETHER

    @property
    def puts_forward(self):
        """Return whom or what it puts forward, by name."""
        return self.collective_name if self.is_together else self.talent.full_name

    @property
    def state_words(self):
        """Return where it stands, and that what came of it was taken back."""
        words = self.get_state_display()
        return _("%(state)s（已撤销）") % {"state": words} if self.taken_back_at else words

    @property
    def is_filled_in(self):
        """Tell whether it is hers to fill in, as far as its state goes."""
        return self.state in FILLED_IN

    @property
    def tone(self):
        """Return the colour of its badge."""
        return {
            "returned": "warn",
            "accepted": "success",
            "awarded": "success",
            "refused": "danger",
            "not_endorsed": "danger",
        }.get(self.state, "")


class Answer(models.Model):
    """What she wrote in one line of the form; encrypted, because staff may ask for anything."""

    application = models.ForeignKey(
        Application, models.CASCADE, related_name="answers", db_index=False
    )
    field = models.ForeignKey(Field, models.PROTECT, related_name="+")
    text = EncryptedTextField(_("内容"))

    class Meta:
        verbose_name = verbose_name_plural = _("申报内容")
        constraints = [models.UniqueConstraint(fields=["application", "field"], name="answer_once")]

    def __str__(self):
        return f"{self.application_id}/{self.field_id}"

    @property
    def words(self):
        """Return what she wrote as it is read: a table as lines."""
        from calls import tables  # imports this package

        return tables.shown(self.field, self.text) if self.field.is_table else self.text


class Return(models.Model):
    """That an application went back for more, until when; its items say what is lacking."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="returns")
    returned_at = models.DateTimeField(_("退回时间"))
    due_at = models.DateTimeField(_("补充截止"))

    class Meta:
        verbose_name = verbose_name_plural = _("退回补充")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="return_due_later", condition=Q(due_at__gt=F("returned_at"))
            )
        ]

    def __str__(self):
        return str(self.due_at)


class ReturnItem(models.Model):
    """One thing that is lacking."""

    about = models.ForeignKey(Return, models.CASCADE, related_name="items", db_index=False)
    field = models.ForeignKey(Field, models.PROTECT, related_name="+")
    note = models.CharField(_("要补充什么"), max_length=200)

    class Meta:
        verbose_name = verbose_name_plural = _("补充内容")
        constraints = [models.UniqueConstraint(fields=["about", "field"], name="return_item_once")]

    def __str__(self):
        return self.note
