"""Talks: who is willing to give one, what units ask for, and whom staff asked."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Department, Unit
from events.models import Event
from kernel import ids
from kernel.sweeps import SweptQuerySet
from privacy.fields import EncryptedTextField
from role_models.models.stories import Story
from talents.models import Talent


class TalkOffer(models.Model):
    """That a woman is willing to be asked for talks. No row: nobody asks her."""

    talent = models.OneToOneField(
        Talent, models.PROTECT, related_name="talk_offer", verbose_name=_("人才")
    )
    topics = models.CharField(_("可以讲什么"), max_length=200)
    on_site = models.BooleanField(_("愿意到场"), default=True)
    online = models.BooleanField(_("愿意线上"), default=False)
    changed_at = models.DateTimeField(_("更新时间"))

    class Meta:
        verbose_name = _("宣讲意愿")
        verbose_name_plural = pgettext_lazy("many", "宣讲意愿")
        constraints = [
            models.CheckConstraint(
                name="talk_offer_some_way", condition=Q(on_site=True) | Q(online=True)
            )
        ]

    def __str__(self):
        return str(self.pk)


class RequestState(models.TextChoices):
    """Where a unit's request stands."""

    RECEIVED = "received", _("待安排")
    ASKED = "asked", _("正在联系主讲人")
    ACCEPTED = "accepted", _("主讲人已答应")
    PLANNED = "planned", _("已安排活动")
    REFUSED = "refused", _("没能安排")
    WITHDRAWN = "withdrawn", _("单位已撤回")


OPEN = (RequestState.RECEIVED, RequestState.ASKED, RequestState.ACCEPTED)


class TalkRequestQuerySet(SweptQuerySet):
    """Questions about requests."""

    def visible_to(self, user):
        """Keep what staff of a department arrange."""
        if not (user.is_staff and user.has_perm("role_models.view_talkrequest")):
            return self.none()
        return self if user.sees_all_departments else self.filter(department=user.department_id)

    def of_unit(self, user):
        """Keep what a unit's contact may read: her unit's, while it is a partner."""
        if not (user.unit_id and user.has_perm("role_models.ask_talk")):
            return self.none()
        return self.filter(unit=user.unit_id, unit__is_partner=True)

    def waiting(self):
        """Keep what nobody was asked for yet, the oldest first."""
        return self.filter(state=RequestState.RECEIVED).order_by("asked_at", "pk")

    def to_remind(self, before):
        """Keep what has waited since before a moment, of which staff were not told yet."""
        return self.filter(state=RequestState.RECEIVED, waits_since__lt=before, reminded_at=None)


