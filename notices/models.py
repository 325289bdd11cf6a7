"""The outbox: one row for each thing a person is told, and one for each channel it goes out by."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from notices import kinds

MESSAGES = "messages"  # the purpose of a consent: being told by SMS or mail


class Channel(models.TextChoices):
    """How a notice travels besides the site itself."""

    SMS = "sms", _("短信")
    MAIL = "mail", _("邮件")


class Way(models.TextChoices):
    """How she wants to hear of a topic; without a choice by SMS where she has a verified phone, else by mail.

    What is read at leisure (kinds.Topic.by_mail) leaves by mail or not at all where she chose nothing.
    """

    SMS = "sms", _("短信")
    MAIL = "mail", _("邮件")
    SITE = "site", _("只看站内通知")


class DeliveryState(models.TextChoices):
    """Where a delivery stands."""

    PENDING = "pending", _("待发送")
    SENDING = "sending", _("发送中")
    UNSURE = "unsure", _("结果不明")
    SENT = "sent", _("已发送")
    FAILED = "failed", _("发送失败")
    DROPPED = "dropped", _("不再发送")


TROUBLE = (DeliveryState.FAILED, DeliveryState.UNSURE)


class NoticeQuerySet(models.QuerySet):
    """Questions about notices."""

    def visible_to(self, user, at):
        """Keep her own notices that are due."""
        return self.filter(recipient=user, due_at__lte=at, withdrawn_at=None)

    def unread(self):
        """Keep those not read yet that still say what is true."""
        return self.filter(read_at=None, overtaken_at=None)


class Notice(models.Model):
    """One thing one person is told, once: unique by (recipient, kind, object).

    The text is rendered from the kind's template when it is read or sent, in her language, from the
    whitelisted placeholders in `context`.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices", db_index=False
    )
    kind = models.CharField(_("种类"), max_length=40)
    object_key = models.CharField(_("对象"), max_length=60)
    context = models.JSONField(default=dict)
    link = models.CharField(_("链接"), max_length=200, blank=True)
    discreet = models.BooleanField(default=False)  # SMS and mail say the kind's `outside` words
    due_at = models.DateTimeField(_("应发时间"))
    good_until = models.DateTimeField(null=True, blank=True)  # when it makes no sense any more
    created_at = models.DateTimeField(_("生成时间"))
    read_at = models.DateTimeField(_("阅读时间"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)
    # Since when it no longer says what is true: she read it, so it stays, marked as overtaken.
    overtaken_at = models.DateTimeField(_("失效时间"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("通知")
        verbose_name_plural = pgettext_lazy("many", "通知")
        ordering = ["-due_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["recipient", "kind", "object_key"], name="notice_once")
        ]
        indexes = [
            models.Index(fields=["recipient", "-due_at", "-id"], name="notice_inbox"),
            # Counted for every page of everybody who is signed in, however many she has read.
            models.Index(
                fields=["recipient", "-due_at", "-id"],
                name="notice_unread",
                condition=models.Q(read_at=None, overtaken_at=None, withdrawn_at=None),
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def title(self):
        """Return the title in the language that is active."""
        return self._in_words("title")

    @property
    def body(self):
        """Return the sentence in the language that is active."""
        return self._in_words("body")

    @property
    def outside_title(self):
        """Return the title as it may stand on a lock screen or before staff, in the active language."""
        return self._outside(0) if self.discreet else self.title

    @property
    def outside_body(self):
        """Return the sentence an SMS or a mail carries, in the language that is active."""
        return self._outside(1) if self.discreet else self.body

    @property
    def outside_kind(self):
        """Return the code of the words for outside, as a provider that registers templates knows them."""
        return f"{self.kind}.discreet" if self.discreet else self.kind

    def outside_context(self):
        """Return the placeholders that leave the portal: of a discreet notice those its words name."""
        shown = self.shown_context
        if not self.discreet:
            return shown
        words = "".join(str(part) for part in kinds.kind(self.kind).outside)
        return {name: value for name, value in shown.items() if f"%({name})s" in words}

    def _outside(self, part):
        return kinds.kind(self.kind).outside[part] % self.shown_context

    @property
    def shown_context(self):
        """Return the placeholders as people read them, in the language that is active."""
        language = get_language()
        if language not in self._shown:
            self._shown[language] = kinds.kind(self.kind).shown(self.context)
        return self._shown[language]

    @cached_property
    def _shown(self):
        return {}  # language: placeholders; an SMS asks for them with its words, and again by themselves

    def _in_words(self, part):
        return getattr(kinds.kind(self.kind), part) % self.shown_context


class Run(models.Model):
    """Deliveries one worker claimed together and hands over in the order of their `place` (notices.runs).

    Its table is unlogged: moving the number writes no journal and waits for no disk, and whatever makes
    PostgreSQL lose a number it had confirmed empties the table, so that no number is ever behind the truth.
    """

    # No counter: that of an unlogged table begins anew with it, and an old run's rows would join a new one's.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    handed_over = models.PositiveSmallIntegerField(default=0)  # up to this place
    moved_at = models.DateTimeField()  # the worker's last sign of life
    server_started_at = models.DateTimeField()  # of the PostgreSQL the run was claimed in

    def __str__(self):
        return f"{self.pk}: {self.handed_over}"


class DeliveryQuerySet(models.QuerySet):
    """Questions about deliveries."""

    def in_trouble(self):
        """Keep what needs somebody: failed, or nobody knows whether it arrived."""
        return self.filter(state__in=TROUBLE)


class Delivery(models.Model):
    """One notice on its way by one channel; claimed in a run before anything is sent."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries", db_index=False)
    channel = models.CharField(_("渠道"), max_length=10, choices=Channel)
    state = models.CharField(_("状态"), max_length=10, choices=DeliveryState, default="pending")
    due_at = models.DateTimeField(_("应发时间"))
    attempts = models.PositiveSmallIntegerField(_("尝试次数"), default=0)
    claimed_at = models.DateTimeField(_("领取时间"), null=True, blank=True)
    # Which run it is sent in, and where in it. No constraint: a table that is kept cannot refer to an unlogged one.
    run = models.ForeignKey(
        Run,
        models.DO_NOTHING,
        null=True,
        editable=False,
        related_name="deliveries",
        db_constraint=False,
        db_index=False,
    )
    place = models.PositiveSmallIntegerField(null=True, editable=False)
    sent_at = models.DateTimeField(_("发送时间"), null=True, blank=True)
    error_code = models.CharField(_("错误代码"), max_length=60, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("发送记录")
        verbose_name_plural = pgettext_lazy("many", "发送记录")
        constraints = [models.UniqueConstraint(fields=["notice", "channel"], name="delivery_once")]
        indexes = [
            models.Index(
                fields=["due_at", "id"], name="delivery_due", condition=models.Q(state="pending")
            ),
            models.Index(
                fields=["run"], name="delivery_claimed", condition=models.Q(state="sending")
            ),
            models.Index(
                fields=["-id"],
                name="delivery_trouble",
                condition=models.Q(state__in=["failed", "unsure"]),
            ),
        ]

    def __str__(self):
        return f"{self.outside_title} · {self.get_channel_display()}"

    @property
    def outside_title(self):
        """Return the notice's title as it may stand outside."""
        return self.notice.outside_title


class ChosenWay(models.Model):
    """How somebody wants to hear of a topic (notices.kinds.Topic); `topic` "" is everything that has none of its own."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="chosen_ways", db_index=False
    )
    topic = models.CharField(_("事项"), max_length=40, blank=True)
    way = models.CharField(_("提醒方式"), max_length=10, choices=Way)

    class Meta:
        verbose_name = verbose_name_plural = _("提醒方式")
        constraints = [models.UniqueConstraint(fields=["user", "topic"], name="way_chosen_once")]

    def __str__(self):
        return f"{self.topic} · {self.get_way_display()}"

    @property
    def topic_words(self):
        """Return what she chose it for, in the language that is active."""
        topic = kinds.topics().get(self.topic)
        return topic.words if topic else _("其他通知")
