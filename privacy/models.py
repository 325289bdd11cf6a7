"""Consent and the audit log. Both tables are append-only at the database (see the migrations)."""

from django.conf import settings
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel import portal
from kernel.words import labelled
from privacy import purposes
from privacy.fields import EncryptedTextField


class ConsentQuerySet(models.QuerySet):
    """Questions about consent."""

    def current(self):
        """Keep the newest row of each (person, purpose, what it is about)."""
        named = ("user_id", "purpose", "about")
        return self.order_by(*named, "-id").distinct(*named)

    def standing(self, at):
        """Keep newest answers that agree and have not run out at the moment `at`."""
        newest = self.current().values("pk")
        lasting = models.Q(good_until=None) | models.Q(good_until__gt=at)
        return self.filter(lasting, pk__in=newest, granted=True)

    def granted_by(self, user, purpose):
        """Tell whether `user` agrees to `purpose` today."""
        newest = self.filter(user=user, purpose=purpose).order_by("-id").values_list("granted")
        return bool(newest[:1] and newest[0][0])


class Consent(models.Model):
    """One decision of one person about one purpose; the newest row counts, old ones stay as proof.

    A purpose that is agreed to for each thing apart (an event's photos) has a decision for each, named by `about`.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="consents",
        verbose_name=_("用户"),
        db_index=False,
    )
    purpose = models.CharField(_("用途"), max_length=32, choices=purposes.choices)
    # Of a purpose that is agreed to for each thing apart (Purpose.each): the code of that thing.
    about = models.CharField(_("涉及"), max_length=20, blank=True, default="")
    # Of a purpose that hands data to somebody else (PIPL art. 23): who that is, and until when at the longest.
    recipient = models.CharField(_("接收方"), max_length=100, blank=True, default="")
    good_until = models.DateTimeField(_("有效至"), null=True, blank=True)
    granted = models.BooleanField(_("同意"))
    text_version = models.CharField(_("告知文本版本"), max_length=20)
    source = models.CharField(
        _("来源"), max_length=20, choices=purposes.source_choices, default="web"
    )
    at = models.DateTimeField(_("时间"))

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("个人信息授权")
        verbose_name_plural = pgettext_lazy("many", "个人信息授权")
        indexes = [models.Index(fields=["user", "purpose", "-id"], name="consent_newest")]

    def __str__(self):
        return str(self.get_purpose_display())

    @staticmethod
    def audit_details(detail):
        """Say who receives the data, for the sentence of a log entry with this `detail`; "" where nobody does."""
        recipient = detail.get("recipient", "")
        return recipient and labelled(_("接收方"), recipient)


class AuditEntry(models.Model):
    """Who did what to which record, with ids instead of contents; kept at least 180 days (MLPS 2.0)."""

    at = models.DateTimeField(_("时间"))
    actor_id = models.BigIntegerField(_("操作人编号"), null=True)
    action = models.CharField(_("动作"), max_length=60)
    object_type = models.CharField(_("对象类型"), max_length=60)
    object_id = models.CharField(_("对象编号"), max_length=40)
    reason = models.TextField(_("理由"), blank=True)
    detail = models.JSONField(_("细节"), default=dict)

    class Meta:
        verbose_name = verbose_name_plural = _("审计日志")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["object_type", "object_id", "-id"], name="audit_object"),
            models.Index(fields=["actor_id", "-id"], name="audit_actor"),
            models.Index(fields=["action", "-id"], name="audit_action"),
        ]

    def __str__(self):
        return f"{self.action_words} · {self.pk}"

    @property
    def action_words(self):
        """Return what was done, for a column or list; the verb itself where nobody declares it any more."""
        words = portal.merged("verbs").get(self.action)
        return capfirst(words) if words else self.action


class AuditLink(models.Model):
    """The hash chain over audit entries: digest = HMAC-SM3(previous digest, entry).

    A table of its own, filled a moment later by a task, because a chain written with the entry would
    make every booking in the portal wait for every other one's commit.
    """

    entry_id = models.BigIntegerField(primary_key=True)
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = _("审计链")

    def __str__(self):
        return str(self.pk)


class AuditBase(models.Model):
    """Where the log begins since its oldest lines went by rule: the chain is walked from the newest row on.

    `entry_id` and `digest` are the number and the link of the last line that went, `removed` how many went with
    it; `seal` is their HMAC-SM3 under the chain's key. Append-only, so that each cut stays on record.
    """

    entry_id = models.BigIntegerField(_("最后一条的编号"), unique=True)
    digest = models.CharField(_("最后一条的校验码"), max_length=64)
    removed = models.PositiveIntegerField(_("条数"))
    at = models.DateTimeField(_("时间"))
    seal = models.CharField(max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = _("审计日志的起点")

    def __str__(self):
        return str(self.entry_id)


class ReleasedTable(models.Model):
    """What was last released of one table of figures (privacy.release), of a `month` where it is of one.

    `cells` are {code: {"count": whole tens, "since": moment of its last move}}; `looked_at` is when the
    counts were last held against them, whether or not one moved.
    """

    name = models.CharField(_("统计表"), max_length=80)
    month = models.DateField(_("月份"), null=True)
    cells = models.JSONField(default=dict)
    looked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("已公布的统计")
        constraints = [
            models.UniqueConstraint(
                fields=["name", "month"], name="released_table_once", nulls_distinct=False
            )
        ]

    def __str__(self):
        return f"{self.name} {self.month:%Y-%m}" if self.month else self.name


class CopyState(models.TextChoices):
    """Where a copy stands; changed by privacy.copies alone."""

    REQUESTED = "requested", _("准备中")
    READY = "ready", _("可下载")
    FAILED = "failed", _("没有准备成功")
    DROPPED = "dropped", _("已删除")


class DataCopyQuerySet(models.QuerySet):
    """Questions about copies."""

    def visible_to(self, user):
        """Keep her own: nobody else ever sees one."""
        return self.filter(user=user) if user.is_authenticated and user.is_active else self.none()

    def ready(self, at):
        """Keep what can be downloaded at the moment `at`."""
        return self.filter(state=CopyState.READY, expires_at__gt=at)


class DataCopy(models.Model):
    """Everything the portal holds about one person, asked for by her, kept for a short time (PIPL art. 45)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="data_copies", db_index=False
    )
    state = models.CharField(_("状态"), max_length=10, choices=CopyState, default="requested")
    requested_at = models.DateTimeField(_("申请时间"))
    attempts = models.PositiveSmallIntegerField(default=0)
    ready_at = models.DateTimeField(_("备好时间"), null=True)
    expires_at = models.DateTimeField(_("删除时间"), null=True)
    size = models.PositiveIntegerField(default=0)  # bytes

    objects = DataCopyQuerySet.as_manager()

    class Meta:
        verbose_name = _("个人信息副本")
        verbose_name_plural = pgettext_lazy("many", "个人信息副本")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], name="copy_asked_once", condition=models.Q(state="requested")
            ),
            models.CheckConstraint(
                name="copy_ready_expires",
                condition=~models.Q(state="ready")
                | models.Q(ready_at__isnull=False, expires_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["user", "-id"], name="copy_newest")]

    def __str__(self):
        return f"copy {self.pk}"


class DataCopyPiece(models.Model):
    """A piece of a copy's file, encrypted; there while the copy can be downloaded."""

    copy = models.ForeignKey(DataCopy, models.CASCADE, related_name="pieces", db_index=False)
    number = models.PositiveSmallIntegerField()
    content = EncryptedTextField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["copy", "number"], name="copy_piece_once"),)

    def __str__(self):
        return f"piece {self.number} of copy {self.copy_id}"


class RetentionRun(models.Model):
    """What one rule of keeping did on one day: figures, nobody's data."""

    rule = models.CharField(_("规则"), max_length=60)
    at = models.DateTimeField(_("时间"))
    done = models.PositiveIntegerField(_("已清理"))
    failed = models.PositiveIntegerField(_("失败"))

    class Meta:
        verbose_name = verbose_name_plural = _("到期清理")
        ordering = ["-id"]
        indexes = [models.Index(fields=["at"], name="retention_at")]

    def __str__(self):
        return f"{self.rule_text} · {self.done}"

    @property
    def rule_text(self):
        """Return the line of the privacy notice, the code of a rule nobody declares any more."""
        rules = (rule for rule in portal.listed("retention") if hasattr(rule, "code"))
        return next((rule.text for rule in rules if rule.code == self.rule), self.rule)