class TalkRequest(models.Model):
    """That a unit asks for a talk by a role model."""

    code = models.CharField(_("编号"), max_length=10, unique=True, default=ids.code, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("单位"))
    # The contact who asked on the page; None where the unit's own program did, by its key (`key`, once for each).
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("提交人"),
    )
    key = models.CharField(max_length=64, blank=True, editable=False)
    digest = models.CharField(max_length=64, blank=True, editable=False)
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", verbose_name=_("安排部门"), db_index=False
    )
    topic = models.CharField(_("想听什么"), max_length=100)
    audience = models.CharField(_("听众"), max_length=100)
    people = models.PositiveIntegerField(_("人数"))
    first_day = models.DateField(_("最早哪天"))
    last_day = models.DateField(_("最晚哪天"))
    online = models.BooleanField(_("线上"), default=False)
    place = models.CharField(_("地点"), max_length=100, blank=True)
    story = models.ForeignKey(
        Story, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("希望请谁")
    )
    contact_name = EncryptedTextField(_("联系人"), null=True)
    contact_phone = EncryptedTextField(_("联系电话"), null=True)
    state = models.CharField(
        _("状态"), max_length=10, choices=RequestState, default=RequestState.RECEIVED
    )
    refuse_reason = models.CharField(_("没能安排的原因"), max_length=200, blank=True)
    asked_at = models.DateTimeField(_("提交时间"))
    waits_since = models.DateTimeField(_("等待安排起"))
    ended_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)
    event = models.OneToOneField(
        Event,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="talk_request",
        verbose_name=_("活动"),
    )
    sweep_failures = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = TalkRequestQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "宣讲申请")
        verbose_name_plural = pgettext_lazy("many", "宣讲申请")
        ordering = ["-id"]
        permissions = [
            ("route_talkrequest", _("可以安排宣讲")),
            ("ask_talk", _("可以代表单位申请宣讲")),
        ]
        indexes = [
            models.Index(fields=["department", "state", "-id"], name="talk_request_department"),
            models.Index(
                fields=["waits_since"], name="talk_request_waits", condition=Q(state="received")
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "key"], condition=~Q(key=""), name="talk_request_key_once"
            ),
            models.CheckConstraint(
                name="talk_request_days", condition=Q(last_day__gte=models.F("first_day"))
            ),
            models.CheckConstraint(name="talk_request_people", condition=Q(people__gte=1)),
            models.CheckConstraint(
                name="talk_request_somewhere", condition=Q(online=True) | ~Q(place="")
            ),
            models.CheckConstraint(
                name="talk_request_refused_why",
                condition=Q(state="refused") & ~Q(refuse_reason="")
                | ~Q(state="refused") & Q(refuse_reason=""),
            ),
        ]

    def __str__(self):
        return self.topic

    def get_absolute_url(self):
        """Return where the unit's contact reads it."""
        return reverse("talk_request", args=[self.code])

    @property
    def told_state(self):
        """Return the state as the unit is told it: that somebody was asked it learns when she has accepted.

        Else "asked" and "waiting" again would say that the one it wished for has declined.
        """
        asked = self.state == RequestState.ASKED
        return RequestState.RECEIVED if asked else RequestState(self.state)

    @property
    def is_open(self):
        """Tell whether it is still being arranged."""
        return self.state in OPEN

    @property
    def accepted(self):
        """Return the invitation that was accepted, or None."""
        return self.invitations.filter(state=InvitationState.ACCEPTED).first()


class InvitationState(models.TextChoices):
    """What a woman said who was asked."""

    ASKED = "asked", _("等她答复")
    ACCEPTED = "accepted", _("她答应了")
    DECLINED = "declined", _("她不便参加")
    CANCELLED = "cancelled", _("不用答复了")


class TalkInvitationQuerySet(SweptQuerySet):
    """Questions about invitations."""

    def to_remind(self, now):
        """Keep what was not answered in time, of which staff were not told yet."""
        return self.filter(state=InvitationState.ASKED, answer_by__lt=now, reminded_at=None)


class TalkInvitation(models.Model):
    """That staff asked one woman for one talk. The unit learns of it when she has accepted, and then what she lets it."""

    request = models.ForeignKey(
        TalkRequest, models.CASCADE, related_name="invitations", db_index=False
    )
    talent = models.ForeignKey(
        Talent, models.PROTECT, related_name="talk_invitations", verbose_name=_("人才")
    )
    state = models.CharField(
        _("状态"), max_length=10, choices=InvitationState, default=InvitationState.ASKED
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("经办人"),
    )
    asked_at = models.DateTimeField(_("邀请时间"))
    answer_by = models.DateTimeField(_("请在此前答复"))
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    # What she lets the unit know of herself besides her name; gone a week after the talk.
    contact = EncryptedTextField(_("告诉对方的联系方式"), null=True)
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)
    sweep_failures = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = TalkInvitationQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "宣讲邀请")
        verbose_name_plural = pgettext_lazy("many", "宣讲邀请")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["request", "talent"], name="talk_invitation_once"),
            # One woman at a time: nobody is told yes by two.
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(state__in=["asked", "accepted"]),
                name="talk_invitation_one_open",
            ),
            models.CheckConstraint(
                name="talk_contact_when_accepted",
                condition=Q(state="accepted") | Q(contact__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["answer_by"], name="talk_invitation_waits", condition=Q(state="asked")
            )
        ]

    def __str__(self):
        return str(self.pk)
