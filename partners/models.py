"""Partner units' keys to the API (OAuth 2 client credentials), and what they were answered under an Idempotency-Key."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from oauth2_provider.models import AbstractApplication, ApplicationManager


def in_force(*, revoked_at, expires_at, is_partner, at):
    """Tell whether a key opens anything at the moment `at`: key and unit both in force."""
    return revoked_at is None and is_partner and (expires_at is None or at < expires_at)


class PartnerKeyQuerySet(models.QuerySet):
    """Questions about keys."""

    def visible_to(self, user):
        """Keep all for those who manage keys; a unit's contact sees her unit's."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_staff and user.has_perm("partners.view_partnerkey"):
            return self.all()
        return self.filter(unit=user.unit_id) if user.unit_id else self.none()


class PartnerKey(AbstractApplication):
    """One unit's client id and secret; tokens it gets carry at most `allowed_scopes`."""

    unit = models.ForeignKey(
        "accounts.Unit", models.PROTECT, related_name="api_keys", verbose_name=_("单位")
    )
    allowed_scopes = ArrayField(
        models.CharField(max_length=40), default=list, verbose_name=_("权限范围")
    )
    expires_at = models.DateTimeField(_("到期时间"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    objects = ApplicationManager.from_queryset(PartnerKeyQuerySet)()

    class Meta(AbstractApplication.Meta):
        verbose_name = _("接口密钥")
        verbose_name_plural = pgettext_lazy("many", "接口密钥")
        swappable = "OAUTH2_PROVIDER_APPLICATION_MODEL"

    def works_at(self, at):
        """Tell whether the key opens anything at the moment `at`."""
        return in_force(
            revoked_at=self.revoked_at,
            expires_at=self.expires_at,
            is_partner=self.unit.is_partner,
            at=at,
        )

    def is_usable(self, request):
        """Tell the OAuth toolkit whether it may issue a token."""
        return self.works_at(timezone.now())


class KeptAnswer(models.Model):
    """What a unit's program was answered under a key of its own: the same request again is answered the same.

    Written by `partners.answers.once` alone. `scope` is what the request was for; units may use one key for each.
    """

    unit = models.ForeignKey("accounts.Unit", models.CASCADE, related_name="+", db_index=False)
    scope = models.CharField(max_length=40)
    key = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    answer = models.JSONField(default=dict)
    at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = _("接口办理结果")
        constraints = [
            models.UniqueConstraint(fields=["unit", "scope", "key"], name="kept_answer_once")
        ]

    def __str__(self):
        return f"{self.scope} {self.at:%Y-%m-%d}"
