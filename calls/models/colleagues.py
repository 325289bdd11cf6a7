"""Who writes an application with her, who agreed to be named in it, and who changed which line."""

import hmac

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from calls.models.applications import Application
from calls.models.calls import Field
from privacy.crypto import keyed_digest

LENGTH = 32  # hexadecimal digits: 128 bits


class ColleagueRole(models.TextChoices):
    """What a colleague is invited for."""

    EDITOR = "editor", pgettext_lazy("colleague", "一起填写")
    MEMBER = "member", pgettext_lazy("colleague", "作为成员列名")


class ColleagueQuerySet(models.QuerySet):
    """Questions about colleagues."""

    def standing(self):
        """Keep those invited or with her, not those who have gone."""
        return self.filter(ended_at=None)

    def joined(self):
        """Keep those who accepted and are still with her."""
        return self.standing().exclude(accepted_at=None)

    def editors(self):
        """Keep those who may write."""
        return self.joined().filter(role=ColleagueRole.EDITOR)


class Colleague(models.Model):
    """A link for one colleague: accepted once, taken back or ended at any time.

    She sends it herself, so nobody is looked up. Its address holds a digest keyed by a secret of the portal.
    """

    application = models.ForeignKey(
        Application,
        models.CASCADE,
        related_name="colleagues",
        verbose_name=_("申报"),
        db_index=False,
    )
    role = models.CharField(_("做什么"), max_length=8, choices=ColleagueRole)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("同事"),
    )
    made_at = models.DateTimeField(_("邀请时间"))
    accepted_at = models.DateTimeField(_("接受时间"), null=True, blank=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    objects = ColleagueQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("同事")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "role", "user"],
                name="colleague_once",
                condition=Q(ended_at=None),
            ),
            models.UniqueConstraint(
                fields=["application", "role"],
                name="colleague_one_open_link",
                condition=Q(ended_at=None, accepted_at=None),
            ),
        ]

    def __str__(self):
        return self.user.full_name if self.user_id else str(_("链接还没有人接受"))

    def get_absolute_url(self):
        """Return the address she sends."""
        return reverse("colleague_invitation", args=[self.pk, self.secret])

    @property
    def is_open(self):
        """Tell whether somebody may still accept it."""
        return self.accepted_at is None and self.ended_at is None

    @property
    def secret(self):
        """Return the part of the address nobody can guess."""
        made = self.made_at.isoformat()
        return keyed_digest("calls.colleague", str(self.pk), made)[:LENGTH]

    @classmethod
    def found(cls, number, secret):
        """Return the invitation an address names, or None."""
        rows = cls.objects.select_related("application__call", "application__talent__user", "user")
        row = rows.filter(pk=number).first()
        fits = row is not None and hmac.compare_digest(row.secret.encode(), secret.encode())
        return row if fits else None


class LineChange(models.Model):
    """That somebody changed a line; what one person does within minutes is one row."""

    application = models.ForeignKey(
        Application, models.CASCADE, related_name="line_changes", db_index=False
    )
    field = models.ForeignKey(Field, models.PROTECT, related_name="+")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("修改人"),
    )
    at = models.DateTimeField(_("修改时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("修改记录")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["application", "-at"], name="line_change_newest")]

    def __str__(self):
        return str(self.at)
