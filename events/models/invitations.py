"""Invitations: who may see and book an event that is not public."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models.events import Event
from talents.models import Talent


class InvitationQuerySet(models.QuerySet):
    """Questions about invitations."""

    def standing(self):
        """Keep those that were not taken back."""
        return self.filter(withdrawn_at=None)


class Invitation(models.Model):
    """One woman invited to one event; taken back and given again it is the same row."""

    event = models.ForeignKey(
        Event, models.CASCADE, related_name="invitations", verbose_name=_("活动"), db_index=False
    )
    talent = models.ForeignKey(
        Talent, models.PROTECT, related_name="invitations", verbose_name=_("人才")
    )
    invited_at = models.DateTimeField(_("邀请时间"))
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("邀请人"),
    )
    withdrawn_at = models.DateTimeField(_("收回时间"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "邀请")
        verbose_name_plural = pgettext_lazy("many", "邀请")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["event", "talent"], name="invitation_once"),
        ]

    def __str__(self):
        return str(self.event)

    @property
    def audit_name(self):
        """Return what the audit log calls it."""
        return str(self.pk)
