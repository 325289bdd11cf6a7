"""Partner units' keys to the API (OAuth 2 client credentials)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import AbstractApplication


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

    class Meta(AbstractApplication.Meta):
        verbose_name = verbose_name_plural = _("接口密钥")
        swappable = "OAUTH2_PROVIDER_APPLICATION_MODEL"
